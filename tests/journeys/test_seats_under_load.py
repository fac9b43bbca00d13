"""Eight coordinators press enter at the same moment on an event with one place left."""

import json
from collections import Counter

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from db import booking
from db.engine.connection import read_transaction
from db.records.booking import Status
from db.records.calendar import Event
from db.records.people import Person
from tests import builders

PROCESSES = 8

ENROL = """
import json, sys, time
from contextlib import contextmanager
from csc_tui.base import bootstrap
from csc_tui.core.booking import seating
from csc_tui.base import transaction
from csc_tui.core.booking import actions as booking_actions
from db.engine import connection

location, way, person = sys.argv[1:]
decide = seating.status_for_newcomer

def decide_slowly(roster, capacity):
    decision = decide(roster, capacity)
    time.sleep(0.15)  # the moment between reading and storing, long enough for everybody to be in it at once
    return decision

seating.status_for_newcomer = decide_slowly

@contextmanager
def without_a_transaction():
    with connection.database.connection_context():
        yield

@contextmanager
def in_a_deferred_transaction():
    with connection.database.connection_context(), connection.database.atomic():
        yield

ways = {
    "autocommit": without_a_transaction, "deferred": in_a_deferred_transaction, "ours": connection.write_transaction
}
transaction.write_transaction = ways[way]
ctx = bootstrap.create_context(location, actor=f"coordinator {person}", today="2017-04-10T09:00")
print("ready", flush=True)
sys.stdin.readline()
try:
    outcome = booking_actions.enrol_people(ctx, "BR-90", [person])[0].outcome
except Exception as fault:
    outcome = str(fault)
print(json.dumps(outcome))
"""


@pytest.fixture
def last_place(ctx: Context) -> Event:
    """Three places, two of them taken."""
    event = builders.event("BR-90", capacity=3)
    builders.booked(event, "Ann Early", "Ben Early")
    return event


@pytest.fixture
def people(ctx: Context) -> list[Person]:
    return [builders.person(f"Person Number{number}") for number in range(PROCESSES)]


def all_at_once(location: str, way: str, people: list[Person]) -> Counter[str]:
    """What each process was told, when all had read the event before any could store."""
    printed = builders.all_at_once([(ENROL, location, way, each.key) for each in people])
    return Counter(map(json.loads, printed))


def test_one_gets_the_place_and_the_others_wait_in_an_order(
    location: str, ctx: Context, last_place: Event, people: list[Person]
) -> None:
    assert all_at_once(location, "ours", people) == {"booked": 1, "waitlisted": PROCESSES - 1}
    with read_transaction():
        roster = booking.fetch_live_enrolments(last_place.id)
    assert sum(each.status is Status.BOOKED for each in roster) == last_place.capacity
    assert sorted(each.queue for each in roster if each.queue) == list(range(1, PROCESSES))
    assert {
        each.check for each in upkeep.check_database(location, actor="alice", today=None) if each.result == "wrong"
    } == set()


def test_without_a_transaction_the_place_would_have_been_sold_many_times(
    location: str, ctx: Context, last_place: Event, people: list[Person]
) -> None:
    told = all_at_once(location, "autocommit", people)
    assert told["booked"] > 1
    broken = {
        each.check for each in upkeep.check_database(location, actor="alice", today=None) if each.result == "wrong"
    }
    assert "seats within capacity" in broken


def test_with_a_transaction_that_takes_the_lock_late_the_others_would_have_failed(
    location: str, ctx: Context, last_place: Event, people: list[Person]
) -> None:
    told = all_at_once(location, "deferred", people)
    assert told["booked"] == 1
    assert told["database is locked"] > 1
