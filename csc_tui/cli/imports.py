"""import: people, programme, marks, evaluations and earlier learning from files."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import click

from csc_tui.base.context import Context
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.evaluation import stage as evaluation_stage
from csc_tui.cli.invocation import Call
from csc_tui.cli.remedies import SHELL_REMEDIES, word_for_shell
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import answers
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports import completions, completions_import
from csc_tui.core.imports import marks as imports_marks
from csc_tui.core.imports import people as imports_people
from csc_tui.core.imports import programme as imports_programme
from csc_tui.core.imports.columns import FORGET, IGNORE, ImportField, ImportReport, NothingImported
from csc_tui.core.people import people_import
from csc_tui.core.reports import list_files
from db.errors import WrongUse
from db.records.evaluation import Stage
from exports.table_search import Table

LONG = 5_000
"""The rows from which a file is worth a progress bar."""
Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("import")
def imports() -> None:
    """Import people, the programme, registers or evaluations from a CSV file or an .xlsx workbook.

    Good rows are imported; the others are listed with their row, column and reason. Correct those and import the
    file again: rows already imported are skipped. An empty cell never deletes what is stored.
    """


def _shared(command: Command) -> Command:
    for option in (
        click.option("--sheet", default="", metavar="NAME", help="The sheet to read, if the workbook has several."),
        click.option(
            "--map", "mapping", multiple=True, metavar="COLUMN=FIELD",
            help=f"What a column contains, if its heading is unclear; '{IGNORE}' leaves it out. Remembered until "
            f"'{FORGET}'.",
        ),
        click.option("--strict", is_flag=True, help="All or nothing: with one bad row, nothing is imported."),
        options.dry_run,
        click.argument("file", metavar="FILE"),
    ):  # fmt: skip
        command = option(command)
    return command


_event_of_file = click.option(
    "--event", default="", metavar="REFERENCE", help="The event of the whole file, if no column names it."
)


def _fields(fields: Sequence[ImportField]) -> str:
    return "Fields for --map: " + ", ".join(field.name for field in fields) + "."


@imports.command("people", epilog=_fields(imports_people.FIELDS))
@_shared
@click.option(
    "--accept-new-addresses",
    is_flag=True,
    help="Accept new e-mail addresses and names of people with a known employee number. The old addresses still find "
    "them.",
)
@click.option(
    "--add-namesakes", is_flag=True, help="Add people with a similar name and the same organisation as others."
)
@click.option(
    "--absent", metavar="FILE", default="", help="List people in the database but not in the file: .csv, .xlsx, .json."
)
@click.pass_obj
def people(
    call: Call, /, file: str, accept_new_addresses: bool, add_namesakes: bool, absent: str, **given: Any
) -> None:
    """Add the people of an HR extract and update those already there. FILE can be - for stdin.

    People are matched by employee number and e-mail address. Who has left, as the leaving date or
    the status says, gives up places on events to come.
    """
    answers = {people_import.NEW_ADDRESSES: accept_new_addresses, people_import.NAMESAKES: add_namesakes}
    said = {name: people_import.YES for name, accepted in answers.items() if accepted}
    report = _carry_out(call, partial(people_import.import_people, answers=said), file, imports_people.FIELDS, **given)
    if absent:
        columns = ("person", "name", "email", "organisation", "team")
        rows = [(each.person, each.name, each.email, each.organisation, each.team) for each in report.absent]
        number = list_files.write_table(absent, columns, rows)
        stderr.remark(f"{format_count(number, 'person')} written to {absent}.")


@imports.command("programme", epilog=_fields(imports_programme.FIELDS))
@_shared
@options.new_names
@click.pass_obj
def programme(call: Call, /, file: str, **given: Any) -> None:
    """Add the events of a programme, one line for each session, and update those already there.

    An event is imported if all its lines are good. Nothing is deleted. FILE can be - for stdin.
    """
    _carry_out(call, imports_actions.import_programme, file, imports_programme.FIELDS, **given)


@imports.command("marks", epilog=_fields(imports_marks.FIELDS))
@_shared
@_event_of_file
@click.option("--session", default="", metavar="N", help="The session of the whole file, if no column names it.")
@click.option(
    "--cross",
    type=click.Choice(("present", "absent", "none")),
    default=None,
    help="What a cross means in this file: present, absent or no mark (none).",
)
@click.option("--book-walk-ins", is_flag=True, help="Book and mark people who attended but are not on the register.")
@click.pass_obj
def marks(
    call: Call, /, file: str, event: str, session: str, cross: str | None, book_walk_ins: bool, **given: Any
) -> None:
    """Take registers from a filled sign-in sheet, one person and session a line, or from the attendance report of an
    online meeting (Teams, Zoom), whose minutes are added up. FILE may be - for stdin.

    Each line names the event, the session, the person (#id, e-mail address or employee number) and the mark:
    present, late, left_early, apologies or absent, or what people fill in: Y, 1, DNA, left at 11.30. A line without
    a mark is skipped. Guests and devices in a report are listed for you to decide.
    """
    answers = ({imports_marks.CROSS: cross} if cross else {}) | (
        {imports_actions.WALK_INS: "yes"} if book_walk_ins else {}
    )
    service = partial(imports_actions.import_marks, event=event, session=session, answers=answers)
    _carry_out(call, service, file, imports_marks.FIELDS, **given)


@imports.command(
    "evaluations", epilog=f"{_fields(answers.fields_for_questions([]))} And answer_1, answer_2, ... by question."
)
@_shared
@evaluation_stage
@_event_of_file
@click.option(
    "--scale",
    "scales",
    multiple=True,
    metavar="[COLUMN=]1-5",
    help="What numbers mean for an agree question, least agreement first, such as 1-5. Remembered.",
)
@click.option(
    "--mail",
    is_flag=True,
    help="FILE is an e-mail, or a folder or mbox of e-mails, with answers in lines such as Q1: 5.",
)
@click.pass_obj
def evaluations(
    call: Call, /, file: str, mail: bool, stage: str, event: str, scales: Sequence[str], **given: Any
) -> None:
    """Import evaluation answers from any form tool, one line for each form. FILE can be - for stdin.

    Each line names the event and the person's e-mail address or, without names, the number of the response. Answers
    are in columns headed by the question's words or its number. Only people who attended count. Use --stage if no
    column says when they were asked.

    With --mail the event is taken from the subject, such as [evaluation BR-02 on_the_day], and the person from the
    sender's address.
    """
    ctx = call.context()
    said = {}
    for each in scales:
        heading, _, scale = each.rpartition("=")
        said[f"{evaluation_actions.SCALE} {heading.strip()}".strip()] = scale
    service = partial(evaluation_actions.import_evaluations, stage=Stage(stage), event=event, answers=said)
    table = evaluation_actions.collect_mailed_answers(ctx, file) if mail else None
    _carry_out(call, service, file, evaluation_actions.list_evaluation_fields(ctx), table=table, **given)


@imports.command("completions", epilog=_fields(completions.LONG_FIELDS) + " And each course by its code, a module "
                 "as CODE/2.")  # fmt: skip
@_shared
@click.option("--wide", is_flag=True, help="One person a row and one course or module a column.")
@click.option("--course", default="", metavar="CODE", help="The course of the whole file, where no column names it.")
@click.option("--provider", default="", metavar="TEXT", help="Who gave the training, where no column says so.")
@click.pass_obj
def completions_command(call: Call, /, file: str, wide: bool, course: str, provider: str, **given: Any) -> None:
    """Import what people learnt before or elsewhere: one completion a row (person, course or module, date, provider,
    evidence, expires), or one person a row with a column for each course. FILE may be - for stdin.

    A cell is a date, 10/2016, a year, or Y where the day is not known; n/a and empty cells say nothing. The exports of
    Moodle and Totara come in as they are. It counts as what was attended here does, and undo takes the file back.
    """
    service = partial(completions_import.import_completions, wide=wide, course=course, provider=provider)
    _carry_out(call, service, file, completions_import.list_completion_fields(call.context()), **given)


@imports.command("remembered")
@click.pass_obj
def remembered(call: Call) -> None:
    """List what columns were said to hold in earlier imports; --map or csc import forget changes it."""
    rows = [
        (each.kind, each.heading, each.field, each.said_on.isoformat() if each.said_on else "")
        for each in imports_actions.list_remembered_headings(call.context())
    ]
    stdout.print_rows(call.form, ("kind", "column", "field", "on"), rows)


@imports.command("forget")
@click.argument("kind")
@click.argument("column")
@click.pass_obj
def forget(call: Call, kind: str, column: str) -> None:
    """Forget what COLUMN was said to hold in imports of KIND: people, programme, marks, evaluations or completions."""
    found = imports_actions.forget_heading(call.context(), kind, column)
    stderr.remark(f"'{found.heading}' is no longer read as {found.field} in {found.kind}.")


def _carry_out(
    call: Call,
    service: Callable[..., ImportReport],
    file: str,
    fields: Sequence[ImportField],
    *,
    dry_run: bool,
    strict: bool,
    mapping: Sequence[str],
    sheet: str,
    table: Table | None = None,
) -> ImportReport:
    said = _mapping(mapping)
    ctx: Context = call.context()
    if table is None and file == "-":
        table = imports_actions.load_table_bytes(
            "stdin", sys.stdin.buffer.read(imports_actions.LARGEST_FILE + 1), sheet=sheet, fields=fields
        )
    elif table is None:
        table = imports_actions.load_table(file, sheet=sheet, fields=fields)
    try:
        with _progress(len(table.rows)) as progress:
            report = service(ctx, table, mapping=said, strict=strict, dry_run=dry_run, progress=progress)
    except NothingImported as problem:
        _show(call.form, problem.report, events=service is imports_actions.import_programme)
        raise
    _show(call.form, report, events=service is imports_actions.import_programme)
    options.remark_dry_run(dry_run)
    return report


def _mapping(given: Sequence[str]) -> dict[str, str]:
    said = {}
    for each in given:
        heading, sign, field = each.rpartition("=")
        if not (sign and heading.strip() and field.strip()):
            raise WrongUse(f"Use --map COLUMN=FIELD, such as --map 'Dept=team', not '{each}'.")
        said[heading.strip()] = field.strip().lower()
    return said


@contextmanager
def _progress(rows: int) -> Iterator[Progress | None]:
    """Yield the callback of a progress bar for a long file on a terminal, else None."""
    if rows < LONG or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=rows, label="Importing", file=sys.stderr) as bar:

        def advance(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield advance


def _show(form: str, report: ImportReport, *, events: bool) -> None:
    for remark in report.remarks:
        stderr.remark(word_for_shell(remark))
    problems = [(each.row, each.column, each.worded(SHELL_REMEDIES)) for each in report.problems]
    columns = ("row", "column", "problem")
    if form == "json":
        counts = {name: getattr(report, name) for name in ("rows", "new", "changed", "same", "rejected")}
        stdout.print_card(form, {**counts, "problems": [dict(zip(columns, each, strict=True)) for each in problems]})
        return
    if problems or form == "csv":
        stdout.print_rows(form, columns, problems)
    lines = f"{report.rows:,} row{'' if report.rows == 1 else 's'}{', events' if events else ''}"
    settled = f"{report.new:,} new, {report.changed:,} changed, {report.same:,} same, {report.rejected:,} rejected"
    last = f"{lines}: {settled}."
    if form == "csv":
        stderr.remark(last)
    else:
        stdout.print_lines(last)
