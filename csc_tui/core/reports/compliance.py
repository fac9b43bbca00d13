"""Reports on teams and courses: people in date, people to invite next, and hours of learning."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from csc_tui.base import text as base_text
from csc_tui.core.attendance import completion, outcomes
from csc_tui.core.attendance.completion import AttendedModule, CompletionStanding, CourseRequirements
from csc_tui.core.attendance.rules import attended_minutes
from csc_tui.core.booking import audience
from csc_tui.core.reports.scope import ReportScope
from db import catalogue
from db import compliance as compliance_store
from db import figures as figures_store
from db.records.attendance import HeldCompletion, MarkKind
from db.records.catalogue import Audience, Strictness
from db.records.people import Colleague, Workplace
from db.records.remedies import Remedy, RemedyKind
from db.records.reports import Report, ReportCell

Row = tuple[ReportCell, ...]
TeamIds = tuple[int | None, int | None]
"""(organisation id, team id)."""
HELD = (CompletionStanding.IN_DATE, CompletionStanding.DUE)
"""The standings in which a person holds a course."""
NOT_MEANT = ""
"""The standing of a person that a course is not for."""
STANDING_LETTERS = {"in date": "I", "due": "D", "out": "O", "never": "."}
"""A letter for each standing, for tables without room for the words."""
NO_TEAM, EVERYONE = "no team", "all of it"


def report_compliance(scope: ReportScope) -> Report:
    """Return the report of teams, or of a team's people, against the courses meant for them."""
    chosen = compliance_store.fetch_audiences(scope.ids)
    return _of_people(scope, scope.home, chosen) if scope.home else _of_teams(scope, chosen)


def _of_people(scope: ReportScope, home: Workplace, courses: Sequence[Audience]) -> Report:
    kept = compliance_store.fetch_team_completions(home, scope.ids)
    rows: list[Row] = []
    for each in compliance_store.fetch_colleagues(home):
        stands = [
            _standing(scope, course, each, kept.get(each.person_id, {}).get(course.course_id)) for course in courses
        ]
        held = sum(1 for stand in stands if stand in HELD)
        meant = sum(1 for stand in stands if stand != NOT_MEANT)
        words = [str(stand) for stand in stands]
        rows.append((_group(home, each), each.name, each.key, base_text.rounded_percent(held, meant), *words))
    return Report(
        "compliance", f"Compliance of {home.name}", "",
        ("by", "name", "person", "reached", *(course.code for course in courses)), rows, "reached",
        (_legend(scope), "Reached: the percentage of the courses meant for a person that they hold, in date or due."),
    )  # fmt: skip


def _group(home: Workplace, who: Colleague) -> str:
    """Return the heading for a person: their team in a list of an organisation, else the team asked for."""
    return who.home.team or NO_TEAM if home.team_id is None else home.name


def _standing(scope: ReportScope, course: Audience, who: Colleague, completed: HeldCompletion | None) -> str:
    if completed is None and not audience.is_course_for(course, who.is_manager):
        return NOT_MEANT
    return _stand(scope, course, completed)


def _stand(scope: ReportScope, course: Audience, completed: HeldCompletion | None) -> CompletionStanding:
    return completion.completion_standing(
        completed and completed.on, course.validity_months, scope.ctx.today(), refresher_days=_notice(scope),
        expires=completed and completed.expires,
    )  # fmt: skip


def _of_teams(scope: ReportScope, courses: Sequence[Audience]) -> Report:
    held_from = _held_from(scope, courses)
    holding: Counter[tuple[TeamIds, int]] = Counter()
    for organisation, team, _, course_id, stand, people in compliance_store.count_standings(
        held_from, _not_before(scope)
    ):
        if stand in HELD:
            holding[(organisation, team), course_id] += people
    reached = compliance_store.count_completion_holders(
        {key: min(day for stand, day in each if stand in HELD) for key, each in held_from.items()}, scope.ctx.today()
    )
    known = Counter[Workplace]()
    for each in compliance_store.fetch_workplace_counts():
        known[each.home] += each.people
    rows: list[Row] = []
    for by, name, members in _by_organisation(known):
        places = [_team_ids(home) for home in members]
        people = sum(known[home] for home in members)
        rows.append(
            (by, name, people, base_text.rounded_percent(sum(reached.get(place, 0) for place in places), people),
             *(sum(holding[place, course.course_id] for place in places) for course in courses))
        )  # fmt: skip
    return Report(
        "compliance", "Compliance", "",
        ("by", "name", "people", "reached", *(each.code for each in courses)), rows, "reached",
        (
            "People who hold each course, in date or due for a refresher. Reached: the percentage with any of them.",
        ),
        remedy=Remedy(RemedyKind.SHOW_TEAM),
    )  # fmt: skip


def report_invite_next(scope: ReportScope) -> Report:
    """Return the report of people who never had a course or have to refresh it and have no place to come.

    It counts by course or team, and names people when both one course and one team are chosen.
    """
    courses = compliance_store.fetch_audiences(scope.ids)
    if len(courses) == 1 and scope.home:
        return _to_invite(scope, scope.home, courses[0])
    held_from = _held_from(scope, courses)
    counts: Counter[tuple[int, TeamIds, str]] = Counter()
    about = {each.course_id: each for each in courses}
    for organisation, team, manager, course_id, stand, people in compliance_store.count_standings(
        held_from, _not_before(scope)
    ):
        if audience.is_course_for(about[course_id], manager):
            counts[course_id, (organisation, team), stand] += people
    for _, course_id, organisation, team, manager in compliance_store.fetch_expected_learners(
        list(about), scope.ctx.today()
    ):
        if audience.is_course_for(about[course_id], manager):
            counts[course_id, (organisation, team), _COMING] += 1
    known = [
        each
        for each in compliance_store.fetch_workplace_counts()
        if scope.home is None or _within(each.home, scope.home)
    ]
    rows: list[Row] = []
    if len(courses) == 1:
        (course,) = courses
        meant = Counter[Workplace]()
        for each in known:
            if audience.is_course_for(course, each.is_manager):
                meant[each.home] += each.people
        for by, name, members in _by_organisation(meant):
            places = [_team_ids(home) for home in members]
            rows.append((by, name, *_numbers(counts, course, places, sum(meant[home] for home in members))))
    else:
        places = list({_team_ids(each.home) for each in known})
        for course in courses:
            meant_for = sum(each.people for each in known if audience.is_course_for(course, each.is_manager))
            rows.append(("course", course.title, *_numbers(counts, course, places, meant_for)))
    name = courses[0].title if len(courses) == 1 else "each course"
    return Report(
        "invite-next", f"Who to invite next to {name}", "",
        ("by", "name", "people", "held", "due", "out", "never", "coming"), rows, "never",
        (
            "People the course is meant for: how many are in date, due, out of date or have never done it.",
            "Coming: they have, are waiting for or have asked for a place on a future event, so need no invitation.",
            *_for_managers(courses),
            "Choose a course and a team to see the names.",
        ),
    )  # fmt: skip


def _for_managers(courses: Sequence[Audience]) -> list[str]:
    """Return a note on the courses that are for managers, so that others are left out; empty without such courses."""
    named = [each.title for each in courses if each.managers is not Strictness.OFF]
    return [f"{' and '.join(named)}: for managers only, so other people are not counted."] if named else []


_COMING = "coming"


def _numbers(
    counts: Counter[tuple[int, TeamIds, str]], course: Audience, places: Sequence[TeamIds], people: int
) -> list[int]:
    held, due, out, coming = (
        sum(counts[course.course_id, place, stand] for place in places)
        for stand in (CompletionStanding.IN_DATE, CompletionStanding.DUE, CompletionStanding.OUT, _COMING)
    )
    return [people, held, due, out, max(people - held - due - out, 0), coming]


AFTER_ANOTHER = "after another course"
_ORDER = {CompletionStanding.OUT: 0, CompletionStanding.DUE: 1, CompletionStanding.NEVER: 2}


def _to_invite(scope: ReportScope, home: Workplace, course: Audience) -> Report:
    """Return the names to invite: to refresh it first, then those who began it, then the others.

    People who need another course before it come last.
    """
    today = scope.ctx.today()
    coming = {person_id for person_id, *_ in compliance_store.fetch_expected_learners([course.course_id], today)}
    before = [
        code
        for code, strict in catalogue.fetch_booking_rules(course.course_id).prerequisites
        if strict is Strictness.RULE
    ]
    course_of = {
        each.code: number for number, each in figures_store.fetch_report_courses().items() if each.code in before
    }
    kept = compliance_store.fetch_team_completions(home, [course.course_id, *course_of.values()])
    known = [each for each in compliance_store.fetch_colleagues(home) if each.person_id not in coming]
    asked = [each for each in known if audience.is_course_for(course, each.is_manager)]
    needed = outcomes.list_course_requirements()[course.course_id]
    began = outcomes.list_attended_modules(course.course_id, [each.person_id for each in asked])
    listed = []
    for place, who in enumerate(asked):
        held = kept.get(who.person_id, {}).get(course.course_id)
        stand = _stand(scope, course, held)
        if stand is not CompletionStanding.IN_DATE:
            lacks = _lacks(began.get(who.person_id, []), needed, held)
            first = [each for each in before if course_of[each] not in kept.get(who.person_id, {})]
            order = (bool(first), _ORDER[stand], not lacks, place)
            said = f"{', '.join(first)} first" if first else lacks
            listed.append((order, who, AFTER_ANOTHER if first else _heading(stand, lacks), held, said))
    listed.sort(key=lambda each: each[0])
    rows: list[Row] = [
        (
            heading, who.name, who.key, who.email, who.home.team or NO_TEAM,
            "manager" if who.is_manager else "", completion.day_if_known(held and held.on), said,
        )
        for _, who, heading, held, said in listed
    ]  # fmt: skip
    return Report(
        "invite-next", f"Who to invite next to {course.title}", home.name,
        ("by", "name", "person", "email", "team", "role", "completed", "needs"), rows, "",
        (
            "People who have, are waiting for or have asked for a place on a future event are left out.",
            *_for_managers([course]),
        ),
    )  # fmt: skip


def _heading(stand: CompletionStanding, lacks: str) -> str:
    return "started" if stand is CompletionStanding.NEVER and lacks else stand.value


def _lacks(attended: Sequence[AttendedModule], needed: CourseRequirements, completed: HeldCompletion | None) -> str:
    return completion.missing_in_words(attended, needed) if attended and completed is None else ""


def report_hours(scope: ReportScope) -> Report:
    """Return the report of hours of attended learning (CPD), by team or, for one team, by person."""
    if scope.home:
        return _hours_of_people(scope, scope.home)
    minutes: dict[TeamIds, list[int]] = {}
    found = compliance_store.fetch_workplace_minutes(scope.ids, scope.first, scope.until)
    for organisation, team, start, end, noted, times, all_times in found:
        each = minutes.setdefault((organisation, team), [0, 0])
        attended = attended_minutes(MarkKind.PRESENT, noted, _length(start, end))
        each[0] += times * attended
        each[1] += all_times * attended
    known = Counter[Workplace]()
    for count in compliance_store.fetch_workplace_counts():
        known[count.home] += count.people
    rows: list[Row] = []
    for by, name, members in _by_organisation(known):
        people = sum(known[home] for home in members)
        year, start_ = (sum(minutes.get(_team_ids(home), (0, 0))[which] for home in members) for which in (0, 1))
        rows.append((by, name, people, _hours(year), round(year / 60 / people, 1) if people else None, _hours(start_)))
    return Report(
        "hours", "CPD hours", scope.label, ("by", "name", "people", "hours", "each", "hours_since_start"),
        rows, "hours",
        ("CPD hours attended by the people who work there today. Each: the average of all of them, attended or not.",),
    )  # fmt: skip


def _hours_of_people(scope: ReportScope, home: Workplace) -> Report:
    minutes: dict[int, list[int]] = {}
    found = compliance_store.fetch_person_minutes(home, scope.ids, scope.first, scope.until)
    for person_id, start, end, noted, times, all_times in found:
        each = minutes.setdefault(person_id, [0, 0, 0])
        attended = attended_minutes(MarkKind.PRESENT, noted, _length(start, end))
        each[0] += times * attended
        each[1] += all_times * attended
        each[2] += times
    rows: list[Row] = [
        (_group(home, who), who.name, who.key, mine[2], _hours(mine[0]), _hours(mine[1]))
        for who in compliance_store.fetch_colleagues(home)
        for mine in (minutes.get(who.person_id, (0, 0, 0)),)
    ]
    return Report(
        "hours", f"CPD hours of {home.name}", scope.label,
        ("by", "name", "person", "sessions", "hours", "hours_since_start"), rows, "hours",
        ("CPD hours attended, as shown on certificates and on the person's card.",),
    )  # fmt: skip


def list_team_choices() -> list[tuple[str, str, int]]:
    """Return (organisation, team or organisation as typed, active people) to choose from; inside a transaction."""
    known = Counter[Workplace]()
    for each in compliance_store.fetch_workplace_counts():
        known[each.home] += each.people
    return [
        (by, _typed(by, name), sum(known[home] for home in its))
        for by, name, its in _by_organisation(known)
        if name != NO_TEAM
    ]


def team_as_typed(by: str, name: str) -> str:
    """Return the text that chooses the team of a report's line: `Early Help, North East Lincolnshire Council`."""
    return _typed(by, name)


def _typed(organisation: str, name: str) -> str:
    return organisation if name in (EVERYONE, NO_TEAM) else f"{name}, {organisation}"


def _by_organisation(known: Counter[Workplace]) -> list[tuple[str, str, list[Workplace]]]:
    """Return (organisation, team, homes): for each organisation all of it, then its teams where it has several."""
    found: dict[str, list[Workplace]] = {}
    for home in sorted(known, key=lambda each: (each.organisation.casefold(), each.team.casefold())):
        found.setdefault(home.organisation or compliance_store.NO_ORGANISATION, []).append(home)
    lines = []
    for organisation, its in found.items():
        if len(its) > 1 or not its[0].team:
            lines.append((organisation, EVERYONE, its))
        lines += [(organisation, home.team or NO_TEAM, [home]) for home in its if home.team or len(its) > 1]
    return lines


def _notice(scope: ReportScope) -> int:
    """Return the days before a completion runs out from which it is due, as for reminders."""
    return scope.ctx.refresher_days


def _legend(scope: ReportScope) -> str:
    return (
        f"I: in date for {_notice(scope)} days or more. D: due, runs out before that. O: out of date. .: never done. "
        "Empty: the course is for managers only."
    )


def _within(home: Workplace, outer: Workplace) -> bool:
    return home.organisation_id == outer.organisation_id and outer.team_id in (None, home.team_id)


def _team_ids(home: Workplace) -> TeamIds:
    return home.organisation_id, home.team_id


def _held_from(scope: ReportScope, courses: Sequence[Audience]) -> dict[int, list[tuple[str, date]]]:
    today, notice = scope.ctx.today(), _notice(scope)
    return {
        each.course_id: [
            (stand.value, day)
            for stand, day in completion.standing_thresholds(each.validity_months, today, refresher_days=notice)
        ]
        for each in courses
    }


def _not_before(scope: ReportScope) -> dict[str, date]:
    """Return the first day on which a completion may run out by its source, for each standing in which it holds."""
    today = scope.ctx.today()
    return {
        CompletionStanding.IN_DATE.value: today + timedelta(days=_notice(scope)), CompletionStanding.DUE.value: today,
    }  # fmt: skip


def _length(start: str, end: str) -> int:
    """Return the minutes between two times of day, written as in the database."""
    (hours_, minutes), (last_hours, last_minutes) = (map(int, text[:5].split(":")) for text in (start, end))
    return (last_hours - hours_) * 60 + last_minutes - minutes


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)
