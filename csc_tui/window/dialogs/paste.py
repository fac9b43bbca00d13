"""Dialogs for text of several lines, typed or pasted."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import TextDialog


class SafeTextArea(TextArea):
    """A text area that takes out of pasted text what would move the terminal's cursor."""

    def edit(self, edit: Edit) -> EditResult:
        edit.text = _shown(edit.text)
        return super().edit(edit)


def _shown(text: str) -> str:
    return "\n".join(map(clean_text, text.splitlines())) + ("\n" if text.endswith("\n") else "")


class PasteDialog(TextDialog):
    """Asks for text of several lines and returns it.

    Enter makes a new line, as pasted text has them. Where a draft is kept, leaving what was written takes escape twice.
    """

    HELP = "Paste as usual in your terminal (often ctrl+shift+v or the middle mouse button), then press ctrl+s."
    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Continue", id="paste.go_on", tooltip="See what each line gives", priority=True),
    ]

    def __init__(self, title: str, *, explanation: str = "", text: str = "", problem: str = "") -> None:
        super().__init__(title, explanation=explanation, text=text, problem=problem)
        self._stands = text
        self._warned = False

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        area = SafeTextArea(
            _shown(self._text), tab_behavior="focus", show_line_numbers=False, highlight_cursor_line=False
        )
        area.cursor_blink = False
        area.move_cursor(area.document.end)  # so that typing goes on behind what was pasted before
        yield area

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        text = message.text_area.text
        if text != self._stands:
            self._stands, self._warned = text, False
            self.typed(text)

    def action_leave(self) -> None:
        text = self.query_one(TextArea).text
        as_it_was = text == self._text and not self._unsaved
        if self._keep is None or self._warned or self._steps_back or as_it_was or not text.strip():
            self.dismiss(None)
        else:
            self._warned = True
            self.show_problem("Press escape again to discard what you typed, or ctrl+s to continue.")

    def action_go_on(self) -> None:
        text = self.query_one(TextArea).text
        if text.strip():
            self.dismiss(text)
        else:
            self.show_problem("There is nothing here yet. Type or paste something first.")


class TextEditDialog(PasteDialog):
    """Asks for a changed text and returns it, empty where everything was deleted."""

    HELP = "Write as many lines as you like; enter starts a new one. ctrl+s shows what will change before it is saved."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Continue", id="write.go_on", tooltip="See what will change", priority=True),
    ]

    def action_go_on(self) -> None:
        self.dismiss(self.query_one(TextArea).text)
