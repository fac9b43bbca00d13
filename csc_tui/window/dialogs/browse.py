"""Dialogs to look something up by typing, with the whole of the row under the cursor below the list."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.dialogs.pick import PickedRow
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.record_table import Column, RecordTable

Row = TypeVar("Row")


class BrowseDialog(Dialog[PickedRow[Row]], Generic[Row]):
    """Lists the rows that `find` gives for a text, and below them what `full` says of one; enter returns it if
    `choosable`.
    """

    AUTO_FOCUS = "FilterInput"
    HELP = FilterInput.HELP
    LEAVE = "Close"

    def __init__(
        self,
        title: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        find: Callable[[str], Sequence[Row]],
        full: Callable[[Row], str],
        *,
        group: Callable[[Row], str] | None = None,
        text: str = "",
        at: str = "",
        placeholder: str = "",
        empty: str = "",
        choosable: bool = True,
    ) -> None:
        super().__init__(title)
        self._find = find
        self._full = full
        self._text = text
        self._at = at
        self._choosable = choosable
        self._placeholder = placeholder
        self._list: RecordTable[Row] = RecordTable(
            columns, key, group=group, empty=empty, choosable=choosable, id="picks"
        )

    def body(self) -> ComposeResult:
        yield FilterInput(self._list, self._narrow, value=self._text, placeholder=self._placeholder, id="finder")
        yield self._list
        yield Static(id="in-full", markup=False)

    def on_mount(self) -> None:
        self._list.show(self._find(self._text))
        self._list.point_at(self._at)
        self._show_in_full()

    def _narrow(self, text: str) -> None:
        self._list.show(self._find(text), from_top=True)
        self._show_in_full()

    def on_record_table_pointed(self) -> None:
        self._show_in_full()

    def _show_in_full(self) -> None:
        row = self._list.pointed
        self.query_one("#in-full", Static).update("" if row is None else clean_text(self._full(row)))

    def on_record_table_chosen(self) -> None:
        if self._choosable and self._list.pointed is not None:
            self.dismiss(PickedRow(self._list.pointed, self.query_one(FilterInput).value))


class PageDialog(Dialog[bool]):
    """Shows a page to read line by line; the arrow keys and page up and down scroll it."""

    AUTO_FOCUS = "#page"
    HELP = "Arrow keys, page up and down, home and end scroll the page; escape closes it."
    LEAVE = "Close"

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self._text = text

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static("\n".join(map(clean_text, self._text.splitlines())), markup=False)
