"""The one database of the process, and its transactions.

`bind_location()` names it; `read_transaction()` and `write_transaction()` open it for one piece of work.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, time
from typing import Any

import apsw
import peewee
from playhouse.apsw_ext import APSWDatabase

from db.engine import binding, driver
from db.engine.driver import is_server
from db.engine.faults import explain_driver_fault
from db.errors import BusyDatabase, CscError, MissingDatabase, NotWritable
from db.records.os_faults import describe_os_fault

database = peewee.DatabaseProxy()
_bound: str | None = None
_state = threading.local()

_QUEUE = (
    f"SET LOCAL lock_timeout = '{driver.BUSY_SECONDS}s'; SELECT pg_advisory_xact_lock({driver.APPLICATION_ID + 2:d})"
)
"""Lets the writers of a server's database queue as those of a file do.

Row locks would keep a seat from being sold twice, but they protect nothing that has no row yet: a new reference, a new
address, or the rule that one administrator must remain.
"""


class LocalDatabase(APSWDatabase):
    """SQLite through apsw; opens an existing file and never creates one."""

    def _connect(self) -> apsw.Connection:
        if not os.path.isfile(self.database):
            raise MissingDatabase(self.database)
        connection: apsw.Connection = super()._connect()
        connection.convert_binding = _as_text
        return connection


class ServerDatabase(peewee.PostgresqlDatabase):
    """PostgreSQL through psycopg; its connections come from `driver.borrow_connection` and go back."""

    def _connect(self) -> Any:
        return driver.borrow_connection(self.database)

    def _close(self, conn: Any) -> None:
        driver.return_connection(self.database, conn)


def _as_text(cursor: apsw.Cursor, number: int, value: object) -> str:
    """Convert a date or time to the text SQLite stores; apsw itself binds only numbers, text and bytes."""
    if isinstance(value, date | time):  # `date` includes datetime, its subclass
        return str(value)
    raise TypeError(f"cannot store a {type(value).__name__}")


def bind_location(location: str) -> None:
    """Name the database for this process: a file's path or a postgresql:// address. Opens nothing."""
    global _bound
    if is_server(location):
        target: peewee.Database = ServerDatabase(location, autoconnect=False, prefer_psycopg3=True)
    else:
        target = LocalDatabase(
            location,
            pragmas=dict(driver.PRAGMAS),
            timeout=driver.BUSY_SECONDS,
            autoconnect=False,
            flags=apsw.SQLITE_OPEN_READWRITE,
        )
    database.initialize(target)
    _bound = location


def bound_location() -> str:
    """Return the location this process works on."""
    if _bound is None:
        raise RuntimeError("no database is bound")
    return _bound


@contextmanager
def read_transaction() -> Iterator[None]:
    """Open a transaction whose reads all see one moment; joins a transaction that is open."""
    if getattr(_state, "transaction", None):
        yield
        return
    # By default a PostgreSQL transaction sees a new moment with each statement.
    kind = ("REPEATABLE READ, READ ONLY",) if is_server(bound_location()) else ()
    with translate_faults(bound_location()), _connected("read_transaction"), database.atomic(*kind):
        yield


@contextmanager
def write_transaction() -> Iterator[None]:
    """Open a transaction that holds the write lock from the start, so that what it reads stays true until it commits.

    Read, decide and write inside it. It cannot be opened inside another transaction (RuntimeError). Raises
    BusyDatabase,
    NotWritable, and SchemaTooNew where the database was upgraded since this process began.
    """
    if getattr(_state, "transaction", None):
        raise RuntimeError(f"write_transaction() opened inside {_state.transaction}()")
    location = bound_location()
    if is_server(location):
        with translate_faults(location), _connected("write_transaction"), database.atomic("READ COMMITTED"):
            database.execute_sql(_QUEUE)
            driver.check_server(database.connection(), location)
            yield
        return
    with (
        translate_faults(location),
        write_lock(location),
        _connected("write_transaction"),
        database.atomic("IMMEDIATE"),
    ):
        driver.check_version(database.connection(), location)
        yield


def is_writing() -> bool:
    """Return whether this thread is inside write_transaction()."""
    return getattr(_state, "transaction", None) == "write_transaction"


def execute_many(sql: str, rows: Sequence[Sequence[object]]) -> None:
    """Run one statement for many rows on the driver itself; `?` stands for a value. Inside write_transaction() only."""
    raw = database.connection()
    if is_server(bound_location()):
        with raw.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)
    else:
        raw.executemany(sql, rows)


@contextmanager
def _connected(kind: str) -> Iterator[None]:
    _state.transaction = kind
    try:
        with database.connection_context():
            yield
    finally:
        _state.transaction = None


def write_lock(location: str) -> AbstractContextManager[None]:
    """Hold the lock that the writers of a file queue for, the same for every link to the file. Raises BusyDatabase."""
    return file_lock(os.path.realpath(location) + ".lock")


@contextmanager
def file_lock(path: str) -> Iterator[None]:
    """Hold a lock file, waiting in turn for it.

    SQLite's own busy handler starves writers under load; flock queues them. Raises BusyDatabase after
    `driver.BUSY_SECONDS`, and NotWritable.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as fault:
        raise NotWritable(f"{path} cannot be written ({describe_os_fault(fault)}). Nothing was changed.") from None
    if not _acquire(handle):
        raise BusyDatabase()
    try:
        yield
    finally:
        os.close(handle)


def _acquire(handle: int) -> bool:
    """Wait for the lock; return False, with the handle to be closed by the waiting thread, when it took too long.

    Only a blocking flock queues fairly, and it cannot be timed: a thread waits in it, and closes the handle if the lock
    comes too late. (Polling left the slowest of eight writers with 0.4 of the mean number of turns; this leaves 0.9.)
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        return True
    deciding, granted, given_up = threading.Lock(), threading.Event(), threading.Event()

    def queue() -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with deciding:
            if given_up.is_set():
                os.close(handle)
            granted.set()

    threading.Thread(target=queue, daemon=True).start()
    granted.wait(driver.BUSY_SECONDS)
    with deciding:
        if not granted.is_set():
            given_up.set()
        return granted.is_set()


@contextmanager
def translate_faults(location: str) -> Iterator[None]:
    """Turn the driver's faults, and numbers too large for it, into errors for the user."""
    try:
        yield
    except CscError:
        raise
    except (peewee.PeeweeException, apsw.Error, OverflowError) as fault:
        cause = fault.__cause__ or fault.__context__ or fault
        raise explain_driver_fault(cause, location) or fault from fault


if (_announced := binding.announced_location()) is not None:
    bind_location(_announced)
