"""Registers, marks, and the completions that follow from them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time

from peewee import JOIN, chunked, fn

from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import Completion, Course, Enrolment, Event, MakeUp, Mark, Module, Organisation, Person, Session
from db.models import Register as RegisterRow
from db.records import status_numbers
from db.records.attendance import MarkKind, RegisterEntry, RegisterState
from db.records.booking import Status
from db.records.catalogue import CompletionRule
from db.records.catalogue import Module as ModuleRecord

AT_ONCE = 500
"""Ids in one condition."""
Presence = tuple[int, int, int, date, int]
"""(person id, course id, module id, date, minutes) of one module that somebody was there for."""


def register(event_id: int) -> list[RegisterEntry]:
    """The registers of an event's sessions, in their order, each by surname: who holds a place or has an outcome, who
    makes a module up in that session, and who was marked and has left since."""
    sessions = as_tuples(
        Session.select(Session.id, Session.number).where(Session.event == event_id).order_by(Session.number)
    )
    ids = [session_id for session_id, _ in sessions]
    marks = {
        (session_id, person_id): noted
        for session_id, person_id, *noted in as_tuples(
            Mark.select(Mark.session, Mark.person, Mark.mark, Mark.minutes, Mark.actor).where(Mark.session.in_(ids))
        )
    }
    placed = {
        person_id
        for (person_id,) in as_tuples(
            Enrolment.select(Enrolment.person).where(
                Enrolment.event == event_id, Enrolment.status >= status_numbers.BOOKED
            )
        )
    }
    joining = set(as_tuples(MakeUp.select(MakeUp.session, MakeUp.person).where(MakeUp.session.in_(ids), MakeUp.active)))
    everybody = placed | {person_id for _, person_id in (*joining, *marks)}
    people = [row for some in chunked(sorted(everybody), AT_ONCE) for row in _named(some)]
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


def _named(person_ids: Iterable[int]) -> list[tuple[str, int, str, str, str, str]]:
    query = (
        Person.select(
            Person.sort, Person.id, fn.TRIM(Person.forename.concat(" ").concat(Person.surname)),
            fn.COALESCE(Organisation.name, ""), Person.dietary, Person.access_needs,
        )
        .join(Organisation, JOIN.LEFT_OUTER)
        .where(Person.id.in_(list(person_ids)))
    )  # fmt: skip
    return as_tuples(query)


def state(session_id: int) -> RegisterState | None:
    """Whether the register of a session was taken; None while nobody has marked anybody."""
    row = RegisterRow
    query = row.select(
        row.session.alias("session_id"), row.taken_by, row.taken_at, row.signed_off_by, row.signed_off_at
    ).where(row.session == session_id)
    found = as_records(RegisterState, query)
    return found[0] if found else None


def states(event_id: int) -> dict[int, RegisterState]:
    """By session id, the registers of an event that were taken."""
    row = RegisterRow
    query = (
        row.select(row.session.alias("session_id"), row.taken_by, row.taken_at, row.signed_off_by, row.signed_off_at)
        .join(Session)
        .where(Session.event == event_id)
    )
    return {each.session_id: each for each in as_records(RegisterState, query)}


def put_marks(
    session_id: int,
    marks: Mapping[int, tuple[MarkKind, int | None] | None],
    at: datetime,
    actor: str,
) -> None:
    """Mark people of a session, by person id, with the minutes noted; None takes a mark away. `at` is UTC."""
    journal.touching(RegisterRow, session_id)
    RegisterRow.insert(session=session_id, taken_by=actor, taken_at=at).on_conflict_ignore().execute()
    here = Mark.session == session_id
    for some in chunked(list(marks), AT_ONCE):
        Mark.delete().where(here, Mark.person.in_(list(some))).execute()
    rows = [(session_id, person_id, *given, at, actor) for person_id, given in marks.items() if given]
    fields = [Mark.session, Mark.person, Mark.mark, Mark.minutes, Mark.at, Mark.actor]
    for batch in chunked(rows, AT_ONCE):
        Mark.insert_many(list(batch), fields=fields).execute()


def sign_off(session_id: int, at: datetime, actor: str) -> None:
    """The register is as it should be; `at` is UTC."""
    journal.touching(RegisterRow, session_id)
    RegisterRow.update(signed_off_by=actor, signed_off_at=at).where(RegisterRow.session == session_id).execute()


def people_marked(session_id: int) -> set[int]:
    """The ids of everybody who has a mark in a session."""
    return {person_id for (person_id,) in as_tuples(Mark.select(Mark.person).where(Mark.session == session_id))}


def marks_of(event_id: int) -> dict[tuple[int, int], MarkKind]:
    """(session id, person id) -> mark, of all sessions of an event."""
    query = Mark.select(Mark.session, Mark.person, Mark.mark).join(Session).where(Session.event == event_id)
    return {(session_id, person_id): mark for session_id, person_id, mark in as_tuples(query)}


def attended(person_id: int) -> list[tuple[int, int, date, int]]:
    """(course id, module id, date, minutes) of each module the person was there for, make-ups in other events
    included."""
    return [(course, module, on, minutes) for _, course, module, on, minutes in presences(person_ids=[person_id])]


def presences(*, course_id: int | None = None, person_ids: Collection[int] | None = None) -> list[Presence]:
    """Every module that somebody was there for, from whichever events, by date; of a course or of people alone."""
    if person_ids is not None and len(person_ids) > AT_ONCE:
        found = [
            each for some in chunked(person_ids, AT_ONCE) for each in presences(course_id=course_id, person_ids=some)
        ]
        return sorted(found, key=lambda each: each[3])
    query = (
        Mark.select(Mark.person, Event.course, Session.module, Session.date, Session.start, Session.end, Mark.minutes)
        .join_from(Mark, Session)
        .join_from(Session, Event)
        .where(
            Mark.mark.in_([kind for kind in MarkKind if kind.attended]),
            Session.module.is_null(False),
            Session.date.is_null(False),
        )
        .order_by(Session.date, Session.start, Session.id)
    )
    if course_id is not None:
        query = query.where(Event.course == course_id)
    if person_ids is not None:
        query = query.where(Mark.person.in_(list(person_ids)))
    return [
        (person, course, module, on, _minutes(start, end) if noted is None else min(noted, _minutes(start, end)))
        for person, course, module, on, start, end, noted in as_tuples(query)
    ]


def hours_of(person_id: int) -> list[tuple[date, str, int]]:
    """(date, course code, minutes) of every session the person was there for, with or without a module."""
    query = (
        Mark.select(Session.date, Course.code, Session.start, Session.end, Mark.minutes)
        .join_from(Mark, Session)
        .join_from(Session, Event)
        .join_from(Event, Course)
        .where(
            Mark.person == person_id,
            Mark.mark.in_([kind for kind in MarkKind if kind.attended]),
            Session.date.is_null(False),
        )
        .order_by(Session.date, Session.start, Session.id)
    )
    return [
        (on, course, _minutes(start, end) if noted is None else min(noted, _minutes(start, end)))
        for on, course, start, end, noted in as_tuples(query)
    ]


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def courses_needed() -> list[tuple[int, str, str, CompletionRule, int, int | None, ModuleRecord]]:
    """(course id, code, title, rule, share of the hours, months of validity, module), for every module of every
    course, in order."""
    query = Module.select(
        Course.id, Course.code, Course.title, Course.completion_rule, Course.completion_share, Course.validity_months,
        Module.id, Module.position, Module.title, Module.minutes,
    ).join(Course)  # fmt: skip
    return [
        (course_id, code, title, rule, share, months, ModuleRecord(module_id, course_id, position, name, minutes))
        for course_id, code, title, rule, share, months, module_id, position, name, minutes in as_tuples(
            query.order_by(Course.id, Module.position)
        )
    ]


def completed_courses(person_id: int) -> set[str]:
    """The codes of the courses a person has completed."""
    query = Completion.select(Course.code).join(Course).where(Completion.person == person_id)
    return {code for (code,) in as_tuples(query)}


def completions(course_id: int, person_ids: Collection[int] | None = None) -> dict[int, date]:
    """Person id -> the day on which the course was completed, as it is kept; of these people, or of everybody."""
    query = Completion.select(Completion.person, Completion.on).where(Completion.course == course_id)
    if person_ids is None:
        return dict(as_tuples(query))
    found: dict[int, date] = {}
    for some in chunked(sorted(person_ids), AT_ONCE):
        found |= dict(as_tuples(query.where(Completion.person.in_(list(some)))))
    return found


def keep_completion(person_id: int, course_id: int, on: date | None) -> None:
    """The person completed the course on that day; None takes it back."""
    Completion.delete().where(Completion.person == person_id, Completion.course == course_id).execute()
    if on:
        Completion.insert(person=person_id, course=course_id, on=on).execute()


def outcomes() -> list[tuple[str, int, int, int, str]]:
    """(event reference, event id, person id, status, name) of everybody who holds a place or has an outcome on an
    event of which some register was taken."""
    marked = Session.select(Session.event).join(Mark, on=(Mark.session == Session.id)).distinct()
    name = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    query = (
        Enrolment.select(Event.reference, Enrolment.event, Enrolment.person, Enrolment.status, name)
        .join_from(Enrolment, Event)
        .join_from(Enrolment, Person)
        .where(
            (Enrolment.status > status_numbers.BOOKED)
            | ((Enrolment.status == status_numbers.BOOKED) & Event.id.in_(marked))
        )
        .order_by(Event.reference, Enrolment.id)
    )
    return as_tuples(query)


def modules_missing(person_id: int, today: date | None = None) -> list[tuple[str, int]]:
    """(course code, module id) of each module still missing of the courses a register knows the person from and that
    they have not completed; with `today`, without those that a place or make-up of that day or later will bring."""
    begun = Event.select(Event.course).join(Session).join(Mark).where(Mark.person == person_id)
    courses = {course_id for (course_id,) in as_tuples(begun.distinct())}
    completed = completed_courses(person_id)
    there = {module_id for _, module_id, _, _ in attended(person_id)}
    if today is not None:
        there |= _modules_coming(person_id, today)
    return [
        (code, module.id)
        for course_id, code, _, _, _, _, module in courses_needed()
        if course_id in courses and code not in completed and module.id not in there
    ]


def _modules_coming(person_id: int, today: date) -> set[int]:
    held = Enrolment.select(Enrolment.event).where(
        Enrolment.person == person_id, Enrolment.status.in_((Status.BOOKED, Status.OFFERED))
    )
    made_up = MakeUp.select(MakeUp.session).where(MakeUp.person == person_id, MakeUp.active)
    coming = Session.select(Session.module).where(
        Session.event.in_(held) | Session.id.in_(made_up), Session.date.is_null() | (Session.date >= today)
    )
    return {module_id for (module_id,) in as_tuples(coming)}


def all_marks() -> dict[tuple[int, int], MarkKind]:
    """(session id, person id) -> mark, of every register."""
    query = Mark.select(Mark.session, Mark.person, Mark.mark)
    return {(session_id, person_id): mark for session_id, person_id, mark in as_tuples(query)}


def sessions_by_event() -> dict[int, list[int]]:
    """The ids of each event's sessions."""
    found: dict[int, list[int]] = {}
    for event_id, session_id in as_tuples(Session.select(Session.event, Session.id)):
        found.setdefault(event_id, []).append(session_id)
    return found
