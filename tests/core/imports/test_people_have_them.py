"""Files as people have them: for each file of tests/data/cases what comes of it, and what is said."""

from datetime import date, time
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports import programme as imports_programme
from csc_tui.core.imports.columns import ImportReport
from db import calendar
from db.engine.connection import read_transaction
from db.records.calendar import Session

CASES = Path(__file__).parents[2] / "data" / "cases"


def programme(ctx: Context, name: str) -> ImportReport:
    table = imports_actions.load_table(str(CASES / name), fields=imports_programme.FIELDS)
    return imports_actions.import_programme(ctx, table, mapping={})


def sessions(reference: str) -> list[Session]:
    with read_transaction():
        return calendar.fetch_sessions(calendar.fetch_event(reference).id)


def said(report: ImportReport, row: int) -> str:
    return "; ".join(each.problem for each in report.problems if each.row == row)


def test_dates_as_excel_saves_them_are_read_or_a_sentence(ctx: Context) -> None:
    report = programme(ctx, "programme-dates-as-excel-saves.csv")
    assert (report.new, report.rejected) == (6, 3)
    for reference, end in (("Y-1", time(12, 30)), ("Y-3", time(12)), ("Y-4", time(16, 30)), ("Y-6", time(16, 30))):
        (session,) = sessions(reference)
        assert (session.date, session.end) == (date(2017, 4, 25), end), reference
    assert "is a Tuesday, not a Wednesday" in said(report, 8)
    assert "the day comes before the month" in said(report, 9)
    assert "has no year" in said(report, 10)
    assert "in the morning or in the afternoon" in said(report, 10)


def test_times_in_one_column_are_read_and_several_days_asked_about(ctx: Context) -> None:
    report = programme(ctx, "programme-one-time-column.csv")
    assert (report.new, report.rejected) == (3, 1)
    assert (sessions("X-1")[0].start, sessions("X-1")[0].end) == (time(9, 30), time(12, 30))
    assert (sessions("X-2")[0].date, sessions("X-2")[0].end) == (date(2017, 5, 2), time(16, 30))
    assert sessions("X-3")[0].date is None
    assert sessions("X-3")[0].venue == ""
    assert "names a week and no day" in said(report, 4)
    assert "Give each session a line of its own" in said(report, 5)


def test_a_programme_of_an_earlier_year_comes_in(ctx: Context) -> None:
    assert programme(ctx, "history-programme.csv").new == 1
    assert [each.date for each in sessions("BR-OLD-1")] == [date(2016, 5, 10), date(2016, 5, 17), date(2016, 5, 24)]


@pytest.mark.parametrize("name", sorted(each.name for each in CASES.iterdir()))
def test_each_file_has_a_table_in_it(name: str) -> None:
    assert imports_actions.load_table(str(CASES / name)).rows
