"""Rules about completions: when a person has completed a course, what is missing, and how long it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from csc_tui.base.programme_years import months_later
from csc_tui.base.text import format_count
from db.records.attendance import UNKNOWN_DAY, HeldCompletion
from db.records.catalogue import CompletionRule, Module
from db.records.people import CourseProgress


class CompletionStanding(StrEnum):
    """The standing of a person with a course that has to be refreshed."""

    IN_DATE = "in date"
    DUE = "due"
    OUT = "out"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class AttendedModule:
    """A module that a person attended, and for how many minutes; an `earlier` one they learnt before or elsewhere."""

    course_id: int
    module_id: int
    on: date
    minutes: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class CourseRequirements:
    """The requirements for completing a course.

    `share` is the percentage of the course's hours, for the rule that counts hours; a completion holds for
    `validity_months`, None for good.
    """

    course: str
    title: str
    modules: tuple[Module, ...]
    rule: CompletionRule = CompletionRule.ALL_MODULES
    share: int = 100
    validity_months: int | None = None

    @property
    def minutes(self) -> int:
        """Return the minutes of all modules together."""
        return sum(module.minutes for module in self.modules)


def completed_on(attended: Iterable[AttendedModule], needed: CourseRequirements) -> date | None:
    """Return the day on which a course was completed, or None; the last such day where it has to be refreshed."""
    best: dict[int, int] = {}
    found = None
    for each in sorted(attended, key=lambda each: each.on):
        best[each.module_id] = max(best.get(each.module_id, 0), each.minutes)
        if _met(needed, best):
            found = each.on
            if needed.validity_months is None:
                return found
            best = {}  # after a completion every module has to be attended again
    return found


def find_completion(
    attended: Sequence[AttendedModule], earlier: Sequence[HeldCompletion], needed: CourseRequirements
) -> HeldCompletion | None:
    """Return the completion of a course that holds longest: by the modules, or one from before or elsewhere.

    Of those that hold for good it is the first whose day is known.
    """
    if not attended and len(earlier) == 1:
        return earlier[0]
    own = completed_on(attended, needed)
    found = [*earlier, HeldCompletion(own)] if own else earlier
    return min(found, key=lambda each: _length_order(each, needed.validity_months), default=None)


def _length_order(held: HeldCompletion, validity_months: int | None) -> tuple[bool, int, int]:
    last = valid_until(held.on, validity_months, held.expires)
    if last is None:
        return False, held.on == UNKNOWN_DAY, held.on.toordinal()
    return True, -last.toordinal(), -held.on.toordinal()


def progress_by_course(
    attended: Iterable[AttendedModule],
    courses: Mapping[int, CourseRequirements],
    earlier: Mapping[int, Sequence[HeldCompletion]] | None = None,
) -> list[CourseProgress]:
    """Return a person's progress in each course of which they learnt anything, by course code.

    `earlier` has the completions from before or elsewhere by course id.
    """
    before = earlier or {}
    by_course: dict[int, list[AttendedModule]] = {course_id: [] for course_id in before}
    for each in attended:
        by_course.setdefault(each.course_id, []).append(each)
    return [
        _progress(by_course[course_id], before.get(course_id, ()), courses[course_id])
        for course_id in sorted(by_course.keys() & courses.keys(), key=lambda each: courses[each].course)
    ]


def valid_until(completed: date, validity_months: int | None, expires: date | None = None) -> date | None:
    """Return the last day on which a completion holds; None for one that never runs out.

    `expires` is the last day by its source, where that says so: it never holds longer.
    """
    last = None if validity_months is None else months_later(completed, validity_months)
    return min(last or date.max, expires) if expires else last


def completion_standing(
    completed: date | None, validity_months: int | None, today: date, *, refresher_days: int,
    expires: date | None = None,
) -> CompletionStanding:  # fmt: skip
    """Return how a person stands with a course that they completed on a day, or never (None).

    It is due within `refresher_days` of running out; `expires` is the last day by its source, where that says so.
    """
    if completed is None:
        return CompletionStanding.NEVER
    last = valid_until(completed, validity_months, expires)
    if last is None or today + timedelta(days=refresher_days) <= last:
        return CompletionStanding.IN_DATE
    return CompletionStanding.DUE if today <= last else CompletionStanding.OUT


def standing_thresholds(
    validity_months: int | None, today: date, *, refresher_days: int
) -> list[tuple[CompletionStanding, date]]:
    """Return each standing with the first day of completion for which it holds today; latest first."""
    if validity_months is None:
        return [(each, date.min) for each in (CompletionStanding.IN_DATE, CompletionStanding.DUE)]
    return [
        (CompletionStanding.IN_DATE, _first_held(today + timedelta(days=refresher_days), validity_months)),
        (CompletionStanding.DUE, _first_held(today, validity_months)),
        (CompletionStanding.OUT, date.min),
    ]


def _first_held(last: date, validity_months: int) -> date:
    """Return the first day of completion that still holds on the day `last`."""
    day = months_later(last, -validity_months)
    while months_later(day, validity_months) < last:  # a shorter month has cut the day off
        day += timedelta(days=1)
    return day


def missing_in_words(attended: Sequence[AttendedModule], needed: CourseRequirements) -> str:
    """Return what a person who began a course still needs: `module 2`, or hours where those count."""
    return _missing_in_words(attended, needed, missing_modules(attended, needed))


def missing_modules(attended: Iterable[AttendedModule], needed: CourseRequirements) -> list[Module]:
    """Return the modules of a course of which a person attended nothing, in order."""
    there = {each.module_id for each in attended}
    return [module for module in needed.modules if module.id not in there]


def _progress(
    attended: Sequence[AttendedModule], earlier: Sequence[HeldCompletion], needed: CourseRequirements
) -> CourseProgress:
    lacking = [] if earlier else missing_modules(attended, needed)
    held = find_completion(attended, earlier, needed)
    on = held.on if held else None
    last = valid_until(held.on, needed.validity_months, held.expires) if held else None
    return CourseProgress(
        course=needed.course,
        title=needed.title,
        modules_done=len(needed.modules) - len(lacking),
        modules_needed=len(needed.modules),
        complete=on is not None,
        on=day_if_known(on),
        needs="" if on else _missing_in_words(attended, needed, lacking),
        valid_until=last.isoformat() if last else "",
        modules=" ".join("missing" if module in lacking else "done" for module in needed.modules),
    )


def day_if_known(on: date | None) -> str:
    """Return an ISO date, empty where there is none or nobody knows it."""
    return on.isoformat() if on and on != UNKNOWN_DAY else ""


def _met(needed: CourseRequirements, best: Mapping[int, int]) -> bool:
    if needed.rule is CompletionRule.SHARE_OF_HOURS:
        return _credited(needed, best) * 100 >= needed.share * needed.minutes > 0
    return bool(needed.modules) and all(module.id in best for module in needed.modules)


def _credited(needed: CourseRequirements, best: Mapping[int, int]) -> int:
    """Return the minutes that count: of each module, no more than it has."""
    return sum(min(best.get(module.id, 0), module.minutes) for module in needed.modules)


def _missing_in_words(attended: Sequence[AttendedModule], needed: CourseRequirements, lacking: Sequence[Module]) -> str:
    """Return `module 2`, `modules 2 and 3`, or the missing hours where those count."""
    if needed.rule is CompletionRule.SHARE_OF_HOURS:
        best: dict[int, int] = {}
        for each in attended:
            best[each.module_id] = max(best.get(each.module_id, 0), each.minutes)
        short = -(-needed.share * needed.minutes // 100) - _credited(needed, best)
        hours, minutes = divmod(max(short, 0), 60)
        parts = [format_count(hours, "hour")] * bool(hours) + [format_count(minutes, "minute")] * bool(minutes)
        return " ".join(["another", *parts]) if parts else ""
    numbers = [str(module.position) for module in lacking]
    if len(numbers) < 2:
        return f"module {numbers[0]}" if numbers else ""
    return f"modules {', '.join(numbers[:-1])} and {numbers[-1]}"
