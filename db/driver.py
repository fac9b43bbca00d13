"""Opens the database with the driver itself: for look-ups, backups and the change watcher. Knows nothing of Peewee."""

import os
from typing import Any

import apsw

from db.errors import Busy, Damaged, Foreign, Missing, NotWritable, SchemaTooNew, SchemaTooOld

APPLICATION_ID = 0x43534354
"""Stands in the file's header (https://sqlite.org/fileformat.html#application_id): 'CSCT'."""
SCHEMA_VERSION = 1
"""Number of the newest migration; stands in the header as user_version."""
BUSY_SECONDS = 15
PRAGMAS = {"journal_mode": "wal", "synchronous": "FULL", "foreign_keys": 1, "trusted_schema": 0}


def open_existing(path: str, *, write: bool = False) -> apsw.Connection:
    """A connection to a database of ours, checked to be of this program's version.

    Raises Missing, Foreign, Damaged, Busy, SchemaTooOld, SchemaTooNew.
    """
    connection = open_unchecked(path, write=write)
    try:
        check_version(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_unchecked(path: str, *, write: bool = False) -> apsw.Connection:
    """A connection to an existing file, whatever is in it. Raises Missing and NotWritable."""
    if not os.path.isfile(path):
        raise Missing(path)
    flags = apsw.SQLITE_OPEN_READWRITE if write or os.access(path, os.W_OK) else apsw.SQLITE_OPEN_READONLY
    try:
        connection = apsw.Connection(path, flags=flags)
    except apsw.CantOpenError:
        raise NotWritable(f"{path} cannot be opened. Nothing was changed. Check who may read it.") from None
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
    """The number of the newest migration of a file of ours. Raises Foreign, Damaged, Busy, NotWritable."""
    try:
        application = connection.pragma("application_id")
        version = connection.pragma("user_version")
    except apsw.NotADBError:
        raise Foreign(path) from None
    except (apsw.CorruptError, apsw.IOError) as fault:
        raise Damaged(path, str(fault)) from None
    except apsw.BusyError:
        raise Busy() from None
    except apsw.CantOpenError:
        raise NotWritable(
            f"{path} cannot be read: its folder does not let this account keep the -wal file. Nothing was changed."
        ) from None
    if application == APPLICATION_ID:
        return int(version or 0)
    if os.path.getsize(path) == 0:
        raise Damaged(path, "the file is empty")
    raise Foreign(path)


def open_server(address: str) -> Any:
    """psycopg's own connection to a PostgreSQL database of this program's version."""
    try:
        import psycopg
    except ImportError:
        raise NotWritable(
            "PostgreSQL wants the driver psycopg, which is not installed: pip install 'csc-tui[postgres]'."
        ) from None
    try:
        return psycopg.connect(address, connect_timeout=BUSY_SECONDS)
    except psycopg.OperationalError as fault:
        raise NotWritable(f"The database server did not answer: {str(fault).splitlines()[0]}.") from None
