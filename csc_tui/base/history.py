"""Writing the history: every line names who acted and when, from the context."""

from collections.abc import Sequence
from dataclasses import replace

from csc_tui.base.context import Context
from db import history
from db.records.history import HistoryLine


def sweep_actor(starter: str) -> str:
    """Return the actor of changes that nobody decided because only time passed; it names who set them going."""
    return f"sweep ({starter})"


def write_history(
    ctx: Context, verb: str, subject: str, *, event_id: int | None = None, person_id: int | None = None,
    before: str = "", after: str = "", reason: str = "",
) -> None:  # fmt: skip
    """Write one line about what the actor did, inside the transaction that does it.

    `subject` says what it is about in words; the ids let the line be found again.
    """
    history.insert_history_line(
        ctx.stamp(), ctx.actor, verb, subject, event_id=event_id, person_id=person_id, before=before, after=after,
        reason=reason, entered=ctx.entered(),
    )  # fmt: skip


def write_history_lines(
    ctx: Context, verb: str, changed: Sequence[tuple[str, int, str, str]], *, event_id: int | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Write one line for each of many people: (subject, person id, before, after)."""
    history.insert_history_lines(
        ctx.stamp(), ctx.actor, verb, changed, event_id=event_id, reason=reason, entered=ctx.entered()
    )


def localise_history_line(ctx: Context, line: HistoryLine) -> HistoryLine:
    """Return the line with its times on the council's clock."""
    return replace(line, at=ctx.local(line.at), entered=ctx.local(line.entered) if line.entered else None)
