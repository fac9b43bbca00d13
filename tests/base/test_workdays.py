"""Working days of England and Wales."""

from datetime import date

import pytest

from csc_tui.base import workdays


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2017, 6, 12), True),
        (date(2017, 6, 10), False),  # Saturday
        (date(2017, 4, 14), False),  # Good Friday
        (date(2017, 4, 17), False),  # Easter Monday
        (date(2017, 5, 1), False),
        (date(2017, 5, 29), False),
        (date(2017, 8, 28), False),
        (date(2017, 8, 7), True),  # a holiday in Scotland alone
        (date(2017, 1, 2), False),  # 1 January was a Sunday
        (date(2020, 5, 8), False),  # moved for VE Day
        (date(2020, 5, 4), True),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day: date, working: bool) -> None:
    assert workdays.is_working_day(day) is working


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2017, 6, 12), 0, date(2017, 6, 12)),
        (date(2017, 6, 12), 1, date(2017, 6, 9)),
        (date(2017, 6, 12), 5, date(2017, 6, 5)),
        (date(2017, 4, 18), 1, date(2017, 4, 13)),  # over Easter
        (date(2018, 1, 2), 2, date(2017, 12, 28)),  # over New Year
    ],
)
def test_counting_back_skips_what_is_no_working_day(day: date, count: int, before: date) -> None:
    assert workdays.working_days_before(day, count) == before


def test_the_next_working_day_is_the_day_itself_where_it_is_one() -> None:
    assert workdays.next_working_day(date(2017, 6, 12)) == date(2017, 6, 12)
    assert workdays.next_working_day(date(2017, 4, 14)) == date(2017, 4, 18)


def test_bank_holidays_have_their_names_and_may_span_years() -> None:
    found = workdays.bank_holidays(date(2017, 12, 25), date(2018, 1, 1))
    assert list(found) == [date(2017, 12, 25), date(2017, 12, 26), date(2018, 1, 1)]
    assert "Christmas" in found[date(2017, 12, 25)]
    assert workdays.bank_holidays(date(2017, 6, 1), date(2017, 6, 30)) == {}
