"""Charts drawn with characters: bars, and lines of small columns."""

from collections.abc import Sequence

from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece

COLUMNS, PLAIN_COLUMNS = "▁▂▃▄▅▆▇█", ".:-=+*#@"
"""Small columns from low to high, and their stand-ins on a plain terminal."""


def share_bar(value: float, most: float, width: int, *, rest: bool = False, tone: str = "good") -> list[Piece]:
    """Return a bar as long as the value's share of `most`, at least one cell for any value; `rest` shows what is
    missing.
    """
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
    """Return one small column a value, as high as its share of the highest; zero is a dot."""
    signs = COLUMNS if glyphs().dot == "·" else PLAIN_COLUMNS
    most = max(values, default=0)
    return "".join(signs[max(round(value / most * 8) - 1, 0)] if value else glyphs().dot for value in values)
