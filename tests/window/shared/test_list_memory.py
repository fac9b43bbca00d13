"""A list stays as it was arranged, in this window and the next."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from tests import builders
from tests.window.conftest import Window, press, seen, settled, told


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def events(june: Context) -> None:
    full = builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.booked(full, "Bo Ek", "Di Low")
    builders.booked(builders.event("BR-05", capacity=9, dates=["2017-06-26"]), "Al Ash")


def places(text: str, *references: str) -> list[str]:
    return sorted(references, key=text.index)


async def test_the_order_of_a_list_is_remembered(window: Window, events: None) -> None:
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "3")
        assert places(seen(pilot), "BR-04", "BR-05") == ["BR-04", "BR-05"]
        await press(pilot, "o", "O")
        assert "Event↓" in seen(pilot)
        assert places(seen(pilot), "BR-04", "BR-05") == ["BR-05", "BR-04"]
        assert "Jun 2017" not in seen(pilot).splitlines()[4], "months are no groups where the order is another one"
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "3")
        assert "Event↓" in seen(pilot)
        assert places(seen(pilot), "BR-04", "BR-05") == ["BR-05", "BR-04"]


async def test_columns_are_left_out_moved_and_remembered(window: Window, events: None) -> None:
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "3", "V")
        assert "Columns of this list" in told(pilot)
        await press(pilot, "down", "space", "end", "left", "left", "enter")
        heading = next(line for line in seen(pilot).splitlines() if "Begins" in line).split()
        assert heading == ["Event", "Begins", "Places", "State", "Free", "Wait"]
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "3")
        assert next(line for line in seen(pilot).splitlines() if "Begins" in line).split() == heading
        await press(pilot, "V", "backspace", "enter")
        assert "Title" in seen(pilot)


async def test_one_column_stays(window: Window, events: None) -> None:
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "3", "V", *["space", "down"] * 7)
        assert "One column has to stay." in told(pilot)


async def test_people_are_sorted_by_the_database_and_not_only_those_in_view(window: Window, june: Context) -> None:
    for number in range(230):
        builders.person(f"Al Ash{number:03}", email=f"{999 - number}@example.org")
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "4")
        pilot.app.screen.query_one("#people").focus()
        await settled(pilot)
        await press(pilot, "o", "o", "o")
        assert "E-mail↑" in seen(pilot)
        assert "Al Ash229" in seen(pilot)
        assert "Al Ash000" not in seen(pilot)


async def test_the_history_is_sorted_by_the_database(window: Window, a_week_in_june: Context) -> None:
    async with window(size=(120, 30)) as pilot:
        await press(pilot, "0", "o", "O")
        assert "At↑" in seen(pilot)
        assert "Mon 12 Jun 2017" in seen(pilot), "the day stands in front, where no heading gives it"
