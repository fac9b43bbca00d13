"""Imports of people, events and marks from files: good rows are stored, and every other row is reported."""

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from time import sleep
from typing import Required, TypedDict, TypeVar, Unpack

from csc_tui.base.context import Context
from csc_tui.base.history import write_history, write_history_lines
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count
from csc_tui.core.attendance.actions import MarkAndMinutes, RegisterEditor
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places
from csc_tui.core.imports import marks as imports_marks
from csc_tui.core.imports import people as imports_people
from csc_tui.core.imports import programme as imports_programme
from csc_tui.core.imports.columns import (
    ImportColumns,
    ImportField,
    ImportProblem,
    ImportReport,
    ImportStopped,
    NothingImported,
    StoppedHalfway,
    StopRequested,
    assign_columns,
    guess_columns,
    known_heading,
)
from csc_tui.core.imports.marks import SessionMarks
from csc_tui.core.imports.people import PersonLine, apply_person_line, person_from_line
from csc_tui.core.imports.programme import EventDifference, PlannedEvent, PlannedSession
from db import calendar, imports
from db import catalogue as catalogue_store
from db import people as stored_people
from db.engine import search as engine_search
from db.engine.connection import read_transaction, write_transaction
from db.errors import CscError, DatabaseTrouble, NoSuchEvent, NoSuchSession, NotFound, RuleBroken, WrongUse
from db.records.calendar import Event, Session
from db.records.os_faults import describe_os_fault
from db.records.people import Person, PersonKind
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import EventState, Role
from exports import files, tables
from exports.table_search import Table

LARGEST_FILE = tables.LARGEST_FILE
Item = TypeVar("Item")

PEOPLE_AT_ONCE, EVENTS_AT_ONCE, SHEETS_AT_ONCE = 500, 25, 10
"""The items in one transaction, so that others wait a fraction of a second and not for the whole of a long file."""
PAUSE = 0.005
"""Seconds between two transactions, in which others get their turn."""


class ImportOptions(TypedDict, total=False):
    """Options of an import.

    `mapping` gives the field of a heading where a guess would be wrong, and is remembered; `strict` imports all rows or
    none; `dry_run` writes nothing.
    """

    mapping: Required[Mapping[str, str]]
    strict: bool
    dry_run: bool
    progress: Progress | None


def load_table(path: str, *, sheet: str = "", fields: Sequence[ImportField] = ()) -> Table:
    """Return the table in a CSV file or .xlsx workbook; the headings of `fields` help to find it.

    Raises WrongUse for a file that cannot be read as a table.
    """
    name = os.path.basename(path)
    files.check_path_allowed(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise WrongUse(f"{path} is no file. Nothing was imported. Name a CSV file or an .xlsx workbook.")
        with open(path, "rb") as file:
            data = file.read(tables.LARGEST_FILE + 1)
    except OSError as fault:
        raise WrongUse(f"{path} cannot be read ({describe_os_fault(fault)}). Nothing was imported.") from None
    return load_table_bytes(name, data, sheet=sheet, fields=fields)


def load_table_bytes(name: str, data: bytes, *, sheet: str = "", fields: Sequence[ImportField] = ()) -> Table:
    """Return the table in the bytes of a CSV file or .xlsx workbook. Raises WrongUse."""
    return tables.parse_table(name, data, sheet=sheet, is_heading=known_heading(fields))


def import_people(ctx: Context, table: Table, **asked: Unpack[ImportOptions]) -> ImportReport:
    """Import an HR extract: add new people and bring known ones up to date; the e-mail address identifies a person.

    Raises NothingImported when `strict` and a row cannot be imported, HeadingsUnclear and WrongUse.
    """
    run = ImportRun(ctx, "people", table, imports_people.FIELDS, asked)
    checked = imports_people.parse_people_rows(table.rows, run.columns)
    run.note_unreadable(checked.problems, checked.rejected)
    with imports.keep_connection_open():
        run.store_items(checked.lines, PEOPLE_AT_ONCE, _PeopleImport(run, checked.repeats).take)
    return run.report()


def import_programme(ctx: Context, table: Table, **asked: Unpack[ImportOptions]) -> ImportReport:
    """Import a programme: add new events and bring known ones up to date; nothing is ever removed.

    An event is imported when all its lines can be. Unknown venues and facilitators are added. Raises NothingImported
    when `strict` and an event cannot be imported, HeadingsUnclear and WrongUse.
    """
    run = ImportRun(ctx, "programme", table, imports_programme.FIELDS, asked)
    with read_transaction():
        catalogue = {
            course.code: (course, catalogue_store.fetch_modules(course.id))
            for course in catalogue_store.fetch_active_courses()
        }
    checked = imports_programme.parse_programme_rows(table.rows, run.columns, catalogue, ctx.zone)
    run.note_unreadable(checked.problems, checked.rejected)
    run.store_items(checked.events, EVENTS_AT_ONCE, _ProgrammeImport(run).take)
    return run.report()


def import_marks(ctx: Context, table: Table, **asked: Unpack[ImportOptions]) -> ImportReport:
    """Import the marks of a filled sign-in sheet; outcomes and completions follow, and empty marks are ignored.

    Raises NothingImported when `strict` and a row cannot be imported, HeadingsUnclear and WrongUse.
    """
    run = ImportRun(ctx, "marks", table, imports_marks.FIELDS, asked)
    checked = imports_marks.parse_mark_rows(table.rows, run.columns)
    run.note_unreadable(checked.problems, checked.rejected)
    run.same += checked.unmarked
    run.store_items(checked.sheets, SHEETS_AT_ONCE, _MarksImport(run).take)
    return run.report()


def preview_columns(
    ctx: Context, kind: str, table: Table, fields: Sequence[ImportField], mapping: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return each heading of a table with the field it would be read as; empty where it cannot be told."""
    with read_transaction():
        remembered = imports.fetch_heading_fields(kind)
    return guess_columns(fields, table.headings, said=mapping, remembered=remembered)


class ImportRun:
    """An import in progress: its counts, its transactions and its report."""

    def __init__(
        self, ctx: Context, kind: str, table: Table, fields: Sequence[ImportField], asked: ImportOptions
    ) -> None:
        ctx.require(Role.COORDINATOR)
        with read_transaction():
            remembered = imports.fetch_heading_fields(kind)
        self.ctx, self.kind, self.table, self.mapping = ctx, kind, table, asked["mapping"]
        self.strict, self.dry_run = asked.get("strict", False), asked.get("dry_run", False)
        self.progress = asked.get("progress")
        self.columns: ImportColumns = assign_columns(
            table.name, fields, table.headings, said=self.mapping, remembered=remembered
        )
        self.new = self.changed = self.same = self.rejected = 0
        self.problems: list[ImportProblem] = []
        self.remarks = [Remark(each) for each in table.remarks]
        self.made: dict[str, list[str]] = {}
        if self.columns.unread:
            self.remarks.append(Remark(f"Not read: {', '.join(self.columns.unread)}.", Remedy(RemedyKind.MAP_COLUMNS)))

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
        imports.store_heading_fields(self.kind, self.mapping)
        if self.new or self.changed:
            counts = f"{self.new} new, {self.changed} changed, {self.same} same, {self.rejected} rejected"
            write_history(self.ctx, "imported", f"{self.kind} from {self.table.name}", after=counts)

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

    def note_added(self, what: str, name: str) -> None:
        """Note something that was added on the way, such as a venue."""
        self.made.setdefault(what, []).append(name)

    def report(self) -> ImportReport:
        """Return the report of the import."""
        problems = sorted(self.problems, key=lambda each: each.row)
        remarks = [*self.remarks, *(Remark(f"New {what}: {'; '.join(names)}.") for what, names in self.made.items())]
        return ImportReport(len(self.table.rows), self.new, self.changed, self.same, self.rejected, problems, remarks)


class _PeopleImport:
    """Decides which people are new or changed and stores them, one batch to a transaction."""

    def __init__(self, run: ImportRun, repeats: Mapping[str, int]) -> None:
        self.run, self.repeats = run, repeats

    def take(self, lines: Sequence[PersonLine]) -> None:
        """Store one batch of people."""
        stored = stored_people.fetch_people_by_email([line.email for line in lines])
        holders = stored_people.fetch_people_by_number([line.employee_number for line in lines if line.employee_number])
        added: list[Person] = []
        changed: list[tuple[Person, Person]] = []
        for line in lines:
            person, holder = stored.get(line.key), holders.get(line.employee_number)
            if person:
                after = self._updated(line, person, holder)
                if after == person:
                    self.run.same += 1
                else:
                    changed.append((person, after))
            elif holder:
                self._refuse(line, holder)
                continue
            else:
                after = person_from_line(line)
                added.append(after)
            if line.team and not after.team:
                self.run.note(line.row, "team", f"'{line.team}' was not kept: a team belongs to an organisation")
            self.run.same += self.repeats.get(line.key, 0)
        self.run.new += len(added)
        self.run.changed += len(changed)
        if not self.run.dry_run:
            self._store(added, changed)

    def _updated(self, line: PersonLine, person: Person, holder: Person | None) -> Person:
        number = line.employee_number
        if holder and holder.id != person.id:
            self.run.note(line.row, "employee_number", f"{number} is the number of {holder.in_full}; it was not taken")
            line = line._replace(employee_number="")
        after, problems = apply_person_line(line, person, self.run.columns)
        self.run.problems += problems
        return after

    def _refuse(self, line: PersonLine, holder: Person) -> None:
        what = (
            f"{line.employee_number} is the number of {holder.in_full}, who has another e-mail address; if this is the "
            "same person, give the stored address or mend the file"
        )
        self.run.reject(line.row, "employee_number", what, lines=1 + self.repeats.get(line.key, 0))

    def _store(self, added: Sequence[Person], changed: Sequence[tuple[Person, Person]]) -> None:
        imports.prepare_bulk_write()
        places = imports.fetch_workplaces()
        wanted = {
            (each.organisation, each.team): imports_people.guess_organisation_kind(each.organisation)
            for each in (*added, *(after for _, after in changed))
            if each.organisation
        }
        for name in imports.insert_workplaces(places, wanted):
            self.run.note_added("organisations", name)
        imports.insert_people(added, places)
        imports.update_people([after for _, after in changed], places)
        write_history_lines(
            self.run.ctx,
            "imported",
            [
                (after.name, after.id, *imports_people.describe_person_changes(before, after))
                for before, after in changed
            ],
        )


class _MarksImport:
    """Stores the registers of a file, some sessions to a transaction."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run

    def take(self, batch: Sequence[SessionMarks]) -> None:
        """Store one batch of registers."""
        # In one order, so that two imports never wait for each other.
        for sheet in sorted(batch, key=lambda each: (each.event, each.session)):
            try:
                editor = RegisterEditor(self.run.ctx, lock_event_places(self.run.ctx, sheet.event), sheet.session)
            except (NotFound, RuleBroken) as problem:
                field = "session" if isinstance(problem, NoSuchSession) else "event"
                for line in sheet.lines:
                    self.run.reject(line.row, field, _why(problem))
            else:
                self._take(editor, sheet)

    def _take(self, editor: RegisterEditor, sheet: SessionMarks) -> None:
        marks: dict[int, MarkAndMinutes] = {}
        rows: dict[int, int] = {}
        for line in sheet.lines:
            try:
                entry = editor.get_entry(stored_people.find_person(line.person))
                noted = editor.mark_to_store(entry, line.mark, line.minutes)
                if (entry.mark, entry.minutes) != noted:
                    editor.check_open()
            except (NotFound, RuleBroken) as problem:
                self.run.reject(line.row, "person", _why(problem), problem.remedy)
                continue
            before = marks.setdefault(entry.person_id, noted)
            first = rows.setdefault(entry.person_id, line.row)
            if before != noted:
                self.run.reject(line.row, "mark", f"row {first} says {before[0]} of the same person")
            elif first != line.row or (entry.mark, entry.minutes) == noted:
                self.run.same += 1
            elif entry.mark is None:
                self.run.new += 1
            else:
                self.run.changed += 1
        if not self.run.dry_run:
            editor.store_marks(marks)


def _why(problem: CscError) -> str:
    """Return a refusal as the reason for one row, without what it says about the rest."""
    return str(problem).replace(" Nothing was changed.", "").rstrip(".")


class _ProgrammeImport:
    """Decides which events are new or changed and stores them, one batch to a transaction."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.ctx = run, run.ctx
        self.venues: dict[tuple[str, str], tuple[str, str]] = {}
        self.announced: set[str] = set()

    def take(self, batch: Sequence[PlannedEvent]) -> None:
        """Store one batch of events."""
        self.venues |= {
            (venue.casefold(), room.casefold()): (venue, room) for venue, room in imports.fetch_venue_rooms()
        }
        trainers = self._facilitators(
            {each for event in batch for line in event.sessions for each in line.facilitators}
        )
        for planned in batch:
            for line in planned.sessions:
                self._announce_place(line)
            try:
                stored = calendar.lock_event(planned.reference)
            except NoSuchEvent:
                self.run.new += 1
                self._add(planned, trainers)
            else:
                self._compare(planned, stored, trainers)

    def _add(self, planned: PlannedEvent, trainers: Mapping[str, int]) -> None:
        course = planned.course
        capacity = course.capacity if planned.capacity is None else planned.capacity
        wanted = min(course.minimum, capacity) if planned.minimum is None else planned.minimum
        minimum = min(wanted, capacity)
        if minimum < wanted:
            self.run.note(planned.row, "minimum", f"{wanted} is more than the {capacity} places; {minimum} was taken")
        if self.run.dry_run:
            return
        state = planned.state or EventState.DRAFT
        event_id = calendar.insert_event(
            planned.reference, course.id, planned.title or course.title, capacity=capacity, minimum=minimum,
            state=state, notes=planned.notes,
        )  # fmt: skip
        for line in planned.sessions:
            self._add_session(event_id, line, trainers)
        calendar.update_event_dates(event_id)
        after = f"{state}, {format_count(capacity, 'place')}, {format_count(len(planned.sessions), 'session')}"
        write_history(self.ctx, "imported", planned.reference, event_id=event_id, after=after)

    def _add_session(self, event_id: int, line: PlannedSession, trainers: Mapping[str, int]) -> None:
        venue_id, room_id = calendar.ensure_venue_and_room(line.venue, line.room)
        session_id = calendar.insert_session(
            event_id, line.number, module_id=line.module.id if line.module else None, title=line.module_text,
            on=line.date, start=line.start, end=line.end, venue_id=venue_id, room_id=room_id,
        )  # fmt: skip
        for address in line.facilitators:
            calendar.insert_facilitator(session_id, trainers[address.casefold()])

    def _compare(self, planned: PlannedEvent, stored: Event, trainers: Mapping[str, int]) -> None:
        changes = imports_programme.compare_event(
            planned, stored, calendar.fetch_sessions(stored.id), facilitators=imports.fetch_facilitator_keys(stored.id),
            marked=imports.fetch_marked_sessions(stored.id), columns=self.run.columns,
        )  # fmt: skip
        self.run.problems += changes.problems
        if not changes.differences:
            self.run.same += 1
            return
        self.run.changed += 1
        self.run.remarks += [
            Remark(f"{_what(stored, each)}: {each.before or '-'} -> {each.after}") for each in changes.differences
        ]
        if self.run.dry_run:
            return
        fields = changes.fields
        if "title" in fields:
            words = engine_search.event_words(stored.reference, stored.course, str(fields["title"]), stored.strand)
            fields["search"] = engine_search.join_words(words)
        if fields:
            calendar.update_event(stored, **fields)
        for line, session, names in changes.sessions:
            if session:
                self._change_session(session, line, names, trainers)
            else:
                self._add_session(stored.id, line, trainers)
        calendar.update_event_dates(stored.id)
        for each in changes.differences:
            write_history(
                self.ctx, "imported", _what(stored, each), event_id=stored.id,
                before=each.before, after=each.after,
            )  # fmt: skip
        for move in EventPlaces(self.ctx, calendar.fetch_event_by_id(stored.id)).fill_free_places():
            self.run.remarks.append(Remark(f"{stored.reference}: {move.name} moved up from the waiting list."))

    def _change_session(
        self, session: Session, line: PlannedSession, names: Sequence[str], trainers: Mapping[str, int]
    ) -> None:
        fields: dict[str, object] = {
            name: getattr(line, name) for name in ("date", "start", "end") if name in names
        }  # fmt: skip
        if "module" in names:
            fields |= {"module": line.module.id if line.module else None, "title": line.module_text}
        if "venue" in names:
            fields["venue"], fields["room"] = calendar.ensure_venue_and_room(line.venue, line.room)
        calendar.update_session(session, **fields)
        if "facilitators" in names:
            calendar.replace_facilitators(session.id, [trainers[each.casefold()] for each in line.facilitators])

    def _announce_place(self, line: PlannedSession) -> None:
        venue, room = line.venue.casefold(), line.room.casefold()
        if venue and (venue, "") not in self.venues:
            self.venues[venue, ""] = (line.venue, "")
            self.run.note_added("venues", line.venue)
        if room and (venue, room) not in self.venues:
            self.venues[venue, room] = (self.venues[venue, ""][0], line.room)
            self.run.note_added("rooms", f"{line.room}, {line.venue}")

    def _facilitators(self, addresses: Iterable[str]) -> dict[str, int]:
        """Return people's ids by e-mail key; an unknown one is added as a facilitator named after the address."""
        wanted = {each.casefold(): each for each in sorted(addresses)}
        known = stored_people.fetch_people_by_email(list(wanted))
        missing = [_facilitator(wanted[key]) for key in wanted if key not in known]
        unmarked = [each for each in known.values() if not each.is_facilitator]
        for each in missing:
            if each.email not in self.announced:
                self.announced.add(each.email)
                self.run.note_added(
                    "facilitators, named after their address until a people import says more", each.email
                )
        if self.run.dry_run:
            return {}
        ids = {key: person.id for key, person in known.items()}
        places = imports.fetch_workplaces() if missing or unmarked else {}
        new_ids = imports.insert_people(missing, places)
        imports.update_people([replace(each, is_facilitator=True) for each in unmarked], places)
        made = list(zip(missing, new_ids, strict=True))
        write_history_lines(
            self.ctx,
            "imported",
            [(each.name, number, "", f"facilitator {each.email}") for each, number in made]
            + [(each.name, each.id, "facilitator no", "facilitator yes") for each in unmarked],
        )
        return ids | {each.email.casefold(): number for each, number in made}


def _facilitator(address: str) -> Person:
    forename, surname = imports_people.name_from_address(address)
    return Person(
        id=0, forename=forename, surname=surname, email=address, employee_number=None, phone="", organisation="",
        team="", job_title="", kind=PersonKind.STAFF, is_manager=False, is_facilitator=True, is_practice_lead=False,
        manager_id=None, dietary="", access_needs="", active=True, version=1,
    )  # fmt: skip


def _what(event: Event, difference: EventDifference) -> str:
    where = f"{event.reference} session {difference.session}" if difference.session else event.reference
    return where if difference.name == "session" else f"{where}: {difference.name}"
