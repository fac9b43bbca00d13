"""Which database this process works on, known before anything needs Peewee; and one question to its driver."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from db.engine import driver
from db.errors import CscError

_announced: str | None = None


def announce_location(location: str) -> None:
    """Name the database: at once to `db.engine.connection`, or as soon as that is imported."""
    global _announced
    if loaded := sys.modules.get("db.engine.connection"):
        loaded.bind_location(location)
    else:
        _announced = location


def announced_location() -> str | None:
    """What `db.engine.connection` is to bind when it is imported."""
    return _announced


def current_location() -> str:
    """The location this process works on."""
    if loaded := sys.modules.get("db.engine.connection"):
        return str(loaded.bound_location())
    if _announced is None:
        raise RuntimeError("no database is bound")
    return _announced


def open_database(location: str) -> Any:
    """The driver's own connection to a database of this program's version. Raises DatabaseTrouble."""
    return driver.open_server(location) if driver.is_server(location) else driver.open_existing(location)


@contextmanager
def open_connection(location: str = "") -> Iterator[Any]:
    """The driver's own connection for one question; what it sees comes from one moment only within a statement."""
    location = location or current_location()
    connection = open_database(location)
    try:
        yield connection
    except CscError:
        raise
    except Exception as fault:
        problem = driver.explain_driver_fault(fault, location)
        if problem is None:
            raise
        raise problem from fault
    finally:
        if driver.is_server(location):
            driver.return_connection(location, connection)
        else:
            connection.close()
