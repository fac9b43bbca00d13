"""Noticing what somebody else committed."""

from csc_tui.context import Context
from csc_tui.services import watching
from db.changes import ChangeWatcher
from tests import builders


def test_a_commit_of_another_connection_is_noticed_once(ctx: Context) -> None:
    watcher = watching.watch(ctx)
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
