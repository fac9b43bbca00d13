"""The programme on a real CalDAV server: a Radicale on loopback; the numbers are those of exports/INVITATIONS.md."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail.invitations import FeedScope
from csc_tui.core.publication import caldav
from db.errors import NotFound, ServiceUnreachable, WrongUse
from db.records.calendar import Credentials
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role
from exports import caldav_server
from tests import builders
from tests.builders import event
from tests.servers.calendars import PASSWORD, USER, CalendarServer, calendar_server

ACCOUNT = Credentials(USER, PASSWORD)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path) as running:
        yield running


@pytest.fixture
def programme(ctx: Context) -> None:
    """Two sessions of BR-90 and one to be confirmed, one session of SOS-90."""
    event("BR-90", dates=("2017-06-12", "2017-11-18", None), venue="Grimsby Town Hall")
    event("SOS-90", course="SOS-BRIEF", dates=("2018-05-01",))


def publish(
    ctx: Context, server: CalendarServer, *, make: bool = True, strand: str = "", **others: Any
) -> list[tuple[str, int, str]]:
    done = caldav.publish_calendar(
        ctx, caldav.ServerCalendar(server.url, ACCOUNT, make=make), FeedScope(strand=strand), **others
    )
    return [(each.event, each.session, each.outcome) for each in done.lines]


def there(server: CalendarServer) -> dict[str, tuple[str, bytes]]:
    """What the server gives to anybody who asks: summary -> (UID, bytes)."""
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    found = {}
    for uid in calendar.etags():
        data = calendar._client.request(f"{server.url}{uid}.ics").raw.encode()
        (entry,) = Calendar.from_ical(data).walk("VEVENT")
        found[f"{entry['DESCRIPTION'].split('.')[0]} {entry['DTSTART'].dt:%d/%m/%Y %H:%M%z}"] = (uid, data)
    calendar.close()
    return found


ALL = [("BR-90", 1, "created"), ("BR-90", 2, "created"), ("SOS-90", 1, "created")]


def edit(server: CalendarServer, words: str) -> None:
    """Somebody at the server changes the title of the session with these words in it."""
    uid, data = next(found for key, found in there(server).items() if words in key)
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    calendar.put(uid, data.replace(b"SUMMARY:", b"SUMMARY:My "), etag=calendar.etags()[uid])
    calendar.close()


def test_13_every_dated_session_is_an_object_of_its_own_without_a_method(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    assert publish(ctx, server) == ALL
    found = there(server)
    assert sorted(found) == [
        "BR-90, session 1 of 3 12/06/2017 09:30+0100", "BR-90, session 2 of 3 18/11/2017 09:30+0000",
        "SOS-90 01/05/2018 09:30+0100",
    ]  # fmt: skip
    for uid, data in found.values():
        assert data.count(b"BEGIN:VEVENT") == 1
        assert uid.encode() in data
        assert b"METHOD" not in data
        assert b"ATTENDEE" not in data


def test_13_a_second_run_puts_nothing_there(ctx: Context, programme: None, server: CalendarServer) -> None:
    publish(ctx, server)
    puts = server.puts()
    done = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))
    assert (done.lines, done.unchanged, server.puts()) == ([], 3, puts)


def test_13_only_what_changed_is_put_there_again_and_what_is_cancelled_goes(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server)
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    calendar_actions.cancel_event(ctx, "SOS-90", reason="No trainer")
    assert publish(ctx, server) == [("BR-90", 2, "changed"), ("SOS-90", 1, "removed")]
    assert sorted(there(server)) == [
        "BR-90, session 1 of 3 12/06/2017 09:30+0100", "BR-90, session 2 of 3 20/11/2017 09:30+0000",
    ]  # fmt: skip
    assert publish(ctx, server) == []


def test_what_somebody_edited_on_the_server_is_left_alone_and_said(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server)
    edit(server, "session 2")
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    done = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))
    assert [(each.session, each.outcome, each.reason) for each in done.lines] == [
        (2, "left alone", "someone edited it on the server")
    ]
    assert b"SUMMARY:My " in there(server)["BR-90, session 2 of 3 18/11/2017 09:30+0000"][1]
    assert publish(ctx, server, force=True) == [("BR-90", 2, "changed")]
    assert b"My " not in there(server)["BR-90, session 2 of 3 20/11/2017 09:30+0000"][1]


def test_an_edited_session_that_is_cancelled_stays_until_forced(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server)
    edit(server, "SOS-90")
    calendar_actions.cancel_event(ctx, "SOS-90", reason="No trainer")
    assert publish(ctx, server) == [("SOS-90", 1, "left alone")]
    assert publish(ctx, server, force=True) == [("SOS-90", 1, "removed")]


def test_what_somebody_deleted_on_the_server_stays_deleted_until_forced(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server)
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    uid, _ = there(server)["SOS-90 01/05/2018 09:30+0100"]
    calendar.remove(uid, etag=calendar.etags()[uid])
    calendar.close()
    assert publish(ctx, server) == [("SOS-90", 1, "left alone")]
    assert publish(ctx, server, force=True) == [("SOS-90", 1, "created")]


def test_what_another_program_keeps_there_is_nobodys_business(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server)
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    _, data = there(server)["SOS-90 01/05/2018 09:30+0100"]
    mine = re.sub(rb"UID:[^\r\n]+", b"UID:mine", data)
    calendar.put("mine", mine, etag="")
    calendar.close()
    assert publish(ctx, server, force=True) == []


def test_a_session_the_server_does_not_take_keeps_no_other_from_getting_there(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    publish(ctx, server, strand="SOS")
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    uid, data = there(server)["SOS-90 01/05/2018 09:30+0100"]
    calendar.remove(uid, etag=calendar.etags()[uid])
    calendar.put("copy", data, etag="")  # the same UID under another name
    calendar.close()
    done = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT), force=True)
    assert [(each.outcome, each.reason) for each in done.lines] == [
        ("created", ""), ("created", ""), ("left alone", "the server refused it (status 409)"),
    ]  # fmt: skip


def test_an_edit_in_the_middle_of_a_run_is_not_overwritten(
    ctx: Context, programme: None, server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(ctx, server)
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    real = caldav_server.RemoteCalendar.etags

    def etags_and_then_an_edit(self: caldav_server.RemoteCalendar) -> dict[str, str]:
        found = real(self)
        monkeypatch.setattr(caldav_server.RemoteCalendar, "etags", real)
        edit(server, "session 2")
        return found

    monkeypatch.setattr(caldav_server.RemoteCalendar, "etags", etags_and_then_an_edit)
    assert publish(ctx, server) == [("BR-90", 2, "left alone")]
    assert b"SUMMARY:My " in there(server)["BR-90, session 2 of 3 18/11/2017 09:30+0000"][1]


def test_a_server_that_stops_on_the_way_keeps_what_it_has_and_the_next_run_goes_on(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    server.fail_after = 1
    with pytest.raises(ServiceUnreachable, match=r"is kept\. To continue, publish again"):
        publish(ctx, server)
    server.fail_after = None
    assert len(there(server)) == 1
    assert publish(ctx, server) == ALL[1:]
    assert publish(ctx, server) == []
    assert [(line.verb, line.after) for line in builders.list_history_lines(ctx)][:2] == [
        ("published", "2 created"), ("published", "1 created"),
    ]  # fmt: skip


def test_a_run_that_was_killed_before_it_could_note_what_it_did_is_gone_on_with(
    ctx: Context, programme: None, server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    real = caldav_server.RemoteCalendar.put

    def put_and_die(self: caldav_server.RemoteCalendar, uid: str, data: bytes, *, etag: str) -> str:
        real(self, uid, data, etag=etag)
        raise Killed

    monkeypatch.setattr(caldav_server.RemoteCalendar, "put", put_and_die)
    with pytest.raises(Killed):
        publish(ctx, server)
    monkeypatch.setattr(caldav_server.RemoteCalendar, "put", real)
    puts = server.puts()
    assert [outcome for _, _, outcome in publish(ctx, server)] == ["changed", "created", "created"]
    assert server.puts() == puts + 2, "what had arrived is not put there again"
    assert len(there(server)) == 3
    assert publish(ctx, server) == []


@pytest.mark.parametrize("arrived", [True, False])
def test_an_edit_after_a_run_was_killed_is_not_overwritten(
    ctx: Context, programme: None, server: CalendarServer, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    class Killed(BaseException): ...

    publish(ctx, server)
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    real = caldav_server.RemoteCalendar.put

    def die(self: caldav_server.RemoteCalendar, uid: str, data: bytes, *, etag: str) -> str:
        if arrived:
            real(self, uid, data, etag=etag)
        raise Killed

    monkeypatch.setattr(caldav_server.RemoteCalendar, "put", die)
    with pytest.raises(Killed):
        publish(ctx, server)
    monkeypatch.setattr(caldav_server.RemoteCalendar, "put", real)
    edit(server, "session 2")
    for _ in range(2):
        done = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))
        assert [(each.outcome, each.reason) for each in done.lines] == [
            ("left alone", "someone edited it on the server")
        ]
    assert any(b"SUMMARY:My " in data for _, data in there(server).values())
    assert publish(ctx, server, force=True) == [("BR-90", 2, "changed")]
    assert publish(ctx, server) == []


def test_a_server_that_gives_no_mark_with_what_it_stores_is_looked_at_once_more(
    ctx: Context, programme: None, server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = caldav_server.RemoteCalendar.put

    def without_mark(self: caldav_server.RemoteCalendar, uid: str, data: bytes, *, etag: str) -> str:
        real(self, uid, data, etag=etag)
        return ""

    monkeypatch.setattr(caldav_server.RemoteCalendar, "put", without_mark)
    assert publish(ctx, server) == ALL
    assert publish(ctx, server) == []
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    assert publish(ctx, server) == [("BR-90", 2, "changed")]
    assert publish(ctx, server) == []


def test_two_runs_at_once_leave_each_other_s_work_alone_and_the_next_finds_nothing_to_do(
    ctx: Context, programme: None, server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins and ends while the first is between looking at the server and putting anything there."""
    real = caldav._sync
    second: list[object] = []

    def overtaken(*words: object) -> object:
        monkeypatch.setattr(caldav, "_sync", real)
        second.extend(publish(ctx, server))
        return real(*words)

    monkeypatch.setattr(caldav, "_sync", overtaken)
    calendar = caldav_server.RemoteCalendar(server.url, ACCOUNT)
    calendar.make("Programme")
    calendar.close()
    first = caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))
    assert second == ALL
    assert {(each.outcome, each.reason) for each in first.lines} == {("left alone", caldav.ANOTHER_RUN)}
    assert publish(ctx, server) == []


def test_a_server_that_is_gone_is_a_sentence(ctx: Context, programme: None, server: CalendarServer) -> None:
    url = server.url
    server.stop()
    with pytest.raises(ServiceUnreachable, match=r"What had been published is kept\. To continue, publish again"):
        caldav.publish_calendar(ctx, caldav.ServerCalendar(url, ACCOUNT))
    server.start()


def test_a_wrong_password_is_a_sentence_without_it(ctx: Context, programme: None, server: CalendarServer) -> None:
    with pytest.raises(ServiceUnreachable, match="did not accept the password") as said:
        caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, Credentials(USER, "wrong horse")))
    assert "horse" not in str(said.value)
    assert "horse" not in repr(Credentials(USER, "wrong horse"))


def test_a_calendar_that_is_not_there_is_made_only_when_told(
    ctx: Context, programme: None, server: CalendarServer
) -> None:
    with pytest.raises(caldav_server.NoSuchCalendar) as refused:
        caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))
    assert refused.value.remedy == Remedy(RemedyKind.MAKE_CALENDAR)
    assert publish(ctx, server, dry_run=True) == ALL
    with pytest.raises(caldav_server.NoSuchCalendar):
        caldav.publish_calendar(ctx, caldav.ServerCalendar(server.url, ACCOUNT))


def test_a_dry_run_puts_nothing_there(ctx: Context, programme: None, server: CalendarServer) -> None:
    publish(ctx, server, strand="SOS")
    assert publish(ctx, server, dry_run=True) == ALL[:2]
    assert len(there(server)) == 1


@pytest.mark.parametrize(
    "url",
    ["", "calendar", "ftp://example.org/", "https:///x", "https://user:secret@example.org/x/", "http://example.org/x/",
     "https://example.org/x?y", "http://[::1"],
)  # fmt: skip
def test_an_address_that_is_none_or_would_give_the_password_away_is_refused(
    ctx: Context, programme: None, url: str
) -> None:
    with pytest.raises(WrongUse) as said:
        caldav.publish_calendar(ctx, caldav.ServerCalendar(url, ACCOUNT))
    assert "secret" not in str(said.value)


def test_a_strand_that_is_not_there_asks_no_server(ctx: Context, programme: None, server: CalendarServer) -> None:
    with pytest.raises(NotFound):
        publish(ctx, server, strand="XX")
    assert server.requests == []


def test_a_booker_may_not(ctx: Context, programme: None, server: CalendarServer) -> None:
    with pytest.raises(NotAllowed):
        publish(replace(ctx, role=Role.BOOKER), server)
