"""The dialog that previews an import and lists every row that cannot go in."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import clean_text, format_count
from csc_tui.core.imports.columns import ImportProblem
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.record_table import Column, RecordTable

GO, COLUMN_MEANINGS, EXPORT, ANSWER, ABSENT = "go", "columns", "export", "answer", "absent"

_NOTHING = {
    GO: "There is nothing to import: no row is new or different.",
    EXPORT: "There is nothing to write: there are no problems.",
    ANSWER: "There is nothing to answer: the file leaves no question open.",
    ABSENT: "There is nothing to write: no one is missing from the file, or it is not the full list of an "
    "organisation.",
}
"""The sentence for each action that has nothing to do."""
_SHOWN = 4
"""The remarks shown above the list; the others are written with it."""

COLUMNS: tuple[Column[tuple[int, ImportProblem]], ...] = (
    Column("Row", lambda each: str(each[1].row), 6, right=True),
    Column("Column", lambda each: [(each[1].column, "accent")], 14),
    Column("Problem", lambda each: each[1].problem, 30, share=1),
)


class _ProblemTable(RecordTable[tuple[int, ImportProblem]]):
    """The rows that cannot be imported; V is left to the review, where it is about the columns of the file."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "columns" and super().check_action(action, parameters)


class ImportReview(Dialog[str]):
    """Returns the next action: `go`, `columns`, `export`, `answer` or `absent`; where nothing `can_go` in, enter says
    so."""

    AUTO_FOCUS = "RecordTable"
    HELP = (
        "This is a preview: nothing has been changed yet. Rows that cannot be imported are listed with the reason and "
        "are left out. Correct them in the file and import it again. Enter imports the others, V says what each column "
        "contains, S saves the list to a file. Where the file leaves a question open, A asks it, once for all rows; v "
        "writes who is stored but not in the file."
    )
    irrevocable = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('go')", "Import", id="review.go", tooltip="Import the rows that are good"),
        # Before the list's own key: here the columns of the file are meant, not those of the list.
        Binding(
            "V", "go('columns')", "Columns", id="review.columns", tooltip="Say what each column contains", priority=True
        ),
        Binding("S", "go('export')", "Save list", id="review.export", tooltip="Save what is wrong to a file"),
        Binding("A", "go('answer')", "Answer", id="review.answer", tooltip="Answer what the file leaves open"),
        Binding("v", "go('absent')", "Absent", id="review.absent", tooltip="Write who is not in the file to a file"),
    ]

    def __init__(
        self, title: str, counts: str, remarks: Sequence[str], problems: Sequence[ImportProblem], *,
        possible: frozenset[str], problem: str = "",
    ) -> None:  # fmt: skip
        """Build the review; `possible` are the actions that there is something to do for."""
        super().__init__(title, problem=problem)
        self._counts, self._remarks, self._possible = counts, remarks, possible
        self._problems = list(enumerate(problems))
        self._list = _ProblemTable(
            COLUMNS, lambda each: str(each[0]), choosable=False, empty="Every row can be imported.", id="listing"
        )

    def body(self) -> ComposeResult:
        said = [self._counts, *self._remarks[:_SHOWN], *self._hidden()]
        yield Static("\n".join(map(clean_text, said)), id="explanation", markup=False)
        yield self._list
        yield Static(id="in-full", markup=False)

    def on_mount(self) -> None:
        self._list.show(self._problems)
        self._show_in_full()

    def on_record_table_pointed(self) -> None:
        self._show_in_full()

    def _show_in_full(self) -> None:
        """Show the line under the cursor in full, because the list may have cut it."""
        each = self._list.pointed
        self.query_one("#in-full", Static).update(clean_text(each[1].problem) if each else "")

    def _hidden(self) -> list[str]:
        """Return a line that says how many remarks are not shown here."""
        more = len(self._remarks) - _SHOWN
        return [f"{format_count(more, 'more remark')}: S saves all to a file."] if more > 0 else []

    def action_go(self, what: str) -> None:
        if what in _NOTHING and what not in self._possible:
            self.show_problem(_NOTHING[what])
        elif what != GO or not self.refuses_early_key():
            self.dismiss(what)
