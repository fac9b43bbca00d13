"""A founded database in a file of its own for each test, and a coordinator on the morning of 10 April 2017."""

import shutil
from pathlib import Path

import pytest

from csc_tui import bootstrap
from csc_tui.context import Context
from csc_tui.services import founding
from db import connection, migrate

MORNING = "2017-04-10T09:00"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of this machine, nor the database an earlier test was bound to."""
    monkeypatch.setattr(connection, "_bound", None)
    monkeypatch.setattr(connection.database, "obj", None)
    for name in ("CSC_DB", "CSC_TODAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database as `admin init` makes it; made once, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "csc.db"
    migrate.create(str(path))
    founding.found(bootstrap.start(str(path), actor="alice", today=MORNING))
    return path


@pytest.fixture
def location(template: Path, tmp_path: Path) -> str:
    """The path of a new database that holds what the seed says, bound to nothing yet."""
    return str(shutil.copy(template, tmp_path / "csc.db"))


@pytest.fixture
def database(location: str) -> str:
    """The same, bound; for tests that need no Context."""
    bootstrap.bind(location)
    return location


@pytest.fixture
def ctx(location: str) -> Context:
    """Alice, administrator, on Monday 10 April 2017 at nine; `builders.at` gives her another moment."""
    return bootstrap.start(location, actor="alice", today=MORNING)
