"""What the window and the cards ask: read-only, as records. The lists are `db.lookups`, as on the command line."""

from dataclasses import replace
from datetime import date, timedelta

from csc_tui.context import Context
from csc_tui.domain.completion import Attended, Needed, progress
from db import attendance, enrolments, invitations, lookups
from db import events as event_store
from db import groups as group_store
from db import history as history_store
from db import people as person_store
from db.connection import database, reading
from db.records import (
    CourseProgress,
    EventCard,
    EventLine,
    FoundPerson,
    GroupLine,
    HistoryLine,
    MakeUpLine,
    PersonCard,
    RosterLine,
    SessionLine,
    WaitingLine,
)

RECENT = 100
"""History lines on a card."""
MANY = lookups.MANY
"""Where counting stops."""


def people(ctx: Context, text: str, *, limit: int = 200) -> tuple[list[FoundPerson], int]:
    """The first people of whom every fragment begins some word, and how many there are (no more than MANY)."""
    with reading():
        raw = database.connection()
        found = [FoundPerson(*row) for row in lookups.people(raw, text, ctx.today().isoformat(), limit)]
        return found, len(found) if len(found) < limit else lookups.count_people(raw, text)


def coming(
    ctx: Context,
    *,
    days: int | None = None,
    start: date | None = None,
    strand: str = "",
    course: str = "",
    venue: str = "",
) -> list[SessionLine]:
    """Sessions from `start` (today) for so many days (31), cancelled events left out."""
    first = start or ctx.today()
    last = first + timedelta(days=31 if days is None else days)
    with reading():
        rows = lookups.sessions(
            database.connection(), first.isoformat(), last.isoformat(), strand=strand, course=course, venue=venue
        )
    return [SessionLine(*row) for row in rows]


def free(ctx: Context, text: str = "", *, everything: bool = False) -> list[EventLine]:
    """Events that can be booked now: those with a place left, or with `everything` the full ones, too."""
    now = ctx.now()
    with reading():
        rows = lookups.events(
            database.connection(), text, bookable=(f"{now:%Y-%m-%d}", f"{now:%H:%M}"), free=not everything
        )
    return [EventLine(*row) for row in rows]


def events(ctx: Context, text: str = "", *, first: date | None = None, last: date | None = None) -> list[EventLine]:
    """Every event whose first date lies between the two, drafts and those to be confirmed included."""
    with reading():
        rows = lookups.events(
            database.connection(), text, first=first.isoformat() if first else "", last=last.isoformat() if last else ""
        )
    return [EventLine(*row) for row in rows]


def sessions_between(ctx: Context, first: date, last: date, *, undated: bool = False) -> list[SessionLine]:
    """Every session from first to last, cancelled events included; with `undated` those to be confirmed come last."""
    with reading():
        raw = database.connection()
        rows = lookups.sessions(raw, first.isoformat(), last.isoformat(), cancelled=True)
        if undated:
            rows += lookups.sessions(raw, "", "", cancelled=True, undated=True)
    return [SessionLine(*row) for row in rows]


def event_card(ctx: Context, reference: str) -> EventCard:
    """An event with its sessions, roster, queue and latest history. Raises NoSuchEvent."""
    with reading():
        event = event_store.get(reference)
        raw = database.connection()
        names = {name for each in event_store.facilitators(event.id).values() for _, name in each}
        return EventCard(
            event=event,
            sessions=[SessionLine(*row) for row in lookups.event_sessions(raw, reference)],
            roster=[RosterLine(*row) for row in lookups.roster(raw, reference)],
            waiting=[WaitingLine(*row) for row in lookups.waiting(raw, reference)],
            make_ups=[MakeUpLine(*row) for row in lookups.make_ups(raw, reference)],
            facilitators=sorted(names),
            history=_local(ctx, history_store.lines(event_id=event.id, limit=RECENT)),
        )


def person_card(ctx: Context, reference: str) -> PersonCard:
    """Everything a coordinator is asked about one person. Raises NoSuchPerson, AmbiguousPerson."""
    with reading():
        person = person_store.find(reference)
        return PersonCard(
            person=person,
            manager=person_store.get(person.manager_id).name if person.manager_id else "",
            enrolments=enrolments.of_person(person.id),
            completions=completions(person.id),
            invitations=invitations.of_person(person.id),
            history=_local(ctx, history_store.lines(person_id=person.id, limit=RECENT)),
        )


def completions(person_id: int) -> list[CourseProgress]:
    """How far the person has come with each course they attended; inside reading() or writing()."""
    needed: dict[int, tuple[str, str, set[int]]] = {}
    for course_id, code, title, module_id in attendance.modules_needed():
        needed.setdefault(course_id, (code, title, set()))[2].add(module_id)
    return progress(
        [Attended(*row) for row in attendance.attended(person_id)],
        {course_id: Needed(code, title, frozenset(ids)) for course_id, (code, title, ids) in needed.items()},
    )


def groups(ctx: Context, text: str = "", *, limit: int = 50) -> list[GroupLine]:
    """Groups and teams of whose name every fragment is a part, with how many belong to them today."""
    with reading():
        return [GroupLine(*row) for row in group_store.found(text, ctx.today(), limit)]


def history(
    ctx: Context,
    *,
    event: str = "",
    person: str = "",
    actor: str = "",
    since: date | None = None,
    limit: int | None = None,
) -> list[HistoryLine]:
    """Who did what, newest first, by the council's clock. Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson."""
    with reading():
        found = history_store.lines(
            event_id=event_store.get(event).id if event else None,
            person_id=person_store.find(person).id if person else None,
            actor=actor or None,
            since=since,
            limit=limit,
        )
    return _local(ctx, found)


def _local(ctx: Context, found: list[HistoryLine]) -> list[HistoryLine]:
    return [replace(line, at=ctx.local(line.at)) for line in found]
