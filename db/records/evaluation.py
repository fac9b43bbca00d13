"""Evaluation questions and their answers. Standard library only."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """The time at which a question is asked."""

    ON_THE_DAY = "on_the_day"
    THREE_MONTHS = "three_months"


class AnswerKind(StrEnum):
    """The form of an answer: agree or not, a scale from 1 to 5, or free text."""

    AGREE = "agree"
    SCALE = "scale"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class EvaluatedEvent:
    """An event whose learners are asked for an evaluation; `attended` counts the learners who attended."""

    event_id: int
    event: str
    course_id: int
    first_date: date
    last_date: date
    attended: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a course's form; `position` orders the form."""

    id: int
    course_id: int
    stage: Stage
    position: int
    text: str
    kind: AnswerKind
    is_impact: bool


@dataclass(frozen=True, slots=True)
class EvaluationAnswer:
    """One answer: a value (1 and 0 for yes and no, 1 to 5 on a scale), or text.

    An answer that is neither yes nor no has no value; `given` is how it was worded where it was read as a value.
    """

    value: int | None
    text: str
    given: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """The number of answers with one value to one question after one event."""

    event_id: int
    stage: Stage
    position: int
    kind: AnswerKind
    is_impact: bool
    value: int | None
    number: int
