"""What time brings: offers that ran out, requests nobody answered, and the people who move up because of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from csc_tui.base.context import Context
from csc_tui.base.transaction import deciding
from csc_tui.core.booking.event_places import open_desk
from csc_tui.core.booking.transitions import MOVES, Action
from db import booking
from db.engine.connection import reading
from db.records.booking import Move, Status
from db.records.first_picture import Role

ACTOR = "sweep"
"""Who did it, in the history: nobody decided, the time came."""


@dataclass(frozen=True, slots=True)
class Swept:
    """One move that time brought on an event."""

    event: str
    person: str
    name: str
    before: str
    after: str


def sweep(ctx: Context, *, dry_run: bool = False) -> list[Swept]:
    """Do everything that is due, an event at a time; safe to run as often as wanted."""
    ctx.require(Role.BOOKER)
    return [
        Swept(reference, move.person, move.name, move.before, move.after)
        for reference in _overdue(ctx)
        for move in _sweep_event(ctx, reference, dry_run=dry_run)
    ]


def tidy(ctx: Context, reference: str) -> list[Move]:
    """What is due on one event, for whoever opens it; nothing is written when nothing is due."""
    if reference.strip().upper() not in _overdue(ctx):
        return []
    return _sweep_event(ctx, reference, dry_run=False)


def _overdue(ctx: Context) -> list[str]:
    with reading():
        return booking.overdue(ctx.stamp(), asked_before=_asked_before(ctx))


def _asked_before(ctx: Context) -> datetime:
    return ctx.stamp() - timedelta(days=int(ctx.policy["request_days"]))


def _sweep_event(ctx: Context, reference: str, *, dry_run: bool) -> list[Move]:
    clockwork = replace(ctx, actor=ACTOR, role=Role.ADMINISTRATOR)
    with deciding(clockwork, dry_run):
        desk = open_desk(clockwork, reference)
        moves = []
        for each in desk.roster:
            if each.status is Status.OFFERED and each.offer_ends and each.offer_ends <= ctx.stamp():
                moves.append(desk.move(each, MOVES[Action.EXPIRE].target, "offer ran out"))
            elif each.status is Status.REQUESTED and each.since <= _asked_before(ctx):
                moves.append(desk.move(each, MOVES[Action.LAPSE].target, "request lapsed"))
        return moves + desk.fill()
