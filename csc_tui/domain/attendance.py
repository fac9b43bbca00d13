"""What a register makes of an enrolment."""

from collections.abc import Sequence

from db.records import MarkKind, Status


def outcome(marks: Sequence[MarkKind]) -> Status:
    """What becomes of a booked place once the register of each of the event's sessions is taken: one mark for each."""
    attended = sum(mark.attended for mark in marks)
    if attended == len(marks):
        return Status.FULLY_ATTENDED
    if attended:
        return Status.PARTIALLY_ATTENDED
    return Status.UNABLE_TO_ATTEND if MarkKind.APOLOGIES in marks else Status.NO_SHOW
