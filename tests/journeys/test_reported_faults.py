"""What users of other systems have reported, each as they would tell it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports.columns import ImportReport
from csc_tui.core.people import people_import
from csc_tui.core.people import queries as people_queries
from db import models
from db.engine.connection import read_transaction
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.builders import moved, standing


@pytest.fixture
def full(ctx: Context) -> Context:
    """BR-90 on 12 June is full with Al and Bo; Cy, Di and Ed wait in this order."""
    event = builders.event("BR-90", capacity=2)
    builders.booked(event, "Al Ash", "Bo Bell")
    for name in ("Cy Carr", "Di Dodd", "Ed Eve"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    return ctx


def waiting(ctx: Context) -> list[str]:
    return [line.name for line in people_queries.get_event_card(ctx, "BR-90").waiting]


@pytest.mark.parametrize("rule", ["promote", "offer"])
def test_everybody_promoted_for_one_seat(full: Context, rule: str) -> None:
    builders.course(waiting_rule=rule)
    after = "booked" if rule == "promote" else "offered"
    assert moved(booking_actions.cancel_place(full, "BR-90", "al ash", reason="ill"))[1:] == [
        ("Cy Carr", "waitlisted", after)
    ]
    moves = calendar_actions.set_capacity(full, "BR-90", 3)
    assert [(each.name, each.after) for each in moves if each.field == "status"] == [("Di Dodd", after)]
    assert standing("BR-90")["Ed Eve"] == "waitlisted"


@pytest.mark.parametrize("rule", ["promote", "offer"])
@pytest.mark.parametrize("moment", ["2017-06-12T09:30", "2017-06-13T09:00"])
def test_promoted_after_the_start(full: Context, rule: str, moment: str) -> None:
    builders.course(waiting_rule=rule)
    begun = builders.at(full, moment)
    assert len(booking_actions.cancel_place(begun, "BR-90", "al ash", reason="ill")) == 1
    assert [each.field for each in calendar_actions.set_capacity(begun, "BR-90", 9)] == ["capacity"]
    assert expiry.sweep_events(begun) == []
    assert waiting(begun) == ["Cy Carr", "Di Dodd", "Ed Eve"]


def test_promoted_after_the_start_because_the_offer_was_made_before(full: Context) -> None:
    builders.course(waiting_rule="offer", offer_hours=48)
    booking_actions.cancel_place(builders.at(full, "2017-06-12T08:00"), "BR-90", "al ash", reason="ill")
    begun = builders.at(full, "2017-06-12T09:30")
    assert [(each.name, each.after) for each in expiry.sweep_events(begun)] == [("Cy Carr", "expired")]


@pytest.mark.parametrize("rule", ["promote", "offer"])
def test_a_cancelled_person_offered_again(full: Context, rule: str) -> None:
    builders.course(waiting_rule=rule)
    booking_actions.cancel_place(full, "BR-90", "cy carr", reason="no longer needed")
    booking_actions.cancel_place(full, "BR-90", "al ash", reason="ill")
    calendar_actions.set_capacity(full, "BR-90", 9)
    expiry.sweep_events(builders.at(full, "2017-05-20"))
    assert (standing("BR-90")["Cy Carr"], standing("BR-90")["Al Ash"]) == ("cancelled", "cancelled")


def test_an_offer_that_ran_out_offered_again_to_the_same_person(full: Context) -> None:
    builders.course(waiting_rule="offer", offer_hours=24)
    booking_actions.cancel_place(full, "BR-90", "al ash", reason="ill")
    for day in (11, 12, 13, 14, 15):
        expiry.sweep_events(builders.at(full, f"2017-04-{day}T09:00"))
    assert {standing("BR-90")[name] for name in ("Cy Carr", "Di Dodd", "Ed Eve")} == {"expired"}
    with read_transaction():
        assert models.OfferRow.select().count() == 3


def test_promotion_that_asks_for_approval_again(ctx: Context) -> None:
    builders.course(approval="coordinator")
    builders.event("BR-90", capacity=1)
    for name in ("Al Ash", "Bo Bell"):
        booking_actions.enrol_people(ctx, "BR-90", [builders.person(name).email])
        booking_actions.approve_request(ctx, "BR-90", name)
    assert standing("BR-90") == {"Al Ash": "booked", "Bo Bell": "waitlisted"}
    booking_actions.cancel_place(replace(ctx, actor="bea", role=Role.BOOKER), "BR-90", "al ash", reason="ill")
    assert standing("BR-90")["Bo Bell"] == "booked"
    with read_transaction():
        approvers = models.EnrolmentRow.select(models.EnrolmentRow.approved_by).tuples()
        assert set(approvers) == {("alice",)}


def test_history_that_names_the_learner_as_the_actor(full: Context) -> None:
    bella = builders.at(full, "2017-04-11T10:00", actor="bella")
    builders.event("BR-91", dates=["2017-06-19"])
    builders.person("Fi Fox")
    booking_actions.enrol_people(bella, "BR-91", ["fi fox"])
    booking_actions.cancel_place(bella, "BR-90", "al ash", reason="ill")
    booking_actions.transfer_person(bella, "BR-90", "bo bell", "BR-91")
    booking_actions.substitute_person(bella, "BR-91", "bo bell", "al ash")
    calendar_actions.cancel_event(bella, "BR-90", reason="trainer ill")
    told = [line for event in ("BR-90", "BR-91") for line in builders.list_history_lines(full, event=event)]
    assert {line.actor for line in told} == {"bella"}
    assert {line.subject.partition(" on ")[0] for line in told if " on " in line.subject} == {
        "Fi Fox", "Al Ash", "Bo Bell", "Cy Carr", "Di Dodd", "Ed Eve",
    }  # fmt: skip


def test_an_event_deleted_with_its_bookings(full: Context) -> None:
    before = standing("BR-90")
    calendar_actions.cancel_event(full, "BR-90", reason="trainer ill")
    card = people_queries.get_event_card(full, "BR-90")
    assert (card.event.state, card.event.booked, card.event.waiting) == ("cancelled", 0, 0)
    assert standing("BR-90") == dict.fromkeys(before, "event_cancelled")
    lines = builders.list_history_lines(full, event="BR-90")
    assert {(line.subject, line.before) for line in lines if line.after == "event_cancelled"} == {
        (f"{name} on BR-90", status) for name, status in before.items()
    }
    assert {line.reason for line in lines if line.after == "event_cancelled"} == {"trainer ill"}
    assert [line.status for line in people_queries.get_person_card(full, "al ash").enrolments] == ["event_cancelled"]


def test_a_clash_computed_over_the_whole_span_of_an_event(ctx: Context) -> None:
    trainer = builders.person("Tim Trainer")
    builders.event(
        "BR-90", dates=["2017-06-12", "2017-07-10"], facilitators=[trainer], venue="Town Hall", room="Chamber"
    )
    builders.event("BR-91", dates=["2017-06-26"], facilitators=[trainer], venue="Town Hall", room="Chamber")
    who = builders.person("Al Ash").email
    for reference in ("BR-90", "BR-91"):  # one lies between the days of the other
        assert [each.outcome for each in booking_actions.enrol_people(ctx, reference, [who])] == ["booked"]
    calendar_actions.move_session(ctx, "BR-91", 1, calendar_actions.SessionMove(date(2017, 6, 27)))
    assert calendar_actions.list_clashes(ctx) == []
    calendar_actions.move_session(
        ctx, "BR-91", 1, calendar_actions.SessionMove(date(2017, 7, 10)), override="to see it"
    )
    assert [(each.kind, each.session, each.other_session) for each in calendar_actions.list_clashes(ctx)] == [
        ("facilitator", 2, 1), ("learner", 2, 1), ("room", 2, 1),
    ]  # fmt: skip


PASTED = """\
Hello, please add
Al Ash
jo smith
Bo Bell; nobody@example.org
Cy Carr, di@example.org
An Other <di@example.org>
???
"""


def test_a_bulk_import_that_drops_people_silently(ctx: Context, location: str) -> None:
    builders.event("BR-90", capacity=20)
    for name in ("Al Ash", "Bo Bell", "Cy Carr", "Jo Smith", "Jo Smith"):
        builders.person(name)
    builders.person("Di Dodd", email="di@example.org")
    refused = builders.csc(location, "enrol", "BR-90", "-", stdin=PASTED)
    assert refused.returncode == 3  # nobody, while one of them is in doubt
    assert standing("BR-90") == {}
    done = builders.csc(location, "enrol", "BR-90", "-", "--partial", stdin=PASTED)
    said = [(row["name"] or row["person"], row["outcome"]) for row in json.loads(done.stdout)]
    assert said == [
        ("Al Ash", "booked"), ("jo smith", "refused"), ("Bo Bell", "booked"), ("nobody@example.org", "refused"),
        ("Di Dodd", "booked"), ("Cy Carr", "booked"), ("???", "refused"),
    ]  # fmt: skip
    assert "Ignored, not names: Hello, please add" in done.stderr
    assert done.stderr.count("Not enrolled:") == 3


def test_a_bulk_import_of_a_file_that_drops_people_silently(ctx: Context) -> None:
    sheet = "forename,surname,email\nAl,Ash,al@example.org\nBo,,bo@example.org\nCy,Carr,\n,,\nDi,Dodd,al@example.org\n"
    report: ImportReport = people_import.import_people(
        ctx, imports_actions.load_table_bytes("people.csv", sheet.encode()), mapping={}, strict=False
    )
    assert report.rows == report.new + report.changed + report.same + report.rejected
    assert {problem.row for problem in report.problems} >= {3, 4, 6}
