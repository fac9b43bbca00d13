"""What becomes of a place: transfer, substitution, requests, offers, the queue, and keys that say why not."""

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.people import queries as people_queries
from db.engine.connection import write_transaction
from db.models import MarkRow
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, told, type_in


async def point_at(pilot: Pilot[Any], name: str) -> None:
    """Put the cursor on the line with the name."""
    await press(pilot, "home")
    for _ in range(20):
        if any("▌" in line and name in line for line in seen(pilot).splitlines()):
            return
        await press(pilot, "down")
    raise AssertionError(f"{name!r} is not in the list:\n{seen(pilot)}")


async def test_a_transfer_shows_both_events_and_who_moves_up(window: Window, june: Context) -> None:
    full = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.event("BR-05", dates=["2017-07-03"])
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-21"])
    builders.booked(full, "Bo Ek")
    builders.enrolment(full, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "t")
        assert seen(pilot).index("The same course") < seen(pilot).index("BR-05") < seen(pilot).index("Other courses")
        await press(pilot, "enter")
        assert "Transfer Bo Ek from BR-04 to BR-05?" in seen(pilot)
        assert "Bo Ek  booked → transferred" in seen(pilot)
        assert "Bo Ek  no place → booked" in seen(pilot)
        assert "Di Low  waitlisted → booked" in seen(pilot)
        assert "2 invitations (new booking): Di Low, Bo Ek" in told(pilot)
        assert on(june, "BR-05") == {}, "a preview changes nothing"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Di Low": "booked"}
        assert on(june, "BR-05") == {"Bo Ek": "booked"}
        assert "Bo Ek is now on BR-05, no longer on BR-04. Di Low is now booked." in told(pilot)


async def test_a_transfer_into_a_clash_wants_a_reason(window: Window, june: Context) -> None:
    here = builders.event("BR-04", dates=["2017-06-19"])
    builders.event("BR-05", dates=["2017-07-03"])
    other = builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-07-03"])
    (bo,) = builders.booked(here, "Bo Ek")
    builders.enrolment(other, bo)
    async with window() as pilot:
        await press(pilot, "enter", "t", "enter")
        assert "Bo Ek is already booked on SOS-INTRO-03" in told(pilot)
        await press(pilot, "down", "enter", "enter")
        assert on(june, "BR-05") == {"Bo Ek": "booked"}


async def test_a_substitute_takes_the_place_and_nobody_moves_up(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    builders.person("Zoe Young")
    async with window() as pilot:
        await press(pilot, "enter", "s")
        await type_in(pilot, "young")
        await press(pilot, "enter")
        assert "Bo Ek  booked → substituted" in seen(pilot)
        assert "Zoe Young  no place → booked" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Zoe Young": "booked", "Di Low": "waitlisted"}


async def test_what_stands_against_a_substitute_is_said_and_the_text_is_kept(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek", "Di Low")
    async with window() as pilot:
        await press(pilot, "enter", "s")
        await type_in(pilot, "low")
        await press(pilot, "enter")
        assert "Di Low is already booked on BR-04" in told(pilot)
        assert " low" in seen(pilot)


async def test_a_request_is_approved_with_one_key(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window() as pilot:
        await press(pilot, "enter")
        assert "Asking for a place" in seen(pilot)
        assert "coordinator approves" in line_with(pilot, "Rules")
        await press(pilot, "A")
        assert "Bo Ek  requested → booked" in seen(pilot)
        assert on(june, "BR-04") == {"Bo Ek": "requested"}
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked"}


async def test_a_request_is_declined_with_a_reason(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window() as pilot:
        await press(pilot, "enter", "d", "enter")
        assert "Type a reason" in seen(pilot)
        await type_in(pilot, "no budget")
        await press(pilot, "enter", "enter")
        assert on(june, "BR-04") == {}
        assert builders.list_history_lines(june, event="BR-04")[0].reason == "no budget"


async def offered(june: Context) -> None:
    """BR-04 with one place, offered to Di Low after Bo Ek gave it up; Wy Te waits."""
    course_rules.set_course_rule(june, "BR", "waiting_rule", "offer")
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    for name in ("Di Low", "Wy Te"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")


async def test_an_offer_shows_until_when_by_the_councils_clock_and_is_accepted(window: Window, june: Context) -> None:
    await offered(june)
    async with window() as pilot:
        await press(pilot, "enter")
        assert "Offered a place" in seen(pilot)
        assert "until 14 Jun 09:00" in line_with(pilot, "Di Low")
        assert "offered for 48 hours" in line_with(pilot, "Rules")
        await press(pilot, "A", "enter")
        assert on(june, "BR-04") == {"Di Low": "booked", "Wy Te": "waitlisted"}


async def test_an_offer_that_is_declined_goes_to_the_next(window: Window, june: Context) -> None:
    await offered(june)
    async with window() as pilot:
        await press(pilot, "enter", "d", "down", "enter")
        assert "Wy Te  waitlisted → offered" in seen(pilot)
        await press(pilot, "enter")
        card = people_queries.get_event_card(june, "BR-04")
        assert [(each.name, each.status) for each in card.roster] == [("Wy Te", "offered")]


async def test_opening_an_event_does_what_time_has_brought(window: Window, june: Context) -> None:
    await offered(june)
    later = builders.at(june, "2017-06-15T10:00")
    async with window(ctx=later) as pilot:
        await press(pilot, "enter")
        assert "Time ran out: Di Low is now expired; Wy Te is now offered." in told(pilot)
        assert "until 17 Jun 10:00" in line_with(pilot, "Wy Te")


async def test_somebody_is_put_first_in_the_queue_with_a_reason(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    for name in ("Di Low", "Wy Te"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter")
        await point_at(pilot, "Wy Te")
        await press(pilot, "U")
        await type_in(pilot, "one")
        await press(pilot, "enter", "enter")
        assert "The place is a whole number, not 'one'." in told(pilot)
        await press(pilot, "backspace", "backspace", "backspace")
        await type_in(pilot, "1")
        await press(pilot, "enter")
        await type_in(pilot, "promised by phone")
        await press(pilot, "enter")
        assert "place 2 → place 1" in told(pilot)
        await press(pilot, "enter")
        assert [each.name for each in people_queries.get_event_card(june, "BR-04").waiting] == ["Wy Te", "Di Low"]
        assert builders.list_history_lines(june, event="BR-04")[0].reason == "promised by phone"


async def test_w_says_why_somebody_was_not_promoted(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter")
        await point_at(pilot, "Di Low")
        await press(pilot, "W")
        assert "No place on BR-04 is free." in told(pilot)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("s", "Di Low is waitlisted on BR-04; only a booked place can be given to another person."),
        ("A", "Di Low is waitlisted on BR-04; only a request can be approved."),
        ("d", "Di Low is waitlisted on BR-04; only a request or an offered place can be declined."),
    ],
)
async def test_a_key_that_is_not_allowed_for_somebody_is_dim_and_says_why(
    window: Window, key: str, sentence: str
) -> None:
    event = builders.event("BR-04", capacity=0, dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window(size=(160, 30)) as pilot:
        await press(pilot, "enter", key)
        assert sentence in told(pilot)
        assert not pilot.app.screen.is_modal


async def test_keys_are_dim_from_the_table_for_whom_the_cursor_is_on(window: Window) -> None:
    from csc_tui.window.widgets.key_line import KeyLine

    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)

    def dim(pilot: Pilot[Any]) -> set[str]:
        return {entry.label for entry in pilot.app.screen.query_one(KeyLine)._shown if not entry.enabled}

    async with window() as pilot:
        await press(pilot, "enter")
        assert dim(pilot) == {"Approve", "Decline", "Queue"}
        await point_at(pilot, "Di Low")
        assert dim(pilot) == {"Approve", "Decline", "Substitute"}


async def test_a_cancelled_event_leaves_nothing_to_be_done_to_its_people(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    calendar_actions.cancel_event(june, "BR-04", reason="snow")
    async with window() as pilot:
        await press(pilot, "3", "enter", "b")
        assert "BR-04 cannot be booked: it is cancelled." in told(pilot)
        await press(pilot, "e", "p")
        assert "BR-04 is cancelled and can no longer be changed." in told(pilot)


async def test_a_place_is_transferred_from_the_persons_card(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    builders.event("BR-05", dates=["2017-07-03"])
    async with window() as pilot:
        await press(pilot, "4", "enter", "t", "enter", "enter")
        assert on(june, "BR-05") == {"Bo Ek": "booked"}
        assert "transferred" in line_with(pilot, "BR-04")


async def test_a_line_of_the_card_that_is_no_booking_says_so(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")
    async with window() as pilot:
        await press(pilot, "4", "enter")
        await press(pilot, "x")
        assert "Bo Ek is not on BR-04; only a place, a request" in told(pilot)
        await press(pilot, "end", "x")
        assert "Put the cursor on a booking first." in told(pilot)


def missed_module_two(june: Context) -> str:
    """Bo Ek was at the first module of BR-01 and not at the second; BR-05 has another second one to come."""
    past = builders.event("BR-01", dates=["2017-05-01", "2017-05-08"], state="delivered")
    bo = builders.person("Bo Ek")
    builders.enrolment(past, bo, Status.PARTIALLY_ATTENDED)
    with write_transaction():
        from db.models import SessionRow

        first = SessionRow.get(SessionRow.event == past.id, SessionRow.number == 1)
        MarkRow.insert(
            session=first.id, person=bo.id, mark=MarkKind.PRESENT, at=builders.STAMP, actor="alice"
        ).execute()
    builders.event("BR-05", capacity=1, dates=["2017-06-20", "2017-06-27"], venue="Town Hall")
    return bo.key


async def test_a_missed_module_is_made_up_in_another_event_and_given_back(window: Window, june: Context) -> None:
    missed_module_two(june)
    async with window() as pilot:
        await press(pilot, "4", "enter", "m")
        assert "BR-05 session 2" in seen(pilot)
        await press(pilot, "enter")
        assert "Bo Ek has a place in BR-05 session 2 only, on Tue 27 Jun 2017." in told(pilot)
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-05").event.joining == 1
        await press(pilot, "tab", "1", "enter")
        assert "Making up a module" in seen(pilot)
        assert "session 2: Module 2" in line_with(pilot, "Bo Ek")
        assert "1 of 1 taken (1 to make up a module), no free places" in seen(pilot)
        await press(pilot, "t")
        assert "Bo Ek only makes up a module in session 2; x gives that place up." in told(pilot)
        await press(pilot, "x", "down", "enter", "enter")
        assert people_queries.get_event_card(june, "BR-05").event.joining == 0


async def test_somebody_with_nothing_to_make_up_is_told_so(window: Window) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "enter", "m")
        assert "Bo Ek has nothing to make up" in told(pilot)


async def test_repeated_no_shows_stand_on_the_card_and_before_the_next_booking(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek")
    for reference in ("BR-01", "BR-02"):
        builders.enrolment(builders.event(reference, dates=["2017-05-01"], state="closed"), bo, Status.NO_SHOW)
    builders.event("BR-05", dates=["2017-06-20"])
    async with window() as pilot:
        await press(pilot, "4", "enter")
        assert "Did not come  2 times" in seen(pilot)
        await press(pilot, "b", "enter")
        assert "Bo Ek did not attend 2 earlier events" in told(pilot)


async def test_a_booker_may_not_change_the_queue(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=0, dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "enter", "U")
        assert "Only a coordinator may change the order." in told(pilot)


async def test_a_reason_is_there_again_after_the_line_was_cut_and_after_a_look(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04"), "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "tab", "x")
        await type_in(pilot, "at a wedding in Spain")
    async with window() as pilot:
        await press(pilot, "enter", "tab", "x")
        assert "at a wedding in Spain" in seen(pilot)
        assert "This is your draft from" in told(pilot)
        await press(pilot, "enter", "escape")
        assert "at a wedding in Spain" in seen(pilot)
        await press(pilot, "escape", "x")
        assert "wedding" not in seen(pilot)
