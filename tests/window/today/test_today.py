"""What is on today and to come."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.mail import invitations
from csc_tui.core.people import queries as people_queries
from db import models
from db.engine.connection import write_transaction
from db.records.booking import Status
from db.records.mail import PartStat
from db.records.startup import Role
from tests import builders
from tests.window.booking.test_booking_dialogs import on
from tests.window.conftest import Window, line_with, pointed, press, seen, settled, told


async def test_todays_sessions_come_first_under_their_day(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12", "2017-06-19"], venue="Town Hall", room="Annexe")
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-13"])
    async with window() as pilot:
        lines = seen(pilot).splitlines()
        today = next(number for number, line in enumerate(lines) if "Today · Mon 12 Jun 2017" in line)
        assert "BR-04" in lines[today + 1]
        assert "Tomorrow · Tue 13 Jun 2017" in lines[today + 2]
        assert "SOS-INTRO-03" in lines[today + 3]
        assert "Mon 19 Jun 2017" in lines[today + 4]


async def test_the_session_under_the_cursor_is_told_in_full(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"], venue="Town Hall", room="Annexe")
    async with window() as pilot:
        assert "Mon 12 Jun 2017 09:30-12:30 · Town Hall, Annexe · open" in line_with(pilot, "Annexe")


async def test_full_events_say_so_in_figures_and_letters(window: Window) -> None:
    event = builders.event("BR-04", capacity=1)
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), status=Status.WAITLISTED)
    async with window() as pilot:
        assert "1/1" in line_with(pilot, "09:30-12:30  BR-04")
        assert "1 W" in line_with(pilot, "09:30-12:30  BR-04")
        assert "1 full, 1 waiting" in seen(pilot)


async def test_an_offered_place_is_taken_in_every_list(window: Window) -> None:
    event = builders.event("BR-04", capacity=2)
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), status=Status.OFFERED)
    async with window() as pilot:
        assert "2/2" in line_with(pilot, "09:30-12:30  BR-04")
        assert "1 full" in seen(pilot)
        await press(pilot, "2")
        assert "2/2" in line_with(pilot, "09:30-12:30  BR-04")
        assert "2 of 2 places (100%)" in seen(pilot)
        await press(pilot, "3")
        assert "2/2" in line_with(pilot, "Being Restorative")


async def test_a_quiet_month_says_what_to_do(window: Window) -> None:
    async with window() as pilot:
        assert "No sessions in the next 31 days" in seen(pilot)
        assert "Press + for more days, 3 for every event, or 3 and then I to import a programme" in told(pilot)
        await press(pilot, "3")
        assert "I imports a programme from a file" in told(pilot)
        await press(pilot, "2")
        assert "a adds an event; + shows the year after." in told(pilot)


async def test_plus_shows_more_days_and_minus_fewer(window: Window) -> None:
    builders.event("BR-04", dates=["2017-08-22"])
    async with window() as pilot:
        assert "BR-04" not in seen(pilot)
        await press(pilot, "plus")
        assert "BR-04" in seen(pilot)
        await press(pilot, "minus")
        assert "BR-04" not in seen(pilot)


async def test_enter_opens_the_event_and_escape_comes_back_to_the_same_row(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"])
    builders.event("BR-05", dates=["2017-06-13"])
    async with window() as pilot:
        await press(pilot, "down", "enter")
        assert "BR-05" in seen(pilot)
        assert "No one is on this event yet" in seen(pilot)
        await press(pilot, "escape")
        assert "BR-05" in pointed(pilot)


async def test_a_wide_terminal_shows_where_it_is(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-12"], venue="Town Hall", room="Annexe")
    async with window(size=(120, 40)) as pilot:
        assert "Town Hall, Annexe" in line_with(pilot, "09:30-12:30  BR-04")
        assert "6 Groups" in seen(pilot)


async def test_a_quiet_day_says_that_nothing_is_to_be_decided(window: Window) -> None:
    async with window() as pilot:
        assert "Nothing needs action." in seen(pilot)
        await press(pilot, "A")
        assert "Nothing needs action." in told(pilot)


async def test_what_is_to_be_decided_is_counted_and_told_in_full_where_the_cursor_is(window: Window) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-05", None]), "Bo Ek")
    async with window() as pilot:
        assert "Needs action · 2" in seen(pilot)
        await press(pilot, "shift+tab")
        assert "▌ BR-04         Session 1, Mon 5 Jun 2017: no register" in seen(pilot)
        assert "BR-04  Being Restorative" in seen(pilot)


async def test_a_first_decision_moves_no_line_until_one_goes_there(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        before = seen(pilot).splitlines()
        assert any("Nothing needs action" in line for line in before)
        assert any("▌" in line for line in before)
        builders.booked(builders.event("BR-05", dates=["2017-06-05"]), "Bo Ek")
        pilot.app.state.changed.publish(None)  # type: ignore[attr-defined]
        await settled(pilot)
        after = seen(pilot).splitlines()
        assert [line for line in before if "▌" in line] == [line for line in after if "▌" in line]
        assert [number for number, line in enumerate(before) if "▌" in line] == [
            number for number, line in enumerate(after) if "▌" in line
        ]
        assert "Needs action · 1" in seen(pilot)
        await press(pilot, "A")
        assert "▌ BR-05" in seen(pilot)


async def test_a_declined_place_is_given_up_from_its_line(window: Window, june: Context, tmp_path: Path) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.booked(event, "Bo Ek")
    builders.enrolment(event, builders.person("Di Low"), Status.WAITLISTED)
    invitations.write_invitations(june, "BR-04", str(tmp_path))
    with write_transaction():
        models.InvitationRow.update(partstat=PartStat.DECLINED).execute()
    async with window() as pilot:
        assert "Bo Ek declined session 1, Mon 19 Jun 2017" in seen(pilot)
        await press(pilot, "A")
        assert "▌ BR-04         Bo Ek declined" in seen(pilot), "the first a goes to the line"
        await press(pilot, "A", "x", "down", "enter")
        assert "Di Low  waitlisted → booked" in seen(pilot)
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "waitlisted"}
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Di Low": "booked"}
        assert "declined" not in seen(pilot)


async def test_every_request_of_an_event_is_approved_in_one_step(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key, builders.person("Di Low").key])
    async with window() as pilot:
        await press(pilot, "A", "A", "a")
        assert "Approve 2 requests for BR-04?" in seen(pilot)
        await press(pilot, "enter")
        assert on(june, "BR-04") == {"Bo Ek": "booked", "Di Low": "waitlisted"}


async def test_a_thin_event_is_called_off_or_kept_from_its_line(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-29"])
    calendar_actions.set_minimum(june, "BR-04", 2, decide_by=june.today())
    async with window() as pilot:
        await press(pilot, "A", "A")
        assert "Cancel the event" in seen(pilot)
        await press(pilot, "x", "down", "enter", "enter")
        assert people_queries.get_event_card(june, "BR-04").event.state == "cancelled"
        assert "Nothing needs action." in seen(pilot)


async def test_a_session_without_a_date_is_given_one_from_its_line(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=[None], state="draft")
    async with window() as pilot:
        await press(pilot, "A", "A", "m")
        await pilot.press(*"27/6", "space", *"9.30-12.30")
        await press(pilot, "enter", "enter", "enter", "enter")
        assert people_queries.get_event_card(june, "BR-04").sessions[0].date == "2017-06-27"


async def test_a_viewer_reads_why_she_cannot_act(window: Window, june: Context) -> None:
    course_rules.set_course_rule(june, "BR", "approval", "coordinator")
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [builders.person("Bo Ek").key])
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "A", "A", "a")
        assert "This needs the booker role" in told(pilot)


async def test_an_event_that_went_meanwhile_is_no_fault(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=[None], state="draft")
    async with window() as pilot:
        await press(pilot, "A")
        with write_transaction():
            models.SessionRow.delete().execute()
            models.EventRow.delete().execute()
        await press(pilot, "A")
        assert "There is no event BR-04" in told(pilot)
        await settled(pilot)


async def test_an_overdue_commitment_is_settled_where_it_is_listed(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek")
    april = builders.at(june, "2017-04-10T10:00")
    groups_actions.add_members(april, "Practice Leads", [bo.key])
    commitments.add_commitment(april, "Practice Leads", bo.key, "Ring [the] school", date(2017, 5, 1))
    async with window() as pilot:
        assert "commitment" in line_with(pilot, "Bo Ek, due Mon 1 May 2017: Ring [the] school")
        await press(pilot, "A", "A", "d", "enter", "enter")
        assert "Nothing needs action." in seen(pilot)
    assert [each.state.value for each in commitments.list_commitments(june)] == ["done"]


async def test_enter_on_an_overdue_commitment_opens_the_person(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek")
    april = builders.at(june, "2017-04-10T10:00")
    groups_actions.add_members(april, "Practice Leads", [bo.key])
    commitments.add_commitment(april, "Practice Leads", bo.key, "Ring [the] school", date(2017, 5, 1))
    async with window() as pilot:
        await press(pilot, "A", "enter")
        assert "Bo Ek" in seen(pilot).splitlines()[1]
