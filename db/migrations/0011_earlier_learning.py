"""What people learnt before the database existed, or elsewhere: one row for each course or module, with its source."""

from peewee import AutoField, CharField, Check, DateField, DateTimeField, ForeignKeyField, Model, TextField


class Row(Model):
    class Meta:
        legacy_table_names = False


class Person(Row):
    pass


class Course(Row):
    pass


class Module(Row):
    pass


class LearningFile(Row):
    name = TextField()
    added = DateTimeField()
    actor = TextField()


class EarlierLearning(Row):
    id = AutoField()
    file = ForeignKeyField(LearningFile, null=True, on_delete="CASCADE", index=False)
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    course = ForeignKeyField(Course, on_delete="RESTRICT", index=False)
    module = ForeignKeyField(Module, null=True, on_delete="RESTRICT", index=False)
    on = DateField()
    known_to = CharField(max_length=10)
    provider = TextField(default="")
    evidence = TextField(default="")
    expires = DateField(null=True)

    class Meta:
        indexes = ((("person", "course"), False),)
        constraints = [Check("known_to IN ('day', 'month', 'year', 'unknown')")]


def up(migrator, db):
    migrator.migrate(migrator.add_column("completion", "expires", DateField(null=True)))
    with db.bind_ctx((Person, Course, Module, LearningFile, EarlierLearning), bind_refs=False, bind_backrefs=False):
        db.create_tables([LearningFile, EarlierLearning], safe=False)
