"""What brings a calendar on a server up to date: what it should hold, what it was given, and what it holds now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.records.calendar import CaldavObject


class SyncStep(StrEnum):
    CREATE = "created"
    CHANGE = "changed"
    REMOVE = "removed"
    KEEP = "unchanged"
    FORGET = "gone already"
    CONFLICT = "left alone"


@dataclass(frozen=True, slots=True)
class SyncTask:
    """One object. `etag` is that of the one to be replaced, empty where there is none; `why` tells of conflicts.

    `unsure` is what may be ours, put there by a run that was cut off, or somebody's edit: it is looked at first.
    """

    uid: str
    step: SyncStep
    etag: str = ""
    why: str = ""
    unsure: bool = False


EDITED = "somebody edited it on the server"
DELETED = "somebody deleted it on the server"
CUT_OFF = "a run that was cut off may have put it there, or somebody edited it"
NOT_OURS = "it is on the server and was not put there from this database"


def plan_sync(
    wanted: Mapping[str, str], known: Mapping[str, CaldavObject], there: Mapping[str, str], *, force: bool = False
) -> list[SyncTask]:
    """What is to be done: `wanted` is UID -> digest, `there` is UID -> etag as the server says.

    What somebody else did on the server is left alone unless forced. What was being put there when a run was cut off
    is put there again, unless it arrived. Objects that were never ours are nobody's business.
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
    return not (kept.digest and kept.etag)
