"""Events and their sessions, as stored, as shown and as published. Standard library only."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from db.records.booking import MakeUpLine, RosterLine, WaitingLine
from db.records.catalogue import Resource, Strand
from db.records.history import HistoryLine
from db.records.startup import EventState, SessionLine


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
    def free(self) -> int:
        return max(self.capacity - self.booked - self.offered - self.joining, 0)

    @property
    def seats(self) -> int:
        """Places for whoever is on the event itself: `joining` are taken by people making up a session."""
        return max(self.capacity - self.joining, 0)


@dataclass(frozen=True, slots=True)
class Session:
    """One dated meeting, wall-clock in the council's zone; without date, start and end while to be confirmed."""

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
        return datetime.combine(self.date, self.start) if self.date and self.start else None

    @property
    def ends(self) -> datetime | None:
        return datetime.combine(self.date, self.end) if self.date and self.end else None


@dataclass(frozen=True, slots=True)
class CaldavObject:
    """A session as a calendar server was given it: `digest` of its bytes, empty while it is being put there; `etag` is
    the server's mark of what was there before, empty where nothing was."""

    uid: str
    event: str
    session: int
    etag: str
    digest: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who one is to a server; both empty where it asks nobody."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an event or a session, before and after."""

    event: str
    session: int | None
    field: str
    before: str
    after: str
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventCard:
    event: Event
    sessions: list[SessionLine]
    roster: list[RosterLine]
    waiting: list[WaitingLine]
    make_ups: list[MakeUpLine]
    facilitators: list[str]
    history: list[HistoryLine]


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A session as everybody may see it: no people, nothing of how full it is."""

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
    strand: str
    code: str
    title: str
    description: str
    audience: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme year for everybody, in the order of the catalogue and of the dates."""

    name: str
    description: str
    year: str
    strands: list[Strand]
    courses: list[PublicCourse]
    sessions: list[PublicSession]
    resources: list[Resource]
    contact: str
