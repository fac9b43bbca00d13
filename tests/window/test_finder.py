"""Finding people and events: as one types, from anywhere, and through the palette."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from csc_tui.window.shared.data_screen import MODES
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, seen, told, type_in
from tests.window.test_commands import command


async def test_people_are_found_by_fragments_in_any_order(window: Window) -> None:
    builders.person("Bo Ek", organisation="Humberside Police")
    builders.person("Bo Low", organisation="Oasis Academy")
    async with window() as pilot:
        await press(pilot, "4")
        assert "2 people" in seen(pilot)
        await press(pilot, "slash")
        await type_in(pilot, "pol bo")
        assert "1 person" in seen(pilot)
        assert "Bo Ek" in seen(pilot)
        assert "Bo Low" not in seen(pilot)


async def test_the_arrow_keys_move_in_the_list_while_typing(window: Window) -> None:
    for name in ("Bo Ek", "Bo Low", "Bo Moss"):
        builders.person(name)
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "bo")
        await press(pilot, "down")
        assert "Bo Low" in pointed(pilot)
        await type_in(pilot, " m")
        assert "Bo Moss" in pointed(pilot)
        await press(pilot, "enter")
        assert "No bookings and no history yet" in seen(pilot)


async def test_text_that_finds_nobody_is_kept_and_escape_empties_it(window: Window) -> None:
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "4", "slash")
        await type_in(pilot, "zzz")
        assert "No match for 'zzz'" in seen(pilot)
        await press(pilot, "escape")
        assert "Bo Ek" in seen(pilot)


async def test_long_lists_say_how_many_there_are_and_go_on_at_their_end(window: Window) -> None:
    for number in range(230):
        builders.person(f"Bo Number{number:03}")
    async with window() as pilot:
        await press(pilot, "4")
        assert "200 of 230 people" in seen(pilot)
        await press(pilot, "end")
        assert "Number199" in pointed(pilot)
        assert "230 people" in seen(pilot)
        await press(pilot, "end")
        assert "Number229" in pointed(pilot)


async def test_names_are_shown_as_they_are_and_never_run(window: Window) -> None:
    for number, name in enumerate(("Bob [/]", "Jo Smith [deputy]", "[@click=app.quit]x[/]", "Al \x1b[31mRed\x9b2J")):
        builders.person(name, email=f"{number}@example.org")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4")
        for shown in ("Bob [/]", "Jo Smith [deputy]", "[@click=app.quit]x[/]", "Al \ufffd[31mRed\ufffd2J"):
            assert shown in seen(pilot)
        assert "\x1b" not in seen(pilot)
        await press(pilot, "slash")
        await type_in(pilot, "bob")
        await press(pilot, "enter")
        assert "Bob [/]" in seen(pilot)
        await press(pilot, "ctrl+f")
        await type_in(pilot, "deputy")
        assert "Jo Smith [deputy]" in seen(pilot)
        await press(pilot, "escape", "ctrl+p")
        await type_in(pilot, "bob")
        assert "Bob [/]" in seen(pilot)


async def test_the_finder_opens_people_and_events_from_anywhere(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"], title="Being Restorative")
    builders.person("Bea Ek")
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "be")
        assert "1 event, 1 course, 1 person" in seen(pilot)
        await press(pilot, "enter")
        assert "No one is on this event yet" in seen(pilot)
        await press(pilot, "f")
        await type_in(pilot, "ek")
        await press(pilot, "enter")
        assert "bea" in line_with(pilot, "Bea Ek").lower()
        assert "No bookings and no history yet" in seen(pilot)


async def test_the_finder_keeps_what_finds_nothing_and_offers_to_add_them(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "Qui Qqq <qui@example.org>")
        assert "No match for 'Qui Qqq <qui@example.org>'" in told(pilot)
        assert "Add Qui Qqq" in pointed(pilot)
        await press(pilot, "enter")
        assert "New person" in seen(pilot)
        assert "qui@example.org" in seen(pilot)
        await press(pilot, "escape")
        assert " Qui Qqq <qui" in seen(pilot)
        assert "No match for" in told(pilot)
        await press(pilot, "enter", "ctrl+s", "enter")
        assert "No bookings and no history yet" not in seen(pilot)
        assert "person added" in seen(pilot)
    assert people_queries.search_people(june, "qqq")[1] == 1


async def test_a_viewer_is_not_offered_to_add_anybody(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.VIEWER)) as pilot:
        await press(pilot, "f")
        await type_in(pilot, "qqq")
        assert "Add qqq" not in seen(pilot)


async def test_the_finder_leads_to_the_events_of_a_course(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "being rest")
        assert "1 event, 1 course" in told(pilot)
        await press(pilot, "down", "enter")
        assert "1 event of this course" in told(pilot)
        await press(pilot, "enter")
        assert "No one is on this event yet" in seen(pilot)


async def test_the_finder_leads_to_what_is_on_at_a_venue(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"], venue="Town Hall", room="Chamber")
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "town ha")
        await press(pilot, "enter")
        assert "1 session in the year to come" in told(pilot)
        await press(pilot, "enter")
        assert "No one is on this event yet" in seen(pilot)


async def test_the_finder_does_what_has_a_name(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "charges")
        assert "Charges" in pointed(pilot)
        await press(pilot, "enter")
        assert "there is nothing to charge" in told(pilot)


async def test_the_palette_offers_to_add_somebody_too(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "jo qqq")
        await press(pilot, "enter")
        assert "New person" in seen(pilot)
        assert "Qqq" in seen(pilot)


async def test_events_are_filtered_by_typing_and_by_year(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.event("SOS-SAT-01", course="SOS-SAT", dates=["2017-07-19"])
    builders.event("BR-40", dates=["2018-06-19"])
    builders.event("BR-41", dates=[None], state="draft")
    async with window() as pilot:
        await press(pilot, "3")
        assert "2017/18: 3 events" in seen(pilot)
        assert "draft" in line_with(pilot, "BR-41")
        await press(pilot, "slash")
        await type_in(pilot, "assess")
        assert "SOS-SAT-01" in seen(pilot)
        assert "BR-04" not in seen(pilot)
        await press(pilot, "escape")
        assert "BR-04" in seen(pilot)
        await press(pilot, "plus")
        assert "2018/19" in seen(pilot)
        assert "BR-40" in seen(pilot)
        assert "BR-04" not in seen(pilot)


async def test_a_filter_that_fits_nothing_says_so(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "3", "slash")
        await type_in(pilot, "zzz")
        assert "No match for 'zzz' in 2017/18. Escape shows all events" in told(pilot)


async def test_the_palette_finds_people_events_and_what_can_be_done(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    builders.person("Bo Ek")
    async with window() as pilot:
        await press(pilot, "ctrl+p")
        assert "More days (+)" in seen(pilot)
        await type_in(pilot, "ek")
        assert "Bo Ek" in seen(pilot)
        await press(pilot, "enter")
        assert "No bookings and no history yet" in seen(pilot)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [(each.title.lower(), f"[{each.key.replace('comma', ',')} {each.title}]") for each in MODES]
    + [("glossary", "programme year"), ("manual", "Manual of the command line"), ("tour", "Start the tour?")],
)
async def test_every_place_and_all_there_is_to_read_is_found_in_the_palette(
    window: Window, typed: str, shown: str
) -> None:
    async with window() as pilot:
        await press(pilot, "3" if typed == "today" else "1", "ctrl+p")
        await type_in(pilot, typed)
        await press(pilot, "enter")
        assert shown in seen(pilot)


async def test_a_key_is_found_by_its_name_in_the_palette(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, "enter", "ctrl+p")
        await type_in(pilot, "book (b)")
        await press(pilot, "enter")
        assert "Book a person on BR-04" in seen(pilot)


async def test_events_are_filtered_by_venue_facilitator_and_state_as_in_the_calendar(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"], venue="Town Hall", facilitators=[builders.person("Ty Lead")])
    builders.event("BR-05", dates=["2017-06-15"], state="draft")
    async with window() as pilot:
        await press(pilot, "3", "slash")
        for typed, fits in (("town", "BR-04"), ("with:ty", "BR-04"), ("state:draft", "BR-05")):
            await type_in(pilot, typed)
            assert "2017/18: 1 event," in seen(pilot)
            assert fits in seen(pilot)
            await press(pilot, "ctrl+u")
        await type_in(pilot, "where:x")
        assert "You cannot filter by 'where:'" in told(pilot)
        await press(pilot, "escape")
        assert "2017/18: 2 events" in seen(pilot)


async def test_the_event_under_the_cursor_is_told_in_full(window: Window) -> None:
    title = "A title that no list of eighty columns has the room for, cohort 7"
    builders.event(
        "BR-04", title=title, dates=["2017-06-12", "2017-06-13"], capacity=3, venue="Grimsby Town Hall", room="Annexe",
        facilitators=[builders.person("Ty Lead")],
    )  # fmt: skip
    builders.event("BR-05", dates=["2017-07-12"], venue="")
    async with window() as pilot:
        await press(pilot, "3")
        assert f"BR-04  {title}" in seen(pilot)
        assert "3 free places · Grimsby Town Hall, Annexe · with Ty Lead" in seen(pilot)
        await press(pilot, "down")
        assert title not in seen(pilot)
        assert "venue to be confirmed · no facilitator yet" in seen(pilot)


async def test_whom_the_cursor_is_on_is_told_in_full_below_a_narrow_list(window: Window) -> None:
    for number, team in enumerate(("Youth Justice", "Adult Services")):
        builders.person(
            "Bo Ek", email=f"{team.lower().replace(' ', '.')}{number}@a-long-name.example.org", team=team,
            organisation="North East Lincolnshire Council",
        )  # fmt: skip
    async with window() as pilot:
        await press(pilot, "4")
        assert "Bo Ek · North East Lincolnshire Council · Youth Justice" in seen(pilot)
        assert "youth.justice0@a-long-name.example.org" in seen(pilot)
        await press(pilot, "down")
        assert "adult.services1@a-long-name.example.org" in seen(pilot)
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "4")
        assert seen(pilot).count("youth.justice0@a-long-name.example.org") == 1, "beside the list, not below it too"


async def test_events_are_put_in_another_order(window: Window) -> None:
    builders.booked(builders.event("BR-04", capacity=2, dates=["2017-06-14"]), "Bo Ek")
    builders.event("BR-05", capacity=9, dates=["2017-06-15"])
    async with window() as pilot:
        await press(pilot, "3")
        assert "Jun 2017" in seen(pilot)
        assert "BR-04" in pointed(pilot)
        await press(pilot, "o", "o", "o", "o")
        assert "Places↓" in seen(pilot)
        assert seen(pilot).index(" BR-04 ") < seen(pilot).index(" BR-05 "), "half full before empty"
        await press(pilot, "o")  # by free places, a column on the next page
        assert seen(pilot).index(" BR-05 ") < seen(pilot).index(" BR-04 ")
        await press(pilot, "O")
        assert seen(pilot).index(" BR-04 ") < seen(pilot).index(" BR-05 ")
        await press(pilot, "o", "o", "o")
        assert "Jun 2017" in seen(pilot), "its own order again, under headings"
        await command(pilot, "sort events")
        assert "Event↑" in seen(pilot)
