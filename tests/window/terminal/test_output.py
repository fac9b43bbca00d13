"""Writing to a terminal that takes everything, that stalls, and that is gone."""

import os
import pty
import threading
from collections.abc import Iterator

import pytest

from csc_tui.window.terminal.output import TerminalOutput


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    outside, inside = pty.openpty()
    yield outside, inside
    for each in (outside, inside):
        try:
            os.close(each)
        except OSError:
            continue


def drained(outside: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += os.read(outside, 65536)
    return found


def test_what_is_written_is_there_at_once(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    output = TerminalOutput(inside)
    output.write(b"Ann")
    assert os.read(outside, 10) == b"Ann"
    output.close()


def test_a_line_that_stalls_holds_nothing_up_and_loses_nothing(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    output = TerminalOutput(inside)
    pieces = [f"{number:09}".encode() * 100 for number in range(300)]  # more than a terminal takes unread
    for piece in pieces:
        output.write(piece)
    reading: list[bytes] = []
    reader = threading.Thread(target=lambda: reading.append(drained(outside, 270_000)))
    reader.start()
    output.close()
    reader.join()
    assert reading == [b"".join(pieces)]


def test_a_terminal_that_is_gone_takes_nothing_and_closes_nothing(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    output = TerminalOutput(inside)
    os.close(outside)
    output.write(b"Ann")
    output.close()


def test_what_is_no_terminal_is_refused() -> None:
    with open(os.devnull, "w") as file, pytest.raises(OSError, match=r".*"):
        TerminalOutput(file.fileno())
