"""Registers, marks, and the completions computed from them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time

from peewee import JOIN, chunked, fn

from db import expressions
from db.engine import journal
from db.engine.mapping import BATCH_SIZE, as_records, as_tuples
from db.models import (
    CompletionRow,
    CourseRow,
    EarlierLearningRow,
    EnrolmentRow,
    EventRow,
    MakeUpRow,
    MarkRow,
    ModuleRow,
    OrganisationRow,
    PersonRow,
    RegisterRow,
    SessionRow,
)
from db.records import status_numbers
from db.records.attendance import MarkKind, RegisterEntry, RegisterState
from db.records.booking import Status
from db.records.catalogue import CompletionRule
from db.records.catalogue import Module as ModuleRecord

ModuleAttendance = tuple[int, int, int, date, int]
"""(person id, course id, module id, date, minutes) of one module that a person attended."""


def fetch_register_entries(event_id: int) -> list[RegisterEntry]:
    """Return the entries of the registers of an event's sessions, in the order of the sessions, each by surname.

    A register lists the people with a place or an outcome, those who make up a module in that session, and those marked
    who have left the event since.
    """
    sessions = as_tuples(
        SessionRow.select(SessionRow.id, SessionRow.number)
        .where(SessionRow.event == event_id)
        .order_by(SessionRow.number)
    )
    ids = [session_id for session_id, _ in sessions]
    marks = {
        (session_id, person_id): noted
        for session_id, person_id, *noted in as_tuples(
            MarkRow.select(MarkRow.session, MarkRow.person, MarkRow.mark, MarkRow.minutes, MarkRow.actor).where(
                MarkRow.session.in_(ids)
            )
        )
    }
    placed = {
        person_id
        for (person_id,) in as_tuples(
            EnrolmentRow.select(EnrolmentRow.person).where(
                EnrolmentRow.event == event_id, EnrolmentRow.status >= status_numbers.BOOKED
            )
        )
    }
    joining = set(
        as_tuples(
            MakeUpRow.select(MakeUpRow.session, MakeUpRow.person).where(MakeUpRow.session.in_(ids), MakeUpRow.active)
        )
    )
    everybody = placed | {person_id for _, person_id in (*joining, *marks)}
    people = [row for some in chunked(sorted(everybody), BATCH_SIZE) for row in _fetch_people(some)]
    people.sort()
    return [
        RegisterEntry(
            session_id, number, person_id, name, organisation, dietary, access_needs,
            (session_id, person_id) in joining, *marks.get((session_id, person_id), (None, None, "")),
        )
        for session_id, number in sessions
        for _, person_id, name, organisation, dietary, access_needs in people
        if person_id in placed or (session_id, person_id) in joining or (session_id, person_id) in marks
    ]  # fmt: skip


def _fetch_people(person_ids: Iterable[int]) -> list[tuple[str, int, str, str, str, str]]:
    query = (
        PersonRow.select(
            PersonRow.sort, PersonRow.id, expressions.person_name(),
            fn.COALESCE(OrganisationRow.name, ""), PersonRow.dietary, PersonRow.access_needs,
        )
        .join(OrganisationRow, JOIN.LEFT_OUTER)
        .where(PersonRow.id.in_(list(person_ids)))
    )  # fmt: skip
    return as_tuples(query)


def fetch_register_state(session_id: int) -> RegisterState | None:
    """Return who took and signed off the register of a session; None until somebody has been marked."""
    row = RegisterRow
    query = row.select(
        row.session.alias("session_id"), row.taken_by, row.taken_at, row.signed_off_by, row.signed_off_at
    ).where(row.session == session_id)
    found = as_records(RegisterState, query)
    return found[0] if found else None


def fetch_register_states(event_id: int) -> dict[int, RegisterState]:
    """Return the state of each register of an event that was taken, by session id."""
    row = RegisterRow
    query = (
        row.select(row.session.alias("session_id"), row.taken_by, row.taken_at, row.signed_off_by, row.signed_off_at)
        .join(SessionRow)
        .where(SessionRow.event == event_id)
    )
    return {each.session_id: each for each in as_records(RegisterState, query)}


def store_marks(
    session_id: int,
    marks: Mapping[int, tuple[MarkKind, int | None] | None],
    at: datetime,
    actor: str,
) -> None:
    """Store marks and minutes of a session by person id; None removes a mark. `at` is UTC."""
    journal.track_row(RegisterRow, session_id)
    RegisterRow.insert(session=session_id, taken_by=actor, taken_at=at).on_conflict_ignore().execute()
    here = MarkRow.session == session_id
    for some in chunked(list(marks), BATCH_SIZE):
        MarkRow.delete().where(here, MarkRow.person.in_(list(some))).execute()
    rows = [(session_id, person_id, *given, at, actor) for person_id, given in marks.items() if given]
    fields = [MarkRow.session, MarkRow.person, MarkRow.mark, MarkRow.minutes, MarkRow.at, MarkRow.actor]
    for batch in chunked(rows, BATCH_SIZE):
        MarkRow.insert_many(list(batch), fields=fields).execute()


def store_sign_off(session_id: int, at: datetime, actor: str) -> None:
    """Sign off the register of a session; `at` is UTC."""
    journal.track_row(RegisterRow, session_id)
    RegisterRow.update(signed_off_by=actor, signed_off_at=at).where(RegisterRow.session == session_id).execute()


def fetch_marked_people(session_id: int) -> set[int]:
    """Return the ids of the people who have a mark in a session."""
    return {
        person_id for (person_id,) in as_tuples(MarkRow.select(MarkRow.person).where(MarkRow.session == session_id))
    }


def fetch_event_marks(event_id: int) -> dict[tuple[int, int], MarkKind]:
    """Return the marks of all sessions of an event by (session id, person id)."""
    query = (
        MarkRow.select(MarkRow.session, MarkRow.person, MarkRow.mark)
        .join(SessionRow)
        .where(SessionRow.event == event_id)
    )
    return {(session_id, person_id): mark for session_id, person_id, mark in as_tuples(query)}


def fetch_person_modules(person_id: int) -> list[tuple[int, int, date, int]]:
    """Return (course id, module id, date, minutes) of each module the person attended, make-ups included."""
    return [
        (course, module, on, minutes)
        for _, course, module, on, minutes in fetch_attended_modules(person_ids=[person_id])
    ]


def fetch_attended_modules(
    *, course_id: int | None = None, person_ids: Collection[int] | None = None
) -> list[ModuleAttendance]:
    """Return every module attended on any event, by date; of one course, or of some people, where given."""
    if person_ids is not None and len(person_ids) > BATCH_SIZE:
        found = [
            each
            for some in chunked(person_ids, BATCH_SIZE)
            for each in fetch_attended_modules(course_id=course_id, person_ids=some)
        ]
        return sorted(found, key=lambda each: each[3])
    query = (
        MarkRow.select(
            MarkRow.person,
            EventRow.course,
            SessionRow.module,
            SessionRow.date,
            SessionRow.start,
            SessionRow.end,
            MarkRow.minutes,
        )
        .join_from(MarkRow, SessionRow)
        .join_from(SessionRow, EventRow)
        .where(
            MarkRow.mark.in_([kind for kind in MarkKind if kind.attended]),
            SessionRow.module.is_null(False),
            SessionRow.date.is_null(False),
        )
        .order_by(SessionRow.date, SessionRow.start, SessionRow.id)
    )
    if course_id is not None:
        query = query.where(EventRow.course == course_id)
    if person_ids is not None:
        query = query.where(MarkRow.person.in_(list(person_ids)))
    return [
        (person, course, module, on, _minutes(start, end) if noted is None else min(noted, _minutes(start, end)))
        for person, course, module, on, start, end, noted in as_tuples(query)
    ]


def fetch_attended_minutes(person_id: int) -> list[tuple[date, str, int]]:
    """Return (date, course code, minutes) of every session the person attended, with or without a module."""
    query = (
        MarkRow.select(SessionRow.date, CourseRow.code, SessionRow.start, SessionRow.end, MarkRow.minutes)
        .join_from(MarkRow, SessionRow)
        .join_from(SessionRow, EventRow)
        .join_from(EventRow, CourseRow)
        .where(
            MarkRow.person == person_id,
            MarkRow.mark.in_([kind for kind in MarkKind if kind.attended]),
            SessionRow.date.is_null(False),
        )
        .order_by(SessionRow.date, SessionRow.start, SessionRow.id)
    )
    return [
        (on, course, _minutes(start, end) if noted is None else min(noted, _minutes(start, end)))
        for on, course, start, end, noted in as_tuples(query)
    ]


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def fetch_completion_requirements() -> list[tuple[int, str, str, CompletionRule, int, int | None, ModuleRecord]]:
    """Return every module of every course, in order, with the completion rules of its course.

    Each is (course id, code, title, rule, share of the hours, months of validity, module).
    """
    query = ModuleRow.select(
        CourseRow.id,
        CourseRow.code,
        CourseRow.title,
        CourseRow.completion_rule,
        CourseRow.completion_share,
        CourseRow.validity_months,
        ModuleRow.id,
        ModuleRow.position,
        ModuleRow.title,
        ModuleRow.minutes,
    ).join(CourseRow)
    return [
        (course_id, code, title, rule, share, months, ModuleRecord(module_id, course_id, position, name, minutes))
        for course_id, code, title, rule, share, months, module_id, position, name, minutes in as_tuples(
            query.order_by(CourseRow.id, ModuleRow.position)
        )
    ]


def fetch_completed_courses(person_id: int) -> set[str]:
    """Return the codes of the courses a person has completed."""
    query = CompletionRow.select(CourseRow.code).join(CourseRow).where(CompletionRow.person == person_id)
    return {code for (code,) in as_tuples(query)}


def fetch_completion_date(person_id: int, course_id: int) -> date | None:
    """Return the day on which a person completed a course, or None."""
    query = CompletionRow.select(CompletionRow.on).where(
        CompletionRow.person == person_id, CompletionRow.course == course_id
    )
    return next((on for (on,) in as_tuples(query)), None)


def fetch_completion_dates(course_id: int, person_ids: Collection[int] | None = None) -> dict[int, date]:
    """Return the stored completion dates of a course by person id; of some people where given, else of everybody."""
    query = CompletionRow.select(CompletionRow.person, CompletionRow.on).where(CompletionRow.course == course_id)
    if person_ids is None:
        return dict(as_tuples(query))
    found: dict[int, date] = {}
    for some in chunked(sorted(person_ids), BATCH_SIZE):
        found |= dict(as_tuples(query.where(CompletionRow.person.in_(list(some)))))
    return found


def fetch_enrolment_outcomes() -> list[tuple[str, int, int, int, str]]:
    """Return (event reference, event id, person id, status, name) of all people with an outcome, or booked where
    marks exist."""
    marked = SessionRow.select(SessionRow.event).join(MarkRow, on=(MarkRow.session == SessionRow.id)).distinct()
    name = expressions.person_name()
    query = (
        EnrolmentRow.select(EventRow.reference, EnrolmentRow.event, EnrolmentRow.person, EnrolmentRow.status, name)
        .join_from(EnrolmentRow, EventRow)
        .join_from(EnrolmentRow, PersonRow)
        .where(
            (EnrolmentRow.status > status_numbers.BOOKED)
            | ((EnrolmentRow.status == status_numbers.BOOKED) & EventRow.id.in_(marked))
        )
        .order_by(EventRow.reference, EnrolmentRow.id)
    )
    return as_tuples(query)


def fetch_missing_modules(person_id: int, today: date | None = None) -> list[tuple[str, int]]:
    """Return (course code, module id) of each module a person still misses on courses they have begun.

    A course is begun once a register marks the person. With `today`, modules that a place or make-up on that day or
    later
    will bring are left out.
    """
    begun = EventRow.select(EventRow.course).join(SessionRow).join(MarkRow).where(MarkRow.person == person_id)
    courses = {course_id for (course_id,) in as_tuples(begun.distinct())}
    completed = fetch_completed_courses(person_id)
    there = {module_id for _, module_id, _, _ in fetch_person_modules(person_id)}
    earlier = EarlierLearningRow.select(EarlierLearningRow.module).where(EarlierLearningRow.person == person_id)
    there |= {module_id for (module_id,) in as_tuples(earlier)}
    if today is not None:
        there |= _modules_coming(person_id, today)
    return [
        (code, module.id)
        for course_id, code, _, _, _, _, module in fetch_completion_requirements()
        if course_id in courses and code not in completed and module.id not in there
    ]


def _modules_coming(person_id: int, today: date) -> set[int]:
    held = EnrolmentRow.select(EnrolmentRow.event).where(
        EnrolmentRow.person == person_id, EnrolmentRow.status.in_((Status.BOOKED, Status.OFFERED))
    )
    made_up = MakeUpRow.select(MakeUpRow.session).where(MakeUpRow.person == person_id, MakeUpRow.active)
    coming = SessionRow.select(SessionRow.module).where(
        SessionRow.event.in_(held) | SessionRow.id.in_(made_up), SessionRow.date.is_null() | (SessionRow.date >= today)
    )
    return {module_id for (module_id,) in as_tuples(coming)}


def fetch_all_marks() -> dict[tuple[int, int], MarkKind]:
    """Return the marks of all registers by (session id, person id)."""
    query = MarkRow.select(MarkRow.session, MarkRow.person, MarkRow.mark)
    return {(session_id, person_id): mark for session_id, person_id, mark in as_tuples(query)}


def fetch_session_ids() -> dict[int, list[int]]:
    """Return the ids of the sessions of each event, by event id."""
    found: dict[int, list[int]] = {}
    for event_id, session_id in as_tuples(SessionRow.select(SessionRow.event, SessionRow.id)):
        found.setdefault(event_id, []).append(session_id)
    return found
