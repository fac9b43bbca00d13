"""Which state follows which, and the sentence when it does not."""

from collections.abc import Mapping

from db.errors import RuleBroken
from db.records import EventState

EVENT_MOVES: Mapping[EventState, tuple[EventState, ...]] = {
    EventState.DRAFT: (EventState.OPEN, EventState.CANCELLED),
    EventState.OPEN: (EventState.DRAFT, EventState.TENTATIVE, EventState.CONFIRMED, EventState.CANCELLED),
    EventState.TENTATIVE: (EventState.OPEN, EventState.CONFIRMED, EventState.CANCELLED),
    EventState.CONFIRMED: (EventState.TENTATIVE, EventState.DELIVERED, EventState.CANCELLED),
    EventState.DELIVERED: (EventState.CONFIRMED, EventState.CLOSED, EventState.CANCELLED),
    EventState.CLOSED: (),
    EventState.CANCELLED: (),
}
"""What a coordinator may turn an event into; back one step is a correction, cancelling and closing are for good."""


def check_event_move(reference: str, before: EventState, after: EventState, *, people: int) -> None:
    """Raise RuleBroken when an event cannot go from one state to the other. `people` hold or want a place on it."""
    allowed = EVENT_MOVES[before]
    if before is after:
        raise RuleBroken(f"{reference} is {before} already. Nothing was changed.")
    if after not in allowed:
        then = f"from there it can become {' or '.join(allowed)}" if allowed else "that is for good"
        raise RuleBroken(f"{reference} is {before}; it cannot become {after}: {then}. Nothing was changed.")
    if after is EventState.DRAFT and people:
        raise RuleBroken(f"{reference} has people on it, so it cannot go back to draft. Nothing was changed.")
