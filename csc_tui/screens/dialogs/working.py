"""Work that takes a while: how far it is, and a key that stops it. The window stays alive meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.domain.errors import Stopped
from csc_tui.screens.dialogs.base import Dialog
from csc_tui.widgets.drawing import STYLES, Pieces, content
from csc_tui.widgets.glyphs import glyphs
from db.errors import CscError

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
BAR = 40


@dataclass(frozen=True)
class Worked(Generic[Result]):
    """What came of it, or the sentence of what stood in the way."""

    result: Result | None
    problem: str = ""


class Working(Dialog[Worked[Result]], Generic[Result]):
    """Runs `work` in a thread, giving it what to tell its progress to; escape stops it there, and nothing is kept."""

    HELP = "This takes a while. Escape stops it; what was not finished is not kept."
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop", id="working.stop", tooltip="Stop; what is not finished is not kept"),
    ]

    def __init__(self, title: str, do: Callable[[Progress], Result], *, what: str) -> None:
        """`what` is counted: `invitations`."""
        super().__init__(title)
        self._do = do
        self._what = what
        self._stop = Event()
        self._percent = -1
        self._found: Worked[Result] | None = None

    def body(self) -> ComposeResult:
        yield Static(id="progress")

    def on_mount(self) -> None:
        self._show(0, 0)
        self._run()

    def on_unmount(self) -> None:
        self._stop.set()  # who closes the window waits for no work that nobody will see the end of

    @work(group="write")
    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def progress(done: int, of: int) -> None:
            if self._stop.is_set():
                raise Stopped(f"Stopped: {done - 1:,} of {of:,} {self._what} were ready, and none was kept.")
            percent = 100 * done // max(of, 1)
            if percent != self._percent:  # a line over SSH is not for every file
                self._percent = percent
                loop.call_soon_threadsafe(self._show, done, of)

        try:
            self._found = Worked(await asyncio.to_thread(self._do, progress))
        except CscError as problem:
            self._found = Worked(None, str(problem))
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """It closes when the work is done: at once, or when what was opened over it is closed."""
        if self._found is not None and self.is_current:
            self.dismiss(self._found)

    def _show(self, done: int, of: int) -> None:
        if not self.is_mounted:
            return
        taken = BAR * done // of if of else 0
        said = f" {done:,} of {of:,} {self._what}" if of else " Getting ready ..."
        bar: Pieces = [(glyphs().taken * taken, "good"), (glyphs().left * (BAR - taken), "muted"), (said, "plain")]
        self.query_one("#progress", Static).update(content([bar], STYLES), layout=False)

    def action_leave(self) -> None:
        self._stop.set()
        self.show_problem("Stopping ...")
