"""certificate: rows, remarks and exit codes."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from db.records.people import Person
from tests.builders import booked, event
from tests.cli.conftest import Csc

EVENING = "2017-06-26T17:00"


@pytest.fixture
def people(ctx: Context, csc: Csc) -> list[Person]:
    found = booked(
        event("BR-90", capacity=9, dates=("2017-06-12", "2017-06-19", "2017-06-26")), "Bo Adams", "Al Barnes"
    )
    csc("mark", "BR-90", 2, found[1].key, "absent", today=EVENING)
    for number in (1, 2, 3):
        csc("mark", "BR-90", number, "--rest", "present", today=EVENING)
    return found


def test_certificates_are_written_and_checked(csc: Csc, people: list[Person], tmp_path: Path) -> None:
    done = csc("certificate", "BR-90", "--to", tmp_path / "out", today=EVENING)
    assert done.code == 0
    (row,) = done.json
    assert (row["person"], row["name"]) == (people[0].key, "Bo Adams")
    assert Path(row["file"]).read_bytes().startswith(b"%PDF")
    assert "No certificate for Al Barnes: needs module 2." in done.err
    checked = csc("certificate", "--check", row["reference"], today=EVENING)
    assert (checked.code, checked.json["name"], checked.json["on"], checked.json["standing"]) == (
        0, "Bo Adams", "2017-06-26", "in date",
    )  # fmt: skip


def test_a_no_is_a_sentence_with_its_exit_code(csc: Csc, people: list[Person], tmp_path: Path) -> None:
    for words, code, said in (
        (("BR-90",), 2, "--to DIR"),
        (("--to", tmp_path), 2, "Say EVENT"),
        (("BR-90", "--check", "X"), 2, "stands alone"),
        (("--check", "BR-1-20170626-AAAA"), 1, "mistyped"),
        (("BR-90", people[1].key, "--to", tmp_path / "out"), 3, "needs module 2"),
        (("NOPE", "--to", tmp_path / "out"), 1, "no event NOPE"),
    ):
        done = csc("certificate", *words, today=EVENING)
        assert (done.code, done.out) == (code, "")
        assert said in done.err


def test_an_event_that_nobody_completed_writes_nothing(csc: Csc, ctx: Context, tmp_path: Path) -> None:
    booked(event("BR-91"), "Cy Clark")
    done = csc("certificate", "BR-91", "--to", tmp_path / "out")
    assert (done.code, done.json) == (1, [])
    assert not (tmp_path / "out").exists()
