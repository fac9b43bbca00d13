"""A small IMAP server on loopback, over TLS: as much of RFC 3501 as reading a folder needs."""

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).parent / "loopback.pem"
"""Key and certificate of localhost for a hundred years; a secret of nobody's."""
USER, PASSWORD = "csc", 'correct "horse"'


@dataclass
class MailServer:
    """`messages` by folder as it is named on the line; `asked` is every command; it hangs up before `hang_up` ones."""

    messages: dict[str, list[bytes]]
    starttls: bool = False
    password: str = PASSWORD
    hang_up: str = "nothing"
    asked: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail_server(server: MailServer) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side hung up: some tests want it to
                _Conversation(server, context, self.request).run()

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Listener(("127.0.0.1", 0), Talk) as listener:
        server.port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown()


class _Conversation:
    def __init__(self, server: MailServer, context: ssl.SSLContext, line: Any) -> None:
        self.server, self.context, self.line = server, context, line
        self.folder: list[bytes] = []
        if not server.starttls:
            self.encrypt()
        self.file = self.line.makefile("rwb")

    def encrypt(self) -> None:
        self.line = self.context.wrap_socket(self.line, server_side=True)

    def say(self, text: bytes) -> None:
        self.file.write(text + b"\r\n")
        self.file.flush()

    def run(self) -> None:
        self.say(b"* OK ready")
        while words := self.file.readline().decode().rstrip("\r\n"):
            tag, _, command = words.partition(" ")
            self.server.asked.append(command)
            if re.match(self.server.hang_up, command):
                return
            said = self.answer(command)
            self.say(f"{tag} {said} that is all".encode())
            if command == "STARTTLS":
                self.encrypt()
                self.file = self.line.makefile("rwb")
            if command == "LOGOUT":
                return

    def answer(self, command: str) -> str:
        if command == "CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN" + b" STARTTLS" * self.server.starttls)
            return "OK"
        if found := re.fullmatch(r'LOGIN "(.*)" "(.*)"', command):
            return self.let_in(found[1], re.sub(r"\\(.)", r"\1", found[2]))
        if command == "AUTHENTICATE PLAIN":
            self.say(b"+ ")
            _, user, password = base64.b64decode(self.file.readline()).decode().split("\0")
            return self.let_in(user, password)
        if found := re.fullmatch(r'(EXAMINE|SELECT) "(.*)"', command):
            if found[2] not in self.server.messages:
                return "NO no such folder"
            self.folder = self.server.messages[found[2]]
            self.say(f"* {len(self.folder)} EXISTS".encode())
            return "OK [READ-ONLY]"
        if command.startswith("UID SEARCH SINCE "):
            self.say(b"* SEARCH" + b"".join(b" %d" % (100 + number) for number in range(len(self.folder))))
            return "OK"
        if found := re.fullmatch(r"UID FETCH ([\d,]+) \((.*)\)", command):
            for uid in map(int, found[1].split(",")):
                self.fetch(uid, found[2])
            return "OK"
        return "OK" if command in ("LOGOUT", "STARTTLS") else "BAD"

    def let_in(self, user: str, password: str) -> str:
        return "OK" if (user, password) == (USER, self.server.password) else "NO wrong"

    def fetch(self, uid: int, what: str) -> None:
        message = self.folder[uid - 100]
        number = uid - 99
        if what == "BODY.PEEK[]":
            self.say(b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)" % (number, uid, len(message), message))
            return
        if b"text/calendar" in message:
            outline = b'("TEXT" "CALENDAR" ("METHOD" "REPLY") NIL NIL "7BIT" 100 5)'
        elif b".ics" in message:  # the file's name comes as a literal
            outline = b'("APPLICATION" "OCTET-STREAM" ("NAME" {9}\r\nreply.ics) NIL NIL "BASE64" 100)'
        else:
            outline = b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 100 5)'
        self.say(b"* %d FETCH (UID %d RFC822.SIZE %d BODYSTRUCTURE %s)" % (number, uid, len(message), outline))
