"""Sending through a real mail server on this machine: none twice, none lost, whatever breaks."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import delivery, invitations, mail_server, outbox
from csc_tui.core.mail.delivery import AlreadySending
from csc_tui.core.mail.mail_server import MailServer
from csc_tui.core.mail.message_files import StopSignal
from csc_tui.core.mail.outbox import MessageChoice
from db import messages, models
from db.engine.connection import read_transaction
from db.errors import RuleBroken, ServiceUnreachable, WrongUse
from db.records.mail import MessageKind
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role
from exports.smtp import Security, SmtpServer
from tests import builders
from tests.core.mail.mailroom import PASSWORD, USER, Mailroom, certificate_in, mailroom

CONFIRMATIONS = MessageChoice(kind=MessageKind.CONFIRMATION)
PEOPLE = ("Ann Smith", "Bo Young", "Cy Jones", "Di Low", "Ed Marsh", "Flo Nash")


@pytest.fixture
def six(ctx: Context) -> list[str]:
    """Six people booked this morning on an event in June."""
    builders.event("BR-90", capacity=10, dates=["2017-06-12", "2017-06-19"], venue="Grimsby Town Hall")
    people = [builders.person(name) for name in PEOPLE]
    booking_actions.enrol_people(ctx, "BR-90", [each.key for each in people])
    return [each.email for each in people]


@pytest.fixture
def office() -> Iterator[tuple[Mailroom, SmtpServer]]:
    with mailroom() as (room, port):
        yield room, SmtpServer("127.0.0.1", port, Security.NONE)


class Paused(list[float]):
    """Notes every pause and takes none."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def send(ctx: Context, server: SmtpServer, choice: MessageChoice = CONFIRMATIONS, **given: Any) -> delivery.SendResult:
    place = MailServer(server, given.pop("per_minute", 0))
    wanted = {name: given.pop(name) for name in ("again", "refused", "at_once") if name in given}
    pause = given.pop("pause", Paused())
    return delivery.send_messages(ctx, place, delivery.MessagesToSend(choice, **wanted), pause=pause, **given)


def states(ctx: Context, kind: MessageKind = MessageKind.CONFIRMATION) -> dict[str, str]:
    """Name -> how their message stands."""
    lines = [
        *outbox.list_outbox(ctx, MessageChoice(kind=kind)),
        *outbox.list_outbox(ctx, MessageChoice(kind=kind), made=True),
    ]
    return {each.to.partition(" <")[0]: each.state for each in lines}


def test_each_message_goes_to_its_person_once(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    done = send(ctx, server)
    assert len(done.sent) == 6
    assert sorted(room.recipients) == sorted(six)
    assert set(room.senders) == {"csc.training@example.org"}
    assert [str(mail["Subject"]) for mail in room.arrived] == [
        "You have a place: Being Restorative, Mon 12 Jun 2017"
    ] * 6
    assert "Dear Ann,\r\n" in room.arrived[0].get_body(("plain",)).get_content()
    assert room.calls == 1
    assert send(ctx, server).sent == []
    assert len(room.arrived) == 6
    assert set(states(ctx).values()) == {"sent"}


def test_what_is_sent_stands_in_the_history_with_who_sent_it(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    _, server = office
    send(ctx, server)
    lines = [each for each in lookups_history(ctx) if each.verb == "message sent"]
    assert [each.actor for each in lines] == ["alice"] * 6
    assert lines[-1].subject == "confirmation to Ann Smith on BR-90"


def lookups_history(ctx: Context) -> Any:

    return builders.list_history_lines(ctx)


def test_a_dry_run_calls_nobody_and_changes_nothing(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, _ = office
    assert len(delivery.list_messages_to_send(ctx, CONFIRMATIONS)) == 6
    assert room.calls == 0
    assert set(states(ctx).values()) == {"waiting"}


def test_the_line_is_private_the_certificate_checked_and_the_user_known(
    ctx: Context, six: list[str], tmp_path: Path
) -> None:
    certificate = certificate_in(tmp_path)
    with mailroom(certificate) as (room, port):
        trusted = SmtpServer("localhost", port, Security.STARTTLS, USER, PASSWORD, str(certificate))
        assert len(send(ctx, trusted, at_once=2).sent) == 2
        assert room.private == [True, True]
        with pytest.raises(ServiceUnreachable, match=r"certificate .* cannot be trusted"):
            send(ctx, SmtpServer("localhost", port, Security.STARTTLS, USER, PASSWORD))
        with pytest.raises(ServiceUnreachable, match="does not accept that password for 'training'") as problem:
            send(ctx, SmtpServer("localhost", port, Security.STARTTLS, USER, "wrong", str(certificate)))
        assert "wrong" not in str(problem.value)
        assert "wrong" not in repr(SmtpServer("localhost", port, Security.STARTTLS, USER, "wrong"))
        assert len(room.arrived) == 2
    with mailroom(certificate, tls=True) as (room, port):
        tls = SmtpServer("localhost", port, Security.TLS, USER, PASSWORD, str(certificate))
        assert len(send(ctx, tls, at_once=1).sent) == 1
        delivery.check_mail_server(tls)
        assert len(room.arrived) == 1


def test_a_server_without_starttls_is_not_talked_to_in_the_open(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    with pytest.raises(ServiceUnreachable, match="does not support these settings"):
        send(ctx, SmtpServer(server.host, server.port, Security.STARTTLS))
    assert room.arrived == []


def test_nobody_there_is_said_and_nothing_is_lost(ctx: Context, six: list[str]) -> None:
    with mailroom() as (_, port):
        pass
    pauses = Paused()
    with pytest.raises(ServiceUnreachable, match="did not work as expected"):
        send(ctx, SmtpServer("127.0.0.1", port, Security.NONE), pause=pauses)
    assert pauses == list(delivery.PAUSES)
    assert set(states(ctx).values()) == {"waiting"}


def test_an_address_the_server_refuses_does_not_hold_up_the_others(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_rcpt = lambda address: "550 5.1.1 no such mailbox" if address == six[2] else None
    done = send(ctx, server)
    assert len(done.sent) == 5
    ((line, why),) = done.refused
    assert (line.to, why) == (
        f"Cy Jones <{six[2]}>",
        f"The mail server refused the address '{six[2]}': 550 5.1.1 no such mailbox.",
    )
    assert states(ctx)["Cy Jones"] == "failed"
    assert send(ctx, server).refused == []
    room.on_rcpt = lambda address: None
    assert [each.to for each in send(ctx, server, refused=True).sent] == [f"Cy Jones <{six[2]}>"]
    assert room.twice() == []


def test_a_name_no_mail_can_carry_holds_up_nobody_else(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports import mail as exports_mail

    real = exports_mail.render_text_mail

    def message(**given: Any) -> Any:
        if given["to"].name == "Ann Smith":
            raise RuleBroken("The e-mail to Ann Smith cannot be written.")
        return real(**given)

    monkeypatch.setattr(exports_mail, "render_text_mail", message)
    done = send(ctx, office[1])
    assert len(done.sent) == 5
    assert [why for _, why in done.refused] == ["The e-mail to Ann Smith cannot be written."]
    assert states(ctx)["Ann Smith"] == "failed"


def test_an_address_that_cannot_be_used_is_not_sent_to_however_often_it_is_asked(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    models_person_email(six[0], "ann at home")
    (failed,) = [each for each in outbox.list_outbox(ctx, CONFIRMATIONS) if each.state == "failed"]
    with pytest.raises(RuleBroken, match="'ann at home'"):
        send(ctx, office[1], again=[failed.id])
    assert len(send(ctx, office[1], refused=True).sent) == 0


def test_a_corrected_address_is_tried_by_itself(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_rcpt = lambda address: "550 no such mailbox" if address == six[2] else None
    send(ctx, server)
    models_person_email(six[2], "cy@example.org")
    assert [each.to for each in send(ctx, server).sent] == ["Cy Jones <cy@example.org>"]


def models_person_email(before: str, after: str) -> None:
    from db.engine.connection import write_transaction

    with write_transaction():
        models.PersonRow.update(email=after, email_key=after).where(models.PersonRow.email == before).execute()


def test_a_mail_not_taken_for_now_is_tried_again_after_a_pause_and_again_in_the_next_run(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    asked: list[str] = []

    def busy(address: str) -> str | None:
        asked.append(address)
        return "451 4.7.1 greylisted, try again later" if address == six[0] and asked.count(address) < 3 else None

    room.on_rcpt = busy
    pauses = Paused()
    done = send(ctx, server, pause=pauses)
    assert len(done.sent) == 6
    assert (done.later, pauses) == ([], list(delivery.PAUSES))
    room.on_rcpt = lambda address: "451 try later"
    builders_book(ctx, "Gus Orr")
    late = send(ctx, server)
    assert [line.to.partition(" <")[0] for line, _ in late.later] == ["Gus Orr"]
    assert states(ctx)["Gus Orr"] == "waiting"
    room.on_rcpt = lambda address: None
    assert len(send(ctx, server).sent) == 1
    assert room.twice() == []


def builders_book(ctx: Context, name: str) -> None:
    booking_actions.enrol_people(ctx, "BR-90", [builders.person(name).key])


def test_a_server_that_takes_no_mail_of_ours_at_all_blames_no_address(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office

    async def nobody(*given: object) -> str:
        return "550 5.7.1 sender not allowed"

    room.handle_MAIL = nobody
    with pytest.raises(ServiceUnreachable, match=r"does not accept mail from csc\.training@example\.org"):
        send(ctx, server)
    assert set(states(ctx).values()) == {"waiting"}


def test_a_line_cut_before_the_mail_was_out_is_called_again(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    cut: list[str] = []

    def cutting(address: str) -> str | None:
        if address == six[3] and not cut:
            cut.append(address)
            return "cut"
        return None

    room.on_rcpt = cutting
    done = send(ctx, server)
    assert (len(done.sent), room.calls) == (6, 2)
    assert sorted(room.recipients) == sorted(six)


def test_a_line_cut_after_the_mail_was_out_leaves_its_fate_open_and_is_not_sent_again_by_itself(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_data = lambda number: "cut" if number == 2 else None
    done = send(ctx, server)
    assert (len(done.sent), len(done.unknown)) == (5, 1)
    assert states(ctx)["Cy Jones"] == "unknown"
    assert send(ctx, server).sent == []
    assert len(room.arrived) == 6
    assert room.twice() == []
    (unknown,) = done.unknown
    assert [each.id for each in send(ctx, server, again=[unknown.id]).sent] == [unknown.id]
    # Whoever had it already can see that it is the same one.
    assert room.twice() == [str(room.arrived[2]["Message-ID"])]


def test_an_answer_that_makes_no_sense_leaves_the_fate_of_a_mail_open(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_data = lambda number: "what?" if number == 2 else None
    done = send(ctx, server, at_once=3)
    assert (len(done.sent), len(done.unknown), done.later) == (2, 1, [])
    said = delivery.describe_send_result(done)[1]
    assert str(said) == "It is not known whether 1 message arrived. It is not sent again automatically."
    assert said.remedy == Remedy(RemedyKind.SEND_UNKNOWN)
    assert "Cy Jones" not in {each.to.partition(" <")[0] for each in send(ctx, server).sent}


def test_what_the_server_says_in_several_lines_is_one_sentence_and_what_to_do_follows(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_rcpt = lambda address: "550-5.1.1 no such\r\n550 mailbox." if address == six[2] else None
    done = send(ctx, server)
    assert [why for _, why in done.refused] == [
        f"The mail server refused the address '{six[2]}': 550 5.1.1 no such mailbox."
    ]
    assert delivery.describe_send_result(done)[-1].remedy == Remedy(RemedyKind.SEND_REFUSED)


def test_it_can_be_stopped_between_two_messages_and_goes_on_where_it_stopped(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    stop = StopSignal()
    done = send(ctx, server, stop=stop, progress=lambda number, of: stop.set() if number == 2 else None)
    assert (len(done.sent), done.left) == (2, 4)
    assert len(send(ctx, server).sent) == 4
    assert sorted(room.recipients) == sorted(six)


def test_so_many_a_minute_and_no_more(ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]) -> None:
    _, server = office
    pauses = Paused()
    send(ctx, server, per_minute=30, pause=pauses)
    assert len(pauses) == 5
    assert all(1 < each <= 2 for each in pauses)


@pytest.mark.of_files
def test_whoever_opens_the_file_by_a_link_is_not_alone_either(ctx: Context, location: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(location)
    with messages.lock_sending() as ours:
        bootstrap.bind_database(str(tmp_path / "link.db"))
        with messages.lock_sending() as theirs:
            assert (ours, theirs) == (True, False)
        builders.person("Bo Ek")
    assert not (tmp_path / "link.db.lock").exists()


def test_two_people_never_send_at_the_same_time(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    with messages.lock_sending() as ours:
        assert ours
        with pytest.raises(AlreadySending, match="Someone else is sending"):
            send(ctx, server)
    assert room.arrived == []


def test_what_is_no_longer_due_when_its_turn_comes_is_not_sent(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office

    def cancelling(number: int, of: int) -> None:
        if number == 1:
            booking_actions.cancel_place(ctx, "BR-90", six[4], reason="Illness")

    done = send(ctx, server, progress=cancelling)
    assert len(done.sent) == 5
    assert six[4] not in room.recipients


def test_a_viewer_sends_nothing(ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]) -> None:
    from dataclasses import replace

    room, server = office
    with pytest.raises(NotAllowed):
        send(replace(ctx, role=Role.VIEWER), server)
    assert room.calls == 0


INVITATIONS = MessageChoice(kind=MessageKind.INVITATION)


def dispatches() -> list[tuple[int, str, str]]:
    with read_transaction():
        row = models.DispatchRow
        found = row.select(row.sequence, row.method, row.file).order_by(row.id).tuples()
        return [(sequence, method.value, file) for sequence, method, file in found]


def test_an_invitation_that_was_sent_stands_in_the_ledger_and_is_due_nowhere(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer], tmp_path: Path
) -> None:
    room, server = office
    done = send(ctx, server, INVITATIONS)
    assert len(done.sent) == 12
    assert dispatches() == [(0, "REQUEST", "sent by mail")] * 12
    assert invitations.list_due_invitations(ctx, "BR-90") == []
    assert invitations.write_invitations(ctx, "BR-90", str(tmp_path / "out")).written == []
    (calendar,) = [each for each in room.arrived[0].walk() if each.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)
    assert len(send(ctx, server, INVITATIONS).sent) == 12


def test_an_invitation_that_was_refused_counts_as_never_sent(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    room, server = office
    room.on_rcpt = lambda address: "550 no such mailbox" if address == six[0] else None
    done = send(ctx, server, INVITATIONS)
    assert (len(done.sent), len(done.refused), len(dispatches())) == (10, 2, 10)
    assert {each.attendee.address for each in invitations.list_due_invitations(ctx, "BR-90")} == {six[0]}


def test_an_invitation_of_unknown_fate_counts_as_sent_so_that_a_change_comes_with_a_higher_sequence(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer]
) -> None:
    from datetime import date

    room, server = office
    room.on_data = lambda number: "cut" if number == 0 else None
    done = send(ctx, server, INVITATIONS, at_once=1)
    assert len(done.unknown) == 1
    assert dispatches() == [(0, "REQUEST", "sent by mail")]
    calendar_actions.move_session(ctx, "BR-90", 1, calendar_actions.SessionMove(date(2017, 6, 13)))
    moved = [each for each in invitations.list_due_invitations(ctx, "BR-90") if each.invitation_id]
    assert [each.entry.sequence for each in moved] == [1]


SENDER = """
import sys
from csc_tui.base import bootstrap
from csc_tui.core.mail import delivery
from csc_tui.core.mail.mail_server import MailServer
from exports.smtp import Security, SmtpServer
ctx = bootstrap.create_context(sys.argv[1], actor="bob", today="2017-04-10T09:00")
delivery.send_messages(ctx, MailServer(SmtpServer("127.0.0.1", int(sys.argv[2]), Security.NONE), 0))
"""


@pytest.mark.parametrize("deadly", [3, 9])
def test_a_sender_killed_half_way_sends_nothing_twice_and_loses_nothing(
    ctx: Context, six: list[str], office: tuple[Mailroom, SmtpServer], location: str, deadly: int
) -> None:
    """The server itself kills it while it waits for the answer: the worst moment there is."""
    room, server = office
    process: list[subprocess.Popen[bytes]] = []

    def kill(number: int) -> str | None:
        if number == deadly:
            process[0].send_signal(signal.SIGKILL)
        return None

    room.on_data = kill
    process.append(subprocess.Popen([sys.executable, "-c", SENDER, location, str(server.port)], cwd=builders.ROOT))
    assert process[0].wait(timeout=60) == -signal.SIGKILL
    room.on_data = lambda number: None
    done = send(ctx, server, MessageChoice())
    assert done.stranded == 1
    everything = 6 + 12
    assert len(done.sent) == everything - deadly - 1
    assert (len(room.arrived), room.twice()) == (everything, [])
    assert send(ctx, server, MessageChoice()).sent == []
    (unknown,) = [each for each in outbox.list_outbox(ctx) if each.state == "unknown"]
    assert "not known" in unknown.fault
    with read_transaction():
        assert models.DispatchRow.select().count() == 12


def settings(text: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "csc-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No mail server is set up"),
        ("[mail]\nuser = 'x'", "needs host"),
        ("[mail]\nhost = 'a b'", "needs host"),
        ("[mail]\nhost = 'h'\npassword = 'x'", "a password must not be written in [mail]"),
        ("[mail]\nhost = 'h'\nfrom = 'x'", "an unknown key 'from'"),
        ("[mail]\nhost = 'h'\nport = 'x'", "'port' in [mail] should be a whole number"),
        ("[mail]\nhost = 'h'\nport = 70000", "port is from 1 to 65535"),
        ("[mail]\nhost = 'h'\nper_minute = -1", "per_minute 0 or more"),
        ("[mail]\nhost = 'h'\nsecurity = 'ssl3'", "one of starttls, tls, none, not 'ssl3'"),
        ("[mail]\nhost = 'h'\nsecurity = 'none'", "only for a mail server on this machine"),
        ("[mail]\nhost = 'h'\nuser = 'x'", "has a user but no password_file"),
        ("[mail]\nhost = 'h'\nuser = 'x'\npassword_file = '/nowhere'", "/nowhere cannot be read"),
        ("[mail]\nhost = 'h'\nuser = 'x'\npassword_file = '/tmp'", "password_file /tmp is not a file"),
    ],
)
def test_settings_that_make_no_sense_name_the_key(text: str, sentence: str) -> None:
    settings(text)
    with pytest.raises(WrongUse) as problem:
        mail_server.get_mail_server()
    assert sentence in str(problem.value)


def test_settings_that_are_right_give_the_server(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("secret\n")
    path.chmod(0o600)
    settings(f"[mail]\nhost = 'smtp.example.org'\nuser = 'x'\npassword_file = '{path}'\nsecurity = 'TLS'")
    found = mail_server.get_mail_server()
    assert found.server == SmtpServer("smtp.example.org", 465, Security.TLS, "x", "secret", "")
    assert found.per_minute == 60
