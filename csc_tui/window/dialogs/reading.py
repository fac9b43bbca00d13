"""The dialog that shows a text, such as a mail."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content


class ReadingDialog(Dialog[bool]):
    """Shows the text. Returns True for enter where `do` says what enter does."""

    LEAVE = "Close"
    HELP = "The arrow keys and page up and down move through the text. Escape closes it."
    AUTO_FOCUS = "#text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do", "Confirm", id="reading.do", tooltip="Confirm what is shown here"),
    ]

    def __init__(self, title: str, lines: Sequence[Pieces], *, do: str = "", problem: str = "") -> None:
        super().__init__(title, problem=problem)
        self._lines = lines
        self._do = do
        self.key_labels["do"] = do

    def body(self) -> ComposeResult:
        with VerticalScroll(id="text"):
            yield Static(draw_content(self._lines, STYLES))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "do" or bool(self._do)

    def action_do(self) -> None:
        self.dismiss(True)
