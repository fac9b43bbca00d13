"""What a late cancellation or an unused place costs, from the enrolments to the list."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import queries as booking_queries
from db import calendar, models
from db.engine.connection import read_transaction, write_transaction
from db.errors import WrongUse
from db.records.booking import Status
from tests import builders

JUNE = (date(2017, 6, 1), date(2017, 6, 30))


@pytest.fixture
def event(ctx: Context) -> Context:
    """BR-90 on Monday 12 June, to be cancelled five working days before; Al is of a school, Bo of the council."""
    builders.course(cutoff_days=5)
    on = builders.event("BR-90", capacity=5)
    for name, organisation in (("Al Ash", "A School"), ("Bo Bell", "The Council")):
        builders.enrolment(on, builders.person(name, organisation=organisation))
    with write_transaction():
        for name, kind in (("A School", "school"), ("The Council", "council")):
            models.OrganisationRow.update(kind=kind).where(models.OrganisationRow.name == name).execute()
    return ctx


def listed(ctx: Context) -> list[tuple[str, str, int, str]]:
    return [(each.name, each.what, each.amount, each.exempt) for each in booking_queries.list_charges(ctx, *JUNE)]


@pytest.mark.parametrize(
    ("moment", "reason", "lines"),
    [
        ("2017-06-05T23:59", "workload", []),  # the fifth working day before
        ("2017-06-06T00:00", "workload", [("Al Ash", "late cancellation", 50, "")]),
        ("2017-06-06T00:00", "Illness, flu", [("Al Ash", "late cancellation", 0, "illness")]),
    ],
)
def test_a_place_given_up_after_the_cut_off_is_charged_unless_the_reason_is_exempt(
    event: Context, moment: str, reason: str, lines: list[tuple[str, str, int, str]]
) -> None:
    booking_actions.cancel_place(builders.at(event, moment), "BR-90", "al ash", reason=reason)
    assert listed(event) == lines


def test_bank_holidays_put_the_cut_off_forward(event: Context) -> None:
    builders.booked(builders.event("BR-91", dates=["2017-05-31"]), "Cy Carr")  # Monday the 29th is none
    booking_actions.cancel_place(builders.at(event, "2017-05-24"), "BR-91", "cy carr", reason="workload")
    (line,) = booking_queries.list_charges(event, date(2017, 5, 1), date(2017, 5, 31))
    assert (line.name, line.month) == ("Cy Carr", "2017-05")
    builders.booked(builders.event("BR-92", dates=["2017-05-24"]), "Di Dodd")
    booking_actions.cancel_place(builders.at(event, "2017-05-17"), "BR-92", "di dodd", reason="workload")
    assert len(booking_queries.list_charges(event, date(2017, 5, 1), date(2017, 5, 31))) == 1


def test_a_no_show_is_on_the_list_with_the_amount_of_its_kind(event: Context) -> None:
    with write_transaction():
        models.EnrolmentRow.update(status=Status.NO_SHOW).execute()
    assert listed(event) == [("Bo Bell", "no show", 0, ""), ("Al Ash", "no show", 50, "")]


def test_one_who_waited_gives_nothing_up_late(event: Context) -> None:
    with read_transaction():
        on = calendar.fetch_event("BR-90")
    builders.enrolment(on, builders.person("Cy Carr"), Status.WAITLISTED)
    booking_actions.cancel_place(builders.at(event, "2017-06-11"), "BR-90", "cy carr", reason="workload")
    assert listed(event) == []


def test_amounts_and_exemptions_are_policy(event: Context) -> None:
    booking_actions.cancel_place(builders.at(event, "2017-06-11"), "BR-90", "al ash", reason="workload")
    other = replace(event, policy={**event.policy, "charges": "school=75", "charge_exemptions": "workload"})
    assert listed(other) == [("Al Ash", "late cancellation", 0, "workload")]
    other = replace(event, policy={**event.policy, "charges": "school=75"})
    assert listed(other) == [("Al Ash", "late cancellation", 75, "")]
    with pytest.raises(WrongUse, match="'charges'"):
        listed(replace(event, policy={**event.policy, "charges": "a lot"}))
