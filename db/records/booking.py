"""Enrolments, the moves between their statuses, and the lines of a roster. Standard library only."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from db.records import status_numbers
from db.records.attendance import MarkKind


class Status(IntEnum):
    """Where an enrolment stands."""

    CANCELLED = status_numbers.CANCELLED
    TRANSFERRED = status_numbers.TRANSFERRED
    SUBSTITUTED = status_numbers.SUBSTITUTED
    EXPIRED = status_numbers.EXPIRED
    EVENT_CANCELLED = status_numbers.EVENT_CANCELLED
    DECLINED = status_numbers.DECLINED
    REQUESTED = status_numbers.REQUESTED
    WAITLISTED = status_numbers.WAITLISTED
    OFFERED = status_numbers.OFFERED
    BOOKED = status_numbers.BOOKED
    NO_SHOW = status_numbers.NO_SHOW
    UNABLE_TO_ATTEND = status_numbers.UNABLE_TO_ATTEND
    PARTIALLY_ATTENDED = status_numbers.PARTIALLY_ATTENDED
    FULLY_ATTENDED = status_numbers.FULLY_ATTENDED

    @property
    def word(self) -> str:
        """The status as commands and exports write it."""
        return status_numbers.STATUS_WORDS[self.value]

    @property
    def live(self) -> bool:
        """Whether the enrolment stands: requested, waiting, offered, booked, or with an outcome."""
        return self.value >= status_numbers.LOWEST_LIVE

    @property
    def holds_seat(self) -> bool:
        """Whether the enrolment takes a place of the event."""
        return self.value >= status_numbers.OFFERED


class OfferOutcome(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person on an event. `queue` orders the waiting list; `since` is when the status began (UTC)."""

    id: int
    event_id: int
    person_id: int
    name: str
    email: str
    organisation: str
    status: Status
    queue: int | None
    since: datetime
    offer_ends: datetime | None
    approved_by: str | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class LatestEnrolment:
    """What became last of a person on an event; `listed` is whether they were on the waiting list, `accepted` whether
    they said yes to an offered place."""

    enrolment_id: int
    event_id: int
    person_id: int
    status: Status
    since: datetime
    listed: bool
    accepted: bool
    offer_ends: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class MissedSession:
    """Somebody marked as not having been in a session."""

    event_id: int
    session_id: int
    person_id: int
    mark: MarkKind


@dataclass(frozen=True, slots=True)
class RosterLine:
    """`reply` is what was answered to the invitations that stand: accepted, declined, tentative, no answer, or empty
    where none was sent."""

    person: str
    name: str
    email: str
    organisation: str
    status: str
    since: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    place: int
    person: str
    name: str
    since: str
    offered_until: str


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """Somebody who takes part in one session of an event, to make up its module."""

    session: int
    person: str
    name: str
    module: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person: booked, waitlisted, requested, already, or refused with the reason."""

    person: str
    name: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """Somebody whose status changed, in words."""

    person: str
    name: str
    before: str
    after: str
