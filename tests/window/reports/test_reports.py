"""The reports: drawn, narrowed, opened line by line, written to files, acted upon."""

from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.reports import queries as reports_queries
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, said, seen, told, type_in


@pytest.fixture
def trained(june: Context) -> Context:
    """Two teams, two courses attended in April, and an event of Being Restorative to come."""
    leads = builders.person("Ty Lead", is_facilitator=True)
    on = builders.event("BR-90", dates=["2017-04-03"], state="closed", facilitators=[leads], venue="Town Hall")
    other = builders.event("SOS-BRIEF-90", course="SOS-BRIEF", dates=["2017-05-04"], state="closed")
    for name, team in (("Ada Adams", "North"), ("Bo Ek", "North"), ("Cy Young", "South")):
        who = builders.person(name, organisation="Police", team=team, email=f"{name[:2].lower().strip()}@example.org")
        builders.enrolment(on, who)
        builders.mark(on, 1, who)
    builders.mark(other, 1, who)
    builders.event("BR-95", dates=["2017-07-03"], capacity=5)
    return june


async def test_the_report_under_the_cursor_is_drawn(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9")
        assert "Headline figures · 2017/18" in seen(pilot)
        assert line_with(pilot, "everyone").split()[-2:] == ["3", "3"]
        assert "2,375" in seen(pilot)
        await press(pilot, "down", "down")
        assert "Places and attendance · 2017/18" in seen(pilot)
        assert "100 %" in line_with(pilot, "all courses")


async def test_years_go_back_and_forth_and_all_together(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", "-")
        assert "2016/17" in seen(pilot)
        assert line_with(pilot, "everyone").split()[-2:] == ["0", "0"]
        await press(pilot, "y")
        assert "since the start" in seen(pilot)
        assert line_with(pilot, "everyone").split()[-2:] == ["3", "3"]
        await press(pilot, "y")
        assert "Headline figures · 2017/18" in seen(pilot)


async def test_a_team_is_found_by_typing_and_its_people_open(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", "slash")
        await type_in(pilot, "nor")
        await press(pilot, "enter")
        assert "Compliance of North, Police" in seen(pilot)
        assert "Ada Adams" in seen(pilot)
        assert "Cy Young" not in seen(pilot)
        await press(pilot, "enter", "enter")
        assert "ad@example.org" in seen(pilot)
        await press(pilot, "escape")
        assert "Compliance of North" in seen(pilot)


async def test_a_line_opens_what_it_is_about_and_escape_comes_back_to_it(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", "down", "down", "enter", *["down"] * 9)
        assert "Being Restorative" in pointed(pilot)
        await press(pilot, "enter")
        assert "· BR" in seen(pilot)
        await press(pilot, "end", "enter")
        assert "BR-90" in told(pilot)
        await press(pilot, "escape", "escape")
        assert "Being Restorative" in pointed(pilot)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "figures"
        await press(pilot, "escape")
        assert pilot.app.focused.id == "reports"


async def test_whom_to_invite_is_booked_in_one_step(window: Window, trained: Context) -> None:
    builders.person("Di Low", organisation="Police", team="North", email="di@example.org")
    async with window() as pilot:
        await press(pilot, "9", "slash")
        await type_in(pilot, "br")
        await press(pilot, "enter", "slash")
        await type_in(pilot, "north")
        await press(pilot, "enter", "down")
        assert "Who to invite next to Being Restorative" in seen(pilot)
        await press(pilot, "enter", "space", "space", "space", "b")
        assert "Book 3 people on which event?" in told(pilot)
        assert "BR-95" in seen(pilot)
        await press(pilot, "enter")
        assert "3 booked" in told(pilot)
        await press(pilot, "enter")
        assert "BR-95: 3 booked" in said(pilot)
        assert "There is no one to invite" in told(pilot)
    assert set(builders.standing("BR-95").values()) == {"booked"}


async def test_addresses_are_copied_of_those_selected_or_of_all(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", "slash")
        await type_in(pilot, "north")
        await press(pilot, "enter", "c")
        assert pilot.app.clipboard == "ad@example.org; bo@example.org"
        await press(pilot, "enter", "down", "space", "c")
        assert pilot.app.clipboard == "bo@example.org"


async def test_a_viewer_reads_and_cannot_book(window: Window, trained: Context) -> None:
    from dataclasses import replace

    async with window(replace(trained, role=Role.VIEWER)) as pilot:
        await press(pilot, "9", "slash")
        await type_in(pilot, "north")
        await press(pilot, "enter", "enter", "b")
        assert "viewer" in said(pilot)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "pdf", "html"])
async def test_a_report_is_written_by_the_end_of_the_name(
    window: Window, trained: Context, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"figures.{ending}"
    async with window() as pilot:
        await press(pilot, "9", "S", "ctrl+u")
        await type_in(pilot, str(path))
        await press(pilot, "enter")
        assert "The report is in" in said(pilot)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size > 100


async def test_a_name_that_cannot_be_is_said_and_kept_and_a_file_is_replaced_only_when_asked(
    window: Window, trained: Context, tmp_path: Path
) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("mine")
    async with window() as pilot:
        await press(pilot, "9", "S", "ctrl+u")
        await type_in(pilot, "figures.doc")
        await press(pilot, "enter")
        assert "does not say which kind of file" in told(pilot)
        assert "figures.doc" in seen(pilot)
        await press(pilot, "ctrl+u")
        await type_in(pilot, str(path))
        await press(pilot, "enter")
        assert "Replace the file?" in told(pilot)
        await press(pilot, "escape")
        assert path.read_text() == "mine"
        await press(pilot, "enter", "enter")
        assert "The report is in" in said(pilot)
    assert path.read_text() != "mine"


async def test_the_evaluation_is_compared_by_one_thing_after_the_other(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", *["down"] * 5)
        assert "Evaluation · 2017/18 · by course" in seen(pilot)
        assert "no data" in seen(pilot)
        await press(pilot, "v")
        assert "by event" in seen(pilot)
        await press(pilot, "v")
        assert "Ty Lead" in seen(pilot)


async def test_the_matrix_shows_letters_at_every_width(window: Window, trained: Context) -> None:
    course_rules.set_course_rule(trained, "BR", "validity_months", "1")
    sizes: tuple[tuple[int, int], ...] = ((80, 24), (120, 40))
    for size in sizes:
        async with window(size=size) as pilot:
            await press(pilot, "9", "slash")
            await type_in(pilot, "south")
            await press(pilot, "enter")
            heads = line_with(pilot, "reached") if size[0] == 120 else seen(pilot)
            assert ("BR" in heads) is True
            assert line_with(pilot, "Cy Young").split().count(".") >= 4


async def test_what_is_stored_is_no_markup_here_either(window: Window, trained: Context) -> None:
    builders.person("Eve [/b]\x1b[2J", organisation="[red]Red[/]", team="Team [bold]")
    async with window() as pilot:
        await press(pilot, "9", *["down"] * 7)
        assert "[red]Red[/]" in seen(pilot)
        await press(pilot, "slash")
        await type_in(pilot, "team [b")
        await press(pilot, "enter")
        assert "Eve [/b]" in seen(pilot)
        assert "\x1b" not in seen(pilot)


async def test_where_there_is_nothing_it_says_where_to_look(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", *["down"] * 5)
        assert "Nothing to report for 2017/18." in told(pilot)
        await press(pilot, "down", "down")
        assert "There are no people yet." in told(pilot)
        await press(pilot, "enter", "enter", "b", "c")
        assert "There are no people yet." in told(pilot)


async def test_a_venue_leads_to_the_events_held_there_and_escape_back(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "9", "end", "enter")
        assert "Town Hall" in pointed(pilot)
        await press(pilot, "enter")
        assert "BR-90" in seen(pilot)
        assert "SOS-BRIEF-90" not in seen(pilot)
        await press(pilot, "escape")
        assert "Venues' use" in seen(pilot)
        assert "Town Hall" in pointed(pilot)


async def test_a_facilitator_in_the_evaluation_leads_to_the_events_they_led(window: Window, trained: Context) -> None:
    async with window() as pilot:
        await press(pilot, "7", "down", "down", "enter")
        assert "Ty Lead" in seen(pilot)
        await press(pilot, "end", "up", "enter")
        assert "with:Ty with:Lead" in seen(pilot)
        assert "BR-90" in seen(pilot)
        assert "SOS-BRIEF-90" not in seen(pilot)


async def test_a_report_is_read_once_when_the_screen_opens(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = reports_queries.get_report

    def report(ctx: Context, name: str, question: reports_queries.ReportQuestion) -> Any:
        asked.append(name)
        return real(ctx, name, question)

    monkeypatch.setattr(reports_queries, "get_report", report)
    async with window() as pilot:
        await press(pilot, "9")
    assert asked == ["headline"]


async def test_the_line_under_the_cursor_is_said_whole_and_only_whole_sentences_of_the_notes(
    window: Window, trained: Context
) -> None:
    async with window() as pilot:
        await press(pilot, "9")
        assert "staff and partners developed in Signs of Safe…" in line_with(pilot, "2,375")
        assert seen(pilot).splitlines()[-4:-1] == [
            " staff and partners developed in Signs of Safety",
            " People who attended at least one session, in 2017/18 and since the start. Each",
            " person counts once in each line, so lines may not add up. ? says more.",
        ]


async def test_figures_there_is_no_room_for_are_told_and_come_on_a_further_page(
    window: Window, trained: Context
) -> None:
    builders.booked(builders.event("BR-96", dates=["2017-07-03"], capacity=1), "Eve Moss")
    builders.person("Finn Moss", email="finn@example.org")
    booking_actions.enrol_people(builders.at(trained, "2017-06-10"), "BR-96", ["Finn Moss"])
    async with window() as pilot:
        await press(pilot, "9", "down", "down", "down")
        assert "2 more: >" in line_with(pilot, "joined")
        assert "waiting longest" not in seen(pilot)
        await press(pilot, "enter")
        pages = ""
        for _ in range(3):
            pages += seen(pilot)
            await press(pilot, "greater_than_sign")
        assert "waiting longest" in pages
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "9", "down", "down", "down")
        assert "waiting longest" in line_with(pilot, "joined")
