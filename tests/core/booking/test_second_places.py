"""Several events of one course: what a booking says of the others, and what becomes of waiting for them."""

from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, Overridable
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.booking.actions import ORDINARY_BOOKING, BookingOptions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from db import catalogue, earlier_learning
from db.engine.connection import write_transaction
from db.records.attendance import HeldCompletion
from db.records.booking import Status
from db.records.catalogue import WaitingElsewhere
from db.records.people import Person
from tests import builders
from tests.builders import standing


@pytest.fixture
def jo(ctx: Context) -> Person:
    """Jo has a place on BR-02, waits for BR-03 and completed the course in 2016. BR-04 has room, SP-1 is another's."""
    who = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-02", dates=["2017-05-30"]), who)
    builders.enrolment(builders.event("BR-03", capacity=0, dates=["2017-06-20"]), who, Status.WAITLISTED)
    builders.event("BR-04", capacity=2, dates=["2017-07-03"])
    builders.event("SOS-INTRO-90", course="SOS-INTRO", dates=["2017-07-04"])
    with write_transaction():
        earlier_learning.store_completions(
            catalogue.find_course("BR").id, {who.id: HeldCompletion(date(2016, 9, 1))}, ()
        )
    return who


def said(ctx: Context, reference: str, person: Person, options: BookingOptions = ORDINARY_BOOKING) -> str:
    (outcome,) = booking_actions.enrol_people(ctx, reference, [person.key], options)
    return outcome.reason


def test_a_booking_says_where_else_the_person_is_on_the_course(ctx: Context, jo: Person) -> None:
    assert said(ctx, "BR-04", jo) == (
        "Jo Smith has a place on BR-02 on Tue 30 May 2017, waits for BR-03 on Tue 20 Jun 2017 and completed this "
        "course in 2016."
    )
    assert booking_queries.list_other_places(ctx, "SOS-INTRO-90", jo.key) == []


def test_nothing_is_said_of_what_is_over_cancelled_or_of_another_course(ctx: Context) -> None:
    who = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-01", dates=["2017-03-01"]), who)
    builders.enrolment(builders.event("BR-02", dates=["2017-05-30"], state="cancelled"), who, Status.EVENT_CANCELLED)
    builders.enrolment(builders.event("SOS-INTRO-90", course="SOS-INTRO", dates=["2017-07-04"]), who)
    builders.event("BR-04", dates=["2017-07-03"])
    assert said(ctx, "BR-04", who) == ""


def test_a_pasted_line_says_it_as_well(ctx: Context, jo: Person) -> None:
    (line,) = booking_actions.preview_pasted_list(ctx, "BR-04", "jo smith")
    assert "has a place on BR-02" in line.detail


@pytest.mark.parametrize(
    ("rule", "asked_for", "waits"),
    [
        ("remove", None, False), ("ask", None, True), ("keep", None, True),
        ("ask", WaitingElsewhere.REMOVE, False), ("remove", WaitingElsewhere.KEEP, True),
        ("keep", WaitingElsewhere.REMOVE, False),
    ],
)  # fmt: skip
def test_other_waiting_is_ended_or_kept_as_the_course_says_or_as_it_was_decided(
    ctx: Context, jo: Person, rule: str, asked_for: WaitingElsewhere | None, waits: bool
) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", rule)
    told = said(ctx, "BR-04", jo, BookingOptions(waiting_elsewhere=asked_for))
    assert standing("BR-03") == {"Jo Smith": "waitlisted" if waits else "cancelled"}
    assert ("is taken off the waiting list of BR-03" in told) is not waits
    if not waits:
        (line,) = [
            each
            for each in builders.list_history_lines(ctx, event="BR-03")
            if each.verb == "taken off the waiting list"
        ]
        assert line.reason == "has a place on BR-04"


def test_only_a_place_ends_other_waiting_and_not_another_place_in_a_queue(ctx: Context, jo: Person) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", "remove")
    builders.event("BR-05", capacity=0, dates=["2017-07-10"])
    assert "waits for BR-03" in said(ctx, "BR-05", jo)
    assert standing("BR-03") == {"Jo Smith": "waitlisted"}


def test_a_transfer_an_approval_an_offer_and_a_substitution_end_other_waiting_too(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", "remove")
    full, free = (
        builders.event("BR-03", capacity=0, dates=["2017-06-20"]),
        builders.event("BR-04", capacity=9, dates=["2017-07-03"]),
    )
    source = builders.event("BR-05", capacity=9, dates=["2017-07-10"])
    moved, asking, offered, coming = (builders.person(f"{name} Ek") for name in ("Al", "Bo", "Cy", "Di"))
    (leaving,) = builders.booked(free, "Ed Fox")
    builders.enrolment(source, moved)
    builders.enrolment(free, asking, Status.REQUESTED)
    builders.enrolment(free, offered, Status.OFFERED)
    for each in (moved, asking, offered, coming):
        builders.enrolment(full, each, Status.WAITLISTED)
    booking_actions.transfer_person(ctx, "BR-05", moved.key, "BR-04")
    booking_actions.approve_request(ctx, "BR-04", asking.key)
    booking_actions.accept_offer(ctx, "BR-04", offered.key)
    booking_actions.substitute_person(ctx, "BR-04", leaving.key, coming.key)
    assert set(standing("BR-03").values()) == {"cancelled"}


def test_a_place_that_comes_free_is_offered_to_who_has_one_on_the_course_already(ctx: Context, jo: Person) -> None:
    wy = builders.person("Wy Young")
    booking_actions.enrol_people(ctx, "BR-03", [wy.key])
    calendar_actions.set_capacity(ctx, "BR-03", 2)
    assert standing("BR-03") == {"Jo Smith": "offered", "Wy Young": "booked"}
    (line,) = [each for each in builders.list_history_lines(ctx, event="BR-03") if each.verb == "offered a place"]
    assert line.reason == "has a place on BR-02 on Tue 30 May 2017"
    assert "has a place on BR-02" in booking_queries.list_other_places(ctx, "BR-03", jo.key)[0]


def test_who_is_moved_up_on_one_event_is_taken_off_the_others(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", "remove")
    who = builders.person("Jo Smith")
    for reference, day in (("BR-02", "2017-05-30"), ("BR-03", "2017-06-20")):
        builders.enrolment(builders.event(reference, capacity=0, dates=[day]), who, Status.WAITLISTED)
    calendar_actions.set_capacity(ctx, "BR-03", 1)
    assert (standing("BR-02"), standing("BR-03")) == ({"Jo Smith": "cancelled"}, {"Jo Smith": "booked"})


def test_the_check_of_the_database_names_second_places(ctx: Context, jo: Person) -> None:
    def found(check: str) -> list[str]:
        return [str(each) for each in upkeep.check_open_database(ctx) if each.check == check and each.result != "ok"]

    assert found("one place on a course") == []
    booking_actions.enrol_people(ctx, "BR-04", [jo.key])
    (finding,) = found("one place on a course")
    assert f"Jo Smith ({jo.key}) has a place on BR-02 and on BR-04 (BR)" in finding
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", "remove")
    assert len(found("no one is waiting with another place on the course")) == 1
    course_rules.set_course_rule(ctx, "BR", "waiting_elsewhere", "keep")
    assert found("one place on a course") == []


def test_who_leads_a_session_cannot_be_booked_at_that_time_without_a_reason(ctx: Context) -> None:
    ty = builders.person("Ty Lead")
    builders.event("SP-1", course="SOS-INTRO", dates=["2017-07-03"], facilitators=[ty])
    builders.event("BR-04", dates=["2017-07-03"])
    with pytest.raises(Overridable, match=r"Ty Lead leads SP-1 session 1 at the time of BR-04 session 1 \(Mon 3 Jul"):
        booking_actions.enrol_people(ctx, "BR-04", [ty.key])
    booking_actions.enrol_people(ctx, "BR-04", [ty.key], override="Only looks in")
    (clash,) = calendar_actions.list_clashes(ctx)
    assert (clash.kind, clash.event, clash.other_event, clash.what) == (
        "learner", "BR-04", "SP-1", "Ty Lead, who leads SP-1",
    )  # fmt: skip


def test_who_leads_the_event_itself_is_told(ctx: Context) -> None:
    ty = builders.person("Ty Lead")
    builders.event("BR-04", dates=["2017-07-03"], facilitators=[ty])
    with pytest.raises(Overridable, match="Ty Lead leads BR-04 session 1"):
        booking_actions.enrol_people(ctx, "BR-04", [ty.key])


def test_every_clash_is_named_and_not_the_first_alone(ctx: Context) -> None:
    who = builders.person("Bo Ek")
    days = ["2017-07-03", "2017-07-10"]
    builders.enrolment(builders.event("SP-1", course="SOS-INTRO", dates=days), who)
    builders.event("SP-2", course="SOS-SAT", dates=days[1:], facilitators=[who])
    target = builders.event("BR-04", dates=days)
    with pytest.raises(booking_actions.EnrolmentRefused) as refused:
        booking_actions.enrol_people(ctx, target.reference, [who.key])
    for one in ("SP-1 session 1", "SP-1 session 2", "and leads SP-2 session 1"):
        assert one in str(refused.value)


def test_who_is_made_to_lead_while_learning_is_told_and_not_refused(ctx: Context) -> None:
    ty = builders.person("Ty Lead")
    builders.enrolment(builders.event("SP-1", course="SOS-INTRO", dates=["2017-07-03"]), ty)
    builders.event("BR-04", dates=["2017-07-03"])
    changes = calendar_actions.assign_facilitators(ctx, "BR-04", [ty.key])
    assert [(each.field, each.after) for each in changes] == [
        ("led by", "Ty Lead"),
        ("clash", "Ty Lead leads BR-04 session 1 and has a place on SP-1 session 1 at that time"),
    ]


def test_a_session_is_not_moved_to_when_its_facilitator_learns(ctx: Context) -> None:
    ty = builders.person("Ty Lead")
    builders.enrolment(builders.event("SP-1", course="SOS-INTRO", dates=["2017-07-03"]), ty)
    builders.event("BR-04", dates=["2017-07-04"], facilitators=[ty])
    with pytest.raises(Overridable, match="Ty Lead leads BR-04 session 1 and has a place on SP-1 session 1"):
        calendar_actions.move_session(ctx, "BR-04", 1, calendar_actions.SessionMove(date(2017, 7, 3)))


def test_a_make_up_at_the_time_of_a_session_one_leads_is_a_clash(ctx: Context) -> None:
    learner = builders.person("Jo Smith")
    first = builders.event("BR-01", dates=["2017-04-01", "2017-04-02"])
    builders.enrolment(first, learner)
    builders.mark(first, 1, learner), builders.mark(first, 2, learner, "absent")
    builders.event("SP-1", course="SOS-INTRO", dates=["2017-07-04"], facilitators=[learner])
    builders.event("BR-04", dates=["2017-07-03", "2017-07-04"])
    with pytest.raises(LearnerClash, match="Jo Smith leads SP-1 session 1"):
        makeups.book_make_up(ctx, learner.key, "BR-04", 2)
