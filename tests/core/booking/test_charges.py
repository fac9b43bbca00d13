"""What an unused place costs."""

from datetime import date

import pytest

from csc_tui.core.booking.charges import MissedPlace, charges_for_places, parse_charge_amounts, parse_comma_list
from db.errors import WrongUse
from db.records.people import OrganisationKind


def missed(
    name: str, kind: str = "school", reason: str = "", *, on: str = "2017-06-12", what: str = "no show"
) -> MissedPlace:
    return MissedPlace(
        date.fromisoformat(on), "BR-90", "#1", name, f"A {kind}", OrganisationKind(kind), what, reason,
        organisation_exempt=False,
    )  # fmt: skip


AMOUNTS = {"school": 50, "police": 30}


@pytest.mark.parametrize(
    ("kind", "reason", "amount", "exempt"),
    [
        ("school", "", 50, ""),
        ("school", "workload", 50, ""),
        ("school", "Illness: flu", 0, "illness"),
        ("school", "no illness", 50, ""),  # the reason begins with the exemption, or it is none
        ("police", "", 30, ""),
        ("council", "", 0, ""),  # nothing was said of councils
    ],
)
def test_the_amount_is_that_of_the_kind_unless_the_reason_is_exempt(
    kind: str, reason: str, amount: int, exempt: str
) -> None:
    (line,) = charges_for_places([missed("Jo Smith", kind, reason)], AMOUNTS, ["illness", "bereavement"])
    assert (line.amount, line.exempt, line.kind, line.month) == (amount, exempt, kind, "2017-06")


def test_the_list_is_by_month_then_kind_then_organisation_then_name() -> None:
    found = charges_for_places(
        [missed("Zoe"), missed("Al", "police"), missed("Bo"), missed("Cy", on="2017-05-31")], AMOUNTS, []
    )
    assert [(line.month, line.kind, line.name) for line in found] == [
        ("2017-05", "school", "Cy"), ("2017-06", "police", "Al"), ("2017-06", "school", "Bo"),
        ("2017-06", "school", "Zoe"),
    ]  # fmt: skip


def test_amounts_are_read_as_they_are_written() -> None:
    assert parse_charge_amounts(" council=0,school = 50 ,") == {"council": 0, "school": 50}
    assert parse_charge_amounts("") == {}
    assert parse_comma_list("illness,, bereavement ") == ["illness", "bereavement"]


@pytest.mark.parametrize("text", ["schools=50", "school", "school=", "school=-5", "school=5.50", "school=fifty", "=5"])
def test_an_amount_that_cannot_be_read_is_said_with_the_kinds_there_are(text: str) -> None:
    with pytest.raises(WrongUse, match=r"'council=0, school=50' with council, school, .*, not '"):
        parse_charge_amounts(text)
