"""The transaction of every change: kept as one step that can be taken back, or run to its end as a preview."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from csc_tui.base.context import Context
from db.engine import journal
from db.engine.connection import database, writing
from db.errors import Stale

Result = TypeVar("Result")
_local = threading.local()


@contextmanager
def deciding(ctx: Context, dry_run: bool = False, *, undoable: bool = True) -> Iterator[None]:
    """A write transaction; with `dry_run` it runs to its end and is taken back. Inside preview() and as_previewed()
    it joins theirs."""
    if getattr(_local, "joining", False):
        yield
        return
    with writing():
        with journal.step(ctx.stamp(), ctx.actor) if undoable else nullcontext():
            yield
        if dry_run:
            database.rollback()


@contextmanager
def as_one(ctx: Context, dry_run: bool = False) -> Iterator[None]:
    """A transaction and a step of several changes that each stand in deciding(): all of them or none."""
    with deciding(ctx, dry_run):
        if getattr(_local, "joining", False):
            yield
        else:
            with joining():
                yield


def as_previewed(ctx: Context, change: Callable[[], Result], expected: Result, *, undoable: bool = True) -> Result:
    """Run the change for good, as one step in one transaction.

    Raises Stale, with nothing done, when it would answer otherwise than the preview did; and what the change raises.
    """
    with deciding(ctx, undoable=undoable):
        with joining():
            result = change()
        if result != expected:
            raise Stale(OUTCOME_CHANGED)
    return result


@contextmanager
def joining() -> Iterator[None]:
    _local.joining = True
    try:
        yield
    finally:
        _local.joining = False


OUTCOME_CHANGED = (
    "Somebody else made a change a moment ago, so the outcome would be another. Nothing was done. Look again."
)
