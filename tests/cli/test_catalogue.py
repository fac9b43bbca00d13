"""What each course asks of its bookings, on the command line."""

import pytest

from csc_tui.base.context import Context
from db import policy
from db.engine.connection import write_transaction
from db.records.startup import Role
from tests.cli.conftest import Csc

COLUMNS = {
    "code", "title", "strand", "approval", "waiting_rule", "offer_hours", "cutoff_days", "booking_cutoff_days",
    "managers_only", "audience_rule", "waiting_elsewhere", "completion_rule", "completion_share",
    "validity_months", "prerequisites",
}  # fmt: skip


def listed(csc: Csc, code: str) -> dict[str, object]:
    return next(row for row in csc("course", "list").json if row["code"] == code)


def test_every_course_is_listed_with_its_rules(ctx: Context, csc: Csc) -> None:
    rows = csc("course", "list").json
    assert {"BR", "RL", "SOS-INTRO"} <= {row["code"] for row in rows}
    assert all(set(row) == COLUMNS for row in rows)
    assert (listed(csc, "RL")["managers_only"], listed(csc, "RL")["audience_rule"]) == (True, "warn")


def test_a_rule_is_set_and_printed_before_and_after(ctx: Context, csc: Csc) -> None:
    done = csc("course", "set", "br", "approval", "manager")
    assert (done.code, done.err) == (0, "")
    (row,) = done.json
    assert (row["event"], row["field"], row["before"], row["after"]) == ("BR", "approval", "none", "manager")
    assert listed(csc, "BR")["approval"] == "manager"


def test_what_comes_before_is_set_and_taken_away(ctx: Context, csc: Csc) -> None:
    assert csc("course", "require", "RL", "BR", "--strictness", "rule").code == 0
    assert listed(csc, "RL")["prerequisites"] == "BR (rule)"
    assert csc("course", "require", "RL", "BR", "--strictness", "off").code == 0
    assert listed(csc, "RL")["prerequisites"] == ""


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("set", "XX", "approval", "none"), 1, "There is no course XX"),
        (("set", "BR", "approval", "boss"), 2, "Type one of none, manager, coordinator"),
        (("set", "BR", "colour", "red"), 2, "colour"),
        (("set", "BR", "offer_hours", "0"), 2, "Type a number up to 1000 for 'offer_hours'"),
        (("require", "BR", "BR"), 2, "BR cannot be required before itself"),
        (("require", "BR", "RL", "--strictness", "very"), 2, "very"),
    ],
)
def test_a_no_is_a_sentence_with_its_exit_code(
    ctx: Context, csc: Csc, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = csc("course", *words)
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err


def test_a_booker_is_told_what_it_needs(ctx: Context, csc: Csc) -> None:
    with write_transaction():
        policy.store_role("alice", Role.BOOKER)
    for words in (("set", "BR", "approval", "none"), ("require", "RL", "BR")):
        done = csc("course", *words)
        assert done.code == 3
        assert "This needs the coordinator role; alice has the booker role." in done.err


def test_a_course_is_added_changed_and_retired_with_its_modules(csc: Csc) -> None:
    assert csc("course", "strand", "add", "TIP", "Trauma informed practice").code == 0
    words = ("course", "add", "TIP", "TIP-1", "First steps", "--module", "Morning 3h", "--module", "Afternoon 2:30")
    dry = csc(*words, "--dry-run")
    assert (dry.code, "nothing was changed" in dry.err) == (0, True)
    assert csc("course", "show", "TIP-1").code == 1
    assert csc(*words).json == dry.json
    assert csc(*words).code == 3
    shown = csc("course", "show", "tip-1").json
    assert [(each["title"], each["minutes"]) for each in shown["modules"]] == [("Morning", 180), ("Afternoon", 150)]
    assert csc("course", "module", "change", "TIP-1", "2", "--length", "3h").json[0]["after"] == "Afternoon, 3 h"
    assert csc("course", "module", "add", "TIP-1", "Review", "90").code == 0
    assert csc("course", "module", "remove", "TIP-1", "1").json[0]["before"] == "Morning, 3 h"
    assert csc("course", "change", "TIP-1", "--title", "Steps", "--capacity", "9").code == 0
    assert (csc("course", "change", "TIP-1").code, csc("course", "module", "change", "TIP-1", "1").code) == (2, 2)
    assert csc("course", "change", "TIP-1", "--title", "Steps").err == "There is nothing to change.\n"
    assert csc("course", "retire", "TIP-1").json[0]["after"] == "archived"
    strands = csc("course", "strand", "list").json
    assert [(each["code"], each["courses"], each["retired"]) for each in strands][-1] == ("TIP", 0, 1)
    assert csc("course", "show", "TIP-1").json["state"] == "retired"
    assert csc("course", "restore", "TIP-1").code == 0
    assert csc("undo").json[0]["what"].startswith("TIP-1")
    for wrong in ("Morning", "7h", "A 1h, B 1h"):
        assert csc("course", "add", "TIP", "TIP-2", "X", "--module", wrong).code == 2


def test_a_module_is_moved_tried_dry_and_taken_back(ctx: Context, csc: Csc) -> None:
    tried = csc("course", "module", "move", "BR", "3", "1", "--dry-run")
    assert (tried.code, "nothing was changed" in tried.err) == (0, True)
    assert csc("course", "module", "move", "BR", "3", "1").out == tried.out
    titles = [each["title"] for each in csc("course", "show", "BR").json["modules"]]
    assert titles == ["Module 3", "Module 1", "Module 2"]
    assert csc("course", "module", "move", "BR", "1", "4").code == 2
    assert csc("undo").code == 0
    assert [each["title"] for each in csc("course", "show", "BR").json["modules"]] == sorted(titles)
