"""Backups, and what a check of the database finds. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of the database; `rows` counts every table."""

    file: str
    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """`kept` is the backup of what was replaced, empty where nothing was; `applied` the migrations the copy lacked."""

    file: str
    rows: int
    kept: str
    applied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """`result` is ok, look (unusual, and possibly meant) or wrong."""

    check: str
    result: str
    detail: str
