"""Reads dates and times, for both faces and for files: `tue 14 june 9.30-12.30`, `14/6`, `tomorrow`.

The functions for typed text take the Context: its day and the month its programme year begins with decide what is
meant. Those named `full` or `file` take only what needs no guess: nobody sees again what a file says before it is
stored. They share one reader of days and one of the clock.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.programme_years import EARLIEST, LATEST
from csc_tui.base.text import DAY_NAMES, MONTH_NAMES, format_date
from db.errors import WrongUse
from db.records.remedies import Remedy, RemedyKind

DATE_HINT = "14/6, 14 june, next tue"
TIME_HINT = "9.30, 14:00, 2pm"
WHEN_HINT = "14 june 9.30-12.30"
LONG_AGO = timedelta(days=183)
"""How far back a date without a year may lie before it is taken for the next programme year.

It is looked for in today's programme year first; but in March people plan the programme that begins in April.
"""


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day, and the times where they were typed with it."""

    on: date
    start: time | None = None
    end: time | None = None


def is_to_be_confirmed(text: str) -> bool:
    """Return whether a text says that a date is not known yet, such as `tbc`."""
    return " ".join(text.casefold().replace(".", "").split()) in ("tbc", "tba", "to be confirmed", "to be announced")


def parse_typed_day(ctx: Context, text: str) -> date:
    """Return the day that was typed. Raises WrongUse, with a sentence that says what is wrong with it."""
    today = ctx.today()
    words = _words(text)
    if not words or not words.isascii():
        raise _not_a_date(text)
    weekday, rest = _weekday_first(words)
    found = _named(words, today) or _relative(words, today)
    if found is None and weekday is not None:
        found = _of_week(weekday, rest, today) if rest in ("", "week") else None
    if found is not None:
        return found
    written = _day_month_year(rest if weekday is not None else words)
    if written is None:
        raise _not_a_date(text)
    number, month, year = written
    found = _in_calendar(number, month, year, text) if year else _in_programme_year(ctx, number, month, text)
    if weekday is not None and found.weekday() != weekday:
        raise WrongUse(_other_weekday(found, weekday))
    return found


def parse_typed_month(ctx: Context, text: str) -> date | None:
    """Return the first day of `june`, `june 2017`, `06/2017` or `2017-06`; None for anything else.

    Without a year it is the one in which a day of that month would be.
    """
    words = " ".join(text.casefold().split())
    if numbers := re.fullmatch(r"(?:(\d{4})-(\d{1,2})|(\d{1,2})[/.](\d{4}))", words, re.ASCII):
        year, month = int(numbers[1] or numbers[4]), int(numbers[2] or numbers[3])
        return _if_there(year, month, 1) if EARLIEST <= year <= LATEST else None
    named = re.fullmatch(r"([a-z]{3,}\.?)(?: (\d{4}))?", words, re.ASCII)
    which = _month(named[1]) if named else None
    if not named or which is None:
        return None
    if named[2]:
        return _if_there(int(named[2]), which, 1) if EARLIEST <= int(named[2]) <= LATEST else None
    return _in_programme_year(ctx, 1, which, text)


def parse_full_date(text: str) -> date:
    """Return the day written `25/04/2017`, `2017-04-25`, `25 April 2017` or, by a spreadsheet, `2017-04-25 00:00:00`.

    Raises WrongUse for anything that would have to be guessed at.
    """
    words = re.sub(r"[t ]00:00(:00)?$", "", text.strip().casefold())
    written = _day_month_year(words)
    # Of the ways to write a date in full, `25.04.2017` and `april 25 2017` are not the files' own.
    if written is None or len(written[2]) != 4 or not re.match(r"\d{4}-|\d+/|\d+(st|nd|rd|th)? [a-z]", words):
        raise WrongUse(f"Type a date such as 25/04/2017 or 2017-04-25, not '{text}'.")
    return _in_calendar(*written, text)


def parse_typed_time(text: str) -> time:
    """Parse a time as people type it. Raises WrongUse, also where it could be morning or afternoon."""
    return _sure(_clock(_words(text), text), text)


def parse_time_between(text: str, first: time, last: time) -> time:
    """Parse a time as people type it; one of the morning or afternoon is read as the one between the two times.

    Raises WrongUse, also where it still could be both.
    """
    found = _clock(_words(text), text)
    fitting = [each for each in found.readings if first <= each <= last]
    return fitting[0] if len(fitting) == 1 else _sure(found, text)


def parse_file_date(text: str) -> date:
    """Return the day of a cell, as spreadsheets and people write it: `25-Apr-17`, `Tue 25/04/17`, `42850`.

    A time of day behind it is left out. Raises WrongUse for anything that would have to be guessed at.
    """
    words = re.sub(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?( ?(z|gmt|utc|bst))?$", "", _words(text))
    if names_a_week(text):
        raise WrongUse(f"'{text.strip()}' is a week, not a day.")
    if names_several_days(text):
        raise WrongUse(f"'{text.strip()}' names more than one day. Put each session on its own line.")
    if re.fullmatch(r"[1-9]\d{4}(\.\d+)?", words, re.ASCII):
        return date(1899, 12, 30) + timedelta(days=int(words[:5]))  # the day Excel counts from
    weekday, rest = _weekday_first(words)
    words = rest if weekday is not None and rest else words
    words = re.sub(r"^(\d{1,2})[-/. ]([a-z]{3,9}\.?)[-/. ](\d{4}|\d{2})$", r"\1 \2 \3", words)
    words = re.sub(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", r"\1-\2-\3", words)
    written = _day_month_year(words) if words.isascii() else None
    if written is None:
        raise WrongUse(f"Type a date such as 25/04/2017 or 2017-04-25, not '{text.strip()}'.")
    number, month, year = written
    if not year:
        raise WrongUse(f"'{text.strip()}' has no year. Type the full date, such as 25/04/2017.")
    if month > 12 >= number and number:
        raise WrongUse(
            f"There is no {text.strip()} in the calendar: the day comes before the month. Write {month:02}/{number:02}/"
            f"{year} if you mean that day."
        )
    if len(year) == 2:
        year = f"{20 if int(year) < CENTURY else 19}{year}"
    found = _in_calendar(number, month, year, text)
    if weekday is not None and found.weekday() != weekday:
        raise WrongUse(_other_weekday(found, weekday))
    return found


CENTURY = 50
"""The two figures of a year from which a file means the 20th century, as spreadsheets do."""


def names_a_week(text: str) -> bool:
    """Return whether a text names a week, such as `w/c 5 June 2017`."""
    return re.match(r"(w/?c|wk|week)\b", _words(text)) is not None


def names_several_days(text: str) -> bool:
    """Return whether a text names several days, such as `25 & 26 April 2017` or `25/04/2017, 02/05/2017`."""
    words = _words(text)
    joined = r"\d{1,2}(?:st|nd|rd|th)? ?(?:&|\+|and|to|-|–|—) ?\d{1,2}(?:st|nd|rd|th)? ?[a-z]{3,}"
    apart = r"\d[-/. ](?:\d{4}|\d{2}) ?(?:&|\+|and|to|–|—|;| ) ?\d{1,2}[-/. ]"
    return re.search(rf"{joined}|{apart}", words) is not None or bool(re.search(r"\d ?(&|;|\band\b) ?[\da-z]", words))


def parse_file_time(text: str) -> time:
    """Return the time of a cell: `9.30am`, `0930`, `noon` or, as a part of the day, `0.395833333`.

    Raises WrongUse for an hour alone, and where it could be morning or afternoon.
    """
    words = re.sub(r" ?(hrs?|hours|h)\.?$", "", _words(text))
    if re.fullmatch(r"0?\.\d+", words, re.ASCII):
        if re.fullmatch(r"0?\.[0-5]\d", words):
            raise _not_a_time(text)
        return (datetime.min + timedelta(minutes=round(float(words) * 24 * 60) % (24 * 60))).time()
    if not words.startswith(("noon", "midday")) and (words.isalpha() or (len(words) < 3 and words.isdecimal())):
        raise _not_a_time(text)
    return _sure(_clock(words, text), text)


def parse_file_moment(text: str) -> datetime:
    """Return the moment of a cell as forms stamp it, such as `2017/06/12 2:05:09 PM GMT+1` or `42850.5`; midnight
    where no time stands with the day.

    Raises WrongUse.
    """
    words = re.sub(r" ?(z|(gmt|utc|bst|est|edt)([+-]\d+(:\d+)?)?|[+-]\d{2}:?\d{2})$", "", _words(text))
    words = re.sub(r"^(\d{4}-\d{1,2}-\d{1,2})t", r"\1 ", words)
    if found := re.fullmatch(r"([1-9]\d{4})\.(\d+)", words, re.ASCII):
        on = parse_file_date(found[1])
        return datetime.combine(on, time()) + timedelta(minutes=round(float(f"0.{found[2]}") * 24 * 60))
    found = re.fullmatch(
        r"(.*?)[ ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?(?: ?([ap])\.?m\.?)?", words, re.ASCII
    )
    if not found:
        return datetime.combine(parse_file_date(words), time())
    hour, minute = int(found[2]), int(found[3])
    if found[5]:
        hour = hour % 12 + 12 * (found[5] == "p")
    if hour > 23 or minute > 59:
        raise _not_a_time(text)
    return datetime.combine(parse_file_date(found[1]), time(hour, minute))


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Return the moment written `2017-06-12` (taken as nine in the morning) or `2017-06-12T14:30`, aware.

    It is in the zone where it names none itself. Raises WrongUse.
    """
    day, _, hours = text.strip().replace("T", " ").partition(" ")
    try:
        moment = datetime.combine(parse_full_date(day), time.fromisoformat(hours) if hours else time(9))
    except (ValueError, WrongUse):
        raise WrongUse(f"'{text}' cannot be used as today's date.", Remedy(RemedyKind.CORRECT_MOMENT)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_time_range(text: str) -> tuple[time, time | None]:
    """Parse `9.30-12.30`, `1pm to 4` or a start alone into start and end. Raises WrongUse."""
    parts = re.split(r"\s*(?:-|–|—|\bto\b|\bto(?=\d)|\buntil\b)\s*", _words(text))
    if len(parts) == 1:
        return parse_typed_time(text), None
    if len(parts) != 2 or not all(parts):
        raise WrongUse(f"Type times such as {WHEN_HINT.split()[-1]}, not '{text.strip()}'.")
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
    raise WrongUse(f"'{text.strip()}' ends before it starts. Type the start first, such as 9.30-12.30.")


def parse_day_and_times(ctx: Context, text: str) -> TypedDay:
    """Return the day that was typed, with or without times behind it. Raises WrongUse."""
    words = _words(text)
    head, _, last = words.rpartition(" ")
    if re.fullmatch(r"\d\d?", last):
        if re.search(r"\d.* ?[a-z]{3,}$", head) and len(last) == 2 and int(last) < 24:
            raise WrongUse(f"Is {last} in '{text.strip()}' a year or an hour? Type 20{last}, or {last}:00.")
        if _weekday(head) is not None:
            raise WrongUse(f"Is {last} in '{text.strip()}' a day or an hour? Type the month too, or {last}:00.")
    on, rest = words, ""
    found = re.search(rf" (?:at |from )?({_TIMES})$", words)
    if found:
        head = words[: found.start()].strip()
        if head not in ("in", "+") and _month(head) is None:
            on, rest = head, found[1]
    start, end = parse_time_range(rest) if rest else (None, None)
    return TypedDay(parse_typed_day(ctx, on), start, end)


@dataclass(frozen=True, slots=True)
class _Clock:
    """The times that typed digits can mean; `said` is true where am or pm was typed or the hour leaves no doubt."""

    readings: list[time]
    said: bool


_ONE = r"(?:noon|midday|\d{1,2}(?:[:.]\d{2})?(?::00)? ?(?:[ap]\.?m\.?)?|(?:0\d|1[0-8])\d\d)"
"""Behind a month, `2017` is a year; four figures of the evening need a colon there."""
_TIMES = rf"{_ONE}(?: ?(?:-|–|to) ?{_ONE})?"


def _clock(words: str, text: str) -> _Clock:
    if words in ("noon", "midday"):
        return _Clock([time(12)], said=True)
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)? ?([ap]\.?m\.?)?|(\d{1,2})(\d{2})", words, re.ASCII)
    if not found:
        raise _not_a_time(text)
    hour, minute = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    half = found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise WrongUse(f"There is no such time as '{words}'. Type a time such as 09:30, 9.30 or 2pm.")
    if half:
        return _Clock([time(hour % 12 + 12 * (half[0] == "p"), minute)], said=True)
    if 1 <= hour <= 6 and not words.startswith("0"):
        return _Clock([time(hour, minute), time(hour + 12, minute)], said=False)
    return _Clock([time(hour, minute)], said=hour > 12)


def _not_a_time(text: str) -> WrongUse:
    return WrongUse(f"Type a time such as 09:30, 9.30 or 2pm, not '{text.strip()}'.")


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
    found = [number for number, name in enumerate(DAY_NAMES) if len(word) > 2 and name.casefold().startswith(word)]
    return found[0] if found else None


def _month(word: str) -> int | None:
    word = word.rstrip(".")
    found = [number for number, name in enumerate(MONTH_NAMES, 1) if len(word) > 2 and name.casefold().startswith(word)]
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
        name = DAY_NAMES[weekday]
        raise WrongUse(f"Today is a {name}. Type today, or next {name[:3].lower()} for a week from today.")
    return _shifted(today, ahead + (7 if rest else 0))


def _shifted(today: date, days: int) -> date:
    try:
        found = today + timedelta(days=days)
    except OverflowError:
        raise WrongUse("That date is too far away.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise WrongUse("That date is too far away.")
    return found


def _day_month_year(words: str) -> tuple[int, int, str] | None:
    """Day, month and year as they were written, the year empty where there is none; None for what is no date."""
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words, re.ASCII):
        return int(iso[3]), int(iso[2]), iso[1]
    if numbers := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?", words, re.ASCII):
        return int(numbers[1]), int(numbers[3]), numbers[4] or ""
    named = re.fullmatch(
        r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ?([a-z]{3,}\.?)(?: (\d{4}|\d{2}))?"
        r"|([a-z]{3,}\.?) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}|\d{2}))?",
        words,
        re.ASCII,
    )
    month = _month(named[2] or named[4]) if named else None
    if not named or month is None:
        return None
    return int(named[1] or named[5]), month, named[3] or named[6] or ""


def _in_calendar(number: int, month: int, year: str, text: str) -> date:
    full = int(year) + (2000 if len(year) == 2 else 0)
    found = _if_there(full, month, number) if EARLIEST <= full <= LATEST else None
    if found is None:
        raise _no_such_day(text)
    return found


def _no_such_day(text: str) -> WrongUse:
    return WrongUse(f"There is no such date as {text.strip()}. Check the day, the month and the year.")


def _in_programme_year(ctx: Context, number: int, month: int, text: str) -> date:
    year = programme_years.current_programme_year(ctx) + (month < ctx.first_month)
    found = _if_there(year, month, number)
    if found is None or ctx.today() - found > LONG_AGO:
        found = _if_there(year + 1, month, number)
    if found is None:
        raise _no_such_day(text)
    return found


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
        f"{found.day} {MONTH_NAMES[found.month - 1]} {found.year} is a {DAY_NAMES[found.weekday()]}, "
        f"not a {DAY_NAMES[weekday]}. Type {format_date(found)} or {format_date(closest)}."
    )


def _not_a_date(text: str) -> WrongUse:
    typed = text.strip()
    if not typed:
        return WrongUse(f"A date is missing. Type one such as {DATE_HINT} or 25/04/2017.")
    return WrongUse(f"Type a date such as {DATE_HINT} or 25/04/2017, not '{typed}'.")
