"""What HR says of a person, their former addresses, when a column's meaning was said, and answers as given."""

from peewee import CompositeKey, DateField, ForeignKeyField, Model, TextField


class Row(Model):
    class Meta:
        legacy_table_names = False


class Person(Row):
    pass


class PersonAddress(Row):
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    email = TextField()
    email_key = TextField(index=True)
    until = DateField()

    class Meta:
        primary_key = CompositeKey("person", "email_key")


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("person", "known_as", TextField(default="")),
        migrator.add_column("person", "start_date", DateField(null=True)),
        migrator.add_column("person", "leaving_date", DateField(null=True)),
        migrator.add_column("import_mapping", "said_on", DateField(null=True)),
        migrator.add_column("answer", "given", TextField(default="")),
    )
    with db.bind_ctx((Person, PersonAddress), bind_refs=False, bind_backrefs=False):
        db.create_tables([PersonAddress], safe=False)
