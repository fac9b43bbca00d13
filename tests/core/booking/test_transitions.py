"""The table of moves: from which status and state one goes where, and what is said when one does not."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from csc_tui.base.errors import AlreadyStarted, Overridable
from csc_tui.core.booking.transitions import (
    ENROLMENT_MOVES,
    EVENT_STATE_MOVES,
    EnrolmentAction,
    EnrolmentFacts,
    check_allowed,
    check_bookable,
    check_event_state,
    why_not_allowed,
    why_not_changeable,
)
from db.errors import RuleBroken
from db.records.booking import Status
from db.records.remedies import RemedyKind
from db.records.startup import EventState, Role

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
        check_event_state("BR-90", before, after, people=0)
    else:
        with pytest.raises(RuleBroken, match="Nothing was changed"):
            check_event_state("BR-90", before, after, people=0)


def test_every_state_has_its_line_and_cancelled_is_reached_from_all_but_closed() -> None:
    assert set(EVENT_STATE_MOVES) == set(EventState)
    assert {before for before, after in ALLOWED if after == "cancelled"} == set(EventState) - {"closed", "cancelled"}


def test_the_sentence_says_where_one_can_go_instead() -> None:
    with pytest.raises(RuleBroken, match="is draft; it cannot become closed: from there it can become open or cancell"):
        check_event_state("BR-90", EventState.DRAFT, EventState.CLOSED, people=0)
    with pytest.raises(RuleBroken, match="that is final"):
        check_event_state("BR-90", EventState.CLOSED, EventState.OPEN, people=0)


def test_an_event_with_people_does_not_go_back_to_draft() -> None:
    with pytest.raises(RuleBroken, match="has people on it"):
        check_event_state("BR-90", EventState.OPEN, EventState.DRAFT, people=1)


# What the design draws, by hand: everything else is a sentence.
_S = Status
LEADS_TO: dict[tuple[EnrolmentAction, Status | None], Status] = {
    (EnrolmentAction.BOOK, None): _S.BOOKED,
    (EnrolmentAction.REQUEST, None): _S.REQUESTED,
    (EnrolmentAction.JOIN_LIST, None): _S.WAITLISTED,
    (EnrolmentAction.JOIN_LIST, _S.REQUESTED): _S.WAITLISTED,
    (EnrolmentAction.APPROVE, _S.REQUESTED): _S.BOOKED,
    (EnrolmentAction.DECLINE, _S.REQUESTED): _S.DECLINED,
    (EnrolmentAction.LAPSE, _S.REQUESTED): _S.EXPIRED,
    (EnrolmentAction.PROMOTE, _S.WAITLISTED): _S.BOOKED,
    (EnrolmentAction.OFFER, _S.WAITLISTED): _S.OFFERED,
    (EnrolmentAction.ACCEPT, _S.OFFERED): _S.BOOKED,
    (EnrolmentAction.EXPIRE, _S.OFFERED): _S.EXPIRED,
    (EnrolmentAction.REORDER, _S.WAITLISTED): _S.WAITLISTED,
    **{(EnrolmentAction.CANCEL, each): _S.CANCELLED for each in (_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED)},
    (EnrolmentAction.TRANSFER, _S.BOOKED): _S.TRANSFERRED,
    (EnrolmentAction.TRANSFER, _S.WAITLISTED): _S.TRANSFERRED,
    (EnrolmentAction.SUBSTITUTE, _S.BOOKED): _S.SUBSTITUTED,
    **{
        (EnrolmentAction.CALL_OFF, each): _S.EVENT_CANCELLED
        for each in (_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED)
    },
}
FACTS = EnrolmentFacts(
    name="Jo Smith", event="BR-90", state=EventState.OPEN, role=Role.ADMINISTRATOR, today=date(2017, 6, 1), free=1,
    reason="ill",
)  # fmt: skip


def test_the_table_has_a_line_for_every_action() -> None:
    assert set(ENROLMENT_MOVES) == set(EnrolmentAction)


@pytest.mark.parametrize(("action", "status"), list(product(EnrolmentAction, (None, *Status))), ids=str)
def test_every_action_from_every_status_leads_somewhere_or_says_why_not(
    action: EnrolmentAction, status: Status | None
) -> None:
    facts = replace(FACTS, status=status)
    if (action, status) in LEADS_TO:
        assert why_not_allowed(action, facts) == ""
        assert check_allowed(action, facts) is LEADS_TO[action, status]
        return
    sentence = why_not_allowed(action, facts)
    assert sentence.startswith("Jo Smith ")
    assert "BR-90" in sentence
    assert sentence.endswith(".")
    assert "_" not in sentence
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        check_allowed(action, facts)


def test_what_has_taken_place_is_said_as_such() -> None:
    sentence = why_not_allowed(EnrolmentAction.CANCEL, replace(FACTS, status=Status.NO_SHOW))
    assert sentence == "Jo Smith has the outcome 'no show' on BR-90: a place with an outcome cannot be changed."


BEGUN = {"started_on": date(2017, 5, 30)}
CUT_OFF = {"closed_on": date(2017, 5, 31)}


@pytest.mark.parametrize(
    ("action", "status", "facts", "sentence"),
    [
        (EnrolmentAction.BOOK, None, {"state": EventState.DRAFT}, "BR-90 cannot be booked: it is draft."),
        (EnrolmentAction.BOOK, None, BEGUN, "BR-90 began on Tue 30 May 2017."),
        (EnrolmentAction.BOOK, None, {**BEGUN, "override": "was there"}, ""),
        (EnrolmentAction.BOOK, None, CUT_OFF, ""),  # a coordinator books on; the cut-off stops the program alone
        (EnrolmentAction.JOIN_LIST, None, {"role": Role.COORDINATOR},
         "BR-90 still has places; only an administrator may add a person to its waiting list."),
        (EnrolmentAction.JOIN_LIST, None, {"role": Role.BOOKER, "free": 0}, ""),
        (EnrolmentAction.JOIN_LIST, None, {"role": Role.BOOKER, "ahead": 1}, ""),  # the free place is somebody else's
        (EnrolmentAction.APPROVE, Status.REQUESTED, {"role": Role.BOOKER},
         "Only a coordinator or Jo Smith's line manager may decide on a request."),
        (EnrolmentAction.APPROVE, Status.REQUESTED, {"role": Role.BOOKER, "manager": True}, ""),
        (EnrolmentAction.APPROVE, Status.REQUESTED, {"role": Role.COORDINATOR}, ""),
        (EnrolmentAction.DECLINE, Status.REQUESTED, {"reason": " "}, "A reason is needed."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"free": 0}, "No place on BR-90 is free."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"free": 0, "ahead": 2},
         "No place on BR-90 is free; 2 people are before Jo Smith on the waiting list."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"free": 0, "held_for": "Bo Lee"},
         "No place on BR-90 is free; a place is held for Bo Lee."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"ahead": 1}, "1 person is before Jo Smith on the waiting list."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"ahead": 1, "free": 2}, ""),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {"closed_on": date(2017, 6, 1)}, ""),  # on the last day still
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, CUT_OFF, "Booking for BR-90 closed on Wed 31 May 2017."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, BEGUN | {"override": "yes"}, "BR-90 began on Tue 30 May 2017."),
        (EnrolmentAction.PROMOTE, Status.WAITLISTED, {**BEGUN, **CUT_OFF}, "BR-90 began on Tue 30 May 2017."),
        (EnrolmentAction.OFFER, Status.WAITLISTED, CUT_OFF, "Booking for BR-90 closed on Wed 31 May 2017."),
        (EnrolmentAction.ACCEPT, Status.OFFERED, CUT_OFF, ""),  # it was held before
        (EnrolmentAction.ACCEPT, Status.OFFERED, BEGUN, "BR-90 began on Tue 30 May 2017."),
        (EnrolmentAction.CANCEL, Status.BOOKED, {"reason": ""}, "A reason is needed."),
        (EnrolmentAction.CANCEL, Status.BOOKED, BEGUN, ""),
        (EnrolmentAction.CANCEL, Status.BOOKED, {"state": EventState.CANCELLED},
         "BR-90 is cancelled; its places can no longer be changed."),
        (EnrolmentAction.SUBSTITUTE, Status.BOOKED, BEGUN, "BR-90 began on Tue 30 May 2017."),
        (EnrolmentAction.REORDER, Status.WAITLISTED, {"role": Role.BOOKER}, "Only a coordinator may change the order."),
        (
            EnrolmentAction.CALL_OFF, Status.BOOKED, {"role": Role.BOOKER},
            "Only a coordinator may cancel the whole event.",
        ),
        (EnrolmentAction.LAPSE, Status.REQUESTED, {"role": Role.VIEWER}, ""),  # time does it, whoever looks
        (EnrolmentAction.EXPIRE, Status.OFFERED, {"role": Role.VIEWER}, ""),
    ],
)  # fmt: skip
def test_conditions_and_restrictions_have_their_sentences(
    action: EnrolmentAction, status: Status | None, facts: dict[str, Any], sentence: str
) -> None:
    assert why_not_allowed(action, replace(FACTS, status=status, **facts)) == sentence


@pytest.mark.parametrize("action", list(EnrolmentAction), ids=str)
def test_a_viewer_does_nothing_that_somebody_decides(action: EnrolmentAction) -> None:
    rule = ENROLMENT_MOVES[action]
    status = next(iter(rule.sources))
    sentence = why_not_allowed(action, replace(FACTS, status=status, role=Role.VIEWER))
    by_itself = action in (
        EnrolmentAction.LAPSE,
        EnrolmentAction.PROMOTE,
        EnrolmentAction.OFFER,
        EnrolmentAction.EXPIRE,
    )
    assert (sentence == "") is by_itself


@pytest.mark.parametrize(
    ("action", "status", "sentence"),
    [
        (EnrolmentAction.CANCEL, None,
         "Jo Smith is not on BR-90; only a place, a request or a place on the waiting list can be cancelled."),
        (EnrolmentAction.BOOK, Status.BOOKED,
         "Jo Smith is booked on BR-90; only someone without a place can be booked."),
        (EnrolmentAction.JOIN_LIST, Status.WAITLISTED,
         "Jo Smith is waitlisted on BR-90; only someone without a place can join the waiting list."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_the_action_is_for(action: EnrolmentAction, status: Status | None, sentence: str) -> None:
    assert why_not_allowed(action, replace(FACTS, status=status)) == sentence


def test_no_place_is_free_unless_it_is_said_that_one_is() -> None:
    facts = EnrolmentFacts("Jo Smith", "BR-90", EventState.OPEN, Role.ADMINISTRATOR, date(2017, 6, 1), _S.WAITLISTED)
    assert why_not_allowed(EnrolmentAction.PROMOTE, facts) == "No place on BR-90 is free."


@pytest.mark.parametrize(
    ("action", "facts", "remedy"),
    [
        (EnrolmentAction.BOOK, {**BEGUN}, RemedyKind.OVERRIDE_RULE),
        (EnrolmentAction.DECLINE, {"status": _S.REQUESTED, "reason": ""}, RemedyKind.GIVE_REASON),
    ],
)
def test_a_refusal_that_a_reason_sets_aside_says_which_reason(
    action: EnrolmentAction, facts: dict[str, Any], remedy: str
) -> None:
    with pytest.raises(Overridable) as problem:
        check_allowed(action, replace(FACTS, **facts))
    assert problem.value.remedy is not None
    assert problem.value.remedy.kind == remedy


def test_a_refusal_that_no_reason_sets_aside_offers_none() -> None:
    with pytest.raises(RuleBroken) as problem:
        check_allowed(EnrolmentAction.PROMOTE, replace(FACTS, status=_S.WAITLISTED, free=0))
    assert not isinstance(problem.value, Overridable)


def test_an_event_that_began_can_be_booked_with_a_reason_alone() -> None:
    began = date(2017, 5, 30)
    with pytest.raises(AlreadyStarted):
        check_bookable("BR-90", EventState.OPEN, started_on=began)
    check_bookable("BR-90", EventState.OPEN, started_on=began, override="was there")
    check_bookable("BR-90", EventState.OPEN)


@pytest.mark.parametrize("state", list(EventState))
def test_only_what_is_cancelled_or_closed_is_not_changed_any_more(state: EventState) -> None:
    final = state in (EventState.CANCELLED, EventState.CLOSED)
    assert why_not_changeable("BR-90", state) == (f"BR-90 is {state} and can no longer be changed." if final else "")


def test_an_event_with_people_takes_every_other_step() -> None:
    for before, after in ALLOWED - {("open", "draft")}:
        check_event_state("BR-90", EventState(before), EventState(after), people=3)
