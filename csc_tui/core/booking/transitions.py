"""The table of moves of an enrolment and of an event: who may, from where to where, under which conditions.

It also has the sentence for a move that is not allowed, which the window and the command line show alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from csc_tui.base.errors import AlreadyStarted, NotBookable, Overridable
from csc_tui.base.text import format_date, status_label
from db.errors import RuleBroken
from db.records.booking import Status
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role


class EnrolmentAction(StrEnum):
    """An action on a person's enrolment."""

    BOOK = "book"
    REQUEST = "request"
    JOIN_LIST = "join the waiting list"
    APPROVE = "approve"
    DECLINE = "decline"
    LAPSE = "lapse"
    PROMOTE = "promote"
    OFFER = "offer a place"
    ACCEPT = "accept"
    EXPIRE = "expire"
    REORDER = "change the order"
    CANCEL = "cancel"
    TRANSFER = "transfer"
    SUBSTITUTE = "substitute"
    CALL_OFF = "cancel the whole event"


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """The facts about a person and an event that the table of moves asks for.

    `status` is None for a person who is not on the event; `closed_on` is the last day on which places are given, None
    while there is no date; `free` counts the free seats and `ahead` the people before the person on the list; `manager`
    says whether the actor is the person's line manager; `held_for` names the people with an offer; `elsewhere` names
    the person's place on another event of the course.
    """

    name: str
    event: str
    state: EventState
    role: Role
    today: date
    status: Status | None = None
    started_on: date | None = None
    closed_on: date | None = None
    free: int = 0
    ahead: int = 0
    reason: str = ""
    override: str = ""
    manager: bool = False
    held_for: str = ""
    elsewhere: str = ""


Condition = Callable[[EnrolmentFacts], str]
"""A function that returns the sentence saying why the condition does not hold; empty when it does."""


def _bookable(facts: EnrolmentFacts) -> str:
    return why_not_bookable(facts.event, facts.state).removesuffix(".")


def _not_called_off(facts: EnrolmentFacts) -> str:
    called_off = facts.state is EventState.CANCELLED
    return f"{facts.event} is cancelled; its places can no longer be changed" if called_off else ""


def _not_started(facts: EnrolmentFacts) -> str:
    return "" if facts.override else _began(facts)


def _began(facts: EnrolmentFacts) -> str:
    return f"{facts.event} began on {format_date(facts.started_on)}" if facts.started_on else ""


def _still_open(facts: EnrolmentFacts) -> str:
    """The program gives places by itself only until the booking cut-off."""
    if facts.started_on or facts.closed_on is None or facts.today <= facts.closed_on:
        return _began(facts)
    return f"booking for {facts.event} closed on {format_date(facts.closed_on)}"


def _seat_free(facts: EnrolmentFacts) -> str:
    if facts.free > 0:
        return ""
    held = f"; a place is held for {facts.held_for}" if facts.held_for else ""
    first = f"; {_ahead(facts)}" if facts.ahead else ""
    return f"no place on {facts.event} is free{held}{first}"


def _first_in_line(facts: EnrolmentFacts) -> str:
    """People who joined the list earlier come first, for as many places as are free."""
    return "" if facts.ahead < facts.free else _ahead(facts)


def _ahead(facts: EnrolmentFacts) -> str:
    many = "1 person is" if facts.ahead == 1 else f"{facts.ahead} people are"
    return f"{many} before {facts.name} on the waiting list"


def _only_place(facts: EnrolmentFacts) -> str:
    """A second place on the course is never given without a question."""
    if not facts.elsewhere:
        return ""
    return (
        f"{facts.name} has a place on {facts.elsewhere}, so a place on {facts.event} that comes free is offered and "
        "not booked"
    )


def _list_needed(facts: EnrolmentFacts) -> str:
    """Only an administrator may make a person wait who could have a place."""
    if facts.role >= Role.ADMINISTRATOR or facts.ahead >= facts.free:
        return ""
    return f"{facts.event} still has places; only an {Role.ADMINISTRATOR.word} may add a person to its waiting list"


def _reason(facts: EnrolmentFacts) -> str:
    return "" if facts.reason.strip() else "a reason is needed"


def _approver(facts: EnrolmentFacts) -> str:
    if facts.role >= Role.COORDINATOR or facts.manager:
        return ""
    return f"only a coordinator or {facts.name}'s line manager may decide on a request"


@dataclass(frozen=True, slots=True)
class MoveRule:
    """One line of the table of moves.

    Conditions are asked in their order; the first that does not hold gives the sentence.
    """

    sources: frozenset[Status | None]
    target: Status
    role: Role
    conditions: tuple[Condition, ...] = ()


def _rule(sources: set[Status | None], target: Status, role: Role, *conditions: Condition) -> MoveRule:
    return MoveRule(frozenset(sources), target, role, conditions)


_S = Status
ENROLMENT_MOVES: Mapping[EnrolmentAction, MoveRule] = {
    EnrolmentAction.BOOK: _rule({None}, _S.BOOKED, Role.BOOKER, _bookable, _not_started),
    EnrolmentAction.REQUEST: _rule({None}, _S.REQUESTED, Role.BOOKER, _bookable, _not_started),
    EnrolmentAction.JOIN_LIST: _rule(
        {None, _S.REQUESTED}, _S.WAITLISTED, Role.BOOKER, _bookable, _not_started, _list_needed
    ),
    EnrolmentAction.APPROVE: _rule({_S.REQUESTED}, _S.BOOKED, Role.BOOKER, _approver, _bookable, _not_started),
    EnrolmentAction.DECLINE: _rule({_S.REQUESTED}, _S.DECLINED, Role.BOOKER, _approver, _reason),
    EnrolmentAction.LAPSE: _rule({_S.REQUESTED}, _S.EXPIRED, Role.VIEWER),
    EnrolmentAction.PROMOTE: _rule(
        {_S.WAITLISTED}, _S.BOOKED, Role.VIEWER, _bookable, _still_open, _seat_free, _first_in_line, _only_place
    ),
    EnrolmentAction.OFFER: _rule(
        {_S.WAITLISTED}, _S.OFFERED, Role.VIEWER, _bookable, _still_open, _seat_free, _first_in_line
    ),
    EnrolmentAction.ACCEPT: _rule({_S.OFFERED}, _S.BOOKED, Role.BOOKER, _bookable, _began),
    EnrolmentAction.EXPIRE: _rule({_S.OFFERED}, _S.EXPIRED, Role.VIEWER),
    EnrolmentAction.REORDER: _rule({_S.WAITLISTED}, _S.WAITLISTED, Role.COORDINATOR, _not_called_off, _reason),
    EnrolmentAction.CANCEL: _rule(
        {_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED}, _S.CANCELLED, Role.BOOKER, _not_called_off, _reason
    ),
    EnrolmentAction.TRANSFER: _rule({_S.BOOKED, _S.WAITLISTED}, _S.TRANSFERRED, Role.BOOKER, _not_called_off),
    EnrolmentAction.SUBSTITUTE: _rule({_S.BOOKED}, _S.SUBSTITUTED, Role.BOOKER, _bookable, _not_started),
    EnrolmentAction.CALL_OFF: _rule(
        {_S.REQUESTED, _S.WAITLISTED, _S.OFFERED, _S.BOOKED}, _S.EVENT_CANCELLED, Role.COORDINATOR, _reason
    ),
}


def why_not_allowed(action: EnrolmentAction, facts: EnrolmentFacts) -> str:
    """Return a sentence that says why the action is not allowed; empty when it is."""
    rule = ENROLMENT_MOVES[action]
    if facts.role < rule.role:
        return f"Only a {rule.role.word} may {action}."
    if facts.status not in rule.sources:
        return _wrong_status(action, facts)
    for condition in rule.conditions:
        sentence = condition(facts)
        if sentence:
            return f"{sentence[0].upper()}{sentence[1:]}."
    return ""


def check_allowed(action: EnrolmentAction, facts: EnrolmentFacts) -> Status:
    """Return the status that the action leads to. Raises RuleBroken with the table's sentence, as Overridable when a
    reason helps."""
    sentence = why_not_allowed(action, facts)
    if not sentence:
        return ENROLMENT_MOVES[action].target
    said = f"{sentence} Nothing was changed."
    if not why_not_allowed(action, replace(facts, override="given")):
        raise Overridable(said)
    if not why_not_allowed(action, replace(facts, reason="given")):
        raise Overridable(said, Remedy(RemedyKind.GIVE_REASON))
    raise RuleBroken(said)


_ONLY = {
    EnrolmentAction.BOOK: "only someone without a place can be booked",
    EnrolmentAction.REQUEST: "only someone without a place can request one",
    EnrolmentAction.JOIN_LIST: "only someone without a place can join the waiting list",
    EnrolmentAction.APPROVE: "only a request can be approved",
    EnrolmentAction.DECLINE: "only a request or an offered place can be declined",
    EnrolmentAction.LAPSE: "only a request can lapse",
    EnrolmentAction.PROMOTE: "only someone on the waiting list can move up",
    EnrolmentAction.OFFER: "only someone on the waiting list can be offered a place",
    EnrolmentAction.ACCEPT: "only an offered place can be accepted",
    EnrolmentAction.EXPIRE: "only an offered place can run out",
    EnrolmentAction.REORDER: "only someone on the waiting list can be moved on it",
    EnrolmentAction.CANCEL: "only a place, a request or a place on the waiting list can be cancelled",
    EnrolmentAction.TRANSFER: "only a booked place or a place on the waiting list can be transferred",
    EnrolmentAction.SUBSTITUTE: "only a booked place can be given to another person",
    EnrolmentAction.CALL_OFF: "only a place, a request or a place on the waiting list can be cancelled with the event",
}
"""The end of the sentence that refuses an action because of the status of the person."""


def _wrong_status(action: EnrolmentAction, facts: EnrolmentFacts) -> str:
    if facts.status is None:
        return f"{facts.name} is not on {facts.event}; {_ONLY[action]}."
    said = status_label(facts.status.word)
    if facts.status > Status.BOOKED:
        return f"{facts.name} has the outcome '{said}' on {facts.event}: a place with an outcome cannot be changed."
    return f"{facts.name} is {said} on {facts.event}; {_ONLY[action]}."


def why_not_bookable(reference: str, state: EventState) -> str:
    """Why nobody can be put on an event in this state, as a sentence; empty when people can."""
    return "" if state.bookable else f"{reference} cannot be booked: it is {status_label(state)}."


def check_bookable(reference: str, state: EventState, *, started_on: date | None = None, override: str = "") -> None:
    """Raise NotBookable when nobody can be put on an event in this state, and AlreadyStarted when it has begun and no
    reason sets that aside."""
    if not state.bookable:
        raise NotBookable(reference, state)
    if started_on and not override:
        raise AlreadyStarted(reference, started_on)


EVENT_STATE_MOVES: Mapping[EventState, tuple[EventState, ...]] = {
    EventState.DRAFT: (EventState.OPEN, EventState.CANCELLED),
    EventState.OPEN: (EventState.DRAFT, EventState.TENTATIVE, EventState.CONFIRMED, EventState.CANCELLED),
    EventState.TENTATIVE: (EventState.OPEN, EventState.CONFIRMED, EventState.CANCELLED),
    EventState.CONFIRMED: (EventState.TENTATIVE, EventState.DELIVERED, EventState.CANCELLED),
    EventState.DELIVERED: (EventState.CONFIRMED, EventState.CLOSED, EventState.CANCELLED),
    EventState.CLOSED: (),
    EventState.CANCELLED: (),
}
"""The states that a coordinator may give an event; one step back is a correction, cancelling and closing are final."""


def why_not_changeable(reference: str, state: EventState) -> str:
    """Return a sentence that says why nothing of an event can be changed any more; empty while it can."""
    if state in (EventState.CANCELLED, EventState.CLOSED):
        return f"{reference} is {status_label(state)} and can no longer be changed."
    return ""


def why_not_event_state(reference: str, before: EventState, after: EventState, *, people: int) -> str:
    """Return a sentence that says why an event cannot go from one state to the other; empty when it can.

    `people` is the number of people who hold or want a place on it.
    """
    allowed = EVENT_STATE_MOVES[before]
    if before is after:
        return f"{reference} is already {before}."
    if after not in allowed:
        then = f"from there it can become {' or '.join(allowed)}" if allowed else "that is final"
        return f"{reference} is {before}; it cannot become {after}: {then}."
    if after is EventState.DRAFT and people:
        return f"{reference} has people on it, so it cannot go back to draft."
    return ""


def check_event_state(reference: str, before: EventState, after: EventState, *, people: int) -> None:
    """Raise RuleBroken when an event cannot go from one state to the other."""
    if sentence := why_not_event_state(reference, before, after, people=people):
        raise RuleBroken(f"{sentence} Nothing was changed.")
