"""A new database holds what the seed says."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import new_database
from db import catalogue, models, policy
from db.engine.connection import read_transaction
from db.errors import Duplicate, RuleBroken
from db.records.catalogue import ResourceKind
from db.records.startup import Role


def test_the_programme_began_in_april_2015_and_has_two_strands(ctx: Context) -> None:
    with read_transaction():
        programme = catalogue.fetch_programme()
        assert programme is not None
        assert (programme.name, programme.started) == ("Creating Strong Communities", date(2015, 4, 1))
        assert "Social Care Innovation" in programme.description
        assert [strand.name for strand in catalogue.fetch_strands()] == ["Signs of Safety", "Restorative Practice"]


def test_the_catalogue_has_every_course_the_programme_page_names(ctx: Context) -> None:
    with read_transaction():
        found = {course.code: course for course in catalogue.fetch_active_courses()}
    assert list(found) == ["SOS-INTRO", "SOS-BRIEF", "SOS-SAT", "SOS-PL", "SOS-ALS", "RL", "BR"]
    assert found["RL"].impact_question == "This development has changed the way I manage staff."
    assert found["BR"].impact_question == "This has supported my practice."
    assert all(course.description and course.audience and course.impact_question for course in found.values())


def test_being_restorative_is_three_modules_of_three_hours_and_leadership_learns_between_its_workshops(
    ctx: Context,
) -> None:
    with read_transaction():
        ids = {course.code: course.id for course in catalogue.fetch_active_courses()}
        restorative = [(module.title, module.minutes) for module in catalogue.fetch_modules(ids["BR"])]
        leadership = [module.title.split()[0] for module in catalogue.fetch_modules(ids["RL"])]
    assert restorative == [("Module 1", 180), ("Module 2", 180), ("Module 3", 180)]
    assert leadership == ["Workshop", "Action"] * 3 + ["Workshop"]


def test_each_course_asks_its_impact_question_first_on_the_day_and_after_three_months(ctx: Context) -> None:
    with read_transaction():
        asked = models.QuestionRow.select().where(models.QuestionRow.is_impact)
        rows = [(each.course_id, each.stage.value, each.position, each.text) for each in asked]
        wanted = {course.id: course.impact_question for course in catalogue.fetch_active_courses()}
    assert sorted(rows) == sorted(
        (course_id, stage, 1, text) for course_id, text in wanted.items() for stage in ("on_the_day", "three_months")
    )


def test_both_links_and_the_three_named_documents_are_there_and_the_handbook_belongs_to_being_restorative(
    ctx: Context,
) -> None:
    with read_transaction():
        found = catalogue.fetch_resources()
    assert [each.address for each in found if each.kind is ResourceKind.LINK] == [
        "www.signsofsafety.net",
        "www.restorativefoundation.org.uk",
    ]
    assert {each.title: each.course for each in found if each.kind is ResourceKind.DOCUMENT} == {
        "NELC Restorative Practice Overview": "",
        "RP Theoretical Perspective": "",
        "Being Restorative Practitioners Handbook": "BR",
    }
    assert all(each.strand for each in found)


def test_no_headline_figure_of_the_page_is_lost_and_each_has_its_source_and_date(ctx: Context) -> None:
    with read_transaction():
        found = catalogue.fetch_baselines()
    figures = [(each.strand, each.course, each.qualifier, each.value, each.unit) for each in found]
    assert figures == [
        ("Signs of Safety", "", "", 2375, "people"),
        ("Restorative Practice", "RL", "", 182, "people"),
        ("Restorative Practice", "BR", "over", 400, "people"),
        ("Restorative Practice", "RL", "", 74, "percent"),
        ("Restorative Practice", "BR", "", 74, "percent"),
    ]
    assert {(each.source, each.as_of) for each in found} == {
        ("Creating Strong Communities programme page", date(2017, 3, 31))
    }


def test_whoever_founds_the_database_is_its_administrator(ctx: Context) -> None:
    with read_transaction():
        assert policy.fetch_role("alice") is Role.ADMINISTRATOR


def test_a_database_is_founded_once(ctx: Context) -> None:
    with pytest.raises(Duplicate, match="already has a programme"):
        new_database.fill_new_database(ctx)


def test_nobody_below_an_administrator_founds_a_database(ctx: Context) -> None:
    with pytest.raises(RuleBroken, match="the administrator role; alice has the coordinator role"):
        new_database.fill_new_database(replace(ctx, role=Role.COORDINATOR))
