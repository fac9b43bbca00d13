"""The window: its modes, the keys that work everywhere, and the watch for what other people change."""

import asyncio
import contextlib
import gc
import importlib
import io
import os
import select
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.dom import DOMNode
from textual.geometry import Size
from textual.notifications import SeverityLevel
from textual.reactive import Reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import AwaitMount
from textual.worker import Worker

from csc_tui.base import bootstrap, change_watch, config
from csc_tui.base.context import Context
from csc_tui.base.text import clean_text
from csc_tui.window.shared import keymap, list_memory, repeating
from csc_tui.window.shared.data_screen import (
    MODES,
    DataScreen,
    Mode,
    OpenEvent,
    OpenEventEvaluation,
    OpenPerson,
    OpenRegister,
    WindowState,
    run_and_tell_refusal,
)
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.shared.repeating import RepeatableAction
from csc_tui.window.terminal.cells import Cells
from csc_tui.window.terminal.key_queue import QueueingApp
from csc_tui.window.terminal.stylesheet import CachedStylesheet
from csc_tui.window.widgets import glyphs
from csc_tui.window.widgets.masthead import Masthead
from csc_tui.window.widgets.record_table import RecordTable
from csc_tui.window.widgets.theme import DARK, HEIGHTS, MONOCHROME, THEMES, without_colours
from db.errors import CscError, DatabaseTrouble, MissingDatabase, WrongUse

if TYPE_CHECKING:  # imported at run time only where they are asked for
    from csc_tui.window.shared.help_pages import Manual
    from csc_tui.window.tour.tour import Tour

POLL_SECONDS = 1.0
SELDOM = (10_000, 20, 20)
"""How many new objects, and how many rounds of each generation, Python waits for before it looks for rubbish."""
TERMINATED = 128 + signal.SIGTERM


def _commands() -> type[Provider]:
    from csc_tui.window.palette import CommandProvider

    return CommandProvider


def _finder() -> type[Provider]:
    from csc_tui.window.palette import FinderProvider

    return FinderProvider


class CscApp(QueueingApp[str]):
    """The window on one database; `plain` is its mode for screen readers, with lines of text and a cursor to follow."""

    TITLE = "Creating Strong Communities"
    CSS_PATH = "../styles/window.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_MODE = MODES[0].name
    COMMANDS = {_commands, _finder}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(each.key, f"go('{each.name}')", each.title, show=False, id=f"app.{each.name}", tooltip=each.meaning)
            for each in MODES
        ),
        Binding("f,ctrl+f", "find", "Find", id="app.find", tooltip="Find a person, event, course, venue or command"),
        Binding(
            "full_stop",
            "repeat",
            "Repeat",
            show=False,
            id="app.repeat",
            tooltip="Repeat the last action on the next row, with the same answers and a preview",
        ),
        Binding(
            "left_square_bracket",
            "jump(-1)",
            "Jump back",
            show=False,
            id="app.back",
            tooltip="Back to the place you visited before",
        ),
        Binding(
            "right_square_bracket",
            "jump(1)",
            "Jump forward",
            show=False,
            id="app.forward",
            tooltip="Forward again, after a jump back",
        ),
        Binding(
            "L", "notices", "Log", show=False, id="app.notices", tooltip="The notices of this window, newest first"
        ),
        Binding("u", "undo", "Undo", id="app.undo", tooltip="Undo your own last change"),
        Binding(
            "question_mark,f1",
            "help",
            "Help",
            id="app.help",
            tooltip="Where you are, and the keys that work here",
        ),
        Binding("ctrl+p", "command_palette", "Commands", id="app.palette", tooltip="Every command, found by typing"),
        Binding("S", "export", "Save list", id="app.export", show=False, tooltip="Save this list to a file"),
        Binding("ctrl+l", "redraw", "Refresh", id="app.redraw", show=False, tooltip="Draw the whole screen again"),
        Binding("f7", "tour('skip')", "Skip", show=False, id="app.tour_skip", tooltip="Skip this step of the tour"),
        Binding(
            "f8",
            "tour('stop')",
            "Leave",
            show=False,
            id="app.tour_leave",
            tooltip="Leave the tour; next time it continues from here",
        ),
        Binding("q,ctrl+q", "quit", "Quit", id="app.quit", show=False, tooltip="Close the window"),
    ]

    theme: Reactive[str] = Reactive("textual-dark", init=False)  # set before anything is drawn, and read only once

    def __init__(
        self, ctx: Context, location: str, *, theme: str = "", plain: bool = False, manual: "Manual | None" = None,
        practice: bool = False, tour: bool = False,
    ) -> None:  # fmt: skip
        """Build the window; with `practice` nothing in it is real, so the tour may run here, and `tour` begins it at
        once.
        """
        super().__init__(ansi_color=without_colours())
        self.cells = Cells()
        self.keys: Mapping[str, str] = {}
        self._seen_size: Size | None = None
        self.plain = plain
        glyphs.read_aloud.set(plain)
        self._manual = manual
        self._practice = practice
        self._begin_tour = tour
        self.location = location
        self.state = WindowState(ctx, Signal(self, "changed"))
        self.animation_level = "none"
        for each in THEMES.values():
            self.register_theme(each)
        self.set_reactive(CscApp.theme, theme or (MONOCHROME if plain else DARK).name)
        self.stylesheet = CachedStylesheet(variables=self.get_css_variables())
        self.set_class(plain, "-plain")
        self.set_class(glyphs.glyphs().arrow.isascii(), "-ascii")
        self._watcher = change_watch.watch_database(ctx)
        self._told_upto = change_watch.get_last_change_number(ctx)
        self._asking = False
        self._trouble = ""
        self._unreported = False
        self._jumping = False
        for mode in MODES[1:]:
            self.add_mode(mode.name, partial(_screen_of, mode, self.state))

    @property
    def ctx(self) -> Context:
        return self.state.ctx

    def on_load(self) -> None:
        # Set up before anything is drawn: when the program is ended from outside, the terminal is left as it was.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, None, TERMINATED)

    def on_resize(self, event: events.Resize) -> None:
        if self._seen_size not in (None, event.size):
            self.cells.forget()
        self._seen_size = event.size

    def action_redraw(self) -> None:
        self.cells.forget()
        self.screen.refresh(layout=True)

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen, which Textual shows at once; a mode's first picture it would draw and throw away."""
        return _screen_of(MODES[0], self.state)

    def on_mount(self) -> None:
        self.add_mode(MODES[0].name, self.get_default_screen)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw(), immediate=True)
        self.screen_change_signal.subscribe(self, self._note_visit, immediate=True)
        self._note_visit(self.screen)
        self.set_interval(POLL_SECONDS, self.poll)
        if self._begin_tour:
            self.tour.start()

    def on_unmount(self) -> None:
        self._watcher.close()

    @work(group="poll")
    async def poll(self) -> None:
        """Check whether anybody committed something, and tell the screens if so."""
        if _terminal_is_gone():
            self.exit(return_code=TERMINATED)
            return
        if self._asking:  # never cancelled by the next poll: nobody would be told of what it has seen
            return
        self._asking = True
        try:
            # A commit made while the database did not answer was noticed by nobody.
            changed = await asyncio.to_thread(self._watcher.changed) or bool(self._trouble)
            if changed:
                self.state.ctx = await asyncio.to_thread(bootstrap.refresh_context, self.ctx)
            news = (
                await asyncio.to_thread(change_watch.report_changes_by_others, self.ctx, self._told_upto)
                if self._should_report_changes(changed)
                else None
            )
        except CscError as problem:
            self._say_trouble(word_for_window(problem))
            return
        finally:
            self._asking = False
        screen = self._on_top()
        if changed or (screen and screen.stale):
            self._trouble = ""
            self.state.changed.publish(None)
        if news:
            self._told_upto = news.upto
            if news.sentence and screen:
                screen.say(news.sentence)

    def _should_report_changes(self, changed: bool) -> bool:
        """Return whether to ask what others did: not while a dialog is open, which would hide it or be hidden."""
        self._unreported = self._unreported or changed
        asking = self._unreported and self._on_top() is not None
        if asking:
            self._unreported = False
        return asking

    def _say_trouble(self, sentence: str) -> None:
        self._trouble = sentence
        if screen := self._on_top():
            screen.show_trouble(sentence)

    def _on_top(self) -> DataScreen[Any] | None:
        """Return the screen in front, or None for a dialog and while the window is being closed."""
        top = self.screen_stack[-1:]
        return top[0] if top and isinstance(top[0], DataScreen) else None

    def action_go(self, mode: str) -> None:
        """Go to one of the modes; its key pressed again closes what was opened on it."""
        if self.current_mode != mode:
            self.switch_mode(mode)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()

    def switch_mode(self, mode: str) -> AwaitMount:
        """Switch to a mode, and note where escape leads back to; Today is where it ends."""
        visited = self.state.visited
        if mode == self.DEFAULT_MODE:
            visited.clear()
        elif mode in visited:
            visited.remove(mode)
        visited.append(mode)
        return super().switch_mode(mode)

    def notify(
        self, message: str, *, title: str = "", severity: SeverityLevel = "information", timeout: float | None = None,
        markup: bool = True,
    ) -> None:  # fmt: skip
        """Show a notice for a few seconds, and keep it in the log."""
        self.state.log.add(self.ctx.now(), message, warning=severity != "information")
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    @work(exclusive=True, group="look")
    async def action_notices(self) -> None:
        from csc_tui.window.shared import notices

        await notices.open_notices(self, self.state.log)

    def _note_visit(self, screen: Screen[Any]) -> None:
        """Note the screen in front for jumps back, but not what a jump passes on its way."""
        if isinstance(screen, DataScreen) and not self._jumping:
            self.state.trail.visit(screen.visited_place())

    def action_jump(self, way: int) -> None:
        """Go to the place visited before this one, or after it."""
        place = self.state.trail.step(way)
        if place is None:
            self._say(
                "There is no earlier place to go back to." if way < 0 else "There is no later place to go forward to.",
                False,
            )
            return
        self._jumping = True
        try:
            self.switch_mode(place.mode)
            stack = self.screen_stack
            below = [isinstance(each, DataScreen) and each.visited_place() == place for each in stack]
            if any(below):
                for _ in below[below.index(True) + 1 :]:
                    self.pop_screen()
            else:
                self.push_screen(place.make())
        finally:
            self._jumping = False

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, and note one on a row as the one to repeat."""
        screen = default_namespace
        if not (isinstance(screen, DataScreen) and isinstance(action, str) and action in screen.REPEATABLE):
            return await super().run_action(action, default_namespace, namespaces)
        self.state.last = RepeatableAction(type(screen), action, screen.row_key(), screen.rows_below())
        with repeating.under_way(self.state.last):
            return await super().run_action(action, default_namespace, namespaces)

    async def action_repeat(self) -> None:
        """Repeat the last action on the next row: the one below, or the one that moved up into its place."""
        last, screen = self.state.last, self._on_top()
        if screen is None:
            return
        if last is None or type(screen) is not last.kind:
            screen.say("There is no action to repeat on this screen.", warning=True)
            return
        if screen.row_key() == last.row and not screen.go_to_row(last.rows_below):
            screen.say("This is the last row.", warning=True)
            return
        again = last.for_row(screen.row_key(), screen.rows_below())
        self.state.last = again
        with repeating.under_way(again):
            await super().run_action(last.action, screen)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Open a dialog and return the answer; a question of an action that is repeated has the answer already."""
        action = repeating.UNDER_WAY.get()
        if action is None:
            return await super().push_screen_wait(screen, mode=mode)
        if (known := action.replay(screen)) is not None:
            return known
        answer = await super().push_screen_wait(screen, mode=mode)
        action.record(screen, answer)
        return answer

    def on_other_encoding(self) -> None:
        self._say(
            "Your terminal does not send UTF-8. Letters such as £ and é are read as Windows-1252. To be safe, set the "
            "terminal's character set to UTF-8.",
            warning=False,
        )

    def on_masthead_went(self, message: Masthead.Went) -> None:
        self.action_go(message.mode)

    def on_open_event(self, message: OpenEvent) -> None:
        from csc_tui.window.calendar.event import EventScreen

        self._open(EventScreen, "reference", message.reference)

    def on_open_event_evaluation(self, message: OpenEventEvaluation) -> None:
        from csc_tui.window.evaluation.results import EventEvaluationScreen

        self.push_screen(EventEvaluationScreen(self.state, message.reference))

    def on_open_person(self, message: OpenPerson) -> None:
        from csc_tui.window.people.person import PersonScreen

        self._open(PersonScreen, "person", message.person)

    def on_open_register(self, message: OpenRegister) -> None:
        from csc_tui.window.attendance.register import RegisterScreen

        for back, screen in enumerate(reversed(self.screen_stack[-2:])):
            if isinstance(screen, RegisterScreen) and screen.reference == message.reference:
                if back:
                    self.pop_screen()
                screen.turn_to(message.session)
                return
        self.push_screen(RegisterScreen(self.state, message.reference, message.session))

    def _open(self, kind: Callable[[WindowState, str], Screen[None]], name: str, key: str) -> None:
        """Open a screen, going back to it where it lies just below, so that two screens that open each other do not
        pile up.
        """
        for back, screen in enumerate(reversed(self.screen_stack[-2:])):
            if isinstance(kind, type) and isinstance(screen, kind) and getattr(screen, name) == key:
                if back:
                    self.pop_screen()
                return
        self.push_screen(kind(self.state, key))

    @work(exclusive=True, group="find")
    async def action_find(self) -> None:
        from csc_tui.window import finder
        from csc_tui.window.palette import screen_commands

        if screen := self._on_top():
            await finder.open_finder(screen, screen_commands(screen))

    @work(exclusive=True, group="find")
    async def action_help(self, what: str = "") -> None:
        from csc_tui.window.dialogs.help import TOUR
        from csc_tui.window.shared import help_pages

        if await help_pages.open_help(self, self._manual, what) == TOUR:
            if self._practice:
                self.tour.start()
            elif await help_pages.ask_about_tour(self):
                self.exit(TOUR)

    @cached_property
    def tour(self) -> "Tour":
        from csc_tui.window.tour.tour import Tour

        return Tour(self, self.ctx)

    def action_tour(self, what: str) -> None:
        if what == "skip":
            self.tour.skip()
        else:
            self.tour.stop()
            self.refresh_bindings()

    def on_record_table_arranged(self, message: RecordTable.Arranged) -> None:
        if sentence := self.state.lists.keep(message.table.screen, message.table):
            self._say(sentence, True)

    @work(exclusive=True, group="find")
    async def on_record_table_columns_asked(self, message: RecordTable.ColumnsAsked) -> None:
        await list_memory.ask_columns_to_show(self, message.table)

    @work(group="write")
    async def action_undo(self) -> None:
        from csc_tui.window.history import undo

        if screen := self._on_top():
            await undo.ask_undo(screen)

    @work(exclusive=True, group="write")
    async def action_export(self) -> None:
        from csc_tui.window.shared import save_list

        await save_list.ask_and_save_list(self, self.ctx, self._say)

    def run_worker(self, work: Any, *given: Any, **named: Any) -> Worker[Any]:
        """Run a worker that says a refusal of the database instead of closing the window."""
        return super().run_worker(
            partial(run_and_tell_refusal, work, partial(self._say, warning=True)), *given, **named
        )

    def _say(self, sentence: str, warning: bool) -> None:
        if screen := self._on_top():
            screen.say(sentence, warning=warning)
        else:
            sentence = f"{sentence} {self.key_queue.drop()}".strip() if warning else sentence
            self.notify(clean_text(sentence), severity="warning" if warning else "information", markup=False)

    def action_command_palette(self) -> None:
        from csc_tui.window.palette import Palette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(placeholder="A command, person, event, course or venue", id="--command-palette"))

    def get_key_display(self, binding: Binding) -> str:
        """Return the name of a key in letters, which every terminal has."""
        return "enter" if binding.key == "enter" else super().get_key_display(binding)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        for word, theme in THEMES.items():
            yield SystemCommand(f"Colours: {word}", "Until you close this window", partial(self._wear, theme.name))
        yield SystemCommand("Keys", "What each key does, screen by screen", partial(self.action_help, "keys"))
        yield SystemCommand("Glossary", "The words this program uses", partial(self.action_help, "glossary"))
        yield SystemCommand("Manual", "The command line, command by command", partial(self.action_help, "manual"))
        yield SystemCommand("Tour", "Five minutes for your first day", partial(self.action_help, "tour"))
        yield SystemCommand("Notices", "What this window has said, newest first", self.action_notices)
        yield SystemCommand("Repeat", "The last action, on the next row", self.action_repeat)
        yield SystemCommand("Jump back", "To the place visited before", partial(self.action_jump, -1))
        yield SystemCommand("Save this list", "To a file, as it is filtered now", self.action_export)
        yield SystemCommand("Quit", "Close the window", self.action_quit)

    def _wear(self, theme: str) -> None:
        self.theme = theme

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Turn off the window's own keys while a dialog is open."""
        asked = self.screen.is_modal and not isinstance(self.screen, CommandPalette)
        if asked and action in ("go", "find", "undo", "jump", "repeat", "notices"):
            return False
        if action == "tour":
            return "tour" in vars(self) and self.tour.running
        return super().check_action(action, parameters)


def _screen_of(mode: Mode, state: WindowState) -> Screen[Any]:
    """Import the module of a mode and return its screen; only the first is imported before it is wanted."""
    screen: Screen[Any] = getattr(importlib.import_module(f"csc_tui.window.{mode.module}"), mode.screen)(state)
    return screen


def _terminal_is_gone() -> bool:
    """Return whether the terminal hung up, after which the thread that reads keys would spin, reading nothing."""
    try:
        if not os.isatty(0):
            return False
        poll = select.poll()
        poll.register(0, select.POLLHUP)
        return any(what & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, what in poll.poll(0))
    except OSError:
        return True


def run_window(
    location: str,
    *,
    actor: str,
    today: str | None,
    plain: bool = False,
    debug: bool = False,
    manual: "Manual | None" = None,
    practice: bool = False,
    tour: bool = False,
) -> int:
    """Open the window on the database, asking first where there is none at the usual place; return the exit code.

    `manual` returns the pages of the commands; `practice` and `tour` are those of CscApp. Raises CscError when the
    window cannot be opened, and WindowFailed when a fault of its own closed it; `debug` prints where the fault was.
    """
    # A lost SSH connection ends the program even where its parent was told to ignore the signal.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    gc.freeze()  # what is imported stays, so that nobody looks through it again while a key is waited for
    gc.set_threshold(*SELDOM)
    gc.enable()
    settings = config.load_settings()
    try:
        ctx = bootstrap.create_context(location, actor=actor, today=today)
        if practice:  # its time belongs to the demonstration
            ctx = replace(ctx, real_clock=None)
    except MissingDatabase:
        if location != config.default_database():
            raise
        return _ask_first_run(location, actor=actor, today=today, plain=plain, debug=debug, manual=manual)
    settings = {**settings, "plain": True} if plain else settings
    window = window_from_settings(ctx, location, settings, manual=manual, practice=practice, tour=tour)
    if _show(window, debug):  # the tour was asked for
        code = _practise(today=None, plain=plain, debug=debug, manual=manual, tour=True)
        return code or run_window(location, actor=actor, today=today, plain=plain, debug=debug, manual=manual)
    return window.return_code or 0


def _practise(*, today: str | None, plain: bool, debug: bool, manual: "Manual | None", tour: bool = False) -> int:
    """Open the window on made-up people, thrown away when it is closed; return the exit code."""
    from csc_tui.core.demo import database

    moment = database.demo_moment(today)
    with database.temporary_demo(today=moment) as place:
        return run_window(
            place, actor=database.ACTOR, today=moment, plain=plain, debug=debug, manual=manual, practice=True,
            tour=tour,
        )  # fmt: skip


def _ask_first_run(
    location: str, *, actor: str, today: str | None, plain: bool, debug: bool, manual: "Manual | None"
) -> int:
    from csc_tui.window.shared.first_run import FirstRunApp

    answer = _show(FirstRunApp(location), debug)
    if answer == "make":
        from csc_tui.core.admin import upkeep

        upkeep.initialise_database(location, actor=actor, today=today)
        return run_window(location, actor=actor, today=today, plain=plain, debug=debug, manual=manual)
    if answer == "demo":
        return _practise(today=today, plain=plain, debug=debug, manual=manual)
    return 0


def window_from_settings(
    ctx: Context, location: str, settings: Mapping[str, object], *, manual: "Manual | None" = None,
    practice: bool = False, tour: bool = False,
) -> CscApp:  # fmt: skip
    """Return the window with the colours and keys of the settings file. Raises WrongUse."""
    where = f"The settings file {config.settings_path()}"
    theme = str(settings.get("theme", ""))
    names = [each.name for each in THEMES.values()]
    if theme in THEMES:
        theme = THEMES[theme].name
    elif theme and theme not in names:
        raise WrongUse(f"{where}: there is no theme '{theme}'. Known: {', '.join(THEMES)}.")
    plain = settings.get("plain") is True
    app = CscApp(ctx, location, theme=theme, plain=plain, manual=manual, practice=practice, tour=tour)
    keys = settings.get("keys")
    if isinstance(keys, dict) and keys:
        app.keys = keymap.checked_keymap(keys, CscApp, where)
        app.set_keymap(dict(app.keys))
    return app


def key_names() -> set[str]:
    """Return the ids of all keys that the settings can change."""
    return keymap.names_of_keys(key_owners())


def key_owners() -> list[type[DOMNode]]:
    """Return every class that can have keys of its own; this imports all screens."""
    return keymap.classes_with_keys(CscApp)


def _show(app: App[Any], debug: bool) -> Any:
    """Run the app and return its result; Textual's report of a fault prints values and is shown only with `debug`."""
    with contextlib.nullcontext() if debug else contextlib.redirect_stderr(io.StringIO()):
        answer = app.run()
    if app.return_code not in (0, TERMINATED):
        raise WindowFailed()
    return answer


class WindowFailed(DatabaseTrouble):
    """Raised when a fault of its own closed the window."""

    def __init__(self) -> None:
        super().__init__(
            "The window had to close because of a fault in the program. Everything that was saved is safe. Open it "
            "again, and report this; csc --debug shows where the fault was."
        )
