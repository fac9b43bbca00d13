"""Learning from before the database or from elsewhere: added by hand, and told on a person's card."""

from dataclasses import dataclass

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_date
from csc_tui.base.transaction import action
from csc_tui.core.attendance import learnt_days, outcomes
from csc_tui.core.attendance.completion import CourseRequirements, day_if_known
from csc_tui.core.attendance.learnt_days import LearntDay
from db import catalogue, earlier_learning, people
from db.errors import NotFound, RuleBroken, WrongUse
from db.records.attendance import EarlierLearning, KnownTo
from db.records.startup import Role

ADDED = "earlier learning added"
"""The verb of the history."""


@dataclass(frozen=True, slots=True)
class NewLearning:
    """Something learnt before or elsewhere, as it was typed; `module` is a number or title, empty for the whole course.

    `on` is a date, a month (10/2016), a year or `Y`; `expires` is the last day it holds, if its source says so.
    """

    course: str
    module: str
    on: str
    provider: str
    evidence: str
    expires: str


@dataclass(frozen=True, slots=True)
class AddedLearning:
    """An addition to what a person learnt, and the day on which they have now completed the course; empty before that.

    `completed` is empty, too, where nobody knows the day; then `complete` says that they have.
    """

    person: str
    name: str
    course: str
    learnt: str
    complete: bool
    completed: str


@action(role=Role.COORDINATOR)
def add_earlier_learning(ctx: Context, person: str, wanted: NewLearning) -> AddedLearning:
    """Add something that a person learnt before or elsewhere, so that it counts as what was attended here does.

    Raises NoSuchPerson, AmbiguousPerson, NotFound, WrongUse, and RuleBroken where it is kept already.
    """
    whom = people.find_person(person)
    course = catalogue.find_course(wanted.course)
    needed = outcomes.list_course_requirements().get(course.id)
    if needed is None:
        raise RuleBroken(f"{course.code} has no modules, so no one can complete it. Nothing was changed.")
    day = _parse_day(ctx, wanted.on)
    learnt = EarlierLearning(
        whom.id, course.id, _find_module(needed, wanted.module), day.on, day.known_to, wanted.provider.strip(),
        wanted.evidence.strip(), dates.parse_file_date(wanted.expires) if wanted.expires.strip() else None,
    )  # fmt: skip
    if learnt.expires and learnt.expires < learnt.on:
        raise WrongUse(
            f"It cannot run out on {format_date(learnt.expires)}, before it was learnt. Nothing was changed."
        )
    same = [
        each for each in earlier_learning.fetch_earlier_learning(course_id=course.id, person_ids=[whom.id])
        if each.same_as == learnt.same_as
    ]  # fmt: skip
    told = describe_earlier_learning(learnt, needed)
    if same and describe_earlier_learning(same[0], needed) == told:
        raise RuleBroken(f"{whom.name} has that already: {course.code}, {told}. Nothing was changed.")
    earlier_learning.insert_earlier_learning(learnt)
    write_history(ctx, ADDED, f"{whom.name}: {course.title}", person_id=whom.id, after=told)
    outcomes.recalculate_completions(ctx, course.id, [whom.id])
    held = earlier_learning.fetch_held_completions(course.id, [whom.id]).get(whom.id)
    return AddedLearning(whom.key, whom.name, course.code, told, held is not None, day_if_known(held and held.on))


def _parse_day(ctx: Context, text: str) -> LearntDay:
    found = learnt_days.parse_learnt_day(text, ctx.today())
    if found is None:
        raise WrongUse(
            f"'{text.strip()}' is not a day. Type a date, a month such as 10/2016, a year, "
            "or Y where the day is not known. Nothing was changed."
        )
    return found


def _find_module(needed: CourseRequirements, text: str) -> int | None:
    typed = text.strip().casefold()
    if not typed:
        return None
    for module in needed.modules:
        if typed in (str(module.position), module.title.casefold()):
            return module.id
    listed = "; ".join(f"{module.position} {module.title}" for module in needed.modules)
    raise NotFound(f"{needed.course} has no module '{text.strip()}'. There are: {listed}. Nothing was changed.")


def describe_earlier_learning(learnt: EarlierLearning, needed: CourseRequirements) -> str:
    """Return `module 2, October 2016, Leeds City Council, certificate 12, until 1 May 2018`; what is not known is left
    out."""
    module = next((each.position for each in needed.modules if each.id == learnt.module_id), 0)
    parts = [
        f"module {module}" if module else "",
        describe_learnt_day(learnt),
        learnt.provider,
        learnt.evidence,
        f"until {format_date(learnt.expires)}" if learnt.expires else "",
    ]
    return ", ".join(filter(None, parts))


def describe_learnt_day(learnt: EarlierLearning) -> str:
    """Return the day, the month or the year, as far as it is known."""
    match learnt.known_to:
        case KnownTo.DAY:
            return format_date(learnt.on)
        case KnownTo.MONTH:
            return f"{learnt.on:%B %Y}"
        case KnownTo.YEAR:
            return str(learnt.on.year)
        case _:
            return "on a day not known"
