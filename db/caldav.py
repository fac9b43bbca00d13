"""What calendars on CalDAV servers were given, and the marks the servers gave back."""

from collections.abc import Iterable

from peewee import chunked

from db.engine.mapping import as_records
from db.models import Collection, CollectionObject
from db.records.calendar import Kept


def known(url: str) -> dict[str, Kept]:
    """By UID, what was put there last."""
    row = CollectionObject
    query = row.select(row.uid, row.event, row.session, row.etag, row.digest).join(Collection)
    return {each.uid: each for each in as_records(Kept, query.where(Collection.url == url))}


def keep(url: str, objects: Iterable[Kept]) -> None:
    """Store what is being put there, or was."""
    collection = Collection.select(Collection.id).where(Collection.url == url).scalar()
    if collection is None:
        collection = Collection.insert(url=url).execute()
    row = CollectionObject
    for some in chunked(objects, 200):
        row.delete().where(row.collection == collection, row.uid.in_([each.uid for each in some])).execute()
        row.insert_many(
            {
                "collection": collection, "uid": each.uid, "event": each.event, "session": each.session,
                "etag": each.etag, "digest": each.digest,
            }
            for each in some
        ).execute()  # fmt: skip


def forget(url: str, uids: Iterable[str]) -> None:
    """What is not there any more."""
    here = Collection.select(Collection.id).where(Collection.url == url)
    for some in chunked(uids, 200):
        CollectionObject.delete().where(
            CollectionObject.collection.in_(here), CollectionObject.uid.in_(list(some))
        ).execute()
