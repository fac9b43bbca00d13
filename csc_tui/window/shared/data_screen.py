"""The base of every screen: its top and bottom lines, reads that never hold up the keys, and reloads on changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.signal import Signal
from textual.widgets import Static
from textual.worker import Worker

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.base.text import clean_text
from csc_tui.window.shared.list_memory import ListMemory
from csc_tui.window.shared.notices import NoticeLog
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.shared.repeating import RepeatableAction
from csc_tui.window.shared.trail import Trail, VisitedPlace
from csc_tui.window.terminal.key_queue import AnsweredOnce, drop_keys_typed_ahead
from csc_tui.window.widgets import glyphs
from csc_tui.window.widgets.cursor import place_cursor
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.key_line import KeyLine
from csc_tui.window.widgets.masthead import Masthead
from csc_tui.window.widgets.record_table import RecordTable
from db.errors import CscError
from db.records.startup import Role

Found = TypeVar("Found")
Answer = TypeVar("Answer")
LEAST_SECONDS, SIGNS_A_SECOND = 6.0, 12
"""How long a sentence stays, and how fast it is read beside a telephone call."""


class Mode(NamedTuple):
    """A screen that one key opens from anywhere: `name` is its Textual mode, `module` its file below csc_tui/window."""

    key: str
    title: str
    name: str
    meaning: str
    module: str
    screen: str


MODES = (
    Mode("1", "Today", "today", "What needs action, and the coming sessions", "today.today", "TodayScreen"),
    Mode("2", "Calendar", "calendar", "The year and its months", "calendar.calendar", "CalendarScreen"),
    Mode("3", "Events", "events", "Every event of a year", "calendar.events", "EventsScreen"),
    Mode("4", "People", "people", "Find people", "people.people", "PeopleScreen"),
    Mode("5", "Courses", "courses", "Strands, courses, modules and resources", "catalogue.catalogue",
         "CatalogueScreen"),
    Mode("6", "Groups", "groups", "Practice Leads and action learning sets", "groups.groups", "GroupsScreen"),
    Mode("7", "Evaluation", "evaluation", "What people thought of the training", "evaluation.results",
         "EvaluationScreen"),
    Mode("8", "Outbox", "outbox", "Messages and invitations to send", "mail.outbox", "OutboxScreen"),
    Mode("9", "Reports", "reports", "The figures of a year, for any strand, course or team",
         "reports.reports", "ReportsScreen"),
    Mode("0", "History", "history", "Who did what, when and why", "history.history", "HistoryScreen"),
    Mode("comma", "Settings", "settings", "Policy, roles, backups and checks", "admin.settings",
         "SettingsScreen"),
)  # fmt: skip


@dataclass(slots=True)
class WindowState:
    """The state that all screens of one window share.

    `changed` is published after every commit, whoever made it; `ctx` is replaced when the policy or the roles change.
    """

    ctx: Context
    changed: Signal[None]
    visited: list[str] = field(default_factory=lambda: [MODES[0].name])
    """The modes that escape leads back through, the one in front last."""
    log: NoticeLog = field(default_factory=NoticeLog)
    trail: Trail = field(default_factory=Trail)
    last: RepeatableAction | None = None
    """The action that can be repeated on the next row."""
    typed: dict[str, str] = field(default_factory=dict)
    """Texts typed earlier that are offered again, such as the folder to write to."""
    stepped_back: set[str] = field(default_factory=set)
    """Titles of forms that were left by going back in the flow under way: they open with their draft, unasked."""
    lists: ListMemory = field(init=False)

    def __post_init__(self) -> None:
        self.lists = ListMemory(self.ctx)


class OpenEvent(Message):
    """Asks the app to open an event."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class OpenEventEvaluation(Message):
    """Asks the app to open the evaluation of an event."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class OpenPerson(Message):
    """Asks the app to open a person; `person` is their key."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self.person = person


class OpenRegister(Message):
    """Asks the app to open a register; `session` is its number, 0 for the one most likely to be taken now."""

    def __init__(self, reference: str, session: int) -> None:
        super().__init__()
        self.reference = reference
        self.session = session


@dataclass(frozen=True, slots=True)
class MenuAction:
    """An action of a menu or the palette; `why_not` is the sentence that refuses it, if it is refused.

    `do` returns False where its question was left, so that a menu is shown again.
    """

    key: str
    title: str
    meaning: str
    why_not: str
    do: Callable[[], Awaitable[object]]


async def run_and_tell_refusal(work: Any, say: Callable[[str], None]) -> Any:
    """Await a worker's work, and pass the sentence of a CscError to `say`."""
    try:
        return await (work() if callable(work) else work)
    except CscError as problem:
        say(word_for_window(problem))


def role_refusal(ctx: Context, role: Role) -> str:
    """Return the sentence that refuses somebody without the role, or nothing for somebody who has it."""
    return "" if ctx.role >= role else word_for_window(NotAllowed(ctx.actor, ctx.role, role))


class DataScreen(AnsweredOnce[None], Generic[Found]):
    """A screen of stored records: `reader` returns the query to run in a thread, `show` displays its result.

    It reads again after every commit: at once if it is on top, else when it comes back on top.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="screen.back", tooltip="Dismiss a notice, close the filter, or go back"),
    ]
    AUTO_FOCUS = "RecordTable"
    PLACE = ""
    """The mode this screen belongs to, where it is one of MODES."""
    HELP = ""
    NEEDS: ClassVar[Mapping[str, Role]] = {}
    """Action -> the role it takes; for anybody else its key is dim and says why."""
    REPEATABLE: ClassVar[frozenset[str]] = frozenset()
    """The actions on a row that can be repeated on the next one, with the same answers."""

    def __init__(self, state: WindowState) -> None:
        super().__init__()
        self.state = state
        self.stale = False
        self._trouble = ""
        self._dim: list[str] = []
        # Set from the start, or the first picture would be laid out and drawn twice; Textual follows every later
        # change.
        for length, steps in (
            (self.app.size.width, self.HORIZONTAL_BREAKPOINTS),
            (self.app.size.height, self.app.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(*[name for least, name in steps or () if length >= least][-1:])

    @property
    def ctx(self) -> Context:
        return self.state.ctx

    def reader(self) -> Callable[[], Found]:
        """Return the query that `reload` runs in a thread; it takes along every value it needs from the screen."""
        raise NotImplementedError

    def show(self, found: Found) -> None:
        raise NotImplementedError

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        places = [(mode.key.replace("comma", ","), mode.title, mode.name) for mode in MODES]
        yield Masthead(places, self.PLACE or self.app.current_mode, self.ctx.today(), self._who())
        yield from self.body()
        yield Static(id="trouble", markup=False)
        yield Static(id="note", markup=False)
        yield KeyLine(self.why_not)

    def _who(self) -> str:
        """Return who acts, with the role where the role forbids something."""
        ctx = self.ctx
        return ctx.actor if ctx.role > Role.BOOKER else f"{ctx.actor} ({ctx.role.word})"

    def on_mount(self) -> None:
        self.state.changed.subscribe(self, self._on_database_change)
        self.screen_layout_refresh_signal.subscribe(self, self._restore_terminal_cursor)
        self.state.lists.restore_lists(self)
        self.read_now()  # the first paint is complete

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.call_after_refresh(place_cursor, event.widget)

    def _restore_terminal_cursor(self, _: Screen[object]) -> None:
        """Put the terminal's cursor back where the focus is after another screen was on top."""
        if self.focused is not None:
            self.call_after_refresh(place_cursor, self.focused)

    def on_screen_resume(self) -> None:
        self.query_one(Masthead).today = self.ctx.today()
        if self.stale:
            self.reload()

    def _on_database_change(self, _: None) -> None:
        self.query_one(Masthead).who = self._who()
        if self.is_current:
            self.reload()
        else:
            self.stale = True

    @work(exclusive=True, group="read")
    async def reload(self) -> None:
        """Read again and show the result; a failed read keeps the picture and shows its sentence."""
        self.stale = False
        try:
            found = await asyncio.to_thread(self.reader())
        except CscError as problem:
            self.stale = True
            self.show_trouble(word_for_window(problem))
        else:
            self.show_trouble("")
            self.show(found)

    def read_now(self) -> None:
        """Read and show within this key press, for reads of a millisecond, so that one key costs one paint."""
        self.workers.cancel_group(self, "read")
        try:
            found = self.reader()()
        except CscError as problem:
            self.show_trouble(word_for_window(problem))
        else:
            self.show_trouble("")
            self.show(found)

    def run_worker(self, work: Any, *given: Any, **named: Any) -> Worker[Any]:
        """Run a worker that says a refusal of the database instead of closing the window."""
        return super().run_worker(partial(run_and_tell_refusal, work, partial(self.say, warning=True)), *given, **named)

    def show_trouble(self, sentence: str) -> None:
        """Show a sentence until the next read succeeds."""
        if sentence != self._trouble:
            self._trouble = sentence
            line = self.query_one("#trouble", Static)
            line.update(clean_text(sentence))
            line.display = bool(sentence)

    def say(self, sentence: str, *, warning: bool = False) -> None:
        """Say what was done: for a few seconds, or in plain mode in a line that stays until the next.

        A warning drops the keys that were typed ahead, because the step they were meant for does not come.
        """
        if warning:
            sentence = f"{sentence} {drop_keys_typed_ahead(self)}".strip()
        if glyphs.read_aloud.get():
            self.state.log.add(self.ctx.now(), clean_text(sentence), warning=warning)
            line = self.query_one("#note", Static)
            line.update(clean_text(f"{'Warning' if warning else 'Note'}: {sentence}"))
            line.display = True
            return
        told = clean_text(sentence)
        seconds = max(LEAST_SECONDS, len(told) / SIGNS_A_SECOND)
        self.notify(told, severity="warning" if warning else "information", timeout=seconds, markup=False)

    def why_not(self, action: str) -> str:
        """Return the sentence that forbids an action at the moment, or nothing.

        The key of a forbidden action is dim, and pressing it says the sentence.
        """
        needed = self.NEEDS.get(action, Role.VIEWER)
        return role_refusal(self.ctx, needed)

    def refused(self, action: str) -> bool:
        """Say why the action is not allowed and return True, or return False where it is allowed."""
        sentence = self.why_not(action)
        if sentence:
            self.say(sentence, warning=True)
        return bool(sentence)

    def dim_keys(self) -> None:
        """Redraw the keys if other actions are allowed than before; called when the cursor or the rows moved."""
        dim = [self.why_not(action) for action in self.NEEDS]
        if dim != self._dim:
            self._dim = dim
            self.refresh_bindings()

    def every_row(self, table: RecordTable[Any]) -> Callable[[], Sequence[Any]] | None:
        """Return the query for all rows of a list that shows only the first of them, or None where it shows all."""
        return None

    def row_key(self) -> str:
        """Return the key of the row under the cursor of the list in use, or nothing."""
        table = self._list_in_use()
        return table.pointed_key if table else ""

    def rows_below(self) -> Sequence[str]:
        """Return the keys of the rows below the cursor of the list in use."""
        table = self._list_in_use()
        return table.keys_below if table else ()

    def go_to_row(self, keys: Sequence[str]) -> bool:
        """Put the cursor on the first of these rows that is still in the list in use; return whether there is one."""
        table = self._list_in_use()
        return table is not None and any(table.point_at(key) for key in keys)

    def _list_in_use(self) -> RecordTable[Any] | None:
        if isinstance(self.focused, RecordTable):
            return self.focused
        return next((each for each in self.query(RecordTable) if each.display), None)

    def visited_place(self) -> VisitedPlace:
        """Return this screen as a place to jump back to."""
        return VisitedPlace(self.app.current_mode, type(self), self.place_key(), self.open_again())

    def place_key(self) -> str:
        """Return what tells this screen from others of its kind, such as the event it is about."""
        return ""

    def open_again(self) -> "Callable[[], DataScreen[Any]]":
        """Return what opens a screen like this one."""
        return partial(type(self), self.state)

    def scope(self) -> Mapping[str, str]:
        """Return the part of the programme in view as the values a form opens with: year, strand, course and so on."""
        return {}

    def lead_to(self, what: str) -> None:
        """Show what was asked for from elsewhere: a day, a report, a setting, or a text to filter by."""

    def menu_actions(self) -> Sequence[MenuAction]:
        """Return the actions of this screen that have no key; the palette offers them."""
        return ()

    @work(group="write")
    async def do(self, action: MenuAction) -> None:
        """Do the action, or say why it is not allowed."""
        if action.why_not:
            self.say(action.why_not, warning=True)
        else:
            await action.do()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "back" or self._has_way_back()

    def _has_way_back(self) -> bool:
        return self.was_opened or len(self.state.visited) > 1 or self.can_step_back() or bool(self.query("Toast"))

    @property
    def was_opened(self) -> bool:
        """Whether this screen was opened on another one of its mode."""
        return self.app.screen_stack[0] is not self

    def can_step_back(self) -> bool:
        """Return whether escape has something to close within this screen."""
        return any(each.is_open for each in self.query(FilterInput))

    def step_back(self) -> None:
        """Close what `can_step_back` found."""
        for each in self.query(FilterInput):
            each.close()

    def action_back(self) -> None:
        """Dismiss the notices; or step back within the screen; or leave it for where one came from."""
        if self.query("Toast"):
            self.app.clear_notifications()
        elif self.can_step_back():
            self.step_back()
        elif self.was_opened:
            self.dismiss()
        elif len(self.state.visited) > 1:
            self.state.visited.pop()
            self.app.switch_mode(self.state.visited[-1])


async def load_or_tell(screen: DataScreen[Any], read: Callable[[], Answer]) -> Answer | None:
    """Return what `read` gives in a thread, or say its refusal and return None."""
    try:
        return await asyncio.to_thread(read)
    except CscError as problem:
        screen.say(word_for_window(problem), warning=True)
        return None
