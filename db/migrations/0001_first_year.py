"""The first year: every table of the program, as it was when the first database was made."""

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
    SqliteDatabase,
    TextField,
    TimeField,
)


class Row(Model):
    class Meta:
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
    approval = CharField(max_length=20, default="none")
    waiting_rule = CharField(max_length=20, default="promote")
    offer_hours = IntegerField(default=48)
    audience_rule = CharField(max_length=20, default="off")
    managers_only = BooleanField(default=False)
    completion_rule = CharField(max_length=20, default="all_modules")
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
            Check("approval IN ('none', 'manager', 'coordinator')"),
            Check("waiting_rule IN ('promote', 'offer')"),
            Check("audience_rule IN ('off', 'warn', 'rule')"),
            Check("completion_rule IN ('all_modules', 'share_of_hours')"),
        ]


class Prerequisite(Row):
    course = ForeignKeyField(Course, on_delete="CASCADE", backref="+")
    requires = ForeignKeyField(Course, on_delete="CASCADE", backref="+")
    strictness = CharField(max_length=20, default="warn")

    class Meta:
        primary_key = CompositeKey("course", "requires")
        constraints = [Check("course_id <> requires_id"), Check("strictness IN ('off', 'warn', 'rule')")]


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
    kind = CharField(max_length=20, default="other")

    class Meta:
        constraints = [Check("kind IN ('council', 'school', 'health', 'police', 'voluntary', 'other')")]


class Team(Row):
    organisation = ForeignKeyField(Organisation, on_delete="CASCADE", index=False)
    name = TextField()

    class Meta:
        indexes = ((("organisation", "name"), True),)


class Person(Row):
    employee_number = CharField(max_length=40, unique=True, null=True)
    forename = TextField(default="")
    surname = TextField()
    email = TextField()
    email_key = TextField(unique=True)
    phone = TextField(default="")
    organisation = ForeignKeyField(Organisation, null=True, on_delete="RESTRICT")
    team = ForeignKeyField(Team, null=True, on_delete="RESTRICT")
    job_title = TextField(default="")
    kind = CharField(max_length=20, default="staff")
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
        constraints = [Check("kind IN ('staff', 'partner')"), Check("surname <> ''"), Check("email_key <> ''")]


class PersonWord(Row):
    word = TextField()
    sort = TextField()
    person = ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("word", "sort", "person")
        without_rowid = True


class Event(Row):
    reference = CharField(max_length=40, unique=True)
    course = ForeignKeyField(Course, on_delete="RESTRICT")
    title = TextField()
    capacity = IntegerField()
    minimum = IntegerField(default=0)
    state = CharField(max_length=20, default="draft")
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
            Check("state IN ('draft', 'open', 'tentative', 'confirmed', 'delivered', 'closed', 'cancelled')"),
        ]


class Session(Row):
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
    event = ForeignKeyField(Event, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    status = IntegerField()
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
        constraints = [Check("status IN (10, 12, 13, 15, 20, 30, 40, 60, 65, 70, 80, 85, 90, 100)")]


Enrolment.add_index(
    Enrolment.index(
        Enrolment.event,
        Enrolment.person,
        unique=True,
        where=SQL("status >= 40"),
        name="enrolment_one_live",
    )
)


class MakeUp(Row):
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
    outcome = CharField(max_length=20, default="open")
    settled = DateTimeField(null=True)

    class Meta:
        constraints = [
            Check("ends > made"),
            Check("outcome IN ('open', 'accepted', 'expired', 'declined', 'withdrawn')"),
        ]


Offer.add_index(Offer.index(Offer.enrolment, unique=True, where=SQL("outcome = 'open'"), name="offer_one_open"))


class Register(Row):
    session = ForeignKeyField(Session, primary_key=True, on_delete="RESTRICT")
    taken_by = TextField()
    taken_at = DateTimeField()
    signed_off_by = TextField(null=True)
    signed_off_at = DateTimeField(null=True)


class Mark(Row):
    session = ForeignKeyField(Session, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    mark = CharField(max_length=20)
    minutes = IntegerField(null=True)
    at = DateTimeField()
    actor = TextField()

    class Meta:
        primary_key = CompositeKey("session", "person")
        constraints = [
            Check("minutes IS NULL OR minutes >= 0"),
            Check("mark IN ('present', 'late', 'left_early', 'apologies', 'absent')"),
        ]


class Completion(Row):
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    course = ForeignKeyField(Course, on_delete="RESTRICT")
    on = DateField()

    class Meta:
        primary_key = CompositeKey("person", "course")


class Question(Row):
    course = ForeignKeyField(Course, on_delete="CASCADE", index=False)
    stage = CharField(max_length=20)
    position = IntegerField()
    text = TextField()
    kind = CharField(max_length=20)
    is_impact = BooleanField(default=False)

    class Meta:
        indexes = ((("course", "stage", "position"), True),)
        constraints = [Check("stage IN ('on_the_day', 'three_months')"), Check("kind IN ('agree', 'scale', 'text')")]


class Evaluation(Row):
    event = ForeignKeyField(Event, on_delete="RESTRICT")
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    stage = CharField(max_length=20)
    received = DateTimeField()
    source = TextField(default="")

    class Meta:
        constraints = [Check("stage IN ('on_the_day', 'three_months')")]


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
    kind = CharField(max_length=30)
    course = ForeignKeyField(Course, null=True, on_delete="RESTRICT")
    description = TextField(default="")

    class Meta:
        table_name = "people_group"
        constraints = [Check("kind IN ('practice_leads', 'action_learning_set')")]


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


class Resource(Row):
    strand = ForeignKeyField(Strand, null=True, on_delete="CASCADE")
    course = ForeignKeyField(Course, null=True, on_delete="CASCADE")
    title = TextField()
    kind = CharField(max_length=20)
    address = TextField(default="")
    edition = TextField(default="")
    position = IntegerField()
    version = IntegerField(default=1)

    class Meta:
        constraints = [Check("kind IN ('link', 'document')"), Check("strand_id IS NOT NULL OR course_id IS NOT NULL")]


class Invitation(Row):
    session = ForeignKeyField(Session, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    role = CharField(max_length=20, default="learner")
    uid = TextField(unique=True)
    sequence = IntegerField()
    method = CharField(max_length=20)
    place_and_time = TextField()
    content = TextField()
    stamped = DateTimeField()
    partstat = CharField(max_length=20, default="NEEDS-ACTION")
    replied = DateTimeField(null=True)

    class Meta:
        indexes = ((("session", "person"), True),)
        constraints = [
            Check("sequence >= 0"),
            Check("role IN ('learner', 'facilitator')"),
            Check("method IN ('REQUEST', 'CANCEL')"),
            Check("partstat IN ('NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE')"),
        ]


class Dispatch(Row):
    invitation = ForeignKeyField(Invitation, on_delete="RESTRICT")
    sequence = IntegerField()
    method = CharField(max_length=20)
    stamped = DateTimeField()
    file = TextField()
    actor = TextField()

    class Meta:
        constraints = [Check("method IN ('REQUEST', 'CANCEL')")]


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
    at = DateTimeField()
    actor = TextField(index=True)
    what = TextField()
    sent = IntegerField(default=0)
    undone = BooleanField(default=False)


class Image(Row):
    step = ForeignKeyField(Step, on_delete="CASCADE", index=False)
    kind = CharField(max_length=20)
    row = IntegerField()
    before = TextField(null=True)
    after = TextField()

    class Meta:
        primary_key = CompositeKey("step", "kind", "row")


class History(Row):
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
    kind = CharField(max_length=20)
    heading = TextField()
    field = TextField()

    class Meta:
        primary_key = CompositeKey("kind", "heading")


TABLES = (
    Programme, Strand, Course, Prerequisite, Module, Venue, Room, Organisation, Team, Person, PersonWord, Event,
    Session, Facilitation, Enrolment, MakeUp, Offer, Register, Mark, Completion, Question, Evaluation, Answer, Group,
    Membership, Resource, Invitation, Dispatch, Baseline, Step, Image, History, Policy, Role, ImportMapping,
)  # fmt: skip


def up(migrator, db):
    if not isinstance(db, SqliteDatabase):
        PersonWord._meta.without_rowid = False
    with db.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES, safe=False)
    if not isinstance(db, SqliteDatabase):
        # SQLite compares text byte by byte. What is looked up by its beginning, and ordered by its folded form, must
        # not depend on the language a server was set up with.
        for table, column in (("person_word", "word"), ("person_word", "sort"), ("person", "sort")):
            db.execute_sql(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE "C"')
