"""The transaction of every change: kept as one step that can be taken back, or run to its end as a preview."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from csc_tui.base.context import Context
from db.engine import journal
from db.engine.connection import database, write_transaction
from db.errors import Stale

Result = TypeVar("Result")
_local = threading.local()


@contextmanager
def change_transaction(ctx: Context, dry_run: bool = False, *, undoable: bool = True) -> Iterator[None]:
    """A write transaction; with `dry_run` it runs to its end and is taken back. Inside preview() and
    apply_previewed_change() it joins theirs."""
    if getattr(_local, "joining", False):
        yield
        return
    with write_transaction():
        with journal.record_step(ctx.stamp(), ctx.actor) if undoable else nullcontext():
            yield
        if dry_run:
            database.rollback()


@contextmanager
def joint_transaction(ctx: Context, dry_run: bool = False) -> Iterator[None]:
    """A transaction and a step of several changes that each stand in change_transaction(): all of them or none."""
    with change_transaction(ctx, dry_run):
        if getattr(_local, "joining", False):
            yield
        else:
            with join_transactions():
                yield


def apply_previewed_change(
    ctx: Context, change: Callable[[], Result], expected: Result, *, undoable: bool = True
) -> Result:
    """Run the change for good, as one step in one transaction.

    Raises Stale, with nothing done, when it would answer otherwise than the preview did; and what the change raises.
    """
    with change_transaction(ctx, undoable=undoable):
        with join_transactions():
            result = change()
        if result != expected:
            raise Stale(OUTCOME_CHANGED)
    return result


@contextmanager
def join_transactions() -> Iterator[None]:
    _local.joining = True
    try:
        yield
    finally:
        _local.joining = False


OUTCOME_CHANGED = (
    "Somebody else made a change a moment ago, so the outcome would be another. Nothing was done. Look again."
)
