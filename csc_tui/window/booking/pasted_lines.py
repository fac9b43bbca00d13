"""The dialog of a pasted list: what each line would do, and which lines still need a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import clean_text, format_count
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One person of the list; `letter` marks what would happen, and an `open` row needs a decision.

    A `ready` row is one that would be booked, put on the waiting list or requested.
    """

    number: int
    text: str
    name: str
    letter: Pieces
    what: str
    open: bool = False
    dropped: bool = False
    ready: bool = False


@dataclass(frozen=True, slots=True)
class PastedRowAction:
    """An answer of the dialog: `book` what is ready, or `pick`, `add`, `drop` or `override` the row of that number."""

    action: str
    number: int


COLUMNS: tuple[Column[PastedRow], ...] = (
    Column("", lambda row: row.letter, 1),
    Column("As pasted", lambda row: [(row.text, "muted" if row.dropped else "plain")], 18, share=1),
    Column("Person", lambda row: [(row.name, "muted" if row.dropped else "strong")], 16, share=1),
    Column("What would happen", lambda row: [(row.what, "warning" if row.open else "plain")], 20, share=2),
)


class PastedLinesDialog(Dialog[PastedRowAction]):
    """Lists the lines of a pasted list and returns the next action; escape goes back to the text."""

    HELP = (
        "Each line of the list, the person it means and what would happen. p finds the person, a adds a new one, x "
        "leaves a line out or puts it back, b books those refused by a rule, with a reason. Enter books the lines that "
        "are ready; lines that need a decision stay here. Escape goes back to the text and keeps every decision."
    )
    AUTO_FOCUS = "RecordTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('book')", "Book", id="resolve.book", tooltip="Book the lines that are ready"),
        Binding("p", "go('pick')", "Find person", id="resolve.pick", tooltip="Find the person this line means"),
        Binding("a", "go('add')", "New person", id="resolve.add", tooltip="Add the person of this line"),
        Binding("x", "go('drop')", "Leave out", id="resolve.drop", tooltip="Leave this line out, or put it back"),
        Binding("b", "go('override')", "Book anyway", id="resolve.override",
                tooltip="Book those refused by a rule, with a reason"),
        Binding("escape", "leave", "Back to the text", id="resolve.leave",
                tooltip="Back to the text; every decision is kept"),
    ]  # fmt: skip

    def __init__(self, title: str, rows: Sequence[PastedRow], *, at: int = 0, problem: str = "") -> None:
        super().__init__(title, problem=problem)
        self._rows = rows
        self._at = at
        self._list: RecordTable[PastedRow] = RecordTable(
            COLUMNS, lambda row: str(row.number), choosable=False, id="listing"
        )

    def body(self) -> ComposeResult:
        yield Static(describe_rows(self._rows), id="explanation", markup=False)
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
        unresolved = [each.number for each in self._rows if each.open]
        if action == "book" and unresolved and not any(each.ready for each in self._rows):
            self._list.point_at(str(unresolved[0]))
            self.show_problem("No line is ready to book. p finds a person, a adds a new one.")
        elif row is not None:
            self.dismiss(PastedRowAction(action, row.number))


def describe_rows(rows: Sequence[PastedRow]) -> str:
    """Return `12 lines, all resolved` or `12 lines, 2 need a decision; enter books the 10 that are ready`."""
    lines, unresolved = format_count(len(rows), "line"), sum(each.open for each in rows)
    ready = sum(each.ready for each in rows)
    if not unresolved:
        return f"{lines}, {'all ' if len(rows) > 1 else ''}resolved."
    said = f"{lines}, {unresolved} {'needs' if unresolved == 1 else 'need'} a decision"
    return f"{said}; enter books the {ready} ready, the others stay." if ready else f"{said}."
