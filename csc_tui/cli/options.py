"""Options and kinds of argument that the commands share: dates, times, pasted lists."""

import dataclasses
import sys
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import click

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.dates import TypedDay
from csc_tui.cli import stderr
from csc_tui.cli.invocation import Call
from csc_tui.core.booking import pasted_lists
from db.errors import WrongUse


class DayParam(click.ParamType):  # type: ignore[type-arg]
    """A date: 25/04/2017, 2017-04-25, or a day as people type one."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return value if isinstance(value, date) else dates.parse_typed_day(_opened(ctx), value)


class DayAndTimesParam(click.ParamType):  # type: ignore[type-arg]
    """A day with or without times behind it: "wed 14 june 9.30-12.30"."""

    name = "date and times"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TypedDay:
        return value if isinstance(value, TypedDay) else dates.parse_day_and_times(_opened(ctx), value)


NO_DATE = "tbc"
"""The value of a date that is to be confirmed."""


class DayOrNoneParam(DayAndTimesParam):
    """A day with or without times, or `tbc` for one that is to be confirmed, which is NO_DATE."""

    name = "date, times or tbc"

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> TypedDay | str:
        if isinstance(value, str) and dates.is_to_be_confirmed(value):
            return NO_DATE
        return super().convert(value, param, ctx)


class TimeParam(click.ParamType):  # type: ignore[type-arg]
    """A time: 09:30, 9.30 or 2pm."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        return value if isinstance(value, time) else dates.parse_typed_time(value)


def _opened(ctx: click.Context | None) -> Context:
    """The Context whose day and policy say what `tomorrow` and `14/6` mean."""
    call = ctx.find_object(Call) if ctx else None
    if call is None:
        raise LookupError("a date is read inside a command only")
    known: Context | None = ctx.meta.get(_CONTEXT) if ctx else None
    if known is None:
        known = call.context()
        if ctx:
            ctx.meta[_CONTEXT] = known  # several dates are typed behind one command
    return known


_CONTEXT = f"{__name__}.context"
DAY, DAY_AND_TIMES, DAY_OR_NONE, CLOCK = DayParam(), DayAndTimesParam(), DayOrNoneParam(), TimeParam()
NOTHING_CHANGED = "This was a dry run: nothing was changed."

dry_run = click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
override = click.option(
    "--override",
    default="",
    metavar="REASON",
    help="A reason for breaking a rule, such as a clash, a limit or a start that has passed.",
)
replace = click.option("--replace", is_flag=True, help="Replace the file if it exists.")


def _say_names_are_new(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    if given:
        ctx.obj = dataclasses.replace(ctx.obj, names_are_new=True)


new_names = click.option(
    "--new", is_flag=True, expose_value=False, callback=_say_names_are_new,
    help="Add a name although it is close to a known one.",
)  # fmt: skip


def remark_dry_run(dry_run: bool) -> None:
    """Say that nothing was changed, if this was a dry run."""
    if dry_run:
        stderr.remark(NOTHING_CHANGED)


def typed_people(ctx: Context, words: Sequence[str]) -> list[str]:
    """Return the PERSON arguments; `-` stands for people pasted on stdin, one or more a line."""
    found: list[str] = []
    for word in words:
        if word == "-":
            read, polite = pasted_lists.list_pasted_people(
                ctx, stdin_text("Paste the people, one or more on each line,")
            )
            found += read
            if polite:
                stderr.remark(f"Ignored, not names: {'; '.join(polite)}")
        else:
            found.append(word)
    return list(dict.fromkeys(found))


def stdin_text(what: str = "Type the text,") -> str:
    """Return the text on stdin, for an argument `-`. Raises WrongUse."""
    if sys.stdin.isatty():
        stderr.remark(f"{what} and end with ctrl+d on a line of its own.")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WrongUse(f"The pasted text is not UTF-8 (byte {fault.start + 1}). Nothing was changed.") from None
