"""Pieces of text with a tone, cut and padded to cells: what every widget that draws its own lines is made of."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from textual.content import Content

from csc_tui.base.text import clean_text
from csc_tui.window.widgets.glyphs import glyphs

Piece = tuple[str, str]
"""Text and its tone: one of `TONES`."""
Pieces = str | Sequence[Piece]

TONES = ("plain", "muted", "strong", "accent", "good", "warning", "error")


def safe_pieces(text: Pieces) -> list[Piece]:
    """Stored text made safe for a terminal, as a list of pieces."""
    return (
        [(clean_text(text), "plain")] if isinstance(text, str) else [(clean_text(words), tone) for words, tone in text]
    )


def width_in_cells(text: Pieces) -> int:
    """How many cells it takes."""
    return sum(cell_len(words) for words, _ in safe_pieces(text))


def fit_text(text: Pieces, width: int, *, right: bool = False) -> list[Piece]:
    """Exactly `width` cells: cut with an ellipsis, or padded. Blanks take their neighbour's tone, which saves bytes."""
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
    """The text in lines of so many cells at most, broken between words; a longer word keeps a line to itself."""
    lines = [""]
    for word in clean_text(text).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def places_bar(held: int, capacity: int, width: int) -> list[Piece]:
    """Places taken of places there are, as a bar; full is a warning, too full an error."""
    share = min(held / capacity, 1.0) if capacity else float(held > 0)
    taken = round(share * width)
    if 0 < held < capacity:  # some taken shows, and some left shows
        taken = min(max(taken, 1), width - 1)
    tone = "error" if held > capacity else "warning" if held == capacity and capacity else "good"
    return [(glyphs().taken * taken, tone), (glyphs().left * (width - taken), "muted")]


def without_background(style: Style) -> Style:
    """A component's colour as it comes out on its widget's ground, to be laid on another ground."""
    return Style(color=style.color, bold=style.bold)


def draw_content(lines: Sequence[Pieces], styles: dict[str, str]) -> Content:
    """Lines of pieces as Content; `styles` says how each tone looks. Nothing in the text is taken for markup."""
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
"""How each tone looks in running text, in the theme's own variables."""
