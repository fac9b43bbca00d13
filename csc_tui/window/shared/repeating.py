"""Repeating the last action on the next row, with the answers given before and a preview of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from textual.screen import Screen


@dataclass(slots=True)
class RepeatableAction:
    """An action on a row, with the answers to its questions in their order."""

    kind: type[Screen[Any]]
    action: str
    row: str
    rows_below: Sequence[str]
    """The rows that came after it when the action began; the action may have moved its own row."""
    answers: list[tuple[type[Screen[Any]], Any]] = field(default_factory=list)
    replayed: list[tuple[type[Screen[Any]], Any]] = field(default_factory=list)
    """The answers still to be given by themselves while the action is repeated."""

    def for_row(self, row: str, rows_below: Sequence[str]) -> "RepeatableAction":
        """Return the same action for another row, with the answers given by themselves."""
        return RepeatableAction(self.kind, self.action, row, rows_below, self.answers, [*self.answers])

    def replay(self, dialog: object) -> Any:
        """Return the earlier answer to a question, or None where somebody has to be asked."""
        if self.replayed and type(dialog) is self.replayed[0][0]:
            return self.replayed.pop(0)[1]
        return None

    def record(self, dialog: Screen[Any], answer: Any) -> None:
        """Keep an answer for the next row; what cannot be undone, previews and what is only read come for every row."""
        from csc_tui.window.dialogs.confirm import ConfirmDialog
        from csc_tui.window.dialogs.dialog import Dialog
        from csc_tui.window.dialogs.progress import ProgressDialog
        from csc_tui.window.dialogs.reading import ReadingDialog

        if isinstance(dialog, Dialog) and dialog.irrevocable:
            return
        if answer is not None and not isinstance(dialog, (ConfirmDialog, ProgressDialog, ReadingDialog)):
            self.answers.append((type(dialog), answer))


UNDER_WAY: ContextVar[RepeatableAction | None] = ContextVar("repeatable action", default=None)
"""The repeatable action that this task works for; the workers it starts inherit it."""


@contextmanager
def under_way(action: RepeatableAction) -> Iterator[None]:
    """Let the questions asked meanwhile, by this task and the workers it starts, belong to the action."""
    token = UNDER_WAY.set(action)
    try:
        yield
    finally:
        UNDER_WAY.reset(token)
