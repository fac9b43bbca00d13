"""Compliance by organisation and team: completions, hours and expected learners. Inside read_transaction() only.

The SQL is composed of constants and our own integers and dates.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from db.engine import search as engine_search
from db.engine.connection import database
from db.errors import RuleBroken, UnknownName
from db.fragments import BOOKABLE, PERSON_NAME
from db.records import status_numbers
from db.records.attendance import HeldCompletion, MarkKind
from db.records.catalogue import Audience, Strictness
from db.records.people import Colleague, Workplace, WorkplaceCount
from db.records.remedies import Remedy, RemedyKind

_HOME = (
    "person p LEFT JOIN organisation o ON o.id = p.organisation_id LEFT JOIN team t ON t.id = p.team_id WHERE p.active"
)
_NAMED = "p.organisation_id, coalesce(o.name, ''), p.team_id, coalesce(t.name, '')"
_ATTENDED = ", ".join(f"'{kind.value}'" for kind in MarkKind if kind.attended)
NO_ORGANISATION = "no organisation"


def find_workplace(name: str) -> Workplace:
    """Return an organisation, or a team given as `team` or `team, organisation`.

    Raises NotFound, and RuleBroken where several fit.
    """
    wanted = engine_search.fold_text(name.strip())
    teams = [
        Workplace(organisation_id, organisation, team_id, team)
        for organisation_id, organisation, team_id, team in _ask(
            "SELECT o.id, o.name, t.id, t.name FROM team t JOIN organisation o ON o.id = t.organisation_id"
            " ORDER BY t.name, o.name"
        )
    ]
    organisations = [
        Workplace(number, called, None, "") for number, called in _ask("SELECT id, name FROM organisation")
    ]
    nowhere = [Workplace(None, "", None, "")]
    every = [*teams, *organisations, *nowhere]
    found = [each for each in every if engine_search.fold_text(each.name) == wanted]
    found = found or [each for each in teams if engine_search.fold_text(each.team) == wanted]
    found = found or [each for each in every if wanted and wanted in engine_search.fold_text(each.name)]
    if not found:
        known = dict.fromkeys([each.name for each in every] + [each.team for each in teams])
        raise UnknownName(
            f"There is no team or organisation '{name}'.", name, known, remedy=Remedy(RemedyKind.LIST_TEAMS)
        )
    if len(found) > 1:
        listed = "; ".join(each.name for each in found[:8])
        raise RuleBroken(f"'{name}' matches several teams or organisations. Use one of: {listed}.")
    return found[0]


def fetch_workplace_counts() -> list[WorkplaceCount]:
    """Return the number of active people in each team of each organisation, managers and others apart."""
    return [
        WorkplaceCount(Workplace(*home), manager, people)
        for *home, managers, others in _ask(_PEOPLE_BY_HOME)
        for manager, people in ((True, managers), (False, others))
        if people
    ]


# Grouped by expressions: following the index on organisations, SQLite would look up each row and take three times as
# long.
_PEOPLE_BY_HOME = (
    "SELECT o.id, coalesce(o.name, ''), t.id, coalesce(t.name, ''), k.managers, k.people - k.managers FROM ("
    " SELECT coalesce(organisation_id, 0) AS organisation, coalesce(team_id, 0) AS team, count(*) AS people,"
    " sum(CASE WHEN is_manager THEN 1 ELSE 0 END) AS managers FROM person WHERE active GROUP BY 1, 2"
    ") AS k LEFT JOIN organisation o ON o.id = k.organisation LEFT JOIN team t ON t.id = k.team"
)


def fetch_audiences(course_ids: Sequence[int]) -> list[Audience]:
    """Return the audience of each course that can be completed, in the order of the catalogue."""
    sql = (
        "SELECT c.id, c.code, c.title, c.managers_only, c.audience_rule, c.validity_months FROM course c"
        f" JOIN strand s ON s.id = c.strand_id WHERE c.active AND {_among('c.id', course_ids)}"
        " AND EXISTS (SELECT 1 FROM module d WHERE d.course_id = c.id) ORDER BY s.position, c.position"
    )
    return [
        Audience(number, code, title, Strictness(rule) if managers_only else Strictness.OFF, months)
        for number, code, title, managers_only, rule, months in _ask(sql)
    ]


def count_standings(
    held_from: Mapping[int, Sequence[tuple[str, date]]], not_before: Mapping[str, date]
) -> list[tuple[int | None, int | None, bool, int, str, int]]:
    """Count the active people who have ever completed a course, by workplace and the standing of the completion.

    Returns (organisation id, team id, is manager, course id, standing, people). `held_from` has for each course its
    standings, latest first, each with the first day of completion it begins at; `not_before` the first day on which a
    completion may run out by its source for a standing. Whoever has none of them is out.
    """
    if not held_from:
        return []
    cases = " ".join(
        f"WHEN c.course_id = {course_id:d} AND c.\"on\" >= '{begins.isoformat()}'"
        f"{_lasts(not_before[standing]) if standing in not_before else ''} THEN '{standing}'"
        for course_id, standings in held_from.items()
        for standing, begins in standings
    )
    sql = (
        f"SELECT p.organisation_id, p.team_id, p.is_manager, c.course_id, CASE {cases} ELSE 'out' END, count(*)"
        " FROM completion c JOIN person p ON p.id = c.person_id"
        f" WHERE p.active AND {_among('c.course_id', list(held_from))} GROUP BY 1, 2, 3, 4, 5"
    )
    return [
        (organisation, team, bool(manager), course_id, stand, people)
        for organisation, team, manager, course_id, stand, people in _ask(sql)
    ]


def _lasts(until: date) -> str:
    return f" AND (c.expires IS NULL OR c.expires >= '{until.isoformat()}')"


def count_completion_holders(held_since: Mapping[int, date], today: date) -> dict[tuple[int | None, int | None], int]:
    """Count the active people who completed any of the courses on its given day or later.

    Returns the counts by (organisation id, team id).
    """
    if not held_since:
        return {}
    holds = " OR ".join(
        f"c.course_id = {course_id:d} AND c.\"on\" >= '{day.isoformat()}'" for course_id, day in held_since.items()
    )
    sql = (
        "SELECT p.organisation_id, p.team_id, count(DISTINCT p.id) FROM completion c"
        f" JOIN person p ON p.id = c.person_id WHERE p.active AND ({holds}){_lasts(today)} GROUP BY 1, 2"
    )
    return {(organisation, team): people for organisation, team, people in _ask(sql)}


def fetch_colleagues(home: Workplace) -> list[Colleague]:
    """Return the active people of a team, or of a whole organisation, by team and surname."""
    sql = (
        f"SELECT p.id, {PERSON_NAME}, p.email, {_NAMED}, p.is_manager FROM {_HOME}"
        f" AND {_at(home)} ORDER BY coalesce(t.name, ''), p.sort, p.id"
    )
    return [
        Colleague(person_id, name, email, Workplace(*where), bool(manager))
        for person_id, name, email, *where, manager in _ask(sql)
    ]


def fetch_team_completions(home: Workplace, course_ids: Sequence[int]) -> dict[int, dict[int, HeldCompletion]]:
    """Return the completions of a workplace's active people, by person id and course id."""
    found: dict[int, dict[int, HeldCompletion]] = {}
    sql = (
        'SELECT c.person_id, c.course_id, c."on", c.expires FROM completion c JOIN person p ON p.id = c.person_id'
        f" WHERE p.active AND {_at(home)} AND {_among('c.course_id', course_ids)}"
    )
    for person_id, course_id, *days in _ask(sql):
        on, expires = (date.fromisoformat(str(day)[:10]) if day else None for day in days)
        if on:
            found.setdefault(person_id, {})[course_id] = HeldCompletion(on, expires)
    return found


def fetch_expected_learners(
    course_ids: Sequence[int], today: date
) -> list[tuple[int, int, int | None, int | None, bool]]:
    """Return the active people on, or waiting for, an event of the courses that is not over.

    Each is (person id, course id, organisation id, team id, is manager); requests and offers are included.
    """
    live = ", ".join(
        map(str, (status_numbers.REQUESTED, status_numbers.WAITLISTED, status_numbers.OFFERED, status_numbers.BOOKED))
    )
    sql = (
        "SELECT DISTINCT e.person_id, v.course_id, p.organisation_id, p.team_id, p.is_manager FROM event v"
        " JOIN enrolment e ON e.event_id = v.id JOIN person p ON p.id = e.person_id"
        f" WHERE ({BOOKABLE} OR v.state = 'draft')"
        f" AND e.status IN ({live}) AND p.active AND {_among('v.course_id', course_ids)}"
        " AND (v.last_date IS NULL OR v.last_date >= ?)"
    )
    return [tuple(row) for row in _ask(sql, today)]


def fetch_workplace_minutes(
    course_ids: Sequence[int], first: date, until: date
) -> list[tuple[int | None, int | None, str, str, int | None, int, int]]:
    """Return the attended sessions by workplace, counted by their length.

    Each is (organisation id, team id, start, end, minutes noted, sessions from `first`, sessions since the start).
    """
    sql = (
        f"SELECT p.organisation_id, p.team_id, {_LENGTH}, {_COUNTED} {_MARKS} JOIN person p ON p.id = m.person_id"
        f" WHERE p.active AND {_THERE} AND {_among('v.course_id', course_ids)} GROUP BY 1, 2, 3, 4, 5"
    )
    return [tuple(row) for row in _ask(sql, first, until)]


def fetch_person_minutes(
    home: Workplace, course_ids: Sequence[int], first: date, until: date
) -> list[tuple[int, str, str, int | None, int, int]]:
    """Return the attended sessions of each person of a workplace, counted by their length.

    Each is (person id, start, end, minutes noted, sessions from `first`, sessions since the start).
    """
    sql = (
        f"SELECT m.person_id, {_LENGTH}, {_COUNTED} {_MARKS} JOIN person p ON p.id = m.person_id"
        f" WHERE p.active AND {_at(home)} AND {_THERE} AND {_among('v.course_id', course_ids)} GROUP BY 1, 2, 3, 4"
    )
    return [tuple(row) for row in _ask(sql, first, until)]


_MARKS = "FROM mark m JOIN session s ON s.id = m.session_id JOIN event v ON v.id = s.event_id"
_LENGTH = 'CAST(s.start AS TEXT), CAST(s."end" AS TEXT), m.minutes'
_COUNTED = "sum(CASE WHEN s.date >= ? THEN 1 ELSE 0 END), count(*)"
_THERE = f"m.mark IN ({_ATTENDED}) AND s.date <= ?"


def _at(home: Workplace) -> str:
    if home.team_id is not None:
        return f"p.team_id = {home.team_id:d}"
    return (
        "p.organisation_id IS NULL" if home.organisation_id is None else f"p.organisation_id = {home.organisation_id:d}"
    )


def _among(column: str, numbers: Sequence[int]) -> str:
    return f"{column} IN ({', '.join(map(str, numbers)) or 'NULL'})"


def _ask(sql: str, *values: object) -> list[Any]:
    found: Iterable[Any] = database.execute_sql(sql.replace("?", database.param), values).fetchall()
    return list(found)
