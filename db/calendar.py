"""Events and their sessions."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from peewee import JOIN, fn

from db.engine import journal
from db.engine import search as engine_search
from db.engine.connection import bound, is_writing
from db.engine.driver import is_server
from db.engine.mapping import as_records, as_tuples
from db.errors import NoSuchEvent, NoSuchSession, Stale
from db.models import Course, Facilitation, Module, Room, Strand, Venue
from db.models import Event as EventRow
from db.models import Person as PersonRow
from db.models import Session as SessionRow
from db.records.calendar import Event, PublicSession, Session
from db.records.catalogue import RoomAt
from db.records.first_picture import EventState
from db.records.people import Leading


def select() -> Any:
    """Every column of an Event record."""
    row = EventRow
    return (
        row.select(
            row.id, row.reference, row.course.alias("course_id"), Course.code.alias("course"), row.title,
            Strand.name.alias("strand"), row.capacity, row.minimum, row.state, row.notes, row.booked, row.offered,
            row.waiting, row.joining, row.first_date, row.last_date, row.decide_by, row.version,
        )
        .join_from(row, Course)
        .join_from(Course, Strand)
    )  # fmt: skip


def get(reference: str) -> Event:
    """By reference, whatever the case. Raises NoSuchEvent."""
    text = reference.strip().upper()
    found = as_records(Event, select().where(EventRow.reference == text))
    if not found:
        raise NoSuchEvent(reference)
    return found[0]


def get_all(references: Sequence[str]) -> list[Event]:
    """Each by reference, whatever the case, in the order given. Raises NoSuchEvent."""
    texts = [each.strip().upper() for each in references]
    found = {each.reference: each for each in as_records(Event, select().where(EventRow.reference.in_(texts)))}
    if missing := next((each for each, text in zip(references, texts, strict=True) if text not in found), None):
        raise NoSuchEvent(missing)
    return [found[text] for text in texts]


def latest_of(course_id: int) -> Event | None:
    """The event of the course that begins last, of those that were not called off."""
    query = select().where(
        EventRow.course == course_id, EventRow.state != EventState.CANCELLED, EventRow.first_date.is_null(False)
    )
    found = as_records(Event, query.order_by(EventRow.first_date.desc(), EventRow.reference.desc()).limit(1))
    return found[0] if found else None


def lock(reference: str) -> Event:
    """The event, its row locked until the transaction ends where the database locks rows: first in every write."""
    if is_server(bound()) and is_writing():  # a dry run only reads
        list(EventRow.select(EventRow.id).where(EventRow.reference == reference.strip().upper()).for_update())
    return get(reference)


def by_id(event_id: int) -> Event:
    return as_records(Event, select().where(EventRow.id == event_id))[0]


def of_session(session_id: int) -> int:
    """The id of the event a session belongs to."""
    return int(SessionRow.select(SessionRow.event).where(SessionRow.id == session_id).tuples().first()[0])


def exists(reference: str) -> bool:
    return bool(EventRow.select().where(EventRow.reference == reference.strip().upper()).exists())


def sessions(event_id: int) -> list[Session]:
    """In the order of their numbers."""
    query = session_select().where(SessionRow.event == event_id).order_by(SessionRow.number)
    return as_records(Session, query)


def session(event: Event, number: int) -> Session:
    """Raises NoSuchSession."""
    for each in sessions(event.id):
        if each.number == number:
            return each
    raise NoSuchSession(event.reference, number)


def session_by_id(session_id: int) -> Session:
    return as_records(Session, session_select().where(SessionRow.id == session_id))[0]


def session_select() -> Any:
    """Every column of a Session record; what is unknown is empty text."""
    row = SessionRow
    return (
        row.select(
            row.id, row.event.alias("event_id"), EventRow.reference.alias("event"), row.number,
            fn.COALESCE(fn.NULLIF(row.title, ""), Module.title, "").alias("module"), row.date, row.start, row.end,
            fn.COALESCE(Venue.name, "").alias("venue"), fn.COALESCE(Room.name, "").alias("room"),
            fn.COALESCE(Venue.postcode, "").alias("postcode"), row.room.alias("room_id"),
            row.venue.alias("venue_id"), row.version,
        )
        .join_from(row, EventRow)
        .join_from(row, Module, JOIN.LEFT_OUTER)
        .join_from(row, Venue, JOIN.LEFT_OUTER)
        .join_from(row, Room, JOIN.LEFT_OUTER)
    )  # fmt: skip


def instructions(event_id: int) -> dict[int, str]:
    """Session number -> its joining instructions, empty where there are none."""
    query = SessionRow.select(SessionRow.number, SessionRow.notes).where(SessionRow.event == event_id)
    return dict(as_tuples(query.order_by(SessionRow.number)))


def facilitators(event_id: int) -> dict[int, list[tuple[int, str]]]:
    """Session id -> (person id, name) of each facilitator, by name."""
    query = (
        Facilitation.select(
            Facilitation.session.alias("session_id"),
            PersonRow.id.alias("person_id"),
            PersonRow.forename,
            PersonRow.surname,
        )
        .join_from(Facilitation, SessionRow)
        .join_from(Facilitation, PersonRow)
        .where(SessionRow.event == event_id)
        .order_by(PersonRow.sort)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for session_id, person_id, forename, surname in as_tuples(query):
        found.setdefault(session_id, []).append((person_id, f"{forename} {surname}".strip()))
    return found


def led_by(person_id: int) -> list[Leading]:
    """The sessions that the person leads, of events that were not called off: by date, those without one last."""
    row = SessionRow
    query = (
        Facilitation.select(EventRow.reference, EventRow.title, row.number, row.date, row.start, row.end)
        .join_from(Facilitation, row)
        .join_from(row, EventRow)
        .where(Facilitation.person == person_id, EventRow.state != EventState.CANCELLED)
        .order_by(row.date.asc(nulls="LAST"), row.start, EventRow.reference, row.number)
    )
    return [
        Leading(event, title, number, on.isoformat() if on else "", f"{start or ''}"[:5], f"{end or ''}"[:5])
        for event, title, number, on, start, end in as_tuples(query)
    ]


def facilitator_names(first: date, last: date) -> dict[tuple[str, int], tuple[str, ...]]:
    """(reference, session number) -> who leads it, by name: of the sessions from first to last and of those to be
    confirmed."""
    query = (
        Facilitation.select(EventRow.reference, SessionRow.number, PersonRow.forename, PersonRow.surname)
        .join_from(Facilitation, SessionRow)
        .join_from(SessionRow, EventRow)
        .join_from(Facilitation, PersonRow)
        .where(SessionRow.date.between(first, last) | SessionRow.date.is_null())
        .order_by(PersonRow.sort)
    )
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for reference, number, forename, surname in as_tuples(query):
        found[reference, number] = (*found.get((reference, number), ()), f"{forename} {surname}".strip())
    return found


def add(
    reference: str, course_id: int, title: str, *, capacity: int, minimum: int, state: EventState, notes: str
) -> int:
    """A new event without sessions; returns its id."""
    course, strand = Course.select(Course.code, Strand.name).join(Strand).where(Course.id == course_id).tuples().first()
    found = engine_search.event_words(reference, course, title, strand)
    event_id = int(
        EventRow.insert(
            reference=reference, course=course_id, title=title, capacity=capacity, minimum=minimum, state=state,
            notes=notes, search=engine_search.joined(found),
        ).execute()
    )  # fmt: skip
    journal.touching(EventRow, event_id, new=True)
    return event_id


def add_session(
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
    """A new session; the caller calls redate() when all are in. Returns its id."""
    session_id = int(
        SessionRow.insert(
            event=event_id, number=number, module=module_id, title=title, date=on, start=start, end=end,
            venue=venue_id, room=room_id,
        ).execute()
    )  # fmt: skip
    journal.touching(SessionRow, session_id, new=True)
    return session_id


def add_facilitator(session_id: int, person_id: int) -> None:
    Facilitation.insert(session=session_id, person=person_id).on_conflict_ignore().execute()


def set_facilitators(session_id: int, person_ids: Iterable[int]) -> None:
    """These lead the session, and nobody else."""
    journal.touching(Facilitation, session_id)
    Facilitation.delete().where(Facilitation.session == session_id).execute()
    for person_id in person_ids:
        add_facilitator(session_id, person_id)


def change(event: Event, **fields: Any) -> None:
    """Store new values of an event's columns. Raises Stale if somebody changed it since it was read."""
    _versioned(EventRow, event.id, event.version, f"event {event.reference}", fields)


def change_session(changed: Session, **fields: Any) -> None:
    """Store new values of a session's columns; dates and counts of its event follow with redate(). Raises Stale."""
    _versioned(SessionRow, changed.id, changed.version, f"session {changed.number} of {changed.event}", fields)


def _versioned(row: Any, row_id: int, version: int, what: str, fields: dict[str, Any]) -> None:
    journal.touching(row, row_id)
    stored = row.update({**fields, "version": version + 1}).where(row.id == row_id, row.version == version).execute()
    if not stored:
        raise Stale(f"Somebody else changed {what} a moment ago. Nothing was changed. Look again and repeat it.")


def reword(*, course_id: int | None = None, strand_id: int | None = None) -> None:
    """Keep what events are found by in step with the course or the strand they are of."""
    query = (
        EventRow.select(EventRow.id, EventRow.reference, Course.code, EventRow.title, Strand.name)
        .join_from(EventRow, Course)
        .join_from(Course, Strand)
    )
    query = query.where(Course.id == course_id) if strand_id is None else query.where(Strand.id == strand_id)
    for event_id, *texts in as_tuples(query):
        found = engine_search.joined(engine_search.event_words(*texts))
        EventRow.update(search=found).where(EventRow.id == event_id).execute()


def redate(event_id: int) -> None:
    """Keep the event's first and last date in step with its sessions."""
    first, last = (
        SessionRow.select(fn.MIN(SessionRow.date), fn.MAX(SessionRow.date)).where(SessionRow.event == event_id).tuples()
    ).first()
    EventRow.update(first_date=first, last_date=last).where(EventRow.id == event_id).execute()


def is_venue(name: str) -> bool:
    """Whether a venue is called that, whatever the case."""
    return _called(name, Venue.select(Venue.id, Venue.name)) is not None


def place(venue: str, room: str) -> tuple[int | None, int | None]:
    """The ids of a venue and a room by name, whatever the case, made when new; None for what is not given."""
    if not venue:
        return None, None
    venue_id = _called(venue, Venue.select(Venue.id, Venue.name))
    if venue_id is None:
        venue_id = Venue.insert(name=venue).execute()
    if not room:
        return venue_id, None
    room_id = _called(room, Room.select(Room.id, Room.name).where(Room.venue == venue_id))
    if room_id is None:
        room_id = Room.insert(venue=venue_id, name=room).execute()
    return venue_id, room_id


def _called(name: str, query: Any) -> int | None:
    """The id of whichever is called that, the one that is written the same first."""
    known = as_tuples(query)
    alike = [row_id for row_id, each in known if each == name] or [
        row_id for row_id, each in known if each.casefold() == name.casefold()
    ]
    return alike[0] if alike else None


def sessions_from(first: date, last: date | None = None) -> list[Session]:
    """Every dated session from the day on, to the last where one is given, but those of cancelled events."""
    query = session_select().where(SessionRow.date >= first, EventRow.state != EventState.CANCELLED)
    if last:
        query = query.where(SessionRow.date <= last)
    return as_records(Session, query.order_by(SessionRow.date, SessionRow.start, SessionRow.id))


def to_publish(first: date, last: date) -> list[PublicSession]:
    """The sessions from first to last, and those to be confirmed, of events that are neither draft nor cancelled.

    An event with every date in another year is left out; each event's sessions stand together, by its first day.
    """
    row = SessionRow
    query = (
        row.select(
            Strand.name.alias("strand"), Course.code.alias("course"), EventRow.reference.alias("event"),
            EventRow.title, row.number, fn.COALESCE(fn.NULLIF(row.title, ""), Module.title, "").alias("module"),
            row.date, row.start, row.end, fn.COALESCE(Venue.name, "").alias("venue"),
            fn.COALESCE(Room.name, "").alias("room"), fn.COALESCE(Venue.address, "").alias("address"),
            fn.COALESCE(Venue.postcode, "").alias("postcode"),
        )
        .join_from(row, EventRow)
        .join_from(EventRow, Course)
        .join_from(Course, Strand)
        .join_from(row, Module, JOIN.LEFT_OUTER)
        .join_from(row, Venue, JOIN.LEFT_OUTER)
        .join_from(row, Room, JOIN.LEFT_OUTER)
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


def sessions_on(days: list[date]) -> list[Session]:
    """Every session on these days, but those of cancelled events."""
    query = session_select().where(SessionRow.date.in_(days), EventRow.state != EventState.CANCELLED)
    return as_records(Session, query)


def references_like(prefix: str) -> list[str]:
    """The references that begin with the prefix."""
    query = EventRow.select(EventRow.reference).where(EventRow.reference.startswith(prefix))
    return [reference for (reference,) in as_tuples(query)]


def room(room_id: int) -> RoomAt:
    """One room by its id."""
    query = Room.select(Venue.name, Room.name, Room.capacity).join(Venue).where(Room.id == room_id)
    venue, name, capacity = as_tuples(query)[0]
    return RoomAt(room_id, f"{venue}, {name}", capacity)
