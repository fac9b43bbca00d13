"""Rules about codes, modules and lengths as people type them."""

import re
from collections.abc import Sequence

from db.errors import WrongUse

LONGEST = 24 * 60
"""The most minutes that a module may have."""


def parse_code(text: str, what: str) -> str:
    """Return a code such as `SOS-INTRO` in capitals; the references of events begin with it. Raises WrongUse."""
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", code) or len(code) > 20:
        raise WrongUse(
            f"The code of a {what} can have up to 20 letters, digits and single hyphens, such as BR or SOS-INTRO, "
            f"not '{text.strip()}'. Nothing was changed."
        )
    return code


def parse_module_length(text: str) -> int:
    """Return the minutes in a text such as `180`, `3:00`, `3h` or `3h30`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{1,4})|(\d{1,2})(?:\s?h(?:ours?)?\s?|:)(\d{2})?(?:\s?m(?:in)?)?", text.strip(), re.ASCII)
    minutes = 0
    if found:
        minutes = int(found[1]) if found[1] else int(found[2]) * 60 + int(found[3] or 0)
    if not 5 <= minutes <= LONGEST or (found and found[3] and int(found[3]) > 59):
        raise WrongUse(
            f"Type the length of a module as minutes or hours (180, 3h, 3:30), from 5 minutes to 24 hours, "
            f"not '{text.strip()}'. Nothing was changed."
        )
    return minutes


def parse_modules(text: str) -> list[tuple[str, int]]:
    """Return the (title, minutes) of each module in a text such as `Day 1 7h, Day 2 7h`. Raises WrongUse."""
    found = []
    for piece in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        title, _, length = piece.rpartition(" ")
        if not title.strip():
            raise WrongUse(f"Type a module as its title and length, such as Day 1 7h, not '{piece}'.")
        found.append((" ".join(title.split()), parse_module_length(length)))
    check_module_titles([title for title, _ in found])
    return found


def check_module_titles(titles: Sequence[str]) -> None:
    """Raise WrongUse when two modules of a course have the same title."""
    folded = [title.casefold() for title in titles]
    for title in titles:
        if folded.count(title.casefold()) > 1:
            raise WrongUse(f"There would be two modules called '{title}'. Nothing was changed.")


def length_in_words(minutes: int) -> str:
    """Return minutes in words: `3 h`, `3 h 30`, `45 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
