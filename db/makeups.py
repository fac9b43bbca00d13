"""Seats in single sessions for people of other events who make up a module."""

from datetime import date, datetime
from typing import Any

from peewee import fn

from db.calendar import session_select
from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import Course, Event, MakeUp, Module, Person
from db.models import Session as SessionRow
from db.records.calendar import Session
from db.records.first_picture import EventState


def sessions_for(missing: list[tuple[str, int]], *, after: date) -> list[tuple[str, Session]]:
    """(course code, session) for each dated session after the day, of bookable events, for one of the missing
    (course code, module id) pairs."""
    courses = {module_id: code for code, module_id in missing}
    query = (
        session_select()
        .select_extend(Course.code.alias("course_code"))
        .join_from(Module, Course)
        .where(
            SessionRow.module.in_(list(courses)),
            SessionRow.date > after,
            Event.state.in_([state for state in EventState if state.bookable]),
        )
        .order_by(Module.position, SessionRow.date, SessionRow.start, SessionRow.id)
    )
    return as_records(lambda course_code, **columns: (course_code, Session(**columns)), query)  # type: ignore[arg-type]


def module_of(session_id: int) -> int | None:
    found = SessionRow.select(SessionRow.module).where(SessionRow.id == session_id).tuples().first()
    return None if found is None else found[0]


def count(session_id: int) -> int:
    """How many join this session from elsewhere."""
    return int(MakeUp.select().where(MakeUp.session == session_id, MakeUp.active).count())


def add(session_id: int, person_id: int, since: datetime) -> None:
    row_id = MakeUp.insert(session=session_id, person=person_id, since=since).execute()
    journal.touching(MakeUp, row_id, new=True)


def seated(session_id: int, person_id: int) -> bool:
    """Whether the person makes this session up."""
    return bool(_active(MakeUp.session == session_id, MakeUp.person == person_id))


def remove(session_id: int, person_id: int) -> bool:
    """Give the seat back; False when there was none."""
    found = _active(MakeUp.session == session_id, MakeUp.person == person_id)
    _end(found)
    return bool(found)


def end(event_id: int, person_id: int | None = None) -> list[tuple[int, int, str]]:
    """End what is made up in an event, by one person or by all: (session number, person id, name) of each."""
    name = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    query = (
        MakeUp.select(MakeUp.id, SessionRow.number, Person.id, name)
        .join_from(MakeUp, SessionRow)
        .join_from(MakeUp, Person)
        .where(SessionRow.event == event_id, MakeUp.active)
        .order_by(SessionRow.number, MakeUp.id)
    )
    found = as_tuples(query if person_id is None else query.where(MakeUp.person == person_id))
    _end([row_id for row_id, *_ in found])
    return [(number, person, name) for _, number, person, name in found]


def _active(*conditions: Any) -> list[int]:
    return [row_id for (row_id,) in as_tuples(MakeUp.select(MakeUp.id).where(MakeUp.active, *conditions))]


def _end(row_ids: list[int]) -> None:
    for row_id in row_ids:
        journal.touching(MakeUp, row_id)
        MakeUp.update(active=False, version=MakeUp.version + 1).where(MakeUp.id == row_id).execute()
