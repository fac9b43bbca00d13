"""Booking many at once: a group, a team, a pasted list; nobody is left out without a word."""

from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import TextArea

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from db import models
from db.engine.connection import write_transaction
from db.records.people import Person
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, pointed, press, said, seen, settled, told, type_in


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
        await press(pilot, "enter", "J")
        await type_in(pilot, "set 7")
        assert line_with(pilot, "Learning set 7").split()[-2] == "3"
        await press(pilot, "enter")
        assert "1 booked, 1 already, 1 waitlisted" in told(pilot)
        assert "Di Low  already booked" in seen(pilot)
        assert on(june, "BR-04") == {"Di Low": "booked"}
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked", "Wy Te": "waitlisted"}


async def test_a_team_is_booked_in_one_step(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek", organisation="Humberside Police", team="Cleethorpes")
    builders.person("Di Low", organisation="Council", team="Early Help")
    async with window() as pilot:
        await press(pilot, "enter", "J")
        await type_in(pilot, "cleeth")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_a_group_whose_people_are_all_on_it_is_said_to_be(window: Window, june: Context) -> None:
    (bo,) = builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    belongs("Learning set 7", bo)
    async with window() as pilot:
        await press(pilot, "enter", "J")
        await type_in(pilot, "set")
        await press(pilot, "enter")
        assert "No one would be booked. Bo Ek: already booked." in told(pilot)


async def test_a_group_that_is_not_there_is_said(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "J")
        await type_in(pilot, "zzz")
        assert "No group or team matches 'zzz'." in seen(pilot)


LIST = """Dear all, please book these:
1. Ms Bo Ek
Smith
- Low, Di
Nobody Atall
bo@example.org
"""


async def test_the_lines_that_are_resolved_are_booked_and_doubtful_ones_stay(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.person("Bo Ek", email="bo@example.org")
    for name in ("Di Low", "Ann Smith", "Zoe Smith", "Nora Attal"):
        builders.person(name)
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, LIST)
        assert "6 lines, 2 need a decision; enter books the 2 ready, the others stay." in told(pilot)
        assert "greeting, no name" in line_with(pilot, "Dear all")
        assert line_with(pilot, "Ms Bo Ek").split("│")[1].split()[0] == "B"
        assert "may be several people" in line_with(pilot, "Smith")
        assert "no match" in line_with(pilot, "Nobody Atall")
        assert "in this list already" in seen(pilot)
        assert "Smith" in pointed(pilot)
        await press(pilot, "enter")
        assert "Book 2 people on BR-04?" in told(pilot)
        assert "2 lines stay in the list for a decision." in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked"}
        assert "already booked" in line_with(pilot, "Ms Bo Ek")
        await press(pilot, "p")
        assert "Ann Smith" in seen(pilot)
        assert "Zoe Smith" in seen(pilot)
        assert "Nora Attal" not in seen(pilot)
        await press(pilot, "down", "enter")
        assert "Zoe Smith" in line_with(pilot, "Smith  ")
        assert "▌" in line_with(pilot, "Nobody Atall"), "the cursor is on the next line that needs a decision"
        await press(pilot, "x")
        assert "left out" in line_with(pilot, "Nobody Atall")
        assert "6 lines, all resolved." in told(pilot)
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked", "Zoe Smith": "waitlisted"}
        assert not pilot.app.screen.is_modal
        await press(pilot, "P")
        assert "draft" not in told(pilot), "a list that is dealt with is no draft any more"


async def test_a_new_person_is_added_from_a_line_with_what_was_typed(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "1. Ms Ann-Marie O'Hara <am.ohara@nelc.example>")
        await press(pilot, "enter")
        assert "No line is ready to book." in told(pilot)
        await press(pilot, "a")
        assert "Ann-Marie" in seen(pilot)
        assert "am.ohara@nelc.example" in seen(pilot)
        await press(pilot, "ctrl+s", "enter")
        assert "1 line, resolved." in told(pilot)
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {"Ann-Marie O'Hara": "booked"}


async def test_what_was_typed_is_searched_for_and_can_be_added_from_there(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Nora Attal")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Norah Attall <norah@x.org>")
        await press(pilot, "p")
        assert "Nora Attal" in seen(pilot), "a name that is nearly the same is offered"
        assert "Add Norah Attall" in seen(pilot)
        await press(pilot, "down", "enter")
        assert "norah@x.org" in seen(pilot)
        await press(pilot, "escape")
        assert "1 line, 1 needs a decision." in told(pilot)


async def test_leaving_a_list_keeps_it_and_its_decisions_as_a_draft(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Ann Smith"), builders.person("Zoe Smith")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Smith\nNobody Atall")
        await press(pilot, "p", "down", "enter", "escape")
        assert "Nobody Atall" in seen(pilot), "escape goes back to the text"
        await press(pilot, "escape")
        assert "The list is kept as a draft." in said(pilot)
    async with window() as pilot:
        await press(pilot, "enter", "P")
        assert "There is a draft" in told(pilot)
        await press(pilot, "enter")
        assert "Zoe Smith" in line_with(pilot, "Smith")
        assert "2 lines, 1 needs a decision" in told(pilot)
        await press(pilot, "escape")
        pilot.app.screen.query_one(TextArea).text = "Smith\nNora Attall"
        await press(pilot, "ctrl+s")
        assert "Zoe Smith" in line_with(pilot, "Smith"), "a decision stays when another line is changed"


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
        assert "No line is ready to book." in told(pilot)
        await press(pilot, "b")
        await type_in(pilot, "agreed")
        await press(pilot, "enter", "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_leaving_the_lines_goes_back_to_the_text_and_leaving_that_books_nobody(
    window: Window, june: Context
) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "P")
        await paste(pilot, "Bo Ek")
        await press(pilot, "escape")
        assert " Bo Ek" in seen(pilot)
        await press(pilot, "escape")
        assert not pilot.app.screen.is_modal
        assert on(june, "BR-04") == {}
        await press(pilot, "P", "n")
        assert "Bo Ek" not in seen(pilot), "a draft that is not wanted any more is thrown away"


async def test_nothing_pasted_is_said(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "P", "ctrl+s")
        assert "There is nothing here yet." in seen(pilot)


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
        assert "Someone else made a change" in told(pilot)


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
        assert "draft from Mon 12 Jun 2017 09:00" in told(pilot)
        await press(pilot, "enter")
        assert "Bo Ek" in seen(pilot)
        await press(pilot, "enter", "enter")
        assert builders.standing("BR-04") == {"Bo Ek": "booked"}
        await press(pilot, "P")
        assert "Bo Ek" not in told(pilot)
