"""Dialogs that import a file of people, events, marks, evaluations or earlier learning: chosen, previewed, imported."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports import completions_import, marks, people, programme
from csc_tui.core.imports.columns import (
    FORGET,
    IGNORE,
    HeadingsUnclear,
    ImportField,
    ImportProblem,
    ImportQuestion,
    ImportReport,
    ImportStopped,
    QuestionOpen,
    StopRequested,
)
from csc_tui.core.people import people_import
from csc_tui.core.reports import list_files
from csc_tui.window.dialogs import form as dialogs_form
from csc_tui.window.dialogs.browse import PageDialog
from csc_tui.window.dialogs.form import Answers, Form
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.progress import ProgressDialog, run_with_progress
from csc_tui.window.imports import import_review
from csc_tui.window.imports.import_review import ImportReview
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import WINDOW_REMEDIES, word_for_window
from db.errors import CscError
from db.records.evaluation import Stage
from exports.table_search import Table

ENDINGS = (".csv", ".xlsx", ".txt", ".tsv")
MAILS = (".eml", ".mbox")
LONG = 2_000
"""The rows from which a file is worth a progress bar."""
LOOKED_THROUGH = 2_000
"""The most entries of a folder that are searched to complete a path."""
Service = Callable[..., ImportReport]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of import; `name` is the command line's, `counts` what it counts."""

    name: str
    title: str
    counts: str
    service: Service
    fields: Callable[[Context], Sequence[ImportField]]


EVALUATIONS = ImportKind(
    "evaluations",
    "Import evaluations",
    "forms",
    evaluation_actions.import_evaluations,
    evaluation_actions.list_evaluation_fields,
)
KINDS = {
    "people": ImportKind("people", "Import people", "people", people_import.import_people, lambda _: people.FIELDS),
    "programme": ImportKind(
        "programme", "Import a programme", "events", imports_actions.import_programme, lambda _: programme.FIELDS
    ),
    "marks": ImportKind("marks", "Import marks", "marks", imports_actions.import_marks, lambda _: marks.FIELDS),
    "evaluations": EVALUATIONS,
    "completions": ImportKind(
        "completions", "Import earlier learning", "completions", completions_import.import_completions,
        completions_import.list_completion_fields,
    ),
}  # fmt: skip


async def ask_file_to_import(screen: DataScreen[Found], kind: ImportKind) -> None:
    """Ask for a file until it can be read, preview what it would do, and import it."""
    answers: Mapping[str, str] = {}
    problem = ""
    while True:
        given = await screen.app.push_screen_wait(_ask_file(kind, answers, problem))
        if given is None:
            return
        answers, problem = given, ""
        try:
            path = full_path(given["file"])
            fields = await asyncio.to_thread(kind.fields, screen.ctx)
            read = (
                partial(evaluation_actions.collect_mailed_answers, screen.ctx, path)
                if kind is EVALUATIONS and _is_mail(path)
                else partial(imports_actions.load_table, path, sheet=given["sheet"], fields=fields)
            )
            table = await asyncio.to_thread(read)
            service = partial(kind.service, **_named_once(given))
            if await _review_and_import(screen, _File(kind, table, service, fields)):
                return
        except CscError as refusal:
            problem = word_for_window(refusal)


@dataclass
class _File:
    """A file to import; `mapping` holds the columns that were assigned by hand, `answers` those to its questions."""

    kind: ImportKind
    table: Table
    service: Service
    fields: Sequence[ImportField]
    mapping: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


async def _review_and_import(screen: DataScreen[Found], file: _File) -> bool:
    """Preview and import the file; return False where it was left. Raises CscError."""
    problem = ""
    while True:
        try:
            report = await _run(screen, file, dry_run=True)
        except HeadingsUnclear as unclear:
            if not await _ask_columns(screen, file, word_for_window(unclear)):
                return False
            continue
        except QuestionOpen as unclear:
            if not await _ask_question(screen, file, unclear.question):
                return False
            continue
        except ImportStopped:
            return False
        asked = import_review.EXPORT
        while asked in (import_review.EXPORT, import_review.ABSENT):
            chosen = await screen.app.push_screen_wait(_review(file, report, problem))
            asked, problem = chosen or "", ""
            if asked == import_review.EXPORT:
                problem = await _export(screen, *_problems_table(report))
            elif asked == import_review.ABSENT:
                problem = await _export(screen, *_absent_table(report))
        if asked == import_review.ANSWER:
            for question in report.questions:
                await _ask_question(screen, file, question)
            continue
        if asked == import_review.COLUMN_MEANINGS:
            await _ask_columns(screen, file, "")
            continue
        if asked != import_review.GO:
            return False
        try:
            report = await _run(screen, file, dry_run=False)
        except ImportStopped as stopped:
            screen.state.changed.publish(None)
            said = _counts(file.kind, stopped.report)
            await screen.app.push_screen_wait(PageDialog(file.kind.title, f"{stopped}\n\n{said}"))
            return True
        screen.state.changed.publish(None)
        screen.say(f"{file.table.name}: {_counts(file.kind, report)}")
        return True


async def _run(screen: DataScreen[Found], file: _File, *, dry_run: bool) -> ImportReport:
    """Run the import in a thread, with a bar where it is long; escape stops it between two batches.

    Raises what the import raises.
    """
    work = partial(file.service, screen.ctx, file.table, mapping=file.mapping, answers=file.answers, dry_run=dry_run)
    if len(file.table.rows) <= LONG:
        return await asyncio.to_thread(work)
    working: ProgressDialog[ImportReport] = ProgressDialog(
        f"{'Checking' if dry_run else 'Importing'} {file.table.name}",
        lambda progress: work(progress=progress),
        what="rows",
        explanation="Nothing has been imported yet."
        if dry_run
        else "In batches. If it stops, what is imported stays, and importing the same file again continues.",
        stopping=lambda _done, _of: StopRequested(),
    )
    return await run_with_progress(screen.app, working)


def _ask_file(kind: ImportKind, answers: Mapping[str, str], problem: str) -> Form:
    fields = [
        dialogs_form.FormField("file", "File", hint="csv or xlsx", suggest=suggest_path, fault=_no_file)
        if kind is not EVALUATIONS
        else dialogs_form.FormField(
            "file", "File", hint="csv, xlsx or e-mails", suggest=suggest_path, fault=_no_file_or_folder
        ),
        dialogs_form.FormField("sheet", "Sheet", hint="if there are several"),
    ]
    if kind is EVALUATIONS:
        stages = [each.value for each in Stage]
        fields.append(
            dialogs_form.FormField(
                "stage", "Asked", Stage.ON_THE_DAY.value, " or ".join(stages), suggest=dialogs_form.suggest_one(stages),
                fault=lambda text: "" if text in stages else " or ".join(stages),
            )
        )  # fmt: skip
    if kind.name in ("marks", "evaluations"):
        fields.append(dialogs_form.FormField("event", "Event", hint="where no column names it"))
    if kind.name == "marks":
        fields.append(dialogs_form.FormField("session", "Session", hint="where no column names it"))
    if kind.name == "completions":
        fields.append(dialogs_form.FormField("course", "Course", hint="where no column names it"))
        fields.append(dialogs_form.FormField("provider", "Provider", hint="where no column names it"))
    mails = " E-mails with answers can be an .eml file, a folder or an .mbox." if kind is EVALUATIONS else ""
    return Form(
        kind.title, fields, answers=answers, problem=problem,
        explanation="The file is checked first, and nothing is imported until you have seen the result. The right "
                    f"arrow accepts the suggested path.{mails}",
    )  # fmt: skip


_ONCE = ("event", "session", "course", "provider")
"""The answers of the form that apply to a whole file."""


def _named_once(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what was named for the whole file, as the service takes it."""
    named: dict[str, Any] = {name: given[name] for name in _ONCE if given.get(name)}
    return named | ({"stage": Stage(given["stage"])} if "stage" in given else {})


async def _ask_columns(screen: DataScreen[Found], file: _File, problem: str) -> bool:
    """Ask which column holds what, to be remembered after the import; return False where that was left."""
    ctx = screen.ctx
    read = await asyncio.to_thread(
        imports_actions.preview_columns, ctx, file.kind.name, file.table, file.fields, dict(file.mapping)
    )
    names = [each.name for each in file.fields]
    labels = {each.name: each.label.removeprefix("the ") for each in file.fields}

    def fault(text: str) -> str:
        return "" if not text or text in (*names, IGNORE, FORGET) else "no such field"

    fields = [
        dialogs_form.FormField(
            f"column{number}",
            heading,
            what,
            labels.get(what, "not read"),
            fault,
            dialogs_form.suggest_one([*names, IGNORE, FORGET]),
        )
        for number, (heading, what) in enumerate(read)
    ]
    asking = Form(
        "What does each column contain?", fields, problem=problem,
        explanation=f"Left the heading, then its field: {', '.join(names)}; empty or {IGNORE} leaves it out, "
        f"{FORGET} forgets what was said before.",
    )  # fmt: skip
    given = await screen.app.push_screen_wait(asking)
    if given is None:
        return False
    for (heading, what), text in zip(read, given.values(), strict=True):
        if text != what:
            file.mapping[heading] = text or IGNORE
    return True


def _review(file: _File, report: ImportReport, problem: str) -> ImportReview:
    return ImportReview(
        f"{file.kind.title}: {file.table.name}", _counts(file.kind, report),
        [word_for_window(each) for each in report.remarks], word_problems(report.problems),
        possible=frozenset(action for action, something in {
            import_review.GO: report.new or report.changed, import_review.EXPORT: report.problems or report.remarks,
            import_review.ANSWER: report.questions, import_review.ABSENT: report.absent,
        }.items() if something),
        problem=problem,
    )  # fmt: skip


async def _ask_question(screen: DataScreen[Found], file: _File, question: ImportQuestion) -> bool:
    """Ask a question about the whole file; return False where it was left open."""
    choices = [ValueChoice(str(n), words, "", answer) for n, (answer, words) in enumerate(question.choices, 1)]
    chosen = await screen.app.push_screen_wait(Menu(file.table.name, choices, explanation=question.sentence))
    if chosen is None:
        return False
    file.answers[question.name] = chosen.value
    return True


def _counts(kind: ImportKind, report: ImportReport) -> str:
    settled = f"{report.new:,} new, {report.changed:,} changed, {report.same:,} the same, {report.rejected:,} rejected"
    return f"{report.rows:,} {'row' if report.rows == 1 else 'rows'}; {kind.counts}: {settled}."


def _problems_table(report: ImportReport) -> tuple[str, tuple[str, ...], list[tuple[str | int, ...]]]:
    """Return a file name, columns and rows of what is said about the file and its rows."""
    rows: list[tuple[str | int, ...]] = [("", "", word_for_window(each)) for each in report.remarks]
    rows += [(each.row, each.column, each.worded(WINDOW_REMEDIES)) for each in report.problems]
    return "problems.csv", ("row", "column", "problem"), rows


def _absent_table(report: ImportReport) -> tuple[str, tuple[str, ...], list[tuple[str | int, ...]]]:
    """Return a file name, columns and rows of the people who are stored and not in the file."""
    rows: list[tuple[str | int, ...]] = [
        (each.person, each.name, each.email, each.organisation, each.team) for each in report.absent
    ]
    return "absent.csv", ("person", "name", "email", "organisation", "team"), rows


async def _export(
    screen: DataScreen[Found], name: str, columns: tuple[str, ...], rows: list[tuple[str | int, ...]]
) -> str:
    """Write a table to a file and return a refusal, or nothing."""
    problem = ""
    answers: Answers | None = None
    while True:
        asking = Form(
            "Export the list", [dialogs_form.FormField("file", "File", name, ".csv, .xlsx or .json",
                                           dialogs_form.filled_rule, suggest_path)],
            do="Write the list", answers=answers, problem=problem,
        )  # fmt: skip
        answers = await screen.app.push_screen_wait(asking)
        if answers is None:
            return ""
        path = full_path(answers["file"])
        try:
            written = await asyncio.to_thread(list_files.write_table, path, columns, rows)
        except CscError as refusal:
            problem = word_for_window(refusal)
        else:
            screen.say(f"{format_count(written, 'row')} written to {path}.")
            return ""


def word_problems(problems: Sequence[ImportProblem]) -> list[ImportProblem]:
    """Return the problems with each remedy in the window's words."""
    return [replace(each, problem=each.worded(WINDOW_REMEDIES), remedy=None) for each in problems]


def full_path(typed: str) -> str:
    return os.path.abspath(os.path.expanduser(typed))


def _no_file(typed: str) -> str:
    if not typed:
        return "choose a file"
    path = full_path(typed)
    return (
        ""
        if os.path.isfile(path)
        else "this is a folder, not a file"
        if os.path.isdir(path)
        else "there is no such file"
    )


def _no_file_or_folder(typed: str) -> str:
    return "" if typed and os.path.isdir(full_path(typed)) else _no_file(typed)


def _is_mail(path: str) -> bool:
    return os.path.isdir(path) or path.lower().endswith(MAILS)


def suggest_path(begun: str) -> str | None:
    """Complete a path to the first folder or table-like file in its folder that begins like it, or return None."""
    folder, start = os.path.split(begun)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted(
                (each.name, each.is_dir())
                for _, each in zip(range(LOOKED_THROUGH), entries, strict=False)
                if each.name.startswith(start) and (start.startswith(".") or not each.name.startswith("."))
            )
    except OSError:
        return None
    for name, is_folder in found:
        if is_folder or name.lower().endswith(ENDINGS):
            return f"{begun}{name[len(start) :]}{'/' if is_folder else ''}"
    return None
