"""People in another order than by surname, for a list that shows only the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import lookups
from db.engine import search as engine_search
from db.records import status_numbers

if TYPE_CHECKING:
    from db.lookups import Row

_NEXT = f"""
LEFT JOIN (SELECT e.person_id AS person_id, min(s.date) AS value FROM session s JOIN enrolment e
ON e.event_id = s.event_id WHERE e.status = {status_numbers.BOOKED} AND s.date >= ? GROUP BY e.person_id) AS found
ON found.person_id = p.id
"""
_BOOKED = f"""
LEFT JOIN (SELECT e.person_id AS person_id, count(*) AS value FROM enrolment e JOIN event v ON v.id = e.event_id
WHERE e.status = {status_numbers.BOOKED} AND (v.last_date IS NULL OR v.last_date >= ?) GROUP BY e.person_id) AS found
ON found.person_id = p.id
"""
PERSON_ORDERS = {
    "name": ("p.sort", "p.sort = ''", ""),
    "workplace": ("lower(coalesce(t.name, o.name, ''))", "coalesce(t.name, o.name, '') = ''", ""),
    "email": ("lower(p.email)", "p.email = ''", ""),
    "next": ("found.value", "found.value IS NULL", _NEXT),
    "bookings": ("found.value", "found.value IS NULL", _BOOKED),
}
"""Name of an order -> the expression, the condition that there is no value, and the join that finds it."""


def find_people_in_order(
    connection: Any, text: str, today: str, limit: int | None, *, by: str, descending: bool
) -> list[Row]:
    """Return the first of the people whom find_people_by_words() finds without a limit, in another order.

    `by` is a key of PERSON_ORDERS. People without a value come last in both directions.
    """
    typed = engine_search.split_fragments(text)
    if text.strip() and not typed:
        return []
    value, missing, join = PERSON_ORDERS[by]
    where, parameters = ["1 = 1"], [today] if join else []
    if typed:
        longest = max(typed, key=len)
        where.append("p.id IN (SELECT person_id FROM person_word WHERE word >= ? AND word < ?)")
        parameters += [longest, engine_search.end_of_prefix(longest)]
        where += ["p.search LIKE ?"] * len(typed)
        parameters += [f"% {piece}%" for piece in typed]
    sql = (
        "SELECT p.id FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id"
        f" LEFT JOIN team t ON t.id = p.team_id{join} WHERE {' AND '.join(where)}"
        f" ORDER BY CASE WHEN {missing} THEN 1 ELSE 0 END, {value}{' DESC' if descending else ''}, p.sort, p.id"
    )
    if limit is not None:
        sql += f" LIMIT {limit:d}"
    ids = [row[0] for row in lookups.ask_driver(connection, sql, tuple(parameters))]
    return lookups.fetch_people_rows(connection, ids, today)
