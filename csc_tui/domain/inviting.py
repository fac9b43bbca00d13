"""Which invitations are due and why: what should stand in each calendar, against what the ledger says was sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from csc_tui.text import show_date, show_times
from db.records import (
    CalendarEntry,
    EntryStatus,
    EventState,
    Invitation,
    InvitationRole,
    Mailbox,
    Meeting,
    Method,
    Resource,
)

INVITED_AGAIN = "invited again"

Key = tuple[int, int]
"""Session id and person id."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all invitations of an event have in common."""

    organiser: Mailbox
    how_to_cancel: str
    resources: Sequence[Resource] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """One invitation to write. `invitation_id` is its line in the ledger, None when it is the first of its kind."""

    invitation_id: int | None
    session_id: int
    session: int
    person_id: int
    role: InvitationRole
    method: Method
    organiser: Mailbox
    attendee: Mailbox
    entry: CalendarEntry
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due, by name and session; and the people who would be invited if their e-mail address could be used."""

    due: list[Due]
    unreachable: dict[int, Mailbox]


def plan(
    meetings: Sequence[Meeting],
    invited: Mapping[Key, InvitationRole],
    people: Mapping[int, Mailbox],
    ledger: Sequence[Invitation],
    letterhead: Letterhead,
    *,
    now: datetime,
    stamp: datetime,
    again: bool = False,
) -> Plan:
    """What is due for one event at `now` (wall-clock), stamped no earlier than `stamp` (UTC).

    `invited` are those who hold a place, `people` they and all in the ledger. With `again`, what was sent and still
    holds is written once more just as it was. A draft's, a delivered and a closed event's calendars are left alone.
    """
    found = Plan([], {})
    meeting_of = {meeting.session_id: meeting for meeting in meetings}
    sent = {(line.session_id, line.person_id): line for line in ledger}

    def by_name(key: Key) -> tuple[str, int, int]:
        return people[key[1]].name.casefold(), key[1], meeting_of[key[0]].number

    for key in sorted(invited.keys() | sent.keys(), key=by_name):
        meeting, person, role, last = meeting_of[key[0]], people[key[1]], invited.get(key), sent.get(key)
        if not (meeting.state.bookable or meeting.state is EventState.CANCELLED):
            continue
        if role and meeting.state.bookable and meeting.ends and meeting.ends > now:
            if usable(person.address):
                each = _request(meeting, key[1], person, role, last, letterhead, stamp)
            else:
                found.unreachable[key[1]] = person
                continue
        else:
            each = _cancel(meeting, person, role, last, letterhead, now, stamp) if last else None
        if each is None and again and last and (last.method is Method.CANCEL or role) and _ends(last) > now:
            each = _as_sent(meeting, person, last, letterhead.organiser.name)
        if each:
            found.due.append(each)
    return found


def _request(
    meeting: Meeting,
    person_id: int,
    person: Mailbox,
    role: InvitationRole,
    last: Invitation | None,
    letterhead: Letterhead,
    stamp: datetime,
) -> Due | None:
    assert meeting.starts
    assert meeting.ends
    if last is None:
        told = None
        organiser, reason, sequence = letterhead.organiser, "new booking", 0
    else:
        told = _as_sent(meeting, person, last, letterhead.organiser.name)
        organiser, reason, sequence = told.organiser, "", last.sequence
    entry = CalendarEntry(
        uid=last.uid if last else _uid(letterhead.organiser, meeting, person_id),
        sequence=sequence,
        stamped=_newer(stamp, last),
        starts=meeting.starts,
        ends=meeting.ends,
        place=place(meeting),
        status=status(meeting),
        summary=summary(meeting, role),
        description=description(meeting, letterhead),
    )
    if told and told.method is Method.CANCEL:
        # Calendars no longer hold the entry, so it may come from a new mailbox; one they hold is matched by ORGANIZER.
        organiser, reason, entry = letterhead.organiser, INVITED_AGAIN, replace(entry, sequence=sequence + 1)
    elif told and (reason := _moved(told.entry, entry)):
        entry = replace(entry, sequence=sequence + 1)
    elif told:
        reason = _changed(told, entry, person)
    if not reason:
        return None
    invitation_id = last.id if last else None
    return Due(
        invitation_id, meeting.session_id, meeting.number, person_id, role, Method.REQUEST, organiser, person, entry,
        reason,
    )  # fmt: skip


def _cancel(
    meeting: Meeting,
    person: Mailbox,
    role: InvitationRole | None,
    last: Invitation,
    letterhead: Letterhead,
    now: datetime,
    stamp: datetime,
) -> Due | None:
    told = _as_sent(meeting, person, last, letterhead.organiser.name)
    if told.method is Method.CANCEL or told.entry.ends <= now:
        return None
    if meeting.state is EventState.CANCELLED:
        reason = "event cancelled"
    elif role is None:
        reason = "no longer facilitates" if told.role is InvitationRole.FACILITATOR else "place given up"
    elif meeting.date is None:
        reason = "date to be confirmed again"
    else:
        reason = f"took place on {show_date(meeting.date)}"
    entry = replace(
        told.entry,
        sequence=last.sequence + 1,
        stamped=_newer(stamp, last),
        status=EntryStatus.CANCELLED,
        description=f"{meeting.event}: {reason}.",
    )
    return replace(told, method=Method.CANCEL, entry=entry, reason=reason)


def _moved(told: CalendarEntry, entry: CalendarEntry) -> str:
    """From where, when date, time or place changed."""
    before = []
    if (told.starts, told.ends) != (entry.starts, entry.ends):
        before.append(when(told))
    if told.place != entry.place:
        before.append(told.place or "a place to be confirmed")
    return f"moved from {', '.join(before)}" if before else ""


def _changed(told: Due, entry: CalendarEntry, person: Mailbox) -> str:
    """What else is different from what was sent."""
    differences = (
        (told.attendee.address != person.address, "e-mail address changed"),
        (told.entry.status is not entry.status, f"now {entry.status.value.lower()}"),
        (told.entry.summary != entry.summary, "title changed"),
        (told.entry.description != entry.description, "details changed"),
    )
    return ", ".join(words for different, words in differences if different)


def _newer(stamp: datetime, last: Invitation | None) -> datetime:
    """Never before what was sent last, though clocks go backwards: calendars drop what is older than what they hold."""
    return max(stamp, last.stamped + timedelta(seconds=1)) if last else stamp


def _uid(organiser: Mailbox, meeting: Meeting, person_id: int) -> str:
    """Made once, then kept in the ledger. RFC 7986, section 5.3, wants nothing readable in it.

    No chance and no clock, so that a database brought back from a backup, sending anew, updates what calendars hold.
    """
    named = f"{organiser.address}/{meeting.event}/{meeting.number}/{meeting.date}/{person_id}"
    return str(uuid5(_OURS, named))


def feed_uid(meeting: Meeting) -> str:
    """The same for a session in every feed, wherever and whenever it is held."""
    return str(uuid5(_OURS, f"feed/{meeting.event}/{meeting.number}"))


_OURS = UUID("5f2c1c0e-7d6b-4f0a-9d51-0c8f3a6be217")


# The ledger keeps what was said as text, so that the next run can tell what changed and a CANCEL can repeat it.


def place_and_time(entry: CalendarEntry) -> str:
    """`2017-07-20T10:00:00/2017-07-20T13:00:00 Grimsby Town Hall, Assembly Room`, for the ledger."""
    return f"{entry.starts.isoformat()}/{entry.ends.isoformat()} {entry.place}"


def content(due: Due) -> str:
    """All else that was said, for the ledger: the two addresses, status and summary, a line each; the description."""
    entry = due.entry
    return "\n".join(
        (due.organiser.address, due.attendee.address, entry.status, entry.summary, entry.description)
    )  # fmt: skip


def _as_sent(meeting: Meeting, person: Mailbox, last: Invitation, organiser_name: str) -> Due:
    """The ledger's line as it was written."""
    organiser, attendee, firmness, said, told = last.content.split("\n", 4)
    times, _, where = last.place_and_time.partition(" ")
    starts, _, ends = times.partition("/")
    return Due(
        invitation_id=last.id,
        session_id=last.session_id,
        session=meeting.number,
        person_id=last.person_id,
        role=last.role,
        method=last.method,
        organiser=Mailbox(organiser_name, organiser),
        attendee=Mailbox(person.name, attendee),
        entry=CalendarEntry(
            uid=last.uid,
            sequence=last.sequence,
            stamped=last.stamped,
            starts=datetime.fromisoformat(starts),
            ends=datetime.fromisoformat(ends),
            place=where,
            status=EntryStatus(firmness),
            summary=said,
            description=told,
        ),
        reason="written again",
    )


def _ends(last: Invitation) -> datetime:
    return datetime.fromisoformat(last.place_and_time.partition(" ")[0].partition("/")[2])


def subject(due: Due) -> str:
    """What a mail is headed."""
    if due.method is Method.CANCEL:
        kind = "Cancelled"
    else:
        kind = "Invitation" if due.invitation_id is None or due.reason == INVITED_AGAIN else "Update"
    return f"{kind}: {due.entry.summary}, {when(due.entry)}"


def body(due: Due) -> str:
    """What a mail says to who has no calendar."""
    return (
        "\n".join(filter(None, (due.entry.summary, when(due.entry), due.entry.place)))
        + f"\n\n{due.entry.description}\n"
    )


def when(entry: CalendarEntry) -> str:
    """`Thu 20 Jul 2017 10:00-13:00`."""
    return f"{show_date(entry.starts)} {show_times(entry.starts.time(), entry.ends.time())}"


def summary(meeting: Meeting, role: InvitationRole = InvitationRole.LEARNER) -> str:
    """The event's title, with the module where there is more than one session."""
    said = meeting.title
    if meeting.of > 1:
        said += f": {meeting.module or f'session {meeting.number}'}"
    return _line(f"{said} (facilitating)" if role is InvitationRole.FACILITATOR else said)


def place(meeting: Meeting) -> str:
    """Venue, room, postcode: what is known of them."""
    return _line(", ".join(filter(None, (meeting.venue, meeting.room, meeting.postcode))))


def status(meeting: Meeting) -> EntryStatus:
    return EntryStatus.TENTATIVE if meeting.state is EventState.TENTATIVE else EntryStatus.CONFIRMED


def numbered(meeting: Meeting) -> str:
    """`BR-03, session 2 of 3.`"""
    return f"{meeting.event}, session {meeting.number} of {meeting.of}." if meeting.of > 1 else f"{meeting.event}."


def description(meeting: Meeting, letterhead: Letterhead) -> str:
    """Joining instructions once the event is confirmed, links and documents, how to cancel."""
    paragraphs = [numbered(meeting)]
    if meeting.state is not EventState.CONFIRMED:
        paragraphs.append("Joining instructions follow when the event is confirmed.")
    elif meeting.address or meeting.notes:
        paragraphs.append("\n".join(filter(None, ("Joining instructions:", meeting.address, meeting.notes))))
    # A document whose file was never handed over has no address: nobody could open it.
    links = [f"- {each.title}: {each.address}" for each in letterhead.resources if each.address]
    if links:
        paragraphs.append("\n".join(("Links and documents:", *links)))
    paragraphs.append(letterhead.how_to_cancel)
    return "\n\n".join(paragraphs)


def usable(address: str) -> bool:
    """Whether mail can be addressed to it as it stands: RFC 5322's dot-atom, without quotes, comments or accents."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def _line(text: str) -> str:
    return " ".join(text.split())
