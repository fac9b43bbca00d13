"""The few signs beyond letters and digits that the window draws with, and what stands in on a plain terminal."""

import sys
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


@cache
def glyphs() -> Glyphs:
    """Line signs where the terminal says it takes UTF-8, ASCII elsewhere."""
    encoding = getattr(sys.__stdout__, "encoding", None) or "ascii"
    if encoding.lower().replace("-", "").startswith("utf"):
        return Glyphs(
            more="…", taken="━", left="─", pointer="▌", between=" · ", bullet="•", arrow="→", dot="·", thumb="┃"
        )
    return Glyphs(more=".", taken="=", left="-", pointer=">", between=" - ", bullet="*", arrow="->", dot=".", thumb="|")
