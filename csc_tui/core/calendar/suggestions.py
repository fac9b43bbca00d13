"""Suggestions while somebody types: venues, rooms and facilitators."""

from dataclasses import dataclass

from csc_tui.base.context import Context
from db import imports, people
from db.engine.connection import read_transaction


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The names to suggest.

    `leading` has the facilitators' names and then their addresses, for those who share a name.
    """

    venues: tuple[str, ...]
    rooms: tuple[str, ...]
    leading: tuple[str, ...]


def list_suggestions(_: Context) -> Suggestions:
    """Return every venue, room and facilitator, by name."""
    with read_transaction():
        places = imports.fetch_venue_rooms()
        found = people.fetch_active_facilitators()
    return Suggestions(
        tuple(sorted({venue for venue, _ in places})),
        tuple(sorted({room for _, room in places if room})),
        (*(each.name for each in found), *(each.email for each in found if each.email)),
    )
