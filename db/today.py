"""Events and sessions of the coming weeks that need action, over all events; one query each. Inside read_transaction()
only.

Clashes of lists are found here; those of a change come from `db.clashes`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from db import calendar
from db.engine.connection import database
from db.engine.mapping import as_records
from db.fragments import BOOKABLE, PERSON_NAME, SEATS_TAKEN
from db.invitations import select_appointments
from db.models import EventRow, SessionRow
from db.records import status_numbers
from db.records.calendar import Event as EventRecord
from db.records.mail import Appointment, DeclinedPlace

_HELD = f"e.status >= {status_numbers.BOOKED}"
_PLACED = f"e.status IN ({status_numbers.OFFERED}, {status_numbers.BOOKED})"


def fetch_unmarked_registers(first: date, now: datetime, limit: int) -> list[tuple[str, str, int, date, int, int]]:
    """Return each past session since `first` with unmarked people on its register, oldest first.

    Each is (reference, title, session, date, people not marked, people marked). Registers signed off are left out.
    """
    sql = f"""
        SELECT reference, title, number, date, missing, marked FROM (
            SELECT v.reference, v.title, s.number, s.date, s.start,
                (SELECT count(*) FROM enrolment e WHERE e.event_id = v.id AND {_HELD} AND NOT EXISTS
                    (SELECT 1 FROM mark m WHERE m.session_id = s.id AND m.person_id = e.person_id))
                + (SELECT count(*) FROM make_up u WHERE u.session_id = s.id AND u.active AND NOT EXISTS
                    (SELECT 1 FROM mark m WHERE m.session_id = s.id AND m.person_id = u.person_id)) AS missing,
                (SELECT count(*) FROM mark m WHERE m.session_id = s.id) AS marked
            FROM session s JOIN event v ON v.id = s.event_id LEFT JOIN register r ON r.session_id = s.id
            WHERE s.date >= ? AND (s.date < ? OR (s.date = ? AND s."end" <= ?))
                AND ({BOOKABLE} OR v.state = 'delivered') AND r.signed_off_by IS NULL
        ) AS over_now WHERE missing > 0 ORDER BY date, start, reference, number LIMIT ?
    """
    found = _ask(sql, first, now.date(), now.date(), f"{now:%H:%M:%S}", limit)
    return [
        (reference, title, number, _day(on), missing, marked) for reference, title, number, on, missing, marked in found
    ]


def fetch_undated_events(limit: int) -> list[tuple[str, str, int, int, int]]:
    """Return each event with undated sessions, drafts included, events with people first.

    Each is (reference, title, first undated session, number of undated sessions, people on it).
    """
    sql = f"""
        SELECT v.reference, v.title, min(s.number), count(*), {SEATS_TAKEN} + v.waiting AS people
        FROM session s JOIN event v ON v.id = s.event_id
        WHERE s.date IS NULL AND ({BOOKABLE} OR v.state = 'draft')
        GROUP BY v.id, v.reference, v.title, v.booked, v.offered, v.joining, v.waiting
        ORDER BY {SEATS_TAKEN} + v.waiting DESC, v.reference LIMIT ?
    """
    return _ask(sql, limit)


_DECLINES = f"""
        FROM session s JOIN event v ON v.id = s.event_id JOIN invitation i ON i.session_id = s.id
        JOIN enrolment e ON e.event_id = v.id AND e.person_id = i.person_id AND e.status = {status_numbers.BOOKED}
        JOIN person p ON p.id = i.person_id
        WHERE (s.date > ? OR (s.date = ? AND s."end" > ?)) AND {BOOKABLE}
            AND i.partstat = 'DECLINED' AND i.method = 'REQUEST' AND i.role = 'learner'"""
"""Booked people who declined the invitation to a coming session."""


def fetch_declined_people(now: datetime, limit: int) -> list[tuple[str, str, int, str, int, date, int]]:
    """Return everybody who is booked on an event and declined the invitation to coming sessions of it.

    Each is (reference, title, person id, name, first session declined, its date, number of sessions declined).
    """
    sql = f"""
        SELECT v.reference, v.title, p.id, {PERSON_NAME}, min(s.number), min(s.date), count(*) {_DECLINES}
        GROUP BY v.reference, v.title, p.id, p.forename, p.surname ORDER BY min(s.date), v.reference, p.id LIMIT ?
    """
    today = now.date()
    return [(*row[:5], _day(row[5]), row[6]) for row in _ask(sql, today, today, f"{now:%H:%M:%S}", limit)]


def fetch_declined_places(now: datetime) -> list[DeclinedPlace]:
    """Return each coming session declined by a person booked on it, in order of time."""
    sql = f"""
        SELECT v.reference, s.number, s.date, p.id, {PERSON_NAME}, i.replied {_DECLINES}
        ORDER BY s.date, s.start, v.reference, p.sort, p.id
    """
    today = now.date()
    return [
        DeclinedPlace(reference, number, _day(on), f"#{person_id}", name, datetime.fromisoformat(str(since or on)))
        for reference, number, on, person_id, name, since in _ask(sql, today, today, f"{now:%H:%M:%S}")
    ]


UNDECIDED_REPLY_VERB = "reply to decide"
"""The history's verb for a reply that a coordinator must decide on.

`before` names the session, `reason` says when the reply was given.
"""
REPLY_STAMP_FORMAT = "given %Y-%m-%d %H:%M:%S UTC"


def fetch_undecided_replies(now: datetime, limit: int) -> list[tuple[str, str, int, str, int, date, str]]:
    """Return the newest undecided reply of each person to each coming session.

    A reply is decided once a later one is known or an invitation went out since. Each is (reference, title, person id,
    name,
    session, date, reply).
    """
    # Queried separately: nearly always there are none, and joining the history to its events takes ten times as long.
    ids = [number for (number,) in _ask(f"SELECT id FROM history WHERE verb = '{UNDECIDED_REPLY_VERB}'")]
    if not ids:
        return []
    sql = f"""
        SELECT v.reference, v.title, p.id, {PERSON_NAME}, s.number, s.date, h.after, h.reason, h.at, i.replied
        FROM history h JOIN event v ON v.id = h.event_id
        JOIN session s ON s.event_id = v.id AND h.before = 'session ' || s.number
        JOIN invitation i ON i.session_id = s.id AND i.person_id = h.person_id
        JOIN person p ON p.id = h.person_id
        WHERE h.id IN ({_ids(ids)}) AND (s.date > ? OR (s.date = ? AND s."end" > ?)) AND {BOOKABLE}
            AND i.method = 'REQUEST' AND i.stamped <= h.at
        ORDER BY s.date, s.start, v.reference, p.id, h.id
    """
    today = now.date()
    newest = {
        (row[0], row[2], row[4]): ((*row[:5], _day(row[5]), row[6]), row[7], _moment(row[8]), row[9])
        for row in _ask(sql, today, today, f"{now:%H:%M:%S}")
    }
    undecided = [
        row
        for row, given, at, replied in newest.values()
        # The sender's clock may be ahead of ours, so that the reply is stamped later than it arrived.
        if replied is None or _moment(replied) < min(at, datetime.strptime(given, REPLY_STAMP_FORMAT))
    ]
    return undecided[:limit]


UnexplainedClash = tuple[str, str, str, int, date, str, int, str, int]
"""(kind, reference, title, session, date, other reference, other session, room or person wanted twice, number of
people)"""


def fetch_unexplained_clashes(first: date, last: date, limit: int) -> list[UnexplainedClash]:
    """Return the clashes of two sessions within the dates over a room, facilitator or learner for which nobody gave
    a reason."""
    pair = """
        FROM session a JOIN session b ON b.date = a.date AND b.id > a.id AND a.start < b."end" AND b.start < a."end"
        JOIN event v ON v.id = a.event_id JOIN event w ON w.id = b.event_id"""
    where = f"""
        WHERE a.date >= ? AND a.date <= ? AND {BOOKABLE} AND {BOOKABLE.replace("v.", "w.")}"""
    no_reason = """
        AND NOT EXISTS (SELECT 1 FROM history h WHERE h.event_id IN (v.id, w.id) AND h.person_id IS NULL
            AND h.reason <> '' AND h.verb IN ('moved', 'venue changed', 'event added'))"""
    columns = "v.reference, v.title, a.number, a.date, w.reference, b.number"
    room = f"""
        SELECT 'room', {columns}, l.name || ', ' || r.name, 1 {pair}
        JOIN room r ON r.id = a.room_id JOIN venue l ON l.id = r.venue_id {where} AND b.room_id = a.room_id {no_reason}
        ORDER BY a.date, v.reference LIMIT ?"""
    facilitator = f"""
        SELECT 'facilitator', {columns}, {PERSON_NAME}, 1 {pair}
        JOIN facilitation f ON f.session_id = a.id JOIN facilitation g ON g.session_id = b.id
            AND g.person_id = f.person_id JOIN person p ON p.id = f.person_id {where} {no_reason}
        ORDER BY a.date, v.reference LIMIT ?"""
    learner = f"""
        SELECT 'learner', {columns}, min({PERSON_NAME}), count(*) {pair}
        JOIN enrolment e ON e.event_id = v.id AND {_PLACED} JOIN enrolment n ON n.event_id = w.id
            AND n.person_id = e.person_id AND n.status IN ({status_numbers.OFFERED}, {status_numbers.BOOKED})
        JOIN person p ON p.id = e.person_id {where} AND v.id <> w.id
        AND NOT EXISTS (SELECT 1 FROM history h WHERE h.person_id = p.id AND h.event_id IN (v.id, w.id)
            AND h.reason <> '' AND h.after IN ('booked', 'offered', 'waitlisted', 'requested'))
        GROUP BY {columns} ORDER BY a.date, v.reference LIMIT ?"""
    found = [row for sql in (room, facilitator, learner) for row in _ask(sql, first, last, limit)]
    rows = [(*row[:4], _day(row[4]), *row[5:]) for row in found]
    return sorted(rows, key=lambda row: (row[4], row[1], row[3]))[:limit]


def fetch_events_ahead(first: date, last: date) -> list[int]:
    """Return the ids of the events with undated sessions or sessions within the dates, neither delivered nor closed.

    They are in the order of their first session within the dates.
    """
    sql = """
        SELECT v.id FROM session s JOIN event v ON v.id = s.event_id
        WHERE ((s.date >= ? AND s.date <= ?) OR s.date IS NULL) AND v.state NOT IN ('delivered', 'closed')
        GROUP BY v.id ORDER BY min(s.date) IS NULL, min(s.date), v.id
    """
    return [event_id for (event_id,) in _ask(sql, first, last)]


def fetch_events_by_id(ids: Sequence[int]) -> list[EventRecord]:
    """Return the events with these ids."""
    return as_records(EventRecord, calendar.select_events().where(EventRow.id.in_(ids)))


def fetch_coming_appointments(event_ids: Sequence[int], first: date, last: date) -> list[Appointment]:
    """Return the sessions of the events that are within the dates or undated."""
    return as_records(
        Appointment,
        select_appointments().where(
            SessionRow.event.in_(event_ids), SessionRow.date.between(first, last) | SessionRow.date.is_null()
        ),
    )


SentInvitation = tuple[int, str, str, str, str, bool, int]
"""(session id, method, place and time, content without the address, the address, has a place, number of learners)"""


def fetch_sent_invitations(session_ids: Sequence[int]) -> list[SentInvitation]:
    """Return the last invitations of learners to the sessions, equal ones counted together.

    A content that no longer holds the person's address is kept apart, which shows it.
    """
    sql = f"""
        SELECT i.session_id, i.method, i.place_and_time, replace(i.content, p.email, ''), min(p.email),
            CASE WHEN EXISTS (SELECT 1 FROM enrolment e WHERE e.event_id = s.event_id AND e.person_id = i.person_id
                    AND {_HELD})
                OR EXISTS (SELECT 1 FROM make_up u WHERE u.session_id = s.id AND u.person_id = i.person_id AND u.active)
                THEN 1 ELSE 0 END AS held,
            count(*)
        FROM invitation i JOIN session s ON s.id = i.session_id JOIN person p ON p.id = i.person_id
        WHERE i.role = 'learner' AND i.session_id IN ({_ids(session_ids)}) AND NOT EXISTS
            (SELECT 1 FROM facilitation f WHERE f.session_id = s.id AND f.person_id = i.person_id)
        GROUP BY 1, 2, 3, 4, 6
    """
    return [(*row[:5], bool(row[5]), row[6]) for row in _ask(sql)]


def fetch_uninvited_learners(session_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return (session id, e-mail address) of everybody with a place who was never sent an invitation to the session."""
    never = """NOT EXISTS (SELECT 1 FROM invitation i WHERE i.session_id = s.id AND i.person_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM facilitation f WHERE f.session_id = s.id AND f.person_id = p.id)"""
    sql = f"""
        SELECT s.id, p.email FROM session s JOIN enrolment e ON e.event_id = s.event_id AND {_HELD}
        JOIN person p ON p.id = e.person_id WHERE s.id IN ({_ids(session_ids)}) AND {never}
        UNION
        SELECT s.id, p.email FROM session s JOIN make_up u ON u.session_id = s.id AND u.active
        JOIN person p ON p.id = u.person_id WHERE s.id IN ({_ids(session_ids)}) AND {never}
    """
    return [(session, email) for session, email in _ask(sql)]


def _ids(numbers: Sequence[int]) -> str:
    return ", ".join(f"{each:d}" for each in numbers) or "NULL"


def _ask(sql: str, *values: date | str | int) -> list[Any]:
    return list(database.execute_sql(sql.replace("?", database.param), values).fetchall())


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])
