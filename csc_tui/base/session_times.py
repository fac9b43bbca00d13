"""Reads full dates and times strictly, and checks whether a session can be held at them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.errors import RuleBroken, WrongUse

EARLIEST, LATEST = 1900, 2999
"""First and last year that are accepted; a date outside them was mistyped."""


def parse_date(text: str) -> date:
    """Parse `25/04/2017` or `2017-04-25`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})", text.strip(), re.ASCII)
    if found:
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        try:
            if EARLIEST <= int(year) <= LATEST:
                return date(int(year), int(month), int(day))
        except ValueError:
            pass
        raise WrongUse(f"There is no {text.strip()} in the calendar. Nothing was changed.")
    raise WrongUse(f"A date is typed 25/04/2017 or 2017-04-25, not '{text}'.")


def parse_time(text: str) -> time:
    """Parse `9:30`, `09.30` or `0930`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})(?::00)?", text.strip(), re.ASCII)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    raise WrongUse(f"A time is typed 09:30, not '{text}'.")


def check_session_times(on: date, start: time, end: time, zone: ZoneInfo) -> None:
    """Raise RuleBroken unless the session ends after it starts and both times exist once on that day."""
    if end <= start:
        raise RuleBroken(
            f"A session must end after it starts; {start:%H:%M} to {end:%H:%M} does not. Nothing was changed."
        )
    for moment in (start, end):
        check_wall_clock(datetime.combine(on, moment), zone)


def check_wall_clock(local: datetime, zone: ZoneInfo) -> None:
    """Raise RuleBroken where the change of the clocks skips the time or brings it twice (`local` is naive)."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise RuleBroken(
            f"{local:%H:%M} on {local:%d/%m/%Y} does not exist: the clocks go forward. Nothing was changed. "
            "Take another time."
        )
    raise RuleBroken(
        f"{local:%H:%M} on {local:%d/%m/%Y} comes twice: the clocks go back. Nothing was changed. Take another time."
    )


def time_between(start: time, end: time) -> timedelta:
    """Return how long a session lasts."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def later_same_day(start: time, by: timedelta) -> time:
    """Return the time `by` later on the same day. Raises RuleBroken past midnight."""
    moment = datetime.combine(date(2000, 1, 1), start) + by
    if moment.date() != date(2000, 1, 1):
        hours, minutes = divmod(int(by.total_seconds()) // 60, 60)
        raise RuleBroken(
            f"A session that starts at {start:%H:%M} and lasts {hours}:{minutes:02d} hours would end after midnight. "
            "Nothing was changed. Take an earlier start, or say when it ends."
        )
    return moment.time()
