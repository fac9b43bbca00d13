"""Previews: the change itself, run to its end and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.transaction import apply_previewed_change, is_same_outcome
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.history import undo
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.change_preview import preview_change
from db import models
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken, Stale
from db.records.booking import Status, StatusChange
from tests import builders
from tests.builders import moved


@pytest.fixture
def told(ctx: Context, tmp_path: Path) -> Context:
    """Al and Bo have their invitations to BR-90, and Cy waits; BR-91 in another week is empty."""
    event = builders.event("BR-90", capacity=2, dates=["2017-06-12", "2017-06-26"])
    builders.booked(event, "Al Ash", "Bo Bell")
    builders.enrolment(event, builders.person("Cy Carr"), Status.WAITLISTED)
    builders.event("BR-91", dates=["2017-06-19"])
    mail_invitations.write_invitations(ctx, "BR-90", str(tmp_path / "out"))
    return ctx


def everything() -> object:
    with read_transaction():
        tables = (models.EnrolmentRow, models.EventRow, models.SessionRow, models.HistoryRow, models.StepRow)
        return [list(table.select().order_by(table.id).tuples()) for table in tables]


CHANGES: dict[str, tuple[Callable[[Context], object], list[tuple[str, str, int]]]] = {
    "a cancellation": (
        lambda ctx: booking_actions.cancel_place(ctx, "BR-90", "al ash", reason="ill"),
        [("CANCEL", "Al Ash", 1), ("CANCEL", "Al Ash", 2), ("REQUEST", "Cy Carr", 1), ("REQUEST", "Cy Carr", 2)],
    ),
    "a transfer": (
        lambda ctx: booking_actions.transfer_person(ctx, "BR-90", "al ash", "BR-91"),
        [("CANCEL", "Al Ash", 1), ("CANCEL", "Al Ash", 2), ("REQUEST", "Cy Carr", 1), ("REQUEST", "Cy Carr", 2),
         ("REQUEST", "Al Ash", 1)],
    ),
    "a moved session": (
        lambda ctx: calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 6, 27))),
        [("REQUEST", "Al Ash", 2), ("REQUEST", "Bo Bell", 2)],
    ),
    "a cancelled event": (
        lambda ctx: calendar_actions.cancel_event(ctx, "BR-90", reason="trainer ill"),
        [("CANCEL", "Al Ash", 1), ("CANCEL", "Al Ash", 2), ("CANCEL", "Bo Bell", 1), ("CANCEL", "Bo Bell", 2)],
    ),
    "one who joins the list": (lambda ctx: booking_actions.enrol_people(ctx, "BR-90", ["di dodd"]), []),
    "a merge": (
        lambda ctx: event_transfers.merge_events(ctx, "BR-90", "BR-91", reason="thin"),
        [("CANCEL", "Al Ash", 1), ("CANCEL", "Al Ash", 2), ("CANCEL", "Bo Bell", 1), ("CANCEL", "Bo Bell", 2),
         ("REQUEST", "Al Ash", 1), ("REQUEST", "Bo Bell", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(CHANGES))
def test_a_preview_says_which_invitations_would_be_due_and_changes_nothing(told: Context, what: str) -> None:
    builders.person("Di Dodd")
    change, invitations = CHANGES[what]
    before = everything()
    shown = preview_change(told, lambda: change(told))
    assert [(each.method.value, each.attendee.name, each.session) for each in shown.invitations] == invitations
    assert everything() == before
    assert change(told) == shown.result
    due = {
        (each.method.value, each.attendee.name, each.session)
        for ref in ("BR-90", "BR-91")
        for each in mail_invitations.list_due_invitations(told, ref)
    }
    assert due == set(invitations)


def test_what_was_due_before_is_no_consequence(told: Context) -> None:
    booking_actions.cancel_place(told, "BR-90", "bo bell", reason="ill")
    shown = preview_change(told, lambda: booking_actions.cancel_place(told, "BR-90", "al ash", reason="ill"))
    assert {each.attendee.name for each in shown.invitations} == {"Al Ash"}


def test_a_preview_of_what_cannot_be_says_why_and_the_next_change_is_kept(told: Context) -> None:
    before = everything()
    with pytest.raises(RuleBroken):
        preview_change(told, lambda: booking_actions.accept_offer(told, "BR-90", "al ash"))
    with pytest.raises(NotFound):
        preview_change(told, lambda: booking_actions.cancel_place(told, "BR-90", "nobody", reason="ill"))
    assert everything() == before
    booking_actions.cancel_place(told, "BR-90", "al ash", reason="ill")
    assert everything() != before


def test_a_preview_leaves_nothing_to_undo(told: Context) -> None:
    preview_change(told, lambda: booking_actions.cancel_place(told, "BR-90", "al ash", reason="ill"))
    with pytest.raises(NotFound):
        undo.undo_steps(told)


def test_sweeping_and_undoing_can_be_previewed_as_well(told: Context) -> None:
    booking_actions.cancel_place(told, "BR-90", "al ash", reason="ill")
    shown = preview_change(told, lambda: undo.undo_steps(told))
    assert [each.what for each in shown.result] == ["Al Ash on BR-90", "Cy Carr on BR-90"]
    assert preview_change(told, lambda: expiry.sweep_events(told)).result == []
    assert moved(booking_actions.cancel_place(told, "BR-90", "bo bell", reason="ill")) == [
        ("Bo Bell", "booked", "cancelled")
    ]


def test_what_was_previewed_is_done_as_one_step(told: Context) -> None:
    def both() -> list[StatusChange]:
        return [
            each
            for name in ("al ash", "bo bell")
            for each in booking_actions.cancel_place(told, "BR-90", name, reason="ill")
        ]

    shown = preview_change(told, both).result
    assert apply_previewed_change(told, both, shown) == shown
    undone = {each.what for each in undo.undo_steps(told)}
    assert undone == {"Al Ash on BR-90", "Bo Bell on BR-90", "Cy Carr on BR-90"}


def cy_leaves_the_list(ctx: Context) -> None:
    booking_actions.cancel_place(ctx, "BR-90", "cy carr", reason="found another course")


def the_last_places_go(ctx: Context) -> None:
    booking_actions.enrol_people(ctx, "BR-91", [builders.person(name).key for name in ("Ed Eve", "Fi Fox")])


def di_joins_the_list(ctx: Context) -> None:
    booking_actions.enrol_people(ctx, "BR-90", ["di dodd"])


def bo_leaves(ctx: Context) -> None:
    booking_actions.cancel_place(ctx, "BR-90", "bo bell", reason="ill")


@pytest.mark.parametrize(
    ("change", "meanwhile"),
    [
        (lambda ctx: booking_actions.cancel_place(ctx, "BR-90", "al ash", reason="ill"), cy_leaves_the_list),
        (lambda ctx: booking_actions.enrol_people(ctx, "BR-91", ["di dodd"]), the_last_places_go),
        (lambda ctx: booking_actions.transfer_person(ctx, "BR-90", "al ash", "BR-91"), cy_leaves_the_list),
        (lambda ctx: booking_actions.substitute_person(ctx, "BR-90", "al ash", "di dodd"), di_joins_the_list),
        (lambda ctx: event_transfers.merge_events(ctx, "BR-90", "BR-91", reason="thin"), bo_leaves),
    ],
    ids=["cancel", "enrol", "transfer", "substitute", "merge"],
)
def test_an_outcome_that_is_no_longer_the_previewed_one_is_stale_and_nothing_is_done(
    told: Context, change: Callable[[Context], object], meanwhile: Callable[[Context], None]
) -> None:
    builders.person("Di Dodd")
    shown = preview_change(told, lambda: change(told)).result
    meanwhile(builders.at(told, "2017-04-10T09:01", actor="bella"))
    before = everything()
    with pytest.raises(Stale, match="Nothing was changed"):
        apply_previewed_change(told, lambda: change(told), shown)
    assert everything() == before
    again = preview_change(told, lambda: change(told)).result
    assert apply_previewed_change(told, lambda: change(told), again) == again


def test_an_undo_that_was_previewed_is_no_step_of_its_own(told: Context) -> None:
    booking_actions.cancel_place(told, "BR-90", "al ash", reason="ill")
    shown = preview_change(told, lambda: undo.undo_steps(told)).result
    assert undo.show_last_step(told).startswith("cancelled Al Ash on BR-90")
    apply_previewed_change(told, lambda: undo.undo_steps(told), shown, undoable=False)
    assert undo.show_last_step(told) == ""


@dataclass(frozen=True)
class Made:
    """A row that a change made, and one that names it."""

    id: int
    name: str
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Part:
    id: int
    made_id: int
    name: str


def test_ids_from_a_counter_that_went_on_are_no_other_outcome() -> None:
    before = Made(7, "Town Hall", (Part(3, 7, "Room 1"), Part(4, 7, "Room 2")))
    after = Made(9, "Town Hall", (Part(5, 9, "Room 1"), Part(6, 9, "Room 2")))
    assert is_same_outcome([before], [after])
    assert not is_same_outcome(before, Made(9, "Town Hall", (Part(5, 9, "Room 1"), Part(6, 9, "Room 3"))))
    assert not is_same_outcome(before, Made(9, "Town Hall", (Part(5, 9, "Room 1"), Part(6, 8, "Room 2"))))
    assert not is_same_outcome([before], [before, before])
    assert not is_same_outcome({"a": 1}, {"a": 2})
