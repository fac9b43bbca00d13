"""Messages: the facts they are made from, their templates, and the ledger of what was written and sent."""

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, chunked, fn

from db.engine import connection, driver
from db.engine.mapping import BATCH_SIZE, as_records, as_tuples
from db.errors import NotWritable
from db.models import (
    CompletionRow,
    CourseRow,
    DispatchRow,
    EnrolmentRow,
    EvaluationRow,
    EventRow,
    FacilitationRow,
    HistoryRow,
    InvitationRow,
    MakeUpRow,
    MarkRow,
    MessageRow,
    OfferRow,
    PersonRow,
    QuestionRow,
    SessionRow,
    StepRow,
    StrandRow,
    TemplateRow,
)
from db.records import status_numbers
from db.records.attendance import UNKNOWN_DAY, MarkKind
from db.records.booking import LatestEnrolment, MissedSession, OfferOutcome, Status
from db.records.evaluation import Stage
from db.records.mail import (
    EventSummary,
    ExpiringCompletion,
    Message,
    MessageKind,
    MessageState,
    MessageTemplate,
    Recipient,
)
from db.records.os_faults import describe_os_fault
from db.records.startup import EventState


def fetch_event_summaries(since: date, event_id: int | None = None) -> dict[int, EventSummary]:
    """Return the events that are no drafts and had not ended by a day, by id, or one of them."""
    row = EventRow
    query = (
        row.select(
            row.id, row.reference, row.title, row.course.alias("course_id"), CourseRow.code.alias("course"),
            StrandRow.name.alias("strand"), row.state, row.first_date, row.last_date,
        )
        .join_from(row, CourseRow)
        .join_from(CourseRow, StrandRow)
        .where(row.state != EventState.DRAFT, row.last_date.is_null() | (row.last_date >= since))
        .order_by(row.reference)
    )  # fmt: skip
    if event_id is not None:
        query = query.where(row.id == event_id)
    return {each.id: each for each in as_records(EventSummary, query)}


def fetch_latest_enrolments(event_ids: Collection[int], since: datetime) -> list[LatestEnrolment]:
    """Return everybody's latest enrolment on the events, where they are still on it or left after `since` (UTC)."""
    row, later = EnrolmentRow, EnrolmentRow.alias()
    newest = ~fn.EXISTS(
        later.select(later.id).where(later.event == row.event, later.person == row.person, later.id > row.id)
    )
    accepted = OfferRow.select(OfferRow.enrolment).where(OfferRow.outcome == OfferOutcome.ACCEPTED)
    here = row.status.in_((Status.BOOKED, Status.WAITLISTED, Status.OFFERED))
    found = []
    for some in chunked(sorted(event_ids), BATCH_SIZE):
        query = row.select(
            row.id, row.event, row.person, row.status, row.since, row.queue.is_null(False), row.id.in_(accepted),
            row.offer_ends, row.reason,
        ).where(row.event.in_(list(some)), here | (row.since >= since), newest)  # fmt: skip
        found += [
            LatestEnrolment(number, event, person, Status(status), at, bool(listed), bool(yes), ends, reason)
            for number, event, person, status, at, listed, yes, ends, reason in as_tuples(query.order_by(row.id))
        ]
    return found


def fetch_make_up_places(event_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """Return (session id, person id, event id) of everybody who makes up a session of the events."""
    query = (
        MakeUpRow.select(MakeUpRow.session, MakeUpRow.person, SessionRow.event)
        .join(SessionRow)
        .where(MakeUpRow.active, SessionRow.event.in_(list(event_ids)))
    )
    return as_tuples(query)


def fetch_missed_sessions(since: date) -> list[MissedSession]:
    """Return everybody marked as absent or with apologies in a session on or after a day."""
    query = (
        MarkRow.select(SessionRow.event, MarkRow.session, MarkRow.person, MarkRow.mark)
        .join(SessionRow)
        .where(SessionRow.date >= since, MarkRow.mark.in_((MarkKind.ABSENT, MarkKind.APOLOGIES)))
    )
    return [MissedSession(*each) for each in as_tuples(query)]


def fetch_event_attendance(event_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (event id, person id) of everybody who attended any session of the events."""
    there = [kind for kind in MarkKind if kind.attended]
    found: set[tuple[int, int]] = set()
    for some in chunked(sorted(event_ids), BATCH_SIZE):
        query = MarkRow.select(SessionRow.event, MarkRow.person).join(SessionRow)
        found |= set(as_tuples(query.where(SessionRow.event.in_(list(some)), MarkRow.mark.in_(there)).distinct()))
    return found


def fetch_answered_forms(event_ids: Collection[int]) -> set[tuple[int, int, Stage]]:
    """Return (event id, person id, stage) of every returned evaluation with a name."""
    row = EvaluationRow
    query = row.select(row.event, row.person, row.stage).where(
        row.event.in_(list(event_ids)), row.person.is_null(False)
    )
    return set(as_tuples(query))


def fetch_question_texts() -> dict[tuple[int, Stage], list[str]]:
    """Return the questions in order, by course id and stage."""
    found: dict[tuple[int, Stage], list[str]] = {}
    query = QuestionRow.select(QuestionRow.course, QuestionRow.stage, QuestionRow.text).order_by(
        QuestionRow.course, QuestionRow.position
    )
    for course_id, stage, text in as_tuples(query):
        found.setdefault((course_id, stage), []).append(text)
    return found


def fetch_expiring_completions(latest: date) -> list[ExpiringCompletion]:
    """Return the completions up to a day of current courses that must be refreshed, of active people."""
    row = CompletionRow
    query = (
        row.select(
            row.person, row.course, CourseRow.code, CourseRow.title, row.on, CourseRow.validity_months, row.expires
        )
        .join_from(row, CourseRow)
        .join_from(row, PersonRow)
        .where(
            CourseRow.validity_months.is_null(False) | row.expires.is_null(False),
            CourseRow.active,
            PersonRow.active,
            row.on.between(UNKNOWN_DAY + timedelta(days=1), latest),
        )
        .order_by(CourseRow.code, row.person)
    )
    return [ExpiringCompletion(*each) for each in as_tuples(query)]


def fetch_coming_learners(course_ids: Collection[int], today: date) -> set[tuple[int, int]]:
    """Return (course id, person id) of everybody on an event of the courses that has not ended."""
    query = (
        EnrolmentRow.select(EventRow.course, EnrolmentRow.person)
        .join(EventRow)
        .where(
            EventRow.course.in_(list(course_ids)),
            EventRow.last_date.is_null() | (EventRow.last_date >= today),
            EnrolmentRow.status.between(status_numbers.LOWEST_LIVE, status_numbers.BOOKED),
        )
    )
    return set(as_tuples(query))


def fetch_recipients(person_ids: Iterable[int]) -> dict[int, Recipient]:
    """Return these people and their line managers, by id."""
    found = _recipients(set(person_ids))
    return found | _recipients({each.manager_id for each in found.values() if each.manager_id} - found.keys())


def fetch_sample_recipient() -> Recipient | None:
    """Return an active person for the preview of a template; None without one."""
    found: int | None = PersonRow.select(fn.MIN(PersonRow.id)).where(PersonRow.active).scalar()
    return fetch_recipients([found]).get(found) if found else None


def _recipients(person_ids: Collection[int | None]) -> dict[int, Recipient]:
    row, found = PersonRow, dict[int, Recipient]()
    for some in chunked(person_ids, BATCH_SIZE):
        query = row.select(row.id, row.forename, row.surname, row.email, row.manager, row.active)
        for person_id, forename, surname, email, manager_id, active in as_tuples(query.where(row.id.in_(list(some)))):
            name = f"{forename} {surname}".strip()
            found[person_id] = Recipient(person_id, forename, name, email, manager_id, active)
    return found


def fetch_ever_invited(event_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (event id, person id) of everybody ever sent an invitation to one of the events."""
    found: set[tuple[int, int]] = set()
    for some in chunked(sorted(event_ids), BATCH_SIZE):
        query = InvitationRow.select(SessionRow.event, InvitationRow.person).join(SessionRow)
        found |= set(as_tuples(query.where(SessionRow.event.in_(list(some))).distinct()))
    return found


def fetch_events_to_invite() -> list[tuple[str, int]]:
    """Return (reference, id) of every event that may have invitations due: with people on it or in the ledger."""
    row = EventRow
    known = InvitationRow.select(SessionRow.event).join(SessionRow)
    led = FacilitationRow.select(SessionRow.event).join(SessionRow)
    query = row.select(row.reference, row.id).where(
        row.state.not_in((EventState.DELIVERED, EventState.CLOSED)),
        (row.state.in_(status_numbers.BOOKABLE_STATES) & ((row.booked > 0)
         | (row.joining > 0) | row.id.in_(led))) | row.id.in_(known),
    )  # fmt: skip
    return as_tuples(query.order_by(row.reference))


def fetch_last_dispatches(invitation_ids: Iterable[int]) -> dict[int, int]:
    """Return the id of the last dispatch of each invitation, by invitation id."""
    found: dict[int, int] = {}
    for some in chunked(sorted(invitation_ids), BATCH_SIZE):
        query = DispatchRow.select(DispatchRow.invitation, fn.MAX(DispatchRow.id)).where(
            DispatchRow.invitation.in_(list(some))
        )
        found |= dict(as_tuples(query.group_by(DispatchRow.invitation)))
    return found


def fetch_sent_details(
    event_ids: Collection[int], kinds: Sequence[MessageKind]
) -> dict[tuple[int, int], tuple[int, str]]:
    """Return (message id, dates and places) of the last message each person may have read, by event id and person
    id."""
    out = [state for state in MessageState if state.out]
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for some in chunked(sorted(event_ids), BATCH_SIZE):
        query = (
            MessageRow.select(MessageRow.event, MessageRow.person, MessageRow.id, MessageRow.told)
            .where(
                MessageRow.event.in_(list(some)), MessageRow.kind.in_(list(kinds)), MessageRow.state.in_(out),
                MessageRow.told != "",
            )
            .order_by(MessageRow.id)
        )  # fmt: skip
        found |= {(event, person): (number, places) for event, person, number, places in as_tuples(query)}
    return found


# Ledger


def _select() -> Any:
    row = MessageRow
    return row.select(
        row.id, row.code, row.key, row.kind, row.event.alias("event_id"),
        fn.COALESCE(EventRow.reference, "").alias("event"), row.session.alias("session_id"),
        row.person.alias("person_id"), row.name, row.address, row.subject, row.body, row.told, row.state, row.tries,
        row.fault, row.at, row.actor, row.step, row.dispatch.alias("dispatch_id"),
    ).join(EventRow, JOIN.LEFT_OUTER)  # fmt: skip


def fetch_messages(
    states: Collection[MessageState] = (), *, limit: int | None = None, event_id: int | None = None
) -> list[Message]:
    """Return the messages of the ledger in these states, or in any, newest first."""
    query = _select().order_by(MessageRow.id.desc())
    if states:
        query = query.where(MessageRow.state.in_(list(states)))
    if event_id is not None:
        query = query.where(MessageRow.event == event_id)
    return as_records(Message, query.limit(limit) if limit else query)


def fetch_message_states(keys: Iterable[str]) -> dict[str, tuple[MessageState, int, str, str]]:
    """Return (state, tries, fault, address) of the messages in the ledger, by key."""
    row = MessageRow
    found: dict[str, tuple[MessageState, int, str, str]] = {}
    for some in chunked(list(keys), BATCH_SIZE):
        query = row.select(row.key, row.state, row.tries, row.fault, row.address).where(row.key.in_(list(some)))
        found |= {key: (state, tries, fault, address) for key, state, tries, fault, address in as_tuples(query)}
    return found


def fetch_message(code: str) -> Message | None:
    """Return the message with a code; None without one."""
    found = as_records(Message, _select().where(MessageRow.code == code))
    return found[0] if found else None


def store_messages(lines: Sequence[Message]) -> None:
    """Store lines of the ledger, replacing those with the same key; their step is the latest one."""
    there, step = fetch_message_states(each.key for each in lines), fetch_last_step_id()
    for message in lines:
        if message.key in there:
            MessageRow.update(_columns(message, step)).where(MessageRow.key == message.key).execute()
    for some in chunked([each for each in lines if each.key not in there], BATCH_SIZE // 10):
        MessageRow.insert_many([{"key": each.key, **_columns(each, step)} for each in some]).execute()


def _columns(message: Message, step: int) -> dict[str, Any]:
    return {
        "code": message.code, "kind": message.kind, "event": message.event_id, "session": message.session_id,
        "person": message.person_id, "name": message.name, "address": message.address, "subject": message.subject,
        "body": message.body, "told": message.told, "state": message.state, "tries": message.tries,
        "fault": message.fault, "at": message.at, "actor": message.actor, "step": step,
        "dispatch": message.dispatch_id,
    }  # fmt: skip


def update_message_state(
    code: str, state: MessageState, at: datetime, *, fault: str = "", dispatch_id: int | None = None
) -> None:
    """Store the new state of a message, with the fault and the dispatch where there is one."""
    values: dict[str, Any] = {"state": state, "fault": fault, "at": at}
    if dispatch_id is not None:
        values["dispatch"] = dispatch_id
    MessageRow.update(values).where(MessageRow.code == code).execute()


def fetch_last_step_id() -> int:
    """Return the id of the latest step; 0 without one."""
    return int(StepRow.select(fn.COALESCE(fn.MAX(StepRow.id), 0)).scalar())


def fetch_last_history_id() -> int:
    """Return the id of the newest line of the history, which grows with every change by anybody."""
    return int(HistoryRow.select(fn.COALESCE(fn.MAX(HistoryRow.id), 0)).scalar())


def has_message_since(step_id: int, *, people: set[tuple[int, int]], events: set[int]) -> bool:
    """Return whether a message went out at or after the step to one of the (person id, event id), or about one of
    the events."""
    row = MessageRow
    query = row.select(row.person, row.event).where(
        row.step >= step_id, row.state.in_([state for state in MessageState if state.out])
    )
    return any((person, event) in people or event in events for person, event in as_tuples(query))


@contextmanager
def lock_sending() -> Iterator[bool]:
    """Hold the lock for sending from this database during the block; yields False where another program holds it."""
    location = connection.bound_location()
    if driver.is_server(location):
        holder = driver.connect_server(location)
        try:
            yield bool(holder.execute("SELECT pg_try_advisory_lock(%s)", (driver.APPLICATION_ID + 1,)).fetchone()[0])
        finally:
            holder.close()
        return
    path = os.path.realpath(location) + ".sending"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as fault:
        raise NotWritable(f"{path} cannot be written ({describe_os_fault(fault)}). Nothing was sent.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


# Templates


def fetch_templates() -> dict[MessageKind, MessageTemplate]:
    """Return the templates edited here, by kind."""
    row = TemplateRow
    query = row.select(row.kind, row.subject, row.body, row.edited_by, row.edited_at)
    return {each.kind: each for each in as_records(MessageTemplate, query)}


def store_template(wording: MessageTemplate) -> None:
    """Store the template of a kind of message."""
    values = {
        "subject": wording.subject, "body": wording.body, "edited_by": wording.edited_by,
        "edited_at": wording.edited_at,
    }  # fmt: skip
    TemplateRow.insert(kind=wording.kind, **values).on_conflict(
        conflict_target=[TemplateRow.kind], update={getattr(TemplateRow, name): value for name, value in values.items()}
    ).execute()


def delete_template(kind: MessageKind) -> bool:
    """Delete the template of a kind of message, so that the program's own is used; return whether there was one."""
    return bool(TemplateRow.delete().where(TemplateRow.kind == kind).execute())
