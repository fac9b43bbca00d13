"""A folder on a mail server, over real sockets and real TLS on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.errors import ServiceUnreachable, WrongUse
from db.records.calendar import Credentials
from db.records.mail import ImapFolder
from exports import imap
from tests.servers.mailboxes import CERTIFICATE, PASSWORD, USER, MailServer, mail_server

LUNCH = b"Subject: lunch?\r\n\r\nToday?\r\n"
REPLY = b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n"
ATTACHED = b"Subject: see reply.ics\r\n\r\n(a file)\r\n"
APRIL = date(2017, 4, 1)


class Start:
    """`start(messages=..., ...)` gives the way to a server with these, which is then `start.server`."""

    server: MailServer

    def __init__(self, begin: Callable[..., ImapFolder]) -> None:
        self.begin = begin

    def __call__(self, **said: Any) -> ImapFolder:
        return self.begin(**said)


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(messages=..., ...)` gives the way to a server with these."""
    with ExitStack() as running:

        def begin(**said: Any) -> ImapFolder:
            Start.server = running.enter_context(mail_server(MailServer(**{"messages": {"INBOX": []}, **said})))
            security = "starttls" if said.get("starttls") else "tls"
            return ImapFolder(
                "localhost", Start.server.port, security, "INBOX", str(CERTIFICATE), Credentials(USER, PASSWORD)
            )

        yield Start(begin)


def read(store: ImapFolder) -> list[bytes | None]:
    return [each and each[1] for each in imap.read_imap_mail(store, APRIL)]


@pytest.mark.parametrize("starttls", [True, False])
def test_messages_with_a_calendar_are_fetched_and_the_others_are_not(start: Start, starttls: bool) -> None:
    store = start(messages={"INBOX": [LUNCH, REPLY, LUNCH, ATTACHED]}, starttls=starttls)
    assert read(store) == [None, REPLY, None, ATTACHED]
    assert sum("BODY.PEEK" in command for command in start.server.asked) == 2


def test_nothing_is_marked_or_moved(start: Start) -> None:
    read(start(messages={"INBOX": [REPLY]}))
    verbs = {command.removeprefix("UID ").split()[0] for command in start.server.asked}
    assert verbs <= {"CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH", "LOGOUT"}


def test_only_what_came_in_since_a_day_is_asked_for(start: Start) -> None:
    read(start())
    assert "UID SEARCH SINCE 1-Apr-2017" in start.server.asked


def test_more_messages_than_are_asked_for_in_one_go(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "AT_ONCE", 2)
    assert read(start(messages={"INBOX": [REPLY, LUNCH, REPLY, LUNCH, REPLY]})) == [REPLY, None, REPLY, None, REPLY]


def test_a_message_that_is_too_large_is_not_fetched(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "LARGEST", 10)
    assert read(start(messages={"INBOX": [REPLY]})) == [None]


@pytest.mark.parametrize(
    ("folder", "named"),
    [("Replies & more", "Replies &- more"), ("Antworten für uns", "Antworten f&APw-r uns"), ('a "b"', 'a \\"b\\"')],
)
def test_a_folder_of_any_name(start: Start, folder: str, named: str) -> None:
    assert read(replace(start(messages={named: [REPLY]}), folder=folder)) == [REPLY]


def test_a_password_with_letters_that_ascii_has_not(start: Start) -> None:
    store = start(password="pässword", messages={"INBOX": [REPLY]})
    assert read(replace(store, account=Credentials(USER, "pässword"))) == [REPLY]


def test_a_wrong_password_is_a_sentence_without_it(start: Start) -> None:
    store = start()
    with pytest.raises(ServiceUnreachable, match="does not accept that password for csc") as said:
        read(replace(store, account=Credentials(USER, "wrong horse")))
    assert "horse" not in str(said.value)


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(start: Start) -> None:
    store = start()
    with pytest.raises(ServiceUnreachable, match="certificate is not trusted"):
        read(replace(store, authorities=""))
    assert start.server.asked == []


@pytest.mark.parametrize("command", ["LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH 100 "])
def test_a_server_that_hangs_up_is_a_sentence(start: Start, command: str) -> None:
    with pytest.raises(ServiceUnreachable, match="did not work as expected"):
        read(start(messages={"INBOX": [REPLY]}, hang_up=command))


def test_a_server_that_is_not_there_is_a_sentence(start: Start) -> None:
    store = start()
    with pytest.raises(ServiceUnreachable, match="did not work as expected"):
        read(replace(store, port=1))


def test_a_folder_that_is_not_there_is_a_sentence(start: Start) -> None:
    with pytest.raises(ServiceUnreachable, match="could not open the folder 'Nowhere': no such folder"):
        read(replace(start(), folder="Nowhere"))


def test_certificates_that_cannot_be_read_are_a_sentence(start: Start) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        read(replace(start(), authorities="/nowhere.pem"))
