"""What other people change appears by itself; what is in hand stays; faults are sentences."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import agenda, suggestions
from csc_tui.window.app import CscApp
from csc_tui.window.widgets.record_table import RecordTable
from db import history
from db.engine.connection import database
from db.errors import BusyDatabase
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, said, seen, settled, told, type_in


async def look(pilot: Pilot[Any]) -> None:
    """What the timer does every second."""
    app = pilot.app
    assert isinstance(app, CscApp)
    await settled(pilot)
    app.poll()
    await settled(pilot)


def elsewhere(location: str, *words: str) -> None:
    """Another process works on the same database."""
    done = builders.csc(location, *words, today="2017-06-12T09:00")
    assert done.returncode == 0, done.stderr


async def test_another_process_is_noticed_without_moving_the_cursor(window: Window, location: str) -> None:
    builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.event("BR-05", capacity=3, dates=["2017-06-14"])
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await press(pilot, "down")
        assert "BR-05" in pointed(pilot)
        elsewhere(location, "enrol", "BR-04", "bo@example.org")
        assert "0/3" in line_with(pilot, "09:30-12:30  BR-04")
        await look(pilot)
        assert "1/3" in line_with(pilot, "09:30-12:30  BR-04")
        assert "BR-05" in pointed(pilot)


async def test_a_quiet_note_says_what_somebody_else_did(window: Window, june: Context) -> None:
    on = builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await look(pilot)
        booking_actions.enrol_people(builders.at(june, "2017-06-12", actor="bea"), on.reference, ["bo@example.org"])
        await look(pilot)
        assert "bea: booked Bo Ek on BR-04." in said(pilot)
        assert "BR-04" in pointed(pilot)


async def test_what_one_did_oneself_is_no_news(window: Window, june: Context) -> None:
    on = builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await look(pilot)
        booking_actions.enrol_people(june, on.reference, ["bo@example.org"])
        await look(pilot)
        assert "1/3" in line_with(pilot, "09:30-12:30  BR-04")
        assert said(pilot) == ""


async def test_what_was_done_behind_a_dialog_is_told_when_it_is_closed(window: Window, june: Context) -> None:
    on = builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.person("Bo Ek", email="bo@example.org")
    builders.person("Cy Orr", email="cy@example.org")
    async with window() as pilot:
        await look(pilot)
        await press(pilot, "f")
        bea = builders.at(june, "2017-06-12", actor="bea")
        booking_actions.enrol_people(bea, on.reference, ["bo@example.org"])
        booking_actions.enrol_people(builders.at(june, "2017-06-12", actor="cy"), on.reference, ["cy@example.org"])
        await look(pilot)
        assert said(pilot) == ""
        await press(pilot, "escape")
        await look(pilot)
        assert "bea: booked Bo Ek on BR-04, and 1 more change by bea and cy." in said(pilot)


async def test_rows_that_come_in_above_leave_the_cursor_and_its_line_where_they_are(window: Window) -> None:
    for number in range(20, 50):
        builders.event(f"BR-{number}", dates=["2017-06-20"])
    async with window() as pilot:
        await press(pilot, *["down"] * 25)
        before = [number for number, line in enumerate(seen(pilot).splitlines()) if "▌" in line]
        assert "BR-45" in pointed(pilot)
        builders.event("BR-10", dates=["2017-06-13"])
        await look(pilot)
        assert "BR-45" in pointed(pilot)
        assert [number for number, line in enumerate(seen(pilot).splitlines()) if "▌" in line] == before


async def test_nothing_is_drawn_while_nothing_changes(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    async with window() as pilot:
        await look(pilot)
        drawn: list[int] = []
        real = RecordTable.render_line
        monkeypatch.setattr(RecordTable, "render_line", lambda table, y: drawn.append(y) or real(table, y))
        await look(pilot)
        await look(pilot)
        assert drawn == []
        builders.person("Bo Ek")  # a commit that this screen does not show
        await look(pilot)
        assert drawn == []


async def test_a_screen_below_reads_again_when_it_comes_back(window: Window, location: str) -> None:
    builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await press(pilot, "4")
        elsewhere(location, "enrol", "BR-04", "bo@example.org")
        await look(pilot)
        await press(pilot, "1")
        assert "1/3" in line_with(pilot, "09:30-12:30  BR-04")


async def test_a_form_keeps_its_text_while_others_change_things(window: Window, location: str) -> None:
    builders.booked(builders.event("BR-04", capacity=3, dates=["2017-06-13"]), "Di Low")
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await press(pilot, "enter", "x")
        await type_in(pilot, "moved to anoth")
        elsewhere(location, "enrol", "BR-04", "bo@example.org")
        await look(pilot)
        assert "moved to anoth" in seen(pilot)
        await press(pilot, "escape")
        assert "Bo Ek" in seen(pilot)


async def test_a_database_that_does_not_answer_is_a_sentence_that_goes_when_it_does(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    async with window() as pilot:
        real = agenda.list_coming_sessions

        def busy(*call: Any, **named: Any) -> Any:
            raise BusyDatabase()

        monkeypatch.setattr(agenda, "list_coming_sessions", busy)
        builders.event("BR-05", dates=["2017-06-14"])
        await look(pilot)
        assert "Someone else is using the database." in told(pilot)
        assert "BR-04" in seen(pilot), "what was shown stays"
        monkeypatch.setattr(agenda, "list_coming_sessions", real)
        await look(pilot)
        assert "is using the database" not in seen(pilot)
        assert "BR-05" in seen(pilot)


@pytest.mark.of_files
async def test_a_damaged_database_leaves_the_window_and_what_was_typed(window: Window, location: str) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4")
        for extra in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(location + extra)
        size = os.path.getsize(location)
        Path(location).write_bytes(b"\xff" * size)
        await type_in(pilot, "ek")
        assert "damaged" in told(pilot) or "is not a csc-tui database" in told(pilot)
        assert " ek" in seen(pilot)


def start(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The window in a process of its own, on a terminal of its own."""
    code = (
        "import os, pty, sys\n"
        "def read(fd):\n"
        "    return os.read(fd, 65536)\n"
        f"words = {[sys.executable, '-c', 'from csc_tui.cli.entry import main; main()', *words]!r}\n"
        "sys.exit(os.waitstatus_to_exitcode(pty.spawn(words, read)))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], input="", capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(builders.ROOT), "TERM": "xterm-256color", **settings},
    )  # fmt: skip


def test_a_missing_database_is_a_sentence_and_not_a_window(tmp_path: Path) -> None:
    done = start("--db", str(tmp_path / "nowhere.db"))
    assert done.returncode == 4
    assert "There is no database at" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "nowhere.db").exists()


def test_settings_that_mean_nothing_are_named(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "csc-tui"
    folder.mkdir(parents=True)
    for text, sentence in (
        ('theme = "nope"', "there is no theme 'nope'"),
        ('[keys]\n"event.nope" = "b"', "there is no key named 'event.nope'"),
        ('[keys]\n"event.book" = 3', "the key for 'event.book' should be text"),
    ):
        (folder / "settings.toml").write_text(text)
        done = start("--db", location)
        assert done.returncode == 2
        assert sentence in " ".join(done.stdout.split())


async def test_keys_can_be_given_other_names(location: str, june: Context, tmp_path: Path) -> None:
    from csc_tui.window.app import window_from_settings

    builders.event("BR-04", dates=["2017-06-19"])
    app = window_from_settings(june, location, {"theme": "light", "keys": {"event.book": "ctrl+b"}})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "ctrl+b")
        assert "Book a person on BR-04" in seen(pilot)


async def test_a_full_disk_leaves_the_window_and_what_was_typed(
    window: Window, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    add = history.insert_history_line

    def at_length(*words: Any, **named: Any) -> None:
        add(*words, **{**named, "after": "more than there is room for " * 500})

    async with window() as pilot:
        await press(pilot, "enter", "x")
        await type_in(pilot, "her own words")
        with monkeypatch.context() as full:
            full.setattr(history, "insert_history_line", at_length)
            full.setattr(database.obj, "_pragmas", [*database.obj._pragmas, ("max_page_count", 1)])  # as many as now
            await press(pilot, "enter")
            assert "The disk is full. Nothing was changed. Make room and try again." in told(pilot)
            assert "her own words" in seen(pilot)
        assert builders.standing("BR-04") == {"Bo Ek": "booked"}
        await press(pilot, "enter", "enter")
        assert builders.standing("BR-04") == {"Bo Ek": "cancelled"}


async def test_page_down_passes_no_row_unseen_however_many_headings_stand_between(window: Window) -> None:
    for number in range(1, 29):
        builders.event(f"BR-{number:02}", dates=[f"2017-{4 + number % 9:02}-{number:02}"])
    async with window(size=(80, 24)) as pilot:
        await press(pilot, "3")
        shown = seen(pilot)
        for _ in range(4):
            await press(pilot, "pagedown")
            shown += seen(pilot)
        assert [number for number in range(1, 29) if f"BR-{number:02}" not in shown] == []
        for _ in range(5):
            await press(pilot, "pageup")
        assert "Apr 2017" in seen(pilot)


async def test_a_policy_somebody_else_changes_holds_here_at_once(window: Window, location: str) -> None:
    on = builders.event("BR-04", capacity=3, dates=["2017-06-19"])
    builders.booked(on, "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "tab")
        elsewhere(location, "admin", "policy", "set", "cancel_reasons", "snowed in, other")
        await look(pilot)
        await press(pilot, "x")
        assert "Snowed in" in seen(pilot)
        assert "Illness" not in seen(pilot)


async def test_a_role_somebody_else_takes_away_is_gone_here_at_once(window: Window, location: str) -> None:
    builders.event("BR-04", capacity=3, dates=["2017-06-19"])
    async with window() as pilot:
        elsewhere(location, "admin", "roles", "set", "bea", "administrator")
        elsewhere(location, "admin", "roles", "set", "alice", "viewer")
        await look(pilot)
        assert "alice (viewer)" in seen(pilot)
        await press(pilot, "enter", "b")
        assert "alice has the viewer role" in said(pilot)


async def test_what_cannot_be_read_for_a_question_is_said_and_the_window_stays(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.event("BR-04")

    def busy(ctx: Context) -> None:
        raise BusyDatabase()

    monkeypatch.setattr(suggestions, "list_suggestions", busy)
    async with window() as pilot:
        await press(pilot, "enter", "e", "v")
        assert "Someone else is using the database" in said(pilot)
        await press(pilot, "escape", "escape")
        assert "BR-04" in pointed(pilot)
