"""A demonstration is a year such as the program itself would have kept."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.demo import database
from csc_tui.core.groups import commitments
from csc_tui.core.groups.rules import commitment_standing
from csc_tui.core.mail import invitations
from csc_tui.core.people import queries as people_queries
from db import demo as demo_store
from db import models
from db.engine.connection import read_transaction
from db.errors import Duplicate, WrongUse
from db.records.attendance import MarkKind
from db.records.booking import Status
from tests import builders
from tests.builders import ROOT

NOW = database.demo_moment(None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    database.create_demo(str(path), today=None)
    return path


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Context:
    """Somebody who looks round in a demonstration on its own afternoon."""
    return bootstrap.create_context(str(shutil.copy(made, tmp_path / "demo.db")), actor="demo", today=NOW)


def count(table: type[models.Row], *conditions: object) -> int:
    with read_transaction():
        query = table.select()
        return int((query.where(*conditions) if conditions else query).count())


@pytest.mark.parametrize("today", [None, "2016-01-05", "2017-04-10T09:00", "2017-10-16", "2018-06-01"])
def test_whatever_the_day_a_check_finds_nothing_and_nothing_has_happened_yet_that_is_still_to_come(
    tmp_path: Path, today: str | None
) -> None:
    location = str(tmp_path / "demo.db")
    database.create_demo(location, today=today)
    moment = database.demo_moment(today)
    findings = upkeep.check_database(location, actor="demo", today=moment)
    # Among so many made-up people some have the name of another one in their organisation.
    assert [each for each in findings if each.result != "ok" and each.check != "people have one record"] == []
    stamp = bootstrap.create_context(location, actor="demo", today=moment).stamp()
    with read_transaction():
        for row, column in (
            (models.HistoryRow, models.HistoryRow.at),
            (models.EnrolmentRow, models.EnrolmentRow.since),
            (models.MarkRow, models.MarkRow.at),
            (models.RegisterRow, models.RegisterRow.taken_at),
            (models.EvaluationRow, models.EvaluationRow.received),
            (models.DispatchRow, models.DispatchRow.stamped),
            (models.InvitationRow, models.InvitationRow.replied),
        ):
            assert row.select().where(column > stamp).count() == 0, row


def test_it_holds_the_programme_and_as_many_people_as_were_developed_in_signs_of_safety(demo: Context) -> None:
    assert count(models.PersonRow) == 2375
    assert (count(models.EventRow), count(models.SessionRow)) == (51, 108)
    assert count(models.PersonRow, models.PersonRow.is_facilitator) == 6


def test_everybody_is_made_up_and_can_be_found_by_letters_that_are_on_every_keyboard(demo: Context) -> None:
    with read_transaction():
        addresses = [row.email for row in models.PersonRow.select(models.PersonRow.email)]
    assert all(address.isascii() and address.endswith("@example.org") for address in addresses)
    assert any("Siobhán" in each.name for each in people_queries.search_people(demo, "siobhan")[0])
    assert any("O'Brien" in each.name for each in people_queries.search_people(demo, "obrien")[0])


def test_the_same_people_come_to_the_same_things_each_time(made: Path, tmp_path: Path) -> None:
    assert demo_store.generate_people() == demo_store.generate_people()
    again = tmp_path / "again.db"
    database.create_demo(str(again), today=None)
    said = []
    for path in (made, again):
        bootstrap.bind_database(str(path))
        with read_transaction():
            rows = models.EnrolmentRow.select(
                models.EnrolmentRow.event,
                models.EnrolmentRow.person,
                models.EnrolmentRow.status,
                models.EnrolmentRow.since,
            )
            said.append(list(rows.order_by(models.EnrolmentRow.id).tuples()))
    assert said[0] == said[1]


def test_there_is_a_full_event_with_people_waiting_a_thin_one_and_one_that_is_nearly_full(demo: Context) -> None:
    coming = people_queries.list_bookable_events(demo, everything=True)
    assert any(each.free == 0 and each.waiting >= 3 for each in coming)
    assert any(0 < each.free <= 2 and each.booked > 10 for each in coming)
    assert any(each.offered for each in coming)
    thin = [people_queries.get_event_card(demo, each.event).event for each in coming if each.state == "tentative"]
    assert thin
    assert all(0 < event.booked < event.minimum for event in thin)


def test_of_a_delivered_event_every_place_has_the_outcome_of_its_marks_and_all_others_have_none(demo: Context) -> None:
    marks: dict[tuple[int, int], list[MarkKind]] = defaultdict(list)
    with read_transaction():
        for event_id, person_id, mark in (
            models.MarkRow.select(models.SessionRow.event, models.MarkRow.person, models.MarkRow.mark)
            .join_from(models.MarkRow, models.SessionRow)
            .tuples()
        ):
            marks[event_id, person_id].append(mark)
        rows = models.EnrolmentRow.select(
            models.EnrolmentRow.event, models.EnrolmentRow.person, models.EnrolmentRow.status, models.EventRow.state
        ).join_from(models.EnrolmentRow, models.EventRow)
        held = [row for row in rows.tuples() if row[2] >= Status.BOOKED]
    over = [row for row in held if row[3] in ("delivered", "closed")]
    assert {row[2] for row in over} == {
        Status.NO_SHOW, Status.UNABLE_TO_ATTEND, Status.PARTIALLY_ATTENDED, Status.FULLY_ATTENDED,
    }  # fmt: skip
    for event_id, person_id, status, _ in over:
        assert status is attendance_rules.outcome_of_marks(marks[event_id, person_id])
    assert {row[2] for row in held if row not in over} == {Status.BOOKED}


def test_the_register_of_this_afternoon_is_half_taken(demo: Context) -> None:
    with read_transaction():
        event = models.EventRow.get(models.EventRow.reference == "BR-02")
        session = models.SessionRow.get(models.SessionRow.event == event.id, models.SessionRow.number == 2)
        marked = models.MarkRow.select().where(models.MarkRow.session == session.id).count()
        register = models.RegisterRow.get(models.RegisterRow.session == session.id)
    assert 0 < marked < event.booked
    assert register.taken_at.date() == datetime(2017, 6, 12).date()
    assert register.signed_off_by is None


def test_some_people_have_one_module_of_being_restorative_some_two_and_some_all_three(demo: Context) -> None:
    with read_transaction():
        attending = [row.person_id for row in models.MarkRow.select(models.MarkRow.person).distinct()]
        stored = {
            (row.person_id, code)
            for row, code in (
                (row, row.course.code)
                for row in models.CompletionRow.select(models.CompletionRow, models.CourseRow).join(models.CourseRow)
            )
        }
        found = {person_id: people_queries.list_course_progress(person_id) for person_id in attending}
    done = {each.modules_done for progress in found.values() for each in progress if each.course == "BR"}
    assert done == {1, 2, 3}
    assert stored == {(person_id, each.course) for person_id, its in found.items() for each in its if each.complete}


def test_nobody_is_booked_on_two_things_at_once_but_two_people_and_for_them_there_is_a_reason(demo: Context) -> None:
    clashes = [each for each in calendar_actions.list_clashes(demo) if each.kind == "learner"]
    assert len(clashes) == 2
    for each in clashes:
        lines = builders.list_history_lines(demo, event=each.other_event) + builders.list_history_lines(
            demo, event=each.event
        )
        assert any(each.what in line.subject and line.verb == "booked" and line.reason for line in lines)


def test_somebody_waits_who_has_a_story(demo: Context) -> None:
    waiting = {
        line.person
        for each in people_queries.list_bookable_events(demo, everything=True)
        for line in people_queries.get_event_card(demo, each.event).waiting
    }
    assert max(len(people_queries.get_person_card(demo, person).enrolments) for person in waiting) >= 3


def test_the_morning_left_invitations_to_write_and_the_past_did_not(demo: Context) -> None:
    due = {
        event.event: invitations.due_invitation_count(demo, event.event) for event in people_queries.list_events(demo)
    }
    over = [event.event for event in people_queries.list_events(demo) if event.state in ("delivered", "closed")]
    assert over
    assert not any(due[reference] for reference in over)
    moved = [
        each.session
        for each in invitations.list_due_invitations(demo, "SOS-ALS-01")
        if each.reason.startswith("moved from")
    ]
    assert len(moved) > 4
    assert set(moved) == {1}


def test_practice_leads_and_learning_sets_have_their_members_and_courses_their_evaluations(demo: Context) -> None:
    with read_transaction():
        sizes = {
            group.name: models.MembershipRow.select()
            .where(models.MembershipRow.group == group.id, models.MembershipRow.left_on.is_null())
            .count()
            for group in models.GroupRow.select()
        }
        answered = {
            row.event.state
            for row in models.EvaluationRow.select(models.EvaluationRow, models.EventRow).join(models.EventRow)
        }
    assert sizes["Signs of Safety Practice Leads"] == 25
    assert sizes["Signs of Safety action learning set 1"] == 8
    assert {str(state) for state in answered} == {"delivered", "closed"}
    assert count(models.AnswerRow) > count(models.EvaluationRow)


def test_one_commitment_has_not_been_kept_by_its_day_and_nobody_said_why(demo: Context) -> None:
    stands = Counter(commitment_standing(each, demo.today()) for each in commitments.list_commitments(demo))
    assert stands == {"overdue": 1, "due": 2, "done": 3}


def test_several_people_have_worked_on_it_in_their_own_roles(demo: Context) -> None:
    assert {line.actor for line in builders.list_history_lines(demo)} == {"helen", "priya", "tom"}
    assert upkeep.list_roles(demo) == [
        ("helen", "administrator"), ("priya", "coordinator"), ("tom", "booker"), ("everyone else", "administrator"),
    ]  # fmt: skip


def test_an_existing_file_is_left_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "precious.db"
    there.write_text("mine")
    with pytest.raises(Duplicate, match="was not changed"):
        database.create_demo(str(there), today=None)
    assert there.read_text() == "mine"


def test_a_day_that_is_none_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(WrongUse, match="cannot be used"), database.temporary_demo(today="2017-02-30"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_thrown_away_was_private_and_is_gone_even_after_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = signal.getsignal(signal.SIGTERM)

    def fail_inside() -> None:
        with database.temporary_demo(today=None) as location:
            assert stat.S_IMODE(os.stat(os.path.dirname(location)).st_mode) == 0o700
            assert stat.S_IMODE(os.stat(location).st_mode) == 0o600
            raise LookupError

    with pytest.raises(LookupError):
        fail_inside()
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_program_takes_the_database_with_it(tmp_path: Path, number: signal.Signals) -> None:
    program = (
        "import signal\n"
        "from csc_tui.core.demo import database\n"
        "with database.temporary_demo(today=None) as location:\n"
        "    print(location, flush=True)\n"
        "    signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    ) as running:  # fmt: skip
        assert running.stdout
        assert os.path.exists(running.stdout.readline().strip())
        running.send_signal(number)
        assert running.wait(timeout=20) == -number
    assert list(tmp_path.iterdir()) == []
