"""What today asks of a coordinator."""

from datetime import date, datetime
from pathlib import Path

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules, resources
from csc_tui.core.demo import database
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.mail import invitations
from csc_tui.core.people import queries as people_queries
from csc_tui.core.today import decisions
from csc_tui.core.today.decisions import Decision, DecisionKind
from db import models
from db.engine.connection import write_transaction
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.catalogue import ResourceKind
from db.records.groups import CommitmentState
from db.records.mail import PartStat
from db.records.startup import EventState
from tests import builders

K = DecisionKind


def found(ctx: Context, kind: DecisionKind) -> list[Decision]:
    return [each for each in decisions.list_decisions(ctx) if each.kind is kind]


def test_nothing_is_to_be_decided_where_nobody_asks_and_nothing_is_thin(ctx: Context, tmp_path: Path) -> None:
    builders.booked(builders.event(minimum=1), "Bo Ek")
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    assert decisions.list_decisions(ctx) == []


def test_requests_are_counted_for_each_event_the_oldest_first(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "approval", "coordinator")
    builders.event("BR-90", dates=["2017-06-12"]), builders.event("BR-91", dates=["2017-06-13"])
    booking_actions.enrol_people(builders.at(ctx, "2017-04-09T12:00"), "BR-91", [builders.person().key])
    booking_actions.enrol_people(ctx, "BR-90", [builders.person().key, builders.person().key])
    assert decisions.list_decisions(ctx) == [
        Decision(DecisionKind.REQUEST, "BR-91", "Being Restorative", 1, "", datetime(2017, 4, 9, 12, 0)),
        Decision(DecisionKind.REQUEST, "BR-90", "Being Restorative", 2, "", datetime(2017, 4, 10, 9, 0)),
    ]


def test_an_offer_is_there_from_two_days_before_it_ends_by_the_councils_clock(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_rule", "offer")
    course_rules.set_course_rule(ctx, "BR", "offer_hours", "72")
    event = builders.event(capacity=1)
    (bo,) = builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    booking_actions.cancel_place(ctx, "BR-90", bo.key, reason="ill")
    assert decisions.list_decisions(ctx) == []
    (decision,) = decisions.list_decisions(builders.at(ctx, "2017-04-11T10:00"))
    assert (decision.name, decision.due) == ("Di Low", datetime(2017, 4, 13, 9, 0))


def test_a_thin_event_is_there_two_weeks_before_its_decision_date_until_it_is_decided(ctx: Context) -> None:
    builders.booked(builders.event(capacity=9, minimum=4), "Bo Ek")
    calendar_actions.set_minimum(ctx, "BR-90", 4, decide_by=date(2017, 5, 1))
    assert found(ctx, K.MINIMUM) == []
    later = builders.at(ctx, "2017-04-20")
    assert found(later, K.MINIMUM) == [
        Decision(DecisionKind.MINIMUM, "BR-90", "Being Restorative", 3, "", date(2017, 5, 1))
    ]
    calendar_actions.cancel_event(later, "BR-90", reason="too few")
    assert found(later, K.MINIMUM) == []


def test_who_was_offered_a_place_counts_towards_the_minimum(ctx: Context) -> None:
    event = builders.event(capacity=9, minimum=4)
    builders.booked(event, "Bo Ek")
    calendar_actions.set_minimum(ctx, "BR-90", 4, decide_by=date(2017, 5, 1))
    builders.enrolment(event, builders.person("Di Low"), Status.OFFERED)
    later = builders.at(ctx, "2017-04-20")
    assert [each.number for each in found(later, K.MINIMUM)] == [2]
    for name in ("Al Ash", "Cy Orr"):
        builders.enrolment(event, builders.person(name), Status.OFFERED)
    assert found(later, K.MINIMUM) == [], "one is booked and three were offered a place: that makes four"


def test_a_register_is_asked_for_when_the_session_is_over_and_until_everybody_is_marked(ctx: Context) -> None:
    event = builders.event(dates=["2017-04-10", "2017-04-11"])
    bo, _ = builders.booked(event, "Bo Ek", "Di Low")
    assert found(builders.at(ctx, "2017-04-10T12:29"), K.REGISTER) == []
    over = builders.at(ctx, "2017-04-10T12:30")
    assert found(over, K.REGISTER) == [
        Decision(K.REGISTER, "BR-90", "Being Restorative", 2, "", date(2017, 4, 10), session=1)
    ]
    attendance_actions.mark_person(over, "BR-90", 1, bo.key, attendance_actions.NewMark(MarkKind.PRESENT))
    (left,) = found(over, K.REGISTER)
    assert left.what == "Session 1, Mon 10 Apr 2017: 1 not marked yet"
    attendance_actions.mark_rest(over, "BR-90", 1, MarkKind.ABSENT)
    assert found(over, K.REGISTER) == []
    assert [each.session for each in found(builders.at(ctx, "2017-07-10"), K.REGISTER)] == [2]
    assert found(builders.at(ctx, "2017-08-01"), K.REGISTER) == [], "what is long past is no news"


def test_nobody_is_asked_for_the_register_of_an_event_that_did_not_take_place_or_had_nobody(ctx: Context) -> None:
    builders.event("BR-91", dates=["2017-04-03"])
    builders.booked(builders.event("BR-92", dates=["2017-04-03"], state="cancelled"), "Bo Ek")
    assert found(ctx, K.REGISTER) == []


def test_a_clash_is_told_once_until_somebody_gives_a_reason(ctx: Context) -> None:
    trainer = builders.person("Ty Lead")
    one = builders.event("BR-91", venue="Hall", room="1", facilitators=[trainer])
    other = builders.event("BR-92", venue="Hall", room="1", facilitators=[trainer])
    for who in builders.booked(one, "Bo Ek", "Di Low"):
        builders.enrolment(other, who)
    told = [(each.event, each.session, each.other, each.name, each.number) for each in found(ctx, K.CLASH)]
    assert sorted(told) == [
        ("BR-91", 1, "BR-92 session 1", "Bo Ek", 2),
        ("BR-91", 1, "BR-92 session 1", "Hall, 1", 1),
        ("BR-91", 1, "BR-92 session 1", "Ty Lead", 1),
    ]
    calendar_actions.set_session_venue(ctx, "BR-91", "Centre", session=1)
    calendar_actions.set_session_venue(ctx, "BR-91", "Hall", "1", session=1, override="They share it")
    assert [each.name for each in found(ctx, K.CLASH)] == ["Bo Ek"]
    calendar_actions.move_session(ctx, "BR-92", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    assert found(ctx, K.CLASH) == []


def test_a_person_booked_on_two_things_with_a_reason_is_no_news(ctx: Context) -> None:
    builders.event("BR-91"), builders.event("SOS-INTRO-91", course="SOS-INTRO", dates=["2017-06-12"])
    bo = builders.person("Bo Ek")
    booking_actions.enrol_people(ctx, "BR-91", [bo.key])
    booking_actions.enrol_people(ctx, "SOS-INTRO-91", [bo.key], override="Leaves early")
    assert found(ctx, K.CLASH) == []


def test_a_declined_invitation_is_told_with_the_place_it_is_about(ctx: Context, tmp_path: Path) -> None:
    event = builders.event(dates=["2017-06-12", "2017-06-19"])
    bo, _ = builders.booked(event, "Bo Ek", "Di Low")
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    with write_transaction():
        models.InvitationRow.update(partstat=PartStat.DECLINED).where(models.InvitationRow.person == bo.id).execute()
    (declined,) = found(ctx, K.DECLINED)
    assert (declined.person, declined.number, declined.session) == (bo.key, 2, 1)
    assert declined.what == "Bo Ek declined session 1 and 1 other, Mon 12 Jun 2017"
    assert [each.session for each in found(builders.at(ctx, "2017-06-12T13:00"), K.DECLINED)] == [2]
    booking_actions.cancel_place(ctx, "BR-90", bo.key, reason="declined")
    assert found(ctx, K.DECLINED) == []


def test_sessions_without_a_date_are_counted_by_event_those_with_people_first(ctx: Context) -> None:
    builders.event("BR-91", dates=[None, None], state="draft")
    builders.booked(builders.event("BR-92", dates=["2017-06-12", None]), "Bo Ek")
    builders.event("BR-93", dates=[None], state="cancelled")
    assert [(each.event, each.number, each.due) for each in found(ctx, K.UNDATED)] == [
        ("BR-92", 1, None), ("BR-91", 2, None),
    ]  # fmt: skip


def counted(ctx: Context) -> dict[str, int]:
    """By event, how many invitations inviting itself would write for what is ahead."""
    last = ctx.today() + decisions.AHEAD
    many = {
        line.event: sum(each.entry.starts.date() <= last for each in invitations.list_due_invitations(ctx, line.event))
        for line in people_queries.list_events(ctx)
    }
    return {event: number for event, number in many.items() if number}


def due(ctx: Context) -> dict[str, int]:
    return {each.event: each.number for each in found(ctx, K.INVITATION)}


def test_invitations_are_counted_as_inviting_itself_would_count_them(ctx: Context, tmp_path: Path) -> None:
    event = builders.event(capacity=4, dates=["2017-06-12", "2017-06-19"], venue="Hall")
    bo, di, _ = builders.booked(event, "Bo Ek", "Di Low", "Ty Te")
    builders.enrolment(event, builders.person("No Mail", email="not an address"))
    builders.enrolment(event, builders.person("Wai Ting"), Status.WAITLISTED)
    assert due(ctx) == counted(ctx) == {"BR-90": 6}
    invitations.write_invitations(ctx, "BR-90", str(tmp_path), invitations.InvitationOptions(person=bo.key))
    invitations.write_invitations(ctx, "BR-90", str(tmp_path), invitations.InvitationOptions(person=di.key))
    assert due(ctx) == counted(ctx) == {"BR-90": 2}
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 6, 20)))
    assert due(ctx) == counted(ctx) == {"BR-90": 4}
    booking_actions.cancel_place(ctx, "BR-90", bo.key, reason="ill")
    assert due(ctx) == counted(ctx)
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    assert due(ctx) == counted(ctx) == {}
    with write_transaction():
        models.PersonRow.update(email="di@new.example", email_key="di@new.example").where(
            models.PersonRow.id == di.id
        ).execute()
    assert due(ctx) == counted(ctx) == {"BR-90": 2}
    calendar_actions.set_joining_instructions(ctx, "BR-90", "Ring twice.", session=1)
    calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)
    assert due(ctx) == counted(ctx)
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    resources.add_resource(ctx, resources.NewResource("A guide", ResourceKind.LINK, "https://example.org", course="BR"))
    assert due(ctx) == counted(ctx) != {}
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    calendar_actions.cancel_event(ctx, "BR-90", reason="too few")
    assert due(ctx) == counted(ctx) != {}


@pytest.mark.parametrize("day", ["2017-06-12T14:00", "2017-10-30T09:00"])
def test_the_demonstrations_year_is_counted_the_same_both_ways(ctx: Context, tmp_path: Path, day: str) -> None:
    path = str(tmp_path / "demo.db")
    database.create_demo(path, today=day[:10])
    there = bootstrap.create_context(path, actor="alice", today=day)
    assert due(there) == counted(there) != {}


def test_of_each_kind_so_many_are_told(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        builders.booked(builders.event(f"BR-{number:02d}", dates=["2017-04-03", "2017-06-12", None]), f"P{number} X")
    monkeypatch.setattr(decisions, "LIMIT", 3)
    monkeypatch.setattr(decisions, "AT_ONCE", 2)
    kinds = [each.kind for each in decisions.list_decisions(ctx)]
    assert {kind: kinds.count(kind) for kind in kinds} == {K.REGISTER: 3, K.INVITATION: 3, K.UNDATED: 3}


def test_the_order_is_that_of_urgency(ctx: Context) -> None:
    builders.booked(builders.event("BR-91", dates=["2017-04-03", "2017-06-12", None], capacity=9), "Bo Ek")
    course_rules.set_course_rule(ctx, "BR", "approval", "coordinator")
    builders.event("BR-92", dates=["2017-07-12"])
    booking_actions.enrol_people(ctx, "BR-92", [builders.person().key])
    kinds = [each.kind for each in decisions.list_decisions(ctx)]
    assert kinds == [K.REQUEST, K.REGISTER, K.INVITATION, K.UNDATED]
    assert kinds == sorted(kinds, key=list(K).index)


def test_a_commitment_is_there_from_the_day_after_it_was_due_until_it_is_settled(ctx: Context) -> None:
    bo = builders.person("Bo Smith")
    groups_actions.add_members(ctx, "Practice Leads", [bo.key])
    made = commitments.add_commitment(ctx, "Practice Leads", bo.key, "Ring the school", date(2017, 5, 1))
    assert found(builders.at(ctx, "2017-05-01T10:00"), K.COMMITMENT) == []
    later = builders.at(ctx, "2017-05-02T10:00")
    (due,) = found(later, K.COMMITMENT)
    assert (due.event, due.title, due.number, due.person) == ("", made.group, made.id, bo.key)
    assert due.what == "Bo Smith, due Mon 1 May 2017: Ring the school"
    commitments.set_commitment_state(later, made.id, CommitmentState.DONE)
    assert found(later, K.COMMITMENT) == []
