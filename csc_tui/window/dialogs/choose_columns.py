"""The dialog that chooses which columns a list shows, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.list_arrangements import ListArrangement
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.record_table import Column, RecordTable


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column by its name, and whether it is shown."""

    name: str
    shown: bool


COLUMNS: tuple[Column[ColumnChoice], ...] = (
    Column("", lambda choice: glyphs().bullet if choice.shown else "", 2),
    Column("", lambda choice: [(choice.name, "plain" if choice.shown else "muted")], 20, share=1),
    Column("", lambda choice: [("shown" if choice.shown else "left out", "muted")], 10),
)


class ChooseColumns(Dialog[ListArrangement]):
    """Returns the arrangement with the columns as they were chosen."""

    AUTO_FOCUS = "RecordTable"
    HELP = "Space shows a column or leaves it out; left and right move it to the left and right in the list."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", "Show or leave out", id="columns.turn", tooltip="Show this column, or leave it out"),
        Binding("left", "move(-1)", "To the left", id="columns.left", tooltip="Move this column to the left"),
        Binding("right", "move(1)", "To the right", id="columns.right", tooltip="Move this column to the right"),
        Binding("backspace", "restore", "Default", id="columns.restore",
                tooltip="All columns, in the order the list has them"),
    ]  # fmt: skip

    def __init__(self, names: Sequence[str], shown: Sequence[str], arrangement: ListArrangement) -> None:
        """Build the dialog; `names` are all columns in the list's own order, `shown` those in view, in their order."""
        super().__init__("Columns of this list")
        self._names = names
        self._arrangement = arrangement
        left_out = [name for name in names if name not in shown]
        self._choices = [ColumnChoice(name, name in shown) for name in (*shown, *left_out)]
        self._list: RecordTable[ColumnChoice] = RecordTable(COLUMNS, lambda choice: choice.name, id="listing")

    def body(self) -> ComposeResult:
        yield Static(self.HELP, id="explanation", markup=False)
        yield self._list

    def on_mount(self) -> None:
        self._list.show(self._choices)

    def action_turn(self) -> None:
        at = self._list.cursor
        turned = replace(self._choices[at], shown=not self._choices[at].shown)
        if not turned.shown and sum(each.shown for each in self._choices) == 1:
            self.show_problem("One column has to stay. Show another one first.")
            return
        self._choices[at] = turned
        self._list.show(self._choices)
        self.show_problem("")

    def action_move(self, step: int) -> None:
        at = self._list.cursor
        if 0 <= at + step < len(self._choices):
            self._choices.insert(at + step, self._choices.pop(at))
            self._list.show(self._choices)

    def action_restore(self) -> None:
        self._choices = [ColumnChoice(name, True) for name in self._names]
        self._list.show(self._choices)

    def on_record_table_chosen(self) -> None:
        shown = tuple(each.name for each in self._choices if each.shown)
        left_out = tuple(each.name for each in self._choices if not each.shown)
        as_it_was = shown == tuple(self._names)
        self.dismiss(
            replace(self._arrangement, shown=() if as_it_was else shown, left_out=() if as_it_was else left_out)
        )
