"""Finds people although what was typed is misspelt; asked only where the exact look-up found nobody.

Only words near the typed ones are read from the word index, so it takes as long at a million people as at a thousand.
"""

from __future__ import annotations

from db import fragments, lookups
from db.engine import search as engine_search
from db.engine import spelling

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Sequence
    from typing import Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COMPARED = 4
"""The letters of a word's beginning that must be within one slip of the typed ones."""
_WORDS_READ = 4000
"""The most words of the index that are compared with one typed piece."""
_ALTERNATIVES = 8
"""The most words that a typed piece is taken for."""
_FARTHEST, _FARTHEST_JOINED = 12, 3
"""The greatest distance of people, and of those for whom two typed pieces were written as one."""


def find_near_people(connection: Any, text: str, limit: int) -> list[int]:
    """Return the ids of the people whose words are nearest to the typed pieces, the nearest first.

    Pieces that begin a word are first taken for right, and two pieces written as one are tried last: `mac donald` may
    be Macdonald.
    """
    pieces = engine_search.split_fragments(text)
    near = {piece: _alternatives(connection, piece) for piece in pieces}
    exact = {piece: {piece: 0} for piece in pieces if piece in near[piece]}
    if not all(near.values()):
        choices = []
    else:
        choices = [[exact.get(piece, near[piece]) for piece in pieces], [near[piece] for piece in pieces]]
    for alternatives in choices:
        if found := _ranked(connection, alternatives, _FARTHEST, limit):
            return found
    for place in range(len(pieces) - 1):
        apart = [*pieces[:place], *pieces[place + 2 :]]
        whole = _alternatives(connection, pieces[place] + pieces[place + 1])
        if whole and all(piece in exact for piece in apart):
            alternatives = [whole, *(exact[piece] for piece in apart)]
            if found := _ranked(connection, alternatives, _FARTHEST_JOINED, limit):
                return found
    return []


def find_near_people_rows(connection: Any, text: str, today: str, limit: int) -> list[lookups.Row]:
    """Return the rows of lookups.FOUND_COLUMNS for find_near_people()."""
    return lookups.fetch_people_rows(connection, find_near_people(connection, text, limit), today)


def suggest_people(connection: Any, text: str) -> list[str]:
    """Return up to three people who may be meant, each as `Joanne Smith (joanne.smith@example.org)`."""
    ids = find_near_people(connection, text, spelling.SUGGESTED)
    if not ids:
        return []
    sql = f"SELECT p.id, {fragments.PERSON_NAME}, p.email FROM person p WHERE p.id IN ({','.join(map(str, ids))})"
    rows = lookups.ask_driver(connection, sql, ())
    labels = {person_id: f"{name} ({email})" for person_id, name, email in rows}
    return [labels[person_id] for person_id in ids]


def _alternatives(connection: Any, piece: str) -> dict[str, int]:
    """Return the words that a typed piece may be, or begin, with their distance; the piece itself where it does."""
    near = dict(spelling.nearest_words(piece, _words_near(connection, piece), _ALTERNATIVES))
    if _begins_a_word(connection, piece):
        near[piece] = 0
    return near


def _ranked(connection: Any, choices: Sequence[dict[str, int]], farthest: int, limit: int) -> list[int]:
    """Return the ids of the people who have a word of each of the choices, nearest first."""
    if not choices:
        return []
    pivot = max(choices, key=lambda near: min(map(len, near)))
    others = [near for near in choices if near is not pivot]
    also = "".join(f" AND ({' OR '.join(['p.search LIKE ?'] * len(near))})" for near in others)
    sql = (
        "SELECT w.person_id, w.sort, p.search FROM person_word w JOIN person p ON p.id = w.person_id"
        f" WHERE w.word >= ? AND w.word < ?{also} LIMIT {limit:d}"
    )
    found: dict[int, tuple[int, str]] = {}
    for word in sorted(pivot, key=pivot.__getitem__):
        parameters = (*_bounds(word), *(f"% {each}%" for near in others for each in near))
        for person_id, sort, search in lookups.ask_driver(connection, sql, parameters):
            found[person_id] = (_distance(choices, search), sort)
        if len(found) >= limit:
            break
    best = min(found.values(), default=(0, ""))[0]
    near_enough = [each for each in found if found[each][0] <= min(best + 2, farthest)]
    return sorted(near_enough, key=lambda each: (found[each], each))[:limit]


def _bounds(word: str) -> tuple[str, str]:
    """Return the first word of the index to take for an alternative, and the first one beyond."""
    whole = word.rstrip()
    return whole, f"{whole} " if word != whole else engine_search.end_of_prefix(whole)


def _distance(choices: Sequence[dict[str, int]], search: str) -> int:
    """Return how far a person's words are from the typed pieces: of each piece, the nearest that fits."""
    return sum(min((cost for word, cost in near.items() if f" {word}" in search), default=99) for near in choices)


def _begins_a_word(connection: Any, piece: str) -> bool:
    sql = "SELECT 1 FROM person_word WHERE word >= ? AND word < ? LIMIT 1"
    return bool(list(lookups.ask_driver(connection, sql, (piece, engine_search.end_of_prefix(piece)))))


def _words_near(connection: Any, piece: str) -> list[str]:
    """Return the words of the index whose beginning is within one slip of the piece's."""
    if not spelling.tolerated_slips(piece):
        return []
    beginnings = sorted(_beginnings(piece[: _COMPARED + 1]))
    listed = ",".join(["(?, ?)"] * len(beginnings))
    rows = lookups.ask_driver(
        connection,
        f"WITH near(first, beyond) AS (VALUES {listed}) SELECT DISTINCT w.word FROM near"
        f" JOIN person_word w ON w.word >= near.first AND w.word < near.beyond LIMIT {_WORDS_READ:d}",
        tuple(bound for each in beginnings for bound in (each, engine_search.end_of_prefix(each))),
    )
    return [str(row[0]) for row in rows]


def _beginnings(typed: str) -> set[str]:
    """Return the beginnings of words within one slip of the typed letters, of which the last is only known to follow.

    A beginning that lacks a typed letter is followed by the next one.
    """
    head = typed[:_COMPARED]
    found = {head}
    for place in range(len(head)):
        before, after = head[:place], head[place + 1 :]
        found.update(before + letter + after for letter in _LETTERS)  # a wrong letter
        found.update((before + letter + head[place:])[:_COMPARED] for letter in _LETTERS)  # a missing one
        found.add(before + typed[place + 1 :][: _COMPARED - place])  # one too many
        if after:
            found.add(before + after[0] + head[place] + after[1:])  # two swapped
    return {each for each in found if len(each) > 1}
