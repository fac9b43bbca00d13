"""Doing a change, or with --dry-run showing what it would do: who moves, and whose invitations change."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from csc_tui.cli import failures, options, output
from csc_tui.cli.call import Call
from csc_tui.context import Context
from csc_tui.domain.inviting import Due
from csc_tui.services import deciding
from csc_tui.text import count
from db.records import Change, Move

Result = TypeVar("Result")
MOVE_COLUMNS = ("person", "name", "from", "to")
NAMED = 12
"""So many of the invitations that would be due are named; the others are counted."""


def moves(
    call: Call, change: Callable[[Context], Sequence[Move]], events: Sequence[str], *, dry_run: bool = False
) -> None:
    """Make a change to places and print who moved."""
    output.records(call.form, Move, done(call.context(), change, events, dry_run=dry_run), MOVE_COLUMNS)
    options.said_dry(dry_run)


def printed(call: Call, changes: Sequence[Change], subject: str, *, dry_run: bool = False) -> None:
    """Print what changed about a thing of the catalogue or a group, called `subject` in the first column."""
    rows = [(each.event, each.session, each.field, each.before, each.after) for each in changes]
    if any(each.session for each in changes):
        output.rows(call.form, (subject, "session", "field", "before", "after"), rows)
    else:
        output.rows(call.form, (subject, "field", "before", "after"), [(row[0], *row[2:]) for row in rows])
    if dry_run:
        failures.remark(options.NOTHING_CHANGED)
    elif not changes:
        failures.remark("Nothing to change: it is so already.")


def done(ctx: Context, change: Callable[[Context], Result], events: Sequence[str], *, dry_run: bool) -> Result:
    """Make a change, or preview it and say which invitations for these events would be due because of it."""
    if not dry_run:
        return change(ctx)
    previewed = deciding.preview(ctx, lambda: change(ctx), events)
    if previewed.invitations:
        failures.remark(_told(previewed.invitations))
    return previewed.result


def _told(due: Sequence[Due]) -> str:
    named = [f"{each.method.value} to {each.attendee.name} for session {each.session}" for each in due[:NAMED]]
    if len(due) > NAMED:
        named.append(f"and {count(len(due) - NAMED, 'more', 'more')}")
    return f"{count(len(due), 'invitation')} would be due: {'; '.join(named)}."
