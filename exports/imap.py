"""Reads messages in a folder on an IMAP server (RFC 9051); nothing there is marked or moved."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from typing import Any

from db.errors import ServiceUnreachable, WrongUse
from db.records.calendar import Credentials
from db.records.mail import ImapFolder
from exports.mail_files import FoundMail

SECONDS = 30
"""Seconds to wait for one answer of the server."""
AT_ONCE = 200
"""The number of messages whose structure is asked for at once."""
LARGEST = 30_000_000


def read_imap_mail(store: ImapFolder, since: date) -> Iterator[FoundMail | None]:
    """Yield the messages received since a day that contain a calendar, and None for each that does not.

    Raises ServiceUnreachable and WrongUse.
    """
    with _opened(store) as line:
        _require_ok(store, "open the folder", line.select(_quoted(_encoded(store.folder)), readonly=True))
        day = imaplib.Time2Internaldate(datetime.combine(since, time(), UTC))[1:12].lstrip("0 ")
        numbers = _require_ok(store, "search", line.uid("SEARCH", "SINCE", day))[0].split()
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            outlines = _outlines(
                _require_ok(store, "list", line.uid("FETCH", b",".join(some), "(RFC822.SIZE BODYSTRUCTURE)"))
            )
            for number in some:
                size, has_calendar = outlines.get(number, (0, False))
                if not has_calendar or size > LARGEST:
                    yield None
                    continue
                parts = _require_ok(store, "fetch", line.uid("FETCH", number, "(BODY.PEEK[])"))
                data = next((each[1] for each in parts if isinstance(each, tuple)), b"")
                yield f"{store.folder} message {number.decode()}", data


@contextmanager
def _opened(store: ImapFolder) -> Iterator[Any]:
    """Open an encrypted connection to the server and log in."""
    trusted = _trusted(store)
    line: Any = None
    try:
        if store.security == "tls":
            line = imaplib.IMAP4_SSL(store.host, store.port, ssl_context=trusted, timeout=SECONDS)
        else:
            line = imaplib.IMAP4(store.host, store.port, timeout=SECONDS)
            line.starttls(trusted)
        try:
            _log_in(line, store.account)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise ServiceUnreachable(
                f"The mail server {store.host} does not accept that password for "
                f"{store.account.user or 'an empty user'}. Check user and password_file in [imap] of the settings file."
            ) from None
        yield line
    except (OSError, imaplib.IMAP4.error) as fault:  # faults of the certificate are OSErrors, too
        why = "its certificate is not trusted" if isinstance(fault, ssl.SSLCertVerificationError) else _words(fault)
        raise ServiceUnreachable(
            f"The mail server {store.host} did not work as expected ({why}). What had been recorded is kept. Try "
            "again: nothing is counted twice."
        ) from None
    finally:
        if line is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                line.logout()


def _log_in(line: Any, account: Credentials) -> None:
    if (account.user + account.password).isascii():
        line.login(_quoted(account.user), account.password)
    else:  # LOGIN takes only ASCII, PLAIN takes UTF-8 (RFC 4616)
        line.authenticate("PLAIN", lambda _: f"\0{account.user}\0{account.password}".encode())


def _trusted(store: ImapFolder) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if store.authorities:
            context.load_verify_locations(store.authorities)
    except (OSError, ssl.SSLError):
        raise WrongUse(f"The certificates in {store.authorities} cannot be read. Nothing was changed.") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _require_ok(store: ImapFolder, what: str, answer: tuple[str, Any]) -> Sequence[Any]:
    """Return the data of the server's answer, or raise ServiceUnreachable where it is not OK."""
    kind, data = answer
    if kind != "OK":
        reason = data[0].decode("ascii", "replace") if data and isinstance(data[0], bytes) else kind
        raise ServiceUnreachable(f"The mail server {store.host} could not {what} '{store.folder}': {reason[:200]}.")
    return [each for each in data if each is not None] or [b""]


_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


def _outlines(parts: Sequence[Any]) -> dict[bytes, tuple[int, bool]]:
    """Return (size, whether a part may be a calendar) by UID."""
    lines: list[bytes] = []
    for each in parts:
        # A file name may come as a literal, which splits the line.
        if isinstance(each, tuple):
            lines.append(b" ".join(each))
        elif lines and not _UID.search(each):
            lines[-1] += each
        else:
            lines.append(each)
    found = {}
    for line in lines:
        number, size = _UID.search(line), _SIZE.search(line)
        if number and size:
            lower = line.lower()
            found[number[1]] = int(size[1]), b'"calendar"' in lower or b"ics" in lower
    return found


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encoded(folder: str) -> str:
    """Return a folder's name in modified UTF-7 (RFC 3501, section 5.1.3)."""

    def shifted(found: re.Match[str]) -> str:
        coded = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{coded}-"

    return re.sub("[^ -~]+", shifted, folder.replace("&", "&-"))


def _words(fault: BaseException) -> str:
    words = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return " ".join(str(words).split())[:200]
