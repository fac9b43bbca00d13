"""Reading answers, and publishing the calendar, in the window."""

from pathlib import Path
from typing import Any

import pytest

from csc_tui.base import config
from csc_tui.base.context import Context
from csc_tui.core.mail import invitations
from csc_tui.core.people import queries as people_queries
from db.records.calendar import Credentials
from exports import caldav_server
from tests import builders
from tests.core.mail.test_replies import answer
from tests.servers.calendars import PASSWORD, USER, calendar_server
from tests.window.conftest import Window, press, said, seen, told, type_in


@pytest.fixture
def reply(june: Any, tmp_path: Path) -> Path:
    """Ann's answer to BR-04: she cannot come."""
    ann = builders.person("Ann [Smith]", email="ann@example.org")
    builders.enrolment(builders.event("BR-04", dates=["2017-06-19"]), ann)
    written = Path(invitations.write_invitations(june, "BR-04", str(tmp_path / "out")).written[0].file)
    path = tmp_path / "r.ics"
    path.write_bytes(answer(written, "DECLINED", "20170611T080000Z"))
    return path


async def open_deed(pilot: Any, name: str) -> None:
    await press(pilot, "ctrl+p")
    await type_in(pilot, name)
    await press(pilot, "enter")


async def test_answers_are_shown_before_they_are_kept(window: Window, reply: Path, june: Context) -> None:
    async with window() as pilot:
        await open_deed(pilot, "read answers")
        await type_in(pilot, "/nowhere")
        await press(pilot, "enter")
        assert "/nowhere cannot be read" in told(pilot)
        await press(pilot, *["backspace"] * 8)
        await type_in(pilot, str(reply))
        await press(pilot, "enter")
        assert "n Ann [Smith] declined" in told(pilot)
        assert "BR-04 session 1" in told(pilot)
        assert "A decline does not cancel the place" in told(pilot)
        assert people_queries.get_person_card(june, "Ann [Smith]").invitations[0].partstat == "NEEDS-ACTION"
        await press(pilot, "enter")
        assert said(pilot) == "1 reply recorded: 1 declined."
    assert people_queries.get_person_card(june, "Ann [Smith]").invitations[0].partstat == "DECLINED"


async def test_an_answer_from_another_address_is_decided_by_somebody(
    window: Window, reply: Path, june: Context
) -> None:
    reply.write_bytes(b"From: eve@example.org\nContent-Type: text/calendar\n\n" + reply.read_bytes())
    async with window() as pilot:
        await open_deed(pilot, "read answers")
        await type_in(pilot, str(reply))
        await press(pilot, "enter")
        assert "Not recorded: you need to decide. Today lists them." in told(pilot)
        assert "sent from another address" in told(pilot)
        await press(pilot, "enter")
        assert said(pilot) == "No replies recorded. 1 to decide: see Today."
        await press(pilot, "1", "A")
        assert "Ann [Smith], session 1, Mon 19 Jun 2017: declined, sent from" in seen(pilot)
        await press(pilot, "A")
        assert "Record the reply" in told(pilot)
        assert "Move" in told(pilot)
        await press(pilot, "t", "n", "enter")
    assert people_queries.get_person_card(june, "Ann [Smith]").invitations[0].partstat == "DECLINED"


async def test_a_file_without_an_answer_is_said_and_what_was_typed_stays(window: Window, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    async with window() as pilot:
        await open_deed(pilot, "read answers")
        await type_in(pilot, str(tmp_path / "m"))
        await press(pilot, "enter")
        assert "There is no reply to an invitation in" in told(pilot)
        assert "/m" in seen(pilot)


async def test_the_programme_is_published_after_it_was_shown(window: Window, june: Context, tmp_path: Path) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    with calendar_server(tmp_path) as server:
        (tmp_path / "secret").write_text(PASSWORD)
        (tmp_path / "secret").chmod(0o600)
        path = Path(config.settings_path())
        path.parent.mkdir(parents=True)
        path.write_text(f'[caldav]\nurl = "{server.url}"\nuser = "{USER}"\npassword_file = "{tmp_path / "secret"}"\n')
        async with window() as pilot:
            await open_deed(pilot, "publish the calendar")
            await press(pilot, "ctrl+s")
            assert "There is no calendar at" in told(pilot)
            assert "--make" not in told(pilot), "that is typed on the command line"
            await press(pilot, "escape")
            assert "Nothing was published. Check the address" in told(pilot)
            await press(pilot, "ctrl+s", "enter", "ctrl+s")
            assert "+ BR-04 session 1 created" in told(pilot)
            assert server.puts() == 0
            await press(pilot, "enter")
            assert "Published: 1 created." in seen(pilot)
            assert server.puts() == 1
            calendar = caldav_server.RemoteCalendar(server.url, Credentials(USER, PASSWORD))
            for uid, etag in calendar.etags().items():
                calendar.remove(uid, etag=etag)
            calendar.close()
            await open_deed(pilot, "publish the calendar")
            await press(pilot, "ctrl+s")
            assert "go back and type yes under Overwrite." in told(pilot)
            await press(pilot, "escape")
            await press(pilot, *["down"] * 5, "ctrl+u")
            await type_in(pilot, "yes")
            await press(pilot, "ctrl+s", "enter")
            assert server.puts() == 2
