"""Rules about commitments: how one stands on a day."""

from datetime import date, timedelta

from db.records.groups import Commitment, CommitmentState

SOON = timedelta(days=7)
"""The time before its due day from which a commitment counts as due."""


def commitment_standing(commitment: Commitment, today: date) -> str:
    """Return `open`, `due` (today or within a week), `overdue`, or what became of the commitment."""
    if commitment.state is not CommitmentState.OPEN:
        return commitment.state.value
    if commitment.due < today:
        return "overdue"
    return "due" if commitment.due - today <= SOON else "open"
