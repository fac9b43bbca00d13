"""What messages are made of, how they are worded, and the ledger of what was written and sent."""

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from peewee import JOIN, chunked, fn

from db.engine import connection, driver
from db.engine.mapping import as_records, as_tuples
from db.errors import NotWritable
from db.models import (
    Completion,
    Course,
    Dispatch,
    Enrolment,
    Evaluation,
    Facilitation,
    History,
    MakeUp,
    Mark,
    Offer,
    Question,
    Step,
    Strand,
    Template,
)
from db.models import Event as EventRow
from db.models import Invitation as InvitationRow
from db.models import Message as MessageRow
from db.models import Person as PersonRow
from db.models import Session as SessionRow
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.booking import Missed, OfferOutcome, Placing, Status
from db.records.evaluation import Stage
from db.records.first_picture import EventState
from db.records.mail import Message, MessageKind, MessageState, Occasion, Recipient, RunningOut, Wording

AT_ONCE = 500
"""Ids in one condition."""


def occasions(since: date, event_id: int | None = None) -> dict[int, Occasion]:
    """By id, the events that are no drafts and had not ended by that day, or one of them."""
    row = EventRow
    query = (
        row.select(
            row.id, row.reference, row.title, row.course.alias("course_id"), Course.code.alias("course"),
            Strand.name.alias("strand"), row.state, row.first_date, row.last_date,
        )
        .join_from(row, Course)
        .join_from(Course, Strand)
        .where(row.state != EventState.DRAFT, row.last_date.is_null() | (row.last_date >= since))
        .order_by(row.reference)
    )  # fmt: skip
    if event_id is not None:
        query = query.where(row.id == event_id)
    return {each.id: each for each in as_records(Occasion, query)}


def placings(event_ids: Collection[int], since: datetime) -> list[Placing]:
    """What became last of everybody on these events, where they are on it or left it after `since` (UTC)."""
    row, later = Enrolment, Enrolment.alias()
    newest = ~fn.EXISTS(
        later.select(later.id).where(later.event == row.event, later.person == row.person, later.id > row.id)
    )
    accepted = Offer.select(Offer.enrolment).where(Offer.outcome == OfferOutcome.ACCEPTED)
    here = row.status.in_((Status.BOOKED, Status.WAITLISTED, Status.OFFERED))
    found = []
    for some in chunked(sorted(event_ids), AT_ONCE):
        query = row.select(
            row.id, row.event, row.person, row.status, row.since, row.queue.is_null(False), row.id.in_(accepted),
            row.offer_ends, row.reason,
        ).where(row.event.in_(list(some)), here | (row.since >= since), newest)  # fmt: skip
        found += [
            Placing(number, event, person, Status(status), at, bool(listed), bool(yes), ends, reason)
            for number, event, person, status, at, listed, yes, ends, reason in as_tuples(query.order_by(row.id))
        ]
    return found


def making_up(event_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """(session id, person id, event id) of everybody who makes up a session of these events."""
    query = (
        MakeUp.select(MakeUp.session, MakeUp.person, SessionRow.event)
        .join(SessionRow)
        .where(MakeUp.active, SessionRow.event.in_(list(event_ids)))
    )
    return as_tuples(query)


def missed(since: date) -> list[Missed]:
    """Everybody marked as not having been in a session held on or after that day."""
    query = (
        Mark.select(SessionRow.event, Mark.session, Mark.person, Mark.mark)
        .join(SessionRow)
        .where(SessionRow.date >= since, Mark.mark.in_((MarkKind.ABSENT, MarkKind.APOLOGIES)))
    )
    return [Missed(*each) for each in as_tuples(query)]


def attended(event_ids: Collection[int]) -> set[tuple[int, int]]:
    """(event id, person id) of everybody who was at any session of these events."""
    there = [kind for kind in MarkKind if kind.attended]
    found: set[tuple[int, int]] = set()
    for some in chunked(sorted(event_ids), AT_ONCE):
        query = Mark.select(SessionRow.event, Mark.person).join(SessionRow)
        found |= set(as_tuples(query.where(SessionRow.event.in_(list(some)), Mark.mark.in_(there)).distinct()))
    return found


def answered(event_ids: Collection[int]) -> set[tuple[int, int, Stage]]:
    """(event id, person id, stage) of everybody whose answers have come back."""
    row = Evaluation
    query = row.select(row.event, row.person, row.stage).where(
        row.event.in_(list(event_ids)), row.person.is_null(False)
    )
    return set(as_tuples(query))


def asked() -> dict[tuple[int, Stage], list[str]]:
    """By course id and stage, the questions in their order."""
    found: dict[tuple[int, Stage], list[str]] = {}
    query = Question.select(Question.course, Question.stage, Question.text).order_by(Question.course, Question.position)
    for course_id, stage, text in as_tuples(query):
        found.setdefault((course_id, stage), []).append(text)
    return found


def running_out(latest: date) -> list[RunningOut]:
    """Every completion, noted by that day, of a course that has to be refreshed; of people still here."""
    row = Completion
    query = (
        row.select(row.person, row.course, Course.code, Course.title, row.on, Course.validity_months)
        .join_from(row, Course)
        .join_from(row, PersonRow)
        .where(Course.validity_months.is_null(False), Course.active, PersonRow.active, row.on <= latest)
        .order_by(Course.code, row.person)
    )
    return [RunningOut(*each) for each in as_tuples(query)]


def coming(course_ids: Collection[int], today: date) -> set[tuple[int, int]]:
    """(course id, person id) of everybody on an event of these courses that has not ended."""
    query = (
        Enrolment.select(EventRow.course, Enrolment.person)
        .join(EventRow)
        .where(
            EventRow.course.in_(list(course_ids)),
            EventRow.last_date.is_null() | (EventRow.last_date >= today),
            Enrolment.status.between(status_numbers.LOWEST_LIVE, status_numbers.BOOKED),
        )
    )
    return set(as_tuples(query))


def recipients(person_ids: Iterable[int]) -> dict[int, Recipient]:
    """By id, these people and their line managers."""
    found = _recipients(set(person_ids))
    return found | _recipients({each.manager_id for each in found.values() if each.manager_id} - found.keys())


def anybody() -> Recipient | None:
    """Somebody who is still here, to try something on."""
    found: int | None = PersonRow.select(fn.MIN(PersonRow.id)).where(PersonRow.active).scalar()
    return recipients([found]).get(found) if found else None


def _recipients(person_ids: Collection[int | None]) -> dict[int, Recipient]:
    row, found = PersonRow, dict[int, Recipient]()
    for some in chunked(person_ids, AT_ONCE):
        query = row.select(row.id, row.forename, row.surname, row.email, row.manager, row.active)
        for person_id, forename, surname, email, manager_id, active in as_tuples(query.where(row.id.in_(list(some)))):
            name = f"{forename} {surname}".strip()
            found[person_id] = Recipient(person_id, forename, name, email, manager_id, active)
    return found


def invited(event_ids: Collection[int]) -> set[tuple[int, int]]:
    """(event id, person id) of everybody who was ever sent an invitation to one of these events."""
    found: set[tuple[int, int]] = set()
    for some in chunked(sorted(event_ids), AT_ONCE):
        query = InvitationRow.select(SessionRow.event, InvitationRow.person).join(SessionRow)
        found |= set(as_tuples(query.where(SessionRow.event.in_(list(some))).distinct()))
    return found


def to_invite() -> list[tuple[str, int]]:
    """(reference, id) of every event for which an invitation could be due: with people on it or in the ledger."""
    row = EventRow
    known = InvitationRow.select(SessionRow.event).join(SessionRow)
    led = Facilitation.select(SessionRow.event).join(SessionRow)
    query = row.select(row.reference, row.id).where(
        row.state.not_in((EventState.DELIVERED, EventState.CLOSED)),
        (row.state.in_((EventState.OPEN, EventState.TENTATIVE, EventState.CONFIRMED)) & ((row.booked > 0)
         | (row.joining > 0) | row.id.in_(led))) | row.id.in_(known),
    )  # fmt: skip
    return as_tuples(query.order_by(row.reference))


def last_dispatches(invitation_ids: Iterable[int]) -> dict[int, int]:
    """By invitation id, the id of what was dispatched last."""
    found: dict[int, int] = {}
    for some in chunked(sorted(invitation_ids), AT_ONCE):
        query = Dispatch.select(Dispatch.invitation, fn.MAX(Dispatch.id)).where(Dispatch.invitation.in_(list(some)))
        found |= dict(as_tuples(query.group_by(Dispatch.invitation)))
    return found


def told(event_ids: Collection[int], kinds: Sequence[MessageKind]) -> dict[tuple[int, int], tuple[int, str]]:
    """By event id and person id, (message id, dates and places) of what somebody may have read last."""
    out = [state for state in MessageState if state.out]
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for some in chunked(sorted(event_ids), AT_ONCE):
        query = (
            MessageRow.select(MessageRow.event, MessageRow.person, MessageRow.id, MessageRow.told)
            .where(
                MessageRow.event.in_(list(some)), MessageRow.kind.in_(list(kinds)), MessageRow.state.in_(out),
                MessageRow.told != "",
            )
            .order_by(MessageRow.id)
        )  # fmt: skip
        found |= {(event, person): (number, said) for event, person, number, said in as_tuples(query)}
    return found


# The ledger.


def _select() -> Any:
    row = MessageRow
    return row.select(
        row.id, row.code, row.key, row.kind, row.event.alias("event_id"),
        fn.COALESCE(EventRow.reference, "").alias("event"), row.session.alias("session_id"),
        row.person.alias("person_id"), row.name, row.address, row.subject, row.body, row.told, row.state, row.tries,
        row.fault, row.at, row.actor, row.step, row.dispatch.alias("dispatch_id"),
    ).join(EventRow, JOIN.LEFT_OUTER)  # fmt: skip


def made(
    states: Collection[MessageState] = (), *, limit: int | None = None, event_id: int | None = None
) -> list[Message]:
    """What is in the ledger in these states, or in any; newest first."""
    query = _select().order_by(MessageRow.id.desc())
    if states:
        query = query.where(MessageRow.state.in_(list(states)))
    if event_id is not None:
        query = query.where(MessageRow.event == event_id)
    return as_records(Message, query.limit(limit) if limit else query)


def known(keys: Iterable[str]) -> dict[str, tuple[MessageState, int, str, str]]:
    """By key, (state, tries, fault, address) of those that are in the ledger."""
    row = MessageRow
    found: dict[str, tuple[MessageState, int, str, str]] = {}
    for some in chunked(list(keys), AT_ONCE):
        query = row.select(row.key, row.state, row.tries, row.fault, row.address).where(row.key.in_(list(some)))
        found |= {key: (state, tries, fault, address) for key, state, tries, fault, address in as_tuples(query)}
    return found


def by_code(code: str) -> Message | None:
    found = as_records(Message, _select().where(MessageRow.code == code))
    return found[0] if found else None


def put(lines: Sequence[Message]) -> None:
    """Write lines of the ledger, new or in the place of those with their keys; they stand after all steps so far."""
    there, step = known(each.key for each in lines), last_step()
    for message in lines:
        if message.key in there:
            MessageRow.update(_columns(message, step)).where(MessageRow.key == message.key).execute()
    for some in chunked([each for each in lines if each.key not in there], AT_ONCE // 10):
        MessageRow.insert_many([{"key": each.key, **_columns(each, step)} for each in some]).execute()


def _columns(message: Message, step: int) -> dict[str, Any]:
    return {
        "code": message.code, "kind": message.kind, "event": message.event_id, "session": message.session_id,
        "person": message.person_id, "name": message.name, "address": message.address, "subject": message.subject,
        "body": message.body, "told": message.told, "state": message.state, "tries": message.tries,
        "fault": message.fault, "at": message.at, "actor": message.actor, "step": step,
        "dispatch": message.dispatch_id,
    }  # fmt: skip


def settle(code: str, state: MessageState, at: datetime, *, fault: str = "", dispatch_id: int | None = None) -> None:
    """What became of a message."""
    values: dict[str, Any] = {"state": state, "fault": fault, "at": at}
    if dispatch_id is not None:
        values["dispatch"] = dispatch_id
    MessageRow.update(values).where(MessageRow.code == code).execute()


def last_step() -> int:
    return int(Step.select(fn.COALESCE(fn.MAX(Step.id), 0)).scalar())


def last_line() -> int:
    """The id of the newest line of the history: it grows with whatever anybody changes."""
    return int(History.select(fn.COALESCE(fn.MAX(History.id), 0)).scalar())


def out_since(step_id: int, *, people: set[tuple[int, int]], events: set[int]) -> bool:
    """Whether a message went out at or after the step to one of these (person id, event id), or about one of these
    events."""
    row = MessageRow
    query = row.select(row.person, row.event).where(
        row.step >= step_id, row.state.in_([state for state in MessageState if state.out])
    )
    return any((person, event) in people or event in events for person, event in as_tuples(query))


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is sending from this database; nobody can begin to while the block lasts."""
    location = connection.bound()
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
        raise NotWritable(f"{path} cannot be written ({fault.strerror}). Nothing was sent.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


# How messages are worded.


def wordings() -> dict[MessageKind, Wording]:
    row = Template
    query = row.select(row.kind, row.subject, row.body, row.edited_by, row.edited_at)
    return {each.kind: each for each in as_records(Wording, query)}


def word(wording: Wording) -> None:
    """Keep how a kind of message is worded."""
    values = {
        "subject": wording.subject, "body": wording.body, "edited_by": wording.edited_by,
        "edited_at": wording.edited_at,
    }  # fmt: skip
    Template.insert(kind=wording.kind, **values).on_conflict(
        conflict_target=[Template.kind], update={getattr(Template, name): value for name, value in values.items()}
    ).execute()


def unword(kind: MessageKind) -> bool:
    """Word a kind of message as the program does; whether it was worded otherwise."""
    return bool(Template.delete().where(Template.kind == kind).execute())
