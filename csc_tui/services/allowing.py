"""What may be done to somebody's place, and why not: the window dims its keys from it before anybody presses one."""

from csc_tui.context import Context
from csc_tui.domain import transitions
from csc_tui.domain.transitions import Action
from csc_tui.services.seats import Desk, is_manager_of
from db import enrolments, events, people
from db.connection import reading
from db.records import Enrolment, Status

Refusals = dict[Action, str]
"""The table's sentence for each action; empty where it is allowed."""


def on_event(ctx: Context, reference: str) -> dict[str, Refusals]:
    """For everybody on the event, by their key, and under NEWCOMER for anybody else. Raises NoSuchEvent."""
    with reading():
        desk = Desk(ctx, events.get(reference))
        found = {f"#{each.person_id}": _refusals(desk, each.name, each) for each in desk.roster}
        return {**found, NEWCOMER: _refusals(desk, "Somebody", None)}


def of_person(ctx: Context, person: str) -> dict[str, Refusals]:
    """For each event the person ever was on, by its reference. Raises NoSuchPerson, AmbiguousPerson."""
    with reading():
        whom = people.find(person)
        references = {each.event for each in enrolments.of_person(whom.id)}
        desks = [Desk(ctx, events.get(reference)) for reference in sorted(references)]
        return {desk.event.reference: _refusals(desk, whom.name, desk.of(whom)) for desk in desks}


def _refusals(desk: Desk, name: str, enrolment: Enrolment | None) -> Refusals:
    manager = False
    if enrolment is not None and enrolment.status is Status.REQUESTED:
        manager = is_manager_of(desk.ctx, people.get(enrolment.person_id))
    override = "" if enrolment else ASKED
    facts = desk.facts(name, enrolment, reason=ASKED, override=override, manager=manager)
    return {action: transitions.why_not(action, facts) for action in Action}


NEWCOMER = ""
ASKED = "asked"
"""A reason is asked for after the key, so that its lack never dims one."""
