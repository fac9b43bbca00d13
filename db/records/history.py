"""Lines of the history. Standard library only."""

from dataclasses import dataclass
from datetime import datetime

from db.records.list_order import ListOrder


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history; times are UTC in the store and local time in the answers of look-ups.

    `entered` is the real time of a line whose `at` the program was told to take for now.
    """

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    before: str
    after: str
    reason: str
    entered: datetime | None

    @property
    def why(self) -> str:
        """The reason, and when the change was really entered where it was entered under another date."""
        if self.entered is None:
            return self.reason
        return f"{self.reason} (entered on {self.entered:%a} {self.entered.day} {self.entered:%b %Y at %H:%M})".lstrip()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line of the history with the reference of its event and the key of its person, empty where it has none."""

    line: HistoryLine
    event: str
    person: str


@dataclass(frozen=True, slots=True)
class HistoryScope:
    """The lines of the history that are wanted, by the ids of the store; an empty field fits everything.

    Each word must be in the verb, subject, before, after or reason. `since` is UTC.
    """

    words: tuple[str, ...] = ()
    actor: str = ""
    event_id: int | None = None
    person_id: int | None = None
    verb: str = ""
    since: datetime | None = None
    order: ListOrder | None = None
    """By one of HISTORY_ORDERS; None is the newest first."""


HISTORY_ORDERS = ("time", "actor", "what", "event", "change")
"""The names of the orders of the history."""


@dataclass(frozen=True, slots=True)
class UndoneChange:
    """One thing that an undo restored, with its most telling column before and after."""

    what: str
    before: str
    after: str
