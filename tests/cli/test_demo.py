"""demo: a tour to read, a window to look round in, or a database to keep."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import stat
import struct
import sys
import termios
from pathlib import Path
from time import monotonic

import pytest

from tests.builders import ROOT, csc
from tests.servers import databases

DAY = "2017-06-12"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this machine's temporary files are: whatever a demonstration leaves behind is seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_the_tour_looks_up_books_cancels_and_invites_as_a_coordinator_would(location: str, temporary: Path) -> None:
    before = Path(location).read_bytes()
    done = csc(location, "demo", today=DAY)
    assert done.returncode == 0
    typed = re.findall(r"^\$ csc (\w+)", done.stdout, re.M)
    assert typed == ["next", "who", "enrol", "waiting", "cancel", "invite"]
    assert "BR-02" in done.stdout
    assert re.search(r"^#\d+ +Siobhán .* waitlisted$", done.stdout, re.M)
    left, moved_up = re.findall(r"^#\d+ +(\S.*?)  +(?:booked|waitlisted) +(?:cancelled|booked)$", done.stdout, re.M)
    queue = done.stdout.partition("$ csc waiting")[2]
    assert re.search(rf"^ +1  #\d+ +{re.escape(moved_up)} ", queue, re.M)
    assert f"{left} cannot come" in done.stdout
    assert Path(location).read_bytes() == before


def test_the_tour_leaves_its_invitations_says_where_and_leaves_nothing_else(location: str, temporary: Path) -> None:
    done = csc(location, "demo", today=DAY)
    said = re.search(r"The invitations are in (\S+):", done.stdout)
    assert said
    (folder,) = temporary.iterdir()
    assert str(folder) == said[1]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [each.read_bytes() for each in folder.iterdir()]
    assert {b"METHOD:REQUEST" in each for each in files} == {True, False}
    assert all(each.startswith(b"BEGIN:VCALENDAR\r\n") for each in files)


def test_on_a_day_after_the_programme_the_tour_says_what_it_cannot_show(location: str, temporary: Path) -> None:
    done = csc(location, "demo", today="2019-01-01")
    assert done.returncode == 0
    assert "On this date no future event is full." in done.stdout
    assert "No sessions in that time." in done.stderr
    assert list(temporary.iterdir()) == []


def test_a_kept_demonstration_is_private_stays_and_answers(location: str, tmp_path: Path, temporary: Path) -> None:
    kept = tmp_path / "kept.db"
    done = csc(location, "demo", "--keep", kept, today=DAY)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"csc --db {kept} --today {DAY}T14:00" in done.stderr
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert csc(str(kept), "event", "BR-02", today=DAY).returncode == 0
    assert csc(str(kept), "admin", "check", today=DAY).returncode == 0
    assert list(temporary.iterdir()) == []


def test_an_existing_file_is_not_overwritten(location: str, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    done = csc(location, "demo", "--keep", precious)
    assert done.returncode == 3
    assert "already exists. It was not changed." in done.stderr
    assert precious.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_a_sentence(location: str, tmp_path: Path) -> None:
    done = csc(location, "demo", "--keep", "/proc/nowhere/demo.db")
    assert done.returncode == 4
    assert "Nothing was changed." in done.stderr
    assert "Traceback" not in done.stderr


@databases.needs_server
def test_a_servers_database_is_filled_if_it_is_empty(location: str) -> None:
    with databases.new_database() as address:
        assert csc(location, "demo", "--keep", address, today="2017-02-30").returncode == 2
        assert csc(location, "demo", "--keep", address).returncode == 0
        done = csc(location, "demo", "--keep", address)
        assert (done.returncode, "already has a programme" in done.stderr) == (3, True)
        assert len(json.loads(csc(address, "who", "smith").stdout)) > 1


def test_a_day_that_does_not_exist_is_wrong_use(location: str, temporary: Path) -> None:
    done = csc(location, "demo", today="2017-02-30")
    assert done.returncode == 2
    assert "--today takes a date" in done.stderr
    assert list(temporary.iterdir()) == []


def test_on_a_terminal_the_window_opens_on_a_database_that_is_gone_when_it_closes(temporary: Path) -> None:
    child, terminal = pty.fork()
    if not child:
        os.environ.update(TERM="xterm-256color", PYTHONPATH=str(ROOT))
        os.execv(sys.executable, [sys.executable, "-c", "from csc_tui.cli.entry import main; main()", "demo"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        assert "SOS-ALS-01" in _shown(terminal, until="SOS-ALS-01")
        assert [each.name.startswith("csc-demo-") for each in temporary.iterdir()] == [True]
        os.write(terminal, b"q")
        _shown(terminal, until=None)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert list(temporary.iterdir()) == []


def _shown(terminal: int, *, until: str | None) -> str:
    """What the program writes until the text comes or, without one, until it has ended."""
    shown, ends = b"", monotonic() + 30
    while monotonic() < ends and not (until and until.encode() in shown):
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # how Linux says that nobody writes any more
                break
    return shown.decode("utf-8", "replace")
