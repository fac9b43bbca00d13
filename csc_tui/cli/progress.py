"""Long work: a bar on a terminal, and ctrl+c that lets the step under way finish."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

import click

from csc_tui.base.progress import Progress
from csc_tui.cli import stderr
from csc_tui.core.mail.message_files import StopSignal


@contextmanager
def stoppable_progress(label: str) -> Iterator[tuple[Progress, StopSignal]]:
    """Yield a progress callback and a stop signal, set by the first ctrl+c; the second one interrupts at once."""
    stop = StopSignal()

    def stopping(_: int, __: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        stderr.remark("\nStopping after the current step. To stop at once, press ctrl+c again.")

    before = signal.signal(signal.SIGINT, stopping)
    try:
        if not sys.stderr.isatty():
            yield lambda done, of: None, stop
            return
        with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

            def advance(done: int, of: int) -> None:
                bar.length = max(of, 1)
                bar.update(done - bar.pos)

            yield advance, stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress_bar(label: str, *, least: int = 1) -> Iterator[Progress]:
    """Yield a progress callback that draws a bar on a terminal once there are at least `least` things to do."""
    with ExitStack() as shown:
        drawn = None

        def advance(done: int, of: int) -> None:
            nonlocal drawn
            if drawn is None and of >= least and sys.stderr.isatty():
                drawn = shown.enter_context(click.progressbar(length=of, label=label, file=sys.stderr))
            if drawn is not None:
                drawn.update(done - drawn.pos)

        yield advance
