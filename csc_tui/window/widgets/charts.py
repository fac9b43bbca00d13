"""Figures drawn with letters: a bar, a line of small columns, how answers are spread."""

from collections.abc import Sequence

from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece

COLUMNS, PLAIN_COLUMNS = "▁▂▃▄▅▆▇█", ".:-=+*#@"
"""Small columns from low to high, and what stands in for them on a plain terminal."""


def share_bar(value: float, most: float, width: int, *, rest: bool = False, tone: str = "good") -> list[Piece]:
    """As long as its share of the most; with `rest` what is missing is shown, too. Some never looks like none."""
    share = min(value / most, 1.0) if most > 0 else 0.0
    long = round(share * width)
    if value > 0:
        long = max(long, 1)
    drawn: list[Piece] = [(glyphs().taken * long, tone)]
    if rest and value < most:
        long = min(long, width - 1)
        drawn = [(glyphs().taken * long, tone), (glyphs().left * (width - long), "muted")]
    return drawn


def column_chart(values: Sequence[int]) -> str:
    """One small column for each value, as high as its share of the highest; nothing is a dot."""
    signs = COLUMNS if glyphs().dot == "·" else PLAIN_COLUMNS
    most = max(values, default=0)
    return "".join(signs[max(round(value / most * 8) - 1, 0)] if value else glyphs().dot for value in values)
