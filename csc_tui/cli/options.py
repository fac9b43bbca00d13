"""Kinds of argument the commands share: dates, times, pasted lists."""

import sys
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import click

from csc_tui.cli import failures
from csc_tui.context import Context
from csc_tui.domain import timing
from csc_tui.services import pasting
from db.errors import WrongUse


class Day(click.ParamType):  # type: ignore[type-arg]
    """25/04/2017 or 2017-04-25."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return value if isinstance(value, date) else timing.parse_date(value)


class Clock(click.ParamType):  # type: ignore[type-arg]
    """09:30."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        return value if isinstance(value, time) else timing.parse_time(value)


DAY, CLOCK = Day(), Clock()
NOTHING_CHANGED = "A dry run: nothing was changed."

dry_run = click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
override = click.option(
    "--override", default="", metavar="REASON", help="Why to do it all the same: past a clash, a limit or a start."
)


def said_dry(dry_run: bool) -> None:
    """Remark that nothing was changed, where it was a dry run."""
    if dry_run:
        failures.remark(NOTHING_CHANGED)


def people_given(ctx: Context, words: Sequence[str]) -> list[str]:
    """The PERSON references of a command line; `-` stands for those pasted on stdin, one or more a line."""
    found: list[str] = []
    for word in words:
        if word == "-":
            read, polite = pasting.pasted(ctx, _pasted())
            found += read
            if polite:
                failures.remark(f"Not taken for names: {'; '.join(polite)}")
        else:
            found.append(word)
    return list(dict.fromkeys(found))


def _pasted() -> str:
    if sys.stdin.isatty():
        failures.remark("Paste the people, one or more a line, and end with ctrl+d on a line of its own.")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WrongUse(f"What was pasted is not UTF-8 text (byte {fault.start + 1}). Nothing was changed.") from None
