"""The append-only record of who did what."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, chunked

from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.models import Event, History
from db.records.history import HistoryEntry, HistoryLine


def add(
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
    journal.say(f"{verb} {subject}")
    History.insert(
        at=at, actor=actor, verb=verb, subject=subject, event=event_id, person=person_id,
        before=before, after=after, reason=reason,
    ).execute()  # fmt: skip


def add_many(
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
        History.at, History.actor, History.verb, History.subject, History.event, History.person, History.before,
        History.after, History.reason,
    ]  # fmt: skip
    for batch in chunked(rows, 500):
        History.insert_many(batch, fields=fields).execute()


def lines(
    *,
    event_id: int | None = None,
    person_id: int | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[HistoryLine]:
    """Newest first; by id, for clocks go backwards. `since` is UTC."""
    query = History.select(
        History.id, History.at, History.actor, History.verb, History.subject,
        History.before, History.after, History.reason,
    ).order_by(History.id.desc())  # fmt: skip
    if event_id is not None:
        query = query.where(History.event == event_id)
    if person_id is not None:
        query = query.where(History.person == person_id)
    if actor is not None:
        query = query.where(History.actor == actor)
    if since is not None:
        query = query.where(History.at >= since)
    if limit is not None:
        query = query.limit(limit)
    return as_records(HistoryLine, query)


def entries(
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
        History.select(
            History.id, History.at, History.actor, History.verb, History.subject, History.before, History.after,
            History.reason, Event.reference, History.person,
        )
        .join(Event, JOIN.LEFT_OUTER)
        .order_by(History.id.desc())
        .limit(limit)
    )  # fmt: skip
    for word in words:
        told = (History.verb, History.subject, History.before, History.after, History.reason)
        query = query.where(reduce(or_, (_has(column, word) for column in told)))
    if actor:
        query = query.where(_has(History.actor, actor))
    if event_id is not None:
        query = query.where(History.event == event_id)
    if person_id is not None:
        query = query.where(History.person == person_id)
    if verb:
        query = query.where(_has(History.verb, verb))
    if since is not None:
        query = query.where(History.at >= since)
    return [
        HistoryEntry(HistoryLine(*line), event or "", f"#{person}" if person else "")
        for *line, event, person in as_tuples(query)
    ]


def _has(column: Any, text: str) -> Any:
    """Whether the text is a part of the column, whatever the case; what is typed is never a pattern.

    SQLite knows the case of plain letters alone: others are found as they are written, or where they are small.
    """
    return column.contains(text) | column.contains(text.lower())


def actors() -> list[str]:
    """Everybody who ever did something."""
    return [actor for (actor,) in as_tuples(History.select(History.actor).distinct().order_by(History.actor))]


OVERBOOKING = ("booked beyond capacity", "capacity changed")
"""What somebody gives a reason for when an event gets more people than it has places."""


def has_override(event_id: int) -> bool:
    """Whether somebody gave a reason for more people on an event than it has places."""
    given = (History.event == event_id) & History.verb.in_(OVERBOOKING) & (History.reason != "")
    return bool(History.select().where(given).exists())
