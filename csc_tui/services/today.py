"""What today asks of a coordinator."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from csc_tui.context import Context
from db import overview
from db.connection import reading

OFFERS_WITHIN, MINIMUM_WITHIN = timedelta(days=2), timedelta(days=14)


class DecisionKind(StrEnum):
    REQUEST = "request"
    OFFER = "offer"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something on an event that somebody has to decide. `number` people ask or are missing, `name` has the offer;
    `due` is since when they ask, when the offer ends (council's clock), or the decision date."""

    kind: DecisionKind
    event: str
    title: str
    number: int
    name: str
    due: datetime | date


def decisions(ctx: Context) -> list[Decision]:
    """Requests to approve, offers that run out within two days, events below their minimum that are to be decided on
    within two weeks."""
    with reading():
        asking = overview.requests()
        offered = overview.offers(ctx.stamp() + OFFERS_WITHIN)
        thin = overview.thin(ctx.today() + MINIMUM_WITHIN)
    found = [Decision(DecisionKind.REQUEST, event, title, many, "", ctx.local(at)) for event, title, many, at in asking]
    found += [Decision(DecisionKind.OFFER, event, title, 1, name, ctx.local(at)) for event, title, name, at in offered]
    found += [Decision(DecisionKind.MINIMUM, event, title, short, "", by) for event, title, short, by in thin]
    return found
