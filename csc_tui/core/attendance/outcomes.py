"""Outcomes of places and completions of courses, kept in step with the marks and with what was learnt earlier.

Every function runs inside a transaction.
"""

from collections.abc import Collection, Iterable

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import status_label
from csc_tui.core.attendance import completion
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.attendance.completion import AttendedModule, CourseRequirements
from csc_tui.core.booking.event_places import EventPlaces
from db import attendance, booking, earlier_learning, people
from db.attendance import ModuleAttendance
from db.records.attendance import EarlierLearning, HeldCompletion
from db.records.booking import Status, StatusChange

ChangedCompletion = tuple[int, HeldCompletion | None, HeldCompletion | None]
"""(person id, completion before, completion after)."""
MANY_PEOPLE = 1_000
"""The number of people from which those of the whole course are asked for."""


def recalculate_outcomes(ctx: Context, places: EventPlaces, person_ids: Collection[int]) -> list[StatusChange]:
    """Bring the outcomes and completions of these people in step with their marks and return the changes of status.

    A place has its outcome once every session of the event has a mark for that person, and is booked again when a mark
    is cleared. Each person counts alone, so that a late arrival on the roster takes nobody's outcome back.
    """
    marks = attendance.fetch_event_marks(places.event.id)
    moves = []
    for each in places.roster:
        if each.person_id in person_ids and each.status >= Status.BOOKED:
            to = attendance_rules.status_from_marks(
                [marks.get((session.id, each.person_id)) for session in places.sessions]
            )
            if to is not each.status:
                moves.append(places.change_status(each, to, "outcome"))
    if moves:
        places.reload_roster()
        booking.update_event_counts(places.event.id)
    recalculate_completions(ctx, places.event.course_id, person_ids, event_id=places.event.id)
    return moves


def recalculate_completions(
    ctx: Context, course_id: int, person_ids: Collection[int] | None = None, *, event_id: int | None = None
) -> int:
    """Bring the completions of a course in step with the marks and return how many people's changed.

    Without `person_ids` everybody's are checked.
    """
    settled = settle_completions(course_id, person_ids)
    if not settled:
        return 0
    title = list_course_requirements()[course_id].title
    named = people.fetch_people([each for each, _, _ in settled])
    for person_id, before, after in settled:
        write_history(
            ctx, "completed" if after else "no longer completed", f"{named[person_id].name}: {title}",
            event_id=event_id, person_id=person_id, before=completion.day_if_known(before and before.on),
            after=completion.day_if_known(after and after.on),
        )  # fmt: skip
    return len(settled)


def settle_completions(
    course_id: int, person_ids: Collection[int] | None = None, learnt: Iterable[EarlierLearning] | None = None
) -> list[ChangedCompletion]:
    """Bring the completions of a course in step with marks and earlier learning, without a line in the history.

    Returns (person id, before, after) of each that changed. Without `person_ids` everybody's are checked. `learnt` is
    all that these people learnt earlier of the course, where the caller has it already.
    """
    needed = list_course_requirements().get(course_id)
    if needed is None:
        return []
    asked = person_ids if person_ids is None or len(person_ids) <= MANY_PEOPLE else None
    kept = earlier_learning.fetch_held_completions(course_id, asked)
    there = _by_person(attendance.fetch_attended_modules(course_id=course_id, person_ids=asked))
    if learnt is None:
        learnt = earlier_learning.fetch_earlier_learning(course_id=course_id, person_ids=asked)
    earlier = _EarlierByPerson(needed, learnt, there)
    found = {
        each: completion.find_completion(there.get(each, ()), earlier.whole.get(each, ()), needed)
        for each in there.keys() | earlier.whole.keys()
    }
    wanted = kept.keys() | found.keys() if person_ids is None else set(person_ids)
    changed = [
        (each, before, after) for each in sorted(wanted) if (after := found.get(each)) != (before := kept.get(each))
    ]
    earlier_learning.store_completions(course_id, {each: after for each, _, after in changed}, kept)
    return changed


class _EarlierByPerson:
    """Earlier learning of one course: whole completions by person id, and modules added to those attended."""

    def __init__(
        self, needed: CourseRequirements, found: Iterable[EarlierLearning], there: dict[int, list[AttendedModule]]
    ) -> None:
        self.whole: dict[int, list[HeldCompletion]] = {}
        for each in found:
            person_id, _, module_id, on, _, _, _, expires, _ = each
            if module_id is None:
                if person_id in self.whole:
                    self.whole[person_id].append(HeldCompletion(on, expires))
                else:
                    self.whole[person_id] = [HeldCompletion(on, expires)]
            elif module := module_learnt_earlier(needed, each):
                there.setdefault(each.person_id, []).append(module)


def module_learnt_earlier(needed: CourseRequirements, learnt: EarlierLearning) -> AttendedModule | None:
    """Return a module learnt earlier as one that was attended in full; None where the course has it no more."""
    minutes = next((module.minutes for module in needed.modules if module.id == learnt.module_id), None)
    if minutes is None or learnt.module_id is None:
        return None
    return AttendedModule(learnt.course_id, learnt.module_id, learnt.on, minutes, earlier=True)


def list_attended_modules(course_id: int, person_ids: Collection[int] | None = None) -> dict[int, list[AttendedModule]]:
    """Return the modules of a course that people attended in any event, or learnt earlier, by person id.

    Without `person_ids`, everybody's.
    """
    there = _by_person(attendance.fetch_attended_modules(course_id=course_id, person_ids=person_ids))
    if (needed := list_course_requirements().get(course_id)) is not None:
        _EarlierByPerson(
            needed, earlier_learning.fetch_earlier_learning(course_id=course_id, person_ids=person_ids), there
        )
    return there


def list_course_requirements() -> dict[int, CourseRequirements]:
    """Return what each course requires, by course id; a course without modules cannot be completed and is left out."""
    found: dict[int, CourseRequirements] = {}
    for course_id, code, title, rule, share, months, module in attendance.fetch_completion_requirements():
        before = found[course_id].modules if course_id in found else ()
        found[course_id] = CourseRequirements(code, title, (*before, module), rule, share, months)
    return found


def list_outcome_faults() -> tuple[list[str], list[str]]:
    """Return a sentence for each outcome, and one for each completion, that differs from what the marks say."""
    return _wrong_outcomes(), _wrong_completions()


def _wrong_outcomes() -> list[str]:
    sessions = attendance.fetch_session_ids()
    marks = attendance.fetch_all_marks()
    wrong = []
    for reference, event_id, person_id, status, name in attendance.fetch_enrolment_outcomes():
        said = attendance_rules.status_from_marks(
            [marks.get((session_id, person_id)) for session_id in sessions.get(event_id, [])]
        )
        if said is not status:
            wrong.append(
                f"{reference}: {name} is shown as {status_label(Status(status).word)}, but the marks say "
                f"{status_label(said.word)}"
            )
    return wrong


def _wrong_completions() -> list[str]:
    there: dict[int, list[ModuleAttendance]] = {}
    for presence in attendance.fetch_attended_modules():
        there.setdefault(presence[1], []).append(presence)
    learnt: dict[int, list[EarlierLearning]] = {}
    for each in earlier_learning.fetch_earlier_learning():
        learnt.setdefault(each.course_id, []).append(each)
    wrong = []
    for course_id, needed in list_course_requirements().items():
        kept = earlier_learning.fetch_held_completions(course_id)
        attended = _by_person(there.get(course_id, []))
        before = _EarlierByPerson(needed, learnt.get(course_id, ()), attended)
        for person_id in sorted(kept.keys() | attended.keys() | before.whole.keys()):
            said = completion.find_completion(attended.get(person_id, ()), before.whole.get(person_id, ()), needed)
            if kept.get(person_id) != said:
                wrong.append(
                    f"#{person_id}: {needed.course} is recorded as {_day(kept.get(person_id))}, but the marks say "
                    f"{_day(said)}"
                )
    return wrong


def _day(held: HeldCompletion | None) -> str:
    return f"completed on {held.on}" if held else "not completed"


def _by_person(found: list[ModuleAttendance]) -> dict[int, list[AttendedModule]]:
    there: dict[int, list[AttendedModule]] = {}
    for person_id, course_id, module_id, on, minutes in found:
        there.setdefault(person_id, []).append(AttendedModule(course_id, module_id, on, minutes))
    return there
