"""The base of the calendar widgets: a cursor on a day, loads, bank holidays, keys to move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from csc_tui.base.programme_years import months_later
from csc_tui.window.widgets.pieces import TONES, Piece, without_background
from db.records.startup import SessionLine


@dataclass(frozen=True, slots=True)
class DayLoad:
    """The sessions of a day, the places taken on them and the places there are; `events` are their references."""

    sessions: int = 0
    held: int = 0
    places: int = 0
    events: tuple[str, ...] = ()

    @property
    def share(self) -> str:
        """Return `72%`, or nothing where there are no places."""
        return f"{round(100 * self.held / self.places)}%" if self.places else ""


def summed_load(sessions: Iterable[SessionLine]) -> DayLoad:
    """Return one load for all these sessions; cancelled ones do not count."""
    counted = [each for each in sessions if each.state != "cancelled"]
    return DayLoad(
        sessions=len(counted),
        held=sum(each.taken for each in counted),
        places=sum(each.capacity for each in counted),
        events=tuple(dict.fromkeys(each.event for each in counted)),
    )


def loads_by_day(sessions: Iterable[SessionLine]) -> dict[date, DayLoad]:
    """Return day -> load for each day that has sessions."""
    days: dict[str, list[SessionLine]] = {}
    for each in sessions:
        if each.date:
            days.setdefault(each.date, []).append(each)
    return {date.fromisoformat(day): summed_load(found) for day, found in days.items()}


class DayMap(Widget, can_focus=True):
    """Shows the days of a period with a cursor on one of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "days--titles",
        "days--tile",
        "days--rest",
        "days--outside",
        "days--cursor",
        "days--today",
        *(f"days--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Day before", show=False, id="days.left", tooltip="The day before"),
        Binding("right", "step(1)", "Day after", show=False, id="days.right", tooltip="The day after"),
        Binding("pageup,left_curly_bracket", "months(-1)", "Month", key_display="{", show=False,
                id="days.month_before", tooltip="The month before"),
        Binding("pagedown,right_curly_bracket", "months(1)", "Month", key_display="}", show=False,
                id="days.month_after", tooltip="The month after"),
        Binding("home,g", "edge(-1)", "First", show=False, id="days.first", tooltip="The first day of the month"),
        Binding("end,G", "edge(1)", "Last", show=False, id="days.last", tooltip="The last day of the month"),
        Binding("enter", "choose", "Sessions", id="days.choose", tooltip="Go to the sessions from this day on"),
    ]  # fmt: skip

    class Pointed(Message):
        """Posted when the cursor came to another day."""

        def __init__(self, map: "DayMap", day: date) -> None:
            super().__init__()
            self.map = map
            self.day = day

        @property
        def control(self) -> "DayMap":
            return self.map

    class Chosen(Pointed):
        """Posted when enter was pressed on the day."""

    def __init__(self, cursor: date, today: date, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._day = cursor
        self._today = today
        self._loads: Mapping[date, DayLoad] = {}
        self._holidays: Mapping[date, str] = {}

    @property
    def day(self) -> date:
        """The day under the cursor."""
        return self._day

    def fill(self, found: Mapping[date, DayLoad], holidays: Mapping[date, str], today: date) -> None:
        """Show these loads and bank holidays; nothing is drawn where nothing changed."""
        if (found, holidays, today) != (self._loads, self._holidays, self._today):
            self._loads, self._holidays, self._today = found, holidays, today
            self.refresh()

    def point_at(self, day: date) -> None:
        """Put the cursor on the day; no message is posted, as it is for a key or the mouse."""
        before, self._day = self._day, day
        if before == day:
            return
        regions = [self.region_of(each) for each in (before, day)]
        if self._same_picture(before, day) and all(regions):
            self.refresh(*(region for region in regions if region))
        else:
            self.refresh()

    def region_of(self, day: date) -> Region | None:
        """Return where the day is drawn, or None where it is not."""
        raise NotImplementedError

    def _same_picture(self, before: date, after: date) -> bool:
        raise NotImplementedError

    def _go(self, day: date) -> None:
        if day != self._day:
            self.point_at(day)
            self.post_message(self.Pointed(self, day))

    def action_step(self, days: int) -> None:
        self._go(self._day + timedelta(days=days))

    def action_months(self, months: int) -> None:
        self._go(months_later(self._day, months))

    def action_edge(self, side: int) -> None:
        first = self._day.replace(day=1)
        self._go(first if side < 0 else months_later(first, 1) - timedelta(days=1))

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self._day))

    def _strip(self, line: list[tuple[list[Piece], str]], width: int) -> Strip:
        """Return a line drawn from runs of pieces, each on the background of a component class or on none."""
        base = self.rich_style
        segments = []
        for run, ground in line:
            under = self.get_component_rich_style(f"days--{ground}") if ground else base
            segments += [
                Segment(words, under if ground == "cursor" else self._toned(under, tone)) for words, tone in run
            ]
        return Strip(segments).adjust_cell_length(width, base).simplify()

    def _toned(self, under: Style, tone: str) -> Style:
        return under if tone == "plain" else under + without_background(self.get_component_rich_style(f"days--{tone}"))
