"""Changes of mind: transfers, substitutes, requests, offers, and the order of the list."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, NotAllowed, NotOnEvent, Overridable, ReasonNeeded
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.people import queries as people_queries
from db import calendar, models, people
from db.engine.connection import read_transaction, write_transaction
from db.errors import NotFound, RuleBroken
from db.records.booking import Status
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role
from tests import builders
from tests.builders import moved, standing

TWO_DAYS = "2017-04-12T09:00"


def approver(reference: str, name: str) -> str | None:
    """In whose name somebody was approved."""
    with read_transaction():
        row = models.EnrolmentRow
        query = row.select(row.approved_by).join_from(row, models.EventRow).join_from(row, models.PersonRow)
        found = query.where(models.EventRow.reference == reference, models.PersonRow.surname == name)
        whose: str | None = found.order_by(row.id.desc()).tuples().first()[0]
        return whose


def as_booker(ctx: Context, actor: str = "bea") -> Context:
    return replace(ctx, actor=actor, role=Role.BOOKER)


@pytest.fixture
def two_events(ctx: Context) -> Context:
    """BR-90 is full with Al and Bo, and Cy waits; BR-91 in another week has two places."""
    full = builders.event("BR-90", capacity=2)
    builders.booked(full, "Al Ash", "Bo Bell")
    builders.enrolment(full, builders.person("Cy Carr"), Status.WAITLISTED)
    builders.event("BR-91", capacity=2, dates=["2017-06-19"])
    return ctx


def test_a_transfer_is_one_step_and_its_place_goes_to_the_next(two_events: Context) -> None:
    done = booking_actions.transfer_person(two_events, "BR-90", "al ash", "br-91", reason="on leave")
    assert moved(done) == [
        ("Al Ash", "booked", "transferred"), ("Al Ash", "", "booked"), ("Cy Carr", "waitlisted", "booked"),
    ]  # fmt: skip
    assert standing("BR-90") == {"Al Ash": "transferred", "Bo Bell": "booked", "Cy Carr": "booked"}
    assert standing("BR-91") == {"Al Ash": "booked"}
    assert people_queries.get_event_card(two_events, "BR-91").event.booked == 1
    line = next(each for each in builders.list_history_lines(two_events, event="BR-90") if each.verb == "transferred")
    assert (line.actor, line.subject, line.reason) == ("alice", "Al Ash on BR-90", "on leave")


def test_one_who_waits_can_be_transferred_to_a_place_elsewhere(two_events: Context) -> None:
    assert moved(booking_actions.transfer_person(two_events, "BR-90", "cy carr", "BR-91"))[0] == (
        "Cy Carr", "waitlisted", "transferred",
    )  # fmt: skip
    assert standing("BR-91") == {"Cy Carr": "booked"}


def test_nobody_gives_up_a_place_for_a_place_in_a_queue(two_events: Context) -> None:
    builders.booked(builders.event("BR-92", capacity=1, dates=["2017-06-20"]), "Di Dodd")
    with pytest.raises(RuleBroken, match="BR-92 has no free place, so Al Ash stays on BR-90"):
        booking_actions.transfer_person(two_events, "BR-90", "al ash", "BR-92")
    assert standing("BR-90")["Al Ash"] == "booked"


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("BR-90", "BR-90 and BR-90 are the same event"), ("BR-93", "BR-93 cannot be booked: it is draft"),
        ("BR-94", "Al Ash is already waitlisted on BR-94"),
        ("BR-95", "Al Ash is already booked on BR-96 session 1 at the time of BR-95 session 1"),
    ],
)  # fmt: skip
def test_a_transfer_that_cannot_be_changes_nothing(two_events: Context, to: str, sentence: str) -> None:
    al = people.find_person  # the person is found inside a transaction
    builders.event("BR-93", state="draft", dates=["2017-06-20"])
    listed = builders.event("BR-94", dates=["2017-06-21"])
    busy = builders.event("BR-96", dates=["2017-06-22"])
    builders.event("BR-95", dates=["2017-06-22"])
    with read_transaction():
        who = al("al ash")
    builders.enrolment(listed, who, Status.WAITLISTED)
    builders.enrolment(busy, who)
    with pytest.raises(RuleBroken, match=sentence):
        booking_actions.transfer_person(two_events, "BR-90", "al ash", to)
    assert standing("BR-90") == {"Al Ash": "booked", "Bo Bell": "booked", "Cy Carr": "waitlisted"}


def test_a_transfer_at_the_time_of_the_event_that_is_left_is_no_clash(ctx: Context) -> None:
    builders.booked(builders.event("BR-90"), "Al Ash")
    builders.event("BR-91")
    assert moved(booking_actions.transfer_person(ctx, "BR-90", "al ash", "BR-91"))[1] == ("Al Ash", "", "booked")


def test_approval_goes_along_within_a_course_whoever_transfers(two_events: Context) -> None:
    builders.course(approval="coordinator")
    booking_actions.enrol_people(two_events, "BR-91", [builders.person("Ed Eve").email])
    booking_actions.approve_request(two_events, "BR-91", "ed eve")
    builders.event("BR-92", dates=["2017-06-20"])
    booking_actions.transfer_person(as_booker(two_events), "BR-91", "ed eve", "BR-92")
    assert standing("BR-92") == {"Ed Eve": "booked"}
    assert approver("BR-92", "Eve") == "alice"


def test_to_a_course_that_wants_approval_only_who_may_approve_transfers(two_events: Context) -> None:
    builders.course("RL", approval="coordinator")
    builders.event("RL-90", course="RL", dates=["2017-06-20"])
    with pytest.raises(RuleBroken, match=r"RL needs the approval of a coordinator for Al Ash\. Nothing was changed\."):
        booking_actions.transfer_person(as_booker(two_events), "BR-90", "al ash", "RL-90")
    assert standing("BR-90")["Al Ash"] == "booked"
    booking_actions.transfer_person(two_events, "BR-90", "al ash", "RL-90")
    assert (standing("RL-90"), approver("RL-90", "Ash")) == ({"Al Ash": "booked"}, "alice")


def test_a_rule_of_the_other_course_holds_for_a_transfer_too(two_events: Context) -> None:
    builders.course("RL", managers_only=True, audience_rule="rule")
    builders.event("RL-90", course="RL", dates=["2017-06-20"])
    with pytest.raises(Overridable, match=r"The course is for managers only, and Al Ash is not a manager\."):
        booking_actions.transfer_person(two_events, "BR-90", "al ash", "RL-90")
    booking_actions.transfer_person(two_events, "BR-90", "al ash", "RL-90", override="acting up")
    assert standing("RL-90") == {"Al Ash": "booked"}


def test_a_substitute_takes_the_seat_and_nobody_moves_up(two_events: Context) -> None:
    builders.person("Di Dodd")
    done = booking_actions.substitute_person(two_events, "BR-90", "al ash", "di dodd")
    assert moved(done) == [("Al Ash", "booked", "substituted"), ("Di Dodd", "", "booked")]
    assert standing("BR-90") == {
        "Al Ash": "substituted", "Bo Bell": "booked", "Cy Carr": "waitlisted", "Di Dodd": "booked",
    }  # fmt: skip
    assert [line.reason for line in builders.list_history_lines(two_events, person="al ash")] == ["by Di Dodd"]


def test_one_who_waits_can_be_the_substitute(two_events: Context) -> None:
    done = booking_actions.substitute_person(two_events, "BR-90", "al ash", "cy carr")
    assert moved(done) == [("Al Ash", "booked", "substituted"), ("Cy Carr", "waitlisted", "booked")]
    assert people_queries.get_event_card(two_events, "BR-90").event.waiting == 0


@pytest.mark.parametrize(
    ("moment", "new", "sentence"),
    [
        ("2017-06-12T09:30", "di dodd", "BR-90 began on Mon 12 Jun 2017"),
        ("2017-06-01", "bo bell", "Bo Bell is already booked on BR-90"),
        ("2017-06-01", "ed eve", "Ed Eve is already booked on BR-80 session 1"),
    ],
)
def test_a_substitute_comes_until_the_start_and_is_free_at_that_time(
    two_events: Context, moment: str, new: str, sentence: str
) -> None:
    builders.person("Di Dodd")
    builders.booked(builders.event("BR-80"), "Ed Eve")
    with pytest.raises(RuleBroken, match=sentence):
        booking_actions.substitute_person(builders.at(two_events, moment), "BR-90", "al ash", new)
    assert standing("BR-90")["Al Ash"] == "booked"


def test_a_substitute_needs_the_approval_and_the_audience_that_anybody_needs(two_events: Context) -> None:
    builders.person("Di Dodd")
    builders.course(approval="coordinator")
    with pytest.raises(RuleBroken, match="BR needs the approval of a coordinator for Di Dodd"):
        booking_actions.substitute_person(as_booker(two_events), "BR-90", "al ash", "di dodd")
    booking_actions.substitute_person(as_booker(two_events), "BR-90", "bo bell", "cy carr")  # who waited was approved
    builders.course(managers_only=True, audience_rule="rule")
    with pytest.raises(RuleBroken, match="Di Dodd is not a manager"):
        booking_actions.substitute_person(two_events, "BR-90", "al ash", "di dodd")
    booking_actions.substitute_person(two_events, "BR-90", "al ash", "di dodd", override="acting up")
    assert approver("BR-90", "Dodd") == "alice"


@pytest.fixture
def boss(ctx: Context) -> Person:
    return builders.person("Meg Boss", email="meg@example.org")


@pytest.fixture
def asking(ctx: Context, boss: Person) -> Context:
    """BR-90 has one place and wants the line manager's approval; Al, whose manager is Meg, has asked for it."""
    builders.course(approval="manager")
    builders.event("BR-90", capacity=1)
    al = builders.person("Al Ash", manager=boss.id)
    assert [each.outcome for each in booking_actions.enrol_people(ctx, "BR-90", [al.email])] == ["requested"]
    return ctx


def test_a_request_takes_no_seat_and_waits_for_approval(asking: Context) -> None:
    event = people_queries.get_event_card(asking, "BR-90").event
    assert (event.booked, event.waiting, event.free) == (0, 0, 1)
    assert booking_actions.enrol_people(asking, "BR-90", ["al ash"])[0].reason == "already requested"


@pytest.mark.parametrize("actor", ["meg@example.org", "Meg Boss", "MEG@example.org"])
def test_the_line_manager_approves_as_booker(asking: Context, actor: str) -> None:
    assert moved(booking_actions.approve_request(as_booker(asking, actor), "BR-90", "al ash")) == [
        ("Al Ash", "requested", "booked")
    ]
    assert approver("BR-90", "Ash") == actor


def test_nobody_else_below_coordinator_approves_or_declines(asking: Context) -> None:
    deeds: tuple[Callable[[Context], object], ...] = (
        lambda who: booking_actions.approve_request(who, "BR-90", "al ash"),
        lambda who: booking_actions.decline_place(who, "BR-90", "al ash", reason="no"),
    )
    for act in deeds:
        with pytest.raises(RuleBroken, match="Only a coordinator or Al Ash's line manager"):
            act(as_booker(asking))
        with pytest.raises(NotAllowed):
            act(replace(asking, role=Role.VIEWER))
    builders.course(approval="coordinator")
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        booking_actions.approve_request(as_booker(asking, "meg@example.org"), "BR-90", "al ash")
    booking_actions.decline_place(replace(asking, role=Role.COORDINATOR), "BR-90", "al ash", reason="not this year")
    assert standing("BR-90") == {"Al Ash": "declined"}


def test_an_approved_person_waits_when_the_event_is_full_and_is_not_asked_for_again(asking: Context) -> None:
    booking_actions.enrol_people(asking, "BR-90", [builders.person("Bo Bell").email])
    booking_actions.approve_request(asking, "BR-90", "bo bell")
    assert moved(booking_actions.approve_request(asking, "BR-90", "al ash")) == [("Al Ash", "requested", "waitlisted")]
    booking_actions.cancel_place(asking, "BR-90", "bo bell", reason="ill")
    assert standing("BR-90")["Al Ash"] == "booked"


def test_an_approval_meets_what_was_booked_since_the_request(asking: Context) -> None:
    with read_transaction():
        al = people.find_person("al ash")
    builders.enrolment(builders.event("SP-1", course="SOS-PL"), al)
    with pytest.raises(LearnerClash, match="SP-1 session 1"):
        booking_actions.approve_request(asking, "BR-90", "al ash")
    booking_actions.approve_request(asking, "BR-90", "al ash", override="leaves SP-1 early")
    assert standing("BR-90") == {"Al Ash": "booked"}


@pytest.mark.parametrize("act", ["approve_request", "accept_offer"])
def test_there_is_nothing_to_say_yes_to_where_nobody_asked_or_offered(two_events: Context, act: str) -> None:
    with pytest.raises(RuleBroken, match=r"Al Ash is booked on BR-90; only (a request|an offered place) can be"):
        getattr(booking_actions, act)(two_events, "BR-90", "al ash")
    builders.person("Di Dodd")
    with pytest.raises(NotOnEvent):
        getattr(booking_actions, act)(two_events, "BR-90", "di dodd")
    with pytest.raises(NotFound):
        getattr(booking_actions, act)(two_events, "NOPE", "di dodd")


@pytest.fixture
def offered(two_events: Context) -> Context:
    """Bo has given up his place on BR-90, and it is offered to Cy for two days; Di waits behind him."""
    builders.course(waiting_rule="offer", offer_hours=48)
    booking_actions.enrol_people(two_events, "BR-90", [builders.person("Di Dodd").email])
    booking_actions.cancel_place(two_events, "BR-90", "bo bell", reason="ill")
    assert standing("BR-90")["Cy Carr"] == "offered"
    return two_events


def test_an_offer_holds_the_place_until_it_is_accepted(offered: Context) -> None:
    event = people_queries.get_event_card(offered, "BR-90").event
    assert (event.booked, event.offered, event.free) == (1, 1, 0)
    assert moved(booking_actions.accept_offer(builders.at(offered, "2017-04-12T08:59"), "BR-90", "cy carr")) == [
        ("Cy Carr", "offered", "booked")
    ]


def test_an_offer_that_ran_out_is_not_accepted(offered: Context) -> None:
    with pytest.raises(RuleBroken, match=r"The offer to Cy Carr ran out at 09:00 on Wed 12 Apr 2017") as refused:
        booking_actions.accept_offer(builders.at(offered, TWO_DAYS), "BR-90", "cy carr")
    assert refused.value.remedy == Remedy(RemedyKind.PROCESS_OFFERS)


def test_an_offer_declined_goes_to_the_next(offered: Context) -> None:
    with pytest.raises(ReasonNeeded):
        booking_actions.decline_place(offered, "BR-90", "cy carr", reason=" ")
    assert moved(booking_actions.decline_place(offered, "BR-90", "cy carr", reason="no time")) == [
        ("Cy Carr", "offered", "cancelled"), ("Di Dodd", "waitlisted", "offered"),
    ]  # fmt: skip


def test_an_offer_never_outlasts_the_start_of_the_event(two_events: Context) -> None:
    builders.course(waiting_rule="offer", offer_hours=48)
    eve = builders.at(two_events, "2017-06-11T20:00")
    booking_actions.cancel_place(eve, "BR-90", "bo bell", reason="ill")
    (line,) = people_queries.get_event_card(eve, "BR-90").waiting
    assert (line.name, line.offered_until) == ("Cy Carr", "2017-06-12 09:30")


def test_the_list_is_put_in_another_order_as_it_is_shown(offered: Context) -> None:
    booking_actions.enrol_people(offered, "BR-90", [builders.person("Ed Eve").email])
    assert [line.name for line in people_queries.get_event_card(offered, "BR-90").waiting] == [
        "Cy Carr",
        "Di Dodd",
        "Ed Eve",
    ]
    done = booking_actions.reorder_waiting_list(offered, "BR-90", "ed eve", 2, reason="starts a new job")
    assert moved(done) == [("Ed Eve", "place 3", "place 2")]
    assert [line.name for line in people_queries.get_event_card(offered, "BR-90").waiting] == [
        "Cy Carr",
        "Ed Eve",
        "Di Dodd",
    ]
    line = builders.list_history_lines(offered, event="BR-90")[0]
    assert (line.verb, line.before, line.after, line.reason) == (
        "reordered", "place 3", "place 2", "starts a new job",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "place", "reason", "sentence"),
    [
        ("di dodd", 1, "please", "have places 2 to 2 on the list; 1 is not"),  # nobody overtakes an offer
        ("di dodd", 3, "please", "have places 2 to 2 on the list; 3 is not"),
        ("di dodd", 2, " ", "A reason is needed"),
        ("cy carr", 2, "please", "Cy Carr is offered on BR-90; only someone on the waiting list can be moved"),
        ("al ash", 2, "please", "Al Ash is booked on BR-90; only someone on the waiting list can be moved"),
    ],
)
def test_an_order_that_cannot_be_is_said(offered: Context, who: str, place: int, reason: str, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        booking_actions.reorder_waiting_list(offered, "BR-90", who, place, reason=reason)


def test_a_booker_does_not_change_the_order(two_events: Context) -> None:
    with pytest.raises(NotAllowed):
        booking_actions.reorder_waiting_list(as_booker(two_events), "BR-90", "cy carr", 1, reason="please")


def test_only_an_administrator_lets_somebody_wait_for_an_event_that_has_places(two_events: Context) -> None:
    builders.person("Di Dodd")
    for role in (Role.BOOKER, Role.COORDINATOR):
        with pytest.raises(booking_actions.EnrolmentRefused, match="BR-91 still has places; only an administrator"):
            booking_actions.enrol_people(
                replace(two_events, role=role), "BR-91", ["di dodd"], booking_actions.BookingOptions(waiting=True)
            )
    assert (
        booking_actions.enrol_people(two_events, "BR-91", ["di dodd"], booking_actions.BookingOptions(waiting=True))[
            0
        ].outcome
        == "waitlisted"
    )


WHY = [
    ("cy carr", "2017-04-10", "No place on BR-90 is free."),
    ("di dodd", "2017-04-10", "No place on BR-90 is free; 1 person is before Di Dodd on the waiting list."),
    ("al ash", "2017-04-10", "Al Ash has a place on BR-90: booked since Mon 3 Apr 2017."),
    ("ed eve", "2017-04-10", "Ed Eve no longer waits for BR-90: cancelled since Mon 3 Apr 2017."),
    (
        "fi fox",
        "2017-04-10",
        "Fi Fox is not on the waiting list of BR-90 yet: the request is waiting for approval, since Mon 3 Apr",
    ),
    ("cy carr", "2017-06-12T09:30", "BR-90 began on Mon 12 Jun 2017."),
]


@pytest.mark.parametrize(("who", "moment", "sentence"), WHY)
def test_why_somebody_was_not_promoted_is_said(two_events: Context, who: str, moment: str, sentence: str) -> None:
    with read_transaction():
        event = calendar.fetch_event("BR-90")
    for name, status in (
        ("Di Dodd", Status.WAITLISTED), ("Ed Eve", Status.CANCELLED), ("Fi Fox", Status.REQUESTED),
    ):  # fmt: skip
        builders.enrolment(event, builders.person(name), status)
    assert booking_actions.why_not_promoted(builders.at(two_events, moment), "BR-90", who).sentence.startswith(sentence)


def test_why_not_after_the_booking_cut_off(two_events: Context) -> None:
    builders.course(booking_cutoff_days=5)
    late = builders.at(two_events, "2017-06-06")
    booking_actions.cancel_place(late, "BR-90", "al ash", reason="ill")
    assert standing("BR-90")["Cy Carr"] == "waitlisted"
    assert (
        str(booking_actions.why_not_promoted(late, "BR-90", "cy carr")) == "Booking for BR-90 closed on Mon 5 Jun 2017."
    )


def test_why_not_on_a_draft_and_on_a_cancelled_event(two_events: Context) -> None:
    with write_transaction():
        models.EventRow.update(state="draft").where(models.EventRow.reference == "BR-90").execute()
    told = booking_actions.why_not_promoted(two_events, "BR-90", "cy carr")
    assert str(told) == "BR-90 cannot be booked: it is draft."
    with write_transaction():
        models.EventRow.update(state="open").where(models.EventRow.reference == "BR-90").execute()
    calendar_actions.cancel_event(two_events, "BR-90", reason="trainer ill")
    assert str(booking_actions.why_not_promoted(two_events, "BR-90", "cy carr")) == (
        "Cy Carr no longer waits for BR-90: event cancelled since Mon 10 Apr 2017 (trainer ill)."
    )


def test_why_not_while_a_place_is_held_for_somebody_else(offered: Context) -> None:
    assert str(booking_actions.why_not_promoted(offered, "BR-90", "di dodd")) == (
        "No place on BR-90 is free; a place is held for Cy Carr."
    )
    told = booking_actions.why_not_promoted(offered, "BR-90", "cy carr")
    assert str(told) == "A place on BR-90 is held for Cy Carr until 09:00 on Wed 12 Apr 2017."
    assert told.remedy is not None
    assert told.remedy.kind == RemedyKind.ACCEPT_OFFER


def test_why_not_with_people_ahead_and_too_few_places_for_all(ctx: Context) -> None:
    builders.event("BR-91", capacity=1)
    people = [builders.person(name).email for name in ("Al Ash", "Bo Bell")]
    booking_actions.enrol_people(ctx, "BR-91", people, booking_actions.BookingOptions(waiting=True))
    behind = booking_actions.why_not_promoted(ctx, "BR-91", "bo bell")
    assert str(behind) == "1 person is before Bo Bell on the waiting list."
    told = booking_actions.why_not_promoted(ctx, "BR-91", "al ash")
    assert told.remedy == Remedy(RemedyKind.FILL_PLACES, event="BR-91", capacity=1)


def test_why_not_is_no_question_about_somebody_who_never_was_on_it(two_events: Context) -> None:
    builders.person("Di Dodd")
    with pytest.raises(NotOnEvent):
        booking_actions.why_not_promoted(two_events, "BR-90", "di dodd")
