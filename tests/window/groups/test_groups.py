"""The groups in the window: members, meetings, and what they said they would do."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.people import queries as people_queries
from db.records.groups import GroupKind
from db.records.people import Person
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, said, seen, told, type_in

LEADS = "Signs of Safety Practice Leads"


@pytest.fixture
def people(june: Context) -> list[Person]:
    found = [builders.person(name) for name in ("Bo Ek", "Cy Low", "Di May")]
    groups_actions.add_members(builders.at(june, "2017-04-10"), LEADS, [found[0].key, found[1].key])
    return found


async def test_people_are_taken_in_one_after_the_other_as_names_are_typed(
    window: Window, june: Context, people: list[Person]
) -> None:
    async with window() as pilot:
        await press(pilot, "6")
        assert line_with(pilot, LEADS).endswith(" 2")
        await press(pilot, "enter", "a")
        await type_in(pilot, "di")
        await press(pilot, "enter")
        assert "Di May" in told(pilot)
        await press(pilot, "enter")
        assert "added: Di May" in told(pilot)
        await type_in(pilot, "bo")
        await press(pilot, "enter")
        assert "Bo Ek: already in Signs of Safety Practice Leads" in told(pilot)
        await press(pilot, "escape")
        assert "3 members" in seen(pilot)
        await press(pilot, "u", "enter")
        assert "2 members" in seen(pilot)


async def test_a_pasted_list_goes_in_whole_or_not_at_all(window: Window, june: Context, people: list[Person]) -> None:
    builders.person("Ed Orr")
    async with window() as pilot:
        await press(pilot, "6", "enter", "P")
        await type_in(pilot, "Di May")
        await press(pilot, "enter")
        await type_in(pilot, "Nobody Atall")
        await press(pilot, "ctrl+s")
        assert "Nobody Atall" in told(pilot)
        assert "Di May" in told(pilot)
        await press(pilot, *["backspace"] * 12)
        await type_in(pilot, "Ed Orr")
        await press(pilot, "ctrl+s", "enter")
        assert "2 people are in" in said(pilot)
    assert [each.name for each in groups_actions.show_group(june, LEADS)[1]] == ["Bo Ek", "Cy Low", "Di May", "Ed Orr"]


async def test_a_member_gets_a_role_leaves_and_is_seen_among_the_past(
    window: Window, june: Context, people: list[Person]
) -> None:
    async with window() as pilot:
        await press(pilot, "6", "enter", "e", "r", *["backspace"] * 6)
        await type_in(pilot, "chair")
        await press(pilot, "enter", "enter")
        assert "chair" in line_with(pilot, "Bo Ek")
        await press(pilot, "x", "enter")
        await type_in(pilot, "Moved away")
        await press(pilot, "enter", "enter")
        assert "1 member " in seen(pilot)
        assert "Past members" not in seen(pilot)
        await press(pilot, "v")
        assert "Past members" in seen(pilot)
        assert "12 Jun 2017" in line_with(pilot, "Bo Ek  ")
    assert builders.list_history_lines(june, person=people[0].key)[0].reason == "Moved away"


async def test_a_commitment_is_noted_overdue_settled_and_taken_back(
    window: Window, june: Context, people: list[Person]
) -> None:
    async with window() as pilot:
        await press(pilot, "6", "enter", "K")
        await type_in(pilot, "Ring [the] school")
        await press(pilot, "enter")
        await type_in(pilot, "11/6/2017")
        await press(pilot, "enter", "enter")
        assert "cannot be due on Sun 11 Jun 2017" in told(pilot)
        assert "Ring [the] school" in told(pilot)
        await press(pilot, *["backspace"] * 16)
        await type_in(pilot, "1 june")
        await press(pilot, "enter", "enter")
        assert "overdue" in line_with(pilot, "Ring [the] school")
        await press(pilot, "home", "enter", "d")
        await type_in(pilot, "She rang")
        await press(pilot, "enter", "enter")
        assert "Ring [the] school" not in seen(pilot)
        await press(pilot, "u", "enter")
        assert "overdue" in line_with(pilot, "Ring [the] school")
        await press(pilot, "escape", "escape")
        assert "1 commitment overdue" in seen(pilot)
        await press(pilot, "K", "enter", "n", "enter", "enter")
    assert [each.state.value for each in commitments.list_commitments(june)] == ["not_done"]


async def test_with_the_cursor_on_a_meeting_it_is_asked_which_member_is_meant(
    window: Window, june: Context, people: list[Person]
) -> None:
    builders.event("SOS-PL-01", course="SOS-PL", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "6", "enter", "K")
        assert "Whose commitment is it?" in told(pilot)
        await type_in(pilot, "low")
        assert "Bo Ek" not in told(pilot)
        await press(pilot, "enter")
        assert "New commitment of Cy Low" in told(pilot)


async def test_meetings_are_planned_with_everybody_booked_and_the_grid_shows_who_came(
    window: Window, june: Context, people: list[Person]
) -> None:
    held = builders.event("SOS-PL-01", course="SOS-PL", capacity=9, dates=["2017-06-05"])
    builders.enrolment(held, people[0])
    builders.mark(held, 1, people[0])
    async with window() as pilot:
        await press(pilot, "6", "enter", "D")
        for text in ("24/6/2017", "14.00", ""):
            await type_in(pilot, text)
            await press(pilot, "enter")
        await press(pilot, "backspace", "2", *["enter"] * 4)
        assert "SOS-PL-02" in told(pilot)
        assert "Mon 26 Jun 2017 14:00-16:00" in told(pilot)
        await press(pilot, "enter")
        assert "26 Jun 2017" in line_with(pilot, "SOS-PL-02")
        await press(pilot, "r")
        assert "05/06" in line_with(pilot, "Member  ")
        assert "P " in line_with(pilot, "Bo Ek")
        assert "1/1" in line_with(pilot, "Bo Ek")
        await press(pilot, "enter")
        assert "Bo Ek" in seen(pilot)
    assert [each.name for each in people_queries.get_event_card(june, "SOS-PL-03").roster] == ["Bo Ek", "Cy Low"]


async def test_a_group_is_made_renamed_and_booked_on_an_event(
    window: Window, june: Context, people: list[Person]
) -> None:
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "6", "a")
        await type_in(pilot, "Set 1")
        await press(pilot, "enter", *["backspace"] * 30)
        await type_in(pilot, "choir")
        await press(pilot, "enter", "enter", "enter")
        assert "! Not one of the kinds." in told(pilot)
        await press(pilot, *["backspace"] * 5)
        await type_in(pilot, "action learning set")
        await press(pilot, "ctrl+s", "enter")
        assert "Set 1" in seen(pilot)
        await press(pilot, "home", "enter", "b")
        await type_in(pilot, "br")
        await press(pilot, "enter")
        assert "1 booked, 1 waitlisted" in told(pilot)
        await press(pilot, "enter", "e", "g")
        await press(pilot, "end")
        await type_in(pilot, "!")
        await press(pilot, "enter", "enter", "enter", "enter", "enter")
        assert f"{LEADS}!" in seen(pilot)
    assert [each.event for each in groups_actions.show_group_attendance(june, f"{LEADS}!").meetings] == ["BR-04"]


async def test_a_viewer_looks_and_changes_nothing(window: Window, june: Context, people: list[Person]) -> None:
    commitments.add_commitment(june, LEADS, people[0].key, "Ring", date(2017, 7, 1))
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "6", "a")
        assert "needs the coordinator role" in said(pilot)
        await press(pilot, "enter", "K")
        assert "needs the booker role" in said(pilot)
        await press(pilot, "enter", "d")
        assert "needs the booker role" in told(pilot)
    assert [each.state.value for each in commitments.list_commitments(june)] == ["open"]


async def test_a_tall_window_names_the_members_of_the_group_under_the_cursor(window: Window, june: Context) -> None:
    groups_actions.create_group(june, "Harbour set", GroupKind.ACTION_LEARNING_SET)
    groups_actions.add_members(june, "Harbour set", [builders.person("Bo Ek").key, builders.person("Di Low").key])
    groups_actions.add_members(june, "Harbour set", [builders.person("Ty Lead").key], role="chair")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "6", "down")
        assert "Ty Lead, chair Bo Ek Di Low" in told(pilot)
