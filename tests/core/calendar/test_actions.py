"""The calendar: adding, moving, opening, cancelling events, their capacity, and clashes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import CapacityTooSmall, NotAllowed, ReasonNeeded, SlotTaken
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import agenda
from csc_tui.core.calendar.actions import SessionPlan
from csc_tui.core.catalogue import venues
from csc_tui.core.history import undo
from csc_tui.core.mail import invitations
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db.errors import CscError, Duplicate, NoSuchEvent, NoSuchSession, NotFound, RuleBroken, WrongUse
from db.records.booking import Status
from db.records.calendar import FieldChange
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role
from tests import builders


def state_of(ctx: Context, reference: str = "BR-90") -> object:
    return people_queries.get_event_card(ctx, reference)


def when(ctx: Context, reference: str = "BR-90") -> list[tuple[str, str, str]]:
    return [(line.date, line.start, line.end) for line in people_queries.get_event_card(ctx, reference).sessions]


def test_a_bigger_capacity_seats_as_many_as_there_are_places(ctx: Context) -> None:
    builders.booked(builders.event(capacity=1), "Bo Day")
    booking_actions.enrol_people(ctx, "BR-90", [builders.person(name).email for name in ("Cy Day", "Di Day", "Ed Day")])
    changes = calendar_actions.set_capacity(ctx, "BR-90", 3)
    assert changes[0] == FieldChange("BR-90", None, "capacity", "1", "3")
    assert [(each.name, each.before, each.after) for each in changes[1:]] == [
        ("Cy Day", "waitlisted", "booked"),
        ("Di Day", "waitlisted", "booked"),
    ]
    event = people_queries.get_event_card(ctx, "BR-90").event
    assert (event.capacity, event.booked, event.waiting) == (3, 3, 1)
    assert len(calendar_actions.set_capacity(ctx, "BR-90", 40)) == 2


def test_a_capacity_below_what_is_taken_wants_a_reason(ctx: Context) -> None:
    builders.booked(builders.event(capacity=3), "Bo Day", "Cy Day")
    before = state_of(ctx)
    for reason in ("", " "):
        with pytest.raises(CapacityTooSmall, match="has 2 places taken; a capacity of 1"):
            calendar_actions.set_capacity(ctx, "BR-90", 1, override=reason)
    assert state_of(ctx) == before
    calendar_actions.set_capacity(ctx, "BR-90", 2)
    calendar_actions.set_capacity(ctx, "BR-90", 1, override="smaller room")
    card = people_queries.get_event_card(ctx, "BR-90")
    assert (card.event.capacity, card.event.booked, card.event.free) == (1, 2, 0)
    assert card.history[0].reason == "smaller room"
    assert [each.outcome for each in booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])] == [
        "waitlisted"
    ]


def test_capacity_nought_is_no_places_and_less_is_nonsense(ctx: Context) -> None:
    builders.event()
    calendar_actions.set_capacity(ctx, "BR-90", 0)
    assert people_queries.list_bookable_events(ctx) == []
    with pytest.raises(WrongUse, match="must be 0 or more"):
        calendar_actions.set_capacity(ctx, "BR-90", -1)


def test_the_same_capacity_again_changes_nothing(ctx: Context) -> None:
    builders.event(capacity=2)
    before = state_of(ctx)
    assert calendar_actions.set_capacity(ctx, "BR-90", 2) == []
    assert state_of(ctx) == before


def test_nobody_moves_up_by_capacity_once_the_event_has_begun(ctx: Context) -> None:
    builders.booked(builders.event(capacity=1), "Bo Day")
    booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])
    assert len(calendar_actions.set_capacity(builders.at(ctx, "2017-06-12T10:00"), "BR-90", 5)) == 1


def test_a_session_moves_with_its_times_and_the_event_with_it(ctx: Context) -> None:
    builders.event(dates=["2017-06-12", "2017-06-19"])
    assert calendar_actions.move_session(ctx, "br-90", 1, calendar_actions.SessionMove(date(2017, 6, 26))) == [
        FieldChange("BR-90", 1, "date", "2017-06-12", "2017-06-26")
    ]
    card = people_queries.get_event_card(ctx, "BR-90")
    assert (card.event.first_date, card.event.last_date) == (date(2017, 6, 19), date(2017, 6, 26))
    assert calendar_actions.move_session(
        ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 27), start=time(13))
    ) == [
        FieldChange("BR-90", 1, "date", "2017-06-26", "2017-06-27"),
        FieldChange("BR-90", 1, "start", "09:30", "13:00"),
        FieldChange("BR-90", 1, "end", "12:30", "16:00"),  # as long as before
    ]
    calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 27), end=time(15)))
    assert when(ctx)[0] == ("2017-06-27", "13:00", "15:00")


def test_moving_to_where_it_is_changes_nothing(ctx: Context) -> None:
    builders.event()
    before = state_of(ctx)
    assert calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12))) == []
    assert state_of(ctx) == before


def test_a_session_to_be_confirmed_wants_both_times(ctx: Context) -> None:
    builders.event(dates=[None])
    with pytest.raises(WrongUse, match="Give its start and end times"):
        calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12)))
    with pytest.raises(WrongUse, match="Give its end time as well"):
        calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12), start=time(9)))
    calendar_actions.move_session(
        ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12), start=time(9), end=time(12))
    )
    assert when(ctx) == [("2017-06-12", "09:00", "12:00")]
    assert people_queries.get_event_card(ctx, "BR-90").event.first_date == date(2017, 6, 12)


@pytest.mark.parametrize(
    ("day", "start", "end", "sentence"),
    [
        (date(2017, 6, 12), time(12), time(12), "must end after it starts"),
        (date(2018, 3, 25), time(1, 30), time(3), "the clocks go forward"),
        (date(2017, 10, 29), time(1, 30), time(3), "the clocks go back"),
        (date(2017, 6, 12), time(22), None, "would end after midnight"),
    ],
)
def test_a_session_never_moves_to_a_time_that_cannot_be(
    ctx: Context, day: date, start: time, end: time | None, sentence: str
) -> None:
    builders.event()
    before = state_of(ctx)
    with pytest.raises(RuleBroken, match=sentence):
        calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(day, start=start, end=end))
    assert state_of(ctx) == before


def test_a_session_does_not_move_onto_another_in_its_room_or_with_its_facilitator_or_learner(ctx: Context) -> None:
    trainer, learner = builders.person("Ann Trainer"), builders.person("Bo Day")
    builders.event("BR-80", dates=["2017-06-20"], venue="Town Hall", room="Chamber")
    builders.event("BR-81", dates=["2017-06-21"], facilitators=[trainer])
    builders.enrolment(builders.event("BR-82", dates=["2017-06-22"]), learner)
    builders.event("BR-83", dates=["2017-06-23"], venue="Town Hall", room="Chamber", state="cancelled")
    event = builders.event("BR-90", venue="Town Hall", room="Chamber", facilitators=[trainer])
    builders.enrolment(event, learner)
    for day, sentence in (
        (20, "Town Hall, Chamber is taken by BR-80 session 1 at that time"),
        (21, "Ann Trainer leads BR-81 session 1 at that time"),
        (22, "Bo Day is on BR-82 session 1 at that time"),
    ):
        with pytest.raises(SlotTaken, match=sentence):
            calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, day)))
    assert when(ctx)[0][0] == "2017-06-12"
    calendar_actions.move_session(
        ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 20), start=time(12, 30), end=time(15))
    )
    calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 23)))
    calendar_actions.move_session(
        ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 21)), override="she swaps"
    )
    assert people_queries.get_event_card(ctx, "BR-90").history[0].reason == "she swaps"


def test_learners_who_clash_with_one_session_share_a_sentence_that_names_twelve(ctx: Context) -> None:
    people = [builders.person(f"Pat Number{number}") for number in range(15)]
    for event in (builders.event("BR-80", capacity=20), builders.event("BR-90", capacity=20, dates=["2017-06-13"])):
        for each in people:
            builders.enrolment(event, each)
    with pytest.raises(SlotTaken, match=r"Number11 and 3 more are on BR-80 session 1 at that time\. Nothing"):
        calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12)))


def test_another_venue_is_for_the_sessions_that_are_not_over_and_never_a_taken_room(ctx: Context) -> None:
    trainer = builders.person("Ann Trainer")
    builders.event("BR-80", dates=["2017-06-26"], venue="Town Hall", room="Chamber")
    builders.event("BR-81", dates=["2017-06-19"], facilitators=[trainer])  # a clash of hers, none of the venue's
    builders.event(dates=["2017-06-12", "2017-06-19", "2017-06-26"], venue="Centre4", facilitators=[trainer])
    now = builders.at(ctx, "2017-06-12T13:00")
    with pytest.raises(SlotTaken, match="Town Hall, Chamber is taken by BR-80 session 1"):
        calendar_actions.set_session_venue(now, "BR-90", "Town Hall", "Chamber")
    changes = calendar_actions.set_session_venue(now, "BR-90", "Town Hall", "Annexe")
    assert [(each.session, each.before, each.after) for each in changes] == [
        (2, "Centre4", "Town Hall, Annexe"),
        (3, "Centre4", "Town Hall, Annexe"),
    ]
    assert calendar_actions.set_session_venue(now, "BR-90", "Town Hall", "Annexe") == []
    assert [each.session for each in calendar_actions.set_session_venue(now, "BR-90", "Centre4", session=1)] == []
    assert [each.session for each in calendar_actions.set_session_venue(now, "BR-90", "Centre4", session=3)] == [3]
    with pytest.raises(NoSuchSession):
        calendar_actions.set_session_venue(now, "BR-90", "Centre4", session=9)
    with pytest.raises(WrongUse, match="needs a name"):
        calendar_actions.set_session_venue(now, "BR-90", " ")


def test_a_venue_typed_in_another_case_is_the_same_venue_and_its_taken_room_is_seen(ctx: Context) -> None:
    builders.event("BR-80", dates=["2017-06-26"], venue="Town Hall", room="Chamber")
    builders.event("BR-90", dates=["2017-06-26", "2017-07-03"])
    with pytest.raises(SlotTaken, match="Town Hall, Chamber is taken by BR-80 session 1"):
        calendar_actions.set_session_venue(ctx, "BR-90", "town  hall", "CHAMBER")
    assert (
        calendar_actions.set_session_venue(ctx, "BR-90", "town  hall", "CHAMBER", session=2)[0].after
        == "Town Hall, Chamber"
    )
    calendar_actions.add_event(
        ctx,
        calendar_actions.NewEvent(
            "BR", [SessionPlan(date(2017, 9, 4), time(9, 30), None)], venue="TOWN HALL", room="chamber"
        ),
    )
    assert [each.name for each in venues.list_venues(ctx)] == ["Town Hall"]


def test_where_every_session_is_over_a_change_of_those_to_come_is_refused_and_says_how_one_is_changed(
    ctx: Context,
) -> None:
    builders.event("BR-90", dates=["2017-04-03"])
    leader = builders.person("Ty Lee", is_facilitator=True)
    over = "Every session of BR-90 is over. Nothing was changed."
    with pytest.raises(RuleBroken, match=over) as refused:
        calendar_actions.set_session_venue(ctx, "BR-90", "Centre4")
    assert refused.value.remedy == Remedy(RemedyKind.NAME_SESSION)
    with pytest.raises(RuleBroken, match=over) as refused:
        calendar_actions.assign_facilitators(ctx, "BR-90", [leader.key])
    assert refused.value.remedy == Remedy(RemedyKind.NAME_SESSION)
    assert calendar_actions.assign_facilitators(ctx, "BR-90", [leader.key], session=1)[0].after == "Ty Lee"


def test_a_new_event_has_a_session_for_each_module_and_the_next_number(ctx: Context) -> None:
    builders.event("BR-09")
    builders.event("BR-OLD")
    changes = calendar_actions.add_event(
        ctx, calendar_actions.NewEvent("br", [SessionPlan(date(2017, 9, 4), time(9, 30), None)], capacity=12)
    )
    assert [(each.event, each.session, each.after) for each in changes] == [
        ("BR-10", None, "draft"),
        ("BR-10", 1, "Mon 4 Sep 2017 09:30-12:30"),
        ("BR-10", 2, "to be confirmed"),
        ("BR-10", 3, "to be confirmed"),
    ]
    card = people_queries.get_event_card(ctx, "BR-10")
    assert (card.event.capacity, card.event.state, card.event.first_date) == (12, "draft", date(2017, 9, 4))
    assert [line.module for line in card.sessions] == ["Module 1", "Module 2", "Module 3"]
    assert [line.event for line in people_queries.list_events(ctx, "br-10")] == ["BR-10"]


def test_a_new_event_never_needs_more_people_than_it_has_places_for(ctx: Context) -> None:
    meetings = [SessionPlan(date(2017, 9, 4), time(9, 30), None)]
    (added, *_) = calendar_actions.add_event(ctx, calendar_actions.NewEvent("br", meetings, capacity=2))
    assert people_queries.get_event_card(ctx, added.event).event.minimum == 2
    with pytest.raises(WrongUse, match="A minimum of 3 is more than the 2 places"):
        calendar_actions.add_event(ctx, calendar_actions.NewEvent("br", meetings, capacity=2, minimum=3))


@pytest.mark.parametrize(
    ("how", "problem", "sentence"),
    [
        ({"course": "NOPE"}, NotFound, "There is no course NOPE. The courses are: SOS-INTRO"),
        ({"reference": "BR-90"}, Duplicate, "There is already an event BR-90"),
        ({"reference": "br 11"}, WrongUse, "letters, digits and hyphens"),
        ({"reference": "../x"}, WrongUse, "letters, digits and hyphens"),
        ({"room": "Chamber"}, WrongUse, "Name the venue"),
        ({"facilitators": ["nobody@example.org"]}, NotFound, "No match for"),
        ({"meetings": [SessionPlan(date(2017, 9, 4), time(9), None)] * 4}, RuleBroken, "4 dates are too many"),
        ({"meetings": [SessionPlan(date(2017, 9, 4), None, None)]}, WrongUse, "Give the start time"),
        ({"meetings": [SessionPlan(date(2017, 9, 4), time(9), time(8))]}, RuleBroken, "end after it starts"),
        (
            {"meetings": [SessionPlan(date(2017, 9, 4), time(9), None)] * 2, "venue": "Hall", "room": "1"},
            SlotTaken,
            "Hall, 1 is taken by BR-91 session 2",
        ),
        (
            {"meetings": [SessionPlan(date(2017, 6, 12), time(9), None)], "venue": "Town Hall", "room": "Chamber"},
            SlotTaken,
            "taken by BR-90 session 1",
        ),
    ],
)
def test_an_event_that_cannot_be_is_not_added(
    ctx: Context, how: dict[str, object], problem: type[Exception], sentence: str
) -> None:
    builders.event("BR-90", venue="Town Hall", room="Chamber")
    before = people_queries.list_events(ctx)
    given = {"course": "BR", "meetings": [], **how}
    with pytest.raises(problem, match=sentence):
        calendar_actions.add_event(ctx, calendar_actions.NewEvent(**given))  # type: ignore[arg-type]
    assert people_queries.list_events(ctx) == before


def test_a_clone_keeps_the_gaps_and_skips_days_off(ctx: Context) -> None:
    trainer = builders.person("Ann Trainer")
    event = builders.event(dates=["2017-06-12", "2017-06-14", None], venue="Hall", facilitators=[trainer], capacity=7)
    builders.booked(event, "Bo Day")
    calendar_actions.clone_event(ctx, "BR-90", calendar_actions.EventCopies(date(2017, 8, 26), new_reference="BR-91"))
    card = people_queries.get_event_card(ctx, "BR-91")
    assert when(ctx, "BR-91") == [  # 26 August is a Saturday and the 28th a bank holiday, and two days stay two
        ("2017-08-29", "09:30", "12:30"),
        ("2017-08-30", "09:30", "12:30"),
        ("", "", ""),
    ]
    assert (card.event.state, card.event.capacity, card.roster, card.facilitators) == ("draft", 7, [], ["Ann Trainer"])


def test_cloning_wants_a_date_to_start_from_and_a_new_reference(ctx: Context) -> None:
    builders.event(dates=[None])
    with pytest.raises(RuleBroken, match="its sessions cannot be spaced in the same way"):
        calendar_actions.clone_event(ctx, "BR-90", calendar_actions.EventCopies(date(2017, 9, 4)))
    builders.event("BR-91")
    with pytest.raises(Duplicate):
        calendar_actions.clone_event(
            ctx, "BR-91", calendar_actions.EventCopies(date(2017, 9, 4), new_reference="br-90")
        )
    with pytest.raises(NoSuchEvent):
        calendar_actions.clone_event(ctx, "NOPE", calendar_actions.EventCopies(date(2017, 9, 4)))


def test_an_event_goes_from_state_to_state_and_history_tells(ctx: Context) -> None:
    builders.event(state="draft")
    for to in ("open", "tentative", "confirmed"):
        calendar_actions.set_event_state(ctx, "BR-90", EventState(to))
    with pytest.raises(RuleBroken, match="has not begun, so it cannot be delivered"):
        calendar_actions.set_event_state(ctx, "BR-90", EventState.DELIVERED)
    after = builders.at(ctx, "2017-06-12T16:00")
    calendar_actions.set_event_state(after, "BR-90", EventState.DELIVERED)
    calendar_actions.set_event_state(after, "BR-90", EventState.CLOSED)
    with pytest.raises(RuleBroken, match="that is final"):
        calendar_actions.set_event_state(after, "BR-90", EventState.OPEN)
    assert [line.after for line in builders.list_history_lines(ctx, event="BR-90")] == [
        "closed", "delivered", "confirmed", "tentative", "open",
    ]  # fmt: skip


def test_an_event_with_people_or_a_queue_does_not_go_back_to_draft(ctx: Context) -> None:
    builders.event(capacity=0)
    booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])
    with pytest.raises(RuleBroken, match="has people on it"):
        calendar_actions.set_event_state(ctx, "BR-90", EventState.DRAFT)


def test_cancelling_an_event_keeps_everybody_with_the_status_event_cancelled(ctx: Context) -> None:
    event = builders.event(capacity=1)
    builders.booked(event, "Bo Day")
    booking_actions.enrol_people(ctx, "BR-90", [builders.person("Cy Day").email])
    builders.enrolment(event, builders.person("Di Day"), Status.FULLY_ATTENDED)
    with pytest.raises(ReasonNeeded):
        calendar_actions.cancel_event(ctx, "BR-90", reason=" ")
    with pytest.raises(ReasonNeeded) as refused:
        calendar_actions.set_event_state(ctx, "BR-90", EventState.CANCELLED)
    assert refused.value.remedy == Remedy(RemedyKind.CANCEL_EVENT, event="BR-90")
    changes = calendar_actions.cancel_event(ctx, "BR-90", reason="snow")
    assert [(each.field, each.name, each.before, each.after) for each in changes] == [
        ("state", "", "open", "cancelled"),
        ("status", "Bo Day", "booked", "event_cancelled"),
        ("status", "Cy Day", "waitlisted", "event_cancelled"),
    ]
    card = people_queries.get_event_card(ctx, "BR-90")
    assert [line.name for line in card.roster] == ["Di Day"]  # what took place stays
    assert (card.event.waiting, card.event.offered) == (0, 0)
    assert [line.status for line in people_queries.get_person_card(ctx, "bo day").enrolments] == ["event_cancelled"]
    assert agenda.list_coming_sessions(ctx, days=400) == []
    attempts: tuple[Callable[[], object], ...] = (
        lambda: calendar_actions.cancel_event(ctx, "BR-90", reason="snow"),
        lambda: calendar_actions.set_capacity(ctx, "BR-90", 5),
        lambda: calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13))),
        lambda: calendar_actions.set_session_venue(ctx, "BR-90", "Hall"),
    )
    for again in attempts:
        with pytest.raises(RuleBroken, match=r"is (already )?cancelled"):
            again()


def test_clashes_are_by_session_and_of_room_facilitator_and_learner(ctx: Context) -> None:
    trainer, learner = builders.person("Ann Trainer"), builders.person("Bo Day")
    one = builders.event("BR-80", dates=["2017-06-12", "2017-06-30"], venue="Hall", room="1", facilitators=[trainer])
    builders.event("BR-81", dates=["2017-06-12"], venue="Hall", room="1", start="12:00", end="13:00")
    builders.event("BR-82", dates=["2017-06-12"], venue="Hall", room="2", facilitators=[trainer])
    three = builders.event("BR-83", dates=["2017-06-20", "2017-06-30"])
    builders.event("BR-84", dates=["2017-06-12"], venue="Hall", room="1", state="cancelled")
    builders.enrolment(one, learner)
    builders.enrolment(three, learner)
    found = calendar_actions.list_clashes(ctx)
    assert [(each.kind, each.date, each.event, each.session, each.other_event, each.what) for each in found] == [
        ("room", "2017-06-12", "BR-80", 1, "BR-81", "Hall, 1"),
        ("facilitator", "2017-06-12", "BR-80", 1, "BR-82", "Ann Trainer"),
        ("learner", "2017-06-30", "BR-80", 2, "BR-83", "Bo Day"),
    ]
    assert [each.kind for each in calendar_actions.list_clashes(ctx, start=date(2017, 6, 13))] == ["learner"]
    assert calendar_actions.list_clashes(builders.at(ctx, "2018-01-01")) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda ctx: (
            preview_change(ctx, lambda: calendar_actions.add_event(ctx, calendar_actions.NewEvent("BR", []))).result
        ),
        lambda ctx: (
            preview_change(
                ctx, lambda: calendar_actions.clone_event(ctx, "BR-90", calendar_actions.EventCopies(date(2017, 9, 4)))
            ).result
        ),
        lambda ctx: (
            preview_change(
                ctx,
                lambda: calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 9, 4))),
            ).result
        ),
        lambda ctx: (
            preview_change(ctx, lambda: calendar_actions.set_session_venue(ctx, "BR-90", "New Hall", "New Room")).result
        ),
        lambda ctx: preview_change(ctx, lambda: calendar_actions.set_capacity(ctx, "BR-90", 9)).result,
        lambda ctx: (
            preview_change(ctx, lambda: calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)).result
        ),
        lambda ctx: preview_change(ctx, lambda: calendar_actions.cancel_event(ctx, "BR-90", reason="snow")).result,
    ],
    ids=["add", "clone", "move", "venue", "capacity", "state", "cancel"],
)
def test_a_dry_run_changes_nothing_and_needs_the_role_of_the_change(ctx: Context, change: object) -> None:
    builders.booked(builders.event(capacity=1), "Bo Day")
    booking_actions.enrol_people(ctx, "BR-90", [builders.person().email])
    before = (state_of(ctx), people_queries.list_events(ctx), builders.list_history_lines(ctx))
    assert change(ctx)  # type: ignore[operator]
    assert (state_of(ctx), people_queries.list_events(ctx), builders.list_history_lines(ctx)) == before
    with pytest.raises(NotAllowed, match="needs the coordinator role"):
        change(replace(ctx, role=Role.BOOKER))  # type: ignore[operator]


def test_who_was_too_late_to_move_up_does_when_the_event_is_put_off(ctx: Context) -> None:
    builders.course(booking_cutoff_days=5)
    event = builders.event("BR-90", capacity=1)
    builders.booked(event, "Al Ash")
    builders.enrolment(event, builders.person("Bo Bell"), Status.WAITLISTED)
    late = builders.at(ctx, "2017-06-08")
    booking_actions.cancel_place(late, "BR-90", "al ash", reason="ill")
    assert builders.standing("BR-90")["Bo Bell"] == "waitlisted"
    done = calendar_actions.move_session(late, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 26)))
    assert [(each.field, each.name, each.after) for each in done] == [
        ("date", "", "2017-06-26"), ("status", "Bo Bell", "booked"),
    ]  # fmt: skip


def described(ctx: Context, reference: str) -> list[tuple[str, bool]]:
    """Reason, and whether the instructions are in it, of each invitation that is due."""
    return [
        (each.reason, "side door" in each.entry.description)
        for each in invitations.list_due_invitations(ctx, reference)
    ]


def test_joining_instructions_are_held_back_until_the_event_is_confirmed(ctx: Context, tmp_path: Path) -> None:
    event = builders.event(dates=["2017-06-12"])
    builders.booked(event, "Bo Ek")
    calendar_actions.set_joining_instructions(ctx, "BR-90", "Ring at the side door.\nBring lunch.")
    assert described(ctx, "BR-90") == [("new booking", False)]
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)
    assert described(ctx, "BR-90") == [("details changed", True)]
    invitations.write_invitations(ctx, "BR-90", str(tmp_path))
    assert described(ctx, "BR-90") == []
    calendar_actions.set_joining_instructions(ctx, "BR-90", "The side door is locked: ring at the front.")
    assert described(ctx, "BR-90") == [("details changed", True)]


def test_instructions_are_of_one_session_or_of_all_that_are_not_over(ctx: Context) -> None:
    builders.event(dates=["2017-04-03", "2017-06-12", None])
    changes = calendar_actions.set_joining_instructions(ctx, "BR-90", "  Ring.  \n\tTwice.\x1b[2J\n\n")
    text = "Ring.\n Twice.\ufffd[2J"
    assert [(each.session, each.before, each.after) for each in changes] == [(2, "", text), (3, "", text)]
    calendar_actions.set_joining_instructions(ctx, "BR-90", "Knock.", session=1)
    assert calendar_actions.get_joining_instructions(ctx, "BR-90") == {1: "Knock.", 2: text, 3: text}
    assert calendar_actions.set_joining_instructions(ctx, "BR-90", "Knock.", session=1) == []
    undo.undo_steps(ctx, 2)
    assert calendar_actions.get_joining_instructions(ctx, "BR-90") == {1: "", 2: "", 3: ""}


def test_instructions_that_cannot_be_are_refused_and_nothing_changes(ctx: Context) -> None:
    builders.event("BR-90", dates=["2017-04-03"])
    builders.event("BR-91", state="cancelled")
    for reference, text, sentence in (
        ("BR-90", "x" * 4001, "4000 characters at most, not 4001"),
        ("BR-90", "x", "Every session of BR-90 is over"),
        ("BR-91", "x", "BR-91 is cancelled"),
    ):
        with pytest.raises(CscError, match=sentence):
            calendar_actions.set_joining_instructions(ctx, reference, text)
    with pytest.raises(NotAllowed):
        calendar_actions.set_joining_instructions(replace(ctx, role=Role.BOOKER), "BR-90", "x", session=1)
    assert calendar_actions.get_joining_instructions(ctx, "BR-90") == {1: ""}


def drafted(ctx: Context, first: date, course: str = "BR") -> list[tuple[str, str, str]]:
    return [
        (str(each.on), f"{each.start:%H:%M}", f"{each.end:%H:%M}" if each.end else "")
        for each in calendar_actions.draft_event(ctx, course, first).meetings
    ]


def test_a_new_event_is_drafted_like_the_latest_of_its_course(ctx: Context) -> None:
    builders.event("BR-80", dates=["2017-05-01", "2017-05-02", "2017-05-03"], venue="Old Hall")
    builders.event("BR-81", dates=["2017-06-05", "2017-06-19", "2017-07-03"], start="13:00", venue="Hall", room="1",
                   end="16:00")  # fmt: skip
    builders.event("BR-82", dates=["2017-08-05"], state="cancelled")
    draft = calendar_actions.draft_event(ctx, "br", date(2017, 8, 14))
    assert (draft.venue, draft.room, draft.like) == ("Hall", "1", "BR-81")
    assert drafted(ctx, date(2017, 8, 14)) == [
        ("2017-08-14", "13:00", "16:00"), ("2017-08-29", "13:00", "16:00"), ("2017-09-11", "13:00", "16:00"),
    ]  # fmt: skip


def test_the_first_event_of_a_course_is_drafted_a_week_apart_in_the_morning(ctx: Context) -> None:
    draft = calendar_actions.draft_event(ctx, "BR", date(2017, 12, 18))
    assert (draft.venue, draft.room, draft.like) == ("", "", "")
    assert [each[0] for each in drafted(ctx, date(2017, 12, 18))] == ["2017-12-18", "2017-12-27", "2018-01-02"]
    assert {each[1:] for each in drafted(ctx, date(2017, 12, 18))} == {("09:30", "12:30")}


def test_days_that_are_put_off_do_not_fall_on_one(ctx: Context) -> None:
    builders.event("BR-81", dates=["2017-06-08", "2017-06-09", "2017-06-10"])
    assert [each[0] for each in drafted(ctx, date(2017, 6, 15))] == ["2017-06-15", "2017-06-16", "2017-06-19"]
    assert len({each[0] for each in drafted(ctx, date(2017, 6, 16))}) == 3


def test_a_session_that_would_end_after_midnight_has_no_end_yet(ctx: Context) -> None:
    builders.event("BR-81", dates=["2017-06-08"], start="22:30", end="23:30")
    assert drafted(ctx, date(2017, 6, 15))[0] == ("2017-06-15", "22:30", "")


def test_a_course_there_is_not_is_said(ctx: Context) -> None:
    with pytest.raises(NotFound, match="There is no course NOPE"):
        calendar_actions.draft_event(ctx, "NOPE", date(2017, 6, 15))


def test_who_leads_is_changed_for_one_session_or_for_all_to_come_and_nobody_can(ctx: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"])
    ann, bo = builders.person("Ann Ash"), builders.person("Bo Ek")
    assert [each.after for each in calendar_actions.assign_facilitators(ctx, "BR-04", [ann.key])] == [
        "Ann Ash",
        "Ann Ash",
    ]
    assert calendar_actions.assign_facilitators(ctx, "BR-04", [ann.key]) == []
    (one,) = calendar_actions.assign_facilitators(ctx, "BR-04", [ann.key, bo.key], session=2)
    assert (one.session, one.before, one.after) == (2, "Ann Ash", "Ann Ash, Bo Ek")
    assert len(invitations.list_due_invitations(ctx, "BR-04", facilitators=True)) == 3
    before = people_queries.get_event_card(ctx, "BR-04").facilitators
    assert preview_change(ctx, lambda: calendar_actions.assign_facilitators(ctx, "BR-04", [])).result
    assert people_queries.get_event_card(ctx, "BR-04").facilitators == before
    calendar_actions.assign_facilitators(ctx, "BR-04", [])
    assert people_queries.get_event_card(ctx, "BR-04").facilitators == []


def test_somebody_who_leads_elsewhere_at_that_time_needs_a_reason(ctx: Context) -> None:
    for reference in ("BR-04", "BR-05"):
        builders.event(reference, dates=["2017-06-19"])
    ann = builders.person("Ann Ash")
    calendar_actions.assign_facilitators(ctx, "BR-04", [ann.key])
    with pytest.raises(SlotTaken, match="Ann Ash leads BR-04 session 1"):
        calendar_actions.assign_facilitators(ctx, "BR-05", [ann.key])
    assert people_queries.get_event_card(ctx, "BR-05").facilitators == []
    assert calendar_actions.assign_facilitators(ctx, "BR-05", [ann.key], override="looks in on both")


def test_a_venue_that_was_not_there_before_is_named_as_new(ctx: Context) -> None:
    builders.event("BR-04")
    changes = preview_change(ctx, lambda: calendar_actions.set_session_venue(ctx, "BR-04", "Grimsby Town Hal")).result
    assert [(each.field, each.after) for each in changes][-1] == ("new venue", "Grimsby Town Hal")
    calendar_actions.set_session_venue(ctx, "BR-04", "Grimsby Town Hall")
    assert "new venue" not in [
        each.field for each in calendar_actions.set_session_venue(ctx, "BR-04", "Grimsby Town Hall", "Room 2")
    ]


def test_a_session_goes_back_to_be_confirmed_and_undo_brings_its_date_back(ctx: Context) -> None:
    builders.event("BR-95", dates=["2017-06-12", "2017-06-19"])
    (change,) = calendar_actions.withdraw_session_date(ctx, "BR-95", 2)
    assert (change.session, change.field, change.after) == (2, "date", "to be confirmed")
    assert [each.date for each in people_queries.get_event_card(ctx, "BR-95").sessions] == ["2017-06-12", ""]
    with pytest.raises(RuleBroken, match="has no date"):
        calendar_actions.withdraw_session_date(ctx, "BR-95", 2)
    undo.undo_steps(ctx)
    assert [each.date for each in people_queries.get_event_card(ctx, "BR-95").sessions] == ["2017-06-12", "2017-06-19"]
