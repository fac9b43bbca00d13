"""What time brings, and nobody does: offers that run out, requests that lapse."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry
from csc_tui.core.people import queries as people_queries
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.builders import moved, standing


def swept(ctx: Context) -> list[tuple[str, str, str, str]]:
    return [(each.event, each.name, each.before, each.after) for each in expiry.sweep_events(ctx)]


@pytest.fixture
def offered(ctx: Context) -> Context:
    """BR-90 has one place, offered to Bo until Wednesday at nine; Cy and Di wait."""
    builders.course(waiting_rule="offer", offer_hours=48)
    event = builders.event("BR-90", capacity=1)
    builders.booked(event, "Al Ash")
    for name in ("Bo Bell", "Cy Carr", "Di Dodd"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    booking_actions.cancel_place(ctx, "BR-90", "al ash", reason="ill")
    return ctx


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2017-04-12T08:59", []),
        ("2017-04-12T09:00", [
            ("BR-90", "Bo Bell", "offered", "expired"), ("BR-90", "Cy Carr", "waitlisted", "offered"),
        ]),
    ],
)  # fmt: skip
def test_an_offer_runs_out_to_the_minute_and_goes_to_the_next(
    offered: Context, moment: str, due: list[tuple[str, ...]]
) -> None:
    assert swept(builders.at(offered, moment)) == due


def test_sweeping_again_does_nothing(offered: Context, location: str) -> None:
    later = builders.at(offered, "2017-04-12T09:00")
    assert len(swept(later)) == 2
    before = people_queries.get_event_card(later, "BR-90")
    assert swept(later) == []
    assert people_queries.get_event_card(later, "BR-90") == before
    assert {each.result for each in upkeep.check_database(location, actor="alice", today="2017-04-12")} == {"ok"}


def test_the_list_is_offered_the_place_one_after_the_other_until_nobody_is_left(offered: Context) -> None:
    for moment, after in (
        ("2017-04-12T09:00", {"Bo Bell": "expired", "Cy Carr": "offered", "Di Dodd": "waitlisted"}),
        ("2017-04-14T09:00", {"Bo Bell": "expired", "Cy Carr": "expired", "Di Dodd": "offered"}),
        ("2017-04-16T09:00", {"Bo Bell": "expired", "Cy Carr": "expired", "Di Dodd": "expired"}),
    ):
        expiry.sweep_events(builders.at(offered, moment))
        assert standing("BR-90") == {"Al Ash": "cancelled", **after}
    assert people_queries.get_event_card(offered, "BR-90").event.free == 1


def test_nobody_is_offered_a_place_after_the_cut_off(offered: Context) -> None:
    builders.course(booking_cutoff_days=60)
    assert swept(builders.at(offered, "2017-04-12T09:00")) == [("BR-90", "Bo Bell", "offered", "expired")]


def test_the_history_says_that_time_did_it_and_who_set_it_going(offered: Context) -> None:
    expiry.sweep_events(builders.at(offered, "2017-04-12T09:00", actor="cron"))
    lines = builders.list_history_lines(offered, event="BR-90")[:2]
    assert [(line.actor, line.verb, line.subject) for line in lines] == [
        ("sweep (cron)", "offered a place", "Cy Carr on BR-90"), ("sweep (cron)", "offer ran out", "Bo Bell on BR-90"),
    ]  # fmt: skip


def test_a_dry_run_shows_what_is_due_and_leaves_it(offered: Context) -> None:
    later = builders.at(offered, "2017-04-12T09:00")
    assert len(expiry.sweep_events(later, dry_run=True)) == 2
    assert standing("BR-90")["Bo Bell"] == "offered"


def test_a_request_nobody_answers_lapses_after_the_days_of_the_policy(ctx: Context) -> None:
    builders.course(approval="coordinator")
    builders.event("BR-90")
    booking_actions.enrol_people(ctx, "BR-90", [builders.person("Al Ash").email])
    assert swept(builders.at(ctx, "2017-04-24T08:59")) == []
    shorter = replace(ctx, policy={**ctx.policy, "request_days": "3"})
    assert expiry.sweep_events(builders.at(shorter, "2017-04-13T09:00"), dry_run=True)[0].after == "expired"
    assert swept(builders.at(ctx, "2017-04-24T09:00")) == [("BR-90", "Al Ash", "requested", "expired")]
    assert [each.outcome for each in booking_actions.enrol_people(ctx, "BR-90", ["al ash"])] == ["requested"]


def test_one_made_to_wait_beside_a_free_place_is_left_waiting(ctx: Context) -> None:
    builders.event("BR-90")
    booking_actions.enrol_people(
        ctx, "BR-90", [builders.person("Al Ash").email], booking_actions.BookingOptions(waiting=True)
    )
    assert swept(builders.at(ctx, "2017-05-01")) == []
    assert standing("BR-90") == {"Al Ash": "waitlisted"}


def test_a_booker_settles_an_event_and_a_viewer_changes_nothing(offered: Context) -> None:
    later = builders.at(offered, "2017-04-12T09:00")
    viewer = replace(later, role=Role.VIEWER)
    for look in (expiry.sweep_events, lambda ctx: expiry.sweep_if_due(ctx, "BR-90")):
        with pytest.raises(NotAllowed):
            look(viewer)
    assert standing("BR-90")["Bo Bell"] == "offered"
    assert moved(expiry.sweep_if_due(later, " br-90 ")) == [
        ("Bo Bell", "offered", "expired"), ("Cy Carr", "waitlisted", "offered"),
    ]  # fmt: skip
    assert expiry.sweep_if_due(later, "BR-90") == []
    assert expiry.sweep_if_due(later, "NOPE") == []
