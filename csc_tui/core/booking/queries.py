"""The charge list: places given up late or not used, by month and kind of organisation."""

from datetime import date

from csc_tui.base.context import Context
from csc_tui.core.booking.charges import Charge, MissedPlace, charges_for_places, parse_charge_amounts, parse_comma_list
from db import booking
from db.engine.connection import read_transaction


def list_charges(ctx: Context, first: date, last: date) -> list[Charge]:
    """Return the charges for events that begin from `first` to `last`.

    Raises WrongUse when the policy `charges` cannot be read.
    """
    amounts = parse_charge_amounts(ctx.policy["charges"])
    exemptions = parse_comma_list(ctx.policy["charge_exemptions"])
    with read_transaction():
        missed = [MissedPlace(*row) for row in booking.fetch_missed_places(first, last)]
    return charges_for_places(missed, amounts, exemptions)
