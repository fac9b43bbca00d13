"""Wording that both faces share: dates, counts, status labels and marks. Imports nothing heavy: look-ups use it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would slow every look-up, see db.lookups
    from collections.abc import Sequence

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MONTHS = tuple(name[:3] for name in MONTH_NAMES)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = tuple(name[:3] for name in DAY_NAMES)

LETTERS = {
    "requested": "R",
    "waitlisted": "W",
    "offered": "O",
    "booked": "B",
    "cancelled": "x",
    "transferred": "t",
    "substituted": "s",
    "expired": "e",
    "event_cancelled": "X",
    "declined": "d",
    "no_show": "N",
    "unable_to_attend": "A",
    "partially_attended": "P",
    "fully_attended": "F",
}
"""One letter for each enrolment status, so that meaning never rests on colour."""

MARK_LETTERS = {"present": "P", "late": "L", "left_early": "E", "apologies": "A", "absent": "X"}
"""One letter for each mark of a register."""

_shown_instead: dict[int, str] = {}
"""Sign that a terminal must not get -> the sign shown instead; filled when the first text has one."""


def clean_text(value: object) -> str:
    """Return one line that is safe for a terminal: controls and direction overrides become visible, None is empty."""
    text = "" if value is None else str(value)
    if text.isprintable():  # as no unsafe character is; most look-ups need not import their table
        return text
    if not _shown_instead:
        from exports.unsafe_characters import make_unsafe_table

        blanks = dict.fromkeys("\t\n\r\u2028\u2029", " ")
        _shown_instead.update(make_unsafe_table("\N{REPLACEMENT CHARACTER}", blanks))
    return text.translate(_shown_instead)


def format_count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `3 people`, `1 person`, `no places`."""
    words = one if number == 1 else many or one + "s"
    return f"{number or 'no'} {words}"


def shorten_list(what: Sequence[str], most: int, between: str = ", ") -> str:
    """Name the first `most` items and count the others: `Ann, Bo and 3 more`."""
    more = len(what) - most
    return between.join(what[:most]) + (f"{between.rstrip(', ')} and {more} more" if more > 0 else "")


def status_label(status: str) -> str:
    """Return a status or state as a person reads it: `fully attended`."""
    return status.replace("_", " ")


def format_date(iso: object) -> str:
    """Return `2017-06-12` (or a date) as `Mon 12 Jun 2017`; an empty date as `to be confirmed`."""
    text = str(iso or "")[:10]
    if not text:
        return "to be confirmed"
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    return f"{DAYS[weekday_number(year, month, day)]} {day} {MONTHS[month - 1]} {year}"


def weekday_number(year: int, month: int, day: int) -> int:
    """Return the day of the week, 0 for Monday, by Sakamoto's method: a look-up need not import datetime."""
    offsets = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)
    year -= month < 3
    return (year + year // 4 - year // 100 + year // 400 + offsets[month - 1] + day - 1) % 7


def format_times(start: object, end: object) -> str:
    """Return `09:30-16:30`, or an empty string without both times."""
    return f"{str(start)[:5]}-{str(end)[:5]}" if start and end else ""


def rounded_percent(part: int, whole: int) -> int | None:
    """Return the percentage, rounded half up; None, shown as `no data`, where the whole is 0."""
    return (200 * part + whole) // (2 * whole) if whole else None
