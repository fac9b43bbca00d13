"""Reads replies to invitations from calendar files and mails, including badly written ones.

A coordinator's mailbox holds mail from strangers, so every size is limited before anything is parsed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar, Component, Event

from db.records.mail import Reply, UnreadableReply
from exports.ical import strip_control_characters

LARGEST_MAIL = 30_000_000
"""The most bytes of a message that is read."""
LARGEST_CALENDAR = 500_000
"""The most bytes of a calendar file; a reply has about two thousand."""
MOST_EVENTS = 200
"""The most events read from one file: a reply holds one, a calendar of one person's replies some dozens."""
MOST_PARTS = 500
MOST_BOUNDARIES = 5_000
"""The most lines of a mail that may separate its parts, checked before it is parsed."""
_DEEPEST = 50
_LONGEST = 500
"""The most characters of an address or identifier."""
Found = Reply | UnreadableReply


def parse_replies(source: str, data: bytes) -> list[Found]:
    """Return the replies in a calendar file or a mail; without any, one UnreadableReply that says why."""
    if len(data) > LARGEST_MAIL:
        return [UnreadableReply(source, f"larger than {LARGEST_MAIL // 1_000_000} MB")]
    if not data.strip():
        return [UnreadableReply(source, "empty")]
    if _is_calendar(data):
        return _calendar(source, data)
    return _mail(source, data)


def _mail(source: str, data: bytes) -> list[Found]:
    lower = data.lower()
    if not any(word in lower for word in (b"text/calendar", b"/ics", b".ics")):
        return [
            UnreadableReply(source, NO_CALENDAR)
        ]  # most mail is of this kind, and parsing it takes a hundred times as long
    if lower.count(b"\n--") > MOST_BOUNDARIES:
        return [UnreadableReply(source, str(_TooManyParts()))]
    found: list[Found] = []
    seen: set[bytes] = set()
    try:
        for content, sender in _calendars_of(message_from_bytes(data, policy=policy.default)):
            if content not in seen:  # the same bytes come as an alternative and as a file
                seen.add(content)
                found += _calendar(source, content, sender)
    except _TooManyParts as problem:
        return [UnreadableReply(source, str(problem))]
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, IndexError):
        # The library raises all of these for heads that no mail program would write.
        return [UnreadableReply(source, "an e-mail that cannot be read")]
    # A reply often carries the invitation as well: only the reply counts then.
    replies = [each for each in found if isinstance(each, Reply)]
    answers = [each for each in replies if each.method not in ("REQUEST", "CANCEL", "PUBLISH")]
    return [*(answers or replies or found)] or [UnreadableReply(source, NO_CALENDAR)]


NO_CALENDAR = "has no calendar"


class _TooManyParts(ValueError):
    """A mail with more parts than any mail program makes."""

    def __init__(self) -> None:
        super().__init__("has too many parts inside each other")


def _calendars_of(mail: EmailMessage) -> Iterator[tuple[bytes, str]]:
    """Yield the calendar files of a mail, forwarded ones included, each with the sender of its mail."""
    waiting: list[tuple[Any, int, str]] = [(mail, 0, _sender(mail))]
    parts = 0
    while waiting:
        part, depth, sender = waiting.pop(0)
        parts += 1
        if parts > MOST_PARTS or depth > _DEEPEST:
            raise _TooManyParts()
        if part.is_multipart():
            forwarded = part.get_content_type() == "message/rfc822"
            waiting += [(each, depth + 1, _sender(each) if forwarded else sender) for each in part.get_payload()]
        elif _may_be_calendar(part):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                yield _utf8(content, str(part.get_param("charset") or "")), sender


def _sender(mail: Any) -> str:
    """Return the one address a mail is from; empty where it names none or several, or is ambiguous."""
    heads = mail.get_all("From") or []
    addresses = [each.addr_spec for head in heads if not head.defects for each in head.addresses]
    return strip_control_characters(addresses[0]).strip()[:_LONGEST] if len(heads) == len(addresses) == 1 else ""


def _may_be_calendar(part: Any) -> bool:
    kind = part.get_content_type()
    return kind in ("text/calendar", "application/ics") or str(part.get_filename() or "").lower().endswith(".ics")


def _is_calendar(data: bytes) -> bool:
    return _utf8(data[:400], "").lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def _utf8(data: bytes, charset: str) -> bytes:
    """Return the bytes without a byte order mark and as UTF-8, which the standard requires and not every program
    writes."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").encode()
    for encoding in ("utf-8", charset, "cp1252"):
        try:
            return data.decode(encoding).encode()
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1").encode()


def _calendar(source: str, data: bytes, sender: str | None = None) -> list[Found]:
    if len(data) > LARGEST_CALENDAR:
        return [UnreadableReply(source, f"a calendar larger than {LARGEST_CALENDAR // 1_000} kB")]
    essence = _essence(_utf8(data, ""))
    if essence.count(b"BEGIN:VEVENT") > MOST_EVENTS:
        return [UnreadableReply(source, f"a calendar with more than {MOST_EVENTS} events")]
    try:
        calendars: Any = Calendar.from_ical(essence, multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError):
        # icalendar raises ValueError for files it refuses, and the others for cases it does not expect.
        return [UnreadableReply(source, "a calendar that cannot be read")]
    found = [each for calendar in calendars if isinstance(calendar, Component) for each in _answers(source, calendar)]
    found = [replace(each, sender=sender) if isinstance(each, Reply) else each for each in found]
    return found or [UnreadableReply(source, "a calendar without an event")]


_KEPT = (b"METHOD", b"UID", b"DTSTAMP", b"SEQUENCE", b"ATTENDEE")


def _essence(data: bytes) -> bytes:
    """Return the lines that say who replies what, without the rest of the file.

    The rest could only cause faults: time zones named by Windows or made by Outlook, descriptions broken without
    folding,
    and anything written to keep a parser busy.
    """
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    lines: list[bytes] = []
    inside: list[bytes] = []
    for line in text.split(b"\n"):
        name = line.partition(b":")[0].partition(b";")[0].strip().upper()
        if name in (b"BEGIN", b"END"):
            kind = line.partition(b":")[2].strip().upper()
            if name == b"BEGIN":
                inside.append(kind)
            elif kind in inside:
                while inside.pop() != kind:
                    pass
            if kind in (b"VCALENDAR", b"VEVENT"):
                lines.append(name + b":" + kind)
        elif name in _KEPT and inside and inside[-1] == (b"VCALENDAR" if name == b"METHOD" else b"VEVENT"):
            lines.append(line.strip())
    return b"\r\n".join([*lines, b""])


def _answers(source: str, calendar: Component) -> Iterator[Found]:
    method = _text(calendar.get("METHOD")).upper()
    for event in calendar.subcomponents:
        if isinstance(event, Event):
            yield from _answers_of(source, method, event)


def _answers_of(source: str, method: str, event: Component) -> Iterator[Found]:
    """Yield a reply for each attendee; the organiser is not needed, since Outlook leaves it out."""
    uid = _text(event.get("UID"))
    if not uid:
        yield UnreadableReply(source, "an event without a UID")
        return
    stamped = _stamp(event)
    if stamped is None:
        yield UnreadableReply(source, "an event without a time stamp")
        return
    attendees = event.get("ATTENDEE")
    if not attendees:
        yield UnreadableReply(source, "a reply that does not say who it is from")
        return
    for each in (attendees if isinstance(attendees, list) else [attendees])[:MOST_EVENTS]:
        parameters = getattr(each, "params", {})
        answer = _text(parameters.get("PARTSTAT")).upper() or "NEEDS-ACTION"
        yield Reply(source, method, uid, _address(each, parameters), answer, _sequence(event), stamped)


def _address(value: object, parameters: Any) -> str:
    """Return the e-mail address of an attendee.

    A calendar server may name a person by an address of its own and give the e-mail as a parameter.
    """
    address = _text(value)
    scheme, colon, rest = address.partition(":")
    if colon and scheme.strip().lower() == "mailto":
        return rest.strip().partition("?")[0]
    return _text(parameters.get("EMAIL")) or address


def _sequence(event: Component) -> int:
    """Return the sequence number, 0 where there is none (RFC 5545, section 3.8.7.4)."""
    text = _text(event.get("SEQUENCE"))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _stamp(event: Component) -> datetime | None:
    """Return when the reply was given, in UTC; a stamp without a zone is taken as UTC, which the standard requires."""
    try:
        moment = getattr(event.get("DTSTAMP"), "dt", None)
        if not isinstance(moment, datetime):
            return None
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return None
    return moment.replace(microsecond=0)


def _text(value: object) -> str:
    """Return one line without control characters, of limited length; of a repeated property, the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(strip_control_characters(str(value or "")).split())[:_LONGEST]
