"""Events and their sessions."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from peewee import JOIN, fn

from db import lookups
from db.engine import journal
from db.engine import search as engine_search
from db.engine.connection import bound_location, database, is_writing
from db.engine.driver import is_server
from db.engine.mapping import as_records, as_tuples
from db.errors import NoSuchEvent, NoSuchSession, Stale
from db.models import (
    CourseRow,
    EventRow,
    FacilitationRow,
    ModuleRow,
    PersonRow,
    RoomRow,
    SessionRow,
    StrandRow,
    VenueRow,
)
from db.records.calendar import Event, PublicSession, Session
from db.records.catalogue import Room
from db.records.people import LedSession
from db.records.startup import EventState


def select_events() -> Any:
    """Return a query for every column of an Event record."""
    row = EventRow
    return (
        row.select(
            row.id, row.reference, row.course.alias("course_id"), CourseRow.code.alias("course"), row.title,
            StrandRow.name.alias("strand"), row.capacity, row.minimum, row.state, row.notes, row.booked, row.offered,
            row.waiting, row.joining, row.first_date, row.last_date, row.decide_by, row.version,
        )
        .join_from(row, CourseRow)
        .join_from(CourseRow, StrandRow)
    )  # fmt: skip


def fetch_event(reference: str) -> Event:
    """Return the event with a reference, in any case. Raises NoSuchEvent."""
    text = reference.strip().upper()
    found = as_records(Event, select_events().where(EventRow.reference == text))
    if not found:
        raise NoSuchEvent(reference, lookups.suggest_references(database.connection(), reference))
    return found[0]


def fetch_events(references: Sequence[str]) -> list[Event]:
    """Return the events with the references, in any case, in the order given. Raises NoSuchEvent."""
    texts = [each.strip().upper() for each in references]
    found = {each.reference: each for each in as_records(Event, select_events().where(EventRow.reference.in_(texts)))}
    if missing := next((each for each, text in zip(references, texts, strict=True) if text not in found), None):
        raise NoSuchEvent(missing, lookups.suggest_references(database.connection(), missing))
    return [found[text] for text in texts]


def fetch_latest_event(course_id: int) -> Event | None:
    """Return the event of a course that begins last, cancelled ones left out; None without one."""
    query = select_events().where(
        EventRow.course == course_id, EventRow.state != EventState.CANCELLED, EventRow.first_date.is_null(False)
    )
    found = as_records(Event, query.order_by(EventRow.first_date.desc(), EventRow.reference.desc()).limit(1))
    return found[0] if found else None


def lock_event(reference: str) -> Event:
    """Return the event, its row locked until the transaction ends on a server; the first step of every change."""
    if is_server(bound_location()) and is_writing():  # a preview only reads
        list(EventRow.select(EventRow.id).where(EventRow.reference == reference.strip().upper()).for_update())
    return fetch_event(reference)


def fetch_event_by_id(event_id: int) -> Event:
    """Return the event with this id, which must exist."""
    return as_records(Event, select_events().where(EventRow.id == event_id))[0]


def fetch_event_id(session_id: int) -> int:
    """Return the id of the event a session belongs to."""
    return int(SessionRow.select(SessionRow.event).where(SessionRow.id == session_id).tuples().first()[0])


def has_event(reference: str) -> bool:
    """Return whether an event has this reference, in any case."""
    return bool(EventRow.select().where(EventRow.reference == reference.strip().upper()).exists())


def fetch_sessions(event_id: int) -> list[Session]:
    """Return the sessions of an event in the order of their numbers."""
    query = select_sessions().where(SessionRow.event == event_id).order_by(SessionRow.number)
    return as_records(Session, query)


def fetch_session(event: Event, number: int) -> Session:
    """Return the session of an event with this number. Raises NoSuchSession."""
    for each in fetch_sessions(event.id):
        if each.number == number:
            return each
    raise NoSuchSession(event.reference, number)


def fetch_session_by_id(session_id: int) -> Session:
    """Return the session with this id, which must exist."""
    return as_records(Session, select_sessions().where(SessionRow.id == session_id))[0]


def select_sessions() -> Any:
    """Return a query for every column of a Session record; unknown names are empty text."""
    row = SessionRow
    return (
        row.select(
            row.id, row.event.alias("event_id"), EventRow.reference.alias("event"), row.number,
            fn.COALESCE(fn.NULLIF(row.title, ""), ModuleRow.title, "").alias("module"), row.date, row.start, row.end,
            fn.COALESCE(VenueRow.name, "").alias("venue"), fn.COALESCE(RoomRow.name, "").alias("room"),
            fn.COALESCE(VenueRow.postcode, "").alias("postcode"), row.room.alias("room_id"),
            row.venue.alias("venue_id"), row.version,
        )
        .join_from(row, EventRow)
        .join_from(row, ModuleRow, JOIN.LEFT_OUTER)
        .join_from(row, VenueRow, JOIN.LEFT_OUTER)
        .join_from(row, RoomRow, JOIN.LEFT_OUTER)
    )  # fmt: skip


def fetch_joining_instructions(event_id: int) -> dict[int, str]:
    """Return the joining instructions of an event's sessions by session number, empty where there are none."""
    query = SessionRow.select(SessionRow.number, SessionRow.notes).where(SessionRow.event == event_id)
    return dict(as_tuples(query.order_by(SessionRow.number)))


def fetch_event_facilitators(event_id: int) -> dict[int, list[tuple[int, str]]]:
    """Return the facilitators of an event's sessions by session id, as (person id, name) ordered by name."""
    query = (
        FacilitationRow.select(
            FacilitationRow.session.alias("session_id"),
            PersonRow.id.alias("person_id"),
            PersonRow.forename,
            PersonRow.surname,
        )
        .join_from(FacilitationRow, SessionRow)
        .join_from(FacilitationRow, PersonRow)
        .where(SessionRow.event == event_id)
        .order_by(PersonRow.sort)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for session_id, person_id, forename, surname in as_tuples(query):
        found.setdefault(session_id, []).append((person_id, f"{forename} {surname}".strip()))
    return found


def fetch_led_sessions(person_id: int) -> list[LedSession]:
    """Return the sessions a person leads, by date, undated ones last; cancelled events are left out."""
    row = SessionRow
    query = (
        FacilitationRow.select(EventRow.reference, EventRow.title, row.number, row.date, row.start, row.end)
        .join_from(FacilitationRow, row)
        .join_from(row, EventRow)
        .where(FacilitationRow.person == person_id, EventRow.state != EventState.CANCELLED)
        .order_by(row.date.asc(nulls="LAST"), row.start, EventRow.reference, row.number)
    )
    return [
        LedSession(event, title, number, on.isoformat() if on else "", f"{start or ''}"[:5], f"{end or ''}"[:5])
        for event, title, number, on, start, end in as_tuples(query)
    ]


def fetch_led_commitments(person_id: int) -> list[Session]:
    """Return the dated sessions that a person leads, by date; cancelled events are left out."""
    led = FacilitationRow.select(FacilitationRow.session).where(FacilitationRow.person == person_id)
    query = select_sessions().where(
        SessionRow.id.in_(led), SessionRow.date.is_null(False), EventRow.state != EventState.CANCELLED
    )
    return as_records(Session, query.order_by(SessionRow.date, SessionRow.start, SessionRow.id))


def fetch_facilitator_names(first: date, last: date) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the names of facilitators by (reference, session number), of undated sessions and those within the
    dates."""
    query = (
        FacilitationRow.select(EventRow.reference, SessionRow.number, PersonRow.forename, PersonRow.surname)
        .join_from(FacilitationRow, SessionRow)
        .join_from(SessionRow, EventRow)
        .join_from(FacilitationRow, PersonRow)
        .where(SessionRow.date.between(first, last) | SessionRow.date.is_null())
        .order_by(PersonRow.sort)
    )
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for reference, number, forename, surname in as_tuples(query):
        found[reference, number] = (*found.get((reference, number), ()), f"{forename} {surname}".strip())
    return found


def insert_event(
    reference: str, course_id: int, title: str, *, capacity: int, minimum: int, state: EventState, notes: str
) -> int:
    """Insert an event without sessions and return its id."""
    course, strand = (
        CourseRow.select(CourseRow.code, StrandRow.name)
        .join(StrandRow)
        .where(CourseRow.id == course_id)
        .tuples()
        .first()
    )
    found = engine_search.event_words(reference, course, title, strand)
    event_id = int(
        EventRow.insert(
            reference=reference, course=course_id, title=title, capacity=capacity, minimum=minimum, state=state,
            notes=notes, search=engine_search.join_words(found),
        ).execute()
    )  # fmt: skip
    journal.track_row(EventRow, event_id, new=True)
    return event_id


def insert_session(
    event_id: int,
    number: int,
    *,
    module_id: int | None = None,
    title: str = "",
    on: date | None = None,
    start: time | None = None,
    end: time | None = None,
    venue_id: int | None = None,
    room_id: int | None = None,
) -> int:
    """Insert a session and return its id; the caller calls update_event_dates() after the last one."""
    session_id = int(
        SessionRow.insert(
            event=event_id, number=number, module=module_id, title=title, date=on, start=start, end=end,
            venue=venue_id, room=room_id,
        ).execute()
    )  # fmt: skip
    journal.track_row(SessionRow, session_id, new=True)
    return session_id


def insert_facilitator(session_id: int, person_id: int) -> None:
    """Add a facilitator to a session, who may lead it already."""
    FacilitationRow.insert(session=session_id, person=person_id).on_conflict_ignore().execute()


def replace_facilitators(session_id: int, person_ids: Iterable[int]) -> None:
    """Replace the facilitators of a session."""
    journal.track_row(FacilitationRow, session_id)
    FacilitationRow.delete().where(FacilitationRow.session == session_id).execute()
    for person_id in person_ids:
        insert_facilitator(session_id, person_id)


def update_event(event: Event, **fields: Any) -> None:
    """Store new values of an event's columns. Raises Stale where it was changed since it was read."""
    _update_versioned(EventRow, event.id, event.version, f"event {event.reference}", fields)


def update_session(changed: Session, **fields: Any) -> None:
    """Store new values of a session's columns; the caller calls update_event_dates().

    Raises Stale where it was changed since it was read.
    """
    _update_versioned(SessionRow, changed.id, changed.version, f"session {changed.number} of {changed.event}", fields)


def _update_versioned(row: Any, row_id: int, version: int, what: str, fields: dict[str, Any]) -> None:
    journal.track_row(row, row_id)
    stored = row.update({**fields, "version": version + 1}).where(row.id == row_id, row.version == version).execute()
    if not stored:
        raise Stale(f"Someone else changed {what} a moment ago. Nothing was changed. Check it and try again.")


def update_event_index(*, course_id: int | None = None, strand_id: int | None = None) -> None:
    """Recompute the search words of the events of a course or a strand."""
    query = (
        EventRow.select(EventRow.id, EventRow.reference, CourseRow.code, EventRow.title, StrandRow.name)
        .join_from(EventRow, CourseRow)
        .join_from(CourseRow, StrandRow)
    )
    query = query.where(CourseRow.id == course_id) if strand_id is None else query.where(StrandRow.id == strand_id)
    for event_id, *texts in as_tuples(query):
        found = engine_search.join_words(engine_search.event_words(*texts))
        EventRow.update(search=found).where(EventRow.id == event_id).execute()


def update_event_dates(event_id: int) -> None:
    """Recompute the event's first and last date from its sessions."""
    first, last = (
        SessionRow.select(fn.MIN(SessionRow.date), fn.MAX(SessionRow.date)).where(SessionRow.event == event_id).tuples()
    ).first()
    EventRow.update(first_date=first, last_date=last).where(EventRow.id == event_id).execute()


def has_venue(name: str) -> bool:
    """Return whether a venue has this name, in any case."""
    return _find_id_by_name(name, VenueRow.select(VenueRow.id, VenueRow.name)) is not None


def fetch_venue_names() -> list[str]:
    """Return the name of every venue."""
    return [name for (name,) in as_tuples(VenueRow.select(VenueRow.name).order_by(VenueRow.name))]


def ensure_venue_and_room(venue: str, room: str) -> tuple[int | None, int | None]:
    """Return the ids of a venue and a room by name, in any case, inserting new ones; None for an empty name."""
    if not venue:
        return None, None
    venue_id = _find_id_by_name(venue, VenueRow.select(VenueRow.id, VenueRow.name))
    if venue_id is None:
        venue_id = VenueRow.insert(name=venue).execute()
    if not room:
        return venue_id, None
    room_id = _find_id_by_name(room, RoomRow.select(RoomRow.id, RoomRow.name).where(RoomRow.venue == venue_id))
    if room_id is None:
        room_id = RoomRow.insert(venue=venue_id, name=room).execute()
    return venue_id, room_id


def _find_id_by_name(name: str, query: Any) -> int | None:
    """Return the id of the row with this name, the same spelling before one in another case."""
    known = as_tuples(query)
    alike = [row_id for row_id, each in known if each == name] or [
        row_id for row_id, each in known if each.casefold() == name.casefold()
    ]
    return alike[0] if alike else None


def fetch_sessions_from(first: date, last: date | None = None) -> list[Session]:
    """Return the dated sessions from a day on, up to `last` where given; cancelled events are left out."""
    query = select_sessions().where(SessionRow.date >= first, EventRow.state != EventState.CANCELLED)
    if last:
        query = query.where(SessionRow.date <= last)
    return as_records(Session, query.order_by(SessionRow.date, SessionRow.start, SessionRow.id))


def fetch_public_sessions(first: date, last: date) -> list[PublicSession]:
    """Return the undated sessions and those within the dates, of events neither draft nor cancelled.

    Undated sessions of an event whose dates are all in another year are left out. Sessions of one event stay together;
    events are ordered by their first day.
    """
    row = SessionRow
    query = (
        row.select(
            StrandRow.name.alias("strand"), CourseRow.code.alias("course"), EventRow.reference.alias("event"),
            EventRow.title, row.number, fn.COALESCE(fn.NULLIF(row.title, ""), ModuleRow.title, "").alias("module"),
            row.date, row.start, row.end, fn.COALESCE(VenueRow.name, "").alias("venue"),
            fn.COALESCE(RoomRow.name, "").alias("room"), fn.COALESCE(VenueRow.address, "").alias("address"),
            fn.COALESCE(VenueRow.postcode, "").alias("postcode"),
        )
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .join_from(CourseRow, StrandRow)
        .join_from(row, ModuleRow, JOIN.LEFT_OUTER)
        .join_from(row, VenueRow, JOIN.LEFT_OUTER)
        .join_from(row, RoomRow, JOIN.LEFT_OUTER)
        .where(
            EventRow.state.not_in((EventState.DRAFT, EventState.CANCELLED)),
            row.date.between(first, last)
            | (
                row.date.is_null()
                & (EventRow.first_date.is_null() | ((EventRow.first_date <= last) & (EventRow.last_date >= first)))
            ),
        )
        .order_by(EventRow.first_date.is_null(), EventRow.first_date, EventRow.reference, row.number)
    )  # fmt: skip
    return as_records(PublicSession, query)


def fetch_sessions_on(days: list[date]) -> list[Session]:
    """Return the sessions on some days; cancelled events are left out."""
    query = select_sessions().where(SessionRow.date.in_(days), EventRow.state != EventState.CANCELLED)
    return as_records(Session, query)


def find_references(prefix: str) -> list[str]:
    """Return the event references that begin with the prefix."""
    query = EventRow.select(EventRow.reference).where(EventRow.reference.startswith(prefix))
    return [reference for (reference,) in as_tuples(query)]


def fetch_room(room_id: int) -> Room:
    """Return the room with this id, which must exist."""
    query = RoomRow.select(VenueRow.name, RoomRow.name, RoomRow.capacity).join(VenueRow).where(RoomRow.id == room_id)
    venue, name, capacity = as_tuples(query)[0]
    return Room(room_id, f"{venue}, {name}", capacity)
