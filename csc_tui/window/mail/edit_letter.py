"""The dialog that edits the subject and text of a message, with the placeholders they may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Static, TextArea

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.dialogs.form import FieldInput, FormField
from csc_tui.window.widgets.pieces import STYLES, Piece, draw_content


@dataclass(frozen=True, slots=True)
class LetterDraft:
    subject: str
    body: str


class LetterDialog(Dialog[LetterDraft]):
    """Returns the subject and text; enter makes a new line, so another key goes on."""

    HELP = (
        "The text of this kind of message. Placeholders in curly brackets are filled in for each person; all of them "
        "are listed below. Tab moves between subject and text. ctrl+s shows the message as a person would get it; "
        "nothing is saved before that."
    )
    AUTO_FOCUS = "FieldInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Preview", id="writing.go_on",
                tooltip="Show the message as a person would get it", priority=True),
    ]  # fmt: skip

    def __init__(
        self, title: str, draft: LetterDraft, placeholders: Sequence[tuple[str, str]], *, problem: str = ""
    ) -> None:
        super().__init__(title, problem=problem)
        self._draft = draft
        self._placeholders = placeholders

    def body(self) -> ComposeResult:
        with Container(classes="field"):
            yield Static("Subject", classes="label", markup=False)
            yield FieldInput(FormField("subject", "Subject", self._draft.subject), self._draft.subject)
        area = TextArea(self._draft.body, tab_behavior="focus", show_line_numbers=False, highlight_cursor_line=False)
        area.cursor_blink = False
        yield area
        yield Static(draw_content([self._names()], STYLES), id="in-full")

    def _names(self) -> list[Piece]:
        line: list[Piece] = [("Placeholders: ", "muted")]
        for name, _ in self._placeholders:
            line.append((f"{{{clean_text(name)}}} ", "accent"))
        return line

    def on_input_submitted(self) -> None:
        self.query_one(TextArea).focus()

    def action_go_on(self) -> None:
        self.dismiss(LetterDraft(self.query_one(FieldInput).value, self.query_one(TextArea).text))
