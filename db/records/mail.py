"""Invitations, replies and messages. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from db.records.calendar import Credentials
from db.records.startup import EventState


class InvitationRole(StrEnum):
    """Whether a person is invited to learn or to lead."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"


class InvitationMethod(StrEnum):
    """The method of an invitation: whether a calendar adds an entry or removes it (RFC 5546, section 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class PartStat(StrEnum):
    """The reply of an invited person (RFC 5545, section 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class EntryStatus(StrEnum):
    """How firm a calendar entry is (RFC 5545, section 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class MessageKind(StrEnum):
    """The kinds of message, in the order in which an event brings them."""

    INVITATION = "invitation"
    CONFIRMATION = "confirmation"
    WAITING_LIST = "waiting_list"
    OFFER = "offer"
    PROMOTION = "promotion"
    DECLINED = "declined"
    JOINING = "joining_instructions"
    REMINDER = "reminder"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    MISSED = "missed_session"
    MISSED_MANAGER = "missed_session_manager"
    EVALUATION = "evaluation_request"
    FOLLOW_UP = "three_month_follow_up"
    REFRESHER = "refresher_due"
    MANAGER_COPY = "manager_copy"


class MessageState(StrEnum):
    """The state of a message; UNKNOWN is one that was being sent when the program stopped."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    FAILED = "failed"
    WRITTEN = "written"
    SENT = "sent"
    FORGOTTEN = "forgotten"

    @property
    def out(self) -> bool:
        """Whether the message may have reached its reader."""
        return self in (MessageState.SENDING, MessageState.UNKNOWN, MessageState.WRITTEN, MessageState.SENT)


@dataclass(frozen=True, slots=True)
class Invitation:
    """The ledger's line for one person and one session: the last invitation sent, and the reply to it."""

    id: int
    session_id: int
    person_id: int
    uid: str
    sequence: int
    method: InvitationMethod
    role: InvitationRole
    place_and_time: str
    content: str
    stamped: datetime
    partstat: PartStat


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session with all that invitations and feeds tell about it; `revision` grows with every change to any of that.

    `register` counts the people on it, of `places` in all; only facilitators are told, and it does not change
    `revision`.
    """

    session_id: int
    event: str
    title: str
    state: EventState
    number: int
    of: int
    module: str
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    address: str
    postcode: str
    notes: str
    revision: int
    places: int = 0
    register: int = 0

    @property
    def starts(self) -> datetime | None:
        """The moment at which the session starts; None while to be confirmed."""
        return datetime.combine(self.date, self.start) if self.date and self.start else None

    @property
    def ends(self) -> datetime | None:
        """The moment at which the session ends; None while to be confirmed."""
        return datetime.combine(self.date, self.end) if self.date and self.end else None


@dataclass(frozen=True, slots=True)
class AwaitedReply:
    """An invitation as replies are matched with it.

    `addresses` are the one it went to and the person's present one; `partstat` is the reply known so far, and `replied`
    is when that was given (UTC).
    """

    invitation_id: int
    session_id: int
    event_id: int
    event: str
    session: int
    person_id: int
    name: str
    addresses: tuple[str, ...]
    sequence: int
    method: InvitationMethod
    partstat: PartStat
    replied: datetime | None


@dataclass(frozen=True, slots=True)
class ImapFolder:
    """The folder on an IMAP server that replies arrive in.

    `security` is tls or starttls; `authorities` is a file of certificates to trust besides the machine's own.
    """

    host: str
    port: int
    security: str
    folder: str
    authorities: str
    account: Credentials


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to an invitation as a calendar program wrote it (RFC 5546, section 3.2.3).

    `answer` is its PARTSTAT, unchecked; `stamped` is UTC; `source` says where it was found. `sender` is the sender of
    the
    mail that brought it: empty where the mail names none, None where the reply came as a file.
    """

    source: str
    method: str
    uid: str
    address: str
    answer: str
    sequence: int
    stamped: datetime
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadableReply:
    """A mail or file in which no reply could be read, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class DeclinedPlace:
    """A person who declined an invitation and still holds the place: a suggested cancellation."""

    event: str
    session: int
    date: date
    person: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MailAddress:
    """The name and address a message is from or to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as a calendar stores it: times are the council's wall clock, `stamped` is UTC."""

    uid: str
    sequence: int
    stamped: datetime
    starts: datetime
    ends: datetime
    place: str
    status: EntryStatus
    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the outbox's ledger, made once; programs know it by its key, people by its code.

    `person_id` is the person it is about, `name` and `address` are the recipient's; `told` lists the dates and places
    it
    names; `step` is the number of the latest change, by anybody, before it went out; stamps are UTC.
    """

    id: int
    code: str
    key: str
    kind: MessageKind
    event_id: int | None
    event: str
    session_id: int | None
    person_id: int
    name: str
    address: str
    subject: str
    body: str
    told: str
    state: MessageState
    tries: int
    fault: str
    at: datetime
    actor: str
    step: int
    dispatch_id: int | None


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """The subject and text of one kind of message, as a coordinator edited them."""

    kind: MessageKind
    subject: str
    body: str
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class EventSummary:
    """An event, with the facts its messages mention."""

    id: int
    reference: str
    title: str
    course_id: int
    course: str
    strand: str
    state: EventState
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person whom a message can be to, or about."""

    id: int
    forename: str
    name: str
    address: str
    manager_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class ExpiringCompletion:
    """A completion that has to be refreshed; `on` is the day it was reached, `months` how long it holds by the course's
    rule and `expires` the last day by its source, None where they do not say so."""

    person_id: int
    course_id: int
    course: str
    title: str
    on: date
    months: int | None
    expires: date | None = None
