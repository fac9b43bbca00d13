"""The figures that reports are made of. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Baseline:
    """A headline figure from before the database existed; shown beside what is recorded, never added to it."""

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
"""What a line of a report is about: (strand, course, team, year, event or person; its key)."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures. The first column of `columns` is what a row breaks the figures down by, the second whom or
    what it is about; `bars` names the column to draw, `notes` say what must be known to read it. `targets` has for each
    row what it is about; `trend` are (month, people who attended) of the period, where that is part of the report."""

    name: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: list[tuple[ReportCell, ...]]
    bars: str
    notes: tuple[str, ...]
    targets: tuple[ReportTarget | None, ...] = ()
    trend: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AttendanceProfile:
    """So many people who are alike: in who they are, and in the (course id, programme year) they attended."""

    kind: str
    is_manager: bool
    organisation: str
    team: str
    taken: frozenset[tuple[int, int]]
    people: int


@dataclass(frozen=True, slots=True)
class ModuleCount:
    """So many people who attended that many modules of a course, in the period and since the start."""

    course_id: int
    in_period: int
    since_start: int
    people: int


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """What came of a course's events: places and bookings by event, marks by session and person, places given up."""

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
    """Somebody's time on a waiting list; `moved` is when they got or were offered a place, None if they did not."""

    course_id: int
    joined: datetime
    moved: datetime | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Workload:
    """How much somebody leads, or somewhere is used; `key` is that of the person or venue."""

    name: str
    events: int
    sessions: int
    minutes: int
    key: int = 0
