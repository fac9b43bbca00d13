"""Invitations from the ledger to the folder and back; the numbers are those of exports/INVITATIONS.md."""

import logging
import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Component

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed, WorkStopped
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import change_preview, outbox
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.people import queries as people_queries
from db import calendar, history, invitations, models
from db.engine.connection import read_transaction, write_transaction
from db.errors import AmbiguousPerson, Duplicate, NoSuchEvent, NoSuchPerson, NoSuchSession, RuleBroken, Stale
from db.records.booking import Status
from db.records.mail import InvitationMethod, PartStat
from db.records.startup import EventState, Role
from exports import files, mail
from tests import builders
from tests.builders import at, booked, event

DATES = ("2017-06-12", "2017-07-18", None)


@pytest.fixture
def out(tmp_path: Path) -> str:
    return str(tmp_path / "out")


@pytest.fixture
def trainer(database: str) -> Any:
    return builders.person("Tim Trainer")


@pytest.fixture
def ann_and_bo(database: str, trainer: Any) -> Any:
    """Booked on BR-90: two dated sessions at Grimsby Town Hall and one to be confirmed."""
    run = event(capacity=2, dates=DATES, venue="Grimsby Town Hall", room="Assembly Room", facilitators=[trainer])
    return booked(run, "Ann Smith", "Bo Young")


def sent(done: mail_invitations.InviteResult) -> list[tuple[str, int, str, int]]:
    return [(each.person, each.session, each.method.value, each.sequence) for each in done.written]


def entry(file: str) -> Component:
    (found,) = Calendar.from_ical(Path(file).read_bytes()).walk("VEVENT")
    return found


def ledger(reference: str = "BR-90") -> list[tuple[int, int, int, InvitationMethod]]:
    with read_transaction():
        rows = invitations.fetch_invitations([calendar.fetch_event(reference).id])
    return [(row.person_id, row.session_id, row.sequence, row.method) for row in rows]


def dispatched() -> list[tuple[int, str, str, str]]:
    row = models.DispatchRow
    with read_transaction():
        found = row.select(row.sequence, row.method, row.file, row.actor).order_by(row.id).tuples()
        return [(sequence, method.value, Path(file).name, actor) for sequence, method, file, actor in found]


def confirm(ctx: Context, reference: str = "BR-90") -> None:
    calendar_actions.set_event_state(ctx, reference, EventState.CONFIRMED)


def test_3_one_file_with_one_event_for_each_person_and_dated_session(ctx: Context, ann_and_bo: Any, out: str) -> None:
    ann, bo = ann_and_bo
    done = mail_invitations.write_invitations(ctx, "BR-90", out)
    assert sent(done) == [
        (ann.key, 1, "REQUEST", 0), (ann.key, 2, "REQUEST", 0), (bo.key, 1, "REQUEST", 0), (bo.key, 2, "REQUEST", 0),
    ]  # fmt: skip
    assert sorted(os.listdir(out)) == sorted(Path(each.file).name for each in done.written)
    for each in done.written:
        assert Path(each.file).read_bytes().count(b"BEGIN:VEVENT") == 1
        assert Path(each.file).stat().st_mode & 0o777 == 0o600


def test_nothing_is_due_twice_and_then_no_folder_is_made(ctx: Context, ann_and_bo: Any, out: str) -> None:
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 4
    mail_invitations.write_invitations(ctx, "BR-90", out)
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 0
    assert mail_invitations.write_invitations(ctx, "BR-90", out + "2").written == []
    assert not os.path.exists(out + "2")


def test_5_only_the_recipients_address_is_in_a_file(ctx: Context, ann_and_bo: Any, out: str) -> None:
    ann, bo = ann_and_bo
    first = mail_invitations.write_invitations(ctx, "BR-90", out).written[0]
    text = Path(first.file).read_text()
    assert first.person == ann.key
    assert ann.email in text
    assert bo.email not in text


def test_4_and_6_a_moved_session_is_an_update_of_what_was_sent_and_of_nothing_else(
    ctx: Context, ann_and_bo: Any, out: str
) -> None:
    before = {
        (each.person, each.session): entry(each.file)
        for each in mail_invitations.write_invitations(ctx, "BR-90", out).written
    }
    calendar_actions.move_session(
        ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20), start=time(10), end=time(13))
    )
    assert {each.reason for each in mail_invitations.list_due_invitations(ctx, "BR-90")} == {
        "moved from Tue 18 Jul 2017 09:30-12:30"
    }
    done = mail_invitations.write_invitations(ctx, "BR-90", out)
    assert [(each.session, each.method, each.sequence) for each in done.written] == [
        (2, InvitationMethod.REQUEST, 1)
    ] * 2
    for each in done.written:
        now, was = entry(each.file), before[each.person, 2]
        assert now["UID"] == was["UID"]
        assert now["DTSTAMP"].dt > was["DTSTAMP"].dt
        assert now["DTSTART"].dt.isoformat() == "2017-07-20T10:00:00+01:00"


def test_6_a_confirmed_event_sends_its_joining_instructions_in_the_same_sequence(
    ctx: Context, ann_and_bo: Any, out: str
) -> None:
    with write_transaction():
        models.SessionRow.update(notes="Ring the bell.").where(models.SessionRow.number == 1).execute()
    first = mail_invitations.write_invitations(ctx, "BR-90", out).written[0]
    assert "Ring the bell." not in entry(first.file)["DESCRIPTION"]
    confirm(ctx)
    again = mail_invitations.write_invitations(ctx, "BR-90", out).written[0]
    assert (again.person, again.session, again.sequence) == (first.person, first.session, 0)
    assert "Ring the bell." in entry(again.file)["DESCRIPTION"]


def test_8_request_change_and_cancel_leave_an_empty_calendar(ctx: Context, ann_and_bo: Any, out: str) -> None:
    ann, _ = ann_and_bo
    calendar: dict[str, Component] = {}

    def receive(done: mail_invitations.InviteResult) -> None:
        for each in (each for each in done.written if each.person == ann.key):
            new = entry(each.file)
            held = calendar.get(new["UID"])
            if held and (held["SEQUENCE"], held["DTSTAMP"].dt) >= (new["SEQUENCE"], new["DTSTAMP"].dt):
                continue
            if new["STATUS"] == "CANCELLED":
                calendar.pop(new["UID"])
            else:
                calendar[new["UID"]] = new

    receive(mail_invitations.write_invitations(ctx, "BR-90", out))
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    receive(mail_invitations.write_invitations(ctx, "BR-90", out))
    assert len(calendar) == 2
    booking_actions.cancel_place(ctx, "BR-90", ann.key, reason="ill")
    receive(mail_invitations.write_invitations(ctx, "BR-90", out))
    assert calendar == {}


def test_8_who_gives_up_a_place_gets_a_cancel_for_each_session_and_nobody_else_hears_of_it(
    ctx: Context, ann_and_bo: Any, out: str
) -> None:
    ann, _ = ann_and_bo
    mail_invitations.write_invitations(ctx, "BR-90", out)
    booking_actions.cancel_place(ctx, "BR-90", ann.key, reason="ill")
    assert sent(mail_invitations.write_invitations(ctx, "BR-90", out)) == [
        (ann.key, 1, "CANCEL", 1),
        (ann.key, 2, "CANCEL", 1),
    ]
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 0


def test_8_a_cancelled_event_cancels_every_session(ctx: Context, ann_and_bo: Any, out: str) -> None:
    mail_invitations.write_invitations(ctx, "BR-90", out)
    calendar_actions.cancel_event(ctx, "BR-90", reason="too few")
    done = mail_invitations.write_invitations(ctx, "BR-90", out)
    assert [(each.method, each.sequence) for each in done.written] == [(InvitationMethod.CANCEL, 1)] * 4
    assert done.reasons == {"event cancelled": 4}


def test_4_who_comes_back_has_the_same_uid_and_a_higher_sequence(ctx: Context, ann_and_bo: Any, out: str) -> None:
    ann, _ = ann_and_bo
    first = mail_invitations.write_invitations(ctx, "BR-90", out).written[0]
    booking_actions.cancel_place(ctx, "BR-90", ann.key, reason="ill")
    mail_invitations.write_invitations(ctx, "BR-90", out)
    booking_actions.enrol_people(ctx, "BR-90", [ann.key])
    back = mail_invitations.write_invitations(ctx, "BR-90", out).written[0]
    assert (back.person, back.session, back.method, back.sequence) == (ann.key, 1, InvitationMethod.REQUEST, 2)
    assert entry(back.file)["UID"] == entry(first.file)["UID"]


def test_who_was_never_invited_gets_no_cancel(ctx: Context, ann_and_bo: Any, out: str) -> None:
    booking_actions.cancel_place(ctx, "BR-90", ann_and_bo[0].key, reason="ill")
    assert sent(mail_invitations.write_invitations(ctx, "BR-90", out)) == [
        (ann_and_bo[1].key, 1, "REQUEST", 0), (ann_and_bo[1].key, 2, "REQUEST", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.WAITLISTED, Status.OFFERED, Status.CANCELLED])
def test_only_a_booked_place_is_invited(ctx: Context, status: Status) -> None:
    builders.enrolment(event(), builders.person(), status)
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 0


@pytest.mark.parametrize("status", [Status.BOOKED, Status.PARTIALLY_ATTENDED, Status.NO_SHOW])
def test_a_place_with_an_outcome_is_still_a_place(ctx: Context, status: Status) -> None:
    builders.enrolment(event(), builders.person(), status)
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 1


def test_a_draft_invites_nobody(ctx: Context) -> None:
    booked(event(state="draft"), "Ann Smith")
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 0


def test_what_is_over_invites_nobody(ctx: Context, ann_and_bo: Any) -> None:
    assert {each.session for each in mail_invitations.list_due_invitations(at(ctx, "2017-06-12T12:30"), "BR-90")} == {2}


def test_session_person_and_facilitators_narrow_what_is_written(
    ctx: Context, ann_and_bo: Any, trainer: Any, out: str
) -> None:
    ann, bo = ann_and_bo
    assert sent(
        mail_invitations.write_invitations(
            ctx, "BR-90", out, mail_invitations.InvitationOptions(session=2, person="Bo Young")
        )
    ) == [(bo.key, 2, "REQUEST", 0)]
    assert sent(
        mail_invitations.write_invitations(ctx, "br-90", out, mail_invitations.InvitationOptions(session=2))
    ) == [(ann.key, 2, "REQUEST", 0)]
    led = mail_invitations.write_invitations(ctx, "BR-90", out, mail_invitations.InvitationOptions(facilitators=True))
    assert sent(led) == [(trainer.key, 1, "REQUEST", 0), (trainer.key, 2, "REQUEST", 0)]
    assert sent(mail_invitations.write_invitations(ctx, "BR-90", out)) == [
        (ann.key, 1, "REQUEST", 0),
        (bo.key, 1, "REQUEST", 0),
    ]


def test_a_facilitator_who_is_booked_too_is_invited_once_as_facilitator(
    ctx: Context, ann_and_bo: Any, trainer: Any, out: str
) -> None:
    builders.enrolment(people_queries.get_event_card(ctx, "BR-90").event, trainer)
    assert trainer.key not in {each.person for each in mail_invitations.write_invitations(ctx, "BR-90", out).written}
    assert mail_invitations.due_invitation_count(ctx, "BR-90", facilitators=True) == 2


def test_a_dry_run_says_what_would_be_and_does_nothing(ctx: Context, ann_and_bo: Any, out: str) -> None:
    plan = mail_invitations.write_invitations(ctx, "BR-90", out, dry_run=True)
    assert not os.path.exists(out)
    assert ledger() == []
    assert mail_invitations.write_invitations(ctx, "BR-90", out).written == plan.written


def test_what_was_lost_can_be_written_again_byte_for_byte(ctx: Context, ann_and_bo: Any, out: str) -> None:
    first = {
        each.file: Path(each.file).read_bytes()
        for each in mail_invitations.write_invitations(ctx, "BR-90", out).written
    }
    for file in first:
        os.unlink(file)
    again = mail_invitations.write_invitations(
        at(ctx, "2017-05-02"), "BR-90", out, mail_invitations.InvitationOptions(again=True)
    )
    assert {each.file: Path(each.file).read_bytes() for each in again.written} == first
    assert len(dispatched()) == 8


def test_the_ledger_and_the_history_say_what_was_sent_and_by_whom(ctx: Context, ann_and_bo: Any, out: str) -> None:
    ann, _ = ann_and_bo
    mail_invitations.write_invitations(ctx, "BR-90", out, mail_invitations.InvitationOptions(person=ann.key))
    assert dispatched() == [
        (0, "REQUEST", f"BR-90-session-{number}-ann-smith-{ann.id}-request-0.ics", "alice") for number in (1, 2)
    ]
    with read_transaction():
        line = history.fetch_history_lines(person_id=ann.id)[0]
    assert (line.actor, line.verb, line.subject, line.after, line.reason) == (
        "alice", "invited", "Ann Smith to BR-90", "sessions 1, 2", "new booking",
    )  # fmt: skip
    card = people_queries.get_person_card(ctx, ann.key).invitations
    assert [(each.event, each.session, each.date, each.method, each.sequence) for each in card] == [
        ("BR-90", 1, "2017-06-12", "REQUEST", 0), ("BR-90", 2, "2017-07-18", "REQUEST", 0),
    ]  # fmt: skip


def test_an_answer_holds_until_the_session_moves(ctx: Context, ann_and_bo: Any, out: str) -> None:
    mail_invitations.write_invitations(ctx, "BR-90", out)
    with write_transaction():
        models.InvitationRow.update(partstat=PartStat.ACCEPTED).execute()
    confirm(ctx)
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    mail_invitations.write_invitations(ctx, "BR-90", out)
    with read_transaction():
        rows = models.InvitationRow.select(models.SessionRow.number, models.InvitationRow.partstat).join(
            models.SessionRow
        )
        by_session: dict[Any, Any] = dict(rows.tuples())
    assert by_session == {1: PartStat.ACCEPTED, 2: PartStat.NEEDS_ACTION}


def test_10_mails_carry_the_same_file(ctx: Context, ann_and_bo: Any, out: str) -> None:
    plain = Path(
        mail_invitations.write_invitations(
            ctx, "BR-90", out, mail_invitations.InvitationOptions(person="Ann Smith", session=1)
        )
        .written[0]
        .file
    ).read_bytes()
    mails = mail_invitations.write_invitations(
        ctx, "BR-90", out, mail_invitations.InvitationOptions(person="Ann Smith", session=1, again=True, mail=True)
    ).written
    assert [Path(each.file).suffix for each in mails] == [".eml"]
    message = message_from_bytes(Path(mails[0].file).read_bytes(), policy=policy.default)
    assert message["Subject"] == "Invitation: Being Restorative: Module 1, Mon 12 Jun 2017 09:30-12:30"
    assert [part.get_payload(decode=True) for part in message.iter_attachments()] == [plain]


def test_a_name_no_mail_can_carry_holds_up_nobody_else(
    ctx: Context, ann_and_bo: Any, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mail.render_invitation_mail

    def invitation(*given: Any, attendee: Any, **others: Any) -> Any:
        if attendee.name == "Ann Smith":
            raise RuleBroken("The e-mail to Ann Smith cannot be written.")
        return real(*given, attendee=attendee, **others)

    monkeypatch.setattr(mail, "render_invitation_mail", invitation)
    done = mail_invitations.write_invitations(ctx, "BR-90", out, mail_invitations.InvitationOptions(mail=True))
    assert [(each.person, each.session) for each in done.written] == [(ann_and_bo[1].key, 1), (ann_and_bo[1].key, 2)]
    assert done.unwritten == ["The e-mail to Ann Smith cannot be written."] * 2
    assert len(ledger()) == len(os.listdir(out)) == 2
    assert {each.attendee.name for each in mail_invitations.list_due_invitations(ctx, "BR-90")} == {"Ann Smith"}


def test_many_are_written_some_at_a_time_just_as_few_are(
    ctx: Context, ann_and_bo: Any, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = mail_invitations.write_invitations(ctx, "BR-90", out, dry_run=True)
    ready: list[tuple[int, int]] = []
    monkeypatch.setattr(mail_invitations, "AT_ONCE", 1)
    done = mail_invitations.write_invitations(ctx, "BR-90", out, progress=lambda *numbers: ready.append(numbers))
    assert done == whole
    assert ready == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert mail_invitations.due_invitation_count(ctx, "BR-90") == 0
    assert sorted(os.listdir(out)) == sorted(Path(each.file).name for each in whole.written)


@pytest.mark.parametrize("trouble", ["stopped", "in the way", "changed"])
def test_what_was_kept_before_something_came_between_is_said_and_the_rest_is_due(
    ctx: Context, ann_and_bo: Any, out: str, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(mail_invitations, "AT_ONCE", 1)
    names = [
        Path(each.file).name for each in mail_invitations.write_invitations(ctx, "BR-90", out, dry_run=True).written
    ]
    if trouble == "in the way":
        os.mkdir(out)
        Path(out, names[3]).write_text("my notes")

    def progress(ready: int, of: int) -> None:
        if ready == 3 and trouble == "stopped":
            raise WorkStopped("none was kept")
        if ready == 3 and trouble == "changed":
            calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))

    with pytest.raises(mail_invitations.InvitationsPartlyWritten) as fault:
        mail_invitations.write_invitations(ctx, "BR-90", out, progress=progress)
    said = str(fault.value)
    assert f"2 invitations had already been written to {out}" in said
    why = {"stopped": "Stopped.", "in the way": "already exists", "changed": "BR-90 changed"}[trouble]
    assert why in said
    assert "none was kept" not in said
    ours = {name for name in os.listdir(out) if b"VCALENDAR" in Path(out, name).read_bytes()}
    assert ours == set(names[:2])
    assert len(ledger()) == 2


def test_who_has_no_usable_address_is_named(ctx: Context, out: str) -> None:
    run = event()
    builders.enrolment(run, builders.person("No Mail", email="nomail"))
    done = mail_invitations.write_invitations(ctx, "BR-90", out)
    assert (done.written, [each.name for each in done.unreachable]) == ([], ["No Mail"])


def test_nothing_is_written_from_an_organiser_without_address(ctx: Context, ann_and_bo: Any, out: str) -> None:
    nobody = replace(ctx, policy={**ctx.policy, "organiser_email": "the office"})
    with pytest.raises(mail_invitations.RuleBroken, match="organiser_email"):
        mail_invitations.write_invitations(nobody, "BR-90", out)
    assert mail_invitations.due_invitation_count(nobody, "BR-90") == 4


def test_a_viewer_sees_what_is_due_and_writes_nothing(ctx: Context, ann_and_bo: Any, out: str) -> None:
    viewer = replace(ctx, role=Role.VIEWER)
    assert len(mail_invitations.write_invitations(viewer, "BR-90", out, dry_run=True).written) == 4
    with pytest.raises(NotAllowed):
        mail_invitations.write_invitations(viewer, "BR-90", out)


def test_what_is_due_of_many_events_is_what_is_due_of_each(
    ctx: Context, ann_and_bo: Any, trainer: Any, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cy = builders.person("Cy Jones")
    other = event("BR-91", capacity=3, dates=("2017-08-01",), facilitators=[trainer, cy])
    builders.enrolment(other, cy), builders.enrolment(other, ann_and_bo[1])
    event("BR-92", dates=("2017-09-01",))
    mail_invitations.write_invitations(ctx, "BR-90", out)
    booking_actions.cancel_place(ctx, "BR-90", ann_and_bo[0].key, reason="ill")
    booking_actions.enrol_people(ctx, "BR-91", [ann_and_bo[0].key])
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    references = ["BR-91", "BR-92", "BR-90"]
    each = {
        reference: mail_invitations.list_due_invitations(ctx, reference)
        + mail_invitations.list_due_invitations(ctx, reference, facilitators=True)
        for reference in references
    }
    assert {reference: len(its) for reference, its in each.items()} == {"BR-91": 4, "BR-92": 0, "BR-90": 5}
    for at_once in (100, 2, 1):
        monkeypatch.setattr(mail_invitations, "EVENTS_AT_ONCE", at_once)
        found = mail_invitations.list_due_by_event(ctx, ["br-91 ", "BR-92", "BR-90"])
        assert (found, list(found)) == (each, references)
    with pytest.raises(NoSuchEvent, match="BR-99"):
        mail_invitations.list_due_by_event(ctx, ["BR-90", "BR-99"])


def the_outbox_opened(ctx: Context, references: Sequence[str]) -> None:
    assert outbox.get_outbox(ctx).lines


def nothing_changed(ctx: Context, references: Sequence[str]) -> None:
    assert change_preview.preview_change(ctx, lambda: None).invitations == []


@pytest.mark.parametrize("ask", [the_outbox_opened, nothing_changed])
def test_forty_events_ask_the_database_no_more_often_than_five(
    ctx: Context, caplog: pytest.LogCaptureFixture, ask: Callable[[Context, Sequence[str]], object]
) -> None:
    references = [f"BR-{number}" for number in range(10, 50)]
    asked = []
    for some in (references[:5], references[5:]):
        for reference in some:
            leader = builders.person()
            booked(event(reference, dates=("2017-06-12", "2017-07-18"), facilitators=[leader]), "Ann Smith", "Bo Young")
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "peewee"):
            ask(ctx, references[: references.index(some[-1]) + 1])
        asked.append(len(caplog.records))
    assert asked[0] == asked[1] > 0


def test_a_session_or_person_not_there_is_said_even_where_nobody_is_invited(ctx: Context, out: str) -> None:
    event("BR-91", dates=("2017-08-01",))
    with pytest.raises(NoSuchSession):
        mail_invitations.write_invitations(ctx, "BR-91", out, mail_invitations.InvitationOptions(session=9))
    with pytest.raises(NoSuchPerson):
        mail_invitations.write_invitations(ctx, "BR-91", out, mail_invitations.InvitationOptions(person="nobody"))


def test_what_is_not_there_is_said_and_nothing_written(ctx: Context, ann_and_bo: Any, out: str) -> None:
    booked(event("BR-91", dates=("2017-08-01",)), "Bo Young")
    for fault, reference, options in (
        (NoSuchEvent, "BR-99", mail_invitations.InvitationOptions()),
        (NoSuchSession, "BR-90", mail_invitations.InvitationOptions(session=9)),
        (NoSuchPerson, "BR-90", mail_invitations.InvitationOptions(person="nobody")),
        (AmbiguousPerson, "BR-90", mail_invitations.InvitationOptions(person="Bo Young")),
    ):
        with pytest.raises(fault):
            mail_invitations.write_invitations(ctx, reference, out, options)
    assert not os.path.exists(out)


def test_a_file_in_the_way_that_is_something_else_stops_all_of_it(ctx: Context, ann_and_bo: Any, out: str) -> None:
    name = Path(mail_invitations.write_invitations(ctx, "BR-90", out, dry_run=True).written[2].file).name
    os.mkdir(out)
    Path(out, name).write_text("my notes")
    with pytest.raises(Duplicate):
        mail_invitations.write_invitations(ctx, "BR-90", out)
    assert os.listdir(out) == [name]
    assert Path(out, name).read_text() == "my notes"
    assert ledger() == []


def test_if_the_ledger_cannot_be_kept_no_file_stays(
    ctx: Context, ann_and_bo: Any, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = files.FileBatch.place

    def fails_after(batch: files.FileBatch) -> None:
        place(batch)
        raise OSError("the disk went away")

    monkeypatch.setattr(files.FileBatch, "place", fails_after)
    with pytest.raises(OSError, match="went away"):
        mail_invitations.write_invitations(ctx, "BR-90", out)
    assert not os.path.exists(out)
    assert ledger() == []


def test_if_the_event_changes_meanwhile_nothing_is_written_and_it_can_be_run_again(
    ctx: Context, ann_and_bo: Any, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = files.FileBatch.settle

    def overtaken(batch: files.FileBatch) -> None:
        settle(batch)
        monkeypatch.setattr(files.FileBatch, "settle", settle)
        calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))

    monkeypatch.setattr(files.FileBatch, "settle", overtaken)
    with pytest.raises(Stale):
        mail_invitations.write_invitations(ctx, "BR-90", out)
    assert not os.path.exists(out)
    assert ledger() == []
    assert len(mail_invitations.write_invitations(ctx, "BR-90", out).written) == 4


def _cut_off_before_the_ledger_is_kept(location: str, out: str) -> None:
    ctx = bootstrap.create_context(location, actor="alice", today="2017-04-10T09:00")
    place = files.FileBatch.place

    def killed(batch: files.FileBatch) -> None:
        place(batch)
        os._exit(9)

    files.FileBatch.place = killed
    mail_invitations.write_invitations(ctx, "BR-90", out)


def test_a_run_that_was_killed_is_repeated_under_the_same_names_with_the_same_uids(
    ctx: Context, location: str, ann_and_bo: Any, out: str
) -> None:
    killed = multiprocessing.get_context("spawn").Process(
        target=_cut_off_before_the_ledger_is_kept, args=(location, out)
    )
    killed.start()
    killed.join(30)
    assert killed.exitcode == 9
    left = {name: entry(f"{out}/{name}")["UID"] for name in os.listdir(out)}
    assert len(left) == 4
    assert ledger() == []
    done = mail_invitations.write_invitations(at(ctx, "2017-04-11"), "BR-90", out)
    assert {Path(each.file).name: entry(each.file)["UID"] for each in done.written} == left
    assert len(ledger()) == 4


def test_a_facilitator_is_told_how_many_come_those_who_make_up_a_module_included(
    ctx: Context, ann_and_bo: Any, out: str
) -> None:
    late = builders.person("Cy Late")
    with read_transaction():
        second = calendar.fetch_sessions(calendar.fetch_event("BR-90").id)[1]
    with write_transaction():
        models.MakeUpRow.insert(session=second.id, person=late.id, since=builders.STAMP).execute()
    done = mail_invitations.write_invitations(ctx, "BR-90", out, mail_invitations.InvitationOptions(facilitators=True))
    said = [entry(each.file)["DESCRIPTION"] for each in done.written]
    assert ["On the register: 2 of 2 places." in said[0], "On the register: 3 of 2 places." in said[1]] == [True, True]
