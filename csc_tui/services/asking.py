"""Look-ups for the command line: one read-only question to the driver's own connection. Imports nothing heavy."""

from typing import Any

from db import driver, lookups

Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def connect(location: str) -> Any:
    """The driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    if location.startswith(("postgresql://", "postgres://")):
        return driver.open_server(location)
    return driver.open_existing(location)


def who(connection: Any, text: str, *, today: str, limit: int | None = None) -> Answer:
    return lookups.FOUND_COLUMNS, lookups.people(connection, text, today, limit)


def how_many_people(connection: Any, text: str) -> int:
    """How many who() would find without a limit; no more than `MANY`."""
    return lookups.count_people(connection, text)


MANY = lookups.MANY


def coming(connection: Any, *, first: str, last: str, strand: str = "", course: str = "", venue: str = "") -> Answer:
    return lookups.SESSION_COLUMNS, lookups.sessions(connection, first, last, strand=strand, course=course, venue=venue)


def free(connection: Any, text: str, *, today: str, everything: bool = False) -> Answer:
    """Events to come that can be booked: those with a place left, or with `everything` the full ones, too."""
    found = lookups.events(connection, text, first=today, bookable=True, free=not everything)
    return lookups.EVENT_COLUMNS, found


def event(connection: Any, reference: str) -> dict[str, Any]:
    """Raises NoSuchEvent."""
    return lookups.event(connection, reference)


def roster(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.ROSTER_COLUMNS, lookups.roster(connection, reference)


def waiting(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.WAITING_COLUMNS, lookups.waiting(connection, reference)
