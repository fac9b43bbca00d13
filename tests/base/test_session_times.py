"""Dates and times as people type them."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from csc_tui.base import session_times
from csc_tui.cli.lookups import iso_date
from db.errors import RuleBroken, WrongUse

LONDON = ZoneInfo("Europe/London")
GOOD = [
    ("25/04/2017", date(2017, 4, 25)),
    ("2017-04-25", date(2017, 4, 25)),
    ("5/4/2017", date(2017, 4, 5)),
    (" 2017-4-5 ", date(2017, 4, 5)),
    ("29/02/2016", date(2016, 2, 29)),
    ("31/12/2999", date(2999, 12, 31)),
    ("01/01/1900", date(1900, 1, 1)),
]
BAD = [
    "", "tomorrow", "30/02/2017", "2017-02-30", "29/02/2017", "29/02/1900", "31/04/2017", "00/01/2017", "2017-13-01",
    "25/04/17", "25.04.2017", "25-04-2017", "2017/04/25", "2017-04", "2017-04-25-01", "2017-04-025", "0001-01-01",
    "9999-01-01", "２０１７-04-25", "+2017-04-25", "2017-04-25T09:00", "2017- 4-25",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "day"), GOOD)
def test_a_date_is_read_in_both_ways_of_writing_it(typed: str, day: date) -> None:
    assert session_times.parse_date(typed) == day


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_date_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(WrongUse, match=r"calendar|typed"):
        session_times.parse_date(typed)


@pytest.mark.parametrize("typed", [*(typed for typed, _ in GOOD), *BAD])
def test_the_short_way_of_the_look_ups_reads_the_same_dates(typed: str) -> None:
    try:
        long_way = session_times.parse_date(typed).isoformat()
    except WrongUse:
        long_way = ""
    assert iso_date(typed) == long_way


@pytest.mark.parametrize(
    ("typed", "moment"),
    [("09:30", time(9, 30)), ("9:30", time(9, 30)), ("0930", time(9, 30)), ("09.30", time(9, 30)),
     ("23:59", time(23, 59)), ("00:00", time(0)), ("09:30:00", time(9, 30))],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(typed: str, moment: time) -> None:
    assert session_times.parse_time(typed) == moment


@pytest.mark.parametrize("typed", ["", "9", "24:00", "09:60", "half past nine", "09:30:30", "٠٩:٣٠"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(WrongUse, match="typed 09:30"):
        session_times.parse_time(typed)


@pytest.mark.parametrize(
    ("day", "start", "end", "why"),
    [
        (date(2017, 6, 12), time(9), time(9), "end after it starts"),
        (date(2017, 6, 12), time(9), time(8), "end after it starts"),
        (date(2017, 3, 26), time(1, 30), time(3), "does not exist"),
        (date(2017, 10, 29), time(1, 30), time(3), "comes twice"),
        (date(2017, 10, 29), time(0, 30), time(1, 30), "comes twice"),
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
