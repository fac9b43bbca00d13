"""Changing an event itself, from the menu behind one key and from the palette."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.people import queries as people_queries
from csc_tui.window.shared.data_screen import OpenEvent
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.startup import EventState, Role, SessionLine
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, press, seen, told, type_in


async def fill_in(pilot: Pilot[Any], *values: str) -> None:
    """Put these into the fields of a form, one after the other; enter after each."""
    for value in values:
        await press(pilot, "end", "ctrl+u")
        await type_in(pilot, value)
        await press(pilot, "enter")


def session(ctx: Context, reference: str, number: int = 1) -> SessionLine:
    return people_queries.get_event_card(ctx, reference).sessions[number - 1]


async def test_a_session_is_moved_by_typing_when(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19", "2017-06-26"]), "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "e", "m", "down", "enter")
        assert "Move session 2 of BR-04" in seen(pilot)
        assert "Mon 26 Jun 2017" in seen(pilot)
        await fill_in(pilot, "27/6/2017", "10.00", "")
        assert "Session 2 date: Mon 26 Jun 2017 → Tue 27 Jun 2017" in told(pilot)
        assert "Session 2 start: 09:30 → 10:00" in told(pilot)
        await press(pilot, "enter")
        moved = session(june, "BR-04", 2)
        assert (moved.date, moved.start, moved.end) == ("2017-06-27", "10:00", "13:00")
        assert "Tue 27 Jun 2017  10:00-13:00" in seen(pilot)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("32/06/2017", "", ""), "There is no such date as 32/06/2017. Check"),
        (("soon", "", ""), "Type a date such as 14/6, 14 june, next tue or 25/04/2017, not 'soon'."),
        (("tue 14 june", "", ""), "14 June 2017 is a Wednesday, not a Tuesday."),
        (("26/06/2017", "late", ""), "Type a time such as 09:30, 9.30 or 2pm, not 'late'."),
        (("26/06/2017", "2.30", ""), "Is 2.30 in the morning or in the afternoon? Type 02:30 or 14:30."),
        (("26/06/2017", "12:00", "11:00"), "A session must end after it starts"),
        (("19/06/2017", "09:30", "12:30"), "BR-04 is already like that."),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    window: Window, june: Context, typed: tuple[str, ...], sentence: str
) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "m")
        await fill_in(pilot, *typed)
        assert sentence in told(pilot)
        assert typed[0] in seen(pilot)
        assert session(june, "BR-04").date == "2017-06-19"


async def test_day_and_times_are_typed_in_the_first_field(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "m")
        await fill_in(pilot, "tue 27 june 1-4pm")
        await press(pilot, "enter", "enter")
        assert "Mon 19 Jun 2017 → Tue 27 Jun 2017" in told(pilot)
        await press(pilot, "enter")
        moved = session(june, "BR-04")
        assert (moved.date, moved.start, moved.end) == ("2017-06-27", "13:00", "16:00")


async def test_the_year_of_a_typed_date_is_that_of_the_councils_programme(window: Window, ctx: Context) -> None:
    september = replace(builders.at(ctx, "2017-10-10"), policy={**ctx.policy, "first_month": "9"})
    builders.event("BR-04", dates=["2017-11-06"])
    async with window(ctx=september) as pilot:
        await press(pilot, "enter", "e", "m")
        await fill_in(pilot, "1/6 9.30-12.30")
        await press(pilot, "enter", "enter")
        assert "Mon 6 Nov 2017 → Fri 1 Jun 2018" in told(pilot)


async def test_a_clash_is_shown_before_saving_and_set_aside_with_a_reason(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"], venue="Town Hall", room="Annexe")
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-20"], venue="Town Hall", room="Annexe")
    async with window() as pilot:
        await press(pilot, "enter", "e", "m")
        await fill_in(pilot, "20/06/2017", "09:30", "12:30")
        assert "Town Hall, Annexe is taken by SOS-INTRO-03 session 1 at that time" in told(pilot)
        assert session(june, "BR-04").date == "2017-06-19"
        await type_in(pilot, "they share the room")
        await press(pilot, "enter")
        assert "Reason: they share the room" in seen(pilot)
        await press(pilot, "enter")
        assert session(june, "BR-04").date == "2017-06-20"
        assert builders.list_history_lines(june, event="BR-04")[0].reason == "they share the room"


async def test_venue_and_room_are_changed_for_every_session_to_come(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"], venue="Town Hall")
    async with window() as pilot:
        await press(pilot, "enter", "e", "v")
        await fill_in(pilot, "Centre4", "Room 2", "")
        assert "Session 1 venue: Town Hall → Centre4, Room 2" in told(pilot)
        await press(pilot, "enter")
        assert [(each.venue, each.room) for each in people_queries.get_event_card(june, "BR-04").sessions] == [
            ("Centre4", "Room 2")
        ] * 2


async def test_more_places_show_who_moves_up(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "e", "p")
        await fill_in(pilot, "2")
        assert "Capacity: 1 → 2" in seen(pilot)
        assert "Di Low  waitlisted → booked" in seen(pilot)
        assert on(june, "BR-04")["Di Low"] == "waitlisted"
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked"}
        assert "Di Low is now booked." in told(pilot)


async def test_fewer_places_than_are_taken_want_a_reason(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", capacity=2, dates=["2017-06-19"]), "Bo Ek", "Di Low")
    async with window() as pilot:
        await press(pilot, "enter", "e", "p")
        await fill_in(pilot, "1")
        assert "would leave someone without a place" in told(pilot)
        await press(pilot, "escape")
        assert people_queries.get_event_card(june, "BR-04").event.capacity == 2


async def test_the_minimum_and_its_decision_date_are_set_and_shown(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=9, dates=["2017-06-30"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "n")
        await fill_in(pilot, "4", "20/06/2017")
        await press(pilot, "enter")
        event = people_queries.get_event_card(june, "BR-04").event
        assert (event.minimum, event.decide_by) == (4, date(2017, 6, 20))
        assert "4 short of the minimum, decide by Tue 20 Jun" in told(pilot)


async def test_a_state_that_cannot_be_is_dim_and_says_why(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "s", "6")
        assert "BR-04 is open; it cannot become closed" in told(pilot)
        await press(pilot, "4")
        assert "State: open → confirmed" in seen(pilot)
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-04").event.state is EventState.CONFIRMED


async def test_an_event_that_has_not_begun_is_not_delivered(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"], state="confirmed")
    async with window() as pilot:
        await press(pilot, "enter", "e", "s", "5")
        assert "BR-04 has not begun, so it cannot be delivered." in told(pilot)
        assert "Which state should it have?" in seen(pilot)


async def test_cancelling_an_event_shows_everybody_on_it_and_keeps_them(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "e", "x", "down", "enter")
        assert "Cancel the whole event BR-04?" in seen(pilot)
        assert "Bo Ek  booked → event cancelled" in seen(pilot)
        assert "Reason: Too few people" in seen(pilot)
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-04").event.state is EventState.CANCELLED
        assert people_queries.get_person_card(june, "Bo Ek").enrolments[0].status == "event_cancelled"


async def test_two_thin_events_are_joined(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    builders.booked(builders.event("BR-05", capacity=3, dates=["2017-07-03"]), "Di Low")
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-21"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "j")
        assert "1 other event of BR open for booking" in seen(pilot)
        await press(pilot, "enter", "down", "enter")
        assert "booked on BR-04 → booked on BR-05" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-05") == {"Bo Ek": "booked", "Di Low": "booked"}
        assert people_queries.get_event_card(june, "BR-04").event.state is EventState.CANCELLED


async def test_a_series_of_copies_skips_days_off_and_is_shown_first(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "c")
        await fill_in(pilot, "21/08/2017", "2", "")
        assert "Type how many weeks there are from one copy to the next." in told(pilot)
        await press(pilot, "enter", "enter")
        await fill_in(pilot, "4")
        assert "Tue 29 Aug 2017" in seen(pilot), "28 August is a bank holiday"
        await press(pilot, "enter")
        assert "2 drafts added: BR-05 to BR-06." in told(pilot)
        assert session(june, "BR-06").date == "2017-09-18"


async def test_another_event_is_opened_for_the_waiting_list(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "e", "o")
        await fill_in(pilot, "03/07/2017")
        assert "waitlisted on BR-04 → booked on BR-05" in told(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-05") == {"Di Low": "booked"}


async def test_an_overflow_without_a_waiting_list_says_so(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "o")
        assert "No one is on the waiting list of BR-04." in told(pilot)


async def test_the_palette_offers_what_the_menu_does(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "ctrl+p")
        await type_in(pilot, "move a session")
        await press(pilot, "enter")
        assert "Move session 1 of BR-04" in seen(pilot)


async def test_a_booker_reads_in_the_menu_that_it_takes_a_coordinator(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "enter", "e", "x")
        assert "This needs the coordinator role" in told(pilot)


async def test_the_rules_of_a_course_are_changed_in_one_form(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "r")
        assert "Rules of BR" in seen(pilot)
        await fill_in(pilot, "sometimes", "offer", "24", "", "", "", "", "")
        await press(pilot, *["enter"] * 4)
        assert "Type one of none, manager, coordinator for 'approval', not 'sometimes'." in told(pilot)
        await fill_in(pilot, "coordinator")
        await press(pilot, *["enter"] * 11)
        assert "Type a number up to 1000 for 'cutoff_days'" in told(pilot)


async def test_changed_rules_are_shown_and_hold_at_once(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "r")
        await fill_in(pilot, "coordinator", "offer", "24")
        await press(pilot, *["enter"] * 9)
        assert "Approval: none → coordinator" in told(pilot)
        assert "Offers last: 48 → 24" in told(pilot)
        await press(pilot, "enter")
        rules = {course.code: each for course, each, _ in course_rules.list_course_rules(june)}["BR"]
        assert (rules.approval, rules.waiting_rule, rules.offer_hours) == ("coordinator", "offer", 24)
        assert "coordinator approves" in line_with(pilot, "Rules")


async def test_the_end_stays_as_far_from_the_start_when_it_is_left_empty(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"], start="09:30", end="16:30")
    async with window() as pilot:
        await press(pilot, "enter", "e", "m")
        await fill_in(pilot, "19/06/2017", "10:00", "")
        await press(pilot, "enter")
        assert time.fromisoformat(session(june, "BR-04").end) == time(17, 0)


async def test_somebody_is_put_on_the_list_although_there_are_places(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=2, dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "e", "w", "enter")
        assert "Bo Ek joins the waiting list as number 1" in seen(pilot)
        assert "BR-04 still has free places" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "waitlisted"}


async def test_booking_beyond_the_places_wants_a_reason(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", capacity=1, dates=["2017-06-19"]), "Bo Ek")
    builders.person("Di Low")
    async with window() as pilot:
        await press(pilot, "enter", "e", "b")
        await type_in(pilot, "low")
        await press(pilot, "enter")
        assert "Booking beyond the capacity needs a reason." in told(pilot)
        await type_in(pilot, "the room is larger")
        await press(pilot, "enter")
        assert "2 of 1 places taken, beyond the capacity" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "booked"}


async def test_what_comes_before_a_course_is_part_of_its_rules(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "r", *["down"] * 11)
        await fill_in(pilot, "SOS-INTRO sometimes")
        assert "After SOS-INTRO, type off, warn or rule, not 'sometimes'." in told(pilot)
        assert pilot.app.focused.id == "after"  # type: ignore[union-attr]
        await fill_in(pilot, "SOS-INTRO rule")
        await press(pilot, "enter")
        assert "after SOS-INTRO only" in line_with(pilot, "Rules")
        await press(pilot, "e", "r", *["down"] * 11)
        await fill_in(pilot, "")
        await press(pilot, "enter")
        assert "SOS-INTRO" not in line_with(pilot, "Rules")


async def test_joining_instructions_are_written_in_lines_and_shown_before_they_are_kept(
    window: Window, june: Context
) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "i")
        assert "All sessions to come" in seen(pilot)
        assert "Mon 26 Jun 2017: none yet" in seen(pilot)
        await press(pilot, "2")
        await type_in(pilot, "Ring [twice]")
        await press(pilot, "enter")
        await type_in(pilot, "Bring a_b")
        await press(pilot, "ctrl+s")
        assert "Save the joining instructions of session 2 of BR-04?" in seen(pilot)
        assert "Ring [twice]" in seen(pilot)
        assert "Bring a_b" in seen(pilot)
        assert calendar_actions.get_joining_instructions(june, "BR-04") == {1: "", 2: ""}
        await press(pilot, "enter")
        assert calendar_actions.get_joining_instructions(june, "BR-04") == {1: "", 2: "Ring [twice]\nBring a_b"}
        await press(pilot, "e", "i", "2")
        assert "Bring a_b" in seen(pilot), "they are there to be changed"
        await press(pilot, "ctrl+s")
        assert "BR-04 is already like that" in told(pilot)
        assert "Bring a_b" in seen(pilot), "what was typed is kept"


async def test_instructions_of_an_event_of_one_session_are_asked_for_at_once(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "i")
        await type_in(pilot, "Ring")
        await press(pilot, "ctrl+s", "enter")
        assert calendar_actions.get_joining_instructions(june, "BR-04") == {1: "Ring"}


async def test_when_a_course_is_completed_is_changed_and_the_preview_says_for_how_many(
    window: Window, june: Context
) -> None:
    on = builders.event("BR-91", dates=["2017-04-03"], state="closed")
    builders.mark(on, 1, builders.person("Bo Ek"))
    builders.event("BR-90", dates=["2017-06-12"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "r", *["down"] * 8)
        await press(pilot, "ctrl+u")
        await type_in(pilot, "share of hours")
        await press(pilot, "down", "ctrl+u")
        await type_in(pilot, "30")
        await press(pilot, "down", "ctrl+u")
        await type_in(pilot, "24")
        await press(pilot, "down", "enter")
        assert "all modules → share of hours" in told(pilot)
        assert "people who have completed it: no people → 1 person" in told(pilot).lower()
        await press(pilot, "enter")
        assert "The rules of BR were changed." in told(pilot)
    (line,) = [rules for course, _, rules in course_rules.list_course_rules(june) if course.code == "BR"]
    assert (line.completion_rule.value, line.completion_share, line.validity_months) == ("share_of_hours", 30, 24)


async def test_instructions_that_were_not_saved_are_there_again(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "i")
        await type_in(pilot, "Ring")  # and the line is cut
    async with window() as pilot:
        await press(pilot, "enter", "e", "i")
        assert "This is your draft from Mon 12 Jun 2017 09:00, not saved yet." in told(pilot)
        assert "Ring" in seen(pilot)
        await press(pilot, "ctrl+s", "enter")
        assert calendar_actions.get_joining_instructions(june, "BR-04") == {1: "Ring"}
        await press(pilot, "e", "i")
        assert "draft" not in told(pilot)
        await type_in(pilot, "x")
        await press(pilot, "escape")
        assert "Change BR-04" in told(pilot), "escape goes back to the menu"
        await press(pilot, "i")
        assert "This is your draft from" in told(pilot)
        assert "Ringx" in seen(pilot)


async def test_who_leads_is_changed_in_the_window(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"])
    builders.person("Ann Ash", is_facilitator=True)
    async with window() as pilot:
        await press(pilot, "enter", "e", "l")
        await type_in(pilot, "Ann Ash")
        await press(pilot, "enter")
        await type_in(pilot, "2")
        await press(pilot, "enter")
        assert "no one → Ann Ash" in told(pilot)
        assert people_queries.get_event_card(june, "BR-04").facilitators == []
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-04").facilitators == ["Ann Ash"]


async def test_who_led_before_is_put_back_with_one_key(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19", "2017-06-26"])
    builders.person("Ann Ash", is_facilitator=True)
    async with window() as pilot:
        await press(pilot, "enter", "e", "l")
        await type_in(pilot, "Ann Ash")
        await press(pilot, "ctrl+s", "enter", "u")
        assert "BR-04 session 2 led by Ann Ash → no one" in told(pilot)
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-04").facilitators == []


async def test_a_form_that_was_overtaken_shows_field_by_field_what_and_by_whom(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=4)
    async with window() as pilot:
        await press(pilot, "enter", "e", "n")
        await press(pilot, *["backspace"] * 3)
        await type_in(pilot, "2")
        bea = replace(june, actor="bea")
        calendar_actions.set_minimum(bea, "BR-04", 3, decide_by=date(2017, 4, 1))
        await press(pilot, "ctrl+s")
        assert "bea: minimum changed BR-04" in told(pilot)
        assert "nothing was saved" in told(pilot).lower()
        needed, by = line_with(pilot, "Minimum number"), line_with(pilot, "Decide by")
        assert needed.split()[-4:-1] == ["3", "*", "2"]
        assert "* Sat 1 Apr 2017" in by
        await press(pilot, "enter")
        await press(pilot, "ctrl+s", "enter")
        event = people_queries.get_event_card(june, "BR-04").event
        assert (event.minimum, event.decide_by) == (2, date(2017, 4, 1))


async def test_what_was_not_settled_is_asked_again_and_never_saved_over(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=4)
    async with window() as pilot:
        await press(pilot, "enter", "e", "p")
        await press(pilot, *["backspace"] * 3)
        await type_in(pilot, "9")
        calendar_actions.set_capacity(replace(june, actor="bea"), "BR-04", 7)
        await press(pilot, "ctrl+s", "escape")
        assert "bea: capacity changed BR-04" in told(pilot)
        await press(pilot, "ctrl+s")
        assert "Changed by someone else" in told(pilot)
        await press(pilot, "left", "enter", "ctrl+s")
        assert "BR-04 is already like that" in told(pilot)
        assert people_queries.get_event_card(june, "BR-04").event.capacity == 7


async def test_the_day_of_decision_is_taken_away_by_clearing_it(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=4, dates=["2017-07-10"])
    calendar_actions.set_minimum(june, "BR-04", 2, decide_by=date(2017, 7, 3))
    async with window() as pilot:
        await press(pilot, "enter", "e", "n", "tab", "ctrl+u", "ctrl+s")
        assert "3 Jul 2017 → none" in told(pilot)
        await press(pilot, "enter")
        assert people_queries.get_event_card(june, "BR-04").event.decide_by is None


async def test_a_register_that_was_taken_is_set_aside_by_a_reason_the_window_asks_for(
    window: Window, june: Context
) -> None:
    (bo,) = builders.booked(builders.event("BR-02", dates=["2017-05-22"]), "Bo Ek")
    attendance_actions.mark_person(june, "BR-02", 1, bo.key, attendance_actions.NewMark(MarkKind.PRESENT))
    async with window() as pilot:
        pilot.app.screen.post_message(OpenEvent("BR-02"))
        await press(pilot, "e", "m")
        await fill_in(pilot, "29/5/2017", "", "")
        assert "was taken, so it took place on Mon 22 May 2017" in told(pilot)
        assert "If that date was wrong, give a reason." in told(pilot)
        assert "--" not in told(pilot)
        assert "command line" not in told(pilot)
        await type_in(pilot, "typed wrongly")
        await press(pilot, "enter")
        assert "Reason: typed wrongly" in told(pilot)
        assert session(june, "BR-02").date == "2017-05-22"
        await press(pilot, "enter")
        assert session(june, "BR-02").date == "2017-05-29"
    assert builders.list_history_lines(june, event="BR-02")[0].reason == "typed wrongly"
