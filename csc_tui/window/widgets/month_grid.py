"""The calendar of a month: a grid of days, Monday first, with their sessions and how full those are."""

import calendar
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip

from csc_tui.base.text import DAYS
from csc_tui.window.widgets.day_map import DayLoad, DayMap
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece, fit_text, places_bar


class MonthGrid(DayMap):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-7)", "Week before", show=False, id="month.up", tooltip="The week before"),
        Binding("down,j", "step(7)", "Week after", show=False, id="month.down", tooltip="The week after"),
    ]
    HELP = (
        "Each day shows how many sessions it has, and how many of their places are taken, as a bar and in percent. "
        "H marks a bank holiday, brackets mark today. Arrow keys move by day and week, { and } by month."
    )

    def _weeks(self) -> int:
        return len(calendar.monthcalendar(self._day.year, self._day.month))

    def _monday(self) -> date:
        first = self._day.replace(day=1)
        return first - timedelta(days=first.weekday())

    def _tall(self) -> int:
        """Return the lines of a day, the same for every month so that the picture does not jump."""
        return max((self.size.height - 1) // 6, 2)

    def _wide(self) -> int:
        return max(self.size.width // 7, 6)

    def region_of(self, day: date) -> Region | None:
        week, weekday = divmod((day - self._monday()).days, 7)
        if not 0 <= week < self._weeks():
            return None
        return Region(weekday * self._wide(), 1 + week * self._tall(), self._wide(), self._tall())

    def _same_picture(self, before: date, after: date) -> bool:
        return (before.year, before.month) == (after.year, after.month)

    def on_click(self, event: events.Click) -> None:
        weekday, week = event.x // self._wide(), (event.y - 1) // self._tall()
        if event.y and weekday < 7 and week < self._weeks():
            day = self._monday() + timedelta(days=week * 7 + weekday)
            if day == self._day:
                self.action_choose()
            self._go(day)

    def render_line(self, y: int) -> Strip:
        wide = self._wide()
        if y == 0:
            return self._strip([(fit_text(f" {name}", wide), "titles") for name in DAYS], self.size.width)
        week, line = divmod(y - 1, self._tall())
        if week >= self._weeks():
            return Strip.blank(self.size.width, self.rich_style)
        monday = self._monday() + timedelta(days=week * 7)
        cells: list[tuple[list[Piece], str]] = []
        for weekday in range(7):
            day = monday + timedelta(days=weekday)
            cells += [(fit_text(self._line(day, line, wide - 1), wide - 1), self._ground(day)), ([(" ", "plain")], "")]
        return self._strip(cells, self.size.width)

    def _ground(self, day: date) -> str:
        if day == self._day:
            return "cursor"
        if day.month != self._day.month:
            return "outside"
        return "rest" if day.weekday() > 4 or day in self._holidays else "tile"

    def _line(self, day: date, line: int, width: int) -> list[Piece]:
        load = self._loads.get(day, DayLoad())
        if day.month != self._day.month and day != self._day:
            return [(f"{day.day:>3}", "muted")] if line == 0 else []
        if line == 0:
            return self._heading(day, load, width)
        if day in self._holidays and (line == 1 or not load.sessions):
            return [(" " + self._holidays[day], "muted")] if line == 1 else []
        if not load.sessions:
            return []
        if line == 1 + (day in self._holidays):
            return self._load_line(load, width)
        return self._event_line(load, line - 2 - (day in self._holidays), width)

    def _heading(self, day: date, load: DayLoad, width: int) -> list[Piece]:
        number = f"[{day.day}]".rjust(4) if day == self._today else f"{day.day:>3} "
        holiday = "H" if day in self._holidays else " "
        count = f"{load.sessions} " if load.sessions else ""
        room = width - len(number) - 1 - len(count)
        tone = "strong" if load.sessions or day == self._today else "muted"
        return [(number, "accent" if day == self._today else tone), (holiday, "warning"), (" " * room + count, "plain")]

    def _load_line(self, load: DayLoad, width: int) -> list[Piece]:
        share = load.share.rjust(5)
        return [(" ", "plain"), *places_bar(load.held, load.places, width - len(share) - 2), (share + " ", "muted")]

    def _event_line(self, load: DayLoad, index: int, width: int) -> list[Piece]:
        last = self._tall() - 3
        if index == last and len(load.events) > last + 1:
            return [(f" {glyphs().more} {len(load.events) - last} more", "muted")]
        return [(" " + load.events[index], "plain")] if index < len(load.events) else []
