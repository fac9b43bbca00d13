"""A real mail server on this machine, that takes mails, refuses them, or breaks off where it is told to."""

import asyncio
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "training", "correct horse battery staple"


class Mailroom:
    """`arrived` are the mails it has, in their order. `on_rcpt` and `on_data` may answer instead of it; `on_data` is
    called when the mail is in."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.private: list[bool] = []
        self.calls = 0
        self.on_rcpt: Callable[[str], str | None] = lambda address: None
        self.on_data: Callable[[int], str | None] = lambda number: None
        self.lock = threading.Lock()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.calls += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.on_rcpt(address)
        if answer == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self.lock:
            answer = self.on_data(len(self.arrived))
            if answer and answer != "cut":
                return answer
            self.raw.append(envelope.original_content or b"")
            self.arrived.append(message_from_bytes(self.raw[-1], policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.senders.append(envelope.mail_from or "")
            self.private.append(session.ssl is not None)
        if answer == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def twice(self) -> list[str]:
        """The Message-IDs that came more than once."""
        return [each for each, times in Counter(str(mail["Message-ID"]) for mail in self.arrived).items() if times > 1]


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    good = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == good, handled=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mailroom(certificate: Path | None = None, *, tls: bool = False) -> Iterator[tuple[Mailroom, int]]:
    """A server and its port. With a certificate it wants STARTTLS and a user; with `tls` TLS from the first byte."""
    room = Mailroom()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        options |= {"authenticator": authenticate, "auth_required": True}
        options |= {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": True}
        if tls:
            options["auth_require_tls"] = False
    server = Controller(room, **options)
    server.start()
    try:
        yield room, server.port
    finally:
        server.stop(no_assert=True)


def certificate_in(folder: Path) -> Path:
    """A certificate for this machine that nobody vouches for, beside its key."""
    path = folder / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(path.with_suffix(".key")), "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    return path
