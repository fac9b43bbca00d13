"""When a session can be."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from csc_tui.base import session_times
from db.errors import RuleBroken

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("day", "start", "end", "why"),
    [
        (date(2017, 6, 12), time(9), time(9), "end after it starts"),
        (date(2017, 6, 12), time(9), time(8), "end after it starts"),
        (date(2017, 3, 26), time(1, 30), time(3), "does not exist"),
        (date(2017, 10, 29), time(1, 30), time(3), "happens twice"),
        (date(2017, 10, 29), time(0, 30), time(1, 30), "happens twice"),
    ],
)
def test_a_session_takes_a_time_that_is_there_once(day: date, start: time, end: time, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        session_times.check_session_times(day, start, end, LONDON)


@pytest.mark.parametrize("day", [date(2017, 3, 26), date(2017, 10, 29), date(2017, 6, 12)])
def test_the_days_of_the_clock_change_have_good_times_too(day: date) -> None:
    session_times.check_session_times(day, time(9), time(12), LONDON)


def test_a_length_is_kept_and_never_runs_over_midnight() -> None:
    assert session_times.later_same_day(time(9, 30), session_times.time_between(time(13), time(16))) == time(12, 30)
    with pytest.raises(RuleBroken, match="22:30 and lasts 3:00 hours would end after midnight"):
        session_times.later_same_day(time(22, 30), timedelta(hours=3))
