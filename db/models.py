"""Tables, constraints and indexes. Peewee rows live here and never leave `db`."""

import re
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
from db.records.attendance import KnownTo, MarkKind
from db.records.booking import OfferOutcome, Status
from db.records.catalogue import Approval, CompletionRule, ResourceKind, Strictness, WaitingElsewhere, WaitingRule
from db.records.evaluation import AnswerKind, Stage
from db.records.groups import CommitmentState, GroupKind
from db.records.mail import InvitationMethod, InvitationRole, MessageKind, MessageState, PartStat
from db.records.people import OrganisationKind, PersonKind
from db.records.startup import EventState


def enum_check(column: str, kinds: type[StrEnum] | type[IntEnum]) -> Any:
    """Return a CHECK that the column holds one of the enum's values."""
    values: Iterable[Any] = (kind.value for kind in kinds)
    return Check(f"{column} IN ({', '.join(repr(value) for value in values)})")


class Row(Model):
    """Base class of all tables."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False

        @staticmethod
        def table_function(model: type[Model]) -> str:
            """Name the table after its class, without `Row`."""
            return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__.removesuffix("Row")).lower()


class ProgrammeRow(Row):
    """The programme that the database is about; there is one."""

    name = TextField(unique=True)
    description = TextField(default="")
    started = DateField()


class StrandRow(Row):
    """A main area of the programme."""

    programme = ForeignKeyField(ProgrammeRow, on_delete="RESTRICT")
    code = CharField(max_length=20, unique=True)
    name = TextField(unique=True)
    description = TextField(default="")
    position = IntegerField()


class CourseRow(Row):
    """A course; `cutoff_days` are working days before the first session, `offer_hours` how long an offer is held."""

    strand = ForeignKeyField(StrandRow, on_delete="RESTRICT")
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
    waiting_elsewhere = EnumField(WaitingElsewhere, max_length=20, default=WaitingElsewhere.ASK)

    class Meta:
        constraints = [
            Check("capacity >= 0"),
            Check("minimum >= 0"),
            Check("cutoff_days >= 0"),
            Check("booking_cutoff_days >= 0"),
            Check("offer_hours > 0"),
            Check("completion_share BETWEEN 1 AND 100"),
            enum_check("approval", Approval),
            enum_check("waiting_rule", WaitingRule),
            enum_check("audience_rule", Strictness),
            enum_check("completion_rule", CompletionRule),
        ]


class PrerequisiteRow(Row):
    """A course to be completed before another, and how strictly."""

    course = ForeignKeyField(CourseRow, on_delete="CASCADE", backref="+")
    requires = ForeignKeyField(CourseRow, on_delete="CASCADE", backref="+")
    strictness = EnumField(Strictness, max_length=20, default=Strictness.WARN)

    class Meta:
        primary_key = CompositeKey("course", "requires")
        constraints = [Check("course_id <> requires_id"), enum_check("strictness", Strictness)]


class ModuleRow(Row):
    """One required part of a course."""

    course = ForeignKeyField(CourseRow, on_delete="CASCADE", index=False)
    position = IntegerField()
    title = TextField()
    minutes = IntegerField()

    class Meta:
        indexes = ((("course", "position"), True),)
        constraints = [Check("minutes > 0"), Check("position > 0")]


class VenueRow(Row):
    """A building where sessions are held."""

    name = TextField(unique=True)
    address = TextField(default="")
    postcode = TextField(default="")
    version = IntegerField(default=1)


class RoomRow(Row):
    """A room of a venue."""

    venue = ForeignKeyField(VenueRow, on_delete="CASCADE", index=False)
    name = TextField()
    capacity = IntegerField(null=True)

    class Meta:
        indexes = ((("venue", "name"), True),)
        constraints = [Check("capacity IS NULL OR capacity > 0")]


class OrganisationRow(Row):
    """An organisation that people belong to; `exempt` from charges.

    `parent` is the id of the organisation it is part of, `contact` that of the person who books for it; both without a
    constraint, because SQLite could add one only by making the table anew.
    """

    name = TextField(unique=True)
    kind = EnumField(OrganisationKind, max_length=20, default=OrganisationKind.OTHER)
    parent = IntegerField(null=True)
    contact = IntegerField(null=True)
    exempt = BooleanField(default=False)
    invoice_address = TextField(default="")
    notes = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        constraints = [enum_check("kind", OrganisationKind)]


class OrganisationAliasRow(Row):
    """Another name under which an organisation is known, such as in a file of HR."""

    organisation = ForeignKeyField(OrganisationRow, on_delete="CASCADE", index=False)
    name = TextField()
    name_key = TextField(unique=True)

    class Meta:
        primary_key = CompositeKey("organisation", "name_key")


class TeamRow(Row):
    """A team of an organisation."""

    organisation = ForeignKeyField(OrganisationRow, on_delete="CASCADE", index=False)
    name = TextField()

    class Meta:
        indexes = ((("organisation", "name"), True),)


class PersonRow(Row):
    """A person. `email` is as typed, `email_key` for comparing; `search` and `sort` are folded, see
    `db.engine.search`.

    `merged_into` is the id of the same person under the record that was kept; nobody finds the other one any more.
    """

    employee_number = CharField(max_length=40, unique=True, null=True)
    forename = TextField(default="")
    surname = TextField()
    email = TextField()
    email_key = TextField(unique=True)
    phone = TextField(default="")
    organisation = ForeignKeyField(OrganisationRow, null=True, on_delete="RESTRICT")
    team = ForeignKeyField(TeamRow, null=True, on_delete="RESTRICT")
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
    known_as = TextField(default="")
    start_date = DateField(null=True)
    leaving_date = DateField(null=True)
    merged_into = IntegerField(null=True)

    class Meta:
        constraints = [enum_check("kind", PersonKind), Check("surname <> ''"), Check("email_key <> ''")]


class PersonAddressRow(Row):
    """An e-mail address that a person had before, and the day until which they had it; they are still found by it."""

    person = ForeignKeyField(PersonRow, on_delete="CASCADE", index=False)
    email = TextField()
    email_key = TextField(index=True)
    until = DateField()

    class Meta:
        primary_key = CompositeKey("person", "email_key")


class PersonWordRow(Row):
    """One folded word that a person can be found by; the table is its own index."""

    word = TextField()
    sort = TextField()
    person = ForeignKeyField(PersonRow, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("word", "sort", "person")
        without_rowid = True


class EventRow(Row):
    """An event.

    `db.booking.update_event_counts` and `db.calendar.update_event_dates` keep its counts and dates, so that lists need
    no
    aggregate.
    """

    reference = CharField(max_length=40, unique=True)
    course = ForeignKeyField(CourseRow, on_delete="RESTRICT")
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
            enum_check("state", EventState),
        ]


class SessionRow(Row):
    """A session, on the council's clock; date, start and end are all null while it is to be confirmed."""

    event = ForeignKeyField(EventRow, on_delete="RESTRICT", index=False)
    number = IntegerField()
    module = ForeignKeyField(ModuleRow, null=True, on_delete="RESTRICT")
    title = TextField(default="")
    date = DateField(null=True)
    start = TimeField(null=True)
    end = TimeField(null=True)
    venue = ForeignKeyField(VenueRow, null=True, on_delete="RESTRICT", index=False)
    room = ForeignKeyField(RoomRow, null=True, on_delete="RESTRICT")
    notes = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("event", "number"), True), (("date", "start"), False), (("venue", "date"), False))
        constraints = [
            Check("number > 0"),
            Check('(date IS NULL AND start IS NULL AND "end" IS NULL) OR (date IS NOT NULL AND start < "end")'),
        ]


class FacilitationRow(Row):
    """A person who leads a session."""

    session = ForeignKeyField(SessionRow, on_delete="CASCADE", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")

    class Meta:
        primary_key = CompositeKey("session", "person")


class EnrolmentRow(Row):
    """An enrolment; `queue` is the place in the order of joining the waiting list, kept when the person moves up."""

    event = ForeignKeyField(EventRow, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
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
        constraints = [enum_check("status", Status)]


EnrolmentRow.add_index(
    EnrolmentRow.index(
        EnrolmentRow.event,
        EnrolmentRow.person,
        unique=True,
        where=SQL(f"status >= {status_numbers.LOWEST_LIVE}"),
        name="enrolment_one_live",
    )
)


class MakeUpRow(Row):
    """A person of another event who makes up a missed module in this session, and takes a seat in it."""

    session = ForeignKeyField(SessionRow, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
    since = DateTimeField()
    active = BooleanField(default=True)
    version = IntegerField(default=1)


MakeUpRow.add_index(
    MakeUpRow.index(MakeUpRow.session, MakeUpRow.person, unique=True, where=SQL("active"), name="make_up_once")
)


class OfferRow(Row):
    """A place offered to a person on the waiting list until a time."""

    enrolment = ForeignKeyField(EnrolmentRow, on_delete="CASCADE")
    made = DateTimeField()
    ends = DateTimeField()
    outcome = EnumField(OfferOutcome, max_length=20, default=OfferOutcome.OPEN)
    settled = DateTimeField(null=True)

    class Meta:
        constraints = [Check("ends > made"), enum_check("outcome", OfferOutcome)]


OfferRow.add_index(
    OfferRow.index(OfferRow.enrolment, unique=True, where=SQL("outcome = 'open'"), name="offer_one_open")
)


class RegisterRow(Row):
    """A register that was taken, and by whom it was signed off, if it was."""

    session = ForeignKeyField(SessionRow, primary_key=True, on_delete="RESTRICT")
    taken_by = TextField()
    taken_at = DateTimeField()
    signed_off_by = TextField(null=True)
    signed_off_at = DateTimeField(null=True)


class MarkRow(Row):
    """A person's mark on the register of a session."""

    session = ForeignKeyField(SessionRow, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
    mark = EnumField(MarkKind, max_length=20)
    minutes = IntegerField(null=True)
    at = DateTimeField()
    actor = TextField()

    class Meta:
        primary_key = CompositeKey("session", "person")
        constraints = [Check("minutes IS NULL OR minutes >= 0"), enum_check("mark", MarkKind)]


class CompletionRow(Row):
    """A person's completion of a course, stored by the attendance actions and checked by `admin check`."""

    person = ForeignKeyField(PersonRow, on_delete="CASCADE", index=False)
    course = ForeignKeyField(CourseRow, on_delete="RESTRICT")
    on = DateField()
    expires = DateField(null=True)

    class Meta:
        primary_key = CompositeKey("person", "course")


class LearningFileRow(Row):
    """A file of what people learnt earlier, from which rows of EarlierLearningRow came."""

    name = TextField()
    added = DateTimeField()
    actor = TextField()


class EarlierLearningRow(Row):
    """A course or module that a person learnt before or elsewhere; `file` is null for what was typed."""

    id = AutoField()
    file = ForeignKeyField(LearningFileRow, null=True, on_delete="CASCADE", index=False)
    person = ForeignKeyField(PersonRow, on_delete="CASCADE", index=False)
    course = ForeignKeyField(CourseRow, on_delete="RESTRICT", index=False)
    module = ForeignKeyField(ModuleRow, null=True, on_delete="RESTRICT", index=False)
    on = DateField()
    known_to = EnumField(KnownTo, max_length=10)
    provider = TextField(default="")
    evidence = TextField(default="")
    expires = DateField(null=True)

    class Meta:
        indexes = ((("person", "course"), False),)
        constraints = [enum_check("known_to", KnownTo)]


class QuestionRow(Row):
    """A question of a course's evaluation form."""

    course = ForeignKeyField(CourseRow, on_delete="CASCADE", index=False)
    stage = EnumField(Stage, max_length=20)
    position = IntegerField()
    text = TextField()
    kind = EnumField(AnswerKind, max_length=20)
    is_impact = BooleanField(default=False)

    class Meta:
        indexes = ((("course", "stage", "position"), True),)
        constraints = [enum_check("stage", Stage), enum_check("kind", AnswerKind)]


class EvaluationRow(Row):
    """A returned evaluation; `person` is null where the policy says anonymous."""

    event = ForeignKeyField(EventRow, on_delete="RESTRICT")
    person = ForeignKeyField(PersonRow, null=True, on_delete="SET NULL")
    stage = EnumField(Stage, max_length=20)
    received = DateTimeField()
    source = TextField(default="")

    class Meta:
        constraints = [enum_check("stage", Stage)]


EvaluationRow.add_index(
    EvaluationRow.index(
        EvaluationRow.event,
        EvaluationRow.person,
        EvaluationRow.stage,
        unique=True,
        where=SQL("person_id IS NOT NULL"),
        name="evaluation_once",
    )
)


class AnswerRow(Row):
    """The answer to one question of a returned evaluation; `given` is its wording where it was read as a value."""

    evaluation = ForeignKeyField(EvaluationRow, on_delete="CASCADE", index=False)
    question = ForeignKeyField(QuestionRow, on_delete="RESTRICT")
    value = IntegerField(null=True)
    text = TextField(default="")
    given = TextField(default="")

    class Meta:
        primary_key = CompositeKey("evaluation", "question")


class GroupRow(Row):
    """A named group of people who meet."""

    name = TextField(unique=True)
    kind = EnumField(GroupKind, max_length=30)
    course = ForeignKeyField(CourseRow, null=True, on_delete="RESTRICT")
    description = TextField(default="")

    class Meta:
        table_name = "people_group"
        constraints = [enum_check("kind", GroupKind)]


class MembershipRow(Row):
    """A person's time in a group."""

    id = AutoField()
    group = ForeignKeyField(GroupRow, on_delete="CASCADE")
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
    role = TextField(default="member")
    joined = DateField()
    left_on = DateField(null=True)

    class Meta:
        constraints = [Check("left_on IS NULL OR left_on >= joined")]


MembershipRow.add_index(
    MembershipRow.index(
        MembershipRow.group,
        MembershipRow.person,
        unique=True,
        where=SQL("left_on IS NULL"),
        name="membership_one_current",
    )
)


class GroupMeetingRow(Row):
    """An event that a group was booked on as a group, and so meets at."""

    group = ForeignKeyField(GroupRow, on_delete="CASCADE", index=False)
    event = ForeignKeyField(EventRow, on_delete="RESTRICT")

    class Meta:
        primary_key = CompositeKey("group", "event")


class CommitmentRow(Row):
    """A commitment of a group's member, and its result."""

    group = ForeignKeyField(GroupRow, on_delete="RESTRICT")
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
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
            enum_check("state", CommitmentState),
        ]


class ResourceRow(Row):
    """A link or document of a strand or a course."""

    strand = ForeignKeyField(StrandRow, null=True, on_delete="CASCADE")
    course = ForeignKeyField(CourseRow, null=True, on_delete="CASCADE")
    title = TextField()
    kind = EnumField(ResourceKind, max_length=20)
    address = TextField(default="")
    edition = TextField(default="")
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        constraints = [enum_check("kind", ResourceKind), Check("strand_id IS NOT NULL OR course_id IS NOT NULL")]


class InvitationRow(Row):
    """The ledger's line for one person and session; never deleted, because the UID stays theirs for ever."""

    session = ForeignKeyField(SessionRow, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
    role = EnumField(InvitationRole, max_length=20, default=InvitationRole.LEARNER)
    uid = TextField(unique=True)
    sequence = IntegerField()
    method = EnumField(InvitationMethod, max_length=20)
    place_and_time = TextField()
    content = TextField()
    stamped = DateTimeField()
    partstat = EnumField(PartStat, max_length=20, default=PartStat.NEEDS_ACTION)
    replied = DateTimeField(null=True)

    class Meta:
        indexes = ((("session", "person"), True),)
        constraints = [
            Check("sequence >= 0"),
            enum_check("role", InvitationRole),
            enum_check("method", InvitationMethod),
            enum_check("partstat", PartStat),
        ]


class DispatchRow(Row):
    """Each invitation as it was written or sent; append-only."""

    invitation = ForeignKeyField(InvitationRow, on_delete="RESTRICT")
    sequence = IntegerField()
    method = EnumField(InvitationMethod, max_length=20)
    stamped = DateTimeField()
    file = TextField()
    actor = TextField()

    class Meta:
        constraints = [enum_check("method", InvitationMethod)]


class CollectionRow(Row):
    """A calendar on a CalDAV server that sessions are published to."""

    url = TextField(unique=True)


class CollectionObjectRow(Row):
    """A session as it was last put on a calendar server; `digest` is empty while it is being put there."""

    collection = ForeignKeyField(CollectionRow, on_delete="CASCADE", index=False)
    uid = TextField()
    event = TextField()
    session = IntegerField()
    etag = TextField(default="")
    digest = TextField()

    class Meta:
        primary_key = CompositeKey("collection", "uid")


class TemplateRow(Row):
    """The template of one kind of message, where it differs from the program's own."""

    kind = EnumField(MessageKind, max_length=30, primary_key=True)
    subject = TextField()
    body = TextField()
    edited_by = TextField()
    edited_at = DateTimeField()

    class Meta:
        constraints = [enum_check("kind", MessageKind), Check("subject <> ''"), Check("body <> ''")]


class MessageRow(Row):
    """A line of the outbox's ledger; the unique key lets a message be made only once. `step` is the last step before
    it went out."""

    code = CharField(max_length=12, unique=True)
    key = TextField(unique=True)
    kind = EnumField(MessageKind, max_length=30)
    event = ForeignKeyField(EventRow, null=True, on_delete="RESTRICT", index=False)
    session = ForeignKeyField(SessionRow, null=True, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(PersonRow, on_delete="RESTRICT")
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
    dispatch = ForeignKeyField(DispatchRow, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        indexes = ((("event", "person"), False), (("state", "id"), False))
        constraints = [enum_check("kind", MessageKind), enum_check("state", MessageState), Check("tries >= 0")]


class BaselineRow(Row):
    """A headline figure from before the database existed."""

    strand = ForeignKeyField(StrandRow, on_delete="RESTRICT")
    course = ForeignKeyField(CourseRow, null=True, on_delete="RESTRICT")
    label = TextField()
    value = IntegerField()
    unit = CharField(max_length=20)
    qualifier = TextField(default="")
    source = TextField()
    as_of = DateField()
    position = IntegerField()

    class Meta:
        constraints = [Check("unit IN ('people', 'percent')")]


class StepRow(Row):
    """One thing that one actor did, as undo sees it; `sent` is the last dispatch before it."""

    at = DateTimeField()
    actor = TextField(index=True)
    what = TextField()
    sent = IntegerField(default=0)
    undone = BooleanField(default=False)


class ImageRow(Row):
    """A row before and after a change, as JSON; `before` is null where the change made the row."""

    step = ForeignKeyField(StepRow, on_delete="CASCADE", index=False)
    kind = CharField(max_length=20)
    row = IntegerField()
    before = TextField(null=True)
    after = TextField()

    class Meta:
        primary_key = CompositeKey("step", "kind", "row")


class HistoryRow(Row):
    """A line of the history; append-only. `actor` did it, `event` and `person` are what and whom it is about.

    `entered` is the real time of a line whose `at` the program was told to take for now.
    """

    at = DateTimeField()
    actor = TextField(index=True)
    verb = TextField()
    subject = TextField()
    event = ForeignKeyField(EventRow, null=True, on_delete="RESTRICT")
    person = ForeignKeyField(PersonRow, null=True, on_delete="RESTRICT")
    before = TextField(default="")
    after = TextField(default="")
    reason = TextField(default="")
    entered = DateTimeField(null=True)


class PolicyRow(Row):
    """A policy value that the council has set."""

    key = TextField(primary_key=True)
    value = TextField()


class RoleRow(Row):
    """The role given to an actor."""

    actor = TextField(primary_key=True)
    role = IntegerField()

    class Meta:
        table_name = "actor_role"
        constraints = [Check("role BETWEEN 1 AND 4")]


class ImportMappingRow(Row):
    """A heading of imported files with the field it was said to mean, when, and the headings of that file."""

    kind = CharField(max_length=20)
    heading = TextField()
    field = TextField()
    said_on = DateField(null=True)
    headings = TextField(default="")

    class Meta:
        primary_key = CompositeKey("kind", "heading")


TABLES: tuple[type[Row], ...] = (
    ProgrammeRow,
    StrandRow,
    CourseRow,
    PrerequisiteRow,
    ModuleRow,
    VenueRow,
    RoomRow,
    OrganisationRow,
    OrganisationAliasRow,
    TeamRow,
    PersonRow,
    PersonAddressRow,
    PersonWordRow,
    EventRow,
    SessionRow,
    FacilitationRow,
    EnrolmentRow,
    MakeUpRow,
    OfferRow,
    RegisterRow,
    MarkRow,
    CompletionRow,
    LearningFileRow,
    EarlierLearningRow,
    QuestionRow,
    EvaluationRow,
    AnswerRow,
    GroupRow,
    MembershipRow,
    GroupMeetingRow,
    CommitmentRow,
    ResourceRow,
    InvitationRow,
    DispatchRow,
    TemplateRow,
    MessageRow,
    BaselineRow,
    StepRow,
    ImageRow,
    HistoryRow,
    PolicyRow,
    RoleRow,
    ImportMappingRow,
    CollectionRow,
    CollectionObjectRow,
)
