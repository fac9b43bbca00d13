"""Lists and reports written to files, each as the database is at one moment."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.rights import NEEDS_ROLE
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.evaluation.rules import NO_DATA
from csc_tui.core.reports import queries as reports_queries
from db import lists
from db.engine.connection import read_transaction
from db.errors import WrongUse
from db.records.booking import Status
from db.records.reports import Report
from db.records.startup import Role
from exports import files, tables, workbooks
from exports.tables import Value

PERSONAL_KINDS = ("people", "enrolments", "marks", "evaluations")
"""The lists with names in them: taking one away is kept in the history."""
LIST_KINDS = ("people", "events", "sessions", "enrolments", "marks", "evaluations", "figures")
"""The lists that can be exported."""
Rows = Iterable[Sequence[Value]]
Writer = Callable[[BinaryIO, Sequence[str], Rows], int]
TABLE_WRITERS: dict[str, Writer] = {
    ".csv": tables.write_csv,
    ".json": tables.write_json,
    ".xlsx": workbooks.write_workbook,
}  # fmt: skip
"""The function that writes a table, by the ending of the file's name."""


def export_list(ctx: Context, kind: str, path: str, *, needs: bool = False, replace: bool = False) -> int:
    """Write one of LIST_KINDS to a .csv, .xlsx or .json file and return the number of rows.

    Only the file's owner may read it. `needs` adds dietary and access needs to the people. Raises Duplicate when the
    file exists already, WrongUse, and NotAllowed for the needs.
    """
    with get_list_table(ctx, kind, needs=needs) as (columns, rows):
        number = write_table(path, columns, rows, replace=replace)
    record_export(ctx, kind, number, needs=needs)
    return number


def record_export(ctx: Context, kind: str, number: int, *, needs: bool) -> None:
    """Note in the history that a list with people in it was taken away, by whom and with how many rows."""
    if kind in PERSONAL_KINDS:
        _record_export(ctx, kind, number, needs)


@action(role=Role.VIEWER, undoable=False)
def _record_export(ctx: Context, kind: str, number: int, needs: bool) -> None:
    also = "with dietary and access needs" if needs else ""
    write_history(ctx, "exported", kind, after=format_count(number, "row"), reason=also)


def write_table(path: str, columns: Sequence[str], rows: Rows, *, replace: bool = False) -> int:
    """Write a table in the kind of file that the name's ending says. Raises Duplicate and WrongUse."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in TABLE_WRITERS:
        raise WrongUse(
            f"{path} does not say which kind of file: end it with .csv, .xlsx or .json. Nothing was written."
        )
    with files.file_writer(path, replace=replace) as file:
        return TABLE_WRITERS[ending](file, columns, rows)


def write_report(ctx: Context, found: Report, path: str, *, replace: bool = False) -> None:
    """Write a report in the kind of file that the name's ending says: a table, or a page with charts.

    Raises Duplicate and WrongUse.
    """
    ending = os.path.splitext(path)[1].lower()
    if ending in PAGE_WRITERS:
        data = PAGE_WRITERS[ending](ctx, found)
        with files.file_writer(path, replace=replace) as file:
            file.write(data)
    elif ending in TABLE_WRITERS:
        write_table(path, found.columns, found.rows, replace=replace)
    else:
        ends = ", ".join((*TABLE_WRITERS, *PAGE_WRITERS))
        raise WrongUse(f"'{path}' does not say which kind of file: end it with one of {ends}. Nothing was written.")


def _as_html(ctx: Context, found: Report) -> bytes:
    from exports import pages

    heading = reports_queries.report_heading(ctx, found)
    return pages.render_report_page(
        found,
        heading,
        headings=reports_queries.column_headings(found),
        percents=reports_queries.PERCENT_COLUMNS,
        no_data=NO_DATA,
    )


def _as_pdf(ctx: Context, found: Report) -> bytes:
    from exports import report_pdf  # imported here because it is slow and only a .pdf needs it

    style = report_pdf.ReportStyle(
        reports_queries.column_headings(found),
        reports_queries.PERCENT_COLUMNS,
        NO_DATA,
        reports_queries.COLUMNS_DROPPED_FIRST,
        reports_queries.TABLES_CUT_FIRST,
    )
    return report_pdf.render_report_pdf(found, reports_queries.report_heading(ctx, found), style)


PAGE_WRITERS: dict[str, Callable[[Context, Report], bytes]] = {".html": _as_html, ".pdf": _as_pdf}
"""The function that renders a report as a page, by the ending of the file's name."""


@contextmanager
def get_list_table(ctx: Context, kind: str, *, needs: bool = False) -> Iterator[tuple[tuple[str, ...], Rows]]:
    """Open one of LIST_KINDS as columns and rows, which are read while they are used.

    Raises WrongUse, and NotAllowed for the `needs`. Call record_export() afterwards.
    """
    if needs:
        ctx.require(NEEDS_ROLE)
    with read_transaction():
        columns, rows = _chosen(ctx, kind, needs)
        yield columns, ([_plain(ctx, value) for value in row] for row in rows)


def _chosen(ctx: Context, kind: str, needs: bool) -> tuple[tuple[str, ...], lists.Rows]:
    match kind:
        case "people" if needs:
            return (*lists.PEOPLE, *lists.NEEDS), lists.stream_people()
        case "people":
            return lists.PEOPLE, (row[: len(lists.PEOPLE)] for row in lists.stream_people())
        case "events":
            return lists.EVENTS, lists.stream_events()
        case "sessions":
            return lists.SESSIONS, lists.stream_sessions()
        case "enrolments":
            return lists.ENROLMENTS, lists.stream_enrolments()
        case "marks":
            return lists.MARKS, lists.stream_marks()
        case "evaluations":
            return _evaluations(ctx)
        case "figures":
            found = reports_queries.get_report(ctx, "headline")
            return found.columns, found.rows
    raise WrongUse(f"There is no list '{kind}' to export. The lists are: {', '.join(LIST_KINDS)}. Nothing was written.")


def _evaluations(ctx: Context) -> tuple[tuple[str, ...], lists.Rows]:
    """Return the evaluations, without names and times of answering where the policy promises anonymity."""
    questions = lists.count_form_questions()
    columns = (*lists.EVALUATIONS, *(f"answer_{number}" for number in range(1, questions + 1)))
    rows = lists.stream_evaluations(questions)
    if ctx.policy["anonymous_evaluations"] != "yes":
        return columns, rows
    person, *tells = (columns.index(name) for name in ("person", "name", "email", "received"))
    return columns, (
        tuple(None if place in (person, *tells) and row[person] else each for place, each in enumerate(row))
        for row in rows
    )


def _plain(ctx: Context, value: object) -> Value:
    """Return a value for files: a status as its word, and a stamp in local time."""
    if isinstance(value, Status):
        return value.word
    if isinstance(value, datetime):
        return ctx.local(value)
    return value  # type: ignore[return-value]
