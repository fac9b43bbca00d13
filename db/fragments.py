"""Pieces of SQL that several queries share, as text: `v` is an event, `p` a person.

Imports nothing heavy, because the look-ups use it.
"""

from db.records.status_numbers import BOOKABLE_STATES

BOOKABLE = f"v.state IN {BOOKABLE_STATES}"
"""The event can be booked: it is to take place, and is neither a draft nor over."""
