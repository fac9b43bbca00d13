"""The calendar screen: the programme by year, month, week and as a list from the day under the cursor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher, Static

from csc_tui.base import programme_years, workdays
from csc_tui.base.context import Context
from csc_tui.base.programme_years import months_later
from csc_tui.base.text import MONTH_NAMES, format_count, format_date, format_times
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import queries as calendar_queries
from csc_tui.core.calendar.queries import CalendarPeriod
from csc_tui.core.people import queries as people_queries
from csc_tui.window.shared.columns import SESSION_COLUMNS, session_lines
from csc_tui.window.shared.data_screen import DataScreen, OpenEvent, WindowState, load_or_tell
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.day_map import DayMap, loads_by_day, summed_load
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.month_grid import MonthGrid
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Piece, draw_content
from csc_tui.window.widgets.record_table import RecordTable
from csc_tui.window.widgets.week_lanes import LaneSession, WeekLanes
from csc_tui.window.widgets.year_strip import YearStrip
from db.errors import CscError
from db.records.startup import EventState, SessionLine

MONTH, WEEK, YEAR, AGENDA = "month", "week", "year", "agenda"
NOWHERE, NOBODY = "Venue to be confirmed", "No facilitator yet"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A programme year, its bank holidays, and the (event, session) pairs that clash in the week in view."""

    start: int
    programme: CalendarPeriod
    holidays: dict[date, str]
    clashing: frozenset[tuple[str, int]]


def load_calendar_year(ctx: Context, start: int, first_month: int, monday: date | None) -> CalendarYear:
    """Return the programme year; `monday` opens the week in which clashes are looked for."""
    first, last = programme_years.programme_year_bounds(start, first_month)
    clashing: set[tuple[str, int]] = set()
    if monday:
        for each in calendar_actions.list_clashes(ctx, start=monday, until=monday + timedelta(days=6)):
            clashing |= {(each.event, each.session), (each.other_event, each.other_session)}
    programme = calendar_queries.get_calendar_period(ctx, first, last)
    return CalendarYear(start, programme, workdays.bank_holidays(first, last), frozenset(clashing))


class CalendarScreen(DataScreen[CalendarYear]):
    PLACE = "calendar"
    AUTO_FOCUS = "MonthGrid"
    HELP = (
        "Tab moves between the days and the sessions below, which start from the day under the cursor; sessions to be "
        "confirmed come last. w shows the week by rooms, y the year, v only the list; the same key again shows the "
        "month. - and + go a year back and on. / filters everything by words of strand, course, venue, facilitator or "
        "state (state:open with:ty venue:town); escape removes the filter. a adds an event that begins on the day "
        "under the cursor, D copies the event under the cursor to other days. F writes what is shown as a feed that "
        "other calendars subscribe to."
    )
    NEEDS: ClassVar = {"new": calendar_actions.add_event.role, "copy": calendar_actions.clone_event.role}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", f"view('{WEEK}')", "Week", id="calendar.week", tooltip="The week by rooms, or the month again"),
        Binding("y", f"view('{YEAR}')", "Year", id="calendar.turn", tooltip="The year, or the month again"),
        Binding("v", f"view('{AGENDA}')", "List", id="calendar.agenda", tooltip="Only the list, or the month again"),
        Binding("a", "new", "Add", id="calendar.new", tooltip="Plan an event that begins on this day"),
        Binding("slash", "filter", "Filter", key_display="/", id="calendar.filter",
                tooltip="Filter by words of strand, course, venue, facilitator or state"),
        Binding("T", "today", "Today", id="calendar.today", tooltip="Go to today"),
        Binding("minus", "years(-1)", "Year before", key_display="-", show=False, id="calendar.year_before",
                tooltip="The same day of the year before"),
        Binding("plus", "years(1)", "Years", key_display="- +", id="calendar.year_after",
                tooltip="The same day of the year after"),
        Binding("left_curly_bracket", "months(-1)", "Month before", key_display="{", show=False,
                id="calendar.month_before", tooltip="The same day of the month before"),
        Binding("right_curly_bracket", "months(1)", "Month after", key_display="}", show=False,
                id="calendar.month_after", tooltip="The same day of the month after"),
        Binding("D", "copy", "More dates", show=False, id="calendar.copy",
                tooltip="Copy the event under the cursor to other days"),
        Binding("F", "feed", "Feed", show=False, id="calendar.feed",
                tooltip="Write a calendar that people can subscribe to"),
        Binding("v", "lanes", "Lanes", show=False, id="calendar.lanes",
                tooltip="The week by rooms, or by facilitators"),
    ]  # fmt: skip

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._day = state.ctx.today()
        self._year: CalendarYear | None = None
        self._fitting: list[SessionLine] = []
        self._by_room = True
        self.view = MONTH
        self.month = MonthGrid(self._day, self._day, id=MONTH)
        self.week = WeekLanes(self._day, self._day, id=WEEK)
        self.year = YearStrip(self._day, self._day, self.ctx.first_month, id=YEAR)
        self.table: RecordTable[SessionLine] = RecordTable(
            SESSION_COLUMNS, lambda line: f"{line.event}/{line.session}", group=_heading, titles=False,
            pointing=self._show_detail, opens=lambda line: OpenEvent(line.event), id="sessions",
        )  # fmt: skip
        self.filter = FilterInput(
            self.table, self._narrow, id="filter", placeholder="Words of strand, course, venue, facilitator, state"
        )
        self.days: DayMap = self.month
        self.detail = PieceLines(id="detail")
        self.detail.display = False

    def body(self) -> ComposeResult:
        yield Static(id="summary")
        yield self.filter
        with ContentSwitcher(initial=MONTH, id="days"):
            yield self.month
            yield self.week
            yield self.year
        yield self.table
        yield self.detail

    def reader(self) -> Callable[[], CalendarYear]:
        monday = self._monday() if self.view == WEEK else None
        return partial(load_calendar_year, self.ctx, self._wanted_year(), self.ctx.first_month, monday)

    def _monday(self) -> date:
        return self._day - timedelta(days=self._day.weekday())

    def _wanted_year(self) -> int:
        return programme_years.programme_year_of(self._day, self.ctx.first_month)

    def show(self, found: CalendarYear) -> None:
        self._year = found
        self.year.first_month = self.ctx.first_month
        self._fit()
        self._show_day(from_top=False)

    def _fit(self) -> None:
        """Filter the year and sum its loads; a filter that cannot be understood shows its sentence below."""
        year = self._year
        if year is None:
            return
        try:
            self._fitting = year.programme.sessions_of(self.filter.value)
        except CscError as problem:
            self.show_trouble(word_for_window(problem))
            return
        self.show_trouble("")
        found = loads_by_day(self._fitting)
        for days in (self.month, self.week, self.year):
            days.fill(found, year.holidays, self.ctx.today())
        title = "Rooms" if self._by_room else "Facilitators"
        self.week.fill_lanes(
            [each for line in self._fitting if line.date for each in self._meetings(line, year)], title
        )

    def _meetings(self, line: SessionLine, year: CalendarYear) -> list[LaneSession]:
        """Return a session in its lane, or in one for each facilitator."""
        if self._by_room:
            lanes = [(line.venue or NOWHERE, line.room)]
        else:
            lanes = [(name, "") for name in year.programme.facilitators.get((line.event, line.session), (NOBODY,))]
        return [
            LaneSession(
                date.fromisoformat(line.date), lane, where, format_times(line.start, line.end), line.event, line.taken,
                line.capacity, (line.event, line.session) in year.clashing, line.state == EventState.CANCELLED,
            )
            for lane, where in lanes
        ]  # fmt: skip

    def _show_day(self, *, from_top: bool = True) -> None:
        year = self._year
        self.query_one("#summary", Static).update(draw_content([self._summary()], STYLES), layout=False)
        if year is None or year.start != self._wanted_year():
            return
        coming = [each for each in self._fitting if not each.date or each.date >= self._day.isoformat()]
        typed = self.filter.value.strip()
        which = f"No match for '{typed}'" if typed else "No sessions"
        further = "Escape shows everything" if typed else "a adds an event"
        until = f"{format_date(self._day)} to the end of {programme_years.programme_year_label(year.start)}"
        empty = f"{which} from {until}. {further}; + shows the year after."
        self.table.show(coming, empty=empty, from_top=from_top)
        self._show_detail()

    def _summary(self) -> list[Piece]:
        """Return the summary with places as figures, or with a percentage alone where that is too long."""
        in_full = self._counted("{held:,} of {places:,} places ({share})")
        if sum(len(words) for words, _ in in_full) <= self.app.size.width - 2:
            return in_full
        return self._counted("{share} full")

    def _counted(self, how_full: str) -> list[Piece]:
        label = programme_years.programme_year_label(self._wanted_year())
        line: list[Piece] = [(self._shown(label), "strong")]
        if self.view != YEAR:
            line.append((f"{glyphs().between}{label}", "muted"))
        if self._year is None or self._year.start != self._wanted_year():
            return line
        load = summed_load(each for each in self._fitting if each.date and self._in_view(each.date))
        line.append((glyphs().between + format_count(load.sessions, "session"), "plain"))
        if load.places:
            filled = how_full.format(held=load.held, places=load.places, share=load.share)
            line.append((f", {filled}", "plain"))
        undated = sum(not each.date for each in self._fitting)
        if undated:
            line.append((f"{glyphs().between}{undated} to be confirmed", "warning"))
        if self._day in self._year.holidays:
            line.append((f"{glyphs().between}{self._year.holidays[self._day]}", "warning"))
        return line

    def _shown(self, label: str) -> str:
        if self.view == YEAR:
            return f"Year {label}"
        if self.view == WEEK:
            monday = self._monday()
            sunday = monday + timedelta(days=6)
            first = str(monday.day) if monday.month == sunday.month else format_date(monday)[4:-5]
            return f"{first} to {format_date(sunday)[4:]}"
        if self.view == AGENDA:
            return f"From {format_date(self._day)}"
        return f"{MONTH_NAMES[self._day.month - 1]} {self._day.year}"

    def _in_view(self, iso: str) -> bool:
        if self.view == WEEK:
            return self._monday().isoformat() <= iso <= (self._monday() + timedelta(days=6)).isoformat()
        if self.view == AGENDA:
            return iso >= self._day.isoformat()
        return self.view == YEAR or iso.startswith(self._day.isoformat()[:7])

    def _go(self, day: date) -> None:
        before, self._day = self._monday(), day
        for days in (self.month, self.week, self.year):
            days.point_at(day)
        self._show_day()
        other_week = self.view == WEEK and self._monday() != before
        if self._year is None or self._year.start != self._wanted_year() or other_week:
            self.reload()

    def lead_to(self, what: str) -> None:
        """Go to a day, given in ISO form."""
        self._go(date.fromisoformat(what))

    def on_day_map_pointed(self, message: DayMap.Pointed) -> None:
        self._go(message.day)

    def on_day_map_chosen(self) -> None:
        if self.days is self.year:
            self.action_view(YEAR)
        elif self.table.rows:
            self.set_focus(self.table)

    def _show_detail(self) -> None:
        """Show the session under the cursor in full; only the list has room for it."""
        if self.view == AGENDA:
            lines = session_lines(self.table.pointed) if self.table.pointed else []
            self.detail.show(lines)

    def action_view(self, view: str) -> None:
        """Show the same day in another view; the same key again goes back to the month."""
        self.view = MONTH if self.view == view else view
        switcher = self.query_one(ContentSwitcher)
        if self.view != AGENDA:
            self.days = {MONTH: self.month, WEEK: self.week, YEAR: self.year}[self.view]
            switcher.current = self.days.id
        switcher.display = self.view != AGENDA
        self.detail.display = self.view == AGENDA
        switcher.set_class(self.view == WEEK, "-week")
        self._show_day(from_top=False)
        self.set_focus(self.table if self.view == AGENDA else self.days)
        self.refresh_bindings()
        if self.view == WEEK:
            self.reload()

    def action_lanes(self) -> None:
        self._by_room = not self._by_room
        self._fit()

    def action_today(self) -> None:
        self._go(self.ctx.today())

    def action_years(self, step: int) -> None:
        self._go(months_later(self._day, 12 * step))

    def action_months(self, step: int) -> None:
        self._go(months_later(self._day, step))

    def action_filter(self) -> None:
        self.filter.display = True
        self.set_focus(self.filter)  # at once: what is typed ahead is for the filter

    def _narrow(self, text: str) -> None:
        self._fit()
        self._show_day()

    @work(group="write")
    async def action_new(self) -> None:
        if not self.refused("new"):
            from csc_tui.window.calendar import new_event

            await new_event.ask_new_event(self, self._day)

    @work(group="write")
    async def action_copy(self) -> None:
        line = self.table.pointed
        if line is None:
            self.say("There is no event under the cursor. Go to a day that has one.", warning=True)
        elif not self.refused("copy"):
            from csc_tui.window.calendar import edit_event

            card = await load_or_tell(self, partial(people_queries.get_event_card, self.ctx, line.event))
            if card is not None:
                await edit_event.ask_event_copies(self, card)

    def scope(self) -> Mapping[str, str]:
        """Return the year, and the part of the filter by which a part of the programme can be named."""
        scope = self._year.programme.scope_of(self.filter.value) if self._year else {}
        return {"year": programme_years.programme_year_label(self._wanted_year()), **scope}

    @work(group="write")
    async def action_feed(self) -> None:
        from csc_tui.window.publication import feeds

        await feeds.ask_feed_file(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "lanes":
            return self.view == WEEK
        if action == "view" and parameters == (AGENDA,):
            return self.view != WEEK
        return super().check_action(action, parameters)

    def can_step_back(self) -> bool:
        return self.table.has_focus or self.view != MONTH or super().can_step_back()

    def step_back(self) -> None:
        """Close the filter, or go from the sessions back to the days, or from another view back to the month."""
        if self.filter.is_open:
            self.filter.close()
            self.filter.display = False
            self.set_focus(self.table if self.view == AGENDA else self.days)
        elif self.table.has_focus and self.view != AGENDA:
            self.set_focus(self.days)
        else:
            self.action_view(self.view)


def _heading(line: SessionLine) -> str:
    return format_date(line.date) if line.date else "To be confirmed"
