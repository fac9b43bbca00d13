"""Registers, marks and certificates. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

UNKNOWN_DAY = date(1900, 1, 1)
"""The day that stands for one that nobody knows any more."""


class KnownTo(StrEnum):
    """How much of the day of something learnt earlier is known; the rest of its date is the first day there is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


SameLearning = tuple[int, int, int | None, date, KnownTo]
"""(person id, course id, module id, day, what is known of it): what two records of the same learning have in common."""


class HeldCompletion(NamedTuple):
    """The completion of a course: the day, and the last day it holds where its source says so."""

    on: date
    expires: date | None = None


class EarlierLearning(NamedTuple):
    """A course, or one module of it, that a person learnt before or elsewhere; `module_id` is None for all of it.

    `expires` is the last day it holds, where its source says so, and `file` the file it came from.
    """

    person_id: int
    course_id: int
    module_id: int | None
    on: date
    known_to: KnownTo
    provider: str = ""
    evidence: str = ""
    expires: date | None = None
    file: str = ""

    @property
    def same_as(self) -> SameLearning:
        """The facts that two records of the same learning have in common."""
        return self[:5]


class MarkKind(StrEnum):
    """A person's mark on the register of a session."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        """Whether the person was there, for at least a part of the session."""
        return self in (MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One person on the register of one session, marked or not yet.

    `joining` is true for a person who is there to make up a module; `minutes` are the minutes noted, None where none
    were; `by` is the actor who marked them.
    """

    session_id: int
    session: int
    person_id: int
    name: str
    organisation: str
    dietary: str
    access_needs: str
    joining: bool
    mark: MarkKind | None
    minutes: int | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One person on a sign-in sheet; `mark` is empty until they are marked, and needs are empty unless the sheet shows
    them."""

    person: str
    name: str
    organisation: str
    mark: str
    minutes: int | None
    dietary: str
    access_needs: str


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """The register of one session on paper; `about` gives its date, time and place."""

    event: str
    session: int
    title: str
    about: str
    facilitators: str
    with_needs: bool
    lines: tuple[SignInLine, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A person's completion of a course on paper.

    `minutes` are the minutes attended; `valid_until` is None where the completion never runs out, and `earlier` tells
    what of the course was learnt before or elsewhere.
    """

    reference: str
    person_id: int
    name: str
    title: str
    modules: tuple[str, ...]
    on: date
    valid_until: date | None
    minutes: int
    organiser: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterState:
    """The actors who took and signed off the register of a session, and when; stamps are UTC."""

    session_id: int
    taken_by: str
    taken_at: datetime
    signed_off_by: str | None
    signed_off_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of a register as commands print it; `mark` is empty and `minutes` None for a person not marked yet."""

    session: int
    person: str
    name: str
    mark: str
    minutes: int | None
