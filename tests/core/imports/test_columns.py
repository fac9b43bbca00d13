"""Which column is which, and which cells cannot be used."""

from datetime import date

import pytest

from csc_tui.core.imports.columns import (
    HeadingsUnclear,
    ImportColumns,
    ImportField,
    assign_columns,
    headings_key,
    unfit_cells,
)
from csc_tui.core.imports.people import FIELDS
from db.errors import WrongUse
from db.records.imports import RememberedHeading
from db.records.remedies import Remedy, RemedyKind

EXTRACT = (
    "Employee No", "Forename", "Surname", "E-mail Address", "Telephone", "Organisation", "Team", "Job Title",
    "Manager?", "Staff/Partner", "Dietary", "Access needs",
)  # fmt: skip


def places(
    *headings: str, said: dict[str, str] | None = None, remembered: dict[str, str] | None = None
) -> ImportColumns:
    memory = [
        RememberedHeading("people", heading, field, date(2017, 6, 1), "")
        for heading, field in (remembered or {}).items()
    ]
    return assign_columns("a.csv", FIELDS, headings, said=said or {}, remembered=memory)


def test_the_headings_of_an_hr_extract_are_all_understood() -> None:
    columns = places(*EXTRACT)
    assert list(columns.places.values()) == list(range(12))
    assert columns.unread == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("First name", "forename"), ("LAST NAME", "surname"), ("Mobile", "phone"), ("Dept", "team"),
        ("Department", "team"), ("Staff no.", "employee_number"), ("Employer", "organisation"),
        ("Is manager?", "is_manager"),
    ],
)  # fmt: skip
def test_other_ways_of_saying_it_are_guessed(heading: str, field: str) -> None:
    others = [each for each in ("Email", "Surname") if field != "surname" or each != "Surname"]
    assert places(*others, heading).heading(field) == heading


def test_what_was_said_goes_before_what_is_remembered_and_that_before_a_guess() -> None:
    headings = ("Email", "Surname", "Section", "Team")
    assert places(*headings, said={"Team": "ignore"}).heading("team") == "Section"
    assert places(*headings, remembered={"section": "team"}).heading("team") == "Section"
    assert places(*headings, said={"TEAM": "team"}, remembered={"Section": "team"}).heading("team") == "Team"


def test_what_is_not_read_is_told_but_not_what_was_meant_to_be_left_out() -> None:
    columns = places("Email", "Surname", "Grade", "Salary", said={"Salary": "ignore"})
    assert columns.unread == ["Grade"]


def test_two_columns_for_one_field_are_asked_about() -> None:
    with pytest.raises(HeadingsUnclear, match="both 'Email' and 'Work e-mail' could be the e-mail address"):
        places("Email", "Work e-mail", "Surname")
    assert places("Email", "Work e-mail", "Surname", said={"Email": "ignore"}).heading("email") == "Work e-mail"


def test_a_missing_column_names_the_headings_seen_and_the_way_out() -> None:
    with pytest.raises(HeadingsUnclear) as refused:
        places("Given name", "Email")
    assert "Given name, Email" in str(refused.value)
    assert refused.value.remedy == Remedy(RemedyKind.MAP_NEEDED_FIELD, field="surname")


def test_a_mapping_to_nowhere_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="no field 'town'"):
        places("Email", "Surname", said={"Email": "town"})
    with pytest.raises(WrongUse, match="no column 'E mail 2'"):
        places("Email", "Surname", said={"E mail 2": "email"})


def test_what_is_remembered_of_another_file_does_no_harm() -> None:
    assert places("Email", "Surname", remembered={"Dept": "team", "Surname": "gone"}).heading("surname") == "Surname"


COLUMNS = assign_columns(
    "a.csv", (ImportField("name", "the name", ("name",)),), ("Name", "Other"), said={}, remembered=[]
)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("An\x1b[31mn", "U+001B"), ("Ann\u200b", "ZERO WIDTH SPACE (U+200B), at position 4"), ("\u202eAnn", "U+202E"),
        ("\x07", "U+0007"), ("Ann\x85\x9d", "U+009D"), ("#N/A", "formula"), (" #REF! ", "formula"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_and_errors_of_formulas_are_found(cell: str, what: str) -> None:
    (problem,) = unfit_cells(7, [cell, "x"], COLUMNS)
    assert (problem.row, problem.column) == (7, "Name")
    assert what in problem.problem


@pytest.mark.parametrize("cell", ["O'Brien #2", "Ní\xa0Bhriain", "Early\nHelp\t", "क्\u200dष", "D’Souza", ""])
def test_what_people_really_write_is_fit(cell: str) -> None:
    assert unfit_cells(7, [cell, "x"], COLUMNS) == []


def test_a_column_that_is_not_read_may_hold_anything() -> None:
    assert unfit_cells(7, ["Ann", "\x00"], COLUMNS) == []


def test_what_was_remembered_is_told_where_it_decides_and_forgotten_when_said() -> None:
    headings = ("Email", "Surname", "Area")
    columns = places(*headings, remembered={"area": "team", "Email": "email"})
    assert [each.heading for each in columns.acted] == ["area"]
    assert places(*headings, said={"Area": "forget"}, remembered={"Area": "phone"}).acted == []


def test_a_column_left_out_of_another_file_is_read_where_nobody_is_known_without_it() -> None:
    columns = places("Email", "Surname", remembered={"Email": "ignore"})
    assert (columns.heading("email"), [each.heading for each in columns.set_aside]) == ("Email", ["Email"])
    both = places("Email", "Work e-mail", "Surname", remembered={"Email": "ignore"})
    assert (both.heading("email"), both.set_aside) == ("Work e-mail", [])
    assert [each.heading for each in both.acted] == ["Email"]


def test_a_column_left_out_of_a_file_of_the_same_form_stays_left_out() -> None:
    same = RememberedHeading("people", "Email", "ignore", None, headings_key(("Email", "Name", "ID")))
    fields = (ImportField("email", "the e-mail address", ("email",), identifies=True), ImportField("id", "id", ("id",)))
    columns = assign_columns("a.csv", fields, ("Email", "Name", "ID"), said={}, remembered=[same])
    assert ("email" in columns.places, [each.heading for each in columns.acted]) == (False, ["Email"])
