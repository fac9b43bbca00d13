"""When a course is completed, what is missing, how long it holds."""

from datetime import date, timedelta

import pytest

from csc_tui.core.attendance.completion import (
    AttendedModule,
    CompletionStanding,
    CourseRequirements,
    completed_on,
    completion_standing,
    missing_in_words,
    progress_by_course,
    standing_thresholds,
    valid_until,
)
from db.records.catalogue import CompletionRule, Module
from db.records.people import CourseProgress


def modules(*ids: int, minutes: int = 180) -> tuple[Module, ...]:
    return tuple(Module(module_id, 1, place, f"Module {place}", minutes) for place, module_id in enumerate(ids, 1))


BR = CourseRequirements("BR", "Being Restorative", modules(1, 2, 3))
RL = CourseRequirements("RL", "Restorative Leadership", modules(7))
HALF = CourseRequirements("HB", "Half", modules(1, 2), CompletionRule.SHARE_OF_HOURS, 50)
YEARLY = CourseRequirements("FS", "Fire safety", modules(1, 2), validity_months=12)


def day(number: int) -> date:
    return date(2017, 6, number)


def test_a_course_is_complete_with_the_last_of_its_modules_from_whichever_events() -> None:
    done = [AttendedModule(1, 1, day(1)), AttendedModule(1, 3, day(9)), AttendedModule(1, 2, day(5))]
    assert progress_by_course(done, {1: BR}) == [
        CourseProgress("BR", "Being Restorative", 3, 3, True, "2017-06-09", modules="done done done")
    ]


def test_a_module_attended_twice_counts_once_and_from_its_first_time() -> None:
    again = [
        AttendedModule(1, 1, day(9)),
        AttendedModule(1, 1, day(1)),
        AttendedModule(1, 2, day(2)),
        AttendedModule(1, 3, day(3)),
    ]
    assert progress_by_course(again[:2], {1: BR}) == [
        CourseProgress(
            "BR", "Being Restorative", 1, 3, False, "", needs="modules 2 and 3", modules="done missing missing"
        )
    ]
    assert progress_by_course(again, {1: BR})[0].on == "2017-06-03"


def test_courses_come_by_code_and_only_those_attended() -> None:
    done = [AttendedModule(2, 7, day(1)), AttendedModule(1, 1, day(1))]
    assert [(each.course, each.complete) for each in progress_by_course(done, {1: BR, 2: RL})] == [
        ("BR", False),
        ("RL", True),
    ]
    assert progress_by_course([], {1: BR}) == []


def test_a_module_of_another_course_does_not_count() -> None:
    found = progress_by_course([AttendedModule(1, 99, day(1))], {1: BR})[0]
    assert (found.modules_done, found.needs) == (0, "modules 1, 2 and 3")


@pytest.mark.parametrize(
    ("there", "complete", "needs"),
    [
        ([(1, 180)], True, ""),
        ([(1, 400)], True, ""),
        ([(1, 100), (2, 80)], True, ""),
        ([(1, 100), (2, 79)], False, "another 1 minute"),
        ([(1, 60), (1, 50)], False, "another 2 hours"),
        ([(1, 50)], False, "another 2 hours 10 minutes"),
        ([(1, 0)], False, "another 3 hours"),
    ],
)
def test_a_share_of_the_hours_counts_each_module_at_its_longest_and_no_longer_than_it_is(
    there: list[tuple[int, int]], complete: bool, needs: str
) -> None:
    found = progress_by_course(
        [AttendedModule(1, module, day(n), minutes) for n, (module, minutes) in enumerate(there, 1)], {1: HALF}
    )
    assert (found[0].complete, found[0].needs) == (complete, needs)


def test_a_course_without_modules_is_never_complete() -> None:
    for rule in CompletionRule:
        assert completed_on([AttendedModule(1, 1, day(1), 60)], CourseRequirements("X", "X", (), rule)) is None


def test_a_refresher_counts_anew_only_when_all_of_it_was_attended_again() -> None:
    first = [AttendedModule(1, 1, day(1)), AttendedModule(1, 2, day(2))]
    assert completed_on(first, YEARLY) == day(2)
    assert completed_on([*first, AttendedModule(1, 1, day(20))], YEARLY) == day(2)
    assert completed_on([*first, AttendedModule(1, 1, day(20)), AttendedModule(1, 2, day(21))], YEARLY) == day(21)
    assert progress_by_course(first, {1: YEARLY})[0].valid_until == "2018-06-02"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2018, 3, 31), CompletionStanding.IN_DATE),
        (date(2018, 4, 3), CompletionStanding.IN_DATE),
        (date(2018, 4, 4), CompletionStanding.DUE),
        (date(2018, 6, 2), CompletionStanding.DUE),
        (date(2018, 6, 3), CompletionStanding.OUT),
    ],
)
def test_a_completion_is_in_date_then_due_then_out(today: date, expected: CompletionStanding) -> None:
    assert completion_standing(day(2), 12, today, refresher_days=60) is expected


def test_without_validity_a_completion_is_in_date_for_good_and_without_completion_never() -> None:
    assert completion_standing(day(2), None, date(2099, 1, 1), refresher_days=60) is CompletionStanding.IN_DATE
    assert valid_until(day(2), None) is None
    assert completion_standing(None, 12, day(2), refresher_days=60) is CompletionStanding.NEVER
    assert completion_standing(None, None, day(2), refresher_days=60) is CompletionStanding.NEVER


@pytest.mark.parametrize("months", [1, 6, 12, 36, None])
@pytest.mark.parametrize("today", [date(2017, 6, 12), date(2016, 2, 29), date(2018, 3, 31), date(2017, 12, 31)])
def test_the_first_days_of_each_standing_are_those_at_which_it_changes(months: int | None, today: date) -> None:
    begins = standing_thresholds(months, today, refresher_days=60)
    for back in range(1500):
        day = today - timedelta(days=back)
        said = next(stand for stand, first in begins if day >= first)
        assert said is completion_standing(day, months, today, refresher_days=60)


def test_who_was_there_for_no_minutes_has_no_share_of_the_hours() -> None:
    short = CourseRequirements("X", "X", modules(1, minutes=1), CompletionRule.SHARE_OF_HOURS)
    assert completed_on([AttendedModule(1, 1, day(1))], short) is None
    assert missing_in_words([AttendedModule(1, 1, day(1))], HALF) == "another 3 hours"


@pytest.mark.parametrize(("minutes", "complete"), [(180, True), (179, False)])
def test_all_the_hours_are_needed_where_no_share_is_said(minutes: int, complete: bool) -> None:
    whole = CourseRequirements("X", "X", modules(1), CompletionRule.SHARE_OF_HOURS)
    assert (completed_on([AttendedModule(1, 1, day(1), minutes)], whole) is not None) is complete


@pytest.mark.parametrize(
    ("needed", "there", "said"),
    [
        (BR, (1, 2), "module 3"),
        (BR, (2,), "modules 1 and 3"),
        (BR, (1, 2, 3), ""),
        (HALF, (1, 2), ""),
        (CourseRequirements("X", "X", (), CompletionRule.SHARE_OF_HOURS), (), ""),
    ],
)
def test_what_is_missing_is_named_and_nothing_where_nothing_is(
    needed: CourseRequirements, there: tuple[int, ...], said: str
) -> None:
    assert missing_in_words([AttendedModule(1, each, day(1), 180) for each in there], needed) == said
