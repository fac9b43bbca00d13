"""Colours one can read, terminals without them, and the plain mode of screen readers."""

from typing import Any

import pytest
from textual.color import Color
from textual.geometry import Offset
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.window.app import CscApp, window_from_settings
from csc_tui.window.widgets import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.record_table import RecordTable
from db.errors import WrongUse
from db.records.booking import Status
from tests import builders
from tests.window.conftest import line_with, press, seen, settled, told, type_in

DRAWN = set("━─┃▌ ▁▂▃▄▅▆▇")
"""Signs that stand for a number beside them, or for a place, as the end of a scroll bar does; what is read is text."""


def a_busy_week() -> None:
    on = builders.event("BR-04", capacity=1, dates=["2017-06-13", "2017-06-20"])
    builders.booked(on, "Di Low")
    builders.enrolment(on, builders.person("Bo Ek", email="bo@example.org"), Status.WAITLISTED)
    builders.event("BR-05", capacity=3, minimum=2, dates=["2017-06-14"])


def ratios(pilot: Pilot[Any]) -> dict[str, float]:
    """The contrast of each piece of text on the screen (WCAG 2.1), but of what is dim because it cannot be done."""
    found: dict[str, float] = {}
    screen = pilot.app.screen
    front = next(iter(screen.query("#dialog, CommandPalette #--container")), screen).region  # what is behind is dimmed
    for strip in screen._compositor.render_strips()[front.y : front.bottom]:
        for text, style, _ in strip.crop(front.x, front.right):
            if style is None or style.dim or not set(text) - DRAWN or style.color is None or style.bgcolor is None:
                continue
            colours = [Color.from_rich_color(each) for each in (style.color, style.bgcolor)]
            found[text] = min(_contrast(*colours), found.get(text, 99))
    return found


def _contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LOOKED_AT = (
    *(
        "1",
        "2",
        "2 y",
        "w",
        "w v",
        "3",
        "4",
        "1 enter",
        "b",
        "escape f1",
        "down enter",
        "escape ctrl+p",
        "escape 1 enter r",
    ),
    *("4 down enter", "e", "escape 5", "enter", "e", "escape 6", "a", "escape 7", "enter", "enter", "escape 8", "x"),
    *("escape e", "enter", "escape 9", "down down enter", "slash", "escape S", "escape 0", "comma", "enter"),
    "escape exclamation_mark",
    "escape ctrl+p v e n u e s enter",
)
"""Every screen and each kind of dialog, one after the other."""


@pytest.mark.parametrize(("word", "least"), [("dark", 4.5), ("light", 4.5), ("high contrast", 7), ("monochrome", 4.5)])
async def test_everything_written_can_be_read_in_every_theme(
    location: str, june: Context, word: str, least: float
) -> None:
    a_busy_week()
    app = window_from_settings(june, location, {"theme": word})
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        looked: dict[str, float] = {}
        for keys in LOOKED_AT:
            await press(pilot, *keys.split())
            looked.update(ratios(pilot))
        assert len(looked) > 150
        assert {text: round(ratio, 2) for text, ratio in looked.items() if ratio < least} == {}


def test_black_on_white_is_the_contrast_it_is() -> None:
    assert round(_contrast(Color.parse("#000000"), Color.parse("#ffffff")), 1) == 21
    assert round(_contrast(Color.parse("#777777"), Color.parse("#ffffff")), 2) == 4.48


def test_a_theme_nobody_knows_is_named_with_those_there_are(location: str, june: Context) -> None:
    with pytest.raises(WrongUse, match=r"there is no theme 'sepia'. Known: dark, light, high contrast, monochrome"):
        window_from_settings(june, location, {"theme": "sepia"})


async def test_the_plain_mode_says_where_the_cursor_is_and_draws_no_box(location: str, june: Context) -> None:
    a_busy_week()
    app = window_from_settings(june, location, {"plain": True})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        at = pilot.app.cursor_position
        lines = seen(pilot).splitlines()
        assert lines[at.y].startswith("> ")
        assert "BR-05" in lines[at.y]
        assert [line for line in lines if line.startswith(">")] == [lines[at.y]]
        await press(pilot, "enter", "b")
        shown = seen(pilot)
        assert shown.splitlines()[0] == "Book a person on BR-05"
        assert "BR-05 " not in shown.split("\n", 1)[1], "nothing of what is behind the question can be read"
        assert not set(shown) & set("━─┃▌│╭╮╰╯…·→")
        at = pilot.app.cursor_position
        await type_in(pilot, "bo")
        assert pilot.app.cursor_position == at + Offset(2, 0), "the terminal's cursor is in the field from the start"


async def test_in_the_plain_mode_what_was_done_is_a_line_that_stays(location: str, june: Context) -> None:
    a_busy_week()
    async with window_from_settings(june, location, {"plain": True}).run_test(
        size=(80, 24), notifications=True
    ) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter", "b")
        await type_in(pilot, "bo")
        await press(pilot, "enter", "enter", "enter")  # he waits for BR-04, which is asked about first
        assert "Note: Bo Ek is booked on BR-05." in told(pilot)
        assert not pilot.app.screen.query("Toast")


async def test_a_terminal_without_line_signs_gets_boxes_of_ascii(
    location: str, june: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_terminal_glyphs", lambda: glyphs.ASCII)
    a_busy_week()
    builders.event("BR-06", dates=["2017-06-13"], title="Restorative " * 9)
    async with CscApp(june, location).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "~" in line_with(pilot, "BR-06"), "a full stop would make an abbreviation of what is cut"
        await press(pilot, "enter", "b")
        assert seen(pilot).isascii(), {sign for sign in seen(pilot) if not sign.isascii()}
        assert "+---" in seen(pilot)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"event.bok": "b"}, "there is no key named 'event.bok'. Did you mean 'event.book'?"),
        ({"event.book": 3}, "should be text"),
        ({"event.book": " "}, "should be text"),
        ({"event.book": "ctrl+"}, "'ctrl+' for 'event.book' is not a key"),
        ({"event.book": "wibble"}, "'wibble' for 'event.book' is not a key"),
        ({"event.book": "x"}, "'x' would be"),
        ({"app.find": "b"}, "'b' would be"),
        ({"event.book": "q"}, "'q' would be"),
    ],
    ids=str,
)
def test_keys_that_cannot_be_are_said_before_the_window_opens(
    location: str, june: Context, keys: dict[str, object], said: str
) -> None:
    with pytest.raises(WrongUse) as problem:
        window_from_settings(june, location, {"keys": keys})
    assert said in str(problem.value)
    assert "settings.toml" in str(problem.value)


async def test_two_keys_can_change_places(location: str, june: Context) -> None:
    a_busy_week()
    async with window_from_settings(june, location, {"keys": {"event.book": "e", "event.change": "b"}}).run_test(
        size=(120, 40)
    ) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "e")
        assert "Book a person on BR-04" in seen(pilot)
        await press(pilot, "escape")
        assert " b Change " in seen(pilot)
        assert " e Book " in seen(pilot)


async def test_a_tiny_terminal_leaves_columns_out_rather_than_cut_a_number(location: str, june: Context) -> None:
    on = builders.event("BR-04", capacity=1, dates=["2017-06-13"])
    builders.booked(on, "Di Low")
    for number in range(12):
        builders.enrolment(on, builders.person(f"Bo Ek{number}"), Status.WAITLISTED)
    async with CscApp(june, location).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        for screen, last, figure in (("1", "Places", " 1/1"), ("3", "Places", " 1/1"), ("4", "Book", " 1 B")):
            await press(pilot, screen)
            titles = next(line for line in seen(pilot).splitlines() if last in line)
            assert titles.partition(" +")[0].rstrip().endswith(last), "the others are a page further on"
            assert figure in seen(pilot)
    async with CscApp(june, location).run_test(size=(64, 20)) as pilot:
        await settled(pilot)
        assert "12 W" in seen(pilot)


@pytest.mark.parametrize("keys", ["1", "2 v", "3", "4"])
async def test_what_is_told_of_a_line_is_drawn_in_one_picture_with_the_cursor(
    location: str, june: Context, keys: str
) -> None:
    a_busy_week()
    async with CscApp(june, location).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *keys.split())
        lists = [each for each in pilot.app.screen.query(RecordTable) if each.has_focus]
        assert lists, "a list has the focus"
        detail = pilot.app.screen.query_one("#detail", PieceLines)
        before = detail.lines
        lists[0].action_down()  # and nothing else has a turn in between
        assert detail.lines != before
