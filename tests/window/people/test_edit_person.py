"""People added, changed and gone, from the window; drafts; two who change the same person."""

import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import queries as people_queries
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, press, said, seen, settled, told, type_in


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "csc-tui" / "drafts"


def field(pilot: Pilot[Any], label: str) -> str:
    """The line of a dialog that begins with the label."""
    (found,) = [line for line in seen(pilot).splitlines() if re.search(rf"│[ ▌]+{label} ", line)]
    return found


async def test_somebody_nobody_found_is_added_with_what_was_typed(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "Jo Smith")
        assert "press ctrl+n to add a new person" in told(pilot)
        await press(pilot, "ctrl+n", "tab", "tab")
        assert "Smith" in field(pilot, "Surname")
        await type_in(pilot, "jo@example.org")
        await press(pilot, "ctrl+s")
        assert "Add Jo Smith?" in seen(pilot)
        await press(pilot, "enter")
        assert "jo@example.org" in seen(pilot)
        assert "person added" in seen(pilot)
    assert people_queries.search_people(june, "smith jo")[1] == 1


async def test_a_wrong_field_says_so_beside_it_when_it_is_left_and_not_before(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "ctrl+n", "tab", "tab")
        assert "required, must be unique" in told(pilot)
        await type_in(pilot, "jo at")
        assert "required, must be unique" in told(pilot)
        await press(pilot, "tab")
        assert "! 'jo at' is not an e-mail address." in told(pilot)
        await press(pilot, "up")
        await press(pilot, "backspace", "backspace", "backspace")
        await type_in(pilot, "@x.org")
        assert "required, must be unique" in told(pilot)


async def test_saving_goes_to_the_first_wrong_field_and_keeps_everything(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "ctrl+n")
        await type_in(pilot, "Jo")
        await press(pilot, "ctrl+s")
        assert "! A surname is required." in told(pilot)
        assert "! No e-mail address" in told(pilot)
        await type_in(pilot, "Smith")
        assert "Smith" in field(pilot, "Surname")


async def test_an_address_somebody_has_is_refused_in_its_field(window: Window) -> None:
    builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await press(pilot, "4", "ctrl+n", "tab")
        await type_in(pilot, "Smith")
        await press(pilot, "tab")
        await type_in(pilot, "BO@example.org")
        await press(pilot, "ctrl+s")
        assert "bo@example.org is the address of Bo Ek" in told(pilot)
        assert "! bo@example.org is the address of Bo Ek" in told(pilot)
        await type_in(pilot, "x")
        assert "BO@example.orgx" in field(pilot, "E-mail")


async def test_a_suggestion_is_taken_with_the_right_arrow(window: Window) -> None:
    builders.person("Bo Ek", organisation="Humberside Police")
    async with window() as pilot:
        await press(pilot, "4", "ctrl+n", *["tab"] * 5)
        await type_in(pilot, "humb")
        await press(pilot, "right", "ctrl+s")
        assert "humberside Police" in field(pilot, "Organisation")


async def test_changing_shows_what_changes_and_is_taken_back_with_u(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek", phone="1")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4", "enter", "e", "down", "down", "down", "end", "backspace")
        await type_in(pilot, "0123")
        await press(pilot, "ctrl+s")
        assert "Phone: 1 → 0123" in told(pilot)
        await press(pilot, "enter")
        assert "0123" in seen(pilot)
        await press(pilot, "u", "enter")
    assert people_actions.get_person_form_data(june, bo.key).person.phone == "1"


async def test_leaving_the_preview_comes_back_to_the_form(window: Window) -> None:
    builders.person("Bo Ek", phone="1")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "down", "down", "down", "end")
        await type_in(pilot, "23")
        await press(pilot, "ctrl+s", "escape")
        assert "123" in field(pilot, "Phone")


async def test_escape_asks_once_before_what_was_typed_is_thrown_away(window: Window, state: Path) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e")
        await type_in(pilot, "x")
        await press(pilot, "escape")
        assert "Press escape again to discard what you typed" in told(pilot)
        assert os.listdir(state)
        await press(pilot, "escape")
        assert "Details of" not in seen(pilot)
        assert not os.listdir(state)


async def test_a_form_nothing_was_typed_in_is_left_at_once(window: Window) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "escape")
        assert "Details of" not in seen(pilot)


async def test_a_draft_is_private_offered_again_and_gone_when_saved(window: Window, june: Context, state: Path) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "down", "down", "down")
        await type_in(pilot, "0199")
    (name,) = os.listdir(state)
    assert stat.S_IMODE(os.stat(state).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(state / name).st_mode) == 0o600
    assert "ek" not in name.lower()
    async with window() as pilot:
        await press(pilot, "4", "enter", "e")
        assert "There is a draft from" in seen(pilot)
        assert "Mon 12 Jun 2017 09:00" in told(pilot)
        await press(pilot, "c")
        assert "0199" in field(pilot, "Phone")
        await press(pilot, "ctrl+s", "enter")
        assert "Bo Ek was changed." in said(pilot)
    assert not os.listdir(state)
    assert people_actions.get_person_form_data(june, bo.key).person.phone == "0199"


async def test_a_draft_can_be_thrown_away(window: Window, june: Context, state: Path) -> None:
    bo = builders.person("Bo Ek")
    known = people_actions.get_person_form_data(june, bo.key)
    drafts.save_draft(june, bo.key, {**known.texts, "phone": "0199"}, known.texts)
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "s")
        assert "0199" not in seen(pilot)
        assert not os.listdir(state)


def test_a_draft_that_cannot_be_read_is_as_if_it_were_not_there(window: Window, june: Context, state: Path) -> None:
    bo = builders.person("Bo Ek")
    drafts.save_draft(june, bo.key, {}, {})
    (name,) = os.listdir(state)
    for text in ("", "[]", "{}", json.dumps({"at": 1, "answers": [], "seen": 3})):
        (state / name).write_text(text)
        assert drafts.load_draft(june, bo.key) is None


async def test_where_no_draft_can_be_kept_that_is_said(window: Window, state: Path) -> None:
    builders.person("Bo Ek")
    state.parent.parent.mkdir(parents=True)
    state.parent.write_text("no folder")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e")
        await type_in(pilot, "x")
        assert "No draft can be kept" in told(pilot)


async def test_what_somebody_else_saved_meanwhile_is_shown_field_by_field(window: Window, june: Context) -> None:
    bo = builders.person("Bo Ek", phone="1", job_title="Clerk")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "down", "down", "down", "end", "backspace")
        await type_in(pilot, "333")
        bea = builders.at(june, "2017-06-12T09:05", actor="bea")
        people_actions.change_person(bea, bo.key, {"phone": "222", "job_title": "Lead"})
        await press(pilot, "ctrl+s")
        assert "bea changed Bo Ek in the meantime" in told(pilot)
        phone, job = field(pilot, "Phone"), field(pilot, "Job")
        assert "* 333" in phone
        assert "222" in phone
        assert "* Lead" in job
        await press(pilot, "left")
        assert "* 222" in field(pilot, "Phone")
        await press(pilot, "right", "enter")
        assert "333" in field(pilot, "Phone")
        assert "Lead" in field(pilot, "Job")
        await press(pilot, "ctrl+s")
        assert "Phone: 222 → 333" in told(pilot)
        await press(pilot, "enter")
    after = people_actions.get_person_form_data(june, bo.key).person
    assert (after.phone, after.job_title) == ("333", "Lead")


async def test_who_left_gives_up_their_places(window: Window, june: Context) -> None:
    bo, di = builders.person("Bo Ek"), builders.person("Di Low")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    booking_actions.enrol_people(june, "BR-04", [bo.key])
    booking_actions.enrol_people(june, "BR-04", [di.key])
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "bo ek")
        await press(pilot, "enter", "l", "down", "enter")
        assert "Bo Ek booked → cancelled" in told(pilot)
        assert "Di Low waitlisted → booked" in told(pilot)
        await press(pilot, "enter")
        assert "no longer active" in seen(pilot)
        await press(pilot, "l", "enter")
        assert "no longer active" not in seen(pilot)


async def test_f1_works_in_a_dialog_and_comes_back_to_it(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "ctrl+n")
        await type_in(pilot, "Jo")
        await press(pilot, "f1")
        assert "A grey ending is a suggestion" in told(pilot)
        await press(pilot, "escape")
        assert "Jo" in field(pilot, "Forename")


async def test_every_form_keeps_a_draft_and_comes_back_after_the_preview(
    window: Window, june: Context, state: Path
) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "m", "ctrl+u")
        await type_in(pilot, "26/06/2017")
        await press(pilot, "ctrl+s")
        assert "Mon 26 Jun 2017" in told(pilot)
        await press(pilot, "escape")
        assert "26/06/2017" in seen(pilot)
    assert os.listdir(state)
    async with window() as pilot:
        await press(pilot, "enter", "e", "m")
        assert "There is a draft from" in told(pilot)
        await press(pilot, "c")
        assert "26/06/2017" in seen(pilot)
        await press(pilot, "ctrl+s", "enter")
    assert not os.listdir(state)
    assert [each.date for each in people_queries.get_event_card(june, "BR-04").sessions] == ["2017-06-26"]


async def test_leaving_the_question_about_a_draft_keeps_it(window: Window, june: Context, state: Path) -> None:
    bo = builders.person("Bo Ek")
    known = people_actions.get_person_form_data(june, bo.key)
    drafts.save_draft(june, bo.key, known.texts, known.texts)
    async with window() as pilot:
        await press(pilot, "4", "enter", "e", "escape")
        assert "Details of" not in seen(pilot)
    assert os.listdir(state)


async def test_control_characters_of_a_name_never_reach_the_terminal(window: Window) -> None:
    builders.person("Al \x1b[31mRed\x9b2J", email="al@example.org")
    async with window() as pilot:
        await press(pilot, "4", "enter", "e")
        assert "\x1b" not in seen(pilot)
        assert "\x9b" not in seen(pilot)
        assert "[31mRed" in seen(pilot)
        pilot.app.screen.focused.post_message(Paste("x\x1b[2Jy"))  # type: ignore[union-attr]
        await settled(pilot)
        assert "x\ufffd[2Jy" in seen(pilot)


async def test_a_viewer_changes_nobody(window: Window, june: Context) -> None:
    builders.person("Bo Ek")
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "4", "ctrl+n")
        assert "This needs the booker role" in said(pilot)
        await press(pilot, "enter", "e", "l")
        assert "Details of" not in seen(pilot)
