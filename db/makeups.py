"""Seats in single sessions for people of other events who make up a module."""

from datetime import date, datetime
from typing import Any

from peewee import fn

from db.calendar import select_sessions
from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import CourseRow, EventRow, MakeUpRow, ModuleRow, PersonRow, SessionRow
from db.records.calendar import Session
from db.records.status_numbers import BOOKABLE_STATES


def fetch_make_up_sessions(missing: list[tuple[str, int]], *, after: date) -> list[tuple[str, Session]]:
    """(course code, session) for each dated session after the day, of bookable events, for one of the missing
    (course code, module id) pairs."""
    courses = {module_id: code for code, module_id in missing}
    query = (
        select_sessions()
        .select_extend(CourseRow.code.alias("course_code"))
        .join_from(ModuleRow, CourseRow)
        .where(
            SessionRow.module.in_(list(courses)),
            SessionRow.date > after,
            EventRow.state.in_(BOOKABLE_STATES),
        )
        .order_by(ModuleRow.position, SessionRow.date, SessionRow.start, SessionRow.id)
    )
    return as_records(lambda course_code, **columns: (course_code, Session(**columns)), query)  # type: ignore[arg-type]


def fetch_session_module(session_id: int) -> int | None:
    found = SessionRow.select(SessionRow.module).where(SessionRow.id == session_id).tuples().first()
    return None if found is None else found[0]


def count_make_ups(session_id: int) -> int:
    """How many join this session from elsewhere."""
    return int(MakeUpRow.select().where(MakeUpRow.session == session_id, MakeUpRow.active).count())


def insert_make_up(session_id: int, person_id: int, since: datetime) -> None:
    row_id = MakeUpRow.insert(session=session_id, person=person_id, since=since).execute()
    journal.track_row(MakeUpRow, row_id, new=True)


def has_make_up(session_id: int, person_id: int) -> bool:
    """Whether the person makes this session up."""
    return bool(_active(MakeUpRow.session == session_id, MakeUpRow.person == person_id))


def end_make_up(session_id: int, person_id: int) -> bool:
    """Give the seat back; False when there was none."""
    found = _active(MakeUpRow.session == session_id, MakeUpRow.person == person_id)
    _end_rows(found)
    return bool(found)


def end_make_ups(event_id: int, person_id: int | None = None) -> list[tuple[int, int, str]]:
    """End what is made up in an event, by one person or by all: (session number, person id, name) of each."""
    name = fn.TRIM(PersonRow.forename.concat(" ").concat(PersonRow.surname))
    query = (
        MakeUpRow.select(MakeUpRow.id, SessionRow.number, PersonRow.id, name)
        .join_from(MakeUpRow, SessionRow)
        .join_from(MakeUpRow, PersonRow)
        .where(SessionRow.event == event_id, MakeUpRow.active)
        .order_by(SessionRow.number, MakeUpRow.id)
    )
    found = as_tuples(query if person_id is None else query.where(MakeUpRow.person == person_id))
    _end_rows([row_id for row_id, *_ in found])
    return [(number, person, name) for _, number, person, name in found]


def _active(*conditions: Any) -> list[int]:
    return [row_id for (row_id,) in as_tuples(MakeUpRow.select(MakeUpRow.id).where(MakeUpRow.active, *conditions))]


def _end_rows(row_ids: list[int]) -> None:
    for row_id in row_ids:
        journal.track_row(MakeUpRow, row_id)
        MakeUpRow.update(active=False, version=MakeUpRow.version + 1).where(MakeUpRow.id == row_id).execute()
