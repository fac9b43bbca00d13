"""The SQL of look-ups, for the command line and the window; runs on the driver's own connection.

Rows are tuples of words, numbers and ISO text in the order of the `..._COLUMNS`. Imports nothing heavy.
"""

from __future__ import annotations

from db import fragments
from db.engine import search as engine_search
from db.errors import NoSuchEvent, UnknownName
from db.records import status_numbers

# Importing `typing` and `collections.abc` would cost a look-up more than its query, so only the type checker sees them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Row = tuple[Any, ...]

FOUND_COLUMNS = (
    "person", "name", "email", "organisation", "team", "kind", "booked", "waiting", "completed", "next_event",
    "next_date", "left",
)  # fmt: skip
SESSION_COLUMNS = (
    "event", "course", "title", "session", "module", "date", "start", "end", "venue", "room", "booked", "capacity",
    "waiting", "state", "offered", "joining",
)  # fmt: skip
EVENT_COLUMNS = (
    "event", "course", "title", "first_date", "capacity", "booked", "offered", "free", "waiting", "state",
    "joining",
)  # fmt: skip
ROSTER_COLUMNS = ("person", "name", "email", "organisation", "status", "since", "reply")
FORMER_COLUMNS = ("person", "name", "email", "phone", "organisation", "was", "status", "since", "reason")
WAITING_COLUMNS = ("place", "person", "name", "since", "offered_until")
MAKE_UP_COLUMNS = ("session", "person", "name", "module")

COUNT_LIMIT = 5000
"""Counting stops here: beyond it a list says `5000+`."""
_FEW = 20_000
"""Up to here matches are counted, to find out which fragment is the rarest."""


def find_people_by_words(connection: Any, text: str, today: str, limit: int | None = None) -> list[Row]:
    """Return the people for whom every fragment begins some word, by surname.

    Where a limit cuts the list, people with an exact word come first.
    """
    typed = engine_search.split_fragments(text)
    if not typed:
        return [] if text.strip() else fetch_people_rows(connection, _everybody(connection, limit), today)
    chosen: dict[int, str] = {}
    for person_id, sort in _hits(connection, typed):
        chosen.setdefault(person_id, sort)
        if limit is not None and len(chosen) >= limit:
            return fetch_people_rows(connection, list(chosen), today)
    return fetch_people_rows(connection, sorted(chosen, key=lambda person_id: (chosen[person_id], person_id)), today)


def count_people(connection: Any, text: str) -> int:
    """Count the people find_people_by_words() finds without a limit; counting stops at COUNT_LIMIT."""
    typed = engine_search.split_fragments(text)
    if not typed:
        return (
            0 if text.strip() else int(_one(connection, "SELECT count(*) FROM person WHERE merged_into IS NULL", ())[0])
        )
    found: set[int] = set()
    for person_id, _ in _hits(connection, typed):
        found.add(person_id)
        if len(found) >= COUNT_LIMIT:
            break
    return len(found)


def find_person_ids(connection: Any, text: str) -> list[tuple[int, str]]:
    """Return (person id, sort key) of everybody for whom every fragment begins some word, by surname."""
    typed = engine_search.split_fragments(text)
    return sorted(set(_hits(connection, typed)), key=lambda hit: (hit[1], hit[0])) if typed else []


def _hits(connection: Any, typed: Sequence[str]) -> Iterable[tuple[int, str]]:
    """Yield (person id, sort key) from the word index, searched for the rarest fragment; people may come twice.

    `practice lead` also finds the people who are one.
    """
    if "practice" in typed and (leading := [piece for piece in typed if piece.startswith("lead")]):
        others = [piece for piece in typed if piece not in ("practice", *leading)]
        yield from ask_driver(
            connection,
            f"SELECT p.id, p.sort FROM person p WHERE p.is_practice_lead{' AND p.search LIKE ?' * len(others)}"
            " ORDER BY p.sort, p.id",
            tuple(f"% {piece}%" for piece in others),
        )
    yield from _hits_by_words(connection, typed)


def _hits_by_words(connection: Any, typed: Sequence[str]) -> Iterable[tuple[int, str]]:
    rarest = typed[0] if len(typed) == 1 else min(typed, key=lambda piece: _frequency(connection, piece))
    others = [piece for piece in typed if piece != rarest]
    if not others:
        return ask_driver(
            connection,
            "SELECT person_id, sort FROM person_word WHERE word >= ? AND word < ? ORDER BY word, sort, person_id",
            (rarest, engine_search.end_of_prefix(rarest)),
        )  # fmt: skip
    also = " AND p.search LIKE ?" * len(others)
    return ask_driver(
        connection,
        "SELECT w.person_id, w.sort FROM person_word w JOIN person p ON p.id = w.person_id"
        f" WHERE w.word >= ? AND w.word < ?{also} ORDER BY w.word, w.sort, w.person_id",
        (rarest, engine_search.end_of_prefix(rarest), *(f"% {piece}%" for piece in others)),
    )


def _frequency(connection: Any, piece: str) -> int:
    sql = "SELECT count(*) FROM (SELECT 1 FROM person_word WHERE word >= ? AND word < ? LIMIT ?) AS few"
    return int(_one(connection, sql, (piece, engine_search.end_of_prefix(piece), _FEW))[0])


def _everybody(connection: Any, limit: int | None) -> list[int]:
    sql = "SELECT id FROM person WHERE merged_into IS NULL ORDER BY sort, id"
    if limit is not None:
        sql += f" LIMIT {limit:d}"
    return [row[0] for row in ask_driver(connection, sql, ())]


def fetch_people_rows(connection: Any, ids: Sequence[int], today: str) -> list[Row]:
    """Return the rows of FOUND_COLUMNS for people by their ids, in that order."""
    if not ids:
        return []
    listed = ",".join(map(str, ids))
    rows = ask_driver(
        connection,
        f"""
        SELECT p.id, {fragments.PERSON_NAME}, p.email, coalesce(o.name, ''), coalesce(t.name, ''), p.kind,
               (SELECT count(*) FROM enrolment e JOIN event v ON v.id = e.event_id
                WHERE e.person_id = p.id AND e.status = {status_numbers.BOOKED}
                  AND (v.last_date IS NULL OR v.last_date >= ?)),
               (SELECT count(*) FROM enrolment e JOIN event v ON v.id = e.event_id
                WHERE e.person_id = p.id AND e.status = {status_numbers.WAITLISTED}
                  AND (v.last_date IS NULL OR v.last_date >= ?)),
               (SELECT count(*) FROM completion c WHERE c.person_id = p.id),
               CASE WHEN p.active THEN '' ELSE 'yes' END
        FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id LEFT JOIN team t ON t.id = p.team_id
        WHERE p.id IN ({listed})
        """,
        (today, today),
    )
    coming = {
        person_id: (reference, date)
        for person_id, reference, date in ask_driver(
            connection,
            f"""
            SELECT e.person_id, v.reference, s.date
            FROM enrolment e JOIN event v ON v.id = e.event_id JOIN session s ON s.event_id = v.id
            WHERE e.person_id IN ({listed}) AND e.status = {status_numbers.BOOKED} AND s.date >= ?
            ORDER BY s.date DESC, s.start DESC, s.id DESC
            """,
            (today,),
        )
    }
    found = {}
    for person_id, *facts, left in rows:
        reference, date = coming.get(person_id, ("", ""))
        found[person_id] = (f"#{person_id}", *facts, reference, str(date), left)
    return [found[person_id] for person_id in ids]


_SESSIONS = """
SELECT v.reference, c.code, v.title, s.number, coalesce(nullif(s.title, ''), m.title, ''), s.date, s.start, s."end",
       coalesce(l.name, ''), coalesce(r.name, ''), v.booked, v.capacity, v.waiting, v.state, v.offered,
       v.joining
FROM session s JOIN event v ON v.id = s.event_id JOIN course c ON c.id = v.course_id JOIN strand g ON g.id = c.strand_id
LEFT JOIN module m ON m.id = s.module_id LEFT JOIN venue l ON l.id = s.venue_id LEFT JOIN room r ON r.id = s.room_id
"""


def find_sessions(
    connection: Any,
    first: str,
    last: str,
    *,
    strand: str = "",
    course: str = "",
    venue: str = "",
    cancelled: bool = False,
    undated: bool = False,
) -> list[Row]:
    """Return the sessions within the dates (ISO, inclusive) in order, or with `undated` those to be confirmed.

    Raises NotFound for a strand, course or venue that does not exist.
    """
    where = ["s.date IS NULL" if undated else "s.date >= ? AND s.date <= ?"]
    if not cancelled:
        where.append("v.state <> 'cancelled'")
    for kind, text in (("strand", strand), ("course", course), ("venue", venue)):
        if text:
            where.append(_fitting(connection, kind, text))
    sql = f"{_SESSIONS} WHERE {' AND '.join(where)} ORDER BY s.date, s.start, v.reference, s.number"
    return [_session(row) for row in ask_driver(connection, sql, () if undated else (first, last))]


_KINDS = {
    "strand": ("g.id", "SELECT id, code, name FROM strand ORDER BY position"),
    "course": ("c.id", "SELECT id, code, title FROM course ORDER BY position"),
    "venue": ("l.id", "SELECT id, name FROM venue ORDER BY name"),
}


def _fitting(connection: Any, kind: str, text: str) -> str:
    """Return the condition for rows with this code or name, else for those where every fragment begins some word."""
    column, sql = _KINDS[kind]
    known = list(ask_driver(connection, sql, ()))
    typed = engine_search.split_fragments(text)
    fits = [
        row[0]
        for row in known
        if any(engine_search.fold_text(name) == engine_search.fold_text(text.strip()) for name in row[1:])
    ]
    fits = fits or [row[0] for row in known if typed and engine_search.matches_fragments(typed, row[1:])]
    if not fits:
        listed = "; ".join(row[1] for row in known[:12]) or "none yet"
        raise UnknownName(
            f"There is no {kind} '{text}'.", text, [name for row in known for name in row[1:]],
            otherwise=f"Those there are: {listed}{'; ...' if len(known) > 12 else ''}.",
        )  # fmt: skip
    return f"{column} IN ({','.join(map(str, fits))})"


def find_events(
    connection: Any,
    text: str = "",
    *,
    first: str = "",
    last: str = "",
    bookable: tuple[str, str] | None = None,
    free: bool = False,
) -> list[Row]:
    """Return the events for which every fragment begins some word, by first date; those without a date last.

    `bookable` (date, time) leaves out events that cannot be booked then, `free` those without a free place.
    """
    where, parameters = ["1 = 1"], []
    if first:
        where.append("(v.first_date IS NULL OR v.first_date >= ?)")
        parameters.append(first)
    if last:
        where.append("(v.first_date IS NULL OR v.first_date <= ?)")
        parameters.append(last)
    if bookable:
        today, time = bookable
        where.append(fragments.BOOKABLE)
        where.append(
            "(v.first_date IS NULL OR v.first_date > ? OR v.first_date = ?"
            " AND (SELECT min(s.start) FROM session s WHERE s.event_id = v.id AND s.date = ?) > ?)"
        )
        parameters += [today, today, today, f"{time}:00"]
    if free:
        where.append(f"{fragments.SEATS_TAKEN} < v.capacity")
    typed = engine_search.split_fragments(text)
    if text.strip() and not typed:
        return []
    where += ["v.search LIKE ?"] * len(typed)
    parameters += [f"% {piece}%" for piece in typed]
    return [
        (*row[:3], str(row[3] or ""), *row[4:])
        for row in ask_driver(
            connection,
            "SELECT v.reference, c.code, v.title, v.first_date, v.capacity, v.booked, v.offered,"
            f" {fragments.SEATS_FREE}, v.waiting, v.state, v.joining"
            f" FROM event v JOIN course c ON c.id = v.course_id WHERE {' AND '.join(where)}"
            " ORDER BY v.first_date IS NULL, v.first_date, v.reference",
            tuple(parameters),
        )
    ]


def fetch_event_details(connection: Any, reference: str) -> dict[str, Any]:
    """Return one event with `sessions`, `roster`, `waiting`, `make_ups` and `former`; a cancelled one has nothing free.

    Raises NoSuchEvent.
    """
    event_id = _event_id(connection, reference)
    facts = _one(
        connection,
        "SELECT v.reference, c.code, v.title, g.name, v.state, v.capacity, v.booked, v.offered, v.joining,"
        f" v.minimum, v.decide_by, v.first_date, v.last_date, v.notes, {fragments.SEATS_FREE} FROM event v"
        " JOIN course c ON c.id = v.course_id"
        " JOIN strand g ON g.id = c.strand_id WHERE v.id = ?",
        (event_id,),
    )
    named = dict(
        zip(
            ("event", "course", "title", "strand", "state", "capacity", "booked", "offered", "joining", "minimum",
             "decide_by", "first_date", "last_date", "notes", "free"),
            (value if isinstance(value, int) else str(value or "") for value in facts),
            strict=True,
        )
    )  # fmt: skip
    trainers = ask_driver(
        connection,
        f"SELECT DISTINCT {fragments.PERSON_NAME}, p.sort FROM facilitation f"
        " JOIN session s ON s.id = f.session_id JOIN person p ON p.id = f.person_id WHERE s.event_id = ? ORDER BY 2",
        (event_id,),
    )
    shown = ("session", "module", "date", "start", "end", "venue", "room")
    return {
        **named,
        "free": 0 if named["state"] == "cancelled" else named["free"],
        "facilitators": ", ".join(name for name, _ in trainers),
        "sessions": [
            {key: value for key, value in zip(SESSION_COLUMNS, row, strict=True) if key in shown}
            for row in fetch_event_sessions(connection, reference)
        ],
        "roster": [dict(zip(ROSTER_COLUMNS, row, strict=True)) for row in fetch_roster(connection, reference)],
        "waiting": [dict(zip(WAITING_COLUMNS, row, strict=True)) for row in fetch_waiting_list(connection, reference)],
        "make_ups": [dict(zip(MAKE_UP_COLUMNS, row, strict=True)) for row in fetch_make_ups(connection, reference)],
        "former": [dict(zip(FORMER_COLUMNS, row, strict=True)) for row in fetch_former_people(connection, reference)],
    }


_MAKE_UPS = f"""
SELECT s.number, p.id, {fragments.PERSON_NAME}, coalesce(nullif(s.title, ''), m.title, '')
FROM make_up u JOIN session s ON s.id = u.session_id JOIN person p ON p.id = u.person_id
LEFT JOIN module m ON m.id = s.module_id
WHERE s.event_id = ? AND u.active ORDER BY s.number, p.sort, p.id
"""


def fetch_event_sessions(connection: Any, reference: str) -> list[Row]:
    """Return the sessions of one event, by number. Raises NoSuchEvent."""
    sql = _SESSIONS + " WHERE v.id = ? ORDER BY s.number"
    return [_session(row) for row in ask_driver(connection, sql, (_event_id(connection, reference),))]


def fetch_roster(connection: Any, reference: str) -> list[Row]:
    """Return everybody with a place, an offer, a request or an outcome, by surname, with their reply to the
    invitations.

    Raises NoSuchEvent.
    """
    event_id = _event_id(connection, reference)
    replies = _replies(connection, event_id)
    return [
        (
            f"#{person_id}", name, email, organisation, status_numbers.STATUS_WORDS[status], str(since)[:10],
            replies.get(person_id, ""),
        )
        for person_id, name, email, organisation, status, since in ask_driver(
            connection,
            f"SELECT p.id, {fragments.PERSON_NAME}, p.email, coalesce(o.name, ''), e.status, e.since"
            " FROM enrolment e JOIN person p ON p.id = e.person_id LEFT JOIN organisation o ON o.id = p.organisation_id"
            f" WHERE e.event_id = ? AND e.status >= {status_numbers.LOWEST_LIVE}"
            f" AND e.status <> {status_numbers.WAITLISTED}"
            " ORDER BY p.sort, p.id",
            (event_id,),
        )
    ]  # fmt: skip


def fetch_former_people(connection: Any, reference: str, *, called_off: bool = False) -> list[Row]:
    """Return the people who were on an event and are not any more, by surname, with what they were before and why.

    With `called_off` only those who were on it when it was cancelled. Raises NoSuchEvent.
    """
    which = f"= {status_numbers.EVENT_CANCELLED}" if called_off else f"< {status_numbers.LOWEST_LIVE}"
    return [
        (
            f"#{person_id}", name, email, phone, organisation, was or "", status_numbers.STATUS_WORDS[status],
            str(since)[:10], reason or "",
        )
        for person_id, name, email, phone, organisation, was, status, since, reason in ask_driver(
            connection,
            f"SELECT p.id, {fragments.PERSON_NAME}, p.email, p.phone, coalesce(o.name, ''),"
            " (SELECT h.before FROM history h WHERE h.event_id = e.event_id AND h.person_id = e.person_id"
            " AND h.before <> '' AND h.id = (SELECT max(l.id) FROM history l WHERE l.event_id = e.event_id"
            " AND l.person_id = e.person_id AND l.before <> '')), e.status, e.since, e.reason"
            " FROM enrolment e JOIN person p ON p.id = e.person_id LEFT JOIN organisation o ON o.id = p.organisation_id"
            f" WHERE e.event_id = ? AND e.status {which}"
            " AND NOT EXISTS (SELECT 1 FROM enrolment n WHERE n.event_id = e.event_id AND n.person_id = e.person_id"
            f" AND (n.id > e.id OR n.status >= {status_numbers.LOWEST_LIVE}))"
            " ORDER BY p.sort, p.id",
            (_event_id(connection, reference),),
        )
    ]  # fmt: skip


REPLIES = {"DECLINED": "declined", "TENTATIVE": "tentative", "NEEDS-ACTION": "no answer", "ACCEPTED": "accepted"}
"""A coordinator's word for each PARTSTAT (RFC 5545, section 3.2.12), the most urgent first."""


def _replies(connection: Any, event_id: int) -> dict[int, str]:
    """Return the reply to the current invitations by person id; of different replies, the one first in REPLIES."""
    order = list(REPLIES)
    found: dict[int, str] = {}
    for person_id, partstat in ask_driver(
        connection,
        "SELECT i.person_id, i.partstat FROM session s JOIN invitation i ON i.session_id = s.id"
        " WHERE s.event_id = ? AND i.method = 'REQUEST' AND i.role = 'learner'",
        (event_id,),
    ):
        if person_id not in found or order.index(partstat) < order.index(found[person_id]):
            found[person_id] = partstat
    return {person_id: REPLIES[partstat] for person_id, partstat in found.items()}


def fetch_waiting_list(connection: Any, reference: str) -> list[Row]:
    """Return the waiting list in order: people with an offer, until a local time, then those who wait.

    Raises NoSuchEvent.
    """
    return [
        (place, f"#{person_id}", name, str(since)[:10], _council_time(connection, str(until)) if until else "")
        for place, (person_id, name, since, until) in enumerate(
            ask_driver(
                connection,
                f"SELECT p.id, {fragments.PERSON_NAME}, e.since, e.offer_ends"
                " FROM enrolment e JOIN person p ON p.id = e.person_id"
                f" WHERE e.event_id = ? AND e.status IN ({status_numbers.WAITLISTED}, {status_numbers.OFFERED})"
                " ORDER BY e.status DESC, e.queue, e.id",
                (_event_id(connection, reference),),
            ),
            start=1,
        )
    ]


def _council_time(connection: Any, stamp: str) -> str:
    """Return a stored stamp on the council's clock, to the minute."""
    from datetime import UTC, datetime  # imported here because only an open offer needs them
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(fetch_time_zone(connection) or "Europe/London")
    return f"{datetime.fromisoformat(stamp).replace(tzinfo=UTC).astimezone(zone):%Y-%m-%d %H:%M}"


def fetch_make_ups(connection: Any, reference: str) -> list[Row]:
    """Return everybody who makes up a module in a session of an event, by session and surname. Raises NoSuchEvent."""
    return [
        (number, f"#{person_id}", name, module)
        for number, person_id, name, module in ask_driver(connection, _MAKE_UPS, (_event_id(connection, reference),))
    ]


def fetch_time_zone(connection: Any) -> str:
    """Return the council's time zone; empty where it is the program's default."""
    found = _one(connection, "SELECT value FROM policy WHERE key = 'time_zone'", ())
    return str(found[0]) if found else ""


def fetch_decided_policy(connection: Any) -> dict[str, str]:
    """Return the policy values the council has set."""
    return {str(key): str(value) for key, value in ask_driver(connection, "SELECT key, value FROM policy", ())}


def fetch_role_number(connection: Any, actor: str) -> int | None:
    """Return the number of the role given to an actor; None without one."""
    found = _one(connection, "SELECT role FROM actor_role WHERE actor = ?", (actor,))
    return int(found[0]) if found else None


def fetch_last_change(connection: Any) -> int:
    """Return the number of the latest line of the history; 0 without one."""
    found = _one(connection, "SELECT max(id) FROM history", ())
    return int(found[0] or 0) if found else 0


def fetch_changes_by_others(connection: Any, actor: str, after: int, limit: int) -> list[tuple[str, str, str]]:
    """Return (actor, verb, subject) of the changes of others after a line of the history, oldest first."""
    sql = "SELECT actor, verb, subject FROM history WHERE id > ? AND actor <> ? ORDER BY id LIMIT ?"
    return [(str(who), str(verb), str(what)) for who, verb, what in ask_driver(connection, sql, (after, actor, limit))]


def _event_id(connection: Any, reference: str) -> int:
    found = _one(connection, "SELECT id FROM event WHERE reference = ?", (reference.strip().upper(),))
    if found is None:
        raise NoSuchEvent(reference, suggest_references(connection, reference))
    return int(found[0])


def suggest_references(connection: Any, reference: str) -> list[str]:
    """Return the references of up to three events that may be meant by one that no event has."""
    from db.engine import spelling  # only for a mistyped reference

    return spelling.suggest_names(reference, [str(row[0]) for row in ask_driver(connection, _REFERENCES, ())])


_REFERENCES = "SELECT reference FROM event ORDER BY first_date IS NULL, first_date DESC"


def _session(row: Row) -> Row:
    """Return the row with dates and times as the command line writes them; empty while to be confirmed."""
    date, start, end = row[5:8]
    return (*row[:5], str(date or ""), str(start or "")[:5], str(end or "")[:5], *row[8:])


def _one(connection: Any, sql: str, parameters: Row) -> Any:
    for row in ask_driver(connection, sql, parameters):
        return row
    return None


def ask_driver(connection: Any, sql: str, parameters: Row) -> Iterable[Any]:
    """Run a query on apsw's connection as it is, on psycopg's with its own placeholders."""
    if type(connection).__module__.startswith("psycopg"):
        sql = sql.replace("%", "%%").replace("?", "%s")
    answer: Iterable[Any] = connection.execute(sql, parameters)
    return answer
