"""Figures drawn with letters."""

import pytest

from csc_tui.window.widgets.charts import column_chart, share_bar
from csc_tui.window.widgets.glyphs import glyphs


def drawn(value: float, most: float, width: int, *, rest: bool = False) -> tuple[int, int]:
    """(cells taken, cells left)."""
    text = "".join(words for words, _ in share_bar(value, most, width, rest=rest))
    return text.count(glyphs().taken), text.count(glyphs().left)


@pytest.mark.parametrize(
    ("value", "most", "cells"), [(0, 100, 0), (1, 1000, 1), (50, 100, 5), (100, 100, 10), (150, 100, 10), (3, 0, 1)]
)
def test_a_bar_is_as_long_as_its_share_and_some_never_looks_like_none(value: int, most: int, cells: int) -> None:
    assert drawn(value, most, 10) == (cells, 0)


def test_what_is_missing_of_a_share_is_shown_even_where_it_is_little() -> None:
    assert drawn(99, 100, 10, rest=True) == (9, 1)
    assert drawn(100, 100, 10, rest=True) == (10, 0)
    assert drawn(0, 100, 10, rest=True) == (0, 10)


def test_columns_are_as_high_as_their_share_of_the_highest_and_nothing_is_a_dot() -> None:
    found = column_chart([0, 1, 50, 100])
    assert (len(found), found[0]) == (4, glyphs().dot)
    assert len(set(found)) == 4
    assert column_chart([0, 0]) == glyphs().dot * 2
    assert column_chart([]) == ""
