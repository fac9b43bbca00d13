"""The real program on a pseudo-terminal of its own: keys in, a picture and bytes out. The benchmark uses it, too."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Sequence
from time import monotonic

import pyte
from pyte.screens import Char

from tests import builders

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP", "ctrl+l": "\x0c", "ctrl+p": "\x10", "ctrl+q": "\x11",
}  # fmt: skip
_PRIVATE = re.compile(r"\x1b\[[<>=?][0-9;]*(?:\$p|[a-z])|\x1b\[[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""Modes and questions, which pyte would take for text; what is drawn has none."""
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?$")


def window(location: str, *options: str, actor: str = "alice", today: str = "2017-06-12T09:00") -> list[str]:
    """The words that open the window."""
    program = "from csc_tui.cli.entry import main; main()"
    return [sys.executable, "-c", program, "--db", location, "--today", today, "--as", actor, *options]


def looks(cell: Char) -> tuple[object, ...]:
    """A cell as it is seen: of a blank, only its ground, or all where a line goes through it."""
    if cell.data == " " and not (cell.underscore or cell.reverse or cell.strikethrough):
        return " ", cell.bg
    return tuple(cell)


class Terminal:
    """A program in a process of its own; `text` is everything it wrote, `lines()` what one sees."""

    def __init__(self, words: Sequence[str], size: tuple[int, int] = (80, 24), **environment: str) -> None:
        self.text = ""
        self.code: int | None = None
        self.bytes = 0
        self.last = 0.0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._undrawn: list[str] = []
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self.begun = monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            # The size before the program starts, which would otherwise draw twice.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            given = {name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "LINES", "COLUMNS")}
            given |= {"PYTHONPATH": str(builders.ROOT), "TERM": "xterm-256color", "COLORTERM": "", **environment}
            os.execve(
                words[0], list(words), given
            )  # readline may have put its own idea of the size into C's environment
        os.set_blocking(self.terminal, False)

    def read(self, seconds: float) -> str:
        """What it writes until it has been silent for so long."""
        begin = len(self.text)
        while select.select([self.terminal], [], [], seconds)[0]:
            try:
                piece = os.read(self.terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            self.last = monotonic()
            self.bytes += len(piece)
            fresh = self._decode(piece)
            self.text += fresh
            self._undrawn.append(fresh)
        return self.text[begin:]

    def lines(self) -> list[str]:
        """What stands on the terminal. Drawn only when asked for, so that drawing never holds the program up."""
        data = self._held + "".join(self._undrawn)
        self._undrawn.clear()
        unfinished = _UNFINISHED.search(data)
        self._held = unfinished[0] if unfinished else ""
        self._stream.feed(_PRIVATE.sub("", data[: len(data) - len(self._held)]))
        return [line.rstrip() for line in self._screen.display]

    def shown(self) -> str:
        return "\n".join(self.lines())

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell with its colours and attributes."""
        self.lines()
        screen = self._screen
        return [[looks(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]

    def cursor(self) -> tuple[int, int]:
        """Column and line of the terminal's own cursor."""
        self.lines()
        return self._screen.cursor.x, self._screen.cursor.y

    def until(self, words: str, *, gone: bool = False, seconds: float = 30) -> None:
        """Wait for the words to stand on the terminal, or to be `gone` from it."""
        end = monotonic() + seconds
        while (words in self.shown()) == gone:
            assert monotonic() < end, f"{words!r} {'stayed' if gone else 'did not come'}:\n{self.shown()}"
            assert self.code is None, f"the program has ended:\n{self.shown()}"
            self.read(0.02)

    def line(self, words: str) -> str:
        """The first line with these words."""
        found = [line for line in self.lines() if words in line]
        assert found, f"{words!r} is not on the screen:\n{self.shown()}"
        return found[0]

    def press(self, *keys: str) -> None:
        """Names of KEYS, or text as it is typed."""
        for key in keys:
            os.write(self.terminal, KEYS.get(key, key).encode())

    def overwrite(self, data: str) -> None:
        """What somebody else writes on the terminal."""
        self.lines()
        self._stream.feed(data)

    def resize(self, columns: int, lines: int) -> None:
        self.lines()
        self._screen.resize(lines, columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

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

    def hang_up(self) -> None:
        """The line is cut."""
        os.close(self.terminal)
        self.terminal = os.open(os.devnull, os.O_RDONLY)

    def kill(self) -> None:
        """End it at once, if it goes on."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.code = -signal.SIGKILL
        os.close(self.terminal)
