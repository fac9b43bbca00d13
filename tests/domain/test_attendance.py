"""What a register makes of an enrolment."""

import pytest

from csc_tui.domain.attendance import outcome
from db.records import MarkKind, Status

PRESENT, LATE, LEFT_EARLY = MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY
APOLOGIES, ABSENT = MarkKind.APOLOGIES, MarkKind.ABSENT


@pytest.mark.parametrize(
    ("marks", "status"),
    [
        ((PRESENT, LATE, LEFT_EARLY), Status.FULLY_ATTENDED),
        ((PRESENT, APOLOGIES, PRESENT), Status.PARTIALLY_ATTENDED),
        ((ABSENT, ABSENT, LATE), Status.PARTIALLY_ATTENDED),
        ((ABSENT, APOLOGIES), Status.UNABLE_TO_ATTEND),
        ((ABSENT, ABSENT), Status.NO_SHOW),
    ],
)
def test_the_marks_of_all_sessions_together_decide_the_outcome(marks: tuple[MarkKind, ...], status: Status) -> None:
    assert outcome(marks) is status
