"""Sends mails to a mail server and tells the result of each: accepted, refused, deferred or unknown."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from db.errors import CscError, ServiceUnreachable, WrongUse

SECONDS = 30
"""Seconds to wait for one answer of the server."""


class Security(StrEnum):
    """How the connection to the server is encrypted; NONE is for this machine itself only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server; `authorities` is a file of certificates to trust besides the system's."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str = ""

    @property
    def shown(self) -> str:
        """The server as sentences name it."""
        return f"{self.host}, port {self.port}"


class MailRefused(CscError):
    """The server refuses this mail for good."""


class MailDeferred(CscError):
    """The server did not accept this mail but may do so later; with `line_lost`, only over a new connection."""

    def __init__(self, sentence: str, *, line_lost: bool = False) -> None:
        super().__init__(sentence)
        self.line_lost = line_lost


class DeliveryUnknown(CscError):
    """The connection was cut after the whole mail was sent, before the server confirmed it."""


class ServerSettingsWrong(ServiceUnreachable):
    """The server answers, but a setting must be corrected first: another attempt at once would not help."""


class SmtpConnection:
    """An open connection to a mail server."""

    def __init__(self, line: smtplib.SMTP) -> None:
        self._line = line

    def deliver(self, sender: str, to: str, data: bytes) -> None:
        """Send one mail.

        Raises MailRefused, MailDeferred, DeliveryUnknown; ServerSettingsWrong where the server takes no mail from us at
        all.
        It goes step by step, because sendmail() does not tell a mail never begun from one that may have arrived.
        """
        try:
            self._check_sender(self._line.mail(sender), sender)
            self._check_reply(self._line.rcpt(to), f"the address '{to}'")
            self._line.putcmd("data")
            code, text = self._line.getreply()
            if code != 354:
                self._check_reply((code, text), "the mail")
        except (OSError, smtplib.SMTPException) as fault:
            raise MailDeferred(
                f"The connection to the mail server was lost ({_words(fault)}).", line_lost=True
            ) from None
        try:
            self._line.send(_quoted(data))
            code, text = self._line.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            raise DeliveryUnknown(
                f"The connection to the mail server was lost ({_words(fault)}) before it confirmed the message."
            ) from None
        if not (200 <= code < 300 or 400 <= code < 600):
            raise DeliveryUnknown(
                f"The mail server received the message but gave an unclear reply: {_line(code, text)}."
            )
        self._check_reply((code, text), "the mail")

    def _check_sender(self, reply: tuple[int, bytes], sender: str) -> None:
        """Raise unless the server accepts mail from us: if it does not, the recipient's address is not to blame."""
        code, text = reply
        if code >= 500:
            raise ServerSettingsWrong(
                f"The mail server does not accept mail from {sender}: {_line(code, text)}. Check user in [mail] of the "
                "settings file, and organiser_email in the policy."
            )
        self._check_reply(reply, f"mail from {sender}")

    def _check_reply(self, reply: tuple[int, bytes], what: str) -> None:
        code, text = reply
        if 200 <= code < 300:
            return
        words = _line(code, text)
        with suppress(OSError, smtplib.SMTPException):
            self._line.rset()
        if code == 530:
            raise ServerSettingsWrong(f"The mail server needs a user and a password: {words}. Set user in [mail].")
        if code == 421:
            raise MailDeferred(f"The mail server closed the connection: {words}.", line_lost=True)
        if code >= 500:
            raise MailRefused(f"The mail server refused {what}: {words}.")
        raise MailDeferred(f"The mail server is not accepting {what} at the moment: {words}.")

    def close(self) -> None:
        """Close the connection, saying goodbye where the server still answers."""
        with suppress(OSError, smtplib.SMTPException):
            self._line.quit()
        self._line.close()


@contextmanager
def smtp_connection(server: SmtpServer) -> Iterator[SmtpConnection]:
    """Open a connection for the block, encrypted as set and logged in. Raises ServiceUnreachable and WrongUse."""
    post = connect_smtp(server)
    try:
        yield post
    finally:
        post.close()


def connect_smtp(server: SmtpServer) -> SmtpConnection:
    """Open a connection, encrypted as set and logged in; the caller closes it. Raises ServiceUnreachable, WrongUse."""
    trusted = _trusted(server)
    line: smtplib.SMTP | None = None
    try:
        if server.security is Security.TLS:
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusted)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        if server.security is Security.STARTTLS:
            line.starttls(context=trusted)
        line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except BaseException as fault:
        if line is not None:
            line.close()
        sentence = _in_words(server, fault)
        if sentence is None:
            raise
        raise sentence from None
    return SmtpConnection(line)


def _trusted(server: SmtpServer) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if server.authorities:
            context.load_verify_locations(server.authorities)
    except (OSError, ssl.SSLError) as fault:
        raise WrongUse(f"The certificates in {server.authorities} cannot be read: {_words(fault)}.") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _in_words(server: SmtpServer, fault: BaseException) -> CscError | None:
    """Return the error to show for a failed connection; None for a fault that has nothing to do with mail."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return ServerSettingsWrong(
            f"The certificate of the mail server ({server.shown}) cannot be trusted: {fault.verify_message}. Nothing "
            "was sent. Ask the people who run it. To trust a certificate, name its file as authorities in [mail]."
        )
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return ServerSettingsWrong(
            f"The mail server ({server.shown}) does not accept that password for '{server.user}'. Nothing "
            "was sent. Check user and password_file in [mail] of the settings file."
        )
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return ServerSettingsWrong(
            f"The mail server ({server.shown}) does not support these settings ({_words(fault)}). Nothing was "
            "sent. Check security and user in [mail] of the settings file."
        )
    if isinstance(fault, socket.gaierror):
        return ServiceUnreachable(
            f"There is no mail server called {server.host}. Nothing was sent. Check host in [mail]."
        )
    if isinstance(fault, OSError | smtplib.SMTPException):
        return ServiceUnreachable(
            f"The mail server ({server.shown}) did not work as expected: {_words(fault)}. Messages not yet sent are "
            "kept. Try again later; if it still fails, check host and security in [mail] of the settings file."
        )
    return None


def _line(code: int, text: bytes) -> str:
    """Return the server's answer as one line."""
    return " ".join(f"{code} {text.decode('utf-8', 'replace')}".split()).rstrip(".")


def _words(fault: BaseException) -> str:
    if isinstance(fault, TimeoutError):
        return f"no answer within {SECONDS} seconds"
    text = getattr(fault, "smtp_error", None) or getattr(fault, "strerror", None) or str(fault)
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return " ".join(words.split()).rstrip(".") or type(fault).__name__


def _quoted(data: bytes) -> bytes:
    """Return the mail as SMTP transmits it: leading dots are doubled, and a single dot ends it (RFC 5321, section
    4.5.2)."""
    ended = data if data.endswith(b"\r\n") else data + b"\r\n"
    doubled = ended.replace(b"\r\n.", b"\r\n..")
    return (b"." + doubled if doubled.startswith(b".") else doubled) + b".\r\n"
