"""import people and import programme as they are typed: what is printed where, and the exit codes."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from csc_tui.cli import imports, main
from tests.builders import ROOT, csc, csc_here

EXTRACT = "Forename,Surname,E-mail Address\nAnn,Lee,ann@example.org\nBo,,bo@example.org\n"
SHIPPED = ROOT / "db" / "data" / "programme-2017-18.csv"


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text(EXTRACT)
    return path


def test_json_has_the_counts_and_a_row_for_each_problem(location: str, extract: Path) -> None:
    done = csc_here(location, "import", "people", extract)
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "rows": 2, "new": 1, "changed": 0, "same": 0, "rejected": 1,
        "problems": [{"row": 3, "column": "Surname", "problem": "no surname"}],
    }  # fmt: skip


def test_plain_output_ends_with_a_line_of_counts(location: str, extract: Path) -> None:
    done = csc_here(location, "import", "people", extract, form="plain")
    assert done.stdout == "3\tSurname\tno surname\n2 rows: 1 new, 0 changed, 0 same, 1 rejected.\n"


def test_csv_output_is_the_problems_alone_and_the_counts_are_a_remark(location: str, extract: Path) -> None:
    done = csc_here(location, "import", "people", extract, form="csv")
    assert done.stdout == "row,column,problem\n3,Surname,no surname\n"
    assert "2 rows: 1 new" in done.stderr


def test_the_programme_counts_events_and_the_calendar_has_them(location: str) -> None:
    dry = csc_here(location, "import", "programme", SHIPPED, "--dry-run")
    assert json.loads(dry.stdout)["new"] == 51
    assert "This was a dry run: nothing was changed." in dry.stderr
    assert json.loads(csc_here(location, "next", "--days", 400).stdout or "[]") == []
    done = csc_here(location, "import", "programme", SHIPPED, form="plain")
    *clashes, counted = done.stdout.splitlines()
    assert counted == "108 rows, events: 51 new, 0 changed, 0 same, 0 rejected."
    assert len(clashes) == 5
    assert "85\troom\tGrimsby Town Hall, Assembly Room is taken by SOS-INTRO-03 session 1 at that time" in clashes
    assert "New venues: Centre4, Grimsby;" in done.stderr
    sessions = json.loads(csc_here(location, "next", "--days", 400).stdout)
    assert {each["event"] for each in sessions if each["event"].startswith("BR-")} >= {"BR-01", "BR-08"}


def test_strict_prints_the_problems_and_exits_3(location: str, extract: Path) -> None:
    done = csc_here(location, "import", "people", extract, "--strict")
    assert done.returncode == 3
    assert json.loads(done.stdout)["rejected"] == 1
    assert "1 row cannot be imported, so nothing was imported." in done.stderr
    assert csc_here(location, "who", "ann").returncode == 1


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (None, 2, "cannot be read"),
        (b"", 3, "is empty"),
        (b"Name,Name\na,b\n", 3, "twice in row 1"),
        (b"Forename,Mail\nAnn,a@x.org\n", 3, "--map 'COLUMN=surname'"),
        (b"PK\x03\x04broken", 3, "damaged"),
        (b"Surname,Email\nLee\n", 3, "row 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_its_exit_code(
    location: str, tmp_path: Path, data: bytes | None, code: int, said: str
) -> None:
    path = tmp_path / "file.csv"
    if data is not None:
        path.write_bytes(data)
    for kind in ("people", "programme"):
        done = csc_here(location, "import", kind, path)
        assert (done.returncode, done.stdout) == (code, "")
        assert "Nothing was imported." in done.stderr
        assert "Traceback" not in done.stderr
    assert said.replace("surname", "event_ref") in done.stderr


@pytest.mark.parametrize(
    ("option", "said"), [("Dept", "COLUMN=FIELD"), ("Dept=", "COLUMN=FIELD"), ("Forename=town", "no field 'town'")]
)
def test_a_mapping_that_says_nothing_is_wrong_use(location: str, extract: Path, option: str, said: str) -> None:
    done = csc_here(location, "import", "people", extract, "--map", option)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_heading_with_an_equals_sign_can_be_mapped() -> None:
    assert imports._mapping(["A=B=team", " Dept = TEAM "]) == {"A=B": "team", "Dept": "team"}


def test_a_file_can_come_on_stdin(location: str) -> None:
    done = csc(location, "import", "people", "-", stdin=EXTRACT)
    assert json.loads(done.stdout)["new"] == 1


def test_escape_sequences_in_a_file_never_reach_the_terminal(location: str, tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("Surname,Email\nLee,\x1b]0;x\x07@\nLee,a\x9b@\n")
    for form in ("plain", "json", "csv"):
        done = csc_here(location, "import", "people", path, form=form)
        assert done.returncode == 0
        assert not {"\x1b", "\x9b", "\x07"} & set(done.stdout + done.stderr)


def test_the_help_lists_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    main.cli.main(["import", "people", "--help"], prog_name="csc", standalone_mode=False)
    shown = capsys.readouterr().out
    assert "employee_number" in shown
    assert "--strict" in shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_file_shows_a_bar_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    with imports._progress(imports.LONG) as progress:
        assert progress is not None
        progress(250, 500)
        progress(500, 500)
    assert "Importing" in seen.getvalue()
    assert "100%" in seen.getvalue()
    with imports._progress(imports.LONG - 1) as progress:
        assert progress is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with imports._progress(imports.LONG) as progress:
        assert progress is None


def test_importing_needs_neither_the_window_nor_a_calendar() -> None:
    code = "import sys, csc_tui.cli.imports; print({'textual', 'rich', 'icalendar'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "set()\n"


def test_what_columns_were_said_to_hold_is_listed_and_forgotten(location: str, extract: Path) -> None:
    csc_here(location, "import", "people", extract, "--map", "Forename=ignore")
    (line,) = json.loads(csc_here(location, "import", "remembered").stdout)
    assert (line["kind"], line["column"], line["field"]) == ("people", "Forename", "ignore")
    again = csc_here(location, "import", "people", extract)
    assert "'Forename' was left out, as chosen on" in again.stderr
    assert "--map 'Forename=forget'" in again.stderr
    assert csc_here(location, "import", "forget", "people", "forename").returncode == 0
    assert csc_here(location, "import", "forget", "people", "forename").returncode != 0
    assert csc_here(location, "import", "remembered").stdout in ("", "[]\n")


def test_an_event_for_the_whole_file_is_named_once(location: str, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Name,Email,Duration\nAnn Lee,ann@example.org,1h\n")
    done = csc_here(location, "import", "marks", path)
    assert (done.returncode, "--event REFERENCE" in done.stderr) == (3, True)
    done = csc_here(location, "import", "marks", path, "--event", "NO-1", "--session", "1")
    assert "There is no event 'NO-1'" in done.stderr + done.stdout or done.returncode in (0, 1)


def test_what_was_learnt_before_comes_in_stands_on_the_card_and_is_taken_back(location: str, tmp_path: Path) -> None:
    csc_here(location, "people", "add", "--forename", "Jo", "--surname", "Smith", "--email", "jo@example.org")
    path = tmp_path / "before.csv"
    path.write_text("email,course,date\njo@example.org,SOS-INTRO,12/05/2015\njo@example.org,Knitting,2015\n")
    done = csc_here(location, "import", "completions", path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["new"] == 1
    assert "--map 'Knitting=CODE'" in done.stderr

    def completions() -> list[tuple[str, str]]:
        card = json.loads(csc_here(location, "person", "jo@example.org").stdout)
        return [(each["course"], each["on"]) for each in card["completions"]]

    assert completions() == [("SOS-INTRO", "2015-05-12")]
    assert csc_here(location, "import", "completions", path, "--map", "Knitting=br").returncode == 0
    assert completions() == [("BR", "2015-01-01"), ("SOS-INTRO", "2015-05-12")]
    for _ in range(2):
        assert csc_here(location, "undo").returncode == 0
    assert completions() == []
    typed = csc_here(location, "people", "learnt", "jo@example.org", "br", "--on", "10/2016", "--provider", "Leeds")
    assert json.loads(typed.stdout)["completed"] == "2016-10-01"
    assert csc_here(location, "people", "learnt", "jo@example.org", "br", "--on", "soon").returncode == 2
