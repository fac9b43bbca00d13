"""publish against a real Radicale on loopback, and programme as it is typed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base import config
from tests import builders
from tests.builders import event
from tests.cli.conftest import Csc
from tests.servers.calendars import PASSWORD, USER, CalendarServer, calendar_server


@pytest.fixture
def server(database: str, tmp_path: Path) -> Iterator[Any]:
    """A server with the settings that lead to it, and BR-90 to be published."""
    event("BR-90", dates=("2017-06-12", "2017-11-18"))
    with calendar_server(tmp_path) as running:
        secret = tmp_path / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        path = Path(config.settings_path())
        path.parent.mkdir(parents=True)
        path.write_text(f'[caldav]\nurl = "{running.url}"\nuser = "{USER}"\npassword_file = "{secret}"\n')
        yield running


def test_the_address_and_the_password_come_from_the_settings(csc: Csc, server: CalendarServer) -> None:
    done = csc("publish", "--make")
    assert done.json == [{"event": "BR-90", "session": number, "outcome": "created", "reason": ""} for number in (1, 2)]
    assert done.err == f"2 sessions updated, 0 unchanged, at {server.url}.\n"
    again = csc("publish")
    assert (again.code, again.json) == (0, [])
    assert again.err == f"no sessions updated, 2 unchanged, at {server.url}.\n"


def test_a_dry_run_says_so(csc: Csc, server: CalendarServer) -> None:
    done = csc("publish", "--make", "--dry-run")
    assert len(done.json) == 2
    assert done.err.endswith("This was a dry run: nothing was changed.\n")
    assert csc("publish").code == 1


def test_a_server_that_is_gone_exits_5(csc: Csc, server: CalendarServer) -> None:
    url = server.url
    server.stop()
    done = csc("publish", url)
    server.start()
    assert done.code == 5
    assert done.out == ""
    assert done.err.startswith(f"csc: The calendar server of {url}")
    assert PASSWORD not in done.err


def test_without_an_address_it_is_asked_for(csc: Csc, database: str) -> None:
    done = csc("publish")
    assert (done.code, done.err[:24]) == (2, "csc: Say which calendar:")


def test_without_the_library_it_is_a_sentence(
    csc: Csc, server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "caldav.davclient", None)
    done = csc("publish", server.url)
    assert done.code == 2
    assert "pip install 'csc-tui[caldav]'" in done.err


def test_the_page_is_written_and_counted(csc: Csc, database: str, tmp_path: Path) -> None:
    builders.event("BR-90", dates=("2017-06-12", "2017-06-19"))
    path = tmp_path / "programme.html"
    done = csc("programme", "--year", "2017/18", "--html", path)
    assert (done.code, done.out) == (0, "")
    assert f"1 event with 2 sessions of 2017/18 in {path}." in done.err
    assert path.stat().st_mode & 0o777 == 0o600
    assert csc("programme", "--html", path).code == 3
    assert csc("programme").code == 2
