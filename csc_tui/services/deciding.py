"""The transaction of every change: kept as one step that can be taken back, or run to its end as a preview."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from csc_tui.context import Context
from csc_tui.domain.inviting import Due
from csc_tui.services import inviting
from db import journal
from db.connection import database, writing
from db.errors import Stale

Result = TypeVar("Result")
_local = threading.local()


@contextmanager
def deciding(ctx: Context, dry_run: bool = False) -> Iterator[None]:
    """A write transaction; with `dry_run` it runs to its end and is taken back. Inside preview() it joins that one."""
    if getattr(_local, "previewing", False):
        yield
        return
    with writing():
        with journal.step(ctx.stamp(), ctx.actor):
            yield
        if dry_run:
            database.rollback()


@dataclass(frozen=True, slots=True)
class Preview(Generic[Result]):
    """What a change would answer, and the invitations that would be due because of it."""

    result: Result
    invitations: list[Due]


def preview(ctx: Context, change: Callable[[], Result], events: Sequence[str]) -> Preview[Result]:
    """Run the change itself and take it back, so that a preview can never differ from what it previews.

    `events` are the references whose invitations may change. Raises what the change raises.
    """
    with writing():
        already = {
            (each.person_id, each.session_id, each.method)
            for reference in events
            for each in inviting.due(ctx, reference)
        }
        _local.previewing = True
        try:
            result = change()
        finally:
            _local.previewing = False
        due = [each for reference in events for each in inviting.due(ctx, reference)]
        database.rollback()
    return Preview(result, [each for each in due if (each.person_id, each.session_id, each.method) not in already])


def check_as_previewed(found: Sequence[object], expected: Sequence[object] | None) -> None:
    """Raise Stale when what would happen is no longer what the coordinator was shown."""
    if expected is not None and list(found) != list(expected):
        raise Stale(
            "Somebody else made a change a moment ago, so the outcome would be another. Nothing was done. Look again."
        )
