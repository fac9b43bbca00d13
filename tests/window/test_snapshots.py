"""How every screen looks, small and large: a change that nobody meant is seen here."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import outcomes
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.window.app import CscApp
from db import catalogue
from db.engine.connection import write_transaction
from db.records.attendance import MarkKind
from db.records.evaluation import Stage
from db.records.groups import GroupKind
from db.records.startup import EventState, Role
from tests import builders
from tests.window.conftest import press, settled

SIZES = {"small": (80, 24), "large": (120, 40)}

SCREENS: dict[str, tuple[str, ...]] = {
    "today": (),
    "month": ("2",),
    "year": ("2", "y"),
    "week": ("2", "w"),
    "facilitators": ("2", "w", "l"),
    "agenda": ("2", "a", "slash", "t", "o", "w", "n"),
    "new_event": ("2", "n", "end", "enter"),
    "events": ("3",),
    "people": ("4", "slash", "e"),
    "event": ("enter",),
    "person": ("4", "slash", "k", "i", "enter"),
    "finder": ("f", "r", "e"),
    "booking": ("3", "down", "down", "enter", "b", "k", "i"),
    "booking_preview": ("3", "down", "down", "enter", "b", "k", "i", "enter"),
    "reason": ("enter", "x"),
    "cancelling_preview": ("enter", "x", "down", "enter"),
    "transferring": ("enter", "t"),
    "changing_an_event": ("enter", "e"),
    "moving_a_session": ("enter", "e", "m", "enter"),
    "state": ("enter", "e", "s"),
    "course_rules": ("enter", "e", "r"),
    "pasting": ("enter", "P"),
    "history": ("enter", "h"),
    "venues": ("ctrl+p", *"venues", "enter"),
    "changing_a_venue": ("ctrl+p", *"venues", "enter", "down", "enter"),
    "help": ("f1",),
    "palette": ("ctrl+p",),
    "catalogue": ("5",),
    "course": ("5", "end", "enter"),
    "new_course": ("5", "n"),
    "everything_done": ("0",),
    "nothing": ("4", "slash", "z", "z", "z"),
    "outbox": ("8", "down"),
    "message": ("8", "down", "enter"),
    "sending_which": ("8", "down", "x"),
    "words_of_messages": ("8", "t", "down"),
    "wording": ("8", "t", "down", "enter"),
    "wording_preview": ("8", "t", "down", "enter", "ctrl+s"),
}


@pytest.fixture
def a_day_of_decisions(a_week_in_june: Context) -> Context:
    """The same with a request, an offer, an event below its minimum, somebody making up a module."""
    june = a_week_in_june
    course_rules.set_course_rule(june, "SOS-SAT", "approval", "coordinator")
    course_rules.set_course_rule(june, "BR", "waiting_rule", "offer")
    booking_actions.enrol_people(june, "SOS-SAT-02", ["Ada Adams"])
    booking_actions.cancel_place(june, "BR-04", "Ada Adams", reason="Illness")
    calendar_actions.set_minimum(june, "SOS-PL-09", 4, decide_by=date(2017, 6, 20))
    calendar_actions.set_event_state(june, "SOS-PL-09", EventState.TENTATIVE)
    return june


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["", "enter", "list", "u"])
def test_looks_as_it_did_on_a_day_of_decisions(
    snap_compare: Callable[..., bool], location: str, a_day_of_decisions: Context, keys: str, size: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        if keys == "list":
            await press(pilot, "enter", "P")
            pilot.app.post_message(events.Paste("Hello, please book\nEve Young\n2. Rees, Dai\nMarsh\nNobody Atall\n"))
            await settled(pilot)
            await press(pilot, "ctrl+s")
        elif keys:
            await press(pilot, keys)

    assert snap_compare(CscApp(a_day_of_decisions, location), terminal_size=SIZES[size], run_before=go)


FIGURES: dict[str, tuple[str, ...]] = {
    "headline": ("9",),
    "into_a_report": ("9", "down", "down", "enter"),
    "team": ("9", "slash", "n", "o", "r", "enter", "enter", "space"),
    "narrowing": ("9", "slash"),
    "writing": ("9", "w"),
    "evaluation": ("7", "enter"),
    "event_evaluation": ("7", "down", "enter", "enter"),
    "paper_form": ("7", "down", "enter", "enter", "t", "d", "enter", "y"),
}


@pytest.fixture
def a_year_of_figures(june: Context) -> Context:
    """Marks and answers of three events, so that there is something to draw."""
    course_rules.set_course_rule(june, "SOS-BRIEF", "validity_months", "1")
    for number, (course, day, there) in enumerate(
        (("BR", "2017-04-03", 7), ("SOS-BRIEF", "2017-05-04", 4), ("RL", "2017-05-15", 3)), 1
    ):
        on = builders.event(f"{course}-9{number}", course=course, dates=[day], state="closed", capacity=9)
        for place in range(there):
            name = f"Person{number}{place}"
            who = builders.person(
                f"Ada {name}", email=f"{name}@example.org".lower(), organisation="Police",
                team="North" if place % 2 else "South", is_manager=place == 1,
            )  # fmt: skip
            builders.enrolment(on, who)
            builders.mark(on, 1, who, "absent" if place == 3 else "present")
            if place in (0, 1, 4):
                said = {1: "no" if place == 1 else "yes", 2: str(place + 1), 3: "Ask [b]first[/b]" if place else ""}
                given = {key: words for key, words in said.items() if words}
                evaluation_actions.enter_answers(june, on.reference, who.key, Stage.ON_THE_DAY, given)
    with write_transaction():
        for code in ("SOS-BRIEF", "BR"):
            outcomes.recalculate_completions(june, catalogue.find_active_course(code).id)
    return june


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", FIGURES)
def test_figures_look_as_they_did(
    snap_compare: Callable[..., bool], location: str, a_year_of_figures: Context, screen: str, size: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *FIGURES[screen])

    assert snap_compare(CscApp(a_year_of_figures, location), terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_looks_as_it_did(
    snap_compare: Callable[..., bool], location: str, a_week_in_june: Context, screen: str, size: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *SCREENS[screen])

    assert snap_compare(CscApp(a_week_in_june, location), terminal_size=SIZES[size], run_before=go)


WITHOUT_COLOUR = ("today", "month", "year", "week", "events", "people", "event", "person", "finder", "reason")


@pytest.mark.parametrize("screen", WITHOUT_COLOUR)
def test_looks_as_it_did_without_colour(
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,
    screen: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *SCREENS[screen])

    assert snap_compare(CscApp(a_week_in_june, location), terminal_size=SIZES["small"], run_before=go)


@pytest.mark.parametrize("screen", ["today", "event", "reason"])
def test_looks_as_it_did_in_the_plain_mode(
    snap_compare: Callable[..., bool], location: str, a_week_in_june: Context, screen: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *SCREENS[screen])

    app = CscApp(a_week_in_june, location, plain=True)
    assert snap_compare(app, terminal_size=SIZES["small"], run_before=go)


@pytest.fixture
def a_group_under_way(a_week_in_june: Context) -> Context:
    """The Practice Leads with a meeting behind them, two before them, and something owed."""
    june, april = a_week_in_june, builders.at(a_week_in_june, "2017-04-10")
    members = [f"#{each}" for each in range(1, 7)]
    groups_actions.add_members(april, "Practice Leads", members)
    groups_actions.add_members(april, "Practice Leads", members[2:3], role="chair")
    groups_actions.schedule_meetings(
        april,
        "Practice Leads",
        groups_actions.MeetingSeries(date(2017, 5, 3), time(14), times=2, every_weeks=8, venue="Town Hall"),
    )
    for number, mark in (("#1", MarkKind.PRESENT), ("#2", MarkKind.APOLOGIES), ("#3", MarkKind.LATE)):
        attendance_actions.mark_person(
            builders.at(june, "2017-05-04"), "SOS-PL-10", 1, number, attendance_actions.NewMark(mark)
        )
    commitments.add_commitment(
        builders.at(june, "2017-05-03"),
        "Practice Leads",
        "#1",
        "Ring the school about a safety plan",
        date(2017, 5, 31),
    )
    commitments.add_commitment(
        june, "Practice Leads", "#3", "Bring one scaling question that worked", date(2017, 6, 19)
    )
    groups_actions.remove_members(june, "Practice Leads", members[5:])
    groups_actions.create_group(june, "Action learning set 1", GroupKind.ACTION_LEARNING_SET, course="SOS-ALS")
    return june


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["6", "6 home enter", "6 home enter g", "6 home enter enter", "6 o"])
def test_looks_as_it_did_with_a_group_under_way(
    snap_compare: Callable[..., bool], location: str, a_group_under_way: Context, keys: str, size: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *keys.split())

    assert snap_compare(CscApp(a_group_under_way, location), terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["comma", "comma down enter", "comma k"])
def test_the_settings_look_as_they_did(
    snap_compare: Callable[..., bool], location: str, june: Context, keys: str, size: str
) -> None:
    for number in range(24):  # so many that what is below, with the paths of this machine, is not on the screen
        upkeep.assign_role(june, f"coordinator {number:02d}", Role.COORDINATOR)

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *keys.split())

    assert snap_compare(CscApp(june, location), terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["today", "2", "3", "4"])
def test_a_database_with_nothing_in_it_looks_as_it_did(
    snap_compare: Callable[..., bool], location: str, june: Context, key: str, size: str
) -> None:
    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        if key != "today":
            await press(pilot, key)

    assert snap_compare(CscApp(june, location), terminal_size=SIZES[size], run_before=go)
