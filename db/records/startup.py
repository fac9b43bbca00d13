"""The few records that the window needs for its first screen; the other modules here have all the others.

Making a dataclass takes a third of a millisecond, so the window starts sooner without the others.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from db.records.status_numbers import BOOKABLE_STATES


class EventState(StrEnum):
    """The state of an event."""

    DRAFT = "draft"
    OPEN = "open"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def bookable(self) -> bool:
        """Whether people can be booked in this state."""
        return self in BOOKABLE_STATES


class Role(IntEnum):
    """The roles of an actor; each role may do all that the ones below it may."""

    VIEWER = 1
    BOOKER = 2
    COORDINATOR = 3
    ADMINISTRATOR = 4

    @property
    def word(self) -> str:
        """The role as people read and type it."""
        return self.name.lower()


def count_taken_seats(booked: int, offered: int, joining: int) -> int:
    """Count the seats that nobody else can have: those booked, those offered until the offer runs out, and those of
    people who join one of the sessions to make up a module. `db.fragments` says the same in SQL."""
    return booked + offered + joining


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as lists show it; `date`, `start` and `end` are empty while to be confirmed, `venue`, `room` may be."""

    event: str
    course: str
    title: str
    session: int
    module: str
    date: str
    start: str
    end: str
    venue: str
    room: str
    booked: int
    capacity: int
    waiting: int
    state: str
    offered: int
    joining: int

    @property
    def taken(self) -> int:
        """The places taken of the event."""
        return count_taken_seats(self.booked, self.offered, self.joining)


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with its places, as lists show it."""

    event: str
    course: str
    title: str
    first_date: str
    capacity: int
    booked: int
    offered: int
    free: int
    waiting: int
    state: str
    joining: int

    @property
    def taken(self) -> int:
        """The places taken."""
        return count_taken_seats(self.booked, self.offered, self.joining)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person found by a search, with their counts and next event; `left` is empty unless they left."""

    person: str
    name: str
    email: str
    organisation: str
    team: str
    kind: str
    booked: int
    waiting: int
    completed: int
    next_event: str
    next_date: str
    left: str = ""
