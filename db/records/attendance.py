"""Registers, marks and certificates. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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

    `minutes` are the minutes attended; `valid_until` is None where the completion never runs out.
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
