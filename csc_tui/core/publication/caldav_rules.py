"""Rules for publishing a calendar: what to do, given what it should hold, what was sent, and what is there now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.records.calendar import CaldavObject


class SyncStep(StrEnum):
    """A step that brings one object on the server up to date."""

    CREATE = "created"
    CHANGE = "changed"
    REMOVE = "removed"
    KEEP = "unchanged"
    FORGET = "gone already"
    CONFLICT = "left alone"


@dataclass(frozen=True, slots=True)
class SyncTask:
    """A step for one object.

    `etag` is that of the object to be replaced, empty where there is none; `why` explains a conflict. An `unsure`
    object may be ours, left by a run that was cut off, or an edit by somebody else: it is compared first.
    """

    uid: str
    step: SyncStep
    etag: str = ""
    why: str = ""
    unsure: bool = False


EDITED = "someone edited it on the server"
DELETED = "someone deleted it on the server"
CUT_OFF = "publishing may have been interrupted, or someone edited it"
NOT_OURS = "it is on the server but was not published from this database"


def plan_sync(
    wanted: Mapping[str, str], known: Mapping[str, CaldavObject], there: Mapping[str, str], *, force: bool = False
) -> list[SyncTask]:
    """Return the steps for each object: `wanted` maps UID to digest, `there` maps UID to ETag as the server says.

    Changes made by others on the server are left alone unless `force`. An object under way when a run was cut off is
    sent again unless it arrived. Objects that never were ours are ignored.
    """
    found = [_to_put(uid, digest, known.get(uid), there.get(uid), force) for uid, digest in wanted.items()]
    return found + [_to_remove(kept, there.get(uid), force) for uid, kept in known.items() if uid not in wanted]


def _to_put(uid: str, digest: str, kept: CaldavObject | None, etag: str | None, force: bool) -> SyncTask:
    if kept is None:
        if etag is None or force:
            return SyncTask(uid, SyncStep.CHANGE if etag else SyncStep.CREATE, etag or "")
        return SyncTask(uid, SyncStep.CONFLICT, etag, NOT_OURS)
    if etag is None:
        if not kept.etag or force:
            return SyncTask(uid, SyncStep.CREATE)
        return SyncTask(uid, SyncStep.CONFLICT, "", DELETED)
    if kept.etag == etag:
        return SyncTask(uid, SyncStep.KEEP if kept.digest == digest else SyncStep.CHANGE, etag)
    if force:
        return SyncTask(uid, SyncStep.CHANGE, etag)
    if _under_way(kept):
        return SyncTask(uid, SyncStep.CHANGE, etag, unsure=True)
    return SyncTask(uid, SyncStep.CONFLICT, etag, EDITED)


def _to_remove(kept: CaldavObject, etag: str | None, force: bool) -> SyncTask:
    if etag is None:
        return SyncTask(kept.uid, SyncStep.FORGET)
    if kept.etag == etag or force:
        return SyncTask(kept.uid, SyncStep.REMOVE, etag)
    return SyncTask(kept.uid, SyncStep.CONFLICT, etag, CUT_OFF if _under_way(kept) else EDITED)


def _under_way(kept: CaldavObject) -> bool:
    """Return whether a run was cut off while it sent this object."""
    return not (kept.digest and kept.etag)
