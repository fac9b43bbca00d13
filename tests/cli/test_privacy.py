"""csc admin disclose, erase and retention as they are typed."""

import json
import os
from pathlib import Path

import pytest

from tests import builders
from tests.cli.conftest import Csc


def test_disclosing_writes_one_private_file_and_prints_what_it_holds(csc: Csc, database: str, tmp_path: Path) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org")
    path = tmp_path / "bo.json"
    done = csc("admin", "disclose", "bo@example.org", "--to", path)
    assert done.code == 0
    assert done.json[0]["person"] == bo.key
    assert os.stat(path).st_mode & 0o777 == 0o600
    again = csc("admin", "disclose", "bo@example.org", "--to", path)
    assert (again.code, again.out) == (3, "")
    assert "already exists" in again.err
    assert csc("admin", "disclose", "bo@example.org", "--to", path, "--replace").code == 0
    assert "disclosed" in csc("history", form="plain").out


def test_disclosing_to_stdout_is_json_in_any_format(csc: Csc, database: str) -> None:
    builders.person("Bo Ek", email="bo@example.org")
    done = csc("admin", "disclose", "bo@example.org", "--to", "-", form="table")
    assert json.loads(done.out)["person"][0]["email"] == "bo@example.org"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("disclose", "nobody@example.org", "--to", "x.json"), 1, "No match for"),
        (("disclose", "Bo", "--to", "x.csv"), 2, ".json or .html"),
        (("disclose", "Bo"), 2, "--to"),
        (("erase", "Bo"), 2, "--reason"),
        (("erase", "Bo", "--reason", " "), 2, "Give a reason"),
        (("erase", "nobody@example.org", "--reason", "asked"), 1, "No match for"),
        (("erase", "Di", "--reason", "asked"), 3, "place on BR-90"),
        (("retention",), 0, "needs_days is 0"),
    ],
)
def test_what_cannot_be_done_says_so_with_its_exit_code(
    csc: Csc, database: str, words: tuple[str, ...], code: int, said: str
) -> None:
    builders.person("Bo Ek")
    builders.booked(builders.event("BR-90"), "Di Low")
    done = csc("admin", *words)
    assert (done.code, done.out.strip()) == (code, "[]" if words == ("retention",) else "")
    assert said in done.err


def test_erasing_shows_first_and_then_does_it(csc: Csc, database: str) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org")
    shown = csc("admin", "erase", "bo@example.org", "--reason", "asked", "--dry-run")
    assert shown.code == 0
    assert "csc admin backup" in shown.err
    assert "nothing was changed" in shown.err
    done = csc("admin", "erase", "bo@example.org", "--reason", "asked")
    assert (done.code, done.json) == (0, shown.json)
    assert "backups" in done.err
    assert "Bo" not in done.err
    assert csc("who", "bo").code == 1
    assert csc("admin", "check").code == 0
    assert csc("person", bo.key).json["name"] == f"Erased person {bo.key}"
    assert csc("people", "back", bo.key).code == 3


def test_an_import_makes_somebody_new_of_an_erased_address(csc: Csc, database: str, tmp_path: Path) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org", employee_number="77123")
    csc("admin", "erase", bo.key, "--reason", "asked")
    (tmp_path / "people.csv").write_text("Forename,Surname,Email,Employee number\nBo,Ek,bo@example.org,77123\n")
    assert csc("import", "people", tmp_path / "people.csv").code == 0
    (found,) = csc("who", "ek").json
    assert found["person"] != bo.key
    assert csc("person", bo.key).json["email"] == ""


def test_retention_is_fit_for_a_nightly_job(csc: Csc, database: str) -> None:
    builders.booked(builders.event("BR-90", dates=("2017-04-03",)), "Di Low")
    bo = builders.person("Bo Ek", dietary="vegan")
    builders.enrolment(builders.event("BR-91", dates=("2017-04-03",)), bo)
    assert csc("admin", "policy", "set", "needs_days", "-1").code == 2
    assert csc("admin", "policy", "set", "needs_days", "6").code == 0
    shown = csc("admin", "retention", "--dry-run")
    assert (shown.code, shown.json) == (0, [{"person": bo.key, "name": "Bo Ek", "last": "2017-04-03"}])
    assert "nothing was changed" in shown.err
    assert csc("admin", "retention").json == shown.json
    assert (csc("admin", "retention").code, csc("admin", "retention").json) == (0, [])
    assert "vegan" not in csc("history", form="plain").out
