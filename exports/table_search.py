"""Finds the table among the lines of a file: its headings below titles, its rows above totals and other sections."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from db.errors import RuleBroken
from db.records.remedies import Remedy


@dataclass(frozen=True, slots=True)
class Table:
    """A table read from a file: `rows` are (number, cells), one cell for each heading; `remarks` tell how it was
    read."""

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    remarks: tuple[str, ...]


class BrokenFile(RuleBroken):
    """The file is broken as a file, so none of it was used."""

    def __init__(self, name: str, what: str, advice: str = "", remedy: Remedy | None = None) -> None:
        super().__init__(f"{name} {what} Nothing was imported. {advice}".rstrip(), remedy)


_SEARCHED = 60
"""The filled lines among which the headings are looked for."""
_SECTION = re.compile(r"\d{1,2}\. \S.*")
"""The title of a section, such as `2. Participants`."""
_FOOT = re.compile(
    r"(grand |sub[- ]?)?totals?\b|sum\b|count\b|number of\b|no\.? of\b|records?\b|rows?\b|end of\b|page \d|printed\b"
    r"|generated\b|report\b|run (by|date|time)\b|created\b|exported\b|extracted\b|confidential\b|official\b|[*=_-]+$"
)
"""The beginning of a line below a table that is no row of it."""
_NUMBER = re.compile(r"[£$€]?-?[\d.,: ]+%?")


def find_table(
    name: str, lines: Sequence[Sequence[str]], remarks: Sequence[str], is_heading: Callable[[str], bool]
) -> Table:
    """Return the table among the lines of a file. Raises BrokenFile where there is none, or its rows do not fit."""
    filled = [number for number, cells in enumerate(lines) if any(cells) and any(map(str.strip, cells))]
    if not filled:
        raise BrokenFile(name, "is empty.", "Check that it is the right file.")
    first = _heading_line(lines, filled[:_SEARCHED], is_heading)
    headings, last_heading = _headings(lines, first, is_heading)
    _check_headings(name, headings, first + 1)
    told = list(remarks)
    if above := [number for number in filled if number < first and not _belongs_above(lines, number, first)]:
        told.append(f"{name}: {_rows_in_words(above)} above the headings {_verb(above)} not read "
                    f"({_quoted(lines[above[0]])}).")  # fmt: skip
    below = _rows_below(lines, [number for number in filled if number > last_heading], len(headings))
    kept, left_out = _without_foot(lines, below, headings)
    if ended := len([number for number in filled if number > last_heading]) - len(below):
        told.append(f"{name}: the table ends with row {below[-1] + 1 if below else last_heading + 1}; the "
                    f"{ended} lines of other sections below it were not read.")  # fmt: skip
    told += [f"{name}: row {number + 1} was left out, because it is {why} ({_quoted(lines[number])})."
             for number, why in left_out[:5]]  # fmt: skip
    if len(left_out) > 5:
        told.append(f"{name}: {len(left_out) - 5} more rows like these were left out.")
    rows = _rows(name, lines, kept, headings, first)
    nameless = [i for i, heading in enumerate(headings) if not heading and any(cells[i].strip() for _, cells in rows)]
    told += [f"Column {column_letters(i)} of {name} has no heading, so it was not read." for i in nameless]
    return Table(name, tuple(headings), rows, tuple(told))


def column_letters(index: int) -> str:
    """Return a column's name in a spreadsheet: A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _heading_line(lines: Sequence[Sequence[str]], filled: Sequence[int], is_heading: Callable[[str], bool]) -> int:
    """Return the line of headings: the first that is as wide as the table, or the one with most known headings."""
    known = {number: len({cell.strip().casefold() for cell in lines[number] if cell.strip() and is_heading(cell)})
             for number in filled}  # fmt: skip
    widths = Counter(_filled(lines[number]) for number in filled)
    widest = max(widths, key=lambda width: (widths[width] * width, width))
    shaped = next(
        (number for number in filled if _filled(lines[number]) > 1 and 2 * _filled(lines[number]) >= widest), filled[0]
    )
    best = max(filled, key=lambda number: (known[number], -number))
    enough = known[best] >= known[shaped] + 2 or (known[best] == 1 and not known[shaped] and best < shaped)
    return best if enough and 2 * known[best] >= min(_filled(lines[best]), 6) else shaped


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _headings(lines: Sequence[Sequence[str]], first: int, is_heading: Callable[[str], bool]) -> tuple[list[str], int]:
    """Return the headings, and the last line that holds them: merged headings stand on two lines."""
    headings = [" ".join(cell.split()) for cell in lines[first]]
    while headings and not headings[-1] and not _is_named_before(lines, first, headings):
        headings.pop()
    last = first
    lower = [" ".join(cell.split()) for cell in lines[first + 1]] if first + 1 < len(lines) else []
    if _continues_headings(lines[first], lower, is_heading):
        groups, last = headings, first + 1
        headings = [*headings, *[""] * (len(lower) - len(headings))]
        headings = [under or heading for heading, under in zip_longest(headings, lower, fillvalue="")]
    else:
        upper = lines[first - 1] if _belongs_above(lines, first - 1, first) else []
        groups = [" ".join(cell.split()) for cell in upper]
        headings = [heading or above for heading, above in zip_longest(headings, groups, fillvalue="")]
    return _told_apart(headings, groups), last


def _is_named_before(lines: Sequence[Sequence[str]], first: int, headings: Sequence[str]) -> bool:
    """Return whether the last column belongs to the one before it, as others do: learning platforms write a date behind
    each activity, under no heading."""
    pairs = [place for place, heading in enumerate(headings) if place and not heading and headings[place - 1]]
    last = len(headings) - 1
    return len(pairs) > 1 and last in pairs and any(len(cells) > last and cells[last] for cells in lines[first + 1 :])


def _continues_headings(upper: Sequence[str], lower: Sequence[str], is_heading: Callable[[str], bool]) -> bool:
    """Return whether the line below the headings has the lower parts of merged ones, and no values."""
    under_blank = [cell for above, cell in zip(upper, lower, strict=False) if cell and not above.strip()]
    values = any("@" in cell or _NUMBER.fullmatch(cell) for cell in lower if cell)
    known = sum(is_heading(cell) for cell in lower if cell)
    return bool(under_blank) and not values and (known > 1 or any(map(is_heading, under_blank)))


def _belongs_above(lines: Sequence[Sequence[str]], number: int, first: int) -> bool:
    """Return whether a line holds the upper part of merged headings, and no title."""
    if number != first - 1 or number < 0:
        return False
    texts = [cell.strip() for cell in lines[number] if cell.strip()]
    return 1 < len(texts) < len(lines[first]) and not any(_NUMBER.fullmatch(text) for text in texts)


def _told_apart(headings: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the headings, those that stand twice with the merged heading above them in front."""
    times = Counter(heading.casefold() for heading in headings)
    found, group = [], ""
    for i, heading in enumerate(headings):
        group = groups[i] if i < len(groups) and groups[i] else group
        twice = bool(heading) and times[heading.casefold()] > 1 and group not in ("", heading)
        found.append(f"{group} {heading}" if twice else heading)
    return found


def _check_headings(name: str, headings: Sequence[str], number: int) -> None:
    seen: dict[str, int] = {}
    for i, heading in enumerate(headings):
        before = seen.setdefault(heading.casefold(), i)
        if heading and before != i:
            raise BrokenFile(
                name, f"has the heading '{heading}' twice in row {number}: columns {column_letters(before)} and "
                f"{column_letters(i)}.", "Rename or remove one of them.",
            )  # fmt: skip


def _rows_below(lines: Sequence[Sequence[str]], filled: Sequence[int], width: int) -> list[int]:
    """Return the lines down to the title of another section."""
    for place, number in enumerate(filled):
        cells = lines[number]
        if width > 2 and _filled(cells) == 1 and _SECTION.fullmatch(cells[0].strip()):
            return list(filled[:place])
    return list(filled)


def _without_foot(
    lines: Sequence[Sequence[str]], filled: Sequence[int], headings: Sequence[str]
) -> tuple[list[int], list[tuple[int, str]]]:
    """Return the rows, and those left out with the reason: headings once more, totals and notes at the end."""
    again = [" ".join(heading.casefold().split()) for heading in headings]
    left_out = [
        (number, "the row of headings again")
        for number in filled
        if [" ".join(cell.casefold().split()) for cell in lines[number][: len(again)]] == again and len(again) > 1
    ]
    kept = [number for number in filled if number not in {each for each, _ in left_out}]
    while kept and _is_foot(lines[kept[-1]], len(headings)):
        left_out.append((kept.pop(), "no row of the table but a total or a note below it"))
    return kept, sorted(left_out)


def _is_foot(cells: Sequence[str], width: int) -> bool:
    texts = [cell.strip() for cell in cells if cell.strip()]
    if width < 2 or (len(texts) > 1 and not all(_NUMBER.fullmatch(text) for text in texts[1:])):
        return False
    if _FOOT.match(texts[0].casefold()):
        return True
    return len(texts) == 1 and width > 2 and len(cells) < width


def _rows(
    name: str, lines: Sequence[Sequence[str]], kept: Sequence[int], headings: Sequence[str], first: int
) -> list[tuple[int, list[str]]]:
    width = len(headings)
    rows, ragged = [], []
    for number in kept:
        cells = lines[number]
        if len(cells) < width or any(map(str.strip, cells[width:])):
            ragged.append((number + 1, len(cells)))
        else:
            rows.append((number + 1, list(cells[:width])))
    if ragged and width == 1:
        raise BrokenFile(
            name, f"begins in row {first + 1} with '{headings[0]}' alone, which is not a row of headings.",
            "Delete anything above the headings and save it again.",
        )  # fmt: skip
    if ragged:
        raise BrokenFile(
            name, f"has {width} headings, but {_ragged(ragged)}, so values may be under the wrong heading.",
            "Put the cells of those rows under their headings and save it again.",
        )  # fmt: skip
    return rows


def _ragged(ragged: Sequence[tuple[int, int]]) -> str:
    listed = ", ".join(f"row {number} has {cells} cell{'s' if cells != 1 else ''}" for number, cells in ragged[:5])
    return listed + (f" and {len(ragged) - 5} more rows" if len(ragged) > 5 else "")


def _rows_in_words(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0] + 1}"
    return f"rows {numbers[0] + 1} to {numbers[-1] + 1}"


def _verb(numbers: Sequence[int]) -> str:
    return "was" if len(numbers) == 1 else "were"


def _quoted(cells: Sequence[str]) -> str:
    """Return the beginning of a line, to recognise it by."""
    text = " ".join(" ".join(cells).split())
    return f"'{text[:40]}{'…' if len(text) > 40 else ''}'"
