"""Enrolments: the people on an event, and the counts computed from them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from db import expressions
from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.errors import Stale
from db.models import CourseRow, EnrolmentRow, EventRow, MakeUpRow, OfferRow, OrganisationRow, PersonRow, SessionRow
from db.records import status_numbers
from db.records.booking import CoursePlace, Enrolment, OfferOutcome, Status
from db.records.calendar import Session
from db.records.people import EnrolmentLine, OrganisationKind
from db.records.startup import EventState


def select_enrolments() -> Any:
    """Return a query for every column of an Enrolment record."""
    row = EnrolmentRow
    return (
        row.select(
            row.id, row.event.alias("event_id"), row.person.alias("person_id"),
            expressions.person_name().alias("name"), PersonRow.email,
            fn.COALESCE(OrganisationRow.name, "").alias("organisation"), row.status, row.queue, row.since,
            row.offer_ends, row.approved_by, row.reason, row.version,
        )
        .join_from(row, PersonRow)
        .join_from(PersonRow, OrganisationRow, JOIN.LEFT_OUTER)
    )  # fmt: skip


def fetch_live_enrolments(event_id: int) -> list[Enrolment]:
    """Return the live enrolments of an event, in the order they were made."""
    query = select_enrolments().where(EnrolmentRow.event == event_id, EnrolmentRow.status >= status_numbers.LOWEST_LIVE)
    return as_records(Enrolment, query.order_by(EnrolmentRow.id))


def insert_enrolment(
    event_id: int,
    person_id: int,
    status: Status,
    since: datetime,
    *,
    queue: int | None = None,
    offer_ends: datetime | None = None,
    approved_by: str | None = None,
    reason: str = "",
) -> int:
    """Insert an enrolment and return its id; the caller calls update_event_counts() after the last one."""
    enrolment_id = int(
        EnrolmentRow.insert(
            event=event_id, person=person_id, status=status, since=since, queue=queue, offer_ends=offer_ends,
            approved_by=approved_by, reason=reason,
        ).execute()
    )  # fmt: skip
    journal.track_row(EnrolmentRow, enrolment_id, new=True)
    if offer_ends:
        _open_offer(enrolment_id, since, offer_ends)
    return enrolment_id


def update_enrolment_status(
    enrolment: Enrolment,
    status: Status,
    since: datetime,
    *,
    reason: str = "",
    late: bool = False,
    offer_ends: datetime | None = None,
    moved_to: int | None = None,
) -> None:
    """Change the status of an enrolment; the caller calls update_event_counts() after the last one.

    `offer_ends` opens an offer; leaving OFFERED settles it. Raises Stale where the enrolment was changed meanwhile.
    """
    update_enrolment(
        enrolment, status=status, since=since, reason=reason, late=late, offer_ends=offer_ends, moved_to=moved_to
    )
    if offer_ends:
        _open_offer(enrolment.id, since, offer_ends)
    elif enrolment.status is Status.OFFERED:
        _settle_offer(enrolment.id, _OFFER_OUTCOMES.get(status, OfferOutcome.WITHDRAWN), since)


def update_enrolment(enrolment: Enrolment, **fields: Any) -> None:
    """Store new values of an enrolment's columns. Raises Stale where it was changed since it was read."""
    journal.track_row(EnrolmentRow, enrolment.id)
    stored = (
        EnrolmentRow.update({**fields, "version": enrolment.version + 1})
        .where(EnrolmentRow.id == enrolment.id, EnrolmentRow.version == enrolment.version)
        .execute()
    )
    if not stored:
        raise Stale(
            f"Someone else changed the place of {enrolment.name} a moment ago. Nothing was changed. Check it and try "
            "again."
        )


_OFFER_OUTCOMES = {
    Status.BOOKED: OfferOutcome.ACCEPTED,
    Status.EXPIRED: OfferOutcome.EXPIRED,
    Status.CANCELLED: OfferOutcome.DECLINED,
}


def _open_offer(enrolment_id: int, made: datetime, ends: datetime) -> None:
    offer_id = OfferRow.insert(enrolment=enrolment_id, made=made, ends=ends).execute()
    journal.track_row(OfferRow, offer_id, new=True)


def withdraw_offer(enrolment_id: int, at: datetime) -> None:
    """Settle the open offer of an enrolment, where there is one, because its place was given up."""
    _settle_offer(enrolment_id, OfferOutcome.WITHDRAWN, at)


def _settle_offer(enrolment_id: int, outcome: OfferOutcome, at: datetime) -> None:
    open_one = OfferRow.select(OfferRow.id).where(
        OfferRow.enrolment == enrolment_id, OfferRow.outcome == OfferOutcome.OPEN
    )
    for (offer_id,) in as_tuples(open_one):
        journal.track_row(OfferRow, offer_id)
        OfferRow.update(outcome=outcome, settled=at).where(OfferRow.id == offer_id).execute()


def next_queue_number(event_id: int) -> int:
    """Return the number after the highest ever used on the event's waiting list."""
    highest = EnrolmentRow.select(fn.MAX(EnrolmentRow.queue)).where(EnrolmentRow.event == event_id).scalar()
    return (highest or 0) + 1


def update_event_counts(event_id: int) -> None:
    """Recompute the event's counts of people booked, offered, waiting and joining for a make-up."""
    row = EnrolmentRow

    def counted(condition: Any) -> Any:
        return row.select(fn.COUNT(row.id)).where(row.event == event_id, condition)

    joining = (
        MakeUpRow.select(fn.COUNT(MakeUpRow.person).alias("many"))
        .join(SessionRow)
        .where(SessionRow.event == event_id, MakeUpRow.active)
        .group_by(MakeUpRow.session)
    )
    EventRow.update(
        booked=counted(row.status >= status_numbers.BOOKED),
        offered=counted(row.status == status_numbers.OFFERED),
        waiting=counted(row.status == status_numbers.WAITLISTED),
        joining=max((many for (many,) in as_tuples(joining)), default=0),
    ).where(EventRow.id == event_id).execute()


def fetch_held_sessions(person_id: int) -> list[Session]:
    """Return every dated session where the person has a place or a make-up."""
    from db.calendar import select_sessions

    held = EnrolmentRow.select(EnrolmentRow.event).where(
        EnrolmentRow.person == person_id, EnrolmentRow.status.in_((status_numbers.BOOKED, status_numbers.OFFERED))
    )
    made_up = MakeUpRow.select(MakeUpRow.session).where(MakeUpRow.person == person_id, MakeUpRow.active)
    query = select_sessions().where(
        SessionRow.event.in_(held) | SessionRow.id.in_(made_up),
        SessionRow.date.is_null(False),
    )
    return as_records(Session, query.order_by(SessionRow.date, SessionRow.start, SessionRow.id))


def fetch_course_places(
    course_id: int, today: date, *, besides: int, person_ids: Sequence[int] | None = None
) -> list[CoursePlace]:
    """Return the live places on events of a course that are not over, except those of the event `besides`.

    Places with an outcome are left out. With `person_ids` only those people's; ordered by date.
    """
    row = EnrolmentRow
    query = (
        row.select(
            row.id.alias("enrolment_id"), row.event.alias("event_id"), EventRow.reference.alias("event"),
            row.person.alias("person_id"), row.status, EventRow.first_date,
        )
        .join_from(row, EventRow)
        .where(
            EventRow.course == course_id,
            EventRow.id != besides,
            EventRow.state != EventState.CANCELLED,
            EventRow.last_date.is_null() | (EventRow.last_date >= today),
            row.status.between(status_numbers.LOWEST_LIVE, status_numbers.BOOKED),
        )
    )  # fmt: skip
    if person_ids is not None:
        query = query.where(row.person.in_(list(person_ids)))
    return as_records(CoursePlace, query.order_by(EventRow.first_date.asc(nulls="LAST"), EventRow.reference))


def fetch_enrolment(enrolment_id: int) -> Enrolment:
    """Return the enrolment with this id, which must exist."""
    return as_records(Enrolment, select_enrolments().where(EnrolmentRow.id == enrolment_id))[0]


def fetch_person_enrolments(person_id: int) -> list[EnrolmentLine]:
    """Return every enrolment of a person in any status: undated events first, then by first date, latest first."""
    row = EnrolmentRow
    query = (
        row.select(EventRow.reference, CourseRow.code, EventRow.title, row.status, EventRow.first_date)
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .where(row.person == person_id)
        .order_by(EventRow.first_date.desc(nulls="FIRST"), row.id.desc())
    )
    return [
        EnrolmentLine(event, course, title, Status(status).word, first.isoformat() if first else "")
        for event, course, title, status, first in as_tuples(query)
    ]


def fetch_booked_events(person_id: int) -> set[int]:
    """Return the ids of the events on which a person is booked."""
    row = EnrolmentRow
    query = row.select(row.event).where(row.person == person_id, row.status == Status.BOOKED)
    return {event_id for (event_id,) in as_tuples(query)}


def has_live_enrolment(person_id: int, *, besides: Sequence[int] = ()) -> bool:
    """Return whether the person has any live enrolment, those with the ids of `besides` left out."""
    row = EnrolmentRow
    live = (row.person == person_id) & (row.status >= status_numbers.LOWEST_LIVE) & row.id.not_in(list(besides))
    return bool(row.select().where(live).exists())


def fetch_no_shows(person_id: int) -> list[str]:
    """Return the references of the events a person was booked on and did not come to, latest first."""
    query = (
        EnrolmentRow.select(EventRow.reference)
        .join(EventRow)
        .where(EnrolmentRow.person == person_id, EnrolmentRow.status == Status.NO_SHOW)
        .order_by(EventRow.first_date.desc(nulls="LAST"), EnrolmentRow.id.desc())
    )
    return [reference for (reference,) in as_tuples(query)]


def fetch_overdue_events(now: datetime, *, asked_before: datetime) -> list[str]:
    """Return the references of events with an offer that has run out or an old request.

    `now` is compared with the end of offers, `asked_before` with the time of requests; both are UTC.
    """
    row = EnrolmentRow
    late = ((row.status == Status.OFFERED) & (row.offer_ends <= now)) | (
        (row.status == Status.REQUESTED) & (row.since <= asked_before)
    )
    query = EventRow.select(EventRow.reference).where(EventRow.id.in_(row.select(row.event).where(late)))
    return [reference for (reference,) in as_tuples(query.order_by(EventRow.reference))]


def fetch_last_enrolment(event_id: int, person_id: int) -> Enrolment | None:
    """Return a person's latest enrolment on an event, in any status."""
    query = select_enrolments().where(EnrolmentRow.event == event_id, EnrolmentRow.person == person_id)
    found = as_records(Enrolment, query.order_by(EnrolmentRow.id.desc()).limit(1))
    return found[0] if found else None


def fetch_enrolment_label(enrolment_id: int) -> str:
    """Return an enrolment in words: `Jo Smith on BR-02`."""
    name = expressions.person_name()
    query = EnrolmentRow.select(name, EventRow.reference).join_from(EnrolmentRow, PersonRow)
    ((person, event),) = as_tuples(query.join_from(EnrolmentRow, EventRow).where(EnrolmentRow.id == enrolment_id))
    return f"{person} on {event}"


def fetch_missed_places(
    first: date, last: date
) -> list[tuple[date, str, str, str, str, OrganisationKind, str, str, bool]]:
    """Return each place given up late or not used, on events that begin within the dates.

    Each is (first date of the event, reference, `#id`, name, organisation, its kind, what happened, reason, whether the
    organisation is exempt from charges).
    """
    row = EnrolmentRow
    name = expressions.person_name()
    query = (
        row.select(
            EventRow.first_date, EventRow.reference, row.person, name, OrganisationRow.name, OrganisationRow.kind,
            row.status, row.reason, OrganisationRow.exempt,
        )
        .join_from(row, EventRow)
        .join_from(row, PersonRow)
        .join_from(PersonRow, OrganisationRow, JOIN.LEFT_OUTER)
        .where(
            EventRow.first_date.between(first, last),
            (row.status == Status.NO_SHOW) | ((row.status == Status.CANCELLED) & row.late),
        )
        .order_by(EventRow.first_date, row.id)
    )  # fmt: skip
    return [
        (on, reference, f"#{person}", who, organisation or "", kind or OrganisationKind.OTHER,
         "no show" if status == Status.NO_SHOW else "late cancellation", reason, bool(exempt))
        for on, reference, person, who, organisation, kind, status, reason, exempt in as_tuples(query)
    ]  # fmt: skip
