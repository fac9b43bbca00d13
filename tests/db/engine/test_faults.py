"""Each fault of a driver is a sentence that says what is wrong, and damage is only said after a check of the file."""

import errno
from pathlib import Path

import apsw
import pytest

from csc_tui.base import config
from csc_tui.base.context import Context
from csc_tui.core.calendar import actions as calendar_actions
from db.engine import faults
from db.errors import (
    BusyDatabase,
    DamagedDatabase,
    DatabaseTrouble,
    NotWritable,
    UnexpectedFault,
    WrongUse,
    name_location,
)
from db.records.os_faults import OS_FAULTS
from tests import builders

pytestmark = pytest.mark.of_files


def fault_of(code: int) -> apsw.Error:
    """The fault that apsw raises for a result code."""
    found = apsw.exception_for(code)
    assert isinstance(found, apsw.Error)
    return found


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (apsw.SQLITE_FULL, NotWritable, "The disk is full. Nothing was changed. Make room and try again."),
        (apsw.SQLITE_IOERR, NotWritable, "The disk failed while working on"),
        (apsw.SQLITE_IOERR_SHMSIZE, NotWritable, "The disk failed while working on"),
        (apsw.SQLITE_IOERR_WRITE, NotWritable, "The disk failed while working on"),
        (apsw.SQLITE_IOERR_CORRUPTFS, NotWritable, "Have it checked before anything else."),
        (apsw.SQLITE_NOMEM, NotWritable, "no memory left"),
        (apsw.SQLITE_READONLY, NotWritable, "cannot be written by this account"),
        (apsw.SQLITE_READONLY_DBMOVED, NotWritable, "was moved or replaced while it was open"),
        (apsw.SQLITE_BUSY, BusyDatabase, "Nothing was changed"),
        (apsw.SQLITE_LOCKED, BusyDatabase, "Nothing was changed"),
        (apsw.SQLITE_TOOBIG, WrongUse, "too large"),
        (apsw.SQLITE_CONSTRAINT, UnexpectedFault, "Please report it."),
        (apsw.SQLITE_ERROR, UnexpectedFault, "Please report it."),
    ],
)
def test_each_code_of_sqlite_has_its_sentence(location: str, code: int, kind: type[Exception], said: str) -> None:
    problem = faults.explain_driver_fault(fault_of(code), location)
    assert type(problem) is kind
    assert said in str(problem)
    assert "backup" not in str(problem)


def test_a_fault_that_looks_like_damage_is_checked_before_it_is_called_so(location: str) -> None:
    problem = faults.explain_driver_fault(fault_of(apsw.SQLITE_CORRUPT), location)
    assert isinstance(problem, NotWritable)
    assert "a check of the whole file finds no damage" in str(problem)
    content = bytearray(Path(location).read_bytes())
    content[4096:12288] = bytes(8192)
    Path(location).write_bytes(content)
    damaged = faults.explain_driver_fault(fault_of(apsw.SQLITE_CORRUPT), location)
    assert isinstance(damaged, DamagedDatabase)


class ServerFault(Exception):
    """A fault with a SQLSTATE, as psycopg raises it."""

    __module__ = "psycopg.errors"

    def __init__(self, sqlstate: str, said: str = "said by the server") -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("57014", NotWritable, "took longer than the server allows"),
        ("55P03", BusyDatabase, "Nothing was changed"),
        ("53100", NotWritable, "The disk of the database server is full. Nothing was changed. Make room"),
        ("53300", NotWritable, "has no connection left"),
        ("28P01", NotWritable, "does not accept this login"),
        ("3D000", NotWritable, "no database of that name"),
        ("08006", NotWritable, "broke off"),
        ("22003", WrongUse, "too large"),
        ("22021", WrongUse, "NUL"),
        ("23514", UnexpectedFault, "23514 said by the server"),
        ("42703", UnexpectedFault, "42703 said by the server"),
        ("XX001", NotWritable, "damaged data"),
    ],
)
def test_each_sqlstate_has_its_sentence(code: str, kind: type[Exception], said: str) -> None:
    problem = faults.explain_driver_fault(ServerFault(code), "postgresql://localhost/csc")
    assert type(problem) is kind
    assert said in str(problem)


def test_what_is_no_fault_of_a_driver_is_left_alone() -> None:
    assert faults.explain_driver_fault(KeyError("x"), "csc.db") is None


def test_a_number_too_large_for_the_database_is_a_sentence(ctx: Context) -> None:
    builders.event("BR-90")
    with pytest.raises(WrongUse, match=r"too large|at most"):
        calendar_actions.set_capacity(ctx, "BR-90", 10**21)


def test_every_number_of_the_operating_system_is_in_words() -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.EROFS, errno.EACCES, errno.ENOENT):
        assert OS_FAULTS[number][0].islower()
        assert not OS_FAULTS[number].endswith(".")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/srv/csc.db", "/srv/csc.db"),
        ("postgresql://localhost/csc", "postgresql://localhost/csc"),
        ("postgresql://anna:secret@db.example.org:5432/csc", "postgresql://db.example.org:5432/csc"),
        ("postgresql://anna:se@cret@db.example.org/csc", "postgresql://db.example.org/csc"),
        ("postgresql://db.example.org/csc?user=anna&password=secret", "postgresql://db.example.org/csc"),
        ("postgresql://db/csc?password=sec@ret", "postgresql://..."),
        ("postgresql://anna:se?cret@db/csc", "postgresql://..."),
        ("postgresql://anna:secret", "postgresql://..."),
        ("postgresql:///csc?host=/run/pg&password=secret&port=5433", "postgresql:///csc?host=/run/pg&port=5433"),
        ("postgresql://postgres@%2Ftmp%2Fserver/csc", "postgresql://%2Ftmp%2Fserver/csc"),
    ],
)
def test_nothing_of_an_address_is_shown_but_host_port_and_database(location: str, shown: str) -> None:
    assert name_location(location) == shown


@pytest.mark.parametrize("address", ["postgresql+psycopg://a@h/x", "POSTGRESQL://h/x", "mysql://h/x", "sqlite:///x.db"])
def test_an_address_with_an_unknown_scheme_is_refused(address: str) -> None:
    with pytest.raises(WrongUse, match=r"is not supported\. Nothing was created"):
        config.database_location(address)


def test_a_damaged_file_is_still_said_to_be_damaged(ctx: Context, location: str) -> None:
    content = bytearray(Path(location).read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    Path(location).write_bytes(content)
    with pytest.raises(DatabaseTrouble):
        builders.event("BR-91")
