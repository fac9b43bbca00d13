"""Rules that read the lines of a programme, group them into events and compare these with stored ones."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from csc_tui.base import dates, session_times
from csc_tui.core.imports.columns import ImportColumns, ImportField, ImportProblem, unfit_cells
from csc_tui.core.imports.people import address_fault
from db.errors import CscError, RuleBroken, WrongUse
from db.records.calendar import Event, Session
from db.records.catalogue import Course, Module
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState

FIELDS = (
    ImportField(
        "event_ref", "the event's reference", ("eventref", "event", "eventreference", "reference", "ref"), True
    ),
    ImportField("course", "the course", ("course", "coursecode"), True),
    ImportField("title", "the title", ("title", "eventtitle", "coursetitle")),
    ImportField("session", "the number of the session", ("session", "sessionno", "sessionnumber", "day")),
    ImportField("module", "the module", ("module", "moduletitle", "sessiontitle")),
    ImportField("date", "the date", ("date", "sessiondate", "startdate"), True),
    ImportField("start", "the start", ("start", "starttime", "from", "begins"), True, "times"),
    ImportField("end", "the end", ("end", "endtime", "finish", "finishtime", "to", "until"), True, "times"),
    ImportField("times", "start and end in one", ("time", "times", "timing", "timings", "sessiontime", "sessiontimes")),
    ImportField("venue", "the venue", ("venue", "location", "place")),
    ImportField("room", "the room", ("room", "roomname")),
    ImportField("facilitators", "the facilitators", ("facilitators", "facilitator", "trainer", "trainers", "ledby")),
    ImportField("capacity", "the number of places", ("capacity", "places", "maximum", "max", "maxplaces")),
    ImportField("minimum", "the minimum", ("minimum", "min", "minplaces", "minimumplaces")),
    ImportField("status", "the state", ("status", "state")),
    ImportField("notes", "the notes", ("notes", "note", "comments", "remarks")),
)
"""The fields of a programme."""
NAMES = [each.name for each in FIELDS]
HEADED_AS = {"state": "status"}
"""The field of a file for a column of an event, where the two differ."""
TO_BE_CONFIRMED = ("tbc", "tba", "tbd", "tobeconfirmed", "tobearranged", "unconfirmed")
"""The words for a date, a place or a person to be confirmed, in letters alone."""
LONGEST_REFERENCE = 40
"""The most characters of a reference."""
Read = TypeVar("Read")
MOST_PLACES = 100_000
"""The most places of an event; a larger number is taken for a typing error."""


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A line of a programme.

    `unconfirmed` means that the file says the date is to be confirmed; without a date and without that it says nothing.
    """

    row: int
    number: int
    module: Module | None
    module_text: str
    unconfirmed: bool
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    facilitators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """An event of a programme, from the lines with one reference; None or empty text where the file says nothing."""

    row: int
    reference: str
    course: Course
    title: str
    capacity: int | None
    minimum: int | None
    state: EventState | None
    notes: str
    sessions: tuple[PlannedSession, ...]


@dataclass(frozen=True, slots=True)
class CheckedProgramme:
    """The events of a programme; `rejected` counts events, and lines that name none."""

    events: Sequence[PlannedEvent]
    problems: Sequence[ImportProblem]
    rejected: int


def parse_programme_rows(
    rows: Sequence[tuple[int, Sequence[str]]],
    columns: ImportColumns,
    courses: Mapping[str, tuple[Course, Sequence[Module]]],
    zone: ZoneInfo,
) -> CheckedProgramme:
    """Return the events all of whose lines are good, and the problems of the others; `courses` are by code."""
    pick = columns.picker(NAMES)
    together: dict[str, list[tuple[int, dict[str, str]]]] = {}
    problems: list[ImportProblem] = []
    rejected = 0
    for row, cells in rows:
        values = dict(zip(NAMES, pick(cells), strict=True))
        values |= {name: "" for name in ("venue", "room") if _is_unconfirmed(values[name])}
        reference = values["event_ref"].upper()
        if not reference or " " in reference or len(reference) > LONGEST_REFERENCE:
            what = f"'{reference}' is not a reference such as BR-04" if reference else "no event reference"
            problems.append(ImportProblem(row, columns.heading("event_ref"), what))
            rejected += 1
            continue
        unfit = unfit_cells(row, cells, columns)
        problems += unfit
        together.setdefault(reference, []).append((row, {} if unfit else values))
    events = []
    for reference, lines in together.items():
        reader = _EventReader(reference, columns, courses, zone)
        planned = reader.read(lines)
        problems += reader.problems
        if planned:
            events.append(planned)
        else:
            rejected += 1
    return CheckedProgramme(events, sorted(problems, key=lambda each: each.row), rejected)


class _EventReader:
    """Reads the lines of one event, and collects what is wrong with them."""

    def __init__(
        self,
        reference: str,
        columns: ImportColumns,
        courses: Mapping[str, tuple[Course, Sequence[Module]]],
        zone: ZoneInfo,
    ) -> None:
        self.reference, self.columns, self.courses, self.zone = reference, columns, courses, zone
        self.problems: list[ImportProblem] = []
        self.wrong = False

    def read(self, lines: Sequence[tuple[int, dict[str, str]]]) -> PlannedEvent | None:
        """Return the event, or None when one of its lines is wrong."""
        self.wrong = not all(values for _, values in lines)
        readable = [(row, values) for row, values in lines if values]
        if not readable:
            return None
        course, modules = self._course(readable)
        numbers = self._numbers(readable)
        capacity, minimum = self._places("capacity", readable), self._places("minimum", readable)
        if capacity is not None and minimum is not None and minimum > capacity:
            self._refuse(readable[0][0], "minimum", f"a minimum of {minimum} is more than the {capacity} places")
        title, state = self._agreed("title", readable)[1], self._state(readable)
        sessions = [
            self._session(row, number, values, modules)
            for (row, values), number in zip(readable, numbers, strict=True)
        ]  # fmt: skip
        if self.wrong or course is None:
            return None
        notes = dict.fromkeys(values["notes"] for _, values in readable if values["notes"])
        return PlannedEvent(
            readable[0][0], self.reference, course, title, capacity, minimum, state, "; ".join(notes), tuple(sessions)
        )

    def _refuse(self, row: int, name: str, what: str) -> None:
        self.problems.append(ImportProblem(row, self.columns.heading(name), what))
        self.wrong = True

    def _note(self, row: int, name: str, what: str) -> None:
        self.problems.append(ImportProblem(row, self.columns.heading(name), what))

    def _course(self, lines: Sequence[tuple[int, dict[str, str]]]) -> tuple[Course | None, Sequence[Module]]:
        found: tuple[Course | None, Sequence[Module]] = (None, ())
        for row, values in lines:
            code = values["course"].upper()
            known = self.courses.get(code)
            if known is None:
                what = f"there is no course '{values['course']}'" if code else "no course"
                self._refuse(row, "course", f"{what}; the courses are {', '.join(self.courses)}")
            elif found[0] and known[0].code != found[0].code:
                self._refuse(row, "course", f"{code}, but another line of {self.reference} says {found[0].code}")
            else:
                found = known
        return found

    def _numbers(self, lines: Sequence[tuple[int, dict[str, str]]]) -> list[int]:
        """Return the numbers of the sessions, 0 for one that is refused; without any, they are counted in order."""
        if not any(values["session"] for _, values in lines):
            return list(range(1, len(lines) + 1))
        numbers: list[int] = []
        for row, values in lines:
            number = parse_cell_number(values["session"])
            if number is None or not 0 < number <= 1000:
                self._refuse(row, "session", f"'{values['session']}' is not a session number")
                number = 0
            elif number in numbers:
                self._refuse(row, "session", f"session {number} of {self.reference} is in the file twice")
            numbers.append(number)
        return numbers

    def _state(self, lines: Sequence[tuple[int, dict[str, str]]]) -> EventState | None:
        row, text = self._agreed("status", lines)
        try:
            return EventState(text.lower()) if text else None
        except ValueError:
            self._refuse(row, "status", f"'{text}' is not one of {', '.join(EventState)}")
            return None

    def _places(self, name: str, lines: Sequence[tuple[int, dict[str, str]]]) -> int | None:
        row, text = self._agreed(name, lines)
        number = parse_cell_number(text)
        if text and (number is None or number > MOST_PLACES):
            self._refuse(row, name, f"'{text}' is not a number of places")
        return number

    def _agreed(self, name: str, lines: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, str]:
        """Return what the lines agree on about the whole event, and the first row that says it."""
        first_row, first = next(((row, values[name]) for row, values in lines if values[name]), (lines[0][0], ""))
        for row, values in lines:
            if values[name] and values[name] != first:
                self._refuse(row, name, f"'{values[name]}', but row {first_row} of {self.reference} says '{first}'")
        return first_row, first

    def _session(self, row: int, number: int, values: Mapping[str, str], modules: Sequence[Module]) -> PlannedSession:
        module, text = self._module(row, number, values["module"], modules)
        on, start, end, unconfirmed = self._when(row, values)
        if values["room"] and not values["venue"]:
            self._refuse(row, "room", f"the room '{values['room']}' needs a venue")
        led_by = "" if _is_unconfirmed(values["facilitators"]) else values["facilitators"]
        addresses = dict.fromkeys(each.strip() for each in re.split(r"[;,\s]+", led_by) if each.strip())
        for address in addresses:
            if what := address_fault(address):
                self._refuse(row, "facilitators", what)
        return PlannedSession(
            row, number, module, text, unconfirmed, on, start, end, values["venue"], values["room"], tuple(addresses)
        )

    def _module(self, row: int, number: int, text: str, modules: Sequence[Module]) -> tuple[Module | None, str]:
        """Return the module with a title, else the module in the session's place with the text as its title."""
        for module in modules:
            if text and module.title.casefold() == text.casefold():
                return module, ""
        if not number:  # the number was refused already
            return None, text
        by_place = next((module for module in modules if module.position == number), None)
        if text and by_place and modules:
            self._note(
                row,
                "module",
                f"'{text}' is not a module of the course; '{by_place.title}' was used, which comes at that point",
            )
        elif by_place is None and modules:
            self._note(
                row,
                "module",
                f"session {number} matches no module of the course, so it does not count towards completion",
            )
        return by_place, text

    def _when(self, row: int, values: Mapping[str, str]) -> tuple[date | None, time | None, time | None, bool]:
        week = dates.names_a_week(values["date"])
        unconfirmed = week or _is_unconfirmed(values["date"])
        if unconfirmed or not values["date"]:
            if week:
                self._note(row, "date", f"'{values['date']}' is a week, not a day, so the date is to be confirmed")
            elif any(values[name] and not _is_unconfirmed(values[name]) for name in ("start", "end", "times")):
                self._note(row, "date", "date to be confirmed, so its times were not saved")
            return None, None, None, unconfirmed
        on = self._read(row, "date", values["date"], dates.parse_file_date)
        start, end = self._times(row, values)
        if on and start and end:
            try:
                session_times.check_session_times(on, start, end, self.zone)
            except RuleBroken as problem:
                self._refuse(row, "start" if "start" in self.columns.places else "times", _reason(problem))
            return on, start, end, False
        return None, None, None, False

    def _times(self, row: int, values: Mapping[str, str]) -> tuple[time | None, time | None]:
        """Return start and end, from one column or two."""
        if values["start"] or values["end"] or not values["times"]:
            start = self._read(row, "start", values["start"], dates.parse_file_time)
            return start, self._read(row, "end", values["end"], dates.parse_file_time)
        both = self._read(row, "times", values["times"], dates.parse_time_range)
        if both and both[1] is None:
            self._refuse(row, "times", f"'{values['times']}' has no end time; type both, such as 9.30-12.30")
        return both or (None, None)

    def _read(self, row: int, name: str, text: str, read: Callable[[str], Read]) -> Read | None:
        if not text or (name != "date" and _is_unconfirmed(text)):
            self._refuse(row, name, "a session with a date needs a start and an end")
            return None
        try:
            return read(text)
        except WrongUse as problem:
            self._refuse(row, name, _reason(problem))
            return None


def _is_unconfirmed(text: str) -> bool:
    return re.sub(r"[\W_]", "", text.lower()) in TO_BE_CONFIRMED


def _reason(problem: CscError) -> str:
    """Return a refusal without what it says about the rest, because here the rest may be imported."""
    return str(problem).removesuffix(" Nothing was changed.")


def parse_cell_number(text: str) -> int | None:
    """Return the whole number in a cell, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@dataclass(frozen=True, slots=True)
class EventDifference:
    """A difference to be stored, in words; `session` is None for the event itself."""

    session: int | None
    name: str
    before: str
    after: str


@dataclass(slots=True)
class EventChanges:
    """The changes that an import makes to a stored event."""

    fields: dict[str, object] = field(default_factory=dict)
    sessions: list[tuple[PlannedSession, Session | None, tuple[str, ...]]] = field(default_factory=list)
    differences: list[EventDifference] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)


def compare_event(
    planned: PlannedEvent,
    stored: Event,
    sessions: Sequence[Session],
    *,
    facilitators: Mapping[int, frozenset[str]],
    marked: frozenset[int],
    columns: ImportColumns,
) -> EventChanges:
    """Return the changes to a stored event; an empty cell changes nothing, and no session is ever removed.

    `facilitators` are e-mail keys by session id; `marked` are the ids of sessions whose register was taken.
    """
    changes = EventChanges()

    def keep(row: int, name: str, what: str) -> None:
        changes.problems.append(ImportProblem(row, columns.heading(name), what))

    if planned.course.code != stored.course:
        keep(
            planned.row,
            "course",
            f"{stored.reference} is in the database as {stored.course}, which was kept: add a new event",
        )
        return changes
    _compare_event(planned, stored, changes, columns)
    there = {each.number: each for each in sessions}
    for line in planned.sessions:
        session = there.get(line.number)
        if session is None:
            changes.sessions.append((line, None, ()))
            changes.differences.append(EventDifference(line.number, "session", "", describe_planned_session(line)))
            continue
        found = _compare_session(line, session, facilitators.get(session.id, frozenset()))
        if found and session.id in marked:
            names = ", ".join(each.name for each in found)
            keep(line.row, "session", f"the register of session {line.number} was taken, so its {names} was kept")
        elif found:
            changes.sessions.append((line, session, tuple(each.name for each in found)))
            changes.differences += found
    for number in sorted(there.keys() - {line.number for line in planned.sessions}):
        keep(
            planned.row,
            "session",
            f"session {number} of {stored.reference} is in the database but not in the file; it was kept",
        )
    if changes.differences and stored.state in (EventState.CANCELLED, EventState.CLOSED):
        names = ", ".join(dict.fromkeys(each.name for each in changes.differences))
        keep(planned.row, "status", f"{stored.reference} is {stored.state}, so it was not changed: {names}")
        return EventChanges(problems=changes.problems)
    return changes


def _compare_event(planned: PlannedEvent, stored: Event, changes: EventChanges, columns: ImportColumns) -> None:
    said = {
        "title": planned.title or None, "minimum": planned.minimum, "notes": planned.notes or None,
        "capacity": planned.capacity, "state": planned.state,
    }  # fmt: skip
    held = stored.taken
    places = stored.capacity if planned.capacity is None or planned.capacity < held else planned.capacity
    for name, value in said.items():
        before = getattr(stored, name)
        if value is None or value == before:
            continue
        kept, remedy = "", None
        if name == "capacity" and isinstance(value, int) and value < held:
            kept = f"{value} is fewer than the {held} places taken; {before} was kept"
        elif name == "minimum" and isinstance(value, int) and value > places:
            kept = f"{value} is more than the {places} places; {before} was kept"
        elif name == "state" and (before, value) != (EventState.DRAFT, EventState.OPEN):
            kept = f"{value}, but it is {before}, which was kept"
            kind = RemedyKind.CALL_OFF_EVENT if value is EventState.CANCELLED else RemedyKind.CHANGE_EVENT_STATE
            remedy = Remedy(kind, event=stored.reference)
        if kept:
            heading = columns.heading(HEADED_AS.get(name, name))
            changes.problems.append(ImportProblem(planned.row, heading, kept, remedy))
        else:
            changes.fields[name] = value
            changes.differences.append(EventDifference(None, name, str(before), str(value)))


def _compare_session(line: PlannedSession, stored: Session, facilitators: frozenset[str]) -> list[EventDifference]:
    found = []

    def differ(name: str, before: object, after: object) -> None:
        found.append(EventDifference(stored.number, name, _plain(before), _plain(after)))

    if line.date or line.unconfirmed:
        for name in ("date", "start", "end"):
            if getattr(line, name) != getattr(stored, name):
                differ(name, getattr(stored, name), getattr(line, name))
    module = line.module_text or (line.module.title if line.module else "")
    if module and module != stored.module:
        differ("module", stored.module, module)
    elsewhere = line.venue.casefold() != stored.venue.casefold()
    if line.venue and (elsewhere or line.room.casefold() not in ("", stored.room.casefold())):
        differ("venue", venue_and_room(stored.venue, stored.room), venue_and_room(line.venue, line.room))
    keys = {each.casefold() for each in line.facilitators}
    if keys and keys != facilitators:
        differ("facilitators", "; ".join(sorted(facilitators)), "; ".join(sorted(keys)))
    return found


def describe_planned_session(line: PlannedSession) -> str:
    """Return a session in words for the history."""
    when = f"{line.date} {_plain(line.start)}-{_plain(line.end)}" if line.date else "to be confirmed"
    return " ".join(filter(None, (when, venue_and_room(line.venue, line.room))))


def venue_and_room(venue: str, room: str) -> str:
    """Return a venue and room in words."""
    return ", ".join(filter(None, (venue, room)))


def _plain(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value or "")
