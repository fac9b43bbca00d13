"""Queries about places: the charge list, and a person's other places on a course."""

from datetime import date

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import seating
from csc_tui.core.booking.charges import Charge, MissedPlace, charges_for_places, parse_charge_amounts, parse_comma_list
from csc_tui.core.booking.event_places import EventPlaces
from db import booking, calendar, people
from db.engine.connection import read_transaction
from db.records.booking import Status
from db.records.catalogue import Approval


def list_charges(ctx: Context, first: date, last: date) -> list[Charge]:
    """Return the charges for events that begin from `first` to `last`.

    Raises WrongUse when the policy `charges` cannot be read.
    """
    amounts = parse_charge_amounts(ctx.policy["charges"])
    exemptions = parse_comma_list(ctx.policy["charge_exemptions"])
    with read_transaction():
        missed = [MissedPlace(*row) for row in booking.fetch_missed_places(first, last)]
    return charges_for_places(missed, amounts, exemptions)


def list_other_places(ctx: Context, reference: str, person: str) -> list[str]:
    """Return sentences on a person's places on other events of an event's course, and its completion.

    They say what would become of other waiting if the person got a place now. Raises NoSuchEvent, NoSuchPerson and
    AmbiguousPerson.
    """
    with read_transaction():
        places = EventPlaces(ctx, calendar.fetch_event(reference))
        return booking_actions.describe_other_places(places, people.find_person(person), booked=True)


def list_waiting_to_ask_about(ctx: Context, reference: str, person: str) -> list[str]:
    """Return the other events of the course for which a person waits, where they would get a place and it is asked.

    Raises NoSuchEvent, NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        places = EventPlaces(ctx, calendar.fetch_event(reference))
        whom = people.find_person(person)
        status = seating.status_for_newcomer(places.roster, places.event.seats)
        if status is not Status.BOOKED or places.rules.approval is not Approval.NONE or places.find_enrolment(whom):
            return []
        return booking_actions.list_waiting_to_decide(places, whom)
