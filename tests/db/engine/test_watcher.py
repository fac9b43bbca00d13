"""Noticing what somebody else committed."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from csc_tui.base import change_watch
from csc_tui.base.context import Context
from db.engine.watcher import ChangeWatcher
from db.errors import MissingDatabase
from tests import builders


def test_a_commit_of_another_connection_is_noticed_once(ctx: Context) -> None:
    watcher = change_watch.watch_database(ctx)
    assert not watcher.changed()
    builders.person("Bo Ek")
    assert watcher.changed()
    assert not watcher.changed()
    watcher.close()


def test_a_commit_of_another_process_is_noticed(database: str) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek", email="bo@example.org")
    watcher = ChangeWatcher(database)
    assert builders.csc(database, "enrol", "BR-04", "bo@example.org").returncode == 0
    assert watcher.changed()
    watcher.close()


def test_reading_is_no_change(database: str) -> None:
    watcher = ChangeWatcher(database)
    assert builders.csc(database, "who", "bo").returncode in (0, 1)
    assert not watcher.changed()
    watcher.close()


@pytest.mark.of_files
def test_a_file_that_is_gone_is_said_and_another_in_its_place_is_watched(database: str, tmp_path: Path) -> None:
    watcher = ChangeWatcher(database)
    os.rename(database, tmp_path / "away.db")
    for _ in range(2):
        with pytest.raises(MissingDatabase):
            watcher.changed()
    shutil.copy(tmp_path / "away.db", database)
    assert watcher.changed()
    assert not watcher.changed()
    builders.person("Bo Ek")
    assert watcher.changed()
    watcher.close()


def test_closing_waits_for_whoever_is_asking(database: str) -> None:
    watcher = ChangeWatcher(database)
    asking, go_on = threading.Event(), threading.Event()
    ask = watcher._version

    def slowly() -> object:
        asking.set()
        go_on.wait(10)
        return ask()

    watcher._version = slowly
    said: list[bool] = []
    thread = threading.Thread(target=lambda: said.append(watcher.changed()))
    thread.start()
    asking.wait(10)
    closing = threading.Thread(target=watcher.close)
    closing.start()
    go_on.set()
    thread.join(10)
    closing.join(10)
    assert said == [False]
