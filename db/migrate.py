"""Makes new databases and brings old ones up to date, one program at a time."""

import os
from pathlib import Path

import apsw
from playhouse.migrations import Runner

from db import connection, driver
from db.errors import Duplicate, Foreign, Missing, NotWritable, SchemaTooNew

FOLDER = Path(__file__).parent / "migrations"


def create(location: str) -> None:
    """Make an empty database of the newest schema: 0600, in a folder of 0700, never over an existing file.

    Raises Duplicate, NotWritable.
    """
    if connection.is_server(location):
        connection.bind(location)
        _run(location)
        return
    folder = os.path.dirname(os.path.abspath(location))
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(location, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        raise Duplicate(f"{location} exists already. It was left untouched.") from None
    except OSError as fault:
        raise NotWritable(f"{location} cannot be made ({fault.strerror}). Nothing was changed.") from None
    connection.bind(location)
    _run(location)


def upgrade(location: str) -> list[str]:
    """Apply what is missing and return the names. Raises Missing, Foreign, SchemaTooNew."""
    if not connection.is_server(location):
        if not os.path.isfile(location):
            raise Missing(location)
        with_header = driver.open_unchecked(location, write=True)
        try:
            application, version = driver.header(with_header, location)
        finally:
            with_header.close()
        if application != driver.APPLICATION_ID:
            raise Foreign(location)
        if version > driver.SCHEMA_VERSION:
            raise SchemaTooNew(location)
    connection.bind(location)
    return _run(location)


def applied_version() -> int:
    """The number of the newest migration applied to the bound database."""
    rows = Runner(connection.database.obj, str(FOLDER)).applied()
    return max((int(name[:4]) for name in rows), default=0)


def _run(location: str) -> list[str]:
    target = connection.database.obj
    if connection.is_server(location):
        with connection.database.connection_context():
            return list(Runner(target, str(FOLDER)).up())
    with connection.file_lock(location + ".lock"), connection.database.connection_context():
        names = list(Runner(target, str(FOLDER)).up())
        raw: apsw.Connection = connection.database.connection()
        raw.pragma("application_id", driver.APPLICATION_ID)
        raw.pragma("user_version", driver.SCHEMA_VERSION)
    return names
