"""What waits for somebody's decision, over all events: one query each."""

from datetime import date, datetime

from peewee import fn

from db import statuses
from db.mapping import as_tuples
from db.models import Enrolment, Event, Person
from db.records import EventState

BOOKABLE = [state for state in EventState if state.bookable]


def requests() -> list[tuple[str, str, int, datetime]]:
    """(reference, title, how many ask, since when the first does in UTC) of each event that can still be booked."""
    query = (
        Event.select(Event.reference, Event.title, fn.COUNT(Enrolment.id), fn.MIN(Enrolment.since))
        .join(Enrolment)
        .where(Enrolment.status == statuses.REQUESTED, Event.state.in_(BOOKABLE))
        .group_by(Event.id, Event.reference, Event.title)
    )
    return as_tuples(query.order_by(fn.MIN(Enrolment.since), Event.reference))


def offers(before: datetime) -> list[tuple[str, str, str, datetime]]:
    """(reference, title, name, when it ends) of each offer that ends before the moment; both in UTC."""
    name = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    query = (
        Enrolment.select(Event.reference, Event.title, name, Enrolment.offer_ends)
        .join_from(Enrolment, Event)
        .join_from(Enrolment, Person)
        .where(Enrolment.status == statuses.OFFERED, Enrolment.offer_ends < before)
    )
    return as_tuples(query.order_by(Enrolment.offer_ends, Enrolment.id))


def thin(last: date) -> list[tuple[str, str, int, date]]:
    """(reference, title, how many are missing, decision date) of each event below its minimum, to be decided until
    the day."""
    missing = Event.minimum - Event.booked - Event.offered
    query = Event.select(Event.reference, Event.title, missing, Event.decide_by).where(
        missing > 0, Event.decide_by <= last, Event.state.in_((EventState.OPEN, EventState.TENTATIVE))
    )
    return as_tuples(query.order_by(Event.decide_by, Event.reference))
