"""Escape goes back one question, and what was typed is still there."""

import os
from pathlib import Path

from csc_tui.base.context import Context
from tests import builders
from tests.window.conftest import Window, line_with, press, seen, told, type_in


async def test_escape_goes_from_the_confirmation_to_the_form_to_the_menu_and_back(window: Window) -> None:
    builders.event("BR-04", capacity=20, dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "p")
        await type_in(pilot, "25")
        await press(pilot, "enter")
        assert "Give BR-04 25 places?" in told(pilot)
        await press(pilot, "escape")
        assert "25" in line_with(pilot, "Places  ")
        await press(pilot, "escape")
        assert "Change BR-04" in told(pilot)
        await press(pilot, "enter")
        assert "There is a draft" not in told(pilot), "nobody is asked about what was typed a moment ago"
        assert "25" in line_with(pilot, "Places  ")
        await press(pilot, "escape", "escape", "e", "p")
        assert "There is a draft from" in told(pilot), "a flow that was left is a draft"


async def test_a_new_event_steps_back_to_the_course_and_keeps_what_was_typed(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "a", "enter")
        await type_in(pilot, "28 june 1-4pm")
        await press(pilot, "escape")
        assert "which course?" in told(pilot)
        await press(pilot, "enter")
        assert "28 june 1-4pm" in seen(pilot)


async def test_the_state_that_was_not_confirmed_is_asked_again(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "s", "4")
        assert "Change BR-04 to confirmed?" in told(pilot)
        await press(pilot, "escape")
        assert "Which state should it have?" in told(pilot)
        await press(pilot, "escape")
        assert "Change BR-04" in told(pilot)


async def test_messages_are_written_only_after_their_number_is_confirmed(
    window: Window, june: Context, tmp_path: Path
) -> None:
    event = builders.event("BR-04", dates=["2017-06-13"])
    builders.enrolment(event, builders.person("Bo Ek", email="bo@example.org"))
    out = tmp_path / "out"
    async with window() as pilot:
        await press(pilot, "8", "i", "a")
        await type_in(pilot, str(out))
        await press(pilot, "enter")
        assert "Write 2 messages?" in told(pilot)
        assert "This cannot be undone." in told(pilot)
        assert not out.exists()
        await press(pilot, "escape")
        assert "Folder" in seen(pilot)
        await press(pilot, "escape")
        assert "Write which messages?" in told(pilot)
        await press(pilot, "a", "enter", "enter")
    assert len(os.listdir(out)) >= 1
