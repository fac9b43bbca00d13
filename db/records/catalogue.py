"""The programme, its strands and courses, their rules, resources and venues. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Approval(StrEnum):
    """The person who must approve a request for a place."""

    NONE = "none"
    MANAGER = "manager"
    COORDINATOR = "coordinator"


class WaitingRule(StrEnum):
    """How a freed place is filled: the next person moves up at once, or is offered it for a time."""

    PROMOTE = "promote"
    OFFER = "offer"


class WaitingElsewhere(StrEnum):
    """The rule for a place on one event's waiting list when the person gets a place on another of the course."""

    REMOVE = "remove"
    ASK = "ask"
    KEEP = "keep"


class Strictness(StrEnum):
    """How strictly a condition is applied: not at all, as a warning, or as a rule that refuses."""

    OFF = "off"
    WARN = "warn"
    RULE = "rule"


class CompletionRule(StrEnum):
    """How a course is completed: by attending every module, or a share of the hours."""

    ALL_MODULES = "all_modules"
    SHARE_OF_HOURS = "share_of_hours"


class ResourceKind(StrEnum):
    """Whether a resource is a link or a document."""

    LINK = "link"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Programme:
    """The whole of what is offered, such as Creating Strong Communities."""

    id: int
    name: str
    description: str
    started: date


@dataclass(frozen=True, slots=True)
class Strand:
    """A main area of the programme."""

    id: int
    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course that can be run, with the defaults of its events."""

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
    """The conditions of booking a course.

    `cutoff_days` (to cancel in time) and `booking_cutoff_days` (to book at all) are working days before the first
    session; `prerequisites` are (course code, strictness).
    """

    approval: Approval
    waiting_rule: WaitingRule
    offer_hours: int
    cutoff_days: int
    booking_cutoff_days: int
    managers_only: bool
    audience_rule: Strictness
    waiting_elsewhere: WaitingElsewhere
    prerequisites: tuple[tuple[str, Strictness], ...]


@dataclass(frozen=True, slots=True)
class CompletionRules:
    """The conditions of completing a course.

    `completion_share` is a percentage of the hours; `validity_months` is None where a completion never runs out.
    """

    completion_rule: CompletionRule
    completion_share: int
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class Module:
    """One required part of a course."""

    id: int
    course_id: int
    position: int
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `name` begins with that of its venue, and `capacity` is None where it is not known."""

    id: int
    name: str
    capacity: int | None


@dataclass(frozen=True, slots=True)
class Venue:
    """A building where sessions are held.

    `rooms` are (name, capacity, None where it is not known); `coming` counts the sessions from today on.
    """

    id: int
    name: str
    address: str
    postcode: str
    version: int
    rooms: tuple[tuple[str, int | None], ...]
    coming: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A document or link that supports a course or a strand."""

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
        """The address for a browser, empty for a document that is not on the web."""
        if not self.address or self.address.startswith(("http://", "https://")):
            return self.address
        return f"https://{self.address}" if self.kind is ResourceKind.LINK else ""


@dataclass(frozen=True, slots=True)
class CatalogueCourse:
    """A course of the catalogue, current (`active`) or archived."""

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
    """How often a course runs in a period: events not cancelled, their places, the people with a place and those
    waiting."""

    course_id: int
    events: int
    places: int
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Audience:
    """The people a course is for, and how long a completion of it holds.

    `managers` says how strictly the course is for managers alone.
    """

    course_id: int
    code: str
    title: str
    managers: Strictness
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class ReportCourse:
    """A course, current or archived, as reports need it."""

    id: int
    code: str
    title: str
    strand: str
