"""What was published to calendars on CalDAV servers, so that only what changed is put there again."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, Model, TextField


class Row(Model):
    class Meta:
        legacy_table_names = False


class Collection(Row):
    url = TextField(unique=True)


class CollectionObject(Row):
    collection = ForeignKeyField(Collection, on_delete="CASCADE", index=False)
    uid = TextField()
    event = TextField()
    session = IntegerField()
    etag = TextField(default="")
    digest = TextField()

    class Meta:
        primary_key = CompositeKey("collection", "uid")


TABLES = (Collection, CollectionObject)


def up(migrator, db):
    with db.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES, safe=False)
