"""Groups, their members and their commitments. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class GroupKind(StrEnum):
    """The kind of a group."""

    PRACTICE_LEADS = "practice_leads"
    ACTION_LEARNING_SET = "action_learning_set"


class CommitmentState(StrEnum):
    """The state of a commitment."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Group:
    """Named people who meet; `members` counts the present ones, `course` is empty where the group belongs to none."""

    id: int
    name: str
    kind: GroupKind
    course: str
    description: str
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person's time in a group; `left_on` is the first day without them, None while they belong to it."""

    id: int
    person_id: int
    name: str
    email: str
    organisation: str
    role: str
    joined: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """An action a member of a group promised on the day `made` to do by the day `due`.

    `settled` is the day on which its result was recorded, `remark` that result in words.
    """

    id: int
    group_id: int
    group: str
    person_id: int
    name: str
    what: str
    made: date
    due: date
    state: CommitmentState
    settled: date | None
    remark: str
    version: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, or a team with its organisation, and its number of people; `kind` says which of the two it is."""

    kind: str
    name: str
    people: int
