"""Enrolments: who is on an event, and the counts that follow from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import JOIN, fn

from db import statuses
from db.errors import Stale
from db.mapping import as_records, as_tuples
from db.models import Course, Organisation
from db.models import Enrolment as EnrolmentRow
from db.models import Event as EventRow
from db.models import Person as PersonRow
from db.models import Session as SessionRow
from db.records import Attending, Enrolment, Session, Status


def select() -> Any:
    """Every column of an Enrolment record."""
    row = EnrolmentRow
    return (
        row.select(
            row.id, row.event.alias("event_id"), row.person.alias("person_id"),
            fn.TRIM(PersonRow.forename.concat(" ").concat(PersonRow.surname)).alias("name"), PersonRow.email,
            fn.COALESCE(Organisation.name, "").alias("organisation"), row.status, row.queue, row.since,
            row.offer_ends, row.reason, row.version,
        )
        .join_from(row, PersonRow)
        .join_from(PersonRow, Organisation, JOIN.LEFT_OUTER)
    )  # fmt: skip


def for_event(event_id: int) -> list[Enrolment]:
    """The live enrolments of an event, in the order they were made."""
    query = select().where(EnrolmentRow.event == event_id, EnrolmentRow.status >= statuses.LOWEST_LIVE)
    return as_records(Enrolment, query.order_by(EnrolmentRow.id))


def add(event_id: int, person_id: int, status: Status, since: datetime, *, queue: int | None = None) -> int:
    """A new enrolment; the caller calls recount() when all are in. Returns its id."""
    return int(EnrolmentRow.insert(event=event_id, person=person_id, status=status, since=since, queue=queue).execute())


def set_status(enrolment: Enrolment, status: Status, since: datetime, *, reason: str = "", late: bool = False) -> None:
    """Move an enrolment to another status; the caller calls recount(). Raises Stale if it was changed meanwhile."""
    stored = (
        EnrolmentRow.update(status=status, since=since, reason=reason, late=late, version=enrolment.version + 1)
        .where(EnrolmentRow.id == enrolment.id, EnrolmentRow.version == enrolment.version)
        .execute()
    )
    if not stored:
        raise Stale(
            f"Somebody else changed the place of {enrolment.name} a moment ago. Nothing was changed. Look again."
        )


def next_in_queue(event_id: int) -> int:
    """The number behind everybody who ever joined this waiting list."""
    highest = EnrolmentRow.select(fn.MAX(EnrolmentRow.queue)).where(EnrolmentRow.event == event_id).scalar()
    return (highest or 0) + 1


def recount(event_id: int) -> None:
    """Keep the event's counts of places taken, offered and waited for in step with its enrolments."""
    row = EnrolmentRow

    def counted(condition: Any) -> Any:
        return row.select(fn.COUNT(row.id)).where(row.event == event_id, condition)

    EventRow.update(
        booked=counted(row.status >= statuses.BOOKED),
        offered=counted(row.status == statuses.OFFERED),
        waiting=counted(row.status == statuses.WAITLISTED),
    ).where(EventRow.id == event_id).execute()


def commitments(person_ids: Iterable[int], *, besides: int) -> list[tuple[int, Session]]:
    """(person id, session) for every dated session these people hold a place on, but for those of one event."""
    from db.events import session_select

    query = (
        session_select()
        .select_extend(EnrolmentRow.person.alias("person_id"))
        .join_from(SessionRow, EnrolmentRow, on=(EnrolmentRow.event == SessionRow.event))
        .where(
            EnrolmentRow.person.in_(list(person_ids)),
            EnrolmentRow.status.in_((statuses.BOOKED, statuses.OFFERED)),
            SessionRow.event != besides,
            SessionRow.date.is_null(False),
        )
        .order_by(SessionRow.date, SessionRow.start, SessionRow.id)
    )

    def pair(person_id: int, **columns: Any) -> tuple[int, Session]:
        return person_id, Session(**columns)

    return as_records(pair, query)  # type: ignore[arg-type]


def of_person(person_id: int) -> list[Attending]:
    """Every enrolment of a person, whatever became of it: those to come first, then the past, latest first."""
    row = EnrolmentRow
    query = (
        row.select(EventRow.reference, Course.code, EventRow.title, row.status, EventRow.first_date)
        .join_from(row, EventRow)
        .join_from(EventRow, Course)
        .where(row.person == person_id)
        .order_by(EventRow.first_date.desc(nulls="FIRST"), row.id.desc())
    )
    return [
        Attending(event, course, title, Status(status).word, first.isoformat() if first else "")
        for event, course, title, status, first in as_tuples(query)
    ]
