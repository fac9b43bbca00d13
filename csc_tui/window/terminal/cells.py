"""The terminal's picture cell by cell, so that only changed cells are written to it."""

import re
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes

PLAIN = ""
"""The pen a terminal starts with: no colour, no attribute."""
BRIDGE = 4
"""The most unchanged cells written again, where moving the cursor over them would cost as many bytes."""

_TOKENS = re.compile(
    r"\x1b\[(?P<pen>[0-9;]*)m"
    r"|\x1b\[(?P<place>[0-9]+;[0-9]+)H"
    r"|\x1b\]8;(?P<link>[^\x07\x1b]*)(?:\x1b\\|\x07)"
    r"|(?P<line>\r?\n)"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<other>\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x1b\\|\x07)|\x1b.|[\x00-\x1f\x7f])",
    re.DOTALL,
)
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
        "51": "54", "52": "54", "53": "55"}  # fmt: skip
"""SGR code of an attribute -> the code that ends it."""
_SEEN_ON_BLANKS = {"4", "5", "6", "7", "9", "21", "51", "52", "53"}
_NARROW = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2013\u2014\u2018-\u201d\u2022\u2026\u2190-\u2193"
                     r"\u2500-\u25fc\u2800-\u28ff]*")  # fmt: skip
"""Signs that take one cell on every terminal."""


Cell = tuple[str, str, str]
"""A sign, its pen as SGR parameters, and its link; a covered cell names what covers it."""
Row = list[Cell | None]
"""A line of cells; None is a cell whose content is unknown."""


class Pen(NamedTuple):
    """The meaning of a sequence of SGR parameters."""

    colour: str
    ground: str
    attributes: frozenset[str]


class Cells:
    """Turns output meant for the terminal into the bytes that draw the same picture.

    After anything else wrote on the terminal or changed its size, `forget` must be called.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget what the terminal shows, so that everything is drawn again."""
        self._shown: list[Row] = []
        self._wanted: list[Row] = []
        self._touched: dict[int, tuple[int, int]] = {}
        self._odd: set[int] = set()
        self._x = self._y = 0
        self._pen = self._link = ""
        self._at: tuple[int, int] | None = None
        self._drawn_pen: str | None = None
        self._drawn_link = ""

    def write(self, data: str) -> str:
        """Return fewer bytes that draw the same picture; sequences that draw nothing pass unchanged, in their place."""
        out: list[str] = []
        placed = False
        for found in _TOKENS.finditer(data):
            kind, token = found.lastgroup, found[0]
            if kind == "text":
                self._put(token)
            elif kind == "pen":
                given = found["pen"]
                if given in ("", "0"):
                    self._pen = PLAIN
                else:
                    self._pen = f"{self._pen};{given}" if self._pen else given
            elif kind == "place":
                y, _, x = found["place"].partition(";")
                self._x, self._y = int(x) - 1, int(y) - 1
                placed = True
            elif kind == "line":
                self._x, self._y = 0, self._y + 1
            elif kind == "link":
                self._link = "" if found["link"] == ";" else found["link"]
            else:
                out.append(self._changes())
                out.append(self._rest())
                out.append(token)
                if not _draws_nothing(token):
                    self.forget()
        out.append(self._changes())
        if placed:  # the cursor is left where it was meant to be
            out.append(self._go(self._x, self._y))
        return "".join(out)

    def _put(self, text: str) -> None:
        row, x = self._row(self._y), self._x
        pen, link, blank = self._pen, self._link, _blank(self._pen)
        if _NARROW.fullmatch(text):
            end = x + len(text)
            self._widen(row, end)
            row[x:end] = [(sign, blank if sign == " " else pen, link) for sign in text]
        else:
            self._odd.add(self._y)
            end = x
            for start, stop, width in split_graphemes(text)[0]:
                if not width:
                    continue
                self._widen(row, end + width)
                sign = text[start:stop]
                cell = (sign, blank if sign == " " else pen, link)
                row[end] = cell
                for covered in range(end + 1, end + width):
                    row[covered] = ("", *cell[:2])  # belongs to the sign before it
                end += width
        first, last = self._touched.get(self._y, (x, end))
        self._touched[self._y] = (min(first, x), max(last, end))
        self._x = end

    def _row(self, y: int) -> Row:
        while len(self._wanted) <= y:
            self._wanted.append([])
            self._shown.append([])
        return self._wanted[y]

    def _widen(self, row: Row, end: int) -> None:
        if len(row) < end:
            row.extend([None] * (end - len(row)))

    def _changes(self) -> str:
        """Return the bytes that draw what is wanted and not shown; only the rows that were touched are compared."""
        out: list[str] = []
        pieces: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
        for y in sorted(self._touched):
            first, last = self._touched[y]
            wanted, shown = self._wanted[y], self._shown[y]
            if wanted[first:last] == shown[first:last]:
                continue
            if y in self._odd:
                self._draw_odd(out, y, wanted)
            else:
                for x, text, pen, link in _pieces(wanted, shown, first, last):
                    pieces.setdefault((pen, link), []).append((x, y, text))
            self._shown[y] = wanted[:]
        self._touched.clear()
        # Everything with one pen is drawn together, because moving the cursor costs a third of changing the pen. The
        # nearest pen comes next, mostly one with the same background or the same colour.
        while pieces:
            pen, link = min(pieces, key=self._cost)
            out.append(self._take(pen, link))
            for x, y, text in pieces.pop((pen, link)):
                out += (self._go(x, y), text)
                self._at = (x + len(text), y)
        return "".join(out)

    def _draw_odd(self, out: list[str], y: int, wanted: Row) -> None:
        """Draw a whole row with signs whose width terminals disagree on, putting each of those in its place."""
        for x, cell in enumerate(wanted):
            if cell is None:
                continue
            if cell[0]:
                out.append(self._go(x, y))
                out.append(self._take(cell[1], cell[2]))
                out.append(cell[0])
                self._at = (x + 1, y) if _NARROW.fullmatch(cell[0]) else None
        if all(cell is None or _NARROW.fullmatch(cell[0]) for cell in wanted):
            self._odd.discard(y)

    def _go(self, x: int, y: int) -> str:
        at, self._at = self._at, (x, y)
        if at == (x, y):
            return ""
        if at is not None and at[1] == y:
            on = x - at[0]
            return "\r" if not x else f"\x1b[{x + 1}G" if on < 0 else "\x1b[C" if on == 1 else f"\x1b[{on}C"
        if at is not None and at[1] == y - 1 and not x:
            return "\r\n"
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"

    def _take(self, pen: str, link: str) -> str:
        """Return the sequence that changes the terminal's pen to this one."""
        said = self._changed(pen, link)
        self._drawn_pen, self._drawn_link = pen, link
        return said

    def _changed(self, pen: str, link: str) -> str:
        said = f"\x1b]8;{link or ';'}\x1b\\" if link != self._drawn_link else ""
        if pen != self._drawn_pen:
            said += _afresh(pen) if self._drawn_pen is None else _between(self._drawn_pen, pen)
        return said

    def _cost(self, drawn: tuple[str, str]) -> int:
        return len(self._changed(*drawn))

    def _rest(self) -> str:
        """Return the sequence for a plain pen, which sequences passed on unread expect."""
        return self._take(PLAIN, "") if self._drawn_pen or self._drawn_link else ""


def _pieces(wanted: Row, shown: Row, first: int, last: int) -> list[tuple[int, str, str, str]]:
    """Return (place, text, pen, link) of the cells that differ.

    A few equal cells between them are drawn again where that is shorter.
    """
    found: list[tuple[int, str, str, str]] = []
    begin = end = first
    text: list[str] = []
    pen = link = ""
    known: Row = [*shown[first:last], *[None] * max(last - max(len(shown), first), 0)]
    for x, cell in enumerate(wanted[first:last], first):
        if cell is None or cell == known[x - first]:
            continue
        if text:
            if x == end and cell[1] == pen and cell[2] == link:
                text.append(cell[0])
                end += 1
                continue
            if x - end <= BRIDGE:
                between = wanted[end : x + 1]
                joined = _joined(text, pen, link, between)
                if joined is not None:
                    text += [each[0] for each in between if each]
                    pen, end = joined, x + 1
                    continue
            found.append((begin, "".join(text), pen, link))
        begin, end = x, x + 1
        sign, pen, link = cell
        text = [sign]
    if text:
        found.append((begin, "".join(text), pen, link))
    return found


def _joined(text: list[str], pen: str, link: str, cells: Row) -> str | None:
    """Return the one pen that draws these cells behind `text`, or None where they take more than one."""
    blanks: bool | None = None  # asked only where it matters, because it looks at the whole text
    for cell in cells:
        if cell is None or cell[2] != link:
            return None
        sign, own, _ = cell
        if own != pen and not (sign == " " and own == _blank(pen)):
            if blanks is None:
                blanks = all(each == " " for each in text)
            if not blanks or _blank(own) != pen:
                return None
            pen = own  # the blanks before it look the same in it
        if sign != " ":
            blanks = False
    return pen


@lru_cache(maxsize=512)
def _blank(pen: str) -> str:
    """Return the pen that draws equal blanks: their colour cannot be seen, unless something is drawn over them."""
    parsed = _parsed(pen)
    return pen if parsed.attributes & _SEEN_ON_BLANKS else parsed.ground


@lru_cache(maxsize=512)
def _parsed(pen: str) -> Pen:
    colour = ground = ""
    attributes: set[str] = set()
    given = pen.split(";") if pen else []
    while given:
        code = given.pop(0)
        if code in ("38", "48"):
            size = 4 if given[:1] == ["2"] else 2
            whole = ";".join([code, *given[:size]])
            del given[:size]
            colour, ground = (whole, ground) if code == "38" else (colour, whole)
        elif code in ("39", "49"):
            colour, ground = ("", ground) if code == "39" else (colour, "")
        elif (len(code) == 2 and code[0] in "39") or (code in _OFF):
            if code in _OFF:
                attributes.add(code)
            else:
                colour = code
        elif (len(code) == 2 and code[0] == "4") or (len(code) == 3 and code[:2] == "10"):
            ground = code
        else:
            attributes.add(code)
    return Pen(colour, ground, frozenset(attributes))


def _afresh(pen: str) -> str:
    return f"\x1b[0;{pen}m" if pen else "\x1b[m"


@lru_cache(maxsize=2048)
def _between(before: str, after: str) -> str:
    """Return the shortest sequence that changes one pen into the other."""
    old, new = _parsed(before), _parsed(after)
    afresh = f"\x1b[{after}m" if after and not before else _afresh(after)
    gone = old.attributes - new.attributes
    if any(code not in _OFF for code in gone):
        return afresh
    ends = {_OFF[code] for code in gone}
    codes = sorted(ends)
    # An end such as 22 ends both bold and dim, so what should stay of them is set again.
    codes += sorted(code for code in new.attributes if code not in old.attributes or _OFF.get(code) in ends)
    if old.colour != new.colour:
        codes.append(new.colour or "39")
    if old.ground != new.ground:
        codes.append(new.ground or "49")
    changed = f"\x1b[{';'.join(codes)}m" if codes else ""
    return min(changed, afresh, key=len)


def _draws_nothing(token: str) -> bool:
    """Return whether the sequence leaves picture and cursor alone, as modes and questions do and erasing does not."""
    if token.startswith("\x1b["):
        return token[-1] in "hlnpuctq" and not _OTHER_SCREEN.match(token)
    return token.startswith(("\x07", "\x1b]"))


_OTHER_SCREEN = re.compile(r"\x1b\[\?(?:1049|1047|47|3)[hl]")
"""Sequences that switch to another screen, whose content is unknown."""
