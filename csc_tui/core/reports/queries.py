"""The reports on the programme, each a table that can be shown, drawn and exported."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from csc_tui.base import programme_years
from csc_tui.base import text as base_text
from csc_tui.base.context import Context
from csc_tui.base.text import format_date
from csc_tui.core.evaluation import rules as evaluation_rules
from csc_tui.core.reports import compliance, figures
from csc_tui.core.reports.scope import ALL_YEARS, EARLIEST, SINCE_THE_START, ReportScope
from db import catalogue, earlier_learning, evaluation
from db import compliance as compliance_store
from db import figures as figures_store
from db.engine.connection import read_transaction
from db.errors import UnknownName, WrongUse
from db.records.catalogue import ReportCourse
from db.records.evaluation import AnswerKind, EvaluatedEvent, Stage
from db.records.reports import Baseline, CourseFigures, Report, ReportCell, ReportTarget, Workload

BEFORE_DATABASE = "before this database (not included below)"
IMPACT = "changed what people do"
ONCE = "Each person counts once in each line, so lines may not add up."
STANDING_LETTERS = compliance.STANDING_LETTERS
PERCENT_COLUMNS = ("percent", "filled", "attendance", "no_show", "reached")
"""The columns in percent."""
COLUMNS_DROPPED_FIRST = (
    "answers", "team", "completed", "role", "mean", "sessions", "apologies", "absent", "gave_up", "longest_days",
    "cancelled", "events", "late", "booked", "person", "places", "no_show", "email",
)  # fmt: skip
"""The columns to leave out where there is no room for all, in this order; files have them all."""
TABLES_CUT_FIRST = ("team", "modules of", "organisation", "year")
"""The beginnings of the parts that are cut first to fit a report on one page."""
HEADINGS = {
    "since_start": "since start", "baseline": "before", "no_show": "no-show", "hours_since_start": "since start",
}  # fmt: skip
"""The headings that differ from the names of their columns."""
COMPARED_BY = ("course", "event", "facilitator", "year")
"""The ways in which evaluations can be compared."""
MOST_YEARS = 10
"""The number of latest years that are compared."""
STAGES = {Stage.ON_THE_DAY: "on the day", Stage.THREE_MONTHS: "3 months"}
"""The words for each stage in reports."""
Row = tuple[ReportCell, ...]


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """A question put to a report, in words of a person; what is empty narrows nothing.

    Without `year` it is the current programme year, and ALL_YEARS stands for since the start. `team` narrows those of
    TEAM_REPORTS to a team or organisation, and `by` says how `evaluation` is compared.
    """

    year: str = ""
    strand: str = ""
    course: str = ""
    by: str = "course"
    team: str = ""


CURRENT_YEAR = ReportQuestion()


def get_report(ctx: Context, name: str, question: ReportQuestion = CURRENT_YEAR) -> Report:
    """Return one of REPORTS for what is asked. Raises NotFound for an unknown strand, course or team, and WrongUse."""
    team, by = question.team, question.by
    if name not in REPORTS:
        raise WrongUse(f"There is no report '{name}'. The reports are: {', '.join(REPORTS)}.")
    if by not in COMPARED_BY:
        raise WrongUse(f"You can compare evaluations by {', '.join(COMPARED_BY)}, not by '{by}'.")
    today = ctx.today()
    whole = question.year.strip().lower() == ALL_YEARS
    number = programme_years.parse_asked_year(ctx, "" if whole else question.year)
    first, last = programme_years.programme_year_bounds(number, ctx.first_month)
    if team and name not in TEAM_REPORTS:
        raise WrongUse(f"The reports for one team are {', '.join(TEAM_REPORTS)}, not '{name}'.")
    with read_transaction():
        chosen = _chosen(figures_store.fetch_report_courses(), question.strand, question.course)
        home = compliance_store.find_workplace(team) if team else None
        scope = ReportScope(ctx, number, EARLIEST if whole else first, last, min(last, today), chosen, by, home)
        found = REPORTS[name](scope)
    return replace(found, targets=tuple(_target(scope, found, row) for row in found.rows))


def _target(scope: ReportScope, found: Report, row: Row) -> ReportTarget | None:
    """Return what a line of a report is about, so that it can be opened; None for nothing in particular."""
    by, name = str(row[0]), str(row[1])
    if "person" in found.columns and (person := row[found.columns.index("person")]):
        return "person", str(person)
    codes = {each.title: each.code for each in scope.courses.values()}
    if found.name == "evaluation":
        name, by = by, scope.by
    if found.name in TEAM_REPORTS and by != "course":
        return "team", compliance.team_as_typed(by, name)
    if by == IMPACT:
        by, name = "course", name.rpartition(", ")[0]
    match by:
        case "course":
            return ("course", codes[name]) if name in codes else None
        case "strand" | "event" | "year":
            return by, name
        case "venue" | "facilitator":
            return (by, name) if name != "not recorded" else None
        case "team" | "organisation":
            return ("team", name) if name != "not recorded" else None
    title = by.removeprefix("modules of ")
    return ("course", codes[title]) if title in codes else None


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """Something that a report can be narrowed to: a strand, course or team; `people` counts those of a team."""

    kind: str
    key: str
    title: str
    people: int = 0


def list_report_choices(ctx: Context) -> list[ReportChoice]:
    """Return everything that a report can be narrowed to: strands, courses, and teams under their organisations."""
    with read_transaction():
        courses = figures_store.fetch_report_courses()
        return [
            *(ReportChoice("strand", each.code, each.name) for each in catalogue.fetch_strands()),
            *(ReportChoice("course", each.code, each.title) for each in courses.values()),
            *(ReportChoice("team", typed, typed, people) for _, typed, people in compliance.list_team_choices()),
        ]


def _chosen(known: dict[int, ReportCourse], strand: str, course: str) -> dict[int, ReportCourse]:
    """Return the courses of a strand, by its code or name, or one course by its code or title. Raises NotFound."""
    wanted = course.strip().casefold()
    if wanted:
        found = {key: each for key, each in known.items() if wanted in (each.code.casefold(), each.title.casefold())}
        if not found:
            listed = ", ".join(each.code for each in known.values())
            names = [name for each in known.values() for name in (each.code, each.title)]
            raise UnknownName(
                f"There is no course {course}.", course, names, otherwise=f"The courses are: {listed}.",
            )  # fmt: skip
        return found
    if strand.strip():
        name = catalogue.find_strand(strand).name
        return {key: each for key, each in known.items() if each.strand == name}
    return known


def _trend(asking: ReportScope) -> tuple[tuple[str, int], ...]:
    """Return the number of people who attended in each month of a year, up to this month; empty for several years."""
    if asking.whole:
        return ()
    found = figures_store.count_monthly_attendance(asking.ids, asking.first, asking.until)
    months = [
        f"{year}-{month:02d}" for year, month in programme_years.programme_year_months(asking.year, asking.first.month)
    ]
    return tuple((each, found.get(each, 0)) for each in months if each <= f"{asking.until:%Y-%m}")


def _headline(asking: ReportScope) -> Report:
    """Return distinct people developed, the baselines beside them, and the share who say that practice changed."""
    baselines = [each for each in catalogue.fetch_baselines() if _is_about(each, asking.courses)]
    rows: list[Row] = [
        (
            BEFORE_DATABASE,
            each.label,
            None,
            None,
            _worth(each),
            None,
            None,
            None,
            None,
            None,
            f"{each.source}, {format_date(each.as_of)}",
        )
        for each in baselines
    ]
    titles = {each.code: each.title for each in asking.courses.values()}
    beside = {
        ("course", titles[each.course]) if each.course else ("strand", each.strand): _worth(each)
        for each in baselines
        if each.unit == "people"
    }
    earlier = earlier_learning.count_earlier_learners(asking.ids, asking.until)
    for each in _developed(asking):
        baseline = beside.get((each.by, each.name))
        before = earlier.get((each.by, each.name))
        rows.append((each.by, each.name, each.people, each.since_start, baseline, before, None, None, None, None, None))
    for by, name, people, start in _by_modules(asking):
        rows.append((by, name, people, start, None, None, None, None, None, None, None))
    shares = {each.course: _worth(each) for each in baselines if each.unit == "percent"}
    asked = figures_store.fetch_evaluated_events(asking.ids, asking.first, asking.until)
    tallies = figures_store.fetch_answer_counts(asking.ids, asking.first, asking.until, impact_only=True)
    for course_id, course in asking.courses.items():
        for stage, said in STAGES.items():
            share = evaluation_rules.impact_share(stage, _of(asked, course_id), tallies, asking.ctx.today())
            baseline = shares.get(course.code)
            if baseline or share.invited:
                name = f"{course.title}, {said}"
                rows.append(
                    (
                        IMPACT,
                        name,
                        None,
                        None,
                        baseline,
                        None,
                        share.agree,
                        share.answered,
                        share.invited,
                        share.percent,
                        None,
                    )
                )
    sources = dict.fromkeys(f"{each.source}, {format_date(each.as_of)}" for each in baselines)
    return Report(
        "headline", "Headline figures", asking.label,
        (
            "by", "name", "people", "since_start", "baseline", "earlier", "agree", "answered", "invited", "percent",
            "source",
        ),
        rows, "since_start",
        (
            f"People who attended at least one session, in {asking.label} and since the start. {ONCE}",
            "Before: figures from before this database. They are not added in, because the same people may be in both.",
            "Earlier: people recorded as having learnt it before or elsewhere. They are not added in, either.",
            f"Source of the earlier figures: {'; '.join(sources) or 'none'}.",
            "Evaluation: how many agree, how many answered and how many were asked (those who attended).",
        ),
        trend=_trend(asking),
    )  # fmt: skip


def _is_about(baseline: Baseline, courses: dict[int, ReportCourse]) -> bool:
    codes = {each.code for each in courses.values()}
    return (
        baseline.course in codes if baseline.course else baseline.strand in {each.strand for each in courses.values()}
    )


def _worth(baseline: Baseline) -> str:
    figure = f"{baseline.value:,} %" if baseline.unit == "percent" else f"{baseline.value:,}"
    return f"{baseline.qualifier} {figure}".strip()


def _developed(asking: ReportScope) -> list[figures.PeopleCount]:
    month = asking.ctx.first_month
    ends = [(number, programme_years.programme_year_bounds(number, month)[1]) for number in _years(asking)]
    found = figures.developed_people(
        figures_store.fetch_attendance_profiles(asking.ids, ends, asking.until), asking.courses, asking.year
    )
    if not asking.whole:
        return found
    return [each if each.by == "year" else replace(each, people=each.since_start) for each in found]


def _years(asking: ReportScope) -> range:
    """Return the programme years from that of the first session to the one asked about."""
    month = asking.ctx.first_month
    begun = figures_store.fetch_first_session_date(asking.until)
    first = programme_years.programme_year_of(begun, month) if begun else asking.year
    return range(min(first, asking.year), asking.year + 1)


def _by_modules(asking: ReportScope) -> Iterable[tuple[str, str, int, int]]:
    """Yield (heading, n of all, people in the period, people since the start) for each course of several modules."""
    needed = dict.fromkeys(asking.courses, 0)
    for module in catalogue.fetch_modules():
        if module.course_id in needed:
            needed[module.course_id] += 1
    counts = figures_store.fetch_module_counts(asking.ids, asking.first, asking.until)
    for course_id, course in asking.courses.items():
        if needed[course_id] > 1:
            for number, people, start in figures.people_by_modules(counts, course_id, needed[course_id]):
                if start or number <= 3 or number == needed[course_id]:
                    whole = " (all)" if number == needed[course_id] else ""
                    yield f"modules of {course.title}", f"{number} of {needed[course_id]}{whole}", people, start


def _attendance(asking: ReportScope) -> Report:
    """Return the places filled, the rates of attendance and no-shows, and the places given up."""
    loads = {
        each.course_id: each for each in figures_store.fetch_course_figures(asking.ids, asking.first, asking.until)
    }
    rows = [_load("all", "all courses", figures.sum_course_loads(list(loads.values())))]
    for strand in dict.fromkeys(each.strand for each in asking.courses.values()):
        of_it = [loads[course_id] for course_id, each in asking.courses.items() if each.strand == strand]
        rows.append(_load("strand", strand, figures.sum_course_loads(of_it)))
    rows += [_load("course", each.title, loads[course_id]) for course_id, each in asking.courses.items()]
    if len(asking.courses) == 1:
        rows += [
            _load("event", reference, load)
            for reference, _, load in figures_store.fetch_event_figures(asking.ids, asking.first, asking.until)
        ]
    return Report(
        "attendance", "Places and attendance", asking.label,
        ("by", "name", "events", "places", "booked", "filled", "sessions", "attended", "apologies", "absent",
         "attendance", "no_show", "cancelled", "late"),
        rows, "attendance",
        (
            "Events that have begun, without drafts and cancelled events. Filled: the percentage of places booked.",
            "From the year's registers. Attendance and no-show (absent without apologies) are percentages.",
            "Cancelled: places cancelled. Late: those cancelled after the cut-off.",
        ),
        trend=_trend(asking),
    )  # fmt: skip


def _load(by: str, name: str, each: CourseFigures) -> Row:
    marked = each.attended + each.apologies + each.absent
    return (
        by,
        name,
        each.events,
        each.places,
        each.booked,
        base_text.rounded_percent(each.booked, each.places),
        each.sessions,
        each.attended,
        each.apologies,
        each.absent,
        base_text.rounded_percent(each.attended, marked),
        base_text.rounded_percent(each.absent, marked),
        each.cancelled,
        each.late,
    )


def _waiting(asking: ReportScope) -> Report:
    """Return how long people wait for a place."""
    found = figures_store.fetch_waiting_times(
        asking.ids, _stamp(asking.ctx, asking.first), _stamp(asking.ctx, asking.last + _ONE_DAY)
    )
    now = asking.ctx.stamp()
    groups = {"all courses": found}
    groups |= {
        each.title: [wait for wait in found if wait.course_id == course_id]
        for course_id, each in asking.courses.items()
    }
    rows: list[Row] = []
    for name, waits in groups.items():
        done = figures.waiting_times(waits, now)
        rows.append(
            ("all" if name == "all courses" else "course", name, done.joined, done.moved, done.gave_up, done.still,
             done.median_days, done.longest_days, done.waiting_longest)
        )  # fmt: skip
    return Report(
        "waiting", "Waiting lists", asking.label,
        ("by", "name", "joined", "moved_up", "gave_up", "still_waiting", "median_days", "longest_days",
         "waiting_longest"),
        rows, "median_days",
        (
            "People who joined a waiting list in the year, and how many days they waited for a place or an offer.",
            "Waiting longest: days so far for the person who has waited longest.",
        ),
    )  # fmt: skip


_ONE_DAY = timedelta(days=1)


def _stamp(ctx: Context, day: date) -> datetime:
    """Return midnight of a local day as a UTC stamp."""
    return datetime.combine(day, time(), ctx.zone).astimezone(UTC).replace(tzinfo=None)


def _organisations(asking: ReportScope) -> Report:
    """Return how many people of each organisation and team have been reached."""
    known: dict[tuple[str, str], int] = {}
    for kind, organisation, team, people in figures_store.count_active_people():
        name = f"{team}, {organisation}" if team else "not recorded"
        for key in (("kind of organisation", kind or "not recorded"), ("organisation", organisation or "not recorded"),
                    ("team", name)):  # fmt: skip
            known[key] = known.get(key, 0) + people
    counts = {(each.by, each.name): each for each in _developed(asking)}
    rows: list[Row] = []
    for by in ("organisation", "team"):
        for name in sorted({name for way, name in (*known, *counts) if way == by}, key=str.casefold):
            people, count = known.get((by, name), 0), counts.get((by, name))
            start = count.since_start if count else 0
            rows.append(
                (by, name, people, count.people if count else 0, start, base_text.rounded_percent(start, people))
            )
    return Report(
        "organisations", "Organisations and teams", asking.label,
        ("by", "name", "known", "people", "since_start", "reached"), rows, "since_start",
        (
            "Known: active people. Then the people who attended anything in the year, and since the start.",
            f"Reached: the percentage of known people who attended since the start; over 100 if some have left. {ONCE}",
        ),
    )  # fmt: skip


def _evaluation(asking: ReportScope) -> Report:
    """Return the answers to evaluations, compared by course, event, facilitator or year."""
    first = EARLIEST if asking.by == "year" else asking.first
    asked = figures_store.fetch_evaluated_events(asking.ids, first, asking.until)
    tallies = figures_store.fetch_answer_counts(asking.ids, first, asking.until)
    questions = evaluation.fetch_questions()
    rows: list[Row] = []
    for name, events in _compared(asking, asked, first).items():
        for each in evaluation_rules.question_results(questions, events, tallies, asking.ctx.today()):
            share = each.share
            if each.kind is not AnswerKind.TEXT and (share.answered or (each.is_impact and share.invited)):
                rows.append(
                    (name, each.question, STAGES[each.stage], share.agree, share.answered, share.invited,
                     share.percent, each.mean, "/".join(map(str, each.spread)))
                )  # fmt: skip
    return Report(
        "evaluation", "Evaluation", "all years" if asking.by == "year" else asking.label,
        ("by", "name", "stage", "agree", "answered", "invited", "percent", "mean", "answers"), rows, "percent",
        (
            "Agree / answered / asked, after events that ended in the year. People who attended are asked.",
            f"On a scale of 1 to 5, {evaluation_rules.AGREES_FROM} or 5 counts as agree. Mean: the average answer.",
            "Answers: how many people gave each answer, from the lowest (no, yes, or 1 to 5).",
        ),
    )  # fmt: skip


def _compared(asking: ReportScope, asked: Sequence[EvaluatedEvent], first: date) -> dict[str, list[EvaluatedEvent]]:
    """Return the events under each thing that they are compared by."""
    leading: dict[int, list[str]] = {}
    if asking.by == "facilitator":
        leaders = figures_store.fetch_event_leaders(asking.ids, first, asking.until)
        shared = Counter(name for _, name in {(person_id, name) for _, name, person_id in leaders})
        for event_id, name, person_id in leaders:
            leading.setdefault(event_id, []).append(f"{name} (#{person_id})" if shared[name] > 1 else name)
    month = asking.ctx.first_month
    ways: dict[str, Callable[[EvaluatedEvent], Iterable[str]]] = {
        "course": lambda each: [asking.courses[each.course_id].title],
        "event": lambda each: [each.event],
        "facilitator": lambda each: leading.get(each.event_id, ["not recorded"]),
        "year": lambda each: [
            programme_years.programme_year_label(programme_years.programme_year_of(each.last_date, month))
        ],
    }
    found: dict[str, list[EvaluatedEvent]] = {}
    for each in asked:
        for name in ways[asking.by](each):
            found.setdefault(name, []).append(each)
    order = [each.title for each in asking.courses.values()] if asking.by == "course" else sorted(found)
    return {name: found[name] for name in order if name in found}


def _modules(asking: ReportScope) -> Report:
    """Return how many people attended each module, and how many have how many modules of a course."""
    rows: list[Row] = []
    attended = figures_store.fetch_module_attendance(asking.ids, asking.first, asking.until)
    counts = list(_by_modules(asking))
    for course_id, course in asking.courses.items():
        rows += [
            (course.title, f"{position}. {title}", people, start)
            for its, position, title, people, start in attended
            if its == course_id
        ]
        rows += [(by, name, people, start) for by, name, people, start in counts if by == f"modules of {course.title}"]
    return Report(
        "modules", "Modules", asking.label, ("by", "name", "people", "since_start"), rows, "since_start",
        (f"People who attended each module, then people by how many modules they have attended. {ONCE}",),
    )  # fmt: skip


def _facilitators(asking: ReportScope) -> Report:
    """Return how much each facilitator leads."""
    found = figures_store.fetch_facilitator_workloads(asking.ids, asking.first, asking.last)
    return _loads("facilitators", "Facilitators' load", "facilitator", asking, found)


def _venues(asking: ReportScope) -> Report:
    """Return how much each venue is used."""
    return _loads(
        "venues",
        "Venues' use",
        "venue",
        asking,
        figures_store.fetch_venue_workloads(asking.ids, asking.first, asking.last),
    )


def _loads(name: str, title: str, by: str, asking: ReportScope, found: Sequence[Workload]) -> Report:
    is_person = by == "facilitator"
    rows: list[Row] = [
        (by, each.name, *([f"#{each.key}"] if is_person else []), each.events, each.sessions,
         round(each.minutes / 60, 1))
        for each in found
    ]  # fmt: skip
    columns = ("by", "name", *(["person"] if is_person else []), "events", "sessions", "hours")
    return Report(
        name, title, asking.label, columns, rows, "hours",
        ("Sessions with a date in the year, past or future, without cancelled events.",),
    )  # fmt: skip


def _compared_years(asking: ReportScope) -> Report:
    """Return each programme year's people, places, attendance, and share who say that practice changed."""
    month = asking.ctx.first_month
    numbers = _years(asking)[-MOST_YEARS:]
    ends = [(number, programme_years.programme_year_bounds(number, month)[1]) for number in _years(asking)]
    profiles = figures_store.fetch_attendance_profiles(asking.ids, ends, asking.until)
    asked = figures_store.fetch_evaluated_events(asking.ids, EARLIEST, asking.until)
    tallies = figures_store.fetch_answer_counts(asking.ids, EARLIEST, asking.until, impact_only=True)
    groups: dict[str, set[int]] = {"all courses": set(asking.courses)}
    if len(asking.courses) > 1:
        groups |= {each.title: {course_id} for course_id, each in asking.courses.items()}
    rows: dict[str, list[Row]] = {name: [] for name in groups}
    for number in numbers:
        first, last = programme_years.programme_year_bounds(number, month)
        last = min(last, asking.until)
        loads = {each.course_id: each for each in figures_store.fetch_course_figures(asking.ids, first, last)}
        for name, ids in groups.items():
            people = sum(each.people for each in profiles if any((key, number) in each.taken for key in ids))
            load = figures.sum_course_loads([loads[key] for key in ids])
            ended = [each for each in asked if each.course_id in ids and first <= each.last_date <= last]
            share = evaluation_rules.impact_share(Stage.ON_THE_DAY, ended, tallies, asking.ctx.today())
            if people or load.events or name == "all courses":
                marked = load.attended + load.apologies + load.absent
                rows[name].append(
                    (
                        name,
                        programme_years.programme_year_label(number),
                        people,
                        load.events,
                        load.places,
                        base_text.rounded_percent(load.booked, load.places),
                        base_text.rounded_percent(load.attended, marked),
                        base_text.rounded_percent(load.absent, marked),
                        load.cancelled,
                        share.agree,
                        share.answered,
                        share.invited,
                        share.percent,
                    )
                )
    return Report(
        "years", "Year by year",
        f"{programme_years.programme_year_label(numbers[0])} to {asking.label}" if len(numbers) > 1 else asking.label,
        ("by", "name", "people", "events", "places", "filled", "attendance", "no_show", "cancelled", "agree",
         "answered", "invited", "percent"),
        [row for lines in rows.values() for row in lines], "people",
        (
            "Each person counts once a year. Filled, attendance and no-show are percentages.",
            "Agree: people who say, on the day, that it changed what they do / people who answered / people asked.",
        ),
    )  # fmt: skip


def _of(asked: Sequence[EvaluatedEvent], course_id: int) -> list[EvaluatedEvent]:
    return [each for each in asked if each.course_id == course_id]


REPORTS: dict[str, Callable[[ReportScope], Report]] = {
    "headline": _headline,
    "years": _compared_years,
    "attendance": _attendance,
    "waiting": _waiting,
    "organisations": _organisations,
    "evaluation": _evaluation,
    "modules": _modules,
    "compliance": compliance.report_compliance,
    "invite-next": compliance.report_invite_next,
    "hours": compliance.report_hours,
    "facilitators": _facilitators,
    "venues": _venues,
}
"""The function that makes each report, by its name."""
TEAM_REPORTS = ("compliance", "invite-next", "hours")
"""The reports that can be narrowed to a team or organisation."""


def column_headings(found: Report) -> dict[str, str]:
    """Return the headings that differ from the names of their columns."""
    one_year = "since_start" in found.columns and found.period != SINCE_THE_START
    return HEADINGS | ({"people": "this year"} if one_year else {})


def report_heading(ctx: Context, found: Report) -> str:
    """Return the line above a report: the programme, the report, the period, and the day of the figures."""
    with read_transaction():
        programme = catalogue.fetch_programme()
    name = f"{programme.name}: " if programme else ""
    title = found.title[:1].lower() + found.title[1:]
    return f"{name}{', '.join(filter(None, (title, found.period)))}, as of {format_date(ctx.today())}"
