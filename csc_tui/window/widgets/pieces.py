"""Pieces of text with a tone, cut and padded to cells; widgets that draw their own lines are made of them."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from textual.content import Content

from csc_tui.base.text import clean_text
from csc_tui.window.widgets.glyphs import glyphs

Piece = tuple[str, str]
"""A text and its tone, one of `TONES`."""
Pieces = str | Sequence[Piece]

TONES = ("plain", "muted", "strong", "accent", "good", "warning", "error")


def safe_pieces(text: Pieces) -> list[Piece]:
    """Return stored text as pieces that are safe for a terminal."""
    return (
        [(clean_text(text), "plain")] if isinstance(text, str) else [(clean_text(words), tone) for words, tone in text]
    )


def width_in_cells(text: Pieces) -> int:
    """Return how many cells the text takes."""
    if isinstance(text, str) and text.isascii() and text.isprintable():
        return len(text)
    return sum(cell_len(words) for words, _ in safe_pieces(text))


def fit_text(text: Pieces, width: int, *, right: bool = False) -> list[Piece]:
    """Return the text in exactly `width` cells, cut with an ellipsis or padded.

    Blanks take their neighbour's tone, which saves bytes over SSH.
    """
    if isinstance(text, str) and len(text) <= width and text.isascii() and text.isprintable():  # as most are
        return [(text.rjust(width) if right else text.ljust(width), "plain")]
    parts = safe_pieces(text) or [("", "plain")]
    length = sum(cell_len(words) for words, _ in parts)
    if length <= width:
        padding = " " * (width - length)
        return [(padding, parts[0][1]), *parts] if right else [*parts, (padding, parts[-1][1])]
    kept: list[Piece] = []
    room = width - len(glyphs().more)
    for words, tone in parts:
        if room <= 0:
            break
        size = cell_len(words)
        kept.append((words if size <= room else set_cell_size(words, room), tone))
        room -= size
    return [*kept, (glyphs().more, kept[-1][1] if kept else "plain")] if width > 0 else []


def folded_lines(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells, broken between words; a longer word has a line to itself."""
    lines = [""]
    for word in clean_text(text).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def folded_pieces(text: Pieces, width: int) -> list[list[Piece]]:
    """Return the text in lines of at most `width` cells, broken between words, each word in its tone."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for words, tone in safe_pieces(text):
        for word in re.split(r"(?<= )(?=[^ ])", words):
            if used and used + cell_len(word.rstrip()) > width:
                lines.append([])
                used, word = 0, word.lstrip()
            lines[-1].append((word, tone))
            used += cell_len(word)
    return lines


def places_bar(held: int, capacity: int, width: int) -> list[Piece]:
    """Return places taken of all places as a bar; full is toned as a warning, overfull as an error."""
    share = min(held / capacity, 1.0) if capacity else float(held > 0)
    taken = round(share * width)
    if 0 < held < capacity:  # some taken shows, and so does some left
        taken = min(max(taken, 1), width - 1)
    tone = "error" if held > capacity else "warning" if held == capacity and capacity else "good"
    return [(glyphs().taken * taken, tone), (glyphs().left * (width - taken), "muted")]


def without_background(style: Style) -> Style:
    """Return a component's colour without its background, to be drawn over another one."""
    return Style(color=style.color, bold=style.bold)


def draw_content(lines: Sequence[Pieces], styles: dict[str, str]) -> Content:
    """Return lines of pieces as Content; `styles` gives the look of each tone, and no text is read as markup."""
    joined = []
    for line in lines:
        joined.append(Content.assemble(*((words, styles.get(tone, "")) for words, tone in safe_pieces(line))))
    return Content("\n").join(joined)


STYLES = {
    "muted": "$foreground 60%",
    "strong": "bold",
    "accent": "bold $text-primary",
    "good": "$text-success",
    "warning": "bold $text-warning",
    "error": "bold $text-error",
}
"""Tone -> its look in running text, in the theme's own variables."""
