"""Kinds of argument the commands share: dates, times, pasted lists."""

import sys
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import click

from csc_tui.domain import matching, timing


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

DRY = "A dry run: nothing was changed."

dry_run = click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
override = click.option("--override", default="", metavar="REASON", help="Set a clash aside, with a reason.")


def people_given(words: Sequence[str]) -> list[str]:
    """The PERSON references of a command line; `-` stands for those pasted on stdin, one or more a line."""
    found: list[str] = []
    for word in words:
        found += matching.references(sys.stdin.read()) if word == "-" else [word]
    return list(dict.fromkeys(found))
