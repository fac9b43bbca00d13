"""The lines at the top that say what to do next in the tour."""

from textual.widgets import Static

from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content


class TourStrip(Static):
    """Shows where in the tour one is, and what to do."""

    def __init__(self, number: int, of: int, title: str, text: str) -> None:
        super().__init__(markup=False)
        self.say(number, of, title, text)

    def say(self, number: int, of: int, title: str, text: str) -> None:
        where = f"Tour {number} of {of}" if number <= of else "Tour"
        first: Pieces = [
            (f"{where}{glyphs().between}", "accent"), (title, "strong"),
            (f"{glyphs().between}f7 skips this step, f8 leaves the tour", "muted"),
        ]  # fmt: skip
        self.update(draw_content([first, [(text, "plain")]], STYLES))
