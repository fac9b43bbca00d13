"""What people and events can be found by: folded words. Used when writing the index and when asking it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Iterable, Iterator


def fold_text(text: str) -> str:
    """Lower case without accents: `Siobhán` and `SIOBHAN` are the same, and so is `Paweł` to who types `pawel`.

    Letters that look like plain ones are taken for them, so that a name is found whichever of them somebody pasted.
    """
    if text.isascii():
        return text.lower()
    import unicodedata  # only names with accents pay for it

    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN_LETTERS)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def fold_to_letters(text: str) -> str:
    """Folded, with letters, digits and @ alone: `O'Brien` is `obrien`, `rachel.wilson@x.org` is `rachelwilson@xorg`."""
    folded = fold_text(text)
    if folded.isascii():
        return folded.translate(_DROPPED)
    return "".join(letter for letter in folded if letter.isalnum() or letter == "@")


# Cyrillic and Greek letters that look like plain ones, whatever they stand for.
_ALIKE = {
    **dict(zip("асеорхуіјѕһԁԛԝӏкмтвн", "aceopxyijshdqwlkmtbh", strict=True)),
    **dict(zip("αονρτυχκιεγ", "aovptuxkiey", strict=True)),
}
_PLAIN_LETTERS = str.maketrans(
    _ALIKE | {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that are no plain one with an accent."""
_SIGNS = [code for code in range(128) if not chr(code).isalnum()]
_DROPPED = dict.fromkeys(_SIGNS)
del _DROPPED[ord("@")]
_SPLIT = dict.fromkeys(_SIGNS, " ")
"""For str.translate(), which is five times as fast as looking at each letter."""


def split_fragments(text: str) -> list[str]:
    """The pieces of what was typed, each to be the beginning of some word."""
    return [piece for piece in map(fold_to_letters, text.split()) if piece and piece != "@"]


def searchable_words(texts: Iterable[str | None]) -> list[str]:
    """Every word the texts can be found by, in order and once: whole (`smithjones`) and in parts (`smith`, `jones`)."""
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
) -> list[str]:
    """What a person is found by; a telephone number in one piece, too."""
    return searchable_words(
        (forename, surname, email, employee_number, organisation, team, phone, phone.replace(" ", ""), job_title)
    )


def event_words(reference: str, course: str, title: str, strand: str) -> list[str]:
    """What an event is found by."""
    return searchable_words((reference, course, title, strand))


def matches_fragments(typed: Iterable[str], texts: Iterable[str | None]) -> bool:
    """Whether every fragment begins some word of the texts."""
    found = searchable_words(texts)
    return all(any(word.startswith(piece) for word in found) for piece in typed)


def join_words(found: Iterable[str]) -> str:
    """The words as one column: a space before each and at the end, so that ` smi` finds the beginning of a word."""
    return f" {' '.join(found)} "


def sort_key(forename: str, surname: str) -> str:
    """Orders people by surname, then forename, whatever the case or accents."""
    return f"{fold_text(surname)} {fold_text(forename)}".strip()


def end_of_prefix(prefix: str) -> str:
    """The first text that sorts behind everything that begins with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
