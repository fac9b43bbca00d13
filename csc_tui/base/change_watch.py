"""Notices what other people change in the database."""

from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from db import lookups
from db.engine import binding
from db.engine.watcher import ChangeWatcher

COUNTED_LINES = 500
"""Most history lines that are counted; beyond it, as after a large import, the sentence says "many more changes"."""


def watch_database(ctx: Context) -> ChangeWatcher:
    """Open a watcher whose `changed()` returns whether anybody has committed since its last call."""
    return ChangeWatcher(binding.current_location())


@dataclass(frozen=True, slots=True)
class ChangesByOthers:
    """The changes made by other people since a given line of the history.

    `sentence` describes them and is empty where there are none; `upto` is the number of the last history line included.
    """

    sentence: str
    upto: int


def get_last_change_number(ctx: Context) -> int:
    """Return the number of the newest line of the history."""
    with binding.open_connection() as connection:
        return lookups.fetch_last_change(connection)


def report_changes_by_others(ctx: Context, after: int) -> ChangesByOthers:
    """Describe the changes other people have made since line `after` of the history."""
    with binding.open_connection() as connection:
        newest = lookups.fetch_last_change(connection)
        found = lookups.fetch_changes_by_others(connection, ctx.actor, after, COUNTED_LINES) if newest > after else []
    return ChangesByOthers(_sentence(found), newest)


def _sentence(found: list[tuple[str, str, str]]) -> str:
    """Describe the changes in one sentence: `bea: booked Bo Ek on BR-04, and 2 more changes by bea and cy.`"""
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
