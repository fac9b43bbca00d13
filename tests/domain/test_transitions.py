"""From which state an event goes to which."""

from itertools import product

import pytest

from csc_tui.domain.transitions import EVENT_MOVES, check_event_move
from db.errors import RuleBroken
from db.records import EventState

ALLOWED = {
    ("draft", "open"), ("draft", "cancelled"),
    ("open", "draft"), ("open", "tentative"), ("open", "confirmed"), ("open", "cancelled"),
    ("tentative", "open"), ("tentative", "confirmed"), ("tentative", "cancelled"),
    ("confirmed", "tentative"), ("confirmed", "delivered"), ("confirmed", "cancelled"),
    ("delivered", "confirmed"), ("delivered", "closed"), ("delivered", "cancelled"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product(EventState, EventState)))
def test_an_event_goes_the_ways_of_the_design_and_no_other(before: EventState, after: EventState) -> None:
    if (before, after) in ALLOWED:
        check_event_move("BR-90", before, after, people=0)
    else:
        with pytest.raises(RuleBroken, match="Nothing was changed"):
            check_event_move("BR-90", before, after, people=0)


def test_every_state_has_its_line_and_cancelled_is_reached_from_all_but_closed() -> None:
    assert set(EVENT_MOVES) == set(EventState)
    assert {before for before, after in ALLOWED if after == "cancelled"} == set(EventState) - {"closed", "cancelled"}


def test_the_sentence_says_where_one_can_go_instead() -> None:
    with pytest.raises(RuleBroken, match="is draft; it cannot become closed: from there it can become open or cancell"):
        check_event_move("BR-90", EventState.DRAFT, EventState.CLOSED, people=0)
    with pytest.raises(RuleBroken, match="that is for good"):
        check_event_move("BR-90", EventState.CLOSED, EventState.OPEN, people=0)


def test_an_event_with_people_does_not_go_back_to_draft() -> None:
    with pytest.raises(RuleBroken, match="has people on it"):
        check_event_move("BR-90", EventState.OPEN, EventState.DRAFT, people=1)
