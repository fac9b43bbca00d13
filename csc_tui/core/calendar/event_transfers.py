"""Actions that take people from one event to another: merging two events, and a new event for a long waiting list."""

from collections.abc import Sequence
from datetime import date

from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, Overridable, ReasonNeeded
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.booking import seating, transitions
from csc_tui.core.booking.actions import check_learner_free
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places, lock_two_events
from csc_tui.core.booking.transitions import EnrolmentAction, check_event_state
from csc_tui.core.calendar import actions as calendar_actions
from db import booking, calendar, people
from db.errors import RuleBroken
from db.records.booking import Enrolment, Status, StatusChange
from db.records.calendar import FieldChange
from db.records.startup import EventState, Role


@action(role=Role.COORDINATOR)
def merge_events(
    ctx: Context,
    reference: str,
    into: str,
    *,
    reason: str,
    override: str = "",
) -> list[StatusChange]:
    """Move everybody from one event to another of the same course and cancel the first.

    People with a place need a free one there, and an offer starts again; people who wait join the end of the other list
    in their order. Raises RuleBroken, with everybody who clashes, before anything is changed.
    """
    if not reason.strip():
        raise ReasonNeeded("Merging two events")
    source, target = lock_two_events(ctx, reference, into)
    if source.event.course_id != target.event.course_id:
        raise RuleBroken(
            f"{source.event.reference} is {source.event.course} and {target.event.reference} is "
            f"{target.event.course}; only events of the same course can be merged. Nothing was changed."
        )
    transitions.check_allowed(EnrolmentAction.BOOK, target.facts("Someone", None, override=override))
    check_event_state(source.event.reference, source.event.state, EventState.CANCELLED, people=0)
    there = {each.person_id for each in target.roster if each.status.holds_seat}
    moving = [each for each in source.roster if each.status <= Status.BOOKED]
    seated = [each for each in moving if each.status.holds_seat]
    asking = [each for each in moving if each.status is Status.REQUESTED]
    coming = sum(each.person_id not in there for each in seated)
    free = seating.free_seats(target.roster, target.event.seats)
    if coming > free:
        raise RuleBroken(
            f"{target.event.reference} has {format_count(free, 'free place')}, and "
            f"{format_count(coming, 'person', 'people')} "
            f"would come from {source.event.reference}. Nothing was changed. Give it more places first."
        )
    _check_nobody_clashes(source, target, moving, override)
    order = [*seated, *asking, *seating.ordered_waiting_list(source.roster)]
    moves = [_take_along(source, target, each, reason) for each in order]
    source.end_make_ups(reason)
    calendar.update_event(calendar.fetch_event_by_id(source.event.id), state=EventState.CANCELLED)
    source.record_event_change("event cancelled", before=source.event.state, after="cancelled", reason=reason)
    booking.update_event_counts(source.event.id)
    moves += target.fill_free_places()
    return moves


def _check_nobody_clashes(source: EventPlaces, target: EventPlaces, moving: Sequence[Enrolment], override: str) -> None:
    against = []
    for each in moving:
        try:
            check_learner_free(target, people.fetch_person(each.person_id), override, besides=source.event.id)
        except LearnerClash as clash:
            against.append(str(clash))
    if against:
        raise Overridable("\n".join(["Nothing was changed.", *against]))


def _take_along(source: EventPlaces, target: EventPlaces, enrolment: Enrolment, reason: str) -> StatusChange:
    """Move one enrolment to the other event and return the change."""
    person = people.fetch_person(enrolment.person_id)
    before, status = f"{enrolment.status.word} on {source.event.reference}", enrolment.status
    standing = target.find_enrolment(person)
    if standing and not (status.holds_seat and not standing.status.holds_seat):
        source.change_status(enrolment, Status.TRANSFERRED, "merged", reason, moved_to=standing.id)
        return StatusChange(person.key, person.name, before, f"{standing.status.word} on {target.event.reference}")
    verb = f"{status.word} by merging"
    if standing:
        new_id = standing.id
        target.change_status(standing, status, verb, reason)
        target.reload_roster()
    else:
        new_id = target.add_enrolment(person, status, verb, reason, approved_by=enrolment.approved_by)
    source.change_status(enrolment, Status.TRANSFERRED, "merged", reason, moved_to=new_id)
    return StatusChange(person.key, person.name, before, f"{status.word} on {target.event.reference}")


@action(role=Role.COORDINATOR)
def add_overflow_event(
    ctx: Context,
    reference: str,
    first: date,
    *,
    new_reference: str = "",
    override: str = "",
) -> tuple[list[FieldChange], list[StatusChange]]:
    """Open a copy of an event for the people on its waiting list, in their order, as many as it has places.

    People who are elsewhere at that time stay on the list, unless `override` gives a reason. Raises RuleBroken when
    nobody waits or the new dates are impossible.
    """
    source = lock_event_places(ctx, reference)
    line = seating.ordered_waiting_list(source.roster)
    if not line:
        raise RuleBroken(f"No one is waiting for {source.event.reference}. Nothing was changed.")
    changes = calendar_actions.add_event_copy(ctx, source.event, first, new_reference, override)
    created = calendar.fetch_event(changes[0].event)
    calendar.update_event(created, state=EventState.OPEN)
    target = EventPlaces(ctx, calendar.fetch_event_by_id(created.id))
    moves: list[StatusChange] = []
    for each in line:
        if seating.free_seats(target.roster, target.event.seats):
            moves.append(_from_the_list(source, target, each, override))
    booking.update_event_counts(target.event.id)
    moves += source.fill_free_places()
    return changes, moves


def _from_the_list(source: EventPlaces, target: EventPlaces, enrolment: Enrolment, override: str) -> StatusChange:
    """Book a person from the waiting list on the new event and return the change; on a clash they stay on the list."""
    person = people.fetch_person(enrolment.person_id)
    before = f"waitlisted on {source.event.reference}"
    try:
        check_learner_free(target, person, override, besides=source.event.id)
    except LearnerClash as clash:
        return StatusChange(person.key, person.name, before, f"still waitlisted: on {clash.what}")
    what = f"a place on {target.event.reference}"
    new_id = target.add_enrolment(
        person, Status.BOOKED, "booked from a waiting list", what, approved_by=enrolment.approved_by
    )
    source.change_status(enrolment, Status.TRANSFERRED, "moved from the list", what, moved_to=new_id)
    target.leave_other_lists(person)
    return StatusChange(person.key, person.name, before, f"booked on {target.event.reference}")
