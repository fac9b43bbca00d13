"""How many keys ten common tasks take, from Today, each done to its end; text that is typed is not counted.

The numbers stand in the README's tour: whoever makes one bigger changes both.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.people import queries as people_queries
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, type_in


class Hand:
    """Presses keys and counts them."""

    def __init__(self, pilot: Pilot[Any], ctx: Context, folder: str) -> None:
        self.pilot, self.ctx, self.folder = pilot, ctx, folder
        self.keys = 0

    async def keys_of(self, *keys: str) -> None:
        self.keys += len(keys)
        await press(self.pilot, *keys)

    async def text(self, typed: str) -> None:
        await type_in(self.pilot, typed)

    @property
    def sees(self) -> str:
        return seen(self.pilot)


async def find_a_person(hand: Hand) -> bool:
    await hand.keys_of("f")
    await hand.text("zoe")
    await hand.keys_of("enter")
    return "zoe@example.org" in hand.sees and "No organisation recorded" in hand.sees


async def book(hand: Hand) -> bool:
    await hand.keys_of("enter", "b")
    await hand.text("zoe")
    await hand.keys_of("enter", "enter")
    return on(hand.ctx, "BR-04")["Zoe Young"] == "booked"


async def cancel(hand: Hand) -> bool:
    await hand.keys_of("enter", "x", "down", "enter", "enter")
    return builders.standing("BR-04") == {"Al Ash": "cancelled", "Bo Ek": "booked"}


async def swap(hand: Hand) -> bool:
    await hand.keys_of("enter", "s")
    await hand.text("zoe")
    await hand.keys_of("enter", "enter")
    return on(hand.ctx, "BR-04") == {"Zoe Young": "booked", "Bo Ek": "booked"}


async def find_a_free_place(hand: Hand) -> bool:
    await hand.keys_of("3", "slash")
    await hand.text("being")
    return "2/3" in line_with(hand.pilot, "BR-04")


async def move_a_session(hand: Hand) -> bool:
    await hand.keys_of("enter", "e", "m", "enter")
    await hand.text("tue 20 june")
    await hand.keys_of("enter", "enter", "enter", "enter")
    return str(people_queries.get_event_card(hand.ctx, "BR-04").sessions[0].date) == "2017-06-20"


async def take_a_register(hand: Hand) -> bool:
    await hand.keys_of("enter", "r", "x", "r", "enter")
    marks = {
        each.name: each.mark
        for each in attendance_actions.list_register_lines(attendance_actions.list_registers(hand.ctx, "BR-04", 1))
    }
    return marks == {"Al Ash": "absent", "Bo Ek": "present"}


async def send_what_is_due(hand: Hand) -> bool:
    await hand.keys_of("enter", "i")
    await hand.text(hand.folder)
    await hand.keys_of("enter", "enter", "enter")
    return len(os.listdir(hand.folder)) == 4


async def see_the_year(hand: Hand) -> bool:
    await hand.keys_of("2", "y")
    return "2017/18" in hand.sees and "Mar" in hand.sees


async def see_a_teams_progress(hand: Hand) -> bool:
    await hand.keys_of("9", "slash")
    await hand.text("north")
    await hand.keys_of("enter")
    return "Compliance of North" in hand.sees and "Al Ash" in hand.sees


TASKS: dict[str, tuple[Callable[[Hand], Awaitable[bool]], int]] = {
    "find a person": (find_a_person, 2),
    "book": (book, 4),
    "cancel": (cancel, 5),
    "swap": (swap, 4),
    "find a free place": (find_a_free_place, 2),
    "move a session": (move_a_session, 8),
    "take a register": (take_a_register, 5),
    "send what is due": (send_what_is_due, 5),
    "see the year": (see_the_year, 2),
    "see one team's progress": (see_a_teams_progress, 3),
}


@pytest.mark.parametrize("name", TASKS)
async def test_a_task_takes_so_many_keys(window: Window, june: Context, tmp_path: Any, name: str) -> None:
    task, keys = TASKS[name]
    noon = builders.at(june, "2017-06-13T12:00" if task is take_a_register else "2017-06-12T12:00")
    event = builders.event("BR-04", capacity=3, dates=["2017-06-13", "2017-06-26"])
    for who in ("Al Ash", "Bo Ek"):
        builders.enrolment(event, builders.person(who, organisation="Police", team="North"))
    builders.person("Zoe Young", email="zoe@example.org")
    async with window(ctx=noon) as pilot:
        hand = Hand(pilot, noon, str(tmp_path / "out"))
        done = await task(hand)
        assert done, hand.sees
        assert hand.keys == keys
