"""The story of a register: taken, corrected, signed off; what follows for places and completions; taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed, ReasonNeeded
from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db import models
from db.engine import connection
from db.engine.connection import read_transaction, write_transaction
from db.errors import NoSuchSession, NotFound, RuleBroken
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.calendar import Event
from db.records.people import CourseProgress, Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role
from tests import builders
from tests.builders import at, booked, enrolment, event, person

PRESENT, LATE, APOLOGIES, ABSENT = MarkKind.PRESENT, MarkKind.LATE, MarkKind.APOLOGIES, MarkKind.ABSENT
DAYS = ("2017-06-12", "2017-06-19", "2017-06-26")
EVENING = "2017-06-26T17:00"


@pytest.fixture
def later(ctx: Context) -> Context:
    """Alice in the evening of the last day."""
    return at(ctx, EVENING)


@pytest.fixture
def course(ctx: Context) -> Event:
    return event("BR-90", capacity=20, dates=DAYS)


def mark_all(ctx: Context, reference: str, who: Person, *kinds: MarkKind) -> None:
    for number, kind in enumerate(kinds, 1):
        attendance_actions.mark_person(ctx, reference, number, who.key, attendance_actions.NewMark(kind))


def statuses(on: Event) -> dict[int, Status]:
    with read_transaction():
        row = models.EnrolmentRow
        return dict(row.select(row.person, row.status).where(row.event == on.id).tuples())


def kept(who: Person) -> dict[str, date]:
    with read_transaction():
        query = models.CompletionRow.select(models.CourseRow.code, models.CompletionRow.on).join(models.CourseRow)
        return dict(query.where(models.CompletionRow.person == who.id).tuples())


def course_of(ctx: Context, who: Person, code: str = "BR") -> CourseProgress:
    return next(each for each in people_queries.get_person_card(ctx, who.key).completions if each.course == code)


def sound(ctx: Context) -> bool:
    found = upkeep.check_database(connection.bound_location(), actor="alice", today=EVENING)
    return not [each for each in found if each.result == "wrong"]


def test_a_register_shows_everybody_with_a_place_and_who_makes_up_a_module_in_that_session(
    later: Context, course: Event
) -> None:
    bo, al = booked(course, "Bo Adams", "Al Zane")
    enrolment(course, person("Waiting Wanda"), Status.WAITLISTED)
    other = event("BR-91", dates=("2017-04-03", "2017-04-04"))
    (cy,) = booked(other, "Cy Mills")
    attendance_actions.mark_person(later, "BR-91", 1, cy.key, attendance_actions.NewMark(PRESENT))
    makeups.book_make_up(at(later, "2017-04-10T09:00"), cy.key, "BR-90", 2)
    lines = attendance_actions.list_register_lines(attendance_actions.list_registers(later, "br-90"))
    assert [(line.session, line.name) for line in lines] == [
        (1, "Bo Adams"), (1, "Al Zane"), (2, "Bo Adams"), (2, "Cy Mills"), (2, "Al Zane"), (3, "Bo Adams"),
        (3, "Al Zane"),
    ]  # fmt: skip
    assert {line.mark for line in lines} == {""}
    assert {line.person for line in lines} == {bo.key, al.key, cy.key}


def test_marking_the_rest_touches_only_those_without_a_mark(later: Context, course: Event) -> None:
    bo, al, cy = booked(course, "Bo Adams", "Al Barnes", "Cy Clark")
    attendance_actions.mark_person(later, "BR-90", 1, al.key, attendance_actions.NewMark(APOLOGIES))
    assert [each.name for each in attendance_actions.mark_rest(later, "BR-90", 1, PRESENT)] == ["Bo Adams", "Cy Clark"]
    marks = {
        line.person: line.mark
        for line in attendance_actions.list_register_lines(attendance_actions.list_registers(later, "BR-90", 1))
    }
    assert marks == {bo.key: "present", al.key: "apologies", cy.key: "present"}
    assert attendance_actions.mark_rest(later, "BR-90", 1, ABSENT) == []


def test_outcomes_come_with_the_last_mark_and_go_when_one_is_taken_away(later: Context, course: Event) -> None:
    bo, al, cy, di = booked(course, "Bo Adams", "Al Barnes", "Cy Clark", "Di Dunn")
    mark_all(later, "BR-90", al, PRESENT, ABSENT, PRESENT)
    mark_all(later, "BR-90", cy, APOLOGIES, ABSENT, ABSENT)
    mark_all(later, "BR-90", di, ABSENT, ABSENT, ABSENT)
    mark_all(later, "BR-90", bo, PRESENT, LATE)
    assert statuses(course)[bo.id] is Status.BOOKED
    attendance_actions.mark_person(later, "BR-90", 3, bo.key, attendance_actions.NewMark(PRESENT))
    assert statuses(course) == {
        bo.id: Status.FULLY_ATTENDED, al.id: Status.PARTIALLY_ATTENDED, cy.id: Status.UNABLE_TO_ATTEND,
        di.id: Status.NO_SHOW,
    }  # fmt: skip
    assert people_queries.get_event_card(later, "BR-90").event.booked == 4
    attendance_actions.clear_mark(later, "BR-90", 2, bo.key)
    assert statuses(course)[bo.id] is Status.BOOKED
    assert sound(later)


def test_a_changed_mark_keeps_its_history_and_changes_what_follows(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, PRESENT, PRESENT)
    assert kept(bo) == {"BR": date(2017, 6, 26)}
    attendance_actions.mark_person(
        at(later, EVENING, actor="berit"), "BR-90", 2, bo.key, attendance_actions.NewMark(LATE, arrived=time(10, 0))
    )
    assert kept(bo) == {"BR": date(2017, 6, 26)}
    attendance_actions.mark_person(
        at(later, EVENING, actor="berit"), "BR-90", 2, bo.key, attendance_actions.NewMark(ABSENT)
    )
    assert kept(bo) == {}
    told = [
        (line.actor, line.verb, line.before, line.after)
        for line in builders.list_history_lines(later, person=bo.key)
        if line.subject == "Bo Adams in BR-90 session 2" or "completed" in line.verb
    ]
    assert told == [
        ("berit", "no longer completed", "2017-06-26", ""),
        ("berit", "marked", "late, 150 minutes", "absent"),
        ("berit", "marked", "present", "late, 150 minutes"),
        ("alice", "completed", "", "2017-06-26"),
        ("alice", "marked", "", "present"),
    ]


def test_the_same_mark_again_changes_nothing_and_leaves_no_trace(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    before = builders.list_history_lines(later, event="BR-90")
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    assert builders.list_history_lines(later, event="BR-90") == before


def test_a_missed_module_is_made_up_in_another_event(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, APOLOGIES, PRESENT)
    other = event("BR-91", dates=("2017-07-03", "2017-07-04", "2017-07-05"))
    found = course_of(later, bo)
    assert (found.needs, found.next_chance, found.complete) == ("module 2", "BR-91 session 2, 2017-07-04", False)
    makeups.book_make_up(later, bo.key, "BR-91", 2)
    attendance_actions.mark_person(
        at(later, "2017-07-04T13:00"), "BR-91", 2, bo.key, attendance_actions.NewMark(PRESENT)
    )
    assert statuses(course)[bo.id] is Status.PARTIALLY_ATTENDED
    assert statuses(other) == {}
    assert kept(bo) == {"BR": date(2017, 7, 4)}
    found = course_of(later, bo)
    assert (found.needs, found.next_chance, found.complete) == ("", "", True)
    assert people_queries.search_people(later, "adams")[0][0].completed == 1
    assert sound(later)


def test_there_is_no_next_chance_where_every_session_is_full(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, APOLOGIES, PRESENT)
    full = event("BR-91", capacity=1, dates=("2017-07-03", "2017-07-04", "2017-07-05"))
    booked(full, "Al Barnes")
    assert course_of(later, bo).next_chance == ""


@pytest.mark.parametrize(
    ("moment", "said"), [("2017-06-12T09:29", "begins on Mon 12 Jun 2017 at 09:30"), ("2017-06-12T09:30", "")]
)
def test_nobody_is_marked_before_the_session_begins(ctx: Context, course: Event, moment: str, said: str) -> None:
    (bo,) = booked(course, "Bo Adams")
    if not said:
        attendance_actions.mark_person(at(ctx, moment), "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
        return
    with pytest.raises(RuleBroken, match=said):
        attendance_actions.mark_person(at(ctx, moment), "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    with pytest.raises(RuleBroken, match=said):
        attendance_actions.mark_rest(at(ctx, moment), "BR-90", 1, PRESENT)


def test_what_has_no_date_is_a_draft_or_is_cancelled_has_no_register_to_take(later: Context) -> None:
    undated = event("BR-92", dates=("2017-06-12", None))
    (bo,) = booked(undated, "Bo Adams")
    with pytest.raises(RuleBroken, match="to be confirmed"):
        attendance_actions.mark_person(later, "BR-92", 2, bo.key, attendance_actions.NewMark(PRESENT))
    for state in ("draft", "cancelled"):
        reference = f"BR-{state}".upper()
        booked(event(reference, state=state), "Al Barnes")
        with pytest.raises(RuleBroken, match=f"is {state}"):
            attendance_actions.mark_rest(later, reference, 1, PRESENT)
    with pytest.raises(NoSuchSession):
        attendance_actions.mark_person(later, "BR-92", 9, bo.key, attendance_actions.NewMark(PRESENT))


def test_who_is_not_on_the_register_cannot_be_marked_until_booked(later: Context, course: Event) -> None:
    booked(course, "Bo Adams")
    al = person("Al Barnes")
    with pytest.raises(NotFound) as refused:
        attendance_actions.mark_person(later, "BR-90", 1, al.key, attendance_actions.NewMark(PRESENT))
    assert refused.value.remedy == Remedy(RemedyKind.BOOK_WALK_IN, event="BR-90", person=al.key)
    booking_actions.enrol_people(later, "BR-90", [al.key], override="came unannounced")
    attendance_actions.mark_person(later, "BR-90", 1, al.key, attendance_actions.NewMark(PRESENT))


def test_who_left_after_a_session_stays_on_its_register_alone(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    booked(course, "Al Barnes")
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    booking_actions.cancel_place(later, "BR-90", bo.key, reason="ill")
    found = attendance_actions.list_registers(later, "BR-90")
    assert [[entry.name for entry in each.entries] for each in found] == [
        ["Bo Adams", "Al Barnes"], ["Al Barnes"], ["Al Barnes"],
    ]  # fmt: skip


def test_a_signed_off_register_is_changed_by_a_coordinator_with_a_reason_alone(later: Context, course: Event) -> None:
    bo, _ = booked(course, "Bo Adams", "Al Barnes")
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    with pytest.raises(RuleBroken, match="Al Barnes is not marked yet"):
        attendance_actions.sign_off_register(later, "BR-90", 1)
    attendance_actions.mark_rest(later, "BR-90", 1, PRESENT)
    booker = replace(later, role=Role.BOOKER, actor="bea")
    with pytest.raises(NotAllowed):
        attendance_actions.sign_off_register(booker, "BR-90", 1)
    done = attendance_actions.sign_off_register(later, "BR-90", 1)
    assert done.state
    assert done.state.signed_off_by == "alice"
    with pytest.raises(RuleBroken, match="already been signed off by alice"):
        attendance_actions.sign_off_register(later, "BR-90", 1)
    with pytest.raises(NotAllowed):
        attendance_actions.mark_person(
            booker, "BR-90", 1, bo.key, attendance_actions.NewMark(ABSENT), reason="was not there"
        )
    with pytest.raises(ReasonNeeded, match="alice has signed off"):
        attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(ABSENT))
    attendance_actions.mark_person(booker, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    attendance_actions.mark_person(
        later, "BR-90", 1, bo.key, attendance_actions.NewMark(ABSENT), reason="mistaken for her sister"
    )
    assert builders.list_history_lines(later, person=bo.key)[0].reason == "mistaken for her sister"
    assert attendance_actions.list_registers(later, "BR-90", 1)[0].state == done.state


def test_a_viewer_marks_nobody(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    viewer = replace(later, role=Role.VIEWER)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: attendance_actions.mark_person(viewer, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT)),
        lambda: attendance_actions.mark_rest(viewer, "BR-90", 1, PRESENT),
        lambda: attendance_actions.clear_mark(viewer, "BR-90", 1, bo.key),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_a_dry_run_shows_who_would_be_marked_and_marks_nobody(later: Context, course: Event) -> None:
    booked(course, "Bo Adams")
    assert [
        each.name
        for each in preview_change(later, lambda: attendance_actions.mark_rest(later, "BR-90", 1, PRESENT)).result
    ] == ["Bo Adams"]
    assert len(attendance_actions.list_registers(later, "BR-90", 1)[0].unmarked) == 1


def test_undo_takes_marks_outcomes_and_completions_back_and_leaves_earlier_marks(later: Context, course: Event) -> None:
    bo, al = booked(course, "Bo Adams", "Al Barnes")
    for number in (1, 2):
        attendance_actions.mark_rest(later, "BR-90", number, PRESENT)
    attendance_actions.mark_person(later, "BR-90", 3, al.key, attendance_actions.NewMark(APOLOGIES))
    attendance_actions.mark_rest(later, "BR-90", 3, PRESENT)
    assert kept(bo)
    undone = undo.undo_steps(later)
    assert ("Bo Adams in BR-90 session 3", "present", "") in [(each.what, each.before, each.after) for each in undone]
    assert kept(bo) == {}
    assert statuses(course) == {bo.id: Status.BOOKED, al.id: Status.PARTIALLY_ATTENDED}
    marks = {
        line.name: line.mark
        for line in attendance_actions.list_register_lines(attendance_actions.list_registers(later, "BR-90", 3))
    }
    assert marks == {"Bo Adams": "", "Al Barnes": "apologies"}
    assert sound(later)
    undo.undo_steps(later, 3)
    assert {
        line.mark for line in attendance_actions.list_register_lines(attendance_actions.list_registers(later, "BR-90"))
    } == {""}
    assert {each.state for each in attendance_actions.list_registers(later, "BR-90")} == {None}
    assert sound(later)


def test_undo_is_refused_when_somebody_else_has_marked_in_that_register_since(later: Context, course: Event) -> None:
    bo, al = booked(course, "Bo Adams", "Al Barnes")
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(PRESENT))
    attendance_actions.mark_person(
        at(later, EVENING, actor="berit"), "BR-90", 1, al.key, attendance_actions.NewMark(PRESENT)
    )
    with pytest.raises(RuleBroken, match="someone has changed it since"):
        undo.undo_steps(later)


def test_a_sign_off_can_be_taken_back(later: Context, course: Event) -> None:
    booked(course, "Bo Adams")
    attendance_actions.mark_rest(later, "BR-90", 1, PRESENT)
    attendance_actions.sign_off_register(later, "BR-90", 1)
    undone = undo.undo_steps(later)
    assert [(each.what, each.before, each.after) for each in undone] == [
        ("register of BR-90 session 1", "signed off", "")
    ]
    state = attendance_actions.list_registers(later, "BR-90", 1)[0].state
    assert state
    assert state.signed_off_by is None


def test_a_course_that_asks_for_a_share_of_the_hours_settles_everybody_when_the_rule_changes(
    later: Context, course: Event
) -> None:
    bo, al = booked(course, "Bo Adams", "Al Barnes")
    mark_all(later, "BR-90", bo, PRESENT, PRESENT, ABSENT)
    attendance_actions.mark_person(later, "BR-90", 1, al.key, attendance_actions.NewMark(LATE, minutes=30))
    assert (kept(bo), kept(al)) == ({}, {})
    course_rules.set_course_rule(later, "BR", "completion_share", "60")
    course_rules.set_course_rule(later, "BR", "completion_rule", "share_of_hours")
    assert (kept(bo), kept(al)) == ({"BR": date(2017, 6, 19)}, {})
    assert sound(later)
    course_rules.set_course_rule(later, "BR", "completion_rule", "all_modules")
    assert kept(bo) == {}


def test_hours_of_learning_are_the_minutes_attended_in_each_programme_year(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    last_year = event("BR-80", dates=("2017-03-30",))
    enrolment(last_year, bo)
    attendance_actions.mark_person(later, "BR-80", 1, bo.key, attendance_actions.NewMark(PRESENT))
    attendance_actions.mark_person(later, "BR-90", 1, bo.key, attendance_actions.NewMark(LATE, arrived=time(10, 0)))
    attendance_actions.mark_person(later, "BR-90", 2, bo.key, attendance_actions.NewMark(ABSENT))
    hours = people_queries.get_person_card(later, bo.key).hours
    assert [(each.year, each.hours) for each in hours] == [("2017/18", 2.5), ("2016/17", 3.0)]


def test_the_check_finds_a_completion_and_an_outcome_that_no_mark_supports(later: Context, course: Event) -> None:
    bo, al = booked(course, "Bo Adams", "Al Barnes")
    mark_all(later, "BR-90", bo, PRESENT, PRESENT, PRESENT)
    assert sound(later)
    with write_transaction():
        models.CompletionRow.update(on=date(2017, 6, 1)).where(models.CompletionRow.person == bo.id).execute()
        models.EnrolmentRow.update(status=Status.NO_SHOW).where(models.EnrolmentRow.person == al.id).execute()
    wrong = {
        each.check: each.detail
        for each in upkeep.check_database(connection.bound_location(), actor="alice", today=EVENING)
        if each.result == "wrong"
    }
    assert wrong == {
        "outcomes follow the marks": "BR-90: Al Barnes is shown as no show, but the marks say booked",
        "completions follow the marks": f"{bo.key}: BR is recorded as completed on 2017-06-01, but the marks say "
        "completed on "
        "2017-06-26",
    }


def test_a_session_whose_register_was_taken_is_moved_for_a_reason_alone_and_completions_follow(
    later: Context, course: Event
) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, PRESENT, PRESENT)
    with pytest.raises(RuleBroken, match="took place on Mon 26 Jun 2017"):
        calendar_actions.move_session(later, "BR-90", 3, calendar_actions.SessionMove(date(2017, 6, 23)))
    calendar_actions.move_session(
        later, "BR-90", 3, calendar_actions.SessionMove(date(2017, 6, 23)), override="typed wrongly"
    )
    assert kept(bo) == {"BR": date(2017, 6, 23)}
    assert sound(later)
    undo.undo_steps(later)
    assert kept(bo) == {"BR": date(2017, 6, 26)}
    assert sound(later)


def test_nobody_makes_up_the_same_module_in_one_session_twice(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, APOLOGIES, PRESENT)
    event("BR-91", dates=("2017-07-03", "2017-07-04", "2017-07-05"))
    makeups.book_make_up(later, bo.key, "BR-91", 2)
    with pytest.raises(RuleBroken, match="already making up"):
        makeups.book_make_up(later, bo.key, "BR-91", 2)


def test_a_make_up_taken_back_gives_its_seat_to_the_event_again(later: Context, course: Event) -> None:
    (bo,) = booked(course, "Bo Adams")
    mark_all(later, "BR-90", bo, PRESENT, APOLOGIES, PRESENT)
    event("BR-91", capacity=1, dates=("2017-07-03", "2017-07-04", "2017-07-05"))
    makeups.book_make_up(later, bo.key, "BR-91", 2)
    assert people_queries.get_event_card(later, "BR-91").event.free == 0
    undo.undo_steps(later)
    assert people_queries.get_event_card(later, "BR-91").event.free == 1
