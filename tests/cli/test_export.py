"""export as it is typed."""

import csv
import io
import json
from pathlib import Path

from tests import builders
from tests.cli.conftest import Csc


def test_export_says_which_file_and_how_many_rows(csc: Csc, tmp_path: Path, database: str) -> None:
    builders.person("Bo Smith")
    path = tmp_path / "people.xlsx"
    assert csc("export", "people", "--to", path).json == [{"file": str(path), "rows": 1}]
    assert path.read_bytes().startswith(b"PK")
    again = csc("export", "people", "--to", path)
    assert (again.code, again.out) == (3, "")
    assert "--replace" in again.err
    assert csc("export", "people", "--to", path, "--replace").code == 0


def test_a_hyphen_prints_a_list_of_any_length_with_nothing_a_terminal_obeys(csc: Csc, database: str) -> None:
    for number in range(600):
        builders.person(f"Bo{number} =Smith", job_title="\x1b[2Jclerk")
    shown = csc("export", "people", "--to", "-", form="csv")
    found = list(csv.DictReader(io.StringIO(shown.out)))
    assert len(found) == 600
    assert {each["surname"] for each in found} == {"'=Smith"}
    assert "\x1b" not in shown.out
    assert len(csc("export", "people", "--to", "-").json) == 600
    assert json.loads(csc("export", "marks", "--to", "-").out) == []


def test_a_hyphen_wants_a_format_that_any_program_reads(csc: Csc) -> None:
    shown = csc("export", "people", "--to", "-", form="plain")
    assert (shown.code, shown.out) == (2, "")
    assert "--format csv" in shown.err
