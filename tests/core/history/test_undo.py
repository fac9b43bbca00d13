"""Taking back one's last change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry, makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.history import undo
from csc_tui.core.mail import invitations
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import privacy
from csc_tui.core.people import queries as people_queries
from db import models, people
from db.engine import connection
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.booking import Status
from db.records.history import UndoneChange
from db.records.startup import EventState, Role
from tests import builders
from tests.builders import standing


def rows() -> object:
    """Everything about places, events and sessions but versions, which only count changes."""
    with read_transaction():
        return [
            [
                tuple(value for name, value in row.__data__.items() if name != "version")
                for row in table.select().order_by(table.id)
            ]
            for table in (models.EnrolmentRow, models.EventRow, models.SessionRow, models.MakeUpRow, models.OfferRow)
        ]


@pytest.fixture
def busy(ctx: Context) -> Context:
    """BR-90: Al and Bo booked, Cy and Di waiting. BR-91: three places, empty. Ed has asked for BR-91."""
    event = builders.event("BR-90", capacity=2)
    builders.booked(event, "Al Ash", "Bo Bell")
    for name in ("Cy Carr", "Di Dodd"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    other = builders.event("BR-91", capacity=3, dates=["2017-06-19", "2017-06-26"])
    builders.enrolment(other, builders.person("Ed Eve"), Status.REQUESTED)
    builders.person("Fi Fox")
    return ctx


CHANGES: dict[str, Callable[[Context], object]] = {
    "a cancellation with its promotion": lambda ctx: booking_actions.cancel_place(ctx, "BR-90", "al ash", reason="ill"),
    "a transfer": lambda ctx: booking_actions.transfer_person(ctx, "BR-90", "al ash", "BR-91"),
    "a substitute who waited": lambda ctx: booking_actions.substitute_person(ctx, "BR-90", "al ash", "cy carr"),
    "an approval": lambda ctx: booking_actions.approve_request(ctx, "BR-91", "ed eve"),
    "a refusal": lambda ctx: booking_actions.decline_place(ctx, "BR-91", "ed eve", reason="no"),
    "another order": lambda ctx: booking_actions.reorder_waiting_list(ctx, "BR-90", "di dodd", 1, reason="urgent"),
    "a bigger capacity": lambda ctx: calendar_actions.set_capacity(ctx, "BR-90", 4),
    "a moved session": lambda ctx: calendar_actions.move_session(
        ctx, "BR-91", 1, calendar_actions.SessionMove(date(2017, 6, 20))
    ),
    "a state": lambda ctx: calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED),
    "a cancelled event": lambda ctx: calendar_actions.cancel_event(ctx, "BR-90", reason="trainer ill"),
    "a merge": lambda ctx: event_transfers.merge_events(ctx, "BR-90", "BR-91", reason="thin"),
}
NEW_ROWS = {"a transfer", "a merge"}


@pytest.mark.parametrize("what", list(CHANGES))
def test_undo_puts_back_what_was(busy: Context, what: str) -> None:
    before, people = rows(), standing("BR-90")
    CHANGES[what](busy)
    assert rows() != before
    undone = undo.undo_steps(busy)
    assert undone
    assert standing("BR-90") == people
    if what in NEW_ROWS:  # what was made is cancelled, for nothing is deleted
        assert set(standing("BR-91").values()) <= {"requested", "cancelled"}
    else:
        assert rows() == before
    assert {
        each.result for each in upkeep.check_database(connection.bound_location(), actor="alice", today="2017-04-10")
    } == {"ok"}


@pytest.mark.parametrize("what", list(CHANGES))
def test_a_dry_run_of_undo_changes_nothing_and_tells_the_truth(busy: Context, what: str) -> None:
    CHANGES[what](busy)
    after = rows()
    told = preview_change(busy, lambda: undo.undo_steps(busy)).result
    assert rows() == after
    assert undo.undo_steps(busy) == told


def test_undo_says_what_it_put_back(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    assert [(each.what, each.before, each.after) for each in undo.undo_steps(busy)] == [
        ("Al Ash on BR-90", "cancelled", "booked"), ("Cy Carr on BR-90", "booked", "waitlisted"),
    ]  # fmt: skip
    calendar_actions.set_capacity(busy, "BR-91", 9)
    assert [(each.what, each.before, each.after) for each in undo.undo_steps(busy)] == [("BR-91 capacity", "9", "3")]
    calendar_actions.move_session(busy, "BR-91", 2, calendar_actions.SessionMove(date(2017, 6, 27)))
    assert [(each.what, each.before, each.after) for each in undo.undo_steps(busy)] == [
        ("BR-91 session 2 date", "2017-06-27", "2017-06-26")
    ]


def test_the_history_of_the_event_and_of_the_person_says_that_it_was_undone(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    undo.undo_steps(busy)
    for line in (
        builders.list_history_lines(busy, event="BR-90")[1],
        builders.list_history_lines(busy, person="al ash")[0],
    ):
        assert (line.actor, line.verb, line.subject, line.before, line.after) == (
            "alice", "undone", "Al Ash on BR-90", "cancelled", "booked",
        )  # fmt: skip
        assert line.reason.startswith("cancelled Al Ash on BR-90; promoted Cy Carr")


def test_undo_again_goes_further_back_and_never_forward(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    booking_actions.enrol_people(busy, "BR-91", ["fi fox"])
    undo.undo_steps(busy)
    assert (standing("BR-91")["Fi Fox"], standing("BR-90")["Al Ash"]) == ("cancelled", "cancelled")
    undo.undo_steps(busy)
    assert standing("BR-90")["Al Ash"] == "booked"
    with pytest.raises(NotFound, match="There are no more changes by alice to undo"):
        undo.undo_steps(busy)


def test_several_steps_are_taken_back_together_or_none(busy: Context) -> None:
    before = standing("BR-90")
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    booking_actions.cancel_place(busy, "BR-90", "bo bell", reason="ill")
    after = standing("BR-90")
    with pytest.raises(NotFound):
        undo.undo_steps(busy, 3)
    assert standing("BR-90") == after
    undo.undo_steps(busy, 2)
    assert standing("BR-90") == before


def test_nobody_takes_back_what_somebody_else_did(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    with pytest.raises(NotFound, match="are no more changes by bella"):
        undo.undo_steps(builders.at(busy, "2017-04-10T09:05", actor="bella"))
    assert standing("BR-90")["Al Ash"] == "cancelled"


def test_what_somebody_built_on_is_not_taken_back(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    booking_actions.cancel_place(replace(busy, actor="bella"), "BR-90", "cy carr", reason="ill")
    before = rows()
    with pytest.raises(RuleBroken, match=r"cannot be undone: someone has changed it since\. Nothing was changed"):
        undo.undo_steps(busy)
    assert rows() == before


def test_one_who_was_enrolled_anew_is_not_put_back_beside_herself(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "di dodd", reason="ill")
    booking_actions.enrol_people(replace(busy, actor="bella"), "BR-90", ["di dodd"])
    before = rows()
    with pytest.raises(RuleBroken, match="the same person has been added again since"):
        undo.undo_steps(busy)
    assert rows() == before


def test_a_seat_that_is_gone_is_not_taken_back(busy: Context) -> None:
    booking_actions.enrol_people(busy, "BR-91", ["fi fox"])
    booking_actions.cancel_place(busy, "BR-91", "fi fox", reason="ill")
    calendar_actions.set_capacity(replace(busy, actor="bella"), "BR-91", 0)
    with pytest.raises(RuleBroken, match="BR-91 would have 1 person on 0 places"):
        undo.undo_steps(busy)


def test_nobody_is_put_back_on_an_event_that_was_cancelled_since(busy: Context) -> None:
    booking_actions.cancel_place(busy, "BR-90", "di dodd", reason="ill")
    calendar_actions.cancel_event(replace(busy, actor="bella"), "BR-90", reason="trainer ill")
    with pytest.raises(RuleBroken, match="BR-90 has been cancelled since"):
        undo.undo_steps(busy)


def test_once_an_invitation_depends_on_it_a_change_is_not_taken_back(busy: Context, tmp_path: Path) -> None:
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    invitations.write_invitations(busy, "BR-90", str(tmp_path / "out"))
    before = rows()
    with pytest.raises(
        RuleBroken, match=r"invitations have been written since\. Nothing was changed\. Change it back by hand"
    ):
        undo.undo_steps(busy)
    assert rows() == before


def test_invitations_to_another_event_or_from_before_do_not_matter(busy: Context, tmp_path: Path) -> None:
    invitations.write_invitations(busy, "BR-90", str(tmp_path / "before"))
    booking_actions.enrol_people(busy, "BR-91", ["al ash"])
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    invitations.write_invitations(busy, "BR-91", str(tmp_path / "other"))
    undo.undo_steps(busy)
    assert standing("BR-90")["Al Ash"] == "booked"


def test_a_moved_session_is_not_moved_back_once_people_were_told(busy: Context, tmp_path: Path) -> None:
    calendar_actions.move_session(busy, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    invitations.write_invitations(busy, "BR-90", str(tmp_path / "out"))
    with pytest.raises(RuleBroken, match="invitations have been written since"):
        undo.undo_steps(busy)


def test_a_make_up_is_taken_back_with_its_seat(busy: Context) -> None:
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13"])
    with read_transaction():
        fi = people.find_person("fi fox")
    builders.mark(past, 1, fi, "absent")
    makeups.book_make_up(busy, "fi fox", "BR-91", 1)
    assert [(each.what, each.before, each.after) for each in undo.undo_steps(busy)] == [
        ("Fi Fox on BR-91", "makes up a module", "")
    ]
    assert people_queries.get_event_card(busy, "BR-91").event.joining == 0


def test_a_new_event_is_cancelled_rather_than_deleted(busy: Context) -> None:
    changes, _ = event_transfers.add_overflow_event(busy, "BR-90", date(2017, 7, 3))
    undo.undo_steps(busy)
    assert people_queries.get_event_card(busy, changes[0].event).event.state == "cancelled"
    assert standing("BR-90") == {
        "Al Ash": "booked",
        "Bo Bell": "booked",
        "Cy Carr": "waitlisted",
        "Di Dodd": "waitlisted",
    }
    assert set(standing(changes[0].event).values()) == {"cancelled"}


def test_an_offer_taken_back_is_open_no_more_and_can_be_made_again(busy: Context) -> None:
    builders.course(waiting_rule="offer")
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    undo.undo_steps(busy)
    assert standing("BR-90")["Cy Carr"] == "waitlisted"
    booking_actions.cancel_place(busy, "BR-90", "al ash", reason="ill")
    booking_actions.accept_offer(busy, "BR-90", "cy carr")
    undo.undo_steps(busy)
    assert standing("BR-90")["Cy Carr"] == "offered"
    assert {
        each.result for each in upkeep.check_database(connection.bound_location(), actor="alice", today="2017-04-10")
    } == {"ok"}


def test_what_time_brought_is_undone_by_who_set_it_going(busy: Context) -> None:
    later = builders.at(busy, "2017-06-01")
    assert [each.name for each in expiry.sweep_events(later)] == ["Ed Eve"]
    with pytest.raises(NotFound):
        undo.undo_steps(replace(later, actor="bella"))
    assert [(each.what.partition(" on ")[0], each.after) for each in undo.undo_steps(later)] == [
        ("Ed Eve", "requested")
    ]


def test_a_viewer_takes_nothing_back(busy: Context) -> None:
    with pytest.raises(NotAllowed):
        undo.undo_steps(replace(busy, role=Role.VIEWER))


def test_a_seat_that_undoing_frees_goes_to_whoever_waits_since(busy: Context) -> None:
    builders.event("BR-92", capacity=1, dates=["2017-06-20"])
    booking_actions.enrol_people(busy, "BR-92", ["fi fox"])
    booking_actions.enrol_people(replace(busy, actor="bella"), "BR-92", [builders.person("Gil Gray").email])
    undo.undo_steps(busy)
    assert standing("BR-92") == {"Fi Fox": "cancelled", "Gil Gray": "booked"}


def test_one_made_to_wait_beside_a_free_place_is_put_back_to_wait(busy: Context) -> None:
    booking_actions.enrol_people(busy, "BR-91", ["fi fox"], booking_actions.BookingOptions(waiting=True))
    booking_actions.cancel_place(busy, "BR-91", "fi fox", reason="ill")
    undo.undo_steps(busy)
    assert standing("BR-91")["Fi Fox"] == "waitlisted"


def test_who_led_is_put_back(busy: Context) -> None:
    ann, bo = (builders.person(name, is_facilitator=True) for name in ("Ann Ashby", "Bo Byrne"))
    calendar_actions.assign_facilitators(busy, "BR-91", [bo.key], session=1)
    calendar_actions.assign_facilitators(busy, "BR-91", [ann.key, bo.key])
    assert [(each.what, each.before, each.after) for each in undo.undo_steps(busy)] == [
        ("BR-91 session 1 led by", "Ann Ashby, Bo Byrne", "Bo Byrne"),
        ("BR-91 session 2 led by", "Ann Ashby, Bo Byrne", "no one"),
    ]
    assert people_queries.get_event_card(busy, "BR-91").facilitators == ["Bo Byrne"]
    undo.undo_steps(busy)
    assert people_queries.get_event_card(busy, "BR-91").facilitators == []


def test_who_leads_is_not_taken_back_once_somebody_else_was_chosen_or_they_were_invited(
    busy: Context, tmp_path: Path
) -> None:
    ann, bo = (builders.person(name, is_facilitator=True) for name in ("Ann Ashby", "Bo Byrne"))
    calendar_actions.assign_facilitators(busy, "BR-91", [ann.key])
    calendar_actions.assign_facilitators(replace(busy, actor="bella"), "BR-91", [bo.key])
    with pytest.raises(RuleBroken, match="someone has changed it since"):
        undo.undo_steps(busy)
    undo.undo_steps(replace(busy, actor="bella"))
    calendar_actions.set_event_state(busy, "BR-91", EventState.CONFIRMED)
    undo.undo_steps(busy)
    invitations.write_invitations(busy, "BR-91", str(tmp_path), invitations.InvitationOptions(facilitators=True))
    with pytest.raises(RuleBroken, match="invitations have been written since"):
        undo.undo_steps(busy)
    assert people_queries.get_event_card(busy, "BR-91").facilitators == ["Ann Ashby"]


def test_what_is_kept_of_who_led_is_disclosed_to_them_and_goes_with_them(busy: Context) -> None:
    ann, bo = (builders.person(name, is_facilitator=True) for name in ("Ann Ashby", "Bo Byrne"))
    calendar_actions.assign_facilitators(busy, "BR-91", [ann.key, bo.key], session=2)
    kept = privacy.get_disclosure(busy, ann.key)["steps that can be undone"]
    (led,) = [each for each in kept if each["kind"] == "facilitation"]
    assert (led["before"], led["after"]) == ([], [{"person_id": ann.id}])


def test_many_changes_are_summed_up() -> None:
    places = [UndoneChange(f"Person {number} on BR-90", "cancelled", "booked") for number in range(24)]
    assert undo.summarise_undone(places) == "24 places restored"
    added = UndoneChange("Bo Ek on BR-90", "booked", "cancelled")
    marks = [UndoneChange(f"Person {number} in BR-90 session 1", "late", "") for number in range(2)]
    other = UndoneChange("BR-90 capacity", "9", "3")
    assert undo.summarise_undone([*places[:1], added, *marks, other]) == (
        "1 place restored, 1 place cancelled, 2 marks changed back and 1 other change undone"
    )
    assert undo.summarise_undone([other]) == "1 change undone"
