"""The SQL of the look-ups."""

from dataclasses import fields
from typing import Any

import apsw
import pytest

from db import booking, lookups, models, policy
from db.engine import binding
from db.engine.connection import write_transaction
from db.errors import NoSuchEvent, NotFound
from db.records.booking import RosterLine, Status, WaitingLine
from db.records.startup import EventLine, FoundPerson, SessionLine
from tests import builders

TODAY = "2017-06-12"
ODD = ["'", '"', "%", "_", "*", "(", "\\", "''", ";", "--", "? ?", "{}", "\x00", "\N{ZERO WIDTH SPACE}"]


@pytest.fixture
def raw(database: str) -> apsw.Connection:
    """The driver's own connection, as look-ups get it."""
    found: apsw.Connection = binding.open_database(database)
    return found


def names(rows: list[tuple[object, ...]]) -> list[object]:
    return [row[1] for row in rows]


@pytest.mark.parametrize(
    ("columns", "record"),
    [
        (lookups.FOUND_COLUMNS, FoundPerson), (lookups.SESSION_COLUMNS, SessionLine),
        (lookups.EVENT_COLUMNS, EventLine), (lookups.ROSTER_COLUMNS, RosterLine),
        (lookups.WAITING_COLUMNS, WaitingLine),
    ],
)  # fmt: skip
def test_columns_and_records_have_the_same_fields_in_the_same_order(columns: tuple[str, ...], record: type) -> None:
    assert columns == tuple(field.name for field in fields(record))


def test_people_are_found_by_the_beginnings_of_any_words_in_any_order(raw: apsw.Connection) -> None:
    builders.person("Siobhán Smith-Jones", organisation="Police", team="Night shift")
    builders.person("Jo Smith", phone="01472 123456")
    builders.person("Ann O'Brien", employee_number="100023")
    for typed, found in {
        "smi": ["Jo Smith", "Siobhán Smith-Jones"],
        "smi jo": ["Jo Smith", "Siobhán Smith-Jones"],  # jones begins with jo
        "jo smith": ["Jo Smith", "Siobhán Smith-Jones"],
        "SIOBHAN": ["Siobhán Smith-Jones"],
        "siobhán": ["Siobhán Smith-Jones"],
        "police night": ["Siobhán Smith-Jones"],
        "o'brien": ["Ann O'Brien"],
        "obri": ["Ann O'Brien"],
        "brien": ["Ann O'Brien"],
        "100023": ["Ann O'Brien"],
        "01472123": ["Jo Smith"],
        "mith": [],
        "smith zo": [],
        "smith smith": ["Jo Smith", "Siobhán Smith-Jones"],
    }.items():
        assert names(lookups.find_people_by_words(raw, typed, TODAY)) == found, typed
        assert lookups.count_people(raw, typed) == len(found), typed


@pytest.mark.parametrize("typed", ODD)
def test_signs_are_text_to_look_for_and_find_nobody(raw: apsw.Connection, typed: str) -> None:
    builders.person("Jo Smith")
    assert lookups.find_people_by_words(raw, typed, TODAY) == []
    assert lookups.count_people(raw, typed) == 0
    assert lookups.find_events(raw, typed) == []


@pytest.mark.parametrize("typed", ["NEAR(", "a AND", "-x", "a@b", "x' OR 1=1 --", "smith%", "sm_th", "* smith"])
def test_words_beside_signs_are_looked_for_as_words(raw: apsw.Connection, typed: str) -> None:
    builders.person("Near And", email="a@b.example")
    builders.person("Xavier Or", email="c@d.example")
    builders.person("Jo Smith", email="e@f.example")
    found = {
        "NEAR(": ["Near And"], "a AND": ["Near And"], "-x": ["Xavier Or"], "a@b": ["Near And"], "smith%": ["Jo Smith"],
        "* smith": ["Jo Smith"],
    }  # fmt: skip
    assert names(lookups.find_people_by_words(raw, typed, TODAY)) == found.get(typed, [])


def test_nothing_typed_is_everybody_by_surname(raw: apsw.Connection) -> None:
    for name in ("Bo Young", "Zoë Adams", "Ann ÁDAMS"):
        builders.person(name)
    assert names(lookups.find_people_by_words(raw, "", TODAY)) == ["Ann ÁDAMS", "Zoë Adams", "Bo Young"]
    assert names(lookups.find_people_by_words(raw, "", TODAY, 2)) == ["Ann ÁDAMS", "Zoë Adams"]
    assert lookups.count_people(raw, "") == 3


def test_a_long_list_begins_with_those_whose_word_is_exactly_what_was_typed(raw: apsw.Connection) -> None:
    for name in ("Jo Abbotsmith", "Bo Lee", "Al Leeson", "Cy Lee", "Di Leech"):
        builders.person(name)
    assert names(lookups.find_people_by_words(raw, "lee", TODAY, 2)) == ["Bo Lee", "Cy Lee"]
    assert names(lookups.find_people_by_words(raw, "lee", TODAY, 3)) == ["Bo Lee", "Cy Lee", "Di Leech"]
    assert names(lookups.find_people_by_words(raw, "lee", TODAY)) == ["Bo Lee", "Cy Lee", "Di Leech", "Al Leeson"]


def test_a_person_found_by_two_words_comes_once(raw: apsw.Connection) -> None:
    builders.person("Smith Smithson", email="smithy@example.org")
    assert names(lookups.find_people_by_words(raw, "smith", TODAY)) == ["Smith Smithson"]
    assert names(lookups.find_people_by_words(raw, "smith", TODAY, 5)) == ["Smith Smithson"]


def test_a_person_comes_with_what_is_booked_and_what_is_next(raw: apsw.Connection) -> None:
    jo = builders.person("Jo Smith", email="jo@x.org", organisation="Police", team="Night")
    past = builders.event("BR-81", dates=["2017-05-01"])
    today = builders.event("BR-82", dates=["2017-06-12", "2017-06-19"])
    later = builders.event("BR-83", dates=["2017-06-13"])
    undated = builders.event("BR-84", dates=[None])
    waited = builders.event("BR-85", dates=["2017-07-01"])
    gone = builders.event("BR-86", dates=["2017-05-02"])
    for event in (past, today, later, undated):
        builders.enrolment(event, jo)
    builders.enrolment(waited, jo, Status.WAITLISTED)
    builders.enrolment(gone, jo, Status.WAITLISTED)
    builders.enrolment(builders.event("BR-87"), jo, Status.CANCELLED)
    assert lookups.find_people_by_words(raw, "jo", TODAY) == [
        (jo.key, "Jo Smith", "jo@x.org", "Police", "Night", "staff", 3, 1, 0, "BR-82", "2017-06-12", "")
    ]
    assert lookups.find_people_by_words(raw, "jo", "2017-08-01")[0][6:] == (1, 0, 0, "", "", "")


def test_sessions_come_in_order_within_the_days_asked_for(raw: apsw.Connection) -> None:
    builders.event("BR-92", dates=["2017-06-14", "2017-06-12"], start="13:00", end="16:00")
    builders.event("BR-91", dates=["2017-06-12", None, "2017-06-15"], venue="Town Hall", room="Chamber")
    builders.event("BR-93", dates=["2017-06-13"], state="cancelled")
    builders.event("BR-94", dates=["2017-06-13"], state="draft")
    found = lookups.find_sessions(raw, "2017-06-12", "2017-06-14")
    assert [(row[0], row[3], row[5], row[6]) for row in found] == [
        ("BR-91", 1, "2017-06-12", "09:30"),
        ("BR-92", 2, "2017-06-12", "13:00"),
        ("BR-94", 1, "2017-06-13", "09:30"),
        ("BR-92", 1, "2017-06-14", "13:00"),
    ]
    assert found[0][8:10] == ("Town Hall", "Chamber")
    assert "BR-93" in {row[0] for row in lookups.find_sessions(raw, "2017-06-12", "2017-06-14", cancelled=True)}
    assert [row[:8] for row in lookups.find_sessions(raw, "", "", undated=True)] == [
        ("BR-91", "BR", "Being Restorative", 2, "Module 2", "", "", "")
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"strand": "rp"}, ["BR-91"]), ({"strand": "Restorative Practice"}, ["BR-91"]), ({"strand": "signs"}, ["SP-1"]),
        ({"course": "br"}, ["BR-91"]), ({"course": "practice leads"}, ["SP-1"]), ({"venue": "hall"}, ["BR-91"]),
        ({"venue": "TOWN HALL"}, ["BR-91"]), ({"venue": "élan"}, ["SP-1"]), ({"strand": "rp", "venue": "elan"}, []),
    ],
)  # fmt: skip
def test_sessions_are_narrowed_by_code_name_or_the_beginnings_of_its_words(
    raw: apsw.Connection, filters: dict[str, Any], found: list[str]
) -> None:
    builders.event("BR-91", venue="Town Hall")
    builders.event("SP-1", course="SOS-PL", venue="Élan Centre")
    assert [row[0] for row in lookups.find_sessions(raw, "2017-06-01", "2017-06-30", **filters)] == found


@pytest.mark.parametrize(("kind", "listed"), [("strand", "SOS; RP"), ("course", "SOS-INTRO"), ("venue", "Town Hall")])
@pytest.mark.parametrize("typed", ["nowhere", "%", "'", "_"])
def test_a_strand_course_or_venue_that_is_not_there_is_said_with_those_that_are(
    raw: apsw.Connection, kind: str, listed: str, typed: str
) -> None:
    builders.event("BR-91", venue="Town Hall")
    with pytest.raises(NotFound, match=rf"There is no {kind} .*{listed}"):
        lookups.find_sessions(raw, "2017-06-01", "2017-06-30", **{kind: typed})  # type: ignore[arg-type]


def test_events_are_found_by_reference_course_title_or_strand(raw: apsw.Connection) -> None:
    builders.event("BR-91", title="Being Restorative for schools")
    builders.event("SP-1", course="SOS-PL")
    for typed, found in {
        "br-91": ["BR-91"], "BR": ["BR-91"], "schools": ["BR-91"], "restorative being": ["BR-91"], "signs": ["SP-1"],
        "chools": [], "": ["BR-91", "SP-1"],
    }.items():  # fmt: skip
        assert [row[0] for row in lookups.find_events(raw, typed)] == found, typed


def test_free_means_that_it_can_be_booked_at_this_moment(raw: apsw.Connection) -> None:
    for reference, dates, state in (
        ("BR-81", ["2017-06-12"], "open"),
        ("BR-82", ["2017-06-11", "2017-06-20"], "open"),
        ("BR-83", ["2017-06-13"], "draft"),
        ("BR-84", ["2017-06-13"], "tentative"),
        ("BR-85", ["2017-06-13"], "confirmed"),
        ("BR-86", ["2017-06-13"], "delivered"),
        ("BR-87", ["2017-06-13"], "cancelled"),
        ("BR-88", [None], "open"),
        ("BR-89", [None, "2017-06-12"], "open"),
    ):
        builders.event(reference, dates=dates, state=state, capacity=1)
    builders.booked(builders.event("BR-80", capacity=1, dates=["2017-06-13"]), "Bo Smith")

    def free(time: str, *, full: bool = False) -> list[object]:
        return [row[0] for row in lookups.find_events(raw, bookable=(TODAY, time), free=not full)]

    assert free("09:29") == ["BR-81", "BR-89", "BR-84", "BR-85", "BR-88"]
    assert free("09:30") == ["BR-84", "BR-85", "BR-88"]  # those of this morning have begun
    assert free("09:30", full=True) == ["BR-80", "BR-84", "BR-85", "BR-88"]


def test_an_event_above_its_capacity_has_no_places_free_rather_than_fewer(raw: apsw.Connection) -> None:
    builders.booked(builders.event(capacity=1), "Bo Smith", "Cy Lee")
    (row,) = lookups.find_events(raw)
    assert dict(zip(lookups.EVENT_COLUMNS, row, strict=True))["free"] == 0


def test_the_roster_is_by_surname_and_without_those_who_wait_or_left(raw: apsw.Connection) -> None:
    event = builders.event(capacity=5)
    people = [builders.person(name) for name in ("Bo Young", "Zoë Adams", "Cy Lee", "Di Day", "Ed Day")]
    for who, status in zip(
        people, (Status.BOOKED, Status.OFFERED, Status.WAITLISTED, Status.CANCELLED, Status.NO_SHOW), strict=True
    ):
        builders.enrolment(event, who, status)
    assert [(row[1], row[4], row[5]) for row in lookups.fetch_roster(raw, "br-90")] == [
        ("Zoë Adams", "offered", "2017-04-03"),
        ("Ed Day", "no_show", "2017-04-03"),
        ("Bo Young", "booked", "2017-04-03"),
    ]


def test_the_queue_is_in_the_order_of_joining_with_offers_first(raw: apsw.Connection) -> None:
    event = builders.event(capacity=1)
    for name, status in (("Zoë Adams", Status.WAITLISTED), ("Bo Young", Status.WAITLISTED), ("Cy Lee", Status.OFFERED)):
        builders.enrolment(event, builders.person(name), status)
    assert [(row[0], row[2]) for row in lookups.fetch_waiting_list(raw, "BR-90")] == [
        (1, "Cy Lee"), (2, "Zoë Adams"), (3, "Bo Young"),
    ]  # fmt: skip


@pytest.mark.parametrize("reference", ["NOPE-99", "", "'", "%", "BR-9_"])
@pytest.mark.parametrize(
    "ask", [lookups.fetch_event_details, lookups.fetch_roster, lookups.fetch_waiting_list, lookups.fetch_event_sessions]
)
def test_an_unknown_event_is_said(raw: apsw.Connection, ask: object, reference: str) -> None:
    builders.event()
    with pytest.raises(NoSuchEvent, match="There is no event"):
        ask(raw, reference)  # type: ignore[operator]


def test_a_card_has_the_event_its_sessions_roster_and_queue(raw: apsw.Connection) -> None:
    trainer = builders.person("Ann Trainer")
    event = builders.event(dates=["2017-06-12", None], capacity=1, facilitators=[trainer])
    builders.booked(event, "Bo Smith")
    builders.enrolment(event, builders.person("Cy Lee"), Status.WAITLISTED)
    card = lookups.fetch_event_details(raw, " br-90 ")
    assert {key: card[key] for key in ("event", "course", "strand", "state", "capacity", "booked", "free")} == {
        "event": "BR-90", "course": "BR", "strand": "Restorative Practice", "state": "open", "capacity": 1, "booked": 1,
        "free": 0,
    }  # fmt: skip
    assert card["facilitators"] == "Ann Trainer"
    assert [(each["session"], each["date"]) for each in card["sessions"]] == [(1, "2017-06-12"), (2, "")]
    assert [each["name"] for each in card["roster"]] == ["Bo Smith"]
    assert [each["name"] for each in card["waiting"]] == ["Cy Lee"]


def test_places_of_people_who_make_something_up_are_not_free(raw: apsw.Connection) -> None:
    event = builders.event(capacity=2)
    builders.booked(event, "Bo Smith")
    who = builders.person("Jo Lee")
    with write_transaction():
        session = models.SessionRow.get(models.SessionRow.event == event.id)
        models.MakeUpRow.insert(session=session.id, person=who.id, since=builders.STAMP).execute()
        booking.update_event_counts(event.id)
    (row,) = lookups.find_events(raw)
    line = dict(zip(lookups.EVENT_COLUMNS, row, strict=True))
    assert (line["booked"], line["free"]) == (1, 0)
    assert lookups.find_events(raw, free=True) == []
    card = lookups.fetch_event_details(raw, "BR-90")
    assert (card["booked"], card["joining"], card["free"]) == (1, 1, 0)
    assert card["make_ups"] == [{"session": 1, "person": who.key, "name": "Jo Lee", "module": "Module 1"}]


@pytest.mark.parametrize(
    ("zone", "stored", "shown"),
    [
        ("", "2017-06-12 13:30:00", "2017-06-12 14:30"),  # summer in London
        ("", "2017-12-12 13:30:00", "2017-12-12 13:30"),
        ("America/New_York", "2017-06-12 02:30:00", "2017-06-11 22:30"),
    ],
)
def test_an_offer_ends_by_the_councils_clock(raw: apsw.Connection, zone: str, stored: str, shown: str) -> None:
    builders.enrolment(builders.event(), builders.person(), Status.OFFERED)
    with write_transaction():
        models.EnrolmentRow.update(offer_ends=stored).execute()
        if zone:
            policy.store_policy_value("time_zone", zone)
    ((*_, until),) = lookups.fetch_waiting_list(raw, "BR-90")
    assert until == shown
