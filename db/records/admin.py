"""Backups, restores and the findings of a check of the database. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of the database; `rows` counts the rows of all tables together."""

    file: str
    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The result of a restore or an upgrade.

    `kept` is the backup of the content that was replaced, empty where there was none; `applied` are the migrations that
    the copy lacked.
    """

    file: str
    rows: int
    kept: str
    applied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One finding of a check; `result` is ok, look (unusual, but possibly meant) or wrong."""

    check: str
    result: str
    detail: str
