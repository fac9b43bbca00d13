"""Writing a feed from the window: the part that is shown is offered, what would be in it is seen, then written."""

import re
from pathlib import Path

import pytest
from icalendar import Calendar

from csc_tui.base.context import Context
from tests import builders
from tests.window.conftest import Window, press, seen, told, type_in
from tests.window.test_commands import command

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def programme(june: Context) -> None:
    """BR-04 in a town hall, led by Tim, with Bo on it; SOS-09 elsewhere; BR-50 a year later."""
    event = builders.event(
        "BR-04", dates=["2017-06-14", "2017-06-21"], state="confirmed", venue="Grimsby Town Hall",
        facilitators=[builders.person("Tim Trainer", is_facilitator=True)],
    )  # fmt: skip
    builders.booked(event, "Bo Ek")
    builders.event("SOS-09", course="SOS-BRIEF", dates=["2017-06-15"], venue="Centre4", state="open")
    builders.event("BR-50", dates=["2018-06-14"], state="open")


def written(home: Path) -> tuple[str, set[str]]:
    """The name of the only calendar there is, and the events in it."""
    (file,) = home.glob("*.ics")
    calendar = Calendar.from_ical(file.read_bytes())
    return str(calendar["NAME"]), {re.split("[,.]", each["DESCRIPTION"])[0] for each in calendar.walk("VEVENT")}


@pytest.mark.parametrize(
    ("typed", "name", "events"),
    [
        ("", "Creating Strong Communities 2017/18", {"BR-04", "SOS-09"}),
        ("being", "Creating Strong Communities 2017/18\\, Being Restorative", {"BR-04"}),
        ("strand:sos", "Creating Strong Communities 2017/18\\, Signs of Safety", {"SOS-09"}),
        ("venue:town with:tim", "Creating Strong Communities 2017/18\\, Grimsby Town Hall\\, Tim Trainer", {"BR-04"}),
    ],
)
async def test_the_calendar_offers_its_year_and_what_it_is_narrowed_to(
    window: Window, home: Path, typed: str, name: str, events: set[str]
) -> None:
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, typed)
        await press(pilot, "tab", "F", "ctrl+s")
        assert "Write the feed?" in told(pilot)
        assert not list(home.iterdir()), "looking writes nothing"
        await press(pilot, "enter")
        assert f"session{'s' if 'BR-04' in events else ''} in" in told(pilot)
    assert written(home) == (name, events)


async def test_words_that_no_feed_can_be_narrowed_by_are_named(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, "state:con restorative")
        await press(pilot, "tab", "F")
        assert "The filter 'state:con' cannot be used for a feed." in told(pilot)


async def test_the_palette_takes_over_what_the_calendar_shows(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, "venue:centre")
        await press(pilot, "tab")
        await command(pilot, "write a feed")
        assert "Centre4" in told(pilot)
        assert "2017/18" in told(pilot)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("3", "plus"), "Year 2018/19"),
        (("9", "minus"), "Year 2016/17"),
        (("5", "end", "enter"), "Course BR"),
    ],
)
async def test_the_year_or_course_in_front_is_offered_elsewhere_too(
    window: Window, keys: tuple[str, ...], said: str
) -> None:
    async with window() as pilot:
        await press(pilot, *keys)
        await command(pilot, "write a feed")
        assert said in told(pilot)


async def test_the_venue_under_the_cursor_is_offered(window: Window) -> None:
    async with window() as pilot:
        await command(pilot, "venues")
        await command(pilot, "write a feed")
        assert "Venue Centre4" in told(pilot)


@pytest.mark.parametrize(("who", "said"), [("Bo", "For one person ek"), ("Tim", "Facilitator trainer")])
async def test_a_persons_card_offers_their_own_calendar(window: Window, home: Path, who: str, said: str) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, who)
        await press(pilot, "enter", "F")
        assert said in told(pilot)
        await press(pilot, "ctrl+s")
        assert "2 sessions of 1 event" in told(pilot)
        await press(pilot, "enter")
    assert written(home)[1] == {"BR-04"}


async def test_a_feed_that_is_there_is_asked_about_and_anything_else_is_left_alone(window: Window, home: Path) -> None:
    there = home / "programme-2017-18.ics"
    there.write_text("my notes")
    async with window() as pilot:
        await press(pilot, "2", "F", "ctrl+s")
        assert "already exists and is a different file" in told(pilot)
        assert there.read_text() == "my notes"
        there.unlink()
        await press(pilot, "ctrl+s", "enter")
        before = there.read_bytes()
        await press(pilot, "F", "ctrl+s")
        assert "This replaces the feed that is already there." in told(pilot)
        await press(pilot, "escape", "escape")
        assert there.read_bytes() == before


async def test_what_is_not_there_is_said_beside_its_field_and_what_was_typed_is_kept(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "F", "down", "down")
        await type_in(pilot, "XX")
        await press(pilot, "ctrl+s")
        assert "! There is no strand 'XX'." in told(pilot)
        line = next(line for line in seen(pilot).splitlines() if "Strand" in line)
        assert "XX" in line


async def test_a_year_that_is_none_is_refused_in_its_field(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "F", "down", "ctrl+u")
        await type_in(pilot, "2017/19")
        await press(pilot, "ctrl+s")
        assert "'2017/19' is not one year" in told(pilot)


async def test_a_part_with_no_session_in_it_yet_says_so_before_it_is_written(window: Window, home: Path) -> None:
    async with window() as pilot:
        await press(pilot, "2", "plus", "plus", "F", "ctrl+s")
        assert "No sessions yet." in told(pilot)
        await press(pilot, "enter")
    assert written(home) == ("Creating Strong Communities 2019/20", set())
