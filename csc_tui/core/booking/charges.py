"""Charges for late cancellations and unused places: amounts by kind of organisation, with exemptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.errors import WrongUse
from db.records.people import OrganisationKind

EXEMPT_ORGANISATION = "organisation exempt"
"""The exemption of everybody of an organisation that is never charged."""


@dataclass(frozen=True, slots=True)
class MissedPlace:
    """A place that nobody used, because it was given up late or simply not taken."""

    on: date
    event: str
    person: str
    name: str
    organisation: str
    kind: OrganisationKind
    what: str
    reason: str
    organisation_exempt: bool


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the charge list: a missed place and what it costs.

    `amount` is in whole pounds; `exempt` is the exemption that made it 0, if one did.
    """

    month: str
    kind: str
    organisation: str
    person: str
    name: str
    event: str
    what: str
    reason: str
    amount: int
    exempt: str


def charges_for_places(
    missed: Sequence[MissedPlace], amounts: Mapping[str, int], exemptions: Sequence[str]
) -> list[Charge]:
    """Return one charge for each missed place, by month, kind, organisation, name and event.

    `amounts` maps a kind of organisation to whole pounds. An exemption applies where the reason begins with it, or to
    everybody of an organisation that is exempt.
    """
    lines = []
    for each in missed:
        exempt = next((word for word in exemptions if each.reason.casefold().startswith(word.casefold())), "")
        exempt = EXEMPT_ORGANISATION if each.organisation_exempt else exempt
        amount = 0 if exempt else amounts.get(each.kind.value, 0)
        lines.append(
            Charge(f"{each.on:%Y-%m}", each.kind.value, each.organisation, each.person, each.name, each.event,
                   each.what, each.reason, amount, exempt)
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.month, line.kind, line.organisation, line.name, line.event))


def parse_charge_amounts(text: str) -> dict[str, int]:
    """Return the amounts in a text such as `council=0, school=50`, by kind of organisation. Raises WrongUse."""
    found = {}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        kind, _, amount = (part.strip() for part in piece.partition("="))
        if kind not in OrganisationKind.__members__.values() or not amount.isdecimal():
            known = ", ".join(OrganisationKind)
            raise WrongUse(f"Type the policy 'charges' as 'council=0, school=50' with {known}, not '{piece}'.")
        found[kind] = int(amount)
    return found


def parse_comma_list(text: str) -> list[str]:
    """Return the parts of a text such as `illness, bereavement`, without blanks and empty parts."""
    return [part for part in (piece.strip() for piece in text.split(",")) if part]
