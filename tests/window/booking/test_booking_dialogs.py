"""Booking and cancelling from the window, with what would happen shown first."""

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from db.errors import NotWritable
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, seen, told, type_in


def on(ctx: Context, reference: str) -> dict[str, str]:
    """Who is on the event, and how."""
    card = people_queries.get_event_card(ctx, reference)
    return {each.name: each.status for each in card.roster} | {each.name: "waitlisted" for each in card.waiting}


async def open_event(pilot: Pilot[Any]) -> None:
    await press(pilot, "enter")


async def test_a_caller_is_booked_with_three_keys_after_the_name(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.person("Bo Ek")
    builders.person("Di Low")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "ek")
        assert "Di Low" not in seen(pilot)
        await press(pilot, "enter")
        assert "Bo Ek gets a place · 1 of 2 places taken, 1 left" in seen(pilot)
        assert on(june, "BR-04") == {}, "a preview changes nothing"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}
        assert "Bo Ek is booked on BR-04." in seen(pilot)
        assert "▌  B   Bo Ek" in seen(pilot)


async def test_a_full_event_takes_a_name_for_its_waiting_list(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.person("Di Low")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "low")
        await press(pilot, "enter")
        assert "Di Low joins the waiting list as number 1" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "waitlisted"}
        assert "Waiting list, in order" in seen(pilot)


async def test_escape_at_the_preview_leaves_everything_as_it_was(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "ek")
        await press(pilot, "enter", "escape")
        assert on(june, "BR-04") == {}


async def test_a_caller_who_is_not_in_the_database_is_added_and_booked_from_there(
    window: Window, june: Context
) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "jo smith-jones <jo@x.org>")
        assert "No match for 'jo smith-jones <jo@x.org>'. Enter adds a new person." in told(pilot)
        await press(pilot, "enter")
        assert "Smith-Jones" in seen(pilot)
        assert "jo@x.org" in seen(pilot)
        await press(pilot, "escape")
        assert " jo smith-jones" in seen(pilot), "escape goes back to what was typed"
        await press(pilot, "enter", "ctrl+s")
        assert "Add Jo Smith-Jones and book them on BR-04?" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Jo Smith-Jones": "booked"}
        assert "Jo Smith-Jones is added and is booked on BR-04." in told(pilot)
        await press(pilot, "u", "enter")
        assert on(june, "BR-04") == {}


async def test_a_field_of_a_new_caller_that_is_wrong_keeps_what_was_typed(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek", email="bo@x.org")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "jo smith bo@x.org")
        await press(pilot, "end", "enter", "ctrl+s")
        assert "bo@x.org is the address of" in told(pilot)
        assert "Smith" in seen(pilot)
        assert on(june, "BR-04") == {}


async def test_a_namesake_can_be_added_although_others_are_found(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Jo Smith", email="other@x.org")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "jo smith")
        assert "Add jo smith" in seen(pilot)
        await press(pilot, "down", "enter")
        assert "New person to book on BR-04" in told(pilot)


async def test_who_is_on_it_already_is_told_and_the_text_is_kept(window: Window) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "bo ek")
        await press(pilot, "enter")
        assert "Bo Ek is already booked on BR-04. Nothing was changed." in seen(pilot)
        assert " bo ek" in seen(pilot)


async def test_a_clash_can_be_set_aside_with_a_reason(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    other = builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-19"])
    bo = builders.person("Bo Ek")
    builders.enrolment(other, bo)
    async with window() as pilot:
        await open_event(pilot)
        assert "BR-04" in line_with(pilot, "Being Restorative")
        await press(pilot, "b")
        await type_in(pilot, "ek")
        await press(pilot, "enter")
        assert "Bo Ek is already booked on SOS-INTRO-03" in told(pilot)
        await press(pilot, "enter")
        assert "Type a reason" in seen(pilot)
        await type_in(pilot, "agreed by phone")
        await press(pilot, "enter")
        assert "Reason: agreed by phone" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}
        assert builders.list_history_lines(june, event="BR-04")[0].reason == "agreed by phone"


async def test_an_outcome_that_changed_under_the_preview_is_shown_again(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    bo, di = builders.person("Bo Ek"), builders.person("Di Low")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "b")
        await type_in(pilot, "ek")
        await press(pilot, "enter")
        assert "gets a place" in seen(pilot)
        booking_actions.enrol_people(june, "BR-04", [di.key])  # somebody else is faster
        await press(pilot, "enter")
        assert "Bo Ek joins the waiting list as number 1" in seen(pilot)
        assert "Someone else made a change" in seen(pilot)
        assert on(june, "BR-04") == {"Di Low": "booked"}
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Di Low": "booked", bo.name: "waitlisted"}


async def test_cancelling_shows_who_moves_up_before_and_after(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "x")
        await type_in(pilot, "ill")
        await press(pilot, "enter")
        assert "Bo Ek  booked → cancelled" in seen(pilot)
        assert "Di Low  waitlisted → booked" in seen(pilot)
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "waitlisted"}, "a preview changes nothing"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Di Low": "booked"}
        assert "Bo Ek is no longer on BR-04. Di Low is now booked." in told(pilot)
        assert builders.list_history_lines(june, event="BR-04")[1].reason == "ill"


async def test_cancelling_without_a_reason_is_asked_for_one(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "x", "enter")
        assert "Type a reason" in seen(pilot)
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_an_offered_reason_is_taken_with_an_arrow_key(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "x", "down", "enter", "enter")
        assert builders.list_history_lines(june, event="BR-04")[0].reason == "Illness"


async def test_what_the_disk_refuses_is_said_and_the_reason_is_kept(
    window: Window, june: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    real = booking_actions.cancel_place

    def full(*call: Any, **named: Any) -> Any:
        raise NotWritable("The disk is full. Nothing was changed. Make room and try again.")

    monkeypatch.setattr(booking_actions, "cancel_place", full)
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "x")
        await type_in(pilot, "moved away")
        await press(pilot, "enter", "enter")
        assert "The disk is full. Nothing was changed." in seen(pilot)
        assert " moved away" in seen(pilot)
        monkeypatch.setattr(booking_actions, "cancel_place", real)
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {}


async def test_a_viewer_sees_dim_keys_and_changes_nothing(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        assert "alice (viewer)" in seen(pilot)
        await open_event(pilot)
        await press(pilot, "b")
        assert "Book somebody" not in seen(pilot)
        await press(pilot, "x")
        assert "Cancel Bo Ek" not in seen(pilot)


async def test_a_person_is_booked_from_their_card(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "ek")
        await press(pilot, "enter", "b")
        await type_in(pilot, "being")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}
        assert "BR-04" in line_with(pilot, "Mon 19 Jun 2017")


async def test_a_booking_is_cancelled_from_the_card(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "enter", "x")
        await type_in(pilot, "ill")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {}
        assert "cancelled" in line_with(pilot, "BR-04")


async def test_what_cannot_be_cancelled_is_said_before_a_reason_is_asked(window: Window, june: Context) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Bo Ek"), Status.FULLY_ATTENDED)
    async with window() as pilot:
        await open_event(pilot)
        await press(pilot, "x")
        assert "a place with an outcome cannot be changed" in told(pilot)
        assert "Cancel Bo Ek" not in seen(pilot)


async def test_a_preview_says_where_else_the_person_is_and_asks_what_becomes_of_other_waiting(
    window: Window, june: Context
) -> None:
    who = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-03", capacity=0, dates=["2017-06-20"]), who, Status.WAITLISTED)
    builders.enrolment(builders.event("BR-05", dates=["2017-07-20"]), who)
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "f")
        await type_in(pilot, "br-04")
        await press(pilot, "enter", "b")
        await type_in(pilot, "jo smith")
        await press(pilot, "enter")
        assert "Jo Smith also waits for BR-03" in told(pilot)
        await press(pilot, "escape")
        assert " jo smith" in seen(pilot), "escape goes back to the person"
        await press(pilot, "enter", "r")
        assert "Jo Smith has a place on BR-05 on Thu 20 Jul 2017" in told(pilot)
        assert "is taken off the waiting list of BR-03" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Jo Smith": "booked"}
        assert on(june, "BR-03") == {}


async def test_nothing_is_asked_where_the_course_says_what_becomes_of_other_waiting(
    window: Window, june: Context
) -> None:
    builders.course(waiting_elsewhere="keep")
    who = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-03", capacity=0, dates=["2017-06-20"]), who, Status.WAITLISTED)
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "f")
        await type_in(pilot, "br-04")
        await press(pilot, "enter", "b")
        await type_in(pilot, "jo smith")
        await press(pilot, "enter")
        assert "waits for BR-03 on Tue 20 Jun 2017" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-03") == {"Jo Smith": "waitlisted"}
