"""What a change would answer, and the invitations that would be due because of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from csc_tui.base.context import Context
from csc_tui.base.transaction import joining
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import Due
from db.engine.connection import database, writing

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Preview(Generic[Result]):
    """What a change would answer, and the invitations that would be due because of it."""

    result: Result
    invitations: list[Due]


def preview(ctx: Context, change: Callable[[], Result], events: Sequence[str]) -> Preview[Result]:
    """Run the change itself and take it back, so that a preview can never differ from what it previews.

    `events` are the references whose invitations may change. Raises what the change raises.
    """
    with writing():
        already = {
            (each.person_id, each.session_id, each.method)
            for its in mail_invitations.due_of(ctx, events, learners_only=True).values()
            for each in its
        }
        with joining():
            result = change()
        due = [each for its in mail_invitations.due_of(ctx, events, learners_only=True).values() for each in its]
        database.rollback()
    return Preview(result, [each for each in due if (each.person_id, each.session_id, each.method) not in already])
