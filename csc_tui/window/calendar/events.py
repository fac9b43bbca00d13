"""The screen of all events of a programme year, found by typing."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from csc_tui.base import programme_years
from csc_tui.base.text import format_count
from csc_tui.core.calendar import queries as calendar_queries
from csc_tui.core.calendar.queries import CalendarPeriod
from csc_tui.window.shared.columns import EVENT_COLUMNS, event_lines, month_heading
from csc_tui.window.shared.data_screen import DataScreen, OpenEvent, WindowState
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.filter_input import FilterInput, FilterSummary
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import RecordTable
from db.errors import CscError
from db.records.startup import EventLine, EventState, Role


def _bookable(line: EventLine) -> bool:
    return EventState(line.state).bookable


class EventsScreen(DataScreen[CalendarPeriod]):
    PLACE = "events"
    HELP = (
        "Every event of the programme year, including drafts and past events; events without a date come last. / "
        "filters the list by words of strand, course, venue, facilitator or state (state:open with:ty venue:town), as "
        "in the calendar; o sorts it by the next column; - and + show the year before and after."
    )
    NEEDS: ClassVar = {"import": Role.COORDINATOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="events.filter",
                tooltip="Filter by words of strand, course, venue, facilitator or state"),
        Binding("minus", "year(-1)", "Year before", key_display="-", show=False, id="events.year_before",
                tooltip="The programme year before"),
        Binding("plus", "year(1)", "Year", key_display="- +", id="events.year_after",
                tooltip="The programme year after"),
        Binding("I", "import", "Import", show=False, id="events.import", tooltip="Import a programme from a file"),
    ]  # fmt: skip

    def __init__(self, state: WindowState, *, year: int | None = None, narrowed: str = "") -> None:
        """Build the screen with the year and filter to show first; escape leads back from a narrowed list."""
        super().__init__(state)
        self._year = programme_years.current_programme_year(state.ctx) if year is None else year
        self._narrowed = narrowed
        self._from_top = False
        self.summary = FilterSummary()
        self._programme: CalendarPeriod | None = None
        self.table: RecordTable[EventLine] = RecordTable(
            EVENT_COLUMNS, lambda line: line.event, group=self._month, pointing=self._show_detail,
            ungrouped=(),
            opens=lambda line: OpenEvent(line.event), id="events",
        )  # fmt: skip
        self.filter = FilterInput(
            self.table, self._narrow, value=narrowed, placeholder="/ strand, venue, with, state", id="filter"
        )

    def place_key(self) -> str:
        return self._narrowed

    def open_again(self) -> "Callable[[], EventsScreen]":
        return partial(EventsScreen, self.state, year=self._year, narrowed=self._narrowed)

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield self.filter
            yield self.summary
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], CalendarPeriod]:
        return partial(
            calendar_queries.get_calendar_period,
            self.ctx,
            *programme_years.programme_year_bounds(self._year, self.ctx.first_month),
        )

    def scope(self) -> Mapping[str, str]:
        scope = self._programme.scope_of(self.filter.value) if self._programme else {}
        return {"year": programme_years.programme_year_label(self._year), **scope}

    def show(self, found: CalendarPeriod) -> None:
        self._programme = found
        self._fill()

    def _fill(self) -> None:
        """Show the events that match the filter."""
        if self._programme is None:
            return
        text = self.filter.value.strip()
        year = programme_years.programme_year_label(self._year)
        try:
            found = self._programme.events_of(text)
        except CscError as problem:
            self.show_trouble(word_for_window(problem))
            return
        self.show_trouble("")
        empty = (
            f"No match for '{text}' in {year}. Escape shows all events; - and + show other years."
            if text
            else f"No events in {year} yet. - and + show other years; I imports a programme from a file; press "
            "2, then a, to add an event."
        )
        self.table.show(found, empty=empty, from_top=self._from_top)
        self._from_top = False
        self._show_detail()
        free = sum(each.free for each in found if _bookable(each))
        self.summary.set_text(f"{year}: {format_count(len(found), 'event')}, {format_count(free, 'free place')}")

    def _show_detail(self) -> None:
        """Show the event under the cursor in full, because a narrow list cuts its title."""
        line, programme = self.table.pointed, self._programme
        lines: list[Pieces] = ["", ""]
        if line is not None and programme is not None:
            sessions = [each for each in programme.sessions if each.event == line.event]
            names = [name for each in sessions for name in programme.facilitators.get((each.event, each.session), ())]
            lines = event_lines(line, sessions, names)
        self.query_one("#detail", PieceLines).show(lines)

    def action_order(self) -> None:
        """Sort the events by the next column, for the command of that name."""
        self.table.action_sort()

    def _month(self, line: EventLine) -> str:
        return month_heading(line.first_date)

    def _narrow(self, text: str) -> None:
        self._from_top = True
        self._fill()

    @work(group="write")
    async def action_import(self) -> None:
        if not self.refused("import"):
            from csc_tui.window.imports import import_file

            await import_file.ask_file_to_import(self, import_file.KINDS["programme"])

    def action_filter(self) -> None:
        self.set_focus(self.filter)  # at once: what is typed ahead is for the filter

    def action_year(self, step: int) -> None:
        self._year += step
        self._from_top = True
        self.reload()
