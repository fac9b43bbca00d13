"""Makes new databases and upgrades old ones, one program at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from db import models
from db.engine import connection, driver, private_files
from db.errors import Duplicate, NotWritable
from db.records.os_faults import describe_os_fault

FOLDER = Path(__file__).parent.parent / "migrations"


@contextmanager
def build_database(location: str) -> Iterator[None]:
    """Bind a new database of the newest schema for the block that fills it; the file appears once the block has
    succeeded.

    It has mode 0600 in a folder of 0700 and never replaces a file; a failure leaves nothing behind. On a server the
    tables are made in the database named, and dropped again on failure. Raises Duplicate and NotWritable.
    """
    if driver.is_server(location):
        made = apply_migrations(location)
        try:
            yield
        except BaseException:
            if len(made) == driver.SCHEMA_VERSION:
                _drop_tables()
            raise
        return
    if os.path.lexists(location):
        raise Duplicate(f"{location} already exists. It was not changed.")
    folder = os.path.dirname(os.path.abspath(location))
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as fault:
        raise NotWritable(
            f"The folder {folder} cannot be made ({describe_os_fault(fault)}). Nothing was changed."
        ) from None
    try:
        with private_files.make_private_folder(location) as room:
            built = os.path.join(room, "new.db")
            with connection.translate_faults(location):
                private_files.create_private_file(built)
                apply_migrations(built)
                yield
            private_files.move_into_place(built, location)
    finally:
        connection.bind_location(location)


def create_empty_database(location: str) -> None:
    """Make an empty database of the newest schema. Raises Duplicate and NotWritable."""
    with build_database(location):
        pass


def _drop_tables() -> None:
    """Drop every table of a new database on a server, which nobody else can have used yet."""
    with connection.write_transaction():
        connection.database.drop_tables(models.TABLES, cascade=True)
        connection.database.execute_sql("DROP TABLE schema_migration")


def apply_migrations(location: str) -> list[str]:
    """Bind the database, apply the migrations it lacks, in order, and return their names.

    Each migration is a transaction of its own, so a failure leaves the earlier ones applied: upgrade a file that
    matters
    with `db.engine.upkeep.upgrade_file`, which works on a copy.
    """
    connection.bind_location(location)
    with connection.translate_faults(location), _migration_lock(location), connection.database.connection_context():
        names = list(Runner(connection.database.obj, str(FOLDER)).up())
        if driver.is_server(location):
            _set_byte_collation()
        else:
            raw = connection.database.connection()
            raw.pragma("application_id", driver.APPLICATION_ID)
            raw.pragma("user_version", driver.SCHEMA_VERSION)
    return names


def _set_byte_collation() -> None:
    """Make a server order and compare every text by bytes, as SQLite does, whatever language it was set up with."""
    tables = [each._meta.table_name for each in models.TABLES]
    with connection.database.atomic():
        found = connection.database.execute_sql(
            "SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = ANY(%s) AND collation_name IS NULL"
            " AND data_type IN ('text', 'character varying')",
            (tables,),
        ).fetchall()
        for table, column, kind, length in found:
            sized = f"{kind}({length})" if length else kind
            connection.database.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {sized} COLLATE "C"')


@contextmanager
def _migration_lock(location: str) -> Iterator[None]:
    """Hold a lock that keeps a second program waiting until the migrations of this one are done."""
    if not driver.is_server(location):
        with connection.write_lock(location):
            yield
        return
    # One connection holds the lock while another, in this thread's connection_context(), does the work.
    holder = driver.connect_server(location)
    try:
        holder.execute("SELECT pg_advisory_lock(%s)", (driver.APPLICATION_ID,))
        yield
    finally:
        holder.close()
