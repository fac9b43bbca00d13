"""What makes an event bookable: one rule, for what is done to an event and for the lists of events."""

from csc_tui.base.context import Context
from csc_tui.base.errors import AlreadyStarted, NotBookable
from csc_tui.core.booking import transitions
from csc_tui.core.booking.event_places import EventPlaces
from csc_tui.core.people import queries as people_queries
from db import calendar
from db.engine.connection import read_transaction
from db.fragments import BOOKABLE
from db.records.startup import EventState
from tests import builders

DAYS = {"past": ("2017-06-11",), "earlier today": ("2017-06-12",), "begun": ("2017-06-11", "2017-06-20"),
        "later today": ("2017-06-12",), "to come": ("2017-06-13",), "undated": (None,)}  # fmt: skip
STARTS = {"earlier today": "10:00", "later today": "10:01"}


def can_be_booked(ctx: Context, reference: str) -> bool:
    with read_transaction():
        places = EventPlaces(ctx, calendar.fetch_event(reference))
    try:
        transitions.check_bookable(
            places.event.reference, places.event.state, started_on=places.facts("", None).started_on
        )
    except (NotBookable, AlreadyStarted):
        return False
    return True


def test_the_list_of_bookable_events_has_exactly_those_that_the_rule_lets_be_booked(ctx: Context) -> None:
    ctx = builders.at(ctx, "2017-06-12T10:00")
    references = []
    for number, state in enumerate(EventState):
        for letter, (when, dates) in zip("ABCDEF", DAYS.items(), strict=True):
            reference = f"BK-{number}{letter}"
            builders.event(reference, state=state, dates=dates, start=STARTS.get(when, "09:30"), end="12:30")
            references.append(reference)
    listed = {line.event for line in people_queries.list_bookable_events(ctx, everything=True)}
    allowed = {reference for reference in references if can_be_booked(ctx, reference)}
    assert listed & set(references) == allowed
    assert len(allowed) == 3 * 3  # three states; later today, to come and undated


def test_the_piece_of_sql_names_the_states_in_which_an_event_is_bookable() -> None:
    assert {state for state in EventState if f"'{state}'" in BOOKABLE} == {s for s in EventState if s.bookable}


def test_the_sentence_is_empty_in_the_states_in_which_an_event_is_bookable() -> None:
    for state in EventState:
        assert bool(transitions.why_not_bookable("BR-90", state)) is not state.bookable
