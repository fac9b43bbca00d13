"""Rules about seats: who has one, who waits, and who moves up."""

from collections.abc import Sequence

from db.records.booking import Enrolment, Status


def held_seats(roster: Sequence[Enrolment]) -> int:
    """Return the number of seats taken, by places that are booked (or have an outcome) or offered."""
    return sum(each.status.holds_seat for each in roster)


def free_seats(roster: Sequence[Enrolment], seats: int) -> int:
    """Return the number of seats that nobody holds; never negative."""
    return max(seats - held_seats(roster), 0)


def status_for_newcomer(roster: Sequence[Enrolment], seats: int) -> Status:
    """Return BOOKED while there is a seat that nobody waits for, else WAITLISTED: nobody overtakes the queue."""
    waiting = any(each.status is Status.WAITLISTED for each in roster)
    return Status.BOOKED if free_seats(roster, seats) and not waiting else Status.WAITLISTED


def next_in_line(roster: Sequence[Enrolment], seats: int) -> list[Enrolment]:
    """Return the people who move up, in the order of the list: as many as seats are free and no more."""
    return ordered_waiting_list(roster)[: free_seats(roster, seats)]


def ordered_waiting_list(roster: Sequence[Enrolment]) -> list[Enrolment]:
    """Return the people on the waiting list, in its order."""
    waiting = (each for each in roster if each.status is Status.WAITLISTED)
    return sorted(waiting, key=lambda each: (each.queue or 0, each.id))
