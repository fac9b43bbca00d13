"""The dialog for long work: a bar, a key that stops it, and a window that stays alive."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any, ClassVar, Generic, TypeVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.errors import WorkStopped
from csc_tui.base.progress import Progress
from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from db.errors import CscError

Result = TypeVar("Result")
Stopping = Callable[[int, int], Exception]
"""Builds the exception that ends the work, from how much is done and of how much."""
BAR = 40
SEEN_SECONDS = 0.3
"""Seconds from which the dialog has been seen; an escape that came earlier was meant for what follows the work."""


def _nothing_kept(what: str) -> Stopping:
    return lambda done, of: WorkStopped(f"Stopped: {done - 1:,} of {of:,} {what} were ready. None was saved.")


class ProgressDialog(Dialog[bool], Generic[Result]):
    """Runs `do` in a thread with a callback for its progress; escape stops it there."""

    HELP = "This takes a while. You can stop it with escape; it stops at the next safe point."
    AUTO_FOCUS = None
    LEAVE = "Stop"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop", id="working.stop", tooltip="Stop at the next safe point"),
    ]

    def __init__(
        self, title: str, do: Callable[[Progress], Result], *, what: str, explanation: str = "",
        stopping: Stopping | None = None,
    ) -> None:  # fmt: skip
        """Build the dialog.

        `what` names what is counted, such as `invitations`. `explanation` says what happens to finished work on a stop;
        without `stopping` none of it is kept.
        """
        super().__init__(title)
        self._do = do
        self._what = what
        self._explanation = explanation
        self._stopping = stopping or _nothing_kept(what)
        self._stop = Event()
        self._percent = -1
        self._done = False
        self.results: list[Result] = []
        self.problem: CscError | None = None

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield Static(id="progress")

    def on_mount(self) -> None:
        self._show(0, 0)
        self._run()

    def passing_actions(self, arrived: float) -> tuple[str, ...]:
        return ("leave",) if arrived > self.drawn_at + SEEN_SECONDS else ()

    def on_unmount(self) -> None:
        self._stop.set()  # closing the window does not wait for work whose end nobody will see

    @work(group="work")
    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def progress(done: int, of: int) -> None:
            if self._stop.is_set():
                raise self._stopping(done, of)
            percent = 100 * done // max(of, 1)
            if percent != self._percent:  # over SSH a line for every file would be too much
                self._percent = percent
                loop.call_soon_threadsafe(self._show, done, of)

        try:
            self.results.append(await asyncio.to_thread(self._do, progress))
        except CscError as problem:
            self.problem = problem
        self._done = True
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Close the dialog when the work is done, or when what was opened over it closes."""
        if self._done and self.is_current:
            self.dismiss(True)

    def _show(self, done: int, of: int) -> None:
        if not self.is_mounted:
            return
        taken = BAR * done // of if of else 0
        said = f" {done:,} of {of:,} {self._what}" if of else " Getting ready ..."
        bar: Pieces = [(glyphs().taken * taken, "good"), (glyphs().left * (BAR - taken), "muted"), (said, "plain")]
        self.query_one("#progress", Static).update(draw_content([bar], STYLES), layout=False)

    def action_leave(self) -> None:
        self._stop.set()
        self.show_problem("Stopping at the next safe point ...")


async def run_with_progress(app: App[Any], working: ProgressDialog[Result]) -> Result:
    """Show the dialog until the work is done and return its result. Raises the CscError of the work."""
    await app.push_screen_wait(working)
    if working.problem is not None:
        raise working.problem
    return working.results[0]
