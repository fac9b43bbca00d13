"""Reading people out of text as it is pasted from an e-mail."""

import re
from collections.abc import Iterator

_BETWEEN = re.compile(r"[\s<>()\[\],;:\"“”]+")
_BULLETS = re.compile(r"^(?:(?:[-*•·–—>]+|\(?\d{1,3}[.)])\s+)+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|cllr|sir|dame)\.?\s+", re.IGNORECASE)


def references(text: str) -> list[str]:
    """The PERSON references in pasted text, once each, in order.

    Addresses count wherever they stand. A line without one is a name, or several with semicolons or commas between:
    bullets, titles and what stands in brackets are dropped, and `Surname, First` is turned round.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        for each in _addresses(line) or _names(line):
            found.setdefault(each.casefold(), each)
    return list(found.values())


def _addresses(line: str) -> list[str]:
    words = (word.strip(".'’") for word in _BETWEEN.split(line) if "@" in word)
    return [word for word in words if _is_address(word)]


def _is_address(word: str) -> bool:
    name, _, host = word.partition("@")
    return bool(name) and "." in host and "@" not in host


def _names(line: str) -> Iterator[str]:
    for piece in line.split(";"):
        bare = _BULLETS.sub("", _BRACKETS.sub("", piece).strip())
        parts = [part for part in map(_name, bare.split(",")) if part]
        if len(parts) == 2 and any(len(part.split()) == 1 for part in parts):
            yield f"{parts[1]} {parts[0]}"
        elif len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
            yield from parts
        elif parts:
            yield ", ".join(parts)


def _name(part: str) -> str:
    return _TITLE.sub("", part.strip().strip("\"'“”").rstrip(".")).strip()
