"""Finds the known words and names that are close to a mistyped one; rapidfuzz is imported with the first of them."""

from __future__ import annotations

from db.engine import search as engine_search

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Iterable, Sequence

SUGGESTED = 3
"""The most names that a suggestion holds."""
_CONNECTIVES = frozenset({"the", "and", "of", "at", "for"})
"""Words that make no difference between two names."""


def tolerated_slips(piece: str) -> int:
    """Return how many letters of a typed word may be wrong, missing, too many or swapped with the next."""
    if len(piece) < 3 or sum(map(str.isdigit, piece)) * 2 > len(piece):
        return 0
    return 1 if len(piece) < 8 else 2


def count_slips(typed: str, meant: str, at_most: int) -> int:
    """Return the number of slips between two words, or `at_most` + 1 for more than that."""
    if typed == meant:
        return 0
    from rapidfuzz.distance import OSA

    return OSA.distance(typed, meant, score_cutoff=at_most)


def nearest_words(piece: str, words: Iterable[str], limit: int) -> list[tuple[str, int]]:
    """Return the words, and the beginnings of words, that a typed piece may be, with their distance: the lowest is
    nearest.

    A whole word ends in a space and is nearer than a beginning with the same number of slips.
    """
    most = tolerated_slips(piece)
    if not most:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = set(words)
    length = len(piece)
    found: dict[str, int] = {}
    # The beginning of three letters says too little to be misspelt.
    for cut in (None, length, length + 1, length - 1) if length > 3 else (None,):
        shown = list(known if cut is None else {word[:cut] for word in known if len(word) > cut})
        for near, slips, _ in process.extract(piece, shown, scorer=OSA.distance, score_cutoff=most, limit=None):
            found[f"{near} " if cut is None else near] = 2 * slips + (cut is not None)
    return sorted(found.items(), key=lambda hit: (hit[1], abs(len(hit[0]) - length), hit[0]))[:limit]


def name_distance(typed: str, name: str) -> int | None:
    """Return how far a name is from what was typed, 0 for the same letters; None where it is another name.

    `sos intro3` and `intro-03` are near SOS-INTRO-03, `Grimbsy Townhall` is near Grimsby Town Hall.
    """
    wanted, known = squeeze_name(typed), squeeze_name(name)
    if not wanted or not known:
        return None
    if wanted == known:
        return 0
    if not set(_numbers(typed)) <= set(_numbers(name)):  # another number is another thing
        return None
    by_words = _distance_by_words(engine_search.split_fragments(typed), engine_search.searchable_words([name]))
    most = tolerated_slips(wanted)
    slips = count_slips(wanted, known, most)
    choices = [
        *([by_words] if by_words is not None else []),
        *([2 * slips] if slips <= most else []),
        *([3] if len(wanted) >= 3 and wanted in known else []),
        *([6] if len(wanted) >= 4 and " " not in name and _is_subsequence(wanted, known) else []),
    ]
    return min(choices, default=None)


def suggest_names(typed: str, names: Iterable[str], limit: int = SUGGESTED) -> list[str]:
    """Return the names nearest to what was typed, best first; none where no name is near."""
    near = {name: distance for name in names if (distance := name_distance(typed, name)) is not None}
    best = min(near.values(), default=0)
    return sorted((name for name in near if near[name] <= best + 1), key=lambda name: (near[name], name))[:limit]


def find_namesake(typed: str, names: Iterable[str]) -> str:
    """Return the known name that a new one is probably meant to be, or nothing.

    Case, spaces and signs, the order of the words and a slip make no other name; a number or a letter alone does.
    """
    mine = _name_words(typed)
    if not mine:
        return ""
    near = [(distance, name) for name in names if (distance := _namesake_distance(mine, _name_words(name))) is not None]
    return min(near, default=(0, ""))[1]


def squeeze_name(name: str) -> str:
    """Return a name's letters and its numbers without leading zeros: BR-03 and `br 3` are `br3`."""
    return "".join(split_name(name))


def _numbers(name: str) -> list[str]:
    return [part for part in split_name(name) if part.isdigit()]


def split_name(name: str) -> list[str]:
    """Return the folded words and the numbers of a name: `sos`, `intro` and `3` of SOS-INTRO-03."""
    spaced, before = "", " "
    for letter in engine_search.fold_text(name):
        if letter.isalnum() and letter.isdigit() != before.isdigit():
            spaced += " "
        spaced += letter if letter.isalnum() else " "
        before = letter
    return [part.lstrip("0") or "0" if part.isdigit() else part for part in spaced.split()]


def _distance_by_words(pieces: Sequence[str], words: Sequence[str]) -> int | None:
    """Return the slips when every piece is, or begins, some word; None where one does not."""
    total = 0
    for piece in pieces:
        if any(word.startswith(piece) for word in words):
            total += 1
            continue
        nearest = nearest_words(piece, words, 1)
        if not nearest:
            return None
        total += nearest[0][1]
    return total + (len(words) > len(pieces))


def _name_words(name: str) -> list[str]:
    folded = engine_search.fold_text(name.replace("'", "").replace("’", "").replace("&", " and "))
    pieces = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    return [piece for piece in pieces if piece not in _CONNECTIVES] or pieces


def _namesake_distance(mine: Sequence[str], theirs: Sequence[str]) -> int | None:
    if not theirs or [each for each in mine if each.isdigit()] != [each for each in theirs if each.isdigit()]:
        return None
    whole, other = "".join(mine), "".join(theirs)
    if whole == other:
        return 0
    if len(mine) != len(theirs):
        most = tolerated_slips(whole)
        slips = count_slips(whole, other, most)
        return slips if slips <= most else None
    left, total = list(theirs), 0
    for word in mine:
        most = tolerated_slips(word)
        slips, match = min((count_slips(word, each, most), each) for each in left)
        if slips > most:
            return None
        left.remove(match)
        total += slips
    return total


def _is_subsequence(typed: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in typed)
