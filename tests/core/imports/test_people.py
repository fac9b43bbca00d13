"""Rows of people: good and bad, repeated, and against who is stored."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csc_tui.core.imports.columns import assign_columns
from csc_tui.core.imports.people import (
    FIELDS,
    CheckedPeople,
    address_fault,
    apply_person_line,
    describe_person_changes,
    guess_organisation_kind,
    name_from_address,
    parse_people_rows,
    person_from_line,
)
from db.records.people import OrganisationKind, Person, PersonKind

HEADINGS = ("Employee No", "Forename", "Surname", "Email", "Phone", "Organisation", "Team", "Manager?", "Staff/Partner")
COLUMNS = assign_columns("a.csv", FIELDS, HEADINGS, said={}, remembered=[])


def checked(*rows: tuple[str, ...]) -> CheckedPeople:
    """Check rows given as the cells of HEADINGS, from row 2; short ones are filled up."""
    filled = [(number, [*row, *[""] * (len(HEADINGS) - len(row))]) for number, row in enumerate(rows, 2)]
    return parse_people_rows(filled, COLUMNS, date(2017, 4, 10))


def told(found: CheckedPeople) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem) for each in found.problems]


def test_names_stay_as_typed_but_for_blanks() -> None:
    names = [("", "Ann  Marie ", " van der  Berg", "a@x.org"), ("", "D’Arcy", "McDONALD", "b@x.org")]
    found = {(line.forename, line.surname) for line in checked(*names).lines}
    assert found == {("Ann Marie", "van der Berg"), ("D’Arcy", "McDONALD")}


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (("", "Ann", "  ", "a@x.org"), "Surname", "no surname"),
        (("", "Ann", "Lee", " "), "Email", "no e-mail address"),
        (("", "Ann", "Lee", "n/a"), "Email", "'n/a' is not an e-mail address"),
        (("", "Ann", "Lee", "a@x.org", "", "", "", "perhaps"), "Manager?", "'perhaps' is not yes or no"),
        (("", "Ann", "Lee", "a@x.org", "", "", "", "", "temp"), "Staff/Partner", "'temp' is not staff or partner"),
        (("1" * 41, "Ann", "Lee", "a@x.org"), "Employee No", "longer than 40 characters"),
    ],
)  # fmt: skip
def test_a_bad_row_is_rejected_with_its_column_and_the_others_stay(
    row: tuple[str, ...], column: str, what: str
) -> None:
    found = checked(("", "Bo", "Fry", "b@x.org"), row)
    assert told(found) == [(3, column, what)]
    assert (found.rejected, [line.email for line in found.lines]) == (1, ["b@x.org"])


def test_a_team_of_another_organisation_is_not_added_to_the_organisation_of_the_first_row() -> None:
    found = checked(
        ("", "Bo", "Fry", "b@x.org", "", "Council"), ("", "Bo", "Fry", "b@x.org", "", "Lea School", "Year 3")
    )
    assert [(line.organisation, line.team) for line in found.lines] == [("Council", "")]
    assert [column for _, column, _ in told(found)] == ["Organisation", "Team"]
    added = checked(("", "Bo", "Fry", "b@x.org"), ("", "Bo", "Fry", "b@x.org", "", "Lea School", "Year 3"))
    assert [(line.organisation, line.team) for line in added.lines] == [("Lea School", "Year 3")]


def test_every_fault_of_a_row_is_told_and_the_row_counted_once() -> None:
    found = checked(("", "Ann", "", "", "", "", "", "perhaps"))
    assert [column for _, column, _ in told(found)] == ["Surname", "Email", "Manager?"]
    assert found.rejected == 1


@pytest.mark.parametrize(
    "address", ["a@b.org", "jo.o'brien+csc@north-east.gov.uk", "x_1@a-b.c-d.co", "1@2.org", "a" * 64 + "@example.org"]
)
def test_addresses_that_exist_are_taken(address: str) -> None:
    assert address_fault(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "tom@", "@x.org", "a@b@c", "jane.smith", "sue smith@x.org", "a@localhost", "a..b@x.org", ".a@x.org", "a@-x.org",
        "a@x-.org", "a@x..org", "Ann <a@x.org>", "a@x.org;", "mailto:a@x.org", "a@x.o", "a@x.12", "a" * 250 + "@x.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_not(address: str) -> None:
    assert "is not an e-mail address" in address_fault(address)


def test_a_letter_that_only_looks_plain_is_named() -> None:
    assert "CYRILLIC SMALL LETTER A (U+0430)" in address_fault("\u0430nn@x.org")
    assert "U+FF21" in address_fault("\uff21nn@x.org")


def test_a_look_alike_address_is_never_merged_with_the_plain_one() -> None:
    found = checked(("", "Ann", "Lee", "ann@x.org"), ("", "Ann", "Lee", "\u0430nn@x.org"))
    assert (len(found.lines), found.rejected, found.repeats) == (1, 1, {})


def test_a_name_with_a_letter_of_another_alphabet_goes_in_as_it_is_and_is_told() -> None:
    found = checked(("", "M\u0430ria", "Lee", "m@x.org"), ("", "\u0418\u0432\u0430\u043d", "Søren-Đorđe", "i@x.org"))
    assert [line.forename for line in found.lines] == ["M\u0430ria", "\u0418\u0432\u0430\u043d"]
    ((row, heading, what),) = told(found)
    assert (row, heading, "CYRILLIC SMALL LETTER A (U+0430)" in what) == (2, "Forename", True)


def test_one_address_in_another_case_is_the_same_person() -> None:
    found = checked(("", "Ann", "Lee", "ann@x.org"), ("", "Ann", "Lee", " ANN@X.ORG "), ("", "Ann", "Lee", "ann@x.org"))
    assert [line.email for line in found.lines] == ["ann@x.org"]
    assert (found.repeats, found.rejected, told(found)) == ({"ann@x.org": 2}, 0, [])


def test_a_repeat_adds_what_is_missing_and_what_it_contradicts_is_kept_and_both_are_told() -> None:
    found = checked(
        ("", "Ann", "Lee", "ann@x.org", "", "Police"), ("77", "Ann", "Leigh", "ann@x.org", "01472 1", "Police")
    )
    (line,) = found.lines
    assert (line.employee_number, line.surname, line.phone) == ("77", "Lee", "01472 1")
    assert told(found) == [
        (3, "Employee No", "'77': added to the same person in row 2, which had none"),
        (3, "Surname", "'Leigh': the same person as in row 2, where it is 'Lee'; that was kept"),
        (3, "Phone", "'01472 1': added to the same person in row 2, which had none"),
    ]


def test_one_employee_number_for_two_addresses_rejects_the_second() -> None:
    found = checked(("77", "Ann", "Lee", "a@x.org"), ("77", "Bo", "Fry", "b@x.org"))
    assert [line.email for line in found.lines] == ["a@x.org"]
    assert told(found)[0][:2] == (3, "Employee No")
    assert "Ann Lee in row 2" in told(found)[0][2]


def stored(**columns: Any) -> Person:
    (line,) = checked(("77", "Ann", "Lee", "ann@x.org", "01472 1", "Police", "Response", "No", "Partner")).lines
    return replace(person_from_line(line), id=5, **columns)


def after(*cells: str, person: Person | None = None) -> tuple[Person, list[str]]:
    (line,) = checked(cells).lines
    changed, problems = apply_person_line(line, person or stored(), COLUMNS, renamed=False)
    return changed, [f"{each.column}: {each.problem}" for each in problems]


def test_the_same_row_changes_nothing() -> None:
    assert after("77", "Ann", "Lee", "ANN@x.org", "01472 1", "POLICE", "response", "n", "partner") == (stored(), [])


def test_an_empty_cell_wipes_nothing() -> None:
    assert after("", "", "Lee", "ann@x.org") == (stored(), [])


def test_what_the_file_says_otherwise_is_taken() -> None:
    changed, problems = after("77", "Ann", "Lee", "ann@x.org", "01472 2", "Police", "Custody", "Yes", "Staff")
    assert problems == []
    assert describe_person_changes(stored(), changed) == (
        "telephone number 01472 1; team Response; manager no; staff or partner partner",
        "telephone number 01472 2; team Custody; manager yes; staff or partner staff",
    )


def test_a_new_organisation_leaves_the_old_team_behind() -> None:
    changed, _ = after("", "Ann", "Lee", "ann@x.org", "", "Council")
    assert (changed.organisation, changed.team) == ("Council", "")


def test_names_and_numbers_that_differ_are_kept_and_told() -> None:
    changed, problems = after("78", "Anne", "Leigh", "ann@x.org")
    assert changed == stored()
    assert problems == [
        "Forename: 'Anne': the stored value 'Ann' was kept", "Surname: 'Leigh': the stored value 'Lee' was kept",
        "Employee No: '78': the stored value '77' was kept",
    ]  # fmt: skip


def test_a_name_made_up_from_the_address_gives_way_to_the_real_one() -> None:
    forename, surname = name_from_address("trainer1@x.org")
    person = stored(
        email="trainer1@x.org", forename=forename, surname=surname, employee_number=None, phone="", organisation="",
        team="", is_facilitator=True,
    )  # fmt: skip
    changed, problems = after("9", "Jo", "Marsh", "trainer1@x.org", person=person)
    assert (changed.name, changed.employee_number, changed.is_facilitator, problems) == ("Jo Marsh", "9", True, [])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("jo.smith@x.org", ("Jo", "Smith")), ("trainer1@x.org", ("", "Trainer1")), ("a_b.c@x.org", ("A B", "C")),
        ("ann-marie.lee@x.org", ("Ann-marie", "Lee")),
    ],
)  # fmt: skip
def test_an_address_suggests_a_name(address: str, name: tuple[str, str]) -> None:
    assert name_from_address(address) == name


def test_a_team_without_an_organisation_cannot_be_kept() -> None:
    (line,) = checked(("", "Ann", "Lee", "a@x.org", "", "", "Response")).lines
    assert person_from_line(line).team == ""


def test_who_is_not_said_to_be_a_partner_is_staff() -> None:
    (line,) = checked(("", "Ann", "Lee", "a@x.org")).lines
    assert person_from_line(line).kind is PersonKind.STAFF


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("North East Lincolnshire Council", OrganisationKind.COUNCIL), ("Primary school", OrganisationKind.SCHOOL),
        ("Beacon Academy Trust", OrganisationKind.SCHOOL), ("Health visiting (NHS)", OrganisationKind.HEALTH),
        ("Humber Health Trust", OrganisationKind.HEALTH), ("Police", OrganisationKind.POLICE),
        ("Voluntary sector alliance", OrganisationKind.VOLUNTARY), ("Acme", OrganisationKind.OTHER),
    ],
)  # fmt: skip
def test_an_organisations_name_suggests_its_kind(name: str, kind: OrganisationKind) -> None:
    assert guess_organisation_kind(name) is kind
