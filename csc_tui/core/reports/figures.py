"""Figures of people, places and waiting times; a person counts once in each figure of people."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from db.records.catalogue import ReportCourse
from db.records.reports import AttendanceProfile, CourseFigures, ModuleCount, WaitingTime

SECONDS_A_DAY = 86_400
"""The seconds of a day."""


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """The number of distinct people, in the period and since the start."""

    by: str
    name: str
    people: int
    since_start: int


def developed_people(
    profiles: Sequence[AttendanceProfile], courses: Mapping[int, ReportCourse], year: int
) -> list[PeopleCount]:
    """Return the people who attended anything, in the programme year and since the start: all, then by each group.

    A profile stands for people who are alike, so nobody is in two of them and their sums are of distinct people.
    """
    strands = list(dict.fromkeys(each.strand for each in courses.values()))
    found = [_count("all", "everyone", profiles, year)]
    for strand in strands:
        ids = {course_id for course_id, each in courses.items() if each.strand == strand}
        found.append(_count("strand", strand, profiles, year, ids))
    found += [_count("course", each.title, profiles, year, {course_id}) for course_id, each in courses.items()]
    for by, key in _WAYS.items():
        found += _grouped(by, key, profiles, year)
    years = sorted({taken for each in profiles for _, taken in each.taken})
    for each in years:
        there = sum(profile.people for profile in profiles if any(taken == each for _, taken in profile.taken))
        before = sum(profile.people for profile in profiles if any(taken <= each for _, taken in profile.taken))
        found.append(PeopleCount("year", f"{each}/{(each + 1) % 100:02d}", there, before))
    return found


_WAYS: dict[str, Callable[[AttendanceProfile], str]] = {
    "staff or partner": lambda each: each.kind,
    "managers": lambda each: "managers" if each.is_manager else "others",
    "organisation": lambda each: each.organisation or "not recorded",
    "team": lambda each: f"{each.team}, {each.organisation}" if each.team else "not recorded",
}


def _grouped(
    by: str, key: Callable[[AttendanceProfile], str], profiles: Iterable[AttendanceProfile], year: int
) -> list[PeopleCount]:
    alike: dict[str, list[AttendanceProfile]] = {}
    for each in profiles:
        alike.setdefault(key(each), []).append(each)
    return [_count(by, name, alike[name], year) for name in sorted(alike, key=str.casefold)]


def _count(
    by: str, name: str, profiles: Iterable[AttendanceProfile], year: int, courses: set[int] | None = None
) -> PeopleCount:
    people = since_start = 0
    for each in profiles:
        years = [taken for course_id, taken in each.taken if courses is None or course_id in courses]
        since_start += each.people if years else 0
        people += each.people if year in years else 0
    return PeopleCount(by, name, people, since_start)


def people_by_modules(counts: Iterable[ModuleCount], course_id: int, needed: int) -> list[tuple[int, int, int]]:
    """Return (n, people with n modules in the period, people with n since the start), for n from 1 to all needed."""
    period: Counter[int] = Counter()
    start: Counter[int] = Counter()
    for each in counts:
        if each.course_id == course_id:
            period[each.in_period] += each.people
            start[each.since_start] += each.people
    return [(number, period[number], start[number]) for number in range(1, needed + 1)]


def sum_course_loads(loads: Sequence[CourseFigures]) -> CourseFigures:
    """Return the sum of the figures of several courses, which count places and marks and not people."""
    names = ("events", "places", "booked", "sessions", "attended", "apologies", "absent", "cancelled", "late")
    return CourseFigures(0, **{name: sum(getattr(each, name) for each in loads) for name in names})


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """Figures of a waiting list.

    The times are in whole days; None where nobody moved up, or nobody waits.
    """

    joined: int
    moved: int
    gave_up: int
    still: int
    median_days: int | None
    longest_days: int | None
    waiting_longest: int | None


def waiting_times(waits: Sequence[WaitingTime], now: datetime) -> WaitingTimes:
    """Return how long people waited for a place, and how long others have waited until `now` (UTC)."""
    moved = [_days(each.joined, each.moved) for each in waits if each.moved]
    still = [_days(each.joined, now) for each in waits if each.waiting and not each.moved]
    return WaitingTimes(
        len(waits), len(moved), len(waits) - len(moved) - len(still), len(still),
        round(median(moved)) if moved else None, max(moved, default=None), max(still, default=None),
    )  # fmt: skip


def _days(first: datetime, last: datetime) -> int:
    return max(int((last - first).total_seconds()) // SECONDS_A_DAY, 0)
