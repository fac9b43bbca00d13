"""A form says beside each field what is wrong there, and ends what was begun."""

import pytest

from csc_tui.base.context import Context
from csc_tui.window.dialogs.form import Form, FormField, suggest_one, suggest_several
from tests import builders
from tests.window.conftest import Window, line_with, press, seen, told, type_in


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        ("ru", "ruth Blanchard"),
        ("ruth@x.org; mo", "ruth@x.org; morag MacLeod"),
        ("Ruth Blanchard;", None),
        ("Ruth Blanchard; x", None),
    ],
)
def test_the_last_of_several_is_ended(begun: str, ended: str | None) -> None:
    assert suggest_several(suggest_one(("Ruth Blanchard", "Morag MacLeod")))(begun) == ended


async def test_a_new_event_suggests_venues_rooms_and_who_leads(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-13"], venue="Grimsby Town Hall", room="Assembly Room")
    builders.person("Ruth Blanchard", is_facilitator=True)
    async with window() as pilot:
        await press(pilot, "2", "a")
        await press(pilot, "enter")
        for label, begun, ended in (
            ("Venue", "gri", "msby Town Hall"), ("Room", "ass", "embly Room"), ("Who leads", "ru", "th Blanchard"),
        ):  # fmt: skip
            while pilot.app.focused.id != {"Who leads": "facilitators"}.get(label, label.lower()):  # type: ignore[union-attr]
                await press(pilot, "down")
            await press(pilot, "ctrl+u")
            await type_in(pilot, begun)
            await press(pilot, "right")
            assert begun + ended in seen(pilot)


def test_a_refusal_belongs_to_the_only_field_whose_words_it_quotes() -> None:
    fields = [FormField("venue", "Venue"), FormField("room", "Room"), FormField("who", "Who leads")]
    answers = {"venue": "Town Hall", "room": "Town Hall", "who": "Bo Ek; xyz"}
    begins = [Form("Plan", fields, answers=answers, problem=said)._at for said in (
        "Nobody is known as 'xyz'.", "There is no 'Town Hall'.", "Nobody may do this.", "",
    )]  # fmt: skip
    assert begins == ["who", "", "", ""]


async def test_what_the_rules_refuse_is_said_beside_its_field_and_the_cursor_is_there(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "5", "a", "ctrl+u")
        await type_in(pilot, "nowhere")
        await press(pilot, "enter")
        await type_in(pilot, "XY")
        await press(pilot, "enter")
        await type_in(pilot, "Something")
        await press(pilot, "enter")
        await type_in(pilot, "Day 1 7h")
        await press(pilot, "ctrl+s")
        assert "'nowhere'" in line_with(pilot, "! "), "below the field it is about"
        assert pilot.app.focused.id == "strand"  # type: ignore[union-attr]


async def test_a_value_of_the_policy_that_makes_no_sense_is_told_while_it_is_typed(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "comma", "enter", "ctrl+u")
        await type_in(pilot, "Europe/Lundon")
        await press(pilot, "enter")
        assert "'Europe/Lundon' is not." in told(pilot)
        assert "! The policy" in seen(pilot)


async def test_the_first_key_replaces_a_stored_text_and_an_arrow_key_keeps_it(window: Window, june: Context) -> None:
    builders.event("BR-04", capacity=20, dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "p")
        await type_in(pilot, "21")
        await press(pilot, "enter")
        assert "Capacity: 20 → 21" in told(pilot)
        await press(pilot, "escape")
        await type_in(pilot, "0")
        assert "210" in line_with(pilot, "Places  "), "what was typed before is not replaced"
        await press(pilot, "ctrl+u", "2", "0")
        await press(pilot, "escape", "p")
        assert "20" in line_with(pilot, "Places  ")
    async with window() as pilot:
        await press(pilot, "enter", "e", "n", "end", "5")
        assert "05" in line_with(pilot, "Minimum number  ")


async def test_the_last_field_and_ctrl_s_say_what_enter_does(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "e", "n")
        assert "enter Next field  ^s Continue  esc Back" in seen(pilot)
        await press(pilot, "down")
        assert "enter Continue  ^s Continue  esc Back" in seen(pilot)
        await press(pilot, "escape", "escape", "S")
        assert "enter Write the list  ^s Write the list  esc Cancel" in seen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_long_title_and_an_address_are_readable_in_their_fields(window: Window, size: tuple[int, int]) -> None:
    address = "cassandra.featherstonehaugh@nelincs-council.gov.uk"
    builders.person("Cassandra Featherstonehaugh", email=address)
    async with window(size=size) as pilot:
        await press(pilot, "4", "enter", "e")
        assert address in seen(pilot)
        await press(pilot, "down", "down", "end")
        assert address in seen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_hint_is_cut(window: Window, size: tuple[int, int]) -> None:
    async with window(size=size) as pilot:
        await press(pilot, "5", "a")
        assert isinstance(pilot.app.screen, Form)
        for field in pilot.app.screen._fields:
            assert field.hint in told(pilot)
