"""The dialog of a pasted list: what each line would do, and what is still unresolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One person of the list; `letter` marks what would happen, and an `open` row must be resolved first."""

    number: int
    text: str
    name: str
    letter: Pieces
    what: str
    open: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class PastedRowAction:
    """An answer of the dialog: `book` all, or `pick`, `drop` or `override` the row of that number."""

    action: str
    number: int


COLUMNS: tuple[Column[PastedRow], ...] = (
    Column("", lambda row: row.letter, 1),
    Column("As pasted", lambda row: [(row.text, "muted" if row.dropped else "plain")], 18, share=1),
    Column("Who", lambda row: [(row.name, "muted" if row.dropped else "strong")], 16, share=1),
    Column("What would happen", lambda row: [(row.what, "warning" if row.open else "plain")], 20, share=2),
)


class PastedLinesDialog(Dialog[PastedRowAction]):
    """Lists the lines of a pasted list and returns the next action."""

    HELP = (
        "Each line of the list with who is meant and what would happen. p picks who is meant, d leaves a line out or "
        "takes it back in, o sets aside with a reason what stands against a booking. Enter goes on with all of them."
    )
    AUTO_FOCUS = "RecordTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('book')", "Book these", id="resolve.book", tooltip="Go on with everybody who is kept"),
        Binding("p", "go('pick')", "Pick who", id="resolve.pick", tooltip="Say who is meant by this line"),
        Binding("d", "go('drop')", "Drop or keep", id="resolve.drop", tooltip="Leave this line out, or take it in"),
        Binding("o", "go('override')", "All the same", id="resolve.override",
                tooltip="Book those who clash all the same, with a reason"),
    ]  # fmt: skip

    def __init__(
        self, title: str, rows: Sequence[PastedRow], *, explanation: str, at: int = 0, problem: str = ""
    ) -> None:
        super().__init__(title, problem=problem)
        self._rows = rows
        self._explanation = explanation
        self._at = at
        self._list: RecordTable[PastedRow] = RecordTable(
            COLUMNS, lambda row: str(row.number), choosable=False, id="listing"
        )

    def body(self) -> ComposeResult:
        yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield self._list
        yield Static(id="in-full", markup=False)

    def on_mount(self) -> None:
        self._list.show(self._rows)
        self._list.point_at(str(self._at))
        self._show_in_full()

    def on_record_table_pointed(self) -> None:
        self._show_in_full()

    def _show_in_full(self) -> None:
        """Show the line under the cursor in full, because the list may have cut it."""
        row = self._list.pointed
        self.query_one("#in-full", Static).update(clean_text(row.what) if row else "")

    def action_go(self, action: str) -> None:
        row = self._list.pointed
        unsettled = sum(each.open for each in self._rows)
        if action == "book" and unsettled:
            self._list.point_at(str(next(each.number for each in self._rows if each.open)))
            self.show_problem(f"{unsettled} to settle first: p picks who is meant, d leaves the line out.")
        elif row is not None:
            self.dismiss(PastedRowAction(action, row.number))
