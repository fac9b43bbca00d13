"""Eight coordinators at once on one file for half a minute: bookings, cancellations, capacities, offers, transfers."""

import json
from collections import Counter

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from db import models
from db.engine.connection import read_transaction
from tests import builders

PROCESSES, SECONDS = 8, 30

COORDINATOR = """
import json, sys, time, traceback
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from csc_tui.base import bootstrap
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.booking import expiry
from csc_tui.core.history import undo
from db.errors import CscError, DatabaseTrouble

location, name, seconds, people = sys.argv[1], sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4])
chance = Random(name)
ctx = bootstrap.create_context(location, actor=name, today="2017-04-10T09:00")
morning = ctx.clock()
print("ready", flush=True)
sys.stdin.readline()
began = time.monotonic()
# Two hours pass in every second, so that offers run out while everybody works.
ctx = replace(ctx, clock=lambda: morning + timedelta(hours=2 * (time.monotonic() - began)))
pairs = {"BR-90": "BR-91", "BR-91": "BR-90", "SP-1": "SP-2", "SP-2": "SP-1"}

def offered(event):
    waiting = people_queries.get_event_card(ctx, event).waiting
    return next((line.person for line in waiting if line.offered_until), people[0])

def booked(event):
    roster = people_queries.get_event_card(ctx, event).roster
    return chance.choice([line.person for line in roster if line.status == "booked"] or people)

moves = {
    "enrol": lambda event: booking_actions.enrol_people(ctx, event, chance.sample(people, 2), partial=True),
    "cancel": lambda event: booking_actions.cancel_place(ctx, event, chance.choice(people), reason="ill"),
    "capacity": lambda event: calendar_actions.set_capacity(ctx, event, chance.randint(3, 10)),
    "accept": lambda event: booking_actions.accept_offer(ctx, event, offered(event)),
    "decline": lambda event: booking_actions.decline_place(ctx, event, offered(event), reason="no time"),
    "sweep": lambda event: expiry.sweep_events(ctx),
    "transfer": lambda event: booking_actions.transfer_person(ctx, event, booked(event), pairs[event]),
    "undo": lambda event: undo.undo_steps(ctx),
}
often = ["enrol"] * 3 + ["cancel"] * 5 + ["capacity"] * 3 + ["accept"] * 3 + ["decline", "sweep", "undo"]
often += ["transfer"] * 3
done, refused, longest, fault = Counter(), Counter(), 0.0, ""
while time.monotonic() - began < seconds and not fault:
    move = chance.choice(often)
    start = time.monotonic()
    try:
        moves[move](chance.choice(list(pairs)))
        done[move] += 1
    except DatabaseTrouble as trouble:
        fault = str(trouble)
    except CscError as sentence:
        refused[type(sentence).__name__] += 1
        if not str(sentence).strip():
            fault = "a refusal without a sentence"
    except BaseException:
        fault = traceback.format_exc()
    longest = max(longest, time.monotonic() - start)
print(json.dumps({"done": done, "refused": refused, "longest": longest, "fault": fault}))
"""


@pytest.fixture
def busy(ctx: Context) -> list[str]:
    """Two events of a course that promotes and two of one that offers places for an hour, and eighteen people."""
    builders.course("SOS-PL", waiting_rule="offer", offer_hours=1)
    for reference, course, day in (
        ("BR-90", "BR", "12"), ("BR-91", "BR", "13"), ("SP-1", "SOS-PL", "14"), ("SP-2", "SOS-PL", "15"),
    ):  # fmt: skip
        builders.event(reference, course=course, capacity=5, dates=[f"2017-06-{day}"])
    return [builders.person(f"Person Number{number}").key for number in range(18)]


def test_eight_processes_for_half_a_minute_break_nothing_and_nobody_starves(location: str, busy: list[str]) -> None:
    commands = [
        (COORDINATOR, location, f"coordinator {number}", str(SECONDS), json.dumps(busy)) for number in range(PROCESSES)
    ]
    told = [json.loads(printed) for printed in builders.all_at_once(commands, seconds=SECONDS + 60)]
    assert [each["fault"] for each in told] == [""] * PROCESSES

    done: Counter[str] = sum((Counter(each["done"]) for each in told), Counter())
    assert set(done) == {"enrol", "cancel", "capacity", "accept", "decline", "sweep", "transfer", "undo"}
    # A write that met another's would be Stale: none is, for what is decided on is read under the lock.
    assert not any("Stale" in each["refused"] for each in told)
    tries = [sum(each["done"].values()) + sum(each["refused"].values()) for each in told]
    assert min(tries) >= 0.5 * sum(tries) / PROCESSES, tries

    assert {
        each.check
        for each in upkeep.check_database(location, actor="alice", today="2017-04-12")
        if each.result == "wrong"
    } == set()
    with read_transaction():
        outcomes = Counter(outcome for (outcome,) in models.OfferRow.select(models.OfferRow.outcome).tuples())
        actors = {actor for (actor,) in models.HistoryRow.select(models.HistoryRow.actor).distinct().tuples()}
    assert {"accepted", "declined", "expired"} <= set(outcomes)
    assert actors == {"alice", "sweep", *(f"coordinator {number}" for number in range(PROCESSES))}
