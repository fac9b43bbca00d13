"""The figures of the sample year, computed a second way: plain SQL here, and equal."""

import csv
import json
import re
import shutil
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import apsw
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.cli import reports as cli
from csc_tui.core.demo import database
from csc_tui.core.evaluation.rules import NO_DATA
from csc_tui.core.reports import list_files
from csc_tui.core.reports import queries as reports_queries
from csc_tui.core.reports.queries import ReportQuestion
from db import history
from db.engine.connection import write_transaction
from db.errors import NotFound, WrongUse
from db.records.booking import Status
from db.records.reports import Report, ReportCell
from tests import builders

TODAY = "2018-01-20T09:00"
THERE = "m.mark IN ('present', 'late', 'left_early')"
MARKS = (
    "mark m JOIN session s ON s.id = m.session_id JOIN event v ON v.id = s.event_id JOIN course c ON c.id = v.course_id"
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "year.db"
    database.create_demo(str(path), today=TODAY)
    return path


@pytest.fixture
def year(sample: Path, tmp_path: Path) -> tuple[Context, Any]:
    path = shutil.copy(sample, tmp_path / "year.db")
    return bootstrap.create_context(str(path), actor="alice", today=TODAY), apsw.Connection(str(path))


def by_name(found: Report, column: str, by: str) -> dict[str, Any]:
    place = found.columns.index(column)
    return {str(row[1]): row[place] for row in found.rows if row[0] == by}


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("strand", "(SELECT name FROM strand WHERE id = c.strand_id)"),
        ("course", "c.title"),
        ("staff or partner", "p.kind"),
        ("managers", "CASE p.is_manager WHEN 1 THEN 'managers' ELSE 'others' END"),
        ("organisation", "o.name"),
        ("team", "(SELECT name FROM team WHERE id = p.team_id) || ', ' || o.name"),
    ],
)  # fmt: skip
def test_people_developed_are_the_distinct_people_of_the_registers(
    year: tuple[Context, Any], by: str, key: str
) -> None:
    ctx, raw = year
    sql = (
        f"SELECT {key}, count(DISTINCT p.id) FROM {MARKS} JOIN person p ON p.id = m.person_id"
        f" LEFT JOIN organisation o ON o.id = p.organisation_id WHERE {THERE} GROUP BY 1"
    )
    counted: dict[Any, Any] = dict(raw.execute(sql).fetchall())
    found = by_name(reports_queries.get_report(ctx, "headline"), "people", by)
    assert {name: number for name, number in found.items() if number} == counted
    assert sum(counted.values()) > 100
    (everyone,) = raw.execute(f"SELECT count(DISTINCT m.person_id) FROM {MARKS} WHERE {THERE}").fetchone()
    assert by_name(reports_queries.get_report(ctx, "headline"), "since_start", "all") == {"everyone": everyone}


def test_people_with_one_two_or_three_modules_are_counted_by_different_modules(
    year: tuple[Context, Any],
) -> None:
    ctx, raw = year
    per_person = raw.execute(
        f"SELECT count(DISTINCT s.module_id) FROM {MARKS} WHERE {THERE} AND c.code = 'BR' GROUP BY m.person_id"
    ).fetchall()
    counted = Counter(number for (number,) in per_person)
    found = by_name(reports_queries.get_report(ctx, "headline"), "people", "modules of Being Restorative")
    assert found == {"1 of 3": counted[1], "2 of 3": counted[2], "3 of 3 (all)": counted[3]}
    assert counted[3] > 0


@pytest.mark.parametrize(("stage", "said"), [("on_the_day", "on the day"), ("three_months", "3 months")])
def test_agree_answered_and_invited_are_those_of_the_tables(year: tuple[Context, Any], stage: str, said: str) -> None:
    ctx, raw = year
    wait = 91 if stage == "three_months" else 0
    answers = {
        title: (agree, answered)
        for title, agree, answered in raw.execute(
            "SELECT c.title, sum(a.value), count(*) FROM answer a JOIN question q ON q.id = a.question_id"
            " JOIN evaluation e ON e.id = a.evaluation_id JOIN event v ON v.id = e.event_id"
            " JOIN course c ON c.id = v.course_id WHERE q.is_impact AND e.stage = ? GROUP BY 1",
            (stage,),
        )
    }
    invited: dict[Any, Any] = dict(
        raw.execute(
            f"SELECT title, count(*) FROM (SELECT DISTINCT c.title, v.id, m.person_id FROM {MARKS} WHERE {THERE}"
            f" AND date(v.last_date, '+{wait} days') <= '2018-01-20') GROUP BY 1"
        ).fetchall()
    )
    assert answers
    found = reports_queries.get_report(ctx, "headline")
    place = found.columns.index("agree")
    shown = {str(row[1]): row[place : place + 4] for row in found.rows if row[0] == reports_queries.IMPACT}
    for title, asked in invited.items():
        agree, answered = answers.get(title, (0, 0))
        share = None if not answered else int(100 * agree / answered + 0.5)
        assert shown[f"{title}, {said}"] == (agree, answered, asked, share), title


def test_places_and_marks_are_those_of_the_tables(year: tuple[Context, Any]) -> None:
    ctx, raw = year
    found = reports_queries.get_report(ctx, "attendance")
    held = raw.execute(
        "SELECT count(*), sum(capacity), sum(booked) FROM event WHERE state NOT IN ('draft', 'cancelled')"
        " AND first_date BETWEEN '2017-04-01' AND '2018-01-20'"
    ).fetchone()
    marks: dict[Any, Any] = dict(raw.execute("SELECT mark, count(*) FROM mark GROUP BY 1").fetchall())
    there = marks["present"] + marks["late"] + marks["left_early"]
    cancelled = raw.execute(
        "SELECT count(*) FROM enrolment e JOIN event v ON v.id = e.event_id WHERE e.status = 10"
        " AND v.first_date BETWEEN '2017-04-01' AND '2018-01-20'"
    ).fetchone()
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert (row["events"], row["places"], row["booked"]) == held
    assert (row["attended"], row["apologies"], row["absent"]) == (there, marks["apologies"], marks["absent"])
    assert row["no_show"] == int(100 * marks["absent"] / sum(marks.values()) + 0.5)
    assert row["cancelled"] == cancelled[0]
    of_strands = sum(number for number in by_name(found, "attended", "strand").values())
    assert of_strands == sum(by_name(found, "attended", "course").values()) == there


def test_loads_of_facilitators_and_venues_are_the_hours_of_their_sessions(
    year: tuple[Context, Any],
) -> None:
    ctx, raw = year
    for name, joined in (
        ("facilitators", "JOIN facilitation f ON f.session_id = s.id JOIN person p ON p.id = f.person_id"),
        ("venues", "JOIN venue p ON p.id = s.venue_id"),
    ):
        called = "p.forename || ' ' || p.surname" if name == "facilitators" else "p.name"
        counted = {
            who: (sessions, round(hours, 1))
            for who, sessions, hours in raw.execute(
                f'SELECT {called}, count(*), sum(unixepoch(s."end") - unixepoch(s.start)) / 3600.0 FROM session s'
                f" {joined} JOIN event v ON v.id = s.event_id WHERE s.date BETWEEN '2017-04-01' AND '2018-03-31'"
                " AND v.state <> 'cancelled' GROUP BY 1"
            )
        }
        found = reports_queries.get_report(ctx, name)
        assert {row[1]: row[-2:] for row in found.rows} == counted


def test_those_who_wait_are_those_of_the_waiting_lists(year: tuple[Context, Any]) -> None:
    ctx, raw = year
    found = reports_queries.get_report(ctx, "waiting")
    (waiting,) = raw.execute("SELECT count(*) FROM enrolment WHERE status = 60").fetchone()
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert row["still_waiting"] == waiting > 0
    assert row["joined"] == row["moved_up"] + row["gave_up"] + waiting  # type: ignore[operator]


def test_who_joins_a_waiting_list_as_a_year_begins_waits_in_that_year_alone(ctx: Context) -> None:
    on, bo = builders.event(), builders.person("Bo Smith")
    builders.enrolment(on, bo, Status.WAITLISTED)
    midnight = datetime(2018, 3, 31, 23)  # in UTC, and so of 1 April in Grimsby
    with write_transaction():
        history.insert_history_line(
            midnight, "alice", "waitlisted", "Bo", event_id=on.id, person_id=bo.id, after="waitlisted"
        )
    later = builders.at(ctx, "2018-06-01")
    joined = [
        by_name(reports_queries.get_report(later, "waiting", ReportQuestion(year=year)), "joined", "all")
        for year in ("2017", "2018")
    ]
    assert joined == [{"all courses": 0}, {"all courses": 1}]


def test_organisations_know_everybody_active(year: tuple[Context, Any]) -> None:
    ctx, raw = year
    counted: dict[Any, Any] = dict(
        raw.execute(
            "SELECT o.name, count(*) FROM person p JOIN organisation o ON o.id = p.organisation_id GROUP BY 1"
        ).fetchall()
    )
    assert by_name(reports_queries.get_report(ctx, "organisations"), "known", "organisation") == counted


def test_a_person_with_three_enrolments_is_counted_once(ctx: Context) -> None:
    bo = builders.person("Bo Smith", is_manager=True)
    for reference, day in (("BR-90", "2016-06-12"), ("BR-91", "2017-05-12"), ("BR-92", "2017-06-12")):
        on = builders.event(reference, dates=(day,), state="closed")
        builders.enrolment(on, bo)
        builders.mark(on, 1, bo)
    found = reports_queries.get_report(builders.at(ctx, "2018-03-31"), "headline")
    assert by_name(found, "people", "all") == {"everyone": 1}
    assert by_name(found, "since_start", "course")["Being Restorative"] == 1
    assert by_name(found, "people", "year") == {"2016/17": 1, "2017/18": 1}
    assert by_name(found, "people", "modules of Being Restorative")["1 of 3"] == 1


def test_who_did_not_come_was_not_developed_and_a_session_to_come_is_not_in_the_figures(ctx: Context) -> None:
    on = builders.event(dates=("2017-06-12",), capacity=5)
    for name, kind in (("Bo", "absent"), ("Cy", "apologies"), ("Di", "late")):
        builders.mark(on, 1, builders.person(name), kind)
    assert by_name(reports_queries.get_report(builders.at(ctx, "2017-06-11"), "headline"), "people", "all") == {
        "everyone": 0
    }
    assert by_name(reports_queries.get_report(builders.at(ctx, "2017-06-12"), "headline"), "people", "all") == {
        "everyone": 1
    }


def test_baselines_stand_beside_the_figures_and_are_never_added(ctx: Context) -> None:
    found = reports_queries.get_report(ctx, "headline")
    assert by_name(found, "baseline", "strand")["Signs of Safety"] == "2,375"
    assert by_name(found, "baseline", "course")["Restorative Leadership"] == "182"
    assert by_name(found, "baseline", "course")["Being Restorative"] == "over 400"
    assert by_name(found, "since_start", "all") == {"everyone": 0}
    assert by_name(found, "baseline", reports_queries.IMPACT)["Being Restorative, on the day"] == "74 %"
    assert by_name(found, "percent", reports_queries.IMPACT)["Being Restorative, on the day"] is None


def test_a_strand_or_course_leaves_the_others_and_their_baselines_out(ctx: Context) -> None:
    found = reports_queries.get_report(ctx, "headline", ReportQuestion(strand="sos"))
    assert [row[1] for row in found.rows if row[0] == reports_queries.BEFORE_DATABASE] == [
        "staff and partners developed in Signs of Safety"
    ]
    found = reports_queries.get_report(ctx, "modules", ReportQuestion(course="br"))
    assert set(by_name(found, "people", "Being Restorative")) == {"1. Module 1", "2. Module 2", "3. Module 3"}


@pytest.mark.parametrize(
    ("words", "fault", "said"),
    [
        ({"course": "NOPE"}, NotFound, "The courses are: SOS-INTRO"),
        ({"strand": "NOPE"}, NotFound, r"The strands are: SOS \(Signs of Safety\)"),
        ({"year": "2017/19"}, WrongUse, "not one year"),
        ({"by": "moon"}, WrongUse, "by course"),
    ],
)
def test_what_is_not_there_is_a_sentence(
    ctx: Context, words: dict[str, str], fault: type[Exception], said: str
) -> None:
    with pytest.raises(fault, match=said):
        reports_queries.get_report(ctx, "headline", ReportQuestion(**words))


def test_every_report_has_something_to_say_of_an_empty_year(ctx: Context) -> None:
    for name in reports_queries.REPORTS:
        for by in reports_queries.COMPARED_BY:
            found = reports_queries.get_report(ctx, name, ReportQuestion(year="2016/17", by=by))
            assert all(len(row) == len(found.columns) for row in found.rows)
            assert found.bars in found.columns
            assert len(found.targets) == len(found.rows)


def test_people_of_each_month_are_those_of_the_registers(year: tuple[Context, Any]) -> None:
    ctx, raw = year
    counted: dict[Any, Any] = dict(
        raw.execute(
            f"SELECT strftime('%Y-%m', s.date), count(DISTINCT m.person_id) FROM {MARKS} WHERE {THERE} GROUP BY 1"
        )
    )
    found = reports_queries.get_report(ctx, "headline").trend
    assert [month for month, _ in found] == [*(f"2017-{month:02d}" for month in range(4, 13)), "2018-01"]
    assert {month: people for month, people in found if people} == counted


def test_since_the_start_is_every_year_together(ctx: Context) -> None:
    bo, cy = builders.person("Bo Smith"), builders.person("Cy Jones")
    for reference, day, who in (("BR-90", "2016-06-12", bo), ("BR-91", "2017-05-12", cy), ("BR-92", "2017-06-12", bo)):
        on = builders.event(reference, dates=(day,), state="closed")
        builders.enrolment(on, who)
        builders.mark(on, 1, who)
    end = builders.at(ctx, "2018-03-31")
    found = reports_queries.get_report(end, "headline", ReportQuestion(year="all"))
    assert (found.period, by_name(found, "people", "all")) == ("since the start", {"everyone": 2})
    assert by_name(found, "people", "year") == {"2016/17": 1, "2017/18": 2}
    assert by_name(reports_queries.get_report(end, "attendance", ReportQuestion(year="ALL")), "events", "all") == {
        "all courses": 3
    }
    compared = reports_queries.get_report(end, "years")
    assert by_name(compared, "people", "all courses") == {"2016/17": 1, "2017/18": 2}
    assert by_name(compared, "events", "Being Restorative") == {"2016/17": 1, "2017/18": 2}
    assert by_name(compared, "percent", "all courses") == {"2016/17": None, "2017/18": None}


def test_the_latest_year_of_the_comparison_is_that_of_the_other_reports(year: tuple[Context, Any]) -> None:
    ctx, _ = year
    compared = reports_queries.get_report(ctx, "years")
    row = dict(zip(compared.columns, compared.rows[0], strict=True))
    attendance = reports_queries.get_report(ctx, "attendance")
    said = dict(zip(attendance.columns, attendance.rows[0], strict=True))
    assert row["name"] == "2017/18"
    assert {name: row[name] for name in ("events", "places", "filled", "attendance", "no_show", "cancelled")} == {
        name: said[name] for name in ("events", "places", "filled", "attendance", "no_show", "cancelled")
    }
    assert row["people"] == by_name(reports_queries.get_report(ctx, "headline"), "people", "all")["everyone"]


def test_a_course_of_its_own_lists_its_events_and_they_add_up_to_it(year: tuple[Context, Any]) -> None:
    ctx, _ = year
    found = reports_queries.get_report(ctx, "attendance", ReportQuestion(course="BR"))
    of_events = by_name(found, "attended", "event")
    assert len(of_events) == by_name(found, "events", "course")["Being Restorative"] > 3
    assert sum(of_events.values()) == by_name(found, "attended", "course")["Being Restorative"]
    assert ("event", "BR-01") in found.targets


def test_lines_say_what_they_are_about(year: tuple[Context, Any]) -> None:
    ctx, _ = year
    found = reports_queries.get_report(ctx, "headline")
    about = {(row[0], row[1]): target for row, target in zip(found.rows, found.targets, strict=True)}
    assert about["strand", "Signs of Safety"] == ("strand", "Signs of Safety")
    assert about["course", "Being Restorative"] == ("course", "BR")
    assert about[reports_queries.IMPACT, "Being Restorative, on the day"] == ("course", "BR")
    assert about["modules of Being Restorative", "1 of 3"] == ("course", "BR")
    assert about["all", "everyone"] is None
    for kind, key in filter(None, found.targets):
        if kind == "team":
            assert reports_queries.get_report(ctx, "compliance", ReportQuestion(team=key)).rows
    leads = reports_queries.get_report(ctx, "facilitators")
    assert {kind for kind, _ in filter(None, leads.targets)} == {"person"}


def test_two_facilitators_of_one_name_are_compared_apart(ctx: Context) -> None:
    led = [builders.person("Ty Lead", is_facilitator=True) for _ in range(2)]
    for number, who in enumerate(led):
        on = builders.event(f"BR-9{number}", dates=["2017-04-03"], state="closed", facilitators=[who])
        builders.mark(on, 1, builders.person())
    found = reports_queries.get_report(ctx, "evaluation", ReportQuestion(by="facilitator"))
    assert {str(row[0]) for row in found.rows} == {f"Ty Lead (#{each.id})" for each in led}
    assert set(found.targets) == {("facilitator", f"Ty Lead (#{each.id})") for each in led}


class Tables(HTMLParser):
    """The cells of the tables of a page, line by line; headings are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.lines.append([])
        self.inside = tag == "td"
        if self.inside:
            self.lines[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.lines[-1][-1] += data


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?(?: %)?", text))


@pytest.mark.parametrize("name", list(reports_queries.REPORTS))
def test_every_form_of_a_report_says_the_same(
    year: tuple[Context, Any], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, _ = year
    found = reports_queries.get_report(ctx, name)
    paths = {ending: tmp_path / f"report{ending}" for ending in (".json", ".csv", ".xlsx", ".html", ".pdf")}
    for path in paths.values():
        list_files.write_report(ctx, found, str(path))
    rows = [list(row) for row in found.rows]
    assert len(rows) > 3
    assert [list(each.values()) for each in json.loads(paths[".json"].read_text())] == rows

    headings, *lines = csv.reader(StringIO(paths[".csv"].read_text("utf-8-sig")))
    assert headings == list(found.columns)
    assert lines == [["" if cell is None else str(cell) for cell in row] for row in rows]

    titles, *cells = CalamineWorkbook.from_path(paths[".xlsx"]).get_sheet_by_index(0).to_python()
    assert titles == [column.replace("_", " ") for column in found.columns]
    assert cells == [["" if cell is None else cell for cell in row] for row in rows]

    def said(cell: ReportCell, column: str) -> str:
        if column in reports_queries.PERCENT_COLUMNS:
            return f"{cell} %"
        return f"{cell:,}" if isinstance(cell, int | float) else str(cell)

    expected = [
        [said(cell, column) for cell, column in zip(row, found.columns, strict=True) if cell not in (None, "")][1:]
        for row in rows
    ]
    page = Tables()
    page.feed(paths[".html"].read_text())
    shown = [[cell for cell in line if cell not in ("", NO_DATA)] for line in page.lines if line]
    assert shown == expected

    heading = reports_queries.report_heading(ctx, found)
    printed = cli.report_text(found, heading).splitlines()
    for (name_, *others), row in zip(expected, rows, strict=True):
        source = row[found.columns.index("source")] if "source" in found.columns else None
        wanted = numbers("  ".join(cell for cell in others if cell != source))
        assert any(name_ in each and not wanted - numbers(each.replace(name_, "", 1)) for each in printed), row

    paper = "\n".join(each.extract_text() for each in PdfReader(paths[".pdf"]).pages).replace(heading, "")
    besides = [
        *found.notes,
        *(f"{people:,}" for _, people in found.trend),
        *re.findall(r"\d+ / \d+$|and \d+ more", paper, re.M),
    ]
    there = numbers(
        "  ".join([*besides, *(cell for line in expected for cell in line), *{str(row[0]) for row in rows}])
    )
    assert not numbers(paper) - there
    assert sum(numbers(paper).values()) > len(rows) / 2
