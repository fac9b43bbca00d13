"""Registers and marks."""

from datetime import date

from db.mapping import as_tuples
from db.models import Course, Event, Mark, Module, Session
from db.records import MarkKind


def attended(person_id: int) -> list[tuple[int, int, date]]:
    """(course id, module id, date) of each module the person was there for, make-ups in other events included."""
    query = (
        Mark.select(Event.course, Session.module, Session.date)
        .join_from(Mark, Session)
        .join_from(Session, Event)
        .where(
            Mark.person == person_id,
            Mark.mark.in_([kind for kind in MarkKind if kind.attended]),
            Session.module.is_null(False),
            Session.date.is_null(False),
        )
        .order_by(Session.date)
    )
    return as_tuples(query)


def modules_needed() -> list[tuple[int, str, str, int]]:
    """(course id, code, title, module id) of every module of every course."""
    query = Module.select(Course.id, Course.code, Course.title, Module.id).join(Course)
    return as_tuples(query.order_by(Course.id, Module.position))
