"""An input that narrows the list below it and moves that list's cursor with the arrow keys."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input, Static

from csc_tui.base.text import clean_text
from csc_tui.window.widgets.record_table import RecordTable


class FilterInput(Input):
    """A line to type into; `narrow` is called with its text inside the value's watcher, so that one key costs one
    paint.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('up')", "Up", show=False, id="filter.up", tooltip="The row above"),
        Binding("down", "list('down')", "Down", show=False, id="filter.down", tooltip="The row below"),
        Binding("pageup", "list('page_up')", "Page up", show=False, id="filter.page_up", tooltip="Back one page"),
        Binding(
            "pagedown", "list('page_down')", "Page down", show=False, id="filter.page_down", tooltip="Forward one page"
        ),
        Binding("enter", "list('choose')", "Choose", id="filter.choose", tooltip="Choose the row the cursor is on"),
    ]
    # Textual sizes an input by its text and would lay out the whole screen for every letter.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    HELP = (
        "Type any parts of what you are looking for, in any order; the list gets shorter with every key. Up and "
        "down move in it."
    )

    def __init__(
        self,
        table: RecordTable[Any],
        narrow: Callable[[str], None],
        *,
        value: str = "",
        placeholder: str = "",
        id: str | None = None,
    ) -> None:
        self._narrow: Callable[[str], None] | None = None  # the text it opens with narrows nothing
        super().__init__(value, placeholder=placeholder, select_on_focus=False, compact=True, id=id)
        self.cursor_blink = False
        self._table = table
        self._narrow = narrow
        self._opened_with = value

    @property
    def is_open(self) -> bool:
        """Whether somebody types here, or what was typed narrows the list."""
        return self.has_focus or self.value != self._opened_with

    def close(self) -> None:
        """Show everything again, and go back to the list."""
        self.value = self._opened_with
        self.screen.set_focus(self._table)

    def validate_value(self, value: str) -> str:
        """Take out of pasted text what would move the terminal's cursor."""
        return clean_text(value)

    def watch_value(self, before: str, value: str) -> None:
        if self._narrow is not None and self.is_mounted:
            if before and not value:
                self._table.note_matches()
            self._narrow(value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Turn off enter above a list that cannot be chosen from."""
        if parameters == ("choose",):
            return self._table.check_action("choose", ())
        return super().check_action(action, parameters)

    def action_list(self, move: str) -> None:
        """Move in the list below, or open its row."""
        getattr(self._table, f"action_{move}")()


class FilterSummary(Static):
    """The number of rows found, beside the input; it never becomes narrower, so that nothing beside it moves."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said, id="summary", markup=False)
        self._widest = Content(said).cell_length

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self._widest

    def set_text(self, said: str | Content) -> None:
        """Replace the text; the screen is laid out anew only where the text takes more room than any before it."""
        width = (said if isinstance(said, Content) else Content(said)).cell_length
        before, self._widest = self._widest, max(width, self._widest)
        self.update(said, layout=self._widest > before)
