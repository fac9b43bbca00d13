"""People, where they work, and the contents of their card. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.records.history import HistoryLine


class PersonKind(StrEnum):
    """Whether a person works for the council or for a partner."""

    STAFF = "staff"
    PARTNER = "partner"


class OrganisationKind(StrEnum):
    """The kind of an organisation, which decides about charges."""

    COUNCIL = "council"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    VOLUNTARY = "voluntary"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff or of a partner organisation; `leaving_date` is their last day, as HR says, past or to come."""

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
    known_as: str
    start_date: date | None
    leaving_date: date | None

    @property
    def name(self) -> str:
        """The forename and surname."""
        return f"{self.forename} {self.surname}".strip()

    @property
    def key(self) -> str:
        """The key that names a person without doubt, such as `#17`."""
        return f"#{self.id}"

    @property
    def in_full(self) -> str:
        """Name, e-mail and key, for a sentence about a person other than the one that was meant."""
        return f"{self.name} <{self.email}> ({self.key})"


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person in short, to tell whether a row of a file is about somebody known."""

    id: int
    forename: str
    surname: str
    email: str
    employee_number: str
    organisation: str
    team: str
    active: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; `parent` is the name of the one above it, `contact` the e-mail address of who books for it.

    `people` counts the active ones. `exempt` says that it is never charged.
    """

    id: int
    name: str
    kind: OrganisationKind
    other_names: tuple[str, ...]
    parent: str
    contact: str
    exempt: bool
    invoice_address: str
    notes: str
    teams: tuple[str, ...]
    people: int
    version: int


@dataclass(frozen=True, slots=True)
class PlaceOfRecord:
    """An enrolment as merging needs it; `queue` is the place in the order of joining the waiting list."""

    id: int
    event_id: int
    status: int
    queue: int | None


@dataclass(frozen=True, slots=True)
class DoubleRecord:
    """Two records that are probably of one person; `other` is the later one."""

    person: str
    name: str
    other: str
    other_name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A person's progress in a course.

    `on` is when it was completed, `needs` names the modules missing and `next_chance` where they can be taken.
    `valid_until` is the last day of a completion that must be refreshed, and `standing` its state today (in date, due,
    out). `modules` has one word for each module, in order: `done booked missing`. `earlier` says what of it was learnt
    before or elsewhere.
    """

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
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class LearningHours:
    """The hours of learning a person attended in one programme year."""

    year: str
    hours: float


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """One event of a person, as their card lists it."""

    event: str
    course: str
    title: str
    status: str
    first_date: str


@dataclass(frozen=True, slots=True)
class LedSession:
    """A session that a person leads; `date` is empty while to be confirmed."""

    event: str
    title: str
    session: int
    date: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One invitation of a person, as their card lists it."""

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
    """All that a person's screen and `csc person` show.

    `leads` are the coming sessions that they lead, the next one first; `led` the past ones, latest first.
    """

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
        """The events that the person was booked on and did not come to."""
        return [each.event for each in self.enrolments if each.status == "no_show"]


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation, or one of its teams where `team` is not empty."""

    organisation_id: int | None
    organisation: str
    team_id: int | None
    team: str

    @property
    def name(self) -> str:
        """The name as it can be typed to find the workplace: `Early Help, North East Lincolnshire Council`."""
        return f"{self.team}, {self.organisation}" if self.team else self.organisation or "no organisation"


@dataclass(frozen=True, slots=True)
class WorkplaceCount:
    """The number of active people at a workplace, counted separately for managers and others."""

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
        """The key that names a person without doubt, such as `#17`."""
        return f"#{self.person_id}"
