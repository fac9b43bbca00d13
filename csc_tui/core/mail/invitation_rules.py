"""Rules for invitations: which are due and why, by comparing what each calendar should show with what was sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from csc_tui.base.text import format_date, format_times
from db.records.catalogue import Resource
from db.records.mail import (
    Appointment,
    CalendarEntry,
    EntryStatus,
    Invitation,
    InvitationMethod,
    InvitationRole,
    MailAddress,
    PartStat,
)
from db.records.startup import EventState

NEW_BOOKING = "new booking"
INVITED_AGAIN = "invited again"
WRITTEN_AGAIN = "written again"

Key = tuple[int, int]
"""Session id and person id."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The parts that all invitations of an event share."""

    organiser: MailAddress
    how_to_cancel: str
    resources: Sequence[Resource] = ()


@dataclass(frozen=True, slots=True)
class DueInvitation:
    """An invitation to write.

    `invitation_id` is its line in the ledger, None for the first to this person and session.
    """

    invitation_id: int | None
    session_id: int
    session: int
    person_id: int
    role: InvitationRole
    method: InvitationMethod
    organiser: MailAddress
    attendee: MailAddress
    entry: CalendarEntry
    reason: str

    @property
    def told(self) -> str:
        """Return no dates: an invitation tells its own session, and other messages need not repeat it."""
        return ""


@dataclass(frozen=True, slots=True)
class InvitationPlan:
    """The invitations that are due, by name and session, and the people who have no usable e-mail address.

    `unreachable` maps a person's id to the address that cannot be used.
    """

    due: list[DueInvitation]
    unreachable: dict[int, MailAddress]


def plan_invitations(
    appointments: Sequence[Appointment],
    invited: Mapping[Key, InvitationRole],
    people: Mapping[int, MailAddress],
    ledger: Sequence[Invitation],
    letterhead: Letterhead,
    *,
    now: datetime,
    stamp: datetime,
    again: bool = False,
) -> InvitationPlan:
    """Return the invitations that are due for one event at `now` (wall-clock), stamped no earlier than `stamp` (UTC).

    `invited` are the people who hold a place, `people` these and everybody in the ledger. With `again`, what was sent
    and still holds is written once more unchanged. Once an event is delivered, calendars are left alone.
    """
    found = InvitationPlan([], {})
    session = {each.session_id: each for each in appointments}
    sent = {(line.session_id, line.person_id): line for line in ledger}
    entries: dict[tuple[int, InvitationRole], CalendarEntry | None] = {}

    def entry(appointment: Appointment, role: InvitationRole) -> CalendarEntry | None:
        """One for everybody who has the role in the session, but for the UID."""
        of = appointment.session_id, role
        if of not in entries:
            entries[of] = _standing_entry(appointment, role, letterhead, now, stamp)
        return entries[of]

    def by_name(key: Key) -> tuple[str, int, int]:
        return people[key[1]].name.casefold(), key[1], session[key[0]].number

    for key in sorted(invited.keys() | sent.keys(), key=by_name):
        appointment, person, role = session[key[0]], people[key[1]], invited.get(key)
        if appointment.state in (EventState.DELIVERED, EventState.CLOSED):
            continue
        told = _as_sent(sent[key], appointment, person, letterhead) if key in sent else None
        standing = entry(appointment, role) if role else None
        uid = told.entry.uid if told else _uid(letterhead.organiser, appointment, key[1])
        wanted = _wanted(appointment, key[1], person, role, letterhead, standing, uid) if role and standing else None
        if wanted and not is_usable_address(person.address):
            found.unreachable[key[1]] = person
            continue
        due = wanted
        if told:
            due = _update(told, wanted, stamp) if wanted else _cancellation(told, appointment, role, now, stamp)
            if again and due is None and told.entry.ends > now:
                due = told
        if due:
            found.due.append(due)
    return found


def _standing_entry(
    appointment: Appointment, role: InvitationRole, letterhead: Letterhead, now: datetime, stamp: datetime
) -> CalendarEntry | None:
    """Return what calendars should show, whatever was sent before; None for a session that is over or has no date."""
    entry = make_calendar_entry(
        appointment,
        uid="",
        sequence=0,
        stamped=stamp,
        summary=calendar_title(appointment, role),
        description=calendar_description(appointment, letterhead, role),
    )
    return entry if entry and entry.ends > now and appointment.state.bookable else None


def _wanted(
    appointment: Appointment,
    person_id: int,
    person: MailAddress,
    role: InvitationRole,
    letterhead: Letterhead,
    entry: CalendarEntry,
    uid: str,
) -> DueInvitation:
    """Return the invitation that a person's calendar should show; only the UID depends on what was sent."""
    return DueInvitation(
        invitation_id=None,
        session_id=appointment.session_id,
        session=appointment.number,
        person_id=person_id,
        role=role,
        method=InvitationMethod.REQUEST,
        organiser=letterhead.organiser,
        attendee=person,
        entry=replace(entry, uid=uid),
        reason=NEW_BOOKING,
    )


def _update(told: DueInvitation, wanted: DueInvitation, stamp: datetime) -> DueInvitation | None:
    """Return the invitation that brings a calendar from what it was told to what is wanted; None if they are equal."""
    again = told.method is InvitationMethod.CANCEL
    raising = INVITED_AGAIN if again else _moved(told.entry, wanted.entry)
    reason = raising or _changed(told, wanted)
    if not reason:
        return None
    sequence = told.entry.sequence + (1 if raising else 0)
    return replace(
        wanted,
        invitation_id=told.invitation_id,
        # Clients find their entry by UID and ORGANIZER, so an update keeps the old mailbox even if the policy names
        # another.
        organiser=wanted.organiser if again else told.organiser,
        entry=replace(wanted.entry, sequence=sequence, stamped=_newer(stamp, told.entry)),
        reason=reason,
    )


def _cancellation(
    told: DueInvitation, appointment: Appointment, role: InvitationRole | None, now: datetime, stamp: datetime
) -> DueInvitation | None:
    """Return the cancellation that removes a coming entry from a calendar; None if there is none to remove."""
    if told.method is InvitationMethod.CANCEL or told.entry.ends <= now:
        return None
    if appointment.state is EventState.CANCELLED:
        reason = "event cancelled"
    elif role is None:
        reason = "no longer facilitating" if told.role is InvitationRole.FACILITATOR else "place cancelled"
    elif appointment.state is EventState.DRAFT:
        reason = "event is a draft again"
    elif appointment.date is None:
        reason = "date to be confirmed again"
    else:
        reason = f"took place on {format_date(appointment.date)}"
    entry = replace(
        told.entry,
        sequence=told.entry.sequence + 1,
        stamped=_newer(stamp, told.entry),
        status=EntryStatus.CANCELLED,
        description=f"{appointment.event}: {reason}.",
    )
    return replace(told, method=InvitationMethod.CANCEL, entry=entry, reason=reason)


def _moved(told: CalendarEntry, entry: CalendarEntry) -> str:
    """Return a reason that names the old date, time or place; empty when none of them changed."""
    before = []
    if (told.starts, told.ends) != (entry.starts, entry.ends):
        before.append(entry_date_and_time(told))
    if told.place != entry.place:
        before.append(told.place or "a place to be confirmed")
    return f"moved from {', '.join(before)}" if before else ""


def _changed(told: DueInvitation, wanted: DueInvitation) -> str:
    """Return what else differs from what was sent, in words."""
    differences = (
        (told.attendee.address != wanted.attendee.address, "e-mail address changed"),
        (told.entry.status is not wanted.entry.status, f"now {wanted.entry.status.value.lower()}"),
        (told.entry.summary != wanted.entry.summary, "title changed"),
        (_standing(told.entry.description) != _standing(wanted.entry.description), "details changed"),
    )
    return ", ".join(words for different, words in differences if different)


def _newer(stamp: datetime, told: CalendarEntry) -> datetime:
    """Return a stamp later than what was sent, even if the clock went back.

    Calendars drop anything older than what they hold.
    """
    return max(stamp, told.stamped + timedelta(seconds=1))


def _uid(organiser: MailAddress, appointment: Appointment, person_id: int) -> str:
    """Return the UID of a new invitation, which the ledger keeps from then on.

    RFC 7986, section 5.3, wants nothing readable in it. It depends on neither chance nor clock, so that a database
    restored from a backup updates the entries in calendars and does not add to them.
    """
    named = f"{organiser.address}/{appointment.event}/{appointment.number}/{appointment.date}/{person_id}"
    return str(uuid5(_OURS, named))


def feed_uid(appointment: Appointment) -> str:
    """Return the UID of a session in feeds, equal in every feed and edition."""
    return str(uuid5(_OURS, f"feed/{appointment.event}/{appointment.number}"))


_OURS = UUID("5f2c1c0e-7d6b-4f0a-9d51-0c8f3a6be217")


def ledger_line(due: DueInvitation) -> Invitation:
    """Return an invitation as the ledger stores it.

    From it the next run can tell what changed, and a CANCEL can repeat it. The id is 0 where there is no line yet.
    `place_and_time` is `2017-07-20T10:00:00/2017-07-20T13:00:00 Grimsby Town Hall`; `content` holds the two addresses,
    status and title, a line each, and then the description.
    """
    entry = due.entry
    return Invitation(
        id=due.invitation_id or 0,
        session_id=due.session_id,
        person_id=due.person_id,
        uid=entry.uid,
        sequence=entry.sequence,
        method=due.method,
        role=due.role,
        place_and_time=f"{entry.starts.isoformat()}/{entry.ends.isoformat()} {entry.place}",
        content="\n".join(
            (due.organiser.address, due.attendee.address, entry.status, entry.summary, entry.description)
        ),
        stamped=entry.stamped,
        partstat=PartStat.NEEDS_ACTION,
    )


def _as_sent(line: Invitation, appointment: Appointment, person: MailAddress, letterhead: Letterhead) -> DueInvitation:
    """Return the invitation that a line of the ledger describes."""
    organiser, attendee, firmness, title, told = line.content.split("\n", 4)
    times, _, where = line.place_and_time.partition(" ")
    starts, _, ends = times.partition("/")
    return DueInvitation(
        invitation_id=line.id,
        session_id=line.session_id,
        session=appointment.number,
        person_id=line.person_id,
        role=line.role,
        method=line.method,
        organiser=MailAddress(letterhead.organiser.name, organiser),
        attendee=MailAddress(person.name, attendee),
        entry=CalendarEntry(
            uid=line.uid,
            sequence=line.sequence,
            stamped=line.stamped,
            starts=datetime.fromisoformat(starts),
            ends=datetime.fromisoformat(ends),
            place=where,
            status=EntryStatus(firmness),
            summary=title,
            description=told,
        ),
        reason=WRITTEN_AGAIN,
    )


def invitation_type(due: DueInvitation) -> str:
    """Return the word for what a mail brings: Invitation, Update or Cancelled."""
    if due.method is InvitationMethod.CANCEL:
        return "Cancelled"
    return "Invitation" if due.reason in (NEW_BOOKING, INVITED_AGAIN, WRITTEN_AGAIN) else "Update"


def invitation_letter_values(due: DueInvitation, organiser: str) -> dict[str, str]:
    """Return the values for the letter of an invitation, for people without a calendar."""
    entry = due.entry
    return {
        "what": invitation_type(due),
        "session": entry.summary,
        "when": entry_date_and_time(entry),
        "where": entry.place,
        "details": entry.description,
        "name": due.attendee.name,
        "organiser": organiser,
        "forename": due.attendee.name.partition(" ")[0],
    }


def entry_date_and_time(entry: CalendarEntry) -> str:
    """Return the date and times of an entry: `Thu 20 Jul 2017 10:00-13:00`."""
    return f"{format_date(entry.starts)} {format_times(entry.starts.time(), entry.ends.time())}"


def calendar_title(appointment: Appointment, role: InvitationRole) -> str:
    """Return the title in calendars: the event's, with the module where there is more than one session."""
    said = appointment.title
    if appointment.of > 1:
        said += f": {appointment.module or f'session {appointment.number}'}"
    return _line(f"{said} (facilitating)" if role is InvitationRole.FACILITATOR else said)


def make_calendar_entry(
    appointment: Appointment, *, uid: str, sequence: int, stamped: datetime, summary: str, description: str
) -> CalendarEntry | None:
    """Return a session as an entry of a calendar; None while its date is to be confirmed."""
    if not (appointment.starts and appointment.ends):
        return None
    return CalendarEntry(
        uid=uid,
        sequence=sequence,
        stamped=stamped,
        starts=appointment.starts,
        ends=appointment.ends,
        place=_line(", ".join(filter(None, (appointment.venue, appointment.room, appointment.postcode)))),
        status=EntryStatus.TENTATIVE if appointment.state is EventState.TENTATIVE else EntryStatus.CONFIRMED,
        summary=summary,
        description=description,
    )


def event_session_label(appointment: Appointment) -> str:
    """Return a line such as `BR-03, session 2 of 3.`"""
    return (
        f"{appointment.event}, session {appointment.number} of {appointment.of}."
        if appointment.of > 1
        else f"{appointment.event}."
    )


def calendar_description(appointment: Appointment, letterhead: Letterhead, role: InvitationRole) -> str:
    """Return the description in calendars: joining instructions, links, documents and how to cancel.

    Joining instructions are given once the event is confirmed; a facilitator reads how many are on the register.
    """
    paragraphs = [event_session_label(appointment)]
    if role is InvitationRole.FACILITATOR:
        paragraphs.append(f"{_REGISTER}{appointment.register} of {appointment.places} places.")
    if appointment.state is not EventState.CONFIRMED:
        paragraphs.append("Joining instructions follow when the event is confirmed.")
    elif appointment.address or appointment.notes:
        paragraphs.append("\n".join(filter(None, ("Joining instructions:", appointment.address, appointment.notes))))
    # A document without an address was never handed over, so nobody could open it.
    links = [f"- {each.title}: {each.address}" for each in letterhead.resources if each.address]
    if links:
        paragraphs.append("\n".join(("Links and documents:", *links)))
    paragraphs.append(letterhead.how_to_cancel)
    return "\n\n".join(paragraphs)


_REGISTER = "On the register: "


def _standing(description: str) -> str:
    """Return a description without the number on the register, which alone is no reason to send an update."""
    return "\n\n".join(each for each in description.split("\n\n") if not each.startswith(_REGISTER))


def is_usable_address(address: str) -> bool:
    """Return whether mail can be sent to an address: RFC 5322's dot-atom, without quotes, comments or accents."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def _line(text: str) -> str:
    return " ".join(text.split())
