"""Evaluation questions, returned forms and their answers; inside read_transaction() or write_transaction()."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from peewee import chunked, fn

from db import expressions
from db.engine import journal
from db.engine.mapping import BATCH_SIZE, as_records, as_tuples
from db.models import AnswerRow, EvaluationRow, MarkRow, PersonRow, QuestionRow, SessionRow
from db.records.attendance import MarkKind
from db.records.evaluation import AnswerKind, EvaluationAnswer, Question, Stage

RESPONSE_PREFIX = "response "
"""The text before the number of a form without a name."""
PAPER_PREFIX = f"{RESPONSE_PREFIX}paper "
"""The text before the number of a form without a name that was typed in from paper."""
HIGHEST_ID = 2**31 - 1
"""The highest value of a PostgreSQL integer."""


def fetch_questions(course_id: int | None = None) -> list[Question]:
    """Return the questions of one course, or of all, in the order of the forms."""
    row = QuestionRow
    query = row.select(
        row.id, row.course.alias("course_id"), row.stage, row.position, row.text, row.kind, row.is_impact
    )
    if course_id is not None:
        query = query.where(row.course == course_id)
    return as_records(Question, query.order_by(row.course, row.stage, row.position))


def count_question_answers(question_id: int) -> int:
    """Return the number of forms that answer a question."""
    return int(AnswerRow.select().where(AnswerRow.question == question_id).count())


def append_question(course_id: int, stage: Stage, text: str, kind: AnswerKind) -> int:
    """Add a question at the end of a form, and return its position there."""
    row = QuestionRow
    last = row.select(fn.COALESCE(fn.MAX(row.position), 0)).where(row.course == course_id, row.stage == stage)
    place = int(last.scalar()) + 1
    number = row.insert(course=course_id, stage=stage, position=place, text=text, kind=kind).execute()
    journal.track_row(row, int(number), new=True)
    return place


def update_question(question_id: int, text: str) -> None:
    """Store a new wording of a question."""
    journal.track_row(QuestionRow, question_id)
    QuestionRow.update(text=text).where(QuestionRow.id == question_id).execute()


def delete_question(question_id: int) -> None:
    """Delete a question that nobody has answered; the positions of the others stay."""
    journal.track_row(QuestionRow, question_id)
    QuestionRow.delete().where(QuestionRow.id == question_id).execute()


def fetch_attendee_ids(event_id: int) -> set[int]:
    """Return the ids of the people who attended any session of the event."""
    there = [kind for kind in MarkKind if kind.attended]
    query = (
        MarkRow.select(MarkRow.person)
        .join(SessionRow)
        .where(SessionRow.event == event_id, MarkRow.mark.in_(there))
        .distinct()
    )
    return {person_id for (person_id,) in as_tuples(query)}


def fetch_attendees(event_id: int) -> list[tuple[int, str, str]]:
    """Return (person id, name, e-mail) of everybody who attended any session of the event, by surname."""
    name = expressions.person_name()
    query = PersonRow.select(PersonRow.id, name, PersonRow.email).where(PersonRow.id.in_(fetch_attendee_ids(event_id)))
    return as_tuples(query.order_by(PersonRow.sort, PersonRow.id))


def fetch_returned_forms(event_id: int) -> list[tuple[Stage, int]]:
    """Return (stage, person id) of the returned forms with a name."""
    row = EvaluationRow
    return as_tuples(row.select(row.stage, row.person).where(row.event == event_id, row.person.is_null(False)))


def last_paper_number(event_id: int) -> int:
    """Return the highest number of a form without a name that was typed in from paper; 0 without one."""
    row = EvaluationRow
    query = row.select(row.source).where(row.event == event_id, row.source.startswith(PAPER_PREFIX))
    return max((int(source.removeprefix(PAPER_PREFIX)) for (source,) in as_tuples(query)), default=0)


def fetch_form_id(event_id: int, stage: Stage, *, person_id: int | None = None, source: str = "") -> int | None:
    """Return the id of a person's form, or of the form without a name from this source; None if it was not returned."""
    row = EvaluationRow
    whose = row.person == person_id if person_id is not None else row.person.is_null() & (row.source == source)
    found: int | None = row.select(row.id).where(row.event == event_id, row.stage == stage, whose).scalar()
    return found


def insert_form(
    event_id: int, stage: Stage, received: datetime, *, person_id: int | None = None, source: str = ""
) -> int:
    """Insert a returned form without answers, and return its id.

    The id is random: consecutive ids would place a form without a name next to the line that says whose it is.
    """
    row, chance = EvaluationRow, SystemRandom()
    form_id = chance.randint(1, HIGHEST_ID)
    while row.select().where(row.id == form_id).exists():
        form_id = chance.randint(1, HIGHEST_ID)
    row.insert(id=form_id, event=event_id, stage=stage, received=received, person=person_id, source=source).execute()
    journal.track_row(row, form_id, new=True)
    return form_id


def name_form(form_id: int, person_id: int) -> None:
    """Store a returned form that had no name under a person's."""
    journal.track_row(EvaluationRow, form_id)
    EvaluationRow.update(person=person_id, source="").where(EvaluationRow.id == form_id).execute()


def insert_nameless_forms(
    event_id: int, stage: Stage, received: datetime, forms: Sequence[Mapping[int, EvaluationAnswer]]
) -> None:
    """Store forms without names, shuffled together with those the event already has.

    In the order in which they came, answers could be matched with the lines that say who answered.
    """
    row = EvaluationRow
    here = (row.event == event_id) & (row.stage == stage) & row.person.is_null() & (row.source == "")
    ids = [form_id for (form_id,) in as_tuples(row.select(row.id).where(here))]
    pile = [*(fetch_form_answers(form_id) for form_id in ids), *forms]
    SystemRandom().shuffle(pile)
    for some in chunked(ids, BATCH_SIZE):
        row.delete().where(row.id.in_(some)).execute()  # their answers are deleted with them
    for each in pile:
        store_answers(insert_form(event_id, stage, received), each)


def fetch_named_forms() -> list[tuple[int, int, Stage]]:
    """Return (form id, event id, stage) of the forms that have both answers and a name."""
    row = EvaluationRow
    held = row.id.in_(AnswerRow.select(AnswerRow.evaluation))
    return as_tuples(row.select(row.id, row.event, row.stage).where(row.person.is_null(False), held).order_by(row.id))


def fetch_traceable_events() -> set[tuple[int, Stage]]:
    """Return (event id, stage) where a form without a name has the id next to the line that says whose it is.

    Earlier versions stored forms in this way.
    """
    row, line = EvaluationRow, EvaluationRow.alias()
    beside = (line.id == row.id - 1) | (line.id == row.id + 1)
    query = row.select(row.event, row.stage).join(line, on=(line.event == row.event) & beside)
    found = query.where(row.person.is_null(), row.source == "", line.person.is_null(False))
    return {(event_id, stage) for event_id, stage in as_tuples(found)}


def delete_answers(form_id: int) -> dict[int, EvaluationAnswer]:
    """Delete the answers of a form, and the undo steps that hold them, and return them; the form keeps its name."""
    found = fetch_form_answers(form_id)
    AnswerRow.delete().where(AnswerRow.evaluation == form_id).execute()
    journal.discard_steps(journal.fetch_row_steps(EvaluationRow, form_id))
    return found


def fetch_form_answers(evaluation_id: int) -> dict[int, EvaluationAnswer]:
    """Return the answers of a form by question id."""
    query = AnswerRow.select(AnswerRow.question, AnswerRow.value, AnswerRow.text, AnswerRow.given).where(
        AnswerRow.evaluation == evaluation_id
    )
    return {question_id: EvaluationAnswer(*answer) for question_id, *answer in as_tuples(query)}


def store_answers(evaluation_id: int, given: Mapping[int, EvaluationAnswer]) -> None:
    """Store answers by question id, replacing earlier ones."""
    journal.track_row(EvaluationRow, evaluation_id)
    for question_id, each in given.items():
        row = AnswerRow
        row.insert(
            evaluation=evaluation_id, question=question_id, value=each.value, text=each.text, given=each.given
        ).on_conflict(
            conflict_target=[row.evaluation, row.question],
            update={row.value: each.value, row.text: each.text, row.given: each.given},
        ).execute()


def fetch_comments(event_id: int) -> list[tuple[Stage, str, str]]:
    """Return (stage, question, comment), in alphabetical order, which tells nothing about who wrote which."""
    query: Any = (
        AnswerRow.select(QuestionRow.stage, QuestionRow.text, AnswerRow.text)
        .join_from(AnswerRow, EvaluationRow)
        .join_from(AnswerRow, QuestionRow)
        .where(EvaluationRow.event == event_id, AnswerRow.text != "")
        .order_by(QuestionRow.stage, QuestionRow.position, fn.LOWER(AnswerRow.text), AnswerRow.text)
    )
    return as_tuples(query)
