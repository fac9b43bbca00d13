"""Conditions that must always be true of the stored rows, each as a query for its breaches. Plain SQL for both
databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db import imports
from db.engine import search as engine_search
from db.engine.connection import database
from db.history import OVERBOOKING_VERBS
from db.records import status_numbers
from db.records.remedies import Remark, Remedy, RemedyKind


@dataclass(frozen=True, slots=True)
class Invariant:
    """One condition.

    `breaches` selects one sentence for each breach; `{today}` stands for the date. `sure` is false where a breach may
    have
    been meant.
    """

    name: str
    breaches: str
    sure: bool = True


_COUNTED = f"""
    SELECT event_id, SUM(CASE WHEN status >= {status_numbers.BOOKED} THEN 1 ELSE 0 END) AS booked,
           SUM(CASE WHEN status = {status_numbers.OFFERED} THEN 1 ELSE 0 END) AS offered,
           SUM(CASE WHEN status = {status_numbers.WAITLISTED} THEN 1 ELSE 0 END) AS waiting
    FROM enrolment GROUP BY event_id"""
_JOINING = """
    SELECT event_id, MAX(many) AS joining FROM (
        SELECT s.event_id, COUNT(*) AS many FROM make_up u JOIN session s ON s.id = u.session_id
        WHERE u.active GROUP BY s.event_id, s.id
    ) AS each_session GROUP BY event_id"""
_OVERBOOKING = ", ".join(f"'{verb}'" for verb in OVERBOOKING_VERBS)

INVARIANTS = (
    Invariant(
        "places counted",
        f"""SELECT e.reference || ' says ' || e.booked || ' booked, ' || e.offered || ' offered, ' || e.waiting
                   || ' waiting, ' || e.joining || ' joining; its enrolments and make-ups say '
                   || COALESCE(n.booked, 0) || ', ' || COALESCE(n.offered, 0) || ', ' || COALESCE(n.waiting, 0)
                   || ', ' || COALESCE(j.joining, 0)
            FROM event e LEFT JOIN ({_COUNTED}) n ON n.event_id = e.id LEFT JOIN ({_JOINING}) j ON j.event_id = e.id
            WHERE e.booked <> COALESCE(n.booked, 0) OR e.offered <> COALESCE(n.offered, 0)
                  OR e.waiting <> COALESCE(n.waiting, 0) OR e.joining <> COALESCE(j.joining, 0)
            ORDER BY e.reference""",
    ),
    Invariant(
        "event dates",
        """SELECT e.reference || ' begins and ends on other days than its sessions'
           FROM event e LEFT JOIN (
               SELECT event_id, MIN(date) AS first, MAX(date) AS last FROM session GROUP BY event_id
           ) s ON s.event_id = e.id
           WHERE e.first_date IS DISTINCT FROM s.first OR e.last_date IS DISTINCT FROM s.last
           ORDER BY e.reference""",
    ),
    Invariant(
        "seats within capacity",
        f"""SELECT e.reference || ' has ' || COALESCE(n.booked, 0) || ' booked, ' || COALESCE(n.offered, 0)
                   || ' offered and ' || COALESCE(j.joining, 0) || ' joining on ' || e.capacity
                   || ' places, and no reason for it is in the history'
            FROM event e LEFT JOIN ({_COUNTED}) n ON n.event_id = e.id LEFT JOIN ({_JOINING}) j ON j.event_id = e.id
            WHERE COALESCE(n.booked, 0) + COALESCE(n.offered, 0) + COALESCE(j.joining, 0) > e.capacity
                  AND NOT EXISTS (
                      SELECT 1 FROM history h
                      WHERE h.event_id = e.id AND h.reason <> '' AND h.verb IN ({_OVERBOOKING}))
            ORDER BY e.reference""",
    ),
    Invariant(
        "one live enrolment",
        f"""SELECT e.reference || ' has #' || n.person_id || ' more than once'
            FROM enrolment n JOIN event e ON e.id = n.event_id
            WHERE n.status >= {status_numbers.LOWEST_LIVE}
            GROUP BY e.reference, n.person_id HAVING COUNT(*) > 1
            ORDER BY e.reference""",
    ),
    Invariant(
        "waiting list in order",
        f"""SELECT e.reference || ': #' || n.person_id || ' waits without a place of their own in the queue'
            FROM enrolment n JOIN event e ON e.id = n.event_id
            WHERE n.status = {status_numbers.WAITLISTED} AND (n.queue IS NULL OR EXISTS (
                SELECT 1 FROM enrolment m
                WHERE m.event_id = n.event_id AND m.id <> n.id AND m.queue = n.queue
                      AND m.status = {status_numbers.WAITLISTED}))
            ORDER BY e.reference, n.id""",
    ),
    Invariant(
        # Possibly meant: `enrol --waiting` puts people on the list although places are free.
        "no one is waiting while a place is free",
        f"""SELECT e.reference || ' has ' || n.waiting || ' waiting and '
                   || (e.capacity - n.booked - n.offered - e.joining) || ' places free'
            FROM event e JOIN ({_COUNTED}) n ON n.event_id = e.id
            WHERE e.state IN {status_numbers.BOOKABLE_STATES} AND n.waiting > 0
                  AND n.booked + n.offered + e.joining < e.capacity
                  AND (e.first_date IS NULL OR e.first_date > {{today}})
            ORDER BY e.reference""",
        sure=False,
    ),
    Invariant(
        # Possibly meant: somebody is booked twice knowingly. Where a course keeps other waiting, that is usual; and who
        # missed a part of an event that has begun may come to another.
        "one place on a course",
        f"""SELECT p.forename || ' ' || p.surname || ' (#' || p.id || ') has a place on ' || a.reference || ' and on '
                   || b.reference || ' (' || c.code || ')'
            FROM enrolment n JOIN event a ON a.id = n.event_id JOIN course c ON c.id = a.course_id
                 JOIN event b ON b.course_id = a.course_id AND b.id > a.id
                 JOIN enrolment m ON m.event_id = b.id AND m.person_id = n.person_id
                 JOIN person p ON p.id = n.person_id
            WHERE n.status IN ({status_numbers.OFFERED}, {status_numbers.BOOKED})
                  AND m.status IN ({status_numbers.OFFERED}, {status_numbers.BOOKED})
                  AND c.waiting_elsewhere <> 'keep' AND a.state <> 'cancelled' AND b.state <> 'cancelled'
                  AND (a.first_date IS NULL OR a.first_date > {{today}})
                  AND (b.first_date IS NULL OR b.first_date > {{today}})
            ORDER BY c.code, p.sort, p.id, a.reference, b.reference""",
        sure=False,
    ),
    Invariant(
        # Possibly meant: they waited already when the course was told to end that.
        "no one is waiting with another place on the course",
        f"""SELECT p.forename || ' ' || p.surname || ' (#' || p.id || ') waits for ' || a.reference
                   || ' and has a place on ' || b.reference
            FROM enrolment n JOIN event a ON a.id = n.event_id JOIN course c ON c.id = a.course_id
                 JOIN event b ON b.course_id = a.course_id AND b.id <> a.id
                 JOIN enrolment m ON m.event_id = b.id AND m.person_id = n.person_id
                 JOIN person p ON p.id = n.person_id
            WHERE n.status = {status_numbers.WAITLISTED} AND m.status = {status_numbers.BOOKED}
                  AND c.waiting_elsewhere = 'remove' AND b.state <> 'cancelled'
                  AND (a.last_date IS NULL OR a.last_date >= {{today}})
                  AND (b.last_date IS NULL OR b.last_date >= {{today}})
            ORDER BY c.code, p.sort, p.id, a.reference, b.reference""",
        sure=False,
    ),
    Invariant(
        "offers have an end",
        f"""SELECT e.reference || ': #' || n.person_id || ' has an offer without an end'
            FROM enrolment n JOIN event e ON e.id = n.event_id
            WHERE n.status = {status_numbers.OFFERED} AND n.offer_ends IS NULL
            ORDER BY e.reference""",
    ),
    Invariant(
        "one open offer for each offered place",
        f"""SELECT e.reference || ': #' || n.person_id || ' is offered a place, and the offer is not open'
            FROM enrolment n JOIN event e ON e.id = n.event_id
            WHERE n.status = {status_numbers.OFFERED}
                  AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.enrolment_id = n.id AND o.outcome = 'open')
            UNION ALL
            SELECT e.reference || ': #' || n.person_id || ' has an open offer of a place that is not offered'
            FROM enrolment n JOIN event e ON e.id = n.event_id JOIN offer o ON o.enrolment_id = n.id
            WHERE o.outcome = 'open' AND n.status <> {status_numbers.OFFERED}
            ORDER BY 1""",
    ),
    Invariant(
        "make-ups are valid",
        f"""SELECT e.reference || ' session ' || s.number || ': #' || u.person_id || ' makes up no module there'
            FROM make_up u JOIN session s ON s.id = u.session_id JOIN event e ON e.id = s.event_id
                 LEFT JOIN module m ON m.id = s.module_id
            WHERE u.active AND (m.id IS NULL OR m.course_id <> e.course_id)
            UNION ALL
            SELECT e.reference || ' session ' || s.number || ': #' || u.person_id || ' makes up in a cancelled event'
            FROM make_up u JOIN session s ON s.id = u.session_id JOIN event e ON e.id = s.event_id
            WHERE u.active AND e.state = 'cancelled'
            UNION ALL
            SELECT e.reference || ' session ' || s.number || ': #' || u.person_id || ' is on the event and makes it up'
            FROM make_up u JOIN session s ON s.id = u.session_id JOIN event e ON e.id = s.event_id
                 JOIN enrolment n ON n.event_id = e.id AND n.person_id = u.person_id
            WHERE u.active AND n.status >= {status_numbers.OFFERED}
            ORDER BY 1""",
    ),
    Invariant(
        "no one is booked on a cancelled event",
        f"""SELECT e.reference || ' is cancelled, and #' || n.person_id || ' is on it still'
            FROM enrolment n JOIN event e ON e.id = n.event_id
            WHERE e.state = 'cancelled' AND n.status BETWEEN {status_numbers.LOWEST_LIVE} AND {status_numbers.BOOKED}
            ORDER BY e.reference, n.id""",
    ),
    Invariant(
        "sessions fit their event",
        """SELECT e.reference || ' session ' || s.number || ' is for a module of another course'
           FROM session s JOIN event e ON e.id = s.event_id JOIN module m ON m.id = s.module_id
           WHERE m.course_id <> e.course_id
           UNION ALL
           SELECT e.reference || ' session ' || s.number || ' is in a room of another venue'
           FROM session s JOIN event e ON e.id = s.event_id JOIN room r ON r.id = s.room_id
           WHERE s.venue_id IS NULL OR r.venue_id <> s.venue_id
           ORDER BY 1""",
    ),
    Invariant(
        "invitations never fall back",
        """SELECT e.reference || ' session ' || s.number || ': #' || i.person_id || ' was sent a higher SEQUENCE than '
                  || i.sequence
           FROM invitation i JOIN session s ON s.id = i.session_id JOIN event e ON e.id = s.event_id
           WHERE i.sequence < (SELECT MAX(d.sequence) FROM dispatch d WHERE d.invitation_id = i.id)
           ORDER BY 1""",
    ),
    Invariant(
        "commitments are of members",
        """SELECT g.name || ': #' || c.person_id || ' committed to something and never was in the group'
           FROM commitment c JOIN people_group g ON g.id = c.group_id
           WHERE NOT EXISTS (
               SELECT 1 FROM membership m WHERE m.group_id = c.group_id AND m.person_id = c.person_id)
           ORDER BY g.name, c.id""",
    ),
    Invariant(
        # No fault of the data, but somebody should find out whether the message arrived.
        "messages whose fate is known",
        """SELECT 'message ' || m.code || ' to #' || m.person_id || ' was being sent when everything stopped'
           FROM message m WHERE m.state = 'unknown' ORDER BY m.id""",
        sure=False,
    ),
    Invariant(
        "an administrator",
        """SELECT 'nobody is an administrator'
           WHERE NOT EXISTS (SELECT 1 FROM actor_role WHERE role = 4)
                 AND EXISTS (SELECT 1 FROM policy WHERE key = 'default_role' AND value <> 'administrator')""",
    ),
)


def fetch_breaches(invariant: Invariant, today: date) -> list[str]:
    """Return a sentence for each breach in the bound database."""
    marker = database.obj.param
    sql, given = invariant.breaches.format(today=marker), (today,) * invariant.breaches.count("{today}")
    return [str(sentence) for (sentence,) in database.execute_sql(sql, given).fetchall()]


def fetch_unfindable_people() -> list[Remark]:
    """Return a remark for each person whose stored search words do not match their details."""
    remedy = Remedy(RemedyKind.REINDEX_PEOPLE)
    return [Remark(f"#{person_id} cannot be found by their details", remedy) for person_id in fetch_misindexed_ids()]


def fetch_misindexed_ids() -> Iterator[int]:
    """Yield the ids of the people whose stored search words do not match their details."""
    indexed: dict[int, set[str]] = {}
    for person_id, word, sort in database.execute_sql("SELECT person_id, word, sort FROM person_word").fetchall():
        indexed.setdefault(person_id, set()).add(f"{word}\0{sort}")
    former = imports.fetch_former_addresses()
    stored = database.execute_sql(
        """SELECT p.id, p.search, p.sort, p.forename, p.surname, p.email, p.employee_number, COALESCE(o.name, ''),
                  COALESCE(t.name, ''), p.phone, p.job_title, p.known_as
           FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id LEFT JOIN team t ON t.id = p.team_id
           WHERE p.merged_into IS NULL ORDER BY p.id"""
    ).fetchall()
    for person_id, found_by, sort, *rest in stored:
        forename, surname = rest[:2]
        words = engine_search.person_words(*(*rest, former.get(person_id, "")))
        wanted = {f"{word}\0{sort}" for word in words}
        if (
            found_by != engine_search.join_words(words)
            or sort != engine_search.sort_key(forename, surname)
            or indexed.get(person_id, set()) != wanted
        ):
            yield person_id


def fetch_similar_venues() -> list[Remark]:
    """Return a remark for each venue whose name differs from an earlier one only in case.

    Compared in Python, because SQL lowers only unaccented letters.
    """
    first: dict[str, str] = {}
    return [
        Remark(f"{name} has the same name as {earlier}", Remedy(RemedyKind.RENAME_VENUE, venue=name))
        for (name,) in database.execute_sql("SELECT name FROM venue ORDER BY id").fetchall()
        if (earlier := first.setdefault(name.casefold(), name)) != name
    ]


def fetch_unfindable_events() -> list[str]:
    """Return a sentence for each event whose stored search words do not match its details."""
    stored = database.execute_sql(
        """SELECT e.reference, e.search, c.code, e.title, s.name
           FROM event e JOIN course c ON c.id = e.course_id JOIN strand s ON s.id = c.strand_id ORDER BY e.reference"""
    ).fetchall()
    return [
        f"{reference} cannot be found by its title"
        for reference, found_by, course, title, strand in stored
        if found_by != engine_search.join_words(engine_search.event_words(reference, course, title, strand))
    ]
