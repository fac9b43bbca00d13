"""How a commitment stands on a day."""

from datetime import date

import pytest

from csc_tui.core.groups.rules import commitment_standing
from db.records.groups import Commitment, CommitmentState


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2017-05-01", "open"),
        ("2017-06-04", "open"),
        ("2017-06-05", "due"),
        ("2017-06-12", "due"),
        ("2017-06-13", "overdue"),
    ],
)
def test_an_open_one_is_due_within_a_week_and_overdue_from_the_day_after(today: str, said: str) -> None:
    assert commitment_standing(one(CommitmentState.OPEN), date.fromisoformat(today)) == said


@pytest.mark.parametrize("state", [CommitmentState.DONE, CommitmentState.NOT_DONE, CommitmentState.WITHDRAWN])
def test_a_settled_one_is_never_overdue(state: CommitmentState) -> None:
    assert commitment_standing(one(state), date(2020, 1, 1)) == state.value


def one(state: CommitmentState) -> Commitment:
    return Commitment(1, 1, "Set", 1, "Bo", "Ring", date(2017, 5, 1), date(2017, 6, 12), state, None, "", 1)
