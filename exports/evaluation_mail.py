"""Reads replies to evaluation requests, lines such as `Q1: 5`, into the table that a form tool would export."""

import re
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from exports.mail_files import FoundMail
from exports.replies import LARGEST_MAIL, MOST_BOUNDARIES
from exports.table_search import Table

HEADINGS = ("event", "email", "stage", "received")
MOST_QUESTIONS = 50
LARGEST_BODY = 1_000_000
_TOKEN = re.compile(r"\[\s*evaluation\s+([^\s\[\]/]{1,40})(?:[\s/]+([\w ]{1,30}?))?\s*\]", re.IGNORECASE)
_ANSWER = re.compile(r"(?:Q(?:uestion)? ?)?(\d{1,2}) ?[:=.)]\s*(\S.*)", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"-+ ?Original Message ?-+|-- ?.*\babove this line\b.*|_{10,}|From:\s.+|On\s.+\bwrote:|--|Sent from my .+",
    re.IGNORECASE,
)
"""Matches the line that separates the reply from the quoted original, or from the signature."""
_LONGEST = 4_000
"""The most characters of one line that are read."""


def parse_evaluation_mails(name: str, letters: Iterable[FoundMail], *, zone: str) -> Table:
    """Return a table with a row for each mail whose subject names an evaluation: `[evaluation BR-02 on_the_day]`.

    Other mails are only counted, in a remark. The person is the mail's sender. Quoted lines and the original below the
    reply are left out.
    """
    rows: list[tuple[int, list[str], dict[int, str]]] = []
    others = 0
    for number, (_, data) in enumerate(letters, 1):
        row = _row(data, zone)
        if row is None:
            others += 1
        else:
            rows.append((number, *row))
    places = sorted({place for _, _, answers in rows for place in answers}) or [1]
    which = "1 message that is not an answer" if others == 1 else f"{others} messages that are not answers"
    remarks = (f"Ignored {which} to an evaluation.",) if others else ()
    return Table(
        name,
        (*HEADINGS, *(f"answer_{place}" for place in places)),
        [(number, [*cells, *(answers.get(place, "") for place in places)]) for number, cells, answers in rows],
        remarks,
    )


def _row(data: bytes, zone: str) -> tuple[list[str], dict[int, str]] | None:
    if len(data) > LARGEST_MAIL or data.count(b"\n--") > MOST_BOUNDARIES:
        return None
    try:
        # Most mail is something else, so only the head is parsed at first.
        found = _TOKEN.search(str(BytesHeaderParser(policy=policy.default).parsebytes(data)["Subject"] or ""))
        if not found:
            return None
        mail = message_from_bytes(data, policy=policy.default)
        sender = mail["From"].addresses[0].addr_spec if mail["From"] and mail["From"].addresses else ""
        sent = mail["Date"].datetime if mail["Date"] else None
        received = f"{sent.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if sent and sent.tzinfo else ""
        answers = _answers(_body(mail))
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, OverflowError):
        return None  # the library raises all of these for heads that no mail program would write
    return [found[1].upper(), sender, (found[2] or "").strip(), received], answers


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    text = (content if isinstance(content, bytes) else b"")[:LARGEST_BODY].decode(
        part.get_content_charset("utf-8"), "replace"
    )
    return _without_markup(text) if part.get_content_subtype() == "html" else text


def _answers(text: str) -> dict[int, str]:
    """Return the answers by the number of the question; the first, where one is answered twice."""
    found: dict[int, str] = {}
    for written in text.splitlines():
        line = written[:_LONGEST].strip()
        if _ORIGINAL.fullmatch(line[:200]):
            break
        if answer := _ANSWER.fullmatch(line):
            place = int(answer[1])
            if 0 < place <= MOST_QUESTIONS:
                found.setdefault(place, answer[2].strip())
    return found


class _Words(HTMLParser):
    """Collects the text of an HTML mail, without quoted parts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("blockquote", "style", "script"):
            self._quoted += 1
        elif tag in ("br", "p", "div", "li", "tr", "hr"):
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("blockquote", "style", "script"):
            self._quoted = max(self._quoted - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._quoted:
            self.said.append(data.replace("\n", " "))


def _without_markup(text: str) -> str:
    words = _Words()
    words.feed(text)
    return "".join(words.said).replace("\N{NO-BREAK SPACE}", " ")
