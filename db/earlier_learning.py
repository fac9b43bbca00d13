"""Learning from before this database existed, or from elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, chunked, fn

from db.engine import journal
from db.engine.connection import execute_many
from db.engine.mapping import BATCH_SIZE, as_tuples
from db.models import CompletionRow, CourseRow, EarlierLearningRow, LearningFileRow, StrandRow
from db.records.attendance import EarlierLearning, HeldCompletion, KnownTo

_INSERT = (
    'INSERT INTO earlier_learning (file_id, person_id, course_id, module_id, "on", known_to, provider, evidence,'
    " expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_WORDS = {each: each.value for each in KnownTo}
_DELETE_COMPLETION = "DELETE FROM completion WHERE person_id = ? AND course_id = ?"
_INSERT_COMPLETION = 'INSERT INTO completion (person_id, course_id, "on", expires) VALUES (?, ?, ?, ?)'


def insert_learning_file(name: str, added: datetime, actor: str) -> int:
    """Insert a file of earlier learning and return its id; `added` is UTC. Deleting it deletes all that it brought."""
    file_id: int = LearningFileRow.insert(name=name, added=added, actor=actor).execute()
    journal.track_row(LearningFileRow, file_id, new=True)
    return file_id


def track_learning_file(file_id: int) -> None:
    """Let the step under way be the one that brought a file in, so that undoing it takes back the whole file."""
    journal.track_row(LearningFileRow, file_id, new=True)


def insert_learning_of_file(file_id: int, found: Sequence[EarlierLearning]) -> None:
    """Insert what a file says that people learnt."""
    days = {each.on for each in found} | {each.expires for each in found if each.expires}
    texts = {on: on.isoformat() for on in days}
    rows = [
        (file_id, person_id, course_id, module_id, texts[on], _WORDS[known_to], provider, evidence,
         texts[expires] if expires else None)
        for person_id, course_id, module_id, on, known_to, provider, evidence, expires, _ in found
    ]  # fmt: skip
    execute_many(_INSERT, rows)


def insert_earlier_learning(learnt: EarlierLearning) -> int:
    """Insert one thing that a person learnt earlier and return its id."""
    row = EarlierLearningRow
    row_id: int = row.insert(
        person=learnt.person_id, course=learnt.course_id, module=learnt.module_id, on=learnt.on,
        known_to=learnt.known_to, provider=learnt.provider, evidence=learnt.evidence, expires=learnt.expires,
    ).execute()  # fmt: skip
    journal.track_row(row, row_id, new=True)
    return row_id


def fetch_earlier_learning(
    *, course_id: int | None = None, person_ids: Collection[int] | None = None
) -> list[EarlierLearning]:
    """Return what people learnt earlier, by date; of one course, or of some people, where given.

    Of two records of the same the later one is returned, which may say more.
    """
    if person_ids is not None and len(person_ids) > BATCH_SIZE:
        found = [
            each
            for some in chunked(sorted(person_ids), BATCH_SIZE)
            for each in fetch_earlier_learning(course_id=course_id, person_ids=some)
        ]
        return sorted(found, key=lambda each: each.on)
    row = EarlierLearningRow
    query = (
        row.select(
            row.person, row.course, row.module, row.on, row.known_to, row.provider, row.evidence, row.expires,
            fn.COALESCE(LearningFileRow.name, ""),
        )
        .join(LearningFileRow, JOIN.LEFT_OUTER)
        .order_by(row.on, row.id)
    )  # fmt: skip
    if course_id is not None:
        query = query.where(row.course == course_id)
    if person_ids is not None:
        query = query.where(row.person.in_(list(person_ids)))
    records = [EarlierLearning(*each) for each in as_tuples(query)]
    return list({each.same_as: each for each in records}.values())


def fetch_learners_of_file(file_id: int) -> dict[int, set[int]]:
    """Return the ids of the people who have anything from a file, by course id."""
    row = EarlierLearningRow
    found: dict[int, set[int]] = {}
    for course_id, person_id in as_tuples(row.select(row.course, row.person).where(row.file == file_id).distinct()):
        found.setdefault(course_id, set()).add(person_id)
    return found


def fetch_earlier_courses(person_ids: Collection[int]) -> set[int]:
    """Return the ids of the courses of which any of these people learnt something earlier."""
    row = EarlierLearningRow
    return {course for (course,) in as_tuples(row.select(row.course).where(row.person.in_(list(person_ids))))}


def is_module_learnt_earlier(module_id: int) -> bool:
    """Return whether anybody learnt a module earlier."""
    row = EarlierLearningRow
    return bool(row.select().where(row.module == module_id).exists())


def store_completions(course_id: int, completions: Mapping[int, HeldCompletion | None], known: Collection[int]) -> None:
    """Store the completions of a course by person id; None removes one. `known` are the people who have one stored."""
    if known:
        execute_many(_DELETE_COMPLETION, [(each, course_id) for each in completions if each in known])
    held_days = {held for held in completions.values() if held}
    texts = {on: on.isoformat() for held in held_days for on in held if on}
    rows = [
        (each, course_id, texts[held.on], texts[held.expires] if held.expires else None)
        for each, held in completions.items()
        if held
    ]
    execute_many(_INSERT_COMPLETION, rows)


def fetch_held_completions(course_id: int, person_ids: Collection[int] | None = None) -> dict[int, HeldCompletion]:
    """Return the stored completions of a course by person id; of some people where given, else of everybody."""
    row = CompletionRow
    query = row.select(row.person, row.on, row.expires).where(row.course == course_id)
    if person_ids is None:
        return {person_id: HeldCompletion(on, expires) for person_id, on, expires in as_tuples(query)}
    found: dict[int, HeldCompletion] = {}
    for some in chunked(sorted(person_ids), BATCH_SIZE):
        found |= {
            person_id: HeldCompletion(on, expires)
            for person_id, on, expires in as_tuples(query.where(row.person.in_(list(some))))
        }
    return found


def count_earlier_learners(course_ids: Sequence[int], until: date) -> dict[tuple[str, str], int]:
    """Count the people who learnt any of the courses earlier, up to a day: all, by strand and by course.

    The keys are (by, name) as in the headline figures.
    """
    row: Any = EarlierLearningRow
    people = fn.COUNT(fn.DISTINCT(row.person))
    here = row.course.in_(list(course_ids)) & (row.on <= until)
    found = {("all", "everyone"): int(row.select(people).where(here).scalar())}
    strands = row.select(StrandRow.name, people).join(CourseRow).join(StrandRow).where(here).group_by(StrandRow.name)
    found |= {("strand", name): number for name, number in as_tuples(strands)}
    courses = row.select(CourseRow.title, people).join(CourseRow).where(here).group_by(CourseRow.title)
    return found | {("course", title): number for title, number in as_tuples(courses)}


def move_earlier_learning(giver: int, taker: int) -> int:
    """Move what one record has learnt earlier to another and return how much it is."""
    row = EarlierLearningRow
    found = as_tuples(row.select(row.id).where(row.person == giver))
    for (row_id,) in found:
        journal.track_row(row, row_id)
        row.update(person=taker).where(row.id == row_id).execute()
    return len(found)
