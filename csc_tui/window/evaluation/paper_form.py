"""The dialog of one paper form: its questions in order, one key for each answer, a line for words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.evaluation import AnswerKind, Question

KEYS: dict[AnswerKind, dict[str, str]] = {
    AnswerKind.AGREE: {"y": "yes", "1": "yes", "n": "no", "0": "no"},
    AnswerKind.SCALE: {each: each for each in "12345"},
    AnswerKind.TEXT: {},
}
HINTS = {
    AnswerKind.AGREE: "y for yes, n for no; down leaves it empty",
    AnswerKind.SCALE: "1 to 5; down leaves it empty",
    AnswerKind.TEXT: "Type the answer; enter goes to the next question",
}
SHORT = {AnswerKind.AGREE: "y / n", AnswerKind.SCALE: "1 - 5", AnswerKind.TEXT: "text"}


@dataclass(frozen=True, slots=True)
class PaperFormRow:
    question: Question
    said: str


def _answer(row: PaperFormRow) -> Pieces:
    return [(row.said, "strong")] if row.said else [(SHORT[row.question.kind], "muted")]


COLUMNS: tuple[Column[PaperFormRow], ...] = (
    Column("", lambda row: [(f"{row.question.position}.", "muted")], 3, right=True),
    Column("", lambda row: row.question.text, 30, share=2),
    Column("", _answer, 12, share=1),
)


class PaperForm(Dialog[dict[int, str]]):
    """Asks for the answers and returns them by the position of their question in the form."""

    AUTO_FOCUS = "RecordTable"
    HELP = (
        "Each answer is one key, y or n, or 1 to 5, and the cursor then moves to the next question. Where the answer "
        "is text, type it below. Backspace removes an answer, up goes back. Enter on the last question, or ctrl+s, "
        "saves the form."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Save the form", id="paper.keep", tooltip="Save the form as it is", priority=True),
        Binding("backspace", "clear", "Clear", show=False, id="paper.clear", tooltip="Remove this answer"),
    ]

    def __init__(self, title: str, questions: Sequence[Question], said: Mapping[int, str], problem: str = "") -> None:
        super().__init__(title, problem=problem)
        self._questions = questions
        self._said = dict(said)
        self._list: RecordTable[PaperFormRow] = RecordTable(
            COLUMNS, lambda row: str(row.question.position), id="listing"
        )
        self._words = FilterInput(self._list, self._typed, placeholder="The text on the form", id="words")

    def body(self) -> ComposeResult:
        yield self._list
        yield self._words
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self._follow()

    def _show(self) -> None:
        self._list.show([PaperFormRow(each, self._said.get(each.position, "")) for each in self._questions])

    def on_record_table_pointed(self) -> None:
        self._follow()

    def _follow(self) -> None:
        """Show the line to type into only for questions that are answered in words."""
        row = self._list.pointed
        if row is None:
            return
        words = row.question.kind is AnswerKind.TEXT
        self._words.display = words
        if words:
            self._words.value = row.said
            self._words.cursor_position = len(row.said)
            self.set_focus(self._words)
        elif not self._list.has_focus:
            self.set_focus(self._list)
        last = row.question is self._questions[-1]
        self.query_one("#remark", Static).update(HINTS[row.question.kind] + (". Enter saves the form." if last else ""))

    def _typed(self, text: str) -> None:
        row = self._list.pointed
        if row is not None and row.question.kind is AnswerKind.TEXT:
            self._put(row.question, text)

    def _put(self, question: Question, said: str) -> None:
        self.show_problem("")
        self._said[question.position] = said
        self._show()

    def on_key(self, event: events.Key) -> None:
        row = self._list.pointed
        if row is None or self._words.has_focus or not event.character:
            return
        answer = KEYS[row.question.kind].get(event.character.lower())
        if answer is not None:
            event.stop()
            self._put(row.question, answer)
            self._list.action_down()
        elif event.character.isalnum():
            event.stop()
            self.show_problem(f"'{event.character}' is not an answer to this question: {HINTS[row.question.kind]}.")

    def on_record_table_chosen(self) -> None:
        """Go to the next question, or save the form after the last one."""
        row = self._list.pointed
        if row is not None and row.question is self._questions[-1]:
            self.action_keep()
        else:
            self._list.action_down()

    @property
    def said(self) -> Mapping[int, str]:
        """Return the answers as they are now, by the position of their question."""
        return self._said

    def action_clear(self) -> None:
        if (row := self._list.pointed) is not None:
            self._put(row.question, "")

    def action_keep(self) -> None:
        said = {place: text.strip() for place, text in self._said.items() if text.strip()}
        if said:
            self.dismiss(said)
        else:
            self.show_problem("No question is answered yet, so nothing was saved.")
