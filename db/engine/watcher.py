"""Whether anybody, in any process, has committed something since one last asked."""

import os
from collections.abc import Callable
from threading import Lock
from typing import Any

import apsw

from db.engine import driver
from db.errors import CscError, MissingDatabase, NotWritable, hide_password


class ChangeWatcher:
    """Holds one connection of its own, which may be asked and closed from any thread. Raises DatabaseTrouble."""

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
        self._seen = self._asked()

    def changed(self) -> bool:
        """Whether something was committed by another connection since the last call."""
        with self._turn:
            before, self._seen = self._seen, self._asked()
            return bool(before != self._seen)

    def close(self) -> None:
        with self._turn:  # the window may close while a thread is asking
            self._connection.close()

    def _asked(self) -> Any:
        try:
            return self._version()
        except CscError:
            raise
        except Exception as fault:
            # Whatever the driver raises here means one thing: the database does not answer at the moment.
            raise (
                driver.explain_driver_fault(fault, self._location)
                or NotWritable(f"The database {hide_password(self._location)} did not answer ({fault}).")
            ) from fault

    def _file_version(self) -> tuple[object, int]:
        now = _identity(self._location)
        if now != self._file:  # another file has its name, and in the old one nobody will ever change anything
            anew = driver.open_existing(self._location)
            self._connection.close()
            self._connection, self._file = anew, now
        # Two microseconds; the file's times do not move in WAL mode (https://sqlite.org/pragma.html#pragma_data_version).
        connection: apsw.Connection = self._connection
        return self._file, int(connection.pragma("data_version"))

    def _server_version(self) -> str:
        if self._connection.closed:  # the server was started anew, or the line to it was cut
            self._connection = driver.open_server(self._location)
        # Moves when a writing transaction begins or ends. One of another database of the server moves it, too, which
        # costs a look that finds nothing.
        return str(self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()[0])


def _identity(path: str) -> tuple[int, int]:
    """Which file has this name at the moment. Raises Missing."""
    try:
        about = os.stat(path)
    except OSError:
        raise MissingDatabase(path) from None
    return about.st_dev, about.st_ino
