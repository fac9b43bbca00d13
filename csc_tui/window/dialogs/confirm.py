"""The dialog that shows what would happen before it happens."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content


class ConfirmDialog(Dialog[bool]):
    """Shows the consequences of a change. Returns True for enter, None for escape."""

    HELP = "This is what will happen; nothing has been changed yet. Enter confirms, escape changes nothing."
    AUTO_FOCUS = "#consequences"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do", "Confirm", id="confirm.do", tooltip="Confirm what is shown here"),
    ]

    def __init__(
        self,
        title: str,
        consequences: Sequence[Pieces],
        *,
        irrevocable: bool,
        do: str = "Confirm",
        leave: str = "",
        problem: str = "",
    ) -> None:
        """Build the question; `do` and `leave` name its keys.

        What is `irrevocable` is not confirmed by a key that came before the question was shown.
        """
        super().__init__(title, problem=problem)
        self.irrevocable = irrevocable
        self._consequences = consequences
        self.key_labels |= {"do": do, "leave": leave or self.LEAVE}

    def body(self) -> ComposeResult:
        with VerticalScroll(id="consequences"):
            yield Static(draw_content(self._consequences, STYLES))

    def action_do(self) -> None:
        if not self.refuses_early_key():
            self.dismiss(True)
