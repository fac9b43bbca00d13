"""Look-ups for the command line: one read-only question to the driver's own connection. Imports nothing heavy."""

from __future__ import annotations

from db import lookups
from db.engine import driver

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from typing import Any

    from db.errors import CscError

    Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]

MANY = lookups.MANY


def connect(location: str) -> Any:
    """The driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    if location.startswith(("postgresql://", "postgres://")):
        return driver.open_server(location)
    return driver.open_existing(location)


def trouble(fault: Exception, location: str) -> CscError | None:
    """What a fault of the driver in one of these questions means for the coordinator."""
    return driver.in_words(fault, location)


def time_zone(connection: Any) -> str:
    """The council's, for what `now` is."""
    return lookups.time_zone(connection) or "Europe/London"


def who(connection: Any, text: str, *, today: str, limit: int | None = None) -> Answer:
    return lookups.FOUND_COLUMNS, lookups.people(connection, text, today, limit)


def how_many_people(connection: Any, text: str) -> int:
    """How many who() would find without a limit; no more than `MANY`."""
    return lookups.count_people(connection, text)


def coming(connection: Any, *, first: str, last: str, strand: str = "", course: str = "", venue: str = "") -> Answer:
    return lookups.SESSION_COLUMNS, lookups.sessions(connection, first, last, strand=strand, course=course, venue=venue)


def free(connection: Any, text: str, *, today: str, time: str, everything: bool = False) -> Answer:
    """Events that can be booked at the moment: those with a place left, or with `everything` the full ones, too."""
    return lookups.EVENT_COLUMNS, lookups.events(connection, text, bookable=(today, time), free=not everything)


def event(connection: Any, reference: str) -> dict[str, Any]:
    """Raises NoSuchEvent."""
    return lookups.event(connection, reference)


def roster(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.ROSTER_COLUMNS, lookups.roster(connection, reference)


def waiting(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.WAITING_COLUMNS, lookups.waiting(connection, reference)
