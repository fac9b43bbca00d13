"""Booking many at once: a group, a team, a pasted list; nobody is left out without a word."""

from typing import Any

from textual import events
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from db import models
from db.engine.connection import write_transaction
from db.records.people import Person
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, settled, told, type_in


def belongs(name: str, *people: Person) -> None:
    """A group with these members."""
    with write_transaction():
        group = models.GroupRow.insert(name=name, kind="action_learning_set").execute()
        for each in people:
            models.MembershipRow.insert(group=group, person=each.id, joined="2017-01-01").execute()


async def paste(pilot: Pilot[Any], text: str) -> None:
    """What a terminal sends for a paste, and the key that goes on."""
    pilot.app.post_message(events.Paste(text))
    await settled(pilot)
    await press(pilot, "ctrl+s")


async def test_a_group_is_booked_in_one_step(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    bo, di, wy = builders.person("Bo Ek"), builders.person("Di Low"), builders.person("Wy Te")
    belongs("Learning set 7", bo, di, wy)
    builders.enrolment(event, di)
    async with window() as pilot:
        await press(pilot, "enter", "g")
        await type_in(pilot, "set 7")
        assert line_with(pilot, "Learning set 7").split()[-2] == "3"
        await press(pilot, "enter")
        assert "1 booked, 1 already, 1 waitlisted" in told(pilot)
        assert "Di Low  booked already" in seen(pilot)
        assert on(june, "BR-04") == {"Di Low": "booked"}
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked", "Wy Te": "waitlisted"}


async def test_a_team_is_booked_in_one_step(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek", organisation="Humberside Police", team="Cleethorpes")
    builders.person("Di Low", organisation="Council", team="Early Help")
    async with window() as pilot:
        await press(pilot, "enter", "g")
        await type_in(pilot, "cleeth")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_a_group_whose_people_are_all_on_it_is_said_to_be(window: Window, june: Context) -> None:
    (bo,) = builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    belongs("Learning set 7", bo)
    async with window() as pilot:
        await press(pilot, "enter", "g")
        await type_in(pilot, "set")
        await press(pilot, "enter")
        assert "Nobody would be enrolled. Bo Ek: booked already." in told(pilot)


async def test_a_group_that_is_not_there_is_said(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "g")
        await type_in(pilot, "zzz")
        assert "No group or team fits 'zzz'." in seen(pilot)


LIST = """Dear all, please book these:
1. Ms Bo Ek
Smith
- Low, Di
Nobody Atall
bo@example.org
"""


async def test_every_line_of_a_pasted_list_is_settled_before_anybody_is_booked(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.person("Bo Ek", email="bo@example.org")
    for name in ("Di Low", "Ann Smith", "Zoe Smith", "Nora Attal"):
        builders.person(name)
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, LIST)
        assert "6 lines, 2 things to settle." in seen(pilot)
        assert "greeting, no name" in line_with(pilot, "Dear all")
        assert line_with(pilot, "Ms Bo Ek").split("│")[1].split()[0] == "B"
        assert "may be several people" in line_with(pilot, "Smith")
        assert "nobody is found" in line_with(pilot, "Nobody Atall")
        assert "in this list already" in seen(pilot)
        await press(pilot, "enter")
        assert "2 to settle first" in told(pilot)
        await press(pilot, "p")
        assert "Ann Smith" in seen(pilot)
        assert "Zoe Smith" in seen(pilot)
        assert "Nora Attal" not in seen(pilot)
        await press(pilot, "down", "enter")
        assert "Zoe Smith" in line_with(pilot, "Smith  ")
        await press(pilot, "enter", "d")
        assert "dropped" in line_with(pilot, "Nobody Atall")
        assert on(june, "BR-04") == {}
        await press(pilot, "enter")
        assert "2 booked, 1 waitlisted" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Zoe Smith": "booked", "Di Low": "waitlisted"}
        assert "BR-04: 2 booked, 1 waitlisted." in told(pilot)


async def test_a_pasted_list_is_undone_as_the_one_step_it_was(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek"), builders.person("Di Low")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bo Ek\nDi Low")
        await press(pilot, "enter", "enter")
        assert len(on(june, "BR-04")) == 2
        await press(pilot, "u", "enter")
        assert on(june, "BR-04") == {}


async def test_somebody_unknown_is_found_by_typing(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Robert Ekwall")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bobby Eckwall")
        await press(pilot, "p")
        await type_in(pilot, "ekw")
        await press(pilot, "enter", "enter", "enter")
        assert on(june, "BR-04") == {"Robert Ekwall": "booked"}


async def test_a_clash_in_a_list_is_set_aside_with_a_reason(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    other = builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-19"])
    builders.booked(other, "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bo Ek")
        assert "already booked on SOS-INTRO-03" in told(pilot)
        await press(pilot, "enter")
        assert "1 to settle first" in told(pilot)
        await press(pilot, "o")
        await type_in(pilot, "agreed")
        await press(pilot, "enter", "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_leaving_the_list_goes_back_to_the_text_as_it_was(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bo Ek")
        await press(pilot, "escape")
        assert " Bo Ek" in seen(pilot)
        await press(pilot, "escape")
        assert "Escape once more throws away what is written here" in told(pilot)
        await press(pilot, "escape")
        assert not pilot.app.screen.is_modal
        assert on(june, "BR-04") == {}


async def test_nothing_pasted_is_said(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "P", "ctrl+s")
        assert "Nothing is pasted yet." in seen(pilot)


async def test_an_outcome_that_changed_under_a_list_is_shown_again(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.person("Bo Ek")
    late = builders.person("Zoe Young")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bo Ek")
        await press(pilot, "enter")
        assert "1 booked" in seen(pilot)
        booking_actions.enrol_people(june, "BR-04", [late.key])
        await press(pilot, "enter")
        assert "1 waitlisted" in seen(pilot)
        assert "Somebody else made a change" in told(pilot)


async def test_control_characters_in_what_is_pasted_never_reach_the_terminal(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "P")
        pilot.app.screen.focused.post_message(events.Paste("Bo \x1b[2JEk\nDi\x9b Low\n"))  # type: ignore[union-attr]
        await settled(pilot)
        assert "\x1b" not in seen(pilot)
        assert "\x9b" not in seen(pilot)
        assert "Bo \ufffd[2JEk" in seen(pilot)
        assert "Di\ufffd Low" in seen(pilot)


async def test_a_pasted_list_is_there_again_after_the_line_was_cut(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=4)
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await type_in(pilot, "Bo Ek")
        await press(pilot, "ctrl+s")  # the lines are being settled when the terminal goes away
    async with window() as pilot:
        await press(pilot, "enter", "P")
        assert "Bo Ek" in seen(pilot)
        assert "This is the draft from Mon 12 Jun 2017 09:00" in told(pilot)
        await press(pilot, "ctrl+s", "enter", "enter")
        assert builders.standing("BR-04") == {"Bo Ek": "booked"}
        await press(pilot, "P")
        assert "Bo Ek" not in told(pilot)
