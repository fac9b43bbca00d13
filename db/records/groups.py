"""Groups, their members and their commitments. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class GroupKind(StrEnum):
    PRACTICE_LEADS = "practice_leads"
    ACTION_LEARNING_SET = "action_learning_set"


class CommitmentState(StrEnum):
    """What became of what somebody said they would do."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Group:
    """Named people who meet; `members` is how many belong to it now, `course` is empty where it is of none."""

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
    """What a member of a group said on the day `made` that they would do by the day `due`; `settled` is when it was
    said what became of it, `remark` what came of it."""

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
    """A group, or a team with its organisation, and how many belong to it; `kind` says which of the two."""

    kind: str
    name: str
    people: int
