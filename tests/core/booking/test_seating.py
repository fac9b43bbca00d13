"""Who gets a seat and who moves up."""

from datetime import datetime

import pytest

from csc_tui.core.booking import seating
from db.records.booking import Enrolment, Status

BOOKED, WAITS, OFFERED, ASKED, LEFT, CAME = (
    Status.BOOKED, Status.WAITLISTED, Status.OFFERED, Status.REQUESTED, Status.CANCELLED, Status.FULLY_ATTENDED,
)  # fmt: skip


def roster(*statuses: Status, queue: tuple[int, ...] = ()) -> list[Enrolment]:
    """Enrolments with these statuses; those who wait joined in the order given by `queue`, or as they stand."""
    places = iter(queue or range(1, len(statuses) + 1))
    return [
        Enrolment(
            number, 1, number, f"Person {number}", "", "", status, next(places) if status is WAITS else None,
            datetime(2017, 4, 3), None, None, "", 1,
        )
        for number, status in enumerate(statuses, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on_it", "held"),
    [
        ((), 0),
        ((BOOKED, BOOKED), 2),
        ((BOOKED, OFFERED), 2),
        ((BOOKED, WAITS), 1),
        ((BOOKED, ASKED), 1),
        ((LEFT, BOOKED), 1),
        ((CAME, BOOKED), 2),
    ],
)
def test_seats_are_held_by_the_booked_the_offered_and_those_with_an_outcome(
    on_it: tuple[Status, ...], held: int
) -> None:
    assert seating.held_seats(roster(*on_it)) == held


@pytest.mark.parametrize(
    ("on_it", "capacity", "place"),
    [
        ((), 1, BOOKED),
        ((), 0, WAITS),  # no places, never unlimited
        ((BOOKED,), 1, WAITS),
        ((BOOKED,), 2, BOOKED),
        ((OFFERED,), 1, WAITS),
        ((WAITS,), 1, WAITS),  # a seat is free, but somebody was first
        ((LEFT,), 1, BOOKED),
    ],
)
def test_a_newcomer_gets_a_seat_that_nobody_waits_for(on_it: tuple[Status, ...], capacity: int, place: Status) -> None:
    assert seating.status_for_newcomer(roster(*on_it), capacity) is place


@pytest.mark.parametrize(
    ("on_it", "queue", "capacity", "up"),
    [
        ((BOOKED, WAITS), (), 1, []),
        ((LEFT, WAITS), (), 1, [2]),
        ((WAITS, WAITS, WAITS), (), 2, [1, 2]),
        ((WAITS, WAITS, WAITS), (3, 1, 2), 2, [2, 3]),  # by the order of joining, not of booking
        ((BOOKED, BOOKED, WAITS), (), 1, []),  # above capacity by an override
        ((WAITS,), (), 5, [1]),
        ((ASKED, WAITS), (), 1, [2]),
    ],
)
def test_as_many_move_up_as_seats_are_free_in_the_order_of_joining(
    on_it: tuple[Status, ...], queue: tuple[int, ...], capacity: int, up: list[int]
) -> None:
    assert [each.id for each in seating.next_in_line(roster(*on_it, queue=queue), capacity)] == up


def test_seats_above_the_capacity_leave_none_free_and_never_fewer_than_none() -> None:
    assert seating.free_seats(roster(BOOKED, BOOKED, BOOKED), 1) == 0
    assert seating.free_seats(roster(BOOKED), 1) == 0
    assert seating.free_seats(roster(BOOKED), 3) == 2
