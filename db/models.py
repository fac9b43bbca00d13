"""Tables, constraints and indexes. Peewee rows live here and never leave `db`."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Any

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    TimeField,
)
from playhouse.fields import EnumField, IntEnumField

from db.engine.connection import database
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.booking import OfferOutcome, Status
from db.records.catalogue import Approval, CompletionRule, ResourceKind, Strictness, WaitingRule
from db.records.evaluation import AnswerKind, Stage
from db.records.first_picture import EventState
from db.records.groups import CommitmentState, GroupKind
from db.records.mail import InvitationRole, MessageKind, MessageState, Method, PartStat
from db.records.people import OrganisationKind, PersonKind


def one_of(column: str, kinds: type[StrEnum] | type[IntEnum]) -> Any:
    """A CHECK that the column holds one of the enum's values."""
    values: Iterable[Any] = (kind.value for kind in kinds)
    return Check(f"{column} IN ({', '.join(repr(value) for value in values)})")


class Row(Model):
    id: Any

    class Meta:
        database = database
        legacy_table_names = False


class Programme(Row):
    name = TextField(unique=True)
    description = TextField(default="")
    started = DateField()


class Strand(Row):
    programme = ForeignKeyField(Programme, on_delete="RESTRICT")
    code = CharField(max_length=20, unique=True)
    name = TextField(unique=True)
    description = TextField(default="")
    position = IntegerField()


class Course(Row):
    """`cutoff_days` are working days before the first session; `offer_hours` how long an offered place is held."""

    strand = ForeignKeyField(Strand, on_delete="RESTRICT")
    code = CharField(max_length=20, unique=True)
    title = TextField()
    description = TextField(default="")
    audience = TextField(default="")
    impact_question = TextField(default="")
    capacity = IntegerField(default=20)
    minimum = IntegerField(default=0)
    cutoff_days = IntegerField(default=0)
    booking_cutoff_days = IntegerField(default=0)
    approval = EnumField(Approval, max_length=20, default=Approval.NONE)
    waiting_rule = EnumField(WaitingRule, max_length=20, default=WaitingRule.PROMOTE)
    offer_hours = IntegerField(default=48)
    audience_rule = EnumField(Strictness, max_length=20, default=Strictness.OFF)
    managers_only = BooleanField(default=False)
    completion_rule = EnumField(CompletionRule, max_length=20, default=CompletionRule.ALL_MODULES)
    completion_share = IntegerField(default=100)
    validity_months = IntegerField(null=True)
    position = IntegerField()
    active = BooleanField(default=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [
            Check("capacity >= 0"),
            Check("minimum >= 0"),
            Check("cutoff_days >= 0"),
            Check("booking_cutoff_days >= 0"),
            Check("offer_hours > 0"),
            Check("completion_share BETWEEN 1 AND 100"),
            one_of("approval", Approval),
            one_of("waiting_rule", WaitingRule),
            one_of("audience_rule", Strictness),
            one_of("completion_rule", CompletionRule),
        ]


class Prerequisite(Row):
    course = ForeignKeyField(Course, on_delete="CASCADE", backref="+")
    requires = ForeignKeyField(Course, on_delete="CASCADE", backref="+")
    strictness = EnumField(Strictness, max_length=20, default=Strictness.WARN)

    class Meta:
        primary_key = CompositeKey("course", "requires")
        constraints = [Check("course_id <> requires_id"), one_of("strictness", Strictness)]


class Module(Row):
    course = ForeignKeyField(Course, on_delete="CASCADE", index=False)
    position = IntegerField()
    title = TextField()
    minutes = IntegerField()

    class Meta:
        indexes = ((("course", "position"), True),)
        constraints = [Check("minutes > 0"), Check("position > 0")]


class Venue(Row):
    name = TextField(unique=True)
    address = TextField(default="")
    postcode = TextField(default="")
    version = IntegerField(default=1)


class Room(Row):
    venue = ForeignKeyField(Venue, on_delete="CASCADE", index=False)
    name = TextField()
    capacity = IntegerField(null=True)

    class Meta:
        indexes = ((("venue", "name"), True),)
        constraints = [Check("capacity IS NULL OR capacity > 0")]


class Organisation(Row):
    name = TextField(unique=True)
    kind = EnumField(OrganisationKind, max_length=20, default=OrganisationKind.OTHER)

    class Meta:
        constraints = [one_of("kind", OrganisationKind)]


class Team(Row):
    organisation = ForeignKeyField(Organisation, on_delete="CASCADE", index=False)
    name = TextField()

    class Meta:
        indexes = ((("organisation", "name"), True),)


class Person(Row):
    """`email` as typed, `email_key` for comparing; `search` and `sort` are folded, see `db.engine.search`."""

    employee_number = CharField(max_length=40, unique=True, null=True)
    forename = TextField(default="")
    surname = TextField()
    email = TextField()
    email_key = TextField(unique=True)
    phone = TextField(default="")
    organisation = ForeignKeyField(Organisation, null=True, on_delete="RESTRICT")
    team = ForeignKeyField(Team, null=True, on_delete="RESTRICT")
    job_title = TextField(default="")
    kind = EnumField(PersonKind, max_length=20, default=PersonKind.STAFF)
    manager = ForeignKeyField("self", null=True, on_delete="SET NULL")
    is_manager = BooleanField(default=False)
    is_facilitator = BooleanField(default=False)
    is_practice_lead = BooleanField(default=False)
    dietary = TextField(default="")
    access_needs = TextField(default="")
    active = BooleanField(default=True)
    search = TextField(default="")
    sort = TextField(default="", index=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = [one_of("kind", PersonKind), Check("surname <> ''"), Check("email_key <> ''")]


class PersonWord(Row):
    """One folded word of what a person can be found by; the table is its own index."""

    word = TextField()
    sort = TextField()
    person = ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("word", "sort", "person")
        without_rowid = True


class Event(Row):
    """`db.booking.recount` and `db.calendar.redate` keep the counts and dates, so that lists need no aggregate."""

    reference = CharField(max_length=40, unique=True)
    course = ForeignKeyField(Course, on_delete="RESTRICT")
    title = TextField()
    capacity = IntegerField()
    minimum = IntegerField(default=0)
    state = EnumField(EventState, max_length=20, default=EventState.DRAFT)
    decide_by = DateField(null=True)
    notes = TextField(default="")
    booked = IntegerField(default=0)
    offered = IntegerField(default=0)
    waiting = IntegerField(default=0)
    joining = IntegerField(default=0)
    first_date = DateField(null=True)
    last_date = DateField(null=True)
    search = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("state", "first_date"), False), (("first_date",), False))
        constraints = [
            Check("capacity >= 0"),
            Check("minimum >= 0"),
            Check("booked >= 0 AND offered >= 0 AND waiting >= 0 AND joining >= 0"),
            one_of("state", EventState),
        ]


class Session(Row):
    """All of date, start and end are null while the session is to be confirmed; wall-clock in the council's zone."""

    event = ForeignKeyField(Event, on_delete="RESTRICT", index=False)
    number = IntegerField()
    module = ForeignKeyField(Module, null=True, on_delete="RESTRICT")
    title = TextField(default="")
    date = DateField(null=True)
    start = TimeField(null=True)
    end = TimeField(null=True)
    venue = ForeignKeyField(Venue, null=True, on_delete="RESTRICT", index=False)
    room = ForeignKeyField(Room, null=True, on_delete="RESTRICT")
    notes = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("event", "number"), True), (("date", "start"), False), (("venue", "date"), False))
        constraints = [
            Check("number > 0"),
            Check('(date IS NULL AND start IS NULL AND "end" IS NULL) OR (date IS NOT NULL AND start < "end")'),
        ]


class Facilitation(Row):
    session = ForeignKeyField(Session, on_delete="CASCADE", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")

    class Meta:
        primary_key = CompositeKey("session", "person")


class Enrolment(Row):
    """`queue` is the place in the order of joining the waiting list; it stays when the person moves up."""

    event = ForeignKeyField(Event, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    status = IntEnumField(Status)
    since = DateTimeField()
    queue = IntegerField(null=True)
    offer_ends = DateTimeField(null=True)
    approved_by = TextField(null=True)
    reason = TextField(default="")
    late = BooleanField(default=False)
    moved_to = ForeignKeyField("self", null=True, on_delete="SET NULL")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("event", "status"), False),)
        constraints = [one_of("status", Status)]


Enrolment.add_index(
    Enrolment.index(
        Enrolment.event,
        Enrolment.person,
        unique=True,
        where=SQL(f"status >= {status_numbers.LOWEST_LIVE}"),
        name="enrolment_one_live",
    )
)


class MakeUp(Row):
    """Somebody of another event who makes up a missed module in this session, and takes a seat in it."""

    session = ForeignKeyField(Session, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    since = DateTimeField()
    active = BooleanField(default=True)
    version = IntegerField(default=1)


MakeUp.add_index(MakeUp.index(MakeUp.session, MakeUp.person, unique=True, where=SQL("active"), name="make_up_once"))


class Offer(Row):
    enrolment = ForeignKeyField(Enrolment, on_delete="CASCADE")
    made = DateTimeField()
    ends = DateTimeField()
    outcome = EnumField(OfferOutcome, max_length=20, default=OfferOutcome.OPEN)
    settled = DateTimeField(null=True)

    class Meta:
        constraints = [Check("ends > made"), one_of("outcome", OfferOutcome)]


Offer.add_index(Offer.index(Offer.enrolment, unique=True, where=SQL("outcome = 'open'"), name="offer_one_open"))


class Register(Row):
    """That the attendance of a session was taken, by whom, and whether it is signed off."""

    session = ForeignKeyField(Session, primary_key=True, on_delete="RESTRICT")
    taken_by = TextField()
    taken_at = DateTimeField()
    signed_off_by = TextField(null=True)
    signed_off_at = DateTimeField(null=True)


class Mark(Row):
    session = ForeignKeyField(Session, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    mark = EnumField(MarkKind, max_length=20)
    minutes = IntegerField(null=True)
    at = DateTimeField()
    actor = TextField()

    class Meta:
        primary_key = CompositeKey("session", "person")
        constraints = [Check("minutes IS NULL OR minutes >= 0"), one_of("mark", MarkKind)]


class Completion(Row):
    """A person met a course's rule; kept by the register services, checked by `admin check`."""

    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    course = ForeignKeyField(Course, on_delete="RESTRICT")
    on = DateField()

    class Meta:
        primary_key = CompositeKey("person", "course")


class Question(Row):
    course = ForeignKeyField(Course, on_delete="CASCADE", index=False)
    stage = EnumField(Stage, max_length=20)
    position = IntegerField()
    text = TextField()
    kind = EnumField(AnswerKind, max_length=20)
    is_impact = BooleanField(default=False)

    class Meta:
        indexes = ((("course", "stage", "position"), True),)
        constraints = [one_of("stage", Stage), one_of("kind", AnswerKind)]


class Evaluation(Row):
    """A person's answers after an event; `person` is null where the policy says anonymous."""

    event = ForeignKeyField(Event, on_delete="RESTRICT")
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    stage = EnumField(Stage, max_length=20)
    received = DateTimeField()
    source = TextField(default="")

    class Meta:
        constraints = [one_of("stage", Stage)]


Evaluation.add_index(
    Evaluation.index(
        Evaluation.event,
        Evaluation.person,
        Evaluation.stage,
        unique=True,
        where=SQL("person_id IS NOT NULL"),
        name="evaluation_once",
    )
)


class Answer(Row):
    evaluation = ForeignKeyField(Evaluation, on_delete="CASCADE", index=False)
    question = ForeignKeyField(Question, on_delete="RESTRICT")
    value = IntegerField(null=True)
    text = TextField(default="")

    class Meta:
        primary_key = CompositeKey("evaluation", "question")


class Group(Row):
    name = TextField(unique=True)
    kind = EnumField(GroupKind, max_length=30)
    course = ForeignKeyField(Course, null=True, on_delete="RESTRICT")
    description = TextField(default="")

    class Meta:
        table_name = "people_group"
        constraints = [one_of("kind", GroupKind)]


class Membership(Row):
    id = AutoField()
    group = ForeignKeyField(Group, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    role = TextField(default="member")
    joined = DateField()
    left_on = DateField(null=True)

    class Meta:
        constraints = [Check("left_on IS NULL OR left_on >= joined")]


Membership.add_index(
    Membership.index(
        Membership.group, Membership.person, unique=True, where=SQL("left_on IS NULL"), name="membership_one_current"
    )
)


class GroupMeeting(Row):
    """That the group was put on the event as a group: it meets there."""

    group = ForeignKeyField(Group, on_delete="CASCADE", index=False)
    event = ForeignKeyField(Event, on_delete="RESTRICT")

    class Meta:
        primary_key = CompositeKey("group", "event")


class Commitment(Row):
    """What a member said they would do by a day, and what became of it."""

    group = ForeignKeyField(Group, on_delete="RESTRICT")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    what = TextField()
    made = DateField()
    due = DateField()
    state = EnumField(CommitmentState, max_length=20, default=CommitmentState.OPEN)
    settled = DateField(null=True)
    remark = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("state", "due"), False),)
        constraints = [
            Check("what <> ''"),
            Check("due >= made"),
            Check("(state = 'open') = (settled IS NULL)"),
            one_of("state", CommitmentState),
        ]


class Resource(Row):
    strand = ForeignKeyField(Strand, null=True, on_delete="CASCADE")
    course = ForeignKeyField(Course, null=True, on_delete="CASCADE")
    title = TextField()
    kind = EnumField(ResourceKind, max_length=20)
    address = TextField(default="")
    edition = TextField(default="")
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        constraints = [one_of("kind", ResourceKind), Check("strand_id IS NOT NULL OR course_id IS NOT NULL")]


class Invitation(Row):
    """The ledger's line for one person and session; the UID is theirs for life, so the line is never deleted."""

    session = ForeignKeyField(Session, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    role = EnumField(InvitationRole, max_length=20, default=InvitationRole.LEARNER)
    uid = TextField(unique=True)
    sequence = IntegerField()
    method = EnumField(Method, max_length=20)
    place_and_time = TextField()
    content = TextField()
    stamped = DateTimeField()
    partstat = EnumField(PartStat, max_length=20, default=PartStat.NEEDS_ACTION)
    replied = DateTimeField(null=True)

    class Meta:
        indexes = ((("session", "person"), True),)
        constraints = [
            Check("sequence >= 0"),
            one_of("role", InvitationRole),
            one_of("method", Method),
            one_of("partstat", PartStat),
        ]


class Dispatch(Row):
    """Append-only: each invitation as it was written or sent."""

    invitation = ForeignKeyField(Invitation, on_delete="RESTRICT")
    sequence = IntegerField()
    method = EnumField(Method, max_length=20)
    stamped = DateTimeField()
    file = TextField()
    actor = TextField()

    class Meta:
        constraints = [one_of("method", Method)]


class Collection(Row):
    """A calendar on a CalDAV server that sessions are published to."""

    url = TextField(unique=True)


class CollectionObject(Row):
    """One session as it was put there last; without `digest` it was being put when the program ended."""

    collection = ForeignKeyField(Collection, on_delete="CASCADE", index=False)
    uid = TextField()
    event = TextField()
    session = IntegerField()
    etag = TextField(default="")
    digest = TextField()

    class Meta:
        primary_key = CompositeKey("collection", "uid")


class Template(Row):
    """How one kind of message is worded here, where that is not as the program words it."""

    kind = EnumField(MessageKind, max_length=30, primary_key=True)
    subject = TextField()
    body = TextField()
    edited_by = TextField()
    edited_at = DateTimeField()

    class Meta:
        constraints = [one_of("kind", MessageKind), Check("subject <> ''"), Check("body <> ''")]


class Message(Row):
    """The outbox's ledger: a message is made once, which its key sees to. `step` is the last step when it went out."""

    code = CharField(max_length=12, unique=True)
    key = TextField(unique=True)
    kind = EnumField(MessageKind, max_length=30)
    event = ForeignKeyField(Event, null=True, on_delete="RESTRICT", index=False)
    session = ForeignKeyField(Session, null=True, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    name = TextField()
    address = TextField()
    subject = TextField()
    body = TextField()
    told = TextField(default="")
    state = EnumField(MessageState, max_length=20)
    tries = IntegerField(default=0)
    fault = TextField(default="")
    at = DateTimeField()
    actor = TextField()
    step = IntegerField(default=0, index=True)
    dispatch = ForeignKeyField(Dispatch, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        indexes = ((("event", "person"), False), (("state", "id"), False))
        constraints = [one_of("kind", MessageKind), one_of("state", MessageState), Check("tries >= 0")]


class Baseline(Row):
    strand = ForeignKeyField(Strand, on_delete="RESTRICT")
    course = ForeignKeyField(Course, null=True, on_delete="RESTRICT")
    label = TextField()
    value = IntegerField()
    unit = CharField(max_length=20)
    qualifier = TextField(default="")
    source = TextField()
    as_of = DateField()
    position = IntegerField()

    class Meta:
        constraints = [Check("unit IN ('people', 'percent')")]


class Step(Row):
    """One thing that one actor did, as undo sees it; `sent` is the last dispatch before it."""

    at = DateTimeField()
    actor = TextField(index=True)
    what = TextField()
    sent = IntegerField(default=0)
    undone = BooleanField(default=False)


class Image(Row):
    """A row as it was before and after a change, as JSON; without `before` the change made it."""

    step = ForeignKeyField(Step, on_delete="CASCADE", index=False)
    kind = CharField(max_length=20)
    row = IntegerField()
    before = TextField(null=True)
    after = TextField()

    class Meta:
        primary_key = CompositeKey("step", "kind", "row")


class History(Row):
    """Append-only. `event` and `person` say whom and what the line is about; `actor` is who did it."""

    at = DateTimeField()
    actor = TextField(index=True)
    verb = TextField()
    subject = TextField()
    event = ForeignKeyField(Event, null=True, on_delete="RESTRICT")
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    before = TextField(default="")
    after = TextField(default="")
    reason = TextField(default="")


class Policy(Row):
    key = TextField(primary_key=True)
    value = TextField()


class Role(Row):
    actor = TextField(primary_key=True)
    role = IntegerField()

    class Meta:
        table_name = "actor_role"
        constraints = [Check("role BETWEEN 1 AND 4")]


class ImportMapping(Row):
    """How a heading of an imported file was read last time."""

    kind = CharField(max_length=20)
    heading = TextField()
    field = TextField()

    class Meta:
        primary_key = CompositeKey("kind", "heading")


TABLES: tuple[type[Row], ...] = (
    Programme, Strand, Course, Prerequisite, Module, Venue, Room, Organisation, Team, Person, PersonWord, Event,
    Session, Facilitation, Enrolment, MakeUp, Offer, Register, Mark, Completion, Question, Evaluation, Answer, Group,
    Membership, GroupMeeting, Commitment, Resource, Invitation, Dispatch, Template, Message, Baseline, Step, Image,
    History, Policy, Role, ImportMapping, Collection, CollectionObject,
)  # fmt: skip
