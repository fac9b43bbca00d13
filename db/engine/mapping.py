"""Converts rows into records and tuples."""

from typing import Any, TypeVar

BATCH_SIZE = 500
"""The number of ids or rows that one statement is given."""

Record = TypeVar("Record")


def as_records(kind: type[Record], query: Any) -> list[Record]:
    """Build one `kind` for each row; the query selects the record's fields by name."""
    return list(query.objects(kind))


def as_tuples(query: Any) -> list[Any]:
    """Return the rows as plain tuples, in the order of the selected columns."""
    return list(query.tuples())
