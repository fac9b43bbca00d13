"""What brings a calendar on a server up to date, case by case."""

from typing import Any

import pytest

from csc_tui.core.publication.caldav_rules import CUT_OFF, DELETED, EDITED, NOT_OURS, SyncStep, SyncTask, plan_sync
from db.records.calendar import CaldavObject

WANTED = {"u": "new"}


def kept(etag: str = "1", digest: str = "old") -> dict[str, CaldavObject]:
    return {"u": CaldavObject("u", "BR-90", 1, etag, digest)}


@pytest.mark.parametrize(
    ("wanted", "known", "there", "todo", "forced"),
    [
        (WANTED, {}, {}, (SyncStep.CREATE, "", ""), SyncStep.CREATE),
        (WANTED, {}, {"u": "9"}, (SyncStep.CONFLICT, "9", NOT_OURS), SyncStep.CHANGE),
        (WANTED, kept(), {"u": "1"}, (SyncStep.CHANGE, "1", ""), SyncStep.CHANGE),
        (WANTED, kept(digest="new"), {"u": "1"}, (SyncStep.KEEP, "1", ""), SyncStep.KEEP),
        (WANTED, kept(), {"u": "2"}, (SyncStep.CONFLICT, "2", EDITED), SyncStep.CHANGE),
        (WANTED, kept(digest="new"), {"u": "2"}, (SyncStep.CONFLICT, "2", EDITED), SyncStep.CHANGE),
        (WANTED, kept(), {}, (SyncStep.CONFLICT, "", DELETED), SyncStep.CREATE),
        (WANTED, kept(etag=""), {}, (SyncStep.CREATE, "", ""), SyncStep.CREATE),
        (WANTED, kept(etag=""), {"u": "2"}, (SyncStep.CHANGE, "2", "", True), SyncStep.CHANGE),
        (WANTED, kept(digest=""), {"u": "1"}, (SyncStep.CHANGE, "1", ""), SyncStep.CHANGE),
        (WANTED, kept(digest=""), {"u": "2"}, (SyncStep.CHANGE, "2", "", True), SyncStep.CHANGE),
        (WANTED, kept(digest=""), {}, (SyncStep.CONFLICT, "", DELETED), SyncStep.CREATE),
        ({}, kept(), {"u": "1"}, (SyncStep.REMOVE, "1", ""), SyncStep.REMOVE),
        ({}, kept(), {"u": "2"}, (SyncStep.CONFLICT, "2", EDITED), SyncStep.REMOVE),
        ({}, kept(etag=""), {"u": "2"}, (SyncStep.CONFLICT, "2", CUT_OFF), SyncStep.REMOVE),
        ({}, kept(digest=""), {"u": "1"}, (SyncStep.REMOVE, "1", ""), SyncStep.REMOVE),
        ({}, kept(), {}, (SyncStep.FORGET, "", ""), SyncStep.FORGET),
    ],
)
def test_each_case_with_force_and_without(
    wanted: Any, known: Any, there: dict[str, Any], todo: Any, forced: SyncStep
) -> None:
    assert plan_sync(wanted, known, there) == [SyncTask("u", *todo)]
    (by_force,) = plan_sync(wanted, known, there, force=True)
    assert (by_force.step, by_force.etag, by_force.why) == (forced, there.get("u", ""), "")


def test_what_was_never_ours_is_not_touched() -> None:
    assert plan_sync({}, {}, {"somebody's": "1"}, force=True) == []
