"""Other places of a person on the same course: what is told before they are booked, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csc_tui.base.text import format_date
from db.records.attendance import UNKNOWN_DAY
from db.records.booking import CoursePlace, Status


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """The other places of a person on a course that are not over, and the day they completed it, if they did."""

    places: Sequence[CoursePlace]
    completed: date | None = None

    @property
    def held(self) -> list[CoursePlace]:
        """Return the places that take a seat, booked or offered."""
        return [each for each in self.places if each.status.holds_seat]

    @property
    def waiting(self) -> list[CoursePlace]:
        """Return the places on other waiting lists."""
        return [each for each in self.places if each.status is Status.WAITLISTED]


_HAVING = {
    Status.BOOKED: "has a place on",
    Status.OFFERED: "is offered a place on",
    Status.WAITLISTED: "waits for",
    Status.REQUESTED: "has asked for a place on",
}


def describe_course_record(name: str, record: CourseRecord, *, taken_off: bool) -> str:
    """Return `Jo Smith has a place on BR-02 on Tue 30 May 2017 and completed this course in 2016.`

    Empty text where there is nothing to tell. `taken_off` says that the booking ends other waiting on the course.
    """
    told = [
        f"{_HAVING[each.status]} {describe_course_place(each)}"
        for each in record.places
        if not (taken_off and each.status is Status.WAITLISTED)
    ]
    if taken_off and record.waiting:
        told.append(f"is taken off the waiting list of {_listed([each.event for each in record.waiting])}")
    if record.completed:
        told.append(
            "completed this course on a day not known"
            if record.completed == UNKNOWN_DAY
            else f"completed this course in {record.completed:%Y}"
        )
    return f"{name} {_listed(told)}." if told else ""


def describe_course_place(place: CoursePlace) -> str:
    """Return `BR-02 on Tue 30 May 2017`, or the reference alone while there is no date."""
    return f"{place.event} on {format_date(place.first_date)}" if place.first_date else place.event


def _listed(parts: Sequence[str]) -> str:
    """Return `a`, `a and b`, or `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
