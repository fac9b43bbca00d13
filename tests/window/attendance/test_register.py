"""The register of an event: one key for each person."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance.actions import list_register_lines
from csc_tui.window.shared.data_screen import OpenRegister
from db import models
from db.engine.connection import write_transaction
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.people import Person
from db.records.startup import EventState, Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, said, seen, settled, told, type_in


@pytest.fixture
def three(june: Context) -> list[Person]:
    """Three people on BR-04, whose first session was last week and whose second is this morning."""
    event = builders.event("BR-04", capacity=3, dates=["2017-06-05", "2017-06-12", "2017-06-19"], venue="Town Hall")
    return builders.booked(event, "Al Ash", "Bo Bell", "Cy Carr")


@pytest.fixture
def noon(june: Context) -> Context:
    return builders.at(june, "2017-06-12T12:00")


def marks(ctx: Context, session: int = 2) -> dict[str, str]:
    """Name -> mark, with minutes where they are not the whole session's."""
    found = list_register_lines(attendance_actions.list_registers(ctx, "BR-04", session))
    return {
        each.name: f"{each.mark} {each.minutes}" if each.minutes not in (None, 0, 180) else each.mark for each in found
    }


async def opened(pilot: Pilot[Any]) -> None:
    """From the list of events to the register."""
    await press(pilot, "3", "enter", "r")


async def test_one_key_marks_a_person_and_goes_on_to_the_next(window: Window, noon: Context, three: object) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        assert "session 2 of 3: Module 2" in seen(pilot), "that of today is the one it is time for"
        assert "0 of 3 marked" in seen(pilot)
        await press(pilot, "p", "a")
        assert "Cy Carr" in pointed(pilot)
        await press(pilot, "x")
        assert marks(noon) == {"Al Ash": "present", "Bo Bell": "apologies", "Cy Carr": "absent"}
        assert "3 of 3 marked · 1 P  1 A  1 X" in seen(pilot)
        assert "Cy Carr" in pointed(pilot), "after the last there is nowhere to go on to"


async def test_keys_pressed_faster_than_marks_are_stored_all_count_in_their_order(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        # The cursor stays on the last: x after p after e for Cy Carr, then a and p for Bo Bell.
        await pilot.press("p", "l", "e", "p", "x", "up", "a", "up", "p")
        await settled(pilot)
        assert marks(noon) == {"Al Ash": "present", "Bo Bell": "present", "Cy Carr": "absent"}


async def test_after_a_first_mark_the_next_without_one_follows_and_after_a_correction_the_next_line(
    window: Window, noon: Context, three: list[Person]
) -> None:
    attendance_actions.mark_person(noon, "BR-04", 2, three[1].key, attendance_actions.NewMark(MarkKind.LATE))
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "p")
        assert "Cy Carr" in pointed(pilot)
        await press(pilot, "home", "a")
        assert "Bo Bell" in pointed(pilot)
        assert marks(noon) == {"Al Ash": "apologies", "Bo Bell": "late", "Cy Carr": ""}


async def test_all_sessions_stand_side_by_side_with_letters(window: Window, noon: Context, three: list[Person]) -> None:
    al, bo, _ = three
    attendance_actions.mark_person(noon, "BR-04", 1, al.key, attendance_actions.NewMark(MarkKind.LATE, minutes=150))
    attendance_actions.mark_person(noon, "BR-04", 1, bo.key, attendance_actions.NewMark(MarkKind.ABSENT))
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        assert line_with(pilot, "Name").split()[1:5] == ["1", "[2]", "3", "Session"]
        assert line_with(pilot, "Al Ash").split()[-3:] == ["L", "[·]", "·"]
        await press(pilot, "left")
        assert "session 1 of 3" in seen(pilot)
        assert "late, there 150 of 180 min" in line_with(pilot, "Al Ash")
        assert "[X]" in line_with(pilot, "Bo Bell")
        await press(pilot, "left", "right", "right", "right")
        assert "session 3 of 3" in seen(pilot)


async def test_a_session_that_has_not_begun_takes_no_marks_and_says_when_it_will(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "right", "p")
        assert "BR-04 session 3 begins on Mon 19 Jun 2017 at 09:30, so people cannot be marked yet" in said(pilot)
        assert "Al Ash" in pointed(pilot)
        assert set(marks(noon, 3).values()) == {""}


async def test_minutes_are_typed_as_minutes_or_as_the_time_of_coming_and_going(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "L")
        assert "The session was 09:30-12:30, 180 minutes" in told(pilot)
        await type_in(pilot, "10.15")
        await press(pilot, "enter", "E")
        await type_in(pilot, "400")
        await press(pilot, "enter")
        assert "lasted 180 minutes" in told(pilot), "what cannot be is said beside what was typed"
        assert "400" in seen(pilot)
        await press(pilot, "backspace", "backspace", "backspace")
        await type_in(pilot, "11:00")
        await press(pilot, "enter", "p", "m")
        await type_in(pilot, "100")
        await press(pilot, "enter")
        assert marks(noon) == {"Al Ash": "late 135", "Bo Bell": "left_early 90", "Cy Carr": "present 100"}


async def test_ten_is_ten_minutes_late_and_the_minutes_there_are_shown_before_they_are_saved(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "L")
        assert "Minutes late" in seen(pilot)
        assert "such as 10, or when they arrived, 09:40" in told(pilot)
        await type_in(pilot, "10")
        assert "late, there 170 of 180 min" in told(pilot)
        await press(pilot, "enter", "E")
        assert "such as 10, before the end, or when they left, 12:20" in told(pilot)
        await type_in(pilot, "10 min")
        assert "left early, there 170 of 180 min" in told(pilot)
        await press(pilot, "enter")
        assert marks(noon) == {"Al Ash": "late 170", "Bo Bell": "left_early 170", "Cy Carr": ""}
        await press(pilot, "home", "m")
        assert "10" in line_with(pilot, "Minutes late")
        await type_in(pilot, "9:50")
        await press(pilot, "enter")
        assert marks(noon)["Al Ash"] == "late 160"


async def test_the_same_mark_again_keeps_the_minutes_that_were_noted(
    window: Window, noon: Context, three: list[Person]
) -> None:
    attendance_actions.mark_person(
        noon, "BR-04", 2, three[0].key, attendance_actions.NewMark(MarkKind.LATE, minutes=100)
    )
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "home", "l")
        assert marks(noon)["Al Ash"] == "late 100"


async def test_minutes_of_somebody_who_was_not_there_are_refused(window: Window, noon: Context, three: object) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "m")
        assert "Al Ash has no mark yet, so there are no minutes to change." in told(pilot)
        await press(pilot, "x", "up", "m")
        assert "Al Ash is marked absent" in told(pilot)


async def test_the_rest_is_marked_present_after_a_look_at_who_that_is(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "x", "r")
        assert "2 people without a mark will be marked present" in told(pilot)
        assert "Bo Bell, Cy Carr" in told(pilot)
        assert marks(noon) == {"Al Ash": "absent", "Bo Bell": "", "Cy Carr": ""}, "a preview changes nothing"
        await press(pilot, "enter")
        assert marks(noon) == {"Al Ash": "absent", "Bo Bell": "present", "Cy Carr": "present"}
        await press(pilot, "r")
        assert "Everyone in BR-04 session 2 already has a mark." in told(pilot)


async def test_a_mark_is_taken_away_again_with_one_key_and_the_last_change_with_u(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "p", "up", "backspace")
        assert marks(noon)["Al Ash"] == ""
        await press(pilot, "u", "enter")
        assert marks(noon)["Al Ash"] == "present"
        await press(pilot, "end", "delete")
        assert "Cy Carr has no mark in BR-04 session 2" in told(pilot)


async def test_those_who_are_selected_are_marked_together_after_one_look(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "space", "space")
        assert "2 selected" in seen(pilot)
        await press(pilot, "a")
        assert "Mark 2 people apologies in BR-04 session 2?" in told(pilot)
        assert "Bo Bell no mark → apologies" in told(pilot)
        await press(pilot, "enter")
        assert marks(noon) == {"Al Ash": "apologies", "Bo Bell": "apologies", "Cy Carr": ""}
        assert "selected" not in seen(pilot)
        await press(pilot, "u", "enter")
        assert set(marks(noon).values()) == {""}, "they were one step"


async def test_signing_off_says_what_it_locks_and_a_change_then_takes_a_reason(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "s")
        assert "Al Ash, Bo Bell, Cy Carr are not marked yet in BR-04 session 2" in told(pilot)
        await press(pilot, "r", "enter", "s")
        assert "P 3 present" in told(pilot)
        assert "After that only a coordinator can change it, giving a reason." in told(pilot)
        await press(pilot, "enter")
        assert "Signed off by alice" in seen(pilot)
        await press(pilot, "s")
        assert "has already been signed off by alice" in said(pilot)
        await press(pilot, "home", "x")
        assert "alice has signed off the register of BR-04 session 2" in told(pilot)
        await press(pilot, "escape")
        assert marks(noon)["Al Ash"] == "present", "without a reason nothing is changed"
        await press(pilot, "home", "x", "down", "enter")
        assert marks(noon)["Al Ash"] == "absent"


async def test_what_somebody_else_marks_appears_and_the_cursor_stays(
    window: Window, noon: Context, three: list[Person]
) -> None:
    bob = replace(noon, actor="bob")
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "p")
        attendance_actions.mark_person(bob, "BR-04", 2, three[2].key, attendance_actions.NewMark(MarkKind.LATE))
        pilot.app.state.changed.publish(None)  # type: ignore[attr-defined]
        await settled(pilot)
        assert "late" in line_with(pilot, "Cy Carr")
        assert "Bo Bell" in pointed(pilot)
        await press(pilot, "x")
        assert marks(noon) == {"Al Ash": "present", "Bo Bell": "absent", "Cy Carr": "late"}, "no mark is lost"
        assert "marked by bob" in seen(pilot)


async def test_who_makes_up_a_module_stands_in_that_session_only(
    window: Window, noon: Context, three: list[Person]
) -> None:
    guest = builders.person("Gu Est")
    with write_transaction():
        session = models.SessionRow.get(models.SessionRow.number == 2)
        models.MakeUpRow.insert(session=session.id, person=guest.id, since=builders.STAMP).execute()
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        assert seen(pilot).index("Making up a module") < seen(pilot).index("Gu Est")
        await press(pilot, "end", "p", "left")
        assert "not in this session" in line_with(pilot, "Gu Est")
        await press(pilot, "p")
        assert "Gu Est is not in session 1, only in session 2." in told(pilot)
        assert marks(noon)["Gu Est"] == "present"


async def test_a_walk_in_beyond_the_capacity_is_booked_with_a_reason_marked_and_pointed_at(
    window: Window, noon: Context, three: object
) -> None:
    with write_transaction():
        models.EventRow.update(capacity=3).execute()
    builders.person("Wa Kin")
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        await type_in(pilot, "kin")
        await press(pilot, "enter")
        assert "Booking beyond the capacity needs a reason." in told(pilot)
        assert "Walk-in" in seen(pilot)
        await press(pilot, "down", "enter", "enter")
        assert marks(noon)["Wa Kin"] == "present"
        assert "▌" in line_with(pilot, "Wa Kin")


async def test_a_walk_in_who_is_not_in_the_database_is_added_booked_within_the_capacity_and_marked(
    window: Window, noon: Context, three: object
) -> None:
    with write_transaction():
        models.EventRow.update(capacity=4).execute()
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "b")
        await type_in(pilot, "jo smith <jo@x.org>")
        await press(pilot, "enter")
        assert "jo@x.org" in seen(pilot)
        await press(pilot, "ctrl+s")
        assert "4 of 4 places taken, none left" in told(pilot)
        assert "Jo Smith is marked present" in told(pilot)
        await press(pilot, "enter")
        assert marks(noon)["Jo Smith"] == "present"
        assert "▌" in line_with(pilot, "Jo Smith")
        await press(pilot, "u", "enter")
        assert "Jo Smith" not in marks(noon), "the person, the place and the mark are one step"


async def test_a_register_somebody_else_signed_off_is_dim_for_a_booker(
    window: Window, noon: Context, three: object
) -> None:
    attendance_actions.mark_rest(noon, "BR-04", 2, MarkKind.PRESENT)
    attendance_actions.sign_off_register(noon, "BR-04", 2)
    async with window(ctx=replace(noon, role=Role.BOOKER)) as pilot:
        await opened(pilot)
        await press(pilot, "left", "right", "x")
        assert "needs the coordinator role" in told(pilot)
    async with window(ctx=replace(noon, role=Role.VIEWER)) as pilot:
        await opened(pilot)
        await press(pilot, "x", "b", "s")
        assert "needs the booker role" in told(pilot)
    assert marks(noon)["Al Ash"] == "present"


async def test_the_register_of_an_event_without_anybody_or_of_a_draft_says_so(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-05"])
    async with window() as pilot:
        await opened(pilot)
        assert "No people on this register yet." in told(pilot)
        await press(pilot, "p", "m", "backspace", "space", "asterisk")
        assert "No people on the register of BR-04 session 1 yet." in told(pilot)
    with write_transaction():
        models.EventRow.update(state=EventState.DRAFT).execute()
    async with window() as pilot:
        await opened(pilot)
        assert "BR-04 is draft, so it has no register." in told(pilot)


async def test_the_sheet_is_written_where_it_is_said_and_a_file_in_the_way_stays(
    window: Window, noon: Context, three: object, tmp_path: Path
) -> None:
    taken = tmp_path / "sheet.pdf"
    taken.write_text("mine")
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "S", *["ctrl+u"])
        await type_in(pilot, str(taken))
        await press(pilot, "enter", "enter")
        assert "already exists" in told(pilot)
        await press(pilot, *["backspace"] * 4)
        await type_in(pilot, ".xlsx")
        await press(pilot, "enter", "enter")
        assert "3 people on the sheet in" in told(pilot)
    assert taken.read_text() == "mine"
    assert (tmp_path / "sheet.xlsx").stat().st_mode & 0o777 == 0o600


async def test_certificates_are_for_those_who_completed_and_nobody_else(
    window: Window, noon: Context, three: list[Person], tmp_path: Path
) -> None:
    later = builders.at(noon, "2017-06-19T15:00")
    for session in (1, 2, 3):
        attendance_actions.mark_person(
            later, "BR-04", session, three[0].key, attendance_actions.NewMark(MarkKind.PRESENT)
        )
    async with window(ctx=later) as pilot:
        await opened(pilot)
        await press(pilot, "C")
        assert "1 person has completed the course. 2 others have not completed it." in told(pilot)
        await press(pilot, "ctrl+u")
        await type_in(pilot, str(tmp_path / "out"))
        await press(pilot, "enter")
        assert "Write 1 certificate?" in told(pilot)
        assert not (tmp_path / "out").exists(), "nothing is written before it is confirmed"
        await press(pilot, "enter")
        assert "1 certificate in" in told(pilot)
    assert [name.endswith("al-ash.pdf") for name in os.listdir(tmp_path / "out")] == [True]


async def test_nobody_has_completed_it_yet_is_said_before_a_folder_is_asked_for(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        await press(pilot, "C")
        assert "No one on BR-04 has completed the course yet" in told(pilot)


async def test_a_message_opens_the_register_of_the_session_it_names_once(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        for _ in range(2):
            pilot.app.screen.post_message(OpenRegister("BR-04", 1))
            await settled(pilot)
        assert "session 1 of 3" in seen(pilot)
        assert len(pilot.app.screen_stack) == 2
        await press(pilot, "enter")
        assert "Al Ash" in seen(pilot), "enter opens the person"


async def test_outcomes_follow_the_marks_at_once(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-05"]), "Al Ash")
    async with window() as pilot:
        await opened(pilot)
        await press(pilot, "x")
        assert builders.standing("BR-04") == {"Al Ash": Status.NO_SHOW.word}


async def test_the_trainers_sheet_has_the_needs_and_the_one_for_the_table_has_not(
    window: Window, noon: Context, three: object, tmp_path: Path
) -> None:
    with write_transaction():
        models.PersonRow.update(dietary="No nuts").execute()
    for answer, on_it in (("no", False), ("maybe", None), ("yes", True)):
        path = tmp_path / f"{answer}.pdf"
        async with window(ctx=noon) as pilot:
            await opened(pilot)
            await press(pilot, "S", "ctrl+u")
            await type_in(pilot, str(path))
            await press(pilot, "down", "backspace", "backspace")
            await type_in(pilot, answer)
            await press(pilot, "enter")
            if on_it is None:
                assert "Include needs is yes or no, not 'maybe'." in told(pilot)
        text = "".join(page.extract_text() for page in PdfReader(path).pages) if path.exists() else None
        assert (text and "No nuts" in text) == on_it


async def test_asking_for_another_session_turns_the_register_that_is_open_to_it(
    window: Window, noon: Context, three: object
) -> None:
    async with window(ctx=noon) as pilot:
        await opened(pilot)
        screens = len(pilot.app.screen_stack)
        pilot.app.screen.post_message(OpenRegister("BR-04", 3))
        await settled(pilot)
        assert "session 3 of 3: Module 3" in seen(pilot)
        pilot.app.screen.post_message(OpenRegister("BR-04", 9))
        await settled(pilot)
        assert "session 3 of 3: Module 3" in seen(pilot), "there is no ninth to turn to"
        assert len(pilot.app.screen_stack) == screens
