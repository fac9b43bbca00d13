"""Making a change, or previewing it with --dry-run: who moves, and whose invitations become due."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.mail import change_preview
from csc_tui.core.mail.invitation_rules import DueInvitation
from db.records.booking import StatusChange
from db.records.calendar import FieldChange

Result = TypeVar("Result")
MOVE_COLUMNS = ("person", "name", "from", "to")
NAMED = 12
"""The most invitations due that are named; the others are counted."""


def make_and_print_moves(
    call: Call, change: Callable[[Context], Sequence[StatusChange]], *, dry_run: bool = False
) -> None:
    """Make a change to places and print who moved."""
    stdout.print_records(
        call.form, StatusChange, make_or_preview(call.context(), change, dry_run=dry_run), MOVE_COLUMNS
    )
    options.remark_dry_run(dry_run)


def print_changes(call: Call, changes: Sequence[FieldChange], subject: str, *, dry_run: bool = False) -> None:
    """Print the changes of a catalogue entry or a group, called `subject` in the first column."""
    rows = [(each.event, each.session, each.field, each.before, each.after) for each in changes]
    if any(each.session for each in changes):
        stdout.print_rows(call.form, (subject, "session", "field", "before", "after"), rows)
    else:
        stdout.print_rows(call.form, (subject, "field", "before", "after"), [(row[0], *row[2:]) for row in rows])
    if dry_run:
        stderr.remark(options.NOTHING_CHANGED)
    elif not changes:
        stderr.remark("There is nothing to change.")


def make_or_preview(ctx: Context, change: Callable[[Context], Result], *, dry_run: bool) -> Result:
    """Make a change, or preview it and say which invitations it would make due."""
    if not dry_run:
        return change(ctx)
    previewed = change_preview.preview_change(ctx, lambda: change(ctx))
    if previewed.invitations:
        stderr.remark(_invitations_sentence(previewed.invitations))
    return previewed.result


def _invitations_sentence(due: Sequence[DueInvitation]) -> str:
    named = [f"{each.method.value} to {each.attendee.name} for session {each.session}" for each in due[:NAMED]]
    if len(due) > NAMED:
        named.append(f"and {format_count(len(due) - NAMED, 'more', 'more')}")
    return f"{format_count(len(due), 'invitation')} would be due: {'; '.join(named)}."
