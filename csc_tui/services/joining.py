"""Changes that take people from one event to another: merging two thin events, and a new event for a long list."""

from collections.abc import Sequence
from datetime import date

from csc_tui.context import Context
from csc_tui.domain import seating, transitions
from csc_tui.domain.errors import ReasonNeeded
from csc_tui.domain.transitions import Action, check_event_move
from csc_tui.services import scheduling
from csc_tui.services.deciding import check_as_previewed, deciding
from csc_tui.services.enrolling import check_free
from csc_tui.services.seats import Desk, open_desk
from csc_tui.text import count
from db import enrolments, events, people
from db.errors import RuleBroken
from db.records import Change, Enrolment, EventState, Move, Role, Status


def merge(
    ctx: Context,
    reference: str,
    into: str,
    *,
    reason: str,
    override: str = "",
    dry_run: bool = False,
    expected: Sequence[Move] | None = None,
) -> list[Move]:
    """Move everybody of one event to another of the same course and call the first one off.

    Whoever is booked needs a place there; whoever waits joins the other list behind those who wait there, in their
    order. Raises RuleBroken, with everybody who stands against it, before anything is changed.
    """
    ctx.require(Role.COORDINATOR)
    if not reason.strip():
        raise ReasonNeeded("Merging two events")
    with deciding(ctx, dry_run):
        named = sorted({each.strip().upper() for each in (reference, into)})
        desks = {each.event.reference: each for each in (open_desk(ctx, name) for name in named)}
        if len(desks) < 2:
            raise RuleBroken("An event cannot be merged into itself. Nothing was changed.")
        source, target = desks[reference.strip().upper()], desks[into.strip().upper()]
        if source.event.course_id != target.event.course_id:
            raise RuleBroken(
                f"{source.event.reference} is {source.event.course} and {target.event.reference} is "
                f"{target.event.course}; only events of one course can be merged. Nothing was changed."
            )
        transitions.check(Action.BOOK, target.facts("Somebody", None))
        check_event_move(source.event.reference, source.event.state, EventState.CANCELLED, people=0)
        moving = [each for each in source.roster if each.status <= Status.BOOKED]
        seated = [each for each in moving if each.status.holds_seat and target_status(target, each) is None]
        free = seating.free(target.roster, target.event.seats)
        if len(seated) > free:
            coming = count(len(seated), "person", "people")
            raise RuleBroken(
                f"{target.event.reference} has {count(free, 'free place')}, and {coming} would come from "
                f"{source.event.reference}. Nothing was changed. Give it more places first."
            )
        order = [*seated, *(each for each in moving if each.status is Status.REQUESTED), *seating.queue(source.roster)]
        already = [each for each in moving if each not in order]
        moves = [_take_along(source, target, each, reason, override) for each in order]
        moves += [source.move(each, Status.TRANSFERRED, "merged", reason) for each in already]
        events.change(events.by_id(source.event.id), state=EventState.CANCELLED)
        source.note_event("event cancelled", before=source.event.state, after="cancelled", reason=reason)
        for desk in (source, target):
            enrolments.recount(desk.event.id)
        moves += target.fill()
        check_as_previewed(moves, expected)
    return moves


def target_status(target: Desk, enrolment: Enrolment) -> Status | None:
    """Where the same person stands on the other event, if they are on it."""
    return next((each.status for each in target.roster if each.person_id == enrolment.person_id), None)


def _take_along(source: Desk, target: Desk, enrolment: Enrolment, reason: str, override: str) -> Move:
    person = people.get(enrolment.person_id)
    if target.of(person):
        return source.move(enrolment, Status.TRANSFERRED, "merged", reason)
    check_free(target, person, override, besides=source.event.id)
    status = Status.BOOKED if enrolment.status is Status.OFFERED else enrolment.status
    new_id = target.newcomer(person, status, f"{status.word} by merging", reason, approved_by=enrolment.approved_by)
    source.move(enrolment, Status.TRANSFERRED, "merged", reason, moved_to=new_id)
    return Move(person.key, person.name, f"{enrolment.status.word} on {source.event.reference}",
                f"{status.word} on {target.event.reference}")  # fmt: skip


def overflow(
    ctx: Context,
    reference: str,
    first: date,
    *,
    new_reference: str = "",
    override: str = "",
    dry_run: bool = False,
) -> tuple[list[Change], list[Move]]:
    """Open another event like this one for the people on its waiting list, in their order, as many as it has places.

    Raises RuleBroken when nobody waits or the new dates cannot be.
    """
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        source = open_desk(ctx, reference)
        line = seating.queue(source.roster)
        if not line:
            raise RuleBroken(f"Nobody waits for {source.event.reference}. Nothing was changed.")
        changes = scheduling.copy_event(ctx, source.event, first, new_reference, override)
        created = events.get(changes[0].event)
        events.change(created, state=EventState.OPEN)
        target = Desk(ctx, events.by_id(created.id))
        moves = []
        for each in line[: target.event.seats]:
            moves.append(_from_the_list(source, target, each, override))
        enrolments.recount(target.event.id)
        source.fill()
    return changes, moves


def _from_the_list(source: Desk, target: Desk, enrolment: Enrolment, override: str) -> Move:
    person = people.get(enrolment.person_id)
    check_free(target, person, override, besides=source.event.id)
    what = f"a place on {target.event.reference}"
    new_id = target.newcomer(
        person, Status.BOOKED, "booked from a waiting list", what, approved_by=enrolment.approved_by
    )
    source.move(enrolment, Status.TRANSFERRED, "moved from the list", what, moved_to=new_id)
    return Move(
        person.key, person.name, f"waitlisted on {source.event.reference}", f"booked on {target.event.reference}"
    )
