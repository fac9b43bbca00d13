"""The rooms, facilitators and learners of sessions, for finding clashes."""

from collections.abc import Sequence

from db import expressions
from db.engine.mapping import as_tuples
from db.models import EnrolmentRow, EventRow, FacilitationRow, MakeUpRow, PersonRow, RoomRow, SessionRow, VenueRow
from db.records import status_numbers


def fetch_session_rooms(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return (session id, room id, venue and room) of each session with a room."""
    query = (
        SessionRow.select(SessionRow.id, RoomRow.id, VenueRow.name, RoomRow.name)
        .join_from(SessionRow, RoomRow)
        .join_from(RoomRow, VenueRow)
    )
    return [
        (session, room, f"{venue}, {name}")
        for session, room, venue, name in as_tuples(query.where(SessionRow.id.in_(session_ids)))
    ]


def fetch_session_facilitators(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return (session id, person id, name) of each facilitator."""
    query = FacilitationRow.select(FacilitationRow.session, PersonRow.id, expressions.person_name()).join_from(
        FacilitationRow, PersonRow
    )
    return as_tuples(query.where(FacilitationRow.session.in_(session_ids)))


def fetch_session_learners(session_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return (session id, person id, name) of each person with a place, or who makes up the session."""
    held = (
        SessionRow.select(SessionRow.id, PersonRow.id, expressions.person_name())
        .join_from(SessionRow, EnrolmentRow, on=(EnrolmentRow.event == SessionRow.event))
        .join_from(EnrolmentRow, PersonRow)
        .where(SessionRow.id.in_(session_ids), EnrolmentRow.status.in_((status_numbers.BOOKED, status_numbers.OFFERED)))
    )
    made_up = MakeUpRow.select(MakeUpRow.session, PersonRow.id, expressions.person_name()).join_from(
        MakeUpRow, PersonRow
    )
    return as_tuples(held) + as_tuples(made_up.where(MakeUpRow.session.in_(session_ids), MakeUpRow.active))


def fetch_event_learners(references: Sequence[str]) -> list[tuple[str, int, str]]:
    """Return (event reference, person id, name) of each person with a place on the events."""
    query = (
        EnrolmentRow.select(EventRow.reference, PersonRow.id, expressions.person_name())
        .join_from(EnrolmentRow, EventRow)
        .join_from(EnrolmentRow, PersonRow)
    )
    held = EnrolmentRow.status.in_((status_numbers.BOOKED, status_numbers.OFFERED))
    return as_tuples(query.where(held, EventRow.reference.in_(references)))
