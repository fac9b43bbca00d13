"""The top line: where one is, where one can go, the day, and who acts."""

from collections.abc import Sequence
from datetime import date

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from csc_tui.base.text import clean_text, format_date

NAME, SHORT_NAME = " Creating Strong Communities ", " CSC "
LEAST_RIGHT, MOST_RIGHT = 17, 33
"""Columns kept for the day, and for the day and the actor, whose missing rights must be seen."""


Parts = list[tuple[str, str, str]]


def _width(parts: Parts) -> int:
    return sum(len(text) for text, _, _ in parts)


class Masthead(Widget):
    """Draws the top line; `places` are (key, title, mode)."""

    here: reactive[str] = reactive("")
    today: reactive[date | None] = reactive[date | None](None)
    who: reactive[str] = reactive("")

    class Went(Message):
        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, places: Sequence[tuple[str, str, str]], here: str, today: date, who: str) -> None:
        super().__init__()
        self._places = tuple(places)
        self.set_reactive(Masthead.who, who)
        self.set_reactive(Masthead.here, here)
        self.set_reactive(Masthead.today, today)

    def _parts(self) -> Parts:
        """Return (text, style, mode) from the left: as many titles as fit beside the day, and the keys of the other
        places.
        """
        tabs = [self._tab(*place) for place in self._places]
        keys = [[(f" {key}", "bold $accent", mode)] for key, _, mode in self._places]
        most = len(self._right()) + 1 if "(" in self.who else MOST_RIGHT  # a role that forbids something stays in sight
        room = self.size.width - max(LEAST_RIGHT, min(len(self._right()) + 1, most))
        name = NAME if room >= len(NAME) + sum(map(_width, tabs)) else SHORT_NAME
        room -= 1  # a blank between a key alone and the bracket after it
        shown = [
            tab if place[2] == self.here else key for tab, key, place in zip(tabs, keys, self._places, strict=True)
        ]
        room -= len(name) + sum(map(_width, shown))
        for number, tab in enumerate(tabs):
            if shown[number] is tab:
                continue
            room -= _width(tab) - _width(keys[number])
            if room < 0:
                break
            shown[number] = tab
        parts: Parts = [(name, "bold", "")]
        for tab in shown:
            if tab[0][0].startswith("[") and not parts[-1][0].endswith(" "):
                parts.append((" ", "", ""))
            parts += tab
        return parts

    def _right(self) -> str:
        return f"{format_date(self.today)}  {clean_text(self.who)} "

    def _tab(self, key: str, title: str, mode: str) -> Parts:
        # Brackets say where one is on a terminal without colours.
        if mode == self.here:
            return [(f"[{key} {title}]", "bold reverse", mode)]
        return [(f" {key} ", "bold $accent", mode), (f"{title} ", "", mode)]

    def render(self) -> Content:
        left = Content.assemble(*((text, style) for text, style, _ in self._parts()))
        room = self.size.width - left.cell_length
        right = self._right()
        if len(right) > room - 1:
            right = right[: max(room - 2, 0)] + " "
        return left + Content(" " * (room - len(right))) + Content(right)

    def on_click(self, event: events.Click) -> None:
        x = 0
        for text, _, mode in self._parts():
            if x <= event.x < x + len(text):
                if mode:
                    self.post_message(self.Went(mode))
                return
            x += len(text)
