"""Files to hand on, from the palette: the programme as a page, and whole lists."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from db.records.booking import Status
from tests import builders
from tests.window.conftest import Window, press, said, told, type_in
from tests.window.test_commands import command

pytestmark = pytest.mark.usefixtures("home")


async def test_the_programme_page_is_of_the_year_in_front(window: Window, home: Path) -> None:
    builders.event("BR-04", dates=["2017-06-14"], state="open")
    builders.event("BR-50", dates=["2018-06-14"], state="open")
    async with window() as pilot:
        await command(pilot, "write the programme page")
        await press(pilot, "ctrl+s")
        assert "1 event with 1 session of 2017/18 in" in said(pilot)
        await press(pilot, "2", "plus")
        await command(pilot, "write the programme page")
        await press(pilot, "ctrl+s")
    assert "14 Jun" in (home / "programme-2017-18.html").read_text()
    assert "2018" in (home / "programme-2018-19.html").read_text()


async def test_a_page_that_is_there_is_replaced_only_when_that_was_said(window: Window, home: Path) -> None:
    there = home / "programme-2017-18.html"
    there.write_text("my notes")
    async with window() as pilot:
        await command(pilot, "write the programme page")
        await press(pilot, "ctrl+s")
        assert "Replace the file?" in told(pilot)
        await press(pilot, "escape")
        assert "Write the programme as a web page" in told(pilot), "escape goes back to the form"
        assert there.read_text() == "my notes"
        await press(pilot, "ctrl+s", "enter")
    assert there.read_text() != "my notes"


@pytest.mark.parametrize(
    ("key", "name", "holds", "holds_not"),
    [
        ("p", "people-2017-06-12", "Bo,Ek", "Nut allergy"),
        ("n", "people-with-needs-2017-06-12", "Nut allergy", "BR-04"),
        ("b", "enrolments-2017-06-12", "BR-04", "Nut allergy"),
        ("s", "sessions-2017-06-12", "BR-04", "Nut allergy"),
    ],
)
async def test_a_whole_list_is_written_from_the_palette(
    window: Window, june: Context, home: Path, key: str, name: str, holds: str, holds_not: str
) -> None:
    event = builders.event("BR-04", dates=["2017-06-14"], state="open")
    builders.enrolment(event, builders.person("Bo Ek", dietary="Nut allergy"), Status.BOOKED)
    async with window() as pilot:
        await command(pilot, "write a whole list")
        await press(pilot, key, "end", *["backspace"] * 5)
        await type_in(pilot, ".csv")
        await press(pilot, "ctrl+s")
        assert "1 row written to" in said(pilot)
    text = (home / f"{name}.csv").read_text()
    assert holds in text
    assert holds_not not in text


async def test_a_name_that_says_no_kind_of_file_is_refused_and_kept(window: Window, home: Path) -> None:
    async with window() as pilot:
        await command(pilot, "write a whole list")
        await press(pilot, "e", "end")
        await type_in(pilot, ".doc")
        await press(pilot, "ctrl+s")
        assert "does not say which kind of file" in told(pilot)
        assert ".doc" in told(pilot)
    assert not list(home.iterdir())
