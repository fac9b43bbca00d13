"""Pages to print, as PDF in a font of our own; the same content makes the same bytes."""

from datetime import UTC, datetime
from importlib.resources import as_file, files
from importlib.util import find_spec
from unicodedata import bidirectional, category, name, normalize

from fpdf import FPDF
from fpdf.enums import Align
from fpdf.fonts import FontFace, TTFFont

from db.errors import RuleBroken

FONT = "DejaVu Sans"
SMALL, PLAIN, LARGE = 8, 10, 16
"""Font sizes in points."""
MARGIN = 15
"""The margin in millimetres."""
HEADINGS = FontFace(fill_color=(230, 230, 230))
UNDATED = datetime(2017, 4, 1, tzinfo=UTC)
"""The time stamp of every page, constant so that the same page makes the same bytes."""


CENTRED = Align.C


_RIGHT_TO_LEFT = ("R", "AL")
"""The directions of letters that are read from right to left; most of them are joined, too."""


class LettersMissing(RuleBroken):
    """Raised for a text with letters that a page cannot show; it would be printed as boxes, or backwards."""

    def __init__(self, text: str, letter: str) -> None:
        script = name(letter, "another script").split(" ")[0].capitalize()
        super().__init__(
            f"'{text}' cannot be printed in its own letters: the font of the pages has no {script} ones, or cannot "
            "join them. Nothing was written."
        )
        self.text = text


class PdfDocument(FPDF):
    """An A4 document in a font with the letters of every European language.

    Letters that are joined or run from right to left are printed where uharfbuzz is installed.

    Each page has the line `foot` at its end, with the page's number where it is `numbered`; `about` are the keywords of
    the
    file.
    """

    def __init__(
        self, *, title: str, foot: str, landscape: bool = False, numbered: bool = True, about: str = ""
    ) -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", format="A4")
        with as_file(files("exports") / "fonts" / "DejaVuSans.ttf") as path:
            self.add_font(FONT, fname=path)
        self.known = {code for font in self.fonts.values() if isinstance(font, TTFFont) for code in font.cmap}
        self.shapes = find_spec("uharfbuzz") is not None
        if self.shapes:
            self.set_text_shaping(True)
        self.foot, self.numbered = foot, numbered
        self.set_creation_date(UNDATED)
        self.set_producer("csc-tui")
        self.set_title(title)
        if about:
            self.set_keywords(about)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 5)
        self.set_font(FONT, size=PLAIN)
        self.add_page()

    def footer(self) -> None:
        """Draw the foot of a page; called by fpdf2."""
        self.set_y(-MARGIN)
        self.set_font(FONT, size=SMALL)
        number = f"   {self.page_no()} / {{nb}}" if self.numbered else ""
        self.cell(0, 5, self.shown(f"{self.foot}{number}"), align=Align.C)

    def line_of(self, text: str, *, size: float = PLAIN, align: Align = Align.L) -> None:
        """Draw a text, on as many lines as it needs."""
        self.set_font(FONT, size=size)
        self.multi_cell(0, size * 0.6, self.shown(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def shown(self, text: str) -> str:
        """Return the text as it can be printed: signs that the font lacks are replaced.

        Raises LettersMissing for letters it lacks, or that have to be joined and run from right to left.
        """
        composed = normalize("NFC", text)
        if composed.isascii():
            return composed
        for letter in composed:
            lacks = ord(letter) not in self.known and category(letter)[0] in "LM"
            if lacks or (bidirectional(letter) in _RIGHT_TO_LEFT and not self.shapes):
                raise LettersMissing(composed, letter)
        return "".join(letter if ord(letter) in self.known else "\N{REPLACEMENT CHARACTER}" for letter in composed)

    def data(self) -> bytes:
        """Return the finished file."""
        return bytes(self.output())
