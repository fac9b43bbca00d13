"""An event's screen and a person's card."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import invitations
from csc_tui.window.widgets.key_line import KeyLine
from db.records.booking import Status
from tests import builders
from tests.window.conftest import Window, line_with, press, said, seen, settled, told, type_in


async def test_an_event_shows_its_sessions_its_people_and_its_queue_in_order(window: Window) -> None:
    trainer = builders.person("Ty Lead")
    event = builders.event(
        "BR-04", capacity=2, dates=["2017-06-19", None], venue="Town Hall", room="Annexe", facilitators=[trainer]
    )
    builders.booked(event, "Bo Ek", "Di Low")
    for name in ("Zoe First", "Al Second"):
        builders.enrolment(event, builders.person(name), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter")
        assert "2 of 2 taken, no free places, 2 waiting" in seen(pilot)
        assert "With Ty Lead" in seen(pilot)
        assert "Mon 19 Jun 2017  09:30-12:30  Module 1" in seen(pilot)
        assert "to be confirmed" in line_with(pilot, "Module 2")
        assert "1  Zoe First" in seen(pilot)
        assert seen(pilot).index("1  Zoe First") < seen(pilot).index("2  Al Second")
        assert line_with(pilot, "Zoe First").split()[0] == "W"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_keys_that_are_used_most_are_seen_at_both_sizes(window: Window, size: tuple[int, int]) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(size=size) as pilot:
        await press(pilot, "enter")
        keys = " ".join(seen(pilot).splitlines()[-2:])
        for words in ("b Book", "r Register", "i Invite", "e Change", "x Cancel", "u Undo", "esc Back", "? Help"):
            assert words in keys


async def test_the_second_line_of_keys_is_clicked_like_the_first(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter")
        line = pilot.app.screen.query_one(KeyLine)
        rows = seen(pilot).splitlines()[-2:]
        await pilot.click(line, offset=(rows[1].index("esc Back"), 1))
        await settled(pilot)
        assert "days ahead" in seen(pilot), "back on Today"


async def test_an_event_below_its_minimum_says_by_how_much(window: Window) -> None:
    builders.booked(builders.event("BR-04", capacity=9, minimum=4, dates=["2017-06-19"]), "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter")
        assert "3 short of the minimum" in seen(pilot)


async def test_the_history_names_who_did_it_and_why(window: Window, june: Context) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    booking_actions.cancel_place(june, "BR-04", "Bo Ek", reason="ill")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "enter", "h")
        assert "History of BR-04" in seen(pilot)
        assert "alice" in line_with(pilot, "booked → cancelled: ill")


async def test_from_an_event_to_a_person_and_back_does_not_pile_up(window: Window) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19"]), "Bo Ek")
    async with window() as pilot:
        await press(pilot, "enter", "enter")
        assert "Bookings" in seen(pilot)
        await press(pilot, "enter")
        assert "On the event" in seen(pilot)
        await press(pilot, "escape")
        assert "Mon 19 Jun 2017" in seen(pilot)
        assert len(pilot.app.screen_stack) == 1


async def test_the_addresses_of_everybody_booked_are_copied(window: Window) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Bo Ek", email="bo@example.org"))
    builders.enrolment(event, builders.person("Di Low", email="di@example.org"))
    builders.enrolment(event, builders.person("Wy Te", email="wy@example.org"), Status.WAITLISTED)
    async with window() as pilot:
        await press(pilot, "enter", "c")
        assert pilot.app.clipboard == "bo@example.org; di@example.org"
        assert "2 addresses copied" in seen(pilot)


async def test_each_screen_keeps_what_was_open_on_it(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "4", "slash")
        await type_in(pilot, "x")
        await press(pilot, "tab", "1")
        assert "No one is on this event yet" in seen(pilot)
        await press(pilot, "1")
        assert "31 days ahead" in seen(pilot), "the same key again closes what was opened"


async def test_a_card_shows_how_to_reach_somebody_and_what_they_need(window: Window) -> None:
    boss = builders.person("Vi Chief")
    builders.person(
        "Bo Ek", email="bo@example.org", organisation="Humberside Police", team="Cleethorpes", phone="01472 1234",
        job_title="Officer", dietary="no nuts", employee_number="E77", is_manager=True, manager=boss.id,
    )  # fmt: skip
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "ek")
        await press(pilot, "enter")
        for fact in ("Bo Ek  Officer · manager", "bo@example.org · 01472 1234 · employee number E77",
                     "Humberside Police · Cleethorpes · manager Vi Chief", "Needs  no nuts"):  # fmt: skip
            assert fact in seen(pilot)
        await press(pilot, "c")
        assert pilot.app.clipboard == "bo@example.org"


@pytest.mark.parametrize("key", ["x", "enter"])
async def test_keys_on_an_empty_card_do_no_harm(window: Window, key: str) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "enter", key)
        assert "No bookings and no history yet" in seen(pilot)


async def test_an_event_that_was_taken_away_is_said_and_the_window_stays(window: Window) -> None:
    from db import models
    from db.engine.connection import write_transaction

    event = builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        with write_transaction():
            models.SessionRow.delete().where(models.SessionRow.event == event.id).execute()
            models.EventRow.delete().where(models.EventRow.id == event.id).execute()
        await press(pilot, "enter")
        assert "There is no event BR-04" in told(pilot)
        await press(pilot, "escape")
        assert "31 days ahead" in seen(pilot)


async def test_what_somebody_said_on_the_telephone_stands_on_the_roster(
    window: Window, june: Context, tmp_path: Path
) -> None:
    builders.booked(builders.event("BR-04", dates=["2017-06-19", "2017-06-26"]), "Bo Ek", "Di Low")
    invitations.write_invitations(june, "BR-04", str(tmp_path / "out"), invitations.InvitationOptions(person="Bo Ek"))
    async with window() as pilot:
        await press(pilot, "enter")
        assert "? no answer" in line_with(pilot, "Bo Ek")
        await press(pilot, "R", "n")
        assert "All of them" in seen(pilot)
        assert "Mon 26 Jun 2017 09:30-12:30" in line_with(pilot, "Session 2")
        await press(pilot, "2")
        assert "Session 2 needs action → declined" in told(pilot)
        assert "Session 1" not in told(pilot)
        await press(pilot, "enter")
        assert "N declined" in line_with(pilot, "Bo Ek")
        assert "Bo Ek keeps the place: x cancels it." in told(pilot)
        await press(pilot, "R", "-", "a", "enter")
        assert "? no answer" in line_with(pilot, "Bo Ek")
        await press(pilot, "enter", "R", "t", "a", "enter")
        assert "invitation, tentative" in seen(pilot), "her own card follows"
        await press(pilot, "escape", "escape")
        assert "T tentative" in line_with(pilot, "Bo Ek")
        await press(pilot, "down", "R")
        assert "Di Low has no invitation to a future session of BR-04" in said(pilot)


async def test_a_cancelled_event_shows_its_people_and_how_to_reach_them(window: Window, june: Context) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    for name, phone, status in (("Bo Ek", "01472 111111", Status.BOOKED), ("Di Low", "", Status.WAITLISTED)):
        builders.enrolment(event, builders.person(name, phone=phone), status)
    calendar_actions.cancel_event(june, "BR-04", reason="The trainer is ill")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "f")
        await type_in(pilot, "br-04")
        await press(pilot, "enter")
        assert "Cancelled on Mon 12 Jun 2017 (The trainer is ill): 2 people were on it." in told(pilot)
        assert "free place" not in told(pilot)
        assert "On it when it was cancelled" in seen(pilot)
        assert "was booked" in line_with(pilot, "Bo Ek")
        assert "01472 111111" in line_with(pilot, "Bo Ek")
        assert "was waitlisted" in line_with(pilot, "Di Low")
        await press(pilot, "x")
        assert "Bo Ek is no longer on BR-04" in told(pilot)
        await press(pilot, "c")
        assert "2 addresses copied" in told(pilot)


async def test_a_cancelled_place_stays_in_sight_under_the_roster(window: Window, june: Context) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    builders.booked(event, "Al Ash", "Bo Ek")
    booking_actions.cancel_place(june, "BR-04", "bo ek", reason="Illness")
    async with window() as pilot:
        await press(pilot, "enter")
        assert seen(pilot).index("Al Ash") < seen(pilot).index("No longer on it") < seen(pilot).index("Bo Ek")
        assert "Illness" in line_with(pilot, "Bo Ek")
        await press(pilot, "end", "t")
        assert "Bo Ek is no longer on BR-04: cancelled. Nothing was changed." in told(pilot)
        await press(pilot, "asterisk", "x")
        await type_in(pilot, "Illness")
        await press(pilot, "enter")
        assert "Cancel 1 person on BR-04?" in told(pilot), "only places that are there can be given up"


async def test_who_is_booked_again_is_not_listed_as_gone(window: Window, june: Context) -> None:
    event = builders.event("BR-04", dates=["2017-06-19"])
    (bo,) = builders.booked(event, "Bo Ek")
    booking_actions.cancel_place(june, "BR-04", bo.key, reason="Illness")
    booking_actions.enrol_people(june, "BR-04", [bo.key])
    async with window() as pilot:
        await press(pilot, "enter")
        assert "No longer on it" not in seen(pilot)


async def test_organisation_and_address_of_everybody_are_seen_and_found_by_typing(window: Window) -> None:
    event = builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.enrolment(event, builders.person("Bo Ek", email="bo@example.org", organisation="Police"))
    waiting = builders.person("Al Ash", email="al@example.org", organisation="Academy")
    builders.enrolment(event, waiting, Status.WAITLISTED)
    for size in ((80, 24), (120, 40)):
        async with window(size=size) as pilot:
            await press(pilot, "enter")
            assert "Police" in line_with(pilot, "bo@example.org")
            assert "Academy" in line_with(pilot, "al@example.org")
            await press(pilot, "slash")
            await type_in(pilot, "acad")
            assert "Al Ash" in seen(pilot)
            assert "Bo Ek" not in seen(pilot)
            await type_in(pilot, "x")
            assert "No match for 'acadx' on this event." in told(pilot)
            await press(pilot, "escape")
            assert "Bo Ek" in seen(pilot)
            if size[0] == 80:
                await press(pilot, "greater_than_sign")
                assert "waitlisted" in line_with(pilot, "Al Ash")
