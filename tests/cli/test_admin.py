"""`csc admin` as it is typed: streams, exit codes, and databases that are not as they should be."""

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from db.engine import driver
from tests.builders import csc, csc_here

SHORT_PATIENCE = "from db.engine import driver; driver.BUSY_SECONDS = 1"


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on stderr."""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def held(folder: Path) -> dict[str, bytes]:
    """Every file in the folder; an empty lock file is no change."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


def test_init_makes_a_database_that_only_its_owner_can_read_and_says_what_comes_next(tmp_path: Path) -> None:
    location = str(tmp_path / "new" / "csc.db")
    done = csc(location, "admin", "init")
    assert (done.returncode, done.stdout) == (0, "")
    assert "csc import programme" in said(done)
    assert os.stat(location).st_mode & 0o777 == 0o600
    assert csc(location, "admin", "check").returncode == 0


def test_init_leaves_what_is_there(location: str) -> None:
    before = Path(location).read_bytes()
    done = csc_here(location, "admin", "init")
    assert (done.returncode, done.stdout) == (3, "")
    assert "not changed" in said(done)
    assert Path(location).read_bytes() == before


def test_backup_and_restore_bring_everything_back(location: str, tmp_path: Path) -> None:
    made = csc_here(location, "admin", "backup", tmp_path / "b.db")
    assert (made.returncode, made.stderr) == (0, "")
    (row,) = json.loads(made.stdout)
    assert (row["file"], row["bytes"]) == (str(tmp_path / "b.db"), (tmp_path / "b.db").stat().st_size)
    assert len(row["sha256"]) == 64
    csc_here(location, "admin", "roles", "set", "bob", "booker")
    done = csc_here(location, "admin", "restore", tmp_path / "b.db")
    assert done.returncode == 0
    (row,) = json.loads(done.stdout)
    assert row["kept"] in said(done)
    assert Path(row["kept"]).is_file()
    listed = csc_here(location, "admin", "roles", form="plain").stdout
    assert listed == "alice\tadministrator\neveryone else\tadministrator\n"


def test_check_prints_a_row_for_each_check_and_exits_4_when_one_is_wrong(location: str) -> None:
    done = csc_here(location, "admin", "check")
    rows = json.loads(done.stdout)
    assert (done.returncode, {row["result"] for row in rows}) == (0, {"ok"})
    assert list(rows[0]) == ["check", "result", "detail"]
    raw = apsw.Connection(location)
    raw.execute("DROP INDEX enrolment_one_live")
    raw.close()
    done = csc_here(location, "admin", "check")
    assert done.returncode == 4
    (row,) = (row for row in json.loads(done.stdout) if row["result"] != "ok")
    assert row == {
        "check": "tables and indexes", "result": "wrong", "detail": "index enrolment_one_live is missing",
    }  # fmt: skip
    assert "1 check found a problem" in said(done)


def test_a_role_that_does_not_exist_is_wrong_use(location: str) -> None:
    assert csc_here(location, "admin", "roles", "set", "bob", "boss").returncode == 2


def test_an_existing_file_is_no_target_and_a_missing_one_no_source(location: str, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_bytes(b"precious")
    done = csc_here(location, "admin", "backup", tmp_path / "there.db")
    assert done.returncode == 3
    assert "--replace" in said(done)
    assert (tmp_path / "there.db").read_bytes() == b"precious"
    done = csc_here(location, "admin", "restore", tmp_path / "not-there.db")
    assert done.returncode == 2
    assert "There is no file" in said(done)


def spoil_version(number: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        raw = apsw.Connection(str(path))
        raw.pragma("user_version", number)
        raw.close()

    return spoil


def make_foreign(path: Path) -> None:
    path.unlink()
    raw = apsw.Connection(str(path))
    raw.execute("CREATE TABLE songs (title)")
    raw.close()


def make_noise(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5\x17" * ((len(whole) - 4096) // 2))


STATES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "There is no database at"),
    "foreign": (make_foreign, "is not a csc-tui database"),
    "text": (lambda path: path.write_text("Dear all,\n" * 900), "is not a csc-tui database"),
    "zero bytes": (lambda path: os.truncate(path, 0), "the file is empty"),
    "damaged": (make_noise, "is damaged"),
    "newer": (spoil_version(driver.SCHEMA_VERSION + 1), "newer version of csc-tui"),
    "older": (spoil_version(driver.SCHEMA_VERSION - 1), "admin upgrade"),
}


@pytest.mark.parametrize("words", ["who smith", "enrol BR-90 bo@example.org", "admin backup b.db"])
@pytest.mark.parametrize(("spoil", "why"), STATES.values(), ids=STATES.keys())
def test_a_database_that_needs_attention_gets_one_sentence_and_stays_as_it_is(
    location: str, tmp_path: Path, spoil: Callable[[Path], None], why: str, words: str
) -> None:
    spoil(Path(location))
    before = held(tmp_path)
    done = csc_here(location, *words.split())
    assert (done.returncode, done.stdout) == (4, "")
    assert why in said(done)
    assert held(tmp_path) == before


@pytest.mark.parametrize(
    ("state", "words", "why"),
    [
        ("foreign", "admin upgrade", "is not a csc-tui database"),
        ("newer", "admin upgrade", "newer version of csc-tui"),
        ("missing", "admin upgrade", "There is no database at"),
        ("damaged", "admin upgrade", "damaged"),
        ("newer", "admin check", "newer version of csc-tui"),
        ("older", "admin check", "admin upgrade"),
        ("zero bytes", "admin check", "the file is empty"),
        ("damaged", "admin check", "found a problem"),
    ],
)
def test_upgrade_and_check_touch_nothing_that_is_not_theirs_to_mend(
    location: str, tmp_path: Path, state: str, words: str, why: str
) -> None:
    STATES[state][0](Path(location))
    before = held(tmp_path)
    done = csc_here(location, *words.split())
    assert done.returncode == 4
    assert why in said(done)
    assert held(tmp_path) == before


def test_an_older_database_is_brought_up_to_date_and_kept_as_it_was(location: str, tmp_path: Path) -> None:
    spoil_version(driver.SCHEMA_VERSION - 1)(Path(location))
    done = csc_here(location, "admin", "upgrade")
    assert done.returncode == 0
    assert "before-upgrade-20170410-090000" in said(done)
    assert csc_here(location, "admin", "check").returncode == 0
    assert "up to date" in said(csc_here(location, "admin", "upgrade"))


@pytest.fixture
def busy(location: str) -> Iterator[str]:
    """Somebody else is writing and does not come to an end."""
    handle = os.open(location + ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield location
    os.close(handle)


@pytest.fixture
def busy_by_another_program(location: str) -> Iterator[str]:
    """The same, by a program that knows SQLite's own lock alone; in a process of its own, for a process that reads the
    file itself gives up the locks it has."""
    code = (
        "import apsw, sys; raw = apsw.Connection(sys.argv[1]); raw.execute('BEGIN IMMEDIATE'); print(flush=True); "
        "sys.stdin.read()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, location], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout
    program.stdout.readline()
    yield location
    program.communicate()


@pytest.mark.parametrize("who_writes", ["busy", "busy_by_another_program"])
def test_a_lock_held_too_long_gets_one_sentence_and_look_ups_do_not_wait(
    who_writes: str, tmp_path: Path, location: str, request: pytest.FixtureRequest
) -> None:
    shutil.copy(location, tmp_path / "b.db")
    request.getfixturevalue(who_writes)
    before = held(tmp_path)
    for words in (["admin", "roles", "set", "bob", "booker"], ["admin", "restore", tmp_path / "b.db"]):
        done = csc(location, *words, first=SHORT_PATIENCE)
        assert (done.returncode, done.stdout) == (4, "")
        assert "Nothing was changed. Try again in a minute." in said(done)
    assert held(tmp_path)["csc.db"] == before["csc.db"]
    assert csc(location, "who", "smith", first=SHORT_PATIENCE).returncode == 1
    assert csc(location, "admin", "backup", tmp_path / "c.db", first=SHORT_PATIENCE).returncode == 0


@pytest.mark.parametrize("words", ["who smith", "admin init", "admin check", "admin roles"])
def test_a_server_that_cannot_be_asked_gets_one_sentence_without_the_password(words: str) -> None:
    done = csc("postgresql://carol:secret@127.0.0.1:1/csc", *words.split(), first=SHORT_PATIENCE)
    assert (done.returncode, done.stdout) == (4, "")
    assert ("did not answer" if importlib.util.find_spec("psycopg") else "psycopg") in said(done)
    assert "secret" not in done.stderr


def test_the_policy_is_listed_and_set(location: str) -> None:
    done = csc_here(location, "admin", "policy", "list")
    assert (done.returncode, done.stderr) == (0, "")
    listed = {row["key"]: row for row in json.loads(done.stdout)}
    assert set(listed["charges"]) == {"key", "value", "default"}
    assert csc_here(location, "admin", "policy").stdout == done.stdout
    done = csc_here(location, "admin", "policy", "set", "request_days", "30")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [{"key": "request_days", "before": "14", "after": "30"}]
    (now,) = [row for row in json.loads(csc_here(location, "admin", "policy").stdout) if row["key"] == "request_days"]
    assert (now["value"], now["default"]) == ("30", "14")


@pytest.mark.parametrize(
    ("key", "value", "code", "sentence"),
    [
        ("time_zone", "Mars/Phobos", 2, "'time_zone' is the name of a time zone, such as Europe/London; 'Mars/Phobos'"),
        ("colour", "red", 2, "There is no policy 'colour'. The policies are: time_zone, first_month"),
    ],
)
def test_a_policy_that_makes_no_sense_is_said(location: str, key: str, value: str, code: int, sentence: str) -> None:
    done = csc_here(location, "admin", "policy", "set", key, value)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in said(done)


def test_a_coordinator_sets_the_policy_but_not_the_role_of_others(location: str) -> None:
    csc_here(location, "admin", "roles", "set", "bob", "administrator")
    csc_here(location, "admin", "roles", "set", "alice", "coordinator")
    assert csc_here(location, "admin", "policy", "set", "request_days", "30").returncode == 0
    done = csc_here(location, "admin", "policy", "set", "default_role", "viewer")
    assert done.returncode == 3
    assert "This needs the administrator role; alice has the coordinator role." in said(done)
