"""How far long work is, and the way to stop it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.screens.dialogs.base import Dialog
from csc_tui.text import clean
from csc_tui.widgets.drawing import STYLES, content, places_bar

WIDTH = 40
"""Cells of the bar."""


class Progress(Dialog[bool]):
    """Stays until the work is done, which closes it. `stop` is called once, when it is to end early."""

    AUTO_FOCUS = None
    HELP = "The window goes on working meanwhile. Escape stops at the next safe place and says what is in by then."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop", id="progress.stop", tooltip="Stop at the next safe place"),
    ]

    def __init__(self, title: str, stop: Callable[[], None], *, explanation: str = "") -> None:
        super().__init__(title)
        self._stop = stop
        self._explanation = explanation
        self._stopping = self._finished = False
        self._drawn = -1

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean(self._explanation), id="explanation", markup=False)
        yield Static("Beginning ...", id="bar", markup=False)

    def finish(self) -> None:
        """The work is done: close, at once or when what was opened over it is closed."""
        self._finished = True
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        if self._finished and self.is_current:
            self.dismiss(None)

    def advance(self, done: int, of: int) -> None:
        """Draw how far it is; only a whole percent more is worth a line over SSH."""
        percent = 100 * done // of if of else 0
        if percent != self._drawn and self.is_mounted:
            self._drawn = percent
            figures = f"  {percent} %  {done:,} of {of:,}"
            self.query_one("#bar", Static).update(
                content([[*places_bar(done, max(of, 1), WIDTH), (figures, "plain")]], STYLES)
            )

    def action_leave(self) -> None:
        if not self._stopping:
            self._stopping = True
            self.show_problem("Stopping at the next safe place ...")
            self._stop()
