"""Policy, roles and the care of the database in the window."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.core.admin import policy, upkeep
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.window.app import CscApp
from db import models
from db.engine.connection import read_transaction, write_transaction
from db.records.evaluation import Stage
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, said, seen, told, type_in


def holds(ctx: Context, key: str) -> str:
    return next(each.value for each in policy.list_settings(ctx) if each.key == key)


async def test_a_policy_is_shown_with_its_meaning_checked_and_set(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "comma")
        assert "Europe/London" in line_with(pilot, "Time zone")
        assert "The time zone" in seen(pilot)
        await press(pilot, "down", "enter", "backspace")
        await type_in(pilot, "13")
        await press(pilot, "enter")
        assert "the number of a month from 1 to 12; '13' is not" in told(pilot)
        await press(pilot, "backspace", "backspace", "9", "enter")
        assert "4 → 9" in told(pilot)
        await press(pilot, "enter")
        assert line_with(pilot, "First month").split()[3] == "9"
        assert "default: 4" in seen(pilot)
    assert holds(june, "first_month") == "9"


async def test_what_is_left_unchanged_by_escape_stays(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "comma", "down", "enter", "backspace", "9", "enter", "escape", "escape")
    assert holds(june, "first_month") == "4"


async def go_to(pilot: Pilot[Any], key: str, detail: str) -> None:
    """Press a key until the detail below the list begins so."""
    for _ in range(100):
        if any(line.startswith(detail) for line in seen(pilot).splitlines()[-8:]):
            return
        await press(pilot, key)
    raise AssertionError(f"{detail!r} is not below the list:\n{seen(pilot)}")


async def test_a_role_is_given_but_the_last_administrator_stays(window: Window, june: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "comma", "a")
        await type_in(pilot, "bob [/]")
        await press(pilot, "enter", "b", "enter")
        assert "bob [/] is booker" in said(pilot)
        assert "booker" in line_with(pilot, "bob [/]  ")
        await press(pilot, "home")
        await go_to(pilot, "down", " alice  administrator")
        await press(pilot, "enter", "v")
        assert "alice is the only administrator. Nothing was changed." in said(pilot)
    assert ("bob [/]", "booker") in upkeep.list_roles(june)
    assert ("alice", "administrator") in upkeep.list_roles(june)


@pytest.mark.parametrize("title", ["Message templates", "Venues and rooms"])
async def test_what_has_a_screen_of_its_own_is_opened_from_here(window: Window, june: Context, title: str) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "comma", "end")
        await go_to(pilot, "up", f" {title}")
        await press(pilot, "enter")
        assert "On their own screens" not in seen(pilot)
        await press(pilot, "escape")
        assert "On their own screens" in seen(pilot)


def test_every_policy_says_what_it_is_for(june: Context) -> None:
    assert {each.key for each in policy.list_settings(june)} == set(policy.MEANINGS)


async def test_a_backup_is_written_and_never_over_another_file(window: Window, june: Context, tmp_path: Path) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("precious")
    async with window() as pilot:
        await press(pilot, "comma", "B", "ctrl+u")
        await type_in(pilot, str(taken))
        await press(pilot, "enter")
        assert "already exists. No backup was made" in told(pilot)
        await press(pilot, *["backspace"] * 3)
        await type_in(pilot, ".bak")
        await press(pilot, "enter")
        assert "rows, verified" in said(pilot)
    assert taken.read_text() == "precious"
    assert (tmp_path / "taken.bak").stat().st_mode & 0o777 == 0o600


async def test_a_check_says_what_is_wrong_first(window: Window, june: Context) -> None:
    event = builders.event("BR-04")
    with write_transaction():
        models.EventRow.update(booked=7).where(models.EventRow.id == event.id).execute()
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "comma", "exclamation_mark")
        assert "1 check found a problem" in told(pilot)
        assert "wrong" in line_with(pilot, "places counted")
        await press(pilot, "escape")
        assert "alice is administrator" in seen(pilot)


@pytest.mark.parametrize(("key", "role"), [("B", "administrator"), ("a", "administrator"), ("enter", "coordinator")])
async def test_a_booker_is_told_who_may(window: Window, june: Context, key: str, role: str) -> None:
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "comma", key)
        assert f"needs the {role} role" in said(pilot)


async def test_a_settings_file_that_broke_meanwhile_is_a_sentence(
    window: Window, june: Context, tmp_path: Path
) -> None:
    async with window() as pilot:
        await press(pilot, "comma")
        folder = tmp_path / "config" / "csc-tui"
        folder.mkdir(parents=True)
        (folder / "settings.toml").write_text("theme = ")
        policy.set_policy_value(june, "request_days", "21")
        app = pilot.app
        assert isinstance(app, CscApp)
        app.state.changed.publish(None)
        await press(pilot, "down")
        assert "cannot be read" in told(pilot)
        assert "Time zone" in seen(pilot)


async def test_answers_that_are_to_lose_their_names_are_counted_before_they_do(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek")
    builders.mark(builders.event("BR-90", dates=("2017-04-03",)), 1, bo)
    evaluation_actions.enter_answers(june, "BR-90", bo.key, Stage.ON_THE_DAY, {1: "yes"})
    async with window() as pilot:
        await press(pilot, "comma", *["down"] * list(DEFAULT_POLICY).index("anonymous_evaluations"), "enter")
        await press(pilot, "backspace", "backspace")
        await type_in(pilot, "yes")
        await press(pilot, "enter")
        assert "1 form separated from their names, permanently" in told(pilot)
        assert evaluation_actions.list_people_to_enter(june, "BR-90", Stage.ON_THE_DAY) == []
        await press(pilot, "enter")
        assert "'anonymous evaluations' is now: yes." in told(pilot)
        with read_transaction():
            assert (
                models.AnswerRow.select().join(models.EvaluationRow).where(models.EvaluationRow.person == bo.id).count()
                == 0
            )
