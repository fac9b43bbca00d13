"""Whole tables for exports, row by row as the database gives them; inside reading() only."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from peewee import JOIN, SQL, fn

from db.evaluation import RESPONSE
from db.models import (
    Answer,
    Course,
    Enrolment,
    Evaluation,
    Event,
    Facilitation,
    Mark,
    Module,
    Organisation,
    Person,
    Question,
    Room,
    Session,
    Strand,
    Team,
    Venue,
)

Rows = Iterable[tuple[Any, ...]]
PEOPLE = (
    "person", "employee_number", "forename", "surname", "email", "phone", "organisation", "organisation_kind", "team",
    "job_title", "kind", "manager", "facilitator", "practice_lead", "line_manager", "active",
)  # fmt: skip
NEEDS = ("dietary", "access_needs")
EVENTS = (
    "event", "course", "title", "strand", "state", "capacity", "minimum", "booked", "offered", "free", "waiting",
    "first_date", "last_date", "decide_by", "notes",
)  # fmt: skip
SESSIONS = (
    "event", "course", "title", "session", "module", "date", "start", "end", "venue", "room", "facilitators",
    "capacity", "minimum", "status", "notes",
)  # fmt: skip
_WHO = ("person", "name", "email", "organisation", "team", "kind", "manager")
ENROLMENTS = (
    "event", "course", "title", "first_date", *_WHO, "status", "since", "queue", "offered_until", "approved_by",
    "reason", "late",
)  # fmt: skip
MARKS = ("event", "course", "session", "module", "date", *_WHO, "mark", "minutes")
EVALUATIONS = ("event", "course", "stage", "received", "person", "name", "email", "response")
"""Then an `answer_N` for each question of a form; see `answers()`."""


def people() -> Rows:
    """By surname; the columns of PEOPLE, then those of NEEDS."""
    row, manager = Person, Person.alias()
    return _stream(
        row.select(
            _key(row), row.employee_number, row.forename, row.surname, row.email, row.phone, Organisation.name,
            Organisation.kind, Team.name, row.job_title, row.kind, row.is_manager, row.is_facilitator,
            row.is_practice_lead, manager.email, row.active, row.dietary, row.access_needs,
        )
        .join_from(row, Organisation, JOIN.LEFT_OUTER)
        .join_from(row, Team, JOIN.LEFT_OUTER)
        .join_from(row, manager, JOIN.LEFT_OUTER, on=(row.manager == manager.id))
        .order_by(row.sort, row.id)
    )  # fmt: skip


def events() -> Rows:
    """By first date; those to be confirmed come last."""
    row = Event
    return _stream(
        row.select(
            row.reference, Course.code, row.title, Strand.name, row.state, row.capacity, row.minimum, row.booked,
            row.offered, row.capacity - row.booked - row.offered - row.joining, row.waiting, row.first_date,
            row.last_date, row.decide_by, row.notes,
        )
        .join_from(row, Course)
        .join_from(Course, Strand)
        .order_by(row.first_date.is_null(), row.first_date, row.reference)
    )  # fmt: skip


def sessions() -> Rows:
    """In the order of their events' references and their numbers, as an import of the programme reads them."""
    led: dict[int, list[str]] = {}
    leading = Facilitation.select(Facilitation.session, Person.email).join(Person).order_by(Person.email_key)
    for session_id, email in leading.tuples().iterator():
        led.setdefault(session_id, []).append(email)
    row = Session
    query = (
        row.select(
            row.id, Event.reference, Course.code, Event.title, row.number,
            fn.COALESCE(fn.NULLIF(row.title, ""), Module.title), row.date, row.start, row.end, Venue.name, Room.name,
            Event.capacity, Event.minimum, Event.state, Event.notes,
        )
        .join_from(row, Event)
        .join_from(Event, Course)
        .join_from(row, Module, JOIN.LEFT_OUTER)
        .join_from(row, Venue, JOIN.LEFT_OUTER)
        .join_from(row, Room, JOIN.LEFT_OUTER)
        .order_by(Event.reference, row.number)
    )  # fmt: skip
    return ((*each[1:11], "; ".join(led.get(each[0], ())), *each[11:]) for each in _stream(query))


def enrolments() -> Rows:
    """Every enrolment there ever was, in the order in which they were made."""
    row = Enrolment
    return _stream(
        row.select(
            Event.reference, Course.code, Event.title, Event.first_date, *_who(), row.status, row.since, row.queue,
            row.offer_ends, row.approved_by, row.reason, row.late,
        )
        .join_from(row, Event)
        .join_from(Event, Course)
        .join_from(row, Person)
        .join_from(Person, Organisation, JOIN.LEFT_OUTER)
        .join_from(Person, Team, JOIN.LEFT_OUTER)
        .order_by(row.id)
    )  # fmt: skip


def marks() -> Rows:
    """By session."""
    row = Mark
    return _stream(
        row.select(
            Event.reference, Course.code, Session.number, fn.COALESCE(fn.NULLIF(Session.title, ""), Module.title),
            Session.date, *_who(), row.mark, row.minutes,
        )
        .join_from(row, Session)
        .join_from(Session, Event)
        .join_from(Session, Module, JOIN.LEFT_OUTER)
        .join_from(Event, Course)
        .join_from(row, Person)
        .join_from(Person, Organisation, JOIN.LEFT_OUTER)
        .join_from(Person, Team, JOIN.LEFT_OUTER)
        .order_by(row.session, row.person)
    )  # fmt: skip


def answers() -> int:
    """How many questions the longest form has: so many `answer_N` follow EVALUATIONS."""
    return int(Question.select(fn.COALESCE(fn.MAX(Question.position), 0)).scalar())


def evaluations(questions: int) -> Rows:
    """One row for each form that came back, with its answers in the order of the questions."""
    row = Evaluation
    query = (
        row.select(
            row.id, Event.reference, Course.code, row.stage, row.received, _key(Person), _name(), Person.email,
            row.source, Question.position, Answer.value, Answer.text,
        )
        .join_from(row, Event)
        .join_from(Event, Course)
        .join_from(row, Person, JOIN.LEFT_OUTER)
        .join_from(row, Answer, JOIN.LEFT_OUTER)
        .join_from(Answer, Question, JOIN.LEFT_OUTER)
        .order_by(row.id, Question.position)
    )  # fmt: skip
    for (_, *about), lines in groupby(_stream(query), lambda line: line[:9]):
        said: list[object] = [None] * questions
        for *_, position, value, text in lines:
            if position:
                said[position - 1] = text if value is None else value
        if any(each is not None for each in said):  # one kept apart from its answers says only that they came
            *whose, source = about
            response = str(source).removeprefix(RESPONSE) if str(source).startswith(RESPONSE) else None
            yield (*whose, response, *said)


def _who() -> tuple[Any, ...]:
    return _key(Person), _name(), Person.email, Organisation.name, Team.name, Person.kind, Person.is_manager


def _key(person: Any) -> Any:
    return SQL("'#'").concat(person.id.cast("TEXT"))


def _name() -> Any:
    return fn.TRIM(Person.forename.concat(" ").concat(Person.surname))


def _stream(query: Any) -> Rows:
    rows: Rows = query.tuples().iterator()
    return rows
