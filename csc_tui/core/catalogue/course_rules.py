"""The rules of each course for booking and completion, and the settings that change them."""

from collections.abc import Mapping

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.transaction import action, change_transaction
from csc_tui.core.attendance import outcomes
from db import attendance, catalogue
from db.engine.connection import read_transaction
from db.errors import WrongUse
from db.records.calendar import FieldChange
from db.records.catalogue import (
    Approval,
    BookingRules,
    CompletionRule,
    CompletionRules,
    Course,
    Strictness,
    WaitingElsewhere,
    WaitingRule,
)
from db.records.startup import Role

SETTINGS: Mapping[
    str,
    type[Approval]
    | type[WaitingRule]
    | type[Strictness]
    | type[WaitingElsewhere]
    | type[CompletionRule]
    | type[int]
    | type[bool],
] = {
    "approval": Approval,
    "waiting_rule": WaitingRule,
    "offer_hours": int,
    "cutoff_days": int,
    "booking_cutoff_days": int,
    "managers_only": bool,
    "audience_rule": Strictness,
    "waiting_elsewhere": WaitingElsewhere,
    "completion_rule": CompletionRule,
    "completion_share": int,
    "validity_months": int,
}
"""The settings of a course, with the kind of each."""


def list_course_rules(ctx: Context) -> list[tuple[Course, BookingRules, CompletionRules]]:
    """Return every course with its rules, by strand and position."""
    with read_transaction():
        return [
            (course, catalogue.fetch_booking_rules(course.id), catalogue.fetch_completion_rules(course.id))
            for course in catalogue.fetch_active_courses()
        ]


def get_booking_rules(ctx: Context, course_id: int) -> BookingRules:
    """Return a course's rules for booking."""
    with read_transaction():
        return catalogue.fetch_booking_rules(course_id)


@action(role=Role.COORDINATOR)
def set_course_rule(ctx: Context, code: str, name: str, value: str) -> FieldChange:
    """Set one rule of a course and bring its completions in step. Raises NotFound and WrongUse."""
    if name not in SETTINGS:
        raise WrongUse(
            f"A course has no setting '{name}'. The settings are: {', '.join(SETTINGS)}. Nothing was changed."
        )
    course = catalogue.find_active_course(code)
    completing = name in CompletionRules.__dataclass_fields__
    rules = catalogue.fetch_completion_rules(course.id) if completing else catalogue.fetch_booking_rules(course.id)
    before = getattr(rules, name)
    after = _parse(name, value)
    catalogue.update_course_rule(course, name, after)
    change = FieldChange(course.code, None, name, rule_in_words(before), rule_in_words(after))
    write_history(ctx, "course changed", f"{course.code}: {name}", before=change.before, after=change.after)
    if completing:
        outcomes.recalculate_completions(ctx, course.id)
    return change


def count_completed_people(ctx: Context, code: str) -> int:
    """Return the number of people who have completed a course; inside a change, as they are after it.

    Raises NotFound.
    """
    with change_transaction(ctx):
        return len(attendance.fetch_completion_dates(catalogue.find_active_course(code).id))


@action(role=Role.COORDINATOR)
def require_prerequisite(ctx: Context, code: str, requires: str, strictness: Strictness) -> FieldChange:
    """Set how strictly one course is required before another; `off` removes it. Raises NotFound and WrongUse."""
    course, before = catalogue.find_active_course(code), catalogue.find_active_course(requires)
    if course.id == before.id:
        raise WrongUse(f"{course.code} cannot be required before itself. Nothing was changed.")
    catalogue.store_prerequisite(course.id, before.id, strictness)
    write_history(ctx, "course changed", f"{course.code}: needs {before.code}", after=strictness.value)
    return FieldChange(course.code, None, f"needs {before.code}", "", strictness.value)


def _parse(
    name: str, value: str
) -> Approval | WaitingRule | Strictness | WaitingElsewhere | CompletionRule | int | bool | None:
    kind, text = SETTINGS[name], value.strip().lower()
    if kind is bool:
        if text in ("yes", "no"):
            return text == "yes"
        raise WrongUse(f"Type yes or no for '{name}', not '{value}'. Nothing was changed.")
    if name == "validity_months" and text in ("none", "0"):
        return None
    if name == "completion_share" and not (text.isdecimal() and 1 <= int(text) <= 100):
        raise WrongUse(f"Type a percentage from 1 to 100 for '{name}', not '{value}'. Nothing was changed.")
    if kind is int:
        if text.isdecimal() and int(text) <= 1000 and not (name == "offer_hours" and int(text) == 0):
            return int(text)
        raise WrongUse(f"Type a number up to 1000 for '{name}', not '{value}'. Nothing was changed.")
    choices = [each.value for each in kind]  # type: ignore[union-attr]
    if text not in choices:
        raise WrongUse(f"Type one of {', '.join(choices)} for '{name}', not '{value}'. Nothing was changed.")
    return kind(text)


def rule_in_words(value: object) -> str:
    """Return the value of a rule as it is typed."""
    if value is None:
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
