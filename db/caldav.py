"""Sessions published to calendars on CalDAV servers, with the marks the servers returned."""

from collections.abc import Iterable

from peewee import chunked

from db.engine.mapping import as_records
from db.models import CollectionObjectRow, CollectionRow
from db.records.calendar import CaldavObject


def fetch_caldav_objects(url: str) -> dict[str, CaldavObject]:
    """Return the objects last put on a calendar, by UID."""
    row = CollectionObjectRow
    query = row.select(row.uid, row.event, row.session, row.etag, row.digest).join(CollectionRow)
    return {each.uid: each for each in as_records(CaldavObject, query.where(CollectionRow.url == url))}


def store_caldav_objects(url: str, objects: Iterable[CaldavObject]) -> None:
    """Store objects that are being put on a calendar, or have been."""
    collection = CollectionRow.select(CollectionRow.id).where(CollectionRow.url == url).scalar()
    if collection is None:
        collection = CollectionRow.insert(url=url).execute()
    row = CollectionObjectRow
    for some in chunked(objects, 200):
        row.delete().where(row.collection == collection, row.uid.in_([each.uid for each in some])).execute()
        row.insert_many(
            {
                "collection": collection, "uid": each.uid, "event": each.event, "session": each.session,
                "etag": each.etag, "digest": each.digest,
            }
            for each in some
        ).execute()  # fmt: skip


def delete_caldav_objects(url: str, uids: Iterable[str]) -> None:
    """Delete the objects that are no longer on a calendar."""
    here = CollectionRow.select(CollectionRow.id).where(CollectionRow.url == url)
    for some in chunked(uids, 200):
        CollectionObjectRow.delete().where(
            CollectionObjectRow.collection.in_(here), CollectionObjectRow.uid.in_(list(some))
        ).execute()
