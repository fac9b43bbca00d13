"""Several people of an event selected, and what is then done to all of them after one look."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.catalogue import course_rules
from db.records.booking import Status
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, told, type_in


@pytest.fixture
def full(june: Context) -> None:
    """BR-04 with two places, taken; Di Low and Wy Te wait. BR-05 is empty."""
    event = builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.booked(event, "Al Ash", "Bo Ek")
    for name in ("Di Low", "Wy Te"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    builders.event("BR-05", capacity=5, dates=["2017-07-03"])


async def test_several_are_cancelled_for_one_reason_and_who_moves_up_is_shown_once(
    window: Window, june: Context, full: None
) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "space", "space", "x", "down", "enter")
        assert "Cancel 2 people on BR-04?" in told(pilot)
        assert "Al Ash booked → cancelled" in told(pilot)
        assert "Bo Ek booked → cancelled" in told(pilot)
        assert "As a result, moves up: B Di Low waitlisted → booked B Wy Te waitlisted → booked" in told(pilot)
        assert on(june, "BR-04")["Al Ash"] == "booked", "a preview changes nothing"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Di Low": "booked", "Wy Te": "booked"}
        assert "2 people cancelled on BR-04. Di Low is now booked; Wy Te is now booked." in told(pilot)
        assert "selected" not in seen(pilot)
        await press(pilot, "u", "enter")
        assert on(june, "BR-04")["Al Ash"] == "booked", "they were one step"
        assert on(june, "BR-04")["Wy Te"] == "waitlisted"


async def test_who_waits_and_is_selected_too_does_not_move_up_on_the_way_out(
    window: Window, june: Context, full: None
) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "space", "down", "space", "x", "down", "enter")
        assert "Di Low waitlisted → cancelled" in told(pilot)
        assert "As a result, moves up: B Wy Te waitlisted → booked" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Wy Te": "booked"}


async def test_several_go_to_another_event_together(window: Window, june: Context, full: None) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "space", "space", "t", "enter")
        assert "Transfer 2 people from BR-04 to BR-05?" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-05") == {"Al Ash": "booked", "Bo Ek": "booked"}


async def test_those_for_whom_it_is_not_allowed_are_named_and_left_out(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=5, dates=["2017-06-19"])
    builders.booked(event, "Al Ash")
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window() as pilot:
        await press(pilot, "enter", "asterisk", "A")
        assert "Approve or accept 1 person on BR-04?" in told(pilot)
        assert "Not changed, 1 person: Al Ash Al Ash is booked on BR-04; only a request can be" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Al Ash": "booked", "Bo Ek": "booked"}


async def test_when_one_cannot_be_moved_nobody_is(window: Window, june: Context, full: None) -> None:
    from csc_tui.core.calendar import actions as calendar_actions

    calendar_actions.set_capacity(june, "BR-05", 1)
    async with window() as pilot:
        await press(pilot, "enter", "space", "space", "t", "enter")
        assert "BR-05 has no free place, so Bo Ek stays on BR-04. Nothing was changed." in told(pilot)
        assert on(june, "BR-05") == {}


async def test_a_reason_sets_a_clash_of_one_of_them_aside(window: Window, june: Context, full: None) -> None:
    other = builders.event("SOS-1", course="SOS-INTRO", capacity=5, dates=["2017-07-03"])
    booking_actions.enrol_people(june, other.reference, ["al ash"])
    async with window() as pilot:
        await press(pilot, "enter", "space", "space", "t", "enter")
        assert "Al Ash is already booked on SOS-1" in told(pilot)
        await type_in(pilot, "leaves SOS-1")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-05") == {"Al Ash": "booked", "Bo Ek": "booked"}


async def test_requests_are_approved_together(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", capacity=5, dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person(name).key for name in ("Al Ash", "Bo Ek")])
    async with window() as pilot:
        await press(pilot, "enter", "asterisk", "A", "enter")
        assert on(june, "BR-04") == {"Al Ash": "booked", "Bo Ek": "booked"}


async def test_requests_are_declined_together_with_one_reason(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", capacity=5, dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person(name).key for name in ("Al Ash", "Bo Ek")])
    async with window() as pilot:
        await press(pilot, "enter", "asterisk", "d")
        await type_in(pilot, "no budget")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {}
        assert {line.reason for line in builders.list_history_lines(june, event="BR-04")[:2]} == {"no budget"}


@pytest.mark.parametrize("key", ["s", "U"])
async def test_what_is_for_one_person_is_refused_for_several(window: Window, full: None, key: str) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "space", "space", key)
        assert "This is for one person at a time. Press escape to clear the selection." in told(pilot)
        await press(pilot, "escape")
        assert "one person at a time" not in told(pilot)
        assert "2 selected" in seen(pilot), "the first escape only dismisses the notice"
        await press(pilot, "escape")
        assert "selected" not in seen(pilot)
        assert "BR-04" in seen(pilot), "the second escape only clears the selection"
        await press(pilot, "escape")
        assert "31 days ahead" in seen(pilot)


async def test_the_addresses_of_whoever_is_selected_are_copied(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Bo Ek", email="bo@example.org"))
    builders.enrolment(event, builders.person("Wy Te", email="wy@example.org"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "end", "space", "c")
        assert pilot.app.clipboard == "wy@example.org"


async def test_a_selection_outlives_what_others_change(window: Window, june: Context, full: None) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "space", "space")
        booking_actions.cancel_place(june, "BR-04", "al ash", reason="ill")
        pilot.app.state.changed.publish(None)  # type: ignore[attr-defined]
        await press(pilot, "down")
        assert "1 selected" in seen(pilot)
        assert line_with(pilot, "Bo Ek").startswith(" •")
