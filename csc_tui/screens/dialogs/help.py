"""What the focused thing is, and every key that works at the moment."""

from dataclasses import dataclass

from textual.screen import Screen

from csc_tui.screens.dialogs.listing import Listing
from csc_tui.widgets.record_table import Column


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """`where` groups the keys: in this list, on this screen, anywhere."""

    key: str
    what: str
    why: str
    where: str
    name: str


COLUMNS: tuple[Column[KeyHelp], ...] = (
    Column("Key", lambda line: [(line.key, "accent")], 10),
    Column("What", lambda line: [(line.what, "strong")], 14, share=1),
    Column("Meaning", lambda line: line.why, 24, share=3),
    Column("Name for remapping", lambda line: [(line.name, "muted")], 20, from_width=92),
)


def help_for(screen: Screen[object]) -> Listing[KeyHelp]:
    """The help of whatever has the focus on the screen."""
    focused = screen.focused
    said = [getattr(each, "HELP", "") for each in (screen, focused) if each is not None]
    return Listing(
        "Help",
        COLUMNS,
        lambda line: f"{line.key} {line.name}",
        keys_of(screen),
        group=lambda line: line.where,
        explanation=" ".join(dict.fromkeys(text for text in said if text)),
    )


def keys_of(screen: Screen[object]) -> list[KeyHelp]:
    """The keys in effect that have a meaning to explain, those of the focused thing first."""
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
    order = ("Here", "On this screen", "Anywhere")
    return sorted(lines.values(), key=lambda line: order.index(line.where))
