"""What members said they would do by when, and what became of it."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from db.errors import NotFound, RuleBroken, WrongUse
from db.records.groups import CommitmentState
from db.records.people import Person
from db.records.startup import Role
from tests import builders

LEADS = "Practice Leads"
MAY = date(2017, 5, 1)


@pytest.fixture
def bo(ctx: Context) -> Person:
    bo = builders.person("Bo Smith")
    groups_actions.add_members(ctx, LEADS, [bo.key])
    return bo


def standing(ctx: Context) -> list[tuple[str, str]]:
    return [(each.what, each.state.value) for each in commitments.list_commitments(ctx)]


def test_a_commitment_is_noted_settled_and_stands_in_the_history_of_the_person(ctx: Context, bo: Person) -> None:
    made = commitments.add_commitment(ctx, LEADS, bo.key, "  Ring the\nschool ", MAY)
    assert (made.what, made.made, made.due, made.state) == ("Ring the school", date(2017, 4, 10), MAY, "open")
    done = commitments.set_commitment_state(
        builders.at(ctx, "2017-04-28"), made.id, CommitmentState.NOT_DONE, remark="They moved"
    )
    assert (done.state, done.settled, done.remark) == ("not_done", date(2017, 4, 28), "They moved")
    again = commitments.set_commitment_state(ctx, made.id, CommitmentState.OPEN)
    assert (again.state, again.settled, again.remark) == ("open", None, "They moved")
    lines = builders.list_history_lines(ctx, person=bo.key)
    assert [(each.verb, each.before, each.after) for each in lines[:3]] == [
        ("commitment settled", "not_done", "open"),
        ("commitment settled", "open", "not_done"),
        ("committed", "", "by Mon 1 May 2017"),
    ]


def test_only_who_belonged_to_the_group_on_the_day_can_have_committed(ctx: Context, bo: Person) -> None:
    stranger = builders.person("Cy Jones")
    with pytest.raises(RuleBroken, match="Cy Jones was not in"):
        commitments.add_commitment(ctx, LEADS, stranger.key, "Ring", MAY)
    with pytest.raises(RuleBroken, match="on Sun 9 Apr 2017"):
        commitments.add_commitment(ctx, LEADS, bo.key, "Ring", MAY, on=date(2017, 4, 9))
    assert standing(ctx) == []


@pytest.mark.parametrize(
    ("what", "due", "why"),
    [
        ("  ", MAY, "needs words"),
        ("x" * 501, MAY, "can have 500 characters at most"),
        ("Ring", date(2017, 4, 9), "so it cannot be due on"),
    ],
)
def test_what_cannot_be_a_commitment_is_refused(ctx: Context, bo: Person, what: str, due: date, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        commitments.add_commitment(ctx, LEADS, bo.key, what, due)
    assert standing(ctx) == []


def test_the_same_open_commitment_is_not_noted_twice(ctx: Context, bo: Person) -> None:
    first = commitments.add_commitment(ctx, LEADS, bo.key, "Ring the school", MAY)
    with pytest.raises(RuleBroken, match="already"):
        commitments.add_commitment(ctx, LEADS, bo.key, "ring the School", MAY)
    commitments.set_commitment_state(ctx, first.id, CommitmentState.DONE)
    commitments.add_commitment(ctx, LEADS, bo.key, "Ring the school", MAY)
    assert sorted(standing(ctx)) == [("Ring the school", "done"), ("Ring the school", "open")]


def test_an_open_one_gets_other_words_or_another_day_and_a_settled_one_does_not(ctx: Context, bo: Person) -> None:
    made = commitments.add_commitment(ctx, LEADS, bo.key, "Ring", MAY)
    changed = commitments.change_commitment(ctx, made.id, what="Write", due=date(2017, 6, 1))
    assert (changed.what, changed.due) == ("Write", date(2017, 6, 1))
    with pytest.raises(RuleBroken, match="nothing to change"):
        commitments.change_commitment(ctx, made.id, what="Write")
    commitments.set_commitment_state(ctx, made.id, CommitmentState.DONE)
    with pytest.raises(RuleBroken, match="is done"):
        commitments.change_commitment(ctx, made.id, what="Ring again")
    with pytest.raises(RuleBroken, match="already done"):
        commitments.set_commitment_state(ctx, made.id, CommitmentState.DONE)
    with pytest.raises(NotFound, match="no commitment 99"):
        commitments.set_commitment_state(ctx, 99, CommitmentState.DONE)


def test_undo_takes_back_the_outcome_then_the_words_then_the_commitment_itself(ctx: Context, bo: Person) -> None:
    made = commitments.add_commitment(ctx, LEADS, bo.key, "Ring", MAY)
    commitments.change_commitment(ctx, made.id, what="Write")
    commitments.set_commitment_state(ctx, made.id, CommitmentState.DONE, remark="Well")
    undo.undo_steps(ctx)
    assert standing(ctx) == [("Write", "open")]
    undo.undo_steps(ctx)
    assert standing(ctx) == [("Ring", "open")]
    undone = undo.undo_steps(ctx)
    assert (undone[0].what, undone[0].before, undone[0].after) == ("Bo Smith: Ring state", "open", "withdrawn")
    assert standing(ctx) == [("Ring", "withdrawn")]


def test_what_somebody_else_settled_since_is_not_taken_back(ctx: Context, bo: Person) -> None:
    made = commitments.add_commitment(ctx, LEADS, bo.key, "Ring", MAY)
    commitments.set_commitment_state(builders.at(ctx, "2017-04-11", actor="bob"), made.id, CommitmentState.DONE)
    with pytest.raises(RuleBroken, match="changed it since"):
        undo.undo_steps(ctx)
    assert standing(ctx) == [("Ring", "done")]


def test_a_dry_run_notes_nothing_and_a_viewer_notes_nothing(ctx: Context, bo: Person) -> None:
    assert (
        preview_change(ctx, lambda: commitments.add_commitment(ctx, LEADS, bo.key, "Ring", MAY)).result.what == "Ring"
    )
    with pytest.raises(RuleBroken, match="needs the booker role"):
        commitments.add_commitment(replace(ctx, role=Role.VIEWER), LEADS, bo.key, "Ring", MAY)
    assert standing(ctx) == []


def test_who_committed_to_something_stays_a_member_when_joining_is_taken_back(ctx: Context, bo: Person) -> None:
    commitments.add_commitment(builders.at(ctx, "2017-04-10", actor="bob"), LEADS, bo.key, "Ring", MAY)
    with pytest.raises(RuleBroken, match="made a commitment"):
        undo.undo_steps(ctx)
    assert len(groups_actions.show_group(ctx, LEADS)[1]) == 1
