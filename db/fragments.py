"""Pieces of SQL that several queries share, as text: `v` is an event, `p` a person.

Imports nothing heavy, because the look-ups use it.
"""

from db.records.status_numbers import BOOKABLE_STATES

PERSON_NAME = "trim(p.forename || ' ' || p.surname)"
"""The name by which a person is shown."""

SEATS_TAKEN = "(v.booked + v.offered + v.joining)"
"""As db.records.startup.count_taken_seats()."""

SEATS_FREE = f"CASE WHEN v.capacity > {SEATS_TAKEN} THEN v.capacity - {SEATS_TAKEN} ELSE 0 END"

BOOKABLE = f"v.state IN {BOOKABLE_STATES}"
"""The event can be booked: it is to take place, and is neither a draft nor over."""
