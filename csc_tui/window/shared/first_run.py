"""The window that asks what to do where there is no database yet."""

from dataclasses import dataclass
from typing import Any

from textual import work
from textual.binding import Binding

from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import help_pages
from csc_tui.window.terminal.key_queue import QueueingApp
from csc_tui.window.widgets.record_table import Column
from csc_tui.window.widgets.theme import DARK, HEIGHTS, without_colours


@dataclass(frozen=True, slots=True)
class FirstRunChoice:
    key: str
    what: str
    meaning: str


CHOICES = (
    FirstRunChoice("make", "Create a new database", "With the courses, no people yet"),
    FirstRunChoice("demo", "Look around first", "2017/18 with fictional people, not saved"),
    FirstRunChoice("leave", "Close", "Nothing is created"),
)
COLUMNS: tuple[Column[FirstRunChoice], ...] = (
    Column("", lambda choice: [(choice.what, "strong")], 20),
    Column("", lambda choice: choice.meaning, 30, share=1),
)


class FirstRunApp(QueueingApp[str]):
    """Returns the key of the choice."""

    CSS_PATH = "../../styles/window.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, location: str) -> None:
        super().__init__(ansi_color=without_colours())
        self.location = location
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_key_display(self, binding: Binding) -> str:
        return "enter" if binding.key == "enter" else super().get_key_display(binding)

    @work
    async def action_help(self) -> None:
        await help_pages.open_help(self, None)

    @work
    async def on_mount(self) -> None:
        question: Listing[FirstRunChoice] = Listing(
            "Welcome to Creating Strong Communities", COLUMNS, lambda choice: choice.key, CHOICES, choosable=True,
            explanation=f"There is no database at {self.location} yet. What would you like to do?",
        )  # fmt: skip
        chosen: Any = await self.push_screen_wait(question)
        self.exit(chosen.key if chosen else "leave")
