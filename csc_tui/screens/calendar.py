"""The programme by month and by year, with the sessions from the day under the cursor on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher, Static

from csc_tui.context import Context
from csc_tui.domain import workdays, years
from csc_tui.screens.base import Desk, LiveScreen, OpenEvent
from csc_tui.screens.columns import SESSION_COLUMNS
from csc_tui.services import lookup
from csc_tui.text import count, show_date
from csc_tui.widgets.day_map import DayLoad, DayMap, add_up, loads, month_later
from csc_tui.widgets.drawing import STYLES, Piece, content
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.month_grid import MonthGrid
from csc_tui.widgets.record_table import RecordTable
from csc_tui.widgets.year_strip import YearStrip
from db.records import SessionLine

NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """A programme year's sessions, those to be confirmed last, its bank holidays and its loads by day."""

    start: int
    sessions: list[SessionLine]
    holidays: dict[date, str]
    loads: dict[date, DayLoad]


def read_year(ctx: Context, start: int, first_month: int) -> Year:
    first, last = years.bounds(start, first_month)
    sessions = lookup.sessions_between(ctx, first, last, undated=True)
    return Year(start, sessions, workdays.bank_holidays(first, last), loads(sessions))


class CalendarScreen(LiveScreen[Year]):
    PLACE = "calendar"
    AUTO_FOCUS = "MonthGrid"
    HELP = (
        "Tab goes between the days and the sessions below them, which begin at the day under the cursor; sessions "
        "to be confirmed come last. y shows the year, and again the month; < and > go a year back and on."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "turn", "Whole year", id="calendar.turn", tooltip="Show the whole year, or the month again"),
        Binding("t", "today", "Today", id="calendar.today", tooltip="Go to today"),
        Binding("less_than_sign", "years(-1)", "Year before", key_display="<", show=False, id="calendar.year_before",
                tooltip="The same day of the year before"),
        Binding("greater_than_sign", "years(1)", "Year", key_display="< >", id="calendar.year_after",
                tooltip="The same day of the year after"),
    ]  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._first_month = int(desk.ctx.policy["first_month"])
        self._day = desk.ctx.today()
        self._year: Year | None = None
        self.month = MonthGrid(self._day, self._day, id="month")
        self.year = YearStrip(self._day, self._day, self._first_month, id="year")
        self.table: RecordTable[SessionLine] = RecordTable(
            SESSION_COLUMNS, lambda line: f"{line.event}/{line.session}", group=_heading, titles=False, id="sessions"
        )
        self.days: DayMap = self.month

    def body(self) -> ComposeResult:
        yield Static(id="summary")
        with ContentSwitcher(initial="month", id="days"):
            yield self.month
            yield self.year
        yield self.table

    def reader(self) -> Callable[[], Year]:
        return partial(read_year, self.ctx, self._wanted_year(), self._first_month)

    def _wanted_year(self) -> int:
        return years.programme_year(self._day, self._first_month)

    def show(self, found: Year) -> None:
        self._year = found
        for days in (self.month, self.year):
            days.fill(found.loads, found.holidays, self.ctx.today())
        self._show_day(from_top=False)

    def _show_day(self, *, from_top: bool = True) -> None:
        year = self._year
        self.query_one("#summary", Static).update(content([self._summary()], STYLES), layout=False)
        if year is None or year.start != self._wanted_year():
            return
        coming = [each for each in year.sessions if not each.date or each.date >= self._day.isoformat()]
        empty = f"No sessions from {show_date(self._day)} to the end of {years.label(year.start)}."
        self.table.show(coming, empty=empty, from_top=from_top)

    def _summary(self) -> list[Piece]:
        label = years.label(self._wanted_year())
        whole = self.days is self.year
        name = f"Year {label}" if whole else f"{NAMES[self._day.month - 1]} {self._day.year}"
        line: list[Piece] = [(name, "strong")]
        if not whole:
            line.append((f"{glyphs().between}{label}", "muted"))
        if self._year is None or self._year.start != self._wanted_year():
            return line
        month = self._day.isoformat()[:7]
        load = add_up(each for each in self._year.sessions if each.date and (whole or each.date.startswith(month)))
        line.append((glyphs().between + count(load.sessions, "session"), "plain"))
        if load.places:
            line.append((f", {load.held} of {load.places} places ({load.share})", "plain"))
        undated = sum(not each.date for each in self._year.sessions)
        if undated:
            line.append((f"{glyphs().between}{undated} to be confirmed", "warning"))
        if self._day in self._year.holidays:
            line.append((f"{glyphs().between}{self._year.holidays[self._day]}", "warning"))
        return line

    def _go(self, day: date) -> None:
        self._day = day
        for days in (self.month, self.year):
            days.point_at(day)
        self._show_day()
        if self._year is None or self._year.start != self._wanted_year():
            self.reload()

    def on_day_map_pointed(self, message: DayMap.Pointed) -> None:
        self._go(message.day)

    def on_day_map_chosen(self) -> None:
        if self.days is self.year:
            self.action_turn()
        elif self.table.rows:
            self.table.focus()

    def on_record_table_chosen(self) -> None:
        if (line := self.table.pointed) is not None:
            self.post_message(OpenEvent(line.event))

    def action_turn(self) -> None:
        self.days = self.month if self.days is self.year else self.year
        self.query_one(ContentSwitcher).current = self.days.id
        self._show_day(from_top=False)
        self.days.focus()

    def action_today(self) -> None:
        self._go(self.ctx.today())

    def action_years(self, step: int) -> None:
        self._go(month_later(self._day, 12 * step))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "back":
            return self.table.has_focus
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Escape goes from the sessions back to the days."""
        self.days.focus()


def _heading(line: SessionLine) -> str:
    return show_date(line.date) if line.date else "To be confirmed"
