"""The error to show for a fault of a driver, from one table for each driver.

SQLite's codes: https://sqlite.org/rescode.html. PostgreSQL's: https://www.postgresql.org/docs/current/errcodes-appendix.html.
"""

from __future__ import annotations

import os

import apsw

from db.errors import (
    BusyDatabase,
    CscError,
    DamagedDatabase,
    NotWritable,
    UnexpectedFault,
    WrongUse,
    name_location,
)
from db.records.os_faults import OS_FAULTS

_KEPT = "Nothing was changed."
_TELL = "Try again; if it happens again, tell the person who looks after this computer."
_TELL_SERVER = "Tell the server's administrator before you do anything else."
_SQLITE_FAULTS: dict[int, tuple[str, str]] = {
    apsw.SQLITE_AUTH: ("{place} does not allow this.", ""),
    apsw.SQLITE_CANTOPEN: ("{place} cannot be opened{why}.", ""),
    apsw.SQLITE_FULL: ("The disk is full.", "Make room and try again."),
    apsw.SQLITE_IOERR: ("The disk failed while working on {place}{why}.", _TELL),
    apsw.SQLITE_NOLFS: ("{place} is larger than this disk allows a file to be.", ""),
    apsw.SQLITE_NOMEM: ("This machine has no memory left.", "Close other programs and try again."),
    apsw.SQLITE_PERM: ("{place} cannot be opened by this account.", ""),
    apsw.SQLITE_READONLY: ("{place} cannot be written by this account{why}.", ""),
}
"""Primary result code -> what is wrong and what to do; `why` is what the operating system said, after a colon."""
_SQLITE_DETAILS: dict[int, tuple[str, str]] = {
    apsw.SQLITE_READONLY_DBMOVED: ("{place} was moved or replaced while it was open.", "Open it again."),
    apsw.SQLITE_IOERR_CORRUPTFS: ("The disk that holds {place} is damaged.", "Have it checked before anything else."),
    apsw.SQLITE_IOERR_NOMEM: ("This machine has no memory left.", "Close other programs and try again."),
}
"""Extended result codes that have a sentence of their own."""
_BUSY = (apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED, apsw.SQLITE_PROTOCOL)
_TOO_MUCH = (apsw.SQLITE_TOOBIG, apsw.SQLITE_RANGE)
_PERHAPS_DAMAGED = (apsw.SQLITE_CORRUPT, apsw.SQLITE_NOTADB)

TOO_LARGE = "A number, a date or a text is too large for the database. Nothing was changed."
NO_NUL = "A text contains a character that the database cannot keep (NUL). Nothing was changed."

_SERVER_FAULTS: dict[str, tuple[str, str]] = {
    "08": ("The connection to the database server broke off.", "Try again."),
    "25006": ("The database server is read-only at the moment.", ""),
    "25P03": ("The database server closed the connection, because a change was left open too long.", "Try again."),
    "28": ("The database server does not accept this login.", "Check the user name and the password."),
    "3D000": ("The database server has no database of that name.", "Check the address."),
    "42501": (
        "This account is not allowed to do that on the database server: {said}.",
        "Ask the administrator of the server for permission.",
    ),
    "42P01": ("A table is missing on the database server: {said}.", _TELL_SERVER),
    "53100": ("The disk of the database server is full.", "Make room and try again."),
    "53200": ("The database server has no memory left.", "Try again in a minute."),
    "53300": ("The database server has no connection left.", "Try again in a minute."),
    "53": ("The database server has run out of something it needs: {said}.", "Try again in a minute."),
    "57014": (
        "The database server stopped the question, because it took longer than the server allows.",
        "Ask for less, or ask its administrator about statement_timeout.",
    ),
    "57P01": ("The database server ended the connection, or is being shut down.", "Try again in a minute."),
    "57P02": ("The database server stopped suddenly.", "Try again in a minute."),
    "57P03": ("The database server is starting or stopping.", "Try again in a minute."),
    "57P05": ("The database server closed the connection, because it was idle too long.", "Try again."),
    "58": ("The disk of the database server reports a fault: {said}.", _TELL_SERVER),
    "XX001": ("The database server reports damaged data: {said}.", _TELL_SERVER),
    "XX002": ("The database server reports a damaged index: {said}.", _TELL_SERVER),
}
"""SQLSTATE, or the class it begins with -> what is wrong and what to do; `said` is what the server said."""
_SERVER_BUSY = ("55P03", "40P01", "40001")
"""Lock not available, deadlock, serialization failure."""
_SERVER_TOO_LARGE = ("22001", "22003", "22008", "54000", "54001")
_SERVER_NUL = ("22021", "22P05")


def explain_driver_fault(fault: BaseException, location: str) -> CscError | None:
    """Return the error to show for a fault of a driver; None for what is no fault of a driver."""
    if isinstance(fault, OverflowError):  # a whole number of more than 64 bits does not even reach the driver
        return WrongUse(TOO_LARGE)
    if isinstance(fault, apsw.Error):
        return _explain_sqlite_fault(fault, location)
    if type(fault).__module__.startswith("psycopg"):
        return _explain_server_fault(fault, location)
    return None


def _explain_sqlite_fault(fault: apsw.Error, location: str) -> CscError:
    extended = int(getattr(fault, "extendedresult", 0) or 0)
    code = int(getattr(fault, "result", 0) or 0) or extended & 0xFF
    place = name_location(location)
    if code in _BUSY:
        return BusyDatabase()
    if code in _TOO_MUCH:
        return WrongUse(TOO_LARGE)
    if code in _PERHAPS_DAMAGED:
        return _check_for_damage(location, str(fault))
    found = _SQLITE_DETAILS.get(extended) or _SQLITE_FAULTS.get(code)
    if found is None:
        return UnexpectedFault(str(fault))
    wrong, then = found
    why = _why_of_disk(location) if "{why}" in wrong else ""
    return NotWritable(f"{wrong.format(place=place, why=why)} {_KEPT} {then}".rstrip())


def _why_of_disk(location: str) -> str:
    """Return what the disk says when asked to make room in the folder of the file, with a colon before it, or nothing.

    SQLite says only that the disk failed; the operating system's own number is lost by the time the fault is known.
    """
    folder = os.path.dirname(os.path.abspath(location))
    name = os.path.join(folder, f".csc-probe-{os.getpid()}")
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        return f": {OS_FAULTS[fault.errno]}" if fault.errno in OS_FAULTS else ""
    try:
        os.write(handle, bytes(65_536))
        os.fsync(handle)
    except OSError as fault:
        return f": {OS_FAULTS[fault.errno]}" if fault.errno in OS_FAULTS else ""
    finally:
        os.close(handle)
        os.unlink(name)
    return ""


def _check_for_damage(location: str, said: str) -> CscError:
    """Return DamagedDatabase only where SQLite's own check of the whole file finds it damaged.

    A full disk or one that does not answer gives the same code, and a restored backup would lose every later change.
    """
    try:
        connection = apsw.Connection(location, flags=apsw.SQLITE_OPEN_READONLY)
        try:
            found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(1)")]
        finally:
            connection.close()
    except (apsw.CorruptError, apsw.NotADBError) as fault:
        return DamagedDatabase(location, str(fault))
    except apsw.Error as fault:
        return _explain_sqlite_fault(fault, location)
    if found == ["ok"]:
        return NotWritable(
            f"{name_location(location)} could not be read for a moment ({said}), but a check of the whole file finds "
            f"no damage. {_KEPT} Try again; if it happens again, tell the person who looks after this computer."
        )
    return DamagedDatabase(location, found[0] if found else said)


def _explain_server_fault(fault: BaseException, location: str) -> CscError:
    code = str(getattr(fault, "sqlstate", None) or "")
    said = _first_line(fault)
    if code in _SERVER_BUSY:
        return BusyDatabase()
    if code in _SERVER_TOO_LARGE:
        return WrongUse(TOO_LARGE)
    if code in _SERVER_NUL or "NUL" in said:
        return WrongUse(NO_NUL)
    found = _SERVER_FAULTS.get(code) or _SERVER_FAULTS.get(code[:2])
    if found is not None:
        wrong, then = found
        return NotWritable(f"{wrong.format(said=said)} {_KEPT} {then}".rstrip())
    kinds = {kind.__name__ for kind in type(fault).mro()}
    if not code and kinds & {"OperationalError", "InterfaceError"}:
        return NotWritable(f"The database server at {name_location(location)} did not answer: {said}. {_KEPT}")
    return UnexpectedFault(f"{code} {said}".strip())


def _first_line(fault: BaseException) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0].rstrip(".")
