"""Look-ups for the command line: one read-only question to the driver's own connection. Imports nothing heavy."""

from __future__ import annotations

from db import lookups
from db.engine import driver

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from typing import Any

    from db.errors import CscError

    Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]

MANY = lookups.COUNT_LIMIT


def connect_to_database(location: str) -> Any:
    """The driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    if location.startswith(("postgresql://", "postgres://")):
        return driver.open_server(location)
    return driver.open_existing(location)


def explain_fault(fault: Exception, location: str) -> CscError | None:
    """What a fault of the driver in one of these questions means for the coordinator."""
    return driver.explain_driver_fault(fault, location)


def look_up_time_zone(connection: Any) -> str:
    """The council's, for what `now` is."""
    return lookups.fetch_time_zone(connection) or "Europe/London"


def look_up_people(connection: Any, text: str, *, today: str, limit: int | None = None) -> Answer:
    return lookups.FOUND_COLUMNS, lookups.find_people_by_words(connection, text, today, limit)


def count_found_people(connection: Any, text: str) -> int:
    """How many look_up_people() would find without a limit; no more than `MANY`."""
    return lookups.count_people(connection, text)


def look_up_sessions(
    connection: Any, *, first: str, last: str, strand: str = "", course: str = "", venue: str = ""
) -> Answer:
    return lookups.SESSION_COLUMNS, lookups.find_sessions(
        connection, first, last, strand=strand, course=course, venue=venue
    )


def look_up_free_events(connection: Any, text: str, *, today: str, time: str, everything: bool = False) -> Answer:
    """Events that can be booked at the moment: those with a place left, or with `everything` the full ones, too."""
    return lookups.EVENT_COLUMNS, lookups.find_events(connection, text, bookable=(today, time), free=not everything)


def look_up_event(connection: Any, reference: str) -> dict[str, Any]:
    """Raises NoSuchEvent."""
    return lookups.fetch_event_details(connection, reference)


def look_up_roster(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.ROSTER_COLUMNS, lookups.fetch_roster(connection, reference)


def look_up_waiting_list(connection: Any, reference: str) -> Answer:
    """Raises NoSuchEvent."""
    return lookups.WAITING_COLUMNS, lookups.fetch_waiting_list(connection, reference)
