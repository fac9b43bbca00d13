"""Teams against courses, whom to invite next and hours: the sample year a second way, and small cases by hand."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import apsw
import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.attendance import outcomes
from csc_tui.core.catalogue import course_rules
from csc_tui.core.demo import database
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import queries as reports_queries
from csc_tui.core.reports.queries import ReportQuestion
from db import models
from db.engine.connection import read_transaction, write_transaction
from db.errors import NotFound, RuleBroken, WrongUse
from db.records.booking import Status
from db.records.people import Person
from db.records.reports import Report, ReportCell
from tests import builders

TODAY = "2018-01-20T09:00"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "year.db"
    database.create_demo(str(path), today=TODAY)
    return path


@pytest.fixture
def year(sample: Path, tmp_path: Path) -> tuple[Context, apsw.Connection]:
    path = shutil.copy(sample, tmp_path / "year.db")
    return bootstrap.create_context(str(path), actor="alice", today=TODAY), apsw.Connection(str(path))


def column(found: Report, name: str) -> dict[str, ReportCell]:
    place = found.columns.index(name)
    return {f"{row[0]}: {row[1]}": row[place] for row in found.rows}


def complete(person: Person, day: str, code: str = "BR") -> None:
    with write_transaction():
        course_id = models.CourseRow.select(models.CourseRow.id).where(models.CourseRow.code == code).scalar()
        models.CompletionRow.insert(person=person.id, course=course_id, on=date.fromisoformat(day)).execute()


def test_teams_hold_what_the_completions_say(year: tuple[Context, apsw.Connection]) -> None:
    ctx, raw = year
    counted = dict(
        raw.execute(
            "SELECT o.name || ': ' || t.name, count(*) FROM completion c JOIN person p ON p.id = c.person_id"
            " JOIN team t ON t.id = p.team_id JOIN organisation o ON o.id = p.organisation_id"
            " WHERE c.course_id = (SELECT id FROM course WHERE code = 'BR') AND p.active GROUP BY 1"
        )
    )
    found = column(reports_queries.get_report(ctx, "compliance"), "BR")
    assert {name: number for name, number in found.items() if number and "all of it" not in name} == counted
    assert len(counted) > 3
    assert found["North East Lincolnshire Council: all of it"] == sum(counted.values())


def test_the_people_of_a_team_add_up_to_its_line(year: tuple[Context, apsw.Connection]) -> None:
    ctx, _ = year
    whole = reports_queries.get_report(ctx, "compliance")
    line = next(row for row in whole.rows if row[1] == "Early Help")
    people = reports_queries.get_report(ctx, "compliance", ReportQuestion(team="early help")).rows
    assert len(people) == line[2]
    for place in range(4, len(line)):
        assert sum(row[place] in ("in date", "due") for row in people) == line[place]


def test_whom_to_invite_is_everybody_less_those_who_hold_it_or_come(year: tuple[Context, apsw.Connection]) -> None:
    ctx, raw = year
    listed = {
        str(row[2])
        for row in reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="BR", team="Early Help")).rows
    }
    counted = {
        f"#{number}"
        for (number,) in raw.execute(
            "SELECT p.id FROM person p JOIN team t ON t.id = p.team_id WHERE t.name = 'Early Help' AND p.active"
            " AND p.id NOT IN (SELECT k.person_id FROM completion k JOIN course c ON c.id = k.course_id"
            " WHERE c.code = 'BR') AND p.id NOT IN (SELECT e.person_id FROM enrolment e"
            " JOIN event v ON v.id = e.event_id JOIN course c ON c.id = v.course_id WHERE c.code = 'BR'"
            " AND e.status IN (40, 60, 65, 70) AND v.state IN ('draft', 'open', 'tentative', 'confirmed')"
            " AND (v.last_date >= '2018-01-20' OR v.last_date IS NULL))"
        )
    }
    assert listed == counted
    assert len(counted) > 100


def test_hours_are_those_of_the_sessions_attended(year: tuple[Context, apsw.Connection]) -> None:
    ctx, raw = year
    counted = {
        name: round(hours, 1)
        for name, hours in raw.execute(
            'SELECT t.name, sum(min(coalesce(m.minutes, 9999), (unixepoch(s."end") - unixepoch(s.start)) / 60)) / 60.0'
            " FROM mark m JOIN session s ON s.id = m.session_id JOIN person p ON p.id = m.person_id JOIN team t ON"
            " t.id = p.team_id WHERE m.mark IN ('present', 'late', 'left_early') AND p.active GROUP BY 1"
        )
    }
    found = reports_queries.get_report(ctx, "hours")
    assert {str(row[1]): row[3] for row in found.rows if row[1] in counted} == counted
    assert sum(counted.values()) > 1000
    of_team = reports_queries.get_report(ctx, "hours", ReportQuestion(team="Early Help"))
    for row in of_team.rows[:40]:
        card = people_queries.get_person_card(ctx, str(row[2]))
        assert row[5] == round(sum(each.hours for each in card.hours), 1)
    assert round(sum(float(row[4] or 0) for row in of_team.rows), 0) == round(counted["Early Help"], 0)


def test_in_date_due_out_and_never_by_the_months_a_course_holds(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "validity_months", "12")
    days = {"In": "2016-12-01", "Due": "2016-05-01", "Out": "2016-04-09", "Never": ""}
    for name, day in days.items():
        who = builders.person(f"{name} Case", organisation="Police", team="North")
        if day:
            complete(who, day)
    found = reports_queries.get_report(ctx, "compliance", ReportQuestion(team="North"))
    place = found.columns.index("BR")
    assert {row[1]: row[place] for row in found.rows} == {
        "Due Case": "due", "In Case": "in date", "Never Case": "never", "Out Case": "out",
    }  # fmt: skip
    counted = Counter(row[place] for row in found.rows)
    (line,) = [
        row
        for row in reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="BR")).rows
        if row[1] == "North"
    ]
    assert line[2:] == (4, counted["in date"], counted["due"], counted["out"], counted["never"], 0)
    assert column(reports_queries.get_report(ctx, "compliance"), "BR") == {"Police: North": 2}
    invited = reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="BR", team="North, Police"))
    assert [(row[0], row[1]) for row in invited.rows] == [
        ("out", "Out Case"), ("due", "Due Case"), ("never", "Never Case"),
    ]  # fmt: skip


def test_a_course_for_managers_is_not_asked_of_others_and_who_comes_is_not_invited(ctx: Context) -> None:
    boss = builders.person("Ann Boss", organisation="Police", team="North", is_manager=True)
    worker = builders.person("Bo Worker", organisation="Police", team="North")
    coming = builders.person("Cy Boss", organisation="Police", team="North", is_manager=True)
    builders.enrolment(builders.event("RL-90", course="RL"), coming, Status.WAITLISTED)
    found = reports_queries.get_report(ctx, "compliance", ReportQuestion(team="north"))
    assert column(found, "RL") == {"North, Police: Ann Boss": "never", "North, Police: Bo Worker": "",
                                   "North, Police: Cy Boss": "never"}  # fmt: skip
    invited = reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="RL", team="north"))
    assert [row[2] for row in invited.rows] == [boss.key]
    assert worker.key not in str(invited.rows)
    leaves_out = "Restorative Leadership: for managers only, so other people are not counted."
    assert leaves_out in invited.notes
    assert leaves_out in reports_queries.get_report(ctx, "invite-next").notes
    assert not [
        note
        for note in reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="BR")).notes
        if "for managers" in note
    ]
    builders.enrolment(builders.event("RL-91", course="RL"), worker)
    of_it = reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="RL"))
    assert [dict(zip(of_it.columns, row, strict=True))["coming"] for row in of_it.rows] == [1], "the boss alone"


def test_who_began_comes_before_who_never_did_and_who_lacks_what_comes_before_comes_last(ctx: Context) -> None:
    from db.records.catalogue import Strictness

    ready = builders.person("Ann Ready", organisation="Police", team="North")
    builders.person("Bo Not", organisation="Police", team="North")
    began = builders.person("Cy Began", organisation="Police", team="North")
    for who in (ready, began):
        complete(who, "2017-01-01", "SOS-INTRO")
    builders.mark(builders.event("BR-90", dates=["2017-04-03"], state="closed"), 1, began)
    course_rules.require_prerequisite(ctx, "BR", "SOS-INTRO", Strictness.RULE)
    found = reports_queries.get_report(ctx, "invite-next", ReportQuestion(course="BR", team="north"))
    assert [(row[0], row[1], row[-1]) for row in found.rows] == [
        ("started", "Cy Began", "modules 2 and 3"), ("never", "Ann Ready", ""),
        ("after another course", "Bo Not", "SOS-INTRO first"),
    ]  # fmt: skip


def test_an_organisation_is_taken_whole_and_people_without_any_have_a_line(ctx: Context) -> None:
    builders.person("Ann One", organisation="Police", team="North")
    builders.person("Bo Two", organisation="Police")
    builders.person("Cy Three")
    lines = [(row[0], row[1], row[2]) for row in reports_queries.get_report(ctx, "compliance").rows]
    assert ("Police", "all of it", 2) in lines
    assert ("no organisation", "all of it", 1) in lines
    assert {row[1] for row in reports_queries.get_report(ctx, "compliance", ReportQuestion(team="Police")).rows} == {
        "Ann One",
        "Bo Two",
    }
    assert [
        row[1] for row in reports_queries.get_report(ctx, "hours", ReportQuestion(team="no organisation")).rows
    ] == ["Cy Three"]


@pytest.mark.parametrize(
    ("name", "team", "fault", "said"),
    [
        ("compliance", "Nowhere", NotFound, "no team or organisation 'Nowhere'"),
        ("compliance", "Nor", RuleBroken, "North, Health; North, Police"),
        ("headline", "North", WrongUse, "compliance, invite-next, hours"),
    ],
)
def test_a_team_that_cannot_be_told_is_a_sentence(
    ctx: Context, name: str, team: str, fault: type[Exception], said: str
) -> None:
    for organisation in ("Police", "Health"):
        builders.person("Ann One", organisation=organisation, team="North")
    with pytest.raises(fault, match=said):
        reports_queries.get_report(ctx, name, ReportQuestion(team=team))


def test_a_completion_taken_back_leaves_the_matrix(ctx: Context) -> None:
    who = builders.person("Ann One", organisation="Police", team="North")
    on = builders.event("SOS-BRIEF-90", course="SOS-BRIEF", dates=["2017-04-03"], state="closed")
    builders.mark(on, 1, who)
    with write_transaction():
        outcomes.recalculate_completions(ctx, on.course_id, event_id=on.id)
    assert column(reports_queries.get_report(ctx, "compliance", ReportQuestion(team="North")), "SOS-BRIEF") == {
        "North, Police: Ann One": "in date"
    }
    with write_transaction():
        models.MarkRow.delete().execute()
        outcomes.recalculate_completions(ctx, on.course_id, event_id=on.id)
    assert column(reports_queries.get_report(ctx, "compliance", ReportQuestion(team="North")), "SOS-BRIEF") == {
        "North, Police: Ann One": "never"
    }
    with read_transaction():
        assert models.CompletionRow.select().count() == 0


def test_how_early_a_course_is_due_is_the_policy_of_the_reminders(ctx: Context) -> None:
    course_rules.set_course_rule(ctx, "BR", "validity_months", "12")
    complete(builders.person("Due Later", organisation="Police", team="North"), "2016-08-01")
    early = replace(ctx, policy={**ctx.policy, "refresher_days": "150"})
    for each, said in ((ctx, "in date"), (early, "due")):
        assert list(
            column(reports_queries.get_report(each, "compliance", ReportQuestion(team="North")), "BR").values()
        ) == [said]
    assert column(reports_queries.get_report(early, "invite-next", ReportQuestion(course="BR")), "due") == {
        "Police: North": 1
    }
    assert "150 days" in reports_queries.get_report(early, "compliance", ReportQuestion(team="North")).notes[0]
