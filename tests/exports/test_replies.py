"""Answers as calendar programs really write them; the numbers are those of exports/INVITATIONS.md."""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records.mail import Reply, UnreadableReply
from exports import mail_files, replies

OUTLOOK = """\
BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=DECLINED;CN=Siobhán O'Neil:MAILTO:Siobhan@Example.org
COMMENT;LANGUAGE=en-GB:Sorry
 , on leave\\n
UID:5f2c1c0e-7d6b-5f0a-9d51-0c8f3a6be217
SUMMARY;LANGUAGE=en-GB:Declined: Being Restorative: Module 2
DTSTART;TZID=GMT Standard Time:20170720T100000
DTEND;TZID=GMT Standard Time:20170720T130000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20170411T080000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:3
X-MICROSOFT-CDO-APPT-SEQUENCE:3
BEGIN:VALARM
UID:another
ATTENDEE:mailto:other@example.org
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""
GOOGLE = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20170720T090000Z
DTEND:20170720T120000Z
DTSTAMP:20170411T080000Z
ORGANIZER;CN=Creating Strong Communities:mailto:csc.training@example.org
UID:5f2c1c0e-7d6b-5f0a-9d51-0c8f3a6be217
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN="O'Neil,
  Siobhán: work";X-NUM-GUESTS=0:mailto:siobhan@example.org
SEQUENCE:3
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""
UID, STAMP = "5f2c1c0e-7d6b-5f0a-9d51-0c8f3a6be217", datetime(2017, 4, 11, 8)


def ics(*lines: str, method: str = "REPLY") -> bytes:
    usual = ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "")
    return "\r\n".join(usual).encode()


def one(data: bytes) -> Reply:
    (found,) = replies.parse_replies("a.ics", data)
    assert isinstance(found, Reply), found
    return found


def why(data: bytes) -> str:
    (found,) = replies.parse_replies("a.ics", data)
    assert isinstance(found, UnreadableReply), found
    return found.why


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_12_outlooks_answer_without_an_organizer_and_with_a_windows_zone(ends: str, encoding: str) -> None:
    data = OUTLOOK.replace("\n", ends).encode(encoding)
    assert one(data) == Reply("a.ics", "REPLY", UID, "Siobhan@Example.org", "DECLINED", 3, STAMP)


def test_12_googles_answer_with_a_name_that_is_folded_and_quoted() -> None:
    assert one(GOOGLE.replace("\n", "\r\n").encode()) == Reply(
        "a.ics", "REPLY", UID, "siobhan@example.org", "ACCEPTED", 3, STAMP
    )


def test_an_address_of_a_server_s_own_with_the_e_mail_beside_it() -> None:
    data = ics("UID:u", "DTSTAMP:20170411T080000Z", "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=ann@example.org:/123/principal/")
    assert one(data).address == "ann@example.org"


def test_a_sequence_that_is_not_said_is_0_and_a_stamp_without_zone_is_utc() -> None:
    found = one(ics("UID:u", "DTSTAMP:20170411T080000", "ATTENDEE;PARTSTAT=accepted:mailto:ann@example.org"))
    assert (found.sequence, found.stamped, found.answer) == (0, STAMP, "ACCEPTED")


@pytest.mark.parametrize("method", ["COUNTER", "REFRESH", "REQUEST", ""])
def test_what_is_no_reply_is_read_with_its_method(method: str) -> None:
    data = ics("UID:u", "DTSTAMP:20170411T080000Z", "ATTENDEE:mailto:ann@example.org", method=method)
    assert (one(data).method, one(data).answer) == (method, "NEEDS-ACTION")


def test_several_events_and_several_calendars_in_one_file() -> None:
    two = ics(
        "UID:u-1", "DTSTAMP:20170411T080000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org", "END:VEVENT",
        "BEGIN:VEVENT", "UID:u-2", "DTSTAMP:20170411T080000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org",
    )  # fmt: skip
    found = replies.parse_replies("a.ics", two + GOOGLE.encode())
    assert [(each.uid, each.answer) for each in found if isinstance(each, Reply)] == [
        ("u-1", "ACCEPTED"), ("u-2", "DECLINED"), (UID, "ACCEPTED"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a calendar without an event"),
        (b"BEGIN:VCALENDAR", "a calendar"),
        (ics("DTSTAMP:20170411T080000Z", "ATTENDEE:mailto:a@b.org"), "an event without a UID"),
        (ics("UID:u", "ATTENDEE:mailto:a@b.org"), "an event without a time stamp"),
        (ics("UID:u", "DTSTAMP:yesterday", "ATTENDEE:mailto:a@b.org"), "an event without a time stamp"),
        (ics("UID:u", "DTSTAMP:20170411T080000Z"), "does not say who it is"),
        (b"Subject: hello\r\n\r\nI cannot come.", "has no calendar"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "has no calendar"),
        (ics("X-NOTE:" + "x" * replies.LARGEST_CALENDAR), "larger than 500 kB"),
        (ics(*["END:VEVENT", "BEGIN:VEVENT"] * 201), "more than 200 events"),
        (b"x" * (replies.LARGEST_MAIL + 1), "larger than 30 MB"),
    ],
    ids=range(13),
)
def test_what_cannot_be_read_says_why(data: Any, said: str) -> None:
    assert said in why(data)


def mail(*calendars: bytes, subject: str = "Declined") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "siobhan@example.org", "csc.training@example.org"
    message.set_content("I cannot come.")
    for calendar in calendars:
        message.add_alternative(calendar, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return message


def test_a_mail_with_the_same_bytes_as_alternative_and_file_is_one_answer() -> None:
    message = mail(GOOGLE.encode())
    message.add_attachment(GOOGLE.encode(), maintype="application", subtype="ics", filename="invite.ics")
    assert one(message.as_bytes()).answer == "ACCEPTED"


def test_of_a_mail_that_also_quotes_the_invitation_the_answer_counts() -> None:
    message = mail(GOOGLE.replace("METHOD:REPLY", "METHOD:REQUEST").encode(), OUTLOOK.encode())
    assert one(message.as_bytes()).answer == "DECLINED"


def test_a_forwarded_answer_is_found_in_the_mail_within() -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd: Declined"
    outer.set_content("See below.")
    outer.add_attachment(mail(OUTLOOK.encode()))
    assert (one(outer.as_bytes()).answer, one(outer.as_bytes()).sender) == ("DECLINED", "siobhan@example.org")


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("Siobhan <siobhan@example.org>", "siobhan@example.org"),
        ("", ""),
        ("<>", ""),
        ("a@example.org, b@example.org", ""),
        ("=?utf-8?q?=C3=A9?= <s@example.org>", "s@example.org"),
        ('"siobhan@example.org" <eve@example.org>', "eve@example.org"),
    ],
)
def test_whom_a_mail_is_from_is_read_with_the_answer(said: str, sender: str) -> None:
    message = mail(GOOGLE.encode())
    data = message.as_bytes().replace(b"From: siobhan@example.org", f"From: {said}".encode())
    assert one(data).sender == sender


def test_a_mail_that_does_not_say_whom_it_is_from_and_a_file_are_two_things() -> None:
    assert one(mail(GOOGLE.encode()).as_bytes().replace(b"From:", b"X-From:")).sender == ""
    assert one(GOOGLE.encode()).sender is None


def test_a_bounce_that_carries_the_invitation_back_is_no_answer() -> None:
    assert one(mail(GOOGLE.replace("METHOD:REPLY", "METHOD:REQUEST").encode()).as_bytes()).method == "REQUEST"


@pytest.mark.parametrize(
    "bomb",
    [
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(3_000)
        ),
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 60_000 + b"--b--",
        b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
    ],
    ids=["deep", "wide", "forwarded"],
)
def test_a_mail_made_to_keep_a_program_busy_is_refused(bomb: Any) -> None:
    assert why(b"X-Note: text/calendar\r\n" + bomb) in (
        "has too many parts inside each other",
        "an e-mail that cannot be read",
        replies.NO_CALENDAR,
    )


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE" + ";A=b" * 100_000 + ":mailto:a@b.org",
        "ATTENDEE;CN=" + '"' * 400_000,
        "UID:" + "u" * 400_000,
        "SEQUENCE:" + "9" * 400_000,
        "DTSTAMP;TZID=" + "x" * 400_000 + ":20170411T080000",
        "\r\n ".join(["DESCRIPTION:x"] * 20_000),
        "BEGIN:VALARM\r\n" * 20_000,
        "END:VALARM\r\n" * 20_000,
    ],
    ids=["parameters", "quotes", "uid", "sequence", "zone", "folds", "begins", "ends"],
)
def test_a_calendar_made_to_keep_a_program_busy_is_read_like_any(line: Any) -> None:
    """Nothing here grows with the square of the length, or this would not end."""
    (found,) = replies.parse_replies(
        "a.ics", ics("UID:u", "DTSTAMP:20170411T080000Z", line, "ATTENDEE:mailto:a@b.org")
    )[:1]
    assert len(str(found)) < 5_000


def test_controls_do_not_come_through() -> None:
    found = one(ics("UID:u\x1b[2J\x9b", "DTSTAMP:20170411T080000Z", "ATTENDEE:mailto:a\x1b]52;c;x\x07@b.org"))
    assert found.uid.isprintable()
    assert found.address.isprintable()


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"BEGIN:VCALENDAR\n", b"Content-Type: text/calendar\n\n"]))
def test_whatever_the_bytes_there_is_an_answer_or_a_reason(data: bytes, before: bytes) -> None:
    assert replies.parse_replies("x", before + data)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["UID", "DTSTAMP", "SEQUENCE", "ATTENDEE", "METHOD"]))
def test_whatever_stands_in_a_property(text: str, name: str) -> None:
    assert replies.parse_replies("x", ics("UID:u", "DTSTAMP:20170411T080000Z", f"{name}:{text}", f"{name};{text}:x"))


def test_a_maildir_is_read_without_being_touched(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(b"one")
    (tmp_path / "cur" / "2.host:2,S").write_bytes(b"two")
    (tmp_path / "tmp" / "3.host").write_bytes(b"half")
    assert [data for _, data in mail_files.read_mail_files(str(tmp_path))] == [b"two", b"one"]
    assert mail_files.is_mail_collection(str(tmp_path))
    assert (tmp_path / "new" / "1.host").exists()


def test_a_plain_folder_gives_its_calendar_files_and_mails_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(b"a")
    (tmp_path / "b.EML").write_bytes(b"b")
    (tmp_path / "notes.txt").write_bytes(b"no")
    (tmp_path / "c.ics").symlink_to(tmp_path / "notes.txt")
    assert [data for _, data in mail_files.read_mail_files(str(tmp_path))] == [b"a", b"b"]


def test_an_mbox_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    path.write_bytes(b"From a Mon\nSubject: 1\n\nx\n>From the start\n\nFrom b Mon\nSubject: 2\n\nhello\n")
    assert list(mail_files.read_mail_files(str(path))) == [
        (f"{path} message 1", b"Subject: 1\n\nx\nFrom the start\n\n"),
        (f"{path} message 2", b"Subject: 2\n\nhello\n"),
    ]
