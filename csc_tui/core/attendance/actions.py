"""Actions and queries about registers; outcomes and completions follow from the marks in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from csc_tui.base.context import Context
from csc_tui.base.errors import ReasonNeeded
from csc_tui.base.history import write_history, write_history_lines
from csc_tui.base.rights import may_see_needs
from csc_tui.base.text import format_count, shorten_list, status_label
from csc_tui.base.transaction import action
from csc_tui.core.attendance import outcomes
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places
from db import attendance, calendar, people
from db.engine import journal
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.attendance import MarkKind, RegisterEntry, RegisterLine, RegisterState
from db.records.calendar import Event, Session
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role

MarkAndMinutes = tuple[MarkKind, int | None]
"""A mark, and the minutes stored with it."""


@dataclass(frozen=True, slots=True)
class PersonMark:
    """A person's mark as it is now; empty when it was cleared."""

    person: str
    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class SessionRegister:
    """The register of one session.

    `state` is None while nobody is marked; `why_not` says why nobody can be marked, empty when people can.
    """

    session: Session
    state: RegisterState | None
    entries: list[RegisterEntry]
    why_not: str = ""

    @property
    def unmarked(self) -> list[RegisterEntry]:
        """Return the entries that have no mark yet."""
        return [entry for entry in self.entries if entry.mark is None]


@dataclass(frozen=True, slots=True)
class EventRegisters:
    """The registers of all sessions of an event, or of one of them."""

    event: Event
    sessions: list[SessionRegister]


def list_registers(ctx: Context, reference: str, number: int | None = None) -> list[SessionRegister]:
    """Return the registers of an event's sessions, or of one session. Raises NoSuchEvent and NoSuchSession."""
    return get_event_registers(ctx, reference, number).sessions


def get_event_registers(ctx: Context, reference: str, number: int | None = None) -> EventRegisters:
    """Return an event with the registers of its sessions, or of one session.

    Needs are left out for somebody who may not see them. Raises NoSuchEvent and NoSuchSession.
    """
    with read_transaction():
        event = calendar.fetch_event(reference)
        sessions = calendar.fetch_sessions(event.id) if number is None else [calendar.fetch_session(event, number)]
        entries, states = attendance.fetch_register_entries(event.id), attendance.fetch_register_states(event.id)
    if not may_see_needs(ctx):
        entries = [replace(each, dietary="", access_needs="") for each in entries]
    found = [
        SessionRegister(
            each, states.get(each.id), [entry for entry in entries if entry.session_id == each.id],
            attendance_rules.why_not_markable(each, event.state, ctx.now()),
        )
        for each in sessions
    ]  # fmt: skip
    return EventRegisters(event, found)


def list_register_lines(found: Sequence[SessionRegister]) -> list[RegisterLine]:
    """Return the lines of registers as commands print them, with the minutes that each mark stands for."""
    return [
        RegisterLine(
            entry.session, f"#{entry.person_id}", entry.name, entry.mark or "",
            attendance_rules.attended_minutes(entry.mark, entry.minutes, attendance_rules.session_minutes(each.session))
            if entry.mark
            else None,
        )
        for each in found
        for entry in each.entries
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to be given, with the minutes attended or missed, or when the person came or went, where one is known.

    `missed` are minutes after the start for a late mark, and before the end for one who left early.
    """

    kind: MarkKind
    minutes: int | None = None
    missed: int | None = None
    arrived: time | None = None
    left: time | None = None


@action(role=Role.BOOKER)
def mark_person(
    ctx: Context, reference: str, number: int, person: str, mark: NewMark, *, reason: str = ""
) -> list[PersonMark]:
    """Mark a person in a session, with the minutes they attended where that matters.

    Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson, NotFound for a person who is not on the register,
    RuleBroken when the session has not begun or the times are impossible, and NotAllowed or ReasonNeeded once the
    register is signed off.
    """
    editor = RegisterEditor(ctx, lock_event_places(ctx, reference), number, reason)
    entry = editor.get_entry(people.find_person(person))
    noted = (
        attendance_rules.minutes_to_record(editor.session, mark.kind, mark.minutes, mark.arrived, mark.left)
        if mark.missed is None
        else attendance_rules.minutes_without(editor.session, mark.missed, mark.kind)
    )
    editor.store_marks({entry.person_id: (mark.kind, noted)})
    return [PersonMark(f"#{entry.person_id}", entry.name, mark.kind.value)]


@action(role=Role.BOOKER)
def mark_rest(ctx: Context, reference: str, number: int, kind: MarkKind, *, reason: str = "") -> list[PersonMark]:
    """Give this mark to everybody on the register who has none, and return their marks.

    Raises what mark_person() raises.
    """
    editor = RegisterEditor(ctx, lock_event_places(ctx, reference), number, reason)
    rest = [entry for entry in editor.entries.values() if entry.mark is None]
    editor.store_marks({entry.person_id: (kind, None) for entry in rest})
    return [PersonMark(f"#{entry.person_id}", entry.name, kind.value) for entry in rest]


@action(role=Role.BOOKER)
def clear_mark(ctx: Context, reference: str, number: int, person: str, *, reason: str = "") -> list[PersonMark]:
    """Clear a person's mark, so that they count as unmarked. Raises what mark_person() raises."""
    editor = RegisterEditor(ctx, lock_event_places(ctx, reference), number, reason)
    entry = editor.get_entry(people.find_person(person))
    if entry.mark is None:
        raise NotFound(f"{entry.name} has no mark in {editor.what}. Nothing was changed.")
    editor.store_marks({entry.person_id: None})
    return [PersonMark(f"#{entry.person_id}", entry.name, "")]


@action(role=Role.COORDINATOR)
def sign_off_register(ctx: Context, reference: str, number: int) -> SessionRegister:
    """Sign off a register as complete; from then on a change needs a coordinator and a reason.

    Raises NoSuchEvent, NoSuchSession, and RuleBroken when a person is unmarked, nobody is on it, or it is signed off.
    """
    places = lock_event_places(ctx, reference)
    session = calendar.fetch_session(places.event, number)
    what = f"{places.event.reference} session {number}"
    found = list_registers(ctx, reference, number)[0]
    if found.state and found.state.signed_off_by:
        raise RuleBroken(
            f"The register of {what} has already been signed off by {found.state.signed_off_by}. Nothing was changed."
        )
    if not found.entries:
        raise RuleBroken(f"There are no people on the register of {what}. Nothing was changed.")
    if found.unmarked:
        raise RuleBroken(
            f"{_some(found.unmarked)} not marked yet in {what}. Nothing was changed. Mark everyone first.",
            Remedy(RemedyKind.MARK_REST, event=places.event.reference, session=number),
        )
    attendance.store_sign_off(session.id, ctx.stamp(), ctx.actor)
    present = sum(entry.mark.attended for entry in found.entries if entry.mark)
    write_history(
        ctx, "register signed off", what, event_id=places.event.id,
        after=f"{present} of {len(found.entries)} present",
    )  # fmt: skip
    return list_registers(ctx, reference, number)[0]


class RegisterEditor:
    """The register of one session while marks are stored; to be used inside a transaction.

    Raises NoSuchSession, and RuleBroken when the session has not begun or its event does not take place.
    """

    def __init__(self, ctx: Context, places: EventPlaces, number: int, reason: str = "") -> None:
        self.ctx, self.places, self.reason = ctx, places, reason.strip()
        self.session = calendar.fetch_session(places.event, number)
        self.what = f"{places.event.reference} session {number}"
        self._check_begun()
        self.state = attendance.fetch_register_state(self.session.id)
        self.entries = {
            entry.person_id: entry
            for entry in attendance.fetch_register_entries(places.event.id)
            if entry.session_id == self.session.id
        }

    def get_entry(self, person: Person) -> RegisterEntry:
        """Return a person's line of the register. Raises NotFound for a person who is not on it."""
        if person.id not in self.entries:
            raise NotFound(
                f"{person.name} is not on the register of {self.what}. Nothing was changed.",
                Remedy(RemedyKind.BOOK_WALK_IN, event=self.places.event.reference, person=person.key),
            )
        return self.entries[person.id]

    def mark_to_store(self, entry: RegisterEntry, kind: MarkKind, minutes: int | None) -> MarkAndMinutes:
        """Return a mark with its minutes; without new minutes, those of an equal mark are kept. Raises RuleBroken."""
        kept = entry.minutes if entry.mark is kind and minutes is None else minutes
        return kind, attendance_rules.minutes_to_record(self.session, kind, kept, None, None)

    def store_marks(self, marks: Mapping[int, MarkAndMinutes | None]) -> None:
        """Store the marks that are new or different, write the history and bring outcomes and completions in step."""
        changed = {
            person_id: noted
            for person_id, noted in marks.items()
            if noted != self._stored_mark(self.entries[person_id])
        }
        if not changed:
            return
        self.check_open()
        ctx, event = self.ctx, self.places.event
        attendance.store_marks(self.session.id, changed, ctx.stamp(), ctx.actor)
        told = [
            (f"{self.entries[person_id].name} in {self.what}", person_id,
             _mark_in_words(self._stored_mark(self.entries[person_id])), _mark_in_words(noted))
            for person_id, noted in changed.items()
        ]  # fmt: skip
        if len(told) == 1:
            ((subject, person_id, before, after),) = told
            write_history(
                ctx, "marked", subject, event_id=event.id, person_id=person_id, before=before,
                after=after, reason=self.reason,
            )  # fmt: skip
        else:
            write_history_lines(ctx, "marked", told, event_id=event.id, reason=self.reason)
            journal.describe_step(f"marked {format_count(len(told), 'person', 'people')} in {self.what}")
        outcomes.recalculate_outcomes(ctx, self.places, changed.keys())

    def check_open(self) -> None:
        """Raise NotAllowed or ReasonNeeded when the register is signed off, unless a coordinator gives a reason."""
        if self.state and self.state.signed_off_by:
            self.ctx.require(Role.COORDINATOR)
            if not self.reason:
                raise ReasonNeeded(
                    f"{self.state.signed_off_by} has signed off the register of {self.what}. Changing it now"
                )

    def _stored_mark(self, entry: RegisterEntry) -> MarkAndMinutes | None:
        return (entry.mark, entry.minutes) if entry.mark else None

    def _check_begun(self) -> None:
        if why_not := attendance_rules.why_not_markable(self.session, self.places.event.state, self.ctx.now()):
            raise RuleBroken(why_not)


def _some(entries: Sequence[RegisterEntry]) -> str:
    """Return names and their verb: `Bo Smith is`, `Bo Smith, Al Jones and 12 more are`."""
    return f"{shorten_list([entry.name for entry in entries], 3)} {'is' if len(entries) == 1 else 'are'}"


def _mark_in_words(noted: MarkAndMinutes | None) -> str:
    """Return a mark as the history shows it: `late, 150 minutes`."""
    if noted is None:
        return ""
    kind, minutes = noted
    return status_label(kind) if minutes is None else f"{status_label(kind)}, {format_count(minutes, 'minute')}"
