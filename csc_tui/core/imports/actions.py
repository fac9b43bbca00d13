"""Imports of people, events and marks from files: good rows are stored, and every other row is reported."""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Unpack

from csc_tui.base.close_names import settle_name
from csc_tui.base.context import Context
from csc_tui.base.errors import NameTooClose
from csc_tui.base.history import write_history, write_history_lines
from csc_tui.base.text import format_count, format_date, shorten_list, status_label
from csc_tui.base.transaction import action
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.attendance.actions import MarkAndMinutes, RegisterEditor
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places
from csc_tui.core.imports import marks as imports_marks
from csc_tui.core.imports import people as imports_people
from csc_tui.core.imports import programme as imports_programme
from csc_tui.core.imports import programme_clashes
from csc_tui.core.imports.columns import (
    ImportField,
    ImportQuestion,
    ImportReport,
    guess_columns,
    heading_key,
    known_heading,
)
from csc_tui.core.imports.import_run import ImportOptions, ImportRun
from csc_tui.core.imports.marks import MarkLine, NamedOnce, SessionMarks
from csc_tui.core.imports.programme import EventDifference, PlannedEvent, PlannedSession
from db import booking, calendar, imports
from db import catalogue as catalogue_store
from db import people as stored_people
from db.engine import search as engine_search
from db.engine.connection import read_transaction
from db.errors import CscError, NoSuchEvent, NoSuchSession, NotFound, RuleBroken, WrongUse
from db.records.attendance import MarkKind, RegisterEntry
from db.records.booking import Status
from db.records.calendar import Event, Session
from db.records.imports import RememberedHeading
from db.records.os_faults import describe_os_fault
from db.records.people import Person, PersonKind
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import EventState, Role
from exports import files, tables
from exports.table_search import Table

LARGEST_FILE = tables.LARGEST_FILE

EVENTS_AT_ONCE, SHEETS_AT_ONCE = 25, 10
"""The items in one transaction, so that others wait a fraction of a second and not for the whole of a long file."""


def load_table(path: str, *, sheet: str = "", fields: Sequence[ImportField] = ()) -> Table:
    """Return the table in a CSV file or .xlsx workbook; the headings of `fields` help to find it.

    Raises WrongUse for a file that cannot be read as a table.
    """
    name = os.path.basename(path)
    files.check_path_allowed(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise WrongUse(f"There is no file {path}. Nothing was imported. Choose a CSV file or an .xlsx workbook.")
        with open(path, "rb") as file:
            data = file.read(tables.LARGEST_FILE + 1)
    except OSError as fault:
        raise WrongUse(f"{path} cannot be read ({describe_os_fault(fault)}). Nothing was imported.") from None
    return load_table_bytes(name, data, sheet=sheet, fields=fields)


def load_table_bytes(name: str, data: bytes, *, sheet: str = "", fields: Sequence[ImportField] = ()) -> Table:
    """Return the table in the bytes of a CSV file or .xlsx workbook. Raises WrongUse."""
    return tables.parse_table(name, data, sheet=sheet, is_heading=known_heading(fields))


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
    run.problems += programme_clashes.find_planned_clashes(checked.events, run.columns)
    run.store_items(checked.events, EVENTS_AT_ONCE, _ProgrammeImport(run).take)
    return run.report()


def import_marks(
    ctx: Context, table: Table, *, event: str = "", session: str = "", **asked: Unpack[ImportOptions]
) -> ImportReport:
    """Import the marks of a filled sign-in sheet, or the attendance report of an online meeting; empty marks are
    ignored.

    `event` and `session` apply where the table names none; outcomes and completions follow. Raises NothingImported when
    `strict` and a row cannot be imported, HeadingsUnclear and WrongUse.
    """
    session = session or _only_session(event)
    run = ImportRun(ctx, "marks", table, imports_marks.fields_of_marks(event, session), asked)
    named = NamedOnce(event.strip(), session, run.answers.get(imports_marks.CROSS, ""))
    checked = imports_marks.parse_mark_rows(table.rows, run.columns, named)
    run.note_unreadable(checked.problems, checked.rejected)
    run.same += checked.unmarked
    marks_import = _MarksImport(run, report=checked.report)
    run.store_items(checked.sheets, SHEETS_AT_ONCE, marks_import.take)
    marks_import.finish(checked.crosses)
    return run.report()


def list_remembered_headings(ctx: Context) -> list[RememberedHeading]:
    """Return what headings were said to mean in earlier imports. Raises NotAllowed."""
    ctx.require(Role.COORDINATOR)
    with read_transaction():
        return imports.fetch_remembered_headings()


@action(role=Role.COORDINATOR, undoable=False)
def forget_heading(ctx: Context, kind: str, heading: str) -> RememberedHeading:
    """Forget what a heading was said to mean in imports of a kind, and return it. Raises NotFound."""
    key = heading_key(heading)
    for each in imports.fetch_remembered_headings(kind):
        if heading_key(each.heading) == key:
            imports.forget_headings(kind, [each.heading])
            write_history(ctx, "column forgotten", f"{kind}: {each.heading}", before=each.field)
            return each
    raise NotFound(f"No column '{heading}' is remembered for {kind}. Nothing was changed.")


def _only_session(event: str) -> str:
    """Return the number of an event's session where it has only one, else an empty text."""
    if not event:
        return ""
    with read_transaction():
        found = calendar.fetch_sessions(calendar.fetch_event(event).id)
    return str(found[0].number) if len(found) == 1 else ""


def preview_columns(
    ctx: Context, kind: str, table: Table, fields: Sequence[ImportField], mapping: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return each heading of a table with the field it would be read as; empty where it cannot be told."""
    with read_transaction():
        remembered = imports.fetch_remembered_headings(kind)
    return guess_columns(fields, table.headings, said=mapping, remembered=remembered)


WALK_INS = "walk_ins"
"""The name of the question whether people who are not on the register are to be booked."""


class _MarksImport:
    """Stores the registers of a file, some sessions to a transaction."""

    def __init__(self, run: ImportRun, *, report: bool) -> None:
        self.run, self.report = run, report
        self._walk_ins: list[str] = []
        self._history: set[str] = set()
        """Events that were over before anybody was put on their registers: who is marked was there."""

    def take(self, batch: Sequence[SessionMarks]) -> None:
        """Store one batch of registers."""
        # In one order, so that two imports never wait for each other.
        for sheet in sorted(batch, key=lambda each: (each.event, each.session)):
            try:
                places = lock_event_places(self.run.ctx, sheet.event)
                editor = RegisterEditor(self.run.ctx, places, sheet.session)
            except (NotFound, RuleBroken) as problem:
                field = "session" if isinstance(problem, NoSuchSession) else "event"
                for line in sheet.lines:
                    self.run.reject(line.row, field, _why(problem))
            else:
                self._take(editor, sheet)

    def finish(self, crosses: int) -> None:
        """Ask what was left open about the whole file."""
        if crosses:
            number = format_count(crosses, "row has a cross", "rows have a cross")
            self.run.ask(ImportQuestion(
                imports_marks.CROSS, f"{number} as the mark, which can mean present or absent.",
                ((MarkKind.PRESENT.value, "A cross means present"), (MarkKind.ABSENT.value, "A cross means absent"),
                 ("none", "A cross means no mark")),
                Remedy(RemedyKind.SAY_CROSS),
            ))  # fmt: skip
        if self._walk_ins:
            names = list(dict.fromkeys(self._walk_ins))
            number = format_count(len(names), "person is", "people are")
            self.run.ask(ImportQuestion(
                WALK_INS, f"{number} marked in the file but not on the register: {shorten_list(names, 3)}. Nothing was "
                "marked for them.",
                (("yes", "They were there: book them and mark them"), ("", "Leave them out")),
                Remedy(RemedyKind.BOOK_WALK_INS),
            ))  # fmt: skip

    def _take(self, editor: RegisterEditor, sheet: SessionMarks) -> None:
        marks: dict[int, MarkAndMinutes] = {}
        rows: dict[int, int] = {}
        if not editor.places.roster and editor.places.event.state in (EventState.DELIVERED, EventState.CLOSED):
            self._history.add(sheet.event)
        history = sheet.event in self._history
        added = 0
        for line in sheet.lines:
            try:
                person = stored_people.find_person(line.person)
                if person.id not in editor.entries and line.mark.attended:
                    if history or self.run.answers.get(WALK_INS) == "yes":
                        added += 1
                        if self.run.dry_run:
                            self.run.new += 1
                            continue
                        editor = self._add_to_register(editor, person)
                    else:
                        self._walk_ins.append(person.name)
                entry = editor.get_entry(person)
                noted = self._mark_to_store(editor, entry, line)
                if (entry.mark, entry.minutes) != noted:
                    editor.check_open()
            except (NotFound, RuleBroken) as problem:
                self.run.reject(line.row, "email" if self.report else "person", self._told(problem, line),
                                problem.remedy)  # fmt: skip
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
        if added:
            self.run.remarks.append(Remark(f"{format_count(added, 'person', 'people')} put on the register of "
                                           f"{editor.what}."))  # fmt: skip
        if self.report:
            self._tell_about_report(editor, sheet, set(marks))
        if not self.run.dry_run:
            editor.store_marks(marks)

    def _add_to_register(self, editor: RegisterEditor, person: Person) -> RegisterEditor:
        """Book somebody who was there on an event that has begun, and return its register anew."""
        places = editor.places
        places.add_enrolment(person, Status.BOOKED, "booked, was there", "on the list of who was there")
        booking.update_event_counts(places.event.id)
        return RegisterEditor(
            self.run.ctx, lock_event_places(self.run.ctx, places.event.reference), editor.session.number
        )

    def _mark_to_store(self, editor: RegisterEditor, entry: RegisterEntry, line: MarkLine) -> MarkAndMinutes:
        """Return the mark and minutes of a line; an online meeting may last longer than the session."""
        minutes = line.minutes
        if line.arrived or line.left:
            minutes = attendance_rules.minutes_to_record(editor.session, line.mark, None, line.arrived, line.left)
        elif self.report and minutes is not None:
            if not minutes:
                raise RuleBroken("there for less than a minute")
            minutes = min(minutes, attendance_rules.session_minutes(editor.session))
        return editor.mark_to_store(entry, line.mark, minutes)

    def _told(self, problem: CscError, line: MarkLine) -> str:
        """Return why a line cannot go in; in a report with the minutes, for whoever decides about it."""
        there = f", there for {format_count(line.minutes or 0, 'minute')}" if self.report else ""
        return f"{_why(problem)}{there}"

    def _tell_about_report(self, editor: RegisterEditor, sheet: SessionMarks, marked: set[int]) -> None:
        missing = [each.name for person_id, each in editor.entries.items() if person_id not in marked and not each.mark]
        if missing:
            number = format_count(len(missing), "person", "people")
            self.run.remarks.append(Remark(
                f"{number} on the register of {editor.what} not in the report and not marked: "
                f"{shorten_list(missing, 3)}."
            ))  # fmt: skip
        on = editor.session.date
        if sheet.days and on and on not in sheet.days:
            when = ", ".join(format_date(day) for day in sorted(sheet.days))
            self.run.remarks.append(Remark(f"The report is from {when}; {editor.what} is on {format_date(on)}."))


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
            if self._has_close_venue(planned):
                continue
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
            self.run.note(planned.row, "minimum", f"{wanted} is more than the {capacity} places; {minimum} was kept")
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
            self.run.remarks.append(Remark(f"{stored.reference}: {move.name} is now {status_label(move.after)}."))

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

    def _has_close_venue(self, planned: PlannedEvent) -> bool:
        """Reject an event at a new venue that is probably a known one misspelt; return whether it was."""
        known = [venue for venue, room in self.venues.values() if not room]
        for line in planned.sessions:
            try:
                settle_name(self.ctx, "venue", line.venue, known)
            except NameTooClose as problem:
                self.run.reject(line.row, "venue", _why(problem), problem.remedy)
                return True
        return False

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
                    "facilitators, named after their address until you import their details", each.email
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
        manager_id=None, dietary="", access_needs="", active=True, version=1, known_as="",
    start_date=None, leaving_date=None,
    )  # fmt: skip


def _what(event: Event, difference: EventDifference) -> str:
    where = f"{event.reference} session {difference.session}" if difference.session else event.reference
    return where if difference.name == "session" else f"{where}: {difference.name}"
