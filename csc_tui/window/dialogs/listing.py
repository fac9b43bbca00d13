"""The dialog that shows a list, such as the history of an event."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.full_text_line import FullTextLine
from csc_tui.window.widgets.record_table import Column, RecordTable

Row = TypeVar("Row")


class Listing(Dialog[Row], Generic[Row]):
    """Shows rows; enter returns the one under the cursor where they are `choosable`."""

    AUTO_FOCUS = "RecordTable"
    LEAVE = "Close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "app.export", "Save list", id="listing.export", tooltip="Save this list to a file"),
    ]

    def __init__(
        self,
        title: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        rows: Sequence[Row],
        *,
        group: Callable[[Row], str] | None = None,
        explanation: str = "",
        empty: str = "",
        choosable: bool = False,
        problem: str = "",
        at: str = "",
    ) -> None:
        """Build the list with the cursor on the row whose key is `at`."""
        super().__init__(title, problem=problem)
        self._rows = rows
        self._at = at
        if choosable:
            self.key_labels["leave"] = "Cancel"
        self._explanation = explanation
        self._list: RecordTable[Row] = RecordTable(
            columns, key, group=group, empty=empty, choosable=choosable, id="listing"
        )

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield self._list
        yield FullTextLine(self._list)

    def on_mount(self) -> None:
        super().on_mount()
        self._list.show(self._rows)
        self._list.point_at(self._at)

    def on_record_table_chosen(self) -> None:
        self.dismiss(self._list.pointed)
