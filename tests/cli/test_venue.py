"""venue on the command line."""

from pathlib import Path

from tests.builders import booked, event
from tests.cli.conftest import Csc


def test_venues_are_listed_added_and_changed(csc: Csc, database: str) -> None:
    booked(event(venue="Kirk Hall", room="Main Hall"), "Ann Smith")
    made = csc("venue", "add", "Church Hall", "--postcode", "dn31 1hu", "--room", "Vestry=8", "--room", "Nave").json
    assert made == [
        {"venue": "Church Hall", "address": "", "postcode": "DN31 1HU", "rooms": "Nave, Vestry=8", "sessions": 0}
    ]
    assert [(each["venue"], each["sessions"]) for each in csc("venue", "list").json] == [
        ("Church Hall", 0), ("Kirk Hall", 1),
    ]  # fmt: skip


def test_a_change_says_what_was_and_how_many_invitations_are_due(csc: Csc, database: str, tmp_path: Path) -> None:
    booked(event(venue="Kirk Hall"), "Ann Smith")
    csc("invite", "BR-90", "--to", tmp_path / "out")
    tried = csc("venue", "set", "Kirk Hall", "--postcode", "DN31 1HU", "--dry-run")
    assert "1 invitation would be due: REQUEST to Ann Smith for session 1." in tried.err
    done = csc("venue", "set", "Kirk Hall", "--postcode", "DN31 1HU")
    assert done.json == tried.json == [{"venue": "Kirk Hall", "field": "postcode", "before": "", "after": "DN31 1HU"}]
    assert done.err == "1 invitation is now due, for BR-90: csc invite writes them\n"


def test_what_is_wrong_is_said(csc: Csc, database: str) -> None:
    assert csc("venue", "set", "Nowhere", "--address", "x").code == 1
    assert csc("venue", "set", "Nowhere").code == 2
    assert csc("venue", "add", "").code == 2
