"""The figures that reports are made of. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime

from db.records.remedies import Remedy


@dataclass(frozen=True, slots=True)
class Baseline:
    """A headline figure from before the database existed; shown beside recorded figures, never added to them."""

    id: int
    label: str
    value: int
    unit: str
    qualifier: str
    strand: str
    course: str
    source: str
    as_of: date


ReportCell = str | int | float | None


ReportTarget = tuple[str, str]
"""The subject of a report's line: (strand, course, team, year, event or person; its key)."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures.

    The first column of `columns` holds the kind of breakdown of a row, the second its subject. `bars` names the column
    to
    draw; `notes` say what a reader must know. `targets` has the subject of each row, to be opened from it. `trend` are
    (month, people who attended) of the period, empty where the report has none.
    """

    name: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: list[tuple[ReportCell, ...]]
    bars: str
    notes: tuple[str, ...]
    targets: tuple[ReportTarget | None, ...] = ()
    trend: tuple[tuple[str, int], ...] = ()
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class AttendanceProfile:
    """The number of people who share a kind, a workplace, and the (course id, programme year) pairs they attended."""

    kind: str
    is_manager: bool
    organisation: str
    team: str
    taken: frozenset[tuple[int, int]]
    people: int


@dataclass(frozen=True, slots=True)
class ModuleCount:
    """The number of people who attended that many modules of a course, in the period and since the start."""

    course_id: int
    in_period: int
    since_start: int
    people: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """The totals of a course: events and places, bookings, marks by session and person, and places given up."""

    course_id: int
    events: int
    places: int
    booked: int
    sessions: int
    attended: int
    apologies: int
    absent: int
    cancelled: int
    late: int


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """A stay on a waiting list; `moved` is when the person got or was offered a place, None if that did not happen."""

    course_id: int
    joined: datetime
    moved: datetime | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Workload:
    """How much a person leads or a venue is used; `key` is the id of the person or venue."""

    name: str
    events: int
    sessions: int
    minutes: int
    key: int = 0
