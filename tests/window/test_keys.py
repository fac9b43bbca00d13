"""Keys that come faster than the screens: each goes where it was meant to go, or nowhere."""

import asyncio
import os
import threading
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.window.calendar.event import EventScreen
from csc_tui.window.dialogs import progress
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.progress import ProgressDialog, run_with_progress
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.people.person import PersonScreen
from csc_tui.window.terminal.key_queue import KeyQueue
from db.records.startup import Role
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, press, press_at_once, seen, settled, told


async def burst(pilot: Pilot[Any], *keys: str) -> None:
    """Press the keys at once, as a line that had stalled delivers them."""
    press_at_once(pilot, *keys)
    await settled(pilot)


async def test_letters_behind_a_key_that_opens_a_dialog_are_typed_into_it(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Susan Low")
    async with window() as pilot:
        await press(pilot, "3")
        await burst(pilot, "f", *"susan")
        assert pilot.app.screen.query_one(Input).value == "susan"
        await burst(pilot, "enter")
        assert isinstance(pilot.app.screen, PersonScreen)


async def test_a_whole_booking_in_one_burst_is_made_and_opens_nothing_else(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    builders.person("Di Low")
    async with window() as pilot:
        await burst(pilot, "enter", "b", *"ek", "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}
        assert isinstance(pilot.app.screen, EventScreen)
        await burst(pilot, "u", "enter")
        assert "Press it again." in told(pilot)
        await burst(pilot, "enter")
        assert on(june, "BR-04") == {}


async def test_two_keys_that_both_answer_a_menu_close_nothing(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await burst(pilot, "enter", "e", "enter", "enter", "enter")
        await burst(pilot, "escape", "escape", "escape", "escape", "escape", "escape")
        await burst(pilot, "ctrl+p", *"export", "enter", "enter", "enter")
        await burst(pilot, "escape", "escape", "1")
        assert "Today" in seen(pilot)


async def test_a_dialog_is_left_once(window: Window, june: Context) -> None:
    async with window() as pilot:
        answers: list[Any] = []
        question = ConfirmDialog("Really?", ["It is only a question."], irrevocable=False)
        pilot.app.push_screen(question, answers.append)
        await settled(pilot)
        question.dismiss(True)
        question.dismiss(None)
        await settled(pilot)
        assert answers == [True]
        assert len(pilot.app.screen_stack) == 1


async def test_a_refused_step_drops_the_keys_that_were_typed_ahead_for_it(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "enter")
        await burst(pilot, "b", "3", "f", "enter")
        assert "3 keys typed ahead did nothing: 3 f enter." in told(pilot)
        assert isinstance(pilot.app.screen, EventScreen)


async def test_a_rule_that_asks_for_a_reason_takes_none_of_the_keys_typed_for_the_preview(
    window: Window, june: Context
) -> None:
    first = builders.event("BR-04", dates=["2017-06-19"])
    builders.event("BR-05", dates=["2017-06-19"])
    builders.booked(first, "Bo Ek")
    async with window() as pilot:
        await burst(pilot, "f", *"br-05", "enter", "b", *"bo ek", "enter", "enter", "enter")
        assert isinstance(pilot.app.screen, ReasonDialog)
        assert "typed ahead did nothing: enter enter." in told(pilot)
        assert on(june, "BR-05") == {}


async def test_a_draft_that_is_offered_takes_none_of_the_keys_typed_for_the_form(window: Window, june: Context) -> None:
    who = builders.person("Bo Ek")
    async with window() as pilot:
        await burst(pilot, "f", *"bo ek", "enter")
        drafts.save_draft(june, who.key, {"forename": "Rob"}, {})
        await burst(pilot, "e", *"nnn")
        assert "There is a draft" in told(pilot)
        assert "typed ahead did nothing: n n n." in told(pilot)


async def test_what_cannot_be_undone_is_not_confirmed_by_a_key_typed_before(window: Window, june: Context) -> None:
    async with window() as pilot:
        answers: list[Any] = []
        early = events.Key("enter", "\r")
        pilot.app.push_screen(ConfirmDialog("Send it?", ["It cannot come back."], irrevocable=True), answers.append)
        await settled(pilot)
        pilot.app.post_message(early)
        await settled(pilot)
        assert answers == []
        assert "Press it again." in told(pilot)
        await press(pilot, "enter")
        assert answers == [True]


async def test_what_can_be_undone_is_confirmed_by_a_key_typed_before(window: Window, june: Context) -> None:
    async with window() as pilot:
        answers: list[Any] = []
        early = events.Key("enter", "\r")
        pilot.app.push_screen(ConfirmDialog("Book?", ["u undoes this."], irrevocable=False), answers.append)
        await settled(pilot)
        pilot.app.post_message(early)
        await settled(pilot)
        assert answers == [True]


async def test_invitations_are_not_written_by_keys_typed_ahead(
    window: Window, june: Context, tmp_path: "os.PathLike[str]"
) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    folder = os.path.join(tmp_path, "out")
    async with window() as pilot:
        await burst(pilot, "enter", "i", *folder, "enter", "enter", "enter")
        assert not os.path.exists(folder)
        assert "Press it again." in told(pilot)
        await burst(pilot, "enter")
        assert os.listdir(folder)


async def test_keys_wait_for_long_work_and_then_go_to_what_follows(window: Window, june: Context) -> None:
    go_on = threading.Event()
    async with window() as pilot:
        working: ProgressDialog[bool] = ProgressDialog("Working", lambda _: go_on.wait(60), what="things")
        worker = pilot.app.run_worker(run_with_progress(pilot.app, working), group="write")
        await _until(lambda: working.is_mounted)
        press_at_once(pilot, "3", "f", "x")
        await _until(lambda: _queue(pilot.app).number_waiting == 3)
        await asyncio.sleep(0.1)
        assert pilot.app.screen is working
        go_on.set()
        await settled(pilot)
        assert worker.is_finished
        assert pilot.app.current_mode == "events"
        assert pilot.app.screen.query_one(Input).value == "x"


async def test_escape_stops_long_work_past_the_keys_that_wait(window: Window, june: Context) -> None:
    stopped = threading.Event()

    def work(progress: Any) -> bool:
        while not stopped.wait(0.01):
            progress(1, 100)
        return True

    async with window() as pilot:
        working: ProgressDialog[bool] = ProgressDialog("Working", work, what="things")
        pilot.app.run_worker(run_with_progress(pilot.app, working), group="write")
        await _until(lambda: working.drawn_at < inf)
        press_at_once(pilot, "3", "escape")
        try:
            async with asyncio.timeout(30):
                await settled(pilot)
        finally:
            stopped.set()
        assert "None was saved" in told(pilot)


async def test_an_escape_typed_ahead_of_long_work_does_not_stop_it(
    window: Window, june: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SEEN_SECONDS", 60)
    go_on = threading.Event()
    async with window() as pilot:
        working: ProgressDialog[bool] = ProgressDialog("Working", lambda _: go_on.wait(60), what="things")
        worker = pilot.app.run_worker(run_with_progress(pilot.app, working), group="write")
        await _until(lambda: working.is_mounted)
        press_at_once(pilot, "escape", "3")
        await _until(lambda: _queue(pilot.app).number_waiting == 2)
        go_on.set()
        await settled(pilot)
        assert worker.result is True
        assert pilot.app.current_mode == "events"


async def test_a_key_pressed_at_rest_is_taken_up_at_once(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "3", "slash")
        await asyncio.sleep(0.1)
        queue = _queue(pilot.app)
        first, second = events.Key("a", "a"), events.Key("b", "b")
        assert not queue.keep(first)
        assert not queue.keep(second), "a letter waits for no other letter"
        assert queue.keep(events.Key("enter", "\r")), "but enter waits for both"


def _queue(app: App[Any]) -> KeyQueue:
    queue: KeyQueue = app.key_queue  # type: ignore[attr-defined]
    return queue


async def _until(happened: Any) -> None:
    async with asyncio.timeout(30):
        while not happened():
            await asyncio.sleep(0.005)
