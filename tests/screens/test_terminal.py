"""The real program on a real terminal: how it starts, how it ends, and what it writes while nothing happens."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from tests import builders


class Terminal:
    """A window in a process of its own; `text` is everything it wrote."""

    def __init__(self, location: str, *code: str, **environment: str) -> None:
        program = "; ".join((*code, "from csc_tui.cli.entry import main; main()"))
        words = [sys.executable, "-c", program, "--db", location, "--today", "2017-06-12T09:00", "--as", "alice"]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(PYTHONPATH=str(builders.ROOT), TERM="xterm-256color", COLORTERM="", **environment)
            os.execv(sys.executable, words)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.text = ""
        self.code: int | None = None

    def read(self, seconds: float) -> str:
        """What it writes until it has been silent for so long."""
        fresh = b""
        while select.select([self.terminal], [], [], seconds)[0]:
            try:
                piece = os.read(self.terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            fresh += piece
        self.text += fresh.decode(errors="replace")
        return fresh.decode(errors="replace")

    def until(self, words: str) -> None:
        end = monotonic() + 20
        while words not in self.text:
            assert monotonic() < end, f"{words!r} did not come:\n{self.text}"
            self.read(0.05)

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def ended(self, seconds: float = 10) -> int:
        """The exit code; fails if the program goes on for longer."""
        end = monotonic() + seconds
        while self.code is None:
            assert monotonic() < end, "the program goes on"
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        self.read(0.05)
        return self.code


Started = Callable[..., Terminal]


@pytest.fixture
def started() -> Iterator[Started]:
    running: list[Terminal] = []

    def start(location: str, *code: str, **environment: str) -> Terminal:
        running.append(Terminal(location, *code, **environment))
        return running[-1]

    yield start
    for each in running:
        if each.code is None:
            os.kill(each.pid, signal.SIGKILL)
            os.waitpid(each.pid, 0)


LEFT_SANE = "\x1b[?1049l"
"""The terminal's own screen comes back."""


def test_q_closes_the_window(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(database)
    terminal.until("BR-04")
    terminal.press("q")
    assert terminal.ended() == 0
    assert LEFT_SANE in terminal.text


def test_nothing_is_written_while_nothing_happens(database: str, started: Started) -> None:
    terminal = started(database)
    terminal.until("31 days ahead")
    terminal.press("4")  # a line to type in has the focus
    terminal.until("There is nobody here yet")
    terminal.read(0.5)
    assert terminal.read(2.5) == ""


def test_a_request_to_end_leaves_the_terminal_as_it_was(database: str, started: Started) -> None:
    terminal = started(database)
    terminal.until("31 days ahead")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.ended() == 128 + signal.SIGTERM
    assert LEFT_SANE in terminal.text


def test_a_lost_line_ends_the_program_even_where_hangups_are_ignored(database: str, started: Started) -> None:
    terminal = started(database, "import signal", "signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    terminal.until("31 days ahead")
    os.close(terminal.terminal)
    terminal.terminal = os.open(os.devnull, os.O_RDONLY)
    assert terminal.ended(5) != 0


def test_a_fault_of_the_window_is_a_sentence_and_no_traceback(database: str, started: Started) -> None:
    terminal = started(
        database,
        "from csc_tui.screens.today import TodayScreen",
        "TodayScreen.action_further = lambda screen: 1 / 0",
    )
    terminal.until("31 days ahead")
    terminal.press("m")
    assert terminal.ended() == 4
    assert "The window had to close because of a fault of its own." in " ".join(terminal.text.split())
    assert "Traceback" not in terminal.text
    assert "ZeroDivisionError" not in terminal.text
    assert LEFT_SANE in terminal.text


def test_without_colours_the_cursor_is_still_to_be_seen(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(database, NO_COLOR="1")
    terminal.until("BR-04")
    assert "38;5" not in terminal.text
    assert "38;2" not in terminal.text
    assert "▌" in terminal.text


def test_the_first_run_asks_and_makes_a_database(started: Started, tmp_path: "os.PathLike[str]") -> None:
    place = os.path.join(tmp_path, "data", "csc-tui", "csc.db")
    terminal = started(place)
    terminal.until("There is no database at")
    terminal.press("\r")
    terminal.until("31 days ahead")
    terminal.press("q")
    assert terminal.ended() == 0
    assert os.path.exists(place)


def test_the_first_run_makes_nothing_when_left(started: Started, tmp_path: "os.PathLike[str]") -> None:
    place = os.path.join(tmp_path, "data", "csc-tui", "csc.db")
    terminal = started(place)
    terminal.until("There is no database at")
    terminal.press("\x1b")
    assert terminal.ended() == 0
    assert not os.path.exists(place)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_what_was_typed_into_a_form_outlives_the_program(database: str, started: Started, end: signal.Signals) -> None:
    builders.person("Bo Ek")
    first = started(database)
    first.until("31 days ahead")
    first.press("4")
    first.until("1 person")
    first.press("\r")
    first.until("No bookings and no history yet")
    first.press("e")
    first.until("What is known of Bo Ek")
    first.press("Robertina")
    first.until("Robertina")
    os.kill(first.pid, end)
    first.ended()
    again = started(database)
    again.until("31 days ahead")
    again.press("4")
    again.until("1 person")
    again.press("\r")
    again.until("No bookings and no history yet")
    again.press("e")
    again.until("There is a draft from Mon 12 Jun 2017 09:00")
    again.press("g")
    again.until("Robertina")
