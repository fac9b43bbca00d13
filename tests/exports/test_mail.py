"""What mail programs need of an invitation; the numbers are those of exports/INVITATIONS.md."""

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records.mail import InvitationMethod, MailAddress
from exports import mail
from tests.exports.test_ical import ATTENDEE, ORGANISER, request

HEADS = ["Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"]


def written(**others: Any) -> bytes:
    usual: dict[str, object] = {
        "method": InvitationMethod.REQUEST,
        "organiser": ORGANISER,
        "attendee": ATTENDEE,
        "subject": "Invitation: Module 2",
        "body": "Module 2\nGrimsby\n\nBring <a pen> & paper.\n",
        "stamped": datetime(2017, 4, 10, 8),
    }
    return mail.render_invitation_mail(request(), **{**usual, **others})


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def test_10_the_parts_are_plain_html_and_calendar_and_then_the_same_bytes_as_a_file() -> None:
    message = read(written())
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    plain, html, calendar = alternative.iter_parts()
    assert [each.get_content_type() for each in (plain, html, calendar)] == ["text/plain", "text/html", "text/calendar"]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "UTF-8")
    assert calendar.get_content_disposition() is None
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == request()


def test_10_it_goes_from_the_organiser_to_the_attendee() -> None:
    message = read(written())
    assert message["From"].addresses[0].addr_spec == ORGANISER.address
    assert [(each.display_name, each.addr_spec) for each in message["To"].addresses] == [
        ("Siobhán O'Neil", "siobhan@example.org")
    ]
    assert message["Date"].datetime.isoformat() == "2017-04-10T08:00:00+00:00"


def test_10_a_cancellation_says_so_to_the_mail_program() -> None:
    _, _, calendar = next(read(written(method=InvitationMethod.CANCEL)).iter_parts()).iter_parts()
    assert calendar.get_param("method") == "CANCEL"


def test_10_the_html_shows_text_as_text() -> None:
    _, html, _ = next(read(written()).iter_parts()).iter_parts()
    assert "Bring &lt;a pen&gt; &amp; paper." in html.get_content()


def test_10_lines_end_in_crlf() -> None:
    assert b"\n" not in written().replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "bad",
    [
        "=?utf-8?q?a=0ABcc=3A_evil=40example.org?=",
        "x\r\nBcc: evil@example.org",
        "x\nBcc: evil@example.org\n\nbody",
        "=?utf-8?b?YQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?= é",
        '", evil@example.org, "',
        "Zoë <evil@example.org>,",
    ],
)
def test_11_no_title_or_name_becomes_a_header_or_an_address(bad: str) -> None:
    data = written(subject=bad, attendee=replace(ATTENDEE, name=bad), organiser=replace(ORGANISER, name=bad))
    message = read(data)
    assert message.keys() == HEADS
    assert [each.addr_spec for each in message["To"].addresses] == [ATTENDEE.address]
    assert [each.addr_spec for each in message["From"].addresses] == [ORGANISER.address]
    raw_heads = data.partition(b"\r\n\r\n")[0]
    assert not [line for line in raw_heads.split(b"\r\n") if line.lower().startswith(b"bcc")]


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_11_whatever_the_text_the_heads_stay_what_they_are(title: str, name: str) -> None:
    assert read(written(subject=title, attendee=MailAddress(name, "a@example.org"))).keys() == HEADS


def test_the_same_input_gives_the_same_bytes_and_the_file_can_be_taken_out_again() -> None:
    assert written() == written()
    assert mail.read_attached_calendar(written()) == request()
    assert mail.read_attached_calendar(b"Subject: no calendar\r\n\r\nhello") == b""
