"""The command palette: what can be done here and now, and people and events by name."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Input

from csc_tui.base.command_words import EXPLAINED, CommandWords, telling_pieces
from csc_tui.base.text import clean_text
from csc_tui.window import commands as window_commands
from csc_tui.window import finder
from csc_tui.window.finder_search import COMMAND, FinderHit, FinderSearch, ScreenCommand
from csc_tui.window.shared.data_screen import DataScreen, MenuAction
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.terminal.key_queue import AnsweredOnce
from db.errors import CscError


class Palette(CommandPalette, AnsweredOnce[None]):
    """Textual's palette with a steady cursor; a blinking one would write to the terminal while nothing happens."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False


NAMED = 0.95
"""The score of a command that is named by what was typed; other commands rank below people and events."""


def _as_it_is(text: str) -> Any:
    """Return the text as Content, because Textual reads a plain string there as markup."""
    return Content(text)


@dataclass(frozen=True, slots=True)
class PaletteCommand:
    """A command that can be done here and now; `key` is the id of its key, or empty."""

    title: str
    meaning: str
    run: IgnoreReturnCallbackType
    key: str = ""


class CommandProvider(Provider):
    """Offers everything that can be done here and now: by a key, from a menu, or anywhere."""

    async def discover(self) -> Hits:
        for each in self.commands():
            yield DiscoveryHit(Content(each.title), each.run, each.title, _as_it_is(each.meaning))

    async def search(self, query: str) -> Hits:
        """Yield the commands that fit by their own words or other words for them, else those that look alike."""
        pieces = telling_pieces(query)
        matcher = self.matcher(query)
        for each in self.commands():
            words = CommandWords(each.title, each.meaning)
            cost = words.cost(pieces)
            if cost is not None and cost < EXPLAINED:
                score = NAMED - cost / 1000
            else:
                score = min(matcher.match(each.title), 1) / 2
            if score > 0:
                yield Hit(score, Content(each.title), each.run, each.title, _as_it_is(each.meaning))

    def commands(self) -> Iterator[PaletteCommand]:
        yield from self._keys()
        screen: Screen[object] = self.screen
        if isinstance(screen, DataScreen):
            for action in (*screen.menu_actions(), *window_commands.palette_actions(screen)):
                yield PaletteCommand(
                    action.title, clean_text(action.why_not or action.meaning), partial(screen.do, action)
                )
        for each in self.app.get_system_commands(screen):
            yield PaletteCommand(each.title, each.help, each.callback)

    def _keys(self) -> Iterator[PaletteCommand]:
        seen = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            named = binding.show or binding.action.startswith("go(")  # the places stand in the top line, not below
            if active.enabled and binding.tooltip and named and binding.action not in seen:
                seen.add(binding.action)
                title = f"{binding.description} ({self.app.get_key_display(binding)})"
                yield PaletteCommand(title, self._meaning(binding), partial(_run, self.app, active), binding.id or "")

    def _meaning(self, binding: Binding) -> str:
        """Return what the key does, or why it is not allowed at the moment."""
        screen: Screen[object] = self.screen
        sentence = screen.why_not(binding.action) if isinstance(screen, DataScreen) else ""
        return clean_text(sentence or binding.tooltip)


async def _run(app: App[object], active: ActiveBinding) -> None:
    await app.run_action(active.binding.action, active.node)


def _follow(screen: DataScreen[Any], hit: FinderHit) -> None:
    async def follow() -> None:
        await finder.open_hit(screen, hit)

    screen.do(MenuAction("", hit.name, hit.what, "", follow))


def screen_commands(screen: DataScreen[Any]) -> list[ScreenCommand]:
    """Return what can be done here and now, for the finder."""
    return [ScreenCommand(each.key, each.title, each.meaning, each.run) for each in CommandProvider(screen).commands()]


class FinderProvider(Provider):
    """Offers people, events, courses and venues by the parts of their names."""

    _found_by: FinderSearch | None = None

    def _finding(self, screen: DataScreen[Any]) -> FinderSearch:
        if self._found_by is None:
            self._found_by = FinderSearch(screen, screen_commands(screen))
        return self._found_by

    async def search(self, query: str) -> Hits:
        screen: Screen[object] = self.screen
        if not isinstance(screen, DataScreen):
            return
        try:
            found, _ = await asyncio.to_thread(self._finding(screen).find, query)
        except CscError as problem:
            yield Hit(0.01, Content(clean_text(word_for_window(problem))), lambda: None, "")
            return
        here = {each.title for each in screen_commands(screen)}
        for place, each in enumerate(found):
            if each.kind == COMMAND and each.name in here:  # the other provider has them
                continue
            line = Content.assemble(
                (clean_text(each.name), "bold"),
                "  " + clean_text(each.what),
                (f"  {clean_text(each.more)}", "$foreground 60%"),
            )
            yield Hit(0.9 - place / 1000, line, partial(_follow, screen, each), clean_text(each.name))
