"""Programme years."""

from datetime import date

import pytest

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from db.errors import WrongUse


@pytest.mark.parametrize(
    ("day", "first_month", "start"),
    [
        (date(2017, 3, 31), 4, 2016),
        (date(2017, 4, 1), 4, 2017),
        (date(2018, 3, 31), 4, 2017),
        (date(2017, 8, 31), 9, 2016),
        (date(2017, 1, 1), 1, 2017),
    ],
)
def test_a_day_belongs_to_the_year_that_began_last(day: date, first_month: int, start: int) -> None:
    assert programme_years.programme_year_of(day, first_month) == start
    first, last = programme_years.programme_year_bounds(start, first_month)
    assert first <= day <= last


@pytest.mark.parametrize("typed", ["2017/18", "2017-18", "2017/2018", "2017", " 2017/18 "])
def test_a_year_is_read_as_it_is_written(typed: str) -> None:
    assert programme_years.parse_programme_year(typed) == 2017


@pytest.mark.parametrize("typed", ["", "17/18", "2017/19", "2017/2019", "2017/3018", "0000", "9999/00", "2999", "next"])
def test_what_is_no_year_is_refused(typed: str) -> None:
    with pytest.raises(WrongUse, match="year"):
        programme_years.parse_programme_year(typed)


@pytest.mark.parametrize(("start", "label"), [(2017, "2017/18"), (1999, "1999/00"), (2009, "2009/10")])
def test_a_year_is_written_with_both_its_halves_and_read_back(start: int, label: str) -> None:
    assert programme_years.programme_year_label(start) == label
    assert programme_years.parse_programme_year(label) == start


def test_a_year_has_twelve_months_from_april_to_march() -> None:
    assert programme_years.programme_year_months(2017, 4)[0] == (2017, 4)
    assert programme_years.programme_year_months(2017, 4)[8:10] == [(2017, 12), (2018, 1)]
    assert programme_years.programme_year_months(2017, 4)[-1] == (2018, 3)
    assert len(programme_years.programme_year_months(2017, 4)) == 12
    assert programme_years.programme_year_bounds(2017, 4) == (date(2017, 4, 1), date(2018, 3, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2017-01-31", 1, "2017-02-28"),
        ("2016-01-31", 1, "2016-02-29"),
        ("2017-03-31", -1, "2017-02-28"),
        ("2017-12-15", 1, "2018-01-15"),
        ("2017-01-15", -1, "2016-12-15"),
        ("2016-02-29", 12, "2017-02-28"),
        ("2017-11-15", 2, "2018-01-15"),
        ("2017-12-31", 36, "2020-12-31"),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: str, months: int, then: str) -> None:
    assert programme_years.months_later(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_the_first_and_the_last_year_that_make_sense_are_read() -> None:
    assert programme_years.parse_programme_year("1900/01") == 1900
    assert programme_years.parse_programme_year("2998/99") == 2998
    with pytest.raises(WrongUse, match="such as 2017/18"):
        programme_years.parse_programme_year("1899/00")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2017/19", "'2017/19' is not one year: 2017 is followed by 18."),
        ("1999/01", "'1999/01' is not one year: 1999 is followed by 00."),
        ("2008/10", "'2008/10' is not one year: 2008 is followed by 09."),
    ],
)
def test_the_refusal_says_which_half_follows(typed: str, said: str) -> None:
    with pytest.raises(WrongUse) as problem:
        programme_years.parse_programme_year(typed)
    assert str(problem.value) == said


def test_the_year_asked_for_is_that_of_today_where_none_was_named(ctx: Context) -> None:
    assert programme_years.parse_asked_year(ctx, "2015/16") == 2015
    assert programme_years.parse_asked_year(ctx, "") == 2017
    assert programme_years.parse_asked_year(ctx, None) == 2017
