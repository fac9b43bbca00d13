"""Make-ups: a missed module attended in a session of another event of the same course."""

from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.transaction import action
from csc_tui.core.booking import learner_clashes, transitions
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places
from db import attendance, booking, calendar, makeups, people
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.booking import StatusChange
from db.records.calendar import Session
from db.records.startup import Role, count_taken_seats


@dataclass(frozen=True, slots=True)
class MakeUpSession:
    """A session in which a person can make up a module they missed, with the places left in it."""

    course: str
    module: str
    event: str
    session: int
    date: str
    start: str
    venue: str
    free: int


def list_make_up_sessions(ctx: Context, person: str) -> list[MakeUpSession]:
    """Return the sessions in which a person can make up modules they missed of courses they have begun.

    They are ordered by module and date. Raises NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        whom = people.find_person(person)
        missing = attendance.fetch_missing_modules(whom.id, ctx.today())
        return [
            MakeUpSession(
                course,
                session.module,
                session.event,
                session.number,
                str(session.date),
                f"{session.start:%H:%M}",
                session.venue,
                left,
            )
            for course, session in makeups.fetch_make_up_sessions(missing, after=ctx.today())
            if (left := _free_in((places := EventPlaces(ctx, calendar.fetch_event(session.event))), session)) > 0
            and not places.find_enrolment(whom)
        ]


@action(role=Role.BOOKER)
def book_make_up(ctx: Context, person: str, reference: str, number: int, *, override: str = "") -> MakeUpSession:
    """Seat a person in one session of an event to make up a module they missed.

    Raises NoSuchEvent, NoSuchSession, NotBookable, LearnerClash, and RuleBroken when there is nothing to make up, no
    seat, or the person is on the event already.
    """
    places = lock_event_places(ctx, reference)
    whom = people.find_person(person)
    session = calendar.fetch_session(places.event, number)
    transitions.check_bookable(places.event.reference, places.event.state)
    if session.starts is None or session.starts <= ctx.now():
        raise RuleBroken(f"Session {number} of {places.event.reference} is over or has no date. Nothing was changed.")
    if places.find_enrolment(whom):
        raise RuleBroken(f"{whom.name} is already on {places.event.reference}. Nothing was changed.")
    if makeups.has_make_up(session.id, whom.id):
        raise RuleBroken(f"{whom.name} is already making up {session.module} in that session. Nothing was changed.")
    needed = {module_id for _, module_id in attendance.fetch_missing_modules(whom.id, ctx.today())}
    if makeups.fetch_session_module(session.id) not in needed:
        raise RuleBroken(f"{whom.name} has not missed {session.module}. Nothing was changed.")
    left = _free_in(places, session)
    if left < 1:
        raise RuleBroken(f"Session {number} of {places.event.reference} has no free place. Nothing was changed.")
    if not override:
        learner_clashes.check_sessions_free(whom, [session], besides=(places.event.id,))
    makeups.insert_make_up(session.id, whom.id, ctx.stamp())
    booking.update_event_counts(places.event.id)
    what = f"{whom.name} in {places.event.reference} session {number}"
    write_history(ctx, "makes up", what, event_id=places.event.id, person_id=whom.id,
                after=session.module, reason=override)  # fmt: skip
    return MakeUpSession(places.event.course, session.module, places.event.reference, number, str(session.date),
                  f"{session.start:%H:%M}", session.venue, left - 1)  # fmt: skip


@action(role=Role.BOOKER)
def cancel_make_up(ctx: Context, person: str, reference: str, number: int, *, reason: str) -> list[StatusChange]:
    """Cancel a person's make-up and return the changes of the people who move up because of it.

    Raises NoSuchEvent, NoSuchSession, and NotFound when the person makes nothing up there.
    """
    places = lock_event_places(ctx, reference)
    whom = people.find_person(person)
    session = calendar.fetch_session(places.event, number)
    if not makeups.end_make_up(session.id, whom.id):
        raise NotFound(
            f"{whom.name} is not making up a module in {places.event.reference} session {number}. Nothing was changed."
        )
    booking.update_event_counts(places.event.id)
    what = f"{whom.name} in {places.event.reference} session {number}"
    write_history(
        ctx,
        "gives up a make-up",
        what,
        event_id=places.event.id,
        person_id=whom.id,
        before=session.module,
        reason=reason,
    )
    return EventPlaces(ctx, calendar.fetch_event_by_id(places.event.id)).fill_free_places()


def _free_in(places: EventPlaces, session: Session) -> int:
    """Return the seats left in one session after the event's own places and the make-ups."""
    taken = count_taken_seats(places.event.booked, places.event.offered, makeups.count_make_ups(session.id))
    return max(places.event.capacity - taken, 0)
