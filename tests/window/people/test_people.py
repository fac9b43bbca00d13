"""People found, selected, and what is done to them together; the card beside the list where there is room."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.groups import actions as groups_actions
from db.records.groups import GroupKind
from db.records.startup import Role
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, told, type_in


@pytest.fixture
def four(june: Context) -> None:
    for name in ("Al Ash", "Bo Bell", "Cy Carr", "Di Dodd"):
        builders.person(name, email=f"{name[:2].lower()}@example.org", organisation="Humberside Police")
    builders.event("BR-05", capacity=2, dates=["2017-07-03"])


async def test_those_who_are_selected_are_booked_on_one_event(window: Window, june: Context, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "space", "space", "space", "b", "enter")
        assert "Book 3 people on BR-05?" in told(pilot)
        assert "2 booked, 1 waitlisted" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-05") == {"Al Ash": "booked", "Bo Bell": "booked", "Cy Carr": "waitlisted"}
        assert "selected" not in seen(pilot)


async def test_a_selection_goes_with_who_is_no_longer_found(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "space", "space", "slash")
        await type_in(pilot, "bell")
        assert "1 selected" in seen(pilot)
        await press(pilot, "escape", "c")
        assert pilot.app.clipboard == "bo@example.org", "nothing is done to somebody who was out of sight"


async def test_one_person_is_booked_from_the_list(window: Window, june: Context, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "down", "b", "enter", "enter")
        assert on(june, "BR-05") == {"Bo Bell": "booked"}


async def test_addresses_of_everybody_who_is_found_are_copied(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "asterisk", "c")
        assert pilot.app.clipboard == "al@example.org; bo@example.org; cy@example.org; di@example.org"
        assert "4 addresses copied" in told(pilot)


async def test_several_join_a_group_after_a_look(window: Window, june: Context, four: None) -> None:
    groups_actions.create_group(june, "Practice Leads", GroupKind.PRACTICE_LEADS)
    groups_actions.add_members(june, "Practice Leads", ["Al Ash"])
    async with window() as pilot:
        await press(pilot, "4", "space", "space", "J", "enter")
        assert "Bo Bell joins Practice Leads from today" in told(pilot)
        assert "Al Ash is already in the group: member since Mon 12 Jun 2017" in told(pilot)
        assert len(groups_actions.show_group(june, "Practice Leads")[1]) == 1
        await press(pilot, "enter")
        assert [each.name for each in groups_actions.show_group(june, "Practice Leads")[1]] == ["Al Ash", "Bo Bell"]
        assert "1 joined, 1 already in the group" in told(pilot)


async def test_a_viewer_books_nobody_and_adds_nobody_to_a_group(window: Window, june: Context, four: None) -> None:
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "4", "J", "b")
        assert "This needs the" in told(pilot)


async def test_keys_on_an_empty_list_do_no_harm(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "b", "J", "c", "space", "asterisk")
        assert "nothing to copy" in told(pilot)


async def test_in_a_wide_window_whom_the_cursor_is_on_stands_beside_the_list(window: Window, four: None) -> None:
    (bo,) = builders.booked(builders.event("BR-06", dates=["2017-07-10"]), "Bo Zed")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4", "home")
        assert "No bookings." in seen(pilot)
        await press(pilot, "pagedown")
        assert "B BR-06" in line_with(pilot, "B BR-06")
        assert bo.email in seen(pilot)
    async with window(size=(80, 24)) as pilot:
        await press(pilot, "4", "pagedown")
        assert "B BR-06" not in seen(pilot)


async def test_a_key_that_narrows_the_list_or_moves_in_it_lays_nothing_out_anew(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash")
        laid_out: list[object] = []
        pilot.app.screen.screen_layout_refresh_signal.subscribe(pilot.app, laid_out.append, immediate=True)
        await type_in(pilot, "b")
        assert "Bo Bell" in seen(pilot)
        assert "1 person" in seen(pilot)
        await press(pilot, "backspace", "down", "tab", "down")
        assert "4 people" in seen(pilot)
        assert laid_out == []
        await pilot.resize_terminal(120, 40)
        assert laid_out, "the signal is that of a layout"


async def test_who_has_left_is_marked_as_such_in_the_list(window: Window) -> None:
    builders.person("Bo Ek", active=False)
    builders.person("Di Ek")
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "ek")
        assert line_with(pilot, "Bo Ek").split()[-1] == "left"
        assert "left" not in line_with(pilot, "Di Ek")
