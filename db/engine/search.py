"""Turns names and texts into the folded words of the search index, for writing the index and for asking it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would slow every look-up, see db.lookups
    from collections.abc import Iterable, Iterator


def fold_text(text: str) -> str:
    """Return the text in lower case without accents, so that `pawel` finds `Paweł` and `SIOBHAN` finds `Siobhán`.

    Letters that look like plain ones count as these, so that a name pasted with either is found.
    """
    if text.isascii():
        return text.lower()
    import unicodedata  # only texts with accents need it, and it is slow to import

    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN_LETTERS)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_to_letters(text: str) -> str:
    """Return the folded text with only letters, digits and @: `O'Brien` is `obrien`, `rachel.wilson@x.org`
    `rachelwilson@xorg`."""
    folded = fold_text(text)
    if folded.isascii():
        return folded.translate(_DROPPED)
    return "".join(letter for letter in folded if letter.isalnum() or letter == "@")


# Cyrillic and Greek letters that look like plain ones, whatever sound they stand for.
_ALIKE = {
    **dict(zip("асеорхуіјѕһԁԛԝӏкмтвн", "aceopxyijshdqwlkmtbh", strict=True)),
    **dict(zip("αονρτυχκιεγ", "aovptuxkiey", strict=True)),
}
_PLAIN_LETTERS = str.maketrans(
    _ALIKE | {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Maps letters to plain ones that Unicode does not decompose into a plain letter and an accent."""
_SIGNS = [code for code in range(128) if not chr(code).isalnum()]
_DROPPED = dict.fromkeys(_SIGNS)
del _DROPPED[ord("@")]
_SPLIT = dict.fromkeys(_SIGNS, " ")
"""Maps every ASCII sign to a space for str.translate(), which is five times as fast as looking at each letter."""


def split_fragments(text: str) -> list[str]:
    """Return the folded pieces of the typed text; each must begin some word of a match."""
    return [piece for piece in map(fold_to_letters, text.split()) if piece and piece != "@"]


def searchable_words(texts: Iterable[str | None]) -> list[str]:
    """Return each word that the texts can be found by, once and in order: whole (`smithjones`) and in parts (`smith`,
    `jones`)."""
    found: dict[str, None] = {}
    for text in texts:
        for token in (text or "").split():
            for word in _forms(token):
                found.setdefault(word)
    return list(found)


def _forms(token: str) -> Iterator[str]:
    whole = fold_to_letters(token)
    if whole and whole != "@":
        yield whole
    folded = fold_text(token)
    if folded.isalnum():
        return
    if folded.isascii():
        parts = folded.translate(_SPLIT).split()
    else:
        parts = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    if len(parts) > 1:
        yield from parts


def person_words(
    forename: str,
    surname: str,
    email: str,
    employee_number: str | None,
    organisation: str,
    team: str,
    phone: str,
    job_title: str,
    known_as: str,
    former_addresses: str,
) -> list[str]:
    """Return the words a person is found by; a telephone number also in one piece."""
    return searchable_words((
        forename, surname, email, employee_number, organisation, team, phone, phone.replace(" ", ""), job_title,
        known_as, former_addresses,
    ))  # fmt: skip


def event_words(reference: str, course: str, title: str, strand: str) -> list[str]:
    """Return the words an event is found by."""
    return searchable_words((reference, course, title, strand))


def matches_fragments(typed: Iterable[str], texts: Iterable[str | None]) -> bool:
    """Return whether every fragment begins some word of the texts."""
    found = searchable_words(texts)
    return all(any(word.startswith(piece) for word in found) for piece in typed)


def join_words(found: Iterable[str]) -> str:
    """Return the words as one column, with a space before each and at the end, so that ` smi` finds the beginning of a
    word."""
    return f" {' '.join(found)} "


def sort_key(forename: str, surname: str) -> str:
    """Return the key that orders people by surname, then forename, without regard to case or accents."""
    return f"{fold_text(surname)} {fold_text(forename)}".strip()


def end_of_prefix(prefix: str) -> str:
    """Return the first text that sorts after every text beginning with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
