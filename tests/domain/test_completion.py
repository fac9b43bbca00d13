"""When a course is completed."""

from datetime import date

from csc_tui.domain.completion import Attended, Needed, progress
from db.records import CourseProgress

BR = Needed("BR", "Being Restorative", frozenset({1, 2, 3}))
RL = Needed("RL", "Restorative Leadership", frozenset({7}))


def day(number: int) -> date:
    return date(2017, 6, number)


def test_a_course_is_complete_with_the_last_of_its_modules_from_whichever_events() -> None:
    done = [Attended(1, 1, day(1)), Attended(1, 3, day(9)), Attended(1, 2, day(5))]
    assert progress(done, {1: BR}) == [CourseProgress("BR", "Being Restorative", 3, 3, True, "2017-06-09")]


def test_a_module_attended_twice_counts_once_and_from_its_first_time() -> None:
    again = [Attended(1, 1, day(9)), Attended(1, 1, day(1)), Attended(1, 2, day(2)), Attended(1, 3, day(3))]
    assert progress(again[:2], {1: BR}) == [CourseProgress("BR", "Being Restorative", 1, 3, False, "")]
    assert progress(again, {1: BR})[0].on == "2017-06-03"


def test_courses_come_by_code_and_only_those_attended() -> None:
    done = [Attended(2, 7, day(1)), Attended(1, 1, day(1))]
    assert [(each.course, each.complete) for each in progress(done, {1: BR, 2: RL})] == [("BR", False), ("RL", True)]
    assert progress([], {1: BR}) == []


def test_a_module_of_another_course_does_not_count() -> None:
    assert progress([Attended(1, 99, day(1))], {1: BR})[0].modules_done == 0
