"""Why not: the table's sentences for everybody on an event, before anything is tried."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import refusals as booking_refusals
from csc_tui.core.booking import seating
from csc_tui.core.booking.transitions import EnrolmentAction
from csc_tui.core.catalogue import course_rules
from db.records.booking import Status
from db.records.startup import Role
from tests import builders


def allowed(refusals: booking_refusals.Refusals) -> set[EnrolmentAction]:
    return {action for action, sentence in refusals.items() if not sentence}


def test_each_person_has_the_actions_of_their_status(ctx: Context) -> None:
    event = builders.event(capacity=1)
    (bo,) = builders.booked(event, "Bo Ek")
    di = builders.person("Di Low")
    builders.enrolment(event, di, Status.WAITLISTED)
    found = booking_refusals.list_event_refusals(ctx, "BR-90")
    wanted = {
        EnrolmentAction.CANCEL,
        EnrolmentAction.TRANSFER,
        EnrolmentAction.SUBSTITUTE,
        EnrolmentAction.REORDER,
        EnrolmentAction.CALL_OFF,
    }
    assert allowed(found[bo.key]) & wanted == wanted - {EnrolmentAction.REORDER}
    assert allowed(found[di.key]) & wanted == wanted - {EnrolmentAction.SUBSTITUTE}
    assert found[di.key][EnrolmentAction.PROMOTE] == "No place on BR-90 is free."
    assert EnrolmentAction.BOOK in allowed(found[booking_refusals.NEWCOMER])


def test_a_line_manager_may_approve_who_is_a_booker_only(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "approval", "manager")
    builders.event()
    boss = builders.person("Vi Chief", email="vi@example.org")
    mine, other = builders.person("Bo Ek", manager=boss.id), builders.person("Di Low")
    booking_actions.enrol_people(ctx, "BR-90", [mine.key, other.key])
    found = booking_refusals.list_event_refusals(replace(ctx, actor="vi@example.org", role=Role.BOOKER), "BR-90")
    assert EnrolmentAction.APPROVE in allowed(found[mine.key])
    assert "only a coordinator or Di Low's line manager" in found[other.key][EnrolmentAction.APPROVE].replace(
        "Only", "only"
    )


def test_a_person_has_them_for_every_event_they_were_ever_on(ctx: Context) -> None:
    bo = builders.person("Bo Ek")
    builders.enrolment(builders.event("BR-90"), bo)
    builders.enrolment(builders.event("BR-91"), bo)
    booking_actions.cancel_place(ctx, "BR-91", bo.key, reason="ill")
    found = booking_refusals.list_person_refusals(ctx, bo.key)
    assert EnrolmentAction.CANCEL in allowed(found["BR-90"])
    assert "Bo Ek is not on BR-91" in found["BR-91"][EnrolmentAction.CANCEL]


def test_a_draft_books_nobody_and_a_viewer_does_nothing(ctx: Context) -> None:
    event = builders.event(state="draft")
    builders.booked(event, "Bo Ek")
    assert (
        booking_refusals.list_event_refusals(ctx, "BR-90")[booking_refusals.NEWCOMER][EnrolmentAction.BOOK]
        == "BR-90 cannot be booked: it is draft."
    )
    viewer = replace(ctx, role=Role.VIEWER)
    everybody = booking_refusals.list_event_refusals(viewer, "BR-90").values()
    assert not {EnrolmentAction.CANCEL, EnrolmentAction.TRANSFER, EnrolmentAction.BOOK} & {
        each for found in everybody for each in allowed(found)
    }


def test_a_roster_is_looked_through_once_however_many_are_asked_about(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = builders.event(capacity=2)
    builders.booked(event, "Bo Ek", "Di Low")
    waiting = [builders.person(name) for name in ("Al Ash", "Cy Carr", "Ed Day")]
    for person in waiting:
        builders.enrolment(event, person, Status.WAITLISTED)
    looked: list[int] = []
    queue = seating.ordered_waiting_list
    monkeypatch.setattr(seating, "ordered_waiting_list", lambda roster: looked.append(len(roster)) or queue(roster))
    found = booking_refusals.list_event_refusals(ctx, "BR-90")
    assert len(found) == 6
    assert {person: bool(found[person][EnrolmentAction.PROMOTE]) for person in found} == dict.fromkeys(found, True)
    assert looked == [5]
