"""Registers and marks."""

from datetime import date

from db.mapping import as_tuples
from db.models import Completion, Course, Event, Mark, Module, Session
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


def completed_courses(person_id: int) -> set[str]:
    """The codes of the courses a person has completed."""
    query = Completion.select(Course.code).join(Course).where(Completion.person == person_id)
    return {code for (code,) in as_tuples(query)}


def modules_missing(person_id: int) -> list[tuple[str, int]]:
    """(course code, module id) of each module still missing of the courses the person has attended something of."""
    done = {module_id for _, module_id, _ in attended(person_id)}
    begun = {course_id for course_id, _, _ in attended(person_id)}
    return [
        (code, module_id)
        for course_id, code, _, module_id in modules_needed()
        if course_id in begun and module_id not in done
    ]
