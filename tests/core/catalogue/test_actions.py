"""The catalogue changes from year to year, and what rests on it stays whole."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import course_rules, resources
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import queries as reports_queries
from db import catalogue
from db.engine.connection import read_transaction
from db.errors import CscError, Duplicate, NotFound, RuleBroken, WrongUse
from db.records.catalogue import ResourceKind, Strictness
from db.records.startup import Role
from tests import builders


def modules(ctx: Context, code: str = "BR") -> list[tuple[int, str, int]]:
    return [(each.position, each.title, each.minutes) for each in catalogue_queries.show_course(ctx, code).modules]


THREE = [(1, "Module 1", 180), (2, "Module 2", 180), (3, "Module 3", 180)]


def test_a_new_course_can_be_planned_and_the_database_is_sound(ctx: Context, location: str) -> None:
    catalogue_actions.add_strand(ctx, "tip", "Trauma informed practice")
    changes = catalogue_actions.add_course(
        ctx, catalogue_actions.CourseToAdd("TIP", "tip-1", "First steps", [("Morning", 180), ("Afternoon", 150)])
    )
    assert [(each.field, each.after) for each in changes] == [
        ("title", "First steps"), ("module 1", "Morning, 3 h"), ("module 2", "Afternoon, 2 h 30"),
    ]  # fmt: skip
    calendar_actions.add_event(ctx, calendar_actions.NewEvent("TIP-1", []))
    with read_transaction():
        course = catalogue.find_active_course("tip-1")
    assert (course.strand, course.impact_question) == ("Trauma informed practice", "This has supported my practice.")
    assert [each.event for each in catalogue_queries.show_course(ctx, "TIP-1").events] == ["TIP-1-01"]
    checked = upkeep.check_database(location, actor="alice", today="2017-04-10")
    assert [each for each in checked if each.result == "wrong"] == []


@pytest.mark.parametrize(
    ("words", "refusal", "why"),
    [
        ({"code": "BR"}, Duplicate, "already a course BR"),
        ({"code": "a b"}, WrongUse, "The code of a course"),
        ({"title": " "}, WrongUse, "needs a title"),
        ({"strand": "nope"}, NotFound, "The strands are: SOS"),
        ({"modules": []}, WrongUse, "at least one module"),
        ({"modules": [("A", 60), ("a", 60)]}, WrongUse, "would be two modules called"),
        ({"minimum": 21}, WrongUse, "The minimum of 21 people"),
        ({"capacity": 10_001}, WrongUse, "from 0 to 10000"),
    ],
)
def test_a_course_that_makes_no_sense_is_not_made(
    ctx: Context, words: dict[str, object], refusal: type[Exception], why: str
) -> None:
    given: dict[str, object] = {"strand": "RP", "code": "NEW", "title": "New", "modules": [("Day", 60)], **words}
    before = len(catalogue_queries.show_catalogue(ctx).entries)
    with pytest.raises(refusal, match=why):
        catalogue_actions.add_course(ctx, catalogue_actions.CourseToAdd(**given))  # type: ignore[arg-type]
    assert len(catalogue_queries.show_catalogue(ctx).entries) == before


def test_a_retired_course_keeps_its_events_and_takes_no_new_ones(ctx: Context) -> None:
    builders.event("BR-90", dates=["2017-03-01"], state="delivered")
    catalogue_actions.retire_course(ctx, "br")
    with pytest.raises(NotFound, match="no course BR"):
        calendar_actions.add_event(ctx, calendar_actions.NewEvent("BR", []))
    assert people_queries.get_event_card(ctx, "BR-90").event.course == "BR"
    assert not catalogue_queries.show_course(ctx, "BR").course.active
    with pytest.raises(RuleBroken, match="already archived"):
        catalogue_actions.retire_course(ctx, "BR")
    catalogue_actions.bring_back_course(ctx, "BR")
    calendar_actions.add_event(ctx, calendar_actions.NewEvent("BR", []))


@pytest.mark.parametrize("dates", [["2017-04-10"], [None]])
def test_a_course_with_events_to_come_is_not_retired(ctx: Context, dates: list[str | None]) -> None:
    builders.event("BR-90", dates=dates)
    with pytest.raises(RuleBroken, match=r"1 event still to come \(BR-90\)"):
        catalogue_actions.retire_course(ctx, "BR")
    calendar_actions.cancel_event(ctx, "BR-90", reason="Too few")
    catalogue_actions.retire_course(ctx, "BR")


def test_a_module_with_attendance_or_sessions_stays(ctx: Context) -> None:
    event = builders.event("BR-90", dates=["2017-04-03", "2017-05-08"])
    builders.mark(event, 1, builders.booked(event, "Bo")[0])
    with pytest.raises(RuleBroken, match=r"removed, because attendance has been recorded for it \(BR-90 session 1\)"):
        catalogue_actions.remove_module(ctx, "BR", 1)
    with pytest.raises(RuleBroken, match=r"sessions are planned for it \(BR-90 session 2\)"):
        catalogue_actions.remove_module(ctx, "BR", 2)
    catalogue_actions.remove_module(ctx, "BR", 3)
    assert modules(ctx) == THREE[:2]
    with pytest.raises(RuleBroken, match="its only module"):
        catalogue_actions.remove_module(ctx, "SOS-PL", 1)
    with pytest.raises(NotFound, match="It has: 1 Module 1, 2 Module 2"):
        catalogue_actions.remove_module(ctx, "BR", 3)


def test_removing_a_module_in_the_middle_moves_the_others_up_and_undo_puts_it_back(ctx: Context) -> None:
    catalogue_actions.remove_module(ctx, "BR", 1)
    assert modules(ctx) == [(1, "Module 2", 180), (2, "Module 3", 180)]
    catalogue_actions.change_module(ctx, "BR", 1, title="Second", minutes=90)
    undo.undo_steps(ctx, 2)
    assert modules(ctx) == THREE


def test_completions_follow_the_modules_and_come_back_with_undo(ctx: Context) -> None:
    event = builders.event("SOS-BRIEF-90", course="SOS-BRIEF", dates=["2017-04-03"])
    bo = builders.booked(event, "Bo")[0]
    builders.mark(event, 1, bo)
    course_rules.set_course_rule(ctx, "SOS-BRIEF", "completion_rule", "all_modules")
    assert people_queries.get_person_card(ctx, bo.key).completions[0].complete
    changes = catalogue_actions.add_module(ctx, "SOS-BRIEF", "Second half", 60)
    assert changes[-1].after == "of 1 person recalculated from the marks"
    assert not people_queries.get_person_card(ctx, bo.key).completions[0].complete
    undo.undo_steps(ctx)
    assert people_queries.get_person_card(ctx, bo.key).completions[0].complete


def test_a_dry_run_changes_nothing_and_says_the_same(ctx: Context) -> None:
    dry = preview_change(ctx, lambda: catalogue_actions.add_module(ctx, "BR", "Fourth", 60)).result
    assert modules(ctx) == THREE
    assert catalogue_actions.add_module(ctx, "BR", "Fourth", 60) == dry


def test_events_are_found_by_the_new_name_of_their_strand(ctx: Context) -> None:
    builders.event("BR-90")
    catalogue_actions.change_strand(ctx, "rp", name="Relational practice")
    assert [each.event for each in people_queries.list_events(ctx, "relational")] == ["BR-90"]
    catalogue_actions.change_course(ctx, "BR", catalogue_actions.CourseChange(strand="SOS"))
    assert [each.event for each in people_queries.list_events(ctx, "safety br")] == ["BR-90"]
    assert people_queries.list_events(ctx, "relational") == []


def test_a_course_gets_another_title_places_and_strand_in_one_step_that_can_be_taken_back(ctx: Context) -> None:
    before = catalogue_queries.show_course(ctx, "BR").course
    changes = catalogue_actions.change_course(
        ctx, "BR", catalogue_actions.CourseChange(title="Being", capacity=12, minimum=4, strand="SOS")
    )
    assert [(each.field, each.after) for each in changes] == [
        ("title", "Being"), ("capacity", "12"), ("minimum", "4"), ("strand", "Signs of Safety"),
    ]  # fmt: skip
    assert catalogue_actions.change_course(ctx, "BR", catalogue_actions.CourseChange(title="Being", capacity=12)) == []
    undo.undo_steps(ctx)
    assert replace(catalogue_queries.show_course(ctx, "BR").course, version=before.version) == before


def test_rules_and_prerequisites_are_taken_back(ctx: Context) -> None:
    before = course_rules.list_course_rules(ctx)
    course_rules.set_course_rule(ctx, "BR", "approval", "manager")
    course_rules.require_prerequisite(ctx, "BR", "RL", Strictness.RULE)
    undo.undo_steps(ctx, 2)
    assert [line[1:] for line in course_rules.list_course_rules(ctx)] == [line[1:] for line in before]


def test_a_new_course_is_taken_back_unless_something_rests_on_it(ctx: Context) -> None:
    catalogue_actions.add_course(ctx, catalogue_actions.CourseToAdd("RP", "NEW", "New", [("Day", 60)]))
    undo.undo_steps(ctx)
    with pytest.raises(NotFound):
        catalogue_queries.show_course(ctx, "NEW")
    catalogue_actions.add_course(ctx, catalogue_actions.CourseToAdd("RP", "NEW", "New", [("Day", 60)]))
    resources.add_resource(
        builders.at(ctx, "2017-04-10", actor="bob"),
        resources.NewResource("Book", ResourceKind.DOCUMENT, "", course="NEW"),
    )
    with pytest.raises(RuleBroken, match="resources or other courses refer to it"):
        undo.undo_steps(ctx)


def test_a_removed_resource_comes_back_with_its_number(ctx: Context) -> None:
    before = resources.list_resources(ctx)
    resources.remove_resource(ctx, before[0].id)
    resources.change_resource(ctx, before[1].id, title="Other")
    undo.undo_steps(ctx, 2)
    assert [(each.id, each.title) for each in resources.list_resources(ctx)] == [
        (each.id, each.title) for each in before
    ]
    resources.add_resource(ctx, resources.NewResource("Link", ResourceKind.LINK, "www.example.org", strand="SOS"))
    undo.undo_steps(ctx)
    assert len(resources.list_resources(ctx)) == len(before)


def test_an_empty_strand_is_taken_away_and_another_retires_its_courses(ctx: Context) -> None:
    catalogue_actions.add_strand(ctx, "TIP", "Trauma")
    assert catalogue_actions.retire_strand(ctx, "TIP")[0].before == "Trauma"
    undo.undo_steps(ctx)
    assert [each.code for each in catalogue_queries.show_catalogue(ctx).strands] == ["SOS", "RP", "TIP"]
    assert [each.event for each in catalogue_actions.retire_strand(ctx, "RP")] == ["RL", "BR"]
    with pytest.raises(RuleBroken, match="already archived"):
        catalogue_actions.retire_strand(ctx, "RP")
    undo.undo_steps(ctx)
    assert all(each.course.active for each in catalogue_queries.show_catalogue(ctx).entries)
    with pytest.raises(Duplicate, match=r"a strand RP \(Restorative Practice\)"):
        catalogue_actions.add_strand(ctx, "NEW", "restorative practice")


def test_the_load_of_a_course_counts_its_events_of_the_year(ctx: Context) -> None:
    event = builders.event("BR-90", capacity=5, dates=["2017-06-12"])
    builders.booked(event, "Bo", "Cy")
    builders.event("BR-91", capacity=7, dates=["2018-06-12"])
    builders.event("BR-92", capacity=9, dates=["2017-07-12"], state="cancelled")
    running = catalogue_queries.show_course(ctx, "BR").running
    assert (running.events, running.places, running.taken) == (1, 5, 2)
    later = catalogue_queries.show_catalogue(ctx, 2018)
    assert (later.year, [each.running.places for each in later.entries if each.course.code == "BR"]) == ("2018/19", [7])


def test_a_booker_changes_no_course(ctx: Context) -> None:
    booker = replace(ctx, role=Role.BOOKER)
    for change in (
        lambda: catalogue_actions.add_strand(booker, "X", "X"),
        lambda: catalogue_actions.change_course(booker, "BR", catalogue_actions.CourseChange(title="X")),
        lambda: catalogue_actions.retire_course(booker, "BR"),
        lambda: catalogue_actions.add_module(booker, "BR", "X", 60),
    ):
        with pytest.raises(RuleBroken, match="needs the coordinator role"):
            change()
    catalogue_actions.retire_course(ctx, "BR")
    with pytest.raises(RuleBroken, match="needs the coordinator role"):
        undo.undo_steps(booker)


def test_a_module_is_put_at_another_place_and_keeps_its_sessions_and_marks(ctx: Context) -> None:
    on = builders.event("BR-90", dates=["2017-04-03", "2017-04-04", "2017-04-05"])
    builders.mark(on, 1, builders.person("Bo Ek"))
    before = modules(ctx)
    done = catalogue_actions.move_module(ctx, "br", 1, 3)
    titles = [title for _, title, _ in before]
    assert [(each.field, each.before, each.after) for each in done] == [
        (titles[1], "module 2", "module 1"), (titles[2], "module 3", "module 2"), (titles[0], "module 1", "module 3"),
    ]  # fmt: skip
    assert [title for _, title, _ in modules(ctx)] == [titles[1], titles[2], titles[0]]
    found = reports_queries.get_report(ctx, "modules", reports_queries.ReportQuestion(course="BR")).rows
    assert [row[1] for row in found if row[2] == 1 and row[0] != "modules of Being Restorative"] == [f"3. {titles[0]}"]
    undo.undo_steps(ctx)
    assert modules(ctx) == before


@pytest.mark.parametrize(
    ("number", "to", "why"),
    [(1, 1, "is already module 1"), (1, 4, "none can be number 4"), (1, 0, "none can be number 0")],
)
def test_a_place_that_is_none_is_said(ctx: Context, number: int, to: int, why: str) -> None:
    before = modules(ctx)
    with pytest.raises(CscError, match=why):
        catalogue_actions.move_module(ctx, "BR", number, to)
    assert modules(ctx) == before
