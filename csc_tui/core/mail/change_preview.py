"""Previews of changes: a change is run to its end and taken back, with the invitations that it would make due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from csc_tui.base.context import Context
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from db import invitations
from db.engine import journal
from db.engine.connection import database, write_transaction

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ChangePreview(Generic[Result]):
    """The result of a change that was only previewed.

    `events` are the references of the coming events it affects, `invitations` those that would become due.
    """

    result: Result
    events: list[str]
    invitations: list[DueInvitation]


def preview_change(ctx: Context, change: Callable[[], Result]) -> ChangePreview[Result]:
    """Run a change and take it back, so that the preview cannot differ from the change.

    Raises what the change raises.
    """
    with write_transaction():
        # Not peewee's savepoint(): where the change fails it rolls back to one that a full disk has already taken away,
        # and its complaint about that hides the sentence about the disk. The transaction takes everything back anyway.
        database.execute_sql("SAVEPOINT before_change")
        with journal.watch_rows() as touched:
            result = change()
        events = invitations.fetch_affected_events(touched, ctx.today())
        due = _list_due(ctx, events)
        database.execute_sql("ROLLBACK TO SAVEPOINT before_change")
        already = {_key(each) for each in _list_due(ctx, invitations.keep_existing_events(events))}
        database.rollback()
    return ChangePreview(result, events, [each for each in due if _key(each) not in already])


def _list_due(ctx: Context, events: Sequence[str]) -> list[DueInvitation]:
    by_event = mail_invitations.list_due_by_event(ctx, events, learners_only=True)
    return [each for due in by_event.values() for each in due]


def _key(due: DueInvitation) -> tuple[object, ...]:
    return due.person_id, due.session_id, due.method
