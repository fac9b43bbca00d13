"""The coming sessions, which the window shows first; this module imports nothing slow."""

from datetime import date, timedelta

from csc_tui.base.context import Context
from db import lookups
from db.engine import binding
from db.records.startup import SessionLine


def list_coming_sessions(
    ctx: Context,
    *,
    days: int | None = None,
    start: date | None = None,
    strand: str = "",
    course: str = "",
    venue: str = "",
) -> list[SessionLine]:
    """Return the sessions from `start` (by default today) for `days` days (31), without cancelled events."""
    first = start or ctx.today()
    last = first + timedelta(days=31 if days is None else days)
    with binding.open_connection() as connection:
        rows = lookups.find_sessions(
            connection, first.isoformat(), last.isoformat(), strand=strand, course=course, venue=venue
        )
    return [SessionLine(*row) for row in rows]
