"""Seats taken are counted with those who make up a module, wherever they are shown or decided on."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import makeups
from csc_tui.core.calendar import actions as calendar_actions
from db import today
from db.engine.connection import read_transaction
from db.errors import RuleBroken
from db.records.startup import EventState
from tests import builders
from tests.window.conftest import Window, line_with, press, seen


@pytest.fixture
def made_up(june: Context) -> Context:
    """Bo is booked on BR-05, of two places; Jo takes the other to make up Module 2."""
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13", "2017-03-20"])
    jo = builders.person("Jo Smith")
    for number, kind in ((1, "present"), (2, "absent"), (3, "present")):
        builders.mark(past, number, jo, kind)
    event = builders.event("BR-05", capacity=2, dates=["2017-06-19", "2017-06-21", None])
    builders.booked(event, "Bo Ek")
    makeups.book_make_up(june, "Jo Smith", "BR-05", 2)
    return june


async def test_today_says_that_the_event_is_full(window: Window, made_up: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        assert "1 full" in seen(pilot)
        assert seen(pilot).count("2/2") == 2, "in the line of each session"


async def test_the_event_says_that_it_is_full(window: Window, made_up: Context) -> None:
    async with window() as pilot:
        await press(pilot, "enter")
        assert "2 of 2 taken (1 to make up a module), no free places" in " ".join(seen(pilot).split())


async def test_the_calendar_counts_them(window: Window, made_up: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "2")
        assert "2 sessions, 4 of 4 places (100%)" in seen(pilot)


async def test_the_list_of_events_counts_them_and_is_put_in_order_by_them(window: Window, made_up: Context) -> None:
    builders.booked(builders.event("BR-04", capacity=3, dates=["2017-06-18"]), "Cy Low", "Di Dodd")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "3")
        assert "2/2" in line_with(pilot, "BR-05")
        assert seen(pilot).index("BR-04") < seen(pilot).index("BR-05")
        while "Places↓" not in seen(pilot):
            await press(pilot, "o")
        assert seen(pilot).index("BR-05") < seen(pilot).index("BR-04")


async def test_the_catalogue_and_the_card_of_a_course_count_them(window: Window, made_up: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "5", "end")
        assert "2/2" in line_with(pilot, "BR-05")
        await press(pilot, "enter", "end")
        assert "2/2" in line_with(pilot, "BR-05")


def test_an_event_in_which_somebody_makes_up_a_module_cannot_go_back_to_draft(june: Context) -> None:
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13"])
    jo = builders.person("Jo Smith")
    for number, kind in ((1, "present"), (2, "absent")):
        builders.mark(past, number, jo, kind)
    builders.event("BR-05", dates=["2017-06-19", "2017-06-21"])
    makeups.book_make_up(june, "Jo Smith", "BR-05", 2)
    with pytest.raises(RuleBroken, match="has people on it"):
        calendar_actions.set_event_state(june, "BR-05", EventState.DRAFT)


def test_an_event_without_a_date_counts_them_among_its_people(made_up: Context) -> None:
    with read_transaction():
        ((reference, *_, people),) = today.fetch_undated_events(10)
    assert (reference, people) == ("BR-05", 2)
