"""A calendar on a CalDAV server (RFC 4791): lists its objects, and writes, replaces and removes one at a time."""

import logging
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.sax.saxutils import escape

from db.errors import NotFound, RuleBroken, ServiceUnreachable, WrongUse
from db.records.calendar import Credentials
from db.records.remedies import Remedy, RemedyKind

SECONDS = 30
"""Seconds to wait for one answer of the server."""
_EDITED = "someone edited it on the server a moment ago"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ASK_ETAGS = '<?xml version="1.0"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
_MAKE = (
    '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
    "<d:displayname>{}</d:displayname></d:prop></d:set></c:mkcalendar>"
)


class ObjectRefused(RuleBroken):
    """The server holds another version of this one object, or does not accept it; the text is the reason alone."""


_REFUSED = (400, 409, 413, 415, 422)
"""Status codes for an object the server does not accept (RFC 4791, section 5.3.2.1); it may accept others."""


class NoSuchCalendar(NotFound):
    """The server has no such calendar."""


def parse_calendar_address(url: str, account: Credentials) -> str:
    """Return the address of a calendar as it is stored, with a slash at its end. Raises WrongUse."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        plain = parts.scheme == "http" and host not in _LOOPBACK
    except ValueError:
        raise WrongUse(f"'{url}' is not the address of a calendar. Nothing was published.") from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise WrongUse(f"'{url}' is not the address of a calendar, such as https://host/path/. Nothing was published.")
    if parts.username or parts.password:
        raise WrongUse(
            "The address of the calendar contains a user or password, which other people could see. Nothing was "
            "published. Put them in [caldav] of the settings file."
        )
    if plain and account.password:
        raise WrongUse(
            f"The password would be sent to {host} unencrypted. Nothing was published. Use an address with https://."
        )
    return url.strip().rstrip("/") + "/"


class RemoteCalendar:
    """A connection to one calendar on a server.

    Every method raises ServiceUnreachable, with the reason, where the server does not do it.
    """

    def __init__(self, url: str, account: Credentials) -> None:
        try:
            from caldav.davclient import DAVClient
        except ImportError:
            raise WrongUse(
                "Publishing to a calendar server needs another library. Nothing was published. Ask the person who "
                "installed csc-tui to add it: pip install 'csc-tui[caldav]'."
            ) from None
        for name in ("caldav", "niquests", "urllib3_future", "urllib3"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # the caller reports each fault once, in a sentence
        self._url = url
        self._client: Any = DAVClient(
            url,
            username=account.user or None,
            password=account.password or None,
            timeout=SECONDS,
            enable_rfc6764=False,
            auth_type="basic" if account.user else None,
        )

    def close(self) -> None:
        """Close the connection to the server."""
        self._client.close()

    def etags(self) -> dict[str, str]:
        """Return the etag by UID of every object named as we name them. Raises NoSuchCalendar."""
        answer = self._ask("PROPFIND", "", _ASK_ETAGS, {"Depth": "1"}, (207, 404))
        if answer.status == 404:
            raise NoSuchCalendar(
                f"There is no calendar at {self._url}. Nothing was published.", Remedy(RemedyKind.MAKE_CALENDAR)
            )
        found = {}
        for each in answer.tree.iter("{DAV:}response"):
            name = unquote((each.findtext("{DAV:}href") or "").rstrip("/").rpartition("/")[2])
            etag = next((tag.text for tag in each.iter("{DAV:}getetag") if tag.text), None)
            if name.endswith(".ics") and etag:
                found[name.removesuffix(".ics")] = etag
        return found

    def make(self, title: str) -> None:
        """Create the calendar itself."""
        # 405: another program created it first (RFC 4791, section 5.3.1.1).
        self._ask("MKCALENDAR", "", _MAKE.format(escape(title)), {}, (201, 405))

    def put(self, uid: str, data: bytes, *, etag: str) -> str:
        """Write an object in place of the one with this etag (empty for a new object), and return its new etag.

        The new etag is empty where the server gives none: it may have changed what it stored (RFC 4791, section 5.3.4).
        Raises
        ObjectRefused.
        """
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        answer = self._ask("PUT", uid, data.decode(), headers, (200, 201, 204, 412, *_REFUSED))
        if answer.status == 412:
            raise ObjectRefused(_EDITED)
        if answer.status in _REFUSED:
            raise ObjectRefused(f"the server refused it (status {answer.status})")
        given: str = answer.headers.get("ETag") or ""
        return given

    def read(self, uid: str) -> tuple[str, bytes]:
        """Return the etag and the content of an object; both are empty where it does not exist."""
        answer = self._ask("GET", uid, "", {}, (200, 404, 410))
        return (answer.headers.get("ETag") or "", answer.raw.encode()) if answer.status == 200 else ("", b"")

    def remove(self, uid: str, *, etag: str) -> None:
        """Remove the object with this etag; it may be gone already. Raises ObjectRefused."""
        if self._ask("DELETE", uid, "", {"If-Match": etag}, (200, 202, 204, 404, 410, 412)).status == 412:
            raise ObjectRefused(_EDITED)

    def _ask(self, method: str, uid: str, body: str, headers: dict[str, str], well: tuple[int, ...]) -> Any:
        url = f"{self._url}{quote(uid)}.ics" if uid else self._url
        from caldav.lib.error import AuthorizationError, DAVError

        try:
            answer = self._client.request(url, method, body, headers)
        except AuthorizationError:
            raise ServiceUnreachable(
                f"{self._url} did not accept the password. What had been published is kept. Check user and "
                "password_file in [caldav] of the settings file."
            ) from None
        except (OSError, DAVError, ValueError) as fault:  # niquests' faults are OSErrors
            raise self._unanswered(type(fault).__name__) from None
        if answer.status not in well:
            raise self._unanswered(f"status {answer.status}")
        return answer

    def _unanswered(self, why: str) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"The calendar server of {self._url} did not do what was asked ({why}). What had been published is kept. "
            "To continue, publish again."
        )
