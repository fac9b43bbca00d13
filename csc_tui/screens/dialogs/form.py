"""A few fields to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from csc_tui.screens.dialogs.base import Dialog
from csc_tui.text import clean
from db.errors import WrongUse

Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """`hint` stands behind the field: what can be typed."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


def whole_number(text: str, what: str) -> int:
    """What was typed into a field for a number. Raises WrongUse."""
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise WrongUse(f"{what} is a whole number, not '{text}'.")
    return int(text)


class Entry(Input):
    """One line to type into."""

    HELP = "Fill in what is asked; up and down or tab go from field to field, enter in the last one goes on."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Field above", show=False, id="form.up", tooltip="The field above"),
        Binding("down", "app.focus_next", "Field below", show=False, id="form.down", tooltip="The field below"),
        Binding("enter", "submit", "Go on", id="form.next", tooltip="The next field; from the last one, go on"),
    ]

    def __init__(self, field: Field, value: str) -> None:
        super().__init__(value, select_on_focus=False, compact=True, id=field.name)
        self.cursor_blink = False


class Form(Dialog[Answers]):
    """Returns the text of each field by its name. Enter goes to the next field and, from the last, on."""

    AUTO_FOCUS = "Entry"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        answers: Mapping[str, str] | None = None,
        explanation: str = "",
        problem: str = "",
    ) -> None:
        super().__init__(title, problem=problem)
        self._fields = fields
        self._answers = answers or {}
        self._explanation = explanation

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean(self._explanation), id="explanation", markup=False)
        for field in self._fields:
            with Horizontal(classes="field"):
                yield Static(clean(field.label), classes="label", markup=False)
                yield Entry(field, self._answers.get(field.name, field.value))
                yield Static(clean(field.hint), classes="hint", markup=False)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        entries = self.query(Entry)
        if message.input is entries.last():
            self.dismiss({entry.id or "": entry.value.strip() for entry in entries})
        else:
            self.focus_next(Entry)
