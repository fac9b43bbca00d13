"""Matters that need a decision, over all events, and figures for reports. Inside read_transaction() only.

The reports' SQL is composed of constants and our own integers; `course_ids` are the courses that count.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from peewee import fn

from db import expressions
from db.engine.connection import database
from db.engine.mapping import as_tuples
from db.fragments import PERSON_NAME
from db.models import EnrolmentRow, EventRow, PersonRow
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.catalogue import ReportCourse
from db.records.evaluation import AnswerCount, AnswerKind, EvaluatedEvent, Stage
from db.records.reports import AttendanceProfile, CourseFigures, ModuleCount, WaitingTime, Workload
from db.records.startup import EventState

_ATTENDED = f"m.mark IN ({', '.join(repr(kind.value) for kind in MarkKind if kind.attended)})"
_MARKS = "FROM mark m JOIN session s ON s.id = m.session_id JOIN event v ON v.id = s.event_id"
_HELD = "v.state NOT IN ('draft', 'cancelled')"


def fetch_open_requests() -> list[tuple[str, str, int, datetime]]:
    """Return (reference, title, requests, time of the earliest in UTC) of each bookable event with open requests."""
    query = (
        EventRow.select(EventRow.reference, EventRow.title, fn.COUNT(EnrolmentRow.id), fn.MIN(EnrolmentRow.since))
        .join(EnrolmentRow)
        .where(EnrolmentRow.status == status_numbers.REQUESTED, EventRow.state.in_(status_numbers.BOOKABLE_STATES))
        .group_by(EventRow.id, EventRow.reference, EventRow.title)
    )
    return as_tuples(query.order_by(fn.MIN(EnrolmentRow.since), EventRow.reference))


def fetch_ending_offers(before: datetime) -> list[tuple[str, str, str, datetime, int]]:
    """Return (reference, title, name, end, person id) of each offer that ends before the moment; times are UTC."""
    name = expressions.person_name()
    query = (
        EnrolmentRow.select(EventRow.reference, EventRow.title, name, EnrolmentRow.offer_ends, PersonRow.id)
        .join_from(EnrolmentRow, EventRow)
        .join_from(EnrolmentRow, PersonRow)
        .where(EnrolmentRow.status == status_numbers.OFFERED, EnrolmentRow.offer_ends < before)
    )
    return as_tuples(query.order_by(EnrolmentRow.offer_ends, EnrolmentRow.id))


def fetch_events_below_minimum(last: date) -> list[tuple[str, str, int, date]]:
    """Return (reference, title, people missing, decision date) of each event below its minimum, decided by `last`."""
    # Whoever joins a single session to make up a module does not help the event to take place.
    missing = EventRow.minimum - EventRow.booked - EventRow.offered
    query = EventRow.select(EventRow.reference, EventRow.title, missing, EventRow.decide_by).where(
        missing > 0, EventRow.decide_by <= last, EventRow.state.in_((EventState.OPEN, EventState.TENTATIVE))
    )
    return as_tuples(query.order_by(EventRow.decide_by, EventRow.reference))


def fetch_report_courses() -> dict[int, ReportCourse]:
    """Return every course, archived ones included, by id, in the order of the catalogue."""
    sql = (
        "SELECT c.id, c.code, c.title, t.name FROM course c JOIN strand t ON t.id = c.strand_id"
        " ORDER BY t.position, c.position"
    )
    return {row[0]: ReportCourse(*row) for row in _ask(sql)}


def fetch_first_session_date(until: date) -> date | None:
    """Return the date of the first session up to `until`; None without one."""
    found = _ask("SELECT min(date) FROM session WHERE date <= ?", until)[0][0]
    return date.fromisoformat(str(found)) if found else None


def fetch_attendance_profiles(
    course_ids: Sequence[int], years: Sequence[tuple[int, date]], until: date
) -> list[AttendanceProfile]:
    """Return the attendance of people up to `until`, grouped by equal profiles; `years` are (programme year, its
    last day)."""
    *earlier, (newest, _) = years
    cases = "".join(f" WHEN s.date <= '{last:%Y-%m-%d}' THEN {year:d}" for year, last in earlier)
    year = f"CASE{cases} ELSE {newest:d} END" if earlier else f"{newest:d}"
    sql = (
        "SELECT p.kind, p.is_manager, coalesce(o.name, ''), coalesce(t.name, ''), a.taken, count(*) FROM ("
        " SELECT person_id, string_agg(item, ',' ORDER BY item) AS taken FROM ("
        f"  SELECT DISTINCT m.person_id, CAST(v.course_id * 10000 + {year} AS TEXT) AS item {_MARKS}"
        f"  WHERE {_ATTENDED} AND s.date <= ? AND {_of(course_ids)}) AS each_once"
        " GROUP BY person_id) AS a"
        " JOIN person p ON p.id = a.person_id LEFT JOIN organisation o ON o.id = p.organisation_id"
        " LEFT JOIN team t ON t.id = p.team_id GROUP BY 1, 2, 3, 4, 5"
    )
    return [
        AttendanceProfile(
            kind, bool(is_manager), organisation, team,
            frozenset(divmod(int(item), 10_000) for item in taken.split(",")), people,
        )
        for kind, is_manager, organisation, team, taken, people in _ask(sql, until)
    ]  # fmt: skip


def count_monthly_attendance(course_ids: Sequence[int], first: date, until: date) -> dict[str, int]:
    """Count the people who attended anything in each month, by `2017-06`."""
    sql = (
        f"SELECT substr(CAST(s.date AS TEXT), 1, 7), count(DISTINCT m.person_id) {_MARKS}"
        f" WHERE {_ATTENDED} AND s.date BETWEEN ? AND ? AND {_of(course_ids)} GROUP BY 1"
    )
    return dict(_ask(sql, first, until))


def count_active_people() -> list[tuple[str, str, str, int]]:
    """Count the active people: (kind of organisation, organisation, team, people)."""
    sql = (
        "SELECT coalesce(o.kind, ''), coalesce(o.name, ''), coalesce(t.name, ''), k.people FROM ("
        " SELECT coalesce(organisation_id, 0) AS organisation, coalesce(team_id, 0) AS team, count(*) AS people"
        " FROM person WHERE active GROUP BY 1, 2) AS k"
        " LEFT JOIN organisation o ON o.id = k.organisation LEFT JOIN team t ON t.id = k.team"
    )
    return [tuple(row) for row in _ask(sql)]


def fetch_module_counts(course_ids: Sequence[int], first: date, until: date) -> list[ModuleCount]:
    """Count the people by the number of modules of a course they attended, from `first` and since the start."""
    sql = (
        "SELECT course_id, in_period, since_start, count(*) FROM ("
        " SELECT v.course_id, m.person_id, count(DISTINCT CASE WHEN s.date >= ? THEN s.module_id END) AS in_period,"
        f" count(DISTINCT s.module_id) AS since_start {_MARKS}"
        f" WHERE {_ATTENDED} AND s.module_id IS NOT NULL AND s.date <= ? AND {_of(course_ids)} GROUP BY 1, 2) AS a"
        " GROUP BY 1, 2, 3"
    )
    return [ModuleCount(*row) for row in _ask(sql, first, until)]


def fetch_module_attendance(
    course_ids: Sequence[int], first: date, until: date
) -> list[tuple[int, int, str, int, int]]:
    """Return (course id, position, title, people from `first`, people since the start) of each module, attended or
    not."""
    sql = (
        "SELECT d.course_id, d.position, d.title, coalesce(a.in_period, 0), coalesce(a.since_start, 0) FROM module d"
        " LEFT JOIN (SELECT s.module_id, count(DISTINCT CASE WHEN s.date >= ? THEN m.person_id END) AS in_period,"
        f" count(DISTINCT m.person_id) AS since_start {_MARKS} WHERE {_ATTENDED} AND s.date <= ? GROUP BY 1) AS a"
        f" ON a.module_id = d.id WHERE {_of(course_ids, 'd')} ORDER BY d.course_id, d.position"
    )
    return [tuple(row) for row in _ask(sql, first, until)]


def fetch_evaluated_events(course_ids: Sequence[int], first: date, last: date) -> list[EvaluatedEvent]:
    """Return the events that ended within the dates, with the number of people who attended any session."""
    sql = (
        "SELECT v.id, v.reference, v.course_id, v.first_date, v.last_date, count(DISTINCT m.person_id)"
        f" FROM event v JOIN session s ON s.event_id = v.id JOIN mark m ON m.session_id = s.id AND {_ATTENDED}"
        f" WHERE v.last_date BETWEEN ? AND ? AND {_of(course_ids)} GROUP BY v.id ORDER BY v.last_date, v.reference"
    )
    return [
        EvaluatedEvent(event_id, event, course_id, _day(begins), _day(ends), attended)
        for event_id, event, course_id, begins, ends, attended in _ask(sql, first, last)
    ]


def fetch_answer_counts(
    course_ids: Sequence[int], first: date, last: date, *, impact_only: bool = False
) -> list[AnswerCount]:
    """Return the answers after events that ended within the dates, counted by value."""
    only = "AND q.is_impact " if impact_only else ""
    sql = (
        "SELECT e.event_id, q.stage, q.position, q.kind, q.is_impact, a.value, count(*)"
        " FROM event v JOIN evaluation e ON e.event_id = v.id JOIN answer a ON a.evaluation_id = e.id"
        f" JOIN question q ON q.id = a.question_id WHERE v.last_date BETWEEN ? AND ? AND {_of(course_ids)} {only}"
        "GROUP BY 1, 2, 3, 4, 5, 6"
    )
    return [
        AnswerCount(event_id, Stage(stage), position, AnswerKind(kind), bool(impact), value, number)
        for event_id, stage, position, kind, impact, value, number in _ask(sql, first, last)
    ]


def fetch_event_leaders(course_ids: Sequence[int], first: date, last: date) -> list[tuple[int, str, int]]:
    """Return (event id, name, person id) of everybody who led a session of an event that ended within the dates."""
    sql = (
        f"SELECT DISTINCT v.id, {PERSON_NAME}, p.id FROM event v"
        " JOIN session s ON s.event_id = v.id JOIN facilitation f ON f.session_id = s.id"
        f" JOIN person p ON p.id = f.person_id WHERE v.last_date BETWEEN ? AND ? AND {_of(course_ids)}"
    )
    return list(_ask(sql, first, last))


def fetch_course_figures(course_ids: Sequence[int], first: date, last: date) -> list[CourseFigures]:
    """Return the figures of each course: of events that begin, and of sessions that are held, within the dates."""
    kinds = {
        "attended": _ATTENDED,
        "apologies": f"m.mark = '{MarkKind.APOLOGIES}'",
        "absent": f"m.mark = '{MarkKind.ABSENT}'",
    }
    counted = ", ".join(f"sum(CASE WHEN {how} THEN 1 ELSE 0 END) AS {name}" for name, how in kinds.items())
    sql = (
        "SELECT c.id, coalesce(b.events, 0), coalesce(b.places, 0), coalesce(b.booked, 0), coalesce(r.sessions, 0),"
        " coalesce(r.attended, 0), coalesce(r.apologies, 0), coalesce(r.absent, 0), coalesce(g.cancelled, 0),"
        " coalesce(g.late, 0) FROM course c"
        " LEFT JOIN (SELECT v.course_id, count(*) AS events, sum(v.capacity) AS places, sum(v.booked) AS booked"
        f"  FROM event v WHERE v.first_date BETWEEN ? AND ? AND {_HELD} GROUP BY 1) AS b ON b.course_id = c.id"
        f" LEFT JOIN (SELECT v.course_id, count(DISTINCT s.id) AS sessions, {counted} {_MARKS}"
        f"  WHERE s.date BETWEEN ? AND ? AND {_of(course_ids)} GROUP BY 1) AS r ON r.course_id = c.id"
        " LEFT JOIN (SELECT v.course_id, count(*) AS cancelled, sum(CASE WHEN e.late THEN 1 ELSE 0 END) AS late"
        "  FROM enrolment e JOIN event v ON v.id = e.event_id WHERE v.first_date BETWEEN ? AND ?"
        f"  AND e.status = {status_numbers.CANCELLED} GROUP BY 1) AS g ON g.course_id = c.id"
        f" WHERE {_of(course_ids, 'c', 'id')}"
    )
    return [CourseFigures(*row) for row in _ask(sql, first, last, first, last, first, last)]


def fetch_event_figures(course_ids: Sequence[int], first: date, last: date) -> list[tuple[str, str, CourseFigures]]:
    """Return (reference, title, figures) of each event that begins within the dates, with all its marks."""
    counted = ", ".join(
        f"coalesce(sum(CASE WHEN {how} THEN 1 ELSE 0 END), 0)"
        for how in (_ATTENDED, f"m.mark = '{MarkKind.APOLOGIES}'", f"m.mark = '{MarkKind.ABSENT}'")
    )
    gone = f"FROM enrolment e WHERE e.event_id = v.id AND e.status = {status_numbers.CANCELLED}"
    sql = (
        "SELECT v.reference, v.title, v.course_id, 1, v.capacity, v.booked, count(DISTINCT m.session_id),"
        f" {counted}, (SELECT count(*) {gone}), (SELECT coalesce(sum(CASE WHEN e.late THEN 1 ELSE 0 END), 0) {gone})"
        " FROM event v LEFT JOIN session s ON s.event_id = v.id LEFT JOIN mark m ON m.session_id = s.id"
        f" WHERE v.first_date BETWEEN ? AND ? AND {_HELD} AND {_of(course_ids)}"
        " GROUP BY v.id ORDER BY v.first_date, v.reference"
    )
    return [(reference, title, CourseFigures(*row)) for reference, title, *row in _ask(sql, first, last)]


def fetch_waiting_times(course_ids: Sequence[int], first: datetime, last: datetime) -> list[WaitingTime]:
    """Return the waiting times, from the history, of everybody who joined a waiting list within the times (UTC)."""
    sql = (
        "SELECT v.course_id, min(CASE WHEN h.after = 'waitlisted' THEN h.at END) AS joined,"
        " min(CASE WHEN h.before = 'waitlisted' AND h.after IN ('booked', 'offered') THEN h.at END),"
        f" max(CASE WHEN e.status = {status_numbers.WAITLISTED} THEN 1 ELSE 0 END)"
        " FROM enrolment e JOIN event v ON v.id = e.event_id"
        " JOIN history h ON h.person_id = e.person_id AND h.event_id = e.event_id"
        f" WHERE e.queue IS NOT NULL AND {_of(course_ids)} GROUP BY v.course_id, e.event_id, e.person_id"
        " HAVING min(CASE WHEN h.after = 'waitlisted' THEN h.at END) >= ?"
        " AND min(CASE WHEN h.after = 'waitlisted' THEN h.at END) < ?"
    )
    return [
        WaitingTime(course_id, _moment(joined), _moment(moved) if moved else None, bool(waiting))
        for course_id, joined, moved, waiting in _ask(sql, first, last)
    ]


def fetch_facilitator_workloads(course_ids: Sequence[int], first: date, last: date) -> list[Workload]:
    """Return the workload of each facilitator within the dates, the largest first."""
    return _loads(
        PERSON_NAME, "p.id",
        "JOIN facilitation f ON f.session_id = s.id JOIN person p ON p.id = f.person_id", course_ids, first, last,
    )  # fmt: skip


def fetch_venue_workloads(course_ids: Sequence[int], first: date, last: date) -> list[Workload]:
    """Return the use of each venue within the dates, the largest first."""
    return _loads("p.name", "p.id", "JOIN venue p ON p.id = s.venue_id", course_ids, first, last)


def _loads(name: str, key: str, joined: str, course_ids: Sequence[int], first: date, last: date) -> list[Workload]:
    """Return workloads; the minutes are summed in Python, because databases calculate with times differently."""
    sql = (
        f'SELECT {key}, {name}, v.id, s.start, s."end", count(*) FROM session s JOIN event v ON v.id = s.event_id'
        f" {joined} WHERE s.date BETWEEN ? AND ? AND v.state <> 'cancelled' AND {_of(course_ids)}"
        " GROUP BY 1, 2, 3, 4, 5"
    )
    names: dict[int, str] = {}
    events: dict[int, set[int]] = {}
    sums: dict[int, list[int]] = {}
    for number, called, event_id, start, end, sessions in _ask(sql, first, last):
        names[number] = called
        events.setdefault(number, set()).add(event_id)
        sums.setdefault(number, [0, 0])[0] += sessions
        sums[number][1] += sessions * (_minutes(end) - _minutes(start))
    found = [
        Workload(names[number], len(events[number]), sessions, minutes, number)
        for number, (sessions, minutes) in sums.items()
    ]
    return sorted(found, key=lambda each: (-each.minutes, each.name))


def _of(course_ids: Sequence[int], table: str = "v", column: str = "course_id") -> str:
    return f"{table}.{column} IN ({', '.join(map(str, course_ids)) or 'NULL'})"


def _ask(sql: str, *values: date) -> list[Any]:
    found: Iterable[Any] = database.execute_sql(sql.replace("?", database.param), values).fetchall()
    return list(found)


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


def _minutes(value: object) -> int:
    hours, minutes = str(value)[:5].split(":")
    return int(hours) * 60 + int(minutes)
