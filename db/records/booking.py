"""Enrolments, the changes of their status, and the lines of a roster. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.remedies import Remark, Remedy

UNDONE, SAME_PERSON = "undone", "the same person under another record"
"""Reasons of places that were given up without the person having done anything, so nobody is told of it."""


class Status(IntEnum):
    """The status of an enrolment."""

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
        """Whether the enrolment still counts: requested, waiting, offered, booked, or with an outcome."""
        return self.value >= status_numbers.LOWEST_LIVE

    @property
    def holds_seat(self) -> bool:
        """Whether the enrolment takes a place of the event."""
        return self.value >= status_numbers.OFFERED


class OfferOutcome(StrEnum):
    """The result of an offered place; OPEN until there is one."""

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
class CoursePlace:
    """A live place, offer, request or place in a queue of a person on an event of some course that is not over."""

    enrolment_id: int
    event_id: int
    event: str
    person_id: int
    status: Status
    first_date: date | None


@dataclass(frozen=True, slots=True)
class LatestEnrolment:
    """A person's latest enrolment on an event.

    `listed` is true if they were on the waiting list, `accepted` if they accepted an offered place.
    """

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
    """A session that a learner was marked as having missed."""

    event_id: int
    session_id: int
    person_id: int
    mark: MarkKind


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on an event, as commands and screens list them.

    `reply` is the answer to the current invitations: accepted, declined, tentative, no answer, or empty where none was
    sent.
    """

    person: str
    name: str
    email: str
    organisation: str
    status: str
    since: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class FormerLine:
    """One person who was on an event and is not any more; `was` is the status before, empty where it is not known."""

    person: str
    name: str
    email: str
    phone: str
    organisation: str
    was: str
    status: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One person on a waiting list; `place` counts from 1, and `offered_until` is empty without an offer."""

    place: int
    person: str
    name: str
    since: str
    offered_until: str


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """One person who takes part in one session of an event to make up its module."""

    session: int
    person: str
    name: str
    module: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of booking one person: booked, waitlisted, requested, already, or refused, with why."""

    person: str
    name: str
    outcome: str
    reason: str
    remedy: Remedy | None = None

    @property
    def remark(self) -> Remark:
        """The reason with its remedy."""
        return Remark(self.reason, self.remedy)

    @property
    def overridable(self) -> bool:
        """Whether a reason would set aside what speaks against it."""
        return self.remedy is not None and self.remedy.reason_helps


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A person whose status changed; both statuses are in words."""

    person: str
    name: str
    before: str
    after: str
