"""What a register makes of an enrolment, and the minutes behind a mark."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from csc_tui.core.attendance.rules import (
    attended_minutes,
    describe_attendance,
    minutes_to_record,
    minutes_without,
    outcome_of_marks,
    parse_mark,
    parse_missed_minutes,
    session_minutes,
    status_from_marks,
    why_not_markable,
)
from db.errors import CscError, RuleBroken, WrongUse
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.calendar import Session
from db.records.startup import EventState

PRESENT, LATE, LEFT_EARLY = MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY
APOLOGIES, ABSENT = MarkKind.APOLOGIES, MarkKind.ABSENT
SESSION = Session(
    id=1, event_id=1, event="BR-01", number=2, module="Module 2", date=date(2017, 6, 12), start=time(9, 30),
    end=time(12, 30), venue="", room="", postcode="", room_id=None, venue_id=None, version=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((PRESENT, LATE, LEFT_EARLY), Status.FULLY_ATTENDED),
        ((PRESENT, APOLOGIES, PRESENT), Status.PARTIALLY_ATTENDED),
        ((ABSENT, ABSENT, LATE), Status.PARTIALLY_ATTENDED),
        ((ABSENT, APOLOGIES), Status.UNABLE_TO_ATTEND),
        ((ABSENT, ABSENT), Status.NO_SHOW),
    ],
)
def test_the_marks_of_all_sessions_together_decide_the_outcome(marks: tuple[MarkKind, ...], expected: Status) -> None:
    assert outcome_of_marks(marks) is expected
    assert status_from_marks(marks) is expected


@pytest.mark.parametrize("marks", [(PRESENT, None), (None,), (ABSENT, None, ABSENT), ()])
def test_a_place_stays_booked_until_every_session_has_a_mark(marks: tuple[MarkKind | None, ...]) -> None:
    assert status_from_marks(marks) is Status.BOOKED


@pytest.mark.parametrize(
    ("mark", "noted", "minutes"),
    [(PRESENT, None, 180), (LATE, None, 180), (LATE, 150, 150), (PRESENT, 400, 180), (ABSENT, None, 0),
     (APOLOGIES, 90, 0)],
)  # fmt: skip
def test_a_mark_stands_for_the_minutes_noted_or_for_the_whole_session(
    mark: MarkKind, noted: int | None, minutes: int
) -> None:
    assert attended_minutes(mark, noted, 180) == minutes


@pytest.mark.parametrize(
    ("minutes", "arrived", "left", "noted"),
    [
        (None, None, None, None),
        (1, None, None, 1),
        (90, None, None, 90),
        (180, None, None, 180),
        (None, time(10), None, 150),
        (None, None, time(12), 150),
        (None, time(10), time(12), 120),
        (None, time(9), time(13), 180),
    ],
)
def test_arriving_and_leaving_make_minutes_within_the_session(
    minutes: int | None, arrived: time | None, left: time | None, noted: int | None
) -> None:
    assert minutes_to_record(SESSION, LATE, minutes, arrived, left) == noted


@pytest.mark.parametrize(
    ("minutes", "arrived", "left", "said"),
    [
        (181, None, None, "lasted 180 minutes"),
        (0, None, None, "0 minutes is not possible"),
        (-1, None, None, "-1 minutes is not possible"),
        (None, time(12, 30), None, "is not within that"),
        (None, None, time(9), "is not within that"),
        (None, time(11), time(10), "is not within that"),
    ],
)
def test_times_outside_the_session_are_refused(
    minutes: int | None, arrived: time | None, left: time | None, said: str
) -> None:
    with pytest.raises(RuleBroken, match=said):
        minutes_to_record(SESSION, LATE, minutes, arrived, left)


def test_minutes_and_times_at_once_and_minutes_of_somebody_absent_are_refused() -> None:
    with pytest.raises(WrongUse, match="not both"):
        minutes_to_record(SESSION, LATE, 20, time(10), None)
    with pytest.raises(WrongUse, match="not both"):
        minutes_to_record(SESSION, LATE, 20, None, time(12))
    with pytest.raises(RuleBroken, match="cannot have any minutes"):
        minutes_to_record(SESSION, ABSENT, 20, None, None)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("present", PRESENT), (" Left early ", LEFT_EARLY), ("left-early", LEFT_EARLY), ("LATE", LATE),
     ("sent apologies", APOLOGIES), ("no show", ABSENT)],
)  # fmt: skip
def test_a_mark_is_read_as_people_write_it(text: str, mark: MarkKind) -> None:
    assert parse_mark(text) is mark


@pytest.mark.parametrize("text", ["", "a", "maybe"])
def test_what_could_be_two_marks_is_none(text: str) -> None:
    with pytest.raises(WrongUse, match="present, late, left_early, apologies, absent"):
        parse_mark(text)


UNDATED = replace(SESSION, date=None, start=None, end=None)


def test_a_session_without_a_date_has_no_minutes_and_none_can_be_kept_of_it() -> None:
    assert (session_minutes(SESSION), session_minutes(UNDATED)) == (180, 0)
    with pytest.raises(RuleBroken, match="Session 2 of BR-01 has no date yet"):
        minutes_to_record(UNDATED, LATE, 20, None, None)


@pytest.mark.parametrize(
    ("session", "state", "now", "said"),
    [
        (SESSION, EventState.OPEN, datetime(2017, 6, 12, 9, 29), "begins on Mon 12 Jun 2017 at 09:30"),
        (SESSION, EventState.OPEN, datetime(2017, 6, 12, 9, 30), ""),
        (SESSION, EventState.DELIVERED, datetime(2017, 7, 1), ""),
        (SESSION, EventState.DRAFT, datetime(2017, 7, 1), "BR-01 is draft, so it has no register"),
        (SESSION, EventState.CANCELLED, datetime(2017, 7, 1), "BR-01 is cancelled, so it has no register"),
        (UNDATED, EventState.OPEN, datetime(2017, 7, 1), "still to be confirmed"),
    ],
)
def test_people_are_marked_from_the_start_of_a_session_that_takes_place(
    session: Session, state: EventState, now: datetime, said: str
) -> None:
    sentence = why_not_markable(session, state, now)
    assert said in sentence
    assert bool(sentence) is bool(said)


@pytest.mark.parametrize(
    ("typed", "mark", "missed"),
    [
        ("10", LATE, 10), ("10 min", LATE, 10), ("10m", LATE, 10), (" 10 Minutes ", LATE, 10), ("1h 5", LATE, 65),
        ("9:40", LATE, 10), ("9.40", LATE, 10), ("0940", LATE, 10), ("9.40am", LATE, 10), ("10", LEFT_EARLY, 10),
        ("12:20", LEFT_EARLY, 10), ("12.20pm", LEFT_EARLY, 10), ("noon", LEFT_EARLY, 30), ("1 hour", LEFT_EARLY, 60),
    ],
)  # fmt: skip
def test_ten_can_only_mean_ten_minutes_late_or_early(typed: str, mark: MarkKind, missed: int) -> None:
    assert parse_missed_minutes(typed, SESSION, mark) == missed
    assert minutes_without(SESSION, missed, mark) == 180 - missed


def test_an_hour_of_the_afternoon_is_read_by_the_session() -> None:
    afternoon = replace(SESSION, start=time(13), end=time(16))
    assert parse_missed_minutes("1:10", afternoon, LATE) == 10
    assert parse_missed_minutes("3.45", afternoon, LEFT_EARLY) == 15


@pytest.mark.parametrize(
    ("typed", "mark", "said"),
    [
        ("180", LATE, "lasted 180 minutes .* so that would be 180 minutes late"), ("0", LATE, "would be not late"),
        ("9:30", LATE, "would be not late"), ("14:00", LEFT_EARLY, "would be not early"),
        ("soon", LATE, "Type minutes, such as 10, or when they arrived."),
        ("-5", LEFT_EARLY, "Type minutes, such as 10, or when they left."),
    ],
)  # fmt: skip
def test_minutes_that_cannot_be_are_refused(typed: str, mark: MarkKind, said: str) -> None:
    with pytest.raises(CscError, match=said):
        parse_missed_minutes(typed, SESSION, mark)


def test_only_who_was_late_or_left_early_missed_minutes() -> None:
    with pytest.raises(RuleBroken, match="marked present missed no minutes"):
        minutes_without(SESSION, 10, PRESENT)


def test_a_mark_with_minutes_says_how_long_of_how_long() -> None:
    assert describe_attendance(LATE, 170, 180) == "late, there 170 of 180 min"
    assert describe_attendance(LEFT_EARLY, None, 180) == "left early"
