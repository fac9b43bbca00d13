"""The calendar of a week: a lane for each room or facilitator, so that clashes can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip

from csc_tui.base.text import DAYS, format_count
from csc_tui.window.widgets.day_map import DayMap
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece, fit_text, folded_lines

WORKING_DAYS = 5
NARROWEST, WIDEST = 15, 30
"""The fewest and most cells of a lane's name."""


@dataclass(frozen=True, slots=True)
class LaneSession:
    """A session in its lane; `where` is the second line of the lane's name."""

    day: date
    lane: str
    where: str
    times: str
    event: str
    held: int
    capacity: int
    clashes: bool
    cancelled: bool

    def lines(self, width: int, *, compact: bool) -> list[list[Piece]]:
        """Return two lines, or one where there is no room; `!` marks a clash and `x` a cancelled session."""
        mark = "!" if self.clashes else "x" if self.cancelled else " "
        tone = "error" if self.clashes else "muted" if self.cancelled else "plain"
        if compact:
            return [[(mark, tone), (f"{self.times[:5]} ", tone), (self.event, "muted" if self.cancelled else "accent")]]
        places = f" {self.held}/{self.capacity}"
        shown = places if 1 + len(self.event) + len(places) <= width else ""
        margin = " " if len(self.event) < width else ""
        full = "warning" if self.held >= self.capacity else "muted"
        times = self.times if len(self.times) < width else self.times[:5]
        return [
            [(mark, tone), (times, tone)],
            [(margin, "plain"), (self.event, "muted" if self.cancelled else "accent"), (shown, full)],
        ]


class WeekLanes(DayMap):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-7)", "Week before", show=False, id="week.up", tooltip="The week before"),
        Binding("down,j", "step(7)", "Week after", show=False, id="week.down", tooltip="The week after"),
    ]
    HELP = (
        "A lane for each room of the week, or for each facilitator (v changes that). Each session shows its times, its "
        "event and the places taken; ! marks a clash of room, facilitator or learner, x a cancelled event, H a bank "
        "holiday. Left and right move by day, up and down by week, { and } by month; enter goes to the sessions."
    )

    def __init__(self, cursor: date, today: date, *, id: str | None = None) -> None:
        super().__init__(cursor, today, id=id)
        self._meetings: Sequence[LaneSession] = ()
        self._title = ""

    def fill_lanes(self, meetings: Sequence[LaneSession], title: str) -> None:
        """Show these sessions under `title`, which names what the lanes are; nothing is drawn where nothing changed."""
        if (list(meetings), title) != (list(self._meetings), self._title):
            self._meetings, self._title = list(meetings), title
            self.refresh()

    def monday(self) -> date:
        """The first day shown."""
        return self._day - timedelta(days=self._day.weekday())

    def _days(self) -> int:
        """Return 7 where something is on at the weekend, else 5."""
        weekend = any(each.day.weekday() >= WORKING_DAYS for each in self._here())
        return 7 if weekend or self._day.weekday() >= WORKING_DAYS else WORKING_DAYS

    def _here(self) -> list[LaneSession]:
        last = self.monday() + timedelta(days=6)
        return [each for each in self._meetings if self.monday() <= each.day <= last]

    def _name_width(self) -> int:
        return max(min(self.size.width // 6, WIDEST), NARROWEST)

    def _wide(self) -> int:
        return max((self.size.width - self._name_width()) // self._days(), 6)

    def region_of(self, day: date) -> Region | None:
        if not self.monday() <= day < self.monday() + timedelta(days=self._days()):
            return None
        return Region(self._name_width() + day.weekday() * self._wide(), 0, self._wide(), self.size.height)

    def _same_picture(self, before: date, after: date) -> bool:
        weeks = {each - timedelta(days=each.weekday()) for each in (before, after)}
        return len(weeks) == 1 and max(before.weekday(), after.weekday()) < WORKING_DAYS

    def on_click(self, event: events.Click) -> None:
        number = (event.x - self._name_width()) // self._wide()
        if event.x >= self._name_width() and number < self._days():
            day = self.monday() + timedelta(days=number)
            if day == self._day:
                self.action_choose()
            self._go(day)

    def render_line(self, y: int) -> Strip:
        if y == 0:
            return self._titles()
        lines = self._laid_out()
        if y - 1 < len(lines):
            return self._strip(lines[y - 1], self.size.width)
        return Strip.blank(self.size.width, self.rich_style)

    def _titles(self) -> Strip:
        cells: list[tuple[list[Piece], str]] = [(fit_text(f" {self._title}", self._name_width()), "titles")]
        for number in range(self._days()):
            day = self.monday() + timedelta(days=number)
            figure = f"[{day.day}]" if day == self._today else f" {day.day} "
            text: list[Piece] = [(f" {DAYS[number]}", "muted"), (figure, "accent" if day == self._today else "plain")]
            if day in self._holidays:
                text.append((f"H {self._holidays[day]}", "warning"))
            cells += [(fit_text(text, self._wide() - 1), "cursor" if day == self._day else ""), ([(" ", "plain")], "")]
        return self._strip(cells, self.size.width)

    def _laid_out(self) -> list[list[tuple[list[Piece], str]]]:
        """Return the lines below the titles.

        Each session takes two lines, with the lane's name in full; where that is too much, names are cut, then each
        session takes one line, and at last a line says how much is left out.
        """
        room = self.size.height - 1
        here = self._here()
        if not here:
            return [[(fit_text(" No sessions this week.", self.size.width), "titles")]]
        lanes: dict[tuple[str, str], list[LaneSession]] = {}
        for each in sorted(here, key=lambda each: (each.lane.casefold(), each.where.casefold(), each.times)):
            lanes.setdefault((each.lane, each.where), []).append(each)
        for in_full, compact in ((True, False), (False, False), (False, True)):
            blocks = [self._lane(name, found, in_full=in_full, compact=compact) for name, found in lanes.items()]
            if sum(map(len, blocks)) <= room:
                break
        spare = room - sum(map(len, blocks)) >= len(blocks) - 1
        lines: list[list[tuple[list[Piece], str]]] = []
        for number, block in enumerate(blocks):
            left = len(blocks) - number
            if len(lines) + len(block) > room - (left > 1):
                told = f" {glyphs().more} {format_count(left, 'lane')} more"
                return [*lines, [(fit_text([(told, "warning")], self.size.width), "")]]
            lines += [*block, *([[([(" ", "plain")], "")]] if spare and left > 1 else [])]
        return lines

    def _lane(
        self, name: tuple[str, str], found: Sequence[LaneSession], *, in_full: bool, compact: bool
    ) -> list[list[tuple[list[Piece], str]]]:
        wide, days = self._wide(), self._days()
        cells = [
            [
                line
                for each in found
                if each.day == self.monday() + timedelta(days=number)
                for line in each.lines(wide - 1, compact=compact)
            ]
            for number in range(days)
        ]
        names: list[Piece] = [(words, tone) for words, tone in zip(name, ("strong", "muted"), strict=True) if words]
        if compact:
            names = [(", ".join(filter(None, reversed(name))), "strong")]
        elif in_full:
            names = [(line, tone) for words, tone in names for line in folded_lines(words, self._name_width() - 2)]
        lines = []
        for index in range(max(len(names), *map(len, cells))):
            label: list[Piece] = [(" ", "plain"), names[index]] if index < len(names) else []
            line: list[tuple[list[Piece], str]] = [
                (fit_text(label, self._name_width() - 1), ""),
                ([(" ", "plain")], ""),
            ]
            for number, cell in enumerate(cells):
                on_it = self.monday() + timedelta(days=number) == self._day
                taken = index < len(cell)
                ground = "today" if on_it and taken else "tile" if on_it or taken else ""
                line += [(fit_text(cell[index] if taken else "", wide - 1), ground), ([(" ", "plain")], "")]
            lines.append(line)
        return lines
