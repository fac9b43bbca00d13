"""Who is meant by what was typed."""

import pytest

from db import people
from db.engine import search as engine_search
from db.engine.connection import read_transaction, write_transaction
from db.errors import AmbiguousPerson, NoSuchPerson
from db.models import PersonRow, PersonWordRow
from tests import builders


def found(reference: str) -> str:
    with read_transaction():
        return people.find_person(reference).name


@pytest.fixture(autouse=True)
def somebody(database: str) -> None:
    """Bound, with a few people."""
    builders.person("Jo Smith", email="Jo.Smith@example.org", employee_number="100023", organisation="Police")
    builders.person("Claire Smith-Jones", email="claire@example.org")
    builders.person("Anna van der Berg")
    builders.person("Siobhán O'Brien")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jo.smith@example.org", "Jo Smith"), (" JO.SMITH@EXAMPLE.ORG ", "Jo Smith"), ("100023", "Jo Smith"),
        ("Jo Smith", "Jo Smith"), ("smith jo", "Jo Smith"), ("smith-jones", "Claire Smith-Jones"),
        ("claire smith", "Claire Smith-Jones"), ("jones claire", "Claire Smith-Jones"), ("berg", "Anna van der Berg"),
        ("Anna van der Berg", "Anna van der Berg"), ("siobhan obrien", "Siobhán O'Brien"),
        ("SIOBHÁN O’BRIEN", "Siobhán O'Brien"),
    ],
)  # fmt: skip
def test_an_address_a_number_or_a_name_that_fits_one_person_means_that_person(typed: str, name: str) -> None:
    assert found(typed) == name


def test_an_id_is_exact() -> None:
    who = builders.person("Bo Lee")
    assert found(who.key) == "Bo Lee"
    assert found(f" {who.key} ") == "Bo Lee"


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "#", "#0", "#x", "#-1", "#99999999999999999999999", "#1; DROP", "nobody@example.org", "@", "police",
        "jo.smith@example", "10002", "zz", "Jo Police", "%", "_", "'", "\x1b", "Smit Zo",
    ],
)  # fmt: skip
def test_what_fits_nobody_is_said_and_a_team_or_place_of_work_is_no_name(typed: str) -> None:
    with pytest.raises(NoSuchPerson, match="No match for"):
        found(typed)


def test_a_name_that_fits_several_lists_them_and_picks_none() -> None:
    other = builders.person("Jo Smith", organisation="Health")
    with pytest.raises(AmbiguousPerson, match=r"'jo smith' matches 2 people\. Nothing was changed") as problem:
        found("jo smith")
    assert f"{other.key} Jo Smith <{other.email}> Health" in str(problem.value)
    assert [name for _, name, _, _ in problem.value.candidates] == ["Jo Smith", "Jo Smith"]


def test_a_long_list_of_candidates_is_cut_and_counted() -> None:
    for _ in range(11):
        builders.person("Pat Green")
    with pytest.raises(AmbiguousPerson, match=r"matches 11 people.*; and 3 more") as problem:
        found("pat green")
    assert len(problem.value.candidates) == people.CANDIDATES


def test_the_whole_name_wins_over_longer_ones_even_behind_many_of_them() -> None:
    for number in range(60):
        builders.person(f"Samuel Greenaway{number}")
    builders.person("Sam Green")
    assert found("Sam Green") == "Sam Green"
    builders.person("Sam Green")
    with pytest.raises(AmbiguousPerson, match="matches 2 people"):
        found("Sam Green")


def test_the_name_as_it_is_said_wins_over_the_same_words_turned_round() -> None:
    builders.person("James Thomas")
    builders.person("Thomas James")
    assert found("James Thomas") == "James Thomas"
    assert found("Thomas James") == "Thomas James"


def test_a_new_name_is_found_and_the_old_one_no_longer() -> None:
    who = builders.person("Bo Lee")
    with write_transaction():
        PersonRow.update(surname="Núñez").where(PersonRow.id == who.id).execute()
        people.update_person_index(who.id)
    assert found("nunez bo") == "Bo Núñez"
    with pytest.raises(NoSuchPerson):
        found("Bo Lee")
    with read_transaction():
        row = PersonRow.get_by_id(who.id)
        words = {
            word for (word,) in PersonWordRow.select(PersonWordRow.word).where(PersonWordRow.person == who.id).tuples()
        }
        assert row.sort == engine_search.sort_key("Bo", "Núñez")
        assert set(row.search.split()) == words
