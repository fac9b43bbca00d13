"""Makes new databases and brings old ones up to date, one program at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from db import connection, driver, files
from db.errors import Duplicate, NotWritable

FOLDER = Path(__file__).parent / "migrations"


@contextmanager
def building(location: str) -> Iterator[None]:
    """Bind a new database of the newest schema for the block that fills it; it is there once the block has ended well.

    0600, in a folder of 0700, never over an existing file; what fails leaves nothing behind. On a server the tables
    are made in the database named. Raises Duplicate, NotWritable.
    """
    if connection.is_server(location):
        connection.bind(location)
        bring_up(location)
        yield
        return
    if os.path.lexists(location):
        raise Duplicate(f"{location} exists already. It was left untouched.")
    folder = os.path.dirname(os.path.abspath(location))
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as fault:
        raise NotWritable(f"The folder {folder} cannot be made ({fault.strerror}). Nothing was changed.") from None
    try:
        with files.beside(location) as room:
            built = os.path.join(room, "new.db")
            with connection.sentences(location):
                files.new_file(built)
                bring_up(built)
                yield
            files.publish(built, location)
    finally:
        connection.bind(location)


def create(location: str) -> None:
    """Make an empty database of the newest schema. Raises Duplicate, NotWritable."""
    with building(location):
        pass


def bring_up(location: str) -> list[str]:
    """Bind the database, apply the migrations it lacks, in order, and return their names.

    Each is a transaction of its own: a file that matters is brought up as a copy (`db.upkeep.upgrade`).
    """
    connection.bind(location)
    with connection.sentences(location), _alone(location), connection.database.connection_context():
        names = list(Runner(connection.database.obj, str(FOLDER)).up())
        if not connection.is_server(location):
            raw = connection.database.connection()
            raw.pragma("application_id", driver.APPLICATION_ID)
            raw.pragma("user_version", driver.SCHEMA_VERSION)
    return names


@contextmanager
def _alone(location: str) -> Iterator[None]:
    """Keep a second program that starts at the same moment waiting until this one has finished."""
    if not connection.is_server(location):
        with connection.file_lock(location + ".lock"):
            yield
        return
    # One connection holds the lock while another, in this thread's connection_context(), does the work.
    holder = driver.connect_server(location)
    try:
        holder.execute("SELECT pg_advisory_lock(%s)", (driver.APPLICATION_ID,))
        yield
    finally:
        holder.close()
