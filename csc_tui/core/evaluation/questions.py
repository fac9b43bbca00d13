"""The questions of a course's evaluation forms, on the day and three months later.

A question's place in its form never changes, because files of answers and the command line refer to it.
"""

from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import required_line
from db import catalogue, evaluation
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.calendar import FieldChange
from db.records.catalogue import Course
from db.records.evaluation import AnswerKind, Question, Stage
from db.records.startup import Role

LONGEST = 300
"""The most characters that a question may have."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with the number of forms that answer it."""

    stage: str
    position: int
    text: str
    kind: str
    impact: bool
    answers: int


def list_course_questions(ctx: Context, code: str) -> list[QuestionLine]:
    """Return the questions of a course in the order of its forms. Raises NotFound."""
    with read_transaction():
        asked = evaluation.fetch_questions(catalogue.find_active_course(code).id)
        asked.sort(key=lambda each: (list(Stage).index(each.stage), each.position))
        return [
            QuestionLine(each.stage.value, each.position, each.text, each.kind.value, each.is_impact,
                         evaluation.count_question_answers(each.id))
            for each in asked
        ]  # fmt: skip


@action(role=Role.COORDINATOR)
def add_question(ctx: Context, code: str, stage: Stage, text: str, kind: AnswerKind) -> list[FieldChange]:
    """Add a question at the end of a form. Raises NotFound and WrongUse."""
    words = required_line(text, "A question", "words", most=LONGEST)
    course = catalogue.find_active_course(code)
    place = evaluation.append_question(course.id, stage, words, kind)
    return [_write_down(ctx, "question added", course, stage, place, "", words)]


@action(role=Role.COORDINATOR)
def reword_question(ctx: Context, code: str, stage: Stage, position: int, text: str) -> list[FieldChange]:
    """Change the words of a question; stored answers stay with it, and a change says how many they are.

    Raises NotFound, WrongUse, and RuleBroken when the words are the same.
    """
    words = required_line(text, "A question", "words", most=LONGEST)
    course, question = _one(code, stage, position)
    if question.text == words:
        raise RuleBroken("The question already has these words. Nothing was changed.")
    evaluation.update_question(question.id, words)
    done = [_write_down(ctx, "question changed", course, stage, position, question.text, words)]
    if question.is_impact and stage is Stage.ON_THE_DAY:
        catalogue.update_course(course, impact_question=words)
    if question.is_impact:
        done += _still_otherwise(course, stage, words)
    if answers := evaluation.count_question_answers(question.id):
        done.append(FieldChange(course.code, None, "answers to the old words", "", f"{answers}, which still count"))
    return done


@action(role=Role.COORDINATOR)
def remove_question(ctx: Context, code: str, stage: Stage, position: int) -> list[FieldChange]:
    """Remove a question. Raises NotFound, and RuleBroken when it was answered or is the impact question."""
    course, question = _one(code, stage, position)
    if question.is_impact:
        raise RuleBroken(
            "The impact question cannot be removed: the headline figure depends on it. Nothing was changed."
        )
    if answers := evaluation.count_question_answers(question.id):
        raise RuleBroken(
            f"{format_count(answers, 'form answers', 'forms answer')} this question, so it cannot be removed. Nothing "
            "was changed."
        )
    evaluation.delete_question(question.id)
    return [_write_down(ctx, "question removed", course, stage, position, question.text, "")]


def _one(code: str, stage: Stage, position: int) -> tuple[Course, Question]:
    """Return a course and the question at a place of one of its forms. Raises NotFound."""
    course = catalogue.find_active_course(code)
    asked = [each for each in evaluation.fetch_questions(course.id) if each.stage is stage]
    for each in asked:
        if each.position == position:
            return course, each
    places = ", ".join(str(each.position) for each in asked) or "none"
    raise NotFound(f"{course.code} has no question {position} {_WHEN[stage]}. The questions are: {places}.")


def _still_otherwise(course: Course, stage: Stage, words: str) -> list[FieldChange]:
    """Return the impact question at the other stage where its words now differ, because the two are compared."""
    return [
        FieldChange(
            course.code, None, f"question {each.position} {_WHEN[each.stage]}", "", f"still asked as: {each.text}"
        )
        for each in evaluation.fetch_questions(course.id)
        if each.is_impact and each.stage is not stage and each.text != words
    ]


_WHEN = {Stage.ON_THE_DAY: "on the day", Stage.THREE_MONTHS: "after three months"}


def _write_down(
    ctx: Context, verb: str, course: Course, stage: Stage, position: int, before: str, after: str
) -> FieldChange:
    field = f"question {position} {_WHEN[stage]}"
    write_history(ctx, verb, f"{course.code}: {field}", before=before, after=after)
    return FieldChange(course.code, None, field, before, after)
