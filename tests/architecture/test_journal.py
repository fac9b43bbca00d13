"""Every write to a row that can be undone tells the journal, so that no undo forgets it."""

import ast
from collections.abc import Iterator

from db.engine import journal
from tests.builders import ROOT

WRITES = {"insert", "insert_many", "update", "delete", "replace", "insert_from"}
UNDOABLE = {row.__name__ for row in journal.KINDS.values()}
FOLLOWS = "follows from rows that are journalled, and is worked out again by undo"
FOR_GOOD = "erased for good: it must not come back, nor be kept in an image"
WITHOUT_JOURNAL = {
    "booking.update_event_counts": FOLLOWS,
    "calendar.insert_facilitator": "its caller tells of the session, which is new or has its facilitators replaced",
    "calendar.update_event_dates": FOLLOWS,
    "calendar.update_event_index": FOLLOWS,
    "catalogue.insert_question": "a new database or a new course, whose step takes the questions with it",
    "organisations.move_people": "organisations are joined for good",
    "people.free_addresses": "undo itself calls it, and restores the addresses in the same transaction",
    "people.update_person_index": FOLLOWS,
    **dict.fromkeys(
        (
            "privacy._blank_person", "privacy._clear_line_managers", "privacy._end_memberships",
            "privacy._erase_commitments", "privacy._erase_earlier_learning", "privacy._erase_evaluations",
            "privacy._erase_invitations", "privacy._erase_reasons", "privacy.delete_needs",
        ),
        FOR_GOOD,
    ),
}  # fmt: skip
"""Functions that write undoable rows and need not tell the journal, each with the reason."""


def writers() -> Iterator[tuple[str, set[str], bool]]:
    """Each function of `db` that writes, the undoable tables it writes to, and whether it tells the journal."""
    for path in sorted((ROOT / "db").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                calls = [each.func for each in ast.walk(function) if isinstance(each, ast.Call)]
                written = {
                    call.value.id
                    for call in calls
                    if isinstance(call, ast.Attribute) and call.attr in WRITES and isinstance(call.value, ast.Name)
                }
                tells = any(isinstance(call, ast.Attribute) and call.attr == "track_row" for call in calls)
                if written & UNDOABLE:
                    yield f"{path.stem}.{function.name}", written & UNDOABLE, tells


def test_every_write_to_an_undoable_row_tells_the_journal() -> None:
    silent = {name: tables for name, tables, tells in writers() if not tells}
    assert {name: sorted(tables) for name, tables in silent.items() if name not in WITHOUT_JOURNAL} == {}


def test_no_exception_is_listed_that_is_none() -> None:
    assert set(WITHOUT_JOURNAL) <= {name for name, _, tells in writers() if not tells}
