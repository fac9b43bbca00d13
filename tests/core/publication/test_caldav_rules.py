"""What brings a calendar on a server up to date, case by case."""

import pytest

from csc_tui.core.publication.caldav_rules import CUT_OFF, DELETED, EDITED, NOT_OURS, Step, ToDo, plan
from db.records.calendar import Kept

WANTED = {"u": "new"}


def kept(etag: str = "1", digest: str = "old") -> dict[str, Kept]:
    return {"u": Kept("u", "BR-90", 1, etag, digest)}


@pytest.mark.parametrize(
    ("wanted", "known", "there", "todo", "forced"),
    [
        (WANTED, {}, {}, (Step.CREATE, "", ""), Step.CREATE),
        (WANTED, {}, {"u": "9"}, (Step.CONFLICT, "9", NOT_OURS), Step.CHANGE),
        (WANTED, kept(), {"u": "1"}, (Step.CHANGE, "1", ""), Step.CHANGE),
        (WANTED, kept(digest="new"), {"u": "1"}, (Step.KEEP, "1", ""), Step.KEEP),
        (WANTED, kept(), {"u": "2"}, (Step.CONFLICT, "2", EDITED), Step.CHANGE),
        (WANTED, kept(digest="new"), {"u": "2"}, (Step.CONFLICT, "2", EDITED), Step.CHANGE),
        (WANTED, kept(), {}, (Step.CONFLICT, "", DELETED), Step.CREATE),
        (WANTED, kept(etag=""), {}, (Step.CREATE, "", ""), Step.CREATE),
        (WANTED, kept(etag=""), {"u": "2"}, (Step.CHANGE, "2", "", True), Step.CHANGE),
        (WANTED, kept(digest=""), {"u": "1"}, (Step.CHANGE, "1", ""), Step.CHANGE),
        (WANTED, kept(digest=""), {"u": "2"}, (Step.CHANGE, "2", "", True), Step.CHANGE),
        (WANTED, kept(digest=""), {}, (Step.CONFLICT, "", DELETED), Step.CREATE),
        ({}, kept(), {"u": "1"}, (Step.REMOVE, "1", ""), Step.REMOVE),
        ({}, kept(), {"u": "2"}, (Step.CONFLICT, "2", EDITED), Step.REMOVE),
        ({}, kept(etag=""), {"u": "2"}, (Step.CONFLICT, "2", CUT_OFF), Step.REMOVE),
        ({}, kept(digest=""), {"u": "1"}, (Step.REMOVE, "1", ""), Step.REMOVE),
        ({}, kept(), {}, (Step.FORGET, "", ""), Step.FORGET),
    ],
)
def test_each_case_with_force_and_without(wanted, known, there, todo, forced):
    assert plan(wanted, known, there) == [ToDo("u", *todo)]
    (by_force,) = plan(wanted, known, there, force=True)
    assert (by_force.step, by_force.etag, by_force.why) == (forced, there.get("u", ""), "")


def test_what_was_never_ours_is_not_touched():
    assert plan({}, {}, {"somebody's": "1"}, force=True) == []
