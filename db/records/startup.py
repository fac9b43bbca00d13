"""The few records that the first picture of the window is made of; the other modules here have all the others.

Each dataclass takes a third of a millisecond to make, which the window does not wait for.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class EventState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def bookable(self) -> bool:
        return self in (EventState.OPEN, EventState.TENTATIVE, EventState.CONFIRMED)


class Role(IntEnum):
    """What an actor may do; each role may do all that the ones below it may."""

    VIEWER = 1
    BOOKER = 2
    COORDINATOR = 3
    ADMINISTRATOR = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class SessionLine:
    """`date`, `start` and `end` are empty while to be confirmed; `venue` and `room` may be."""

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

    @property
    def held(self) -> int:
        """The places taken: an offered place is nobody else's until it runs out."""
        return self.booked + self.offered


@dataclass(frozen=True, slots=True)
class EventLine:
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


@dataclass(frozen=True, slots=True)
class FoundPerson:
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
