"""What is on today and in the time to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.context import Context
from csc_tui.screens.base import Desk, LiveScreen, OpenEvent
from csc_tui.screens.columns import SESSION_COLUMNS, session_detail
from csc_tui.services import lookup, today
from csc_tui.services.today import Decision, DecisionKind
from csc_tui.text import count, show_date
from csc_tui.widgets.drawing import STYLES, Piece, Pieces, content
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column, RecordTable
from db.records import SessionLine

AHEAD = (31, 92, 365)


def to_decide(each: Decision) -> Pieces:
    """What is to be decided, and until when."""
    match each.kind:
        case DecisionKind.REQUEST:
            return [(f"{count(each.number, 'request')} to approve, since {show_date(each.due)}", "warning")]
        case DecisionKind.OFFER:
            return [(f"{each.name} may accept until {show_date(each.due)[:10]} {each.due:%H:%M}", "warning")]
        case DecisionKind.MINIMUM:
            return [(f"{each.number} short of the minimum, decide by {show_date(each.due)}", "warning")]


DECISION_COLUMNS: tuple[Column[Decision], ...] = (
    Column("", lambda each: [(each.event, "accent")], 12),
    Column("", to_decide, 44, share=1),
    Column("", lambda each: each.title, 20, share=1, from_width=96),
)


@dataclass(frozen=True, slots=True)
class TodayFound:
    sessions: list[SessionLine]
    decisions: list[Decision]


def read(ctx: Context, days: int) -> TodayFound:
    """The sessions of so many days, and what is to be decided."""
    return TodayFound(lookup.coming(ctx, days=days), today.decisions(ctx))


class TodayScreen(LiveScreen[TodayFound]):
    PLACE = "today"
    AUTO_FOCUS = "#sessions"
    HELP = (
        "The sessions of today and of the days to come, with the places taken of the places there are, and how many "
        "wait (W). Above them, where there is any, what is to be decided: requests, offers that run out, events below "
        "their minimum; tab goes there. Enter opens the event: its people, its waiting list, and booking."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "further", "Look further", id="today.further", tooltip="Show 31, 92 or 365 days ahead"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._ahead = AHEAD[0]
        self.decisions: RecordTable[Decision] = RecordTable(
            DECISION_COLUMNS, lambda each: f"{each.kind} {each.event} {each.name}", group=lambda each: "To decide",
            titles=False, always_point=False, id="decisions",
        )  # fmt: skip
        self.table: RecordTable[SessionLine] = RecordTable(SESSION_COLUMNS, _key, group=self._day, id="sessions")

    def body(self) -> ComposeResult:
        yield Static(id="summary")
        yield self.decisions
        yield self.table
        yield Static(id="detail")

    def reader(self) -> Callable[[], TodayFound]:
        return partial(read, self.ctx, self._ahead)

    def show(self, found: TodayFound) -> None:
        self.query_one("#summary", Static).update(content([self._summary(found.sessions)], STYLES), layout=False)
        self.decisions.display = bool(found.decisions)
        self.decisions.show(found.decisions)
        self.table.show(found.sessions, empty=self._nothing())
        self._show_detail()

    def _summary(self, found: Sequence[SessionLine]) -> list[Piece]:
        today = [each for each in found if each.date == self.ctx.today().isoformat()]
        line: list[Piece] = [("Today ", "muted"), (count(len(today), "session"), "strong")]
        if today:
            line.append((f", {sum(each.booked for each in today)} booked", "plain"))
        ahead = len(found) - len(today)
        line += [(f"{glyphs().between}{self._ahead} days ahead ", "muted"), (count(ahead, "session"), "strong")]
        full = {each.event for each in found if each.booked >= each.capacity}
        if full:
            line.append((f", {len(full)} full", "warning"))
        waiting = {each.event: each.waiting for each in found}
        if any(waiting.values()):
            line.append((f", {sum(waiting.values())} waiting", "warning"))
        return line

    def _nothing(self) -> str:
        return (
            f"No sessions in the next {self._ahead} days. m looks further; 3 lists every event; "
            "a programme comes in with: csc import programme FILE"
        )

    def _day(self, line: SessionLine) -> str:
        today = self.ctx.today()
        names = {today: "Today", today + timedelta(days=1): "Tomorrow"}
        name = names.get(date.fromisoformat(line.date))
        return f"{name}{glyphs().between}{show_date(line.date)}" if name else show_date(line.date)

    def on_record_table_pointed(self) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        pointed = self.table.pointed
        lines = session_detail(pointed) if pointed else ["", ""]
        self.query_one("#detail", Static).update(content(lines, STYLES), layout=False)

    def on_record_table_chosen(self, message: RecordTable.Chosen) -> None:
        if (line := message.table.pointed) is not None:
            self.post_message(OpenEvent(line.event))

    def action_further(self) -> None:
        self._ahead = AHEAD[(AHEAD.index(self._ahead) + 1) % len(AHEAD)]
        self.reload()


def _key(line: SessionLine) -> str:
    return f"{line.event}/{line.session}"
