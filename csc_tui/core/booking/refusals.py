"""Refusals: why each action on a person's place is not allowed, so that the window can dim its keys beforehand."""

from collections.abc import Iterator, Mapping

from csc_tui.base.context import Context
from csc_tui.core.booking import transitions
from csc_tui.core.booking.event_places import EventPlaces, is_manager_of
from csc_tui.core.booking.transitions import EnrolmentAction
from db import booking, calendar, people
from db.engine.connection import read_transaction
from db.records.booking import Enrolment, Status

Refusals = dict[EnrolmentAction, str]
"""The sentence for each action that says why it is not allowed; empty where it is."""


class EventRefusals(Mapping[str, Refusals]):
    """The refusals of everybody on an event by their key, and of anybody else under NEWCOMER.

    They are worked out when asked for, because a roster may have a thousand people.
    """

    def __init__(self, places: EventPlaces) -> None:
        """Take over what was read of the event.

        To be called inside read_transaction(), because nothing is read later.
        """
        self._places = places
        self._managed = {each.id for each in places.roster if _decides_as_manager(places, each)}
        self._enrolments = {f"#{each.person_id}": each for each in places.roster}
        self._found = {NEWCOMER: _refusals(places, "Someone", None, manager=False)}

    def __getitem__(self, person: str) -> Refusals:
        if person not in self._found:
            enrolment = self._enrolments[person]
            manager = enrolment.id in self._managed
            self._found[person] = _refusals(self._places, enrolment.name, enrolment, manager=manager)
        return self._found[person]

    def __iter__(self) -> Iterator[str]:
        return iter((*self._enrolments, NEWCOMER))

    def __len__(self) -> int:
        return len(self._enrolments) + 1


def list_event_refusals(ctx: Context, reference: str) -> Mapping[str, Refusals]:
    """Return the refusals of everybody on an event by their key, and of anybody else under NEWCOMER.

    Raises NoSuchEvent.
    """
    with read_transaction():
        return EventRefusals(EventPlaces(ctx, calendar.fetch_event(reference)))


def list_person_refusals(ctx: Context, person: str) -> dict[str, Refusals]:
    """Return the refusals of a person for each event they ever were on, by its reference.

    Raises NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        whom = people.find_person(person)
        references = {each.event for each in booking.fetch_person_enrolments(whom.id)}
        found_places = [EventPlaces(ctx, calendar.fetch_event(reference)) for reference in sorted(references)]
        found = {}
        for places in found_places:
            enrolment = places.find_enrolment(whom)
            manager = enrolment is not None and _decides_as_manager(places, enrolment)
            found[places.event.reference] = _refusals(places, whom.name, enrolment, manager=manager)
        return found


def _decides_as_manager(places: EventPlaces, enrolment: Enrolment) -> bool:
    """Return whether the enrolment is a request that the actor decides on as the person's line manager."""
    return enrolment.status is Status.REQUESTED and is_manager_of(places.ctx, people.fetch_person(enrolment.person_id))


def _refusals(places: EventPlaces, name: str, enrolment: Enrolment | None, *, manager: bool) -> Refusals:
    override = "" if enrolment else REASON_TO_FOLLOW
    facts = places.facts(name, enrolment, reason=REASON_TO_FOLLOW, override=override, manager=manager)
    return {action: transitions.why_not_allowed(action, facts) for action in EnrolmentAction}


NEWCOMER = ""
"""The key for a person who is not on the event."""
REASON_TO_FOLLOW = "asked"
"""The reason in facts about an action not yet chosen: it is asked for after the key, so its lack must not dim a key."""
