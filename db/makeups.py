"""Make-ups: places in single sessions for people of other events who missed a module."""

from datetime import date, datetime
from typing import Any

from db import expressions
from db.calendar import select_sessions
from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import CourseRow, EventRow, MakeUpRow, ModuleRow, PersonRow, SessionRow
from db.records.calendar import Session
from db.records.status_numbers import BOOKABLE_STATES


def fetch_make_up_sessions(missing: list[tuple[str, int]], *, after: date) -> list[tuple[str, Session]]:
    """Return (course code, session) of each dated session after a day for one of the missing modules, on bookable
    events.

    `missing` are (course code, module id).
    """
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
    """Return the id of the module a session is for; None without one."""
    found = SessionRow.select(SessionRow.module).where(SessionRow.id == session_id).tuples().first()
    return None if found is None else found[0]


def count_make_ups(session_id: int) -> int:
    """Return the number of people who make up this session."""
    return int(MakeUpRow.select().where(MakeUpRow.session == session_id, MakeUpRow.active).count())


def insert_make_up(session_id: int, person_id: int, since: datetime) -> None:
    """Give a person a place in a session to make up its module."""
    row_id = MakeUpRow.insert(session=session_id, person=person_id, since=since).execute()
    journal.track_row(MakeUpRow, row_id, new=True)


def has_make_up(session_id: int, person_id: int) -> bool:
    """Return whether the person makes up this session."""
    return bool(_active(MakeUpRow.session == session_id, MakeUpRow.person == person_id))


def end_make_up(session_id: int, person_id: int) -> bool:
    """End a person's make-up in a session; return False where there was none."""
    found = _active(MakeUpRow.session == session_id, MakeUpRow.person == person_id)
    _end_rows(found)
    return bool(found)


def end_make_ups(event_id: int, person_id: int | None = None) -> list[tuple[int, int, str]]:
    """End the make-ups in an event, of one person or of all, and return (session number, person id, name) of each."""
    name = expressions.person_name()
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
