"""Help for the focused thing, and the line of keys."""

from dataclasses import replace
from functools import partial

from textual.binding import Binding

from csc_tui.base.context import Context
from csc_tui.cli import main, manual
from csc_tui.window import app
from csc_tui.window.booking.place_screen import PlaceScreen
from csc_tui.window.dialogs.dialog import Dialog, TextDialog
from csc_tui.window.shared.data_screen import DataScreen
from csc_tui.window.shared.key_language import list_screen_keys
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.record_table import RecordTable
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, seen, settled, told, type_in


async def test_f1_explains_the_screen_and_every_key_that_works_on_it(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "enter", "f1")
        assert "x cancels the place under the cursor" in told(pilot)
        assert "Book a person on this event" in line_with(pilot, "event.book")
        shown = ""
        for _ in range(6):
            await press(pilot, "pagedown")
            shown += seen(pilot)
        assert "Back one page" in shown
        assert "Anywhere" in shown
        assert "Close the window" in shown
        assert "plain = true in the settings file" in shown
        await press(pilot, "escape")
        assert "No one is on this event yet" in seen(pilot)


async def test_help_in_a_line_to_type_in_is_about_typing(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash", "f1")
        assert "Type any parts of what you are looking for" in told(pilot)


async def test_the_key_line_always_has_the_way_back_the_help_and_the_commands(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(size=(60, 20)) as pilot:
        await press(pilot, "enter")
        keys = " ".join(seen(pilot).splitlines()[-2:])
        for words in ("b Book", "esc Back", "? Help", "^p Commands"):
            assert words in keys


async def test_letters_that_would_be_typed_are_not_offered_as_keys(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "4", "slash")
        keys = seen(pilot).splitlines()[-1]
        assert "^f Find" in keys
        assert "/ Filter" not in keys
        await press(pilot, "tab")
        assert "/ Filter" in seen(pilot).splitlines()[-1]


async def test_a_viewers_palette_says_why_there_is_no_booking(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "enter", "ctrl+p")
        await type_in(pilot, "book (b)")
        assert "This needs the booker role" in told(pilot)
        await press(pilot, "enter")
        assert "Book a person on BR-04" not in seen(pilot)
        assert "alice has the viewer role" in told(pilot)


async def test_the_glossary_is_found_from_help_and_by_typing(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "question_mark", "down", "enter")
        assert "Glossary" in seen(pilot)
        await type_in(pilot, "offered")
        assert "A place is held until a set time. If it is not accepted by then, it goes to the next person." in told(
            pilot
        )
        await press(pilot, "enter")
        assert "Glossary" in seen(pilot)
        await press(pilot, "escape")
        assert "31 days ahead" in seen(pilot)


async def test_the_manual_of_the_commands_is_read_in_the_window(location: str, june: Context) -> None:
    window = app.CscApp(june, location, manual=partial(manual.manual_pages, main.cli))
    async with window.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f1", "down", "down", "down", "enter")
        await type_in(pilot, "people leave")
        await press(pilot, "enter")
        assert "Usage: csc people leave [OPTIONS] PERSON" in told(pilot)
        await press(pilot, "escape")
        assert "people leave" in seen(pilot)
        await press(pilot, "escape")
        assert "31 days ahead" in seen(pilot)


async def test_help_is_not_asked_for_help(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "f1", "f1", "escape")
        assert "31 days ahead" in seen(pilot)


def test_every_screen_and_dialog_explains_itself() -> None:
    for owner in app.key_owners():
        if issubclass(owner, (DataScreen, Dialog)) and owner not in (DataScreen, Dialog, TextDialog, PlaceScreen):
            focused = (RecordTable, FilterInput)  # a dialog that is one list is explained by the list
            said = getattr(owner, "HELP", "") or any(each.__name__ == owner.AUTO_FOCUS for each in focused)
            assert said, owner


def test_every_key_has_a_name_and_an_explanation() -> None:
    names = app.key_names()
    assert {"event.book", "list.up", "app.find", "days.left", "dialog.leave"} <= names
    for owner in app.key_owners():
        for base in owner.__mro__:
            if base.__module__.startswith("csc_tui"):
                for binding in vars(base).get("BINDINGS", ()):
                    assert isinstance(binding, Binding)
                    assert binding.id, binding
                    assert binding.tooltip, binding
                    assert not {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"} & set(binding.key.split(","))
                    assert "alt+" not in binding.key


async def test_what_the_list_of_keys_has_to_cut_is_said_whole_below_it(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "9", "f1", *["down"] * 5)
        assert "Show only one strand, course or team" in pointed(pilot)
        assert "Show only one strand, course or team" in told(pilot)


async def test_the_help_of_a_report_says_what_its_figures_mean(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "9", "f1")
        assert "the same people may be in both" in told(pilot)


async def test_all_keys_are_listed_by_screen_and_found_by_key_or_word(window: Window) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "question_mark", "enter")
        assert "Everywhere" in told(pilot)
        await type_in(pilot, "!")
        assert "Clashes" in told(pilot)
        assert "Check that the database is sound" in told(pilot)
        assert "Book somebody" not in told(pilot)
        await press(pilot, "backspace")
        await type_in(pilot, "register sheet")
        assert "Save the sheet to print or fill in" in told(pilot)


def test_the_list_of_all_keys_comes_from_the_bindings_of_every_screen() -> None:
    listed = {(each.what, each.meaning) for each in list_screen_keys(app.CscApp, lambda binding: binding.key)}
    for owner in app.key_owners():
        if owner.__module__.startswith("csc_tui"):
            for binding in vars(owner).get("BINDINGS", ()):
                assert (binding.description, binding.tooltip) in listed
