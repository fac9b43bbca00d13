"""Working days: weekends and the bank holidays of England and Wales are none."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache


@cache
def _holidays(year: int) -> Mapping[date, str]:
    import holidays

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB"))


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """Each bank holiday from first to last, with its name."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in sorted(_holidays(year).items())
        if first <= day <= last
    }


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def day_off_name(day: date) -> str:
    """What keeps the day from being a working day: the holiday's name, or `a Saturday`."""
    return _holidays(day.year).get(day) or f"a {day:%A}"


def next_working_day(day: date) -> date:
    """The day itself or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The date that lies `count` working days before the day."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day
