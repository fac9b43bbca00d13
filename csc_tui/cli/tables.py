"""Tables for a terminal: dates as people read them, related columns joined, fitted to the width."""

from __future__ import annotations

import os

from csc_tui.base import text as base_text

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Callable, Mapping, Sequence

_DATES = ("date", "first_date", "next_date")
_DAYS_PAST = ("since", "on", "made", "due", "settled", "joined", "left")
_LABELS = ("state", "status", "verb", "method", "outcome", "from", "to", "kind", "completion_rule", "standing")
_LEAVING = (
    "answered_by", "course", "completed", "offered", "joining", "since", "room", "other_session", "session", "title",
    "kind", "email", "before", "after", "rooms", "source",
)  # fmt: skip
"""Columns that a narrow terminal drops, in this order, unless a list names others; csv and json keep all."""
_CUT = {
    "name": 18, "title": 24, "module": 12, "venue": 16, "room": 12, "team": 18, "organisation": 16, "email": 24,
    "subject": 24, "before": 12, "after": 12, "reason": 12, "what": 16, "state": 9, "address": 20, "rooms": 18,
    "source": 20, "group": 18, "remark": 16, "text": 40,
}  # fmt: skip
"""Columns that may be cut -> the width they keep before others are dropped; no other column is cut."""
_SHORTEST = {**dict.fromkeys(_CUT, 6), "module": 10}
"""Columns that may be cut -> the width they keep when everything else is dropped."""
_NARROWEST = 40
_NARROWEST_PROSE = 20
_GAP = "  "


def terminal_width() -> int:
    """Return the width of the terminal in cells, wherever the output goes; 80 where there is none."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return max(int(given), _NARROWEST)
    for stream in (1, 2, 0):
        try:
            return max(os.get_terminal_size(stream).columns, _NARROWEST)
        except OSError:
            continue
    return 80


def fitted_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], width: int, leaving: Sequence[str] = _LEAVING
) -> str:
    """Return the table at this width, without empty columns and with long text at the end wrapped."""
    numeric = {name for name, *values in zip(columns, *rows, strict=True) if values and all(map(_is_number, values))}
    cells = {name: [_cell(name, value) for value in values] for name, *values in zip(columns, *rows, strict=True)}
    for name in _DATES:
        if name in cells:
            cells[name] = _days(cells[name], "TBC" if name != "next_date" else "")
    shown = _join_columns(cells)
    shown = {name: values for name, values in shown.items() if any(values)}
    widths = _fit(shown, width, leaving)
    if _total(widths) > width:
        last = [*widths][-1]
        widths[last] = max(widths[last] - _total(widths) + width, _NARROWEST_PROSE)
    return _lines({name: shown[name] for name in widths}, widths, numeric)


def aligned_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table with each column as wide as its longest value."""
    cells = {
        name: [base_text.clean_text(value) for value in values] for name, *values in zip(columns, *rows, strict=True)
    }
    return _lines(cells, {name: _natural(name, values) for name, values in cells.items()}, set())


def _lines(cells: Mapping[str, Sequence[str]], widths: Mapping[str, int], numeric: set[str]) -> str:
    def line(values: Sequence[str]) -> str:
        padded = [_pad(value, widths[name], name in numeric) for name, value in zip(cells, values, strict=True)]
        return _GAP.join(padded).rstrip()

    def lines(values: Sequence[str]) -> str:
        *others, last = values
        first, *more = wrapped_lines(last, widths[name_of_last]) if name_of_last not in _CUT else [last]
        indent = " " * (_total(widths) - widths[name_of_last])
        return "\n".join([line([*others, first]), *(indent + each for each in more)])

    if not cells:
        return ""
    name_of_last = [*cells][-1]
    rows = zip(*cells.values(), strict=True)
    return "\n".join([line([_heading(name) for name in cells]), *map(lines, rows)]) + "\n"


def wrapped_lines(value: str, width: int) -> list[str]:
    """Return the text in lines no wider than `width`."""
    if _wide(value) <= width:
        return [value]
    from textwrap import wrap  # imported only for long text

    return wrap(value, width)


def _cell(name: str, value: object) -> str:
    plain = base_text.clean_text(("no", "yes")[value] if isinstance(value, bool) else value)
    if name in _LABELS:
        return base_text.status_label(plain)
    if name in _DAYS_PAST and plain:
        return base_text.format_date(plain)[4:]
    return plain


def _days(dates: list[str], undated: str) -> list[str]:
    """Return `Mon 12 Jun`, with the year where the dates are too far apart to do without it."""
    known = sorted(filter(None, dates))
    near = not known or _month(known[-1]) - _month(known[0]) < 12
    return [_day(each, near) if each else undated for each in dates]


def _month(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:7])


def _day(iso: str, near: bool) -> str:
    weekday, day, month, year = base_text.format_date(iso).split()
    return f"{weekday} {day:>2} {month}" + ("" if near else f" {year}")


def _join_columns(cells: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Join start and end as time, capacity and bookings as places, team and organisation as team."""
    shown = dict(cells)
    _join(shown, "time", ("start", "end"), base_text.format_times)
    _join(shown, "places", ("capacity", "booked", "waiting"), _places)
    _join(shown, "team", ("team", "organisation"), lambda *both: ", ".join(filter(None, both)))
    if "time" in shown and "event" in shown:
        shown = {"date": shown["date"], "time": shown["time"]} | shown
    return shown


def _join(cells: dict[str, list[str]], name: str, parts: tuple[str, ...], how: Callable[..., str]) -> None:
    """Replace several columns by one, in the place of the first."""
    if not all(part in cells for part in parts):
        return
    joined = [how(*values) for values in zip(*(cells[part] for part in parts), strict=True)]
    left = list(cells.items())
    cells.clear()
    for each, values in left:
        if each == parts[0]:
            cells[name] = joined
        elif each not in parts:
            cells[each] = values


def _places(capacity: str, booked: str, waiting: str) -> str:
    return f"{booked}/{capacity}" + (f" +{waiting}" if waiting != "0" else "")


def _fit(cells: Mapping[str, Sequence[str]], width: int, leaving: Sequence[str]) -> dict[str, int]:
    """Return the columns that stay and their widths.

    Columns without information are dropped first, then those in `leaving`; the others are cut, and last of all the
    first column, by which a row is known.
    """
    natural = {name: _natural(name, values) for name, values in cells.items()}
    cut = {name: shortest for name, shortest in _CUT.items() if name not in [*cells][:1]}
    for name, values in cells.items():
        if _total(natural) > width and set(values) <= {"0", "open", ""} and len(natural) > 1:
            del natural[name]

    def fits(without: Sequence[str]) -> bool:
        return _total({n: min(wide, cut.get(n, wide)) for n, wide in natural.items() if n not in without}) <= width

    may_leave = [name for name in leaving if name in natural][: len(natural) - 1]
    gone: list[str] = []
    while may_leave and not fits(gone):
        gone.append(may_leave.pop(0))
    for name in reversed(gone[:]):
        if fits([each for each in gone if each != name]):
            gone.remove(name)
    widths = {name: wide for name, wide in natural.items() if name not in gone}
    for shortest in (cut, {name: _SHORTEST[name] for name in cut}, _SHORTEST):
        while _total(widths) > width:
            long = [name for name, wide in widths.items() if wide > shortest.get(name, wide)]
            if not long:
                break
            widths[max(long, key=lambda name: widths[name])] -= 1
    return widths


def _natural(name: str, values: Sequence[str]) -> int:
    return max(len(_heading(name)), *map(_wide, values))


def _total(widths: Mapping[str, int]) -> int:
    return sum(widths.values()) + len(_GAP) * (len(widths) - 1)


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _pad(value: str, width: int, right: bool) -> str:
    if _wide(value) > width:
        while _wide(value) > width - 1:
            value = value[:-1]
        value += "…"
    space = " " * (width - _wide(value))
    return space + value if right else value + space


def _wide(value: str) -> int:
    """Return how many cells of a terminal the text takes."""
    if value.isascii():
        return len(value)
    from unicodedata import combining, east_asian_width  # imported only for text beyond ASCII

    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
