"""Clashes of a learner: the sessions in which somebody has a place, or which they lead, at the time of others."""

from collections.abc import Collection, Sequence

from csc_tui.base import clashes
from csc_tui.base.errors import LearnerClash
from csc_tui.base.text import format_date
from db import booking, calendar
from db.records.calendar import Session
from db.records.people import Person


def check_sessions_free(person: Person, sessions: Sequence[Session], *, besides: Collection[int | None]) -> None:
    """Raise LearnerClash, with every clash, for a person who has a place elsewhere at the time of one of the sessions.

    A session that they lead is a clash as well, one of the same event included. `besides` are the ids of the events
    whose places do not count.
    """
    held = [each for each in booking.fetch_held_sessions(person.id) if each.event_id not in besides]
    booked = clashes.find_overlaps(sessions, held)
    led = clashes.find_overlaps(sessions, calendar.fetch_led_commitments(person.id))
    if booked or led:
        raise LearnerClash(person.name, *([_meeting(*pair) for pair in pairs] for pairs in (booked, led)))


def _meeting(one: Session, other: Session) -> str:
    """Return `BR-80 session 1 at the time of BR-90 session 2 (Mon 12 Jun 2017)`."""
    return (
        f"{other.event} session {other.number} at the time of {one.event} session {one.number} "
        f"({format_date(one.date)})"
    )
