"""The story of a sign-in sheet that comes back."""

from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import sign_in_sheets
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports.columns import ImportReport, NothingImported
from csc_tui.core.people import queries as people_queries
from db.records.attendance import MarkKind
from db.records.calendar import Event
from db.records.people import Person
from db.records.startup import Role
from exports.table_search import Table
from tests import builders
from tests.builders import at, booked, event, person

HEADINGS = ("Event", "Session", "Person", "Mark", "Minutes")


@pytest.fixture
def later(ctx: Context) -> Context:
    return at(ctx, "2017-06-19T17:00")


@pytest.fixture
def course(ctx: Context) -> Event:
    return event("BR-90", capacity=20, dates=("2017-06-12", "2017-06-19", "2017-06-26"))


@pytest.fixture
def people(course: Event) -> list[Person]:
    return booked(course, "Bo Adams", "Al Barnes")


def take(ctx: Context, *rows: tuple[str, ...], strict: bool = False, dry_run: bool = False) -> ImportReport:
    table = Table("file.csv", HEADINGS, [(number, list(row)) for number, row in enumerate(rows, 2)], ())
    return imports_actions.import_marks(ctx, table, mapping={}, strict=strict, dry_run=dry_run)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.new, report.changed, report.same, report.rejected


def marks(ctx: Context, number: int) -> dict[str, tuple[str, int | None]]:
    found = attendance_actions.list_register_lines(attendance_actions.list_registers(ctx, "BR-90", number))
    return {line.person: (line.mark, line.minutes) for line in found}


def test_a_filled_sheet_comes_back_and_a_second_time_changes_nothing(
    later: Context, people: list[Person], tmp_path: Path
) -> None:
    bo, al = people
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(MarkKind.LATE, minutes=150))
    path = str(tmp_path / "sheet.xlsx")
    sign_in_sheets.save_sign_in_sheet(later, "BR-90", 1, path)
    empty = imports_actions.import_marks(later, imports_actions.load_table(path), mapping={})
    assert counts(empty) == (2, 0, 0, 2, 0)
    rows = [("BR-90", "1", bo.key, "late", "150"), ("BR-90", "1", al.email, "Sent apologies", "")]
    assert counts(take(later, *rows)) == (2, 1, 0, 1, 0)
    assert marks(later, 1) == {bo.key: ("late", 150), al.key: ("apologies", 0)}
    before = builders.list_history_lines(later, event="BR-90")
    assert counts(take(later, *rows)) == (2, 0, 0, 2, 0)
    assert builders.list_history_lines(later, event="BR-90") == before


def test_a_changed_mark_is_changed_and_empty_minutes_wipe_nothing(later: Context, people: list[Person]) -> None:
    bo, al = people
    take(later, ("BR-90", "1", bo.key, "late", "150"), ("BR-90", "1", al.key, "present", ""))
    again = take(later, ("BR-90", "1", bo.key, "late", ""), ("BR-90", "1", al.key, "absent", ""))
    assert counts(again) == (2, 0, 1, 1, 0)
    assert marks(later, 1) == {bo.key: ("late", 150), al.key: ("absent", 0)}


def test_outcomes_and_completions_follow_an_import(later: Context, people: list[Person]) -> None:
    bo, _ = people
    evening = at(later, "2017-06-26T17:00")
    take(evening, *[("BR-90", str(number), bo.key, "present", "") for number in (1, 2, 3)])
    card = people_queries.get_person_card(evening, bo.key)
    assert [each.status for each in card.enrolments] == ["fully_attended"]
    assert [(each.course, each.complete) for each in card.completions] == [("BR", True)]


def test_good_rows_go_in_and_each_other_row_has_its_reason(later: Context, people: list[Person]) -> None:
    bo, al = people
    stranger = person("Cy Clark")
    report = take(
        later,
        ("BR-90", "1", bo.key, "present", ""),
        ("NOPE-1", "1", bo.key, "present", ""),
        ("BR-90", "9", bo.key, "present", ""),
        ("BR-90", "3", bo.key, "present", ""),
        ("BR-90", "1", stranger.key, "present", ""),
        ("BR-90", "1", "nobody@example.org", "present", ""),
        ("BR-90", "1", al.key, "present", "181"),
        ("BR-90", "1", bo.key, "absent", ""),
        ("BR-90", "1", bo.key, "present", ""),
    )
    assert counts(report) == (9, 1, 0, 1, 7)
    assert [(each.row, each.column) for each in report.problems] == [
        (3, "Event"), (4, "Session"), (5, "Event"), (6, "Person"), (7, "Person"), (8, "Person"), (9, "Mark"),
    ]  # fmt: skip
    said = " ".join(each.problem for each in report.problems)
    for piece in ("no event NOPE-1", "no session 9", "begins on Mon 26 Jun 2017", "not on the register",
                  "No match for", "lasted 180 minutes", "row 2 says present"):  # fmt: skip
        assert piece in said
    assert "Nothing was changed" not in said
    assert marks(later, 1) == {bo.key: ("present", 180), al.key: ("", None)}


def test_a_signed_off_register_takes_no_other_mark_from_a_file(later: Context, people: list[Person]) -> None:
    bo, _ = people
    attendance_actions.mark_rest(later, "BR-90", 1, MarkKind.PRESENT)
    attendance_actions.sign_off_register(later, "BR-90", 1)
    assert counts(take(later, ("BR-90", "1", bo.key, "present", ""))) == (1, 0, 0, 1, 0)
    report = take(later, ("BR-90", "1", bo.key, "absent", ""))
    assert report.rejected == 1
    assert "signed off" in report.problems[0].problem


def test_strict_takes_all_or_nothing_and_a_dry_run_nothing(later: Context, people: list[Person]) -> None:
    bo, al = people
    rows = [("BR-90", "1", bo.key, "present", ""), ("BR-90", "1", al.key, "perhaps", "")]
    assert counts(take(later, *rows, dry_run=True)) == (2, 1, 0, 0, 1)
    with pytest.raises(NothingImported):
        take(later, *rows, strict=True)
    assert marks(later, 1) == {bo.key: ("", None), al.key: ("", None)}


def test_only_a_coordinator_imports_marks(later: Context, people: list[Person]) -> None:
    with pytest.raises(NotAllowed):
        take(replace(later, role=Role.BOOKER), ("BR-90", "1", people[0].key, "present", ""))
