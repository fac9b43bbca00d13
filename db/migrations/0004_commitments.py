"""What members of a group said they would do by when, and the events a group meets at."""

from peewee import (
    CharField,
    Check,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class Row(Model):
    class Meta:
        legacy_table_names = False


class Person(Row):
    pass


class Event(Row):
    pass


class Group(Row):
    class Meta:
        table_name = "people_group"


class GroupMeeting(Row):
    group = ForeignKeyField(Group, on_delete="CASCADE", index=False)
    event = ForeignKeyField(Event, on_delete="RESTRICT")

    class Meta:
        primary_key = CompositeKey("group", "event")


class Commitment(Row):
    group = ForeignKeyField(Group, on_delete="RESTRICT")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    what = TextField()
    made = DateField()
    due = DateField()
    state = CharField(max_length=20)
    settled = DateField(null=True)
    remark = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("state", "due"), False),)
        constraints = [
            Check("what <> ''"),
            Check("due >= made"),
            Check("(state = 'open') = (settled IS NULL)"),
            Check("state IN ('open', 'done', 'not_done', 'withdrawn')"),
        ]


TABLES = (GroupMeeting, Commitment)


def up(migrator, db):
    with db.bind_ctx((Person, Event, Group, *TABLES), bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES, safe=False)
