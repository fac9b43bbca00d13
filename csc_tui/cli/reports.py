"""report and export: figures as text, file or page, and whole lists as files."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace as replaced
from itertools import groupby
from typing import Any

import click

from csc_tui.base.text import clean_text
from csc_tui.cli import options, stderr, stdout, tables
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.remedies import SHELL_REMEDIES
from csc_tui.core.evaluation.rules import NO_DATA
from csc_tui.core.reports import list_files
from csc_tui.core.reports import queries as reports_queries
from db.errors import WrongUse
from db.records.reports import Report, ReportCell

BAR, WIDEST_BAR, NARROWEST_BAR = "█", 20, 6
SHORT_NAME, SHORTEST_NAME = 30, 16
TEXTS = ("name", "stage", "email", "team", "role", "completed", "needs")


@click.command()
@click.argument("name", metavar="REPORT", type=OneOf(list(reports_queries.REPORTS)))
@click.option(
    "--year",
    default="",
    metavar="2017/18",
    help="The programme year, such as 2017/18, or all (default: this year).",
)
@click.option("--strand", default="", help="Only one strand, by code or name.")
@click.option("--course", default="", help="Only one course, by code or title.")
@click.option(
    "--by", default="course", type=OneOf(reports_queries.COMPARED_BY), help="What to compare in the evaluation report."
)
@click.option("--team", default="", help="Only one team or organisation: for compliance, invite-next and hours.")
@click.option("--to", "path", default="", metavar="FILE", help="Write it to a file: .csv, .xlsx or .json.")
@click.option("--html", "page", default="", metavar="FILE", help="Write a web page with charts, to share or print.")
@click.option("--pdf", "paper", default="", metavar="FILE", help="Write one page with charts as PDF, for a director.")
@options.replace
@click.pass_obj
def report(
    call: Call,
    name: str,
    year: str,
    strand: str,
    course: str,
    by: str,
    team: str,
    path: str,
    page: str,
    paper: str,
    replace: bool,
) -> None:
    """Show the figures of a programme year, or write them to a file or page.

    REPORT is headline (people developed, and what changed), years (one after another), attendance, waiting,
    organisations, evaluation, modules, compliance (which teams have completed which courses: in date, due, out,
    never), invite-next (who needs a course and has no place yet), hours (CPD), facilitators or venues.
    """
    ctx = call.context()
    question = reports_queries.ReportQuestion(year, strand, course, by, team)
    found = reports_queries.get_report(ctx, name, question)
    wanted = [each for each in (path, page, paper) if each]
    for each, ending in ((page, ".html"), (paper, ".pdf")):
        if each and not each.lower().endswith(ending):
            raise WrongUse(f"{each} must end with {ending}. Nothing was written.")
    for each in wanted:
        list_files.write_report(ctx, found, each, replace=replace)
        stderr.remark(f"The report is in {each}.")
    if wanted:
        return
    if call.form in ("csv", "json"):
        stdout.print_rows(call.form, found.columns, found.rows)
    else:
        width = tables.terminal_width() if call.form == "table" else None
        stdout.print_lines(report_text(found, reports_queries.report_heading(ctx, found), width))


def report_text(found: Report, heading: str, width: int | None = None) -> str:
    """Return a report as text: a table with bars for each breakdown of the figures, no wider than `width`."""
    if width and found.name == "compliance" and _is_wide(found, width):
        found = _numbered(found)
    parts = [textwrap.fill(heading, width) if width else heading]
    for by, rows in groupby(found.rows, key=lambda row: row[0]):
        parts.append(f"{by}\n{_table(found, list(rows), width)}")
    if not found.rows:
        parts.append("Nothing to report.")
    said = [*found.notes, *([found.remedy.worded(SHELL_REMEDIES)] if found.remedy else ())]
    notes = [textwrap.fill(note, width) if width else note for note in said]
    return "\n\n".join([*parts, "\n".join(notes)])


def _is_wide(found: Report, width: int) -> bool:
    return (
        SHORTEST_NAME + 2 + sum(len(name) + 2 for name in found.columns if name not in ("by", "name", "person")) > width
    )


def _numbered(found: Report) -> Report:
    """Return the report with numbers instead of course codes over its columns, and a note that explains them."""
    first = found.columns.index("reached") + 1
    codes = found.columns[first:]
    numbers = tuple(f"({number})" for number in range(1, len(codes) + 1))
    note = ", ".join(f"{number} {code}" for number, code in zip(numbers, codes, strict=True))
    return replaced(found, columns=(*found.columns[:first], *numbers), notes=(note, *found.notes))


def _table(found: Report, rows: list[tuple[ReportCell, ...]], width: int | None) -> str:
    """Return the table of one breakdown without columns that are empty in it; a baseline's source is in the notes."""
    columns, headings = {}, reports_queries.column_headings(found)
    for place, name in enumerate(found.columns):
        cells = [_cell(found, row, name) for row in rows]
        if place and name != "source" and any(cell not in ("", "-") for cell in cells):
            columns[name] = ["" if name == "name" else headings.get(name, name.replace("_", " ")), *cells]
    if width:
        _fit(columns, width)
    padded = [_padded(cells, name in TEXTS) for name, cells in columns.items()]
    lines = ["  " + "  ".join(cells).rstrip() for cells in zip(*padded, strict=True)]
    room = WIDEST_BAR if width is None else min(width - max(map(len, lines)) - 2, WIDEST_BAR)
    if found.bars in columns and room >= NARROWEST_BAR:
        values = [row[found.columns.index(found.bars)] for row in rows]
        _draw(lines, [value if isinstance(value, int | float) else 0 for value in values], room)
    return "\n".join(lines)


def _fit(columns: dict[str, list[str]], width: int) -> None:
    """Drop columns, then cut the names, until the table is narrow enough and leaves room for a bar."""

    def excess(room: int) -> int:
        return sum(max(map(len, cells)) + 2 for cells in columns.values()) - room

    for name in reports_queries.COLUMNS_DROPPED_FIRST:
        if excess(width) > 0:
            columns.pop(name, None)
    for room, shortest in ((width - NARROWEST_BAR - 2, SHORT_NAME), (width, SHORTEST_NAME)):
        longest = max(map(len, columns["name"]))
        if excess(room) > 0 and longest > shortest:
            keep = max(longest - excess(room), shortest)
            columns["name"] = [cell if len(cell) <= keep else cell[: keep - 1] + "…" for cell in columns["name"]]


def _padded(cells: list[str], left: bool) -> list[str]:
    wide = max(map(len, cells))
    return [cell.ljust(wide) if left else cell.rjust(wide) for cell in cells]


def _draw(lines: list[str], values: list[float], room: int) -> None:
    """Add a bar to each line but the heading."""
    most, wide = max([*values, 1]), max(map(len, lines))
    for place, value in enumerate(values, 1):
        lines[place] = f"{lines[place]:<{wide}}  {BAR * round(room * value / most)}".rstrip()


def _cell(found: Report, row: tuple[ReportCell, ...], name: str) -> str:
    value = row[found.columns.index(name)]
    if value is None:
        if name == "percent" and row[found.columns.index("invited")] is not None:
            return NO_DATA
        return "-" if name in reports_queries.PERCENT_COLUMNS else ""
    if name in reports_queries.PERCENT_COLUMNS:
        return f"{value} %"
    if found.name == "compliance" and name not in ("name", "person"):
        return reports_queries.STANDING_LETTERS.get(
            str(value), f"{value:,}" if isinstance(value, int) else clean_text(value)
        )
    return clean_text(f"{value:,}" if isinstance(value, int | float) else value)


STDOUT = "-"
to_file = click.option(
    "--to", "path", required=True, metavar="FILE",
    help="The file, ending in .csv, .xlsx or .json; or - for stdout with --format csv or json.",
)  # fmt: skip


@click.command("export")
@click.argument("kind", metavar="LIST", type=OneOf(list_files.LIST_KINDS))
@to_file
@options.replace
@click.option("--needs", is_flag=True, help="For people: include dietary and access needs.")
@click.pass_obj
def export(call: Call, kind: str, path: str, replace: bool, needs: bool) -> None:
    """Write a whole LIST to a file that only you can read.

    LIST is people, events, sessions, enrolments, marks, evaluations or figures. Text is never treated as a formula.
    People and sessions can be imported again. Times are in the council's time zone. For Excel use .xlsx: it keeps
    accents and dates.
    """
    ctx = call.context()
    if path == STDOUT:
        check_streamable(call.form)
        number = 0

        def counted(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
            nonlocal number
            for row in rows:
                number += 1
                yield row

        with list_files.get_list_table(ctx, kind, needs=needs) as (columns, rows):
            stdout.print_stream(call.form, columns, counted(rows))
        list_files.record_export(ctx, kind, number, needs=needs)
        return
    number = list_files.export_list(ctx, kind, path, needs=needs, replace=replace)
    stdout.print_rows(call.form, ("file", "rows"), [(path, number)])


def check_streamable(form: str) -> None:
    """Refuse a format that cannot print a list of any length. Raises WrongUse."""
    if form not in ("csv", "json"):
        raise WrongUse("--to - prints csv or json: put --format csv or --format json before the command.")
