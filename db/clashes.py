"""What sessions need for themselves, for finding clashes."""

from collections.abc import Sequence

from peewee import fn

from db.engine.mapping import as_tuples
from db.models import Enrolment, Facilitation, MakeUp, Person, Room, Session, Venue
from db.records import status_numbers

NAME = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))


def rooms(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(session id, room id, venue and room)."""
    query = Session.select(Session.id, Room.id, Venue.name, Room.name).join_from(Session, Room).join_from(Room, Venue)
    return [
        (session, room, f"{venue}, {name}")
        for session, room, venue, name in as_tuples(query.where(Session.id.in_(session_ids)))
    ]


def facilitators(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(session id, person id, name)."""
    query = Facilitation.select(Facilitation.session, Person.id, NAME).join_from(Facilitation, Person)
    return as_tuples(query.where(Facilitation.session.in_(session_ids)))


def learners(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(session id, person id, name) of everybody who holds a place, or makes the session up."""
    held = (
        Session.select(Session.id, Person.id, NAME)
        .join_from(Session, Enrolment, on=(Enrolment.event == Session.event))
        .join_from(Enrolment, Person)
        .where(Session.id.in_(session_ids), Enrolment.status.in_((status_numbers.BOOKED, status_numbers.OFFERED)))
    )
    made_up = MakeUp.select(MakeUp.session, Person.id, NAME).join_from(MakeUp, Person)
    return as_tuples(held) + as_tuples(made_up.where(MakeUp.session.in_(session_ids), MakeUp.active))
