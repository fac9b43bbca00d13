"""Textual's terminal driver, writing only the cells that changed, because over SSH every byte is waited for.

It reads with TerminalInput, so that no byte a terminal sends closes the window.
"""

import contextlib
import os
import selectors
import sys
from threading import Lock
from time import monotonic
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from csc_tui.window.terminal.cells import Cells
from csc_tui.window.terminal.output import TerminalOutput
from csc_tui.window.terminal.terminal_input import TerminalInput
from csc_tui.window.widgets import glyphs

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
HIDE_CURSOR = "\x1b[?25l"
LOOK_SECONDS = 0.1
"""How often to look whether a sequence or a paste has ended in silence."""
ONE_PACKET = 1200
"""The bytes that arrive in one packet; such a picture is never seen half drawn, so the terminal need not hold it back.
"""


class CellDriver(LinuxDriver):
    """Compares what Textual draws with what the terminal shows.

    An App that has to make it forget the picture has the `cells`.
    """

    def __init__(self, app: App[Any], **named: Any) -> None:
        super().__init__(app, **named)
        self._cells: Cells = getattr(app, "cells", None) or Cells()
        self._shows_cursor = bool(getattr(app, "plain", False))
        self._holding_back = False
        encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"  # where LinuxDriver writes
        self._encoding = "" if glyphs.takes_all_glyphs(encoding) else encoding
        self._output: TerminalOutput | None = None
        self._turn = Lock()  # the thread that reads keys writes, too, when the terminal reports what it can do

    def write(self, data: str) -> None:
        with self._turn:
            if data in (SYNC_START, SYNC_END):
                self._holding_back = data == SYNC_START
                return
            if self._shows_cursor:
                data = data.replace(HIDE_CURSOR, "")
            if self._encoding:  # a sign that the terminal lacks still takes a cell
                data = data.encode(self._encoding, "replace").decode(self._encoding)
            changes = self._cells.write(data)
            if self._holding_back and len(changes) > ONE_PACKET:
                changes = f"{SYNC_START}{changes}{SYNC_END}"
            if not changes:
                return
            if self._output is None:
                super().write(changes)
            else:
                self._output.write(changes.encode(self._encoding or "utf-8", "replace"))

    def start_application_mode(self) -> None:
        self._cells.forget()
        if self._output is None and sys.__stderr__ is not None:
            with contextlib.suppress(OSError, ValueError):  # where it cannot be opened, Textual's own way writes
                self._output = TerminalOutput(sys.__stderr__.fileno())
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def run_input_thread(self) -> None:
        reader = TerminalInput()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(LOOK_SECONDS):
                    data = self._read_bytes()
                    for message in reader.feed(data, monotonic()):
                        self.process_message(message)
                    if not data:  # the terminal is gone, which the app notices and ends
                        self.exit_event.wait(LOOK_SECONDS)
                for message in reader.tick(monotonic()):
                    self.process_message(message)

    def _read_bytes(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def close(self) -> None:
        super().close()
        if self._output is not None:
            self._output.close()
            self._output = None
