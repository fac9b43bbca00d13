"""iCalendar: invitations (RFC 5546 REQUEST and CANCEL) and feeds, which have no METHOD. Same input, same bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText

from db.records.mail import CalendarEntry, InvitationMethod, MailAddress
from exports.unsafe_characters import make_unsafe_table

PRODUCT = "-//Creating Strong Communities//csc-tui//EN"
LONDON = "Europe/London"
REFRESH = timedelta(hours=12)

# icalendar's own VTIMEZONE lists transitions with a wrong onset: Thunderbird and ical.js then show winter sessions an
# hour early. These two rules have held since 1996, and every client tried reads them right
# (INVITATIONS.md, rule 1).
_LONDON_RULES = b"""BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19700329T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
WITHOUT_METHOD = "no METHOD:PUBLISH (RFC 5546 3.2.1)"
"""Says in the feed itself why it has no METHOD, for scripts and people who look for the one that earlier feeds had."""


def render_invitation(
    entry: CalendarEntry, *, method: InvitationMethod, organiser: MailAddress, attendee: MailAddress, zone: str
) -> bytes:
    """Return the invitation of one person to one session; `zone` is the council's, in which the entry's times are."""
    event = _event(entry, zone, busy=True)
    event.add("organizer", _address(organiser))
    guest = _address(attendee)
    guest.params["CUTYPE"] = "INDIVIDUAL"
    guest.params["ROLE"] = "REQ-PARTICIPANT"
    if method is InvitationMethod.REQUEST:
        guest.params["PARTSTAT"] = "NEEDS-ACTION"
        guest.params["RSVP"] = "TRUE"
    event.add("attendee", guest)
    return _bytes(_calendar(method.value), zone, [event])


def render_feed(entries: Iterable[CalendarEntry], *, name: str, busy: bool, zone: str) -> bytes:
    """Return a calendar to subscribe to, without anybody's address; `busy` sessions show the reader as busy.

    It has no METHOD: PUBLISH wants an ORGANIZER (RFC 5546, section 3.2.1), which a calendar without attendees may not
    have (RFC 5545, section 3.8.4.3), and Outlook would take the file for an invitation.
    """
    calendar = _calendar("")
    # icalendar escapes these two only if told that they are text.
    calendar.add("name", vText(_line(name)))
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add("x-csc-tui-feed", vText(WITHOUT_METHOD))
    return _bytes(calendar, zone, (_event(entry, zone, busy=busy) for entry in entries))


def render_calendar_object(entry: CalendarEntry, *, zone: str) -> bytes:
    """Return one session as a calendar server stores it: an object of its own, without a METHOD (RFC 4791, section
    4.1)."""
    return _bytes(_calendar(""), zone, [_event(entry, zone, busy=False)])


def is_same_event(one: bytes, other: bytes) -> bool:
    """Return whether two calendar files describe one event alike, apart from their spelling and time stamps."""
    try:
        return _comparable(one) == _comparable(other)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        return False  # a file that icalendar cannot read describes no event


def _comparable(data: bytes) -> list[list[tuple[str, str]]]:
    """Return the sorted properties of each part of the events, with instants in UTC."""
    parts = [part for event in Calendar.from_ical(data).walk("VEVENT") for part in event.walk()]
    return [
        sorted(
            (name, _value(value))
            for name, value in part.property_items(recursive=False)
            if name not in ("CREATED", "LAST-MODIFIED", "DTSTAMP") and not name.startswith("X-")
        )
        for part in parts
    ]


def _value(value: Any) -> str:
    if hasattr(value, "dt"):
        return str(value.dt.astimezone(UTC))
    return value.to_ical().decode() if hasattr(value, "to_ical") else str(value)


def is_feed(data: bytes) -> bool:
    """Return whether the file is a feed that this program made; earlier versions gave theirs a METHOD."""
    head = data.partition(b"BEGIN:VEVENT")[0]
    return head.startswith(b"BEGIN:VCALENDAR\r\n") and all(
        line in head for line in (f"PRODID:{PRODUCT}".encode(), b"X-PUBLISHED-TTL:")
    )


def is_copy_of_invitation(data: bytes, entry: CalendarEntry) -> bool:
    """Return whether the file is an earlier copy of the same invitation, with the same sequence number."""
    lines = data.split(b"\r\n")
    return f"UID:{entry.uid}".encode() in lines and f"SEQUENCE:{entry.sequence}".encode() in lines


def strip_control_characters(text: str) -> str:
    """Return the text without characters a calendar or mail must not hold: controls, direction overrides, lone
    surrogates.

    icalendar lets ESC and NUL through, and stops at a lone CR with an AssertionError.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED)


_UNWANTED = {
    **make_unsafe_table("", {"\t": " ", "\n": "\n", "\u2028": "\n", "\u2029": "\n"}),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
}


def _line(text: str) -> str:
    return " ".join(strip_control_characters(text).split())


def _calendar(method: str) -> Calendar:
    # Calendar.new() would add a new UID at each call.
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


@cache
def _london() -> bytes:
    """Return the definition of London's time zone; cached, because parsing it takes longer than writing an
    invitation."""
    rules: bytes = Timezone.from_ical(_LONDON_RULES).to_ical()
    return rules


def _event(entry: CalendarEntry, zone: str, *, busy: bool) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped.replace(tzinfo=UTC))
    event.add("dtstart", _moment(entry.starts, zone))
    event.add("dtend", _moment(entry.ends, zone))
    event.add("summary", _line(entry.summary))
    if entry.place:
        event.add("location", _line(entry.place))
    event.add("description", strip_control_characters(entry.description))
    event.add("status", entry.status.value)
    event.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    return event


def _moment(wall_clock: datetime, zone: str) -> datetime:
    """Return the moment in London's zone, whose rules the file includes; of any other zone in UTC, which needs none."""
    moment = wall_clock.replace(tzinfo=ZoneInfo(zone))
    return moment if zone == LONDON else moment.astimezone(UTC)


def _address(mailbox: MailAddress) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.address}")
    # A parameter cannot hold a quotation mark in RFC 5545, and few clients read RFC 6868's way to write one.
    address.params["CN"] = _line(mailbox.name).replace('"', "'") or mailbox.address
    return address


def _bytes(calendar: Calendar, zone: str, events: Iterable[Event]) -> bytes:
    """Return the calendar with its time zone, then its events, before its last line."""
    empty: bytes = calendar.to_ical()
    parts = [empty.removesuffix(_END), _london() if zone == LONDON else b""]
    parts += [event.to_ical() for event in events]
    return b"".join([*parts, _END])


_END = b"END:VCALENDAR\r\n"
