"""The command palette: what can be done here and now, and people and events by name."""

import asyncio
from collections.abc import Iterator
from functools import partial

from textual.app import App
from textual.binding import ActiveBinding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Input

from csc_tui.screens import finder
from csc_tui.screens.base import Deed, LiveScreen, OpenEvent, OpenPerson
from csc_tui.text import clean
from db.errors import CscError


class Palette(CommandPalette):
    """Textual's palette with a cursor that does not blink: a blinking one writes to the line while nothing happens."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False


class Keys(Provider):
    """Whatever a key does here can be done by its name."""

    def _actions(self) -> Iterator[ActiveBinding]:
        seen = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if active.enabled and binding.tooltip and binding.show and binding.action not in seen:
                seen.add(binding.action)
                yield active

    async def discover(self) -> Hits:
        for active in self._actions():
            yield DiscoveryHit(
                Content(self._title(active)), partial(_run, self.app, active), self._title(active), self._help(active)
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for active in self._actions():
            title = self._title(active)
            if (score := matcher.match(title)) > 0:
                yield Hit(score, Content(title), partial(_run, self.app, active), title, self._help(active))

    def _help(self, active: ActiveBinding) -> str:
        """What the key does, or why it is not allowed at the moment."""
        screen: Screen[object] = self.screen
        sentence = screen.why_not(active.binding.action) if isinstance(screen, LiveScreen) else ""
        return clean(sentence or active.binding.tooltip)

    def _title(self, active: ActiveBinding) -> str:
        return f"{active.binding.description} ({self.app.get_key_display(active.binding)})"


async def _run(app: App[object], active: ActiveBinding) -> None:
    await app.run_action(active.binding.action, active.node)


class Deeds(Provider):
    """Whatever else can be done here, which has no key of its own on the screen."""

    async def discover(self) -> Hits:
        for deed, run in self._deeds():
            yield DiscoveryHit(Content(deed.title), run, deed.title, clean(deed.why_not or deed.meaning))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for deed, run in self._deeds():
            if (score := matcher.match(deed.title)) > 0:
                yield Hit(score, Content(deed.title), run, deed.title, clean(deed.why_not or deed.meaning))

    def _deeds(self) -> Iterator[tuple[Deed, IgnoreReturnCallbackType]]:
        screen: Screen[object] = self.screen
        if isinstance(screen, LiveScreen):
            for deed in screen.deeds():
                yield deed, partial(screen.do, deed)


class Finder(Provider):
    """People and events by the parts of their names."""

    async def search(self, query: str) -> Hits:
        screen: Screen[object] = self.screen
        if not isinstance(screen, LiveScreen):
            return
        try:
            found, _ = await asyncio.to_thread(finder.find, screen.ctx, query)
        except CscError as problem:
            yield Hit(0.01, Content(clean(problem)), lambda: None, "")
            return
        for place, each in enumerate(found):
            opening = OpenEvent(each.key) if each.kind == "Events" else OpenPerson(each.key)
            line = Content.assemble(
                (clean(each.name), "bold"), "  " + clean(each.what), (f"  {clean(each.more)}", "$foreground 60%")
            )
            yield Hit(0.9 - place / 1000, line, partial(screen.post_message, opening), clean(each.name))
