"""Distinct people, counted from profiles of those who are alike."""

from datetime import datetime

import pytest

from csc_tui.base import text as base_text
from csc_tui.core.reports import figures
from db.records.catalogue import ReportCourse
from db.records.reports import AttendanceProfile, CourseFigures, ModuleCount, WaitingTime

COURSES = {1: ReportCourse(1, "BR", "Being Restorative", "RP"), 2: ReportCourse(2, "RL", "Leadership", "RP"),
           3: ReportCourse(3, "INTRO", "Introduction", "SOS")}  # fmt: skip


def profile(*taken: tuple[int, int], people: int = 1, kind: str = "staff", manager: bool = False, home: str = "Council",
            team: str = "") -> AttendanceProfile:  # fmt: skip
    return AttendanceProfile(kind, manager, home, team, frozenset(taken), people)


def counted(*profiles: AttendanceProfile, year: int = 2017) -> dict[tuple[str, str], tuple[int, int]]:
    found = figures.developed_people(profiles, COURSES, year)
    return {(each.by, each.name): (each.people, each.since_start) for each in found}


def test_a_person_on_three_courses_in_two_years_counts_once_in_each_figure() -> None:
    found = counted(profile((1, 2016), (1, 2017), (2, 2017), (3, 2016), manager=True))
    assert found["all", "everyone"] == (1, 1)
    assert found["strand", "RP"] == (1, 1)
    assert found["strand", "SOS"] == (0, 1)
    assert found["course", "Introduction"] == (0, 1)
    assert found["managers", "managers"] == (1, 1)
    assert (found["year", "2016/17"], found["year", "2017/18"]) == ((1, 1), (1, 1))


def test_people_who_are_alike_are_added_up() -> None:
    found = counted(profile((1, 2017), people=3), profile((1, 2016), people=2, kind="partner", home="Police", team="N"))
    assert found["all", "everyone"] == (3, 5)
    assert (found["staff or partner", "staff"], found["staff or partner", "partner"]) == ((3, 3), (0, 2))
    assert (found["organisation", "Police"], found["team", "N, Police"]) == ((0, 2), (0, 2))
    assert (found["year", "2016/17"], found["year", "2017/18"]) == ((2, 2), (3, 5))


def test_with_nobody_every_course_and_strand_still_says_0() -> None:
    found = counted()
    assert set(found.values()) == {(0, 0)}
    assert ("course", "Being Restorative") in found


def test_people_by_modules_are_in_the_line_of_all_they_have() -> None:
    counts = [ModuleCount(1, 0, 3, 5), ModuleCount(1, 2, 3, 1), ModuleCount(1, 1, 1, 4), ModuleCount(2, 1, 1, 9)]
    assert figures.people_by_modules(counts, 1, 3) == [(1, 4, 4), (2, 1, 0), (3, 0, 6)]


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 0, None), (0, 3, 0), (1, 2, 50), (1, 8, 13), (2, 3, 67), (3, 3, 100)]
)
def test_a_percentage_of_nothing_is_none(part: int, whole: int, said: int | None) -> None:
    assert base_text.rounded_percent(part, whole) == said


def test_loads_add_up() -> None:
    both = figures.sum_course_loads(
        [CourseFigures(1, 1, 20, 10, 2, 9, 1, 1, 2, 1), CourseFigures(2, 1, 5, 5, 1, 3, 0, 0, 0, 0)]
    )
    assert (both.events, both.places, both.attended, both.late) == (2, 25, 12, 1)
    assert both.course_id == 0, "the sum is of no course"


def test_waiting_times_are_of_those_who_moved_up_and_of_those_who_still_wait() -> None:
    def day(number: int) -> datetime:
        return datetime(2017, 6, number, 9)

    waits = [
        WaitingTime(1, day(1), day(3), False),
        WaitingTime(1, day(1), day(11), False),
        WaitingTime(1, day(2), None, True),
        WaitingTime(1, day(2), None, False),
    ]
    assert figures.waiting_times(waits, day(12)) == figures.WaitingTimes(4, 2, 1, 1, 6, 10, 10)
    assert figures.waiting_times([], day(12)) == figures.WaitingTimes(0, 0, 0, 0, None, None, None)


def test_years_come_in_order_and_groups_by_name_whatever_the_case() -> None:
    people = [
        profile((1, year), home=home)
        for year, home in ((2024, "police"), (2023, "Youth"), (2025, "Academy"), (2016, ""), (2031, "NHS"))
    ]
    found = figures.developed_people(people, COURSES, 2024)
    assert [each.name for each in found if each.by == "year"] == [
        "2016/17", "2023/24", "2024/25", "2025/26", "2031/32",
    ]  # fmt: skip
    assert [each.name for each in found if each.by == "organisation"] == [
        "Academy", "NHS", "not recorded", "police", "Youth",
    ]  # fmt: skip


def test_whoever_was_on_another_course_counts_for_nothing_on_this_one() -> None:
    found = counted(profile((1, 2017), people=3))
    assert (found["course", "Being Restorative"], found["course", "Introduction"]) == ((3, 3), (0, 0))


def test_the_longest_wait_is_that_of_whoever_still_waits_and_days_are_whole() -> None:
    now = datetime(2017, 6, 12, 9)
    waits = [
        WaitingTime(1, datetime(2017, 6, 1, 9), None, True),
        WaitingTime(1, datetime(2017, 6, 10, 9), None, True),
        WaitingTime(1, datetime(2017, 6, 1, 9), datetime(2017, 6, 2, 8, 59, 59), True),
    ]
    assert figures.waiting_times(waits, now) == figures.WaitingTimes(3, 1, 0, 2, 0, 0, 11)


def test_a_clock_that_was_set_back_makes_no_wait_of_less_than_nothing() -> None:
    early = [WaitingTime(1, datetime(2017, 6, 12, 10), None, True)]
    assert figures.waiting_times(early, datetime(2017, 6, 12, 9)).waiting_longest == 0


def test_two_years_come_the_earlier_first() -> None:
    found = figures.developed_people([profile((1, 2024)), profile((1, 2023))], COURSES, 2024)
    assert [each.name for each in found if each.by == "year"] == ["2023/24", "2024/25"]
