"""Opens the database with the driver itself, without Peewee: for look-ups, backups and the change watcher."""

from __future__ import annotations

import os

import apsw

from db.errors import (
    DamagedDatabase,
    ForeignDatabase,
    MissingDatabase,
    NotWritable,
    SchemaTooNew,
    SchemaTooOld,
    name_location,
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would slow every look-up, see db.lookups
    from typing import Any

APPLICATION_ID = 0x43534354
"""'CSCT', the mark in the file's header (https://sqlite.org/fileformat.html#application_id)."""
SCHEMA_VERSION = 11
"""Number of the newest migration; user_version in the file's header."""
BUSY_SECONDS = 15
IDLE_SECONDS = 60
"""Seconds an idle connection to a server is kept: opening one takes ten times as long as asking a question."""
_IDLE_AT_MOST = 2
_idle: list[tuple[str, float, Any]] = []
"""Idle connections with their address and the time they became idle, the latest last."""
PRAGMAS = {
    "journal_mode": "wal", "synchronous": "FULL", "foreign_keys": 1, "trusted_schema": 0,
    "secure_delete": "FAST",  # overwrites deleted text in pages that are written anyway
}  # fmt: skip


def open_existing(path: str, *, write: bool = False) -> apsw.Connection:
    """Open a database file of ours, checked to be of this program's version.

    Raises MissingDatabase, ForeignDatabase, DamagedDatabase, BusyDatabase, SchemaTooOld, SchemaTooNew.
    """
    connection = open_unchecked(path, write=write)
    try:
        check_version(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_unchecked(path: str, *, write: bool = False) -> apsw.Connection:
    """Open an existing file without checking its content. Raises MissingDatabase and NotWritable."""
    if not os.path.isfile(path):
        raise MissingDatabase(path)
    flags = apsw.SQLITE_OPEN_READWRITE if write or os.access(path, os.W_OK) else apsw.SQLITE_OPEN_READONLY
    try:
        connection = apsw.Connection(path, flags=flags)
    except apsw.CantOpenError:
        raise NotWritable(f"{path} cannot be opened. Nothing was changed. Check its permissions.") from None
    connection.set_busy_timeout(BUSY_SECONDS * 1000)
    return connection


def check_version(connection: apsw.Connection, path: str) -> None:
    """Raise unless the file is ours and its schema is this program's."""
    version = schema_version(connection, path)
    if version < SCHEMA_VERSION:
        raise SchemaTooOld(path)
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(path)


def schema_version(connection: apsw.Connection, path: str) -> int:
    """Return the number of the newest migration applied to a file of ours.

    Raises ForeignDatabase, DamagedDatabase, BusyDatabase, NotWritable.
    """
    try:
        application = connection.pragma("application_id")
        version = connection.pragma("user_version")
    except apsw.NotADBError:
        raise ForeignDatabase(path) from None
    except apsw.CantOpenError:
        raise NotWritable(
            f"{path} cannot be read: this account must be able to write in its folder. Nothing was changed."
        ) from None
    except apsw.Error as fault:
        raise _explained(fault, path) from None
    if application == APPLICATION_ID:
        return int(version or 0)
    if os.path.getsize(path) == 0:
        raise DamagedDatabase(path, "the file is empty")
    raise ForeignDatabase(path)


def _explained(fault: BaseException, location: str) -> BaseException:
    from db.engine.faults import explain_driver_fault  # imported only where something went wrong

    return explain_driver_fault(fault, location) or fault


def is_server(location: str) -> bool:
    """Return whether the location is a PostgreSQL address rather than a file."""
    return location.startswith(("postgresql://", "postgres://"))


def open_server(address: str) -> Any:
    """Open psycopg's own connection to a PostgreSQL database of this program's version.

    It can be given to return_connection(). Raises MissingDatabase, SchemaTooOld, SchemaTooNew, NotWritable.
    """
    connection = borrow_connection(address)
    try:
        check_server(connection, address)
    except BaseException as fault:
        connection.close()
        raise _explained(fault, address) from None
    return connection


def check_server(connection: Any, address: str) -> None:
    """Raise unless the server's database is ours and its schema is this program's."""
    (made,) = connection.execute("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()
    names = connection.execute("SELECT name FROM schema_migration").fetchall() if made else []
    version = max((int(name[:4]) for (name,) in names), default=0)
    if not version:
        raise MissingDatabase(address)
    if version < SCHEMA_VERSION:
        raise SchemaTooOld(address)
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(address)


def connect_server(address: str) -> Any:
    """Open psycopg's own connection in autocommit mode, without checking the database. Raises NotWritable."""
    try:
        import psycopg
    except ImportError:
        raise NotWritable(
            "PostgreSQL needs the driver psycopg, which is not installed: pip install 'csc-tui[postgres]'."
        ) from None
    try:
        connection = psycopg.connect(
            address, connect_timeout=BUSY_SECONDS, tcp_user_timeout=BUSY_SECONDS * 1000, autocommit=True
        )
    except psycopg.ProgrammingError:
        # libpq's own sentence quotes pieces of the address, a password among them.
        raise NotWritable(
            f"The address of the database, {name_location(address)}, cannot be read. Nothing was changed. It is "
            "written postgresql://USER@HOST:PORT/NAME; in a user name or a password write @ as %40, / as %2F, : as %3A."
        ) from None
    except psycopg.Error as fault:
        raise _explained(fault, address) from None
    # A prepared plan fails once another program has changed the tables.
    connection.prepare_threshold = None
    return connection


def borrow_connection(address: str) -> Any:
    """Return a connection as connect_server() makes it, an idle one where there is one."""
    from time import monotonic

    while _idle:
        try:
            whose, since, connection = _idle.pop()
        except IndexError:  # another thread took the last one
            break
        if whose == address and monotonic() - since < IDLE_SECONDS and not _hung_up(connection):
            return connection
        connection.close()
    return connect_server(address)


def return_connection(address: str, connection: Any) -> None:
    """Keep a connection for the next question, or close it where it is in a transaction or enough are kept."""
    from time import monotonic

    idle = not connection.closed and connection.info.transaction_status == 0
    if idle and len(_idle) < _IDLE_AT_MOST:
        _idle.append((address, monotonic(), connection))
    else:
        connection.close()


def _hung_up(connection: Any) -> bool:
    """Return whether the server has closed the connection: only then does it send something unasked."""
    from select import POLLIN, poll

    line = poll()
    line.register(connection.fileno(), POLLIN)
    return bool(line.poll(0))
