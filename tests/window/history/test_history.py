"""All of the history in the window."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import policy
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, seen, told, type_in


@pytest.fixture
def busy(june: Context) -> Context:
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.event("BR-05", capacity=5, dates=["2017-07-03"])
    bo, cy = builders.person("Bo Ek"), builders.person("Cy Low")
    booking_actions.enrol_people(builders.at(june, "2017-06-10", actor="bob"), "BR-05", [cy.key])
    booking_actions.enrol_people(june, "BR-04", [bo.key])
    calendar_actions.set_capacity(june, "BR-04", 3)
    policy.set_policy_value(june, "request_days", "21")
    return june


async def test_the_newest_stands_first_with_what_was_before_and_after_in_full(window: Window, busy: Context) -> None:
    async with window() as pilot:
        await press(pilot, "0")
        assert "policy changed request_days" in pointed(pilot)
        assert seen(pilot).splitlines()[-5:-3] == [
            " Mon 12 Jun 2017 09:00:00  alice  policy changed: request_days", " 14 → 21",
        ]  # fmt: skip
        assert "Sat 10 Jun 2017" in seen(pilot)
        await press(pilot, "enter")
        assert "about no event and no person" in told(pilot)


async def test_it_is_narrowed_by_the_line_under_the_cursor_and_opens_what_it_is_about(
    window: Window, busy: Context
) -> None:
    async with window() as pilot:
        await press(pilot, "0", "down", "equals_sign", "e")
        assert "event:BR-04" in seen(pilot)
        assert "2 lines" in seen(pilot)
        await press(pilot, "equals_sign", "w")
        assert "event:BR-04 by:alice" in seen(pilot)
        await press(pilot, "equals_sign", "k")
        assert "1 line" in seen(pilot)
        await press(pilot, "enter")
        assert "Being Restorative" in seen(pilot)
        await press(pilot, "escape", "escape")
        assert "Bo Ek" in line_with(pilot, "booked Bo Ek")
        await press(pilot, "down", "down", "p")
        assert "ek" in line_with(pilot, "@example.org")


async def test_what_is_typed_narrows_it_and_a_mistake_is_a_sentence(window: Window, busy: Context) -> None:
    async with window() as pilot:
        await press(pilot, "0", "slash")
        await type_in(pilot, "by:bob")
        assert "1 line" in seen(pilot)
        await type_in(pilot, " since:31/2/2017")
        assert "There is no such date as 31/2/2017." in seen(pilot)
        assert "by:bob since:31/2/2017" in seen(pilot)
        await press(pilot, *["backspace"] * 16)
        await type_in(pilot, " zzz [/]")
        assert "No match for 'by:bob zzz [/]'" in seen(pilot)
        await press(pilot, "escape")
        assert "policy changed" in seen(pilot)


async def test_ones_own_last_step_is_named_and_taken_back_after_a_look(window: Window, busy: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "0")
        assert "u undoes: capacity changed BR-04" in seen(pilot)
        await press(pilot, "u")
        assert "Undo your last change?" in told(pilot)
        await press(pilot, "enter")
        assert "undone BR-04 capacity" in seen(pilot)


async def test_the_end_of_a_page_brings_the_next_one(window: Window, busy: Context) -> None:
    for number in range(230):
        policy.set_policy_value(busy, "request_days", str(number % 300 + 1))
    async with window() as pilot:
        await press(pilot, "0")
        assert "the latest 200, more below" in seen(pilot)
        await press(pilot, "end")
        assert "more below" not in seen(pilot)
        await press(pilot, "end")
        assert "founded" in pointed(pilot)
