"""Venues in the window."""

from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import venues
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, said, seen, told, type_in


@pytest.fixture
def hall(ctx: Context) -> None:
    """BR-90 at Kirk Hall on 19 June."""
    builders.booked(builders.event(dates=["2017-06-19"], venue="Kirk Hall", room="Main Hall"), "Ann Smith")


async def open_venues(pilot: Any) -> None:
    await press(pilot, "ctrl+p")
    await type_in(pilot, "venues")
    await press(pilot, "enter")


async def test_a_postcode_is_typed_previewed_and_kept(window: Window, hall: None, june: Context) -> None:
    async with window() as pilot:
        await open_venues(pilot)
        assert "no address yet" in line_with(pilot, "Kirk Hall")
        await press(pilot, "enter", "down", "down")
        await type_in(pilot, "nowhere")
        await press(pilot, "down", "enter")
        assert "This is not a postcode" in told(pilot)
        await press(pilot, *["backspace"] * 7)
        await type_in(pilot, "dn31 1hu")
        await press(pilot, "down", "enter")
        assert "Postcode: DN31 1HU" in told(pilot)
        assert "1 invitation (new booking)" not in told(pilot)
        await press(pilot, "enter")
        assert said(pilot).startswith("Kirk Hall was changed.")
        assert "DN31 1HU" in line_with(pilot, "Kirk Hall")
    assert [each.postcode for each in venues.list_venues(june)] == ["DN31 1HU"]


async def test_a_venue_is_added(window: Window, june: Context) -> None:
    async with window() as pilot:
        await open_venues(pilot)
        assert "No venues yet" in seen(pilot)
        await press(pilot, "a")
        await type_in(pilot, "Kirk [Hall]")
        await press(pilot, "down", "down", "down")
        await type_in(pilot, "Nave=40")
        await press(pilot, "enter")
        assert "Kirk [Hall]" in told(pilot)
        await press(pilot, "enter")
        assert "Kirk [Hall]" in seen(pilot)
        await press(pilot, "escape", "escape")
        assert "31 days ahead" in seen(pilot)
    assert [(each.name, each.rooms) for each in venues.list_venues(june)] == [("Kirk [Hall]", (("Nave", 40),))]


async def test_who_may_not_change_is_told(window: Window, hall: None, june: Context) -> None:
    from dataclasses import replace

    async with window(replace(june, role=Role.VIEWER)) as pilot:
        await open_venues(pilot)
        await press(pilot, "a")
        assert "needs the coordinator role" in said(pilot)
