"""A few thousand named things held in memory and found by the words of their names, misspelt ones too."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from db.engine import search as engine_search
from db.engine import spelling

Thing = TypeVar("Thing")
WHOLE, BEGUN = 0, 1
"""The cost of a piece that is a word, and of one that only begins it; a slip costs two more."""
_NEAR_WORDS = 6
"""The most words that a misspelt piece is taken for."""


class WordIndex(Generic[Thing]):
    """Finds things by the beginnings of their words; `entries` are things with the texts they are found by.

    Codes are found however they are written: `br3`, `br 3`, `intro-03`.
    """

    def __init__(self, entries: Iterable[tuple[Thing, Sequence[str]]]) -> None:
        self._things: list[Thing] = []
        places: dict[str, list[int]] = {}
        for place, (thing, texts) in enumerate(entries):
            self._things.append(thing)
            for word in dict.fromkeys([*engine_search.searchable_words(texts), *_code_words(texts)]):
                places.setdefault(word, []).append(place)
        self._places = places
        self._words = sorted(places)

    def find(self, text: str) -> list[Thing]:
        """Return the things for which every piece is or begins some word: those with the whole words first."""
        return self._ranked([self._exact(piece) for piece in engine_search.split_fragments(text)])

    def find_near(self, text: str) -> list[Thing]:
        """Return the things for which every piece is near some word, the nearest first; asked where find() has none."""
        pieces = engine_search.split_fragments(text)
        if found := self._ranked([self._exact(piece) or self._near(piece) for piece in pieces]):
            return found
        return self._ranked([{**self._near(piece), **self._exact(piece)} for piece in pieces])

    def _exact(self, piece: str) -> Mapping[int, int]:
        """Return the places of the things that have the piece in their words, with its cost."""
        costs: dict[int, int] = {}
        for begun in dict.fromkeys((piece, spelling.squeeze_name(piece))):
            at = bisect_left(self._words, begun)
            while at < len(self._words) and self._words[at].startswith(begun):
                cost = WHOLE if self._words[at] == begun else BEGUN
                for place in self._places[self._words[at]]:
                    costs[place] = min(cost, costs.get(place, cost))
                at += 1
        return costs

    def _near(self, piece: str) -> Mapping[int, int]:
        costs: dict[int, int] = {}
        for word, distance in spelling.nearest_words(piece, self._words, _NEAR_WORDS):
            for place, exact in self._exact(word.rstrip()).items():
                if not (word.endswith(" ") and exact):  # a whole word does not stand for others it begins
                    costs[place] = min(distance, costs.get(place, distance))
        return costs

    def _ranked(self, choices: Sequence[Mapping[int, int]]) -> list[Thing]:
        if not choices:
            return []
        rarest = min(choices, key=len)
        costs = {
            place: sum(costs[place] for costs in choices)
            for place in rarest
            if all(place in costs for costs in choices)
        }
        return [self._things[place] for place in sorted(costs, key=lambda place: (costs[place], place))]


def _code_words(texts: Iterable[str]) -> Iterable[str]:
    """Return the words of codes without signs and leading zeros: `sosintro3`, `intro3` and `3` of SOS-INTRO-03."""
    for text in texts:
        for token in text.split():
            if any(letter.isdigit() for letter in token):
                parts = spelling.split_name(token)
                yield from ("".join(parts[first:]) for first in range(len(parts)))
