"""What is on today and to come."""

from tests import builders
from tests.screens.conftest import Window, line_with, pointed, press, seen


async def test_todays_sessions_come_first_under_their_day(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12", "2017-06-19"], venue="Town Hall", room="Annexe")
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-13"])
    async with window() as pilot:
        lines = seen(pilot).splitlines()
        today = next(number for number, line in enumerate(lines) if "Today · Mon 12 Jun 2017" in line)
        assert "BR-04" in lines[today + 1]
        assert "Tomorrow · Tue 13 Jun 2017" in lines[today + 2]
        assert "SOS-INTRO-03" in lines[today + 3]
        assert "Mon 19 Jun 2017" in lines[today + 4]


async def test_the_session_under_the_cursor_is_told_in_full(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"], venue="Town Hall", room="Annexe")
    async with window() as pilot:
        assert "Mon 12 Jun 2017 09:30-12:30 · Town Hall, Annexe · open" in line_with(pilot, "Annexe")


async def test_full_events_say_so_in_figures_and_letters(window: Window) -> None:
    event = builders.event("BR-04", capacity=1)
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), status=builders.Status.WAITLISTED)
    async with window() as pilot:
        assert "1/1" in line_with(pilot, "BR-04")
        assert "1 W" in line_with(pilot, "BR-04")
        assert "1 full, 1 waiting" in seen(pilot)


async def test_a_quiet_month_says_what_to_do(window: Window) -> None:
    async with window() as pilot:
        assert "No sessions in the next 31 days" in seen(pilot)
        assert "csc import programme FILE" in seen(pilot)


async def test_m_looks_further_ahead(window: Window) -> None:
    builders.event("BR-04", dates=["2017-08-22"])
    async with window() as pilot:
        assert "BR-04" not in seen(pilot)
        await press(pilot, "m")
        assert "BR-04" in seen(pilot)


async def test_enter_opens_the_event_and_escape_comes_back_to_the_same_row(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"])
    builders.event("BR-05", dates=["2017-06-13"])
    async with window() as pilot:
        await press(pilot, "down", "enter")
        assert "BR-05" in seen(pilot)
        assert "Nobody is on this event yet" in seen(pilot)
        await press(pilot, "escape")
        assert "BR-05" in pointed(pilot)


async def test_a_wide_terminal_shows_where_it_is(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"], venue="Town Hall", room="Annexe")
    async with window(size=(120, 40)) as pilot:
        assert "Town Hall, Annexe" in line_with(pilot, "09:30-12:30  BR-04")
        assert "6 Groups" in seen(pilot)
