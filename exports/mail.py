"""Mails, with an invitation (RFC 6047) or without, complete and ready to send. Same input, same bytes."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from db.errors import RuleBroken
from db.records.mail import InvitationMethod, MailAddress
from exports.ical import strip_control_characters


def render_invitation_mail(
    calendar: bytes,
    *,
    method: InvitationMethod,
    organiser: MailAddress,
    attendee: MailAddress,
    subject: str,
    body: str,
    stamped: datetime,
    key: str = "",
) -> bytes:
    """Return the mail that carries a calendar file to its attendee; `stamped` is UTC.

    Its Message-ID is computed from `key`, where one is given, else from the calendar file. Both addresses must be
    usable.
    Raises RuleBroken where a name or title would change the head of the mail.
    """
    digest = sha256(key.encode() or calendar).hexdigest()
    mail = _headed(subject, organiser, attendee, stamped, digest)
    mail.set_content(strip_control_characters(body))
    mail.add_alternative(_html(body), subtype="html")
    # The calendar comes last, because Outlook shows the last alternative it understands; as bytes, because the library
    # changes line ends in text.
    parameters = {"method": method.value, "charset": "UTF-8"}
    mail.add_alternative(calendar, maintype="text", subtype="calendar", params=parameters)
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return _finished(mail, digest, organiser, attendee)


def render_text_mail(
    *, sender: MailAddress, to: MailAddress, subject: str, body: str, stamped: datetime, key: str
) -> bytes:
    """Return a mail of text; its Message-ID is computed from `key`, so that a mail sent again can be recognised.

    Raises RuleBroken as render_invitation_mail() does.
    """
    digest = sha256(key.encode()).hexdigest()
    mail = _headed(subject, sender, to, stamped, digest)
    mail.set_content(strip_control_characters(body))
    mail.add_alternative(_html(body), subtype="html")
    return _finished(mail, digest, sender, to)


def _headed(subject: str, sender: MailAddress, to: MailAddress, stamped: datetime, digest: str) -> EmailMessage:
    # 7bit, for servers without 8BITMIME.
    mail = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    mail["Subject"] = _head(subject)
    mail["From"] = _address(sender)
    mail["To"] = _address(to)
    mail["Date"] = format_datetime(stamped.replace(tzinfo=UTC))
    mail["Message-ID"] = f"<{digest[:24]}@{sender.address.rpartition('@')[2]}>"
    return mail


def _finished(mail: EmailMessage, digest: str, sender: MailAddress, to: MailAddress) -> bytes:
    for number, part in enumerate(each for each in mail.walk() if each.is_multipart()):
        part.set_boundary(f"=_{digest[:32]}_{number}")  # the library would choose a random one
    data = mail.as_bytes()
    _check(data, mail.keys(), sender, to)
    return data


def read_attached_calendar(data: bytes) -> bytes:
    """Return the calendar file that an invitation mail carries; empty where there is none."""
    for part in message_from_bytes(data, policy=policy.default).walk():
        if part.get_content_type() == "application/ics":
            found = part.get_payload(decode=True)
            return found if isinstance(found, bytes) else b""
    return b""


def _head(text: str) -> str:
    """Return one line that no mail program takes for an encoded word.

    Python 3.11.7 makes a header of its own of a line break hidden in one (CVE-2024-6923).
    """
    return " ".join(strip_control_characters(text).split()).replace("=?", "= ?")


def _address(mailbox: MailAddress) -> Address:
    return Address(display_name=_head(mailbox.name), addr_spec=mailbox.address)


def is_copy_of_mail(data: bytes, key: str) -> bool:
    """Return whether the mail is an earlier copy of the message with this key."""
    return f"Message-ID: <{sha256(key.encode()).hexdigest()[:24]}@".encode() in data.partition(b"\r\n\r\n")[0]


def _html(body: str) -> str:
    paragraphs = strip_control_characters(body).strip().split("\n\n")
    inner = "\n".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
    return f'<!DOCTYPE html>\n<html lang="en"><body>\n{inner}\n</body></html>\n'


def _check(data: bytes, heads: list[str], organiser: MailAddress, attendee: MailAddress) -> None:
    """Parse the mail again and raise RuleBroken unless it has the heads it was given and one address on each side."""
    read = BytesParser(policy=policy.default).parsebytes(data.partition(b"\r\n\r\n")[0], headersonly=True)
    parties = [[each.addr_spec for each in read[name].addresses] for name in ("From", "To")]
    if read.keys() != heads or parties != [[organiser.address], [attendee.address]]:
        raise RuleBroken(
            f"The e-mail to {attendee.name} cannot be written: the name or the event's title has characters that are "
            "not safe in e-mail. Correct the name or the title."
        )
