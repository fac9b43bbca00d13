"""Every event of a programme year, found by typing."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from csc_tui.domain import years
from csc_tui.screens.base import Desk, LiveScreen, OpenEvent
from csc_tui.screens.columns import EVENT_COLUMNS, month_of
from csc_tui.services import lookup
from csc_tui.text import count
from csc_tui.widgets.filter_input import FilterInput
from csc_tui.widgets.record_table import RecordTable
from db.records import EventLine


class EventsScreen(LiveScreen[list[EventLine]]):
    PLACE = "events"
    HELP = (
        "Every event of the programme year, drafts and what is past included; events without a date come last. "
        "/ narrows the list by what is typed; < and > go to the year before and after."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="events.filter", tooltip="Narrow the list by typing"),
        Binding("less_than_sign", "year(-1)", "Year before", key_display="<", show=False, id="events.year_before",
                tooltip="The programme year before"),
        Binding("greater_than_sign", "year(1)", "Year", key_display="< >", id="events.year_after",
                tooltip="The programme year after"),
    ]  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._first_month = int(desk.ctx.policy["first_month"])
        self._year = years.programme_year(desk.ctx.today(), self._first_month)
        self._from_top = False
        self.table: RecordTable[EventLine] = RecordTable(
            EVENT_COLUMNS, lambda line: line.event, group=lambda line: month_of(line.first_date), id="events"
        )
        self.filter = FilterInput(self.table, self._narrow, placeholder="/ to filter", id="filter")

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield self.filter
            yield Static(id="summary", markup=False)
        yield self.table

    def reader(self) -> Callable[[], list[EventLine]]:
        first, last = years.bounds(self._year, self._first_month)
        return partial(lookup.events, self.ctx, self.filter.value, first=first, last=last)

    def show(self, found: list[EventLine]) -> None:
        text = self.filter.value.strip()
        year = years.label(self._year)
        empty = (
            f"No event of {year} fits '{text}'. Escape shows them all; < and > look in other years."
            if text
            else f"No events in {year} yet. < and > look in other years; csc import programme FILE brings a year in."
        )
        self.table.show(found, empty=empty, from_top=self._from_top)
        self._from_top = False
        free = sum(each.free for each in found if each.state in ("open", "tentative", "confirmed"))
        self.query_one("#summary", Static).update(
            f"{year}: {count(len(found), 'event')}, {count(free, 'free place')}", layout=False
        )

    def _narrow(self, text: str) -> None:
        self._from_top = True
        self.read_now()

    def action_filter(self) -> None:
        self.filter.focus()

    def action_year(self, step: int) -> None:
        self._year += step
        self._from_top = True
        self.reload()

    def on_record_table_chosen(self) -> None:
        if (line := self.table.pointed) is not None:
            self.post_message(OpenEvent(line.event))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "back":
            return self.filter.has_focus or bool(self.filter.value)
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Escape empties the filter and goes back to the list."""
        self.filter.value = ""
        self.table.focus()
