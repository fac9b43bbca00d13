"""People who are found although what was typed is misspelt."""

import pytest

from db import near_people
from db.engine.connection import database, read_transaction
from tests import builders

NAMES = (
    "Joanne Smith",
    "Paweł Kowalczyk",
    "Siobhán O'Brien",
    "Flora Macdonald",
    "Bo Ek",
    "Priya Patel",
    "Alison Hughes",
)


pytestmark = pytest.mark.usefixtures("database")


def suggested(text: str) -> list[str]:
    with read_transaction():
        return near_people.suggest_people(database.connection(), text)


def found(text: str) -> list[str]:
    return [label.partition(" (")[0] for label in suggested(text)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smiht", "Joanne Smith"),
        ("joane smth", "Joanne Smith"),
        ("smitj jo", "Joanne Smith"),
        ("dmith", "Joanne Smith"),
        ("mith", "Joanne Smith"),
        ("kowalcyk", "Paweł Kowalczyk"),
        ("pavel kowalcz", "Paweł Kowalczyk"),
        ("o'brian", "Siobhán O'Brien"),
        ("shiobhan", "Siobhán O'Brien"),
        ("mac donald flora", "Flora Macdonald"),
        ("macdonnald", "Flora Macdonald"),
        ("patle priya", "Priya Patel"),
        ("alsion", "Alison Hughes"),
        ("huges", "Alison Hughes"),
        ("ekk", "Bo Ek"),
    ],
)
def test_a_name_with_a_slip_finds_the_person(typed: str, meant: str) -> None:
    for name in NAMES:
        builders.person(name)
    assert found(typed)[:1] == [meant]


@pytest.mark.parametrize("typed", ["zzzz", "qui qqq", "01472", "", "@", "%", "smith 4711", "x y z"])
def test_what_is_near_nobody_finds_nobody(typed: str) -> None:
    for name in NAMES:
        builders.person(name)
    assert found(typed) == []


def test_an_address_with_a_slip_finds_the_person() -> None:
    builders.person("Jo Day", email="jo.day@nelincs.gov.uk")
    assert suggested("jo.dya@nelincs.gov.uk") == ["Jo Day (jo.day@nelincs.gov.uk)"]
