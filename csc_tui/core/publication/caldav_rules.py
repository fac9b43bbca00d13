"""What brings a calendar on a server up to date: what it should hold, what it was given, and what it holds now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.records.calendar import Kept


class Step(StrEnum):
    CREATE = "created"
    CHANGE = "changed"
    REMOVE = "removed"
    KEEP = "unchanged"
    FORGET = "gone already"
    CONFLICT = "left alone"


@dataclass(frozen=True, slots=True)
class ToDo:
    """One object. `etag` is that of the one to be replaced, empty where there is none; `why` tells of conflicts.

    `unsure` is what may be ours, put there by a run that was cut off, or somebody's edit: it is looked at first.
    """

    uid: str
    step: Step
    etag: str = ""
    why: str = ""
    unsure: bool = False


EDITED = "somebody edited it on the server"
DELETED = "somebody deleted it on the server"
CUT_OFF = "a run that was cut off may have put it there, or somebody edited it"
NOT_OURS = "it is on the server and was not put there from this database"


def plan(
    wanted: Mapping[str, str], known: Mapping[str, Kept], there: Mapping[str, str], *, force: bool = False
) -> list[ToDo]:
    """What is to be done: `wanted` is UID -> digest, `there` is UID -> etag as the server says.

    What somebody else did on the server is left alone unless forced. What was being put there when a run was cut off
    is put there again, unless it arrived. Objects that were never ours are nobody's business.
    """
    found = [_to_put(uid, digest, known.get(uid), there.get(uid), force) for uid, digest in wanted.items()]
    return found + [_to_remove(kept, there.get(uid), force) for uid, kept in known.items() if uid not in wanted]


def _to_put(uid: str, digest: str, kept: Kept | None, etag: str | None, force: bool) -> ToDo:
    if kept is None:
        if etag is None or force:
            return ToDo(uid, Step.CHANGE if etag else Step.CREATE, etag or "")
        return ToDo(uid, Step.CONFLICT, etag, NOT_OURS)
    if etag is None:
        if not kept.etag or force:
            return ToDo(uid, Step.CREATE)
        return ToDo(uid, Step.CONFLICT, "", DELETED)
    if kept.etag == etag:
        return ToDo(uid, Step.KEEP if kept.digest == digest else Step.CHANGE, etag)
    if force:
        return ToDo(uid, Step.CHANGE, etag)
    if _under_way(kept):
        return ToDo(uid, Step.CHANGE, etag, unsure=True)
    return ToDo(uid, Step.CONFLICT, etag, EDITED)


def _to_remove(kept: Kept, etag: str | None, force: bool) -> ToDo:
    if etag is None:
        return ToDo(kept.uid, Step.FORGET)
    if kept.etag == etag or force:
        return ToDo(kept.uid, Step.REMOVE, etag)
    return ToDo(kept.uid, Step.CONFLICT, etag, CUT_OFF if _under_way(kept) else EDITED)


def _under_way(kept: Kept) -> bool:
    return not (kept.digest and kept.etag)
