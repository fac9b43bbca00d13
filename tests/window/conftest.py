"""The window on a real database, driven by keys and read as text."""

import asyncio
import contextlib
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message import Message
from textual.pilot import Pilot
from textual.worker import WorkerState

from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.window.app import CscApp
from csc_tui.window.dialogs import progress
from csc_tui.window.terminal.key_queue import QueueingApp
from db import policy
from db.engine.connection import write_transaction
from db.records.booking import Status
from db.records.startup import Role
from tests import builders

Window = Callable[..., AbstractAsyncContextManager[Pilot[Any]]]


class Traffic:
    """Counts messages taken up and blocking calls under way, so that a test can wait for both."""

    messages = 0
    threads = 0

    @classmethod
    def count_message(cls, message: Message) -> None:
        """Count every message but those with which the pilot asks whether a widget has worked through its own."""
        asked = getattr(message.callback, "func", None) if isinstance(message, events.Callback) else None
        if not getattr(asked, "__qualname__", "").startswith("Pilot."):
            cls.messages += 1


@pytest.fixture(autouse=True)
def counted_traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what every window of a test has on its way."""
    monkeypatch.setattr(Traffic, "messages", 0)
    monkeypatch.setattr(Traffic, "threads", 0)
    to_thread = asyncio.to_thread
    run_test = App.run_test

    async def counted_to_thread(*call: Any, **named: Any) -> Any:
        Traffic.threads += 1
        try:
            return await to_thread(*call, **named)
        finally:
            Traffic.threads -= 1

    monkeypatch.setattr(asyncio, "to_thread", counted_to_thread)
    monkeypatch.setattr(App, "run_test", partialmethod(run_test, message_hook=Traffic.count_message))


@pytest.fixture(autouse=True)
def seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let escape stop work from its first picture on, because a test presses faster than anybody sees."""
    monkeypatch.setattr(progress, "SEEN_SECONDS", 0)


WAIT_FOR_ANSWERS = ("write", "look", "find")
"""Workers that may be waiting for what is asked in a dialog; the others read, the command palette's among them."""


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing is on its way: every message worked through, every read landed, everything drawn.

    A window that never comes to rest fails the test after three minutes, instead of holding up all the others.
    """
    async with asyncio.timeout(180):
        await _settle(pilot)


async def _settle(pilot: Pilot[Any]) -> None:
    app = pilot.app
    while True:
        await _hushed()
        if app._exit:  # nothing is drawn any more, and no public name says so
            return
        if _is_reading(app):
            await asyncio.sleep(0.001)  # the thread it waits for shares the interpreter with this loop
            continue
        await _laid_out(app)
        before = Traffic.messages
        await pilot.pause(0)  # every widget works through what it had, and the screen is drawn; no guess at idleness
        await _hushed()
        if Traffic.messages == before and not _is_reading(app) and not _is_queued(app) and _is_laid_out(app):
            return


async def _laid_out(app: App[Any]) -> None:
    """Wait until the screen has laid out what was mounted on it, a toast for example."""
    drawn = asyncio.Event()
    if app.screen.call_after_refresh(drawn.set):
        with contextlib.suppress(TimeoutError):  # a screen that is on its way out is not drawn again
            await asyncio.wait_for(drawn.wait(), 1)


def _is_laid_out(app: App[Any]) -> bool:
    """Whether the screen shows all that was mounted on it; no public name says so."""
    return not app.screen._layout_required


async def _hushed() -> None:
    """Let the tasks run until none of them has taken up a message for ten turns of the loop."""
    quiet = 0
    while quiet < 10:
        before = Traffic.messages
        await asyncio.sleep(0)
        quiet = quiet + 1 if Traffic.messages == before else 0


def _is_reading(app: App[Any]) -> bool:
    asked = app.screen.is_modal
    reads = [each for each in app.workers if not (asked and each.group in WAIT_FOR_ANSWERS)]
    return bool(Traffic.threads) or any(each.state in (WorkerState.PENDING, WorkerState.RUNNING) for each in reads)


def _is_queued(app: App[Any]) -> bool:
    if isinstance(app, QueueingApp) and app.key_queue.number_waiting:
        return True
    widgets = (widget for screen in app.screen_stack for widget in screen.walk_children(with_self=True))
    return any(each.message_queue_size for each in (app, *widgets))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press the keys, each when the one before has had its effect."""
    for key in keys:
        press_at_once(pilot, key)
        await settled(pilot)


async def type_in(pilot: Pilot[Any], text: str) -> None:
    """Type the text, faster than anything settles."""
    press_at_once(pilot, *("space" if sign == " " else sign for sign in text))
    await settled(pilot)


def press_at_once(pilot: Pilot[Any], *keys: str) -> None:
    """Press the keys, spelt as the pilot spells them, and wait for nothing."""
    for key in keys:
        character: str | None
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        try:
            character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
        except KeyError:
            character = name if len(name) == 1 else None
        pilot.app.post_message(events.Key(name, character))


def seen(pilot: Pilot[Any]) -> str:
    """What stands on the terminal, line by line."""
    # The compositor is the only place that knows what a terminal would show; the documented way is an SVG.
    return "\n".join(strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips())


def told(pilot: Pilot[Any]) -> str:
    """The same as running text, for sentences that are broken over lines; of a dialog, what stands in it."""
    lines = seen(pilot).splitlines()
    for dialog in pilot.app.screen.query("#dialog"):
        lines = [line[dialog.content_region.x : dialog.content_region.right] for line in lines]
    return " ".join(" ".join(lines).replace("▌", " ").split())


def said(pilot: Pilot[Any]) -> str:
    """What is said in the corner for a few seconds, as running text."""
    return " ".join(line.rsplit("▌ ", 1)[1] for line in seen(pilot).splitlines() if "▌ " in line[1:])


def line_with(pilot: Pilot[Any], text: str) -> str:
    """The first line on the terminal with this text in it."""
    found = [line for line in seen(pilot).splitlines() if text in line]
    assert found, f"{text!r} is not on the screen:\n{seen(pilot)}"
    return found[0]


def pointed(pilot: Pilot[Any]) -> str:
    """The line the cursor is on, wherever the focus is."""
    found = [line for line in seen(pilot).splitlines() if "▌" in line]
    assert found, f"no cursor on the screen:\n{seen(pilot)}"
    return found[-1]


@pytest.fixture
def june(ctx: Context) -> Context:
    """Alice on Monday 12 June 2017 at nine."""
    return builders.at(ctx, "2017-06-12")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are offered to be written."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def window(location: str, june: Context) -> Window:
    """`async with window() as pilot`: the window, with its first screen read and drawn."""

    @asynccontextmanager
    async def opened(ctx: Context = june, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
        with write_transaction():  # a window learns of its role and policy from the database
            if ctx.role is not Role.ADMINISTRATOR:
                policy.store_role(ctx.actor, ctx.role)
            for key, value in ctx.policy.items():
                if value != DEFAULT_POLICY[key]:
                    policy.store_policy_value(key, value)
        app = CscApp(ctx, location)
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            yield pilot

    return opened


@pytest.fixture
def a_week_in_june(june: Context) -> Context:
    """Enough for every screen to have something on it, the same at every run."""
    named = [
        ("Ada", "Adams"), ("Bo", "Ek"), ("Cleo", "Nnamdi-O'Hara"), ("Dai", "Rees"), ("Eve", "Young"),
        ("Finn", "Zuniga"), ("Kit", "Marsh [deputy]"), ("Zoë", "Łukasik"),
    ]  # fmt: skip
    people = [
        builders.person(
            f"{forename} {surname}", email=f"p{number}@example.org", job_title="Social Worker",
            organisation=f"Organisation {number} of North East Lincolnshire",
        )
        for number, (forename, surname) in enumerate(named)
    ]  # fmt: skip
    trainer = builders.person("Ty Lead", email="ty@example.org")
    full = builders.event(
        "BR-04", capacity=3, minimum=2, dates=["2017-06-12", "2017-06-19", "2017-06-26"], start="13:00", end="16:00",
        venue="Grimsby Town Hall", room="Assembly Room", facilitators=[trainer],
    )  # fmt: skip
    for who in people[:3]:
        builders.enrolment(full, who)
    for who in people[3:5]:
        builders.enrolment(full, who, Status.WAITLISTED)
    half = builders.event(
        "SOS-INTRO-03", course="SOS-INTRO", capacity=8, dates=["2017-06-26", "2017-06-27"], end="16:30",
        venue="Centre4, Grimsby", room="Conference Room",
    )  # fmt: skip
    for who in people[4:]:
        builders.enrolment(half, who)
    builders.event("SOS-SAT-02", course="SOS-SAT", capacity=16, dates=["2017-07-10"], state="tentative")
    builders.event("SOS-PL-09", course="SOS-PL", capacity=30, dates=["2018-03-21"], state="confirmed")
    builders.event("RL-02", course="RL", capacity=16, dates=[None, None], state="draft")
    booking_actions.enrol_people(june, "SOS-SAT-02", [people[6].key])
    booking_actions.cancel_place(june, "SOS-SAT-02", people[6].key, reason="Illness")
    return june
