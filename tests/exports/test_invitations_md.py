"""One test for each numbered rule of exports/INVITATIONS.md; the details of each are tested beside it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Component, Timezone

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import invitations, replies
from csc_tui.core.people import queries as people_queries
from csc_tui.core.publication import caldav
from db.records.calendar import Credentials
from db.records.mail import InvitationMethod, MailAddress
from db.records.startup import EventState
from exports import ical
from tests.builders import booked, event
from tests.core.mail.test_replies import answer
from tests.exports.test_golden import FILES, SIOBHAN, due, file, letter
from tests.exports.test_ical import lines
from tests.servers.calendars import PASSWORD, USER, calendar_server

CALENDARS = [name for name in FILES if name.endswith(".ics")]


@pytest.fixture
def ann(ctx: Context) -> str:
    """Ann is booked on BR-90: a session on each side of the change in October."""
    booked(event(dates=("2017-10-20", "2017-11-18"), venue="Grimsby Town Hall", room="Assembly Room"), "Ann Smith")
    return "Ann Smith"


@pytest.fixture
def invite(ctx: Context, tmp_path: Path) -> Callable[..., list[bytes]]:
    """Writes what is due for BR-90, into a folder of its own each time."""

    def write(**others: Any) -> list[bytes]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        done = invitations.write_invitations(ctx, "BR-90", str(folder), invitations.InvitationOptions(**others))
        return [Path(each.file).read_bytes() for each in done.written]

    return write


def entries(data: bytes) -> list[Any]:
    return Calendar.from_ical(data).walk("VEVENT")


def entry(data: bytes) -> Any:
    (found,) = entries(data)
    return found


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def test_01_the_time_zone_is_a_fixed_component_of_two_yearly_rules() -> None:
    zones = {name: Calendar.from_ical(FILES[name]()).walk("VTIMEZONE") for name in CALENDARS}
    assert zones.pop("another_zone.ics") == []
    for (zone,) in zones.values():
        assert [
            (each.name, each["DTSTART"].dt.isoformat(), each["RRULE"].to_ical()) for each in zone.subcomponents
        ] == [
            ("DAYLIGHT", "1970-03-29T01:00:00", b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
            ("STANDARD", "1970-10-25T02:00:00", b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
        ]
        assert b"RDATE" not in zone.to_ical()


@pytest.mark.parametrize("name", CALENDARS)
def test_02_no_time_floats_and_every_zone_named_is_in_the_file(name: Any) -> None:
    read = lines(FILES[name]())
    named = {found for line in read for found in re.findall(r";TZID=([^:;]+)", line)}
    defined = {line.removeprefix("TZID:") for line in read if line.startswith("TZID:")}
    assert named == defined <= {"Europe/London"}
    times = [line for line in read[read.index("BEGIN:VEVENT") :] if line.startswith(("DTSTART", "DTEND", "DTSTAMP"))]
    assert len(times) >= 3
    assert all(line.endswith("Z") or ";TZID=Europe/London:" in line for line in times)


def test_03_one_file_with_one_event_for_each_learner_and_session(ann: str, invite: Callable[..., list[bytes]]) -> None:
    written = invite()
    assert [data.count(b"BEGIN:VEVENT") for data in written] == [1, 1]
    assert len({str(entry(data)["UID"]) for data in written}) == 2


def test_04_a_re_enrolment_goes_on_with_the_same_uid_and_a_higher_sequence(
    ctx: Context, ann: str, invite: Callable[..., list[bytes]]
) -> None:
    first = [entry(data) for data in invite()]
    booking_actions.cancel_place(ctx, "BR-90", ann, reason="Illness")
    gone = [entry(data) for data in invite()]
    booking_actions.enrol_people(ctx, "BR-90", [ann])
    back = [entry(data) for data in invite()]
    assert [each["UID"] for each in first] == [each["UID"] for each in gone] == [each["UID"] for each in back]
    assert [each["SEQUENCE"] for each in back] == [2, 2] > [each["SEQUENCE"] for each in gone]


def test_05_the_method_stands_on_the_calendar_and_the_event_has_all_that_is_asked(
    ann: str, invite: Callable[..., list[bytes]]
) -> None:
    for data in invite():
        calendar, one = Calendar.from_ical(data), entry(data)
        assert calendar["METHOD"] == "REQUEST"
        assert "METHOD" not in one
        attendee = one["ATTENDEE"]
        assert attendee.startswith("mailto:smith.")
        assert {key: attendee.params[key] for key in attendee.params} == {
            "CN": "Ann Smith", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "CUTYPE": "INDIVIDUAL",
            "RSVP": "TRUE",
        }  # fmt: skip
        assert one["ORGANIZER"] == "mailto:csc.training@example.org"
        assert one["LOCATION"] == "Grimsby Town Hall, Assembly Room"
        assert (one["STATUS"], one["TRANSP"]) == ("CONFIRMED", "OPAQUE")
        assert one["SUMMARY"].startswith("Being Restorative: ")
        assert "If you cannot come" in one["DESCRIPTION"]


def test_06_the_sequence_rises_with_date_time_or_place_only_and_the_stamp_with_anything(
    ctx: Context, ann: str, invite: Callable[..., list[bytes]]
) -> None:
    first = entry(invite()[1])
    assert entry(invite(again=True)[1]).to_ical() == first.to_ical()
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    (moved,) = map(entry, invite())
    calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)
    confirmed = next(each for each in map(entry, invite()) if each["UID"] == first["UID"])
    assert [each["SEQUENCE"] for each in (first, moved, confirmed)] == [0, 1, 1]
    stamps = [each["DTSTAMP"].dt for each in (first, moved, confirmed)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("name", CALENDARS)
def test_07_there_is_nothing_of_microsofts_and_no_alarm(name: Any) -> None:
    assert b"X-MICROSOFT" not in FILES[name]()
    assert b"VALARM" not in FILES[name]()


def test_08_a_calendar_that_gets_request_change_and_cancel_is_empty(
    ctx: Context, ann: str, invite: Callable[..., list[bytes]]
) -> None:
    held: dict[str, Component] = {}

    def receive(data: bytes) -> None:
        """RFC 5546, 2.1.5: the higher sequence counts, then the newer stamp."""
        method, new = Calendar.from_ical(data)["METHOD"], entry(data)
        old = held.get(new["UID"])
        order = (new["SEQUENCE"], new["DTSTAMP"].dt)
        assert old is None or (order > (old["SEQUENCE"], old["DTSTAMP"].dt) and new["ORGANIZER"] == old["ORGANIZER"])
        if method == "CANCEL":
            assert old is not None
            assert new["SEQUENCE"] > old["SEQUENCE"]
            assert new["STATUS"] == "CANCELLED"
            assert new["ATTENDEE"] == old["ATTENDEE"]
            assert "VTIMEZONE" in {each.name for each in Calendar.from_ical(data).walk()}
            del held[new["UID"]]
        else:
            held[new["UID"]] = new

    for data in invite():
        receive(data)
    assert len(held) == 2
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    for data in invite():
        receive(data)
    assert sorted(each["DTSTART"].dt.day for each in held.values()) == [20, 20]
    booking_actions.cancel_place(ctx, "BR-90", ann, reason="Illness")
    for data in invite():
        receive(data)
    assert held == {}


def test_09_a_feed_is_a_publish_without_attendees_and_keeps_its_uids(ctx: Context, ann: str, tmp_path: Path) -> None:
    event("BR-91", state="draft")
    event("BR-92", dates=(None,))
    invitations.write_feed(ctx, str(tmp_path / "first.ics"))
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    invitations.write_feed(ctx, str(tmp_path / "second.ics"))
    first, second = ((tmp_path / name).read_bytes() for name in ("first.ics", "second.ics"))
    read = lines(second)
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"} <= {*read}
    assert not [line for line in read if line.startswith("METHOD")]
    assert {"NAME:Creating Strong Communities", "X-WR-CALNAME:Creating Strong Communities"} <= {*read}
    assert b"ATTENDEE" not in second
    uids = [each["UID"] for each in entries(second)]
    assert len(set(uids)) == len(uids) == 2
    assert sorted(uids) == sorted(each["UID"] for each in entries(first))


@pytest.mark.parametrize("given", [{"strand": "RP"}, {"course": "BR"}, {"venue": "Grimsby"}, {"person": "Ann Smith"}])
def test_09_each_kind_of_feed_is_one(ctx: Context, ann: str, tmp_path: Path, given: dict[str, Any]) -> None:
    invitations.write_feed(ctx, str(tmp_path / "feed.ics"), invitations.FeedScope(**given))
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines((tmp_path / "feed.ics").read_bytes())


def test_10_a_mail_holds_plain_html_and_calendar_and_then_the_same_bytes_as_a_file() -> None:
    for name in ("request.eml", "update.eml", "cancel.eml"):
        message = read(FILES[name]())
        assert message.get_content_type() == "multipart/mixed"
        alternative, attached = message.iter_parts()
        parts = list(alternative.iter_parts())
        kinds = [each.get_content_type() for each in parts]
        assert (alternative.get_content_type(), kinds) == (
            "multipart/alternative", ["text/plain", "text/html", "text/calendar"],
        )  # fmt: skip
        method = "CANCEL" if name == "cancel.eml" else "REQUEST"
        assert (parts[2].get_param("method"), parts[2].get_param("charset")) == (method, "UTF-8")
        assert parts[2].get_content_disposition() is None
        assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
        data = attached.get_payload(decode=True)
        assert data == parts[2].get_payload(decode=True)
        assert entry(data)["ORGANIZER"] == f"mailto:{message['From'].addresses[0].addr_spec}"
        assert entry(data)["ATTENDEE"] == f"mailto:{message['To'].addresses[0].addr_spec}"


def test_11_no_text_from_data_becomes_a_header() -> None:
    evil = "=?utf-8?q?a=0ABcc=3A_evil=40example.org?=\r\nBcc: evil@example.org"
    one = due()
    data = letter(replace(one, attendee=MailAddress(evil, SIOBHAN.address), entry=replace(one.entry, summary=evil)))
    assert read(data).keys() == read(letter(one)).keys()
    assert not re.search(rb"(?im)^bcc", data.partition(b"\r\n\r\n")[0])


def test_12_a_reply_is_matched_ordered_and_changes_the_answer_alone(
    ctx: Context, ann: str, invite: Callable[..., list[bytes]], tmp_path: Path
) -> None:
    (file_1, file_2) = (tmp_path / "1.ics", tmp_path / "2.ics")
    for path, data in zip((file_1, file_2), invite(), strict=True):
        path.write_bytes(data)
    windows = (
        b"BEGIN:VTIMEZONE\nTZID:GMT Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0000\n"
        b"TZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=GMT Standard Time:20171020T093000\n"
    )
    outlook = answer(file_1, "DECLINED", "20170412T080000Z").replace(b"BEGIN:VEVENT\n", windows)
    assert b"ORGANIZER" not in outlook
    assert b"\r" not in outlook
    shouted = answer(file_2, "ACCEPTED", address=str(entry(file_2.read_bytes())["ATTENDEE"]).upper())
    stranger = answer(file_2, "DECLINED", address="mailto:eve@example.org")
    older = answer(file_1, "ACCEPTED", "20170411T080000Z")
    due_before = invitations.due_invitation_count(ctx, "BR-90")
    mails = [outlook, shouted, stranger, older, outlook, answer(file_1, "ACCEPTED", uid="none")]
    found = replies.import_replies(ctx, [("x", each, False) for each in mails]).answered
    assert [each.outcome for each in found] == [
        "recorded", "recorded", "this address was not invited", "older than the last reply", "already known",
        "unknown invitation",
    ]  # fmt: skip
    card = people_queries.get_person_card(ctx, ann)
    assert [(each.partstat, each.sequence) for each in card.invitations] == [("DECLINED", 0), ("ACCEPTED", 0)]
    assert [(each.name, each.session) for each in replies.list_declined_invitations(ctx)] == [(ann, 1)]
    assert card.enrolments[0].status == "booked"
    assert invitations.due_invitation_count(ctx, "BR-90") == due_before
    calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 10, 23)))
    invite()
    (stale,) = replies.import_replies(ctx, [("x", answer(file_1, "ACCEPTED"), False)]).answered
    assert stale.outcome == "replies to an earlier version"


def test_13_on_a_caldav_server_each_session_is_one_object_without_a_method(
    ctx: Context, ann: str, tmp_path: Path
) -> None:
    with calendar_server(tmp_path) as server:
        done = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, Credentials(USER, PASSWORD), make=True))
        assert [each.outcome for each in done.lines] == ["created", "created"]
        assert server.puts() == 2
    objects = list((tmp_path / "calendars" / "collection-root" / USER / "programme").glob("*.ics"))
    assert len(objects) == 2
    for each in objects:
        data = each.read_bytes()
        assert len({str(one["UID"]) for one in entries(data)}) == 1
        assert b"METHOD" not in data


def hostile() -> Iterator[bytes]:
    one = due()
    for bad in ("a\x1b]52;c;x\x07\x00\x9b\u202eb", "c\rd\r\nBEGIN:VALARM\ne", 'say "hi"; x, y\\z', "Łódź ünï " * 40):
        everywhere = replace(one.entry, summary=bad, description=bad, place=bad)
        yield file(replace(one, entry=everywhere, attendee=MailAddress(bad, SIOBHAN.address)))


def test_14_text_is_folded_escaped_and_without_controls() -> None:
    for data in [*(FILES[name]() for name in CALENDARS), *hostile()]:
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
        for line in data.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()
        text = data.decode()
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", text)
        assert "VALARM" not in {each.name for each in Calendar.from_ical(data).walk()}
    (_, _, quoted, _) = hostile()
    assert 'SUMMARY:say "hi"\\; x\\, y\\\\z' in lines(quoted)
    assert not re.search(r'CN="[^"]*"[^:;]', "\n".join(lines(quoted)))


def test_15_icalendars_traps_are_walked_around() -> None:
    assert all(FILES[name]() == FILES[name]() for name in FILES)  # no UID or stamp is invented
    feed = ical.render_feed([], name="One, two; three", busy=False, zone=ical.LONDON)
    assert {"NAME:One\\, two\\; three", "X-WR-CALNAME:One\\, two\\; three"} <= {*lines(feed)}
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines(feed)
    with pytest.raises(ValueError, match="not enough values"):
        due(person=MailAddress("Ann", "not an address"))  # is never due
    for name in CALENDARS:
        for each in entries(FILES[name]()):
            assert each["DTSTART"].dt.tzinfo is not None
            assert each["DTSTAMP"].dt.tzname() == "UTC"


def test_16_the_time_zone_is_parsed_once_however_many_files_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """.bench/invitations.py measures the whole: at most twice icalendar's own time."""
    calls = []
    real = Timezone.from_ical
    monkeypatch.setattr(Timezone, "from_ical", lambda *words, **named: calls.append(words) or real(*words, **named))
    ical._london.cache_clear()
    one = due()
    made = {
        ical.render_invitation(
            one.entry, method=InvitationMethod.REQUEST, organiser=one.organiser, attendee=one.attendee, zone=ical.LONDON
        )
        for _ in range(50)
    }
    assert (len(calls), len(made)) == (1, 1)
