"""The vocabulary of the whole program: frozen values and enums. Standard library only."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import IntEnum, StrEnum

from db import statuses
from db.first_records import EventLine as EventLine
from db.first_records import EventState as EventState
from db.first_records import FoundPerson as FoundPerson
from db.first_records import Role as Role
from db.first_records import SessionLine as SessionLine


class Status(IntEnum):
    """Where an enrolment stands."""

    CANCELLED = statuses.CANCELLED
    TRANSFERRED = statuses.TRANSFERRED
    SUBSTITUTED = statuses.SUBSTITUTED
    EXPIRED = statuses.EXPIRED
    EVENT_CANCELLED = statuses.EVENT_CANCELLED
    DECLINED = statuses.DECLINED
    REQUESTED = statuses.REQUESTED
    WAITLISTED = statuses.WAITLISTED
    OFFERED = statuses.OFFERED
    BOOKED = statuses.BOOKED
    NO_SHOW = statuses.NO_SHOW
    UNABLE_TO_ATTEND = statuses.UNABLE_TO_ATTEND
    PARTIALLY_ATTENDED = statuses.PARTIALLY_ATTENDED
    FULLY_ATTENDED = statuses.FULLY_ATTENDED

    @property
    def word(self) -> str:
        """The status as commands and exports write it."""
        return statuses.WORDS[self.value]

    @property
    def live(self) -> bool:
        """Whether the enrolment stands: requested, waiting, offered, booked, or with an outcome."""
        return self.value >= statuses.LOWEST_LIVE

    @property
    def holds_seat(self) -> bool:
        """Whether the enrolment takes a place of the event."""
        return self.value >= statuses.OFFERED


class PersonKind(StrEnum):
    STAFF = "staff"
    PARTNER = "partner"


class OrganisationKind(StrEnum):
    COUNCIL = "council"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    VOLUNTARY = "voluntary"
    OTHER = "other"


class MarkKind(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        return self in (MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY)


class Approval(StrEnum):
    NONE = "none"
    MANAGER = "manager"
    COORDINATOR = "coordinator"


class WaitingRule(StrEnum):
    """What a freed place does: moves the next person up at once, or is offered for a time."""

    PROMOTE = "promote"
    OFFER = "offer"


class OfferOutcome(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Strictness(StrEnum):
    OFF = "off"
    WARN = "warn"
    RULE = "rule"


class CompletionRule(StrEnum):
    ALL_MODULES = "all_modules"
    SHARE_OF_HOURS = "share_of_hours"


class Stage(StrEnum):
    """When a question is asked."""

    ON_THE_DAY = "on_the_day"
    THREE_MONTHS = "three_months"


class AnswerKind(StrEnum):
    AGREE = "agree"
    SCALE = "scale"
    TEXT = "text"


class GroupKind(StrEnum):
    PRACTICE_LEADS = "practice_leads"
    ACTION_LEARNING_SET = "action_learning_set"


class CommitmentState(StrEnum):
    """What became of what somebody said they would do."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"


class ResourceKind(StrEnum):
    LINK = "link"
    DOCUMENT = "document"


class InvitationRole(StrEnum):
    LEARNER = "learner"
    FACILITATOR = "facilitator"


class Method(StrEnum):
    """RFC 5546, section 1.4: what an invitation asks a calendar to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class PartStat(StrEnum):
    """RFC 5545, section 3.2.12: what the invited person answered."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class EntryStatus(StrEnum):
    """RFC 5545, section 3.8.1.11: how firm a calendar entry is."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class MessageKind(StrEnum):
    """What a mail is about, in the order in which an event brings them."""

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
    """Where a message stands; `unknown` is one that was being sent when everything stopped."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    FAILED = "failed"
    WRITTEN = "written"
    SENT = "sent"
    FORGOTTEN = "forgotten"

    @property
    def out(self) -> bool:
        """Whether somebody may have read it."""
        return self in (MessageState.SENDING, MessageState.UNKNOWN, MessageState.WRITTEN, MessageState.SENT)


@dataclass(frozen=True, slots=True)
class Programme:
    id: int
    name: str
    description: str
    started: date


@dataclass(frozen=True, slots=True)
class Strand:
    id: int
    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Course:
    id: int
    code: str
    title: str
    strand: str
    description: str
    audience: str
    impact_question: str
    capacity: int
    minimum: int
    cutoff_days: int
    version: int


@dataclass(frozen=True, slots=True)
class BookingRules:
    """What a course asks of its bookings: `cutoff_days` and `booking_cutoff_days` are working days before the first
    session (for cancelling in time, for booking at all); `prerequisites` are (course code, how strict)."""

    approval: Approval
    waiting_rule: WaitingRule
    offer_hours: int
    cutoff_days: int
    booking_cutoff_days: int
    managers_only: bool
    audience_rule: Strictness
    prerequisites: tuple[tuple[str, Strictness], ...]


@dataclass(frozen=True, slots=True)
class CompletionRules:
    """When a course counts as completed: all modules, or `completion_share` percent of the hours; and for how many
    months, None for good."""

    completion_rule: CompletionRule
    completion_share: int
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class Module:
    id: int
    course_id: int
    position: int
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Event:
    """One scheduled run of a course, with the counts its rules need."""

    id: int
    reference: str
    course_id: int
    course: str
    title: str
    strand: str
    capacity: int
    minimum: int
    state: EventState
    notes: str
    booked: int
    offered: int
    waiting: int
    joining: int
    first_date: date | None
    last_date: date | None
    decide_by: date | None
    version: int

    @property
    def free(self) -> int:
        return max(self.capacity - self.booked - self.offered - self.joining, 0)

    @property
    def seats(self) -> int:
        """Places for whoever is on the event itself: `joining` are taken by people making up a session."""
        return max(self.capacity - self.joining, 0)


@dataclass(frozen=True, slots=True)
class Session:
    """One dated meeting, wall-clock in the council's zone; without date, start and end while to be confirmed."""

    id: int
    event_id: int
    event: str
    number: int
    module: str
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    postcode: str
    room_id: int | None
    venue_id: int | None
    version: int

    @property
    def starts(self) -> datetime | None:
        return datetime.combine(self.date, self.start) if self.date and self.start else None

    @property
    def ends(self) -> datetime | None:
        return datetime.combine(self.date, self.end) if self.date and self.end else None


@dataclass(frozen=True, slots=True)
class RoomAt:
    """A room with its venue's name before its own; `capacity` is None where nobody said."""

    id: int
    name: str
    capacity: int | None


@dataclass(frozen=True, slots=True)
class VenueAt:
    """A place where sessions are held; `rooms` are (name, how many it takes, None where nobody said), `coming` counts
    the sessions from today on."""

    id: int
    name: str
    address: str
    postcode: str
    version: int
    rooms: tuple[tuple[str, int | None], ...]
    coming: int


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    forename: str
    surname: str
    email: str
    employee_number: str | None
    phone: str
    organisation: str
    team: str
    job_title: str
    kind: PersonKind
    is_manager: bool
    is_facilitator: bool
    is_practice_lead: bool
    manager_id: int | None
    dietary: str
    access_needs: str
    active: bool
    version: int

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}".strip()

    @property
    def key(self) -> str:
        """How commands name a person without doubt."""
        return f"#{self.id}"

    @property
    def in_full(self) -> str:
        """For a sentence about somebody else than was meant."""
        return f"{self.name} <{self.email}> ({self.key})"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person on an event. `queue` orders the waiting list; `since` is when the status began (UTC)."""

    id: int
    event_id: int
    person_id: int
    name: str
    email: str
    organisation: str
    status: Status
    queue: int | None
    since: datetime
    offer_ends: datetime | None
    approved_by: str | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One person on the register of one session; without a mark nobody has said yet whether they were there.

    `joining` says that they are there to make up a module; `minutes` is what was noted, None where nothing was; `by`
    is who marked them.
    """

    session_id: int
    session: int
    person_id: int
    name: str
    organisation: str
    dietary: str
    access_needs: str
    joining: bool
    mark: MarkKind | None
    minutes: int | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One person on a sign-in sheet; needs are empty where they are not to be shown, `mark` where nobody marked."""

    person: str
    name: str
    organisation: str
    mark: str
    minutes: int | None
    dietary: str
    access_needs: str


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """The register of one session on paper; `about` says when and where."""

    event: str
    session: int
    title: str
    about: str
    facilitators: str
    with_needs: bool
    lines: tuple[SignInLine, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one person completed; `minutes` are those attended of it, `valid_until` is None where it is for good."""

    reference: str
    person_id: int
    name: str
    title: str
    modules: tuple[str, ...]
    on: date
    valid_until: date | None
    minutes: int
    organiser: str


@dataclass(frozen=True, slots=True)
class RegisterState:
    """That a register was taken, and whether it is signed off; stamps are UTC."""

    session_id: int
    taken_by: str
    taken_at: datetime
    signed_off_by: str | None
    signed_off_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resource:
    id: int
    title: str
    kind: ResourceKind
    address: str
    strand: str
    course: str
    edition: str = ""
    version: int = 1

    @property
    def web_address(self) -> str:
        """Where a browser finds it; empty for a document that is not on the web."""
        if not self.address or self.address.startswith(("http://", "https://")):
            return self.address
        return f"https://{self.address}" if self.kind is ResourceKind.LINK else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Named people who meet; `members` is how many belong to it now, `course` is empty where it is of none."""

    id: int
    name: str
    kind: GroupKind
    course: str
    description: str
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person's time in a group; `left_on` is the first day without them, None while they belong to it."""

    id: int
    person_id: int
    name: str
    email: str
    organisation: str
    role: str
    joined: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a member of a group said on the day `made` that they would do by the day `due`; `settled` is when it was
    said what became of it, `remark` what came of it."""

    id: int
    group_id: int
    group: str
    person_id: int
    name: str
    what: str
    made: date
    due: date
    state: CommitmentState
    settled: date | None
    remark: str
    version: int


@dataclass(frozen=True, slots=True)
class CatalogueCourse:
    """A course as the catalogue knows it, whether it is still run (`active`) or retired."""

    id: int
    strand_id: int
    code: str
    title: str
    strand: str
    description: str
    audience: str
    impact_question: str
    capacity: int
    minimum: int
    position: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class Running:
    """How much a course is run in a time: its events that are not cancelled, their places, who has one, who waits."""

    course_id: int
    events: int
    places: int
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """A headline figure from before the database existed; shown beside what is recorded, never added to it."""

    id: int
    label: str
    value: int
    unit: str
    qualifier: str
    strand: str
    course: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """`at` is UTC as stored; the look-ups give it by the council's clock."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line of the history with what it is about: the event's reference and the person's key, where there is one."""

    line: HistoryLine
    event: str
    person: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """The ledger's line for one person and one session: what was last sent, and what came back."""

    id: int
    session_id: int
    person_id: int
    uid: str
    sequence: int
    method: Method
    role: InvitationRole
    place_and_time: str
    content: str
    stamped: datetime
    partstat: PartStat


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session with all that invitations and feeds tell of it; `revision` grows with every change to any of that.

    `register` is how many people are on it now, of so many `places`: facilitators are told, and it changes nothing.
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
        return datetime.combine(self.date, self.start) if self.date and self.start else None

    @property
    def ends(self) -> datetime | None:
        return datetime.combine(self.date, self.end) if self.date and self.end else None


@dataclass(frozen=True, slots=True)
class AwaitedReply:
    """An invitation as answers are held against it: whom it is for, `addresses` it went to or the person has now, and
    the answer known (`replied` is when that was given, UTC)."""

    invitation_id: int
    session_id: int
    event_id: int
    event: str
    session: int
    person_id: int
    name: str
    addresses: tuple[str, ...]
    sequence: int
    method: Method
    partstat: PartStat
    replied: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as a calendar server was given it: `digest` of its bytes, empty while it is being put there; `etag` is
    the server's mark of what was there before, empty where nothing was."""

    uid: str
    event: str
    session: int
    etag: str
    digest: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who one is to a server; both empty where it asks nobody."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailstore:
    """Where answers come in: a folder on an IMAP server. `security` is tls or starttls; `authorities` is a file of
    certificates to trust beside the machine's own."""

    host: str
    port: int
    security: str
    folder: str
    authorities: str
    account: Account


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as a calendar program wrote it (RFC 5546, 3.2.3). `answer` is its PARTSTAT, whatever that says;
    `stamped` is UTC; `source` says where it came from; `sender` is from whom the mail was that brought it, empty where
    it does not say, and None where it came as a file."""

    source: str
    method: str
    uid: str
    address: str
    answer: str
    sequence: int
    stamped: datetime
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class NoReply:
    """Something that holds no answer that could be read, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Declined:
    """Somebody who declined an invitation and still holds the place: a suggested cancellation."""

    event: str
    session: int
    date: date
    person: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whom a message is from or to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as a calendar keeps it: wall-clock in the council's zone, `stamped` in UTC."""

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
    """One line of the outbox's ledger: made once, known by its key, and by its code to people.

    `person_id` is whom it is about, `name` and `address` to whom it goes; `told` the dates and places it names; `step`
    the last change of anybody before it went out; stamps are UTC.
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
class Wording:
    """The subject and text of one kind of message as a coordinator wrote them."""

    kind: MessageKind
    subject: str
    body: str
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event as its messages tell of it."""

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
class Placing:
    """What became last of a person on an event; `listed` is whether they were on the waiting list, `accepted` whether
    they said yes to an offered place."""

    enrolment_id: int
    event_id: int
    person_id: int
    status: Status
    since: datetime
    listed: bool
    accepted: bool
    offer_ends: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a message can be to, or about."""

    id: int
    forename: str
    name: str
    address: str
    manager_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody marked as not having been in a session."""

    event_id: int
    session_id: int
    person_id: int
    mark: MarkKind


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A completion that has to be refreshed; `on` is when it was met, for `months`."""

    person_id: int
    course_id: int
    course: str
    title: str
    on: date
    months: int


# What look-ups answer: plain words, numbers and ISO text, in the order and under the names of the command line's JSON.
# `db.lookups` gives them as tuples; the window wraps them in these.


@dataclass(frozen=True, slots=True)
class RosterLine:
    """`reply` is what was answered to the invitations that stand: accepted, declined, tentative, no answer, or empty
    where none was sent."""

    person: str
    name: str
    email: str
    organisation: str
    status: str
    since: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    place: int
    person: str
    name: str
    since: str
    offered_until: str


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """Somebody who takes part in one session of an event, to make up its module."""

    session: int
    person: str
    name: str
    module: str


# What services answer when something was done, or would be.


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person: booked, waitlisted, requested, already, or refused with the reason."""

    person: str
    name: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody whose status changed, in words."""

    person: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event or a session, before and after."""

    event: str
    session: int | None
    field: str
    before: str
    after: str
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """One thing that was put back: what it is, and its most telling column before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, or a team with its organisation, and how many belong to it; `kind` says which of the two."""

    kind: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How far a person has come with a course; `on` is when it was completed, `needs` what is missing, `next_chance`
    where that can be had, `valid_until` the last day of a completion that has to be refreshed and `standing` how that
    is today (in date, due, out). `modules` has done, booked or missing for each in order: `done booked missing`."""

    course: str
    title: str
    modules_done: int
    modules_needed: int
    complete: bool
    on: str
    needs: str = ""
    next_chance: str = ""
    valid_until: str = ""
    standing: str = ""
    modules: str = ""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A register as commands print it: `mark` is empty and `minutes` None while nobody has marked the person."""

    session: int
    person: str
    name: str
    mark: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of attended learning in one programme year."""

    year: str
    hours: float


@dataclass(frozen=True, slots=True)
class Attending:
    """A person's line on an event, for their card."""

    event: str
    course: str
    title: str
    status: str
    first_date: str


@dataclass(frozen=True, slots=True)
class Leading:
    """A session somebody leads; `date` is empty while to be confirmed."""

    event: str
    title: str
    session: int
    date: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class InvitationLine:
    event: str
    session: int
    date: str
    method: str
    sequence: int
    partstat: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group that a person belongs to today; `since` is an ISO date."""

    group: str
    kind: str
    role: str
    since: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`leads` are the sessions to come that the person leads, the next one first; `led` those before, latest first."""

    person: Person
    manager: str
    leads: list[Leading]
    led: list[Leading]
    enrolments: list[Attending]
    completions: list[CourseProgress]
    hours: list[Hours]
    invitations: list[InvitationLine]
    history: list[HistoryLine]
    groups: list[Belonging]

    @property
    def no_shows(self) -> list[str]:
        """The events to which the person did not come."""
        return [each.event for each in self.enrolments if each.status == "no_show"]


@dataclass(frozen=True, slots=True)
class EventCard:
    event: Event
    sessions: list[SessionLine]
    roster: list[RosterLine]
    waiting: list[WaitingLine]
    make_ups: list[MakeUpLine]
    facilitators: list[str]
    history: list[HistoryLine]


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A session as everybody may see it: no people, nothing of how full it is."""

    strand: str
    course: str
    event: str
    title: str
    number: int
    module: str
    date: date | None
    start: time | None
    end: time | None
    venue: str
    room: str
    address: str
    postcode: str


@dataclass(frozen=True, slots=True)
class PublicCourse:
    strand: str
    code: str
    title: str
    description: str
    audience: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme year for everybody, in the order of the catalogue and of the dates."""

    name: str
    description: str
    year: str
    strands: list[Strand]
    courses: list[PublicCourse]
    sessions: list[PublicSession]
    resources: list[Resource]
    contact: str


# What reports answer.

Cell = str | int | float | None
Target = tuple[str, str]
"""What a line of a report is about: (strand, course, team, year, event or person; its key)."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures. The first column of `columns` is what a row breaks the figures down by, the second whom or
    what it is about; `bars` names the column to draw, `notes` say what must be known to read it. `targets` has for each
    row what it is about; `trend` are (month, people who attended) of the period, where that is part of the report."""

    name: str
    title: str
    period: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    bars: str
    notes: tuple[str, ...]
    targets: tuple[Target | None, ...] = ()
    trend: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """Where people belong: an organisation, and one of its teams where `team` is not empty."""

    organisation_id: int | None
    organisation: str
    team_id: int | None
    team: str

    @property
    def name(self) -> str:
        """`Early Help, North East Lincolnshire Council`, as it is typed to find it again."""
        return f"{self.team}, {self.organisation}" if self.team else self.organisation or "no organisation"


@dataclass(frozen=True, slots=True)
class HomeCount:
    """How many active people belong somewhere, managers or others."""

    home: Home
    is_manager: bool
    people: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active person of a team, as lists of a team's progress show them."""

    person_id: int
    name: str
    email: str
    home: Home
    is_manager: bool

    @property
    def key(self) -> str:
        return f"#{self.person_id}"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a course is for, and how long a completion of it holds; `managers` says how strictly it is for them."""

    course_id: int
    code: str
    title: str
    managers: Strictness
    validity_months: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A course as reports know it, whether it is still run or not."""

    id: int
    code: str
    title: str
    strand: str


@dataclass(frozen=True, slots=True)
class Profile:
    """So many people who are alike: in who they are, and in the (course id, programme year) they attended."""

    kind: str
    is_manager: bool
    organisation: str
    team: str
    taken: frozenset[tuple[int, int]]
    people: int


@dataclass(frozen=True, slots=True)
class ModuleCount:
    """So many people who attended that many modules of a course, in the period and since the start."""

    course_id: int
    in_period: int
    since_start: int
    people: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An event whose learners are asked what they thought: `attended` is how many of them were there."""

    event_id: int
    event: str
    course_id: int
    first_date: date
    last_date: date
    attended: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a course's form, at its place there."""

    id: int
    course_id: int
    stage: Stage
    position: int
    text: str
    kind: AnswerKind
    is_impact: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: a value (1 and 0 for yes and no, 1 to 5 of a scale), or words."""

    value: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """So many answers of one value to one question after one event."""

    event_id: int
    stage: Stage
    position: int
    kind: AnswerKind
    is_impact: bool
    value: int | None
    number: int


@dataclass(frozen=True, slots=True)
class CourseLoad:
    """What came of a course's events: places and bookings by event, marks by session and person, places given up."""

    course_id: int
    events: int
    places: int
    booked: int
    sessions: int
    attended: int
    apologies: int
    absent: int
    cancelled: int
    late: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody's time on a waiting list; `moved` is when they got or were offered a place, None if they did not."""

    course_id: int
    joined: datetime
    moved: datetime | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody leads, or somewhere is used; `key` is that of the person or venue."""

    name: str
    events: int
    sessions: int
    minutes: int
    key: int = 0


# What the care of the database answers.


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of the database; `rows` counts every table."""

    file: str
    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` is the backup of what was replaced, empty where nothing was; `applied` the migrations the copy lacked."""

    file: str
    rows: int
    kept: str
    applied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """`result` is ok, look (unusual, and possibly meant) or wrong."""

    check: str
    result: str
    detail: str
