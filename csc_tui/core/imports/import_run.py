"""An import in progress, whatever it imports: its options, its columns, its transactions and its report."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from time import sleep
from typing import Required, TypedDict, TypeVar

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_date
from csc_tui.core.imports.columns import (
    FORGET,
    IGNORE,
    AbsentPerson,
    HeadingsUnclear,
    ImportColumns,
    ImportField,
    ImportProblem,
    ImportQuestion,
    ImportReport,
    ImportStopped,
    NothingImported,
    StoppedHalfway,
    StopRequested,
    assign_columns,
    heading_key,
    headings_key,
)
from csc_tui.core.imports.known_files import HOLDS, recognise_file
from db import imports
from db.engine.connection import read_transaction, write_transaction
from db.errors import DatabaseTrouble
from db.records.imports import RememberedHeading
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from exports.table_search import Table

Item = TypeVar("Item")
PAUSE = 0.005
"""Seconds between two transactions, in which others get their turn."""


class ImportOptions(TypedDict, total=False):
    """Options of an import.

    `mapping` gives the field of a heading where a guess would be wrong, and is remembered; `strict` imports all rows or
    none; `dry_run` writes nothing; `answers` are those to the questions about the whole file, by their names.
    """

    mapping: Required[Mapping[str, str]]
    strict: bool
    dry_run: bool
    progress: Progress | None
    answers: Mapping[str, str]


class ImportRun:
    """An import in progress: its counts, its transactions and its report."""

    def __init__(
        self, ctx: Context, kind: str, table: Table, fields: Sequence[ImportField], asked: ImportOptions
    ) -> None:
        ctx.require(Role.COORDINATOR)
        with read_transaction():
            remembered = imports.fetch_remembered_headings(kind)
        self.ctx, self.kind, self.table, self.mapping = ctx, kind, table, asked["mapping"]
        self.strict, self.dry_run = asked.get("strict", False), asked.get("dry_run", False)
        self.progress = asked.get("progress")
        known = recognise_file(table.headings)
        try:
            self.columns: ImportColumns = assign_columns(
                table.name, fields, table.headings, said=self.mapping, remembered=remembered
            )
        except HeadingsUnclear:
            if known is None or known.kind == kind:
                raise
            raise HeadingsUnclear(
                f"{table.name} is {known.what}: it holds {HOLDS[known.kind]}, not {HOLDS[kind]}. Nothing was imported.",
                Remedy(RemedyKind.IMPORT_AS, subject=known.kind),
            ) from None
        self.new = self.changed = self.same = self.rejected = 0
        self.problems: list[ImportProblem] = []
        self.remarks = [Remark(f"{table.name} is {known.what}.")] if known else []
        self.remarks += [Remark(each) for each in table.remarks]
        self.made: dict[str, list[str]] = {}
        self.answers = asked.get("answers", {})
        self.questions: list[ImportQuestion] = []
        self.absent: list[AbsentPerson] = []
        labels = {field.name: field.label for field in fields}
        self.remarks += [_tell_remembered(each, labels) for each in self.columns.acted]
        self.remarks += [_tell_set_aside(each) for each in self.columns.set_aside]
        if self.columns.unread:
            self.remarks.append(
                Remark(f"Columns not used: {', '.join(self.columns.unread)}.", Remedy(RemedyKind.MAP_COLUMNS))
            )

    def store_items(self, items: Sequence[Item], size: int, take: Callable[[Sequence[Item]], None]) -> None:
        """Store the items, `size` to a transaction; with `strict` all in one, and in a dry run without writing."""
        in_one = self.dry_run or self.strict
        with read_transaction() if self.dry_run else write_transaction() if self.strict else nullcontext():
            for begin in range(0, len(items), size):
                try:
                    with nullcontext() if in_one else write_transaction():
                        take(items[begin : begin + size])
                except DatabaseTrouble as problem:
                    if in_one or not begin:
                        raise
                    raise StoppedHalfway(problem, begin, len(items)) from problem
                try:
                    self._tell(min(begin + size, len(items)), len(items))
                except StopRequested:
                    if in_one:
                        self.new = self.changed = 0
                        raise ImportStopped(self.report(), 0, len(items)) from None
                    self._finish_early(begin + size, len(items))
                if not in_one:
                    sleep(PAUSE)
            if in_one:
                self._finish()
        if not in_one:
            with write_transaction():
                self._finish()

    def _tell(self, done: int, of: int) -> None:
        """Tell the progress. Raises StopRequested, unless everything was done."""
        if self.progress:
            try:
                self.progress(done, of)
            except StopRequested:
                if done < of:
                    raise

    def _finish_early(self, done: int, of: int) -> None:
        with write_transaction():
            self._finish()
        raise ImportStopped(self.report(), done, of)

    def _finish(self) -> None:
        if self.strict and self.rejected:
            self.new = self.changed = 0
            self.made.clear()
            raise NothingImported(self.report(), "event" if self.kind == "programme" else "row")
        if self.dry_run:
            return
        self.remember_headings(self.kind, self.mapping)
        if self.new or self.changed:
            counts = f"{self.new} new, {self.changed} changed, {self.same} same, {self.rejected} rejected"
            write_history(self.ctx, "imported", f"{self.kind} from {self.table.name}", after=counts)

    def remember_headings(self, kind: str, meanings: Mapping[str, str]) -> None:
        """Remember what headings mean for the next import of a kind, or forget it."""
        forgotten = [heading for heading, meaning in meanings.items() if meaning == FORGET]
        keys = {heading_key(heading) for heading in forgotten}
        known = [each.heading for each in imports.fetch_remembered_headings(kind) if heading_key(each.heading) in keys]
        if known:
            imports.forget_headings(kind, known)
        kept = {heading: meaning for heading, meaning in meanings.items() if meaning != FORGET}
        imports.remember_headings(kind, kept, self.ctx.today(), headings_key(self.table.headings))

    def note_unreadable(self, problems: Sequence[ImportProblem], rejected: int) -> None:
        """Note the rows that could not be understood."""
        self.problems += problems
        self.rejected += rejected

    def reject(self, row: int, field: str, what: str, remedy: Remedy | None = None, *, lines: int = 1) -> None:
        """Note a row that cannot be imported and count it, or the `lines` it stands for."""
        self.note(row, field, what, remedy)
        self.rejected += lines

    def note(self, row: int, field: str, what: str, remedy: Remedy | None = None) -> None:
        """Note something about a row that is imported all the same."""
        self.problems.append(ImportProblem(row, self.columns.heading(field), what, remedy))

    def ask(self, question: ImportQuestion) -> None:
        """Ask a question about the whole file, once."""
        if question.name not in {each.name for each in self.questions}:
            self.questions.append(question)

    def note_added(self, what: str, name: str) -> None:
        """Note something that was added on the way, such as a venue."""
        self.made.setdefault(what, []).append(name)

    def report(self) -> ImportReport:
        """Return the report of the import."""
        problems = sorted(self.problems, key=lambda each: each.row)
        remarks = [*self.remarks, *(Remark(f"New {what}: {'; '.join(names)}.") for what, names in self.made.items())]
        remarks += [Remark(each.sentence, each.remedy) for each in self.questions]
        return ImportReport(
            len(self.table.rows), self.new, self.changed, self.same, self.rejected, problems, remarks, self.questions,
            self.absent,
        )  # fmt: skip


def _tell_remembered(each: RememberedHeading, labels: Mapping[str, str]) -> Remark:
    """Return a remark about a column that was read as it was said before."""
    when = f" on {format_date(each.said_on)}" if each.said_on else " before"
    what = "was left out" if each.field == IGNORE else f"was read as {labels.get(each.field, each.field)}"
    return Remark(f"'{each.heading}' {what}, as chosen{when}.", Remedy(RemedyKind.FORGET_COLUMN, column=each.heading))


def _tell_set_aside(each: RememberedHeading) -> Remark:
    """Return a remark about a column that was to be left out, and is needed here."""
    when = f" on {format_date(each.said_on)}" if each.said_on else ""
    return Remark(
        f"'{each.heading}' was to be left out, as chosen{when} for another file. In this file it identifies people, so "
        "it was read.",
        Remedy(RemedyKind.LEAVE_OUT_COLUMN, column=each.heading),
    )
