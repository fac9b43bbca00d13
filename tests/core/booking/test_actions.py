"""Booking and giving up places: seats, queue, previews, and whose name stands in the history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import AlreadyStarted, NotAllowed, NotBookable, NotOnEvent, ReasonNeeded
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db import calendar
from db.engine.connection import read_transaction, write_transaction
from db.errors import AmbiguousPerson, NoSuchEvent, NoSuchPerson, RuleBroken, WrongUse
from db.records.booking import Outcome, Status, StatusChange
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role
from tests import builders


def everything(ctx: Context) -> object:
    """All that a look-up can see of BR-90."""
    return people_queries.get_event_card(ctx, "BR-90")


def booked(ctx: Context) -> list[str]:
    return [line.name for line in people_queries.get_event_card(ctx, "BR-90").roster if line.status == "booked"]


def queue(ctx: Context) -> list[str]:
    return [line.name for line in people_queries.get_event_card(ctx, "BR-90").waiting]


def outcomes(found: Sequence[Outcome]) -> list[str]:
    return [each.outcome for each in found]


def full_event(ctx: Context, *waiting: str, capacity: int = 2, **more: Any) -> None:
    """BR-90 with Bo and Cy on it and these people in the queue."""
    event = builders.event(capacity=capacity, **more)
    builders.booked(event, "Bo Day", "Cy Day")
    for name in waiting:
        booking_actions.enrol_people(ctx, "BR-90", [builders.person(name).email], override="as found")


def test_people_are_booked_while_there_are_seats_and_wait_in_the_order_they_came(ctx: Context) -> None:
    builders.event(capacity=2)
    people = [builders.person(name) for name in ("Zoë Adams", "Bo Lee", "Cy Young", "Al Baker")]
    done = booking_actions.enrol_people(ctx, "br-90", [each.email for each in people])
    assert done == [
        Outcome(people[0].key, "Zoë Adams", "booked", ""),
        Outcome(people[1].key, "Bo Lee", "booked", ""),
        Outcome(people[2].key, "Cy Young", "waitlisted", ""),
        Outcome(people[3].key, "Al Baker", "waitlisted", ""),
    ]
    card = people_queries.get_event_card(ctx, "BR-90")
    assert (card.event.booked, card.event.waiting, card.event.free) == (2, 2, 0)
    assert queue(ctx) == ["Cy Young", "Al Baker"]


def test_an_event_without_places_books_nobody(ctx: Context) -> None:
    builders.event(capacity=0)
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])) == ["waitlisted"]


def test_the_same_person_twice_is_there_already_whatever_her_status(ctx: Context) -> None:
    full_event(ctx, "Di Day")
    who = builders.person("Ed Day", email="ed@example.org")
    done = booking_actions.enrol_people(ctx, "BR-90", ["bo day", "di day", who.email, who.key])
    assert [(each.outcome, each.reason) for each in done] == [
        ("already", "already booked"),
        ("already", "already waitlisted"),
        ("waitlisted", ""),
        ("already", "already waitlisted"),
    ]


def test_nobody_overtakes_the_queue_although_a_seat_is_free(ctx: Context) -> None:
    builders.event(capacity=2)
    booking_actions.enrol_people(
        ctx, "BR-90", [builders.person("Al Day").email], booking_actions.BookingOptions(waiting=True)
    )
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", [builders.person("Bo Day").email])) == ["waitlisted"]
    assert queue(ctx) == ["Al Day", "Bo Day"]


def test_one_who_cannot_be_enrolled_keeps_all_the_others_off(ctx: Context) -> None:
    builders.event()
    before = everything(ctx)
    someone, stranger = builders.person("Bo Day").email, "nobody@example.org"
    with pytest.raises(
        booking_actions.EnrolmentRefused, match=r"(?s)No one was booked\..*'nobody@example.org'"
    ) as refused:
        booking_actions.enrol_people(ctx, "BR-90", [someone, stranger])
    assert outcomes(refused.value.outcomes) == ["booked", "refused"]
    assert everything(ctx) == before


def test_partial_enrols_those_who_can_be(ctx: Context) -> None:
    builders.event()
    builders.person("Jo Smith"), builders.person("Jo Smith")
    done = booking_actions.enrol_people(
        ctx, "BR-90", [builders.person("Bo Day").email, "jo smith", "zz"], booking_actions.PARTIAL_BOOKING
    )
    assert outcomes(done) == ["booked", "refused", "refused"]
    assert "matches 2 people" in done[1].reason
    assert "No match for 'zz'" in done[2].reason
    assert booked(ctx) == ["Bo Day"]


def test_nobody_named_is_wrong_use(ctx: Context) -> None:
    builders.event()
    with pytest.raises(WrongUse, match="No one was named"):
        booking_actions.enrol_people(ctx, "BR-90", [])


@pytest.mark.parametrize(
    ("state", "sentence", "remedy"),
    [
        ("draft", "is a draft", Remedy(RemedyKind.OPEN_EVENT, event="BR-90")),
        ("delivered", "is delivered", Remedy(RemedyKind.LIST_BOOKABLE_EVENTS)),
        ("closed", "is closed", Remedy(RemedyKind.LIST_BOOKABLE_EVENTS)),
        ("cancelled", "is cancelled, so it cannot be booked any more", Remedy(RemedyKind.LIST_BOOKABLE_EVENTS)),
    ],
)
def test_only_an_open_tentative_or_confirmed_event_is_booked(
    ctx: Context, state: str, sentence: str, remedy: Remedy
) -> None:
    builders.event(state=state)
    with pytest.raises(NotBookable, match=sentence) as refused:
        booking_actions.enrol_people(ctx, "BR-90", [builders.person().email], override="please")
    assert refused.value.remedy == remedy


@pytest.mark.parametrize("state", ["open", "tentative", "confirmed"])
def test_each_bookable_state_takes_bookings(ctx: Context, state: str) -> None:
    builders.event(state=state)
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])) == ["booked"]


def test_an_event_that_has_begun_is_booked_with_a_reason_only(ctx: Context) -> None:
    builders.event(dates=["2017-06-12", "2017-06-19"])
    who = builders.person().email
    begun = builders.at(ctx, "2017-06-12T09:30")
    for reason in ("", "  "):
        with pytest.raises(AlreadyStarted, match="began on Mon 12 Jun 2017"):
            booking_actions.enrol_people(begun, "BR-90", [who], override=reason)
    assert outcomes(
        preview_change(
            builders.at(ctx, "2017-06-12T09:29"),
            lambda: booking_actions.enrol_people(builders.at(ctx, "2017-06-12T09:29"), "BR-90", [who]),
        ).result
    ) == ["booked"]
    assert outcomes(booking_actions.enrol_people(begun, "BR-90", [who], override="she was there")) == ["booked"]
    assert builders.list_history_lines(ctx, event="BR-90")[0].reason == "she was there"


def test_a_person_cannot_be_at_two_sessions_at_once_unless_there_is_a_reason(ctx: Context) -> None:
    builders.event("BR-80", dates=["2017-06-05", "2017-06-12"], start="12:00", end="15:00")
    builders.event("BR-90", dates=["2017-06-12"], start="09:30", end="12:30")
    who = builders.person("Bo Day")
    booking_actions.enrol_people(ctx, "BR-80", [who.email])
    with pytest.raises(
        booking_actions.EnrolmentRefused, match=r"Bo Day is already booked on BR-80 session 2 .*\(Mon 12 Jun 2017\)"
    ):
        booking_actions.enrol_people(ctx, "BR-90", [who.email])
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", [who.email], override="leaves early")) == ["booked"]


def test_one_who_waits_or_left_is_free_at_that_time(ctx: Context) -> None:
    on = builders.event("BR-80")
    builders.event("BR-90")
    who, other = builders.person("Bo Day"), builders.person("Cy Day")
    builders.enrolment(on, who, Status.WAITLISTED)
    builders.enrolment(on, other, Status.CANCELLED)
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", [who.email, other.email])) == ["booked", "booked"]


def test_a_freed_place_goes_to_the_first_in_the_queue_in_the_same_step(ctx: Context) -> None:
    full_event(ctx, "Di Day", "Ed Day")
    moves = booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")
    assert [(each.name, each.before, each.after) for each in moves] == [
        ("Bo Day", "booked", "cancelled"),
        ("Di Day", "waitlisted", "booked"),
    ]
    assert booked(ctx) == ["Cy Day", "Di Day"]
    assert queue(ctx) == ["Ed Day"]
    assert people_queries.get_event_card(ctx, "BR-90").event.waiting == 1


def test_giving_up_a_place_in_the_queue_moves_nobody(ctx: Context) -> None:
    full_event(ctx, "Di Day", "Ed Day")
    assert [each.name for each in booking_actions.cancel_place(ctx, "BR-90", "di day", reason="on leave")] == ["Di Day"]
    assert queue(ctx) == ["Ed Day"]


def test_a_person_cancelled_does_not_come_back_by_herself_and_joins_behind_the_others(ctx: Context) -> None:
    full_event(ctx, "Di Day", "Ed Day")
    booking_actions.cancel_place(ctx, "BR-90", "di day", reason="ill")
    booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")
    assert booked(ctx) == ["Cy Day", "Ed Day"]
    assert outcomes(booking_actions.enrol_people(ctx, "BR-90", ["di day", "bo day"])) == ["waitlisted", "waitlisted"]
    assert queue(ctx) == ["Di Day", "Bo Day"]
    calendar_actions.set_capacity(ctx, "BR-90", 3)
    assert booked(ctx) == ["Cy Day", "Di Day", "Ed Day"]


@pytest.mark.parametrize(
    ("moment", "up"), [("2017-06-12T09:29", ["Di Day"]), ("2017-06-12T09:30", []), ("2017-07-01T09:00", [])]
)
def test_nobody_moves_up_once_the_event_has_begun(ctx: Context, moment: str, up: list[str]) -> None:
    full_event(ctx, "Di Day")
    moves = booking_actions.cancel_place(builders.at(ctx, moment), "BR-90", "bo day", reason="ill")
    assert [each.name for each in moves[1:]] == up


@pytest.mark.parametrize("state", ["delivered", "closed", "draft"])
def test_nobody_moves_up_on_an_event_that_is_not_bookable(ctx: Context, state: str) -> None:
    full_event(ctx, "Di Day")
    with write_transaction():
        calendar.update_event(calendar.fetch_event("BR-90"), state=EventState(state))
    assert [each.name for each in booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")] == ["Bo Day"]


def test_an_event_to_be_confirmed_has_not_begun(ctx: Context) -> None:
    full_event(ctx, "Di Day", dates=[None])
    later = builders.at(ctx, "2030-01-01")
    assert [each.name for each in booking_actions.cancel_place(later, "BR-90", "bo day", reason="ill")] == [
        "Bo Day",
        "Di Day",
    ]


def test_a_person_who_moved_up_stays_even_if_a_bigger_capacity_comes_later(ctx: Context) -> None:
    full_event(ctx, "Di Day")
    booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")
    calendar_actions.set_capacity(ctx, "BR-90", 10)
    assert booked(ctx) == ["Cy Day", "Di Day"]


def test_cancelling_wants_a_reason_a_person_and_a_place(ctx: Context) -> None:
    full_event(ctx)
    before = everything(ctx)
    for reason in ("", "   "):
        with pytest.raises(ReasonNeeded, match="needs a reason"):
            booking_actions.cancel_place(ctx, "BR-90", "bo day", reason=reason)
    with pytest.raises(NoSuchPerson):
        booking_actions.cancel_place(ctx, "BR-90", "nobody@example.org", reason="ill")
    with pytest.raises(NoSuchEvent):
        booking_actions.cancel_place(ctx, "NOPE-1", "bo day", reason="ill")
    builders.person("Di Day")
    with pytest.raises(NotOnEvent, match="Di Day has no place on BR-90"):
        booking_actions.cancel_place(ctx, "BR-90", "di day", reason="ill")
    builders.person("Bo Day")
    with pytest.raises(AmbiguousPerson, match="matches 2 people"):
        booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")
    assert everything(ctx) == before


def test_what_has_taken_place_cannot_be_cancelled(ctx: Context) -> None:
    builders.enrolment(builders.event(), builders.person("Bo Day"), Status.FULLY_ATTENDED)
    with pytest.raises(RuleBroken, match="'fully attended' on BR-90: a place with an outcome"):
        booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")


def test_a_dry_run_shows_what_would_happen_and_changes_nothing(ctx: Context) -> None:
    full_event(ctx, "Di Day")
    ed = builders.person("Ed Day")
    before = everything(ctx)
    shown = preview_change(ctx, lambda: booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill")).result
    planned = preview_change(ctx, lambda: booking_actions.enrol_people(ctx, "BR-90", [ed.email])).result
    assert everything(ctx) == before
    assert booking_actions.enrol_people(ctx, "BR-90", [ed.email]) == planned
    assert booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill") == shown


def test_history_names_who_acted_and_upon_whom(ctx: Context) -> None:
    full_event(ctx, "Di Day")
    booking_actions.cancel_place(builders.at(ctx, "2017-04-11T14:30", actor="bella"), "BR-90", "bo day", reason="ill")
    up, off, joined = builders.list_history_lines(ctx, event="BR-90")[:3]
    assert (off.actor, off.verb, off.subject, off.before, off.after, off.reason) == (
        "bella", "cancelled", "Bo Day on BR-90", "booked", "cancelled", "ill",
    )  # fmt: skip
    assert (up.actor, up.verb, up.subject, up.before, up.after) == (
        "bella", "promoted", "Di Day on BR-90", "waitlisted", "booked",
    )  # fmt: skip
    assert (joined.actor, joined.verb, joined.reason) == ("alice", "waitlisted", "as found")
    assert off.at == datetime(2017, 4, 11, 14, 30)  # by the council's clock, an hour before UTC
    assert [line.verb for line in builders.list_history_lines(ctx, person="di day")] == ["promoted", "waitlisted"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.BOOKER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_viewer_neither_books_nor_cancels_and_everybody_else_does(ctx: Context, role: Role) -> None:
    full_event(ctx, capacity=5)
    who = builders.person("Di Day")
    acting = replace(ctx, role=role, actor="vera")
    if role is Role.VIEWER:
        before = everything(ctx)
        with pytest.raises(NotAllowed, match=r"needs the booker role; vera has the viewer role\. Nothing was changed"):
            booking_actions.enrol_people(acting, "BR-90", [who.email])
        with pytest.raises(NotAllowed):
            booking_actions.cancel_place(acting, "BR-90", "bo day", reason="ill")
        assert everything(ctx) == before
    else:
        assert outcomes(booking_actions.enrol_people(acting, "BR-90", [who.email])) == ["booked"]
        assert booking_actions.cancel_place(acting, "BR-90", who.email, reason="ill") == [
            StatusChange(who.key, "Di Day", "booked", "cancelled")
        ]


def test_the_counts_of_the_event_follow_every_step(ctx: Context) -> None:
    full_event(ctx, "Di Day", "Ed Day")
    for step in (
        lambda: booking_actions.cancel_place(ctx, "BR-90", "bo day", reason="ill"),
        lambda: booking_actions.enrol_people(ctx, "BR-90", ["bo day"]),
        lambda: calendar_actions.set_capacity(ctx, "BR-90", 3),
        lambda: calendar_actions.cancel_event(ctx, "BR-90", reason="snow"),
    ):
        step()
        card = people_queries.get_event_card(ctx, "BR-90")
        statuses = [line.status for line in card.roster]
        assert (card.event.booked, card.event.waiting) == (statuses.count("booked"), len(card.waiting))
    with read_transaction():
        assert calendar.fetch_event("BR-90").booked == 0
