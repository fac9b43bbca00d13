"""Invitations against icalendar's own time for them, in one run: `python .bench/invitations.py [FILES]`.

The goal (README.md here) is a ratio of at most 2 for 10,000 files; the whole command is printed beside it.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

sys.path.insert(0, str(Path(__file__).parent.parent))

from csc_tui.base import bootstrap
from csc_tui.core.admin import new_database
from csc_tui.core.mail import invitations
from db import models
from db.engine import migrate
from db.engine.connection import write_transaction
from db.records.mail import CalendarEntry, EntryStatus, InvitationMethod, MailAddress
from exports import ical
from tests import builders

LONDON = ZoneInfo("Europe/London")
ORGANISER = MailAddress("Creating Strong Communities", "csc.training@example.org")
ATTENDEE = MailAddress("Siobhán O'Neil", "siobhan.oneil@example.org")
TITLE = "Being Restorative, cohort 3: Module 2"
PLACE = "Grimsby Town Hall, Assembly Room, DN31 1HU"
TOLD = (
    "BR-03, session 2 of 3.\n\nJoining instructions follow when the event is confirmed.\n\nLinks and documents:\n"
    "- Restorative Practice: www.restorativefoundation.org.uk\n\nIf you cannot come, answer this e-mail as soon as "
    "you know: somebody may be waiting."
)
STAMP, START = datetime(2017, 4, 10, 8), datetime(2017, 7, 20, 10)


def ours(number: int) -> bytes:
    entry = CalendarEntry(
        f"00000000-0000-5000-8000-{number:012}", 0, STAMP, START, START + timedelta(hours=3), PLACE,
        EntryStatus.CONFIRMED, TITLE, TOLD,
    )  # fmt: skip
    return ical.render_invitation(entry, method=InvitationMethod.REQUEST, organiser=ORGANISER, attendee=ATTENDEE)


ZONE = Timezone.from_ical(ical._LONDON_RULES)


def icalendar_alone(number: int) -> bytes:
    calendar, event = Calendar(), Event()
    for name, value in (("prodid", ical.PRODUCT), ("version", "2.0"), ("method", "REQUEST")):
        calendar.add(name, value)
    calendar.add_component(ZONE)
    for name, value in (
        ("uid", f"00000000-0000-5000-8000-{number:012}"), ("sequence", 0), ("dtstamp", STAMP.replace(tzinfo=UTC)),
        ("dtstart", START.replace(tzinfo=LONDON)), ("dtend", (START + timedelta(hours=3)).replace(tzinfo=LONDON)),
        ("summary", TITLE), ("location", PLACE), ("description", TOLD), ("status", "CONFIRMED"), ("transp", "OPAQUE"),
    ):  # fmt: skip
        event.add(name, value)
    organiser = vCalAddress(f"mailto:{ORGANISER.address}")
    organiser.params["CN"] = ORGANISER.name
    event.add("organizer", organiser)
    guest = vCalAddress(f"mailto:{ATTENDEE.address}")
    guest.params.update(
        {"CN": ATTENDEE.name, "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION",
         "RSVP": "TRUE"}
    )  # fmt: skip
    event.add("attendee", guest)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def seconds(build: Callable[[int], bytes], files: int) -> float:
    started = perf_counter()
    for number in range(files):
        build(number)
    return perf_counter() - started


def raw(folder: Path, contents: list[bytes]) -> float:
    """Seconds that the disk alone needs for as many files."""
    folder.mkdir()
    started = perf_counter()
    for number, content in enumerate(contents):
        with open(folder / str(number), "wb") as file:
            file.write(content)
    return perf_counter() - started


def whole_command(files: int) -> tuple[float, float]:
    """Seconds for `invite` with as many files, and those the disk alone needs for the same bytes."""
    sessions = 10
    folder = Path(tempfile.mkdtemp(prefix="csc-bench-"))
    try:
        location = str(folder / "csc.db")
        migrate.create_empty_database(location)
        ctx = bootstrap.create_context(location, actor="bench", today="2017-04-10")
        new_database.fill_new_database(ctx)
        days = [(date(2017, 5, 1) + timedelta(weeks=week)).isoformat() for week in range(sessions)]
        event = builders.event("BENCH", capacity=files, dates=days, venue="Grimsby Town Hall", room="Assembly Room")
        with write_transaction():
            for number in range(files // sessions):
                address = f"person.{number}@example.org"
                person = models.PersonRow.insert(surname=f"Person {number}", email=address, email_key=address).execute()
                models.EnrolmentRow.insert(event=event.id, person=person, status=70, since=STAMP).execute()
        started = perf_counter()
        done = invitations.write_invitations(ctx, "BENCH", str(folder / "out"))
        spent = perf_counter() - started
        if len(done.written) != files:
            raise SystemExit(f"{len(done.written)} files were written, not {files}")
        return spent, raw(folder / "raw", [Path(each.file).read_bytes() for each in done.written])
    finally:
        shutil.rmtree(folder)


def main(files: int) -> None:
    if ours(1) != icalendar_alone(1):
        raise SystemExit("the two must write the same bytes")
    pairs = [(seconds(icalendar_alone, files // 5), seconds(ours, files // 5)) for _ in range(5)]
    alone, with_us = (statistics.median(pair[side] for pair in pairs) * 5 for side in (0, 1))
    print(f"icalendar alone, {files} files: {alone:.2f} s")
    print(f"exports.ical,    {files} files: {with_us:.2f} s   ratio {with_us / alone:.2f} (goal: at most 2)")
    command, disk = whole_command(files)
    print(f"the same bytes written by open() and write():  {disk:.2f} s")
    print(
        f"invite, with rules, files, fsync and ledger:   {command:.2f} s   less the disk {(command - disk) / alone:.2f}"
    )


def _number() -> int:
    """How many to make, as the first word says."""
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        sys.exit(__doc__)
    return int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


main(_number())
