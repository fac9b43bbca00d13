"""The sweep: offers that ran out, requests that nobody answered, and the people who move up because of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from csc_tui.base import history
from csc_tui.base.context import Context
from csc_tui.base.transaction import change_transaction
from csc_tui.core.booking.event_places import lock_event_places
from csc_tui.core.booking.transitions import ENROLMENT_MOVES, EnrolmentAction
from db import booking
from db.engine.connection import read_transaction
from db.records.booking import Status, StatusChange
from db.records.startup import Role


@dataclass(frozen=True, slots=True)
class SweptMove:
    """A change of a person's status on an event that the sweep made."""

    event: str
    person: str
    name: str
    before: str
    after: str


def sweep_events(ctx: Context, *, dry_run: bool = False) -> list[SweptMove]:
    """Let overdue offers and requests lapse on every event, move people up, and return the changes.

    Each event has its own transaction; it is safe to run this as often as wanted.
    """
    ctx.require(Role.BOOKER)
    return [
        SweptMove(reference, move.person, move.name, move.before, move.after)
        for reference in _overdue(ctx)
        for move in _sweep_event(ctx, reference, dry_run=dry_run)
    ]


def sweep_if_due(ctx: Context, reference: str) -> list[StatusChange]:
    """Sweep one event if something on it is overdue, and return the changes; nothing is written otherwise.

    Raises NotAllowed for somebody who may not book.
    """
    ctx.require(Role.BOOKER)
    if reference.strip().upper() not in _overdue(ctx):
        return []
    return _sweep_event(ctx, reference, dry_run=False)


def _overdue(ctx: Context) -> list[str]:
    """Return the references of the events with an overdue offer or request."""
    with read_transaction():
        return booking.fetch_overdue_events(ctx.stamp(), asked_before=_asked_before(ctx))


def _asked_before(ctx: Context) -> datetime:
    """Return the time before which an unanswered request lapses."""
    return ctx.stamp() - timedelta(days=int(ctx.policy["request_days"]))


def _sweep_event(ctx: Context, reference: str, *, dry_run: bool) -> list[StatusChange]:
    clockwork = replace(ctx, actor=history.sweep_actor(ctx.actor), role=Role.ADMINISTRATOR)
    with change_transaction(clockwork, dry_run=dry_run):
        places = lock_event_places(clockwork, reference)
        moves = []
        for each in places.roster:
            if each.status is Status.OFFERED and each.offer_ends and each.offer_ends <= ctx.stamp():
                moves.append(
                    places.change_status(each, ENROLMENT_MOVES[EnrolmentAction.EXPIRE].target, "offer ran out")
                )
            elif each.status is Status.REQUESTED and each.since <= _asked_before(ctx):
                moves.append(
                    places.change_status(each, ENROLMENT_MOVES[EnrolmentAction.LAPSE].target, "request lapsed")
                )
        return moves + places.fill_free_places()
