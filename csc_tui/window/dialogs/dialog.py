"""The base of every dialog: a titled box with a line for what is wrong, the keys below, and escape."""

from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.terminal.key_queue import AnsweredOnce, arrival_of_key, drop_keys_typed_ahead
from csc_tui.window.widgets.cursor import place_cursor
from csc_tui.window.widgets.full_text_line import FullTextLine
from csc_tui.window.widgets.key_line import KeyLine

Result = TypeVar("Result")
AnyDialog = TypeVar("AnyDialog", bound="Dialog[Any]")
MOST_CELLS, LEAST_MARGIN = 100, 0.96
"""The widest a dialog becomes, and the share of a narrow window it takes; the stylesheet says the same."""
FRAME = 7
"""Cells that the frame of a dialog, its padding and a scrollbar take of its width."""


class Dialog(ModalScreen[Result | None], AnsweredOnce[Result | None]):
    """Returns the answer, or None where escape was pressed. It calls nothing of the core.

    `key_labels` names what a key does in this one dialog, by action, where that differs from its binding.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="dialog.leave", tooltip="Close this without changing anything"),
        # Textual keeps the window's own keys away from a dialog.
        Binding(
            "question_mark,f1",
            "app.help",
            "Help",
            id="dialog.help",
            tooltip="Where you are, and the keys that work here",
        ),
    ]
    HELP = ""
    irrevocable = False
    """Whether what the answer starts cannot be undone."""
    unexpected = False
    """Whether it comes instead of the step that keys may have been typed ahead for, which are dropped."""
    LEAVE = "Cancel"
    """The name of escape: Close where there is nothing to decide, Back where it goes to the question before."""

    def __init__(self, title: str, *, problem: str = "") -> None:
        super().__init__()
        self.key_labels = {"leave": self.LEAVE}
        self._heading = self.title = title
        self._problem = problem
        self.drawn_at = inf
        self._steps_back = False

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(clean_text(self._heading), id="dialog-title", markup=False)
            yield from self.body()
            yield Static(clean_text(self._problem), id="problem", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        if self._problem:
            self.show_problem(self._problem)
        elif self.unexpected and (dropped := drop_keys_typed_ahead(self)):
            self.show_problem(dropped)
        self.call_after_refresh(self._note_drawn)

    def _note_drawn(self) -> None:
        self.drawn_at = monotonic()

    def refuses_early_key(self) -> bool:
        """Return whether the key in hand came before this question was drawn and may not answer it, and say so.

        A key that was typed ahead confirms only what can be undone.
        """
        if not self.irrevocable or arrival_of_key(self) > self.drawn_at:
            return False
        self.show_problem("This cannot be undone, and your key came before the question was shown. Press it again.")
        return True

    def step_back(self) -> None:
        """Let escape go back to the question before; to be called before the dialog is shown."""
        self._steps_back = True
        self.key_labels["leave"] = "Back"

    @property
    def room_inside(self) -> int:
        """Return how many cells wide the content of a dialog is."""
        width = self.app.size.width
        return width if self.app.has_class("-plain") else min(MOST_CELLS, int(width * LEAST_MARGIN)) - FRAME

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.call_after_refresh(place_cursor, event.widget)

    def on_record_table_pointed(self) -> None:
        self._show_cut_texts()

    def on_resize(self) -> None:
        self._show_cut_texts()

    def _show_cut_texts(self) -> None:
        """Show what the list had to cut, which is known once it is laid out."""
        for each in self.query(FullTextLine):
            self.call_after_refresh(each.show_cut_text)

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong with the answer and keep what was typed."""
        if sentence:
            sentence = f"{sentence} {drop_keys_typed_ahead(self)}".strip()
        line = self.query_one("#problem", Static)
        line.update(clean_text(sentence))
        line.display = bool(sentence)
        self.query_one("#dialog").set_class(bool(sentence), "-told")

    def action_leave(self) -> None:
        self.dismiss(None)


def mark_unexpected(dialog: AnyDialog) -> AnyDialog:
    """Let the dialog drop keys typed ahead for another, and return it; to be called before it is shown."""
    dialog.unexpected = True
    return dialog


class TextDialog(Dialog[str]):
    """Asks for one text."""

    def __init__(self, title: str, *, explanation: str = "", text: str = "", problem: str = "") -> None:
        super().__init__(title, problem=problem)
        self._explanation = explanation
        self._text = text
        self._keep: Callable[[dict[str, str]], str] | None = None
        self._unsaved = False

    def draft(self, keep: Callable[[dict[str, str]], str], *, unsaved: bool) -> None:
        """Keep a draft; to be called before the dialog is shown.

        `keep` is called with every change and returns a sentence if it cannot keep it; `unsaved` says that the dialog
        opens with something typed earlier.
        """
        self._keep, self._unsaved = keep, unsaved

    def begin(self, text: str, at: str) -> None:
        """Open with the text of a draft; to be called before the dialog is shown."""
        self._text = text
        self._explanation = f"{self._explanation} This is your draft from {at}, not saved yet.".strip()

    def typed(self, text: str) -> None:
        if self._keep is not None and (sentence := self._keep({"text": text})):
            self.show_problem(sentence)
