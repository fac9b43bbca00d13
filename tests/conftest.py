"""A founded database of its own for each test, and a coordinator on the morning of 10 April 2017.

A file, or a database of the PostgreSQL server that CSC_TEST_SERVER names: `CSC_TEST_SERVER=postgresql://postgres@/...`.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.admin import new_database
from db.engine import connection, migrate
from exports import files
from tests import builders
from tests.servers import databases

MORNING = "2017-04-10T09:00"
MEMORY = Path("/dev/shm")
ROOM = 2**30
"""Bytes that have to be free there; a test's folder goes when it has passed, so the suite needs a fraction of it."""


def _keep_files_in_memory() -> None:
    """Put the temporary files of the tests, and of the programs they start, into memory where the machine has a place.

    Each transaction of a database waits until the disk has it, 5 ms and more; the tests make some ten thousand.
    A TMPDIR that is set stays: `TMPDIR=/tmp pytest ...` runs on the disk.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # to be looked up anew


def _keep_bytecode() -> None:
    """Compile each module once, for the tests and the programs they start, even where no bytecode is to be written.

    PYTHONDONTWRITEBYTECODE keeps the tree clean, and makes each of some two hundred processes compile the whole
    program, and each worker every test; pytest's own cache is out of the way of both.
    """
    if sys.dont_write_bytecode:
        folder = str(builders.ROOT / ".pytest_cache" / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        sys.dont_write_bytecode, sys.pycache_prefix = False, folder


_keep_files_in_memory()
_keep_bytecode()


def pytest_collection_finish() -> None:
    """Leave what is there to stay out of every later search for rubbish, and search more seldom: a tenth of the CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of this machine, nor the database an earlier test was bound to."""
    monkeypatch.setattr(connection, "_bound", None)
    monkeypatch.setattr(connection.database, "obj", None)
    monkeypatch.setattr(files, "_within", "")
    for name in ("CSC_DB", "CSC_TODAY", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new database as `admin init` makes it; made once, copied for each test."""
    if databases.SERVER:
        with databases.new_database() as address:
            _found(address)
            yield address
        return
    path = str(tmp_path_factory.mktemp("template") / "csc.db")
    _found(path)
    yield path


def _found(location: str) -> None:
    migrate.create_empty_database(location)
    new_database.fill_new_database(bootstrap.create_context(location, actor="alice", today=MORNING))


@pytest.fixture
def location(request: pytest.FixtureRequest, template: str, tmp_path: Path) -> Iterator[str]:
    """Where a new database is that holds what the seed says, bound to nothing yet."""
    if not databases.SERVER:
        yield str(shutil.copy(template, tmp_path / "csc.db"))
        return
    if request.node.get_closest_marker("of_files"):
        pytest.skip("tells of a file")
    with databases.new_database(template) as address:
        yield address


@pytest.fixture
def database(location: str) -> str:
    """The same, bound; for tests that need no Context."""
    bootstrap.bind_database(location)
    return location


@pytest.fixture
def ctx(location: str) -> Context:
    """Alice, administrator, on Monday 10 April 2017 at nine; `builders.at` gives her another moment."""
    return replace(bootstrap.create_context(location, actor="alice", today=MORNING), real_clock=None)
