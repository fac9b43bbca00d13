"""The screen of Today: what needs a decision, and what is on today and in the time to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date
from csc_tui.core.calendar import agenda
from csc_tui.window.shared.columns import DAY_COLUMN, SESSION_COLUMNS, session_lines
from csc_tui.window.shared.data_screen import OpenEvent, OpenPerson, OpenRegister, WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.startup import SessionLine

if TYPE_CHECKING:  # it reads far more than the first picture needs
    from csc_tui.core.today.decisions import Decision

AHEAD = (31, 92, 365)


def decision_cell(each: "Decision") -> Pieces:
    """Return what needs a decision, toned as a warning when it is urgent."""
    return [(each.what, "warning" if each.urgent else "plain")]


DECISION_COLUMNS: "tuple[Column[Decision], ...]" = (
    Column("", lambda each: [(each.event or "commitment", "accent" if each.event else "muted")], 12),
    Column("", decision_cell, 44, share=2),
    Column("", lambda each: [(each.title, "muted")], 20, share=1, from_width=96),
)


@dataclass(frozen=True, slots=True)
class TodayFound:
    """The content of the screen; `decisions` is None where they were not looked for."""

    sessions: list[SessionLine]
    decisions: "list[Decision] | None"


def load_today_screen(ctx: Context, days: int, everything: bool) -> TodayFound:
    """Return the sessions of the next `days` days and, with `everything`, what needs a decision."""
    sessions = agenda.list_coming_sessions(ctx, days=days)
    if not everything:
        return TodayFound(sessions, None)
    from csc_tui.core.today import decisions as today_decisions

    return TodayFound(sessions, today_decisions.list_decisions(ctx))


def _open_decision(about: "Decision") -> OpenRegister | OpenPerson | OpenEvent:
    if about.is_register:
        return OpenRegister(about.event, about.session)
    # A commitment belongs to a person in a group, and to no event.
    return OpenEvent(about.event) if about.event else OpenPerson(about.person)


class TodayScreen(FilteredListScreen[TodayFound]):
    PLACE = "today"
    AUTO_FOCUS = "#sessions"
    HELP = (
        "The sessions of today and of the coming days, with the places taken and how many people are waiting (W). "
        "Above them is what needs action, the most urgent first: offers about to expire, events below their minimum, "
        "unexplained clashes, declined invitations, requests, registers of the last three months, invitations that "
        "are due, overdue commitments of groups, sessions without a date. Tab moves there; A acts on the line and "
        "shows you first what would happen. Enter opens the event, the register or the person."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "act", "Act", id="today.act", tooltip="Act on the line under Needs action"),
        Binding(
            "plus", "days(1)", "More days", key_display="+", id="today.further", tooltip="Show 31, 92 or 365 days ahead"
        ),
        Binding(
            "minus",
            "days(-1)",
            "Fewer days",
            key_display="-",
            show=False,
            id="today.nearer",
            tooltip="Show 92 or 31 days ahead",
        ),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._ahead = AHEAD[0]
        self._everything = False
        self._may_fit = True
        self.decisions: RecordTable[Decision] = RecordTable(
            DECISION_COLUMNS, _decision_key, group=self._to_decide, titles=False, always_point=False,
            pointing=self._show_detail, opens=_open_decision, id="decisions",
        )  # fmt: skip
        self.table: RecordTable[SessionLine] = RecordTable(
            SESSION_COLUMNS, _key, group=self._day, ungrouped=[DAY_COLUMN], pointing=self._show_detail,
            opens=lambda line: OpenEvent(line.event), id="sessions",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="summary")
        yield self.decisions
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], TodayFound]:
        return partial(load_today_screen, self.ctx, self._ahead, self._everything)

    def on_mount(self) -> None:
        """Load the decisions after the first paint, which has the sessions already and keeps the decisions' place."""
        self.call_after_refresh(self._load_decisions)

    def _load_decisions(self) -> None:
        self._everything = True
        self.reload()

    def show(self, found: TodayFound) -> None:
        self.query_one("#summary", Static).update(draw_content([self._summary(found.sessions)], STYLES), layout=False)
        if found.decisions is not None:
            self.decisions.show(found.decisions, empty="Nothing needs action.")
            if self._may_fit or self.decisions.has_focus:
                self._fit_decisions()
                self._may_fit = False
        self.show_rows(found.sessions, empty=self._nothing())
        self._show_detail()

    def _summary(self, found: Sequence[SessionLine]) -> list[Piece]:
        today = [each for each in found if each.date == self.ctx.today().isoformat()]
        line: list[Piece] = [("Today ", "muted"), (format_count(len(today), "session"), "strong")]
        if today:
            line.append((f", {sum(each.booked for each in today)} booked", "plain"))
        ahead = len(found) - len(today)
        line += [(f"{glyphs().between}{self._ahead} days ahead ", "muted"), (format_count(ahead, "session"), "strong")]
        full = {each.event for each in found if each.taken >= each.capacity}
        if full:
            line.append((f", {len(full)} full", "warning"))
        waiting = {each.event: each.waiting for each in found}
        if any(waiting.values()):
            line.append((f", {sum(waiting.values())} waiting", "warning"))
        return line

    def _nothing(self) -> str:
        return (
            f"No sessions in the next {self._ahead} days. Press + for more days, 3 for every event, or 3 and then I to "
            "import a programme from a file. To add an event, press 2, then a."
        )

    def _to_decide(self, _: "Decision") -> str:
        return f"Needs action{glyphs().between}{len(self.decisions.rows)}"

    def _day(self, line: SessionLine) -> str:
        today = self.ctx.today()
        names = {today: "Today", today + timedelta(days=1): "Tomorrow"}
        name = names.get(date.fromisoformat(line.date))
        return f"{name}{glyphs().between}{format_date(line.date)}" if name else format_date(line.date)

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        if self.decisions.has_focus:
            self._fit_decisions()
        self._show_detail()

    def on_screen_resume(self) -> None:
        """Fit the decisions at once, because somebody who comes back has no line in sight that could move."""
        self._may_fit = self.stale or not self._everything
        if not self._may_fit:
            self._fit_decisions()

    def _fit_decisions(self) -> None:
        """Shrink the list of decisions to one line where it is empty.

        It is not resized while somebody is in the list below, whose lines would move: the one line then says how many
        there are, and going there opens it.
        """
        self.decisions.set_class(not self.decisions.rows, "-nothing")

    def _show_detail(self) -> None:
        pointed = self.table.pointed
        lines: list[Pieces] = session_lines(pointed) if pointed else ["", ""]
        if self.decisions.has_focus and (about := self.decisions.pointed) is not None:
            event: list[Piece] = [(f"{about.event}  ", "accent")] if about.event else []
            lines = [[*event, (about.title, "strong")], about.what]
        self.query_one("#detail", PieceLines).show(lines)

    @work(group="write")
    async def action_act(self) -> None:
        about = self.decisions.pointed
        if about is None:
            self.say("Nothing needs action.")
        elif not self.decisions.has_focus:
            self.set_focus(self.decisions)
        else:
            from csc_tui.window.today import decision_actions

            await decision_actions.act_on_decision(self, about)

    def action_days(self, step: int) -> None:
        """Show more days ahead or fewer; after the most come the fewest again."""
        self._ahead = AHEAD[(AHEAD.index(self._ahead) + step) % len(AHEAD)]
        self.reload()


def _decision_key(each: "Decision") -> str:
    return f"{each.kind} {each.event} {each.session} {each.name} {each.other} {each.title}"


def _key(line: SessionLine) -> str:
    return f"{line.event}/{line.session}"
