"""Commitments of the members of groups."""

from datetime import date
from typing import Any

from db import expressions
from db.engine import journal
from db.engine.mapping import as_records
from db.errors import NotFound, Stale
from db.models import CommitmentRow, GroupRow, PersonRow
from db.records.groups import Commitment, CommitmentState
from db.records.remedies import Remedy, RemedyKind


def insert_commitment(group_id: int, person_id: int, what: str, made: date, due: date) -> int:
    """Insert an open commitment and return its number."""
    number = int(CommitmentRow.insert(group=group_id, person=person_id, what=what, made=made, due=due).execute())
    journal.track_row(CommitmentRow, number, new=True)
    return number


def fetch_commitment(number: int) -> Commitment:
    """Return the commitment with a number. Raises NotFound."""
    found = as_records(Commitment, _select().where(CommitmentRow.id == number))
    if not found:
        raise NotFound(f"There is no commitment {number}.", Remedy(RemedyKind.LIST_COMMITMENTS))
    return found[0]


def fetch_commitments(
    *,
    group_id: int | None = None,
    person_id: int | None = None,
    open_only: bool = False,
    due_before: date | None = None,
    limit: int | None = None,
) -> list[Commitment]:
    """Return commitments: open ones first, by the day they are due, then settled ones, latest first."""
    row = CommitmentRow
    query = _select()
    if group_id is not None:
        query = query.where(row.group == group_id)
    if person_id is not None:
        query = query.where(row.person == person_id)
    if open_only or due_before is not None:
        query = query.where(row.state == CommitmentState.OPEN)
    if due_before is not None:
        query = query.where(row.due < due_before)
    ordered = query.order_by(row.state != CommitmentState.OPEN, row.settled.desc(), row.due, row.id)
    return as_records(Commitment, ordered.limit(limit))


def update_commitment(commitment: Commitment, **fields: Any) -> None:
    """Store new values of a commitment's columns. Raises Stale where it was changed since it was read."""
    journal.track_row(CommitmentRow, commitment.id)
    row = CommitmentRow
    here = (row.id == commitment.id) & (row.version == commitment.version)
    if not row.update({**fields, "version": commitment.version + 1}).where(here).execute():
        raise Stale(
            f"Someone else changed commitment {commitment.id} a moment ago. Nothing was changed. Check it and "
            "try again."
        )


def _select() -> Any:
    row = CommitmentRow
    return (
        row.select(
            row.id,
            row.group.alias("group_id"),
            GroupRow.name.alias("group"),
            row.person.alias("person_id"),
            expressions.person_name().alias("name"),
            row.what,
            row.made,
            row.due,
            row.state,
            row.settled,
            row.remark,
            row.version,
        )
        .join_from(row, GroupRow)
        .join_from(row, PersonRow)
    )
