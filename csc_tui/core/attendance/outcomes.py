"""Outcomes of places and completions of courses, kept in step with the marks.

Every function runs inside a transaction.
"""

from collections.abc import Collection

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import status_label
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.attendance.completion import AttendedModule, CourseRequirements, completed_on
from csc_tui.core.booking.event_places import EventPlaces
from db import attendance, booking, people
from db.attendance import ModuleAttendance
from db.records.booking import Status, StatusChange


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
    needed = list_course_requirements().get(course_id)
    if needed is None:
        return 0
    kept = attendance.fetch_completion_dates(course_id, person_ids)
    there = list_attended_modules(course_id, person_ids)
    found = {person_id: completed_on(its, needed) for person_id, its in there.items()}
    changed = [each for each in sorted(kept.keys() | found.keys()) if kept.get(each) != found.get(each)]
    named = people.fetch_people(changed) if changed else {}
    for person_id in changed:
        before, after = kept.get(person_id), found.get(person_id)
        attendance.store_completion(person_id, course_id, after)
        verb = "completed" if after else "no longer completed"
        write_history(
            ctx, verb, f"{named[person_id].name}: {needed.title}", event_id=event_id,
            person_id=person_id, before=before.isoformat() if before else "", after=after.isoformat() if after else "",
        )  # fmt: skip
    return len(changed)


def list_attended_modules(course_id: int, person_ids: Collection[int] | None = None) -> dict[int, list[AttendedModule]]:
    """Return the modules of a course that people attended in any event, by person id.

    Without `person_ids`, everybody's.
    """
    return _by_person(attendance.fetch_attended_modules(course_id=course_id, person_ids=person_ids))


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
    wrong = []
    for course_id, needed in list_course_requirements().items():
        kept = attendance.fetch_completion_dates(course_id)
        found = {
            person_id: on
            for person_id, its in _by_person(there.get(course_id, [])).items()
            if (on := completed_on(its, needed))
        }
        for person_id in sorted(kept.keys() | found.keys()):
            if kept.get(person_id) != found.get(person_id):
                said = found.get(person_id)
                wrong.append(
                    f"#{person_id}: {needed.course} is recorded as {_day(kept.get(person_id))}, but the marks say "
                    f"{_day(said)}"
                )
    return wrong


def _day(on: object) -> str:
    return f"completed on {on}" if on else "not completed"


def _by_person(found: list[ModuleAttendance]) -> dict[int, list[AttendedModule]]:
    there: dict[int, list[AttendedModule]] = {}
    for person_id, course_id, module_id, on, minutes in found:
        there.setdefault(person_id, []).append(AttendedModule(course_id, module_id, on, minutes))
    return there
