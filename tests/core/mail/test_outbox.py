"""Which messages are due, to whom, and that each is made once: the story of an event from booking to evaluation."""

import os
import stat
from dataclasses import replace
from datetime import date, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.history import undo
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail import message_files, outbox, templates
from csc_tui.core.mail.message_files import StopSignal
from csc_tui.core.mail.outbox import MessageAlreadyMade, MessageChoice, NoSuchMessage
from csc_tui.core.mail.wording import Letter
from db import models
from db.engine.connection import write_transaction
from db.errors import Duplicate, NoSuchEvent, NotFound, RuleBroken, Stale, WrongUse
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.mail import MessageKind
from db.records.startup import EventState, Role
from tests import builders
from tests.builders import at, event, person

BEYOND = [kind for kind in MessageKind if kind is not MessageKind.INVITATION]
"""The messages beside invitations."""


def due(ctx: Context, *, invitations: bool = False) -> list[tuple[str, str]]:
    """(first name of whom it goes to, kind) of all that waits."""
    return [
        (each.to.split()[0], each.kind)
        for each in outbox.list_outbox(ctx)
        if each.state == "waiting" and (invitations or each.kind != "invitation")
    ]


def body(ctx: Context, kind: MessageKind) -> str:
    """What the first message of the kind says."""
    return outbox.get_message_card(ctx, outbox.list_outbox(ctx, MessageChoice(kind=kind))[0].id).body


def write(ctx: Context, folder: Path, choice: MessageChoice = MessageChoice(), **given: Any) -> list[str]:  # noqa: B008
    return [each.file for each in message_files.write_messages(ctx, str(folder), choice, **given).lines]


def beside(ctx: Context, folder: Path) -> None:
    """Write everything but invitations."""
    for kind in BEYOND:
        write(ctx, folder, MessageChoice(kind=kind))


def read(file: str) -> EmailMessage:
    return message_from_bytes(Path(file).read_bytes(), policy=policy.default)


@pytest.fixture
def june(database: str) -> None:
    """BR-90: three sessions in June, two places, nobody on it."""
    event(capacity=2, dates=["2017-06-12", "2017-06-19", "2017-06-26"], venue="Grimsby Town Hall", room="Assembly Room")


@pytest.fixture
def booked(ctx: Context, june: None) -> Context:
    """Ann and Bo are booked this morning, Cy waits."""
    for name in ("Ann Smith", "Bo Young", "Cy Jones"):
        person(name, email=f"{name.split()[0].lower()}@example.org")
    booking_actions.enrol_people(ctx, "BR-90", ["Ann Smith", "Bo Young", "Cy Jones"])
    return ctx


def test_whoever_is_booked_or_waits_is_told(booked: Context, tmp_path: Path) -> None:
    assert due(booked) == [("Ann", "confirmation"), ("Bo", "confirmation"), ("Cy", "waiting_list")]
    said = body(booked, MessageKind.CONFIRMATION)
    assert said.startswith("Dear Ann,\n\nYour place on Being Restorative (BR-90) is booked.\n\n")
    assert "Session 1 (Module 1): Mon 12 Jun 2017 09:30-12:30, Grimsby Town Hall, Assembly Room\n" in said


def test_what_was_written_is_a_mail_on_the_disk_for_its_owner_alone_and_is_not_due_again(
    booked: Context, tmp_path: Path
) -> None:
    files = write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.CONFIRMATION))
    assert [Path(each).name.split("-m")[0] for each in files] == [
        "BR-90-ann-smith-1-confirmation", "BR-90-bo-young-2-confirmation"
    ]  # fmt: skip
    mail = read(files[0])
    assert (mail["To"], mail["Subject"]) == (
        "Ann Smith <ann@example.org>", "You have a place: Being Restorative, Mon 12 Jun 2017"
    )  # fmt: skip
    assert stat.S_IMODE(os.stat(files[0]).st_mode) == 0o600
    assert due(booked) == [("Cy", "waiting_list")]
    assert write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.CONFIRMATION)) == []
    (line, *_) = builders.list_history_lines(booked)
    assert (line.verb, line.subject) == ("message written", "confirmation to Bo Young on BR-90")


@pytest.mark.of_files
def test_the_same_message_has_the_same_bytes_wherever_it_is_written(
    booked: Context, tmp_path: Path, location: str
) -> None:
    import shutil

    from csc_tui.base import bootstrap

    copy = shutil.copy(location, tmp_path / "copy.db")
    first = [Path(each).read_bytes() for each in write(booked, tmp_path / "one")]
    again = bootstrap.create_context(str(copy), actor="bob", today="2017-04-10T09:00")
    assert [Path(each).read_bytes() for each in write(again, tmp_path / "two")] == first


def test_an_invitation_is_written_with_its_calendar_file_and_stands_in_its_ledger(
    booked: Context, tmp_path: Path
) -> None:
    files = write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.INVITATION))
    assert len(files) == 6
    calendar = Path(files[0].removesuffix(".eml") + ".ics").read_bytes()
    (attached,) = [part for part in read(files[0]).walk() if part.get_content_type() == "application/ics"]
    assert attached.get_payload(decode=True) == calendar
    assert mail_invitations.list_due_invitations(booked, "BR-90") == []
    assert mail_invitations.write_invitations(booked, "BR-90", str(tmp_path / "other")).written == []


def test_what_csc_invite_wrote_is_due_in_no_outbox(booked: Context, tmp_path: Path) -> None:
    mail_invitations.write_invitations(booked, "BR-90", str(tmp_path / "out"))
    assert "invitation" not in {kind for _, kind in due(booked, invitations=True)}


def test_whoever_moves_up_is_told_of_that_and_who_left_of_that(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    booking_actions.cancel_place(booked, "BR-90", "Ann Smith", reason="Illness")
    assert due(booked) == [("Ann", "cancellation"), ("Cy", "promotion")]
    assert "Reason given: Illness.\n" in body(booked, MessageKind.CANCELLATION)


def test_nobody_is_told_of_what_is_not_so_any_more(booked: Context) -> None:
    """Booked and gone before anything was sent: of the booking nothing is said."""
    booking_actions.cancel_place(booked, "BR-90", "Ann Smith", reason="Illness")
    assert due(booked) == [("Ann", "cancellation"), ("Bo", "confirmation"), ("Cy", "promotion")]


def test_what_is_taken_back_before_anybody_was_told_is_told_to_nobody(booked: Context, tmp_path: Path) -> None:
    undo.undo_steps(booked)
    assert due(booked) == []


def test_a_change_somebody_was_told_of_is_not_taken_back_silently(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    with pytest.raises(RuleBroken, match="messages about it have been sent since"):
        undo.undo_steps(booked)


def test_an_older_message_keeps_nobody_from_taking_back_a_later_change(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    booking_actions.cancel_place(booked, "BR-90", "Ann Smith", reason="Illness")
    undo.undo_steps(booked)
    assert builders.standing("BR-90")["Ann Smith"] == "booked"
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    beside(booked, tmp_path / "out")
    with pytest.raises(RuleBroken, match="messages about it have been sent since"):
        undo.undo_steps(booked)


def test_an_offer_is_told_until_it_runs_out(ctx: Context, june: None) -> None:
    course_rules.set_course_rule(ctx, "BR", "waiting_rule", "offer")
    for name in ("Ann Smith", "Bo Young", "Cy Jones"):
        person(name)
    booking_actions.enrol_people(ctx, "BR-90", ["Ann Smith", "Bo Young", "Cy Jones"])
    booking_actions.cancel_place(ctx, "BR-90", "Ann Smith", reason="Illness")
    assert ("Cy", "offer") in due(ctx)
    assert "until 09:00 on Wed 12 Apr 2017" in body(ctx, MessageKind.OFFER)
    assert ("Cy", "offer") not in due(at(ctx, "2017-04-12T09:01"))
    booking_actions.accept_offer(ctx, "BR-90", "Cy Jones")
    assert ("Cy", "confirmation") in due(ctx)


def test_a_declined_request_is_told_with_its_reason(ctx: Context, june: None) -> None:
    course_rules.set_course_rule(ctx, "BR", "approval", "coordinator")
    person("Ann Smith")
    booker = replace(ctx, role=Role.BOOKER, actor="bob")
    booking_actions.enrol_people(booker, "BR-90", ["Ann Smith"])
    assert due(ctx) == []
    booking_actions.decline_place(ctx, "BR-90", "Ann Smith", reason="Not this year")
    assert due(ctx) == [("Ann", "declined")]
    assert "Reason given: Not this year." in body(ctx, MessageKind.DECLINED)


def test_joining_instructions_wait_for_the_event_to_be_confirmed(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    calendar_actions.set_event_state(booked, "BR-90", EventState.TENTATIVE)
    assert due(booked) == []
    calendar_actions.set_event_state(booked, "BR-90", EventState.CONFIRMED)
    assert due(booked) == [("Ann", "joining_instructions"), ("Bo", "joining_instructions")]
    assert "- Restorative Practice: www.restorativefoundation.org.uk" in body(booked, MessageKind.JOINING)


def test_who_was_told_of_dates_is_told_when_they_change_and_each_time_they_do(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    assert due(booked) == [("Ann", "change"), ("Bo", "change")]
    said = body(booked, MessageKind.CHANGE)
    assert said.index("Tue 13 Jun 2017") < said.index("Mon 12 Jun 2017")
    beside(booked, tmp_path / "out")
    assert due(booked) == []
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12)))
    beside(booked, tmp_path / "out")
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    assert due(booked) == [("Ann", "change"), ("Bo", "change")]


def test_a_change_taken_back_before_anybody_was_told_is_told_to_nobody(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 12)))
    assert due(booked) == []


def test_whose_calendar_is_updated_by_an_invitation_gets_no_change_beside_it(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.INVITATION))
    calendar_actions.move_session(booked, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    assert due(booked, invitations=True) == [("Ann", "invitation"), ("Bo", "invitation")]
    assert outbox.list_outbox(booked)[0].subject.startswith("Update: ")


def test_a_reminder_comes_some_days_before_each_session_and_again_after_a_move(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    early = at(booked, "2017-06-05T08:00")
    assert due(at(booked, "2017-06-04T23:00")) == []
    assert due(early) == [("Ann", "reminder"), ("Bo", "reminder")]
    beside(early, tmp_path / "out")
    assert due(early) == []
    calendar_actions.move_session(early, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 9)))
    assert due(early) == [("Ann", "reminder"), ("Ann", "change"), ("Bo", "reminder"), ("Bo", "change")]
    assert due(at(booked, "2017-06-09T10:00")) == [("Ann", "change"), ("Bo", "change")]


def test_who_is_booked_when_the_reminder_was_due_is_not_reminded_as_well(ctx: Context, june: None) -> None:
    person("Ann Smith")
    late = at(ctx, "2017-06-08")
    booking_actions.enrol_people(late, "BR-90", ["Ann Smith"])
    assert due(late) == [("Ann", "confirmation")]


def test_who_makes_a_module_up_is_reminded(ctx: Context, june: None) -> None:
    ann = person("Ann Smith")
    with write_transaction():
        session = models.SessionRow.get(models.SessionRow.number == 2)
        models.MakeUpRow.insert(session=session.id, person=ann.id, since=ctx.stamp()).execute()
    assert due(at(ctx, "2017-06-13")) == [("Ann", "reminder")]


def test_a_cancelled_event_tells_everybody_who_was_on_it(booked: Context, tmp_path: Path) -> None:
    beside(booked, tmp_path / "out")
    calendar_actions.cancel_event(booked, "BR-90", reason="The trainer is ill")
    assert due(booked) == [("Ann", "cancellation"), ("Bo", "cancellation"), ("Cy", "cancellation")]
    assert "the event has been cancelled. Reason given: The trainer is ill." in body(booked, MessageKind.CANCELLATION)


def test_who_was_missed_is_told_and_their_manager_once_the_session_is_over(booked: Context, tmp_path: Path) -> None:
    boss = person("Max Boss", email="max@example.org")
    with write_transaction():
        models.PersonRow.update(manager=boss.id).where(models.PersonRow.forename.in_(("Ann", "Bo"))).execute()
    during = at(booked, "2017-06-12T11:00")
    attendance_actions.mark_person(during, "BR-90", 1, "Ann Smith", attendance_actions.NewMark(MarkKind.ABSENT))
    attendance_actions.mark_person(during, "BR-90", 1, "Bo Young", attendance_actions.NewMark(MarkKind.APOLOGIES))
    assert not [kind for _, kind in due(during) if kind.startswith("missed")]
    after = at(booked, "2017-06-12T13:00")
    assert [each for each in due(after) if each[1].startswith("missed")] == [
        ("Ann", "missed_session"), ("Bo", "missed_session"), ("Max", "missed_session_manager"),
    ]  # fmt: skip
    assert "Ann Smith had a place on Being Restorative: Module 1 (BR-90)" in body(after, MessageKind.MISSED_MANAGER)
    beside(after, tmp_path / "out")
    with pytest.raises(RuleBroken, match="messages about it have been sent since"):
        undo.undo_steps(after)
    attendance_actions.mark_person(after, "BR-90", 1, "Ann Smith", attendance_actions.NewMark(MarkKind.PRESENT))
    assert not [kind for _, kind in due(after) if kind.startswith("missed")]
    assert not [kind for _, kind in due(at(booked, "2017-06-27T13:00")) if kind.startswith("missed")]


def attended(ctx: Context) -> Context:
    run = event("BR-91", dates=["2017-04-03"], state="delivered")
    ann = person("Ann Smith")
    builders.enrolment(run, ann, Status.FULLY_ATTENDED)
    builders.mark(run, 1, ann)
    return ctx


def test_who_was_there_is_asked_after_the_last_session_and_after_three_months(
    ctx: Context, june: None, tmp_path: Path
) -> None:
    attended(ctx)
    assert due(ctx) == [("Ann", "evaluation_request")]
    assert "\n1. " in body(ctx, MessageKind.EVALUATION)
    beside(ctx, tmp_path / "out")
    assert due(ctx) == []
    assert due(at(ctx, "2017-07-02")) == []
    assert due(at(ctx, "2017-07-03T13:00")) == [("Ann", "three_month_follow_up")]
    assert due(at(ctx, "2017-08-20")) == []


def test_who_has_answered_is_not_asked(ctx: Context, june: None) -> None:
    from csc_tui.core.evaluation import actions as evaluation_actions
    from db.records.evaluation import Stage

    attended(ctx)
    evaluation_actions.enter_answers(ctx, "BR-91", "Ann Smith", Stage.ON_THE_DAY, {1: "yes"})
    assert due(ctx) == []


def test_a_completion_that_runs_out_asks_for_a_refresher_unless_one_is_booked(
    ctx: Context, june: None, tmp_path: Path
) -> None:
    builders.course(validity_months=12)
    ann = person("Ann Smith")
    with write_transaction():
        course_id = models.CourseRow.select(models.CourseRow.id).where(models.CourseRow.code == "BR").scalar()
        models.CompletionRow.insert(person=ann.id, course=course_id, on=date(2016, 5, 20)).execute()
    assert due(ctx) == [("Ann", "refresher_due")]
    assert "It is valid until Sat 20 May 2017" in body(ctx, MessageKind.REFRESHER)
    assert due(at(ctx, "2017-03-01")) == []
    assert due(at(ctx, "2017-07-01")) == []
    booking_actions.enrol_people(ctx, "BR-90", ["Ann Smith"])
    assert due(ctx) == [("Ann", "confirmation")]


def test_managers_get_a_copy_only_where_the_policy_says_so(booked: Context, tmp_path: Path) -> None:
    boss = person("Max Boss", email="max@example.org")
    with write_transaction():
        models.PersonRow.update(manager=boss.id).where(models.PersonRow.forename == "Ann").execute()
    assert "manager_copy" not in {kind for _, kind in due(booked)}
    copying = replace(booked, policy={**booked.policy, "manager_copies": "yes"})
    assert ("Max", "manager_copy") in due(copying)
    said = body(copying, MessageKind.MANAGER_COPY)
    assert said.startswith("Dear Max,\n\nAnn Smith has been sent this message.")
    assert "You have a place: Being Restorative, Mon 12 Jun 2017\n\nDear Ann,\n" in said
    (copy,) = write(copying, tmp_path / "out", MessageChoice(kind=MessageKind.MANAGER_COPY))
    assert "text/calendar" not in [part.get_content_type() for part in read(copy).walk()]


def test_kinds_the_policy_turns_off_and_old_news_are_not_due(booked: Context) -> None:
    quiet = replace(booked, policy={**booked.policy, "messages_off": "confirmation"})
    assert due(quiet) == [("Cy", "waiting_list")]
    assert due(at(booked, "2017-04-24T08:59")) != []
    assert due(at(booked, "2017-04-24T09:01")) == []


def test_a_draft_tells_nobody_anything(ctx: Context, june: None) -> None:
    builders.enrolment(event("BR-95", state="draft"), person("Ann Smith"))
    assert due(ctx, invitations=True) == []


def test_an_address_no_mail_can_be_sent_to_is_named_and_holds_up_nobody(booked: Context, tmp_path: Path) -> None:
    with write_transaction():
        models.PersonRow.update(email="ann at home").where(models.PersonRow.forename == "Ann").execute()
    (failed,) = [each for each in outbox.list_outbox(booked) if each.state == "failed" and each.kind == "confirmation"]
    assert failed.fault == "'ann at home' is not an address that e-mail can be sent to. Correct the address."
    done = message_files.write_messages(booked, str(tmp_path / "out"), MessageChoice(kind=MessageKind.CONFIRMATION))
    assert [each.to for each in done.lines] == ["Bo Young <bo@example.org>"]
    assert [each.to.name for each in done.unreachable] == ["Ann Smith"]


def test_somebody_who_has_left_is_written_to_no_more(booked: Context) -> None:
    with write_transaction():
        models.PersonRow.update(active=False).where(models.PersonRow.forename == "Ann").execute()
    assert ("Ann", "confirmation") not in due(booked)


@pytest.mark.parametrize("name", ["Bo\r\nBcc: evil@example.org", "=?utf-8?q?a=0ABcc=3A_evil?=", '", evil@example.org,'])
def test_no_name_becomes_a_header(ctx: Context, june: None, tmp_path: Path, name: str) -> None:
    builders.enrolment(event("BR-95"), person(f"X {name}", email="bo@example.org"), since=ctx.stamp())
    (file,) = write(ctx, tmp_path / "out", MessageChoice(kind=MessageKind.CONFIRMATION))
    mail = read(file)
    assert "Bcc" not in mail
    assert [each.addr_spec for each in mail["To"].addresses] == ["bo@example.org"]


def test_a_name_no_mail_can_carry_holds_up_nobody_else(
    booked: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports import mail as exports_mail

    real = exports_mail.render_text_mail

    def message(**given: Any) -> Any:
        if given["to"].name == "Ann Smith":
            raise RuleBroken("The e-mail to Ann Smith cannot be written.")
        return real(**given)

    monkeypatch.setattr(exports_mail, "render_text_mail", message)
    done = message_files.write_messages(booked, str(tmp_path / "out"), MessageChoice(kind=MessageKind.CONFIRMATION))
    assert [each.to for each in done.lines] == ["Bo Young <bo@example.org>"]
    assert [each.fault for each in done.unreachable] == ["The e-mail to Ann Smith cannot be written."]


def test_only_what_was_named_is_written_and_what_cannot_be_is_said(booked: Context, tmp_path: Path) -> None:
    ann, _, _ = (each.id for each in outbox.list_outbox(booked) if each.kind != "invitation")
    assert len(write(booked, tmp_path / "out", MessageChoice(frozenset([ann])))) == 1
    with pytest.raises(MessageAlreadyMade, match=f"Message {ann} is written"):
        write(booked, tmp_path / "out", MessageChoice(frozenset([ann])))
    with pytest.raises(NoSuchMessage, match="There is no message m00000000000"):
        write(booked, tmp_path / "out", MessageChoice(frozenset(["m00000000000"])))
    with pytest.raises(NoSuchEvent):
        write(booked, tmp_path / "out", MessageChoice(event="NOPE-1"))
    assert write(booked, tmp_path / "out", MessageChoice(event="br-90", kind=MessageKind.CONFIRMATION)) != []


def test_a_dry_run_writes_and_notes_nothing(booked: Context, tmp_path: Path) -> None:
    assert len(write(booked, tmp_path / "out", dry_run=True)) == 9
    assert not (tmp_path / "out").exists()
    assert len(due(booked)) == 3


def test_what_is_in_the_way_is_left_and_nothing_counts_as_written(booked: Context, tmp_path: Path) -> None:
    (path,) = write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.WAITING_LIST), dry_run=True)
    os.mkdir(tmp_path / "out")
    Path(path).write_text("a letter of mine")
    with pytest.raises(Duplicate):
        write(booked, tmp_path / "out", MessageChoice(kind=MessageKind.WAITING_LIST))
    assert Path(path).read_text() == "a letter of mine"
    assert ("Cy", "waiting_list") in due(booked)


def test_writing_can_be_stopped_and_what_was_written_until_then_is_noted(
    booked: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_files, "AT_ONCE", 1)
    stop = StopSignal()
    done = message_files.write_messages(
        booked, str(tmp_path / "out"), progress=lambda number, of: stop.set() if number == 2 else None, stop=stop
    )
    assert (len(done.lines), done.left) == (2, 7)
    assert len(write(booked, tmp_path / "out")) == 7


def test_what_changes_while_it_is_written_is_worked_out_anew(
    booked: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_files, "AT_ONCE", 1)

    def cancelling(number: int, of: int) -> None:
        if number == 1:
            booking_actions.cancel_place(booked, "BR-90", "Bo Young", reason="Illness")

    choice = MessageChoice(kind=MessageKind.CONFIRMATION)
    done = message_files.write_messages(booked, str(tmp_path / "out"), choice, progress=cancelling)
    assert [each.to.split()[0] for each in done.lines] == ["Ann"]


def test_what_is_forgotten_is_not_due_and_can_be_seen(booked: Context) -> None:
    forgotten = message_files.forget_messages(booked, MessageChoice(kind=MessageKind.CONFIRMATION))
    assert len(forgotten) == 2
    assert due(booked) == [("Cy", "waiting_list")]
    made = outbox.list_outbox(booked, made=True)
    assert [(each.to.split()[0], each.state) for each in made] == [("Bo", "forgotten"), ("Ann", "forgotten")]
    with pytest.raises(NoSuchMessage):
        message_files.forget_messages(booked, MessageChoice(frozenset(["m00000000000"])))
    undo.undo_steps(booked)  # nobody was told


def test_a_viewer_looks_and_writes_nothing(booked: Context, tmp_path: Path) -> None:
    viewer = replace(booked, role=Role.VIEWER)
    assert len(due(viewer)) == 3
    for act in (
        lambda: write(viewer, tmp_path / "out"),
        lambda: message_files.forget_messages(viewer, MessageChoice()),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_message_is_shown_as_it_was_made_even_when_the_words_have_changed_since(
    booked: Context, tmp_path: Path
) -> None:
    line = next(each for each in outbox.list_outbox(booked) if each.kind == "confirmation")
    write(booked, tmp_path / "out", MessageChoice(frozenset([line.id])))
    templates.set_template(booked, MessageKind.CONFIRMATION, subject="Hello {forename}", body="New words.")
    card = outbox.get_message_card(booked, line.id)
    assert (card.state, card.by, card.subject) == ("written", "alice", line.subject)
    assert outbox.list_outbox(booked, MessageChoice(kind=MessageKind.CONFIRMATION))[0].subject == "Hello Bo"


def test_words_of_an_invitation_stand_in_its_mail(booked: Context, tmp_path: Path) -> None:
    templates.set_template(booked, MessageKind.INVITATION, subject="{what}: come to {session}")
    done = mail_invitations.write_invitations(
        booked, "BR-90", str(tmp_path / "out"), mail_invitations.InvitationOptions(mail=True)
    )
    assert read(done.written[0].file)["Subject"] == "Invitation: come to Being Restorative: Module 1"


def test_words_can_be_changed_looked_at_and_given_back(booked: Context) -> None:
    assert all(not each.edited_by for each in templates.list_message_templates(booked))
    letter = Letter("Welcome {forename}", "Dear {name}, see you on {first_day}.")
    assert outbox.preview_letter(booked, MessageKind.CONFIRMATION, letter=letter).body == (
        "Dear Ann Smith, see you on Mon 12 Jun 2017.\n"
    )
    found = outbox.preview_letter(booked, MessageKind.CONFIRMATION, letter=letter, person="Cy Jones")
    assert found.note == "This is an example: no such message is due to Cy Jones at the moment."
    kept = templates.set_template(booked, MessageKind.CONFIRMATION, subject=letter.subject, body=letter.body)
    assert (kept.letter, kept.edited_by) == (letter, "alice")
    with pytest.raises(Stale):
        templates.set_template(booked, MessageKind.CONFIRMATION, subject="x", expected=Letter("a", "b"))
    with pytest.raises(WrongUse):
        templates.set_template(booked, MessageKind.CONFIRMATION, subject="{nonsense}")
    assert templates.set_template(booked, MessageKind.CONFIRMATION, subject="Try", dry_run=True).letter.subject == "Try"
    assert templates.get_template_card(booked, MessageKind.CONFIRMATION).letter == letter
    templates.reset_template(booked, MessageKind.CONFIRMATION)
    with pytest.raises(NotFound):
        templates.reset_template(booked, MessageKind.CONFIRMATION)
    with pytest.raises(NotAllowed):
        templates.set_template(replace(booked, role=Role.BOOKER), MessageKind.CONFIRMATION, subject="x")


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_can_be_looked_at_with_a_real_person(booked: Context, kind: Any) -> None:
    found = outbox.preview_letter(booked, kind, person="Ann Smith", event="BR-90")
    assert "{" not in found.subject + found.body
    assert "Ann" in found.to


def test_without_events_or_people_a_look_says_what_is_missing(ctx: Context) -> None:
    with pytest.raises(NotFound, match="A preview needs an event"):
        outbox.preview_letter(ctx, MessageKind.REMINDER)


def test_times_of_day_are_the_councils(ctx: Context, june: None) -> None:
    """An offer made in summer time, which the clock of the stamps does not have."""
    summer = at(ctx, "2017-06-01T10:00")
    course_rules.set_course_rule(summer, "BR", "waiting_rule", "offer")
    for name in ("Ann Smith", "Bo Young", "Cy Jones"):
        person(name)
    booking_actions.enrol_people(summer, "BR-90", ["Ann Smith", "Bo Young", "Cy Jones"])
    booking_actions.cancel_place(summer, "BR-90", "Ann Smith", reason="Illness")
    assert "until 10:00 on Sat 3 Jun 2017" in body(summer, MessageKind.OFFER)
    assert time(10) == summer.now().time()
