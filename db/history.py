"""The history: the append-only record of who did what."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, Case, chunked, fn

from db.engine import journal
from db.engine.mapping import as_tuples
from db.models import EventRow, HistoryRow, PersonRow
from db.records.history import HistoryEntry, HistoryLine, HistoryScope
from db.records.list_order import ListOrder


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
    entered: datetime | None = None,
) -> None:
    """Write one line; `subject` says what it is about in words, the ids let it be found again."""
    journal.describe_step(f"{verb} {subject}")
    HistoryRow.insert(
        at=at, actor=actor, verb=verb, subject=subject, event=event_id, person=person_id,
        before=before, after=after, reason=reason, entered=entered,
    ).execute()  # fmt: skip


def insert_history_lines(
    at: datetime,
    actor: str,
    verb: str,
    changed: Sequence[tuple[str, int, str, str]],
    *,
    event_id: int | None = None,
    reason: str = "",
    entered: datetime | None = None,
) -> None:
    """Write one line for each of many people: (subject, person id, before, after)."""
    rows = [
        (at, actor, verb, subject, event_id, person_id, before, after, reason, entered)
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
        HistoryRow.entered,
    ]
    for batch in chunked(rows, 500):
        HistoryRow.insert_many(batch, fields=fields).execute()


def fetch_history_lines(
    *, event_id: int | None = None, person_id: int | None = None, limit: int | None = None
) -> list[HistoryLine]:
    """Return the lines of the history about an event and a person, newest first."""
    return [each.line for each in fetch_history_entries(HistoryScope(event_id=event_id, person_id=person_id), limit)]


def fetch_history_entries(scope: HistoryScope, limit: int | None = None) -> list[HistoryEntry]:
    """Return the first lines of the history that are in scope, with the event and person they are about.

    The newest come first, ordered by id, because clocks can go back, unless the scope has an order; lines without a
    value come last in it. No more lines are read than the limit.
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
            HistoryRow.entered,
            EventRow.reference,
            HistoryRow.person,
        )
        .join(EventRow, JOIN.LEFT_OUTER)
        .order_by(*_order(scope.order), HistoryRow.id.desc())
    )
    for word in scope.words:
        columns = (HistoryRow.verb, HistoryRow.subject, HistoryRow.before, HistoryRow.after, HistoryRow.reason)
        query = query.where(reduce(or_, (_has(column, word) for column in columns)))
    if scope.actor:
        query = query.where(_is_actor(scope.actor))
    if scope.event_id is not None:
        query = query.where(HistoryRow.event == scope.event_id)
    if scope.person_id is not None:
        merged = PersonRow.select(PersonRow.id).where(PersonRow.merged_into == scope.person_id)
        query = query.where((HistoryRow.person == scope.person_id) | HistoryRow.person.in_(merged))
    if scope.verb:
        query = query.where(_has(HistoryRow.verb, scope.verb))
    if scope.since is not None:
        query = query.where(HistoryRow.at >= scope.since)
    if limit is not None:
        query = query.limit(limit)
    return [
        HistoryEntry(HistoryLine(*line), event or "", f"#{person}" if person else "")
        for *line, event, person in as_tuples(query)
    ]


def _order(order: ListOrder | None) -> list[Any]:
    """Return the terms of ORDER BY that come before the id."""
    if order is None:
        return []
    if order.by == "time":
        return [HistoryRow.id.desc() if order.descending else HistoryRow.id]
    reference = fn.COALESCE(EventRow.reference, "")
    terms = {
        "actor": (fn.LOWER(HistoryRow.actor),),
        "what": (HistoryRow.verb, fn.LOWER(HistoryRow.subject)),
        "event": (reference,),
        "change": (HistoryRow.before, HistoryRow.after),
    }[order.by]
    empty = Case(None, [(reference == "", 1)], 0) if order.by == "event" else None
    return [*([] if empty is None else [empty]), *(each.desc() if order.descending else each for each in terms)]


def _is_actor(name: str) -> Any:
    """Return the condition that the actor has the name, or where nobody has it, a name that contains it.

    So `al` finds Al alone although there is Alice, and `hel` finds Helen.
    """
    exact = HistoryRow.actor == name
    return exact if HistoryRow.select().where(exact).exists() else _has(HistoryRow.actor, name)


def _has(column: Any, text: str) -> Any:
    """Return the condition that a column contains the text, in any case; typed text is never a pattern.

    SQLite ignores the case of unaccented letters alone: others are found as typed, or in lower case.
    """
    return column.contains(text) | column.contains(text.lower())


def fetch_actors() -> list[str]:
    """Return the names of all actors who ever did anything."""
    return [actor for (actor,) in as_tuples(HistoryRow.select(HistoryRow.actor).distinct().order_by(HistoryRow.actor))]


OVERBOOKING_VERBS = ("booked beyond capacity", "capacity changed")
"""The verbs of changes that need a reason because an event gets more people than places."""


def has_override(event_id: int) -> bool:
    """Return whether somebody gave a reason for more people on an event than it has places."""
    given = (HistoryRow.event == event_id) & HistoryRow.verb.in_(OVERBOOKING_VERBS) & (HistoryRow.reason != "")
    return bool(HistoryRow.select().where(given).exists())
