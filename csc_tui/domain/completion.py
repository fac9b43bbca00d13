"""When a person has completed a course: every module, from whichever events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from db.records import CourseProgress


@dataclass(frozen=True, slots=True)
class Attended:
    """One module that a person was there for."""

    course_id: int
    module_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Needed:
    """What a course asks for."""

    course: str
    title: str
    module_ids: frozenset[int]


def progress(attended: Iterable[Attended], courses: Mapping[int, Needed]) -> list[CourseProgress]:
    """How far a person has come with each course of which they attended anything, by course code.

    A module attended twice counts once, from its first time; the course was completed when the last one was.
    """
    first: dict[tuple[int, int], date] = {}
    for each in attended:
        key = (each.course_id, each.module_id)
        first[key] = min(first.get(key, each.on), each.on)
    found = []
    for course_id in sorted({course_id for course_id, _ in first}, key=lambda each: courses[each].course):
        needed = courses[course_id]
        days = [on for (course, module), on in first.items() if course == course_id and module in needed.module_ids]
        complete = len(days) == len(needed.module_ids) > 0
        done_on = max(days).isoformat() if complete else ""
        found.append(CourseProgress(needed.course, needed.title, len(days), len(needed.module_ids), complete, done_on))
    return found
