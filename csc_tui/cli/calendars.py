"""A month or a year as lines of text to look at."""

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from csc_tui import text
from csc_tui.domain import workdays, years
from csc_tui.domain.timing import EARLIEST, LATEST
from db.errors import WrongUse
from db.records import SessionLine

BAR = "▁▂▃▄▅▆▇█"


def month_bounds(month: str) -> tuple[date, date]:
    """First and last day of `2017-06`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", month.strip(), re.ASCII)
    if not found or not 1 <= int(found[2]) <= 12 or not EARLIEST <= int(found[1]) <= LATEST:
        raise WrongUse(f"A month is written 2017-06, not '{month}'.")
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def month_page(sessions: Sequence[SessionLine], first: date, today: date) -> str:
    """A grid of the month with the number of sessions on each day, then the sessions.

    `*` marks a bank holiday and brackets mark today.
    """
    load = Counter(each.date for each in sessions if each.state != "cancelled")
    holidays = workdays.bank_holidays(first, month_bounds(f"{first:%Y-%m}")[1])
    lines = [f"{first:%B %Y}", "  ".join(f"{day:>6}" for day in text.DAYS)]
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        lines.append("  ".join(_day(day, first.month, load, holidays, today) for day in week).rstrip())
    lines += [f"* {day:%d/%m} {name}" for day, name in holidays.items()]
    return "\n".join([*lines, "", *map(session_line, sessions)])


def _day(day: date, month: int, load: Counter[str], holidays: dict[date, str], today: date) -> str:
    if day.month != month:
        return " " * 6
    number = f"[{day.day}]" if day == today else str(day.day)
    many = load[day.isoformat()]
    return f"{number + ('*' if day in holidays else ''):>4}{f':{many}' if many else '':<2}"


def year_page(sessions: Sequence[SessionLine], first: date, last: date) -> str:
    """A strip of the twelve months with their load, then each month's events."""
    dated = [each for each in sessions if each.date]
    load = Counter(each.date[:7] for each in dated if each.state != "cancelled")
    months = [f"{first.year + (first.month - 1 + i) // 12}-{(first.month - 1 + i) % 12 + 1:02d}" for i in range(12)]
    most = max([*load.values(), 1])
    names = "  ".join(text.MONTHS[int(month[5:]) - 1] for month in months)
    bars = "  ".join(BAR[(len(BAR) - 1) * load[month] // most] * 3 if load[month] else "  ." for month in months)
    counts = "  ".join(f"{load[month]:>3}" for month in months)
    lines = [
        f"Programme year {first.year}/{last.year % 100:02d}: {text.count(len(dated), 'session')}",
        names,
        bars,
        counts,
    ]
    for month in months:
        lines += ["", f"{text.MONTHS[int(month[5:]) - 1]} {month[:4]}"]
        lines += [session_line(each) for each in dated if each.date.startswith(month)] or ["  nothing"]
    undated = [each for each in sessions if not each.date]
    if undated:
        lines += ["", f"To be confirmed: {text.count(len(undated), 'session')}", *map(session_line, undated)]
    return "\n".join(lines)


def session_line(session: SessionLine) -> str:
    """One session on one line, its state in words where it is not simply open."""
    when = (
        f"{text.show_date(session.date)[:10]} {text.show_times(session.start, session.end)}" if session.date else "TBC"
    )
    state = "" if session.state == "open" else f" ({session.state})"
    places = f"{session.booked}/{session.capacity}" + (f" +{session.waiting} waiting" if session.waiting else "")
    where = ", ".join(filter(None, (session.venue, session.room)))
    return f"  {when:<22} {session.event:<13} {session.module:<17} {places:>7}  {where}{state}"
