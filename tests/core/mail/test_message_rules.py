"""Which messages the facts ask for, to the minute: the limits of each kind, without a database."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from csc_tui.core.mail import message_rules
from csc_tui.core.mail.message_rules import DueMessage, MessageFacts, MessageRules
from db.records.attendance import MarkKind
from db.records.booking import LatestEnrolment, MissedSession, Status
from db.records.catalogue import Resource, ResourceKind
from db.records.evaluation import Stage
from db.records.mail import Appointment, EventSummary, ExpiringCompletion, MessageKind, Recipient
from db.records.startup import EventState

K = MessageKind
EVENT = EventSummary(3, "BR-03", "Being  Restorative", 1, "BR", "RP", EventState.OPEN, date(2017, 6, 12), None)
SESSION = Appointment(
    session_id=1, event="BR-03", title="Being Restorative", state=EventState.OPEN, number=1, of=2, module="Module 1",
    date=date(2017, 6, 12), start=time(9, 30), end=time(12, 30), venue="Town Hall", room="Room 1", address="Square",
    postcode="DN31", notes="Ring.", revision=1,
)  # fmt: skip
SECOND = replace(SESSION, session_id=2, number=2, module="", date=date(2017, 6, 26), venue="", room="", postcode="")
UNDATED = replace(SECOND, date=None, start=None, end=None)
STARTS, ENDS = datetime(2017, 6, 12, 9, 30), datetime(2017, 6, 26, 12, 30)
ANN, BO, MAX = (
    Recipient(7, "Ann", "Ann Smith", "ann@x.org", 9, True), Recipient(8, "", "Bo", "bo@x.org", None, True),
    Recipient(9, "Max", "Max Boss", "max@x.org", None, True),
)  # fmt: skip
RULES = MessageRules(
    days=14, reminder_days=7, refresher_days=60, off=(), manager_copies=False, organiser="Learning",
    how_to_cancel="Ring us.",
)  # fmt: skip
SINCE = datetime(2017, 4, 10, 9)
PLACE = LatestEnrolment(5, 3, 7, Status.BOOKED, SINCE, False, False, None, "")
TICK = timedelta(minutes=1)


def plan(
    now: datetime, *, event: EventSummary = EVENT, sessions: Any = (SESSION, SECOND), rules: MessageRules = RULES,
    **facts: Any,
) -> list[DueMessage]:  # fmt: skip
    facts = {"placings": [PLACE], "recipients": {7: ANN, 8: BO, 9: MAX}, **facts}
    return message_rules.plan_messages(
        MessageFacts({3: event}, {3: sessions}, **facts),
        rules, now=now, local=lambda stamp: stamp,
    )  # fmt: skip


def kinds(now: datetime, **facts: Any) -> list[MessageKind]:
    return [each.kind for each in plan(now, **facts)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(Status.BOOKED, K.CONFIRMATION), (Status.WAITLISTED, K.WAITING_LIST), (Status.DECLINED, K.DECLINED),
     (Status.CANCELLED, K.CANCELLATION), (Status.SUBSTITUTED, K.CANCELLATION),
     (Status.EVENT_CANCELLED, K.CANCELLATION)],
)  # fmt: skip
def test_news_is_told_for_some_days_and_then_no_more(status: Status, kind: MessageKind) -> None:
    placings = [replace(PLACE, status=status)]
    assert kinds(SINCE, placings=placings) == [kind]
    assert kinds(SINCE + timedelta(days=14), placings=placings) == [kind]
    assert kinds(SINCE + timedelta(days=14) + TICK, placings=placings) == []


@pytest.mark.parametrize("status", [Status.TRANSFERRED, Status.EXPIRED, Status.REQUESTED, Status.NO_SHOW])
def test_of_other_statuses_nothing_is_told(status: Status) -> None:
    assert kinds(SINCE, placings=[replace(PLACE, status=status)]) == []


@pytest.mark.parametrize(
    ("listed", "accepted", "kind"),
    [(False, False, K.CONFIRMATION), (True, False, K.PROMOTION), (True, True, K.CONFIRMATION)],
)
def test_who_moved_up_is_told_of_that_and_who_accepted_an_offer_is_not(
    listed: bool, accepted: bool, kind: MessageKind
) -> None:
    assert kinds(SINCE, placings=[replace(PLACE, listed=listed, accepted=accepted)]) == [kind]


def test_a_booking_is_news_until_the_event_begins_and_a_cancellation_until_it_ends() -> None:
    late = [replace(PLACE, since=STARTS - TICK)]
    assert kinds(STARTS - TICK, placings=late) == [K.CONFIRMATION]
    assert kinds(STARTS, placings=late) == []
    assert kinds(STARTS, placings=late, sessions=(UNDATED,)) == [K.CONFIRMATION]
    gone = [replace(PLACE, status=Status.CANCELLED, since=ENDS - TICK)]
    assert kinds(ENDS - TICK, placings=gone) == [K.CANCELLATION]
    assert kinds(ENDS, placings=gone) == []
    assert kinds(ENDS, placings=gone, sessions=(UNDATED,)) == [K.CANCELLATION]
    assert kinds(ENDS - TICK, placings=[replace(gone[0], reason="undone")]) == []


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.DELIVERED, EventState.CANCELLED])
def test_a_booking_is_no_news_of_an_event_that_cannot_be_booked(state: EventState) -> None:
    assert kinds(SINCE, event=replace(EVENT, state=state)) == []


def test_an_offer_is_told_until_it_ends_however_old_it_is() -> None:
    ends = datetime(2017, 5, 20, 12)
    offered = [replace(PLACE, status=Status.OFFERED, offer_ends=ends)]
    (offer,) = plan(ends - TICK, placings=offered)
    assert (offer.kind, offer.until, offer.values["until"]) == (K.OFFER, ends, "12:00 on Sat 20 May 2017")
    assert kinds(ends, placings=offered) == []
    assert kinds(SINCE, placings=[replace(offered[0], offer_ends=None)]) == []
    assert kinds(SINCE, placings=[replace(offered[0], status=Status.EXPIRED)]) == []


def test_joining_instructions_are_for_the_booked_of_a_confirmed_event_with_a_date() -> None:
    late, confirmed = SINCE + timedelta(days=30), replace(EVENT, state=EventState.CONFIRMED)
    (joining,) = plan(late, event=confirmed)
    assert (joining.kind, joining.values["instructions"]) == (K.JOINING, "Square\nRing.")
    assert kinds(late) == []
    assert kinds(late, event=confirmed, sessions=(UNDATED,)) == []
    assert kinds(late, event=confirmed, placings=[replace(PLACE, status=Status.WAITLISTED)]) == []


def test_a_change_is_told_to_whoever_was_told_other_dates_until_the_event_is_over() -> None:
    told = {(3, 7): (11, "other dates")}
    late = ENDS - TICK
    (change,) = plan(late, told=told)
    assert (change.kind, change.key, change.values["before"], change.until) == (
        K.CHANGE, "change/5/11", "other dates", ENDS,
    )  # fmt: skip
    assert kinds(ENDS, told=told) == []
    assert kinds(late, told={(3, 7): (11, change.values["dates"])}) == []
    assert kinds(late, told=told, invited={(3, 7)}) == []
    assert kinds(late, told=told, event=replace(EVENT, state=EventState.DELIVERED)) == []
    assert kinds(late, told=told, placings=[replace(PLACE, status=Status.WAITLISTED)]) == []
    assert kinds(SINCE + timedelta(days=30), told=told, sessions=(UNDATED,)) == [K.CHANGE]


def test_a_reminder_comes_from_its_day_until_the_session_starts() -> None:
    assert kinds(datetime(2017, 6, 4, 23, 59)) == []
    assert kinds(datetime(2017, 6, 5)) == [K.REMINDER]
    assert [each.session_id for each in plan(STARTS - TICK)] == [1]
    assert kinds(STARTS) == []
    assert [each.session_id for each in plan(datetime(2017, 6, 19))] == [2]
    assert [each.session_id for each in plan(STARTS - TICK, sessions=(replace(SECOND, number=1), SESSION))] == [1]
    assert kinds(STARTS - TICK, placings=[replace(PLACE, status=Status.WAITLISTED)]) == []
    assert kinds(STARTS - TICK, rules=replace(RULES, reminder_days=0)) == []
    assert kinds(STARTS - TICK, event=replace(EVENT, state=EventState.DRAFT)) == []


def test_who_was_booked_since_the_reminder_fell_due_is_not_reminded() -> None:
    for since, told in ((datetime(2017, 6, 4, 23), [K.REMINDER]), (datetime(2017, 6, 5), [])):
        placings = [replace(PLACE, since=since)]
        assert kinds(STARTS - TICK, placings=placings, rules=replace(RULES, days=0)) == told


def test_who_makes_a_module_up_is_reminded_of_that_session_of_that_event_alone() -> None:
    found = plan(STARTS - TICK, placings=[], making_up=[(1, 8, 3), (2, 7, 3), (1, 7, 4)])
    assert [(each.kind, each.person_id, each.session_id) for each in found] == [(K.REMINDER, 8, 1)]


def test_who_was_missed_is_told_from_the_end_of_the_session_and_the_manager_of_who_sent_no_word() -> None:
    over = datetime(2017, 6, 12, 12, 30)
    absent, sorry = (MissedSession(3, 1, 7, mark) for mark in (MarkKind.ABSENT, MarkKind.APOLOGIES))
    off = replace(RULES, reminder_days=0)
    assert kinds(over - TICK, missed=[absent], rules=off) == []
    found = plan(over, missed=[absent], rules=off)
    assert [(each.kind, each.to.name) for each in found] == [(K.MISSED, "Ann Smith"), (K.MISSED_MANAGER, "Max Boss")]
    assert found[1].values["learner"] == "Ann Smith"
    assert kinds(over, missed=[sorry], rules=off) == [K.MISSED]
    assert kinds(over, missed=[replace(absent, person_id=8)], rules=off) == [K.MISSED], "nobody is Bo's manager"
    assert kinds(over + timedelta(days=14) - TICK, missed=[sorry], rules=off) == [K.MISSED]
    assert kinds(over + timedelta(days=14), missed=[sorry], rules=off) == []
    assert kinds(over, missed=[replace(sorry, session_id=4)], rules=off) == []
    assert kinds(over, missed=[replace(sorry, session_id=2)], rules=off, sessions=(SESSION, UNDATED)) == []
    assert kinds(over, missed=[replace(sorry, session_id=4), sorry], rules=off) == [K.MISSED]
    both = [sorry, replace(sorry, session_id=2)]
    assert [each.session_id for each in plan(ENDS, missed=both, rules=off)] == [2], "of the first it is too late"
    assert kinds(over, missed=[sorry], rules=off, event=replace(EVENT, state=EventState.CANCELLED)) == []


def test_people_are_asked_for_thirty_days_from_the_end_and_from_three_months_after_it() -> None:
    facts: dict[str, Any] = {
        "attended": [(3, 8), (3, 7), (4, 9)], "placings": [],
        "asked": {(1, Stage.ON_THE_DAY): ["Useful?"], (1, Stage.THREE_MONTHS): ["Still?"]},
    }  # fmt: skip
    later = datetime(2017, 9, 26, 12, 30)
    for begins, kind in ((ENDS, K.EVALUATION), (later, K.FOLLOW_UP)):
        assert kinds(begins - TICK, **facts) == []
        found = plan(begins, **facts)
        assert [(each.kind, each.person_id) for each in found] == [(kind, 7), (kind, 8)]
        assert kinds(begins + timedelta(days=30) - TICK, **facts) == [kind, kind]
        assert kinds(begins + timedelta(days=30), **facts) == []
    assert kinds(ENDS, **facts, answered=[(3, 7, Stage.ON_THE_DAY), (3, 8, Stage.THREE_MONTHS)]) == [K.EVALUATION]
    assert kinds(ENDS, **{**facts, "asked": {}}) == []
    assert kinds(ENDS, **facts, event=replace(EVENT, state=EventState.CANCELLED)) == []
    assert kinds(ENDS, **facts, sessions=(SESSION, UNDATED)) == [], "the last date is not known yet"


def test_a_refresher_is_asked_for_from_before_a_completion_ends_until_thirty_days_after() -> None:
    facts: dict[str, Any] = {
        "placings": [], "running_out": [ExpiringCompletion(7, 1, "BR", "Being Restorative", date(2016, 8, 31), 12)],
    }  # fmt: skip
    off = replace(RULES, reminder_days=0)
    for day, due in ((date(2017, 7, 1), []), (date(2017, 7, 2), [K.REFRESHER]), (date(2017, 9, 30), [K.REFRESHER]),
                     (date(2017, 10, 1), [])):  # fmt: skip
        assert kinds(datetime.combine(day, time(12)), rules=off, **facts) == due
    (refresher,) = plan(datetime(2017, 8, 1), rules=off, **facts)
    assert (refresher.values["until"], refresher.reference) == ("Thu 31 Aug 2017", "")
    assert kinds(datetime(2017, 8, 1), rules=off, coming={(1, 7)}, **facts) == []
    by_source = replace(facts["running_out"][0], months=None, expires=date(2017, 8, 20))
    (refresher,) = plan(datetime(2017, 8, 1), rules=off, placings=[], running_out=[by_source])
    assert refresher.values["until"] == "Sun 20 Aug 2017"
    later = replace(facts["running_out"][0], on=date(2017, 5, 1), person_id=8)
    found = plan(datetime(2017, 8, 1), rules=off, placings=[], running_out=[later, *facts["running_out"]])
    assert [each.person_id for each in found] == [7]


def test_a_copy_goes_to_the_manager_where_the_policy_says_so() -> None:
    copying = replace(RULES, manager_copies=True)
    found = plan(SINCE, rules=copying)
    assert [(each.kind, each.to.name) for each in found] == [
        (K.CONFIRMATION, "Ann Smith"),
        (K.MANAGER_COPY, "Max Boss"),
    ]
    assert (found[1].copy_of, found[1].values["learner"], found[1].values["event"]) == (found[0], "Ann Smith", "BR-03")
    assert kinds(SINCE, rules=replace(copying, off={K.CONFIRMATION})) == []
    assert kinds(SINCE, rules=replace(copying, off={K.MANAGER_COPY})) == [K.CONFIRMATION]
    assert kinds(SINCE, rules=copying, placings=[replace(PLACE, person_id=8)]) == [K.CONFIRMATION]
    assert kinds(SINCE, rules=copying, placings=[replace(PLACE, status=Status.WAITLISTED)]) == [K.WAITING_LIST]


def test_messages_come_by_event_then_name_then_kind() -> None:
    placings = [replace(PLACE, enrolment_id=6, person_id=8), PLACE]
    found = plan(SINCE, placings=placings, event=replace(EVENT, state=EventState.CONFIRMED))
    assert [(each.to.name, each.kind) for each in found] == [
        ("Ann Smith", K.CONFIRMATION), ("Ann Smith", K.JOINING), ("Bo", K.CONFIRMATION), ("Bo", K.JOINING),
    ]  # fmt: skip


def test_the_texts_name_sessions_places_links_and_people() -> None:
    def resource(number: int, title: str, address: str, course: str, strand: str = "") -> Resource:
        return replace(Resource(number, title, ResourceKind.DOCUMENT, address, strand, course))

    resources = [
        resource(1, "Book", "x.org/1", "BR"),
        resource(2, "Kept", "", "BR"),
        resource(3, "Of RL", "x.org/3", "RL", "RP"),
        resource(4, "Strand", "x.org/4", "", "RP"),
        resource(5, "Other", "x.org/5", "", "SOS"),
    ]
    event = replace(EVENT, state=EventState.CONFIRMED)
    _, joining = plan(SINCE, event=event, resources=resources, sessions=(SECOND, SESSION))
    assert joining.values["dates"].split("\n") == [
        "Session 1 (Module 1): Mon 12 Jun 2017 09:30-12:30, Town Hall, Room 1, DN31",
        "Session 2: Mon 26 Jun 2017 09:30-12:30, a place to be confirmed",
    ]
    assert joining.values["links"] == "Links and documents:\n- Book: x.org/1\n- Strand: x.org/4"
    assert (joining.values["forename"], joining.values["name"]) == ("Ann", "Ann Smith")
    assert (joining.values["title"], joining.values["first_day"]) == ("Being Restorative", "Mon 12 Jun 2017")
    (alone,) = plan(SINCE, sessions=(replace(SESSION, of=1),), placings=[replace(PLACE, person_id=8)])
    assert alone.values["dates"] == "Mon 12 Jun 2017 09:30-12:30, Town Hall, Room 1, DN31"
    assert (alone.values["forename"], alone.values["name"]) == ("Bo", "Bo")
    (unsaid,) = plan(SINCE, sessions=())
    assert (unsaid.values["dates"], unsaid.values["first_day"]) == (
        "The dates are still to be confirmed.", "date to be confirmed",
    )  # fmt: skip


def test_somebody_who_has_left_is_told_nothing() -> None:
    assert kinds(SINCE, recipients={7: replace(ANN, active=False)}) == []


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (Status.CANCELLED, "Illness", "Reason given: Illness."),
        (Status.CANCELLED, " Illness. ", "Reason given: Illness."),
        (Status.CANCELLED, " ", ""),
        (Status.EVENT_CANCELLED, "Snow", "We are sorry: the event has been cancelled. Reason given: Snow."),
        (Status.EVENT_CANCELLED, "", "We are sorry: the event has been cancelled."),
    ],
)
def test_a_cancellation_says_its_reason_where_there_is_one(status: Status, reason: str, said: str) -> None:
    (gone,) = plan(SINCE, placings=[replace(PLACE, status=status, reason=reason)])
    assert gone.values["reason"] == said


def test_a_session_is_told_with_its_place_or_that_it_is_not_known_yet() -> None:
    (first,) = plan(STARTS - TICK)
    assert (first.values["where"], first.values["when"]) == ("Town Hall, Room 1, DN31", "Mon 12 Jun 2017 09:30-12:30")
    (second,) = plan(datetime(2017, 6, 19))
    assert second.values["where"] == "Place to be confirmed"


def test_a_message_remembers_the_dates_that_it_named_if_it_is_of_a_kind_that_does() -> None:
    (confirmation,) = plan(SINCE)
    assert confirmation.told == confirmation.values["dates"] != ""
    (waiting,) = plan(SINCE, placings=[replace(PLACE, status=Status.WAITLISTED)])
    assert waiting.told == ""


def test_the_code_of_a_message_stays_what_it_was_in_every_release() -> None:
    assert message_rules.message_code("confirmation/5") == "m9593b7ef36c"


def test_a_letter_is_tried_with_examples_of_everything() -> None:
    def values(*sessions: Appointment, to: Recipient = ANN) -> dict[str, str]:
        return message_rules.example_letter_values(EVENT, sessions, to, RULES, (), ["Useful?"], date(2017, 6, 1))

    tried = values(UNDATED, replace(SESSION, number=3))
    assert (tried["forename"], tried["name"], tried["session"]) == ("Ann", "Ann Smith", "Being Restorative: Module 1")
    assert tried["details"].startswith("BR-03, session 3 of 2.")
    assert (tried["until"], tried["completed"]) == ("12:00 on Sat 3 Jun 2017", "Wed 1 Jun 2016")
    bare = values(UNDATED, to=BO)
    assert (bare["forename"], bare["session"], bare["details"]) == ("Bo", "Being Restorative", "")
