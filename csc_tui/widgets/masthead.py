"""The top line: where one is, where one can go, the day, and who acts."""

from collections.abc import Sequence
from datetime import date

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from csc_tui.text import clean, show_date


class Masthead(Widget):
    """`places` are (key, title, mode)."""

    here: reactive[str] = reactive("")
    today: reactive[date | None] = reactive[date | None](None)

    class Went(Message):
        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, places: Sequence[tuple[str, str, str]], here: str, today: date, who: str) -> None:
        super().__init__()
        self._places = tuple(places)
        self._who = clean(who)
        self.set_reactive(Masthead.here, here)
        self.set_reactive(Masthead.today, today)

    def _parts(self) -> list[tuple[str, str, str]]:
        """(text, style, mode) from the left."""
        name = " Creating Strong Communities " if self.size.width >= 110 else " CSC "
        parts = [(name, "bold", "")]
        for key, title, mode in self._places:
            # Brackets say where one is on a terminal without colours.
            parts += [(f"[{key} {title}]", "bold reverse", mode)] if mode == self.here else [
                (f" {key} ", "bold $accent", mode), (f"{title} ", "", mode)]  # fmt: skip
        return parts

    def render(self) -> Content:
        left = Content.assemble(*((text, style) for text, style, _ in self._parts()))
        room = self.size.width - left.cell_length
        right = f"{show_date(self.today)}  {self._who} "
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
