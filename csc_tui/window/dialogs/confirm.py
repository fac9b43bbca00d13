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

    HELP = "This is a preview: nothing has been changed yet. Enter does it, escape leaves everything as it is."
    AUTO_FOCUS = "#consequences"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do", "Do it", id="confirm.do", tooltip="Do what is shown here"),
    ]

    def __init__(
        self, title: str, consequences: Sequence[Pieces], *, irrevocable: bool, do: str = "Do it", problem: str = ""
    ) -> None:
        """Build the question; what is `irrevocable` is not confirmed by a key that came before it was shown."""
        super().__init__(title, problem=problem)
        self.irrevocable = irrevocable
        self._consequences = consequences
        self._bindings.key_to_bindings["enter"] = [
            Binding("enter", "do", do, id="confirm.do", tooltip="Do what is shown here")
        ]

    def body(self) -> ComposeResult:
        with VerticalScroll(id="consequences"):
            yield Static(draw_content(self._consequences, STYLES))

    def action_do(self) -> None:
        if not self.refuses_early_key():
            self.dismiss(True)
