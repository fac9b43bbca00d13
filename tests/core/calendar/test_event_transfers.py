"""People taken from one event to another: merged events, and a new event for a long list."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed, ReasonNeeded, SlotTaken
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db import people
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.builders import moved, standing


@pytest.fixture
def thin(ctx: Context) -> Context:
    """BR-90 with Al and Bo, where Cy waits; BR-91 in another week with Di, and three places in all."""
    source = builders.event("BR-90", capacity=2)
    builders.booked(source, "Al Ash", "Bo Bell")
    builders.enrolment(source, builders.person("Cy Carr"), Status.WAITLISTED)
    builders.booked(builders.event("BR-91", capacity=3, dates=["2017-06-19"]), "Di Dodd")
    return ctx


def test_everybody_of_a_merged_event_goes_along_and_it_is_called_off(thin: Context) -> None:
    done = event_transfers.merge_events(thin, "br-90", "br-91", reason="two thin events")
    assert moved(done) == [
        ("Al Ash", "booked on BR-90", "booked on BR-91"), ("Bo Bell", "booked on BR-90", "booked on BR-91"),
        ("Cy Carr", "waitlisted on BR-90", "waitlisted on BR-91"),
    ]  # fmt: skip
    assert set(standing("BR-90").values()) == {"transferred"}
    assert standing("BR-91") == {"Di Dodd": "booked", "Al Ash": "booked", "Bo Bell": "booked", "Cy Carr": "waitlisted"}
    assert people_queries.get_event_card(thin, "BR-90").event.state == "cancelled"
    assert builders.list_history_lines(thin, event="BR-90")[0].reason == "two thin events"


def test_who_waits_joins_behind_those_who_wait_there(thin: Context) -> None:
    booking_actions.enrol_people(
        thin, "BR-91", [builders.person("Ed Eve").email], booking_actions.BookingOptions(waiting=True)
    )
    calendar_actions.set_capacity(thin, "BR-91", 2)
    with pytest.raises(RuleBroken, match="BR-91 has no free places, and 2 people would come from BR-90"):
        event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin")
    calendar_actions.set_capacity(thin, "BR-91", 4)
    booking_actions.enrol_people(
        thin, "BR-91", [builders.person("Fi Fox").email], booking_actions.BookingOptions(waiting=True)
    )
    booking_actions.cancel_place(thin, "BR-90", "bo bell", reason="ill")
    booking_actions.enrol_people(thin, "BR-90", ["bo bell"])
    event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin")
    assert standing("BR-91") == {
        "Di Dodd": "booked", "Ed Eve": "booked", "Fi Fox": "waitlisted", "Al Ash": "booked", "Cy Carr": "booked",
        "Bo Bell": "waitlisted",
    }  # fmt: skip
    assert [line.name for line in people_queries.get_event_card(thin, "BR-91").waiting] == ["Fi Fox", "Bo Bell"]


def test_an_offer_is_made_anew_and_not_taken_for_accepted(thin: Context) -> None:
    builders.course(waiting_rule="offer", offer_hours=24)
    booking_actions.cancel_place(thin, "BR-90", "al ash", reason="ill")
    event_transfers.merge_events(builders.at(thin, "2017-04-10T20:00"), "BR-90", "BR-91", reason="thin")
    assert standing("BR-91")["Cy Carr"] == "offered"
    assert [line.offered_until for line in people_queries.get_event_card(thin, "BR-91").waiting] == ["2017-04-11 20:00"]


def test_one_who_is_on_both_keeps_the_better_place(thin: Context) -> None:
    there = people_queries.get_event_card(thin, "BR-91").event
    with read_transaction():
        al, di = (people.find_person(name) for name in ("al ash", "di dodd"))
    builders.enrolment(there, al, Status.WAITLISTED)
    builders.enrolment(people_queries.get_event_card(thin, "BR-90").event, di, Status.WAITLISTED)
    event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin")
    assert (standing("BR-91")["Al Ash"], standing("BR-91")["Di Dodd"]) == ("booked", "booked")
    assert people_queries.get_event_card(thin, "BR-91").event.booked == 3


def test_a_merge_names_everybody_who_cannot_come_and_changes_nothing(thin: Context) -> None:
    busy = builders.event("SP-1", course="SOS-PL", dates=["2017-06-19"], capacity=5)
    with read_transaction():
        both = [people.find_person(name) for name in ("al ash", "cy carr")]
    for each in both:
        builders.enrolment(busy, each)
    with pytest.raises(RuleBroken, match=r"(?s)Nothing was changed\..*Al Ash is already booked.*Cy Carr is already"):
        event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin")
    assert standing("BR-90") == {"Al Ash": "booked", "Bo Bell": "booked", "Cy Carr": "waitlisted"}
    event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin", override="they leave SP-1")
    assert standing("BR-91")["Al Ash"] == "booked"


@pytest.mark.parametrize(
    ("into", "reason", "sentence"),
    [
        ("BR-91", " ", "Merging two events needs a reason"), ("BR-90", "thin", "BR-90 and BR-90 are the same event"),
        ("SP-1", "thin", "only events of the same course can be merged"), ("BR-92", "thin", "it is draft"),
        ("BR-93", "thin", "BR-93 has no free places, and 2 people would come"),
    ],
)  # fmt: skip
def test_a_merge_that_cannot_be_says_why(thin: Context, into: str, reason: str, sentence: str) -> None:
    builders.event("SP-1", course="SOS-PL")
    builders.event("BR-92", state="draft")
    builders.event("BR-93", capacity=0)
    with pytest.raises(RuleBroken, match=sentence) as problem:
        event_transfers.merge_events(thin, "BR-90", into, reason=reason)
    assert isinstance(problem.value, ReasonNeeded) is (reason == " ")
    assert people_queries.get_event_card(thin, "BR-90").event.state == "open"


def test_what_others_make_up_in_a_merged_event_ends(thin: Context) -> None:
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13"])
    fi = builders.person("Fi Fox")
    builders.mark(past, 1, fi, "absent")
    calendar_actions.set_capacity(thin, "BR-90", 3)
    booking_actions.cancel_place(thin, "BR-90", "cy carr", reason="ill")
    makeups.book_make_up(thin, "fi fox", "BR-90", 1)
    event_transfers.merge_events(thin, "BR-90", "BR-91", reason="thin")
    assert people_queries.get_event_card(thin, "BR-90").event.joining == 0
    assert builders.list_history_lines(thin, person="fi fox")[0].verb == "make-up ended"


def test_only_a_coordinator_merges_and_opens_events(thin: Context) -> None:
    booker = replace(thin, role=Role.BOOKER)
    with pytest.raises(NotAllowed):
        event_transfers.merge_events(booker, "BR-90", "BR-91", reason="thin")
    with pytest.raises(NotAllowed):
        event_transfers.add_overflow_event(booker, "BR-90", date(2017, 7, 3))


@pytest.fixture
def long_list(ctx: Context) -> Context:
    """BR-90 with one place: Al has it; Bo, Cy and Di wait."""
    event = builders.event("BR-90", capacity=2, dates=["2017-06-12", "2017-06-26"])
    builders.booked(event, "Al Ash", "Zoe Zane")
    for name in ("Bo Bell", "Cy Carr", "Di Dodd"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    return ctx


def test_a_new_event_takes_the_list_in_its_order_as_far_as_its_places_go(long_list: Context) -> None:
    changes, moves = event_transfers.add_overflow_event(long_list, "BR-90", date(2017, 7, 3))
    new = changes[0].event
    assert moved(moves) == [
        ("Bo Bell", "waitlisted on BR-90", f"booked on {new}"), ("Cy Carr", "waitlisted on BR-90", f"booked on {new}"),
    ]  # fmt: skip
    assert standing(new) == {"Bo Bell": "booked", "Cy Carr": "booked"}
    card = people_queries.get_event_card(long_list, new)
    assert (card.event.state, card.event.capacity) == ("open", 2)
    assert [line.date for line in card.sessions] == ["2017-07-03", "2017-07-17"]
    assert [line.name for line in people_queries.get_event_card(long_list, "BR-90").waiting] == ["Di Dodd"]


def test_who_is_elsewhere_at_that_time_stays_on_the_list_and_the_next_gets_the_place(long_list: Context) -> None:
    busy = builders.event("SP-1", course="SOS-PL", dates=["2017-07-03"])
    with read_transaction():
        cy = people.find_person("cy carr")
    builders.enrolment(busy, cy)
    changes, moves = event_transfers.add_overflow_event(long_list, "BR-90", date(2017, 7, 3))
    new = changes[0].event
    assert [(each.name, each.after) for each in moves] == [
        ("Bo Bell", f"booked on {new}"),
        ("Cy Carr", f"still waitlisted: on SP-1 session 1 at the time of {new} session 1 (Mon 3 Jul 2017)"),
        ("Di Dodd", f"booked on {new}"),
    ]
    assert standing("BR-90")["Cy Carr"] == "waitlisted"


def test_approval_goes_along_to_the_new_event(long_list: Context) -> None:
    builders.course(approval="coordinator")
    calendar_actions.set_capacity(long_list, "BR-90", 1, override="smaller room")
    booking_actions.enrol_people(long_list, "BR-90", [builders.person("Ed Eve").email])
    booking_actions.approve_request(long_list, "BR-90", "ed eve")
    for name in ("bo bell", "cy carr", "di dodd"):
        booking_actions.cancel_place(long_list, "BR-90", name, reason="ill")
    changes, _ = event_transfers.add_overflow_event(long_list, "BR-90", date(2017, 7, 3))
    assert standing(changes[0].event) == {"Ed Eve": "booked"}


def test_a_new_event_needs_a_list_and_days_that_can_be(long_list: Context) -> None:
    builders.event("BR-91")
    with pytest.raises(RuleBroken, match="No one is waiting for BR-91"):
        event_transfers.add_overflow_event(long_list, "BR-91", date(2017, 7, 3))
    with pytest.raises(NotFound):
        event_transfers.add_overflow_event(long_list, "NOPE", date(2017, 7, 3))
    hall = builders.event("BR-92", dates=["2017-07-03"], venue="Town Hall", room="Chamber", capacity=0)
    builders.enrolment(hall, builders.person(), Status.WAITLISTED)
    with pytest.raises(SlotTaken, match="Chamber is taken by BR-92"):
        event_transfers.add_overflow_event(long_list, "BR-92", date(2017, 7, 3))


def test_a_dry_run_leaves_no_event_behind(long_list: Context) -> None:
    changes, moves = preview_change(
        long_list, lambda: event_transfers.add_overflow_event(long_list, "BR-90", date(2017, 7, 3))
    ).result
    assert len(moves) == 2
    with pytest.raises(NotFound):
        people_queries.get_event_card(long_list, changes[0].event)
    assert standing("BR-90")["Bo Bell"] == "waitlisted"
