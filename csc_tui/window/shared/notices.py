"""The log of notices: what the window said in its corner, kept in memory only."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from textual.app import App

from csc_tui.base.text import format_count
from csc_tui.window.widgets.record_table import Column

MOST = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that was shown for a few seconds; `number` counts them."""

    number: int
    at: datetime
    sentence: str
    warning: bool


@dataclass(slots=True)
class NoticeLog:
    """The latest notices, newest first.

    They name people, so they are never written to a file and are gone when the window is closed.
    """

    notices: deque[Notice] = field(default_factory=lambda: deque(maxlen=MOST))

    def add(self, at: datetime, sentence: str, *, warning: bool) -> None:
        """Keep a notice."""
        number = self.notices[0].number + 1 if self.notices else 1
        self.notices.appendleft(Notice(number, at, sentence, warning))


COLUMNS: tuple[Column[Notice], ...] = (
    Column("At", lambda notice: f"{notice.at:%H:%M:%S}", 8),
    Column("", lambda notice: [("!", "warning")] if notice.warning else "", 1),
    Column("Notice", lambda notice: [(notice.sentence, "warning" if notice.warning else "plain")], 30, share=1),
)


async def open_notices(app: App[Any], log: NoticeLog) -> None:
    """Show the notices, filtered by typing, with the one under the cursor in full."""

    from csc_tui.window.dialogs.browse import BrowseDialog  # the log is kept from the start, and seldom looked at

    def find(text: str) -> list[Notice]:
        parts = text.casefold().split()
        return [each for each in log.notices if all(part in each.sentence.casefold() for part in parts)]

    await app.push_screen_wait(
        BrowseDialog(
            f"{format_count(len(log.notices), 'notice')} since this window was opened", COLUMNS,
            lambda notice: str(notice.number), find, lambda notice: notice.sentence,
            placeholder="Words of a notice", choosable=False,
            empty="No notices match." if log.notices else "No notices yet.",
        )
    )  # fmt: skip
