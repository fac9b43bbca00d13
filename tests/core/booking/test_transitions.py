"""The table of moves: from which status and state one goes where, and what is said when one does not."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from csc_tui.core.booking.transitions import EVENT_MOVES, MOVES, Action, Facts, check, check_event_move, why_not
from db.errors import RuleBroken
from db.records.booking import Status
from db.records.first_picture import EventState, Role

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


# What the design draws, by hand: everything else is a sentence.
_S = Status
LEADS_TO = {
    (Action.BOOK, None): _S.BOOKED,
    (Action.REQUEST, None): _S.REQUESTED,
    (Action.JOIN_LIST, None): _S.WAITLISTED,
    (Action.JOIN_LIST, _S.REQUESTED): _S.WAITLISTED,
    (Action.APPROVE, _S.REQUESTED): _S.BOOKED,
    (Action.DECLINE, _S.REQUESTED): _S.DECLINED,
    (Action.LAPSE, _S.REQUESTED): _S.EXPIRED,
    (Action.PROMOTE, _S.WAITLISTED): _S.BOOKED,
    (Action.OFFER, _S.WAITLISTED): _S.OFFERED,
    (Action.ACCEPT, _S.OFFERED): _S.BOOKED,
    (Action.EXPIRE, _S.OFFERED): _S.EXPIRED,
    (Action.REORDER, _S.WAITLISTED): _S.WAITLISTED,
    **{(Action.CANCEL, each): _S.CANCELLED for each in (_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED)},
    (Action.TRANSFER, _S.BOOKED): _S.TRANSFERRED,
    (Action.TRANSFER, _S.WAITLISTED): _S.TRANSFERRED,
    (Action.SUBSTITUTE, _S.BOOKED): _S.SUBSTITUTED,
    **{(Action.CALL_OFF, each): _S.EVENT_CANCELLED for each in (_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED)},
}  # fmt: skip
FACTS = Facts(
    name="Jo Smith", event="BR-90", state=EventState.OPEN, role=Role.ADMINISTRATOR, today=date(2017, 6, 1), free=1,
    reason="ill",
)  # fmt: skip


def test_the_table_has_a_line_for_every_action() -> None:
    assert set(MOVES) == set(Action)


@pytest.mark.parametrize(("action", "status"), list(product(Action, (None, *Status))), ids=str)
def test_every_action_from_every_status_leads_somewhere_or_says_why_not(action: Action, status: Status | None) -> None:
    facts = replace(FACTS, status=status)
    if (action, status) in LEADS_TO:
        assert why_not(action, facts) == ""
        assert check(action, facts) is LEADS_TO[action, status]
        return
    sentence = why_not(action, facts)
    assert sentence.startswith("Jo Smith ")
    assert "BR-90" in sentence
    assert sentence.endswith(".")
    assert "_" not in sentence
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        check(action, facts)


def test_what_has_taken_place_is_said_as_such() -> None:
    sentence = why_not(Action.CANCEL, replace(FACTS, status=Status.NO_SHOW))
    assert sentence == "Jo Smith has the outcome 'no show' on BR-90: what has taken place cannot be changed."


BEGUN = {"started_on": date(2017, 5, 30)}
CUT_OFF = {"closed_on": date(2017, 5, 31)}


@pytest.mark.parametrize(
    ("action", "status", "facts", "sentence"),
    [
        (Action.BOOK, None, {"state": EventState.DRAFT}, "BR-90 cannot be booked: it is draft."),
        (Action.BOOK, None, BEGUN, "BR-90 began on 30/05/2017."),
        (Action.BOOK, None, {**BEGUN, "override": "was there"}, ""),
        (Action.BOOK, None, CUT_OFF, ""),  # a coordinator books on; only the program itself stops at the cut-off
        (Action.JOIN_LIST, None, {"role": Role.COORDINATOR},
         "BR-90 still has places; only an administrator may put somebody on its waiting list."),
        (Action.JOIN_LIST, None, {"role": Role.BOOKER, "free": 0}, ""),
        (Action.JOIN_LIST, None, {"role": Role.BOOKER, "ahead": 1}, ""),  # the free place is somebody else's
        (Action.APPROVE, Status.REQUESTED, {"role": Role.BOOKER},
         "Only a coordinator or Jo Smith's line manager may decide on a request."),
        (Action.APPROVE, Status.REQUESTED, {"role": Role.BOOKER, "manager": True}, ""),
        (Action.DECLINE, Status.REQUESTED, {"reason": " "}, "A reason is needed."),
        (Action.PROMOTE, Status.WAITLISTED, {"free": 0}, "No place on BR-90 is free."),
        (Action.PROMOTE, Status.WAITLISTED, {"free": 0, "ahead": 2},
         "No place on BR-90 is free; 2 people are before Jo Smith on the waiting list."),
        (Action.PROMOTE, Status.WAITLISTED, {"free": 0, "held_for": "Bo Lee"},
         "No place on BR-90 is free; a place is held for Bo Lee."),
        (Action.PROMOTE, Status.WAITLISTED, {"ahead": 1}, "1 person is before Jo Smith on the waiting list."),
        (Action.PROMOTE, Status.WAITLISTED, {"ahead": 1, "free": 2}, ""),
        (Action.PROMOTE, Status.WAITLISTED, {"closed_on": date(2017, 6, 1)}, ""),  # on the last day still
        (Action.PROMOTE, Status.WAITLISTED, CUT_OFF, "Booking for BR-90 closed on 31/05/2017."),
        (Action.PROMOTE, Status.WAITLISTED, {**BEGUN, "override": "please"}, "BR-90 began on 30/05/2017."),
        (Action.OFFER, Status.WAITLISTED, CUT_OFF, "Booking for BR-90 closed on 31/05/2017."),
        (Action.ACCEPT, Status.OFFERED, CUT_OFF, ""),  # it was held before
        (Action.ACCEPT, Status.OFFERED, BEGUN, "BR-90 began on 30/05/2017."),
        (Action.CANCEL, Status.BOOKED, {"reason": ""}, "A reason is needed."),
        (Action.CANCEL, Status.BOOKED, BEGUN, ""),
        (Action.CANCEL, Status.BOOKED, {"state": EventState.CANCELLED},
         "BR-90 is cancelled; its places are not changed any more."),
        (Action.SUBSTITUTE, Status.BOOKED, BEGUN, "BR-90 began on 30/05/2017."),
        (Action.REORDER, Status.WAITLISTED, {"role": Role.BOOKER}, "Only a coordinator may change the order."),
        (Action.CALL_OFF, Status.BOOKED, {"role": Role.BOOKER}, "Only a coordinator may call off."),
        (Action.LAPSE, Status.REQUESTED, {"role": Role.VIEWER}, ""),  # time does it, whoever looks
        (Action.EXPIRE, Status.OFFERED, {"role": Role.VIEWER}, ""),
    ],
)  # fmt: skip
def test_conditions_and_restrictions_have_their_sentences(
    action: Action, status: Status | None, facts: dict[str, Any], sentence: str
) -> None:
    assert why_not(action, replace(FACTS, status=status, **facts)) == sentence


@pytest.mark.parametrize("action", list(Action), ids=str)
def test_a_viewer_does_nothing_that_somebody_decides(action: Action) -> None:
    rule = MOVES[action]
    status = next(iter(rule.sources))
    sentence = why_not(action, replace(FACTS, status=status, role=Role.VIEWER))
    by_itself = action in (Action.LAPSE, Action.PROMOTE, Action.OFFER, Action.EXPIRE)
    assert (sentence == "") is by_itself
