"""The bottom line or two of a screen: the keys that work there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

ALWAYS = ("escape", "question_mark", "f1", "ctrl+p")
"""Keys that stay in the line however narrow it is."""
IN_TWO_LINES = "undo"
"""The action whose key stays as well where there are two lines."""


@dataclass(frozen=True, slots=True)
class KeyLabel:
    action: str
    key: str
    display: str
    label: str
    enabled: bool

    @property
    def width(self) -> int:
        return len(self.display) + len(self.label) + 3


def key_label(active: ActiveBinding) -> str:
    """Return what a key does now: the name its widget gives the action in `key_labels`, or that of the binding."""
    labels: dict[str, str] = getattr(active.node, "key_labels", {})
    return labels.get(active.binding.action, active.binding.description)


class KeyLine(Widget):
    """Draws all keys in one widget and only when they change; Textual's Footer mounts a widget for each key."""

    def __init__(self, why_not: Callable[[str], str] = lambda action: "") -> None:
        """Build the line; the key of an action for which `why_not` returns a sentence is dim."""
        super().__init__()
        self._why_not = why_not
        self._shown: list[KeyLabel] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._update)
        self._update(self.screen)

    def _update(self, screen: Screen[Any]) -> None:
        entries: dict[str, KeyLabel] = {}
        for active in self._in_order(screen):
            if active.binding.show and not self._typed(screen, active):
                entries.setdefault(active.binding.action, self._entry(active))
        shown = sorted(entries.values(), key=lambda entry: entry.key in ALWAYS)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def _in_order(self, screen: Screen[Any]) -> list[ActiveBinding]:
        """Return the bindings in their declared order; Textual puts a key that the settings changed last."""
        active = list(screen.active_bindings.values())
        if not getattr(self.app, "keys", None):
            return active
        nodes = list(dict.fromkeys(each.node for each in active))
        declared = [
            each.id
            for node in nodes
            for base in reversed(type(node).__mro__)
            for each in vars(base).get("BINDINGS", ())
            if isinstance(each, Binding)
        ]
        places = {name: place for place, name in reversed([*enumerate(declared)])}
        return sorted(active, key=lambda each: (nodes.index(each.node), places.get(each.binding.id, len(places))))

    def _typed(self, screen: Screen[Any], active: ActiveBinding) -> bool:
        """Return whether the focused input takes this key as a sign to type."""
        # Textual drops such bindings itself, except for keys whose name is not Unicode's, such as slash.
        focused, sign = screen.focused, active.binding.key_display or ""
        return focused not in (None, active.node) and len(sign) == 1 and focused.check_consume_key(sign, sign)

    def _entry(self, active: ActiveBinding) -> KeyLabel:
        binding = active.binding
        enabled = active.enabled and not self._why_not(binding.action)
        return KeyLabel(binding.action, binding.key, self.app.get_key_display(binding), key_label(active), enabled)

    def _fitting(self) -> list[list[KeyLabel]]:
        """Return the labels that fit, line by line; the way back, the help and the palette always stay."""
        lines, width = max(int(self.size.height), 1), int(self.size.width)
        kept = [each for each in self._shown if each.key in ALWAYS or (lines > 1 and each.action == IN_TWO_LINES)]
        fitting: list[list[KeyLabel]] = [[]]

        def fits(more: list[KeyLabel]) -> bool:
            return 1 + sum([each.width for each in fitting[-1] + more]) <= width

        for entry in self._shown:
            if entry in kept:
                continue
            if len(fitting) < lines and not fits([entry]):
                fitting.append([])
            if not fits([entry, *kept] if len(fitting) == lines else [entry]):
                break
            fitting[-1].append(entry)
        if len(fitting) < lines and not fits(kept):
            fitting.append([])
        fitting[-1] += kept
        return fitting

    def render(self) -> Content:
        return Content("\n").join(self._line(entries) for entries in self._fitting())

    def _line(self, entries: list[KeyLabel]) -> Content:
        line = Content(" ")
        for entry in entries:
            key_style, style = ("bold $accent", "") if entry.enabled else ("dim", "dim")
            line += Content.assemble((entry.display, key_style), (f" {entry.label}  ", style))
        return line

    def on_click(self, event: events.Click) -> None:
        x = 1
        for entry in next(iter(self._fitting()[event.y :]), []):
            x += entry.width
            if event.x < x:
                self.app.simulate_key(entry.key)
                return
