"""The tour: every step done with keys, as its text says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base import tour_progress
from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.window.app import CscApp
from csc_tui.window.tour import tour as tour_tour
from tests import builders
from tests.window.conftest import press, seen, settled, told, type_in


@pytest.fixture
def people(june: Context) -> None:
    builders.person("Siobhán Ellis", email="siobhan@example.org")
    first, second = builders.person("Bo Ek"), builders.person("Di Low")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"], title="Being Restorative")
    booking_actions.enrol_people(june, "BR-04", [first.key])
    booking_actions.enrol_people(june, "BR-04", [second.key])
    builders.event("SOS-BRIEF-01", course="SOS-BRIEF", dates=["2017-06-12"], start="08:00")
    booking_actions.enrol_people(june, "SOS-BRIEF-01", [builders.person("Kit Marsh").key], override="Began at eight")


@asynccontextmanager
async def on_tour(ctx: Context, location: str, *, tour: bool = True) -> AsyncIterator[Pilot[Any]]:
    app = CscApp(ctx, location, practice=True, tour=tour)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def noticed(pilot: Pilot[Any]) -> None:
    """What the tour's timer would see by itself in a moment."""
    pilot.app.tour.check_progress()  # type: ignore[attr-defined]
    await settled(pilot)


@pytest.mark.usefixtures("people")
async def test_the_whole_tour_can_be_done_as_its_words_say(june: Context, location: str) -> None:
    async with on_tour(june, location) as pilot:

        async def step(number: int, title: str, *keys: str) -> None:
            await noticed(pilot)
            assert f"Tour {number} of 11 · {title}" in seen(pilot)
            await press(pilot, *keys)

        await step(1, "Where you are", "4")
        await step(2, "Someone is on the phone", "ctrl+f", *"siobhan", "enter")
        await step(3, "Book her a place", "b", *"being", "enter", "enter")
        await step(4, "Undo it", "u", "enter")
        await step(5, "A full event", "3", "down", "enter")
        await step(6, "Someone cannot come", "tab", "tab", "x", "down", "enter", "enter")
        await step(7, "A register", "1", "enter", "r", "p")
        await step(8, "A new person", "f", *"Zorba", "space", *"Greek", "enter", "down", "down")
        await type_in(pilot, "zorba@example.org")
        await press(pilot, "ctrl+s", "enter")
        await step(9, "The year", "2")
        await step(10, "Everything else", "ctrl+p", *"charges", "enter")
        await noticed(pilot)
        await press(pilot, "escape")
        await step(11, "Help", "question_mark", "down", "enter")
        await noticed(pilot)
        await press(pilot, "escape")
        assert "The end of the tour" in seen(pilot)
    assert tour_tour.first_step_from(tour_progress.load_tour_step(june)) == 0


async def test_a_step_stands_on_a_screen_as_soon_as_the_screen_does(
    june: Context, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tour_tour, "LOOK_SECONDS", 3600)
    builders.person("Siobhán Ellis")
    async with on_tour(june, location) as pilot:
        assert "Tour 1 of 11" in seen(pilot)
        await press(pilot, "f", *"siobhan", "enter")
        assert "Tour 1 of 11" in seen(pilot)


async def test_the_tour_is_left_and_goes_on_where_it_can_be_gone_on_with(june: Context, location: str) -> None:
    builders.person("Siobhán Ellis")
    async with on_tour(june, location) as pilot:
        await press(pilot, "f7", "f7")
        assert "Tour 3 of 11" in seen(pilot)
        await press(pilot, "f8")
        assert "Tour" not in seen(pilot)
    async with on_tour(june, location, tour=False) as pilot:
        assert "Tour 2 of 11" not in seen(pilot)
        await press(pilot, "f1", "down", "down", "enter")
        assert "Tour 2 of 11 · Someone is on the phone" in seen(pilot)


async def test_what_to_do_stands_above_a_dialog_too(june: Context, location: str) -> None:
    async with on_tour(june, location) as pilot:
        await press(pilot, "f7", "f")
        assert "Tour 2 of 11" in seen(pilot)
        assert "Find anything" in told(pilot)


async def test_on_a_real_database_the_tour_asks_to_leave_for_made_up_people(june: Context, location: str) -> None:
    app = CscApp(june, location)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f1", "down", "down", "enter")
        assert "a separate window with fictional people" in told(pilot)
        await press(pilot, "escape")
        assert "Tour 1" not in seen(pilot)
        await press(pilot, "f1", "down", "down", "enter", "enter")
    assert app.return_value == "tour"


def test_how_far_the_tour_is_cannot_break_it(june: Context, tmp_path: Path) -> None:
    tour_progress.save_tour_step(june, 4)
    (file,) = (tmp_path / "state" / "csc-tui").iterdir()
    assert tour_progress.load_tour_step(june) == 4
    for text in ("", "x", "-3", "99999999999"):
        file.write_text(text)
        assert tour_tour.first_step_from(tour_progress.load_tour_step(june)) == 0
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    tour_progress.save_tour_step(june, 2)
    assert not (tmp_path / "elsewhere").exists()
