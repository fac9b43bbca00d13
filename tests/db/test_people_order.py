"""People in another order than by surname, where a list shows only the first of them."""

import apsw
import pytest

from db import people_order
from db.engine import binding
from db.records.booking import Status
from tests import builders

TODAY = "2017-06-12"


@pytest.fixture
def raw(database: str) -> apsw.Connection:
    """The driver's own connection, as the window's queries use it."""
    found: apsw.Connection = binding.open_database(database)
    return found


def in_order(raw: apsw.Connection, by: str, text: str = "", *, descending: bool = False, limit: int = 9) -> list[str]:
    rows = people_order.find_people_in_order(raw, text, TODAY, limit, by=by, descending=descending)
    return [str(row[1]).split()[0] for row in rows]


@pytest.fixture
def four(raw: apsw.Connection) -> None:
    al = builders.person("Al Smith", email="z@example.org", organisation="Police", team="Night")
    bo = builders.person("Bo Smith", email="a@example.org", organisation="Academy")
    builders.person("Cy Smith", email="m@example.org")
    builders.person("Di Jones", email="b@example.org", organisation="Council", team="early help")
    july, june = builders.event("BR-05", dates=["2017-07-03"]), builders.event("BR-04", dates=["2017-06-19"])
    builders.enrolment(july, al)
    builders.enrolment(june, bo)
    builders.enrolment(july, bo)
    builders.enrolment(june, al, Status.WAITLISTED)


def test_the_order_is_that_of_all_people_and_not_of_those_listed_first(raw: apsw.Connection, four: None) -> None:
    assert in_order(raw, "email", limit=2) == ["Bo", "Di"]
    assert in_order(raw, "email", descending=True, limit=2) == ["Al", "Cy"]
    assert in_order(raw, "name") == ["Di", "Al", "Bo", "Cy"]
    assert in_order(raw, "name", descending=True) == ["Cy", "Bo", "Al", "Di"]


def test_people_without_a_value_come_last_in_both_directions(raw: apsw.Connection, four: None) -> None:
    assert in_order(raw, "workplace") == ["Bo", "Di", "Al", "Cy"]
    assert in_order(raw, "workplace", descending=True) == ["Al", "Di", "Bo", "Cy"]
    assert in_order(raw, "next") == ["Bo", "Al", "Di", "Cy"]
    assert in_order(raw, "next", descending=True) == ["Al", "Bo", "Di", "Cy"]
    assert in_order(raw, "bookings", descending=True) == ["Bo", "Al", "Di", "Cy"]


def test_only_those_who_match_are_put_in_order(raw: apsw.Connection, four: None) -> None:
    assert in_order(raw, "email", "smi") == ["Bo", "Cy", "Al"]
    assert in_order(raw, "email", "smi pol") == ["Al"]
    assert in_order(raw, "email", "%") == []
