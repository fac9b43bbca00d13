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
    assert workdays.next_working_day(date(2017, 6, 11)) == date(2017, 6, 12)  # from a Sunday


def test_bank_holidays_have_their_names_and_may_span_years() -> None:
    found = workdays.bank_holidays(date(2017, 12, 25), date(2018, 1, 1))
    assert list(found) == [date(2017, 12, 25), date(2017, 12, 26), date(2018, 1, 1)]
    assert "Christmas" in found[date(2017, 12, 25)]
    assert workdays.bank_holidays(date(2017, 6, 1), date(2017, 6, 30)) == {}


def test_bank_holidays_come_by_date() -> None:
    found = list(workdays.bank_holidays(date(2016, 1, 1), date(2022, 12, 31)))
    assert len(found) > 50
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2017, 4, 14), "Good Friday"), (date(2017, 6, 10), "a Saturday"), (date(2017, 6, 11), "a Sunday")],
)
def test_a_day_off_is_named_by_its_holiday_or_by_its_weekday(day: date, name: str) -> None:
    assert workdays.day_off_name(day) == name
