"""The catalogue in the window: what it holds, and what can be changed about it."""

from dataclasses import replace

import pytest
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import resources
from db.records.catalogue import ResourceKind
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, said, seen, told, type_in


@pytest.fixture
def year(june: Context) -> Context:
    event = builders.event("BR-04", capacity=4, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek", "Cy Low")
    builders.event("BR-05", capacity=4, dates=["2018-06-19"])
    return june


async def test_courses_stand_under_their_strand_with_what_runs_in_the_year(window: Window, year: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5")
        assert "Restorative Practice (RP)" in seen(pilot)
        line = line_with(pilot, "Being Restorative")
        assert "3 x 3 h" in line
        assert "2/4" in line
        assert "2017/18: 7 courses · 1 event · 2 of 4 places taken" in seen(pilot)
        await press(pilot, "+")
        assert "0/4" in line_with(pilot, "Being Restorative")
        await press(pilot, "end")
        assert "waiting list: moves up automatically" in seen(pilot)


async def test_a_strand_and_a_course_are_added_with_what_was_typed_kept_while_it_is_wrong(
    window: Window, june: Context
) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "5", "e", "g", "a")
        for text in ("tip", "Trauma [informed]", ""):
            await type_in(pilot, text)
            await press(pilot, "enter")
        assert "Trauma [informed]" in told(pilot)
        await press(pilot, "enter")
        assert "Press a to add a course" in said(pilot)
        await press(pilot, "end")
        assert "no course to show" in seen(pilot)
        await press(pilot, "a")
        for text in ("", "br", "Being [/] there", "Day 1 7h, Day 2 x", "", "", "", ""):
            await type_in(pilot, text)
            await press(pilot, "enter")
        assert "! Type a title and a length for each module." in told(pilot)
        assert "Being [/] there" in told(pilot)
        await press(pilot, "backspace", "3", "h", "ctrl+s")
        assert "There is already a course BR" in told(pilot)
        assert pilot.app.focused.id == "code"  # type: ignore[union-attr]
        await press(pilot, "1", "ctrl+s")
        assert "module 2: Day 2, 3 h" in told(pilot)
        await press(pilot, "enter")
        assert "Being [/] there" in seen(pilot)
    entry = catalogue_queries.show_course(june, "BR1")
    assert ([each.minutes for each in entry.modules], entry.course.strand) == ([420, 180], "Trauma [informed]")


async def test_a_course_opens_and_its_lines_lead_on(window: Window, year: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "enter")
        assert "3 modules, 9 h · 20 places" in seen(pilot)
        await press(pilot, "a", "m")
        await type_in(pilot, "Review")
        await press(pilot, "enter")
        await type_in(pilot, "90")
        await press(pilot, "enter")
        assert "module 4: Review, 1 h 30" in told(pilot)
        await press(pilot, "enter")
        assert "4 modules, 10 h 30" in seen(pilot)
        await press(pilot, "enter")
        assert "Module 1 of BR" in told(pilot)
        await press(pilot, "escape", "x")
        assert "sessions are planned for it (BR-04 session 1, BR-05 session 1)" in said(pilot)
        await press(pilot, "u", "enter")
        assert "3 modules, 9 h" in seen(pilot)
        await press(pilot, "end", "enter")
        assert "BR-04" in seen(pilot)
        assert "Bo Ek" in seen(pilot)


async def test_a_course_with_events_to_come_says_why_it_stays_and_another_is_archived(
    window: Window, year: Context
) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "e", "x")
        assert "2 events still to come (BR-04, BR-05)" in said(pilot)
        await press(pilot, "up", "e", "x", "enter")
        assert "RL is archived" in said(pilot)
        assert "Restorative Leadership" not in seen(pilot)
        await press(pilot, "v")
        assert "archived" in line_with(pilot, "Restorative L")
        await press(pilot, "up", "e", "r")
        assert "RL is archived. Restore it first." in told(pilot)
        await press(pilot, "x", "enter")
    assert catalogue_queries.show_course(year, "RL").course.active


async def test_a_resource_is_added_copied_and_taken_away(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "enter", "a", "l")
        await type_in(pilot, "Handbook")
        await press(pilot, "enter", "enter", "enter")
        await press(pilot, "enter", "enter")
        assert "is not a web address" in told(pilot)
        assert pilot.app.focused.id == "address"  # type: ignore[union-attr]
        await type_in(pilot, "www.example.org/a")
        await press(pilot, "enter", "enter", "enter")
        assert "www.example.org/a" in told(pilot)
        await press(pilot, "enter")
        assert [each.address for each in resources.list_resources(june) if each.title == "Handbook"] == [
            "www.example.org/a"
        ]
        await press(pilot, "end", "c")
        assert pilot.app.clipboard == "www.example.org/a"
        await press(pilot, "x", "enter")
        assert "Handbook was removed" in said(pilot)


async def test_an_address_cannot_write_to_the_terminal(window: Window, june: Context) -> None:
    resources.add_resource(june, resources.NewResource("Evil [red]", ResourceKind.DOCUMENT, "", course="BR"))
    catalogue_actions.change_course(june, "BR", catalogue_actions.CourseChange(description="\x1b[2J[/]"))
    async with window() as pilot:
        await press(pilot, "5", "end", "enter")
        assert "Evil [red]" in seen(pilot)
        assert "�[2J[/]" in seen(pilot)


async def test_a_booker_looks_and_changes_nothing(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "5", "a")
        assert "needs the coordinator role" in said(pilot)
        await press(pilot, "e", "t")
        assert "needs the coordinator role" in told(pilot)
        await press(pilot, "escape", "end", "enter", "enter")
        assert "needs the coordinator role" in said(pilot)
        await press(pilot, "x")
    assert len(catalogue_queries.show_course(june, "BR").modules) == 3


async def test_what_somebody_else_changed_while_a_form_was_open_stays(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "e", "t")
        catalogue_actions.change_course(
            builders.at(june, "2017-06-12", actor="bob"), "BR", catalogue_actions.CourseChange(audience="Everybody")
        )
        await press(pilot, "end")
        await type_in(pilot, "!")
        await press(pilot, "enter", "enter", "enter")
        assert "bob: course changed BR" in told(pilot)
        assert "* Everybody" in line_with(pilot, "* Everybody")
        await press(pilot, "enter", "ctrl+s")
        assert "title: Being Restorative → Being Restorative!" in told(pilot)
        assert "audience" not in told(pilot)
        await press(pilot, "enter")
    course = catalogue_queries.show_course(june, "BR").course
    assert (course.title, course.audience) == ("Being Restorative!", "Everybody")


async def test_a_change_that_came_between_the_look_and_the_yes_is_shown_first(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "enter", "x")
        assert "Remove module 1 of BR?" in told(pilot)
        catalogue_actions.change_module(builders.at(june, "2017-06-12", actor="bob"), "BR", 1, title="First")
        await press(pilot, "enter")
        assert "Someone else made a change a moment ago" in told(pilot)
        assert "module 1: First, 3 h" in told(pilot)
        await press(pilot, "escape")
    assert len(catalogue_queries.show_course(june, "BR").modules) == 3


async def test_what_a_course_asks_is_changed_from_its_own_line(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "enter")
        await press(pilot, *["down"] * 5)
        assert "Evaluation" in pointed(pilot)
        await press(pilot, "enter")
        assert "Evaluation questions of BR" in told(pilot)
        await press(pilot, "enter", "w")
        await press(pilot, *["backspace"] * 40)
        await type_in(pilot, "I work otherwise now.")
        await press(pilot, "enter")
        assert "still asked as: This has supported my practice." in told(pilot)
        await press(pilot, "enter", "escape")
        assert "I work otherwise now." in line_with(pilot, "Evaluation")


async def test_a_module_is_put_at_another_place(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "5", "end", "enter", "enter", "down", "down", "backspace")
        await type_in(pilot, "3")
        await press(pilot, "enter")
        assert "module 1 → module 3" in " ".join(told(pilot).split())
        await press(pilot, "enter")
        assert "Module 3 Module 1" in " ".join(seen(pilot).split())


async def test_a_link_can_be_opened_by_the_readers_own_terminal(window: Window, june: Context) -> None:
    resources.add_resource(june, resources.NewResource("Handbook", ResourceKind.LINK, "www.example.org/a", course="BR"))
    async with window() as pilot:
        await press(pilot, "5", "end", "enter", "end", "enter")
        assert "Open it in your browser" in told(pilot)
        said = pilot.app.screen.query_one("#link", Static).render()
        assert isinstance(said, Content)
        assert [span.style.link for span in said.spans if isinstance(span.style, Style)] == [
            "https://www.example.org/a"
        ]


async def test_a_tall_window_shows_the_modules_and_events_of_the_course_under_the_cursor(window: Window) -> None:
    builders.event("SOS-SAT-71", course="SOS-SAT", dates=["2017-07-03"], capacity=5)
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "5", "down", "down")
        assert "Events 1 event in the year or without a date SOS-SAT-71 Mon 3 Jul" in told(pilot)
