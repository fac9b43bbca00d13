"""The programme by month and by year."""

import pytest

from tests import builders
from tests.screens.conftest import Window, line_with, pointed, press, seen


async def test_a_day_shows_its_sessions_and_how_full_they_are(window: Window) -> None:
    event = builders.event("BR-04", capacity=4, dates=["2017-06-14"])
    builders.booked(event, "Bo Ek")
    async with window() as pilot:
        await press(pilot, "2")
        assert "June 2017 · 2017/18 · 1 session, 1 of 4 places (25%)" in seen(pilot)
        week = line_with(pilot, "[12]").split()
        assert week[:4] == ["[12]", "13", "14", "1"]
        assert "25%" in seen(pilot)


@pytest.mark.parametrize(
    ("keys", "arrived"),
    [
        (("right",), "Tue 13 Jun 2017"),
        (("left",), "Sun 11 Jun 2017"),
        (("down",), "Mon 19 Jun 2017"),
        (("up",), "Mon 5 Jun 2017"),
        (("pagedown",), "Wed 12 Jul 2017"),
        (("right_square_bracket",), "Wed 12 Jul 2017"),
        (("pageup",), "Fri 12 May 2017"),
        (("greater_than_sign",), "Tue 12 Jun 2018"),
        (("less_than_sign",), "Sun 12 Jun 2016"),
        (("end",), "Fri 30 Jun 2017"),
        (("end", "home"), "Thu 1 Jun 2017"),
        (("pagedown", "down", "t"), "Mon 12 Jun 2017"),
        (("y", "down"), "Wed 12 Jul 2017"),
        (("y", "right"), "Tue 13 Jun 2017"),
    ],
)
async def test_keys_move_by_day_week_month_and_year(window: Window, keys: tuple[str, ...], arrived: str) -> None:
    async with window() as pilot:
        await press(pilot, "2", *keys)
        assert f"No sessions from {arrived}" in seen(pilot)


async def test_the_next_programme_year_is_one_key_away(window: Window) -> None:
    builders.event("BR-40", dates=["2018-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "y")
        assert "Year 2017/18 · no sessions" in seen(pilot)
        await press(pilot, "greater_than_sign")
        assert "Year 2018/19 · 1 session" in seen(pilot)
        assert "BR-40" in seen(pilot)


async def test_bank_holidays_are_marked_with_a_letter_and_named(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "pageup")  # May 2017
        assert "29 H" in seen(pilot)
        assert "Spring" in seen(pilot)
        await press(pilot, "y")
        assert "H" in line_with(pilot, "May '17")
        assert "H" not in line_with(pilot, "Jun '17")


async def test_the_year_counts_sessions_by_day_and_month(window: Window) -> None:
    builders.event("BR-04", capacity=4, dates=["2017-06-14", "2017-06-15"])
    builders.event("BR-05", capacity=4, dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "y")
        june = line_with(pilot, "Jun '17").split()
        assert june[-2:] == ["3", "0%"]
        assert "2" in june
        assert line_with(pilot, "Jul '17").split()[-1] == "-"


async def test_sessions_to_be_confirmed_come_last(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14", None])
    async with window() as pilot:
        await press(pilot, "2")
        assert "1 to be confirmed" in seen(pilot)
        lines = seen(pilot).splitlines()
        heading = next(number for number, line in enumerate(lines) if line.strip() == "To be confirmed")
        assert "BR-04" in lines[heading + 1]
        assert heading > next(number for number, line in enumerate(lines) if "Wed 14 Jun 2017" in line)


async def test_a_session_is_opened_from_the_calendar_and_the_day_is_kept(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "right", "enter")
        assert "BR-04" in pointed(pilot)
        await press(pilot, "enter")
        assert "Nobody is on this event yet" in seen(pilot)
        await press(pilot, "escape", "escape", "right")
        assert "Wed 14 Jun 2017" in seen(pilot)


async def test_enter_in_the_year_opens_the_month(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "y", "down", "down", "enter")
        assert "August 2017" in seen(pilot)
        assert "Mon" in seen(pilot)


async def test_a_cancelled_event_is_listed_and_does_not_count(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"], state="cancelled")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "2")
        assert "no sessions" in seen(pilot)
        assert "cancelled" in line_with(pilot, "BR-04")


async def test_tall_months_name_the_events_of_a_day(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "2")
        grid = seen(pilot).split("Wed 14 Jun 2017")[0]
        assert "BR-04" in grid
