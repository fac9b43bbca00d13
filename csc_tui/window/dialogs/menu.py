"""Menus: each choice has its own letter, and the arrow keys and enter choose as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.full_text_line import FullTextLine
from csc_tui.window.widgets.pieces import Piece
from csc_tui.window.widgets.record_table import Column, RecordTable


class MenuChoice(Protocol):
    """A choice of a menu; one with a `why_not` is dim, and choosing it shows that sentence."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def why_not(self) -> str: ...


Chosen = TypeVar("Chosen", bound=MenuChoice)
Value = TypeVar("Value")


@dataclass(frozen=True)
class ValueChoice(Generic[Value]):
    """A choice of a menu that stands for a value, such as the number of a session."""

    key: str
    title: str
    meaning: str
    value: Value
    why_not: str = ""


class Menu(Dialog[Chosen]):
    """Returns the choice."""

    AUTO_FOCUS = "RecordTable"
    HELP = "Press the letter of a choice, or move to it with the arrow keys and press enter."

    def __init__(
        self,
        title: str,
        choices: Sequence[Chosen],
        *,
        explanation: str = "",
        link: str = "",
        problem: str = "",
        at: str = "",
    ) -> None:
        """Build the menu with the cursor on the choice titled `at`; `link` is a web address the terminal can open."""
        super().__init__(title, problem=problem)
        self._at = at
        self._link = clean_text(link)
        self._choices = choices
        self._explanation = explanation
        columns: tuple[Column[Chosen], ...] = (
            Column("", lambda choice: _toned(choice, choice.key, "accent"), 2),
            Column("", lambda choice: _toned(choice, choice.title, "strong"), _wide(choices)),
            Column("", lambda choice: _toned(choice, choice.why_not or choice.meaning, "muted"), 20, share=1),
        )
        self._list: RecordTable[Chosen] = RecordTable(columns, lambda choice: choice.title, id="listing")

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        if self._link:
            said = Content.assemble(
                ("Open it in your browser", Style(link=self._link)), ": a click, with ctrl or cmd in most terminals"
            )
            yield Static(said, id="link")
        yield self._list
        yield FullTextLine(self._list)

    def on_mount(self) -> None:
        super().on_mount()
        self._list.show(self._choices)
        self._list.point_at(self._at)

    def on_key(self, event: events.Key) -> None:
        for choice in self._choices:
            if event.character and event.character == choice.key:
                event.stop()
                self._choose(choice)

    def on_record_table_chosen(self) -> None:
        if self._list.pointed is not None:
            self._choose(self._list.pointed)

    def _choose(self, choice: Chosen) -> None:
        if choice.why_not:
            self._list.point_at(choice.title)
            self.show_problem(choice.why_not)
        else:
            self.dismiss(choice)


def _wide(choices: Sequence[MenuChoice]) -> int:
    """Return the width of the titles' column, which leaves room for the meanings."""
    return max(20, min(max((cell_len(clean_text(each.title)) for each in choices), default=0), 36))


def _toned(choice: MenuChoice, text: str, tone: str) -> list[Piece]:
    return [(text, "muted" if choice.why_not else tone)]
