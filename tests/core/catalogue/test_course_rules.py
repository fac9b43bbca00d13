"""What each course asks of its bookings, and who may say so."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.mail.change_preview import preview_change
from db import models
from db.engine.connection import write_transaction
from db.errors import NotFound, WrongUse
from db.records.booking import Status
from db.records.catalogue import BookingRules, Strictness
from db.records.startup import Role
from tests import builders


def rules(ctx: Context, code: str = "BR") -> BookingRules:
    return next(found for course, found, _ in course_rules.list_course_rules(ctx) if course.code == code)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("approval", "Manager", "manager"), ("waiting_rule", "offer", "offer"), ("offer_hours", "24", 24),
        ("cutoff_days", "0", 0), ("booking_cutoff_days", " 3 ", 3), ("managers_only", "yes", True),
        ("managers_only", "No", False), ("audience_rule", "rule", "rule"),
    ],
)  # fmt: skip
def test_each_setting_is_stored_and_stands_in_the_history(ctx: Context, name: str, typed: str, stored: object) -> None:
    done = course_rules.set_course_rule(ctx, "br", name, typed)
    assert getattr(rules(ctx), name) == stored
    assert (done.event, done.field) == ("BR", name)
    line = builders.list_history_lines(ctx)[0]
    assert (line.actor, line.verb, line.subject, line.after) == ("alice", "course changed", f"BR: {name}", done.after)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("approval", "boss", "Type one of none, manager, coordinator for 'approval', not 'boss'"),
        ("waiting_rule", "", "Type one of promote, offer for 'waiting_rule'"),
        ("offer_hours", "0", "Type a number up to 1000 for 'offer_hours'"),
        ("offer_hours", "-1", "Type a number up to 1000 for 'offer_hours'"),
        ("cutoff_days", "1001", "Type a number up to 1000 for 'cutoff_days'"),
        ("cutoff_days", "two", "Type a number up to 1000 for 'cutoff_days'"),
        ("managers_only", "maybe", "Type yes or no for 'managers_only'"),
        ("colour", "red", "A course has no setting 'colour'"),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_changes_nothing(ctx: Context, name: str, typed: str, sentence: str) -> None:
    before = rules(ctx)
    with pytest.raises(WrongUse, match=sentence):
        course_rules.set_course_rule(ctx, "BR", name, typed)
    assert rules(ctx) == before


def test_a_course_that_is_not_there_is_said_with_those_that_are(ctx: Context) -> None:
    with pytest.raises(NotFound, match=r"There is no course XX\. The courses are: SOS-INTRO"):
        course_rules.set_course_rule(ctx, "XX", "approval", "none")
    with pytest.raises(NotFound):
        course_rules.require_prerequisite(ctx, "BR", "XX", Strictness.WARN)


def test_only_a_coordinator_says_what_a_course_asks(ctx: Context) -> None:
    booker = replace(ctx, role=Role.BOOKER)
    with pytest.raises(NotAllowed):
        course_rules.set_course_rule(booker, "BR", "approval", "none")
    with pytest.raises(NotAllowed):
        course_rules.require_prerequisite(booker, "RL", "BR", Strictness.WARN)


def test_what_comes_before_warns_or_forbids_where_people_are_booked(ctx: Context) -> None:
    builders.event("BR-90", capacity=5)
    jo, al = builders.person("Jo Smith"), builders.person("Al Ash")
    course_rules.require_prerequisite(ctx, "BR", "SOS-INTRO", Strictness.WARN)
    said = "Jo Smith has not completed SOS-INTRO, which comes first."
    assert preview_change(ctx, lambda: booking_actions.enrol_people(ctx, "BR-90", [jo.email])).result[0].reason == said
    course_rules.require_prerequisite(ctx, "BR", "SOS-INTRO", Strictness.RULE)
    assert rules(ctx).prerequisites == (("SOS-INTRO", Strictness.RULE),)
    with pytest.raises(booking_actions.EnrolmentNeedsReason, match=r"Jo Smith has not completed SOS-INTRO"):
        booking_actions.enrol_people(ctx, "BR-90", [jo.email])
    with write_transaction():
        course = models.CourseRow.get(models.CourseRow.code == "SOS-INTRO").id
        models.CompletionRow.insert(person=al.id, course=course, on="2017-03-01").execute()
    assert booking_actions.enrol_people(ctx, "BR-90", [al.email])[0].reason == ""
    assert booking_actions.enrol_people(ctx, "BR-90", [jo.email], override="did it elsewhere")[0].reason == said
    course_rules.require_prerequisite(ctx, "BR", "SOS-INTRO", Strictness.OFF)
    assert rules(ctx).prerequisites == ()


def test_restorative_leadership_warns_that_it_is_for_managers(ctx: Context) -> None:
    builders.event("RL-90", course="RL")
    people = [builders.person("Jo Smith"), builders.person("Meg Boss", is_manager=True)]
    done = booking_actions.enrol_people(ctx, "RL-90", [each.email for each in people])
    assert [(each.outcome, each.reason) for each in done] == [
        ("booked", "The course is for managers only, and Jo Smith is not a manager."), ("booked", ""),
    ]  # fmt: skip


def test_no_course_comes_before_itself(ctx: Context) -> None:
    with pytest.raises(WrongUse, match="BR cannot be required before itself"):
        course_rules.require_prerequisite(ctx, "BR", "br", Strictness.WARN)


def test_repeated_no_shows_are_seen_where_the_next_booking_is_made(ctx: Context) -> None:
    jo = builders.person("Jo Smith")
    for number in (1, 2):
        builders.enrolment(builders.event(f"BR-8{number}", dates=[f"2017-03-0{number}"]), jo, Status.NO_SHOW)
    builders.event("BR-90")
    assert (
        booking_actions.enrol_people(ctx, "BR-90", [jo.email])[0].reason
        == "Jo Smith did not attend 2 earlier events (BR-82, BR-81)."
    )
