"""A database made by the migrations is the one the models mean, and two programs never make it at once."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from playhouse.migrations import Runner

from db import models
from db.engine import connection, driver, migrate
from db.errors import Duplicate
from tests.builders import ROOT

MIGRATIONS = sorted(migrate.FOLDER.glob("[0-9]*.py"))


def made_of(path: Path) -> dict[str, str]:
    """Name -> SQL of every table and index, CHECKs and partial indexes included, but for the record of migrations."""
    found = apsw.Connection(str(path)).execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sql for name, sql in found if "schema_migration" not in name}


def test_the_migrated_schema_is_that_of_the_models_checks_included(tmp_path: Path) -> None:
    migrate.create_empty_database(str(tmp_path / "migrated.db"))
    meant = tmp_path / "meant.db"
    meant.touch()
    connection.bind_location(str(meant))
    with connection.database.connection_context():
        connection.database.create_tables(models.TABLES)
    migrated, modelled = made_of(tmp_path / "migrated.db"), made_of(meant)
    assert migrated == modelled
    assert "CHECK (capacity >= 0)" in migrated["event"]
    assert "WHERE status >= 40" in migrated["enrolment_one_live"]


def test_every_table_of_the_models_is_migrated() -> None:
    named = {
        model
        for model in vars(models).values()
        if isinstance(model, type) and issubclass(model, models.Row) and model is not models.Row
    }
    assert named == set(models.TABLES)


def test_the_header_says_whose_the_file_is_and_which_schema_it_has(tmp_path: Path) -> None:
    migrate.create_empty_database(str(tmp_path / "new.db"))
    opened = apsw.Connection(str(tmp_path / "new.db"))
    assert opened.pragma("application_id") == driver.APPLICATION_ID
    assert opened.pragma("user_version") == driver.SCHEMA_VERSION == int(MIGRATIONS[-1].name[:4])
    assert opened.pragma("journal_mode") == "wal"


def test_a_new_database_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    location = tmp_path / "new folder" / "csc.db"
    before = os.umask(0)
    try:
        migrate.create_empty_database(str(location))
    finally:
        os.umask(before)
    assert (location.stat().st_mode & 0o777, location.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert os.listdir(location.parent) == ["csc.db"]


@pytest.mark.parametrize("kind", ["file", "link to nothing", "folder"])
def test_nothing_that_exists_is_made_into_a_database(tmp_path: Path, kind: str) -> None:
    location = tmp_path / "csc.db"
    if kind == "file":
        location.write_bytes(b"precious")
    elif kind == "folder":
        location.mkdir()
    else:
        location.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(Duplicate, match="not changed"):
        migrate.create_empty_database(str(location))
    assert not (tmp_path / "elsewhere.db").exists()
    assert kind != "file" or location.read_bytes() == b"precious"


def test_what_fails_while_a_database_is_filled_leaves_nothing_behind(tmp_path: Path) -> None:
    location = tmp_path / "csc.db"

    def fill_and_fail() -> None:
        with migrate.build_database(str(location)):
            assert not location.exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fill_and_fail()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_is_frozen(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").partition(".")[0])
    assert imported <= {"peewee", "playhouse", "datetime"}


def together(code: str, *words: str) -> list[tuple[int, str]]:
    """Exit code and last line of stderr of four programs that start at the same moment."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()\n" + code, *words],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for each in started:
        assert each.stdin
        each.stdin.close()
        each.stdin = None
    finished = [(each, each.communicate(timeout=60)[1]) for each in started]
    return sorted((each.returncode, (said.splitlines() or [""])[-1]) for each, said in finished)


def test_of_programs_that_make_a_database_together_one_does_and_the_others_say_it_is_there(tmp_path: Path) -> None:
    location = str(tmp_path / "csc.db")
    ends = together("from db.engine import migrate; migrate.create_empty_database(sys.argv[1])", location)
    assert [code for code, _ in ends] == [0, 1, 1, 1]
    assert all("Duplicate" in said and "already exists" in said for code, said in ends if code)
    driver.open_existing(location).close()
    assert sorted(os.listdir(tmp_path)) == ["csc.db"]


def test_programs_that_bring_a_database_up_together_take_turns(tmp_path: Path) -> None:
    location = tmp_path / "csc.db"
    location.touch()
    ends = together("from db.engine import migrate; print(len(migrate.apply_migrations(sys.argv[1])))", str(location))
    assert [code for code, _ in ends] == [0, 0, 0, 0], ends


def test_without_the_lock_they_would_have_raced(tmp_path: Path) -> None:
    """Both see that nothing is applied; the second then makes tables that are there."""
    location = tmp_path / "csc.db"
    location.touch()
    connection.bind_location(str(location))
    with connection.database.connection_context():
        first, second = (Runner(connection.database.obj, str(migrate.FOLDER)) for _ in range(2))
        planned = second.status()
        first.up()
        second.status = lambda: planned
        with pytest.raises(Exception, match="already exists"):
            second.up()


def test_marks_and_memberships_of_practice_leads_agree_after_the_upgrade(tmp_path: Path) -> None:
    location = str(tmp_path / "csc.db")
    migrate.create_empty_database(location)
    raw = apsw.Connection(location)
    raw.execute("INSERT INTO people_group (id, name, kind, description) VALUES (1, 'Leads', 'practice_leads', '')")
    for number, marked in ((1, 1), (2, 0), (3, 0)):
        raw.execute(
            "INSERT INTO person (id, surname, email, email_key, kind, is_manager, is_facilitator, is_practice_lead,"
            " active, forename, phone, job_title, dietary, access_needs, search, sort, version, known_as)"
            " VALUES (?, 'X', '', ?, 'staff', 0, 0, ?, 1, '', '', '', '', '', '', '', 1, '')",
            (number, f"k{number}", marked),
        )
    raw.execute("INSERT INTO membership (group_id, person_id, role, joined) VALUES (1, 2, 'member', '2017-01-01')")
    raw.execute("DELETE FROM schema_migration WHERE name LIKE '0008%'")
    raw.close()
    migrate.apply_migrations(location)
    raw = apsw.Connection(location)
    assert raw.execute("SELECT id FROM person WHERE is_practice_lead ORDER BY id").fetchall() == [(1,), (2,)]
    assert raw.execute("SELECT person_id FROM membership ORDER BY person_id").fetchall() == [(1,), (2,)]
