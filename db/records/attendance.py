"""Registers, marks and certificates. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class MarkKind(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        return self in (MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One person on the register of one session; without a mark nobody has said yet whether they were there.

    `joining` says that they are there to make up a module; `minutes` is what was noted, None where nothing was; `by`
    is who marked them.
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
    """One person on a sign-in sheet; needs are empty where they are not to be shown, `mark` where nobody marked."""

    person: str
    name: str
    organisation: str
    mark: str
    minutes: int | None
    dietary: str
    access_needs: str


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """The register of one session on paper; `about` says when and where."""

    event: str
    session: int
    title: str
    about: str
    facilitators: str
    with_needs: bool
    lines: tuple[SignInLine, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one person completed; `minutes` are those attended of it, `valid_until` is None where it is for good."""

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
    """That a register was taken, and whether it is signed off; stamps are UTC."""

    session_id: int
    taken_by: str
    taken_at: datetime
    signed_off_by: str | None
    signed_off_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A register as commands print it: `mark` is empty and `minutes` None while nobody has marked the person."""

    session: int
    person: str
    name: str
    mark: str
    minutes: int | None
