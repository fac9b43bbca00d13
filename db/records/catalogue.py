"""The programme, its strands and courses, their rules, resources and venues. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Approval(StrEnum):
    NONE = "none"
    MANAGER = "manager"
    COORDINATOR = "coordinator"


class WaitingRule(StrEnum):
    """What a freed place does: moves the next person up at once, or is offered for a time."""

    PROMOTE = "promote"
    OFFER = "offer"


class Strictness(StrEnum):
    OFF = "off"
    WARN = "warn"
    RULE = "rule"


class CompletionRule(StrEnum):
    ALL_MODULES = "all_modules"
    SHARE_OF_HOURS = "share_of_hours"


class ResourceKind(StrEnum):
    LINK = "link"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Programme:
    id: int
    name: str
    description: str
    started: date


@dataclass(frozen=True, slots=True)
class Strand:
    id: int
    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Course:
    id: int
    code: str
    title: str
    strand: str
    description: str
    audience: str
    impact_question: str
    capacity: int
    minimum: int
    cutoff_days: int
    version: int


@dataclass(frozen=True, slots=True)
class BookingRules:
    """What a course asks of its bookings: `cutoff_days` and `booking_cutoff_days` are working days before the first
    session (for cancelling in time, for booking at all); `prerequisites` are (course code, how strict)."""

    approval: Approval
    waiting_rule: WaitingRule
    offer_hours: int
    cutoff_days: int
    booking_cutoff_days: int
    managers_only: bool
    audience_rule: Strictness
    prerequisites: tuple[tuple[str, Strictness], ...]


@dataclass(frozen=True, slots=True)
class CompletionRules:
    """When a course counts as completed: all modules, or `completion_share` percent of the hours; and for how many
    months, None for good."""

    completion_rule: CompletionRule
    completion_share: int
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class Module:
    id: int
    course_id: int
    position: int
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room with its venue's name before its own; `capacity` is None where nobody said."""

    id: int
    name: str
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Venue:
    """A place where sessions are held; `rooms` are (name, how many it takes, None where nobody said), `coming` counts
    the sessions from today on."""

    id: int
    name: str
    address: str
    postcode: str
    version: int
    rooms: tuple[tuple[str, int | None], ...]
    coming: int


@dataclass(frozen=True, slots=True)
class Resource:
    id: int
    title: str
    kind: ResourceKind
    address: str
    strand: str
    course: str
    edition: str = ""
    version: int = 1

    @property
    def web_address(self) -> str:
        """Where a browser finds it; empty for a document that is not on the web."""
        if not self.address or self.address.startswith(("http://", "https://")):
            return self.address
        return f"https://{self.address}" if self.kind is ResourceKind.LINK else ""


@dataclass(frozen=True, slots=True)
class CatalogueCourse:
    """A course as the catalogue knows it, whether it is still run (`active`) or retired."""

    id: int
    strand_id: int
    code: str
    title: str
    strand: str
    description: str
    audience: str
    impact_question: str
    capacity: int
    minimum: int
    position: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """How much a course is run in a time: its events that are not cancelled, their places, who has one, who waits."""

    course_id: int
    events: int
    places: int
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a course is for, and how long a completion of it holds; `managers` says how strictly it is for them."""

    course_id: int
    code: str
    title: str
    managers: Strictness
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class ReportCourse:
    """A course as reports know it, whether it is still run or not."""

    id: int
    code: str
    title: str
    strand: str
