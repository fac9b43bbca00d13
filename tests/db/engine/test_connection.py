"""The database of the process under what happens to databases: full and read-only disks, killed writers, old clocks."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from db import models
from db.engine import driver
from db.engine.connection import database, read_transaction, write_transaction
from db.errors import NotWritable, SchemaTooNew
from tests import builders
from tests.builders import ROOT, at, csc

pytestmark = pytest.mark.of_files


def sound(location: str) -> bool:
    return all(each.result == "ok" for each in upkeep.check_database(location, actor="alice", today="2017-04-10T09:00"))


def held(location: str) -> list[str]:
    """Who is on BR-90, whatever their status."""
    raw = apsw.Connection(location, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return [key for (key,) in raw.execute("SELECT '#' || person_id FROM enrolment ORDER BY id")]
    finally:
        raw.close()


def test_the_library_is_one_in_which_a_wal_file_cannot_be_corrupted() -> None:
    """SQLite 3.7.0 to 3.51.2 can, when several programs write and checkpoint."""
    assert tuple(map(int, apsw.sqlite_lib_version().split("."))) >= (3, 51, 3)


@pytest.mark.parametrize("opened", [read_transaction, write_transaction])
def test_every_connection_has_the_settings(database_settings: dict[str, object], opened: object) -> None:
    assert database_settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 2,
    }  # fmt: skip


@pytest.fixture
def database_settings(ctx: Context, opened: object) -> dict[str, object]:
    with opened():  # type: ignore[operator]
        return {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in driver.PRAGMAS}


@pytest.mark.parametrize("outer", [read_transaction, write_transaction])
def test_a_write_is_never_opened_inside_something_else(ctx: Context, outer: object) -> None:
    """It would be a savepoint, or a read that becomes a write and fails at once."""
    with outer(), pytest.raises(RuntimeError, match=r"write_transaction\(\) opened inside"), write_transaction():  # type: ignore[operator]
        pass
    with write_transaction():
        pass


def test_a_full_database_is_a_sentence_and_nothing_is_half_done(
    ctx: Context, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.event(capacity=900)
    people = [builders.person(f"Ann Number{number}").key for number in range(300)]
    raw = apsw.Connection(location)
    pages = raw.pragma("page_count")
    raw.close()
    before = held(location)
    with monkeypatch.context() as full:
        full.setattr(database.obj, "_pragmas", [*database.obj._pragmas, ("max_page_count", pages + 2)])
        with pytest.raises(NotWritable, match=r"The disk is full. Nothing was changed. Make room"):
            booking_actions.enrol_people(ctx, "BR-90", people)
    assert held(location) == before
    assert len(booking_actions.enrol_people(ctx, "BR-90", people)) == 300
    assert sound(location)


def test_a_disk_that_takes_no_more_is_a_sentence_and_an_exit_code(ctx: Context, location: str) -> None:
    builders.event()
    ann = builders.person("Ann Smith")
    size = os.path.getsize(location + "-wal") if os.path.exists(location + "-wal") else 0
    # A module that is compiled under the limit would be left half written for every later program.
    limit = (
        "import resource, sys; sys.dont_write_bytecode = True;"
        f" resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 2000}, {size + 2000}))"
    )
    done = csc(location, "enrol", "BR-90", ann.key, first=limit)
    assert (done.returncode, done.stdout) == (4, "")
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert held(location) == []
    assert csc(location, "enrol", "BR-90", ann.key).returncode == 0
    assert sound(location)


AS_ANYBODY = (
    "import ctypes; libc = ctypes.CDLL(None);"
    " who = (ctypes.c_uint32 * 2)(0x20080522, 0); may = (ctypes.c_uint32 * 6)();"
    " libc.capget(who, may); may[0] &= ~6; libc.capset(who, may)"
)
"""Root may write whatever a file's mode says (CAP_DAC_OVERRIDE): the program gives that up. capabilities(7)."""


@pytest.mark.parametrize("folder_mode", [0o555, 0o755])
def test_a_file_that_may_only_be_read_is_a_sentence(
    ctx: Context, location: str, tmp_path: Path, folder_mode: int
) -> None:
    builders.event()
    ann = builders.person("Ann Smith")
    shared = tmp_path / "shared"
    shared.mkdir()
    copy = shared / "csc.db"
    upkeep.make_backup(ctx, str(copy))
    copy.chmod(0o444)
    shared.chmod(folder_mode)
    before = copy.read_bytes()
    for words in (("enrol", "BR-90", ann.key), ("cancel", "BR-90", ann.key, "--reason", "ill"), ("who", "smith")):
        done = csc(str(copy), *words, first=AS_ANYBODY)
        assert done.returncode == (0 if done.stdout else 4), done.stderr
        assert words[0] == "who" or (not done.stdout and "Nothing was changed" in done.stderr)
        assert "Traceback" not in done.stderr
    shared.chmod(0o755)
    assert copy.read_bytes() == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o444


WRITER = """
import sys
from csc_tui.base import bootstrap
from csc_tui.core.booking import actions as booking_actions
ctx = bootstrap.create_context(sys.argv[1], actor="alice", today="2017-04-10T09:00")
print("ready", flush=True)
for key in sys.argv[2:]:
    booking_actions.enrol_people(ctx, "BR-90", [key])
    print(key, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 2, 5, 9])
def test_a_killed_writer_loses_nothing_it_had_acknowledged_and_leaves_nothing_half_done(
    ctx: Context, location: str, acknowledged: int
) -> None:
    builders.event(capacity=3)
    keys = [builders.person(f"Ann Number{number}").key for number in range(40)]
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, location, *keys], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    for _ in range(acknowledged + 1):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().splitlines()
    assert writer.wait(timeout=30) == -signal.SIGKILL
    there = held(location)
    assert there == keys[: len(there)]
    assert acknowledged + len(rest) <= len(there) <= acknowledged + len(rest) + 1
    assert sound(location)
    with read_transaction():
        history = models.HistoryRow.select().where(models.HistoryRow.verb.in_(("booked", "waitlisted"))).count()
    assert history == len(there)


def test_the_clock_may_go_backwards(ctx: Context) -> None:
    builders.event(capacity=1)
    keys = [builders.person(f"Ann Number{number}").key for number in range(4)]
    for hour, key in zip(("12", "11", "10", "09"), keys, strict=True):
        booking_actions.enrol_people(at(ctx, f"2017-04-10T{hour}:00"), "BR-90", [key])
    card = people_queries.get_event_card(ctx, "BR-90")
    assert [each.person for each in card.waiting] == keys[1:]
    assert [each.subject.split(" ")[1] for each in card.history][:4] == ["Number3", "Number2", "Number1", "Number0"]
    booking_actions.cancel_place(at(ctx, "2017-04-10T08:00"), "BR-90", keys[0], reason="ill")
    assert [each.person for each in people_queries.get_event_card(ctx, "BR-90").roster] == [keys[1]]


def test_a_process_that_was_there_before_an_upgrade_changes_nothing_after_it(ctx: Context, location: str) -> None:
    raw = apsw.Connection(location)
    raw.pragma("user_version", driver.SCHEMA_VERSION + 1)
    raw.close()
    with pytest.raises(SchemaTooNew):
        builders.person("Bo Ek")
    with read_transaction():
        assert not models.PersonRow.select().exists()
