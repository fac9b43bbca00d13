"""Backups, restores and the findings of a check of the database. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.records.remedies import Remedy


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
    remedy: Remedy | None = None

    def worded(self, words: Mapping[str, str]) -> str:
        """Return the detail followed by its remedy in a face's words; a detail has no full stop of its own."""
        return f"{self.detail}. {self.remedy.worded(words)}" if self.remedy else self.detail
