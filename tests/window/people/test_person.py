"""A person's card: what is done, booked and missing, who leads them, where they belong."""

import json
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.people import queries as people_queries
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.groups import GroupKind
from db.records.people import Person
from tests import builders
from tests.window.conftest import Window, line_with, press, seen, told


@pytest.fixture
def bo(june: Context) -> Person:
    """Bo Ek was at the first module of BR, is booked for the second, and misses the third."""
    boss = builders.person("Vi Chief")
    bo = builders.person("Bo Ek", manager=boss.id)
    past = builders.event("BR-01", dates=["2017-05-01"], state="delivered")
    builders.enrolment(past, bo)
    builders.mark(past, 1, bo)
    builders.enrolment(builders.event("BR-02", dates=["2017-05-02", "2017-06-20"]), bo)
    builders.event("BR-03", capacity=5, dates=["2017-05-03", "2017-05-04", "2017-07-05"])
    return bo


async def test_modules_are_done_booked_or_missing_by_their_brackets_and_the_next_chance_opens(
    window: Window, june: Context, bo: Person
) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash", "e", "k", "enter")
        assert "[1] done  (2) booked  3 missing" in seen(pilot)
        assert line_with(pilot, "BR  ").split()[0] == "[1](2)"
        assert "needs modules 2 and 3" in line_with(pilot, "[1](2) 3")
        assert line_with(pilot, "the next chance").split() == [
            *("Tue", "20", "Jun", "2017", "BR-02"),
            "the",
            "next",
            "chance",
            "session",
            "2",
        ]
        while "▌" not in line_with(pilot, "the next chance"):
            await press(pilot, "down")
        await press(pilot, "enter")
        assert "BR-02  Being Restorative" in seen(pilot)


async def test_the_line_manager_and_the_groups_stand_on_the_card_and_enter_opens_the_manager(
    window: Window, june: Context, bo: Person
) -> None:
    groups_actions.create_group(june, "Practice Leads", GroupKind.PRACTICE_LEADS)
    groups_actions.add_members(june, "Practice Leads", [bo.key], role="chair", on=date(2017, 5, 1))
    async with window() as pilot:
        await press(pilot, "4", "slash", "e", "k", "enter")
        assert line_with(pilot, "Practice Leads").split()[:5] == ["Mon", "1", "May", "2017", "chair"]
        for _ in range(8):
            await press(pilot, "down")
            if "▌" in line_with(pilot, "Line manager"):
                break
        await press(pilot, "enter")
        assert "Vi Chief" in seen(pilot).splitlines()[1]


async def test_who_leads_sessions_reads_on_the_card_which_and_enter_opens_the_event(
    window: Window, june: Context
) -> None:
    ty = builders.person("Ty Lead")
    builders.event("BR-02", dates=["2017-05-30"], facilitators=[ty])
    builders.event("BR-04", dates=["2017-06-14", None], facilitators=[ty])
    builders.event("BR-05", dates=["2017-06-15"], facilitators=[ty], state="cancelled")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4", "slash", "t", "y")
        assert "Leads BR-04 Wed 14 Jun 2017 BR-04 to be confirmed" in told(pilot), "beside the list"
        await press(pilot, "enter")
        assert "session 1 09:30-12:30" in line_with(pilot, "Wed 14 Jun 2017")
        assert "session 2" in line_with(pilot, "to be confirmed")
        before, _, after = seen(pilot).partition(" Led\n")
        assert "BR-02" in after, "what was led stands apart"
        assert "BR-02" not in before
        assert "BR-05" not in seen(pilot), "nobody leads what was called off"
        await press(pilot, "enter")
        assert "Places" in line_with(pilot, "free places")
        assert "BR-04" in seen(pilot)


async def test_hours_and_no_shows_stand_in_the_heading(window: Window, june: Context, bo: Person) -> None:
    builders.enrolment(builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-05-09"]), bo, Status.NO_SHOW)
    async with window() as pilot:
        await press(pilot, "4", "slash", "e", "k", "enter")
        assert "CPD hours  3 hours in 2017/18 · Did not come  1 time: SOS-INTRO-03" in seen(pilot)


async def test_a_completion_that_has_to_be_refreshed_says_by_when_and_then_since_when(
    window: Window, june: Context
) -> None:
    builders.course("SOS-PL", validity_months=12)
    event = builders.event("SOS-PL-01", course="SOS-PL", dates=["2017-06-05"])
    (bo,) = builders.booked(event, "Bo Ek")
    attendance_actions.mark_person(june, "SOS-PL-01", 1, bo.key, attendance_actions.NewMark(MarkKind.PRESENT))
    for moment, said in (
        ("2017-06-12", "complete until Tue 5 Jun 2018"),
        ("2018-05-12", "refresh by Tue 5 Jun 2018"),
        ("2018-06-12", "ran out on Tue 5 Jun 2018"),
    ):
        async with window(ctx=builders.at(june, moment), size=(120, 40)) as pilot:
            await press(pilot, "4", "enter")
            assert said in seen(pilot)


def test_the_card_of_the_command_line_has_the_same(june: Context, bo: Person, location: str) -> None:
    groups_actions.create_group(june, "Practice Leads", GroupKind.PRACTICE_LEADS)
    groups_actions.add_members(june, "Practice Leads", [bo.key], on=date(2017, 5, 1))
    card = json.loads(builders.csc(location, "person", bo.key, today="2017-06-12T09:00").stdout)
    assert card["completions"][0]["modules"] == "done booked missing"
    assert card["groups"] == [
        {"group": "Practice Leads", "kind": "practice_leads", "role": "member", "since": "2017-05-01"}
    ]
    assert card["manager"] == "Vi Chief"
    assert card["manager_person"].startswith("#")
    assert card["no_shows"] == 0
    assert people_queries.get_person_card(june, bo.key).no_shows == []


async def test_the_line_under_the_cursor_is_told_in_full(window: Window, june: Context) -> None:
    title = "A title that no list of eighty columns has the room for, cohort 7"
    on = builders.event("BR-04", capacity=1, dates=["2017-06-20"], title=title)
    builders.booked(on, "Bo Ek")
    reason = "Her line manager needs her at the panel of that day"
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason=reason)
    async with window() as pilot:
        await press(pilot, "4", "slash", "e", "k", "enter")
        assert f"BR-04  {title}" in seen(pilot)
        assert reason not in seen(pilot)
        await press(pilot, "end")
        assert f"booked → cancelled: {reason}" in seen(pilot)
