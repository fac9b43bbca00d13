"""The care of the database: what is kept, what is put back, what a check finds."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw
import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.base.errors import LastAdministrator, NotAllowed
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import makeups
from db import catalogue, history, models, people, policy
from db.engine import binding, connection, driver, migrate
from db.engine import upkeep as upkeep_store
from db.engine.connection import read_transaction, write_transaction
from db.errors import BadBackup, DamagedDatabase, Duplicate, ForeignDatabase, RuleBroken, SchemaTooNew, WrongUse
from db.records.admin import RestoreResult
from db.records.booking import Status
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from tests import builders

MORNING = "2017-04-10T09:00"


def restore(location: str, file: object, **given: str) -> RestoreResult:
    return upkeep.restore_from_backup(location, str(file), **{"actor": "alice", "today": MORNING, **given})


def findings(location: str) -> dict[str, str]:
    """Check -> detail of everything that is not ok."""
    found = upkeep.check_database(location, actor="alice", today=MORNING)
    return {each.check: each.detail for each in found if each.result != "ok"}


def surnames() -> list[str]:
    with read_transaction():
        return [row.surname for row in models.PersonRow.select().order_by(models.PersonRow.id)]


def test_a_new_database_is_founded_and_open_for_work(tmp_path: Path) -> None:
    ctx = upkeep.initialise_database(str(tmp_path / "csc.db"), actor="carol", today=MORNING)
    assert (ctx.actor, ctx.role, ctx.now()) == ("carol", Role.ADMINISTRATOR, datetime(2017, 4, 10, 9))
    with read_transaction():
        assert [line.verb for line in history.fetch_history_lines()] == ["founded"]
    assert findings(str(tmp_path / "csc.db")) == {}
    assert os.listdir(tmp_path) == ["csc.db"]


def test_a_founding_that_fails_leaves_no_half_made_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuleBroken("no group today")

    monkeypatch.setattr(catalogue, "insert_group", fail)
    with pytest.raises(RuleBroken, match="no group today"):
        upkeep.initialise_database(str(tmp_path / "csc.db"), actor="carol", today=None)
    assert os.listdir(tmp_path) == []


@pytest.mark.of_files
def test_a_backup_is_one_private_file_with_the_same_rows_and_says_its_checksum(ctx: Context, tmp_path: Path) -> None:
    builders.person("Bo Smith")
    target = tmp_path / "backup.db"
    before = os.umask(0)
    try:
        made = upkeep.make_backup(ctx, str(target))
    finally:
        os.umask(before)
    assert made.sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert (made.bytes, target.stat().st_mode & 0o777) == (target.stat().st_size, 0o600)
    copy = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READONLY)
    assert (copy.pragma("journal_mode"), copy.pragma("integrity_check")) == ("delete", "ok")
    assert copy.execute("SELECT surname FROM person").get == "Smith"
    assert [name for name in os.listdir(tmp_path) if name.startswith((".", "backup"))] == ["backup.db"]


@pytest.mark.of_files
def test_a_backup_holds_one_moment_while_others_write(ctx: Context, tmp_path: Path) -> None:
    """A writer keeps two values equal in each transaction: no copy may have caught it between them."""
    with write_transaction():
        policy.store_policy_value("left", "0")
        policy.store_policy_value("right", "0")
    stop = threading.Event()
    written: list[Any] = []

    def keep_writing() -> None:
        while not stop.is_set():
            with write_transaction():
                policy.store_policy_value("left", str(len(written)))
                policy.store_policy_value("right", str(len(written)))
            written.append(1)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(5):
            seen = len(written)
            upkeep.make_backup(ctx, str(tmp_path / f"{number}.db"))
            while len(written) == seen:  # the writer goes on between backups
                pass
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        copy = apsw.Connection(str(tmp_path / f"{number}.db"))
        left, right = copy.execute("SELECT value FROM policy WHERE key IN ('left', 'right')").fetchall()
        assert left == right


@pytest.mark.of_files
@pytest.mark.parametrize("kind", ["file", "folder", "link", "link to the database", "database", "wal", "no folder"])
def test_a_backup_never_takes_the_place_of_something_else(
    ctx: Context, tmp_path: Path, location: str, kind: str
) -> None:
    target, precious = tmp_path / "target", tmp_path / "precious"
    precious.write_bytes(b"precious")
    if kind == "file":
        shutil.copy(precious, target)
    elif kind == "folder":
        target.mkdir()
    elif kind == "link":
        target.symlink_to(precious)
    elif kind == "link to the database":
        target.symlink_to(location)
    elif kind == "no folder":
        target = tmp_path / "nowhere" / "target"
    else:
        target = Path(location + ("-wal" if kind == "wal" else ""))
    before = Path(location).read_bytes()
    with pytest.raises((Duplicate, WrongUse, RuleBroken), match="No backup was made"):
        upkeep.make_backup(ctx, str(target), replace=kind != "file")
    assert (precious.read_bytes(), Path(location).read_bytes()) == (b"precious", before)
    assert kind != "file" or target.read_bytes() == b"precious"


@pytest.mark.of_files
def test_a_backup_is_replaced_only_when_asked(ctx: Context, tmp_path: Path) -> None:
    target = str(tmp_path / "backup.db")
    upkeep.make_backup(ctx, target)
    builders.person("Bo Smith")
    again = upkeep.make_backup(ctx, target, replace=True)
    assert again.sha256 == hashlib.sha256(Path(target).read_bytes()).hexdigest()
    assert apsw.Connection(target).execute("SELECT surname FROM person").get == "Smith"


@pytest.mark.of_files
def test_a_copy_that_is_not_whole_never_gets_the_name_of_a_backup(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        upkeep_store, "_copy_pages", lambda source, destination: destination.execute("CREATE TABLE person (id)")
    )
    with pytest.raises(DamagedDatabase, match="other rows"):
        upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    assert not [name for name in os.listdir(tmp_path) if name.startswith((".", "backup"))]


@pytest.mark.of_files
def test_only_an_administrator_makes_and_restores_backups(ctx: Context, location: str, tmp_path: Path) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    upkeep.assign_role(ctx, "bob", Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        upkeep.make_backup(replace(ctx, role=Role.COORDINATOR), str(tmp_path / "other.db"))
    with pytest.raises(NotAllowed):
        restore(location, tmp_path / "backup.db", actor="bob")


@pytest.mark.of_files
def test_a_restore_brings_back_what_was_and_keeps_what_it_replaces(ctx: Context, location: str, tmp_path: Path) -> None:
    builders.person("Bo Smith")
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    builders.person("Cy Jones")
    done = restore(location, tmp_path / "backup.db")
    assert surnames() == ["Smith"]
    assert done.kept == str(tmp_path / "csc.before-restore-20170410-090000.db")
    kept = apsw.Connection(done.kept).execute("SELECT surname FROM person ORDER BY id").fetchall()
    assert (kept, Path(done.kept).stat().st_mode & 0o777) == ([("Smith",), ("Jones",)], 0o600)
    with read_transaction():
        last = history.fetch_history_lines(limit=1)[0]
    assert (last.actor, last.verb, last.after) == ("alice", "restored", "backup.db")
    assert "csc.before-restore-20170410-090000.db" in last.before
    assert findings(location) == {}


@pytest.mark.of_files
def test_two_restores_in_one_second_keep_two_backups(ctx: Context, location: str, tmp_path: Path) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    assert restore(location, tmp_path / "backup.db").kept != restore(location, tmp_path / "backup.db").kept


@pytest.mark.of_files
def test_a_program_that_has_the_database_open_sees_what_was_restored_and_cannot_undo_it(
    ctx: Context, location: str, tmp_path: Path
) -> None:
    builders.person("Bo Smith")
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    builders.person("Cy Jones")
    watcher = apsw.Connection(location)
    version = watcher.pragma("data_version")
    reader = apsw.Connection(location)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM person").get == 2
    restore(location, tmp_path / "backup.db")
    assert reader.execute("SELECT count(*) FROM person").get == 2  # still the moment it began in
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM person").get == 1
    assert watcher.pragma("data_version") != version
    reader.close()
    watcher.close()
    assert surnames() == ["Smith"]


@pytest.mark.of_files
def test_a_restore_puts_back_a_database_that_is_gone(ctx: Context, location: str, tmp_path: Path) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    os.unlink(location)
    assert restore(location, tmp_path / "backup.db").kept == ""
    assert findings(location) == {}
    assert Path(location).stat().st_mode & 0o777 == 0o600


def noise(first: int, last: int | None = None) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        held = path.read_bytes()
        end = len(held) if last is None else last
        path.write_bytes(held[:first] + b"\xa5\x17\x5c" * ((end - first) // 3) + held[first + (end - first) // 3 * 3 :])

    return spoil


DAMAGES = {
    "empty": lambda path: os.truncate(path, 0),
    "cut short": lambda path: os.truncate(path, 4096),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "noise behind the header": noise(100, 4096),
    "noise in the middle": noise(4096, 20 * 4096),
    "noise everywhere but the header": noise(4096),
}


@pytest.mark.of_files
@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_restore_mends_a_damaged_database_and_keeps_its_bytes(
    ctx: Context, location: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    spoil(Path(location))
    spoilt = Path(location).read_bytes()
    done = restore(location, tmp_path / "backup.db")
    assert Path(done.kept).read_bytes() == spoilt
    assert findings(location) == {}


@pytest.mark.of_files
@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_backup_is_not_restored(
    ctx: Context, location: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    file = tmp_path / "backup.db"
    upkeep.make_backup(ctx, str(file))
    spoil(file)
    before = Path(location).read_bytes()
    with pytest.raises(BadBackup, match="Nothing was changed"):
        restore(location, file)
    assert Path(location).read_bytes() == before


@pytest.mark.of_files
def test_what_is_no_backup_of_ours_is_not_restored(location: str, tmp_path: Path) -> None:
    before = Path(location).read_bytes()
    (tmp_path / "letter.txt").write_text("Dear all,\n" * 1000)
    apsw.Connection(str(tmp_path / "other.db")).execute("CREATE TABLE songs (title)")
    newer = shutil.copy(location, tmp_path / "newer.db")
    apsw.Connection(str(newer)).pragma("user_version", driver.SCHEMA_VERSION + 1)
    for file, why in (
        ("letter.txt", "not a backup"),
        ("other.db", "not a backup"),
        ("newer.db", "newer version of csc-tui"),
    ):
        with pytest.raises(BadBackup, match=why):
            restore(location, tmp_path / file)
    for place in (tmp_path / "nothing.db", tmp_path, Path(location)):
        with pytest.raises(WrongUse, match="Nothing was changed"):
            restore(location, place)
    assert Path(location).read_bytes() == before


@pytest.mark.of_files
@pytest.mark.parametrize("kind", ["foreign", "newer"])
def test_a_restore_replaces_no_database_that_is_not_ours_to_replace(
    ctx: Context, location: str, tmp_path: Path, kind: str
) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    with apsw.Connection(location) as raw:
        raw.pragma("application_id" if kind == "foreign" else "user_version", 4711)
    raw.close()
    before, names = Path(location).read_bytes(), sorted(os.listdir(tmp_path))
    with pytest.raises((ForeignDatabase, SchemaTooNew)):
        restore(location, tmp_path / "backup.db")
    assert (Path(location).read_bytes(), sorted(os.listdir(tmp_path))) == (before, names)


@pytest.mark.of_files
def test_a_copy_that_a_killed_program_left_a_day_ago_goes_with_the_next_backup(ctx: Context, tmp_path: Path) -> None:
    for name in (".csc-abcd_123", ".csc-now_here", ".csc-of_mine_own"):
        (tmp_path / name).mkdir(0o700)
        (tmp_path / name / "copy.db").write_bytes(b"a copy of everything")
    for name in (".csc-abcd_123", ".csc-of_mine_own"):
        os.utime(tmp_path / name, (1_400_000_000,) * 2)
    (tmp_path / ".csc-link_old").symlink_to(tmp_path / ".csc-of_mine_own")
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    left = {each.name for each in tmp_path.iterdir() if each.name.startswith(".csc-")}
    assert left == {".csc-now_here", ".csc-of_mine_own", ".csc-link_old"}
    assert (tmp_path / ".csc-of_mine_own" / "copy.db").read_bytes() == b"a copy of everything"


@pytest.mark.of_files
def test_a_restore_that_is_killed_halfway_changes_nothing(ctx: Context, location: str, tmp_path: Path) -> None:
    builders.person("Bo Smith")
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    builders.person("Cy Jones")
    code = """
import os, signal, sys
from datetime import datetime
from db.engine import upkeep
calls = []
def die_halfway(source, destination):
    calls.append(1)
    with destination.backup("main", source, "main") as copying:
        copying.step(-1 if len(calls) < 3 else 40)  # the third is the one into the live database
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
upkeep._copy_pages = die_halfway
upkeep.restore_file(sys.argv[1], sys.argv[2], moment=datetime(2017, 4, 10))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, location, str(tmp_path / "backup.db")], cwd=builders.ROOT, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert surnames() == ["Smith", "Jones"]
    assert findings(location) == {}


NEXT_MIGRATION = """
from peewee import TextField

def up(migrator, db):
    migrator.migrate(migrator.add_column("venue", "car_park", TextField(default="")))
"""


@pytest.fixture
def newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it will be when it has one migration more. Returns the new migration's path."""
    folder = shutil.copytree(migrate.FOLDER, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    added = Path(folder) / f"{driver.SCHEMA_VERSION + 1:04d}_car_parks.py"
    added.write_text(NEXT_MIGRATION)
    monkeypatch.setattr(migrate, "FOLDER", folder)
    monkeypatch.setattr(driver, "SCHEMA_VERSION", driver.SCHEMA_VERSION + 1)
    return added


@pytest.mark.of_files
def test_an_upgrade_keeps_a_backup_and_brings_the_database_up_to_date(
    ctx: Context, location: str, request: pytest.FixtureRequest
) -> None:
    builders.person("Bo Smith")
    newer_program: Path = request.getfixturevalue("newer_program")
    done = upkeep.upgrade_database(location, actor="alice", today=MORNING)
    assert done is not None
    assert done.applied == (newer_program.stem,)
    kept = apsw.Connection(done.kept)
    assert (kept.pragma("user_version"), kept.execute("SELECT surname FROM person").get) == (
        driver.SCHEMA_VERSION - 1, "Smith",
    )  # fmt: skip
    assert apsw.Connection(location).execute("SELECT count(car_park) FROM venue").get == 0
    assert (surnames(), findings(location)) == (["Smith"], {})
    assert upkeep.upgrade_database(location, actor="alice", today=MORNING) is None


@pytest.mark.of_files
def test_an_upgrade_that_fails_changes_nothing(location: str, tmp_path: Path, newer_program: Path) -> None:
    newer_program.write_text(NEXT_MIGRATION + "    raise ZeroDivisionError\n")
    before = Path(location).read_bytes()
    with pytest.raises(ZeroDivisionError):
        upkeep.upgrade_database(location, actor="alice", today=MORNING)
    assert Path(location).read_bytes() == before
    assert connection.bound_location() == location


@pytest.mark.of_files
def test_a_backup_of_an_older_program_is_brought_up_to_date_when_it_is_restored(
    ctx: Context, location: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    upkeep.make_backup(ctx, str(tmp_path / "backup.db"))
    added = request.getfixturevalue("newer_program")
    upkeep.upgrade_database(location, actor="alice", today=MORNING)
    assert restore(location, tmp_path / "backup.db").applied == (added.stem,)
    assert findings(location) == {}


def sql(location: str, statement: str) -> None:
    with closing(binding.open_database(location)) as raw:
        raw.execute(statement)


BREACHES = {
    "places counted": "UPDATE event SET booked = booked + 1",
    "event dates": "UPDATE event SET last_date = '2018-01-01'",
    "seats within capacity": "UPDATE event SET capacity = 1",
    "waiting list in order": "UPDATE enrolment SET queue = NULL",
    "no one is waiting while a place is free": "UPDATE event SET capacity = 3",
    "offers have an end": f"UPDATE enrolment SET status = {Status.OFFERED.value} WHERE queue = 1",
    "one open offer for each offered place": (
        "UPDATE enrolment SET status = 65, offer_ends = '2017-04-12 09:00:00' WHERE queue = 1"
    ),
    "no one is booked on a cancelled event": "UPDATE event SET state = 'cancelled'",
    "make-ups are valid": (
        "INSERT INTO make_up (session_id, person_id, since, active, version) SELECT s.id, n.person_id, n.since, TRUE, 1"
        " FROM session s JOIN enrolment n ON n.event_id = s.event_id ORDER BY n.id LIMIT 1"
    ),
    "sessions fit their event": "UPDATE session SET module_id = 1",
    "people can be found": "UPDATE person SET surname = 'Smythe' WHERE surname = 'Smith'",
    "events can be found": "UPDATE event SET title = 'Another'",
    "commitments are of members": (
        "INSERT INTO commitment (group_id, person_id, what, made, due, state, remark, version)"
        " SELECT g.id, p.id, 'Ring', '2017-04-10', '2017-05-01', 'open', '', 1 FROM people_group g, person p LIMIT 1"
    ),
    "venues have names of their own": (
        "INSERT INTO venue (name, address, postcode, version) VALUES ('École', '', '', 1), ('école', '', '', 1)"
    ),
    "an administrator": "DELETE FROM actor_role; INSERT INTO policy VALUES ('default_role', 'viewer')",
    "references": "PRAGMA foreign_keys = 0; UPDATE enrolment SET person_id = 4711 WHERE queue = 1",
    "tables and indexes": "DROP INDEX enrolment_one_live",
    "one live enrolment": "DROP INDEX enrolment_one_live; UPDATE enrolment SET person_id = 1",
}


OF_FILES = ("references", "tables and indexes")


@pytest.mark.parametrize(
    "check", [pytest.param(each, marks=pytest.mark.of_files if each in OF_FILES else ()) for each in BREACHES]
)
def test_a_check_finds_what_breaks_a_rule(ctx: Context, location: str, check: str) -> None:
    event = builders.event(capacity=2)
    builders.booked(event, "Bo Smith", "Cy Jones")
    builders.enrolment(event, builders.person("Di Early"), Status.WAITLISTED)
    assert findings(location) == {}
    sql(location, BREACHES[check])
    found = findings(location)
    assert found[check]


def test_a_check_finds_an_invitation_that_fell_behind_what_was_sent(ctx: Context, location: str) -> None:
    event = builders.event(capacity=2)
    person = builders.person("Bo Smith")
    with write_transaction():
        session_id = models.SessionRow.select(models.SessionRow.id).where(models.SessionRow.event == event.id).scalar()
        invitation = models.InvitationRow.insert(
            session=session_id, person=person.id, uid="1@example.org", sequence=1, method="REQUEST",
            place_and_time="", content="", stamped=ctx.stamp(),
        ).execute()  # fmt: skip
        for sequence in (0, 1):
            models.DispatchRow.insert(
                invitation=invitation, sequence=sequence, method="REQUEST", stamped=ctx.stamp(), file="a.ics", actor="a"
            ).execute()
    assert findings(location) == {}
    sql(location, "UPDATE invitation SET sequence = 0")
    assert "higher SEQUENCE" in findings(location)["invitations never fall back"]


def test_more_people_than_places_are_right_where_the_history_has_the_reason(ctx: Context, location: str) -> None:
    event = builders.event(capacity=1)
    builders.booked(event, "Bo Smith", "Cy Jones")
    assert "BR-90 has 2 booked" in findings(location)["seats within capacity"]
    with write_transaction():
        history.insert_history_line(
            ctx.stamp(), "alice", "capacity changed", "BR-90", event_id=event.id, reason="a bigger room"
        )
    assert findings(location) == {}


def test_a_reason_for_something_else_excuses_no_overbooking(ctx: Context, location: str) -> None:
    event = builders.event(capacity=1)
    builders.booked(event, "Bo Smith", "Cy Jones")
    with write_transaction():
        history.insert_history_line(ctx.stamp(), "alice", "moved", "BR-90", event_id=event.id, reason="a burst pipe")
        history.insert_history_line(ctx.stamp(), "alice", "capacity changed", "BR-90", event_id=event.id)
    assert "BR-90 has 2 booked" in findings(location)["seats within capacity"]


def test_whoever_makes_a_module_up_takes_a_seat_in_the_checks_too(ctx: Context, location: str) -> None:
    past = builders.event("BR-80", dates=["2017-03-06"])
    who = builders.person("Bo Smith")
    builders.mark(past, 1, who, "absent")
    builders.booked(builders.event("BR-90", capacity=2), "Cy Jones")
    makeups.book_make_up(ctx, who.key, "BR-90", 1)
    assert findings(location) == {}
    sql(location, "UPDATE event SET joining = 0 WHERE reference = 'BR-90'")
    assert "0 joining" in findings(location)["places counted"]
    sql(location, "UPDATE event SET joining = 1, capacity = 1 WHERE reference = 'BR-90'")
    assert findings(location) == {
        "seats within capacity": "BR-90 has 1 booked, 0 offered and 1 joining on 1 places, and no reason for it is in "
        "the history"
    }
    sql(location, "UPDATE session SET module_id = 1 WHERE event_id = (SELECT id FROM event WHERE reference = 'BR-90')")
    assert "makes up no module there" in findings(location)["make-ups are valid"]
    sql(location, "UPDATE event SET state = 'cancelled' WHERE reference = 'BR-90'")
    assert "makes up in a cancelled event" in findings(location)["make-ups are valid"]


def test_nobody_is_missed_beside_a_free_place_once_the_event_has_begun(ctx: Context, location: str) -> None:
    event = builders.event(capacity=1, dates=["2017-04-10"])
    builders.enrolment(event, builders.person("Bo Smith"), Status.WAITLISTED)
    assert findings(location) == {}


def test_a_check_names_the_first_few_and_counts_the_others(ctx: Context, location: str) -> None:
    for number in range(8):
        builders.event(f"BR-{number}")
    sql(location, "UPDATE event SET booked = 9")
    detail = findings(location)["places counted"]
    assert detail.startswith(
        "BR-0 says 9 booked, 0 offered, 0 waiting, 0 joining; its enrolments and make-ups say 0, 0, 0, 0; BR-1"
    )
    assert detail.endswith("; and 3 more")


@pytest.mark.of_files
def test_a_check_of_a_damaged_file_says_so_and_asks_it_nothing_more(location: str) -> None:
    noise(20 * 4096)(Path(location))
    found = upkeep.check_database(location, actor="alice", today=MORNING)
    assert [(each.check, each.result) for each in found] == [("file is sound", "wrong")]
    assert upkeep.advice_on_findings(found) == Remark(
        "1 check found a problem. Nothing was changed.", Remedy(RemedyKind.RESTORE_GOOD_BACKUP)
    )


def test_people_can_be_found_whatever_was_stored(ctx: Context, location: str) -> None:
    builders.person("Siobhán O'Brien-Smith", organisation="Café", team="Early Help", phone="01472 326292")
    with write_transaction():
        person = people.find_person("siobhan o'brien-smith")
        models.PersonRow.update(job_title="Lead").where(models.PersonRow.id == person.id).execute()
        people.update_person_index(person.id)
    assert findings(location) == {}


def test_roles_are_given_and_listed_and_one_administrator_remains(ctx: Context, location: str) -> None:
    upkeep.assign_role(ctx, "bob", Role.BOOKER)
    upkeep.set_default_role(ctx, Role.VIEWER)
    again = bootstrap.create_context(location, actor="eve", today=MORNING)
    assert again.role is Role.VIEWER
    assert upkeep.list_roles(again) == [("alice", "administrator"), ("bob", "booker"), ("everyone else", "viewer")]
    with pytest.raises(LastAdministrator):
        upkeep.assign_role(ctx, "alice", Role.COORDINATOR)
    upkeep.assign_role(ctx, "bob", Role.ADMINISTRATOR)
    upkeep.assign_role(ctx, "alice", Role.COORDINATOR)
    with read_transaction():
        told = [(line.subject, line.before, line.after) for line in history.fetch_history_lines(limit=2)]
    assert told == [("alice", "administrator", "coordinator"), ("bob", "booker", "administrator")]


def test_only_an_administrator_gives_roles(ctx: Context) -> None:
    below = replace(ctx, role=Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        upkeep.assign_role(below, "alice", Role.VIEWER)
    with pytest.raises(NotAllowed):
        upkeep.set_default_role(below, Role.VIEWER)
    assert upkeep.list_roles(ctx) == [("alice", "administrator"), ("everyone else", "administrator")]
