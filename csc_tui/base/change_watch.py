"""Noticing what other people change."""

from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from db import lookups
from db.engine import binding
from db.engine.watcher import ChangeWatcher

COUNTED_LINES = 500
"""Lines of the history that are counted; an import of thousands is said to be more."""


def watch_database(ctx: Context) -> ChangeWatcher:
    """Its `changed()` says whether anybody has committed since it was last asked. Raises DatabaseTrouble."""
    return ChangeWatcher(binding.current_location())


@dataclass(frozen=True, slots=True)
class ChangesByOthers:
    """`sentence` says what others did, empty for nothing; `upto` is the last line of the history it takes in."""

    sentence: str
    upto: int


def get_last_change_number(ctx: Context) -> int:
    """The last line of the history at the moment."""
    with binding.open_connection() as connection:
        return lookups.fetch_last_change(connection)


def report_changes_by_others(ctx: Context, after: int) -> ChangesByOthers:
    """What others have done since line `after` of the history."""
    with binding.open_connection() as connection:
        newest = lookups.fetch_last_change(connection)
        found = lookups.fetch_changes_by_others(connection, ctx.actor, after, COUNTED_LINES) if newest > after else []
    return ChangesByOthers(_sentence(found), newest)


def _sentence(found: list[tuple[str, str, str]]) -> str:
    """`bea: booked Bo Ek on BR-04, and 2 more changes by bea and cy.`"""
    if not found:
        return ""
    actor, verb, subject = found[0]
    what = f"{actor}: {status_label(verb)} {subject.partition(': ')[0]}"
    if len(found) == 1:
        return f"{what}."
    who = list(dict.fromkeys(each[0] for each in found))
    by = f" by {', '.join(who[:-1])} and {who[-1]}" if who != [actor] else ""
    more = "many more changes" if len(found) == COUNTED_LINES else format_count(len(found) - 1, "more change")
    return f"{what}, and {more}{by}."
