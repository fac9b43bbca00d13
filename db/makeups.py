"""Seats in single sessions for people of other events who make up a module."""

from datetime import date, datetime

from db import journal
from db.events import session_select
from db.mapping import as_records, as_tuples
from db.models import Course, Event, MakeUp, Module
from db.models import Session as SessionRow
from db.records import EventState, Session


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


def remove(session_id: int, person_id: int) -> bool:
    """Give the seat back; False when there was none."""
    found = as_tuples(
        MakeUp.select(MakeUp.id).where(MakeUp.session == session_id, MakeUp.person == person_id, MakeUp.active)
    )
    for (row_id,) in found:
        journal.touching(MakeUp, row_id)
        MakeUp.update(active=False, version=MakeUp.version + 1).where(MakeUp.id == row_id).execute()
    return bool(found)


def joining(event_id: int) -> list[tuple[int, int, str]]:
    """(session number, person id, module title) of everybody who makes something up in this event."""
    query = (
        MakeUp.select(SessionRow.number, MakeUp.person, Module.title)
        .join_from(MakeUp, SessionRow)
        .join_from(SessionRow, Module)
        .where(SessionRow.event == event_id, MakeUp.active)
    )
    return as_tuples(query.order_by(SessionRow.number, MakeUp.id))
