"""Parsing of names and addresses out of text pasted from an e-mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

_BETWEEN = re.compile(r"[\s<>()\[\],;:\"“”]+")
_BULLETS = re.compile(r"^(?:(?:[-*•·–—>]+|\(?\d{1,3}[.)])\s+)+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|cllr|sir|dame)\.?\s+", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“]([^\"”]*)[\"”]")
_NOT_IN_NAMES = re.compile(r"mailto:|[<>\[\]()]", re.IGNORECASE)
_OPENERS = {"dear", "hi", "hello", "thanks", "thank", "regards", "wishes", "please", "following"}
_POLITE = _OPENERS | {
    "a", "add", "advance", "afternoon", "again", "all", "and", "are", "as", "attendees", "below", "best", "book",
    "both", "can", "colleagues", "could", "course", "enrol", "event", "everybody", "everyone", "for", "from", "good",
    "i", "in", "it", "kind", "list", "many", "me", "morning", "names", "of", "on", "onto", "participants", "people",
    "place", "places", "put", "session", "staff", "team", "the", "these", "they", "this", "to", "training", "us",
    "very", "warm", "we", "will", "with", "would", "you", "your",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """A person as pasted.

    `reference` is an address if there is one, else a name or number. With an address, `shown` is the name in one piece
    with it (`Jo Smith <jo@x.org>`) and `near` the names that commas separate from it. `polite` says that the line looks
    like a greeting. `called` is the name to search for or to add, once the entry is compared with the database.
    """

    text: str
    reference: str
    shown: str = ""
    near: tuple[str, ...] = ()
    polite: bool = False
    called: str = ""

    @property
    def typed(self) -> str:
        """Return the name and address, such as `Jo Smith <jo@x.org>`, or whichever was typed."""
        return f"{self.called} <{self.reference}>" if self.called else self.reference


def parse_pasted_names(text: str) -> list[PastedEntry]:
    """Return everybody in pasted text, in order and once each; every line that is not empty has an entry.

    Bullets, titles and brackets beside a name are dropped, and `Surname, First` is turned round.
    """
    found: dict[tuple[str, ...], PastedEntry] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        polite = _is_polite(line)
        read = [each for piece in _pieces(line) for each in _entries(piece, line)] or [PastedEntry(line, line)]
        for each in read:
            same = (each.reference.casefold(), each.shown.casefold(), *each.near)
            found.setdefault(same, replace(each, polite=polite))
    return list(found.values())


def _is_polite(line: str) -> bool:
    """Return whether a line holds polite words alone, such as `Dear all, please book`.

    A person may have such a name all the same, so callers look for them first.
    """
    words = re.sub(r"[^\w\s]", " ", line).casefold().split()
    return not _OPENERS.isdisjoint(words) and _POLITE.issuperset(words)


def _pieces(line: str) -> Iterator[str]:
    """Return the pieces of a line between semicolons, without bullets.

    A tab counts as a comma, and a comma within quotation marks separates nothing.
    """
    bare = _QUOTED.sub(lambda quoted: " ".join(_turned(quoted[1])), line).replace("\t", ", ")
    return (_BULLETS.sub("", piece.strip()) for piece in bare.split(";") if piece.strip())


def _turned(name: str) -> list[str]:
    """Return `Surname, First` as its two parts, first name first."""
    surname, comma, rest = name.partition(",")
    return [rest.strip(), surname.strip()] if comma else [name]


def _entries(piece: str, line: str) -> list[PastedEntry]:
    if not _addresses(piece):
        return [PastedEntry(line, each) for each in _names(piece)]
    found: list[PastedEntry] = []
    before: list[str] = []
    for part in filter(None, map(str.strip, piece.split(","))):
        addresses = _addresses(part)
        name = _beside(part, addresses)
        if not addresses:
            before += [name] if name else []
            continue
        if name and before and _is_surname_before(name, before):
            name = f"{name} {before.pop()}"  # `Smith, Jo <jo@x.org>` is one name
        for each in addresses:
            found.append(PastedEntry(line, each, shown=name if each is addresses[0] else ""))
        if before:
            found[-len(addresses)] = replace(found[-len(addresses)], near=_read(before))
        before = []
    if before:
        found[-1] = replace(found[-1], near=(*found[-1].near, *_read(before)))
    return found


def _addresses(text: str) -> list[str]:
    words = (word.strip(".'’") for word in _BETWEEN.split(text) if "@" in word)
    return [word for word in words if _is_address(word)]


def _is_address(word: str) -> bool:
    name, _, host = word.partition("@")
    return bool(name) and "." in host and "@" not in host


def _beside(part: str, addresses: list[str]) -> str:
    for each in addresses:
        part = part.replace(each, " ")
    return _name(_NOT_IN_NAMES.sub(" ", _BRACKETS.sub(" ", part)))


def _names(piece: str) -> list[str]:
    return list(_read([part for part in map(_name, _BRACKETS.sub("", piece).split(",")) if part]))


def _is_surname_before(name: str, before: list[str]) -> bool:
    """Return whether the last part before a name is its surname.

    It is not in `Lee, Bo, Jo Smith`, where the single words are a name of their own.
    """
    if _is_single(name):
        return True
    return bool(sum(1 for _ in takewhile(_is_single, reversed(before))) % 2)


def _is_single(part: str) -> bool:
    return len(part.split()) == 1


def _read(parts: list[str]) -> tuple[str, ...]:
    """Return the names in the parts between commas.

    Two parts, one of them a single word, are a surname and a first name; so are single words in pairs beside full
    names, as in `Lee, Bo, Jo Smith`.
    """
    if len(parts) == 2 and any(map(_is_single, parts)):
        return (f"{parts[1]} {parts[0]}",)
    names: list[str] = []
    runs = [list(run) for _, run in groupby(parts, key=_is_single)]
    if all(_is_single(run[0]) for run in runs) and len(parts) > 1:
        return (", ".join(parts),)  # single words alone, as in `Jo, Bo, Cy`, may be first names
    for run in runs:
        if not _is_single(run[0]):
            names += run
        elif len(run) % 2:
            return (", ".join(parts),)
        else:
            names += [f"{first} {surname}" for surname, first in zip(run[::2], run[1::2], strict=True)]
    return tuple(names)


def _name(part: str) -> str:
    return _TITLE.sub("", " ".join(part.split()).strip("\"'“” .:-–—")).strip()
