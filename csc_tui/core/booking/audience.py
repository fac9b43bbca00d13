"""Rules about the people a course is for: managers, and those who completed the courses before it."""

from collections.abc import Collection

from db.records.catalogue import Audience, BookingRules, Strictness
from db.records.people import Person


def audience_problems(person: Person, rules: BookingRules, completed: Collection[str]) -> tuple[list[str], list[str]]:
    """Return two lists of sentences: what a rule of the course forbids, and what it only warns of.

    `completed` holds the codes of the courses that the person has completed.
    """
    found: dict[Strictness, list[str]] = {Strictness.RULE: [], Strictness.WARN: [], Strictness.OFF: []}
    if rules.managers_only and not person.is_manager:
        found[rules.audience_rule].append(f"The course is for managers only, and {person.name} is not a manager.")
    for course, strictness in rules.prerequisites:
        if course not in completed:
            found[strictness].append(f"{person.name} has not completed {course}, which comes first.")
    return found[Strictness.RULE], found[Strictness.WARN]


def is_course_for(course: Audience, is_manager: bool) -> bool:
    """Return whether a course is for a person; a course for managers is not for others, even if it only warns."""
    return is_manager or course.managers is Strictness.OFF
