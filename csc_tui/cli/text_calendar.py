"""A month or a year of the calendar as lines of text."""

import calendar
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from csc_tui.base import programme_years, workdays
from csc_tui.base import text as base_text
from csc_tui.base.programme_years import EARLIEST, LATEST
from db.errors import WrongUse
from db.records.startup import SessionLine

BAR = "▁▂▃▄▅▆▇█"


def month_bounds(month: str) -> tuple[date, date]:
    """Return the first and last day of `2017-06`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", month.strip(), re.ASCII)
    if not found or not 1 <= int(found[2]) <= 12 or not EARLIEST <= int(found[1]) <= LATEST:
        raise WrongUse(f"Type a month such as 2017-06, not '{month}'.")
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def month_page(sessions: Sequence[SessionLine], first: date, today: date) -> str:
    """Return a grid of the month with the number of sessions on each day; `*` marks a bank holiday, brackets today."""
    load = Counter(each.date for each in sessions if each.state != "cancelled")
    holidays = workdays.bank_holidays(first, month_bounds(f"{first:%Y-%m}")[1])
    lines = [
        f"{first:%B %Y}: {base_text.format_count(len(sessions), 'session')}",
        "  ".join(f"{day:>6}" for day in base_text.DAYS),
    ]
    for week in calendar.monthcalendar(first.year, first.month):
        days = (first.replace(day=day) if day else None for day in week)
        lines.append("  ".join(_day(day, load, holidays, today) for day in days).rstrip())
    return "\n".join([*lines, *(f"* {day:%d/%m} {name}" for day, name in holidays.items())])


def _day(day: date | None, load: Counter[str], holidays: Mapping[date, str], today: date) -> str:
    if day is None:
        return " " * 6
    number = f"[{day.day}]" if day == today else str(day.day)
    many = load[day.isoformat()]
    return f"{number + ('*' if day in holidays else ''):>4}{f':{many}' if many else '':<2}"


def year_page(sessions: Sequence[SessionLine], first: date) -> str:
    """Return a strip of the twelve months with their load."""
    load = Counter(each.date[:7] for each in sessions if each.date and each.state != "cancelled")
    months = [f"{year}-{month:02d}" for year, month in programme_years.programme_year_months(first.year, first.month)]
    most = max([*load.values(), 1])
    undated = sum(not each.date for each in sessions)
    counted = f"{base_text.format_count(len(sessions), 'session')}, {undated or 'none'} of them to be confirmed"
    names = "  ".join(base_text.MONTHS[int(month[5:]) - 1] for month in months)
    bars = "  ".join(BAR[(len(BAR) - 1) * load[month] // most] * 3 if load[month] else "  ." for month in months)
    counts = "  ".join(f"{load[month]:>3}" for month in months)
    return f"Programme year {programme_years.programme_year_label(first.year)}: {counted}\n{names}\n{bars}\n{counts}"
