"""Undoing changes that need no settling of an event: in the catalogue, in groups, and in evaluation forms."""

from collections.abc import Mapping
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, status_label
from csc_tui.core.attendance import outcomes
from db import calendar, catalogue, earlier_learning, evaluation, groups, people
from db.engine import journal
from db.errors import RuleBroken
from db.records.groups import CommitmentState
from db.records.history import UndoneChange
from db.records.startup import Role

_ORDER = (
    "earlier_learning",
    "learning_file",
    "evaluation",
    "commitment",
    "membership",
    "group",
    "question",
    "resource",
    "course",
    "strand",
)
"""Kinds that refer to others come before them when rows are removed, and after them when rows come back."""
_NAMED_BY = {
    "course": "code", "strand": "name", "resource": "title", "group": "name", "question": "text",
    "learning_file": "name",
}  # fmt: skip
"""The column that names a row of each kind."""
_BOOKER_KINDS = ("commitment", "evaluation")
"""The kinds that a booker may undo."""
_LONGEST_TEXT = 40


class CannotUndo(RuleBroken):
    """Raised when a step cannot be undone, with the reason."""

    def __init__(self, past: journal.UndoableStep, why: str, then: str = "") -> None:
        super().__init__(f"'{past.what}' cannot be undone: {why}. Nothing was changed.{then}")


def undo_outside_events(ctx: Context, past: journal.UndoableStep) -> list[UndoneChange]:
    """Undo the rows of a step that belong to no event, within the caller's transaction, and return the changes.

    Raises CannotUndo and NotAllowed.
    """
    if not past.apart:
        return []
    if any(kind not in _BOOKER_KINDS for kind, *_ in past.apart):
        ctx.require(Role.COORDINATOR)
    gone_first = sorted(past.apart, key=lambda each: _ORDER.index(each[0]) * (-1 if each[3] is None else 1))
    undone = []
    for kind, row_id, before, after in gone_first:
        goal = before if before is not None or after is None else _withdrawn(kind, after)
        if goal is None and (why := _why_it_stays(kind, row_id)):
            raise CannotUndo(past, why)
        line, person_id = _line(kind, row_id, after, goal)
        learners = _learners(kind, row_id, after, goal)
        try:
            journal.restore_row(kind, row_id, goal)
        except RuleBroken as fault:
            raise CannotUndo(past, str(fault)) from None
        if kind == "course" and goal is not None:
            outcomes.recalculate_completions(ctx, row_id)
        for course_id, ids in learners.items():
            outcomes.settle_completions(course_id, ids)
        undone.append(line)
        write_history(
            ctx, "undone", line.what, event_id=(after or goal or {}).get("event_id"),
            person_id=person_id, before=line.before, after=line.after, reason=past.what,
        )  # fmt: skip
    return undone


def _learners(
    kind: str, row_id: int, after: Mapping[str, Any] | None, goal: Mapping[str, Any] | None
) -> Mapping[int, set[int]]:
    """Return the people whose completions rest on a row of earlier learning, by course id."""
    if kind == "learning_file":
        return earlier_learning.fetch_learners_of_file(row_id)
    if kind == "earlier_learning":
        images = [each for each in (after, goal) if each]
        return {images[0]["course_id"]: {each["person_id"] for each in images}}
    return {}


def _withdrawn(kind: str, after: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row that takes the place of one that the step created; None when it is deleted."""
    if kind == "commitment":
        return {**after, "state": CommitmentState.WITHDRAWN.value, "settled": after["made"], "remark": "undone"}
    return None


def _why_it_stays(kind: str, row_id: int) -> str:
    """Return why a row that the step created cannot be deleted, because others have built on it; empty if it can."""
    match kind:
        case "course":
            return "events, groups, resources or other courses refer to it" if catalogue.is_course_used(row_id) else ""
        case "strand":
            return "courses or resources belong to it" if catalogue.is_strand_used(row_id) else ""
        case "group":
            return "people have joined it since, or meetings are planned for it" if groups.is_group_used(row_id) else ""
        case "question":
            return "people have answered it" if evaluation.count_question_answers(row_id) else ""
        case "membership":
            return "they have made a commitment in the group" if groups.has_commitment(row_id) else ""
        case _:
            return ""


def _line(
    kind: str, row_id: int, after: Mapping[str, Any] | None, goal: Mapping[str, Any] | None
) -> tuple[UndoneChange, int | None]:
    known: Mapping[str, Any] = after or goal or {}
    person_id = known.get("person_id")
    name = _name(kind, known)
    if after is None or goal is None:
        return UndoneChange(name, *("there" if each is not None else "" for each in (after, goal))), person_id
    if kind == "evaluation":  # the number of answers is shown and not their content
        return UndoneChange(
            name, format_count(len(after["answers"]), "answer"), f"{len(goal['answers'])}, as before"
        ), person_id
    changed = [key for key in after if after[key] != goal[key]]
    if "state" in changed:  # the other changes follow from the state
        changed = ["state"]
    said = [", ".join(_said(each[key]) for key in changed) for each in (after, goal)]
    return UndoneChange(f"{name} {', '.join(map(status_label, changed))}".strip(), *said), person_id


def _name(kind: str, image: Mapping[str, Any]) -> str:
    if kind == "membership":
        return f"{people.fetch_person(image['person_id']).name} in {groups.fetch_group_name(image['group_id'])}"
    if kind == "commitment":
        return f"{people.fetch_person(image['person_id']).name}: {image['what']}"
    if kind == "earlier_learning":
        course = catalogue.fetch_course_title(image["course_id"])
        return f"{people.fetch_person(image['person_id']).name}: {course}, learnt earlier"
    if kind == "evaluation":
        whose = (
            f"form of {people.fetch_person(image['person_id']).name}" if image["person_id"] else "form without a name"
        )
        return f"{whose} on {calendar.fetch_event_by_id(image['event_id']).reference}"
    return str(image[_NAMED_BY[kind]])


def _said(value: object) -> str:
    """Return a column as it is shown: modules as `Day 1, Day 2`, and long text by its beginning."""
    if isinstance(value, list):
        return ", ".join(str(each[2] if len(each) > 2 else each[-1]) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
