"""Writing a text of several lines."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from csc_tui.window.dialogs.paste import PasteDialog


class TextEditDialog(PasteDialog):
    """Returns the text, empty where it was taken away."""

    HELP = "Write as many lines as you like; enter makes a new one. ctrl+s goes on and shows first what would change."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Go on", id="write.go_on", tooltip="See what would change", priority=True),
    ]

    def action_go_on(self) -> None:
        self.dismiss(self.query_one(TextArea).text)
