"""The real program on a real terminal: how it starts, how it ends, and what it writes while nothing happens."""

import os
import signal
from collections.abc import Callable, Iterator
from random import Random

import pytest

from tests import builders
from tests.terminal import Terminal, window
from tests.window.terminal.random_bytes import random_bytes, random_reads

Started = Callable[..., Terminal]


@pytest.fixture
def started() -> Iterator[Started]:
    running: list[Terminal] = []

    def start(location: str, *code: str, **environment: str) -> Terminal:
        words = window(location)
        words[2] = "; ".join((*code, words[2]))
        running.append(Terminal(words, **environment))  # type: ignore[arg-type]
        return running[-1]

    yield start
    for each in running:
        each.kill()


LEFT_SANE = "\x1b[?1049l"
"""The terminal's own screen comes back."""


def test_q_closes_the_window(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(database)
    terminal.until("BR-04")
    terminal.press("q")
    assert terminal.ended() == 0
    assert LEFT_SANE in terminal.text


def test_who_asks_for_the_c_locale_gets_lines_of_ascii_and_names_as_they_are(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-12"], title="Zoë Łukasik's event")
    terminal = started(database, LC_ALL="C")
    terminal.until("Łukasik's")
    assert not set(terminal.text) & set("━─┃▌·…")


def test_no_picture_of_the_start_is_thrown_away(database: str, started: Started) -> None:
    """Textual draws, but does not show, what comes while it is still starting."""
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(
        database,
        "from textual.app import App",
        "show, lost = App._display, chr(27) + ']2;thrown away' + chr(7)",
        "App._display = lambda app, screen, picture: ("
        "picture and app._batch_count and app._driver.write(lost), show(app, screen, picture))",
    )
    terminal.until("BR-04")
    assert "thrown away" not in terminal.text


def test_nothing_is_written_while_nothing_happens(database: str, started: Started) -> None:
    terminal = started(database)
    terminal.until("31 days ahead")
    terminal.press("4", "/")  # a line to type in has the focus
    terminal.until("There are no people yet")
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
    terminal.hang_up()
    assert terminal.ended(5) != 0


def test_a_fault_of_the_window_is_a_sentence_and_no_traceback(database: str, started: Started) -> None:
    terminal = started(
        database,
        "from csc_tui.window.today.today import TodayScreen",
        "TodayScreen.action_days = lambda screen, step: 1 / 0",
    )
    terminal.until("31 days ahead")
    terminal.press("+")
    assert terminal.ended() == 4
    assert "The window had to close because of a fault in the program." in " ".join(terminal.text.split())
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
    first.until("Details of Bo Ek")
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
    again.press("c")
    again.until("Robertina")


def test_a_resized_terminal_shows_what_a_new_one_of_that_size_would(database: str, started: Started) -> None:
    for number in range(40):
        builders.event(f"BR-{number}", dates=["2017-06-13"], capacity=number)
    terminal = started(database)
    terminal.until("Nothing needs action")
    terminal.resize(100, 30)
    terminal.until("BR-26")
    terminal.resize(60, 12)
    terminal.until("BR-26", gone=True)
    terminal.resize(80, 24)
    terminal.until("BR-18")
    terminal.read(0.3)
    other = started(database)
    other.until("Nothing needs action")
    other.read(0.3)
    assert terminal.lines() == other.lines()
    assert terminal.cells() == other.cells()


def test_what_another_program_wrote_on_the_terminal_goes_with_ctrl_l(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(database)
    terminal.until("Nothing needs action")
    terminal.read(0.3)
    before = terminal.cells()
    terminal.overwrite("\x1b[5;1HBroadcast message from root: the server goes down at noon")
    assert terminal.cells() != before
    terminal.press("ctrl+l")
    terminal.until("Broadcast", gone=True)
    terminal.read(0.3)
    assert terminal.cells() == before


def test_a_stopped_and_resumed_window_draws_itself_again(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(database)
    terminal.until("Nothing needs action")
    terminal.read(0.3)
    before = terminal.cells()
    os.kill(terminal.pid, signal.SIGTSTP)
    os.waitpid(terminal.pid, os.WUNTRACED)
    terminal.read(0.3)
    terminal.overwrite("\x1b[2J")
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until("BR-04")
    terminal.read(0.3)
    assert terminal.cells() == before


def test_over_a_line_without_utf_8_every_sign_is_ascii(database: str, started: Started) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-13"]), "Zoë Ek")
    terminal = started(database, PYTHONIOENCODING="ascii")
    terminal.until("BR-04")
    terminal.press("enter")
    terminal.until("Zo? Ek")
    assert terminal.text.isascii()


def test_the_plain_mode_leaves_the_cursor_of_the_terminal_on_its_line(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    builders.event("BR-05", dates=["2017-06-14"])
    words = [*window(database), "--plain"]
    terminal = Terminal(words)
    try:
        terminal.until("BR-05")
        terminal.press("down")
        terminal.until("> 09:30-12:30  BR-05")
        terminal.read(0.2)
        assert "BR-05" in terminal.lines()[terminal.cursor()[1]]
        assert "\x1b[?25l" not in terminal.text
    finally:
        terminal.kill()


def test_no_setting_of_the_window_library_reaches_in_from_outside(
    database: str, started: Started, tmp_path: "os.PathLike[str]"
) -> None:
    """sshd may let the other end name variables: this one would write a file, that one would press keys."""
    log = os.path.join(tmp_path, "log")
    terminal = started(database, TEXTUAL_LOG=log, TEXTUAL_PRESS="q", TEXTUAL_DRIVER="nowhere:Driver")
    terminal.until("31 days ahead")
    terminal.press("3")
    terminal.until("[3 Events]")
    assert not os.path.exists(log)
    terminal.press("q")
    assert terminal.ended() == 0


def type_bytes(terminal: Terminal, data: bytes) -> None:
    os.write(terminal.terminal, data)


@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_a_letter_that_is_not_utf_8_is_shown_and_closes_nothing(database: str, options: list[str]) -> None:
    terminal = Terminal([*window(database), *options])
    try:
        terminal.until("31 days ahead")
        terminal.press("f")
        terminal.until("Find anything")
        type_bytes(terminal, "£5 é’".encode("cp1252"))
        terminal.until("£5 é’")
        terminal.until("does not send UTF-8")
    finally:
        terminal.kill()


def test_a_paste_that_never_ends_is_in_the_field_after_a_second(database: str, started: Started) -> None:
    terminal = started(database)
    terminal.until("31 days ahead")
    terminal.press("f")
    terminal.until("Find anything")
    type_bytes(terminal, b"\x1b[200~susan")
    terminal.until("susan")
    terminal.press(" low")
    terminal.until("susan low")


def test_random_bytes_leave_a_live_window(database: str, started: Started) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    terminal = started(
        database,
        "from csc_tui.window.app import CscApp",
        "CscApp.action_quit = lambda app: None",
        HOME=database + ".home",
    )
    terminal.until("BR-04")
    random = Random(3)
    for _ in range(60):
        for piece in random_reads(random, random_bytes(random)):
            type_bytes(terminal, piece)
        terminal.read(0.02)
    terminal.read(1.5)
    terminal.press("\x1b[I")
    for _ in range(8):
        terminal.press("escape")
        terminal.read(0.3)
    terminal.press("2", "1")
    terminal.until("days ahead")
