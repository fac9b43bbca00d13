"""Actions for people who call or come without being in the database, or without a place on the event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from csc_tui.base.context import Context
from csc_tui.base.transaction import action
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance.actions import NewMark, PersonMark
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking.actions import ORDINARY_BOOKING, WALK_IN_BOOKING, BookingOptions
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people.actions import PersonChange
from db.errors import RuleBroken
from db.records.booking import Outcome
from db.records.startup import Role


@dataclass(frozen=True, slots=True)
class NewBooking:
    """The stored fields of a new person, and the result of booking them, which does not name the person's key again.

    Two are equal when the same would be stored, whatever the number of the new person is.
    """

    added: PersonChange
    booked: Outcome

    @property
    def result(self) -> Outcome:
        """Return the result of the booking with the person's key."""
        return replace(self.booked, person=self.added.person)


@dataclass(frozen=True, slots=True)
class WalkIn:
    """The result of booking somebody who came without a place, and their mark."""

    booked: Outcome
    mark: PersonMark


@action(role=Role.BOOKER)
def book_new_person(
    ctx: Context,
    reference: str,
    wanted: Mapping[str, str],
    options: BookingOptions = ORDINARY_BOOKING,
    *,
    override: str = "",
) -> NewBooking:
    """Add a person and book them on an event, as one step.

    Raises what add_person() and enrol_people() raise.
    """
    added = people_actions.add_person(ctx, wanted)
    (booked,) = booking_actions.enrol_people(ctx, reference, [added.person], options, override=override)
    return NewBooking(added, replace(booked, person=""))


@action(role=Role.BOOKER)
def record_walk_in(
    ctx: Context, reference: str, number: int, whom: str | Mapping[str, str], mark: NewMark, *, override: str = ""
) -> WalkIn:
    """Book somebody who came to a session without a place and mark them, as one step.

    `whom` is a PERSON reference, or the fields of a new person, who is added.
    They have a free place although people wait for it; beyond the capacity, `override` must say why. Raises what
    enrol_people() and mark_person() raise, and RuleBroken for a person who has a place.
    """
    person = whom if isinstance(whom, str) else people_actions.add_person(ctx, whom).person
    (booked,) = booking_actions.enrol_people(ctx, reference, [person], WALK_IN_BOOKING, override=override)
    if booked.outcome == "already":
        raise RuleBroken(
            f"{booked.name} is already on the register of {reference.strip().upper()}. Nothing was changed."
        )
    (marked,) = attendance_actions.mark_person(ctx, reference, number, booked.person, mark, reason=override)
    return WalkIn(booked, marked)
