"""The record that another of the same person was merged into, and what is known of an organisation."""

from peewee import BooleanField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField


class Row(Model):
    class Meta:
        legacy_table_names = False


class Organisation(Row):
    pass


class OrganisationAlias(Row):
    organisation = ForeignKeyField(Organisation, on_delete="CASCADE", index=False)
    name = TextField()
    name_key = TextField(unique=True)

    class Meta:
        primary_key = CompositeKey("organisation", "name_key")


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("person", "merged_into", IntegerField(null=True)),
        migrator.add_column("organisation", "parent", IntegerField(null=True)),
        migrator.add_column("organisation", "contact", IntegerField(null=True)),
        migrator.add_column("organisation", "exempt", BooleanField(default=False)),
        migrator.add_column("organisation", "invoice_address", TextField(default="")),
        migrator.add_column("organisation", "notes", TextField(default="")),
        migrator.add_column("organisation", "version", IntegerField(default=1)),
    )
    with db.bind_ctx((Organisation, OrganisationAlias), bind_refs=False, bind_backrefs=False):
        db.create_tables([OrganisationAlias], safe=False)
