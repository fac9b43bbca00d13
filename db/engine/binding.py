"""Remembers which database this process works on, before anything needs Peewee, and opens it for one question."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from db.engine import driver
from db.errors import CscError

_announced: str | None = None


def announce_location(location: str) -> None:
    """Name the database; `db.engine.connection` learns of it at once, or as soon as it is imported."""
    global _announced
    if loaded := sys.modules.get("db.engine.connection"):
        loaded.bind_location(location)
    else:
        _announced = location


def announced_location() -> str | None:
    """Return the location that `db.engine.connection` binds when it is imported; None before one is named."""
    return _announced


def current_location() -> str:
    """Return the location this process works on."""
    if loaded := sys.modules.get("db.engine.connection"):
        return str(loaded.bound_location())
    if _announced is None:
        raise RuntimeError("no database is bound")
    return _announced


def open_database(location: str) -> Any:
    """Open the driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    return driver.open_server(location) if driver.is_server(location) else driver.open_existing(location)


@contextmanager
def open_connection(location: str = "") -> Iterator[Any]:
    """Open the driver's own connection for one question; each statement sees its own moment of the database."""
    location = location or current_location()
    connection = open_database(location)
    try:
        yield connection
    except CscError:
        raise
    except Exception as fault:
        from db.engine.faults import explain_driver_fault  # imported only where something went wrong

        problem = explain_driver_fault(fault, location)
        if problem is None:
            raise
        raise problem from fault
    finally:
        if driver.is_server(location):
            driver.return_connection(location, connection)
        else:
            connection.close()
