"""A missed module, made up in another event of the course."""

from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, NotAllowed, NotBookable
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import invitations
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db import calendar, people
from db.engine.connection import read_transaction
from db.errors import NoSuchSession, NotFound, RuleBroken
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.builders import moved, standing

DAYS = ["2017-06-12", "2017-06-26", "2017-07-10"]


@pytest.fixture
def missed(ctx: Context) -> Context:
    """Jo was at modules 1 and 3 of BR-80 in March and missed module 2; BR-90 has its own three days in the summer."""
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13", "2017-03-20"])
    jo = builders.person("Jo Smith")
    for number, kind in ((1, "present"), (2, "absent"), (3, "left_early")):
        builders.mark(past, number, jo, kind)
    builders.event("BR-90", capacity=2, dates=DAYS)
    return ctx


def chances(ctx: Context) -> list[tuple[str, int, int]]:
    return [(each.event, each.session, each.free) for each in makeups.list_make_up_sessions(ctx, "jo smith")]


def test_the_missed_module_is_offered_in_other_events_of_the_course(missed: Context) -> None:
    builders.event("BR-91", capacity=1, dates=["2017-05-08", "2017-05-15", None])
    builders.event("SP-1", course="SOS-PL", dates=DAYS)
    builders.event("BR-92", state="draft", dates=DAYS)
    assert chances(missed) == [("BR-91", 2, 1), ("BR-90", 2, 2)]
    (first, _) = makeups.list_make_up_sessions(missed, "jo smith")
    assert (first.course, first.module, first.date, first.start) == ("BR", "Module 2", "2017-05-15", "09:30")


def test_one_who_was_at_nothing_but_is_in_a_register_has_everything_to_make_up(missed: Context) -> None:
    al = builders.person("Al Ash")
    with read_transaction():
        past = calendar.fetch_event("BR-80")
    builders.mark(past, 1, al, "apologies")
    assert [each.session for each in makeups.list_make_up_sessions(missed, "al ash")] == [1, 2, 3]
    builders.person("Bo Bell")
    assert makeups.list_make_up_sessions(missed, "bo bell") == []


def test_what_a_place_to_come_will_bring_is_not_missing(missed: Context) -> None:
    booking_actions.enrol_people(missed, "BR-90", ["jo smith"])
    builders.event("BR-91", dates=["2017-05-08", "2017-05-15"])
    assert chances(missed) == []
    assert chances(builders.at(missed, "2017-07-11")) == []  # its days are over, and the register is yet to be taken


def test_a_seat_in_one_session_counts_for_the_whole_event(missed: Context) -> None:
    done = makeups.book_make_up(missed, "jo smith", "br-90", 2)
    assert (done.event, done.session, done.free) == ("BR-90", 2, 1)
    event = people_queries.get_event_card(missed, "BR-90").event
    assert (event.booked, event.joining, event.free) == (0, 1, 1)
    people = [builders.person(name).email for name in ("Al Ash", "Bo Bell")]
    assert [each.outcome for each in booking_actions.enrol_people(missed, "BR-90", people)] == ["booked", "waitlisted"]
    assert [line.free for line in people_queries.list_bookable_events(missed, "BR-90", everything=True)] == [0]
    assert "BR-90" not in {line.event for line in people_queries.list_bookable_events(missed)}
    assert chances(missed) == []


def test_the_make_up_with_most_people_counts_not_their_sum(missed: Context) -> None:
    al = builders.person("Al Ash")
    with read_transaction():
        past = calendar.fetch_event("BR-80")
    for number in (1, 2):
        builders.mark(past, number, al)
    makeups.book_make_up(missed, "al ash", "BR-90", 3)
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    assert people_queries.get_event_card(missed, "BR-90").event.joining == 1


def test_a_seat_given_back_moves_the_next_person_up(missed: Context) -> None:
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    people = [builders.person(name).email for name in ("Al Ash", "Bo Bell")]
    booking_actions.enrol_people(missed, "BR-90", people)
    assert moved(makeups.cancel_make_up(missed, "jo smith", "BR-90", 2, reason="ill")) == [
        ("Bo Bell", "waitlisted", "booked")
    ]
    assert people_queries.get_event_card(missed, "BR-90").event.joining == 0
    assert chances(missed) == []
    with pytest.raises(NotFound, match="Jo Smith is not making up a module in BR-90 session 2"):
        makeups.cancel_make_up(missed, "jo smith", "BR-90", 2, reason="ill")


def test_who_gets_a_place_on_the_event_needs_no_make_up_in_it(missed: Context) -> None:
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    booking_actions.enrol_people(missed, "BR-90", ["jo smith"])
    event = people_queries.get_event_card(missed, "BR-90").event
    assert (event.booked, event.joining) == (1, 0)


@pytest.mark.parametrize(
    ("session", "moment", "kind", "sentence"),
    [
        (2, "2017-06-26T09:30", RuleBroken, "Session 2 of BR-90 is over or has no date"),
        (1, "2017-04-10", RuleBroken, "Jo Smith has not missed Module 1"),
        (9, "2017-04-10", NoSuchSession, "BR-90 has no session 9"),
    ],
)
def test_only_a_session_to_come_of_a_missed_module_is_joined(
    missed: Context, session: int, moment: str, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        makeups.book_make_up(builders.at(missed, moment), "jo smith", "BR-90", session)


def test_nobody_makes_up_where_there_is_no_seat_or_twice(missed: Context) -> None:
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    with pytest.raises(RuleBroken, match="Jo Smith is already making up Module 2 in that session"):
        makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    builders.booked(builders.event("BR-91", capacity=1, dates=DAYS), "Al Ash")
    makeups.cancel_make_up(missed, "jo smith", "BR-90", 2, reason="ill")
    with pytest.raises(RuleBroken, match="Session 2 of BR-91 has no free place"):
        makeups.book_make_up(missed, "jo smith", "BR-91", 2)
    builders.event("BR-92", state="draft", dates=DAYS)
    with pytest.raises(NotBookable):
        makeups.book_make_up(missed, "jo smith", "BR-92", 2)
    with pytest.raises(NotAllowed):
        makeups.book_make_up(replace(missed, role=Role.VIEWER), "jo smith", "BR-90", 2)


def test_a_make_up_is_a_commitment_in_both_directions(missed: Context) -> None:
    builders.event("SP-1", course="SOS-PL", dates=["2017-06-26"])
    booking_actions.enrol_people(missed, "SP-1", ["jo smith"])
    with pytest.raises(LearnerClash, match="SP-1 session 1"):
        makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    makeups.book_make_up(missed, "jo smith", "BR-90", 2, override="leaves SP-1")
    assert [(each.kind, each.what) for each in calendar_actions.list_clashes(missed)] == [("learner", "Jo Smith")]
    booking_actions.cancel_place(missed, "SP-1", "jo smith", reason="other")
    with pytest.raises(booking_actions.EnrolmentRefused, match="already booked on BR-90 session 2"):
        booking_actions.enrol_people(missed, "SP-1", ["jo smith"])


def test_whoever_makes_a_session_up_is_invited_to_that_session_alone(missed: Context, tmp_path: Path) -> None:
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    assert [(each.attendee.name, each.session) for each in invitations.list_due_invitations(missed, "BR-90")] == [
        ("Jo Smith", 2)
    ]
    invitations.write_invitations(missed, "BR-90", str(tmp_path / "out"))
    makeups.cancel_make_up(missed, "jo smith", "BR-90", 2, reason="ill")
    assert [(each.method.value, each.session) for each in invitations.list_due_invitations(missed, "BR-90")] == [
        ("CANCEL", 2)
    ]


def test_cancelling_the_event_ends_what_is_made_up_in_it(missed: Context) -> None:
    makeups.book_make_up(missed, "jo smith", "BR-90", 2)
    calendar_actions.cancel_event(missed, "BR-90", reason="trainer ill")
    assert people_queries.get_event_card(missed, "BR-90").event.joining == 0
    assert standing("BR-90") == {}
    builders.event("BR-91", dates=DAYS)
    assert chances(missed) == [("BR-91", 2, 2)]  # to be made up again


def test_a_dry_run_takes_no_seat(missed: Context) -> None:
    preview_change(missed, lambda: makeups.book_make_up(missed, "jo smith", "BR-90", 2))
    assert people_queries.get_event_card(missed, "BR-90").event.joining == 0


def test_nobody_is_offered_the_event_they_are_on(missed: Context) -> None:
    with read_transaction():
        jo, event = people.find_person("jo smith"), calendar.fetch_event("BR-90")
    builders.enrolment(event, jo, Status.WAITLISTED)
    assert chances(missed) == []
