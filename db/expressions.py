"""Peewee expressions that several queries share; `db.fragments` has those of the queries written as text."""

from typing import Any

from peewee import Case, fn

from db.models import EventRow, PersonRow


def person_name() -> Any:
    """Return the name by which a person is shown."""
    return fn.TRIM(PersonRow.forename.concat(" ").concat(PersonRow.surname))


def seats_taken() -> Any:
    """Return the number of seats of an event that nobody else can have, as count_taken_seats() of the records."""
    return EventRow.booked + EventRow.offered + EventRow.joining


def seats_free() -> Any:
    """Return the number of seats of an event that are left; never negative."""
    left = EventRow.capacity - seats_taken()
    return Case(None, [(left > 0, left)], 0)
