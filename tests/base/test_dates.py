"""Dates and times as people type them in a field: what is meant, and what is said of what cannot be meant."""

import contextlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_tui.base import dates
from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.dates import TypedDay
from csc_tui.base.text import format_date
from csc_tui.cli.lookups import iso_date
from db.errors import WrongUse
from db.records.startup import Role

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
CLOCKS = st.times().map(lambda found: found.replace(second=0, microsecond=0))


def seen_on(today: date, *, first_month: int = 4) -> Context:
    """A Context of that day, in a council whose year begins with that month."""
    moment = datetime.combine(today, time(9), LONDON)
    return Context("ann", lambda: moment, Role.BOOKER, {**DEFAULT_POLICY, "first_month": str(first_month)})


TODAY = seen_on(date(2017, 6, 12))  # a Monday
FULL = [
    ("25/04/2017", date(2017, 4, 25)),
    ("2017-04-25", date(2017, 4, 25)),
    ("5/4/2017", date(2017, 4, 5)),
    (" 2017-4-5 ", date(2017, 4, 5)),
    ("29/02/2016", date(2016, 2, 29)),
    ("31/12/2999", date(2999, 12, 31)),
    ("01/01/1900", date(1900, 1, 1)),
]
IN_WORDS = [
    ("25 April 2017", date(2017, 4, 25)),
    ("25 apr 2017", date(2017, 4, 25)),
    ("25th April 2017", date(2017, 4, 25)),
    ("1 sept. 2017", date(2017, 9, 1)),
    ("2017-04-25 00:00:00", date(2017, 4, 25)),
]
NOT_FULL = [
    "", "tomorrow", "30/02/2017", "2017-02-30", "29/02/2017", "29/02/1900", "31/04/2017", "00/01/2017", "2017-13-01",
    "25/04/17", "25.04.2017", "25-04-2017", "2017/04/25", "2017-04", "2017-04-25-01", "2017-04-025", "0001-01-01",
    "9999-01-01", "２０１７-04-25", "+2017-04-25", "2017-04-25T09:00", "2017- 4-25", "25/4", "25 april", "25 April 17",
    "25 Bril 2017", "31 April 2017", "April 2017", "April 25 2017", "tue 25 april 2017", "42850", "next tue", "+7",
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", "2017-06-12"), ("Tomorrow", "2017-06-13"), ("yesterday", "2017-06-11"), ("tom", "2017-06-13"),
        ("14/6", "2017-06-14"), ("14/06/17", "2017-06-14"), ("14/6/2017", "2017-06-14"), ("2017-06-14", "2017-06-14"),
        ("14.6", "2017-06-14"), ("14-6-2017", "2017-06-14"),
        ("14 june", "2017-06-14"), ("14th june", "2017-06-14"), ("the 14th of June", "2017-06-14"),
        ("June 14", "2017-06-14"), ("jun 14 2018", "2018-06-14"), ("14 Sept.", "2017-09-14"), ("14june", "2017-06-14"),
        ("wed 14 june", "2017-06-14"), ("Wednesday, 14 June 2017", "2017-06-14"), ("wednes 14/6", "2017-06-14"),
        ("tue", "2017-06-13"), ("sun", "2017-06-18"), ("this fri", "2017-06-16"), ("next tue", "2017-06-20"),
        ("next mon", "2017-06-19"), ("tue week", "2017-06-20"), ("mon week", "2017-06-19"),
        ("in 2 weeks", "2017-06-26"), ("in 1 day", "2017-06-13"), ("+10", "2017-06-22"), ("+2w", "2017-06-26"),
        ("12/1", "2018-01-12"), ("4 april", "2017-04-04"), ("12 march", "2018-03-12"), ("31/3", "2018-03-31"),
        ("29/02/2016", "2016-02-29"),
    ],
)  # fmt: skip
def test_a_day_is_what_was_meant(typed: str, meant: str) -> None:
    assert dates.parse_typed_day(TODAY, typed).isoformat() == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("next tue", "2017-06-20"), ("next wed", "2017-06-21"), ("next sun", "2017-06-25"), ("this fri", "2017-06-16"),
        ("this mon", "2017-06-12"), ("tue", "2017-06-20"), ("tue week", "2017-06-27"), ("sun", "2017-06-18"),
    ],
)  # fmt: skip
def test_in_the_middle_of_a_week_next_is_the_week_to_come_and_this_the_one_that_is(typed: str, meant: str) -> None:
    assert dates.parse_typed_day(seen_on(date(2017, 6, 14)), typed).isoformat() == meant


def test_in_march_the_april_to_come_is_meant() -> None:
    assert dates.parse_typed_day(seen_on(date(2018, 3, 5)), "14/4") == date(2018, 4, 14)


def test_a_day_half_a_year_back_is_meant_still_and_the_day_after_it_is_next_years() -> None:
    assert dates.parse_typed_day(seen_on(date(2017, 10, 1)), "1/4") == date(2017, 4, 1)
    assert dates.parse_typed_day(seen_on(date(2017, 10, 2)), "1/4") == date(2018, 4, 1)


def test_a_day_counted_from_today_stays_within_the_years_that_make_sense() -> None:
    assert dates.parse_typed_day(seen_on(date(2999, 12, 30)), "tomorrow") == date(2999, 12, 31)
    assert dates.parse_typed_day(seen_on(date(1900, 1, 2)), "yesterday") == date(1900, 1, 1)
    for today, typed in ((date(2999, 12, 31), "tomorrow"), (date(1900, 1, 1), "yesterday")):
        with pytest.raises(WrongUse, match="too far away"):
            dates.parse_typed_day(seen_on(today), typed)


def test_the_programme_year_begins_when_the_policy_says() -> None:
    assert dates.parse_typed_day(seen_on(date(2017, 6, 12), first_month=9), "14/8") == date(2017, 8, 14)
    assert dates.parse_typed_day(seen_on(date(2017, 6, 12), first_month=9), "14/10") == date(2017, 10, 14)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "A date is missing"),
        ("   ", "A date is missing"),
        ("half nine", "not 'half nine'"),
        ("tue 14 june", "14 June 2017 is a Wednesday, not a Tuesday. Type Wed 14 Jun 2017 or Tue 13 Jun 2017."),
        ("mon 18/6/2017", "is a Sunday, not a Monday. Type Sun 18 Jun 2017 or Mon 19 Jun 2017."),
        ("sat 14/6", "14 June 2017 is a Wednesday, not a Saturday. Type Wed 14 Jun 2017 or Sat 17 Jun 2017."),
        ("mon", "Today is a Monday. Type today, or next mon for a week from today."),
        ("31 june", "There is no such date as 31 june"),
        ("29 feb", "There is no such date as 29 feb"),
        ("14/13", "There is no such date as 14/13"),
        ("30/02/2017", "There is no such date as 30/02/2017"),
        ("0/6", "There is no such date as 0/6"),
        ("14/6/0001", "There is no such date as 14/6/0001"),
        ("in 9999 weeks and a day", "not 'in 9999"),
        ("14", "not '14'"),
        ("juneteenth", "not 'juneteenth'"),
        ("next june", "not 'next june'"),
        ("this june", "not 'this june'"),
        ("last fri", "not 'last fri'"),
        ("tu", "not 'tu'"),
        ("14 brumaire", "not '14 brumaire'"),
        ("٢٠١٧-٠٦-١٤", "not '٢٠١٧-٠٦-١٤'"),
        ("14/6/2017/2", "not '14/6/2017/2'"),
        ("+١٠", "not '+١٠'"),
        ("in ٢ weeks", "not 'in ٢ weeks'"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(WrongUse) as refused:
        dates.parse_typed_day(TODAY, typed)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9.30", time(9, 30)), ("09:30", time(9, 30)), ("0930", time(9, 30)), ("9", time(9)), ("9am", time(9)),
        ("2pm", time(14)), ("2.30 pm", time(14, 30)), ("14:00", time(14)), ("noon", time(12)), ("12pm", time(12)),
        ("12am", time(0)), ("02:30", time(2, 30)), ("09:30:00", time(9, 30)), ("2015", time(20, 15)),
        ("7", time(7)),
    ],
)  # fmt: skip
def test_a_time_is_what_was_meant(typed: str, meant: time) -> None:
    assert dates.parse_typed_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2.30", "Is 2.30 in the morning or in the afternoon? Type 02:30 or 14:30."),
        ("2", "Type 02:00 or 14:00."),
        ("1", "Type 01:00 or 13:00."),
        ("6", "Type 06:00 or 18:00."),
        ("25:00", "There is no such time as '25:00'"),
        ("9.75", "There is no such time as '9.75'"),
        ("13pm", "There is no such time as '13pm'"),
        ("0am", "There is no such time as '0am'"),
        ("24", "There is no such time as '24'"),
        ("half nine", "Type a time such as 09:30, 9.30 or 2pm, not 'half nine'."),
        ("", "not ''"),
        ("٠٩:٣٠", "Type a time such as"),
    ],
)
def test_a_time_that_cannot_be_or_might_be_two_is_asked_for_again(typed: str, sentence: str) -> None:
    with pytest.raises(WrongUse) as refused:
        dates.parse_typed_time(typed)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("9.30-12.30", time(9, 30), time(12, 30)),
        ("9-12", time(9), time(12)),
        ("9.30 to 4", time(9, 30), time(16)),
        ("1-4pm", time(13), time(16)),
        ("1-11am", time(1), time(11)),
        ("02:30-4", time(2, 30), time(4)),  # the first end that comes after it
        ("11-1pm", time(11), time(13)),
        ("9am – noon", time(9), time(12)),
        ("1.30-16.30", time(13, 30), time(16, 30)),
        ("13:30-16:30", time(13, 30), time(16, 30)),
    ],
)
def test_a_start_and_an_end_help_to_understand_each_other(typed: str, start: time, end: time) -> None:
    assert dates.parse_time_range(typed) == (start, end)


def test_where_they_do_not_it_is_asked() -> None:
    with pytest.raises(WrongUse, match=r"Is 1\.30 in the morning or in the afternoon"):
        dates.parse_time_range("1.30-4")
    for typed in ("9.30-", "-9.30", "9-12-14"):
        with pytest.raises(WrongUse, match=f"Type times such as 9.30-12.30, not '{typed}'"):
            dates.parse_time_range(typed)


@pytest.mark.parametrize("typed", ["12.30-9.30", "9.30-9.30", "16-9", "9-12-14", "9.30-", "1-noon", "1-13"])
def test_an_end_stands_behind_its_start(typed: str) -> None:
    with pytest.raises(WrongUse):
        dates.parse_time_range(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wed 14 june 9.30", TypedDay(date(2017, 6, 14), time(9, 30))),
        ("wed 14 june 9.30-12.30", TypedDay(date(2017, 6, 14), time(9, 30), time(12, 30))),
        ("14/6 9-12", TypedDay(date(2017, 6, 14), time(9), time(12))),
        ("14 june 9", TypedDay(date(2017, 6, 14), time(9))),
        ("tomorrow 14", TypedDay(date(2017, 6, 13), time(14))),
        ("in 7", TypedDay(date(2017, 6, 19))),
        ("+ 7", TypedDay(date(2017, 6, 19))),
        ("14 june 2017", TypedDay(date(2017, 6, 14))),
        ("14 june 2018 14:00", TypedDay(date(2018, 6, 14), time(14))),
        ("june 9", TypedDay(date(2017, 6, 9))),
        ("june 9 at 9.30", TypedDay(date(2017, 6, 9), time(9, 30))),
        ("tomorrow 0930", TypedDay(date(2017, 6, 13), time(9, 30))),
        ("next tue 2pm", TypedDay(date(2017, 6, 20), time(14))),
        ("in 2 weeks", TypedDay(date(2017, 6, 26))),
        ("+7", TypedDay(date(2017, 6, 19))),
        ("25/04/2017", TypedDay(date(2017, 4, 25))),
    ],
)
def test_day_and_times_are_typed_in_one_go(typed: str, meant: TypedDay) -> None:
    assert dates.parse_day_and_times(TODAY, typed) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("14 june 17", "Is 17 in '14 june 17' a year or an hour? Type 2017, or 17:00."),
        ("14 june 23", "Is 23 in '14 june 23' a year or an hour? Type 2023, or 23:00."),
        ("14 june 24", "There is no such time as '24'"),
        ("fri 9", "Is 9 in 'fri 9' a day or an hour? Type the month too, or 9:00."),
        ("tue 14 june 9.30", "14 June 2017 is a Wednesday"),
        ("9.30", "There is no such date as 9.30"),
    ],
)
def test_what_might_be_two_things_is_asked_for_again(typed: str, sentence: str) -> None:
    with pytest.raises(WrongUse) as refused:
        dates.parse_day_and_times(TODAY, typed)
    assert sentence in str(refused.value)


@given(DAYS, DAYS)
def test_a_day_written_in_full_is_read_whatever_the_day_of_today(meant: date, today: date) -> None:
    for typed in (format_date(meant), f"{meant:%d/%m/%Y}", meant.isoformat(), f"{meant:%A %d %B %Y}"):
        assert dates.parse_typed_day(seen_on(today), typed) == meant


@given(DAYS, CLOCKS, CLOCKS)
def test_times_behind_a_day_are_read_as_they_were_written(meant: date, one: time, other: time) -> None:
    start, end = sorted((one, other))
    typed = f"{format_date(meant)} {start:%H:%M}"
    assert dates.parse_day_and_times(TODAY, typed) == TypedDay(meant, start)
    if start < end:
        assert dates.parse_day_and_times(TODAY, f"{typed}-{end:%H:%M}") == TypedDay(meant, start, end)


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_never_more_than_a_year_away(meant: date, today: date) -> None:
    typed = f"{meant.day}/{meant.month}"
    if typed == "29/2":
        return
    found = dates.parse_typed_day(seen_on(today), typed)
    assert (found.day, found.month) == (meant.day, meant.month)
    assert -dates.LONG_AGO <= found - today < timedelta(days=366)


@given(st.text(max_size=30) | st.from_regex(r"[0-9a-z/:. +-]{0,20}", fullmatch=True), DAYS)
def test_nothing_that_can_be_typed_ends_in_anything_but_a_day_or_a_sentence(typed: str, today: date) -> None:
    for read in (lambda: dates.parse_day_and_times(seen_on(today), typed), lambda: dates.parse_time_range(typed)):
        with contextlib.suppress(WrongUse):
            read()


@given(DAYS)
def test_what_files_may_say_means_the_same_in_a_field(meant: date) -> None:
    for typed in (f"{meant:%d/%m/%Y}", meant.isoformat()):
        assert dates.parse_typed_day(TODAY, typed) == dates.parse_full_date(typed)


@pytest.mark.parametrize(("typed", "day"), FULL + IN_WORDS)
def test_a_file_writes_its_dates_in_full(typed: str, day: date) -> None:
    assert dates.parse_full_date(typed) == day


@pytest.mark.parametrize("typed", NOT_FULL)
def test_a_date_of_a_file_is_never_guessed_at(typed: str) -> None:
    with pytest.raises(WrongUse, match=r"no such date|Type a date|too far away"):
        dates.parse_full_date(typed)


@pytest.mark.parametrize("typed", [*(typed for typed, _ in FULL), *NOT_FULL])
def test_the_short_way_of_the_look_ups_reads_the_same_dates(typed: str) -> None:
    try:
        long_way = dates.parse_full_date(typed).isoformat()
    except WrongUse:
        long_way = ""
    assert iso_date(typed) == long_way


@pytest.mark.parametrize("year", [1900, 1904, 1970, 2000, 2017, 2100, 2400])
def test_the_short_way_knows_every_february(year: int) -> None:
    for day in (28, 29, 30):
        typed = f"{year}-02-{day}"
        try:
            known = date(year, 2, day).isoformat()
        except ValueError:
            known = ""
        assert iso_date(typed) == known


@pytest.mark.parametrize(
    "typed",
    [
        "25-Apr-17", "2017-04-25T00:00:00", "25.04.2017", "25th April 2017", "Tue 25/04/17", "42850", "25/04/2017",
        "Tuesday, 25 April 2017", "April 25 2017", "2017/04/25", "25-Apr-2017", "25/04/17", "2017-04-25 09:30",
    ],
)  # fmt: skip
def test_a_date_is_read_as_spreadsheets_and_people_write_it(typed: str) -> None:
    assert dates.parse_file_date(typed) == date(2017, 4, 25)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Wed 25/04/17", "25 April 2017 is a Tuesday, not a Wednesday"),
        ("04/25/2017", "the day comes before the month. Write 25/04/2017"),
        ("25/04", "has no year"),
        ("w/c 5 June 2017", "is a week, not a day"),
        ("25 & 26 April 2017", "names more than one day"),
        ("25-26 April 2017", "names more than one day"),
        ("25/04/2017, 02/05/2017", "names more than one day"),
        ("spring", "not 'spring'"),
        ("", "not ''"),
        ("31 June 2017", "There is no such date as 31 June 2017"),
    ],
)
def test_a_date_of_a_file_that_needs_a_guess_is_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(WrongUse) as refused:
        dates.parse_file_date(typed)
    assert sentence in str(refused.value)


def test_two_figures_of_a_year_are_of_the_century_a_spreadsheet_takes() -> None:
    assert dates.parse_file_date("1-Sep-98") == date(1998, 9, 1)
    assert dates.parse_file_date("1-Sep-17") == date(2017, 9, 1)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [("09:30", time(9, 30)), ("9:30", time(9, 30)), ("0930", time(9, 30)), ("930", time(9, 30)),
     ("09.30", time(9, 30)), ("23:59", time(23, 59)), ("00:00", time(0)), ("09:30:00", time(9, 30)),
     ("9:30am", time(9, 30)), ("2 pm", time(14)), ("12pm", time(12)), ("12:15 a.m.", time(0, 15)),
     ("02:30", time(2, 30)), ("noon", time(12)), ("9am", time(9)), ("0.395833333333333", time(9, 30)),
     ("0.6875", time(16, 30)), ("0930hrs", time(9, 30))],
)  # fmt: skip
def test_a_time_of_a_file_is_taken_as_it_stands(typed: str, moment: time) -> None:
    assert dates.parse_file_time(typed) == moment


@pytest.mark.parametrize(
    "typed", ["", "9", "2", "14", "24:00", "09:60", "half past nine", "09:30:30", "٠٩:٣٠", "4.30", "2:30", "0.25"]
)
def test_what_is_no_time_of_a_file_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(WrongUse, match=r"such as 09:30|in the morning or in the afternoon"):
        dates.parse_file_time(typed)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2017/06/12 2:05:09 pm GMT+1", datetime(2017, 6, 12, 14, 5)),
        ("12/06/2017 14:05:09", datetime(2017, 6, 12, 14, 5)),
        ("12/06/2017", datetime(2017, 6, 12)), ("42898.5", datetime(2017, 6, 12, 12)),
        ("2017-06-12T14:05:09Z", datetime(2017, 6, 12, 14, 5)), ("Jun 12, 2017 2:05 PM", datetime(2017, 6, 12, 14, 5)),
    ],
)  # fmt: skip
def test_the_stamp_of_a_form_is_read_as_form_tools_write_it(typed: str, moment: datetime) -> None:
    assert dates.parse_file_moment(typed) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-06-12", "2017-06-12T09:00:00+01:00"),
        ("12/06/2017", "2017-06-12T09:00:00+01:00"),
        ("2017-06-12T14:30", "2017-06-12T14:30:00+01:00"),
        ("12/06/2017 14:30", "2017-06-12T14:30:00+01:00"),
        ("2017-01-12T14:30:05+02:00", "2017-01-12T14:30:05+02:00"),
    ],
)
def test_the_moment_to_take_for_now_is_in_the_zone_of_the_council(text: str, moment: str) -> None:
    assert dates.parse_moment(text, LONDON).isoformat() == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2017-02-30", "2017-06-12T25:00", "14/6"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="cannot be used as today"):
        dates.parse_moment(text, LONDON)
