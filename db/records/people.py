"""People, where they work, and what their card shows. Standard library only."""

from dataclasses import dataclass
from enum import StrEnum

from db.records.history import HistoryLine


class PersonKind(StrEnum):
    STAFF = "staff"
    PARTNER = "partner"


class OrganisationKind(StrEnum):
    COUNCIL = "council"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    VOLUNTARY = "voluntary"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    forename: str
    surname: str
    email: str
    employee_number: str | None
    phone: str
    organisation: str
    team: str
    job_title: str
    kind: PersonKind
    is_manager: bool
    is_facilitator: bool
    is_practice_lead: bool
    manager_id: int | None
    dietary: str
    access_needs: str
    active: bool
    version: int

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}".strip()

    @property
    def key(self) -> str:
        """How commands name a person without doubt."""
        return f"#{self.id}"

    @property
    def in_full(self) -> str:
        """For a sentence about somebody else than was meant."""
        return f"{self.name} <{self.email}> ({self.key})"


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far a person has come with a course; `on` is when it was completed, `needs` what is missing, `next_chance`
    where that can be had, `valid_until` the last day of a completion that has to be refreshed and `standing` how that
    is today (in date, due, out). `modules` has done, booked or missing for each in order: `done booked missing`."""

    course: str
    title: str
    modules_done: int
    modules_needed: int
    complete: bool
    on: str
    needs: str = ""
    next_chance: str = ""
    valid_until: str = ""
    standing: str = ""
    modules: str = ""


@dataclass(frozen=True, slots=True)
class LearningHours:
    """The hours of attended learning in one programme year."""

    year: str
    hours: float


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """A person's line on an event, for their card."""

    event: str
    course: str
    title: str
    status: str
    first_date: str


@dataclass(frozen=True, slots=True)
class LedSession:
    """A session somebody leads; `date` is empty while to be confirmed."""

    event: str
    title: str
    session: int
    date: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class InvitationLine:
    event: str
    session: int
    date: str
    method: str
    sequence: int
    partstat: str


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """A group that a person belongs to today; `since` is an ISO date."""

    group: str
    kind: str
    role: str
    since: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`leads` are the sessions to come that the person leads, the next one first; `led` those before, latest first."""

    person: Person
    manager: str
    leads: list[LedSession]
    led: list[LedSession]
    enrolments: list[EnrolmentLine]
    completions: list[CourseProgress]
    hours: list[LearningHours]
    invitations: list[InvitationLine]
    history: list[HistoryLine]
    groups: list[MembershipLine]

    @property
    def no_shows(self) -> list[str]:
        """The events to which the person did not come."""
        return [each.event for each in self.enrolments if each.status == "no_show"]


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where people belong: an organisation, and one of its teams where `team` is not empty."""

    organisation_id: int | None
    organisation: str
    team_id: int | None
    team: str

    @property
    def name(self) -> str:
        """`Early Help, North East Lincolnshire Council`, as it is typed to find it again."""
        return f"{self.team}, {self.organisation}" if self.team else self.organisation or "no organisation"


@dataclass(frozen=True, slots=True)
class WorkplaceCount:
    """How many active people belong somewhere, managers or others."""

    home: Workplace
    is_manager: bool
    people: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active person of a team, as lists of a team's progress show them."""

    person_id: int
    name: str
    email: str
    home: Workplace
    is_manager: bool

    @property
    def key(self) -> str:
        return f"#{self.person_id}"
