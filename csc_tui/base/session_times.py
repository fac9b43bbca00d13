"""Reads full dates and times strictly, and checks whether a session can be held at them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from csc_tui.base.text import format_date
from db.errors import RuleBroken


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
            f"{local:%H:%M} on {format_date(local)} does not exist, because the clocks go forward. Nothing was "
            "changed. Choose another time."
        )
    raise RuleBroken(
        f"{local:%H:%M} on {format_date(local)} happens twice, because the clocks go back. Nothing was changed. "
        "Choose another time."
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
            "Nothing was changed. Choose an earlier start, or say when it ends."
        )
    return moment.time()
