"""Disclosing and erasing somebody, and needs that have served, from the window."""

import json
from dataclasses import replace
from pathlib import Path

from csc_tui.base.context import Context
from csc_tui.core.admin import policy
from csc_tui.core.people import actions as people_actions
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, press, seen, told, type_in
from tests.window.test_commands import command


async def test_erasing_asks_why_shows_what_goes_and_does_it(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org", dietary="vegan")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4", "enter")
        await command(pilot, "Erase")
        await press(pilot, "enter")
        assert "Type a reason" in told(pilot)
        await press(pilot, "down", "enter")
        assert "Erase Bo Ek permanently?" in seen(pilot)
        assert "name, address, job and needs" in told(pilot)
        assert "earlier backups" in told(pilot)
        assert people_actions.get_person_form_data(june, bo.key).person.name == "Bo Ek"
        await press(pilot, "enter")
        assert f"Erased person {bo.key}" in seen(pilot)
        assert "only figures are kept" in seen(pilot)
        assert "bo@example.org" not in seen(pilot)
        await command(pilot, "Erase")
        assert "has already been erased" in told(pilot)
        await press(pilot, "c")
        assert "Nothing was copied" in told(pilot)
    assert people_actions.get_person_form_data(june, bo.key).person.dietary == ""


async def test_whoever_has_a_place_is_not_erased_and_the_reason_typed_stays(window: Window) -> None:
    builders.enrolment(builders.event("BR-90", dates=("2017-06-19",)), builders.person("Bo Ek"))
    async with window() as pilot:
        await press(pilot, "4", "enter")
        await command(pilot, "Erase")
        await type_in(pilot, "asked by letter")
        await press(pilot, "enter")
        assert "place on BR-90. Nothing was erased." in told(pilot)
        assert "asked by letter" in seen(pilot)


async def test_disclosing_writes_a_file_and_asks_before_it_takes_the_place_of_one(
    window: Window, tmp_path: Path
) -> None:
    builders.person("Bo Ek")
    path = tmp_path / "bo.json"
    path.write_text("mine")
    async with window() as pilot:
        await press(pilot, "4", "enter")
        await command(pilot, "Disclose")
        await press(pilot, *["backspace"] * 40)
        await type_in(pilot, str(path))
        await press(pilot, "ctrl+s")
        assert "Replace the file?" in seen(pilot)
        await press(pilot, "escape")
        assert "Replace the file?" not in seen(pilot)
        assert "Everything held on Bo Ek" in told(pilot), "escape goes back to the form"
        assert path.read_text() == "mine"
        await press(pilot, "ctrl+s", "enter")
        assert json.loads(path.read_text())["name"] == "Bo Ek"
        assert "disclosed Bo Ek" in seen(pilot)


async def test_only_an_administrator_may(window: Window, june: Context) -> None:
    builders.person("Bo Ek")
    async with window(replace(june, role=Role.COORDINATOR)) as pilot:
        await press(pilot, "4", "enter")
        for name in ("Erase", "Disclose", "Expired dietary and access needs"):
            await command(pilot, name)
            assert "This needs the administrator role" in told(pilot)
            assert not pilot.app.screen.query("#dialog")


async def test_needs_that_have_served_are_shown_and_removed(window: Window, june: Context) -> None:
    policy.set_policy_value(june, "needs_days", "30")
    ctx = replace(june, policy={**june.policy, "needs_days": "30"})
    bo = builders.person("Bo Ek", dietary="vegan")
    builders.enrolment(builders.event("BR-90", dates=("2017-05-01",)), bo, Status.FULLY_ATTENDED)
    async with window(ctx) as pilot:
        await command(pilot, "Expired dietary and access needs")
        assert "Bo Ek  last session Mon 1 May 2017" in seen(pilot)
        assert people_actions.get_person_form_data(june, bo.key).person.dietary == "vegan"
        await press(pilot, "enter")
        assert "The needs of 1 person were removed." in told(pilot)
        assert people_actions.get_person_form_data(june, bo.key).person.dietary == ""
        await command(pilot, "Expired dietary and access needs")
        assert "No needs have expired." in told(pilot)
