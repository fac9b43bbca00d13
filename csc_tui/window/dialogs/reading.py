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

    HELP = "The arrow keys and page up and down move through the text. Escape goes back."
    AUTO_FOCUS = "#text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do", "Do it", id="reading.do", tooltip="Go on with what is shown here"),
    ]

    def __init__(self, title: str, lines: Sequence[Pieces], *, do: str = "", problem: str = "") -> None:
        super().__init__(title, problem=problem)
        self._lines = lines
        self._do = do
        if do:
            self._bindings.key_to_bindings["enter"] = [
                Binding("enter", "do", do, id="reading.do", tooltip="Go on with what is shown here")
            ]

    def body(self) -> ComposeResult:
        with VerticalScroll(id="text"):
            yield Static(draw_content(self._lines, STYLES))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "do" or bool(self._do)

    def action_do(self) -> None:
        self.dismiss(True)
