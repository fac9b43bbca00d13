"""The few signs beyond letters and digits that the window draws with, and their stand-ins on a plain terminal."""

import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Glyphs:
    more: str
    taken: str
    left: str
    pointer: str
    between: str
    bullet: str
    arrow: str
    dot: str
    thumb: str
    up: str
    down: str


LINES = Glyphs(
    more="…", taken="━", left="─", pointer="▌", between=" · ", bullet="•", arrow="→", dot="·", thumb="┃", up="↑",
    down="↓",
)  # fmt: skip
ASCII = Glyphs(
    more="~", taken="=", left="-", pointer=">", between=" - ", bullet="*", arrow="->", dot=".", thumb="|", up="^",
    down="v",
)  # fmt: skip
SPOKEN = Glyphs(
    more="...", taken=" ", left=" ", pointer=">", between=", ", bullet="-", arrow="to", dot=".", thumb=" ",
    up=" (up)", down=" (down)",
)  # fmt: skip
"""Signs for a screen reader, none of which is read out as a row of symbols."""

read_aloud: ContextVar[bool] = ContextVar("read_aloud", default=False)
"""Whether the window is in its plain mode."""


def glyphs() -> Glyphs:
    """Return spoken signs in plain mode, line signs where the terminal takes UTF-8, and ASCII elsewhere."""
    return SPOKEN if read_aloud.get() else _terminal_glyphs()


@cache
def _terminal_glyphs() -> Glyphs:
    if os.environ.get("LC_ALL") in ("C", "POSIX"):  # Python writes UTF-8 even then, so that no name suffers
        return ASCII
    encoding = getattr(sys.__stdout__, "encoding", None) or "ascii"
    return LINES if takes_all_glyphs(encoding) else ASCII


def takes_all_glyphs(encoding: str) -> bool:
    """Return whether the encoding has every sign."""
    return encoding.lower().replace("-", "").startswith("utf")
