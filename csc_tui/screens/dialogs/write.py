"""Writing a text of several lines."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from csc_tui.screens.dialogs.paste import Paste


class Write(Paste):
    """Returns the text, empty where it was taken away.

    `keep` is told of every change, for a draft, and answers with a sentence if it cannot keep it; where there is one,
    leaving what was written takes escape twice.
    """

    HELP = "Write as many lines as you like; enter makes a new one. ctrl+s goes on and shows first what would change."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Go on", id="write.go_on", tooltip="See what would change", priority=True),
    ]

    def __init__(
        self,
        title: str,
        *,
        explanation: str = "",
        text: str = "",
        problem: str = "",
        keep: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(title, explanation=explanation, text=text, problem=problem)
        self._keep = keep
        self._written = text
        self._warned = False

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        text = message.text_area.text
        if text == self._written:
            return
        self._written, self._warned = text, False
        if self._keep is not None and (sentence := self._keep(text)):
            self.show_problem(sentence)

    def action_go_on(self) -> None:
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        if self._keep is None or self._warned or self.query_one(TextArea).text == self._text:
            self.dismiss(None)
        else:
            self._warned = True
            self.show_problem("Escape once more throws away what is written here. ctrl+s goes on with it.")
