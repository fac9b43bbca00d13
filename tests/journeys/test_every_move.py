"""Random sequences of everything that can be done to a booking, by several actors: the invariants hold after each."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry, makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.history import undo as history_undo
from db import booking, models
from db.engine import invariants
from db.engine.connection import read_transaction, write_transaction
from db.errors import CscError
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.startup import EventState
from tests import builders

PEOPLE, EVENTS = 7, ("BR-90", "BR-91")
TABLES = ("enrolment", "event", "session", "make_up", "offer", "history")
people = st.integers(0, PEOPLE - 1)
events = st.sampled_from(EVENTS)
actors = st.sampled_from(("alice", "bob"))


class Bookings(RuleBasedStateMachine):
    """Two small events of one course; seven people, some of whom miss a module; two coordinators; a clock."""

    template: str
    keys: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix="moves-")
        location = str(shutil.copy(self.template, Path(self.folder) / "csc.db"))
        self.ctx = bootstrap.create_context(location, actor="alice", today="2017-04-10T09:00")
        self.aside = apsw.Connection(location, flags=apsw.SQLITE_OPEN_READONLY)
        self.held: object = None
        self.people = self.keys

    def teardown(self) -> None:
        self.aside.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def does(self, name: str, act: Callable[[Context], object]) -> bool:
        """Do it as the actor. A rule may say no, nothing else may go wrong, and a refusal changes nothing."""
        before = self.everything()
        try:
            act(replace(self.ctx, actor=name))
        except CscError:
            assert self.everything() == before
            return False
        return True

    def everything(self) -> object:
        return [self.aside.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES]

    def places(self) -> object:
        columns = "id, event_id, person_id, status, queue, offer_ends, approved_by"
        return self.aside.execute(f"SELECT {columns} FROM enrolment ORDER BY id").fetchall()

    def version(self) -> object:
        """A number that is another one after each commit to the file, and the day, which some of the checks go by."""
        return self.aside.pragma("data_version"), self.ctx.today()

    @rule(by=actors, event=events, person=people, waiting=st.booleans())
    def enrol(self, by: str, event: str, person: int, waiting: bool) -> None:
        self.does(
            by,
            lambda ctx: booking_actions.enrol_people(
                ctx, event, [self.people[person]], booking_actions.BookingOptions(waiting=waiting)
            ),
        )

    @rule(by=actors, event=events)
    def enrol_everybody(self, by: str, event: str) -> None:
        self.does(
            by, lambda ctx: booking_actions.enrol_people(ctx, event, self.people, booking_actions.PARTIAL_BOOKING)
        )

    @rule(by=actors, event=events, person=people)
    def cancel(self, by: str, event: str, person: int) -> None:
        self.does(by, lambda ctx: booking_actions.cancel_place(ctx, event, self.people[person], reason="ill"))

    @rule(by=actors, event=events, person=people)
    def transfer(self, by: str, event: str, person: int) -> None:
        other = EVENTS[1 - EVENTS.index(event)]
        self.does(by, lambda ctx: booking_actions.transfer_person(ctx, event, self.people[person], other))

    @rule(by=actors, event=events, person=people, other=people)
    def substitute(self, by: str, event: str, person: int, other: int) -> None:
        self.does(
            by, lambda ctx: booking_actions.substitute_person(ctx, event, self.people[person], self.people[other])
        )

    @rule(by=actors, event=events, person=people)
    def accept(self, by: str, event: str, person: int) -> None:
        self.does(by, lambda ctx: booking_actions.accept_offer(ctx, event, self.people[person]))

    @rule(by=actors, event=events, person=people)
    def decline(self, by: str, event: str, person: int) -> None:
        self.does(by, lambda ctx: booking_actions.decline_place(ctx, event, self.people[person], reason="no"))

    @rule(by=actors, event=events, person=people)
    def approve(self, by: str, event: str, person: int) -> None:
        self.does(by, lambda ctx: booking_actions.approve_request(ctx, event, self.people[person]))

    @rule(by=actors, event=events, person=people, place=st.integers(1, 4))
    def reorder(self, by: str, event: str, person: int, place: int) -> None:
        self.does(
            by,
            lambda ctx: booking_actions.reorder_waiting_list(ctx, event, self.people[person], place, reason="urgent"),
        )

    @rule(by=actors, event=events, number=st.integers(0, 5))
    def capacity(self, by: str, event: str, number: int) -> None:
        self.does(by, lambda ctx: calendar_actions.set_capacity(ctx, event, number))

    @rule(by=actors, event=events, days=st.integers(1, 60))
    def move(self, by: str, event: str, days: int) -> None:
        self.does(
            by,
            lambda ctx: calendar_actions.move_session(
                ctx, event, 1, calendar_actions.SessionMove(date(2017, 6, 1) + timedelta(days=days))
            ),
        )

    @rule(by=actors, event=events, to=st.sampled_from((EventState.OPEN, EventState.TENTATIVE, EventState.CONFIRMED)))
    def turn_into(self, by: str, event: str, to: EventState) -> None:
        self.does(by, lambda ctx: calendar_actions.set_event_state(ctx, event, to))

    @rule(by=actors, event=events, surely=st.integers(0, 9))
    def call_off(self, by: str, event: str, surely: int) -> None:
        if surely == 0:  # seldom, for nothing happens on an event afterwards
            self.does(by, lambda ctx: calendar_actions.cancel_event(ctx, event, reason="trainer ill"))

    @rule(by=actors, event=events, surely=st.integers(0, 9))
    def merge(self, by: str, event: str, surely: int) -> None:
        if surely == 0:
            other = EVENTS[1 - EVENTS.index(event)]
            self.does(by, lambda ctx: event_transfers.merge_events(ctx, event, other, reason="thin"))

    @rule(by=actors, person=st.integers(0, 2), event=events, session=st.integers(2, 3))
    def make_up(self, by: str, person: int, event: str, session: int) -> None:
        self.does(by, lambda ctx: makeups.book_make_up(ctx, self.people[person], event, session))

    @rule(by=actors, person=st.integers(0, 2), event=events, session=st.integers(2, 3))
    def leave_make_up(self, by: str, person: int, event: str, session: int) -> None:
        self.does(by, lambda ctx: makeups.cancel_make_up(ctx, self.people[person], event, session, reason="ill"))

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        then = self.ctx.clock() + timedelta(hours=hours)
        self.ctx = replace(self.ctx, clock=lambda: then)
        expiry.sweep_events(self.ctx)

    @rule(waiting=st.sampled_from(("promote", "offer")), approval=st.sampled_from(("none", "none", "coordinator")))
    def course_changes(self, waiting: str, approval: str) -> None:
        with write_transaction():
            models.CourseRow.update(waiting_rule=waiting, approval=approval).where(
                models.CourseRow.code == "BR"
            ).execute()

    @rule(by=actors, event=events, surely=st.integers(0, 9))
    def overflow(self, by: str, event: str, surely: int) -> None:
        if surely == 0:
            self.does(by, lambda ctx: event_transfers.add_overflow_event(ctx, event, date(2017, 7, 3)))

    @rule(by=actors, event=events, person=people)
    def undo_restores_what_it_says(self, by: str, event: str, person: int) -> None:
        before = self.places()
        whom = self.people[person]
        if self.does(by, lambda ctx: booking_actions.cancel_place(ctx, event, whom, reason="ill")) and self.does(
            by, history_undo.undo_steps
        ):
            assert self.places() == before

    @rule(by=actors, steps=st.integers(1, 3))
    def undo(self, by: str, steps: int) -> None:
        self.does(by, lambda ctx: history_undo.undo_steps(ctx, steps))

    @invariant()
    def all_is_well(self) -> None:
        """Nothing that is asked below can have another answer while no commit and no day has come between."""
        if self.held == (version := self.version()):
            return
        with read_transaction():
            self.seats_are_never_oversold_and_the_counts_are_right()
            self.the_queue_has_an_order_and_offers_have_an_end()
            self.a_cancelled_event_keeps_its_people_and_nobody_is_live_on_it()
            self.every_check_of_admin_check_holds()
            self.nobody_acts_in_the_name_of_a_learner()
        self.held = version

    def seats_are_never_oversold_and_the_counts_are_right(self) -> None:
        for event in models.EventRow.select():
            live = booking.fetch_live_enrolments(event.id)
            booked, offered, waiting = (
                sum(each.status is status for each in live)
                for status in (Status.BOOKED, Status.OFFERED, Status.WAITLISTED)
            )
            assert (event.booked, event.offered, event.waiting) == (booked, offered, waiting)
            assert booked + offered + event.joining <= event.capacity
            assert len({each.person_id for each in live}) == len(live)

    def the_queue_has_an_order_and_offers_have_an_end(self) -> None:
        row = models.EnrolmentRow
        waiting = list(row.select(row.event, row.queue).where(row.status == Status.WAITLISTED).tuples())
        assert all(queue is not None for _, queue in waiting)
        assert len(set(waiting)) == len(waiting)
        open_offers = (
            models.OfferRow.select(models.OfferRow.enrolment).where(models.OfferRow.outcome == "open").tuples()
        )
        offered = row.select(row.id).where(row.status == Status.OFFERED, row.offer_ends.is_null(False)).tuples()
        assert sorted(open_offers) == sorted(offered)
        assert row.select().where(row.status == Status.OFFERED).count() == len(list(offered))

    def a_cancelled_event_keeps_its_people_and_nobody_is_live_on_it(self) -> None:
        for event in models.EventRow.select().where(models.EventRow.state == EventState.CANCELLED):
            assert not booking.fetch_live_enrolments(event.id)

    def every_check_of_admin_check_holds(self) -> None:
        for each in invariants.INVARIANTS:
            assert not (each.sure and invariants.fetch_breaches(each, self.ctx.today())), each.name

    def nobody_acts_in_the_name_of_a_learner(self) -> None:
        actors_seen = {each.actor for each in models.HistoryRow.select(models.HistoryRow.actor).distinct()}
        assert actors_seen <= {"alice", "bob", "sweep"}


def found(location: str) -> list[str]:
    """Put the people and events every sequence begins with into a database, and return the keys of the people."""
    bootstrap.bind_database(location)
    keys = [builders.person(f"Person{number} Test").key for number in range(PEOPLE)]
    builders.event(EVENTS[0], capacity=2, dates=["2017-06-12", "2017-06-26", "2017-07-10"])
    builders.event(EVENTS[1], capacity=3, dates=["2017-06-13", "2017-06-27", "2017-07-11"])
    past = builders.event("BR-80", capacity=5, dates=["2017-03-06"])
    with write_transaction():
        session = models.SessionRow.get(models.SessionRow.event == past.id)
        for key in keys[:3]:
            models.MarkRow.insert(
                session=session.id, person=int(key[1:]), mark=MarkKind.PRESENT, at=builders.STAMP, actor="alice"
            ).execute()
    return keys


@pytest.mark.of_files
def test_the_invariants_hold_whatever_is_done(location: str) -> None:
    Bookings.template, Bookings.keys = location, found(location)
    run_state_machine_as_test(
        Bookings,
        settings=settings(
            max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
