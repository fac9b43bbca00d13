"""Reading people out of text as it is pasted from an e-mail, and telling who is meant."""

import re

_BULLET = re.compile(r"^\s*(?:[-*•·–—>]+|\(?\d{1,3}[.)])\s+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]+\.[^\s<>()\[\],;:\"“”.]+")
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|cllr|sir|dame)\.?\s+", re.IGNORECASE)
_SURNAME_FIRST = re.compile(r"^([^,;]+),\s*([^,;]+)$")


def references(text: str) -> list[str]:
    """The PERSON references in pasted text, once each, in order.

    Addresses count wherever they stand; a line without one is a name (`Surname, First` is turned round, a title or
    bullet dropped) or several, parted by semicolons.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        addresses = _ADDRESS.findall(line)
        for address in addresses:
            found.setdefault(address.rstrip("."))
        if not addresses:
            for piece in line.split(";"):
                name = _name(piece)
                if name:
                    found.setdefault(name)
    return list(found)


def _name(piece: str) -> str:
    bare = _TITLES.sub("", _BULLET.sub("", piece).strip().strip("\"'“”").rstrip(".,")).strip()
    turned = _SURNAME_FIRST.match(bare)
    return f"{turned[2].strip()} {turned[1].strip()}" if turned else bare
