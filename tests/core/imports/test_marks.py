"""What a row of a filled sign-in sheet says."""

import pytest

from csc_tui.core.imports import marks
from csc_tui.core.imports.columns import assign_columns
from csc_tui.core.imports.marks import CheckedMarks, MarkLine, NamedOnce
from db.records.attendance import MarkKind

HEADINGS = ("Event", "Session", "Person", "E-mail", "Name", "Organisation", "Signature", "Mark", "Minutes")
GOOD = ("br-01", "2", "#7", "", "Bo", "", "", "Left early", "90")


def check(*rows: tuple[str, ...]) -> CheckedMarks:
    columns = assign_columns("sheet.csv", marks.FIELDS, HEADINGS, said={}, remembered=[])
    return marks.parse_mark_rows(
        [(number, list(row)) for number, row in enumerate(rows, 2)], columns, NamedOnce("", "", "")
    )


def line(**otherwise: str) -> tuple[str, ...]:
    return tuple(otherwise.get(name, value) for name, value in zip(HEADINGS, GOOD, strict=True))


def test_rows_of_one_session_come_together() -> None:
    found = check(GOOD, line(Session="1"), line(Event="BR-01", Person="#8", Minutes=""))
    assert [(each.event, each.session, len(each.lines)) for each in found.sheets] == [("BR-01", 2, 2), ("BR-01", 1, 1)]
    assert found.sheets[0].lines == [
        MarkLine(2, "#7", MarkKind.LEFT_EARLY, 90), MarkLine(4, "#8", MarkKind.LEFT_EARLY, None),
    ]  # fmt: skip


def test_a_person_is_named_by_key_else_by_address_else_by_name() -> None:
    found = check(GOOD, line(Person="", **{"E-mail": "bo@x.org"}), line(Person=""))
    assert [each.person for each in found.sheets[0].lines] == ["#7", "bo@x.org", "Bo"]


def test_a_row_without_a_mark_says_nothing() -> None:
    found = check(line(Mark="", Minutes=""))
    assert (found.unmarked, found.rejected, found.sheets) == (1, 0, [])


def test_numbers_as_a_spreadsheet_writes_them_are_numbers() -> None:
    (found,) = check(line(Session="2.0", Minutes="90.0")).sheets
    assert (found.session, found.lines[0].minutes) == (2, 90)


def test_no_minutes_at_all_are_what_an_absent_person_has_and_nobody_else() -> None:
    (found,) = check(line(Mark="absent", Minutes="0")).sheets
    assert found.lines == [MarkLine(2, "#7", MarkKind.ABSENT, None)]
    (problem,) = check(line(Mark="late", Minutes="0")).problems
    assert (problem.column, problem.problem) == ("Minutes", "marked late with 0 minutes")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Event", "", "no event"),
        ("Session", "two", "'two' is not a session number"),
        ("Session", "", "'' is not a session number"),
        ("Mark", "perhaps", "'perhaps' is not a mark"),
        ("Mark", "", "'' is not a mark"),
        ("Minutes", "-5", "'-5' is not a number of minutes"),
        ("Minutes", "9000", "'9000' is not a number of minutes"),
        ("Mark", "#REF!", "a formula error"),
    ],
)
def test_a_bad_cell_is_reported_with_its_column(field: str, value: str, said: str) -> None:
    found = check(line(**{field: value}))
    assert (found.rejected, list(found.sheets)) == (1, [])
    assert [(each.row, each.column) for each in found.problems] == [(2, field)]
    assert said in found.problems[0].problem


def test_a_row_that_names_nobody_is_reported() -> None:
    found = check(line(Person="", Name=""))
    assert [(each.column, each.problem) for each in found.problems] == [("Person", "no person is named")]
