"""The outbox against the standard library's own time for the same mails: `python .bench/outbox.py [MESSAGES]`.

Both in one run: mails alone, the whole of `csc outbox write` with plan, ledger and files, and what it holds in memory.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))

from csc_tui.base import bootstrap
from csc_tui.core.admin import new_database
from csc_tui.core.mail import message_files, outbox, wording
from csc_tui.core.mail.outbox import MessageChoice
from db import models
from db.engine import migrate
from db.engine.connection import write_transaction
from db.records.mail import MailAddress, MessageKind
from exports import mail
from tests import builders

STAMP = datetime(2017, 4, 10, 8)
SENDER = MailAddress("Creating Strong Communities", "csc.training@example.org")
TO = MailAddress("Siobhán O'Neil", "siobhan.oneil@example.org")
VALUES = {
    "forename": "Siobhán", "title": "Being Restorative, cohort 3", "event": "BR-03", "first_day": "Mon 12 Jun 2017",
    "dates": "Session 1 (Module 1): Mon 12 Jun 2017 09:30-12:30, Grimsby Town Hall, Assembly Room, DN31 1HU\n" * 3,
    "how_to_cancel": "If you cannot come, answer this e-mail as soon as you know: somebody may be waiting.",
    "organiser": SENDER.name,
}  # fmt: skip
LETTER = wording.DEFAULT_LETTERS[MessageKind.CONFIRMATION]


def ours(number: int) -> bytes:
    letter = wording.fill_letter(LETTER, VALUES)
    return mail.render_text_mail(
        sender=SENDER, to=TO, subject=letter.subject, body=letter.body, stamped=STAMP, key=f"confirmation/{number}"
    )


FILLED = wording.fill_letter(LETTER, VALUES)


def standard_library_alone(number: int) -> bytes:
    """The same bytes, without our checks and with the text filled in already."""
    digest = sha256(f"confirmation/{number}".encode()).hexdigest()
    message = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    message["Subject"] = FILLED.subject
    message["From"] = Address(display_name=SENDER.name, addr_spec=SENDER.address)
    message["To"] = Address(display_name=TO.name, addr_spec=TO.address)
    message["Date"] = format_datetime(STAMP.replace(tzinfo=UTC))
    message["Message-ID"] = f"<{digest[:24]}@example.org>"
    message.set_content(FILLED.body)
    message.add_alternative(mail._html(FILLED.body), subtype="html")
    message.set_boundary(f"=_{digest[:32]}_0")
    return message.as_bytes()


def seconds(build: Callable[[int], bytes], number: int) -> float:
    started = perf_counter()
    for each in range(number):
        build(each)
    return perf_counter() - started


def filled_database(folder: Path, messages: int) -> str:
    location = str(folder / "csc.db")
    migrate.create_empty_database(location)
    new_database.fill_new_database(bootstrap.create_context(location, actor="bench", today="2017-04-10"))
    for first in range(0, messages, 500):
        event = builders.event(f"BENCH-{first}", capacity=500, dates=["2017-06-12", "2017-06-19"], venue="Town Hall")
        with write_transaction():
            for number in range(first, min(first + 500, messages)):
                address = f"person.{number}@example.org"
                person = models.PersonRow.insert(surname=f"Person {number}", email=address, email_key=address).execute()
                models.EnrolmentRow.insert(event=event.id, person=person, status=70, since=STAMP).execute()
    return location


def whole_command(messages: int) -> None:
    """In a process of its own: prints seconds, seconds of the disk alone for the same files, and peak memory in kB."""
    folder = Path(tempfile.mkdtemp(prefix="csc-bench-"))
    try:
        location = filled_database(folder, messages)
        ctx = bootstrap.create_context(location, actor="bench", today="2017-04-10")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = perf_counter()
        done = message_files.write_messages(ctx, str(folder / "out"), MessageChoice(kind=MessageKind.CONFIRMATION))
        spent = perf_counter() - started
        if len(done.lines) != messages:
            raise SystemExit(f"{len(done.lines)} were written, not {messages}")
        if outbox.list_outbox(ctx, MessageChoice(kind=MessageKind.CONFIRMATION)):
            raise SystemExit("something is due still")
        print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    finally:
        shutil.rmtree(folder)


def apart(messages: int) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, __file__, "whole", str(messages)], check=True, capture_output=True, text=True
    )
    spent, memory = done.stdout.split()
    return float(spent), float(memory) / 1024


def main(messages: int) -> None:
    if ours(1) != standard_library_alone(1):
        raise SystemExit("the two must build the same bytes")
    some = messages // 10
    pairs = [(seconds(standard_library_alone, some), seconds(ours, some)) for _ in range(5)]
    alone, with_us = (statistics.median(pair[side] for pair in pairs) * messages / some for side in (0, 1))
    print(f"standard library alone, {messages} mails: {alone:.2f} s")
    print(f"exports.mail with words,{messages} mails: {with_us:.2f} s   ratio {with_us / alone:.2f}")
    spent, memory = apart(messages)
    _, little = apart(max(messages // 10, 1))
    print(f"outbox write, plan, files, fsync, ledger:  {spent:.2f} s   ratio {spent / alone:.2f}")
    print(f"memory above the start: {memory:.0f} MB for {messages}, {little:.0f} MB for a tenth of them")


def _number() -> int:
    """How many to make, as the first word says."""
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        sys.exit(__doc__)
    return int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


if sys.argv[1:2] == ["whole"]:
    whole_command(int(sys.argv[2]))
else:
    main(_number())
