"""Programme years, written 2017/18; the month they begin with is policy, so the Context has it."""

import re
from calendar import monthrange
from datetime import date, timedelta

from csc_tui.base.context import Context
from db.errors import WrongUse

EARLIEST, LATEST = 1900, 2999
"""Years in which a date makes sense; beyond them it was mistyped."""


def current_programme_year(ctx: Context) -> int:
    """Return the calendar year in which the programme year of today begins."""
    return programme_year_of(ctx.today(), ctx.first_month)


def parse_asked_year(ctx: Context, text: str | None) -> int:
    """Return the programme year that was asked for, or that of today where none was. Raises WrongUse."""
    return parse_programme_year(text) if text else current_programme_year(ctx)


def programme_year_of(day: date, first_month: int) -> int:
    """Return the calendar year in which the programme year of a day begins."""
    return day.year if day.month >= first_month else day.year - 1


def programme_year_label(start: int) -> str:
    """Return a programme year as it is written: `2017/18`."""
    return f"{start}/{(start + 1) % 100:02d}"


def parse_programme_year(text: str) -> int:
    """Parse `2017/18`, `2017-18` or `2017` into 2017. Raises WrongUse."""
    found = re.fullmatch(r"(\d{4})(?:[/-](\d{2}|\d{4}))?", text.strip(), re.ASCII)
    if not found or not EARLIEST <= int(found[1]) < LATEST:
        raise WrongUse(f"Type a programme year such as 2017/18, not '{text}'.")
    start, end = int(found[1]), found[2]
    if end and int(end) not in (start + 1, (start + 1) % 100):
        raise WrongUse(f"'{text}' is not one year: {start} is followed by {(start + 1) % 100:02d}.")
    return start


def programme_year_bounds(start: int, first_month: int) -> tuple[date, date]:
    """Return the first and the last day of a programme year."""
    return date(start, first_month, 1), date(start + 1, first_month, 1) - timedelta(days=1)


def programme_year_months(start: int, first_month: int) -> list[tuple[int, int]]:
    """Return the twelve months of a programme year as (year, month)."""
    return [
        (start + (first_month - 1 + step) // 12, (first_month - 1 + step) % 12 + 1)
        for step in range(12)
    ]  # fmt: skip


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
