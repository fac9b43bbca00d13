"""The help dialog: what the focused thing is, every key that works now, and the way to more pages."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.full_text_line import FullTextLine
from csc_tui.window.widgets.record_table import Column, RecordTable

GLOSSARY, TOUR, MANUAL = "glossary", "tour", "manual"


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One key of the help; `where` groups them: in this list, on this screen, anywhere."""

    key: str
    what: str
    why: str
    where: str
    name: str


HELP_KEYS = (
    KeyHelp("--plain", "Screen reader", "Only lines of text: csc --plain", "Made your own", "plain"),
    KeyHelp("theme", "Colours", "Settings file: , shows where", "Made your own", "theme"),
    KeyHelp("[keys]", "Keys of your own", "Settings file: , shows where", "Made your own", "keys"),
)
"""The keys that are set outside the window."""

COLUMNS: tuple[Column[KeyHelp], ...] = (
    Column("Key", lambda line: [(line.key, "accent")], 9),
    Column("What", lambda line: [(line.what, "strong")], 14),
    Column("Meaning", lambda line: line.why, 24, share=3),
    Column("Name for remapping", lambda line: [(line.name, "muted")], 20, from_width=92),
)


class Help(Dialog[str]):
    """Shows the keys. Returns the page to read next: the glossary, the tour or the manual."""

    AUTO_FOCUS = "RecordTable"
    HELP = "Every key that works where you were; g is the glossary, m the manual of the commands, t the tour."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "read('glossary')", "Glossary", id="help.glossary", tooltip="The words of the program"),
        Binding("m", "read('manual')", "Manual", id="help.manual", tooltip="The commands behind csc, one by one"),
        Binding("t", "read('tour')", "Tour", id="help.tour", tooltip="Five minutes for a first day, on made-up people"),
    ]

    def __init__(self, title: str, explanation: str, keys: list[KeyHelp]) -> None:
        super().__init__(title)
        self._explanation = explanation
        self._keys = keys
        self._list: RecordTable[KeyHelp] = RecordTable(
            COLUMNS, lambda line: f"{line.key} {line.name}", group=lambda line: line.where, choosable=False,
            id="listing",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield self._list
        yield FullTextLine(self._list)

    def on_mount(self) -> None:
        self._list.show(self._keys)

    def action_read(self, what: str) -> None:
        self.dismiss(what)


def help_of_screen(screen: Screen[object]) -> Help:
    """Return the help dialog for whatever has the focus on the screen."""
    focused = screen.focused
    said = [getattr(each, "explained", "") or getattr(each, "HELP", "") for each in (screen, focused) if each]
    return Help("Help", " ".join(dict.fromkeys(text for text in said if text)), [*keys_in_effect(screen), *HELP_KEYS])


def keys_in_effect(screen: Screen[object]) -> list[KeyHelp]:
    """Return the keys in effect that have a tooltip, those of the screen before those of a list."""
    lines: dict[str, KeyHelp] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip:
            continue
        where = "Anywhere" if active.node is screen.app else "On this screen" if active.node is screen else "Here"
        display = screen.app.get_key_display(binding)
        name = binding.id or ""
        known = lines.get(name)
        if known is None or len(display) < len(known.key):
            lines[name] = KeyHelp(display, binding.description, binding.tooltip, where, name)
    order = ("On this screen", "Here", "Anywhere")
    return sorted(lines.values(), key=lambda line: order.index(line.where))
