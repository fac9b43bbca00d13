"""A line below a list with what the list has cut of the row under its cursor."""

from typing import Any

from textual.widgets import Static

from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.record_table import RecordTable


class FullTextLine(Static):
    """Takes no room until something is cut and then keeps it, so that nothing jumps as the cursor moves."""

    def __init__(self, table: RecordTable[Any]) -> None:
        super().__init__(id="cut", markup=False)
        self._table = table
        self._said = ""

    def show_cut_text(self) -> None:
        """Show what is cut of the row under the cursor."""
        said = glyphs().between.join(self._table.cut())
        if said != self._said:
            self._said = said
            self.update(said, layout=False)
            if not self.display and self.parent is not None:
                self.display = True
                self.parent.add_class("-cut")
