"""Invitations from the event's screen: what is due and why, written to a folder, stopped on the way; and replies."""

import asyncio
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.mail import invitations
from csc_tui.window.dialogs.form import FieldInput
from db import models, people
from db.engine.connection import read_transaction, write_transaction
from db.records.mail import PartStat
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, seen, settled, told, type_in


@pytest.fixture
def event(june: Context) -> None:
    trainer = builders.person("Ty Lead")
    builders.booked(
        builders.event("BR-04", dates=["2017-06-19", "2017-06-26"], facilitators=[trainer]), "Al Ash", "Bo Ek"
    )


async def test_what_is_due_is_shown_with_its_reasons_and_then_written(
    window: Window, june: Context, event: None, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    async with window() as pilot:
        await press(pilot, "enter")
        assert "6 invitations due (i)" in seen(pilot)
        await press(pilot, "i")
        await type_in(pilot, str(out))
        await press(pilot, "enter", "enter")
        assert "Write 6 invitations of BR-04?" in told(pilot)
        assert "enter Write 6 invitations" in seen(pilot)
        assert "For learners 4 invitations: new booking Al Ash, Bo Ek" in told(pilot)
        assert "For facilitators 2 invitations: new booking Ty Lead" in told(pilot)
        assert not out.exists()
        await press(pilot, "enter")
        assert "6 invitations in" in told(pilot)
        assert len(os.listdir(out)) == 6
        assert "due (i)" not in seen(pilot)
        await press(pilot, "i")
        assert "No invitation of BR-04 is due." in told(pilot)
        booking_actions.cancel_place(june, "BR-04", "bo ek", reason="ill")
        pilot.app.state.changed.publish(None)  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "i")
        assert str(out)[:20] in seen(pilot), "the folder of before is offered again"
        await press(pilot, "enter", "enter")
        assert "2 cancellations: place cancelled Bo Ek" in told(pilot)


async def test_a_folder_or_kind_that_cannot_be_is_said_and_what_was_typed_stays(
    window: Window, june: Context, event: None, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    async with window() as pilot:
        await press(pilot, "enter", "i", "backspace", "enter", "enter")
        assert "! This is required." in told(pilot)
        await type_in(pilot, str(tmp_path / "file"))
        await press(pilot, "enter", "enter", "enter")
        assert "cannot be written: it is not a folder" in told(pilot)
        await press(pilot, "down", "ctrl+u")
        await type_in(pilot, "docx")
        await press(pilot, "enter")
        assert "Choose ics or eml, not 'docx'." in told(pilot)
        assert "docx" in seen(pilot)
    assert invitations.due_invitation_count(june, "BR-04") == 4


async def test_writing_can_be_stopped_and_then_nothing_is_kept_and_the_window_lives_on(
    window: Window, june: Context, event: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, go_on = tmp_path / "out", threading.Event()
    real = invitations.make_invitation_calendar

    def slow(*given: object) -> bytes:
        go_on.wait(20)  # until the key was pressed
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(invitations, "make_invitation_calendar", slow)
    async with window() as pilot:
        await press(pilot, "enter", "i")
        await type_in(pilot, str(out))
        await press(pilot, "enter", "enter")
        await pilot.press("enter")
        while not pilot.app.screen.query("#progress"):
            await asyncio.sleep(0)
        await pilot.press("escape")
        assert "Stopping at the next safe point ..." in seen(pilot)
        go_on.set()
        await settled(pilot)
        assert "Stopped: 0 of 6 invitations were ready. None was saved." in told(pilot)
        assert pilot.app.screen.query(FieldInput).first().value == str(out), "what was typed is still there"
        assert not out.exists()
        assert invitations.due_invitation_count(june, "BR-04") == 4
        await press(pilot, "ctrl+s", "enter")
        assert "6 invitations in" in told(pilot), "and it can be done after all"


async def test_who_no_mail_can_reach_is_named(window: Window, june: Context, tmp_path: Path) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Al Ash"))
    builders.enrolment(event, builders.person("Bo Ek", email="no address"))
    async with window() as pilot:
        await press(pilot, "enter", "i", "ctrl+s")
        assert "No e-mail can reach Bo Ek ('no address'). Correct the address" in told(pilot)


async def test_a_viewer_writes_no_invitations(window: Window, june: Context, event: None) -> None:
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "enter", "i")
        assert "needs the booker role" in told(pilot)


async def test_the_roster_says_what_everybody_answered_with_a_letter_and_a_word(
    window: Window, june: Context, event: None, tmp_path: Path
) -> None:
    invitations.write_invitations(june, "BR-04", str(tmp_path / "out"))
    with write_transaction():
        row = models.InvitationRow
        al = models.PersonRow.get(models.PersonRow.surname == "Ash").id
        first = row.select(row.id).where(row.person == al).order_by(row.id).first()
        row.update(partstat=PartStat.ACCEPTED).where(row.person == al).execute()
        row.update(partstat=PartStat.DECLINED).where(row.id == first.id).execute()
    async with window() as pilot:
        await press(pilot, "enter")
        assert "N declined" in line_with(pilot, "Al Ash"), "one session declined is what has to be seen"
        assert "? no answer" in line_with(pilot, "Bo Ek")
        assert "1 invitation declined" in seen(pilot)


async def test_what_clashes_is_counted_listed_and_opened(window: Window, june: Context, event: None) -> None:
    other = builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-19"])
    builders.enrolment(other, builders.person("Zoe Young"))
    with read_transaction():
        ash = people.find_person("Al Ash")
    builders.enrolment(other, ash)
    async with window() as pilot:
        await press(pilot, "enter")
        assert "1 clash (!)" in seen(pilot)
        await press(pilot, "exclamation_mark")
        assert "learner: Al Ash" in seen(pilot)
        assert "SOS-INTRO-03 session 1" in seen(pilot)
        await press(pilot, "enter")
        assert "Zoe Young" in seen(pilot)
