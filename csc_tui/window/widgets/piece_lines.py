"""A few lines of pieces below a list: what its columns cut of the row under the cursor."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from csc_tui.window.widgets.pieces import TONES, Pieces, fit_text, folded_pieces, without_background


class PieceLines(Widget):
    """Draws each line in as many cells as there are, cut with an ellipsis, and draws only the lines that change.

    It takes a third of the time a Static takes, which counts, because it is drawn with every move of the cursor.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"piece-lines--{tone}" for tone in TONES}

    def __init__(self, lines: Sequence[Pieces] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = [*lines]
        self._styles: dict[str, Style] = {}

    @property
    def lines(self) -> Sequence[Pieces]:
        return self._lines

    def show(self, lines: Sequence[Pieces]) -> None:
        """Show these lines; the widget keeps its size."""
        before, self._lines = self._lines, [*lines]
        for y in range(max(len(before), len(self._lines))):
            if before[y : y + 1] != self._lines[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def show_folded(self, lines: Sequence[Pieces]) -> None:
        """Show these lines, each broken between words where it is too long."""
        width = self.size.width or self.app.size.width
        self.show([part for line in lines for part in folded_pieces(line, width)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        segments = [
            Segment(words, self._style(tone))
            for words, tone in fit_text(self._lines[y] if y < len(self._lines) else "", width)
            if words
        ]
        return Strip(segments, width)

    def _style(self, tone: str) -> Style:
        if tone not in self._styles:
            style = self.get_component_rich_style(f"piece-lines--{tone}")
            self._styles[tone] = self.rich_style + without_background(style) if tone != "plain" else self.rich_style
        return self._styles[tone]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
