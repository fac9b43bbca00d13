"""What a change would answer, and the invitations that would be due because of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from csc_tui.base.context import Context
from csc_tui.base.transaction import join_transactions
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from db.engine.connection import database, write_transaction

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ChangePreview(Generic[Result]):
    """What a change would answer, and the invitations that would be due because of it."""

    result: Result
    invitations: list[DueInvitation]


def preview_change(ctx: Context, change: Callable[[], Result], events: Sequence[str]) -> ChangePreview[Result]:
    """Run the change itself and take it back, so that a preview can never differ from what it previews.

    `events` are the references whose invitations may change. Raises what the change raises.
    """
    with write_transaction():
        already = {
            (each.person_id, each.session_id, each.method)
            for its in mail_invitations.list_due_by_event(ctx, events, learners_only=True).values()
            for each in its
        }
        with join_transactions():
            result = change()
        due = [
            each for its in mail_invitations.list_due_by_event(ctx, events, learners_only=True).values() for each in its
        ]
        database.rollback()
    return ChangePreview(
        result, [each for each in due if (each.person_id, each.session_id, each.method) not in already]
    )
