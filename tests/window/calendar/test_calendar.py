"""The programme by month and by year."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, seen, told, type_in


async def test_a_day_shows_its_sessions_and_how_full_they_are(window: Window) -> None:
    event = builders.event("BR-04", capacity=4, dates=["2017-06-14"])
    builders.booked(event, "Bo Ek")
    async with window() as pilot:
        await press(pilot, "2")
        assert "June 2017 · 2017/18 · 1 session, 1 of 4 places (25%)" in seen(pilot)
        week = line_with(pilot, "[12]").split()
        assert week[:4] == ["[12]", "13", "14", "1"]
        assert "25%" in seen(pilot)


@pytest.mark.parametrize(
    ("keys", "arrived"),
    [
        (("right",), "Tue 13 Jun 2017"),
        (("left",), "Sun 11 Jun 2017"),
        (("down",), "Mon 19 Jun 2017"),
        (("up",), "Mon 5 Jun 2017"),
        (("pagedown",), "Wed 12 Jul 2017"),
        (("right_curly_bracket",), "Wed 12 Jul 2017"),
        (("pageup",), "Fri 12 May 2017"),
        (("plus",), "Tue 12 Jun 2018"),
        (("minus",), "Sun 12 Jun 2016"),
        (("end",), "Fri 30 Jun 2017"),
        (("end", "home"), "Thu 1 Jun 2017"),
        (("pagedown", "down", "T"), "Mon 12 Jun 2017"),
        (("y", "down"), "Wed 12 Jul 2017"),
        (("y", "right"), "Tue 13 Jun 2017"),
    ],
)
async def test_keys_move_by_day_week_month_and_year(window: Window, keys: tuple[str, ...], arrived: str) -> None:
    async with window() as pilot:
        await press(pilot, "2", *keys)
        assert f"No sessions from {arrived}" in seen(pilot)


async def test_the_next_programme_year_is_one_key_away(window: Window) -> None:
    builders.event("BR-40", dates=["2018-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "y")
        assert "Year 2017/18 · no sessions" in seen(pilot)
        await press(pilot, "plus")
        assert "Year 2018/19 · 1 session" in seen(pilot)
        assert "BR-40" in seen(pilot)


async def test_bank_holidays_are_marked_with_a_letter_and_named(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "pageup")  # May 2017
        assert "29 H" in seen(pilot)
        assert "Spring" in seen(pilot)
        await press(pilot, "y")
        assert "H" in line_with(pilot, "May '17")
        assert "H" not in line_with(pilot, "Jun '17")


async def test_the_year_counts_sessions_by_day_and_month(window: Window) -> None:
    builders.event("BR-04", capacity=4, dates=["2017-06-14", "2017-06-15"])
    builders.event("BR-05", capacity=4, dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "y")
        june = line_with(pilot, "Jun '17").split()
        assert june[-2:] == ["3", "0%"]
        assert "2" in june
        assert line_with(pilot, "Jul '17").split()[-1] == "-"


@pytest.mark.parametrize("columns", [60, 79, 80, 120])
async def test_every_day_of_the_year_and_the_totals_are_seen_at_any_width(window: Window, columns: int) -> None:
    builders.event("BR-04", capacity=4, dates=[f"2017-07-{day:02d}" for day in range(1, 32)])
    async with window(size=(columns, 24)) as pilot:
        await press(pilot, "2", "y")
        assert " 30" in line_with(pilot, "Total full")
        days, _, totals = line_with(pilot, "Jul '17" if columns < 120 else "Jul 2017").rpartition("31")
        assert days.count("1") == 31 + ("'17" in days) + ("2017" in days)
        assert totals.split() == ["0%"]


async def test_sessions_to_be_confirmed_come_last(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14", None])
    async with window() as pilot:
        await press(pilot, "2")
        assert "1 to be confirmed" in seen(pilot)
        lines = seen(pilot).splitlines()
        heading = next(number for number, line in enumerate(lines) if line.strip() == "To be confirmed")
        assert "BR-04" in lines[heading + 1]
        assert heading > next(number for number, line in enumerate(lines) if "Wed 14 Jun 2017" in line)


async def test_a_session_is_opened_from_the_calendar_and_the_day_is_kept(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "right", "enter")
        assert "BR-04" in pointed(pilot)
        await press(pilot, "enter")
        assert "No one is on this event yet" in seen(pilot)
        await press(pilot, "escape", "escape", "right")
        assert "Wed 14 Jun 2017" in seen(pilot)


async def test_enter_in_the_year_opens_the_month(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "y", "down", "down", "enter")
        assert "August 2017" in seen(pilot)
        assert "Mon" in seen(pilot)


async def test_a_cancelled_event_is_listed_and_does_not_count(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"], state="cancelled")
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "2")
        assert "no sessions" in seen(pilot)
        assert "cancelled" in line_with(pilot, "BR-04")


async def test_tall_months_name_the_events_of_a_day(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "2")
        grid = seen(pilot).split("Wed 14 Jun 2017")[0]
        assert "BR-04" in grid


async def test_a_week_has_a_lane_for_each_room_and_marks_what_clashes(window: Window) -> None:
    lead = builders.person("Ty Lead")
    builders.event("BR-04", capacity=4, dates=["2017-06-14"], venue="Town Hall", room="Annexe", facilitators=[lead])
    builders.event("BR-05", dates=["2017-06-15"], venue="Town Hall", room="Annexe")
    builders.event("BR-06", dates=["2017-06-15"], venue="Town Hall", room="Annexe", start="12:00", end="13:00")
    builders.event("BR-07", dates=["2017-06-16"], venue="Centre4", state="cancelled")
    async with window() as pilot:
        await press(pilot, "2", "w")
        assert "12 to 18 Jun 2017" in seen(pilot)
        lanes = [line for line in seen(pilot).splitlines() if line.startswith((" Centre4", " Town Hall"))]
        assert len(lanes) == 2, "a room is one lane"
        assert " 09:30-12:30 !09:30-12:30" in line_with(pilot, " Town Hall")
        assert "BR-04 0/4" in line_with(pilot, " Annexe")
        assert "x09:30-12:30" in line_with(pilot, " Centre4"), "cancelled"
        assert "!12:00-13:00" in seen(pilot)
        await press(pilot, "v")
        assert "09:30" in line_with(pilot, "Ty Lead")
        assert "No facilitator yet" in " ".join(" ".join(line[:15] for line in seen(pilot).splitlines()).split())
        await press(pilot, "down")
        assert "No sessions this week." in seen(pilot)
        await press(pilot, "up", "w")
        assert "June 2017" in seen(pilot)


async def test_a_week_with_room_tells_the_names_of_its_rooms_in_full(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"], venue="Municipal Offices, Grimsby", room="Committee Room 12")
    async with window() as pilot:
        await press(pilot, "2", "w")
        names = [line[:15].strip() for line in seen(pilot).splitlines()[3:8]]
        assert " ".join(names) == "Municipal Offices, Grimsby Committee Room 12"
        await press(pilot, "v")
        names = [line[:15].strip() for line in seen(pilot).splitlines()[3:6]]
        assert " ".join(names).strip() == "No facilitator yet"


async def test_a_narrow_week_tells_when_a_session_begins_rather_than_half_its_times(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window(size=(60, 24)) as pilot:
        await press(pilot, "2", "w")
        week = seen(pilot).split("Wed 14 Jun 2017")[0]
        assert "09:30" in week.split()
        assert "09:30-" not in week


async def test_a_week_without_room_says_how_many_lanes_there_are_more(window: Window) -> None:
    for number in range(30):
        builders.event(f"BR-{number:02d}", dates=["2017-06-14"], venue=f"Venue {number:02d}")
    async with window() as pilot:
        await press(pilot, "2", "w")
        assert "09:30 BR-00" in seen(pilot), "one line for each where two are too much"
        assert "17 lanes more" in seen(pilot)


async def test_weekends_of_a_week_are_shown_when_something_is_on_them(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-17"])
    async with window() as pilot:
        await press(pilot, "2", "w")
        assert "Sat 17" in seen(pilot)
        await press(pilot, "down")
        assert "Sat" not in seen(pilot)


async def test_a_bank_holiday_is_named_in_the_week(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "w", "up", "up")
        assert "Mon 29 H" in seen(pilot)


async def test_the_list_alone_tells_where_the_session_under_the_cursor_is(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"], venue="Learning Centre of Immingham", room="Two")
    async with window() as pilot:
        await press(pilot, "2")
        assert "Immingham, Two" not in seen(pilot)
        await press(pilot, "v")
        assert "Wed 14 Jun 2017 09:30-12:30 · Learning Centre of Immingham, Two" in seen(pilot)
        await press(pilot, "v")
        assert "Immingham, Two" not in seen(pilot)


async def test_how_full_a_week_is_and_what_has_no_date_are_said_in_eighty_columns(window: Window) -> None:
    builders.event("BR-04", capacity=2000, dates=["2017-06-26", None, None])
    for size, said in (((80, 24), "0% full · 2 to be confirmed"), ((120, 40), "0 of 2,000 places (0%) · 2 to be conf")):
        async with window(size=size) as pilot:
            await press(pilot, "2", "w", "down", "down")
            assert f"26 Jun to 2 Jul 2017 · 2017/18 · 1 session, {said}" in seen(pilot)


async def test_the_list_alone_has_the_whole_screen_and_moves_by_month(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    builders.event("BR-05", dates=["2017-08-14"])
    async with window() as pilot:
        await press(pilot, "2", "v")
        assert "From Mon 12 Jun 2017" in seen(pilot)
        assert "BR-04" in pointed(pilot)
        await press(pilot, "right_curly_bracket")
        assert "BR-04" not in seen(pilot)
        assert "BR-05" in pointed(pilot)
        await press(pilot, "escape")
        assert "July 2017" in seen(pilot)


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("signs", {"SOS-INTRO-03"}), ("restor", {"BR-04", "BR-05"}), ("town", {"BR-04"}), ("lead ty", {"BR-05"}),
        ("tentative", {"SOS-INTRO-03"}), ("state:open", {"BR-04", "BR-05"}), ("with:ty", {"BR-05"}),
        ("venue:ty", set()), ("strand:rp", {"BR-04", "BR-05"}), ("br annexe", {"BR-04"}), ("zzz", set()),
    ],
)  # fmt: skip
async def test_the_filter_takes_strand_course_venue_facilitator_and_state(
    window: Window, typed: str, fits: set[str]
) -> None:
    builders.event("BR-04", dates=["2017-06-14"], venue="Town Hall", room="Annexe")
    builders.event("BR-05", dates=["2017-06-15"], facilitators=[builders.person("Ty Leader")])
    builders.event("SOS-INTRO-03", course="SOS-INTRO", dates=["2017-06-16"], state="tentative")
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, typed)
        assert {name for name in ("BR-04", "BR-05", "SOS-INTRO-03") if name in seen(pilot)} == fits


async def test_the_filter_stays_while_one_moves_and_goes_with_escape(window: Window) -> None:
    builders.event("BR-04", dates=["2017-07-14"], venue="Town Hall")
    builders.event("BR-05", dates=["2017-07-14"])
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, "town")
        await press(pilot, "tab", "tab", "right_curly_bracket", "y")
        assert "1 session" in seen(pilot)
        assert "town" in seen(pilot)
        await press(pilot, "minus")
        assert "No match for 'town' from" in seen(pilot)
        await press(pilot, "plus", "escape")
        assert "2 sessions" in seen(pilot)
        assert "town" not in seen(pilot)


async def test_a_field_there_is_not_is_said_and_the_rest_stays(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "slash")
        await type_in(pilot, "room:x")
        assert "You cannot filter by 'room:'" in told(pilot)
        await press(pilot, "escape")
        assert "There is no" not in told(pilot)
        assert "BR-04" in seen(pilot)


async def test_an_event_is_planned_from_the_day_under_the_cursor_like_the_one_before(
    window: Window, june: Context
) -> None:
    builders.event("BR-04", dates=["2017-05-08", "2017-05-15", "2017-05-22"], venue="Town Hall", room="Annexe")
    async with window() as pilot:
        await press(pilot, "2", "pagedown", "pagedown", "right", "right", "a", "end", "enter")
        assert "Times and place are taken from BR-04." in told(pilot)
        assert "Mon 14 Aug 2017 09:30-12:30" in seen(pilot)
        assert "Mon 21 Aug 2017 09:30-12:30" in seen(pilot)
        assert "Tue 29 Aug 2017 09:30-12:30" in seen(pilot), "the 28th is a bank holiday"
        await press(pilot, *["enter"] * 8)
        assert "Add this event of BR?" in seen(pilot)
        assert "Town Hall, Annexe" in seen(pilot)
        assert len(people_queries.list_events(june)) == 1, "a preview changes nothing"
        await press(pilot, "enter")
        assert "BR-05  Being Restorative  draft" in seen(pilot), "it is opened"
        assert [each.date for each in people_queries.get_event_card(june, "BR-05").sessions] == [
            "2017-08-14", "2017-08-21", "2017-08-29",
        ]  # fmt: skip
        await press(pilot, "u", "enter")
        assert people_queries.get_event_card(june, "BR-05").event.state == "cancelled"


async def test_what_is_in_the_way_of_a_new_event_is_shown_and_what_was_typed_is_kept(
    window: Window, june: Context
) -> None:
    builders.event("BR-04", dates=["2017-06-14"], venue="Town Hall", room="Annexe")
    async with window() as pilot:
        await press(pilot, "2", "right", "right", "a", "end", "enter", *["enter"] * 8)
        assert "Town Hall, Annexe is taken by BR-04 session 1 at that time" in told(pilot)
        await press(pilot, "escape")
        assert len(people_queries.list_events(june)) == 1


async def test_a_date_that_cannot_be_keeps_the_form_and_a_day_wants_a_time(window: Window) -> None:
    async with window() as pilot:
        await press(pilot, "2", "a", "end", "enter")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "tue 14 june")
        await press(pilot, *["enter"] * 8)
        assert "14 June 2017 is a Wednesday, not a Tuesday." in told(pilot)
        await press(pilot, "ctrl+u")
        await type_in(pilot, "wed 14 june")
        await press(pilot, *["enter"] * 8)
        assert "Type the start time as well" in told(pilot)


async def test_the_year_of_a_new_event_is_that_of_the_councils_programme(window: Window, ctx: Context) -> None:
    september = replace(builders.at(ctx, "2017-10-10"), policy={**ctx.policy, "first_month": "9"})
    async with window(ctx=september) as pilot:
        await press(pilot, "2", "a", "end", "enter", "ctrl+u")
        await type_in(pilot, "1/6 9.30-12.30")
        await press(pilot, *["enter"] * 8)
        assert "Add this event of BR?" in seen(pilot)
        assert "session 1 Fri 1 Jun 2018 09:30-12:30" in told(pilot)


async def test_a_booker_reads_that_planning_takes_a_coordinator(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "2", "a")
        assert "This needs the coordinator role" in told(pilot)


async def test_an_event_is_copied_from_the_calendar(window: Window, june: Context) -> None:
    builders.event("BR-04", dates=["2017-06-14"])
    async with window() as pilot:
        await press(pilot, "2", "D")
        assert "Copy BR-04 to other dates" in seen(pilot)
        await type_in(pilot, "wed 28 june")
        await press(pilot, "enter", "enter", "enter", "enter")
        assert people_queries.get_event_card(june, "BR-05").event.first_date == date(2017, 6, 28)


async def test_an_event_half_planned_is_a_draft_when_the_line_is_cut(window: Window, june: Context) -> None:
    async with window() as pilot:
        await press(pilot, "2", "a", "end", "enter", "ctrl+u")
        await type_in(pilot, "28 june 1-4pm")
    async with window() as pilot:
        await press(pilot, "2", "a", "end", "enter")
        assert "There is a draft from Mon 12 Jun 2017 09:00" in told(pilot)
        await press(pilot, "c")
        assert "28 june 1-4pm" in seen(pilot)
        await press(pilot, "ctrl+s", "enter")
        assert str(people_queries.get_event_card(june, "BR-01").sessions[0].date) == "2017-06-28"
    async with window() as pilot:
        await press(pilot, "2", "a", "end", "enter")
        assert "draft from" not in told(pilot)
