"""Messages: their wording where it is not the program's, and the ledger of what was written and sent."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model, TextField

KINDS = (
    "invitation", "confirmation", "waiting_list", "offer", "promotion", "declined", "joining_instructions", "reminder",
    "change", "cancellation", "missed_session", "missed_session_manager", "evaluation_request",
    "three_month_follow_up", "refresher_due", "manager_copy",
)  # fmt: skip
STATES = ("waiting", "sending", "unknown", "failed", "written", "sent", "forgotten")


def one_of(column, values):
    return Check(f"{column} IN ({', '.join(repr(value) for value in values)})")


class Row(Model):
    class Meta:
        legacy_table_names = False


class Event(Row):
    pass


class Session(Row):
    pass


class Person(Row):
    pass


class Dispatch(Row):
    pass


class Template(Row):
    kind = CharField(max_length=30, primary_key=True)
    subject = TextField()
    body = TextField()
    edited_by = TextField()
    edited_at = DateTimeField()

    class Meta:
        constraints = [one_of("kind", KINDS), Check("subject <> ''"), Check("body <> ''")]


class Message(Row):
    code = CharField(max_length=12, unique=True)
    key = TextField(unique=True)
    kind = CharField(max_length=30)
    event = ForeignKeyField(Event, null=True, on_delete="RESTRICT", index=False)
    session = ForeignKeyField(Session, null=True, on_delete="RESTRICT", index=False)
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    name = TextField()
    address = TextField()
    subject = TextField()
    body = TextField()
    told = TextField(default="")
    state = CharField(max_length=20)
    tries = IntegerField(default=0)
    fault = TextField(default="")
    at = DateTimeField()
    actor = TextField()
    step = IntegerField(default=0, index=True)
    dispatch = ForeignKeyField(Dispatch, null=True, on_delete="RESTRICT", index=False)

    class Meta:
        indexes = ((("event", "person"), False), (("state", "id"), False))
        constraints = [one_of("kind", KINDS), one_of("state", STATES), Check("tries >= 0")]


def up(migrator, db):
    tables = (Template, Message)
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
