"""Queries on the history: narrowed by a filter, which the shell's options or typed text say."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.history import localise_history_line
from db import calendar, history, people
from db.engine.connection import read_transaction
from db.records.history import HistoryEntry, HistoryScope
from db.records.list_order import ListOrder

PAGE = 200
"""The number of lines of one page."""
HELP = (
    "by:NAME, event:BR-04, person:'Bo Ek', verb:cancelled and since:1/6/2017 filter the list. Other words are looked "
    "for in the action, before, after and reason."
)
"""The explanation of the filter, for the screen."""
_TERM = re.compile(r"(?:(by|event|person|verb|since):)?(?:'([^']*)'|\"([^\"]*)\"|(\S+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """A filter of the history; an empty field fits everything.

    `by` is an actor's name or, where nobody has that name, a part of names. `event` and `person` are as they are typed,
    and `since` is a day by the council's clock.
    """

    words: tuple[str, ...] = ()
    by: str = ""
    event: str = ""
    person: str = ""
    verb: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the history, newest first, in local time; `more` says whether older lines follow."""

    entries: list[HistoryEntry]
    more: bool


def parse_history_filter(ctx: Context, text: str) -> HistoryFilter:
    """Return the filter in a text such as `by:helen cancelled since:1/6/2017`; the last of each kind counts.

    Raises WrongUse for a date that cannot be read.
    """
    words: list[str] = []
    found: dict[str, str] = {}
    for kind, single, double, bare in _TERM.findall(text):
        value = (single or double or bare).strip()
        if kind:
            found[kind.lower()] = value
        elif value:
            words.append(value)
    since = found.pop("since", "")
    return HistoryFilter(tuple(words), since=dates.parse_typed_day(ctx, since) if since else None, **found)


def narrow_history_filter(text: str, kind: str, value: str) -> str:
    """Return the text of a filter with one more term, which replaces another of its kind."""
    kept = [term.group(0) for term in _TERM.finditer(text) if not term.group(0).lower().startswith(f"{kind}:")]
    plain = value.replace("'", "").replace('"', "")
    quoted = f"'{plain}'" if " " in plain else plain
    return " ".join([*kept, f"{kind}:{quoted}"])


def list_history(
    ctx: Context, wanted: HistoryFilter, *, limit: int | None = None, order: ListOrder | None = None
) -> list[HistoryEntry]:
    """Return who did what, newest first or in another order, in local time.

    Raises NoSuchEvent, NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        scope = HistoryScope(
            words=wanted.words,
            actor=wanted.by,
            event_id=calendar.fetch_event(wanted.event).id if wanted.event else None,
            person_id=people.find_person(wanted.person).id if wanted.person else None,
            verb=wanted.verb,
            since=ctx.utc(datetime.combine(wanted.since, time.min)) if wanted.since else None,
            order=order,
        )
        found = history.fetch_history_entries(scope, limit)
    return [replace(each, line=localise_history_line(ctx, each.line)) for each in found]


def get_history_page(ctx: Context, text: str, *, limit: int = PAGE, order: ListOrder | None = None) -> HistoryPage:
    """Return the newest lines that match a text, or the first in another order.

    Raises WrongUse, NoSuchEvent, NoSuchPerson and AmbiguousPerson.
    """
    found = list_history(ctx, parse_history_filter(ctx, text), limit=limit + 1, order=order)
    return HistoryPage(found[:limit], len(found) > limit)
