"""The dialog that merges a form with what somebody else changed meanwhile, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that two people changed; `mine` says which of the two texts to keep."""

    field: str
    label: str
    was: str
    theirs: str
    yours: str
    mine: bool


def _side(clash: FieldClash, *, mine: bool) -> Pieces:
    text = clash.yours if mine else clash.theirs
    taken = clash.mine == mine
    return [("* " if taken else "  ", "accent"), (text or "(empty)", "strong" if taken else "muted")]


COLUMNS: tuple[Column[FieldClash], ...] = (
    Column("Field", lambda clash: clash.label, 14),
    Column("Was", lambda clash: [(clash.was or "(empty)", "muted")], 12, share=1),
    Column("Theirs", lambda clash: _side(clash, mine=False), 14, share=1),
    Column("Yours", lambda clash: _side(clash, mine=True), 14, share=1),
)


class MergeDialog(Dialog[Mapping[str, str]]):
    """Returns the text to keep for each field, at first theirs where only they changed it and yours elsewhere."""

    HELP = (
        "Someone else saved the same record while you typed. The star is beside the text that will be kept: the left "
        "arrow keeps theirs, the right arrow yours, space the other one. Enter goes back to your form with these; "
        "nothing is saved yet."
    )
    AUTO_FOCUS = "RecordTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Continue", id="settle.go_on", tooltip="Go back to the form with the starred texts"),
        Binding("left", "take(False)", "Theirs", id="settle.theirs", tooltip="Keep what they saved"),
        Binding("right", "take(True)", "Yours", id="settle.mine", tooltip="Keep what you typed"),
        Binding("space", "other", "The other", id="settle.other", tooltip="Keep the other of the two"),
    ]

    def __init__(self, title: str, clashes: Sequence[FieldClash], *, explanation: str) -> None:
        super().__init__(title)
        self._clashes = list(clashes)
        self._explanation = explanation
        self._list: RecordTable[FieldClash] = RecordTable(
            COLUMNS, lambda clash: clash.field, choosable=False, id="listing"
        )

    def body(self) -> ComposeResult:
        yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield self._list
        yield Static(id="in-full", markup=False)

    def on_mount(self) -> None:
        self._list.show(self._clashes)
        self._show_in_full()

    def on_record_table_pointed(self) -> None:
        self._show_in_full()

    def _show_in_full(self) -> None:
        """Show both texts of the field under the cursor in full, because the list may have cut them."""
        if (clash := self._list.pointed) is not None:
            said = f"Theirs: {clash.theirs or '(empty)'}\nYours: {clash.yours or '(empty)'}"
            self.query_one("#in-full", Static).update("\n".join(map(clean_text, said.splitlines())))

    def action_take(self, mine: bool) -> None:
        clash = self._list.pointed
        if clash is not None:
            self._clashes[self._list.cursor] = replace(clash, mine=mine)
            self._list.show(self._clashes)

    def action_other(self) -> None:
        if self._list.pointed is not None:
            self.action_take(not self._list.pointed.mine)

    def action_go_on(self) -> None:
        self.dismiss({each.field: each.yours if each.mine else each.theirs for each in self._clashes})
