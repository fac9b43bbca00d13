"""What calendar programs need of the files; the numbers are those of exports/INVITATIONS.md."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component, Timezone

from db.records.mail import CalendarEntry, EntryStatus, InvitationMethod, MailAddress
from exports import ical

ORGANISER = MailAddress("Creating Strong Communities", "csc.training@example.org")
ATTENDEE = MailAddress("Siobhán O'Neil", "siobhan@example.org")
ENTRY = CalendarEntry(
    uid="5f2c1c0e-7d6b-5f0a-9d51-0c8f3a6be217",
    sequence=3,
    stamped=datetime(2017, 4, 10, 8),
    starts=datetime(2017, 7, 20, 10),
    ends=datetime(2017, 7, 20, 13),
    place="Grimsby Town Hall, Assembly Room",
    status=EntryStatus.CONFIRMED,
    summary="Being Restorative: Module 2",
    description="BR-03.\n\nBring a pen; or two, please.",
)


def request(entry: CalendarEntry = ENTRY, **others: Any) -> bytes:
    return ical.render_invitation(
        entry, **{"method": InvitationMethod.REQUEST, "organiser": ORGANISER,
                 "attendee": ATTENDEE, "zone": ical.LONDON, **others}
    )  # fmt: skip


def lines(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def event(data: bytes) -> Component:
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    return found


def test_1_the_time_zone_is_london_by_its_two_rules() -> None:
    read = lines(request())
    start, end = read.index("BEGIN:VTIMEZONE"), read.index("END:VTIMEZONE")
    assert read[start : end + 1] == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/London",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:BST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:GMT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [(25, 9), (26, 8)],  # the clocks went forward in the night to 26 March 2017
)
def test_1_the_rules_in_the_file_give_the_right_instant_on_both_sides_of_the_change_in_march(
    day: int, hour_in_utc: int
) -> None:
    entry = replace(ENTRY, starts=datetime(2017, 3, day, 9), ends=datetime(2017, 3, day, 12))
    (zone,) = Calendar.from_ical(request(entry)).walk("VTIMEZONE")
    by_the_file = zone.to_tz(lookup_tzid=False)  # the rules as written, not what this machine knows of London
    assert entry.starts.replace(tzinfo=by_the_file).astimezone(UTC).hour == hour_in_utc


@pytest.mark.parametrize(("day", "hour_in_utc"), [(28, 8), (29, 9)])
def test_1_and_in_october(day: int, hour_in_utc: int) -> None:
    entry = replace(ENTRY, starts=datetime(2017, 10, day, 9), ends=datetime(2017, 10, day, 12))
    (zone,) = Calendar.from_ical(request(entry)).walk("VTIMEZONE")
    assert entry.starts.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC).hour == hour_in_utc


def test_1_another_council_zone_is_written_in_utc() -> None:
    data = request(zone="America/New_York")
    assert "DTSTART:20170720T140000Z" in lines(data)
    assert b"VTIMEZONE" not in data
    assert b"TZID" not in data


def test_2_times_name_the_zone_that_is_in_the_file() -> None:
    assert {"DTSTART;TZID=Europe/London:20170720T100000", "DTEND;TZID=Europe/London:20170720T130000"} <= {
        *lines(request())
    }
    assert event(request())["DTSTART"].dt == datetime(2017, 7, 20, 10, tzinfo=ZoneInfo("Europe/London"))


def test_3_a_request_holds_one_event() -> None:
    assert request().count(b"BEGIN:VEVENT") == 1


def test_5_the_method_stands_on_the_calendar_and_the_attendee_is_the_recipient_alone() -> None:
    read = lines(request())
    assert read.index("METHOD:REQUEST") < read.index("BEGIN:VEVENT")
    assert sum(line.startswith("METHOD") for line in read) == 1
    (attendee,) = (line for line in read if line.startswith("ATTENDEE"))
    assert attendee == (
        'ATTENDEE;CN="Siobhán O\'Neil";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:'
        "mailto:siobhan@example.org"
    )
    assert 'ORGANIZER;CN="Creating Strong Communities":mailto:csc.training@example.org' in read


def test_5_the_event_says_what_where_and_that_it_takes_time() -> None:
    read = event(request())
    assert (read["SUMMARY"], read["LOCATION"]) == ("Being Restorative: Module 2", "Grimsby Town Hall, Assembly Room")
    assert (read["STATUS"], read["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert read["DESCRIPTION"] == "BR-03.\n\nBring a pen; or two, please."


def test_6_sequence_is_there_from_the_first_and_the_stamp_is_utc() -> None:
    assert "SEQUENCE:0" in lines(request(replace(ENTRY, sequence=0)))
    assert "DTSTAMP:20170410T080000Z" in lines(request())


def test_7_there_is_no_alarm_and_nothing_of_microsofts() -> None:
    assert b"VALARM" not in request()
    assert b"X-MICROSOFT" not in request()


def test_8_a_cancel_names_the_same_parties_and_zone_and_asks_for_no_answer() -> None:
    entry = replace(ENTRY, status=EntryStatus.CANCELLED)
    read, asked = lines(request(entry, method=InvitationMethod.CANCEL)), lines(request())
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", f"UID:{ENTRY.uid}"} <= {*read}
    for name in ("ORGANIZER", "TZID:", "DTSTART;"):
        assert [line for line in read if line.startswith(name)] == [line for line in asked if line.startswith(name)]
    (attendee,) = (line for line in read if line.startswith("ATTENDEE"))
    assert attendee.endswith(":mailto:siobhan@example.org")
    assert "RSVP" not in attendee


def test_9_a_feed_has_a_name_a_rhythm_and_no_addresses() -> None:
    other = replace(ENTRY, uid="another", starts=datetime(2017, 7, 27, 10), ends=datetime(2017, 7, 27, 13))
    read = lines(ical.render_feed([ENTRY, other], name="Strong; Communities, 2017/18", busy=False, zone=ical.LONDON))
    assert {
        "NAME:Strong\\; Communities\\, 2017/18",
        "X-WR-CALNAME:Strong\\; Communities\\, 2017/18",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    } <= {*read}
    assert not [line for line in read if line.startswith("METHOD")]
    assert read.count("BEGIN:VEVENT") == 2
    assert not [line for line in read if "mailto:" in line]


def test_9_a_feed_of_the_programme_leaves_its_readers_free_and_a_persons_own_does_not() -> None:
    assert "TRANSP:TRANSPARENT" in lines(ical.render_feed([ENTRY], name="Programme", busy=False, zone=ical.LONDON))
    assert "TRANSP:OPAQUE" in lines(ical.render_feed([ENTRY], name="Ann Smith", busy=True, zone=ical.LONDON))


def test_9_a_feed_without_sessions_can_be_read() -> None:
    assert (
        Calendar.from_ical(ical.render_feed([], name="Nothing yet", busy=False, zone=ical.LONDON)).walk("VEVENT") == []
    )


def test_our_feeds_are_told_from_everything_else() -> None:
    assert ical.is_feed(ical.render_feed([ENTRY], name="Programme", busy=False, zone=ical.LONDON))
    earlier = ical.render_feed([ENTRY], name="Programme", busy=False, zone=ical.LONDON)
    assert ical.is_feed(earlier.replace(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"))
    assert not ical.is_feed(request())
    assert not ical.is_feed(b"")
    assert not ical.is_feed(b"BEGIN:VCALENDAR\r\nPRODID:-//Somebody//else//EN\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n")


def test_a_writing_of_the_same_invitation_is_known_by_uid_and_sequence() -> None:
    assert ical.is_copy_of_invitation(request(replace(ENTRY, summary="Another title")), ENTRY)
    assert not ical.is_copy_of_invitation(request(replace(ENTRY, sequence=4)), ENTRY)
    assert not ical.is_copy_of_invitation(request(replace(ENTRY, uid=ENTRY.uid + "0")), ENTRY)
    assert not ical.is_copy_of_invitation(b"", ENTRY)


def test_14_lines_end_in_crlf_and_break_between_letters_at_75_octets() -> None:
    data = request(replace(ENTRY, summary="ü" * 200, description="€" * 300 + "\n" + "x" * 200))
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.split(b"\r\n"):
        assert b"\n" not in line
        assert len(line) <= 75
        line.decode()  # raises if a letter was split


def test_14_what_means_something_in_a_calendar_is_escaped() -> None:
    data = request(replace(ENTRY, summary="a;b,c\\d", description="one\r\ntwo\rthree"))
    assert "SUMMARY:a\\;b\\,c\\\\d" in lines(data)
    assert "DESCRIPTION:one\\ntwo\\nthree" in lines(data)


def test_14_a_name_cannot_end_its_parameter_or_line() -> None:
    bad = MailAddress('Zoë "Z"; Smith:mailto:x@y\r\nATTENDEE:mailto:evil@example.org', "zoe@example.org")
    read = lines(request(attendee=bad))
    (attendee,) = (line for line in read if line.startswith("ATTENDEE"))
    assert attendee.startswith("ATTENDEE;CN=\"Zoë 'Z'; Smith:mailto:x@y ATTENDEE:mailto:evil@example.org\";")
    assert attendee.endswith(":mailto:zoe@example.org")


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_14_no_text_breaks_the_file_or_brings_control_characters(one: str, other: str) -> None:
    data = request(
        replace(ENTRY, summary=one, place=other, description=other + "\r" + one), attendee=MailAddress(other, "a@b.org")
    )
    assert not {*data.replace(b"\r\n", b"")} & {*range(0x20), 0x7F}
    assert event(data)["DESCRIPTION"] == ical.strip_control_characters(other + "\r" + one)


def test_14_bidirectional_overrides_and_terminal_escapes_are_left_out() -> None:
    assert ical.strip_control_characters("a\x1b[2Jb\u202ec\x00\x9bd\te") == "a[2Jbcd e"


def test_15_the_same_input_gives_the_same_bytes() -> None:
    assert request() == request()
    assert ical.render_feed([ENTRY], name="x", busy=True, zone=ical.LONDON) == ical.render_feed(
        [ENTRY], name="x", busy=True, zone=ical.LONDON
    )


def test_16_the_time_zone_is_read_once_for_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    ical._london.cache_clear()
    reads = []
    read = Timezone.from_ical
    monkeypatch.setattr(Timezone, "from_ical", lambda data: reads.append(1) or read(data))
    for _ in range(3):
        request()
    assert len(reads) == 1
