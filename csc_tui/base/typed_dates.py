"""Reads dates and times as people type them in a field or after an option: `tue 14 june 9.30-12.30`, `14/6`,
`tomorrow`.

Files are read more strictly, by `session_times`: nobody checks their dates before they are stored, so none is guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from csc_tui.base import programme_years
from csc_tui.base.session_times import EARLIEST, LATEST
from db.errors import WrongUse

DATE_HINT = "14/6, 14 june, next tue"
TIME_HINT = "9.30, 14:00, 2pm"
WHEN_HINT = "14 june 9.30-12.30"
LONG_AGO = timedelta(days=183)
"""How far back a date without a year may lie before it is taken for the next programme year.

It is looked for in today's programme year first; but in March people plan the programme that begins in April.
"""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day, and the times where they were typed with it."""

    on: date
    start: time | None = None
    end: time | None = None


def parse_typed_day(text: str, today: date, first_month: int = 4) -> date:
    """Parse a day as people type it, such as `14/6` or `next tue`. Raises WrongUse, saying what is wrong with it."""
    words = _words(text)
    if not words or not words.isascii():
        raise _not_a_date(text)
    weekday, rest = _weekday_first(words)
    found = _named(words, today) or _relative(words, today)
    if found is None and weekday is not None:
        found = _of_week(weekday, rest, today) if rest in ("", "week") else None
    if found is not None:
        return found
    found = _written(rest if weekday is not None else words, text, today, first_month)
    if weekday is not None and found.weekday() != weekday:
        raise WrongUse(_other_weekday(found, weekday))
    return found


def parse_typed_time(text: str) -> time:
    """Parse a time as people type it. Raises WrongUse, also where it could be morning or afternoon."""
    return _sure(_clock(_words(text), text), text)


def parse_time_range(text: str) -> tuple[time, time | None]:
    """Parse `9.30-12.30`, `1pm to 4` or a start alone into start and end. Raises WrongUse."""
    parts = re.split(r"\s*(?:-|–|\bto\b|\bto(?=\d))\s*", _words(text))
    if len(parts) == 1:
        return parse_typed_time(text), None
    if len(parts) != 2 or not all(parts):
        raise WrongUse(f"Times are typed {WHEN_HINT.split()[-1]}, not '{text.strip()}'.")
    first, second = (_clock(each, text) for each in parts)
    starts, ends = first.readings, second.readings
    if len(starts) > 1 and second.said:  # `1-4pm`: am or pm of the end holds for the start, where it can
        starts = [each for each in starts if (each.hour >= 12) == (ends[0].hour >= 12)] or starts
    # No training is held at night: an end of "4" is 04:00 or 16:00, whichever comes after the start.
    pairs = [(start, end) for start in starts for end in ends if start < end]
    if len(pairs) > 1 and len(starts) == 1:
        pairs = pairs[:1]
    if len(pairs) == 1:
        return pairs[0]
    if pairs:
        raise _morning_or_afternoon(parts[0], first.readings)
    raise WrongUse(f"'{text.strip()}' ends before it starts. Type the end behind the start, such as 9.30-12.30.")


def parse_day_and_times(text: str, today: date, first_month: int = 4) -> TypedDay:
    """Parse a day, with or without times after it. Raises WrongUse."""
    words = _words(text)
    head, _, last = words.rpartition(" ")
    if re.fullmatch(r"\d\d?", last):
        if re.search(r"\d.* ?[a-z]{3,}$", head) and len(last) == 2 and int(last) < 24:
            raise WrongUse(f"Is {last} in '{text.strip()}' a year or an hour? Type 20{last}, or {last}:00.")
        if _weekday(head) is not None:
            raise WrongUse(f"Is {last} in '{text.strip()}' a day or an hour? Type the month with it, or {last}:00.")
    on, rest = words, ""
    found = re.search(rf" (?:at |from )?({_TIMES})$", words)
    if found:
        head = words[: found.start()].strip()
        if head not in ("in", "+") and _month(head) is None:
            on, rest = head, found[1]
    start, end = parse_time_range(rest) if rest else (None, None)
    return TypedDay(parse_typed_day(on, today, first_month), start, end)


def format_typed_day(on: date) -> str:
    """Return a day as the fields show it and as it can be typed: `Wed 14 Jun 2017`."""
    return f"{_DAYS[on.weekday()][:3].capitalize()} {on.day} {_MONTHS[on.month - 1][:3].capitalize()} {on.year}"


@dataclass(frozen=True, slots=True)
class _Clock:
    """The times that typed digits can mean; `said` is true where am or pm was typed or the hour leaves no doubt."""

    readings: list[time]
    said: bool


_ONE = r"(?:noon|midday|\d{1,2}(?:[:.]\d{2})?(?::00)? ?(?:am|pm)?|(?:0\d|1[0-8])\d\d)"
"""After a month, `2017` is a year; so four figures are a time only up to 18:59, and later ones need a colon."""
_TIMES = rf"{_ONE}(?: ?(?:-|–|to) ?{_ONE})?"


def _clock(words: str, text: str) -> _Clock:
    if words in ("noon", "midday"):
        return _Clock([time(12)], said=True)
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)? ?(am|pm)?|(\d{2})(\d{2})", words, re.ASCII)
    if not found:
        raise WrongUse(f"A time is typed 09:30, 9.30 or 2pm, not '{text.strip()}'.")
    hour, minute = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    half = found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise WrongUse(f"There is no '{words}' on the clock. A time is typed 09:30, 9.30 or 2pm.")
    if half:
        return _Clock([time(hour % 12 + 12 * (half == "pm"), minute)], said=True)
    if 1 <= hour <= 6 and not words.startswith("0"):
        return _Clock([time(hour, minute), time(hour + 12, minute)], said=False)
    return _Clock([time(hour, minute)], said=hour > 12)


def _sure(found: _Clock, text: str) -> time:
    if len(found.readings) > 1:
        raise _morning_or_afternoon(text.strip(), found.readings)
    return found.readings[0]


def _morning_or_afternoon(typed: str, readings: list[time]) -> WrongUse:
    early, late = readings
    return WrongUse(f"Is {typed} in the morning or in the afternoon? Type {early:%H:%M} or {late:%H:%M}.")


def _words(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").split())


def _weekday_first(words: str) -> tuple[int | None, str]:
    """Return the weekday in front, and the text after it."""
    first, _, rest = words.partition(" ")
    return _weekday(first), rest


def _weekday(word: str) -> int | None:
    word = word.rstrip(".")
    found = [number for number, name in enumerate(_DAYS) if len(word) > 2 and name.startswith(word)]
    return found[0] if found else None


def _month(word: str) -> int | None:
    word = word.rstrip(".")
    found = [number for number, name in enumerate(_MONTHS, 1) if len(word) > 2 and name.startswith(word)]
    return found[0] if found else None


def _named(words: str, today: date) -> date | None:
    steps = {"today": 0, "tomorrow": 1, "tom": 1, "yesterday": -1}
    return _shifted(today, steps[words]) if words in steps else None


def _relative(words: str, today: date) -> date | None:
    """Return the day of `in 2 weeks`, `+10`, `next tue` (the Tuesday of next week) or `this fri`."""
    found = re.fullmatch(r"(?:in |\+ ?)(\d{1,4}) ?(days?|d|weeks?|w)?", words)
    if found:
        return _shifted(today, int(found[1]) * (7 if (found[2] or "d")[0] == "w" else 1))
    which, _, name = words.partition(" ")
    number = _weekday(name)
    if which == "next" and number is not None:
        return _shifted(today, 7 - today.weekday() + number)
    if which == "this" and number is not None:
        return _shifted(today, number - today.weekday())
    return None


def _of_week(weekday: int, rest: str, today: date) -> date:
    """Return the coming Tuesday for `tue`, and the one a week after it for `tue week`."""
    ahead = (weekday - today.weekday()) % 7
    if not ahead and not rest:
        name = _DAYS[weekday][:3]
        raise WrongUse(f"Today is a {_DAYS[weekday].capitalize()}. Type today, or next {name} for the one in a week.")
    return _shifted(today, ahead + (7 if rest else 0))


def _shifted(today: date, days: int) -> date:
    try:
        found = today + timedelta(days=days)
    except OverflowError:
        raise WrongUse("That is too far away for a calendar.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise WrongUse("That is too far away for a calendar.")
    return found


def _written(words: str, text: str, today: date, first_month: int) -> date:
    """Return the date of a day and a month, with or without a year."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
    if iso:
        return _dated(int(iso[3]), int(iso[2]), iso[1], text, today, first_month)
    numbers = re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?", words)
    if numbers:
        return _dated(int(numbers[1]), int(numbers[3]), numbers[4], text, today, first_month)
    named = re.fullmatch(
        r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ?([a-z]{3,}\.?)(?: (\d{4}|\d{2}))?"
        r"|([a-z]{3,}\.?) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}|\d{2}))?",
        words,
    )
    month = _month(named[2] or named[4]) if named else None
    if not named or month is None:
        raise _not_a_date(text)
    return _dated(int(named[1] or named[5]), month, named[3] or named[6], text, today, first_month)


def _dated(number: int, month: int, year: str | None, text: str, today: date, first_month: int) -> date:
    if year:
        full = int(year) + (2000 if len(year) == 2 else 0)
        found = _if_there(full, month, number) if EARLIEST <= full <= LATEST else None
    else:
        found = _in_programme_year(month, number, today, first_month)
    if found is None:
        raise WrongUse(f"There is no {text.strip()} in the calendar. Look at the day, the month and the year.")
    return found


def _in_programme_year(month: int, number: int, today: date, first_month: int) -> date | None:
    year = programme_years.programme_year_of(today, first_month) + (month < first_month)
    found = _if_there(year, month, number)
    return _if_there(year + 1, month, number) if found is None or today - found > LONG_AGO else found


def _if_there(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _other_weekday(found: date, weekday: int) -> str:
    before = found - timedelta(days=(found.weekday() - weekday) % 7)
    near = [before, before + timedelta(days=7)]
    closest = min(near, key=lambda each: abs((each - found).days))
    return (
        f"{found.day} {_MONTHS[found.month - 1].capitalize()} {found.year} is a {_DAYS[found.weekday()].capitalize()}, "
        f"not a {_DAYS[weekday].capitalize()}. Type {format_typed_day(found)} or {format_typed_day(closest)}."
    )


def _not_a_date(text: str) -> WrongUse:
    typed = text.strip()
    if not typed:
        return WrongUse(f"A date is missing. It is typed {DATE_HINT} or 25/04/2017.")
    return WrongUse(f"A date is typed {DATE_HINT} or 25/04/2017, not '{typed}'.")
