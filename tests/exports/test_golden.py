"""Every kind of file we send, byte for byte as it was: a change that nobody meant is seen here.

`pytest tests/exports/test_golden.py --snapshot-update` writes them anew; look at what differs before it is committed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from csc_tui.core.mail import invitation_rules, wording
from csc_tui.core.mail.invitation_rules import DueInvitation, Letterhead
from db.records.catalogue import Resource, ResourceKind
from db.records.mail import Appointment, Invitation, InvitationRole, MailAddress, MessageKind
from db.records.startup import EventState
from exports import ical, mail

GOLDEN = Path(__file__).parent / "golden"
NOW, STAMP = datetime(2017, 4, 10, 9), datetime(2017, 4, 10, 8)
LEARNER, FACILITATOR = {(1, 7): InvitationRole.LEARNER}, {(1, 7): InvitationRole.FACILITATOR}
SIOBHAN = MailAddress('Siobhán O\'Neil; "Shiv"', "siobhan@example.org")
LETTERHEAD = Letterhead(
    MailAddress("Creating Strong Communities", "csc.training@example.org"),
    "If you cannot come, please reply to this e-mail as soon as you can: someone may be waiting for a place.",
    (Resource(1, "Handbook, 2nd edition", ResourceKind.DOCUMENT, "https://example.org/handbook?a=1&b=2", "", "BR"),),
)
SUMMER = Appointment(
    session_id=1, event="BR-03", title="Being Restorative", state=EventState.OPEN, number=2, of=3, module="Module 2",
    date=date(2017, 7, 20), start=time(10), end=time(13), venue="Grimsby Town Hall", room="Assembly Room",
    address="Town Hall Square, Grimsby", postcode="DN31 1HU", notes="Ring the bell; mind the step.\nBring a pen.",
    revision=2, places=20, register=12,
)  # fmt: skip
WINTER = replace(SUMMER, session_id=2, number=3, module="Module 3", date=date(2017, 11, 20), revision=5)


def due(
    session: Appointment = SUMMER,
    invited: dict[tuple[int, int], InvitationRole] = LEARNER,
    ledger: tuple[Invitation, ...] = (),
    person: MailAddress = SIOBHAN,
) -> DueInvitation:
    plan = invitation_rules.plan_invitations([session], invited, {7: person}, ledger, LETTERHEAD, now=NOW, stamp=STAMP)
    (one,) = plan.due
    return one


def sent() -> tuple[Invitation]:
    return (replace(invitation_rules.ledger_line(due()), id=5),)


def moved() -> DueInvitation:
    return due(replace(SUMMER, date=date(2017, 11, 21), room=""), ledger=sent())


def confirmed() -> DueInvitation:
    return due(replace(SUMMER, state=EventState.CONFIRMED), ledger=sent())


def given_up() -> DueInvitation:
    return due(invited={}, ledger=sent())


def file(one: DueInvitation, zone: str = ical.LONDON) -> bytes:
    return ical.render_invitation(
        one.entry, method=one.method, organiser=one.organiser, attendee=one.attendee, zone=zone
    )


def letter(one: DueInvitation) -> bytes:
    filled = wording.fill_letter(
        wording.DEFAULT_LETTERS[MessageKind.INVITATION], invitation_rules.invitation_letter_values(one, "The office")
    )
    return mail.render_invitation_mail(
        file(one), method=one.method, organiser=one.organiser, attendee=one.attendee, subject=filled.subject,
        body=filled.body, stamped=one.entry.stamped,
    )  # fmt: skip


def published(session: Appointment) -> Any:
    entry = invitation_rules.make_calendar_entry(
        session, uid=invitation_rules.feed_uid(session), sequence=session.revision, stamped=STAMP,
        summary=invitation_rules.calendar_title(session, InvitationRole.LEARNER),
        description=invitation_rules.event_session_label(session),
    )  # fmt: skip
    assert entry
    return entry


def confirmation() -> bytes:
    values = {name: f"the {name}" for name in wording.allowed_placeholders(MessageKind.CONFIRMATION)}
    said = wording.fill_letter(wording.DEFAULT_LETTERS[MessageKind.CONFIRMATION], values)
    return mail.render_text_mail(
        sender=LETTERHEAD.organiser, to=SIOBHAN, subject=said.subject, body=said.body, stamped=STAMP, key="confirmed/7"
    )  # fmt: skip


FILES: dict[str, Callable[[], bytes]] = {
    "request.ics": lambda: file(due()),
    "update.ics": lambda: file(moved()),
    "confirmed.ics": lambda: file(confirmed()),
    "cancel.ics": lambda: file(given_up()),
    "facilitator.ics": lambda: file(due(invited=FACILITATOR)),
    "another_zone.ics": lambda: file(due(), "America/New_York"),
    "publish.ics": lambda: ical.render_feed(
        map(published, (SUMMER, WINTER)), name="Communities, 2017/18", busy=False, zone=ical.LONDON
    ),
    "object.ics": lambda: ical.render_calendar_object(published(WINTER), zone=ical.LONDON),
    "request.eml": lambda: letter(due()),
    "update.eml": lambda: letter(moved()),
    "cancel.eml": lambda: letter(given_up()),
    "confirmation.eml": confirmation,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_byte_for_byte_as_it_was(name: str, request: pytest.FixtureRequest) -> None:
    data = FILES[name]()
    if request.config.getoption("--snapshot-update"):
        (GOLDEN / name).write_bytes(data)
    assert data == (GOLDEN / name).read_bytes(), f"{name} differs; --snapshot-update writes it anew"


@pytest.mark.parametrize("name", FILES)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert FILES[name]() == FILES[name]()


def test_no_file_is_left_over() -> None:
    assert {each.name for each in GOLDEN.iterdir()} == {*FILES, ".gitattributes"}


@pytest.mark.parametrize(
    "host",
    [{"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"}, {"PYTHONHASHSEED": "4711", "TZ": "UTC", "LC_ALL": "tr_TR"}],
)
def test_the_bytes_are_the_same_whatever_the_machine_its_zone_and_its_language(host: dict[str, Any]) -> None:
    ours = {name: sha256(make()).hexdigest() for name, make in FILES.items()}
    program = (
        "import json\nfrom hashlib import sha256\nfrom tests.exports.test_golden import FILES\n"
        "print(json.dumps({name: sha256(make()).hexdigest() for name, make in FILES.items()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **host}, cwd=Path(__file__).parents[2],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == ours
