"""Events and their sessions, as stored, as shown and as published. Standard library only."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from db.records.booking import FormerLine, MakeUpLine, RosterLine, WaitingLine
from db.records.catalogue import Resource, Strand
from db.records.history import HistoryLine
from db.records.startup import EventState, SessionLine, count_taken_seats


@dataclass(frozen=True, slots=True)
class Event:
    """One scheduled run of a course, with the counts its rules need."""

    id: int
    reference: str
    course_id: int
    course: str
    title: str
    strand: str
    capacity: int
    minimum: int
    state: EventState
    notes: str
    booked: int
    offered: int
    waiting: int
    joining: int
    first_date: date | None
    last_date: date | None
    decide_by: date | None
    version: int

    @property
    def taken(self) -> int:
        """The places taken."""
        return count_taken_seats(self.booked, self.offered, self.joining)

    @property
    def enrolled(self) -> int:
        """The places of people on the event itself, whom its minimum counts: not those who join a single session."""
        return self.booked + self.offered

    @property
    def free(self) -> int:
        """The places still free, never below 0."""
        return max(self.capacity - self.taken, 0)

    @property
    def seats(self) -> int:
        """The places for people on the event itself, without those taken by people making up a session (`joining`)."""
        return max(self.capacity - self.joining, 0)


@dataclass(frozen=True, slots=True)
class Session:
    """One dated meeting on the council's clock; date, start and end are None while to be confirmed."""

    id: int
    event_id: int
    event: str
    number: int
    module: str
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    postcode: str
    room_id: int | None
    venue_id: int | None
    version: int

    @property
    def starts(self) -> datetime | None:
        """The moment at which the session starts; None while to be confirmed."""
        return datetime.combine(self.date, self.start) if self.date and self.start else None

    @property
    def ends(self) -> datetime | None:
        """The moment at which the session ends; None while to be confirmed."""
        return datetime.combine(self.date, self.end) if self.date and self.end else None


@dataclass(frozen=True, slots=True)
class CaldavObject:
    """A session as it was last put on a calendar server.

    `digest` is that of its bytes, empty while it is being put there. `etag` is the server's mark of the version it held
    before, empty where it held none (RFC 4791, section 5.3.4).
    """

    uid: str
    event: str
    session: int
    etag: str
    digest: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and password for a server; both are empty where it asks for none."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an event or a session, before and after a change."""

    event: str
    session: int | None
    field: str
    before: str
    after: str
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event with its sessions, people and history, as its screen and `csc event` show it."""

    event: Event
    sessions: list[SessionLine]
    roster: list[RosterLine]
    waiting: list[WaitingLine]
    make_ups: list[MakeUpLine]
    former: list[FormerLine]
    facilitators: list[str]
    history: list[HistoryLine]
    contacts: dict[str, tuple[str, str]]
    """Key of a person who waits or makes up a session -> e-mail address and organisation."""


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A session as the public sees it: without people, and without the number of places taken."""

    strand: str
    course: str
    event: str
    title: str
    number: int
    module: str
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    address: str
    postcode: str


@dataclass(frozen=True, slots=True)
class PublicCourse:
    """A course as the public sees it; `minutes` are those of all its modules."""

    strand: str
    code: str
    title: str
    description: str
    audience: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme year as it is published, in the order of the catalogue and of the dates."""

    name: str
    description: str
    year: str
    strands: list[Strand]
    courses: list[PublicCourse]
    sessions: list[PublicSession]
    resources: list[Resource]
    contact: str
