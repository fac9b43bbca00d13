"""The catalogue of commands: complete, found by any name, and done from anywhere."""

from dataclasses import replace

import pytest
from textual.binding import Binding

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports.queries import REPORTS
from csc_tui.window.app import key_owners
from csc_tui.window.calendar import edit_event
from csc_tui.window.command_catalogue import COMMANDS
from csc_tui.window.finder_search import FinderSearch, looks_like_a_new_person
from csc_tui.window.palette import screen_commands
from csc_tui.window.shared.data_screen import DataScreen
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, pointed, press, seen, told, type_in

WITHIN_A_SCREEN = {
    # They move, narrow or turn what is in front, or mark one line of it: the screen has to be there.
    "screen.back", "list.filter", "calendar.filter", "calendar.today", "calendar.year_before", "calendar.year_after",
    "calendar.month_before", "calendar.month_after", "calendar.copy", "calendar.lanes", "events.filter", "event.filter",
    "events.year_before", "events.year_after", "courses.change", "courses.year_before", "courses.year_after",
    "course.remove", "course.copy", "evaluation.copy", "evaluation.event", "group.commit", "group.past",
    "group.leave", "history.filter",
    "history.open_person", "outbox.filter",  "outbox.forget", "outbox.templates", "people.filter",
    "history.like", "organisations.change", "organisations.join", "today.nearer",
    "people.book", "people.join", "people.copy", "people.change", "reports.narrow", "reports.year_before",
    "reports.year_after", "reports.all_years", "reports.compare", "reports.book", "reports.copy", "reports.into",
    "reports.out", "today.further", "templates.edit", "templates.preview", "templates.reset", "venues.change",
    "venues.add", "register.present", "register.late", "register.left_early", "register.apologies", "register.absent",
    "register.minutes", "register.late_timed", "register.left_early_timed", "register.clear", "event.reply",
}  # fmt: skip


def test_every_command_of_every_screen_is_in_the_catalogue() -> None:
    known = {each.key for each in COMMANDS} | WITHIN_A_SCREEN
    missing = sorted(
        str(binding.id)
        for owner in key_owners()
        if issubclass(owner, DataScreen)
        for binding in owner.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.tooltip and binding.id not in known
    )
    assert missing == [], (
        "say in csc_tui/window/command_catalogue.py what they are called, or above that they stay here"
    )


def test_every_report_and_every_change_of_an_event_is_in_the_catalogue() -> None:
    assert {each.detail for each in COMMANDS if each.key.startswith("report.")} == set(REPORTS)
    for each in COMMANDS:
        kind, _, name = each.action.partition(":")
        assert kind != "edit" or callable(getattr(edit_event, name)), each


def test_every_command_does_what_some_screen_can_do() -> None:
    screens = [owner for owner in key_owners() if issubclass(owner, DataScreen)]
    for each in COMMANDS:
        if each.action and ":" not in each.action:
            name = f"action_{each.action.partition('(')[0]}"
            assert any(hasattr(screen, name) for screen in screens), each


def test_no_two_commands_share_a_key_or_a_title() -> None:
    for names in ([each.key for each in COMMANDS], [each.title for each in COMMANDS]):
        assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("new event", "New event"),
        ("new person", "New person"),
        ("add person", "New person"),
        ("plan an event", "New event"),
        ("cancel", "Cancel a place"),
        ("withdraw", "Cancel a place"),
        ("register", "Register"),
        ("attendance", "Attendance"),
        ("backup", "Backup"),
        ("back-up", "Backup"),
        ("print", "Sign-in sheet"),
        ("sign-in sheet", "Sign-in sheet"),
        ("merge", "Merge events"),
        ("swap", "Substitute"),
        ("replace", "Substitute"),
        ("move", "Move a session"),
        ("reschedule", "Move a session"),
        ("capacity", "Number of places"),
        ("gdpr", "Disclose"),
        ("erase", "Erase a person"),
        ("holiday", "Bank holidays"),
        ("holidays", "Bank holidays"),
        ("undo", "Undo"),
        ("oops", "Undo"),
        ("export", "Save this list"),
        ("csv", "Save this list"),
        ("invoice", "Charges"),
        ("feedback", "Evaluation"),
        ("waitlist", "Waiting list"),
        ("permissions", "Give a role"),
        ("subscribe", "feed"),
        ("cpd", "CPD hours"),
        ("conflicts", "Clashes"),
        ("certificates", "Certificate"),
        ("bakcup", "Backup"),
        ("regsiter", "Register"),
        ("retention", "needs"),
        ("settings", "Settings"),
        ("outbox", "Outbox"),
    ],
)
async def test_a_command_is_found_by_any_name(window: Window, typed: str, first: str) -> None:
    async with window() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, DataScreen)
        hits, _ = FinderSearch(screen, screen_commands(screen)).find(typed)
        names = [hit.name.casefold() for hit in hits[:3]]
        assert any(first.casefold() in name for name in names), names


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("new event", "which course?"),
        ("new person", "New person"),
        ("backup", "[, Settings]"),
        ("register br-04", "BR-04"),
        ("register", "Register: which event?"),
        ("merge events", "Merge events: which event?"),
        ("book br 4", "Book a person on BR-04"),
        ("br-04 capacity", "Places of BR-04"),
        ("cancel bo ek", "Cancel Bo Ek on BR-04"),
        ("cancel bo ek br-04", "Cancel Bo Ek on BR-04"),
        ("june 2017", "June 2017"),
        ("youth justice", "1 person"),
        ("nhs trust", "1 person"),
        ("practice leads", "Practice Leads"),
        ("report waiting", "Waiting lists"),
        ("needs days", "Needs days"),
        ("free", "BR-04"),
    ],
)
async def test_a_command_is_done_from_anywhere(window: Window, june: Context, typed: str, shown: str) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek", organisation="NHS Trust", team="Youth Justice")
    booking_actions.enrol_people(june, "BR-04", ["bo ek"])
    async with window(size=(100, 30)) as pilot:
        await press(pilot, "0", "f")
        await type_in(pilot, typed)
        await press(pilot, "enter")
        assert shown in seen(pilot), seen(pilot)


async def test_cancelling_asks_whose_place_and_which(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.event("SOS-SAT-01", course="SOS-SAT", dates=["2017-07-19"])
    builders.person("Bo Ek")
    for event in ("BR-04", "SOS-SAT-01"):
        booking_actions.enrol_people(june, event, ["bo ek"])
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "cancel")
        await press(pilot, "enter")
        assert "Cancel a place: which person?" in seen(pilot)
        await type_in(pilot, "bo")
        await press(pilot, "enter")
        assert "which place of Bo Ek?" in seen(pilot)
        await press(pilot, "down")
        event = "SOS-SAT-01" if "SOS-SAT-01" in pointed(pilot) else "BR-04"
        await press(pilot, "enter")
        assert f"Cancel Bo Ek on {event}" in seen(pilot)


async def test_on_an_event_the_command_is_done_there(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    booking_actions.enrol_people(june, "BR-04", ["bo ek"])
    async with window() as pilot:
        await press(pilot, "3", "enter", "f")
        await type_in(pilot, "cancel")
        await press(pilot, "enter")
        assert "Cancel Bo Ek on BR-04" in seen(pilot)
        await press(pilot, "escape", "f")
        await type_in(pilot, "number of places")
        await press(pilot, "enter")
        assert "Places of BR-04" in seen(pilot)


async def test_a_booking_of_a_named_person_on_a_named_event_is_previewed(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "book bo ek br-4")
        await press(pilot, "enter")
        assert "Bo Ek" in told(pilot)
        await press(pilot, "enter")
        assert [each.name for each in people_queries.get_event_card(june, "BR-04").roster] == ["Bo Ek"]


async def test_who_may_not_is_told(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "f")
        await type_in(pilot, "new person")
        await press(pilot, "enter")
        assert "This needs the" in told(pilot)


async def test_misspelt_names_are_listed_nearest_first(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"], venue="Grimsby Town Hall")
    for name in ("Joanne Smith", "Paweł Kowalczyk", "Jo Patel"):
        builders.person(name)
    async with window() as pilot:
        await press(pilot, "f")
        for typed, first in (
            ("joane smiht", "Joanne Smith"),
            ("kowalcyk", "Paweł Kowalczyk"),
            ("smith, jo", "Joanne Smith"),
            ("grimbsy", "Grimsby Town Hall"),
            ("restoratvie", "BR-04"),
            ("bre4", "BR-04"),
        ):
            await type_in(pilot, typed)
            assert first in pointed(pilot), (typed, seen(pilot))
            await press(pilot, "ctrl+u")


@pytest.mark.parametrize(
    ("typed", "is_name"),
    [
        ("cancel", False), ("BR-04", False), ("jo smith", True), ("Smith, Jo", True), ("jo@x.org", True),
        ("O'Brien Núñez Siobhán", True), ("01472 313131", False), ("june 2017", False), ("qqq", False),
    ],
)  # fmt: skip
def test_only_what_looks_like_a_name_is_offered_as_a_new_person(typed: str, is_name: bool) -> None:
    assert looks_like_a_new_person(typed) is is_name
