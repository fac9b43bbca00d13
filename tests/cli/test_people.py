"""people add, change, leave, back on the command line."""

import pytest

from tests import builders
from tests.cli.conftest import Csc

pytestmark = pytest.mark.usefixtures("database")


def test_add_shows_what_was_stored_and_what_is_new(csc: Csc) -> None:
    done = csc("people", "add", "--surname", "Smith", "--email", "jo@x.org", "--organisation", "Oasis", "--is-manager")
    assert done.code == 0
    assert {row["field"]: row["after"] for row in done.json} == {
        "surname": "Smith", "email": "jo@x.org", "organisation": "Oasis", "is_manager": "yes",
    }  # fmt: skip
    assert "Oasis is a new organisation" in done.err
    assert csc("who", "smith oasis").json[0]["email"] == "jo@x.org"


def test_a_manager_who_is_not_found_is_said_with_where_to_look(csc: Csc) -> None:
    done = csc("people", "add", "--surname", "Smith", "--email", "jo@x.org", "--manager", "nobody")
    assert done.code == 3
    assert "Line manager: No match for 'nobody'. csc who finds people" in done.err


def test_add_refuses_an_address_with_who_has_it_and_exit_code_3(csc: Csc) -> None:
    bo = builders.person("Bo Ek", email="bo@x.org")
    done = csc("people", "add", "--surname", "Smith", "--email", "BO@x.org")
    assert done.code == 3
    assert f"bo@x.org is the address of Bo Ek <bo@x.org> ({bo.key}). Nothing was changed." in done.err


def test_change_previews_then_changes_and_an_empty_text_empties(csc: Csc) -> None:
    bo = builders.person("Bo Ek", phone="1")
    done = csc("people", "change", bo.key, "--phone", "", "--dry-run")
    assert "nothing was changed" in done.err
    assert csc("person", bo.key).json["phone"] == "1"
    (row,) = csc("people", "change", bo.key, "--phone", "").json
    assert (row["field"], row["before"], row["after"]) == ("phone", "1", "")
    assert not csc("person", bo.key).json["phone"]


def test_change_of_nothing_is_wrong_use(csc: Csc) -> None:
    bo = builders.person("Bo Ek")
    assert csc("people", "change", bo.key).code == 2


def test_leave_says_so_even_where_nobody_moves(csc: Csc) -> None:
    bo = builders.person("Bo Ek")
    done = csc("people", "leave", bo.key)
    assert (done.code, done.json) == (0, [])
    assert "Bo Ek is no longer active" in done.err
    assert csc("people", "leave", bo.key).code == 3
    assert csc("people", "back", bo.key).code == 0


def test_a_name_that_fits_nobody_ends_with_1(csc: Csc) -> None:
    assert csc("people", "change", "Nobody", "--phone", "1").code == 1


def test_a_field_that_cannot_be_read_is_wrong_use(csc: Csc) -> None:
    done = csc("people", "add", "--surname", "Smith", "--email", "nobody")
    assert done.code == 2
    assert "E-mail: 'nobody' is not an e-mail address. Nothing was changed." in done.err


def test_two_records_are_merged_after_a_look(csc: Csc) -> None:
    builders.person("Jo Smith", email="jo@old.example.org")
    builders.person("Jo Smith", email="jo@new.example.org", phone="01472 1")
    looked = csc("people", "merge", "jo@old.example.org", "jo@new.example.org", "--dry-run")
    assert (looked.code, [row["field"] for row in looked.json]) == (0, ["email", "phone"])
    assert len(csc("who", "smith").json) == 2
    done = csc("people", "merge", "jo@old.example.org", "jo@new.example.org", "--take", "email")
    assert done.code == 0
    assert [row["email"] for row in csc("who", "smith").json] == ["jo@new.example.org"]
    assert csc("person", "jo@old.example.org").json["email"] == "jo@new.example.org"
    assert csc("undo").code == 0
    assert len(csc("who", "smith").json) == 2
    assert csc("people", "merge", "jo@old.example.org", "jo@old.example.org").code == 3


def test_organisations_are_listed_changed_and_joined(csc: Csc) -> None:
    builders.person("Bo Ek", organisation="Oasis Academy")
    builders.person("Cy Low", organisation="Oasis Acadamy")
    assert [row["organisation"] for row in csc("organisation", "list", "oasis").json] == [
        "Oasis Acadamy", "Oasis Academy",
    ]  # fmt: skip
    assert csc("organisation", "list", "nowhere").code == 1
    changed = csc("organisation", "change", "Oasis Academy", "--kind", "school", "--exempt")
    assert [(row["field"], row["after"]) for row in changed.json] == [("kind", "school"), ("exempt", "yes")]
    assert csc("organisation", "join", "Oasis Academy", "Oasis Acadamy", "--dry-run").json[0]["people"] == 1
    assert csc("organisation", "join", "Oasis Academy", "Oasis Acadamy").code == 0
    card = csc("organisation", "show", "oasis acadamy").json
    assert (card["organisation"], card["people"], card["other_names"]) == ("Oasis Academy", 2, ["Oasis Acadamy"])
    assert csc("organisation", "change", "Oasis Academy").code == 2
