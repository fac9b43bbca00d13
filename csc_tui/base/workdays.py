"""Working days: all but weekends and the bank holidays of England and Wales."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache


@cache
def _holidays(year: int) -> Mapping[date, str]:
    import holidays

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB"))


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """Return each bank holiday between two days, both included, with its name."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in sorted(_holidays(year).items())
        if first <= day <= last
    }


def is_working_day(day: date) -> bool:
    """Return whether the day is neither at a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def day_off_name(day: date) -> str:
    """Return why the day is not a working day: the holiday's name, or `a Saturday`."""
    return _holidays(day.year).get(day) or f"a {day:%A}"


def next_working_day(day: date) -> date:
    """Return the day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """Return the date that lies `count` working days before the day."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day
