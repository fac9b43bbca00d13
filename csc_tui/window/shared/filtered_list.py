"""The base of screens with one list that is read in full: `/` filters it by typing."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.pieces import safe_pieces
from csc_tui.window.widgets.record_table import RecordTable


class FilteredListScreen(DataScreen[Found]):
    """A screen whose `table` shows the rows given to `show_rows`; its filter takes no room until it is asked for."""

    table: RecordTable[Any]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="list.filter", tooltip="Filter the list by typing"),
    ]
    _filter: FilterInput | None = None
    _rows: Sequence[Any] = ()
    _empty = ""

    def show_rows(self, rows: Sequence[Any], *, empty: str) -> None:
        """Show the rows that match the filter; `empty` is said where there are none at all."""
        self._rows, self._empty = rows, empty
        self._show_matches("" if self._filter is None else self._filter.value)

    def _show_matches(self, text: str, *, from_top: bool = False) -> None:
        words = text.casefold().split()
        rows = [row for row in self._rows if all(word in row_text(self.table, row) for word in words)]
        empty = f"No match for '{text.strip()}'. Escape shows everything." if words else self._empty
        self.table.show(rows, empty=empty, from_top=from_top)

    def _narrow(self, text: str) -> None:
        self._show_matches(text, from_top=True)

    async def action_filter(self) -> None:
        if self._filter is None:
            self._filter = FilterInput(self.table, self._narrow, placeholder="Words of a line", id="filter")
            await self.mount(self._filter, before=_outermost(self.table))
        self._filter.display = True
        self.set_focus(self._filter)

    def step_back(self) -> None:
        super().step_back()
        if self._filter is not None:
            self._filter.display = False


def row_text(table: RecordTable[Any], row: Any) -> str:
    """Return all that a list can say of a row, its heading included, in lower case."""
    cells = [text for column in table.all_columns for text, _ in safe_pieces(column.text(row))]
    heading = table.group(row) if table.group else ""
    return " ".join((*cells, heading)).casefold()


def _outermost(widget: Widget) -> Widget:
    """Return the widget, or what holds it, that stands on the screen itself."""
    while isinstance(widget.parent, Widget) and widget.parent is not widget.screen:
        widget = widget.parent
    return widget
