"""The charge list: places given up late or not used, by month and kind of organisation."""

from datetime import date

from csc_tui.base.context import Context
from csc_tui.core.booking.charges import Charge, Missed, charges, parse_amounts, parse_list
from db import booking
from db.engine.connection import reading


def charge_list(ctx: Context, first: date, last: date) -> list[Charge]:
    """Everything charged for events that begin from first to last. Raises WrongUse for a policy that says nothing."""
    amounts = parse_amounts(ctx.policy["charges"])
    exemptions = parse_list(ctx.policy["charge_exemptions"])
    with reading():
        missed = [Missed(*row) for row in booking.missed_places(first, last)]
    return charges(missed, amounts, exemptions)
