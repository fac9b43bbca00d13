"""Whom a course is for: managers only, and those who completed what comes before it."""

from collections.abc import Collection

from db.records.catalogue import Audience, BookingRules, Strictness
from db.records.people import Person


def audience_problems(person: Person, rules: BookingRules, completed: Collection[str]) -> tuple[list[str], list[str]]:
    """(what a rule of the course forbids, what it only warns of), each a sentence. `completed` are course codes."""
    found: dict[Strictness, list[str]] = {Strictness.RULE: [], Strictness.WARN: [], Strictness.OFF: []}
    if rules.managers_only and not person.is_manager:
        found[rules.audience_rule].append(f"The course is for managers; {person.name} is not one.")
    for course, strictness in rules.prerequisites:
        if course not in completed:
            found[strictness].append(f"{person.name} has not completed {course}, which comes before.")
    return found[Strictness.RULE], found[Strictness.WARN]


def is_course_for(course: Audience, is_manager: bool) -> bool:
    """Whether a course is for somebody at all; one that only warns when others come is not theirs either."""
    return is_manager or course.managers is Strictness.OFF
