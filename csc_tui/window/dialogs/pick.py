"""The dialog that finds one of many rows by typing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError

Row = TypeVar("Row")


@dataclass(frozen=True)
class PickedRow(Generic[Row]):
    """The row that was picked, and the text that found it, to open the dialog with if it is asked again."""

    row: Row
    text: str


class PickDialog(Dialog[PickedRow[Row]], Generic[Row]):
    """Lists the rows that `find` gives for a text, with a remark such as `200 of 4,312`.

    `find` runs with every key, so it must answer within a key stroke.
    """

    AUTO_FOCUS = "FilterInput"
    HELP = FilterInput.HELP

    def __init__(
        self,
        title: str,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        find: Callable[[str], tuple[Sequence[Row], str]],
        *,
        group: Callable[[Row], str] | None = None,
        text: str = "",
        placeholder: str = "",
        problem: str = "",
    ) -> None:
        super().__init__(title, problem=problem)
        self._find = find
        self._text = text
        self._placeholder = placeholder
        self._list: RecordTable[Row] = RecordTable(columns, key, group=group, id="picks")

    def body(self) -> ComposeResult:
        yield FilterInput(self._list, self._narrow, value=self._text, placeholder=self._placeholder, id="finder")
        yield self._list
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        if self._text:
            self.query_one(FilterInput).select_all()  # the first key replaces it, an arrow key keeps it
        self._find_rows(self._text)

    def _narrow(self, text: str) -> None:
        self.show_problem("")
        self._find_rows(text)

    def _find_rows(self, text: str) -> None:
        try:
            rows, remark = self._find(text)
        except CscError as problem:
            self.show_problem(word_for_window(problem))
            return
        self._list.show(rows, from_top=True)
        self.query_one("#remark", Static).update(clean_text(remark))

    def on_record_table_chosen(self) -> None:
        if self._list.pointed is not None:
            self.dismiss(PickedRow(self._list.pointed, self.query_one(FilterInput).value))
