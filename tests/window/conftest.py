"""The window on a real database, driven by keys and read as text."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerState

from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.window.app import CscApp
from db import policy
from db.engine.connection import write_transaction
from db.records.booking import Status
from db.records.startup import Role
from tests import builders

Window = Callable[..., AbstractAsyncContextManager[Pilot[Any]]]


class Threads:
    """Counts the blocking calls under way, so that a test can wait for them."""

    running = 0


@pytest.fixture(autouse=True)
def counted_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    real = asyncio.to_thread

    async def to_thread(*call: Any, **named: Any) -> Any:
        Threads.running += 1
        try:
            return await real(*call, **named)
        finally:
            Threads.running -= 1

    Threads.running = 0
    monkeypatch.setattr(asyncio, "to_thread", to_thread)


WAIT_FOR_ANSWERS = ("write", "look", "find")
"""Workers that may be waiting for what is asked in a dialog; the others read, the command palette's among them."""


async def settled(pilot: Pilot[Any]) -> None:
    """Until every key has been worked through and every read has landed: nothing is on its way any more."""
    quiet = 0
    while quiet < 3:
        await pilot.pause()
        asked = pilot.app.screen.is_modal
        reads = [each for each in pilot.app.workers if not (asked and each.group in WAIT_FOR_ANSWERS)]
        busy = Threads.running or any(each.state in (WorkerState.PENDING, WorkerState.RUNNING) for each in reads)
        quiet = 0 if busy else quiet + 1


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press the keys, each when the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def type_in(pilot: Pilot[Any], text: str) -> None:
    """Type the text, faster than anything settles."""
    await pilot.press(*("space" if sign == " " else sign for sign in text))
    await settled(pilot)


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
