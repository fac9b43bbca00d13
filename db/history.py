"""The append-only record of who did what."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, chunked

from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import EventRow, HistoryRow
from db.records.history import HistoryEntry, HistoryLine


def insert_history_line(
    at: datetime,
    actor: str,
    verb: str,
    subject: str,
    *,
    event_id: int | None = None,
    person_id: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> None:
    """Write one line; `subject` says what it is about in words, the ids let it be found again."""
    journal.describe_step(f"{verb} {subject}")
    HistoryRow.insert(
        at=at, actor=actor, verb=verb, subject=subject, event=event_id, person=person_id,
        before=before, after=after, reason=reason,
    ).execute()  # fmt: skip


def insert_history_lines(
    at: datetime,
    actor: str,
    verb: str,
    changed: Sequence[tuple[str, int, str, str]],
    *,
    event_id: int | None = None,
    reason: str = "",
) -> None:
    """One line for each of many people: (subject, person id, before, after)."""
    rows = [
        (at, actor, verb, subject, event_id, person_id, before, after, reason)
        for subject, person_id, before, after in changed
    ]
    fields = [
        HistoryRow.at,
        HistoryRow.actor,
        HistoryRow.verb,
        HistoryRow.subject,
        HistoryRow.event,
        HistoryRow.person,
        HistoryRow.before,
        HistoryRow.after,
        HistoryRow.reason,
    ]
    for batch in chunked(rows, 500):
        HistoryRow.insert_many(batch, fields=fields).execute()


def fetch_history_lines(
    *,
    event_id: int | None = None,
    person_id: int | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[HistoryLine]:
    """Newest first; by id, for clocks go backwards. `since` is UTC."""
    query = HistoryRow.select(
        HistoryRow.id, HistoryRow.at, HistoryRow.actor, HistoryRow.verb, HistoryRow.subject,
        HistoryRow.before, HistoryRow.after, HistoryRow.reason,
    ).order_by(HistoryRow.id.desc())  # fmt: skip
    if event_id is not None:
        query = query.where(HistoryRow.event == event_id)
    if person_id is not None:
        query = query.where(HistoryRow.person == person_id)
    if actor is not None:
        query = query.where(HistoryRow.actor == actor)
    if since is not None:
        query = query.where(HistoryRow.at >= since)
    if limit is not None:
        query = query.limit(limit)
    return as_records(HistoryLine, query)


def fetch_history_entries(
    *,
    words: Sequence[str] = (),
    actor: str = "",
    event_id: int | None = None,
    person_id: int | None = None,
    verb: str = "",
    since: datetime | None = None,
    limit: int,
) -> list[HistoryEntry]:
    """The newest lines with what they are about; each word is in the verb, subject, before, after or reason.

    `since` is UTC. The ids grow with time, so the newest are read from the end and no more than are wanted.
    """
    query = (
        HistoryRow.select(
            HistoryRow.id,
            HistoryRow.at,
            HistoryRow.actor,
            HistoryRow.verb,
            HistoryRow.subject,
            HistoryRow.before,
            HistoryRow.after,
            HistoryRow.reason,
            EventRow.reference,
            HistoryRow.person,
        )
        .join(EventRow, JOIN.LEFT_OUTER)
        .order_by(HistoryRow.id.desc())
        .limit(limit)
    )
    for word in words:
        told = (HistoryRow.verb, HistoryRow.subject, HistoryRow.before, HistoryRow.after, HistoryRow.reason)
        query = query.where(reduce(or_, (_has(column, word) for column in told)))
    if actor:
        query = query.where(_has(HistoryRow.actor, actor))
    if event_id is not None:
        query = query.where(HistoryRow.event == event_id)
    if person_id is not None:
        query = query.where(HistoryRow.person == person_id)
    if verb:
        query = query.where(_has(HistoryRow.verb, verb))
    if since is not None:
        query = query.where(HistoryRow.at >= since)
    return [
        HistoryEntry(HistoryLine(*line), event or "", f"#{person}" if person else "")
        for *line, event, person in as_tuples(query)
    ]


def _has(column: Any, text: str) -> Any:
    """Whether the text is a part of the column, whatever the case; what is typed is never a pattern.

    SQLite knows the case of plain letters alone: others are found as they are written, or where they are small.
    """
    return column.contains(text) | column.contains(text.lower())


def fetch_actors() -> list[str]:
    """Everybody who ever did something."""
    return [actor for (actor,) in as_tuples(HistoryRow.select(HistoryRow.actor).distinct().order_by(HistoryRow.actor))]


OVERBOOKING_VERBS = ("booked beyond capacity", "capacity changed")
"""What somebody gives a reason for when an event gets more people than it has places."""


def has_override(event_id: int) -> bool:
    """Whether somebody gave a reason for more people on an event than it has places."""
    given = (HistoryRow.event == event_id) & HistoryRow.verb.in_(OVERBOOKING_VERBS) & (HistoryRow.reason != "")
    return bool(HistoryRow.select().where(given).exists())
