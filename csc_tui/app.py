"""The window: its modes, the keys that work everywhere, and the look-out for what other people change."""

import asyncio
import contextlib
import importlib
import io
import os
import pkgutil
import select
import signal
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.screen import Screen
from textual.signal import Signal

from csc_tui import bootstrap, config, screens, widgets
from csc_tui.context import Context
from csc_tui.palette import Commands, Finder, Palette
from csc_tui.screens import finder, helping
from csc_tui.screens.base import MODES, Desk, LiveScreen, Mode, OpenEvent, OpenPerson
from csc_tui.screens.dialogs.help import TOUR
from csc_tui.screens.first_run import FirstRun
from csc_tui.screens.touring import Tour
from csc_tui.services import watching
from csc_tui.widgets.masthead import Masthead
from csc_tui.widgets.theme import DARK, HEIGHTS, LIGHT, without_colours
from db.errors import CscError, DatabaseTrouble, Missing, WrongUse

POLL_SECONDS = 1.0
TERMINATED = 128 + signal.SIGTERM


class CscApp(App[str]):
    """The window on one database."""

    TITLE = "Creating Strong Communities"
    CSS_PATH = "styles/window.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    COMMANDS = {Commands, Finder}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(each.key, f"go('{each.name}')", each.title, show=False, id=f"app.{each.name}", tooltip=each.meaning)
            for each in MODES
        ),
        Binding("f,ctrl+f", "find", "Find", id="app.find", tooltip="Find a person, event, course, venue or command"),
        Binding("u", "undo", "Undo", id="app.undo", tooltip="Take back your own last change"),
        Binding("f1", "help", "Help", id="app.help", tooltip="What this is, and the keys that work here"),
        Binding("ctrl+p", "command_palette", "Commands", id="app.palette", tooltip="Everything that can be done"),
        Binding("f7", "tour('skip')", "Skip", show=False, id="app.tour_skip", tooltip="The next step of the tour"),
        Binding("f8", "tour('stop')", "Leave", show=False, id="app.tour_leave", tooltip="Leave the tour; it is kept"),
        Binding("q,ctrl+q", "quit", "Quit", id="app.quit", show=False, tooltip="Close the window"),
    ]

    def __init__(
        self, ctx: Context, location: str, manual: helping.Manual | None = None, *, practice: bool = False,
        tour: bool = False,
    ) -> None:  # fmt: skip
        """`practice` says that nothing here is real, so that the tour may happen here; `tour` begins it at once."""
        super().__init__(ansi_color=without_colours())
        self.ctx = ctx
        self._manual = manual
        self._practice = practice
        self._begin_tour = tour
        self.tour = Tour(self, ctx)
        self.location = location
        self.desk = Desk(ctx, Signal(self, "changed"))
        self.animation_level = "none"
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self._watcher = watching.watch(ctx)
        self._asking = False
        self._trouble = ""
        for mode in MODES:
            self.add_mode(mode.name, partial(_screen_of, mode, self.desk))

    def on_load(self) -> None:
        # Before anything is drawn: whoever asks the program to end gets the terminal back as it was.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, None, TERMINATED)

    async def on_mount(self) -> None:
        await self.switch_mode("today")
        self.set_interval(POLL_SECONDS, self.poll)
        if self._begin_tour:
            self.tour.start()

    def on_unmount(self) -> None:
        self._watcher.close()

    @work(group="poll")
    async def poll(self) -> None:
        """Look whether anybody committed something; tell the screens if so."""
        if _terminal_is_gone():
            self.exit(return_code=TERMINATED)
            return
        if self._asking:  # never cancelled by the next: what it has seen nobody would be told of
            return
        self._asking = True
        try:
            changed = await asyncio.to_thread(self._watcher.changed)
        except CscError as problem:
            self._say_trouble(str(problem))
            return
        finally:
            self._asking = False
        screen = self._on_top()
        if changed or self._trouble or (screen and screen.stale):
            self._trouble = ""
            self.desk.changed.publish(None)

    def _say_trouble(self, sentence: str) -> None:
        self._trouble = sentence
        if screen := self._on_top():
            screen.show_trouble(sentence)

    def _on_top(self) -> LiveScreen[Any] | None:
        """The screen one sees, unless it is a dialog; None as well while the window is being closed."""
        top = self.screen_stack[-1:]
        return top[0] if top and isinstance(top[0], LiveScreen) else None

    def action_go(self, mode: str) -> None:
        """Go to one of the screens; the same key again closes what was opened on it."""
        if self.current_mode != mode:
            self.switch_mode(mode)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()

    def on_masthead_went(self, message: Masthead.Went) -> None:
        self.action_go(message.mode)

    def on_open_event(self, message: OpenEvent) -> None:
        from csc_tui.screens.event import EventScreen

        self._open(EventScreen, "reference", message.reference)

    def on_open_person(self, message: OpenPerson) -> None:
        from csc_tui.screens.person import PersonScreen

        self._open(PersonScreen, "person", message.person)

    def _open(self, kind: Callable[[Desk, str], Screen[None]], name: str, key: str) -> None:
        """Show a card; going back and forth between two cards does not pile them up."""
        for back, screen in enumerate(reversed(self.screen_stack[-2:])):
            if isinstance(kind, type) and isinstance(screen, kind) and getattr(screen, name) == key:
                if back:
                    self.pop_screen()
                return
        self.push_screen(kind(self.desk, key))

    @work(exclusive=True, group="find")
    async def action_find(self) -> None:
        if screen := self._on_top():
            commands = [finder.command(each.title, each.meaning, each.run) for each in Commands(screen).commands()]
            await finder.look(screen, commands)

    @work(exclusive=True, group="find")
    async def action_help(self) -> None:
        if await helping.explain(self, self._manual) == TOUR:
            if self._practice:
                self.tour.start()
            elif await helping.agree_to_tour(self):
                self.exit(TOUR)

    def action_tour(self, what: str) -> None:
        if what == "skip":
            self.tour.skip()
        else:
            self.tour.stop()
            self.refresh_bindings()

    @work(group="write")
    async def action_undo(self) -> None:
        from csc_tui.screens import taking_back

        if screen := self._on_top():
            await taking_back.undo(screen)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(placeholder="What is to be done, or whom to find", id="--command-palette"))

    def get_key_display(self, binding: Binding) -> str:
        """The name of a key; in letters, which every terminal has."""
        return "enter" if binding.key == "enter" else super().get_key_display(binding)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        yield SystemCommand("Colours", "Choose a theme for this session", self.action_change_theme)
        yield SystemCommand("Quit", "Close the window", self.action_quit)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a dialog is open, what it asks comes first."""
        asked = self.screen.is_modal and not isinstance(self.screen, CommandPalette)
        if asked and action in ("go", "find", "undo"):
            return False
        if action == "tour":
            return self.tour.running
        return super().check_action(action, parameters)


def _screen_of(mode: Mode, desk: Desk) -> Screen[Any]:
    """Only the first is imported before it is wanted."""
    screen: Screen[Any] = getattr(importlib.import_module(f"csc_tui.screens.{mode.module}"), mode.screen)(desk)
    return screen


def _terminal_is_gone() -> bool:
    """Whether the line was cut: the reader of keys would otherwise read nothing forever, as fast as it can."""
    try:
        if not os.isatty(0):
            return False
        poll = select.poll()
        poll.register(0, select.POLLHUP)
        return any(what & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, what in poll.poll(0))
    except OSError:
        return True


def run(
    location: str,
    *,
    actor: str,
    today: str | None,
    debug: bool = False,
    manual: helping.Manual | None = None,
    practice: bool = False,
    tour: bool = False,
) -> int:
    """Open the window on the database, asking first where there is none at the usual place; gives the exit code.
    `manual` gives the pages of the commands; `practice` and `tour` are those of the window.

    Raises CscError when it cannot be opened, and WindowFailed when a fault of ours closed it; with `debug` it is said
    where the fault was.
    """
    # A lost SSH connection ends the program even where its parent was told to ignore that.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    settings = config.load()
    try:
        ctx = bootstrap.start(location, actor=actor, today=today)
    except Missing:
        if location != config.default_database():
            raise
        return _first_run(location, actor=actor, today=today, debug=debug, manual=manual)
    window = _dressed(CscApp(ctx, location, manual, practice=practice, tour=tour), settings)
    if _show(window, debug) == TOUR:
        code = _practise(today=None, debug=debug, manual=manual, tour=True)
        return code or run(location, actor=actor, today=today, debug=debug, manual=manual)
    return window.return_code or 0


def _practise(*, today: str | None, debug: bool, manual: helping.Manual | None, tour: bool = False) -> int:
    """The window on made-up people, thrown away when it is closed."""
    from csc_tui.services import demonstrating

    moment = demonstrating.moment(today)
    with demonstrating.throw_away(today=moment) as place:
        return run(place, actor=demonstrating.ACTOR, today=moment, debug=debug, manual=manual, practice=True, tour=tour)


def _first_run(location: str, *, actor: str, today: str | None, debug: bool, manual: helping.Manual | None) -> int:
    answer = _show(FirstRun(location), debug)
    if answer == "make":
        from csc_tui.services import upkeep

        upkeep.initialise(location, actor=actor, today=today)
        return run(location, actor=actor, today=today, debug=debug, manual=manual)
    if answer == "demo":
        return _practise(today=today, debug=debug, manual=manual)
    return 0


def _dressed(app: CscApp, settings: Mapping[str, object]) -> CscApp:
    """The window with the colours and keys of the settings file. Raises WrongUse."""
    where = f"The settings file {config.settings_path()}"
    theme = str(settings.get("theme", app.theme))
    if theme not in app.available_themes:
        raise WrongUse(f"{where}: there is no theme '{theme}'. Known: {', '.join(sorted(app.available_themes))}.")
    app.theme = theme
    keys = settings.get("keys")
    if isinstance(keys, dict):
        known = binding_names()
        for name, key in keys.items():
            if name not in known:
                raise WrongUse(f"{where}: nothing has a key named '{name}'. F1 shows the names, in a wide window.")
            if not isinstance(key, str):
                raise WrongUse(f"{where}: the key for '{name}' should be text such as \"ctrl+b\", not {key!r}.")
        app.set_keymap(dict(keys))
    return app


def binding_names() -> set[str]:
    """The id of every key that can be given another one."""
    bases = {base for owner in binding_owners() for base in owner.__mro__}
    bindings = [each for base in bases for each in vars(base).get("BINDINGS", ()) if isinstance(each, Binding)]
    return {each.id for each in bindings if each.id}


def binding_owners() -> list[type[DOMNode]]:
    """Whatever has keys of its own; imported only for whoever asks."""
    names = [
        each.name
        for package in (screens, widgets)
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    found = [CscApp, *(each for name in names for each in vars(importlib.import_module(name)).values())]
    return [each for each in found if isinstance(each, type) and issubclass(each, DOMNode)]


def _show(app: App[Any], debug: bool) -> Any:
    """Run it. What Textual would print of a fault of ours, values included, is printed only for `debug`."""
    with contextlib.nullcontext() if debug else contextlib.redirect_stderr(io.StringIO()):
        answer = app.run()
    if app.return_code not in (0, TERMINATED):
        raise WindowFailed()
    return answer


class WindowFailed(DatabaseTrouble):
    """Something was wrong with the window itself."""

    def __init__(self) -> None:
        super().__init__(
            "The window had to close because of a fault of its own. What was saved is saved. Open it again, and "
            "report it; csc --debug shows where the fault was."
        )
