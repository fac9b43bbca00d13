"""Merging from a person's card, and the screen of organisations."""

from typing import Any

from csc_tui.base.context import Context
from csc_tui.core.people import organisations
from csc_tui.core.people import queries as people_queries
from csc_tui.window import commands
from csc_tui.window.shared.data_screen import OpenPerson
from tests import builders
from tests.window.conftest import Window, press, seen, settled, told, type_in


async def test_another_record_is_merged_after_a_look_at_each_field(window: Window, june: Context) -> None:
    kept = builders.person("Jo Smith", email="jo@old.example.org")
    builders.person("Joanne Smith", email="jo@new.example.org", phone="01472 1")
    async with window() as pilot:
        pilot.app.screen.post_message(OpenPerson(kept.key))
        await settled(pilot)
        screen: Any = pilot.app.screen
        screen.do(next(each for each in screen.menu_actions() if each.title == "Merge with another record"))
        await settled(pilot)
        assert "Which record is Jo Smith, too?" in told(pilot)
        await type_in(pilot, "joanne")
        await press(pilot, "enter")
        assert "other: Joanne" in seen(pilot)
        await press(pilot, "ctrl+s")
        assert "Merge Joanne Smith into Jo Smith?" in told(pilot)
        await press(pilot, "enter")
    assert [each.email for each in people_queries.search_people(june, "smith")[0]] == ["jo@old.example.org"]


async def test_the_organisations_can_be_changed_and_joined(window: Window, june: Context) -> None:
    builders.person("Bo Ek", organisation="Oasis Academy")
    builders.person("Cy Low", organisation="Oasis Acadamy")
    async with window() as pilot:
        screen: Any = pilot.app.screen
        await commands.open_organisations(screen)
        await settled(pilot)
        assert "2 organisations" in seen(pilot)
        await press(pilot, "J")
        assert "Which organisation is Oasis Acadamy, too?" in told(pilot)
        await press(pilot, "enter")
        assert "1 person moves from Oasis Academy to Oasis Acadamy." in told(pilot)
        assert "This cannot be undone." in told(pilot)
        await press(pilot, "enter")
        assert "1 organisation" in seen(pilot)
        await press(pilot, "enter")
        assert "Booking contact" in seen(pilot)
    assert [each.people for each in organisations.list_organisations(june, "oasis")] == [2]
