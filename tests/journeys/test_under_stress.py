"""Eight coordinators at once on one file: bookings, cancellations, capacities, offers, transfers, undo."""

import json
from collections import Counter
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from db import models
from db.engine.connection import read_transaction
from tests import builders

PROCESSES, TRIES = 8, 600

COORDINATOR = """
import json, os, sys, traceback
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from csc_tui.base import bootstrap
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking.actions import PARTIAL_BOOKING
from csc_tui.core.people import queries as people_queries
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.booking import expiry
from csc_tui.core.history import undo
from db.errors import CscError, DatabaseTrouble

location, name, tally, tries, people = *sys.argv[1:4], int(sys.argv[4]), json.loads(sys.argv[5])
chance = Random(name)
ctx = bootstrap.create_context(location, actor=name, today="2017-04-10T09:00")
morning = ctx.clock()
print("ready", flush=True)
sys.stdin.readline()
everybody = os.open(tally, os.O_WRONLY | os.O_APPEND)  # a byte for each try of anybody: the clock that all share

def tried():
    return os.fstat(everybody).st_size

# Two minutes pass with every try, so that offers run out while everybody works, however fast the machine is.
ctx = replace(ctx, clock=lambda: morning + timedelta(minutes=2 * tried()))
pairs = {"BR-90": "BR-91", "BR-91": "BR-90", "SP-1": "SP-2", "SP-2": "SP-1"}

def offered():
    for event in chance.sample(["SP-1", "SP-2"], 2):
        for line in people_queries.get_event_card(ctx, event).waiting:
            if line.offered_until:
                return event, line.person
    return "SP-1", people[0]

def booked(event):
    roster = people_queries.get_event_card(ctx, event).roster
    return chance.choice([line.person for line in roster if line.status == "booked"] or people)

moves = {
    "enrol": lambda event: booking_actions.enrol_people(ctx, event, chance.sample(people, 3), PARTIAL_BOOKING),
    "cancel": lambda event: booking_actions.cancel_place(ctx, event, chance.choice(people), reason="ill"),
    "capacity": lambda event: calendar_actions.set_capacity(ctx, event, chance.randint(3, 9)),
    "accept": lambda event: booking_actions.accept_offer(ctx, *offered()),
    "decline": lambda event: booking_actions.decline_place(ctx, *offered(), reason="no time"),
    "sweep": lambda event: expiry.sweep_events(ctx),
    "transfer": lambda event: booking_actions.transfer_person(ctx, event, booked(event), pairs[event]),
    "undo": lambda event: undo.undo_steps(ctx),
}
often = ["enrol"] * 3 + ["cancel"] * 5 + ["capacity"] * 3 + ["accept"] * 3 + ["decline"] * 2 + ["sweep", "undo"]
often += ["transfer"] * 5
done, refused, fault = Counter(), Counter(), ""
while tried() < tries and not fault:
    os.write(everybody, b".")
    move = chance.choice(often)
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
print(json.dumps({"done": done, "refused": refused, "fault": fault}))
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


def test_eight_processes_at_once_break_nothing_and_nobody_starves(
    location: str, busy: list[str], tmp_path: Path
) -> None:
    tally = tmp_path / "tally"
    tally.touch()
    commands = [
        (COORDINATOR, location, f"coordinator {number}", str(tally), str(TRIES), json.dumps(busy))
        for number in range(PROCESSES)
    ]
    told = [json.loads(printed) for printed in builders.all_at_once(commands, seconds=300)]
    assert [each["fault"] for each in told] == [""] * PROCESSES

    done: Counter[str] = sum((Counter(each["done"]) for each in told), Counter())
    assert set(done) == {"enrol", "cancel", "capacity", "accept", "decline", "sweep", "transfer", "undo"}
    # A write that met another's would be Stale: none is, for what is decided on is read under the lock.
    assert not any("Stale" in each["refused"] for each in told)
    tries = [sum(each["done"].values()) + sum(each["refused"].values()) for each in told]
    # Whoever tries while others hold the lock waits no longer than they: a share of the work, whatever the clock says.
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
    sweeps = {each for each in actors if each.startswith("sweep (coordinator ")}
    assert sweeps
    assert actors - sweeps == {"alice", *(f"coordinator {number}" for number in range(PROCESSES))}
