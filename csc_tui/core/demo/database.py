"""The demonstration: a database with the programme of 2017/18, fictional people, and a year half over."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from types import FrameType

from csc_tui.base import bootstrap, dates
from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.history import write_history
from csc_tui.core.admin import new_database, upkeep
from csc_tui.core.attendance import outcomes
from csc_tui.core.attendance.completion import AttendedModule, progress_by_course
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.demo.registers import DemoQuestion, DemoRegisters
from csc_tui.core.demo.year import ADMINISTRATOR, BOOKER, COORDINATOR, OFFERING_COURSE, DemoYear, Row
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import ledger_line
from db import attendance, calendar, catalogue, demo, groups, imports, invitations
from db.engine import migrate
from db.engine.connection import write_transaction
from db.errors import NotWritable
from db.records.booking import Status
from db.records.calendar import Event
from db.records.groups import CommitmentState, GroupKind
from db.records.mail import PartStat
from db.records.os_faults import describe_os_fault
from db.records.people import Person
from db.records.startup import EventState, Role

PEOPLE = demo.PEOPLE_COUNT
"""The number of people in a demonstration."""
ACTOR = "demo"
"""The actor in a demonstration."""
DEMO_DAY, AFTERNOON = "2017-06-12", "T14:00"
"""The time of the demonstration: in the afternoon a register is half taken, and the morning's changes are stored."""
PUBLISHED = datetime(2017, 3, 20, 9, 0)
"""The time at which the programme was published and the first booking taken."""
MORNING = timedelta(hours=4)
"""The time before now from which changes are made by the same actions as in real work."""
REPLY_CHOICES = (PartStat.ACCEPTED,) * 7 + (PartStat.NEEDS_ACTION,) * 2 + (PartStat.TENTATIVE, PartStat.DECLINED)
"""The replies to invitations, by how often they are given."""


def demo_moment(today: str | None) -> str:
    """Return the time that a demonstration takes for now: the given day, or its own, in the early afternoon."""
    chosen = today or DEMO_DAY
    return chosen if len(chosen) > len(DEMO_DAY) else chosen + AFTERNOON


def create_demo(location: str, *, today: str | None) -> None:
    """Create the demonstration in a new file or an empty database of a server; if anything fails, none is left behind.

    Raises Duplicate, NotWritable and WrongUse.
    """
    ctx = Context(
        actor=ADMINISTRATOR, clock=bootstrap.make_clock(None, UTC), role=Role.ADMINISTRATOR, policy=DEFAULT_POLICY
    )
    now = dates.parse_moment(demo_moment(today), ctx.zone).astimezone(ctx.zone).replace(tzinfo=None)
    published = min(PUBLISHED, now - timedelta(days=40))
    helen = _at(ctx, published)
    with migrate.build_database(location):
        new_database.fill_new_database(helen)
        upkeep.assign_role(helen, COORDINATOR, Role.COORDINATOR)
        upkeep.assign_role(helen, BOOKER, Role.BOOKER)
        with write_transaction():
            everybody = _add_people(helen)
        programme = imports_actions.load_table_bytes(demo.PROGRAMME_FILE, demo.read_programme_file())
        imports_actions.import_programme(helen, programme, mapping={}, strict=True)
        with write_transaction():
            year = _fill(helen, everybody, published=published, now=now)
        _work_through_the_morning(helen, year)


@contextmanager
def temporary_demo(*, today: str | None) -> Iterator[str]:
    """Open a demonstration in a private folder, which is removed afterwards even if a signal ends the process.

    To be called in the main thread, which alone receives signals. Raises NotWritable and WrongUse.
    """
    try:
        folder = tempfile.mkdtemp(prefix="csc-demo-")
    except OSError as fault:
        raise NotWritable(
            f"There is no space for a temporary database ({describe_os_fault(fault)}). Nothing was made."
        ) from None
    try:
        with _removed_by_signals(folder):
            location = os.path.join(folder, "demo.db")
            create_demo(location, today=today)
            yield location
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _removed_by_signals(folder: str) -> Iterator[None]:
    """Remove the folder when SIGTERM or SIGHUP arrives, because Python itself ends without cleaning up."""

    def remove_and_die(number: int, _: FrameType | None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {number: signal.signal(number, remove_and_die) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at(ctx: Context, local: datetime, actor: str = "") -> Context:
    """Return a context for a local time and another actor."""
    then = local.replace(tzinfo=ctx.zone)
    return replace(ctx, clock=lambda: then, actor=actor or ctx.actor)


def _add_people(ctx: Context) -> list[Person]:
    """Add everybody under the ids they were generated with; the database is new, so these are free."""
    found = demo.generate_people()
    places = imports.fetch_workplaces()
    imports.insert_workplaces(places, demo.demo_workplaces())
    imports.insert_people(found, places)
    demo.update_managers(found)
    write_history(ctx, "imported", "people of the demonstration", after=f"{len(found)} new")
    return found


def _fill(ctx: Context, everybody: Sequence[Person], *, published: datetime, now: datetime) -> DemoYear:
    """Play the year and store its places, waiting lists, registers and invitations."""
    demo.update_venue_addresses()
    demo.update_waiting_rule(OFFERING_COURSE)
    found = [calendar.fetch_event(reference) for reference in calendar.find_references("")]
    year = DemoYear(
        everybody, found, {event.id: calendar.fetch_sessions(event.id) for event in found},
        published=published, until=now - MORNING, now=now, zone=ctx.zone,
        chance=Random(demo.SEED),  # noqa: S311 - the same year every time, no secret
    )  # fmt: skip
    registers = DemoRegisters(year, [DemoQuestion(*row) for row in demo.fetch_question_ids()])
    for event in year.events:
        year.book(event)
        registers.take(event)
    registers.begin_the_last()
    year.set_clashes_aside()
    demo.insert_demo_rows(
        "enrolment",
        [
            (each.id, each.event_id, each.person_id, each.status, each.since, each.queue, each.offer_ends, each.reason)
            for roster in year.rosters.values()
            for each in roster
        ],
    )
    demo.insert_demo_rows("offer", year.offers)
    demo.insert_demo_rows("register", registers.registers)
    demo.insert_demo_rows("mark", registers.marks.values())
    demo.insert_demo_rows("evaluation", registers.evaluations)
    demo.insert_demo_rows("answer", registers.answers)
    demo.update_all_counts()
    _record_completions({person_id for _, person_id in registers.marks})
    _fill_invitation_ledger(ctx, year)
    demo.update_event_states(year.states)
    _form_groups(year)
    demo.insert_demo_rows("history", sorted(year.history, key=lambda line: str(line[0])))
    return year


def _record_completions(attending: Iterable[int]) -> None:
    """Store who has completed which course."""
    needed = outcomes.list_course_requirements()
    ids = {each.course: course_id for course_id, each in needed.items()}
    demo.insert_demo_rows(
        "completion",
        [
            (person_id, ids[each.course], each.on)
            for person_id in sorted(attending)
            for each in progress_by_course(
                [AttendedModule(*row) for row in attendance.fetch_person_modules(person_id)], needed
            )
            if each.complete
        ],
    )


def _fill_invitation_ledger(ctx: Context, year: DemoYear) -> None:
    """Store the invitations that were sent when each event was decided about; later changes are still due."""
    # Nothing is due for an event once it is delivered, so its state goes back to that of the time.
    was = {EventState.DELIVERED: EventState.CONFIRMED, EventState.CLOSED: EventState.CONFIRMED}
    demo.update_event_states({event_id: was.get(state, state) for event_id, state in year.states.items()})
    for event in year.events:
        decided = year.decided(event)
        if decided and decided <= year.until and year.states[event.id] is not EventState.CANCELLED:
            _record_sent_invitations(_at(ctx, decided + timedelta(hours=1), COORDINATOR), year, event, decided)


def _record_sent_invitations(ctx: Context, year: DemoYear, event: Event, decided: datetime) -> None:
    """Store the invitations of everybody who had a place by then, and most people's replies."""
    sent = [
        each
        for each in mail_invitations.list_due_invitations(ctx, event.reference)
        if year.booked_at.get((event.id, each.person_id), year.now) <= decided
    ]
    files = [f"{event.reference}-session-{each.session}-{each.person_id}.ics" for each in sent]
    invitations.store_sent_invitations(
        [(ledger_line(each), file) for each, file in zip(sent, files, strict=True)], ctx.actor
    )
    for person_id, its in groupby(sent, lambda each: each.person_id):
        year.write_invited(event, person_id, [each.session for each in its], ctx.now())
    answers: list[Row] = []
    for each in sent:
        answer, at = year.chance.choice(REPLY_CHOICES), ctx.now() + timedelta(hours=2 + each.person_id % 30)
        if answer is not PartStat.NEEDS_ACTION and at <= year.now:
            answers.append((answer, year.utc(at), each.session_id, each.person_id))
    demo.store_demo_replies(answers)


def _form_groups(year: DemoYear) -> None:
    """Add the Practice Leads, and a group for each action learning set that is under way or about to begin."""
    joined = year.published.date() - timedelta(days=200)
    leads = [person.id for person in year.people.values() if person.is_practice_lead]
    group_id_of_leads = demo.fetch_practice_leads_group()
    rows: list[Row] = [(group_id_of_leads, each, "member", joined, None) for each in leads[1:-1]]
    rows.append((group_id_of_leads, leads[0], "chair", joined, None))
    rows.append((group_id_of_leads, leads[-1], "member", joined, year.published.date()))
    for event in year.events:
        members = [each.person_id for each in year.live(event) if each.status.holds_seat]
        if event.course == "SOS-ALS" and members:
            group_id = catalogue.insert_group(
                event.title, GroupKind.ACTION_LEARNING_SET, event.reference, event.course_id
            )
            rows += [(group_id, each, "member", year.published.date(), None) for each in members]
            demo.insert_demo_rows("group_meeting", [(group_id, event.id)])
            _make_commitments(year, group_id, event, members)
        elif event.course == "SOS-PL":
            _make_commitments(year, group_id_of_leads, event, leads[:-1])
    demo.insert_demo_rows("membership", rows)
    groups.mark_practice_leads(leads)


INTENTIONS = (
    "Try the three houses with one family and bring it along",
    "Ask the team which words they avoid, and write them down",
    "Map one case with the parents in the room",
    "Show the single assessment tool to the new starters",
    "Ring the school about a safety plan",
    "Bring one scaling question that worked",
)


def _make_commitments(year: DemoYear, group_id: int, event: Event, members: Sequence[int]) -> None:
    """Add commitments of a few members at each meeting, most of them done; recent ones are still open."""
    chance = Random(event.id)  # noqa: S311 - of its own, so that nothing else of the year becomes different
    today = year.now.date()
    rows: list[Row] = []
    for session in year.sessions[event.id]:
        if session.date is None or session.date >= today:
            continue
        for person_id in chance.sample(list(members), min(3, len(members))):
            due = session.date + timedelta(days=chance.choice((14, 21, 28)))
            state = chance.choice((CommitmentState.DONE,) * 4 + (CommitmentState.NOT_DONE, CommitmentState.OPEN))
            if due >= today - timedelta(days=14):
                state = CommitmentState.OPEN
            settled = None if state is CommitmentState.OPEN else due
            remark = "Will bring it next time" if state is CommitmentState.NOT_DONE else ""
            what = chance.choice(INTENTIONS)
            rows.append((group_id, person_id, what, session.date, due, state.value, settled, remark))
    demo.insert_demo_rows("commitment", rows)


def _work_through_the_morning(ctx: Context, year: DemoYear) -> None:
    """Make this morning's changes by the same actions as in real work: a booking, a cancellation, another room."""
    coming = [event for event in year.events if year.is_to_come(event) and year.states[event.id].bookable]
    full = [event for event in coming if any(each.status is Status.WAITLISTED for each in year.live(event))]
    roomy = [event for event in coming if 2 < len(year.live(event)) < event.capacity - 1]
    if roomy:
        newcomer = next(each for each in year.people.values() if each.id not in year.busy and not each.is_facilitator)
        booking_actions.enrol_people(
            _at(ctx, year.until + timedelta(minutes=70), BOOKER), roomy[0].reference, [newcomer.key]
        )
    if len(full) > 1:
        leaving = next(each for each in year.live(full[1]) if each.status is Status.BOOKED)
        booking_actions.cancel_place(
            _at(ctx, year.until + timedelta(minutes=100), COORDINATOR), full[1].reference, f"#{leaving.person_id}",
            reason="Court hearing on that day",
        )  # fmt: skip
    if coming:
        session = year.sessions[coming[0].id][0]
        calendar_actions.set_session_venue(
            _at(ctx, year.until + timedelta(minutes=130), ADMINISTRATOR), coming[0].reference, session.venue,
            "Committee Room", session=session.number,
        )  # fmt: skip
