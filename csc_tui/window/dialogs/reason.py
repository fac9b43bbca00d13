"""The dialog that asks for a reason."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import TextDialog
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable


class ReasonDialog(TextDialog):
    """Asks for a reason in the coordinator's own words, or one of those offered."""

    AUTO_FOCUS = "FilterInput"
    HELP = "Type a reason, or choose one with the arrow keys and change it as you like. Enter continues."

    def __init__(
        self, title: str, offered: Sequence[str], *, explanation: str = "", text: str = "", problem: str = ""
    ) -> None:
        super().__init__(title, explanation=explanation, text=text, problem=problem)
        self._offered = list(offered)
        self._list: RecordTable[str] = RecordTable([Column("", _words, 20, share=1)], str, id="reasons")

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield FilterInput(self._list, self._typed, value=self._text, placeholder="The reason", id="reason")
        yield self._list

    def on_mount(self) -> None:
        # The first line stands for what is typed, so that the first arrow key takes the first reason offered.
        self._list.show([_OWN_WORDS, *self._offered])

    def _typed(self, text: str) -> None:
        self.show_problem("")
        self.typed(text)

    def on_record_table_pointed(self) -> None:
        if self._list.pointed and self._list.pointed != _OWN_WORDS:
            field = self.query_one(FilterInput)
            field.value = self._list.pointed
            field.cursor_position = len(field.value)

    def on_record_table_chosen(self) -> None:
        reason = self.query_one(FilterInput).value.strip()
        if reason:
            self.dismiss(reason)
        else:
            self.show_problem("Type a reason, or choose one with the arrow keys. It is kept in the history.")


_OWN_WORDS = "Use what I typed, or choose:"


def _words(reason: str) -> Pieces:
    return [(reason, "muted" if reason == _OWN_WORDS else "plain")]
