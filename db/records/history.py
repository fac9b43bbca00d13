"""What the history keeps. Standard library only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """`at` is UTC as stored; the look-ups give it by the council's clock."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line of the history with what it is about: the event's reference and the person's key, where there is one."""

    line: HistoryLine
    event: str
    person: str


@dataclass(frozen=True, slots=True)
class UndoneChange:
    """One thing that was put back: what it is, and its most telling column before and after."""

    what: str
    before: str
    after: str
