"""Venues with their addresses and rooms."""

from datetime import date
from typing import Any

from peewee import JOIN, fn

from db.engine import journal
from db.engine.mapping import as_tuples
from db.errors import Stale
from db.models import EventRow, RoomRow, SessionRow, VenueRow
from db.records.catalogue import Venue
from db.records.startup import EventState
from db.records.status_numbers import BOOKABLE_STATES

_LIVE = (EventState.DRAFT, *BOOKABLE_STATES)


def fetch_venues(today: date) -> list[Venue]:
    """Return every venue, by name."""
    rooms: dict[int, list[tuple[str, int | None]]] = {}
    for venue_id, name, capacity in as_tuples(
        RoomRow.select(RoomRow.venue, RoomRow.name, RoomRow.capacity).order_by(RoomRow.name)
    ):
        rooms.setdefault(venue_id, []).append((name, capacity))
    query = (
        VenueRow.select(
            VenueRow.id, VenueRow.name, VenueRow.address, VenueRow.postcode, VenueRow.version, fn.COUNT(EventRow.id)
        )
        .join_from(
            VenueRow, SessionRow, JOIN.LEFT_OUTER, on=(SessionRow.venue == VenueRow.id) & (SessionRow.date >= today)
        )
        .join_from(
            SessionRow, EventRow, JOIN.LEFT_OUTER, on=(SessionRow.event == EventRow.id) & EventRow.state.in_(_LIVE)
        )
        .group_by(VenueRow.id, VenueRow.name, VenueRow.address, VenueRow.postcode, VenueRow.version)
        .order_by(fn.LOWER(VenueRow.name))
    )
    return [
        Venue(venue_id, name, address, postcode, version, tuple(rooms.get(venue_id, ())), coming)
        for venue_id, name, address, postcode, version, coming in as_tuples(query)
    ]


def fetch_venue_events(venue_id: int, today: date) -> list[str]:
    """Return the references of the events with a session at the venue from today on."""
    query: Any = (
        EventRow.select(EventRow.reference)
        .join(SessionRow)
        .where(SessionRow.venue == venue_id, SessionRow.date >= today, EventRow.state.in_(_LIVE))
        .distinct()
        .order_by(EventRow.reference)
    )
    return [reference for (reference,) in as_tuples(query)]


def insert_venue(name: str, address: str, postcode: str) -> int:
    """Insert a venue and return its id."""
    return int(VenueRow.insert(name=name, address=address, postcode=postcode).execute())


def update_venue(before: Venue, **fields: str) -> None:
    """Store new values of a venue's columns. Raises Stale where it was changed since it was read."""
    journal.track_events(
        number for (number,) in as_tuples(SessionRow.select(SessionRow.event).where(SessionRow.venue == before.id))
    )
    done = (
        VenueRow.update(**fields, version=VenueRow.version + 1)
        .where(VenueRow.id == before.id, VenueRow.version == before.version)
        .execute()
    )
    if not done:
        raise Stale(f"Someone else changed {before.name} in the meantime. Nothing was changed. Check it and try again.")


def store_room(venue_id: int, name: str, capacity: int | None) -> None:
    """Store a room of the venue with its capacity, replacing an earlier capacity."""
    if not RoomRow.update(capacity=capacity).where(RoomRow.venue == venue_id, RoomRow.name == name).execute():
        RoomRow.insert(venue=venue_id, name=name, capacity=capacity).execute()
