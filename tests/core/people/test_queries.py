"""What the window and the cards ask; the lists are those of the command line."""

from dataclasses import astuple
from datetime import date, datetime
from typing import Any

import pytest

from csc_tui.base import lookups
from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import agenda
from csc_tui.core.people import queries as people_queries
from db import models
from db.engine.connection import write_transaction
from db.errors import AmbiguousPerson, NoSuchEvent, NoSuchPerson
from db.records.booking import Status
from db.records.groups import GroupLine
from tests import builders


@pytest.fixture
def filled(ctx: Context) -> Context:
    """Alice on the morning of 12 June, with two events and three people."""
    people = [builders.person(name, organisation="Police") for name in ("Bo Day", "Cy Day", "Di Fox")]
    first = builders.event("BR-91", dates=["2017-06-12", "2017-06-19"], capacity=1, venue="Hall", room="1")
    second = builders.event("SP-1", course="SOS-PL", dates=["2017-06-14"], capacity=2)
    builders.event("BR-93", dates=["2017-06-13"], state="cancelled")
    builders.event("BR-94", dates=[None], state="draft")
    builders.enrolment(first, people[0])
    builders.enrolment(first, people[1], Status.WAITLISTED)
    builders.enrolment(second, people[0])
    return builders.at(ctx, "2017-06-12T08:00")


def test_addresses_come_in_the_order_of_the_people_asked_for_and_each_once(ctx: Context) -> None:
    last, first, shared = (
        builders.person("Zoe Zed", email="zoe@example.org"), builders.person("Al Ash", email="al@example.org"),
        builders.person("Cy Orr", email="cy@example.org"),
    )  # fmt: skip
    asked = [shared.key, last.key, first.key, last.key]
    assert people_queries.list_addresses(ctx, asked) == ["cy@example.org", "zoe@example.org", "al@example.org"]
    assert people_queries.list_addresses(ctx, asked[::-1]) == ["zoe@example.org", "al@example.org", "cy@example.org"]


def test_both_faces_answer_the_same_rows_to_the_same_question(filled: Context, location: str) -> None:
    raw, today = lookups.connect_to_database(location), "2017-06-12"
    now: dict[str, Any] = {"today": "2017-06-12", "time": "08:00"}
    card = people_queries.get_event_card(filled, "BR-91")
    for ours, theirs in (
        (people_queries.search_people(filled, "day")[0], lookups.look_up_people(raw, "day", today=today)),
        (people_queries.search_people(filled, "")[0], lookups.look_up_people(raw, "", today=today)),
        (agenda.list_coming_sessions(filled), lookups.look_up_sessions(raw, first=today, last="2017-07-13")),
        (
            agenda.list_coming_sessions(filled, strand="rp"),
            lookups.look_up_sessions(raw, first=today, last="2017-07-13", strand="rp"),
        ),
        (people_queries.list_bookable_events(filled), lookups.look_up_free_events(raw, "", **now)),
        (
            people_queries.list_bookable_events(filled, "br", everything=True),
            lookups.look_up_free_events(raw, "br", **now, everything=True),
        ),
        (card.roster, lookups.look_up_roster(raw, "BR-91")),
        (card.waiting, lookups.look_up_waiting_list(raw, "BR-91")),
    ):
        columns, rows = theirs
        assert rows
        assert [astuple(record) for record in ours] == rows
        assert tuple(type(ours[0]).__dataclass_fields__) == columns
    said = lookups.look_up_event(raw, "BR-91")
    assert [astuple(line) for line in card.roster] == [tuple(line.values()) for line in said["roster"]]
    assert (card.event.booked, card.event.free) == (said["booked"], said["free"])


def test_a_long_list_is_cut_and_counted(ctx: Context) -> None:
    for _ in range(4):
        builders.person("Bo Day")
    found, total = people_queries.search_people(ctx, "day", limit=3)
    assert (len(found), total) == (3, 4)
    found, total = people_queries.search_people(ctx, "day", limit=4)
    assert (len(found), total) == (4, 4)
    assert people_queries.search_people(ctx, "zz") == ([], 0)


def test_what_comes_begins_today_and_ends_with_the_last_day_asked_for(filled: Context) -> None:
    assert [(line.event, line.date) for line in agenda.list_coming_sessions(filled, days=2)] == [
        ("BR-91", "2017-06-12"), ("SP-1", "2017-06-14"),
    ]  # fmt: skip
    assert [line.event for line in agenda.list_coming_sessions(filled, days=0)] == ["BR-91"]
    assert [line.date for line in agenda.list_coming_sessions(filled, start=date(2017, 6, 15))] == ["2017-06-19"]


def test_free_forgets_an_event_when_it_begins(filled: Context) -> None:
    assert [line.event for line in people_queries.list_bookable_events(filled, everything=True)] == ["BR-91", "SP-1"]
    begun = builders.at(filled, "2017-06-12T09:30")
    assert [line.event for line in people_queries.list_bookable_events(begun, everything=True)] == ["SP-1"]


def test_a_calendar_has_the_cancelled_and_on_request_those_to_be_confirmed(filled: Context) -> None:
    first, last = date(2017, 6, 1), date(2017, 6, 30)
    assert [line.event for line in people_queries.list_sessions_between(filled, first, last)] == [
        "BR-91",
        "BR-93",
        "SP-1",
        "BR-91",
    ]
    assert people_queries.list_sessions_between(filled, first, last, undated=True)[-1].event == "BR-94"


def test_the_list_of_events_has_every_state_and_can_be_narrowed(filled: Context) -> None:
    assert [line.event for line in people_queries.list_events(filled)] == ["BR-91", "BR-93", "SP-1", "BR-94"]
    assert [line.event for line in people_queries.list_events(filled, first=date(2017, 6, 13))] == [
        "BR-93",
        "SP-1",
        "BR-94",
    ]
    assert [line.event for line in people_queries.list_events(filled, "br", last=date(2017, 6, 12))] == [
        "BR-91",
        "BR-94",
    ]


def test_a_persons_card_has_what_was_and_what_is_to_come(filled: Context) -> None:
    booking_actions.cancel_place(filled, "SP-1", "bo day", reason="ill")
    card = people_queries.get_person_card(filled, "bo day")
    assert card.person.organisation == "Police"
    assert [(line.event, line.status, line.first_date) for line in card.enrolments] == [
        ("SP-1", "cancelled", "2017-06-14"), ("BR-91", "booked", "2017-06-12"),
    ]  # fmt: skip
    assert [(line.verb, line.reason) for line in card.history] == [("cancelled", "ill")]
    assert card.history[0].at == datetime(2017, 6, 12, 8, 0)


def test_a_persons_card_has_the_sessions_they_lead_the_next_one_first_and_those_they_led(ctx: Context) -> None:
    ty = builders.person("Ty Lead")
    builders.event("BR-01", dates=["2017-04-03", "2017-05-03"], facilitators=[ty])
    builders.event("BR-02", dates=[None, "2017-07-03", "2017-06-12"], facilitators=[ty])
    builders.event("BR-03", dates=["2017-06-20"], facilitators=[ty], state="cancelled")
    card = people_queries.get_person_card(builders.at(ctx, "2017-06-12"), "ty lead")
    assert [(each.event, each.session, each.date) for each in card.leads] == [
        ("BR-02", 3, "2017-06-12"), ("BR-02", 2, "2017-07-03"), ("BR-02", 1, ""),
    ]  # fmt: skip
    assert [(each.session, each.date) for each in card.led] == [(2, "2017-05-03"), (1, "2017-04-03")]
    assert (card.led[0].start, card.led[0].end) == ("09:30", "12:30")


def test_the_history_is_newest_first_and_narrowed_by_what_is_asked(filled: Context) -> None:
    bella = builders.at(filled, "2017-06-13T08:00", actor="bella")
    booking_actions.cancel_place(filled, "SP-1", "bo day", reason="ill")
    booking_actions.enrol_people(bella, "SP-1", ["di fox"])
    assert [line.verb for line in builders.list_history_lines(filled, event="sp-1")] == ["booked", "cancelled"]
    assert [line.verb for line in builders.list_history_lines(filled, person="bo day")] == ["cancelled"]
    assert [line.verb for line in builders.list_history_lines(filled, by="bella")] == ["booked"]
    assert [line.verb for line in builders.list_history_lines(filled, since=date(2017, 6, 13))] == ["booked"]
    assert len(builders.list_history_lines(filled, limit=1)) == 1


def test_the_history_since_a_day_begins_at_the_councils_midnight(filled: Context) -> None:
    booking_actions.enrol_people(builders.at(filled, "2017-06-12T23:30"), "SP-1", ["di fox"])
    booking_actions.cancel_place(
        builders.at(filled, "2017-06-13T00:30"), "SP-1", "di fox", reason="ill"
    )  # 23:30 UTC of the 12th
    assert [line.verb for line in builders.list_history_lines(filled, since=date(2017, 6, 13))] == ["cancelled"]


def test_what_is_not_there_is_said(filled: Context) -> None:
    for ask in (
        lambda: people_queries.get_event_card(filled, "NOPE"),
        lambda: builders.list_history_lines(filled, event="NOPE"),
    ):
        with pytest.raises(NoSuchEvent):
            ask()
    with pytest.raises(NoSuchPerson):
        people_queries.get_person_card(filled, "zz")
    with pytest.raises(AmbiguousPerson):
        builders.list_history_lines(filled, person="day")


def test_groups_come_before_teams_with_how_many_belong_to_them_today(ctx: Context) -> None:
    stayed, gone = builders.person("Bo Ek"), builders.person("Di Low")
    with write_transaction():
        group = models.GroupRow.insert(name="Learning set 7", kind="action_learning_set").execute()
        for who, left in ((stayed, None), (gone, "2017-02-01")):
            models.MembershipRow.insert(group=group, person=who.id, joined="2017-01-01", left_on=left).execute()
    builders.person("Wy Te", organisation="Humberside Police", team="Learning")
    assert people_queries.search_groups(ctx, "LEARN") == [
        GroupLine("group", "Learning set 7", 1), GroupLine("team", "Learning, Humberside Police", 1),
    ]  # fmt: skip
    assert people_queries.search_groups(ctx, "learn police") == [GroupLine("team", "Learning, Humberside Police", 1)]
    assert people_queries.search_groups(ctx, "zzz") == []


def test_addresses_are_named_once_each_in_the_order_of_the_keys_and_who_has_none_is_left_out(ctx: Context) -> None:
    bo, cy, erased = builders.person("Bo Day"), builders.person("Cy Day"), builders.person("Di Fox")
    with write_transaction():
        models.PersonRow.update(email="").where(models.PersonRow.id == erased.id).execute()
    assert people_queries.list_addresses(ctx, [cy.key, erased.key, bo.key, cy.key, "#999999"]) == [cy.email, bo.email]
