"""Pieces of text, cut and padded to cells."""

import pytest
from rich.cells import cell_len

from csc_tui.window.widgets.pieces import fit_text, folded_pieces, places_bar


def text(pieces: list[tuple[str, str]]) -> str:
    return "".join(words for words, _ in pieces)


@pytest.mark.parametrize("width", [1, 2, 5, 12, 40])
@pytest.mark.parametrize("words", ["", "Bo", "Signs of Safety", "日本語の名前", "e\u0301cole"])
def test_whatever_is_shown_takes_exactly_its_cells(words: str, width: int) -> None:
    assert cell_len(text(fit_text(words, width))) == width


def test_what_is_cut_says_so() -> None:
    assert text(fit_text("Signs of Safety", 8)) == "Signs o…"
    assert text(fit_text([("Signs ", "strong"), ("of Safety", "muted")], 8)) == "Signs o…"


def test_numbers_stand_to_the_right() -> None:
    assert text(fit_text("7", 3, right=True)) == "  7"


def test_controls_in_stored_text_are_shown_and_not_obeyed() -> None:
    assert text(fit_text("a\x1b[2Jb\x9b", 8)) == "a\ufffd[2Jb\ufffd "


@pytest.mark.parametrize(
    ("held", "capacity", "bar", "tone"),
    [
        (0, 20, "──────────", "good"),
        (1, 400, "━─────────", "good"),
        (10, 20, "━━━━━─────", "good"),
        (399, 400, "━━━━━━━━━─", "good"),
        (20, 20, "━━━━━━━━━━", "warning"),
        (21, 20, "━━━━━━━━━━", "error"),
        (0, 0, "──────────", "good"),
        (1, 0, "━━━━━━━━━━", "error"),
    ],
)
def test_a_bar_is_full_when_there_is_no_place_left_and_not_before(
    held: int, capacity: int, bar: str, tone: str
) -> None:
    pieces = places_bar(held, capacity, 10)
    assert text(pieces) == bar
    assert pieces[0][1] == tone


def test_a_line_is_broken_between_words_and_keeps_its_tones() -> None:
    folded = folded_pieces([("Bo Ek", "strong"), (" needs a ramp and", "plain"), (" no nuts", "warning")], 12)
    assert ["".join(words for words, _ in line).rstrip() for line in folded] == ["Bo Ek needs", "a ramp and", "no nuts"]
    assert folded[0][0] == ("Bo ", "strong")
    assert folded[-1] == [("no ", "warning"), ("nuts", "warning")]
