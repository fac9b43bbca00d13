"""What every screen has: the lines at top and bottom, reading without holding up the keys, noticing changes."""

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
from csc_tui.window.widgets import glyphs
from csc_tui.window.widgets.cursor import place_cursor
from csc_tui.window.widgets.key_line import KeyLine
from csc_tui.window.widgets.masthead import Masthead
from csc_tui.window.widgets.record_table import RecordTable
from db.errors import CscError
from db.records.startup import Role

Found = TypeVar("Found")


class Mode(NamedTuple):
    """A screen one can always go to: `name` is that of Textual's mode, `module` is in this folder."""

    key: str
    title: str
    name: str
    meaning: str
    module: str
    screen: str


MODES = (
    Mode("1", "Today", "today", "Sessions of today and to come", "today.today", "TodayScreen"),
    Mode("2", "Calendar", "calendar", "The year and its months", "calendar.calendar", "CalendarScreen"),
    Mode("3", "Events", "events", "Every event of a year", "calendar.events", "EventsScreen"),
    Mode("4", "People", "people", "Find people", "people.people", "PeopleScreen"),
    Mode("5", "Courses", "courses", "Strands, courses, modules and resources", "catalogue.catalogue",
         "CatalogueScreen"),
    Mode("6", "Groups", "groups", "Practice Leads and action learning sets", "groups.groups", "GroupsScreen"),
    Mode("7", "Evaluation", "evaluation", "What people thought, and forms to type in", "evaluation.results",
         "EvaluationScreen"),
    Mode("8", "Outbox", "outbox", "Messages and invitations that are due", "mail.outbox", "OutboxScreen"),
    Mode("9", "Reports", "reports", "The figures of a year, with bars, for any strand, course or team",
         "reports.reports", "ReportsScreen"),
    Mode("0", "History", "history", "Who did what, when and why", "history.history", "HistoryScreen"),
    Mode("comma", "Settings", "settings", "Policy, roles, and the care of the database", "admin.settings",
         "SettingsScreen"),
)  # fmt: skip


@dataclass(slots=True)
class WindowState:
    """What all screens of a window share; `changed` is published when anybody committed something, `ctx` goes with
    the policy and the roles as they are decided."""

    ctx: Context
    changed: Signal[None]
    typed: dict[str, str] = field(default_factory=dict)
    """What was typed before and is offered again, such as the folder to write to."""


class OpenEvent(Message):
    """Somebody wants to see the event."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class OpenEventEvaluation(Message):
    """Somebody wants to see what people thought of the event."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class OpenPerson(Message):
    """Somebody wants to see the person; `person` is their key."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self.person = person


class OpenRegister(Message):
    """Somebody wants to take the register; `session` is its number, 0 for the one it is most likely time for."""

    def __init__(self, reference: str, session: int) -> None:
        super().__init__()
        self.reference = reference
        self.session = session


@dataclass(frozen=True, slots=True)
class MenuAction:
    """Something to be done from a menu or the palette; `why_not` is the sentence where it is not allowed."""

    key: str
    title: str
    meaning: str
    why_not: str
    do: Callable[[], Awaitable[None]]


async def run_and_tell_refusal(work: Any, say: Callable[[str], None]) -> Any:
    """Do the work of a worker; what stands in its way is said."""
    try:
        return await (work() if callable(work) else work)
    except CscError as problem:
        say(str(problem))


class DataScreen(Screen[None], Generic[Found]):
    """A screen of stored things. `reader` says what to read, in a thread; `show` puts it on the screen.

    It reads again when anybody committed something, at once if it is on top, else when it comes back on top.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="screen.back", tooltip="Back to where you came from"),
    ]
    AUTO_FOCUS = "RecordTable"
    PLACE = ""
    """The mode this screen belongs to, where it is one of MODES."""
    HELP = ""
    NEEDS: ClassVar[Mapping[str, Role]] = {}
    """Actions that take a role, and which; for anybody else their keys are dim, and say why."""

    def __init__(self, state: WindowState) -> None:
        super().__init__()
        self.state = state
        self.stale = False
        self._trouble = ""
        self._dim: list[str] = []
        # Known from the start, lest the first picture is laid out and drawn twice; Textual follows every change.
        for length, steps in (
            (self.app.size.width, self.HORIZONTAL_BREAKPOINTS),
            (self.app.size.height, self.app.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(*[name for least, name in steps or () if length >= least][-1:])

    @property
    def ctx(self) -> Context:
        return self.state.ctx

    def reader(self) -> Callable[[], Found]:
        """What to read, with everything it needs from the screen taken along: it runs in a thread."""
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
        """Who acts, and as what where that forbids something."""
        ctx = self.ctx
        return ctx.actor if ctx.role > Role.BOOKER else f"{ctx.actor} ({ctx.role.word})"

    def on_mount(self) -> None:
        self.state.changed.subscribe(self, self._somebody_changed_something)
        self.screen_layout_refresh_signal.subscribe(self, self._lead_again)
        self.read_now()  # the first paint has everything in it

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.call_after_refresh(place_cursor, event.widget)

    def _lead_again(self, _: Screen[object]) -> None:
        """What has the focus may stand on another line now."""
        if self.focused is not None:
            self.call_after_refresh(place_cursor, self.focused)

    def on_screen_resume(self) -> None:
        self.query_one(Masthead).today = self.ctx.today()
        if self.stale:
            self.reload()

    def _somebody_changed_something(self, _: None) -> None:
        self.query_one(Masthead).who = self._who()
        if self.is_current:
            self.reload()
        else:
            self.stale = True

    @work(exclusive=True, group="read")
    async def reload(self) -> None:
        """Read again and show it; what is shown stays when that fails, with the sentence below it."""
        self.stale = False
        try:
            found = await asyncio.to_thread(self.reader())
        except CscError as problem:
            self.stale = True
            self.show_trouble(str(problem))
        else:
            self.show_trouble("")
            self.show(found)

    def read_now(self) -> None:
        """The same at once, for reads of a millisecond: one key is one paint."""
        self.workers.cancel_group(self, "read")
        try:
            found = self.reader()()
        except CscError as problem:
            self.show_trouble(str(problem))
        else:
            self.show_trouble("")
            self.show(found)

    def run_worker(self, work: Any, *given: Any, **named: Any) -> Worker[Any]:
        """What an action asks of the database may fail at any moment: that is said, and never closes the window."""
        return super().run_worker(partial(run_and_tell_refusal, work, partial(self.say, warning=True)), *given, **named)

    def show_trouble(self, sentence: str) -> None:
        """Keep a sentence in sight until the next read succeeds."""
        if sentence != self._trouble:
            self._trouble = sentence
            line = self.query_one("#trouble", Static)
            line.update(clean_text(sentence))
            line.display = bool(sentence)

    def say(self, sentence: str, *, warning: bool = False) -> None:
        """Say what was done: for a few seconds, or in the plain mode in a line that stays until the next."""
        if glyphs.read_aloud.get():
            line = self.query_one("#note", Static)
            line.update(clean_text(f"{'Warning' if warning else 'Note'}: {sentence}"))
            line.display = True
            return
        self.notify(clean_text(sentence), severity="warning" if warning else "information", timeout=6, markup=False)

    def why_not(self, action: str) -> str:
        """Why an action is not allowed at the moment, as a sentence: its key is dim, and pressing it says so."""
        needed = self.NEEDS.get(action, Role.VIEWER)
        return str(NotAllowed(self.ctx.actor, self.ctx.role, needed)) if self.ctx.role < needed else ""

    def refused(self, action: str) -> bool:
        """Whether the action is not allowed at the moment; then it was said."""
        sentence = self.why_not(action)
        if sentence:
            self.say(sentence, warning=True)
        return bool(sentence)

    def dim_keys(self) -> None:
        """Draw the keys again if others are allowed than before; to be called when the cursor or the rows moved."""
        dim = [self.why_not(action) for action in self.NEEDS]
        if dim != self._dim:
            self._dim = dim
            self.refresh_bindings()

    def every_row(self, table: RecordTable[Any]) -> Callable[[], Sequence[Any]] | None:
        """What reads all rows of a list that shows only the first of them; None where it shows all."""
        return None

    def scope(self) -> Mapping[str, str]:
        """The part of the programme that is shown, as a form on a part of it begins: year, strand, course and so on."""
        return {}

    def menu_actions(self) -> Sequence[MenuAction]:
        """What else can be done here, without a key of its own on the screen; offered by the palette."""
        return ()

    @work(group="write")
    async def do(self, action: MenuAction) -> None:
        """Do it, or say why not."""
        if action.why_not:
            self.say(action.why_not, warning=True)
        else:
            await action.do()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "back" or self._has_way_back()

    def _has_way_back(self) -> bool:
        return self.app.screen_stack[0] is not self

    def action_back(self) -> None:
        self.dismiss()
