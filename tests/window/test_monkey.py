"""A monkey at the keyboard closes no window, though others change the database and the database has faults.

`CSC_SESSIONS=500 pytest tests/window/test_monkey.py` lets it play as many sessions; `CSC_SEED` says which.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random

import pytest
from textual import events

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.window.app import CscApp
from db.engine import connection
from db.errors import BusyDatabase, CscError, NotWritable
from tests import builders
from tests.window.conftest import Window, press_at_once, settled

SEED = int(os.environ.get("CSC_SEED", "1"))
SESSIONS = int(os.environ.get("CSC_SESSIONS", "4"))
TURNS = 25
"""How often in a session the monkey does something."""

KEYS = (
    *"abcdefghijklmnopqrstuvwxyz", *"ABGILNRSW", *"0123456789", "comma", "slash", "question_mark", "space",
    *["enter"] * 12, *["escape"] * 6, *["down"] * 6,
    "up", "tab", "shift+tab", "pagedown", "home", "end", "left", "right",
    "backspace", "delete", "ctrl+p", "ctrl+s", "ctrl+f", "ctrl+n", "ctrl+u", "ctrl+l", "f1", "f2", "f7", "f8",
)  # fmt: skip
TEXTS = ("susan", "bo", "br-04", "export", "12 june", "9:30", "£5 é", "a\nb\nc", "[red]x[/]", "1'; --", "x" * 400)


@pytest.mark.parametrize("number", range(SESSIONS))
async def test_a_monkey_closes_no_window(
    window: Window, a_week_in_june: Context, home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(CscApp, "action_quit", lambda _: None)
    monkeypatch.chdir(home)
    random = Random(f"{SEED} {number}")
    faults = _Faults(random)
    monkeypatch.setattr(connection, "translate_faults", faults.translate)
    other = builders.at(a_week_in_june, "2017-06-12T10:00", actor="bob")
    done: list[object] = []
    async with window(size=random.choice(((80, 24), (120, 40), (60, 15)))) as pilot:
        for _ in range(TURNS):
            turn = random.random()
            if turn < 0.5:
                keys = random.choices(KEYS, k=random.randint(1, 6))
                press_at_once(pilot, *keys)
                done.append(keys)
            elif turn < 0.65:
                text = random.choice(TEXTS)
                pilot.app.post_message(events.Paste(text))
                done.append(f"paste {text}")
            elif turn < 0.75:
                size = random.randint(20, 160), random.randint(4, 50)
                await pilot.resize_terminal(*size)
                done.append(size)
            elif turn < 0.85:
                done.append(f"another: {_change_something(other, random)}")
            else:
                faults.likely = random.choice((0, 0, 0.3, 1))
                done.append(f"faults: {faults.likely}")
            if random.random() < 0.6:
                await settled(pilot)
            else:
                await asyncio.sleep(random.choice((0, 0.005, 0.03)))
            assert pilot.app.return_code is None, f"seed {SEED} {number}: {done}"
        faults.likely = 0
        for _ in range(12):
            press_at_once(pilot, "escape")
            await settled(pilot)
        press_at_once(pilot, "2", "1")
        await settled(pilot)
        assert pilot.app.return_code is None, f"seed {SEED} {number}: {done}"
        assert pilot.app.current_mode == "today", f"seed {SEED} {number}: {done}"


class _Faults:
    """Makes some transactions of the database fail."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._translate = connection.translate_faults
        self.likely = 0.0

    def translate(self, location: str) -> AbstractContextManager[None]:
        return self._fail(location)

    @contextmanager
    def _fail(self, location: str) -> Iterator[None]:
        if self._random.random() < self.likely:
            raise self._random.choice((BusyDatabase(), NotWritable("The disk is full. Nothing was changed.")))
        with self._translate(location):
            yield


def _change_something(ctx: Context, random: Random) -> str:
    """Let somebody else book or cancel."""
    event = random.choice(("BR-04", "SOS-INTRO-03", "SOS-SAT-02"))
    who = f"p{random.randint(0, 7)}@example.org"
    try:
        if random.random() < 0.5:
            booking_actions.enrol_people(ctx, event, [who])
        else:
            booking_actions.cancel_place(ctx, event, who, reason="Illness")
    except CscError as refusal:
        return f"{event} {who}: {refusal}"
    return f"{event} {who}"
