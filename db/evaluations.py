"""Questions, and the answers that came back; inside reading() or writing()."""

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from typing import Any

from peewee import fn

from db import journal
from db.mapping import as_records, as_tuples
from db.models import Answer, Evaluation, Mark, Person, Session
from db.models import Question as QuestionRow
from db.records import AnswerKind, Given, MarkKind, Question, Stage

RESPONSE = "response "
"""Stands before the number of a form without a name."""
PAPER = f"{RESPONSE}paper "
"""The same of one that was typed in."""
HIGHEST_ID = 2**31 - 1
"""What a PostgreSQL integer holds."""


def questions(course_id: int | None = None) -> list[Question]:
    """What is asked after a course, or after all, in the order of the forms."""
    row = QuestionRow
    query = row.select(
        row.id, row.course.alias("course_id"), row.stage, row.position, row.text, row.kind, row.is_impact
    )
    if course_id is not None:
        query = query.where(row.course == course_id)
    return as_records(Question, query.order_by(row.course, row.stage, row.position))


def answered(question_id: int) -> int:
    """How many forms answer a question."""
    return int(Answer.select().where(Answer.question == question_id).count())


def add_question(course_id: int, stage: Stage, text: str, kind: AnswerKind) -> int:
    """A new question behind the others; returns its place in the form."""
    row = QuestionRow
    last = row.select(fn.COALESCE(fn.MAX(row.position), 0)).where(row.course == course_id, row.stage == stage)
    place = int(last.scalar()) + 1
    number = row.insert(course=course_id, stage=stage, position=place, text=text, kind=kind).execute()
    journal.touching(row, int(number), new=True)
    return place


def reword_question(question_id: int, text: str) -> None:
    journal.touching(QuestionRow, question_id)
    QuestionRow.update(text=text).where(QuestionRow.id == question_id).execute()


def remove_question(question_id: int) -> None:
    """Take away a question that nobody has answered; the places of the others stay."""
    journal.touching(QuestionRow, question_id)
    QuestionRow.delete().where(QuestionRow.id == question_id).execute()


def attended(event_id: int) -> set[int]:
    """The ids of the people who were there at any session of the event."""
    there = [kind for kind in MarkKind if kind.attended]
    query = Mark.select(Mark.person).join(Session).where(Session.event == event_id, Mark.mark.in_(there)).distinct()
    return {person_id for (person_id,) in as_tuples(query)}


def there(event_id: int) -> list[tuple[int, str, str]]:
    """(person id, name, e-mail) of everybody who was there at any session of the event, by surname."""
    name = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    query = Person.select(Person.id, name, Person.email).where(Person.id.in_(attended(event_id)))
    return as_tuples(query.order_by(Person.sort, Person.id))


def returned(event_id: int) -> list[tuple[Stage, int]]:
    """(stage, person id) of the forms that came back with a name."""
    row = Evaluation
    return as_tuples(row.select(row.stage, row.person).where(row.event == event_id, row.person.is_null(False)))


def papers(event_id: int) -> int:
    """The highest number of a form that was typed in without a name."""
    row = Evaluation
    query = row.select(row.source).where(row.event == event_id, row.source.startswith(PAPER))
    return max((int(source.removeprefix(PAPER)) for (source,) in as_tuples(query)), default=0)


def find(event_id: int, stage: Stage, *, person_id: int | None = None, source: str = "") -> int | None:
    """The form of this person, or the nameless one with this source, if it has come back."""
    row = Evaluation
    whose = row.person == person_id if person_id is not None else row.person.is_null() & (row.source == source)
    found: int | None = row.select(row.id).where(row.event == event_id, row.stage == stage, whose).scalar()
    return found


def add(event_id: int, stage: Stage, received: datetime, *, person_id: int | None = None, source: str = "") -> int:
    """A form that came back, as yet without answers; returns its id, which is drawn by lot: in a row of numbers the
    form without a name would stand beside the line that says whose it is."""
    row, chance = Evaluation, SystemRandom()
    form_id = chance.randint(1, HIGHEST_ID)
    while row.select().where(row.id == form_id).exists():
        form_id = chance.randint(1, HIGHEST_ID)
    row.insert(id=form_id, event=event_id, stage=stage, received=received, person=person_id, source=source).execute()
    journal.touching(row, form_id, new=True)
    return form_id


def answers(evaluation_id: int) -> dict[int, Given]:
    """By question id."""
    query = Answer.select(Answer.question, Answer.value, Answer.text).where(Answer.evaluation == evaluation_id)
    return {question_id: Given(value, text) for question_id, value, text in as_tuples(query)}


def put_answers(evaluation_id: int, given: Mapping[int, Given]) -> None:
    """Store answers by question id, in the place of those that were there."""
    journal.touching(Evaluation, evaluation_id)
    for question_id, each in given.items():
        Answer.insert(evaluation=evaluation_id, question=question_id, value=each.value, text=each.text).on_conflict(
            conflict_target=[Answer.evaluation, Answer.question],
            update={Answer.value: each.value, Answer.text: each.text},
        ).execute()


def comments(event_id: int) -> list[tuple[Stage, str, str]]:
    """(stage, question, what was said), in the order of the alphabet, so that it tells nothing of who said it."""
    query: Any = (
        Answer.select(QuestionRow.stage, QuestionRow.text, Answer.text)
        .join_from(Answer, Evaluation)
        .join_from(Answer, QuestionRow)
        .where(Evaluation.event == event_id, Answer.text != "")
        .order_by(QuestionRow.stage, QuestionRow.position, fn.LOWER(Answer.text), Answer.text)
    )
    return as_tuples(query)
