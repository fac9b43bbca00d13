"""The trail of places visited, to jump back and forward in as in a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textual.screen import Screen

MOST = 100


@dataclass(frozen=True, slots=True)
class VisitedPlace:
    """A screen of a mode, told from others of its kind by `key`; `make` opens it again where it was closed."""

    mode: str
    kind: type[Screen[Any]]
    key: str
    make: Callable[[], Screen[Any]] = field(compare=False)


@dataclass(slots=True)
class Trail:
    """The places in the order of the visits; a visit after a jump back forgets the places ahead."""

    places: list[VisitedPlace] = field(default_factory=list)
    here: int = -1

    def visit(self, place: VisitedPlace) -> None:
        """Note that a place is in front."""
        if self.places and self.places[self.here] == place:
            return
        self.places[self.here + 1 :] = [place]
        del self.places[:-MOST]
        self.here = len(self.places) - 1

    def step(self, way: int) -> VisitedPlace | None:
        """Move back (-1) or forward (1) and return the place there, or None at the end of the trail."""
        if not 0 <= self.here + way < len(self.places):
            return None
        self.here += way
        return self.places[self.here]
