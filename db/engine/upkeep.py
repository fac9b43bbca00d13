"""Looks after a database file: makes verified backups, restores them while others work, upgrades and checks it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from tempfile import TemporaryDirectory

import apsw

from db.engine import connection, driver, migrate, private_files
from db.errors import (
    BadBackup,
    DamagedDatabase,
    Duplicate,
    ForeignDatabase,
    MissingDatabase,
    RuleBroken,
    SchemaTooNew,
    WrongUse,
)
from db.records.admin import Backup, RestoreResult
from db.records.remedies import Remedy, RemedyKind

COMPANIONS = ("", "-wal", "-shm", "-journal", ".lock", ".sending")
"""The endings of the files that belong to a database, after its own name."""


def back_up_file(location: str, target: str, *, replace: bool = False) -> Backup:
    """Copy the live database and verify the copy before it gets its name.

    Others may write meanwhile: the copy is of one moment. Raises Duplicate, WrongUse, DatabaseTrouble.
    """
    _check_target(location, target, replace)
    with connection.translate_faults(location), private_files.make_private_folder(target) as room:
        copy = os.path.join(room, "copy.db")
        rows = _copy(location, copy)
        if _verify(copy, of=location) != rows:
            raise DamagedDatabase(location, "a copy of it has other rows than it has")
        done = Backup(target, os.path.getsize(copy), sum(rows.values()), _sha256(copy))
        private_files.move_into_place(copy, target, replace=replace)
    return done


def restore_file(location: str, file: str, *, moment: datetime) -> RestoreResult:
    """Replace the content of the database with a backup, in one transaction that other programs see at once.

    The replaced content is kept as a dated backup beside it. A backup from an older program is upgraded first. Raises
    BadBackup, WrongUse, DatabaseTrouble; then nothing was changed.
    """
    if not os.path.isfile(file):
        raise WrongUse(f"There is no file {file}. Nothing was changed.")
    if os.path.exists(location) and os.path.samefile(file, location):
        raise WrongUse(f"{file} is the database itself. Nothing was changed. Choose a backup of it.")
    _check_is_ours(location)
    with (
        connection.translate_faults(location),
        private_files.make_private_folder(location) as room,
        _rebind_after(location),
    ):
        fresh = os.path.join(room, "restored.db")
        _copy_backup(file, fresh)
        applied, rows = _migrate_copy(fresh)
        with connection.write_lock(location):
            if os.path.lexists(location):
                backup = _back_up_replaced(location, moment)
                _overwrite(location, fresh)
            else:
                backup = ""
                private_files.move_into_place(fresh, location)
    return RestoreResult(file, sum(rows.values()), backup, applied)


def upgrade_file(location: str, *, moment: datetime) -> RestoreResult | None:
    """Upgrade an older database, whole or not at all; return None where it was up to date. Raises DatabaseTrouble."""
    with connection.translate_faults(location):
        if not _is_older(location):
            return None
        with (
            private_files.make_private_folder(location) as room,
            _rebind_after(location),
            connection.write_lock(location),
        ):
            if not _is_older(location):  # another program did it while we waited
                return None
            backup = back_up_file(location, _dated_name(location, "before-upgrade", moment)).file
            fresh = os.path.join(room, "upgraded.db")
            _copy(backup, fresh)
            applied, rows = _migrate_copy(fresh)
            _overwrite(location, fresh)
    return RestoreResult(location, sum(rows.values()), backup, applied)


def compact_file(location: str) -> None:
    """Rewrite the file, so that none of its free space still holds deleted data. Raises DatabaseTrouble.

    Others may go on reading; old pages they still read are freed when they have finished.
    """
    with connection.translate_faults(location), connection.write_lock(location), _opened(location) as opened:
        opened.set_busy_timeout(driver.BUSY_SECONDS * 1000)
        opened.execute("VACUUM")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fetch_file_faults(location: str) -> tuple[list[str], list[str]]:
    """Return the findings of SQLite's integrity_check and foreign_key_check; both are empty for a sound file.

    Raises DatabaseTrouble.
    """
    with _opened(location) as opened:
        driver.check_version(opened, location)
        broken = _integrity(opened)
        if broken:
            return broken, []
        rows = opened.execute("PRAGMA foreign_key_check").fetchall()
        return [], [f"row {rowid} of {table} refers to a missing row of {parent}" for table, rowid, parent, _ in rows]


def fetch_schema_drift(location: str) -> list[str]:
    """Return a sentence for each table, index or check that differs from what the migrations make. Raises
    DatabaseTrouble."""
    with TemporaryDirectory() as room, _rebind_after(location):
        sample = os.path.join(room, "sample.db")
        migrate.create_empty_database(sample)
        wanted = _schema(sample)
    found = _schema(location)
    differing = sorted({(kind, name) for kind, name, _ in wanted ^ found})
    has, should_have = {name for _, name, _ in found}, {name for _, name, _ in wanted}
    return [
        f"{kind} {name} is "
        + ("missing" if name not in has else "not this program's" if name not in should_have else "changed")
        for kind, name in differing
    ]


def _schema(location: str) -> set[tuple[str, str, str]]:
    """Return (kind, name, SQL) of every table, index, view and trigger."""
    with _opened(location) as opened:
        return set(opened.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


@contextmanager
def _opened(path: str) -> Iterator[apsw.Connection]:
    opened = driver.open_unchecked(path)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _rebind_after(location: str) -> Iterator[None]:
    """Bind the process to `location` again when the block ends, whatever was bound for a migration in between."""
    try:
        yield
    finally:
        connection.bind_location(location)


def _check_target(location: str, target: str, replace: bool) -> None:
    folder = os.path.dirname(os.path.abspath(target))
    if not os.path.isdir(folder):
        raise WrongUse(f"There is no folder {folder}. No backup was made.")
    if os.path.realpath(target) in {os.path.realpath(location) + ending for ending in COMPANIONS}:
        raise WrongUse(f"{target} belongs to the database itself. No backup was made. Choose another name.")
    if os.path.islink(target):
        raise RuleBroken(f"{target} is a link, and a backup cannot be written through a link. No backup was made.")
    if os.path.isdir(target):
        raise WrongUse(f"{target} is a folder. No backup was made. Give the name of a file in it.")
    if os.path.lexists(target) and not replace:
        raise Duplicate(f"{target} already exists. No backup was made.", Remedy(RemedyKind.REPLACE_FILE))


def _copy(source: str, target: str) -> dict[str, int]:
    """Copy one moment of a database of ours into a new file and return the rows each table had at that moment."""
    private_files.create_private_file(target)
    destination = apsw.Connection(target, flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        with _opened(source) as opened:
            driver.schema_version(opened, source)
            try:
                opened.execute("BEGIN")
                rows = _row_counts(opened)
                _copy_pages(opened, destination)
                opened.execute("COMMIT")
            except (apsw.CorruptError, apsw.NotADBError) as fault:
                raise DamagedDatabase(source, str(fault)) from None
        # A backup must be one file, readable where no -wal can be kept beside it.
        destination.pragma("journal_mode", "delete")
    finally:
        destination.close()
    return rows


def _copy_pages(source: apsw.Connection, destination: apsw.Connection) -> None:
    """Replace the destination's content with the source's in one transaction (https://sqlite.org/backup.html)."""
    with destination.backup("main", source, "main") as copying:
        while not copying.done:
            copying.step(-1)


def _verify(path: str, *, of: str) -> dict[str, int]:
    """Return the number of rows of each table of a sound file, a copy `of` another. Raises DamagedDatabase."""
    with _opened(path) as opened:
        broken = _integrity(opened)
        if broken:
            raise DamagedDatabase(of, broken[0])
        return _row_counts(opened)


def _integrity(opened: apsw.Connection) -> list[str]:
    try:
        lines = [str(line) for (text,) in opened.execute("PRAGMA integrity_check") for line in str(text).splitlines()]
    except (apsw.CorruptError, apsw.NotADBError, apsw.IOError) as fault:
        return [str(fault)]
    return [line for line in lines if line != "ok" and not line.startswith("*** in database")]


def _row_counts(opened: apsw.Connection) -> dict[str, int]:
    tables = [
        str(name)
        for (name,) in opened.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in tables}
    return {name: opened.execute(f"SELECT count(*) FROM {quoted[name]}").get for name in tables}  # noqa: S608


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_older(location: str) -> bool:
    """Return whether a file of ours lacks migrations. Raises ForeignDatabase, DamagedDatabase, SchemaTooNew."""
    with _opened(location) as opened:
        version = driver.schema_version(opened, location)
    if version > driver.SCHEMA_VERSION:
        raise SchemaTooNew(location)
    return version < driver.SCHEMA_VERSION


def _check_is_ours(location: str) -> None:
    """Raise ForeignDatabase or SchemaTooNew unless the file may be restored over: ours, missing or damaged."""
    with suppress(MissingDatabase, DamagedDatabase):
        _is_older(location)


def _copy_backup(file: str, fresh: str) -> None:
    """Make a verified private copy of a backup. Raises BadBackup."""
    try:
        _copy(file, fresh)
        _verify(fresh, of=file)
        _is_older(fresh)
    except SchemaTooNew:
        raise BadBackup(file, "it was made by a newer version of csc-tui; install that version") from None
    except DamagedDatabase as problem:
        raise BadBackup(file, f"it is damaged ({problem.detail}); try an older one") from None
    except ForeignDatabase:
        raise BadBackup(file, "it is not a backup of a csc-tui database") from None


def _migrate_copy(fresh: str) -> tuple[tuple[str, ...], dict[str, int]]:
    """Migrate a private copy; return the migrations applied and the number of rows of each table afterwards."""
    applied = tuple(migrate.apply_migrations(fresh)) if _is_older(fresh) else ()
    return applied, _verify(fresh, of=fresh)


def _dated_name(location: str, why: str, moment: datetime) -> str:
    """Return a dated name beside the database that no file has yet."""
    stem, ending = os.path.splitext(location)
    names = (f"{stem}.{why}-{moment:%Y%m%d-%H%M%S}{f'-{number}' if number else ''}{ending}" for number in count())
    return next(each for each in names if not os.path.lexists(each))


def _back_up_replaced(location: str, moment: datetime) -> str:
    """Back up the content that a restore replaces, byte for byte if it is damaged; return the backup's name."""
    name = _dated_name(location, "before-restore", moment)
    try:
        return back_up_file(location, name).file
    except DamagedDatabase:
        for ending in ("", "-wal"):
            if os.path.isfile(location + ending):
                private_files.copy_private_file(location + ending, name + ending)
        return name


def _overwrite(location: str, fresh: str) -> None:
    """Write the new content into the existing file, so that programs which have it open see it and no stale -wal undoes
    it."""
    try:
        with _opened(fresh) as source, _opened(location) as destination:
            _copy_pages(source, destination)
    except (apsw.CorruptError, apsw.NotADBError):
        # SQLite cannot write into a file as damaged as this, so no other program can either: the copy replaces it,
        # under the lock that all our writers need.
        for ending in ("-wal", "-shm"):
            if os.path.lexists(location + ending):
                os.unlink(location + ending)
        private_files.move_into_place(fresh, location, replace=True)
