"""Any list is written to a file as it is filtered, and nothing that is there is lost unasked."""

import csv
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from db import history
from db.engine.connection import write_transaction
from tests import builders
from tests.window.conftest import Window, press, said, seen, told, type_in

pytestmark = pytest.mark.usefixtures("home")


async def test_the_people_found_are_written_where_one_is_told(window: Window, home: Path) -> None:
    builders.person("Bo Ek", email="bo@example.org")
    builders.person("Bo =1+1", email="sum@example.org")
    builders.person("Di Low")
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "bo")
        await press(pilot, "tab", "S", "enter")
        written = home / "people-2017-06-12.csv"
        assert "2 rows written to" in said(pilot)
    rows = list(csv.reader(written.open(encoding="utf-8-sig")))
    assert [row[1] for row in rows[1:]] == ["Bo =1+1", "Bo Ek"]
    assert rows[0][:3] == ["person", "name", "email"]
    assert stat.S_IMODE(os.stat(written).st_mode) == 0o600


async def test_a_list_is_whole_in_the_file_though_only_its_beginning_is_fetched(window: Window, home: Path) -> None:
    for number in range(230):
        builders.person(f"Bo Ek{number:03}")
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "bo")
        assert "200 of 230" in seen(pilot)
        await press(pilot, "tab", "S", "enter")
    assert len((home / "people-2017-06-12.csv").read_text().splitlines()) == 231


async def test_a_file_that_is_there_stays_unless_replacing_it_was_said(window: Window, home: Path) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    there = home / "sessions-2017-06-12.csv"
    there.write_text("mine")
    async with window() as pilot:
        await press(pilot, "S", "enter")
        assert "already exists. Its contents would be lost." in told(pilot)
        await press(pilot, "escape")
        assert there.read_text() == "mine"
        assert "sessions-2017-06-12.csv" in seen(pilot), "the name typed is kept for another try"
        await press(pilot, "enter", "enter")
        assert "BR-04" in there.read_text()


async def test_what_cannot_be_written_is_said_beside_the_name(window: Window, home: Path) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    async with window() as pilot:
        await press(pilot, "S", "end", *["backspace"] * 4, "enter")
        assert "end it with .csv, .xlsx or .json. Nothing was written." in told(pilot)
        await type_in(pilot, ".json")
        await press(pilot, "enter")
    found = json.loads((home / "sessions-2017-06-12.json").read_text())
    assert [row["event"] for row in found] == ["BR-04"]


async def test_nothing_to_write_is_said(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "S")
        assert "There is no list to save here, or it is empty." in said(pilot)


async def test_a_list_in_a_dialog_can_be_written_and_a_question_cannot(
    window: Window, june: Context, home: Path
) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Di Low").key])
    async with window() as pilot:
        await press(pilot, "enter", "h", "S", "enter")
        assert (home / "list-2017-06-12.csv").read_text().count("Di Low") == 1
        await press(pilot, "escape", "x", "S")
        assert "Save this list" not in seen(pilot)


async def test_the_history_is_whole_in_the_file_and_each_line_has_its_day(
    window: Window, june: Context, home: Path
) -> None:
    event = builders.event("BR-04", dates=["2017-06-13"], capacity=300)
    for number in range(3):
        person = builders.person(f"Bo Ek{number:03}")
        with write_transaction():
            for day in range(1, 9):
                for minute in range(10):
                    history.insert_history_line(
                        datetime(2017, 6, day, 9, minute, tzinfo=UTC), "helen", "booked", person.name,
                        event_id=event.id, person_id=person.id,
                    )  # fmt: skip
    async with window() as pilot:
        await press(pilot, "0")
        assert "the latest 200, more below" in seen(pilot)
        await press(pilot, "S", "enter")
    rows = list(csv.reader((home / "history-2017-06-12.csv").open(encoding="utf-8-sig")))
    assert rows[0][:2] == ["Under", "At"]
    days = [row[0] for row in rows if row[3].startswith("booked")]
    assert len(days) == 240
    assert {days.count(f"{day} Jun 2017") for day in ("Thu 1", "Thu 8")} == {30}
