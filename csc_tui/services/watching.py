"""Noticing what other people change."""

from csc_tui.context import Context
from db.changes import ChangeWatcher
from db.connection import bound


def watch(ctx: Context) -> ChangeWatcher:
    """Its `changed()` says whether anybody has committed since it was last asked. Raises DatabaseTrouble."""
    return ChangeWatcher(bound())
