"""What today asks of a coordinator."""

from datetime import date, datetime

from csc_tui.context import Context
from csc_tui.services import catalogue, enrolling, scheduling, today
from csc_tui.services.today import Decision, DecisionKind
from db.records import Status
from tests import builders


def test_nothing_is_to_be_decided_where_nobody_asks_and_nothing_is_thin(ctx: Context) -> None:
    builders.booked(builders.event(minimum=1), "Bo Ek")
    assert today.decisions(ctx) == []


def test_requests_are_counted_for_each_event_the_oldest_first(ctx: Context) -> None:
    catalogue.configure(ctx, "BR", "approval", "coordinator")
    builders.event("BR-90", dates=["2017-06-12"]), builders.event("BR-91", dates=["2017-06-13"])
    enrolling.enrol(builders.at(ctx, "2017-04-09T12:00"), "BR-91", [builders.person().key])
    enrolling.enrol(ctx, "BR-90", [builders.person().key, builders.person().key])
    assert today.decisions(ctx) == [
        Decision(DecisionKind.REQUEST, "BR-91", "Being Restorative", 1, "", datetime(2017, 4, 9, 12, 0)),
        Decision(DecisionKind.REQUEST, "BR-90", "Being Restorative", 2, "", datetime(2017, 4, 10, 9, 0)),
    ]


def test_an_offer_is_there_from_two_days_before_it_ends_by_the_councils_clock(ctx: Context) -> None:
    catalogue.configure(ctx, "BR", "waiting_rule", "offer")
    catalogue.configure(ctx, "BR", "offer_hours", "72")
    event = builders.event(capacity=1)
    (bo,) = builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    enrolling.cancel(ctx, "BR-90", bo.key, reason="ill")
    assert today.decisions(ctx) == []
    (decision,) = today.decisions(builders.at(ctx, "2017-04-11T10:00"))
    assert (decision.name, decision.due) == ("Di Low", datetime(2017, 4, 13, 9, 0))


def test_a_thin_event_is_there_two_weeks_before_its_decision_date_until_it_is_decided(ctx: Context) -> None:
    builders.booked(builders.event(capacity=9, minimum=4), "Bo Ek")
    scheduling.minimum(ctx, "BR-90", 4, decide_by=date(2017, 5, 1))
    assert today.decisions(ctx) == []
    later = builders.at(ctx, "2017-04-20")
    assert today.decisions(later) == [
        Decision(DecisionKind.MINIMUM, "BR-90", "Being Restorative", 3, "", date(2017, 5, 1))
    ]
    scheduling.cancel(later, "BR-90", reason="too few")
    assert today.decisions(later) == []
