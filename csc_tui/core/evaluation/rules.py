"""Rules about evaluation figures: n agree of n who answered of n who were asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from csc_tui.base.text import rounded_percent
from db.records.evaluation import AnswerCount, AnswerKind, EvaluatedEvent, Question, Stage

THREE_MONTHS = timedelta(days=91)
"""The time after an event's last day at which the second form is due."""
AGREES_FROM = 4
"""The lowest value that agrees, on a scale of 1 to 5."""
NO_DATA = "no data"
IMPACT_QUESTIONS = "the impact questions"
"""The text that stands for the impact questions of several courses."""


@dataclass(frozen=True, slots=True)
class AgreementShare:
    """The numbers of people who agree, who answered and who were asked; `undecided` answered neither yes nor no."""

    agree: int
    answered: int
    invited: int
    undecided: int = 0

    @property
    def percent(self) -> int | None:
        """Return the percentage who agree of those who answered; None without answers."""
        return rounded_percent(self.agree, self.answered)

    def __str__(self) -> str:
        said = NO_DATA if self.percent is None else f"{self.percent} %"
        neither = f" / {self.undecided} neither" if self.undecided else ""
        return f"{said} ({self.agree} agree{neither} / {self.answered} answered / {self.invited} invited)"


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to one question, added up.

    `mean` is for a scale, None for other kinds or without answers. `spread` counts the answers of each value from the
    lowest: no and yes, or 1 to 5; empty for text.
    """

    stage: Stage
    position: int
    question: str
    kind: AnswerKind
    is_impact: bool
    share: AgreementShare
    mean: float | None
    spread: tuple[int, ...] = ()


VALUES: dict[AnswerKind, tuple[int, ...]] = {AnswerKind.AGREE: (0, 1), AnswerKind.SCALE: (1, 2, 3, 4, 5)}
"""The possible values of each kind of answer, from the lowest; text has none."""


def is_agreement(kind: AnswerKind, value: int | None) -> bool:
    """Return whether an answer agrees: yes to a statement, or one of the two upper values of a scale."""
    if value is None or kind is AnswerKind.TEXT:
        return False
    return value >= AGREES_FROM if kind is AnswerKind.SCALE else value > 0


def asked_on(stage: Stage, last_date: date) -> date:
    """Return the day on which people are asked: the event's last day, or three months after it."""
    return last_date + (THREE_MONTHS if stage is Stage.THREE_MONTHS else timedelta())


def is_evaluation_due(stage: Stage, last_date: date, today: date) -> bool:
    """Return whether people have been asked by today."""
    return asked_on(stage, last_date) <= today


def number_invited(stage: Stage, asked: Iterable[EvaluatedEvent], answered: Iterable[AnswerCount], today: date) -> int:
    """Return the number of people asked: everybody who attended an event that is due or has an answer."""
    early = {each.event_id for each in answered if each.stage is stage}
    return sum(
        each.attended for each in asked if each.event_id in early or is_evaluation_due(stage, each.last_date, today)
    )


def impact_share(
    stage: Stage, asked: Sequence[EvaluatedEvent], tallies: Iterable[AnswerCount], today: date
) -> AgreementShare:
    """Return the share of people who agree with the impact question, over these events."""
    ids = {each.event_id for each in asked}
    given = [each for each in tallies if each.is_impact and each.stage is stage and each.event_id in ids]
    return _share(given, number_invited(stage, asked, given, today))


def question_results(
    questions: Sequence[Question], asked: Sequence[EvaluatedEvent], tallies: Sequence[AnswerCount], today: date
) -> list[QuestionResult]:
    """Return the results of every question asked after these events, in the order of the forms.

    Equal questions of several courses are added up, and so are their impact questions, although each has its own words:
    all of them ask whether the course changed what people do.
    """
    held = {each.course_id for each in asked}
    alike: dict[tuple[Stage, int, str], list[Question]] = {}
    for each in questions:
        if each.course_id in held:
            alike.setdefault((each.stage, each.position, "" if each.is_impact else each.text), []).append(each)
    found = []
    for (stage, position, _), same in sorted(alike.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1])):
        courses = {each.course_id for each in same}
        events = [each for each in asked if each.course_id in courses]
        ids = {each.event_id for each in events}
        given = [each for each in tallies if each.event_id in ids and (each.stage, each.position) == (stage, position)]
        text = same[0].text if len({each.text for each in same}) == 1 else IMPACT_QUESTIONS
        share = _share(given, number_invited(stage, events, given, today))
        kind = same[0].kind
        spread = tuple(sum(each.number for each in given if each.value == value) for value in VALUES.get(kind, ()))
        found.append(QuestionResult(stage, position, text, kind, same[0].is_impact, share, _mean(given), spread))
    return found


_ORDER = {stage: place for place, stage in enumerate(Stage)}


def _share(given: Sequence[AnswerCount], asked: int) -> AgreementShare:
    """Return the share; a person who answered counts as asked, whatever the registers say."""
    answered = sum(each.number for each in given)
    undecided = sum(each.number for each in given if each.value is None and each.kind is not AnswerKind.TEXT)
    agree = sum(each.number for each in given if is_agreement(each.kind, each.value))
    return AgreementShare(agree, answered, max(asked, answered), undecided)


def _mean(given: Sequence[AnswerCount]) -> float | None:
    scaled = [each for each in given if each.kind is AnswerKind.SCALE and each.value is not None]
    number = sum(each.number for each in scaled)
    return round(sum((each.value or 0) * each.number for each in scaled) / number, 1) if number else None
