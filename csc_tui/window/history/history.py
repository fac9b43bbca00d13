"""The screen of the history, and the columns the history has wherever it is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.limits import NO_LIMIT
from csc_tui.base.text import format_date, status_label
from csc_tui.core.history import queries as history_queries
from csc_tui.core.history import undo as history_undo
from csc_tui.core.history.queries import HistoryPage
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.shared.data_screen import DataScreen, OpenEvent, OpenPerson, WindowState
from csc_tui.window.widgets.filter_input import FilterInput, FilterSummary
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content, fit_text
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.history import HistoryEntry, HistoryLine
from db.records.list_order import ListOrder


def history_change_line(line: HistoryLine) -> str:
    """Return `booked → cancelled: Illness`."""
    steps = f" {glyphs().arrow} ".join(status_label(each) for each in (line.before, line.after) if each)
    return ": ".join(part for part in (steps, line.why) if part)


HISTORY_COLUMNS: tuple[Column[HistoryLine], ...] = (
    Column("When", lambda line: f"{format_date(line.at)[4:]} {line.at:%H:%M}", 17),
    Column("Who", lambda line: [(line.actor, "accent")], 8, share=1),
    Column("What", lambda line: f"{status_label(line.verb)} {line.subject}", 18, share=3),
    Column("Change", history_change_line, 14, share=3),
)
ENTRY_COLUMNS: tuple[Column[HistoryEntry], ...] = (
    Column("At", lambda entry: f"{entry.line.at:%H:%M}", 5, highest_first=True),
    Column("Who", lambda entry: [(entry.line.actor, "accent")], 8, share=1),
    Column("What", lambda entry: f"{status_label(entry.line.verb)} {entry.line.subject}", 24, share=4),
    Column("Event", lambda entry: [(entry.event, "accent")], 12, from_width=100),
    Column("Change", lambda entry: history_change_line(entry.line), 14, share=3),
)


@dataclass(frozen=True, slots=True)
class HistoryFound:
    """The content of the screen; `undoable` is the actor's last step in words."""

    page: HistoryPage
    undoable: str


ORDERS = {"At": "time", "Who": "actor", "What": "what", "Event": "event", "Change": "change"}
"""Column -> what the history is sorted by."""


def load_history_screen(ctx: Context, text: str, limit: int, order: ListOrder | None) -> HistoryFound:
    """Return a page of the history. Raises CscError where the filter cannot be understood."""
    page = history_queries.get_history_page(ctx, text, limit=limit, order=order)
    return HistoryFound(page, history_undo.show_last_step(ctx))


class HistoryScreen(DataScreen[HistoryFound]):
    PLACE = "history"
    HELP = (
        "Who did what and when, newest first; what was before and after is at the bottom in full. / filters it: "
        f"{history_queries.HELP} = narrows it to changes by the same "
        "person, on the same event or of the same kind as the one under the cursor. "
        "Enter opens the event, p the person. u undoes your own last change, after a preview."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="history.filter", tooltip="Filter the list by typing"),
        Binding("equals_sign", "narrow", "Like this", key_display="=", id="history.like",
                tooltip="Only changes by the same person, on the same event, or of the same kind"),
        Binding("p", "person", "Open person", id="history.open_person", tooltip="Open the person it is about"),
    ]  # fmt: skip

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._limit = history_queries.PAGE
        self._from_top = False
        self.table: RecordTable[HistoryEntry] = RecordTable(
            ENTRY_COLUMNS,
            lambda entry: str(entry.line.id),
            group=lambda entry: format_date(entry.line.at),
            opens=_open_entry,
            pointing=self._cursor_moved,
            reorder=self._reorder,
            ungrouped=[Column("", lambda entry: format_date(entry.line.at), 15)],
            id="history",
        )
        self.filter = FilterInput(self.table, self._narrow, placeholder="/ to filter, such as by:helen", id="filter")
        self.summary = FilterSummary()

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield self.filter
            yield self.summary
        yield self.table
        yield Static(id="detail")

    def reader(self) -> Callable[[], HistoryFound]:
        return partial(load_history_screen, self.ctx, self.filter.value, self._limit, self._order())

    def _order(self) -> ListOrder | None:
        by, descending = self.table.order
        return ListOrder(ORDERS[by], descending) if by else None

    def _reorder(self) -> None:
        self._from_top, self._limit = True, history_queries.PAGE
        self.reload()

    def every_row(self, table: RecordTable[Any]) -> Callable[[], Sequence[HistoryEntry]]:
        text, order = self.filter.value, self._order()
        return lambda: history_queries.get_history_page(self.ctx, text, limit=NO_LIMIT, order=order).entries

    def show(self, found: HistoryFound) -> None:
        text = self.filter.value.strip()
        empty = f"No match for '{text}'. Escape shows everything." if text else "No changes yet."
        self.table.show(found.page.entries, empty=empty, from_top=self._from_top)
        self._from_top = False
        shown = len(found.page.entries)
        said = (
            f"the {'first' if self._order() else 'latest'} {shown:,}, more below"
            if found.page.more
            else f"{shown:,} lines"
            if shown != 1
            else "1 line"
        )
        undo = f"{glyphs().between}u undoes: {found.undoable}" if found.undoable else ""
        told = fit_text(said + undo, min(len(said + undo), self.size.width * 3 // 5 - 2))
        self.summary.set_text(draw_content([told], STYLES))
        self._show_detail()

    def _cursor_moved(self) -> None:
        self._show_detail()
        if self.table.cursor == self._limit - 1:  # the last row fetched: fetch as many again
            self._limit += history_queries.PAGE
            self.reload()

    def _show_detail(self) -> None:
        entry = self.table.pointed
        self.query_one("#detail", Static).update(draw_content(_detail(entry), STYLES) if entry else "", layout=False)

    def _narrow(self, text: str) -> None:
        # A filter may have to search the whole history, so it runs in a thread and only the last answer is shown.
        self._from_top, self._limit = True, history_queries.PAGE
        self.reload()

    def action_filter(self) -> None:
        self.set_focus(self.filter)  # at once: what is typed ahead is for the filter

    @work(group="look")
    async def action_narrow(self) -> None:
        """Ask what the changes shown should have in common with the one under the cursor."""
        entry = self.table.pointed
        if entry is None:
            return
        line = entry.line
        choices = [
            ValueChoice(key, title, status_label(value), (what, value), "" if value else f"This change has no {what}.")
            for key, title, what, value in (
                ("w", "Who did it", "by", line.actor),
                ("e", "The event", "event", entry.event),
                ("p", "The person", "person", entry.person),
                ("k", "The kind of change", "verb", line.verb),
            )
        ]
        chosen = await self.app.push_screen_wait(Menu("Show only changes with the same", choices))
        if chosen is not None:
            self.filter.value = history_queries.narrow_history_filter(self.filter.value, *chosen.value)

    def on_record_table_chosen(self) -> None:
        self.say("This change is about no event and no person. All of it is shown below.")

    def action_person(self) -> None:
        entry = self.table.pointed
        if entry is not None and entry.person:
            self.post_message(OpenPerson(entry.person))
        else:
            self.say("This change is about no person.", warning=True)


def _open_entry(entry: HistoryEntry) -> OpenEvent | OpenPerson | None:
    if entry.event:
        return OpenEvent(entry.event)
    return OpenPerson(entry.person) if entry.person else None


def _detail(entry: HistoryEntry) -> list[Pieces]:
    """Return two lines: what was done, by whom and why; and the values before and after."""
    line, between = entry.line, glyphs().between
    about = between.join(part for part in (entry.event, entry.person) if part)
    first: Pieces = [
        (f"{format_date(line.at)} {line.at:%H:%M:%S}  ", "muted"), (line.actor, "accent"),
        (f"  {status_label(line.verb)}: {line.subject}", "strong"), (f"  {about}", "muted"),
    ]  # fmt: skip
    steps = f"{status_label(line.before) or 'none'} {glyphs().arrow} {status_label(line.after) or 'none'}"
    second = steps if line.before or line.after else ""
    reason = f"because: {line.why}" if line.reason else line.why
    return [first, between.join(part for part in (second, reason) if part) or "No further details."]
