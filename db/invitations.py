"""Invitations: the sessions they describe, the people to invite, and the ledger of what was sent."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, chunked, fn

from db.engine.journal import TouchedRows
from db.engine.mapping import BATCH_SIZE, as_records, as_tuples
from db.models import (
    CourseRow,
    DispatchRow,
    EnrolmentRow,
    EventRow,
    FacilitationRow,
    InvitationRow,
    MakeUpRow,
    ModuleRow,
    PersonRow,
    ResourceRow,
    RoomRow,
    SessionRow,
    StrandRow,
    VenueRow,
)
from db.records import status_numbers
from db.records.mail import Appointment, AwaitedReply, Invitation, MailAddress, PartStat
from db.records.people import InvitationLine
from db.records.startup import EventState


def fetch_appointments(event_id: int) -> list[Appointment]:
    """Return every session of an event, by number."""
    return as_records(
        Appointment, select_appointments().where(SessionRow.event == event_id).order_by(SessionRow.number)
    )


def fetch_appointments_by_event(event_ids: Iterable[int]) -> dict[int, list[Appointment]]:
    """Return every session of the events, by event id, in the order of their numbers."""
    found: dict[int, list[Appointment]] = {}

    def add_appointment(event_id: int, **columns: Any) -> Appointment:
        appointment = Appointment(**columns)
        found.setdefault(event_id, []).append(appointment)
        return appointment

    for some in chunked(sorted(event_ids), BATCH_SIZE):
        query = select_appointments().select_extend(SessionRow.event.alias("event_id"))
        query = query.where(SessionRow.event.in_(list(some)))
        as_records(add_appointment, query.order_by(SessionRow.number))  # type: ignore[arg-type]
    return found


def fetch_feed_appointments(
    *,
    first: date | None = None,
    last: date | None = None,
    strand: str = "",
    course: str = "",
    venue: str = "",
    person_id: int | None = None,
    facilitator_id: int | None = None,
) -> list[Appointment]:
    """Return the dated sessions within the dates, of events neither draft nor cancelled, in order of time.

    A strand is given by code or name, a course by code, a venue by part of its name, all in any case; `person_id`
    selects
    the sessions the person is booked on, `facilitator_id` those the person leads.
    """
    query = select_appointments().where(
        SessionRow.date.is_null(False), EventRow.state.not_in((EventState.DRAFT, EventState.CANCELLED))
    )
    if first:
        query = query.where(SessionRow.date >= first)
    if last:
        query = query.where(SessionRow.date <= last)
    if strand:
        query = query.where(_is_strand(strand))
    if course:
        query = query.where(fn.LOWER(CourseRow.code) == course.lower())
    if venue:
        query = query.where(VenueRow.name.contains(venue))
    if person_id is not None:
        held = EnrolmentRow.select(EnrolmentRow.event).where(
            EnrolmentRow.person == person_id, EnrolmentRow.status >= status_numbers.BOOKED
        )
        made_up = MakeUpRow.select(MakeUpRow.session).where(MakeUpRow.person == person_id, MakeUpRow.active)
        query = query.where(SessionRow.event.in_(held) | SessionRow.id.in_(made_up))
    if facilitator_id is not None:
        led = FacilitationRow.select(FacilitationRow.session).where(FacilitationRow.person == facilitator_id)
        query = query.where(SessionRow.id.in_(led))
    return as_records(
        Appointment, query.order_by(SessionRow.date, SessionRow.start, EventRow.reference, SessionRow.number)
    )


def select_appointments() -> Any:
    """Return a query for every column of an Appointment record."""
    row, all_of_event, any_venue = SessionRow, SessionRow.alias(), VenueRow.alias()
    of = all_of_event.select(fn.COUNT(all_of_event.id)).where(all_of_event.event == row.event)
    # The edits of all venues are summed, not those of this session's: moving to another venue must not lower its
    # revision.
    venue_edits = fn.COALESCE(any_venue.select(fn.SUM(any_venue.version - 1)), 0)
    joining = MakeUpRow.select(fn.COUNT(MakeUpRow.id)).where(MakeUpRow.session == row.id, MakeUpRow.active)
    return (
        row.select(
            row.id.alias("session_id"),
            EventRow.reference.alias("event"),
            EventRow.title,
            EventRow.state,
            row.number,
            of.alias("of"),
            fn.COALESCE(fn.NULLIF(row.title, ""), ModuleRow.title, "").alias("module"),
            row.date,
            row.start,
            row.end,
            fn.COALESCE(VenueRow.name, "").alias("venue"),
            fn.COALESCE(RoomRow.name, "").alias("room"),
            fn.COALESCE(VenueRow.address, "").alias("address"),
            fn.COALESCE(VenueRow.postcode, "").alias("postcode"),
            row.notes,
            (row.version + EventRow.version + venue_edits).alias("revision"),
            EventRow.capacity.alias("places"),
            (EventRow.booked + joining).alias("register"),
        )
        .join_from(row, EventRow)
        .join_from(EventRow, CourseRow)
        .join_from(CourseRow, StrandRow)
        .join_from(row, ModuleRow, JOIN.LEFT_OUTER)
        .join_from(row, VenueRow, JOIN.LEFT_OUTER)
        .join_from(row, RoomRow, JOIN.LEFT_OUTER)
    )


def fetch_strand_name(strand: str) -> str | None:
    """Return the name of the strand with a code or name, in any case; None without one."""
    found: str | None = StrandRow.select(StrandRow.name).where(_is_strand(strand)).scalar()
    return found


def fetch_course_title(course: str) -> str | None:
    """Return the title of the course with a code, in any case; None without one."""
    found: str | None = CourseRow.select(CourseRow.title).where(fn.LOWER(CourseRow.code) == course.lower()).scalar()
    return found


def fetch_venue_names(part: str = "") -> list[str]:
    """Return the names of the venues that contain the text, or of all."""
    query: Any = VenueRow.select(VenueRow.name).where(VenueRow.name.contains(part)).order_by(VenueRow.name)
    return [row.name for row in query]


def _is_strand(strand: str) -> Any:
    return (fn.LOWER(StrandRow.code) == strand.lower()) | (fn.LOWER(StrandRow.name) == strand.lower())


def fetch_booked_learners(event_ids: Collection[int], among: Collection[int] | None = None) -> list[tuple[int, int]]:
    """Return (event id, person id) of everybody booked on the events, or of these people; offered places are left
    out."""
    row = EnrolmentRow
    query = row.select(row.event, row.person).where(row.event.in_(event_ids), row.status >= status_numbers.BOOKED)
    return as_tuples(_among(query, row, among))


def fetch_make_up_learners(event_ids: Collection[int], among: Collection[int] | None = None) -> list[tuple[int, int]]:
    """Return (session id, person id) of everybody who makes up a session of the events, or of these people."""
    row = MakeUpRow
    query = row.select(row.session, row.person).join(SessionRow).where(SessionRow.event.in_(event_ids), row.active)
    return as_tuples(_among(query, row, among))


def fetch_facilitations(event_ids: Collection[int], among: Collection[int] | None = None) -> list[tuple[int, int]]:
    """Return (session id, person id) of everybody who leads a session of the events, or of these people."""
    row = FacilitationRow
    query = row.select(row.session, row.person).join(SessionRow).where(SessionRow.event.in_(event_ids))
    return as_tuples(_among(query, row, among))


def _among(query: Any, row: Any, person_ids: Collection[int] | None) -> Any:
    return query if person_ids is None else query.where(row.person.in_(person_ids))


def fetch_mail_addresses(person_ids: Iterable[int]) -> dict[int, MailAddress]:
    """Return names and addresses by person id, as they are stored."""
    found: dict[int, MailAddress] = {}
    for some in chunked(person_ids, BATCH_SIZE):
        query = PersonRow.select(PersonRow.id, PersonRow.forename, PersonRow.surname, PersonRow.email)
        for person_id, forename, surname, email in as_tuples(query.where(PersonRow.id.in_(list(some)))):
            found[person_id] = MailAddress(f"{forename} {surname}".strip(), email)
    return found


def fetch_invitations(event_ids: Collection[int], among: Collection[int] | None = None) -> list[Invitation]:
    """Return the last invitation of everybody to each session of the events, or of these people."""
    query = _lines().join(SessionRow).where(SessionRow.event.in_(event_ids))
    return as_records(Invitation, _among(query, InvitationRow, among))


def fetch_invited_people(event_id: int, among: Collection[int] | None = None) -> set[int]:
    """Return the ids of the people ever invited to a session of the event, or of those among these."""
    query = InvitationRow.select(InvitationRow.person).join(SessionRow).where(SessionRow.event == event_id)
    return {person_id for (person_id,) in as_tuples(_among(query.distinct(), InvitationRow, among))}


def _lines() -> Any:
    row = InvitationRow
    return row.select(
        row.id, row.session.alias("session_id"), row.person.alias("person_id"), row.uid, row.sequence, row.method,
        row.role, row.place_and_time, row.content, row.stamped, row.partstat,
    )  # fmt: skip


def fetch_person_invitations(person_id: int) -> list[InvitationLine]:
    """Return the last invitation of a person to each session, in order of time."""
    row = InvitationRow
    query = (
        row.select(
            EventRow.reference.alias("event"), SessionRow.number.alias("session"), SessionRow.date, row.method,
            row.sequence, row.partstat,
        )
        .join_from(row, SessionRow)
        .join_from(SessionRow, EventRow)
        .where(row.person == person_id)
        .order_by(
            SessionRow.date.is_null(False), SessionRow.date, SessionRow.start, EventRow.reference, SessionRow.number
        )
    )  # fmt: skip

    def line(**columns: Any) -> InvitationLine:
        return InvitationLine(**{**columns, "date": str(columns["date"] or "")})

    return as_records(line, query)  # type: ignore[arg-type]


def store_sent_invitations(sent: Sequence[tuple[Invitation, str]], actor: str) -> None:
    """Store the invitations sent now, with their files; an id of 0 makes a new line in the ledger."""
    store_invitations([line for line, _ in sent])
    insert_dispatches(sent, actor)


def store_invitations(lines: Sequence[Invitation]) -> None:
    """Store what calendars are told from now on, without recording that it was sent.

    A reply to an earlier sequence is cleared; a reply to the same one stays.
    """
    row = InvitationRow
    new = [_columns(line) for line in lines if not line.id]
    for some in chunked(new, BATCH_SIZE):
        row.insert_many(some).execute()
    for line in lines:
        if line.id:
            row.update(partstat=PartStat.NEEDS_ACTION, replied=None).where(
                row.id == line.id, row.sequence != line.sequence
            ).execute()
            row.update(_columns(line)).where(row.id == line.id).execute()


def fetch_invitation(session_id: int, person_id: int) -> Invitation:
    """Return the last invitation of one person to one session."""
    return as_records(
        Invitation, _lines().where(InvitationRow.session == session_id, InvitationRow.person == person_id)
    )[0]


def insert_dispatches(sent: Sequence[tuple[Invitation, str]], actor: str) -> dict[str, int]:
    """Record what was sent, with its files, in the append-only table, and return the id of each record by UID."""
    row = InvitationRow
    made: dict[str, int] = {}
    for part in chunked(sent, BATCH_SIZE):
        uids = [line.uid for line, _ in part]
        known: Any = row.select(row.uid, row.id).where(row.uid.in_(uids)).tuples()
        ids = dict(known)
        DispatchRow.insert_many(
            {
                "invitation": ids[line.uid], "sequence": line.sequence, "method": line.method,
                "stamped": line.stamped, "file": file, "actor": actor,
            }
            for line, file in part
        ).execute()  # fmt: skip
        latest: Any = DispatchRow.select(DispatchRow.invitation, fn.MAX(DispatchRow.id)).where(
            DispatchRow.invitation.in_(list(ids.values()))
        )
        by_invitation = dict(as_tuples(latest.group_by(DispatchRow.invitation)))
        made |= {uid: by_invitation[number] for uid, number in ids.items()}
    return made


def fetch_invitation_row(uid: str) -> dict[str, Any] | None:
    """Return the columns of the ledger's line with a UID, as restore_invitation() takes them; None without one."""
    query: Any = InvitationRow.select().where(InvitationRow.uid == uid).dicts()
    return next(iter(query), None)


def restore_invitation(uid: str, before: dict[str, Any] | None) -> None:
    """Restore the ledger's line of an invitation that was stored but not sent; a new line is deleted."""
    row = InvitationRow
    if before is None:
        row.delete().where(row.uid == uid).execute()
    else:
        row.update(before).where(row.id == before["id"]).execute()


def _columns(line: Invitation) -> dict[str, Any]:
    return {
        "session": line.session_id, "person": line.person_id, "uid": line.uid, "sequence": line.sequence,
        "method": line.method, "role": line.role, "place_and_time": line.place_and_time, "content": line.content,
        "stamped": line.stamped,
    }  # fmt: skip


def fetch_awaited_replies(uids: Iterable[str]) -> dict[str, AwaitedReply]:
    """Return what is known about the invitations with these UIDs, by UID."""
    found: dict[str, AwaitedReply] = {}
    for some in chunked(sorted(set(uids)), BATCH_SIZE):
        found |= _awaited(InvitationRow.uid.in_(some))
    return found


def fetch_person_replies(event_id: int, person_id: int) -> list[AwaitedReply]:
    """Return what is known about one person's invitations to one event, by session."""
    found = _awaited((SessionRow.event == event_id) & (InvitationRow.person == person_id))
    return sorted(found.values(), key=lambda line: line.session)


def _awaited(which: Any) -> dict[str, AwaitedReply]:
    row = InvitationRow
    query: Any = (
        row.select(
            row.uid, row.id, row.session, SessionRow.event, EventRow.reference, SessionRow.number, row.person,
            PersonRow.forename, PersonRow.surname, PersonRow.email, row.content, row.sequence, row.method,
            row.partstat, row.replied,
        )
        .join_from(row, SessionRow)
        .join_from(SessionRow, EventRow)
        .join_from(row, PersonRow)
        .where(which)
    )  # fmt: skip
    found: dict[str, AwaitedReply] = {}
    for uid, line, session, event_id, event, number, person, forename, surname, email, content, *rest in as_tuples(
        query
    ):
        name = f"{forename} {surname}".strip()
        addresses = (content.split("\n", 2)[1], email)  # see csc_tui.core.mail.invitation_rules.ledger_line
        found[uid] = AwaitedReply(line, session, event_id, event, number, person, name, addresses, *rest)
    return found


def update_reply(invitation_id: int, partstat: PartStat, replied: datetime) -> None:
    """Store the reply of the invited person, and when it was given."""
    row = InvitationRow
    row.update(partstat=partstat, replied=replied).where(row.id == invitation_id).execute()


def fetch_affected_events(touched: TouchedRows, today: date) -> list[str]:
    """Return the references of the current and future events whose invitations the touched rows may change."""
    rows = touched.rows
    sessions = SessionRow.select(SessionRow.event).where(
        SessionRow.id.in_(rows.get("session", set()) | rows.get("facilitation", set()))
    )
    make_ups = MakeUpRow.select(SessionRow.event).join(SessionRow).where(MakeUpRow.id.in_(rows.get("make_up", ())))
    enrolments = EnrolmentRow.select(EnrolmentRow.event).where(EnrolmentRow.id.in_(rows.get("enrolment", ())))
    people = rows.get("person", set())
    booked = EnrolmentRow.select(EnrolmentRow.event).where(
        EnrolmentRow.person.in_(people), EnrolmentRow.status >= status_numbers.LOWEST_LIVE
    )
    invited = InvitationRow.select(SessionRow.event).join(SessionRow).where(InvitationRow.person.in_(people))
    resources = ResourceRow.id.in_(rows.get("resource", ()))
    courses = CourseRow.select(CourseRow.id).where(
        CourseRow.id.in_(rows.get("course", ()))
        | CourseRow.id.in_(ResourceRow.select(ResourceRow.course).where(resources, ResourceRow.course.is_null(False)))
        | CourseRow.strand.in_(
            ResourceRow.select(ResourceRow.strand).where(resources, ResourceRow.strand.is_null(False))
        )
    )
    affected = EventRow.id.in_(rows.get("event", set()) | touched.events) | EventRow.course.in_(courses)
    for events in (sessions, make_ups, enrolments, booked, invited):
        affected |= EventRow.id.in_(events)
    query = EventRow.select(EventRow.reference).where(
        affected, EventRow.last_date.is_null() | (EventRow.last_date >= today)
    )
    return [reference for (reference,) in as_tuples(query.order_by(EventRow.reference))]


def keep_existing_events(references: Collection[str]) -> list[str]:
    """Return those of the references that belong to an event."""
    query = EventRow.select(EventRow.reference).where(EventRow.reference.in_(references)).order_by(EventRow.reference)
    return [reference for (reference,) in as_tuples(query)]
