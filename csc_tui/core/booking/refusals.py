"""What may be done to somebody's place, and why not: the window dims its keys from it before anybody presses one."""

from collections.abc import Iterator, Mapping

from csc_tui.base.context import Context
from csc_tui.core.booking import transitions
from csc_tui.core.booking.event_places import EventPlaces, is_manager_of
from csc_tui.core.booking.transitions import EnrolmentAction
from db import booking, calendar, people
from db.engine.connection import read_transaction
from db.records.booking import Enrolment, Status

Refusals = dict[EnrolmentAction, str]
"""The table's sentence for each action; empty where it is allowed."""


class EventRefusals(Mapping[str, Refusals]):
    """Those of everybody on an event by their key, and under NEWCOMER of anybody else; worked out for whom it is asked,
    because a roster may have a thousand people."""

    def __init__(self, desk: EventPlaces) -> None:
        """Inside reading(): later nothing is read any more."""
        self._desk = desk
        self._managed = {each.id for each in desk.roster if _decides_as_manager(desk, each)}
        self._enrolments = {f"#{each.person_id}": each for each in desk.roster}
        self._found = {NEWCOMER: _refusals(desk, "Somebody", None, manager=False)}

    def __getitem__(self, person: str) -> Refusals:
        if person not in self._found:
            enrolment = self._enrolments[person]
            manager = enrolment.id in self._managed
            self._found[person] = _refusals(self._desk, enrolment.name, enrolment, manager=manager)
        return self._found[person]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._enrolments, NEWCOMER))

    def __len__(self) -> int:
        return len(self._enrolments) + 1


def list_event_refusals(ctx: Context, reference: str) -> Mapping[str, Refusals]:
    """For everybody on the event, by their key, and under NEWCOMER for anybody else. Raises NoSuchEvent."""
    with read_transaction():
        return EventRefusals(EventPlaces(ctx, calendar.fetch_event(reference)))


def list_person_refusals(ctx: Context, person: str) -> dict[str, Refusals]:
    """For each event the person ever was on, by its reference. Raises NoSuchPerson, AmbiguousPerson."""
    with read_transaction():
        whom = people.find_person(person)
        references = {each.event for each in booking.fetch_person_enrolments(whom.id)}
        desks = [EventPlaces(ctx, calendar.fetch_event(reference)) for reference in sorted(references)]
        found = {}
        for desk in desks:
            enrolment = desk.of(whom)
            manager = enrolment is not None and _decides_as_manager(desk, enrolment)
            found[desk.event.reference] = _refusals(desk, whom.name, enrolment, manager=manager)
        return found


def _decides_as_manager(desk: EventPlaces, enrolment: Enrolment) -> bool:
    """Whether it is a request that the actor decides on as the person's line manager."""
    return enrolment.status is Status.REQUESTED and is_manager_of(desk.ctx, people.fetch_person(enrolment.person_id))


def _refusals(desk: EventPlaces, name: str, enrolment: Enrolment | None, *, manager: bool) -> Refusals:
    override = "" if enrolment else REASON_TO_FOLLOW
    facts = desk.facts(name, enrolment, reason=REASON_TO_FOLLOW, override=override, manager=manager)
    return {action: transitions.why_not_allowed(action, facts) for action in EnrolmentAction}


NEWCOMER = ""
REASON_TO_FOLLOW = "asked"
"""A reason is asked for after the key, so that its lack never dims one."""
