"""The help dialog: what the focused thing is, every key that works now, and the way to more pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from csc_tui.base.text import clean_text
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.widgets.full_text_line import FullTextLine
from csc_tui.window.widgets.key_line import key_label
from csc_tui.window.widgets.record_table import Column, RecordTable

GLOSSARY, TOUR, MANUAL, ALL_KEYS = "glossary", "tour", "manual", "keys"


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One key of the help; `where` groups them: in this list, on this screen, anywhere."""

    key: str
    what: str
    why: str
    where: str
    name: str


READ_MORE = (
    KeyHelp("enter", "All keys", "What each key does, screen by screen", "Read more", ALL_KEYS),
    KeyHelp("enter", "Glossary", "The words this program uses", "Read more", GLOSSARY),
    KeyHelp("enter", "Tour", "Five minutes for your first day, with fictional people", "Read more", TOUR),
    KeyHelp("enter", "Manual", "The command line, command by command", "Read more", MANUAL),
)
"""The pages that enter opens."""
CUSTOMISE = (
    KeyHelp("plain", "Screen reader", "plain = true in the settings file; press , to see where it is", "Customise", ""),
    KeyHelp("theme", "Colours", "The settings file; press , to see where it is", "Customise", ""),
    KeyHelp("[keys]", "Your own keys", "The settings file; press , to see where it is", "Customise", ""),
)
"""The settings that are made outside the window."""

KEY_WIDTH = 9
COLUMNS: tuple[Column[KeyHelp], ...] = (
    Column("Key", lambda line: [(line.key, "accent")], KEY_WIDTH),
    Column("What", lambda line: [(line.what, "strong")], 14),
    Column("Meaning", lambda line: line.why, 24, share=3),
    Column("Name for remapping", lambda line: [(line.name, "muted")], 20, from_width=92),
)


class Help(Dialog[str]):
    """Shows the keys in effect. Returns the page to read next, by its name in READ_MORE."""

    AUTO_FOCUS = "RecordTable"
    LEAVE = "Close"
    HELP = "Every key that works where you were. Enter on a line at the top opens that page."

    def __init__(self, title: str, explanation: str, keys: list[KeyHelp]) -> None:
        super().__init__(title)
        self._explanation = explanation
        self._keys = keys
        self._list: RecordTable[KeyHelp] = RecordTable(
            COLUMNS, lambda line: f"{line.key} {line.what}", group=lambda line: line.where, id="listing",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        if self._explanation:
            yield Static(clean_text(self._explanation), id="explanation", markup=False)
        yield self._list
        yield FullTextLine(self._list)

    def on_mount(self) -> None:
        self._list.show(self._keys)

    def on_record_table_chosen(self) -> None:
        if self._list.pointed in READ_MORE:
            self.dismiss(self._list.pointed.name)
        else:
            self.show_problem("Press this key once the help is closed.")


def help_of_screen(screen: Screen[object]) -> Help:
    """Return the help dialog for whatever has the focus on the screen."""
    focused = screen.focused
    said = [getattr(each, "explained", "") or getattr(each, "HELP", "") for each in (screen, focused) if each]
    return Help(
        "Help",
        " ".join(dict.fromkeys(text for text in said if text)),
        [*READ_MORE, *keys_in_effect(screen), *CUSTOMISE],
    )


def keys_in_effect(screen: Screen[object]) -> list[KeyHelp]:
    """Return the keys in effect that have a tooltip, those of the screen before those of a list."""
    lines: dict[str, KeyHelp] = {}
    keys: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip:
            continue
        where = "Anywhere" if active.node is screen.app else "On this screen" if active.node is screen else "Here"
        name = binding.id or ""
        keys.setdefault(name, []).append(screen.app.get_key_display(binding))
        lines[name] = KeyHelp(_key_names(keys[name]), key_label(active), binding.tooltip, where, name)
    order = ("On this screen", "Here", "Anywhere")
    return sorted(lines.values(), key=lambda line: order.index(line.where))


def _key_names(displays: Sequence[str]) -> str:
    """Return the names of an action's keys, or the shortest of them where they are too long for the column."""
    names = " ".join(dict.fromkeys(displays))
    return names if len(names) <= KEY_WIDTH else min(displays, key=len)
