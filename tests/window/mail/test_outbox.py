"""The outbox and the words of messages in the window: by keys pressed and what can be seen."""

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.mail import outbox, templates
from csc_tui.core.mail.outbox import MessageChoice
from csc_tui.window.app import CscApp
from csc_tui.window.widgets.filter_input import FilterSummary
from csc_tui.window.widgets.record_table import RecordTable
from db.records.mail import MessageKind
from db.records.startup import Role
from tests import builders
from tests.core.mail.mailroom import mailroom
from tests.window.conftest import Window, line_with, pointed, press, said, seen, settled, told, type_in
from tests.window.test_commands import command


@pytest.fixture
def booked(june: Context) -> Context:
    """Ann and Bo, booked this morning on BR-90 in July; Cy [deputy] waits."""
    builders.event(capacity=2, dates=["2017-07-17"], venue="Grimsby Town Hall")
    for name in ("Ann Smith", "Bo Young", "Cy Jones [deputy]"):
        builders.person(name, email=f"{name.split()[0].lower()}@example.org")
    booking_actions.enrol_people(june, "BR-90", ["ann@example.org", "bo@example.org", "cy@example.org"])
    return june


def states(ctx: Context) -> list[str]:
    """Kind and state of everything, made or not."""
    lines = [*outbox.list_outbox(ctx), *outbox.list_outbox(ctx, made=True)]
    return sorted(f"{each.kind} {each.state}" for each in lines)


def settings(text: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "csc-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(text)


async def test_8_shows_what_is_due_under_its_event(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8")
        assert "due: 5" in seen(pilot)
        assert seen(pilot).index("BR-90") < seen(pilot).index("Ann Smith")
        assert "Ann Smith" in pointed(pilot)
        assert "Cy Jones [deputy]" in line_with(pilot, "waiting list")
        assert "Ann Smith <ann@example.org>  invitation BR-90, waiting" in seen(pilot)


async def test_the_line_to_type_in_is_as_wide_whenever_the_screen_is_laid_out(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8")
        screen = pilot.app.screen
        line, summary = screen.query_one("#filter"), screen.query_one(FilterSummary)
        summary.set_text("Sending 1,204 of 3,000, escape stops")
        await settled(pilot)
        before = line.size.width
        summary.set_text("due: 5")
        summary.refresh(layout=True)
        await settled(pilot)
        assert line.size.width == before


async def test_with_room_the_mail_stands_beside_the_list(window: Window, booked: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "8", "down")
        assert "Dear Ann," in seen(pilot)
        await press(pilot, "end")
        assert "Dear Cy Jones," in seen(pilot)


async def test_enter_shows_a_mail_whole(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "down", "enter")
        assert "Subject: You have a place: Being Restorative, Mon 17 Jul 2017" in told(pilot)
        assert "Dear Ann, Your place on Being Restorative (BR-90) is booked." in told(pilot)
        await press(pilot, "escape")
        assert "due: 5" in seen(pilot)


async def test_typing_narrows_and_what_is_done_is_for_what_is_shown(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "slash")
        await type_in(pilot, "confirm")
        assert "due: 2" in seen(pilot)
        await press(pilot, "down", "tab")
        await pilot.pause()
        pilot.app.screen.query_one(RecordTable).focus()
        await press(pilot, "x", "a")
        assert "Don't send 2 messages?" in told(pilot)
        await press(pilot, "enter")
        assert "2 messages will not be sent." in said(pilot)
        assert states(booked).count("confirmation forgotten") == 2
        await press(pilot, "escape", "escape")
        assert "due: 3" in seen(pilot)


async def test_what_is_marked_is_meant(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "space", "down", "space", "x", "m")
        assert "Don't send 2 messages?" in told(pilot)
        await press(pilot, "enter")
        assert "due: 3" in seen(pilot)
    assert states(booked).count("invitation forgotten") == 2


async def test_w_writes_into_a_folder_and_v_shows_what_was_made(
    window: Window, booked: Context, tmp_path: Path
) -> None:
    async with window() as pilot:
        await press(pilot, "8", "i", "a")
        await type_in(pilot, str(tmp_path / "out"))
        await press(pilot, "enter")
        assert "Messages that have been written are no longer due. This cannot be undone." in told(pilot)
        assert not (tmp_path / "out").exists()
        await press(pilot, "enter")
        assert "5 messages written to" in said(pilot)
        assert "Nothing is due" in seen(pilot)
        await press(pilot, "v")
        assert "sent: 5 messages" in seen(pilot)
    assert len(os.listdir(tmp_path / "out")) == 7


async def test_a_folder_that_cannot_be_used_is_said_and_what_was_typed_stays(
    window: Window, booked: Context, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    async with window() as pilot:
        await press(pilot, "8", "i", "o", *["backspace"] * 6, "enter")
        assert "This is required" in told(pilot)
        await type_in(pilot, str(tmp_path / "file"))
        await press(pilot, "enter", "enter")
        assert "cannot be written" in told(pilot)
        assert str(tmp_path / "file") in told(pilot).replace(" ", "")  # a long path is broken anywhere
        await press(pilot, "escape")
    assert "invitation written" not in states(booked)


async def test_s_without_a_server_says_what_is_wanted(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "M", "o")
        assert "Nothing can be sent yet" in told(pilot)
        assert "No mail server is set up" in told(pilot)
        await press(pilot, "escape")
        assert "due: 5" in seen(pilot)


async def test_the_mail_server_is_tried_from_the_palette_and_nothing_is_sent(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8")
        await command(pilot, "test the mail server")
        assert "No mail server is set up" in told(pilot)
        await press(pilot, "escape")
        with mailroom() as (room, port):
            settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"')
            await command(pilot, "test the mail server")
            assert "accepts the user and password. Nothing was sent." in said(pilot)
            assert room.arrived == []


async def test_s_sends_after_it_has_shown_how_many_of_what(window: Window, booked: Context) -> None:
    with mailroom() as (room, port):
        settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 0')
        async with window() as pilot:
            await press(pilot, "8", "M", "a")
            assert "Send 5 messages?" in told(pilot)
            assert "2 invitation" in told(pilot)
            assert "1 waiting list" in told(pilot)
            assert room.arrived == []
            await press(pilot, "enter")
            assert "5 messages sent." in said(pilot)
            assert len(room.arrived) == 5
            assert "Nothing is due" in seen(pilot)
            await press(pilot, "v", "M")
            assert "It was sent before." in told(pilot)
            await press(pilot, "enter")
            assert len(room.arrived) == 6
    assert len(room.twice()) == 1


async def test_what_was_refused_is_told_with_the_servers_words_and_marked(window: Window, booked: Context) -> None:
    with mailroom() as (room, port):
        settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 0')
        room.on_rcpt = lambda address: "550 no [such] mailbox" if address == "cy@example.org" else None
        async with window() as pilot:
            await press(pilot, "8", "M", "a", "enter")
            assert "What happened to them" in told(pilot)
            assert "550 no [such] mailbox" in told(pilot)
            await press(pilot, "escape")
            assert pointed(pilot).split()[1:4] == ["!", "Cy", "Jones"]
            assert "due: 0, 1 failed" in seen(pilot)


async def test_a_server_that_does_not_answer_leaves_everything_as_it_was(
    window: Window, booked: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csc_tui.core.mail.delivery.PAUSES", ())
    with mailroom() as (_, port):
        pass
    settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"')
    async with window() as pilot:
        await press(pilot, "8", "M", "a", "enter")
        assert "did not work as expected: Connection refused" in told(pilot)
        await press(pilot, "escape")
        assert "due: 5" in seen(pilot)


async def test_escape_stops_what_is_under_way(window: Window, booked: Context) -> None:
    """The third mail waits for the key: what came before it was sent, what follows is not."""
    pressed = threading.Event()
    with mailroom() as (room, port):
        settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 0')
        reached = threading.Event()

        def hold(number: int) -> None:
            if number == 2:
                reached.set()
                pressed.wait(20)

        room.on_data = hold
        async with window() as pilot:
            await press(pilot, "8", "M", "a")
            await pilot.press("enter")
            while not reached.is_set():
                await pilot.pause()
            assert "escape stops" in seen(pilot)
            await pilot.press("s")
            await pilot.press("escape")
            await pilot.pause()
            assert "Stopping after the current message" in seen(pilot)
            pressed.set()
            await settled(pilot)
            assert "3 messages sent. Stopped. Still to be sent: 2 messages." in told(pilot)
    assert len(room.arrived) == 3


async def test_what_others_do_is_seen_and_the_cursor_stays(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "end")
        assert "Cy Jones" in pointed(pilot)
        booking_actions.cancel_place(booked, "BR-90", "ann@example.org", reason="Illness")
        app = pilot.app
        assert isinstance(app, CscApp)
        app.state.changed.publish(None)
        await settled(pilot)
        assert "cancellation" in line_with(pilot, "Ann Smith")
        assert "Cy Jones" in pointed(pilot)


async def test_a_viewer_reads_and_is_told_why_nothing_can_be_sent(window: Window, booked: Context) -> None:
    async with window(replace(booked, role=Role.VIEWER)) as pilot:
        await press(pilot, "8", "M")
        assert "This needs the booker role" in said(pilot)
        await press(pilot, "e", "enter")
        assert "This needs the coordinator role" in said(pilot)


async def test_words_are_changed_after_a_look_and_marked_as_changed(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "e", "down", "enter")
        assert "Place booked" in told(pilot)
        assert "{how_to_cancel}" in told(pilot)
        await press(pilot, "end")
        await type_in(pilot, " for {forename}")
        await press(pilot, "ctrl+s")
        assert "Subject: You have a place: Being Restorative, Mon 17 Jul 2017 for Ann" in told(pilot)
        await press(pilot, "enter")
        assert "*" in line_with(pilot, "Place booked")
        assert "Saved. The subject is now:" in said(pilot)
    assert templates.get_template_card(booked, MessageKind.CONFIRMATION).letter.subject.endswith(" for {forename}")
    assert outbox.list_outbox(booked, MessageChoice(kind=MessageKind.CONFIRMATION))[0].subject.endswith(" for Ann")


async def test_a_wrong_placeholder_is_named_and_what_was_typed_stays(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "8", "e", "down", "enter", "end")
        await type_in(pilot, " {nickname}")
        await press(pilot, "ctrl+s")
        assert "The subject has {nickname}, which is not a placeholder of this message." in told(pilot)
        assert "{first_day} {nickname}" in told(pilot)
        await press(pilot, "escape")
    assert templates.get_template_card(booked, MessageKind.CONFIRMATION).edited_by == ""


async def test_words_can_be_tried_on_a_person_and_given_back(window: Window, booked: Context) -> None:
    templates.set_template(booked, MessageKind.CONFIRMATION, subject="Hello {forename}")
    async with window() as pilot:
        await press(pilot, "8", "e", "down", "v")
        await type_in(pilot, "young")
        await press(pilot, "enter")
        assert "Subject: Hello Bo" in told(pilot)
        await press(pilot, "escape", "x")
        assert "Hello {forename}" in told(pilot)
        await press(pilot, "enter")
        assert "You have a place: {title}" in line_with(pilot, "Place booked")


async def test_words_of_messages_are_found_from_anywhere(window: Window, booked: Context) -> None:
    async with window() as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "words of")
        await press(pilot, "enter")
        assert "When it is sent" in seen(pilot)
        await press(pilot, "escape")
        assert "[1 Today]" in seen(pilot)


async def test_the_outbox_is_worked_out_once_and_not_while_keys_wait_for_it(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    real = outbox.get_outbox

    def opened(*given: Any, **named: Any) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        return real(*given, **named)

    monkeypatch.setattr(outbox, "get_outbox", opened)
    async with window() as pilot:
        await press(pilot, "8")
        assert "Nothing is due" in seen(pilot)
    assert threads == [False]
