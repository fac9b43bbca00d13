"""What can be done from any screen: undo, the sweep, the rules of a course, the charges."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, said, seen, told, type_in


async def command(pilot: Pilot[Any], name: str) -> None:
    """Choose it in the palette."""
    await press(pilot, "ctrl+p")
    await type_in(pilot, name)
    await press(pilot, "enter")


async def test_u_shows_what_is_put_back_and_puts_it_back(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")
    async with window() as pilot:
        await press(pilot, "u")
        assert "cancelled Bo Ek on BR-04; promoted Di Low on BR-04" in told(pilot)
        assert "Bo Ek on BR-04  cancelled → booked" in seen(pilot)
        assert on(june, "BR-04") == {"Di Low": "booked"}, "a preview changes nothing"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "waitlisted"}
        assert "Undone: cancelled Bo Ek on BR-04" in told(pilot)


async def test_undo_and_find_are_in_the_palette_too(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window() as pilot:
        await command(pilot, "undo")
        assert "Undo your last change?" in seen(pilot)
        await press(pilot, "escape")
        await command(pilot, "find (")
        assert "Find anything" in seen(pilot)


async def test_u_goes_on_with_the_change_before(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    for name in ("Bo Ek", "Di Low"):
        booking_actions.enrol_people(june, "BR-04", [builders.person(name).key])
    async with window() as pilot:
        await press(pilot, "u", "enter", "u", "enter")
        assert on(june, "BR-04") == {}
        await press(pilot, "u")
        assert "There are no more changes by alice to undo." in told(pilot)


async def test_what_somebody_built_on_cannot_be_undone_and_says_so(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    booking_actions.cancel_place(builders.at(june, "2017-06-12T10:00", actor="bob"), "BR-04", "Bo Ek", reason="ill")
    async with window() as pilot:
        await press(pilot, "u")
        assert "cannot be undone: someone has changed it since." in said(pilot)


async def test_a_viewer_cannot_undo(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "u")
        assert "This needs the booker role" in told(pilot)


async def test_the_sweep_shows_what_time_has_brought_and_does_it(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "waiting_rule", "offer")
    event = builders.event("BR-04", capacity=1, dates=["2017-06-30"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")
    later = builders.at(june, "2017-06-20T10:00")
    async with window(ctx=later) as pilot:
        await command(pilot, "sweep")
        assert "BR-04  e  Di Low  offered → expired" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {}
        await command(pilot, "sweep")
        assert "Nothing is due" in told(pilot)
        await press(pilot, "u")
        assert "cancelled Bo Ek" in told(pilot), "what time brought is nobody's last change"


async def test_the_rules_of_any_course_are_reached_from_the_palette(window: Window, june: Context) -> None:
    async with window() as pilot:
        await command(pilot, "rules of a course")
        assert "waiting list: moves up automatically" in line_with(pilot, "BR ")
        await press(pilot, "enter")
        assert "Rules of SOS-INTRO" in seen(pilot), "the first of the list"


async def test_the_charges_of_the_year_are_listed_with_their_total(window: Window, june: Context) -> None:
    event = builders.event("BR-01", dates=["2017-05-02"], state="closed")
    builders.enrolment(event, builders.person("Bo Ek", organisation="Humberside Police"), Status.NO_SHOW)
    async with window() as pilot:
        await command(pilot, "charges")
        assert "Charges of 2017/18" in seen(pilot)
        assert "no show" in line_with(pilot, "Bo Ek")
        assert "1 place cancelled late or not used" in told(pilot)


async def test_the_charges_are_of_the_year_in_front(window: Window, june: Context) -> None:
    event = builders.event("BR-01", dates=["2017-02-02"], state="closed")
    builders.enrolment(event, builders.person("Bo Ek", organisation="Humberside Police"), Status.NO_SHOW)
    async with window() as pilot:
        await press(pilot, "3", "minus")
        await command(pilot, "charges")
        assert "Charges of 2016/17" in told(pilot)
        assert "no show" in line_with(pilot, "Bo Ek")


async def test_every_clash_to_come_is_listed_and_opens_its_event(window: Window) -> None:
    async with window() as pilot:
        await command(pilot, "clashes")
        assert "No two sessions to come want one room" in told(pilot)
        await press(pilot, "escape")
        builders.event("BR-04", dates=["2017-06-19"], venue="Town Hall", room="Room 1")
        builders.event("BR-05", dates=["2017-06-19"], venue="Town Hall", room="Room 1")
        await command(pilot, "clashes")
        assert "Mon 19 Jun 2017  BR-04/1         BR-05/1         room: Town Hall" in seen(pilot)
        await press(pilot, "enter")
        assert "BR-04" in line_with(pilot, "Being Restorative")


async def test_a_year_without_charges_says_so(window: Window) -> None:
    async with window() as pilot:
        await command(pilot, "charges")
        assert "there is nothing to charge" in told(pilot)


async def test_the_colours_are_chosen_from_the_palette(window: Window) -> None:
    async with window() as pilot:
        await command(pilot, "colours: light")
        assert pilot.app.theme == "csc-light"


async def test_today_begins_with_what_is_to_be_decided(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "RL", "approval", "coordinator")
    builders.event("RL-04", course="RL", capacity=2, dates=["2017-07-19"])
    booking_actions.enrol_people(june, "RL-04", [builders.person("Bo Ek").key], override="as found")
    builders.event("BR-04", capacity=9, minimum=4, dates=["2017-06-19"])
    calendar_actions.set_minimum(june, "BR-04", 4, decide_by=june.today())
    async with window() as pilot:
        assert "Needs action" in seen(pilot)
        assert "1 request to approve, since Mon 12 Jun 2017" in line_with(pilot, "RL-04")
        assert "4 short of the minimum, decide by Mon 12 Jun 2017" in line_with(pilot, "decide by")
        await press(pilot, "shift+tab", "down", "enter")
        assert "Asking for a place" in seen(pilot)


async def test_an_offer_that_runs_out_soon_is_to_be_decided(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "waiting_rule", "offer")
    course_rules.set_course_rule(june, "BR", "offer_hours", "5")
    event = builders.event("BR-04", capacity=1, dates=["2017-06-30"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")
    async with window() as pilot:
        assert "Di Low may accept until Mon 12 Jun 14:00" in line_with(pilot, "may accept")


async def test_where_nothing_is_to_be_decided_the_sessions_have_the_room(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-13"])
    async with window() as pilot:
        assert "Needs action" not in seen(pilot)


async def test_the_history_has_what_was_undone(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window() as pilot:
        await press(pilot, "u", "enter")
        assert builders.list_history_lines(june, event="BR-04")[0].verb == "undone"


async def test_a_certificate_of_one_person_is_written_from_their_screen_and_checked_in_the_palette(
    window: Window, june: Context, tmp_path: Path
) -> None:
    on = builders.event("SOS-BRIEF-90", course="SOS-BRIEF", dates=["2017-05-04"], state="closed")
    bo, di = builders.person("Bo Ek"), builders.person("Di Low")
    for who, kind in ((bo, "present"), (di, "absent")):
        builders.enrolment(on, who, Status.FULLY_ATTENDED)
        builders.mark(on, 1, who, kind)
    async with window() as pilot:
        await press(pilot, "4", "slash", *"low", "enter", "C")
        assert "Di Low has not completed the course of SOS-BRIEF-90" in told(pilot)
        await press(pilot, "escape", "escape", "escape", "slash", *"ek", "enter", "C", "ctrl+u")
        await type_in(pilot, str(tmp_path / "out"))
        await press(pilot, "enter")
        assert "The certificate of Bo Ek is" in told(pilot)
        assert [each.suffix for each in (tmp_path / "out").iterdir()] == [".pdf"]
        reference = builders.list_history_lines(june, person=bo.key)[0].after
        await command(pilot, "check a certificate")
        await type_in(pilot, "CSC-1")
        await press(pilot, "enter")
        assert "is not a certificate reference" in told(pilot)
        await press(pilot, *["backspace"] * 5)
        await type_in(pilot, reference)
        await press(pilot, "enter")
        assert f"{reference} is genuine" in told(pilot)
        assert "Completed on Thu 4 May 2017" in told(pilot)
