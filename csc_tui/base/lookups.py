"""Look-ups for the command line: one read-only question each on the driver's own connection. Imports nothing heavy."""

from __future__ import annotations

from db import lookups
from db.engine import driver
from db.errors import ask_whether_meant, suggest_near

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would slow every look-up, see db.lookups
    from typing import Any

    from db.errors import CscError
    from db.records.remedies import Remedy

    Answer = tuple[tuple[str, ...], list[tuple[Any, ...]]]

MANY = lookups.COUNT_LIMIT


def connect_to_database(location: str) -> Any:
    """Open the driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    if location.startswith(("postgresql://", "postgres://")):
        return driver.open_server(location)
    return driver.open_existing(location)


def explain_fault(fault: Exception, location: str) -> CscError | None:
    """Return the error to show for a fault of the driver, or None for a defect of this program."""
    from db.engine.faults import explain_driver_fault  # imported only where something went wrong

    return explain_driver_fault(fault, location)


def look_up_time_zone(connection: Any) -> str:
    """Return the name of the council's time zone, such as `Europe/London`."""
    return lookups.fetch_time_zone(connection) or "Europe/London"


def look_up_people(connection: Any, text: str, *, today: str, limit: int | None = None) -> Answer:
    """Find people by the beginnings of words in their names, e-mail, team and so on."""
    return lookups.FOUND_COLUMNS, lookups.find_people_by_words(connection, text, today, limit)


def count_found_people(connection: Any, text: str) -> int:
    """Count the people look_up_people() finds without a limit; counting stops at `MANY`."""
    return lookups.count_people(connection, text)


def suggest_found_people(connection: Any, text: str) -> Remedy | None:
    """Return the remedy that names the people who may be meant by a text that finds nobody."""
    from db import near_people  # only where nobody is found

    return ask_whether_meant(near_people.suggest_people(connection, text))


def suggest_found_events(connection: Any, text: str) -> Remedy | None:
    """Return the remedy that names the events or courses that may be meant by a text that finds no event."""
    if lookups.find_events(connection, text):  # they cannot be booked
        return None
    names = dict.fromkeys(name for row in lookups.find_events(connection) for name in row[:3])
    return suggest_near(text, names)


def look_up_sessions(
    connection: Any, *, first: str, last: str, strand: str = "", course: str = "", venue: str = ""
) -> Answer:
    """Return the sessions between two ISO dates, narrowed to a strand, course or venue where one is named."""
    return lookups.SESSION_COLUMNS, lookups.find_sessions(
        connection, first, last, strand=strand, course=course, venue=venue
    )


def look_up_free_events(connection: Any, text: str, *, today: str, time: str, everything: bool = False) -> Answer:
    """Return the events that can be booked now and have a place free; with `everything`, the full ones too."""
    return lookups.EVENT_COLUMNS, lookups.find_events(connection, text, bookable=(today, time), free=not everything)


def look_up_event(connection: Any, reference: str) -> dict[str, Any]:
    """Return an event with its sessions. Raises NoSuchEvent."""
    return lookups.fetch_event_details(connection, reference)


def look_up_roster(connection: Any, reference: str) -> Answer:
    """Return the people on an event. Raises NoSuchEvent."""
    return lookups.ROSTER_COLUMNS, lookups.fetch_roster(connection, reference)


def look_up_called_off(connection: Any, reference: str) -> Answer:
    """Return the people who were on an event when it was cancelled. Raises NoSuchEvent."""
    return lookups.FORMER_COLUMNS, lookups.fetch_former_people(connection, reference, called_off=True)


def look_up_waiting_list(connection: Any, reference: str) -> Answer:
    """Return the waiting list of an event, in order. Raises NoSuchEvent."""
    return lookups.WAITING_COLUMNS, lookups.fetch_waiting_list(connection, reference)
