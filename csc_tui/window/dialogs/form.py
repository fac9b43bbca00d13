"""Forms of a few fields, each with its rule beside it and with what is wrong once it is left."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.suggester import Suggester
from textual.widgets import Input, Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.terminal.key_queue import drop_keys_typed_ahead
from db.errors import CscError, WrongUse

Answers = dict[str, str]
RETYPED = 3
"""The most fields that one escape discards without a question: they are soon typed again."""
LONG, SHORT = 52, 18
"""Cells that a title, name or address needs, and a number, date or code."""
WIDEST_LABEL = 26


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    `value` is the text it offers, `hint` says what can be typed. `fault` returns what is wrong with a text, or nothing;
    `suggest` completes what was begun, or returns None. `outcome` says what a text comes to, or nothing, and stands in
    place of the hint as it is typed. `room` is how many cells a text usually needs: a hint that
    leaves fewer stands below the field.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    fault: Callable[[str], str] | None = None
    suggest: Callable[[str], str | None] | None = None
    outcome: Callable[[str], str] | None = None
    room: int = LONG


class FieldRefusal(WrongUse):
    """Raised for an answer of a form that cannot be used; `field` is the name of the field it was typed into."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def typed_whole_number(text: str, what: str) -> int:
    """Parse a whole number typed into a field. Raises WrongUse."""
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise WrongUse(f"{what} is a whole number, not '{text}'.")
    return int(text)


def typed_yes_or_no(text: str, what: str) -> bool:
    """Parse yes or no typed into a field. Raises WrongUse."""
    from csc_tui.core.imports.people import YES_OR_NO  # imported here because few forms ask yes or no

    answer = YES_OR_NO.get(text.casefold())
    if answer is None:
        raise WrongUse(f"{what} is yes or no, not '{text}'.")
    return answer


def filled_rule(text: str) -> str:
    """Refuse an empty field; a field rule."""
    return "" if text else "this is required"


def optional_rule(read: Callable[[str], object]) -> Callable[[str], str]:
    """Return a field rule that accepts an empty field and else what `read` accepts."""

    def fault(text: str) -> str:
        try:
            if text:
                read(text)
        except CscError as refusal:
            return str(refusal).rstrip(".")
        return ""

    return fault


def required_rule(read: Callable[[str], object]) -> Callable[[str], str]:
    """Return a field rule that refuses an empty field and what `read` refuses."""
    return lambda text: optional_rule(read)(text) if text else filled_rule(text)


def number_rule(what: str) -> Callable[[str], str]:
    """Return a field rule that accepts only a whole number."""
    return required_rule(lambda text: typed_whole_number(text, what))


def words_rule(*words: str) -> Callable[[str], str]:
    """Return a field rule that accepts only these words, in any case."""
    return lambda text: "" if text.casefold() in words else " or ".join(words)


def suggest_one(known: Sequence[str]) -> Callable[[str], str | None]:
    """Return a function that completes a text to the first known one that begins like it, in any case."""
    folded = [(each.casefold(), each) for each in known]

    def suggest(begun: str) -> str | None:
        text = begun.casefold()
        return next((begun + each[len(begun) :] for key, each in folded if key.startswith(text)), None)

    return suggest


def suggest_several(suggest: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return a function that completes the last of several texts separated by semicolons."""

    def suggest_last(begun: str) -> str | None:
        before, parted, last = begun.rpartition(";")
        text = last.lstrip()
        ended = suggest(text) if text else None
        return None if ended is None else before + parted + last[: len(last) - len(text)] + ended

    return suggest_last


class _Suggester(Suggester):
    def __init__(self, suggest: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._suggest = suggest

    async def get_suggestion(self, value: str) -> str | None:
        return self._suggest(value)


class FieldInput(Input):
    """One line to type into; the text it offers is selected when it is entered, so that the first key replaces it."""

    HELP = (
        "Up and down or tab move between the fields. A text that is already there is selected: type to replace it, or "
        "press an arrow key to change it. A grey ending is a suggestion: the right arrow accepts it. Enter in the last "
        "field, or ctrl+s in any, does what the bottom line says."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Field above", show=False, id="form.up", tooltip="The field above"),
        Binding("down", "app.focus_next", "Field below", show=False, id="form.down", tooltip="The field below"),
        Binding("enter", "submit", "Next field", id="form.next", tooltip="The next field; in the last one, continue"),
    ]

    def __init__(self, field: FormField, value: str) -> None:
        suggester = _Suggester(field.suggest) if field.suggest else None
        super().__init__(value, compact=True, suggester=suggester, id=field.name)
        self.cursor_blink = False
        self.field = field
        self.key_labels: dict[str, str] = {}
        self._select_what_is_offered()

    def _select_what_is_offered(self) -> None:
        """Select the text on focus only while it is the one offered: what was typed must survive the next key."""
        self.select_on_focus = self.value == clean_text(self.field.value)

    def validate_value(self, value: str) -> str:
        """Take out of pasted text what would move the terminal's cursor."""
        return clean_text(value)

    def watch_value(self) -> None:
        if self.is_mounted:
            self._select_what_is_offered()
            if isinstance(self.screen, Form):
                self.screen.typed(self)

    @property
    def fault(self) -> str:
        """Return what is wrong with the text of the field, or nothing."""
        return self.field.fault(self.value.strip()) if self.field.fault else ""

    @property
    def outcome(self) -> str:
        """Return what the text of the field comes to, or nothing."""
        return self.field.outcome(self.value.strip()) if self.field.outcome else ""


class Form(Dialog[Answers]):
    """Asks for several fields and returns the text of each by its name.

    Enter goes to the next field and, in the last, does what `do` says, as ctrl+s does anywhere. With a draft, leaving
    what was typed into more than a few fields takes escape twice. `at` names the field to begin in, `left_in` the one
    it was left in.
    """

    AUTO_FOCUS = None
    HELP = FieldInput.HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Continue", id="form.go_on", tooltip="Continue with the answers as they are"),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        do: str = "Continue",
        answers: Mapping[str, str] | None = None,
        explanation: str = "",
        problem: str = "",
        at: str = "",
        keep: Callable[[Answers], str] | None = None,
        unsaved: bool = False,
    ) -> None:
        super().__init__(title, problem=problem)
        self.key_labels["go_on"] = self._do = do
        self._fields = fields
        self._answers = answers or {}
        self._explanation = explanation
        self._at = at
        self._keep = keep
        self._unsaved = unsaved
        self._typed = False
        self._warned = False
        self._left: set[str] = set()
        self._refused: dict[str, str] = {}
        self.left_in = ""
        self.refuse_field(at or _field_of_refusal(fields, self._answers, problem), problem)

    def refuse_field(self, name: str, problem: str) -> None:
        """Open in this field with what is wrong beside it; to be called before the form is shown."""
        if problem and name in [each.name for each in self._fields]:
            self._at, self._refused, self._problem = name, {name: problem}, ""

    def begin_in(self, name: str) -> None:
        """Open in this field, unless another one was refused; to be called before the form is shown."""
        if not self._refused:
            self._at = name

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            for number, field in enumerate(self._fields, 1):
                with Container(classes="field"):
                    yield Static(clean_text(field.label), classes="label", markup=False)
                    entry = FieldInput(field, self._begun(field))
                    if number == len(self._fields):
                        entry.key_labels["submit"] = self._do
                    yield entry
                    yield Static(clean_text(field.hint), classes="hint", markup=False)

    def _begun(self, field: FormField) -> str:
        """Return the text the field opens with."""
        return clean_text(self._answers.get(field.name, field.value))

    def on_mount(self) -> None:
        super().on_mount()
        entries = list(self.query(FieldInput))
        for entry in entries:
            self._say(entry, self._refused.get(entry.field.name, "").rstrip("."))
        begin = next((each for each in entries if each.id == self._at), entries[0])
        if self._refused:
            self._drop_keys()
        self.set_focus(begin)  # at once: what is typed ahead over a slow line belongs in this field

    def on_resize(self) -> None:
        super().on_resize()
        for entry in self.query(FieldInput):
            self._place_hint(entry)

    @property
    def _label_room(self) -> int:
        return min(max(cell_len(clean_text(field.label)) for field in self._fields), WIDEST_LABEL) + 2

    def _place_hint(self, entry: FieldInput) -> None:
        """Put the hint beside the field where that leaves room for its text; else, or where it is a fault, below."""
        row = entry.parent
        if not isinstance(row, Container):
            return
        label, hint = self._label_room, row.query_one(".hint", Static)
        wrong = hint.has_class("-wrong")
        free = self.room_inside - label - 2
        beside = [width for field in self._fields if (width := _hint_width(field)) and field.room + width <= free]
        column = max(beside, default=0)
        hinted = _hint_width(entry.field)
        below = wrong or (hinted > 0 and entry.field.room + max(column, hinted) > free)
        row.set_class(below, "-below")
        row.styles.grid_columns = f"{label} 1fr" if below else f"{label} 1fr {column + 2 if hinted else 0}"
        hint.styles.margin = (0, 0, 0, label if below else 2)
        hint.display = wrong or hinted > 0

    @property
    def begun(self) -> Answers:
        """Return the texts the fields open with."""
        return {field.name: self._begun(field) for field in self._fields}

    def draft(self, keep: Callable[[Answers], str], *, unsaved: bool) -> None:
        """Keep a draft through `keep`, as TextDialog.draft does; to be called before the form is shown."""
        self._keep, self._unsaved = keep, unsaved

    @property
    def answers(self) -> Answers:
        """Return the texts of the fields as they are now."""
        return {entry.id or "": entry.value.strip() for entry in self.query(FieldInput)}

    def typed(self, entry: FieldInput) -> None:
        """Note another text in a field; called before it is drawn, so that whatever can be seen is in the draft."""
        if not self._typed and entry.value == self._begun(entry.field):
            return
        self._typed, self._warned = True, False
        if self._refused.pop(entry.field.name, None) or entry.field.name in self._left:
            self._check_field(entry)
        elif entry.field.outcome is not None:
            self._say(entry, "")
        if self._keep is not None and (sentence := self._keep(self.answers)):
            self.show_problem(sentence)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if isinstance(event.widget, FieldInput) and self.is_current:
            entry = event.widget
            if entry.value or entry.field.name in self._left:  # a field that was only passed is not complained about
                self._check_field(entry)

    def _check_field(self, entry: FieldInput) -> None:
        """Show at a field what is wrong with it."""
        self._left.add(entry.field.name)
        if entry.field.name not in self._refused:
            self._say(entry, entry.fault)

    def _say(self, entry: FieldInput, fault: str) -> None:
        if entry.parent is None:
            return
        hint = entry.parent.query_one(".hint", Static)
        said = f"! {_as_sentence(fault)}" if fault else entry.outcome or entry.field.hint
        hint.update(clean_text(said))
        hint.set_class(bool(fault), "-wrong")
        self._place_hint(entry)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        entries = self.query(FieldInput)
        if message.input is entries.last():
            self.action_go_on()
        else:
            self.focus_next(FieldInput)

    def action_go_on(self) -> None:
        """Return the answers, or move to the first field that breaks its rule."""
        entries = list(self.query(FieldInput))
        for entry in entries:
            self._left.add(entry.field.name)
            self._refused.pop(entry.field.name, None)
            self._say(entry, entry.fault)
        wrong = next((entry for entry in entries if entry.fault), None)
        if wrong is not None:
            wrong.focus()
            self._drop_keys()
        elif not self.refuses_early_key():
            self.left_in = self.focused.field.name if isinstance(self.focused, FieldInput) else ""
            self.dismiss(self.answers)

    def _drop_keys(self) -> None:
        """Drop keys typed ahead for a step that does not come, and say so."""
        if dropped := drop_keys_typed_ahead(self):
            self.show_problem(dropped)

    def action_leave(self) -> None:
        typed = self._unsaved or any(entry.value != self._begun(entry.field) for entry in self.query(FieldInput))
        if self._keep is None or not typed or self._warned or self._steps_back or len(self._fields) <= RETYPED:
            self.dismiss(None)
        else:
            self._warned = True
            do = f"{self._do[:1].lower()}{self._do[1:]}"
            self.show_problem(f"Press escape again to discard what you typed, or ctrl+s to {do}.")


def _as_sentence(fault: str) -> str:
    """Return what is wrong as a sentence; one that begins with an address or a quotation keeps its first letter."""
    return f"{fault[:1].upper() if fault.partition(' ')[0].isalpha() else fault[:1]}{fault[1:]}."


def _hint_width(field: FormField) -> int:
    return cell_len(clean_text(field.hint))


class FinalForm(Form):
    """A form whose answers are acted on at once, without another question, and for good."""

    irrevocable = True


def _field_of_refusal(fields: Sequence[FormField], answers: Mapping[str, str], problem: str) -> str:
    """Return the name of the one field whose text the refusal quotes, or else names; nothing where there is none."""

    def quoted(field: FormField) -> bool:
        text = answers.get(field.name, field.value)
        return any(f"'{piece.strip()}'" in problem for piece in (text, *text.split(";")) if piece.strip())

    def named(field: FormField) -> bool:
        text = answers.get(field.name, field.value).strip()
        words = re.escape(text)
        typed = len(text) > 1 and text != field.value
        return typed and re.search(rf"(?<!\w){words}(?!\w)", problem, re.IGNORECASE) is not None

    for is_meant in (quoted, named):
        found = [field.name for field in fields if is_meant(field)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
