"""The calendar of a programme year: twelve strips of days that show how many sessions each day has."""

from calendar import monthrange
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip

from csc_tui.base.programme_years import months_later
from csc_tui.base.text import MONTHS
from csc_tui.window.widgets.day_map import DayLoad, DayMap
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece, fit_text

WIDE_LABEL, NARROW_LABEL = 9, 8
TOTALS = 10
"""Cells of a month's number of sessions and of how full they are; 80 columns have one less."""


class YearStrip(DayMap):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "months(-1)", "Month before", show=False, id="year.up", tooltip="The month before"),
        Binding("down,j", "months(1)", "Month after", show=False, id="year.down", tooltip="The month after"),
    ]
    HELP = (
        "Each line is a month, each figure the number of sessions of a day; H marks a bank holiday, a dot a working "
        "day without sessions. At the end is the month's total of sessions and how full they are. "
        "Left and right move by day, up and down by month; enter opens the month."
    )

    def __init__(self, cursor: date, today: date, first_month: int, *, id: str | None = None) -> None:
        super().__init__(cursor, today, id=id)
        self.first_month = first_month

    def _first(self) -> date:
        started = self._day.month >= self.first_month
        return date(self._day.year if started else self._day.year - 1, self.first_month, 1)

    def _wide(self) -> int:
        """Return the cells of a day, as many as leave room for the month's name and totals."""
        for wide, needed in ((3, WIDE_LABEL + 31 * 3 + TOTALS), (2, NARROW_LABEL + 31 * 2 + TOTALS - 1)):
            if self.size.width >= needed:
                return wide
        return 1

    def _label(self) -> int:
        """Return the cells of the month's name."""
        return NARROW_LABEL if self._wide() == 2 else WIDE_LABEL

    def _tall(self) -> int:
        return 2 if self.size.height >= 25 else 1

    def region_of(self, day: date) -> Region | None:
        first = self._first()
        row = (day.year - first.year) * 12 + day.month - first.month
        if not 0 <= row < 12:
            return None
        return Region(self._label() + (day.day - 1) * self._wide(), 1 + row * self._tall(), self._wide(), 1)

    def _same_picture(self, before: date, after: date) -> bool:
        first = self._first()
        return first <= before < months_later(first, 12) and before.month == after.month

    def on_click(self, event: events.Click) -> None:
        row, number = (event.y - 1) // self._tall(), (event.x - self._label()) // self._wide() + 1
        month = months_later(self._first(), row)
        if event.y and 0 <= row < 12 and 1 <= number <= monthrange(month.year, month.month)[1]:
            day = month.replace(day=number)
            if day == self._day:
                self.action_choose()
            self._go(day)

    def render_line(self, y: int) -> Strip:
        wide = self._wide()
        if y == 0:
            told = range(1, 32) if wide > 2 else (1, *range(5, 31, 5))  # numbers of two digits would touch
            titles = ""
            for number in told:
                titles = titles.ljust(self._label() + number * wide - len(str(number))) + str(number)
            titles = titles.ljust(self._label() + 31 * wide - (wide == 2)) + "Total full"
            return self._strip([(fit_text(titles, self.size.width), "titles")], self.size.width)
        row, line = divmod(y - 1, self._tall())
        if row >= 12 or line:
            return Strip.blank(self.size.width, self.rich_style)
        month = months_later(self._first(), row)
        length = monthrange(month.year, month.month)[1]
        here = (month.year, month.month) == (self._day.year, self._day.month)
        year = f"{month.year}" if wide > 2 else f"'{month.year % 100:02d}"
        label = f" {MONTHS[month.month - 1]} {year}".ljust(self._label())
        cells: list[tuple[list[Piece], str]] = [([(label, "strong" if here else "plain")], "")]
        days = [month + timedelta(days=step) for step in range(length)]
        cells += [([self._figure(day, wide)], self._ground(day)) for day in days]
        cells += [([(" " * wide * (31 - length), "plain")], "")]
        cells += [(self._total(days, 4 if wide == 2 else 5), "")]
        return self._strip(cells, self.size.width)

    def _ground(self, day: date) -> str:
        if day == self._day:
            return "cursor"
        if day == self._today:
            return "today"
        return "rest" if day.weekday() > 4 else ""

    def _figure(self, day: date, wide: int) -> Piece:
        load = self._loads.get(day)
        if load and load.sessions:
            sign = str(load.sessions) if load.sessions < 10 else "+"
            return sign.rjust(wide), "warning" if load.held >= load.places else "good"
        if day in self._holidays:
            return "H".rjust(wide), "warning"
        if day == self._today:
            return "*".rjust(wide), "accent"
        return (" " * wide, "plain") if day.weekday() > 4 else (glyphs().dot.rjust(wide), "muted")

    def _total(self, days: list[date], size: int) -> list[Piece]:
        found = [self._loads[day] for day in days if day in self._loads]
        load = DayLoad(sum(each.sessions for each in found), *(sum(each.held for each in found),
                       sum(each.places for each in found)))  # fmt: skip
        if not load.sessions:
            return [("-".rjust(size), "muted")]
        return [(f"{load.sessions:>{size}}", "strong"), (load.share.rjust(5), "plain")]
