"""Watches for commits by any process."""

import os
from collections.abc import Callable
from threading import Lock
from typing import Any

import apsw

from db.engine import driver
from db.engine.faults import explain_driver_fault
from db.errors import CscError, MissingDatabase, NotWritable, name_location


class ChangeWatcher:
    """Tells whether anybody has committed since the last call; it may be used and closed from any thread.

    It holds one connection of its own. Raises DatabaseTrouble.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self._turn = Lock()
        self._connection: Any
        self._version: Callable[[], Any]
        if driver.is_server(location):
            self._connection = driver.open_server(self._location)
            self._version = self._server_version
        else:
            self._file = _identity(location)
            self._connection = driver.open_existing(location)
            self._version = self._file_version
        self._seen = self._read_version()

    def changed(self) -> bool:
        """Return whether another connection has committed something since the last call."""
        with self._turn:
            before, self._seen = self._seen, self._read_version()
            return bool(before != self._seen)

    def close(self) -> None:
        """Close the connection, once no thread is asking."""
        with self._turn:  # the window may close while a thread is asking
            self._connection.close()

    def _read_version(self) -> Any:
        try:
            return self._version()
        except CscError:
            raise
        except Exception as fault:
            # Any fault of the driver means one thing here: the database does not answer at the moment.
            raise (
                explain_driver_fault(fault, self._location)
                or NotWritable(f"The database {name_location(self._location)} did not answer ({fault}).")
            ) from fault

    def _file_version(self) -> tuple[object, int]:
        now = _identity(self._location)
        if now != self._file:  # the file was replaced, and nobody will ever change the old one
            anew = driver.open_existing(self._location)
            self._connection.close()
            self._connection, self._file = anew, now
        # Takes two microseconds; the file's times do not change in WAL mode
        # (https://sqlite.org/pragma.html#pragma_data_version).
        connection: apsw.Connection = self._connection
        return self._file, int(connection.pragma("data_version"))

    def _server_version(self) -> str:
        if self._connection.closed:  # the server was restarted, or the connection was cut
            self._connection = driver.open_server(self._location)
        # Changes when a writing transaction begins or ends, also in another database of the server, which costs one
        # look-up that finds nothing.
        return str(self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()[0])


def _identity(path: str) -> tuple[int, int]:
    """Return the device and inode of the file that has this name now. Raises MissingDatabase."""
    try:
        about = os.stat(path)
    except OSError:
        raise MissingDatabase(path) from None
    return about.st_dev, about.st_ino
