"""A missed module made up in another event of the same course: where it is possible, and a seat for that session."""

from dataclasses import dataclass

from csc_tui.base import clashes
from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, NotBookable
from csc_tui.base.transaction import deciding
from csc_tui.core.booking.event_places import Desk, open_desk
from db import attendance, booking, calendar, history, makeups, people
from db.engine.connection import reading
from db.errors import NotFound, RuleBroken
from db.records.booking import Move
from db.records.calendar import Session
from db.records.first_picture import Role


@dataclass(frozen=True, slots=True)
class Chance:
    """A session in which a person can make up a module they miss, with the places left in it."""

    course: str
    module: str
    event: str
    session: int
    date: str
    start: str
    venue: str
    free: int


def chances(ctx: Context, person: str) -> list[Chance]:
    """Where the person can make up what is missing of the courses they have begun, by module and date.

    Raises NoSuchPerson, AmbiguousPerson.
    """
    with reading():
        whom = people.find(person)
        missing = attendance.modules_missing(whom.id, ctx.today())
        return [
            Chance(course, session.module, session.event, session.number, str(session.date),
                   f"{session.start:%H:%M}", session.venue, left)
            for course, session in makeups.sessions_for(missing, after=ctx.today())
            if (left := _free_in((desk := Desk(ctx, calendar.get(session.event))), session)) > 0 and not desk.of(whom)
        ]  # fmt: skip


def join(
    ctx: Context, person: str, reference: str, number: int, *, override: str = "", dry_run: bool = False
) -> Chance:
    """Seat somebody in one session of an event to make up a module they miss.

    Raises NoSuchEvent, NoSuchSession, RuleBroken (nothing to make up, no seat, on the event already, a clash).
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        session = calendar.session(desk.event, number)
        if not desk.event.state.bookable:
            raise NotBookable(desk.event.reference, desk.event.state)
        if session.starts is None or session.starts <= ctx.now():
            raise RuleBroken(f"Session {number} of {desk.event.reference} is over or has no date. Nothing was changed.")
        if desk.of(whom):
            raise RuleBroken(f"{whom.name} is on {desk.event.reference} already. Nothing was changed.")
        if makeups.seated(session.id, whom.id):
            raise RuleBroken(f"{whom.name} makes up {session.module} in that session already. Nothing was changed.")
        needed = {module_id for _, module_id in attendance.modules_missing(whom.id, ctx.today())}
        if makeups.module_of(session.id) not in needed:
            raise RuleBroken(f"{whom.name} does not miss {session.module}. Nothing was changed.")
        left = _free_in(desk, session)
        if left < 1:
            raise RuleBroken(f"Session {number} of {desk.event.reference} has no free place. Nothing was changed.")
        if not override:
            _check_free(whom.id, whom.name, session)
        makeups.add(session.id, whom.id, ctx.stamp())
        booking.recount(desk.event.id)
        what = f"{whom.name} in {desk.event.reference} session {number}"
        history.add(ctx.stamp(), ctx.actor, "makes up", what, event_id=desk.event.id, person_id=whom.id,
                    after=session.module, reason=override)  # fmt: skip
    return Chance(desk.event.course, session.module, desk.event.reference, number, str(session.date),
                  f"{session.start:%H:%M}", session.venue, left - 1)  # fmt: skip


def leave(ctx: Context, person: str, reference: str, number: int, *, reason: str, dry_run: bool = False) -> list[Move]:
    """Give the seat of a make-up back: whoever waits for the event and moves up because of it.

    Raises NoSuchEvent, NoSuchSession, NotFound (nothing is made up there).
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        session = calendar.session(desk.event, number)
        if not makeups.remove(session.id, whom.id):
            raise NotFound(
                f"{whom.name} makes nothing up in {desk.event.reference} session {number}. Nothing was changed."
            )
        booking.recount(desk.event.id)
        what = f"{whom.name} in {desk.event.reference} session {number}"
        history.add(ctx.stamp(), ctx.actor, "gives up a make-up", what, event_id=desk.event.id, person_id=whom.id,
                    before=session.module, reason=reason)  # fmt: skip
        return Desk(ctx, calendar.by_id(desk.event.id)).fill()


def _free_in(desk: Desk, session: Session) -> int:
    """Seats left in one session: the event's own places and those of others who make it up count."""
    taken = desk.event.booked + desk.event.offered + makeups.count(session.id)
    return max(desk.event.capacity - taken, 0)


def _check_free(person_id: int, name: str, session: Session) -> None:
    met = clashes.first_overlap([session], booking.commitments(person_id, besides=session.event_id))
    if met:
        raise LearnerClash(name, f"{met[1].event} session {met[1].number} at that time")
