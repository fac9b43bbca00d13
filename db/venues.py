"""Where sessions are held: venues with their addresses, and their rooms."""

from datetime import date
from typing import Any

from peewee import JOIN, fn

from db.engine.mapping import as_tuples
from db.errors import Stale
from db.models import Event, Room, Session, Venue
from db.records.catalogue import VenueAt
from db.records.first_picture import EventState

_LIVE = (EventState.DRAFT, EventState.OPEN, EventState.TENTATIVE, EventState.CONFIRMED)


def everything(today: date) -> list[VenueAt]:
    """Every venue, by name."""
    rooms: dict[int, list[tuple[str, int | None]]] = {}
    for venue_id, name, capacity in as_tuples(Room.select(Room.venue, Room.name, Room.capacity).order_by(Room.name)):
        rooms.setdefault(venue_id, []).append((name, capacity))
    query = (
        Venue.select(Venue.id, Venue.name, Venue.address, Venue.postcode, Venue.version, fn.COUNT(Event.id))
        .join_from(Venue, Session, JOIN.LEFT_OUTER, on=(Session.venue == Venue.id) & (Session.date >= today))
        .join_from(Session, Event, JOIN.LEFT_OUTER, on=(Session.event == Event.id) & Event.state.in_(_LIVE))
        .group_by(Venue.id, Venue.name, Venue.address, Venue.postcode, Venue.version)
        .order_by(fn.LOWER(Venue.name))
    )
    return [
        VenueAt(venue_id, name, address, postcode, version, tuple(rooms.get(venue_id, ())), coming)
        for venue_id, name, address, postcode, version, coming in as_tuples(query)
    ]


def events_at(venue_id: int, today: date) -> list[str]:
    """The references of the events that have a session there from today on."""
    query: Any = (
        Event.select(Event.reference)
        .join(Session)
        .where(Session.venue == venue_id, Session.date >= today, Event.state.in_(_LIVE))
        .distinct()
        .order_by(Event.reference)
    )
    return [reference for (reference,) in as_tuples(query)]


def add(name: str, address: str, postcode: str) -> int:
    return int(Venue.insert(name=name, address=address, postcode=postcode).execute())


def change(before: VenueAt, **fields: str) -> None:
    """Set columns of the venue, as it was read. Raises Stale."""
    done = (
        Venue.update(**fields, version=Venue.version + 1)
        .where(Venue.id == before.id, Venue.version == before.version)
        .execute()
    )
    if not done:
        raise Stale(f"Somebody else changed {before.name} meanwhile. Nothing was changed. Look again.")


def put_room(venue_id: int, name: str, capacity: int | None) -> None:
    """A room of the venue, new or with another capacity."""
    if not Room.update(capacity=capacity).where(Room.venue == venue_id, Room.name == name).execute():
        Room.insert(venue=venue_id, name=name, capacity=capacity).execute()
