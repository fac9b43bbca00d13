"""What a test needs to be there before its story begins. Each builder is a transaction of its own."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.dates import parse_moment
from csc_tui.cli import lookups, main
from csc_tui.core.history import queries as history_queries
from csc_tui.core.history.queries import HistoryFilter
from db import booking, calendar, models, people
from db.engine.connection import read_transaction, write_transaction
from db.records.attendance import MarkKind
from db.records.booking import Status, StatusChange
from db.records.calendar import Event
from db.records.history import HistoryLine
from db.records.people import Person
from db.records.startup import EventState

STAMP = datetime(2017, 4, 3, 8, 0)
ROOT = Path(__file__).parent.parent
_numbers = count(1)


def at(ctx: Context, moment: str, *, actor: str | None = None) -> Context:
    """The same Context at another moment of the council's day: `at(ctx, "2017-06-12T14:30")`."""
    fixed = parse_moment(moment, ctx.zone)
    return replace(ctx, clock=lambda: fixed, actor=actor or ctx.actor)


def person(name: str = "", *, email: str = "", organisation: str = "", team: str = "", **columns: Any) -> Person:
    """`person("Bo Smith")`; what is not given is made up, and any column of the table may be given."""
    number = next(_numbers)
    forename, _, surname = (name or f"Person {number}").rpartition(" ")
    address = email or f"{surname}.{number}@example.org".lower().replace("'", "")
    with write_transaction():
        home = _organisation(organisation) if organisation else None
        person_id = models.PersonRow.insert(
            forename=forename, surname=surname, email=address, email_key=address.casefold(), organisation=home,
            team=_team(home, team) if team else None, **columns,
        ).execute()  # fmt: skip
        people.update_person_index(person_id)
        return people.fetch_person(person_id)


def _team(organisation: int | None, name: str) -> int:
    row = models.TeamRow
    found = row.select(row.id).where(row.organisation == organisation, row.name == name).scalar()
    return int(found or row.insert(organisation=organisation, name=name).execute())


def _organisation(name: str) -> int:
    found = models.OrganisationRow.select(models.OrganisationRow.id).where(models.OrganisationRow.name == name).scalar()
    return int(found or models.OrganisationRow.insert(name=name).execute())


def event(
    reference: str = "BR-90",
    *,
    course: str = "BR",
    capacity: int = 2,
    minimum: int = 0,
    dates: Sequence[str | None] = ("2017-06-12",),
    start: str = "09:30",
    end: str = "12:30",
    state: str = "open",
    venue: str = "",
    room: str = "",
    facilitators: Sequence[Person] = (),
    title: str = "",
) -> Event:
    """An event with a session for each date, in the order of the course's modules; None is still to be confirmed."""
    with write_transaction():
        about = (
            models.CourseRow.select(models.CourseRow.id, models.CourseRow.title)
            .where(models.CourseRow.code == course)
            .get()
        )
        modules = models.ModuleRow.select(models.ModuleRow.id).where(models.ModuleRow.course == about.id)
        module_ids = [row.id for row in modules.order_by(models.ModuleRow.position)]
        event_id = calendar.insert_event(
            reference, about.id, title or about.title, capacity=capacity, minimum=minimum, state=EventState(state),
            notes="",
        )  # fmt: skip
        venue_id, room_id = calendar.ensure_venue_and_room(venue, room)
        for number, day in enumerate(dates, 1):
            session_id = calendar.insert_session(
                event_id, number, module_id=module_ids[(number - 1) % len(module_ids)] if module_ids else None,
                on=date.fromisoformat(day) if day else None, start=time.fromisoformat(start) if day else None,
                end=time.fromisoformat(end) if day else None, venue_id=venue_id, room_id=room_id,
            )  # fmt: skip
            for each in facilitators:
                calendar.insert_facilitator(session_id, each.id)
        calendar.update_event_dates(event_id)
        return calendar.fetch_event_by_id(event_id)


def enrolment(on: Event, who: Person, status: Status = Status.BOOKED, *, since: datetime = STAMP) -> int:
    """Put the person on the event without asking any rule; a waiting person joins the end of the queue."""
    row = models.EnrolmentRow
    with write_transaction():
        queue = None
        if status in (Status.WAITLISTED, Status.OFFERED):
            queue = row.select().where(row.event == on.id, row.queue.is_null(False)).count() + 1
        enrolment_id = row.insert(event=on.id, person=who.id, status=status, since=since, queue=queue).execute()
        booking.update_event_counts(on.id)
    return int(enrolment_id)


def course(code: str = "BR", **rules: Any) -> None:
    """What a course asks of its bookings, such as `course(waiting_rule="offer", offer_hours=24)`."""
    with write_transaction():
        models.CourseRow.update(rules).where(models.CourseRow.code == code).execute()


def mark(on: Event, number: int, who: Person, kind: str = "present", *, minutes: int | None = None) -> None:
    """Write a mark on the register of a session without asking any rule."""
    with write_transaction():
        session = calendar.fetch_session(on, number)
        models.MarkRow.insert(
            session=session.id, person=who.id, mark=MarkKind(kind), minutes=minutes, at=STAMP, actor="alice"
        ).execute()


def booked(on: Event, *names: str) -> list[Person]:
    """New people with these names, booked on the event."""
    there = [person(name) for name in names]
    for each in there:
        enrolment(on, each)
    return there


def standing(reference: str) -> dict[str, str]:
    """Name -> status of everybody who ever was on the event, in the order they came; the last one counts."""
    with read_transaction():
        query = (
            booking.select_enrolments()
            .join_from(models.EnrolmentRow, models.EventRow)
            .where(models.EventRow.reference == reference)
        )
        return {each.name: Status(each.status).word for each in query.order_by(models.EnrolmentRow.id).namedtuples()}


def list_history_lines(ctx: Context, *, limit: int | None = None, **wanted: Any) -> list[HistoryLine]:
    """The lines of the history, newest first, that fit a HistoryFilter of these fields."""
    return [each.line for each in history_queries.list_history(ctx, HistoryFilter(**wanted), limit=limit)]


def moved(found: Sequence[StatusChange]) -> list[tuple[str, str, str]]:
    """(name, before, after) of each move."""
    return [(each.name, each.before, each.after) for each in found]


def all_at_once(commands: Sequence[Sequence[str]], *, seconds: float = 60) -> list[str]:
    """What each Python program printed after the others, too, had said `ready`; each has ended well, and in time."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for words in commands
    ]  # fmt: skip
    for each in started:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in started:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    ended = [each.communicate(timeout=seconds) for each in started]
    assert [each.returncode for each in started] == [0] * len(started), ended
    return [printed for printed, _ in ended]


def csc_here(
    location: str, *words: object, today: str = "2017-04-10T09:00", form: str = "json", stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Do what `csc` does, in this process: for tests of what is printed and done, not of the process itself."""
    arguments = ["--db", location, "--format", form, "--today", today, "--as", "alice", *map(str, words)]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    given, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err), chdir(tempfile.gettempdir()):
            code = lookups.run_lookup(arguments)
            code = main.run_command_line(arguments) if code is None else code
    finally:
        sys.stdin = given
    texts = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read())
    return subprocess.CompletedProcess(arguments, code, *texts)


def csc(
    location: str,
    *words: object,
    today: str = "2017-04-10T09:00",
    form: str = "json",
    stdin: str | None = None,
    first: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the real command line in a process of its own, after the Python code of `first`."""
    command = [
        sys.executable, "-c", f"{first}\nfrom csc_tui.cli.entry import main; main()",
        "--db", location, "--format", form, "--today", today, "--as", "alice", *map(str, words),
    ]  # fmt: skip
    given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=tempfile.gettempdir(),
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **given,
    )  # fmt: skip
