"""Whole tables for exports, streamed row by row; inside read_transaction() only."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from peewee import JOIN, SQL, fn

from db import expressions
from db.evaluation import RESPONSE_PREFIX
from db.models import (
    AnswerRow,
    CourseRow,
    EnrolmentRow,
    EvaluationRow,
    EventRow,
    FacilitationRow,
    MarkRow,
    ModuleRow,
    OrganisationRow,
    PersonRow,
    QuestionRow,
    RoomRow,
    SessionRow,
    StrandRow,
    TeamRow,
    VenueRow,
)

Rows = Iterable[tuple[Any, ...]]
PEOPLE = (
    "person", "employee_number", "forename", "surname", "email", "phone", "organisation", "organisation_kind", "team",
    "job_title", "kind", "manager", "facilitator", "practice_lead", "line_manager", "active", "known_as", "start_date",
    "leaving_date",
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
"""Columns of evaluations, followed by an `answer_N` for each question; see `count_form_questions()`."""


def stream_people() -> Rows:
    """Yield the people by surname: the columns of PEOPLE, then those of NEEDS."""
    row, manager = PersonRow, PersonRow.alias()
    return _stream(
        row.select(
            _key(row), row.employee_number, row.forename, row.surname, row.email, row.phone, OrganisationRow.name,
            OrganisationRow.kind, TeamRow.name, row.job_title, row.kind, row.is_manager, row.is_facilitator,
            row.is_practice_lead, manager.email, row.active, row.known_as, row.start_date, row.leaving_date,
            row.dietary, row.access_needs,
        )
        .join_from(row, OrganisationRow, JOIN.LEFT_OUTER)
        .join_from(row, TeamRow, JOIN.LEFT_OUTER)
        .join_from(row, manager, JOIN.LEFT_OUTER, on=(row.manager == manager.id))
        .where(row.merged_into.is_null())
        .order_by(row.sort, row.id)
    )  # fmt: skip


def stream_events() -> Rows:
    """Yield the events by first date; those to be confirmed come last."""
    row = EventRow
    return _stream(
        row.select(
            row.reference, CourseRow.code, row.title, StrandRow.name, row.state, row.capacity, row.minimum, row.booked,
            row.offered, expressions.seats_free(), row.waiting, row.first_date,
            row.last_date, row.decide_by, row.notes,
        )
        .join_from(row, CourseRow)
        .join_from(CourseRow, StrandRow)
        .order_by(row.first_date.is_null(), row.first_date, row.reference)
    )  # fmt: skip


def stream_sessions() -> Rows:
    """Yield the sessions by event reference and number, as an import of the programme reads them."""
    led: dict[int, list[str]] = {}
    leading = (
        FacilitationRow.select(FacilitationRow.session, PersonRow.email).join(PersonRow).order_by(PersonRow.email_key)
    )
    for session_id, email in leading.tuples().iterator():
        led.setdefault(session_id, []).append(email)
    row = SessionRow
    query = (
        row.select(
            row.id,
            EventRow.reference,
            CourseRow.code,
            EventRow.title,
            row.number,
            fn.COALESCE(fn.NULLIF(row.title, ""), ModuleRow.title),
            row.date,
            row.start,
            row.end,
            VenueRow.name,
            RoomRow.name,
            EventRow.capacity,
            EventRow.minimum,
            EventRow.state,
            EventRow.notes,
        )
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .join_from(row, ModuleRow, JOIN.LEFT_OUTER)
        .join_from(row, VenueRow, JOIN.LEFT_OUTER)
        .join_from(row, RoomRow, JOIN.LEFT_OUTER)
        .order_by(EventRow.reference, row.number)
    )
    return ((*each[1:11], "; ".join(led.get(each[0], ())), *each[11:]) for each in _stream(query))


def stream_enrolments() -> Rows:
    """Yield every enrolment ever made, in the order they were made."""
    row = EnrolmentRow
    return _stream(
        row.select(
            EventRow.reference,
            CourseRow.code,
            EventRow.title,
            EventRow.first_date,
            *_who(),
            row.status,
            row.since,
            row.queue,
            row.offer_ends,
            row.approved_by,
            row.reason,
            row.late,
        )
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .join_from(row, PersonRow)
        .join_from(PersonRow, OrganisationRow, JOIN.LEFT_OUTER)
        .join_from(PersonRow, TeamRow, JOIN.LEFT_OUTER)
        .order_by(row.id)
    )


def stream_marks() -> Rows:
    """Yield every mark, by session."""
    row = MarkRow
    return _stream(
        row.select(
            EventRow.reference,
            CourseRow.code,
            SessionRow.number,
            fn.COALESCE(fn.NULLIF(SessionRow.title, ""), ModuleRow.title),
            SessionRow.date,
            *_who(),
            row.mark,
            row.minutes,
        )
        .join_from(row, SessionRow)
        .join_from(SessionRow, EventRow)
        .join_from(SessionRow, ModuleRow, JOIN.LEFT_OUTER)
        .join_from(EventRow, CourseRow)
        .join_from(row, PersonRow)
        .join_from(PersonRow, OrganisationRow, JOIN.LEFT_OUTER)
        .join_from(PersonRow, TeamRow, JOIN.LEFT_OUTER)
        .order_by(row.session, row.person)
    )


def count_form_questions() -> int:
    """Return the number of questions of the longest form, which is the number of `answer_N` columns."""
    return int(QuestionRow.select(fn.COALESCE(fn.MAX(QuestionRow.position), 0)).scalar())


def stream_evaluations(questions: int) -> Rows:
    """Yield one row for each returned form, with its answers in the order of the questions."""
    row = EvaluationRow
    query = (
        row.select(
            row.id,
            EventRow.reference,
            CourseRow.code,
            row.stage,
            row.received,
            _key(PersonRow),
            expressions.person_name(),
            PersonRow.email,
            row.source,
            QuestionRow.position,
            AnswerRow.value,
            AnswerRow.text,
        )
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .join_from(row, PersonRow, JOIN.LEFT_OUTER)
        .join_from(row, AnswerRow, JOIN.LEFT_OUTER)
        .join_from(AnswerRow, QuestionRow, JOIN.LEFT_OUTER)
        .order_by(row.id, QuestionRow.position)
    )
    for (_, *about), lines in groupby(_stream(query), lambda line: line[:9]):
        answers: list[object] = [None] * questions
        for *_, position, value, text in lines:
            if position:
                answers[position - 1] = text if value is None else value
        if any(
            each is not None for each in answers
        ):  # a form stored apart from its answers says only that it was returned
            *whose, source = about
            response = str(source).removeprefix(RESPONSE_PREFIX) if str(source).startswith(RESPONSE_PREFIX) else None
            yield (*whose, response, *answers)


def _who() -> tuple[Any, ...]:
    return (
        _key(PersonRow),
        expressions.person_name(),
        PersonRow.email,
        OrganisationRow.name,
        TeamRow.name,
        PersonRow.kind,
        PersonRow.is_manager,
    )


def _key(person: Any) -> Any:
    return SQL("'#'").concat(person.id.cast("TEXT"))


def _stream(query: Any) -> Rows:
    rows: Rows = query.tuples().iterator()
    return rows
