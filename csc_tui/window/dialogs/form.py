"""Forms of a few fields, each with its rule beside it and with what is wrong once it is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.suggester import Suggester
from textual.widgets import Input, Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from db.errors import CscError, WrongUse

Answers = dict[str, str]
RETYPED = 3
"""The most fields that one escape throws away without a question: they are soon typed again."""
FAULT_ROOM = 15
"""Cells kept free behind the fields for the beginning of what is wrong."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    `hint` stands behind the field and says what can be typed. `fault` returns what is wrong with a text, or nothing;
    `suggest` completes what was begun, or returns None.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    fault: Callable[[str], str] | None = None
    suggest: Callable[[str], str | None] | None = None


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
    return "" if text else "something is needed"


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
    """One line to type into."""

    HELP = (
        "Fill in the fields. Up, down and tab move between them; enter in the last one continues, ctrl+s from any "
        "of them. Next to each field is its rule. A grey ending is a suggestion: the right arrow takes it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Field above", show=False, id="form.up", tooltip="The field above"),
        Binding("down", "app.focus_next", "Field below", show=False, id="form.down", tooltip="The field below"),
        Binding("enter", "submit", "Next", id="form.next", tooltip="The next field; from the last one, go on"),
    ]

    def __init__(self, field: FormField, value: str) -> None:
        suggester = _Suggester(field.suggest) if field.suggest else None
        super().__init__(value, select_on_focus=False, compact=True, suggester=suggester, id=field.name)
        self.cursor_blink = False
        self.field = field

    def validate_value(self, value: str) -> str:
        """Take out of pasted text what would move the terminal's cursor."""
        return clean_text(value)

    def watch_value(self) -> None:
        if self.is_mounted and isinstance(self.screen, Form):
            self.screen.typed(self)

    @property
    def fault(self) -> str:
        """Return what is wrong with the text of the field, or nothing."""
        return self.field.fault(self.value.strip()) if self.field.fault else ""


class Form(Dialog[Answers]):
    """Asks for several fields and returns the text of each by its name.

    Enter goes to the next field and, in the last, on. With a draft, leaving what was typed into more than a few fields
    takes escape twice. `at` names the field to begin in.
    """

    AUTO_FOCUS = None
    HELP = FieldInput.HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "go_on", "Go on", id="form.go_on", tooltip="Go on with what stands in all fields"),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        answers: Mapping[str, str] | None = None,
        explanation: str = "",
        problem: str = "",
        at: str = "",
        keep: Callable[[Answers], str] | None = None,
        unsaved: bool = False,
    ) -> None:
        super().__init__(title, problem=problem)
        self._fields = fields
        self._answers = answers or {}
        self._explanation = explanation
        self._at = at or _field_of_refusal(fields, self._answers, problem)
        self._keep = keep
        self._unsaved = unsaved
        self._typed = False
        self._warned = self._telling = False
        self._left: set[str] = set()
        self._refused = {self._at: problem} if self._at and problem else {}

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        room = max(len(field.hint) for field in self._fields)
        if self._refused or any(field.fault for field in self._fields):
            room = max(room, FAULT_ROOM)
        with VerticalScroll(id="fields", can_focus=False):
            for field in self._fields:
                with Horizontal(classes="field"):
                    yield Static(clean_text(field.label), classes="label", markup=False)
                    yield FieldInput(field, self._begun(field))
                    hint = Static(clean_text(field.hint), classes="hint", markup=False)
                    hint.styles.width = room
                    yield hint

    def _begun(self, field: FormField) -> str:
        """Return the text the field opens with."""
        return clean_text(self._answers.get(field.name, field.value))

    def on_mount(self) -> None:
        entries = list(self.query(FieldInput))
        begin = next((each for each in entries if each.id == self._at), entries[0])
        if begin.id in self._refused:
            self._say(begin, "see below")
        self.set_focus(begin)  # at once: what is typed ahead over a slow line belongs in this field

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
        self._refused.pop(entry.field.name, None)
        if entry.field.name in self._left:
            self._check_field(entry)
        if self._keep is not None and (sentence := self._keep(self.answers)):
            self.show_problem(sentence)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if isinstance(event.widget, FieldInput) and self.is_current:
            entry = event.widget
            if entry.value or entry.field.name in self._left:  # a field that was only passed is not complained about
                self._check_field(entry)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, FieldInput) and event.widget.field.name in self._left:
            self._show_sentence(event.widget)

    def _check_field(self, entry: FieldInput) -> None:
        """Show what is wrong with a field beside it, and in full below while the focus is in it."""
        self._left.add(entry.field.name)
        if entry.field.name in self._refused:
            return
        self._say(entry, entry.fault)
        if entry.has_focus:
            self._show_sentence(entry)

    def _show_sentence(self, entry: FieldInput) -> None:
        """Show the sentence of the focused field, and clear that of another field but no other problem."""
        sentence = _sentence(entry)
        if sentence or self._telling:
            self.show_problem(sentence)
        self._telling = bool(sentence)

    def _say(self, entry: FieldInput, fault: str) -> None:
        hint = entry.parent.query_one(".hint", Static) if entry.parent else None
        if hint is not None:
            hint.update(clean_text(f"! {fault}" if fault else entry.field.hint))
            hint.set_class(bool(fault), "-wrong")

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
            self._show_sentence(wrong)
        elif not self.refuses_early_key():
            self.dismiss(self.answers)

    def action_leave(self) -> None:
        typed = self._unsaved or any(entry.value != self._begun(entry.field) for entry in self.query(FieldInput))
        if self._keep is None or not typed or self._warned or len(self._fields) <= RETYPED:
            self.dismiss(None)
        else:
            self._warned = True
            self.show_problem("Press escape again to discard what you typed. ctrl+s continues.")


class FinalForm(Form):
    """A form whose answers are acted on at once, without another question, and for good."""

    irrevocable = True


def _field_of_refusal(fields: Sequence[FormField], answers: Mapping[str, str], problem: str) -> str:
    """Return the name of the one field whose text, or a piece of it, the refusal quotes; else nothing."""

    def quoted(field: FormField) -> bool:
        text = answers.get(field.name, field.value)
        return any(f"'{piece.strip()}'" in problem for piece in (text, *text.split(";")) if piece.strip())

    found = [field.name for field in fields if quoted(field)] if problem and len(fields) > 1 else []
    return found[0] if len(found) == 1 else ""


def _sentence(entry: FieldInput) -> str:
    fault = entry.fault
    return f"{entry.field.label}: {fault}." if fault else ""
