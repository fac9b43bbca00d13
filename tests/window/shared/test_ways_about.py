"""Ways about the window: back and forward, the log of notices, the last action repeated, the next match."""

import pytest

from csc_tui.base.context import Context
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, pointed, press, said, seen, told, type_in


@pytest.fixture
def four(june: Context) -> None:
    event = builders.event("BR-04", capacity=9, dates=["2017-06-19"])
    builders.booked(event, "Al Ash", "Bo Bell", "Cy Carr", "Di Bell")
    builders.event("BR-05", capacity=2, dates=["2017-07-03"])


async def test_escape_leads_back_through_the_places_and_at_last_to_today(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "3", "escape")
        assert "[4 People]" in seen(pilot)
        await press(pilot, "escape")
        assert "[1 Today]" in seen(pilot)
        await press(pilot, "escape")
        assert "[1 Today]" in seen(pilot)


@pytest.mark.parametrize("place", ["3", "4", "8", "0"])
async def test_escape_closes_a_filter_before_it_leaves_the_screen(window: Window, place: str) -> None:
    async with window() as pilot:
        await press(pilot, place, "slash")
        await type_in(pilot, "9 zz")
        assert "9 zz" in seen(pilot), "digits and letters are typed in a filter"
        await press(pilot, "escape")
        assert "9 zz" not in seen(pilot)
        assert f"[{place} " in seen(pilot)
        await press(pilot, "escape")
        assert "[1 Today]" in seen(pilot)


async def test_people_take_letters_and_digits_as_keys_until_the_filter_is_asked_for(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "j", "j", "k")
        assert "Bo Bell" in pointed(pilot)
        await press(pilot, "G")
        assert "Cy Carr" in pointed(pilot)
        await press(pilot, "g")
        assert "Al Ash" in pointed(pilot)
        await press(pilot, "f")
        assert "Find anything" in seen(pilot)
        await press(pilot, "escape", "3")
        assert "[3 Events]" in seen(pilot)


async def test_n_goes_to_the_next_match_once_the_filter_is_closed(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "n")
        assert "Press / and type" in said(pilot)
        await press(pilot, "escape", "slash")
        await type_in(pilot, "bell")
        await press(pilot, "escape", "g", "n")
        assert "Bo Bell" in pointed(pilot)
        await press(pilot, "n")
        assert "Di Bell" in pointed(pilot)
        await press(pilot, "N")
        assert "Bo Bell" in pointed(pilot)


async def test_escape_dismisses_a_notice_and_stays(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "c")
        assert "4 addresses copied" in told(pilot)
        await press(pilot, "escape")
        assert "copied" not in told(pilot)
        assert "Al Ash" in seen(pilot)
        await press(pilot, "escape")
        assert "31 days ahead" in seen(pilot)


async def test_the_log_has_what_was_said_with_the_newest_first(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "L")
        assert "No notices yet." in told(pilot)
        await press(pilot, "escape", "enter", "c", "exclamation_mark", "L")
        assert "2 notices since this window was opened" in told(pilot)
        assert told(pilot).index("No coming session of BR-04") < told(pilot).index("4 addresses copied")
        await type_in(pilot, "copied")
        assert "4 addresses copied" in line_with(pilot, "09:00:0")


async def test_square_brackets_jump_back_and_forward_between_places(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "enter")
        assert "Al Ash" in seen(pilot).splitlines()[1]
        await press(pilot, "4", "left_square_bracket")
        assert "Al Ash" in seen(pilot).splitlines()[1]
        await press(pilot, "left_square_bracket")
        assert "BR-04" in seen(pilot).splitlines()[1]
        await press(pilot, "left_square_bracket")
        assert "31 days ahead" in seen(pilot)
        await press(pilot, "right_square_bracket")
        assert "BR-04" in seen(pilot).splitlines()[1], "a screen that was closed is opened again"
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "[4 People]" in seen(pilot)
        await press(pilot, "right_square_bracket")
        assert "no later place" in said(pilot)


async def test_a_cancellation_is_repeated_on_the_next_row_with_its_reason_after_a_preview(
    window: Window, june: Context, four: None
) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "full_stop")
        assert "There is no action to repeat" in said(pilot)
        await press(pilot, "x", "down", "enter", "enter")
        assert len(on(june, "BR-04")) == 3
        await press(pilot, "full_stop")
        assert "Cancel Bo Bell on BR-04?" in told(pilot)
        reasons = [each.reason for each in builders.list_history_lines(june, event="BR-04")]
        assert reasons[0] in told(pilot), "the reason given before"
        await press(pilot, "enter", "full_stop", "enter")
    assert len(on(june, "BR-04")) == 1


async def test_a_booking_is_repeated_for_the_next_person_on_the_same_event(
    window: Window, june: Context, four: None
) -> None:
    async with window() as pilot:
        await press(pilot, "4", "b")
        await type_in(pilot, "br-05")
        await press(pilot, "enter", "enter", "full_stop")
        assert "BR-05" in told(pilot)
        await press(pilot, "enter")
    assert on(june, "BR-05") == {"Al Ash": "booked", "Bo Bell": "booked"}


async def test_nothing_is_repeated_after_the_last_row(window: Window, june: Context, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "4", "G", "b")
        await type_in(pilot, "br-05")
        await press(pilot, "enter", "enter", "full_stop")
        assert "This is the last row." in told(pilot)
    assert set(on(june, "BR-05")) == {"Cy Carr"}


@pytest.mark.parametrize(("place", "typed", "found"), [("5", "leader", "RL "), ("comma", "needs", "Needs days")])
async def test_a_list_in_full_is_filtered_by_any_words_of_its_lines(
    window: Window, place: str, typed: str, found: str
) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, place)
        before = seen(pilot)
        await press(pilot, "slash")
        await type_in(pilot, typed)
        assert found in pointed(pilot)
        assert len(seen(pilot).split()) < len(before.split())
        await type_in(pilot, " zzz")
        assert f"No match for '{typed} zzz'. Escape shows everything." in told(pilot)
        await press(pilot, "escape")
        assert seen(pilot).splitlines()[2:10] == before.splitlines()[2:10], "everything is back in its place"


async def test_a_person_is_found_in_a_register_by_typing_and_marked(window: Window, june: Context, four: None) -> None:
    async with window(ctx=builders.at(june, "2017-06-19T12:00")) as pilot:
        await press(pilot, "enter", "r", "slash")
        await type_in(pilot, "cy")
        assert "Al Ash" not in seen(pilot)
        await press(pilot, "tab", "p", "escape")
        assert "present" in line_with(pilot, "Cy Carr")
        assert "present" not in line_with(pilot, "Al Ash")


async def test_the_cursor_stays_in_its_place_when_a_place_is_given_up(window: Window, four: None) -> None:
    async with window() as pilot:
        await press(pilot, "enter", "x", "down", "enter", "enter", "escape")
        assert "Bo Bell" in pointed(pilot), "and does not follow who was cancelled to the end of the list"
