"""Sessions at one time that want one thing."""

from datetime import date, time

import pytest

from csc_tui.base import clashes
from csc_tui.base.clashes import Claim, Clash
from db.records.calendar import Session


def session(event: str, day: int | None, hours: str = "09:30-12:30", *, number: int = 1) -> Session:
    """A session on that day of June 2017; None is to be confirmed."""
    start, end = (time.fromisoformat(each) for each in hours.split("-"))
    return Session(
        hash((event, number)), 1, event, number, "Module 1", date(2017, 6, day) if day else None,
        start if day else None, end if day else None, "", "", "", None, None, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("09:30-12:30", "12:00-13:00", True),
        ("09:30-12:30", "10:00-11:00", True),
        ("09:30-12:30", "09:30-12:30", True),
        ("09:30-12:30", "12:30-13:30", False),  # one ends when the other starts
        ("09:30-12:30", "08:00-09:30", False),
    ],
)
def test_sessions_meet_when_they_share_a_moment(one: str, other: str, meet: bool) -> None:
    assert clashes.sessions_overlap(session("A", 12, one), session("B", 12, other)) is meet
    assert clashes.sessions_overlap(session("B", 12, other), session("A", 12, one)) is meet


def test_sessions_of_other_days_or_to_be_confirmed_never_meet() -> None:
    assert not clashes.sessions_overlap(session("A", 12), session("B", 13))
    assert not clashes.sessions_overlap(session("A", 12), session("B", None))
    assert not clashes.sessions_overlap(session("A", None), session("B", None))


def test_pairs_are_by_session_not_by_the_span_of_an_event() -> None:
    long = [session("A", 1, number=1), session("A", 30, number=2)]
    between = session("B", 15)
    assert clashes.overlapping_pairs([*long, between]) == []
    assert clashes.overlapping_pairs([*long, session("B", 30)]) == [(long[1], session("B", 30))]


def test_a_clash_is_two_sessions_that_meet_and_want_one_thing() -> None:
    one, other, third = session("A", 12), session("B", 12), session("C", 12)
    wants = [
        Claim(one.id, "room", 7, "Hall"),
        Claim(other.id, "room", 7, "Hall"),
        Claim(third.id, "room", 8, "Annexe"),
        Claim(one.id, "learner", 7, "Bo"),  # the same number, another kind of thing
        Claim(third.id, "learner", 9, "Cy"),
        Claim(other.id, "learner", 9, "Cy"),
    ]
    assert clashes.clashes_among(clashes.overlapping_pairs([third, other, one]), wants) == [
        Clash("room", "2017-06-12", "A", 1, "B", 1, "Hall"),
        Clash("learner", "2017-06-12", "B", 1, "C", 1, "Cy"),
    ]


def test_every_overlap_is_what_a_newcomer_is_told() -> None:
    mine = [session("A", 12), session("A", 13, number=2)]
    theirs = [session("B", 13), session("C", 14), session("D", 12)]
    assert clashes.find_overlaps(mine, theirs) == [(mine[0], theirs[2]), (mine[1], theirs[0])]
    assert clashes.find_overlaps(mine, []) == []


def test_who_leads_at_the_time_when_she_learns_is_found_whichever_comes_first() -> None:
    one, other = session("A", 12), session("B", 12)
    wants = [
        Claim(one.id, "learner", 7, "Jo"),
        Claim(other.id, "facilitator", 7, "Jo"),
        Claim(other.id, "room", 7, "Hall"),
    ]
    for pair in ((one, other), (other, one)):
        (found,) = clashes.find_leading_learners([pair], wants)
        assert found.sentence == "Jo leads B session 1 and has a place on A session 1 at that time"
        assert found.clash == Clash("learner", "2017-06-12", "A", 1, "B", 1, "Jo, who leads B")
    assert clashes.find_leading_learners([(one, other)], wants[1:]) == []


def test_pairs_come_by_date_then_by_event_and_never_of_sessions_apart_in_time() -> None:
    late, early = [session("A", 20), session("B", 20)], [session("C", 2), session("D", 2)]
    assert clashes.overlapping_pairs([*late[::-1], *early[::-1]]) == [(early[0], early[1]), (late[0], late[1])]
    assert clashes.overlapping_pairs([session("A", 12, "09:30-12:30"), session("B", 12, "13:30-16:30")]) == []


def test_the_clashes_of_one_pair_come_by_kind_and_then_as_the_things_are_numbered() -> None:
    one, other = session("A", 12), session("B", 12)
    things = [("room", 3), ("learner", 12), ("learner", 5), ("facilitator", 9), ("learner", 8), ("facilitator", 2)]
    wants = [Claim(each.id, kind, number, f"{kind} {number}") for each in (one, other) for kind, number in things]
    assert [each.what for each in clashes.clashes_among([(one, other)], wants)] == [
        "facilitator 2", "facilitator 9", "learner 5", "learner 8", "learner 12", "room 3",
    ]  # fmt: skip
