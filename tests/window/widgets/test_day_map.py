"""The loads of days."""

from datetime import date

from csc_tui.window.widgets.day_map import DayLoad, loads_by_day, summed_load
from db.records.startup import SessionLine


def session(event: str, day: str, booked: int, capacity: int, state: str = "open") -> SessionLine:
    return SessionLine(event, "BR", "Being Restorative", 1, "Module 1", day, "09:30", "12:30", "", "", booked,
                       capacity, 0, state, 0, 0)  # fmt: skip


def test_a_day_adds_up_what_takes_place() -> None:
    sessions = [
        session("BR-04", "2017-06-12", 3, 10),
        session("BR-05", "2017-06-12", 5, 10),
        session("BR-06", "2017-06-12", 9, 10, "cancelled"),
        session("BR-07", "", 9, 10),
    ]
    assert loads_by_day(sessions) == {date(2017, 6, 12): DayLoad(2, 8, 20, ("BR-04", "BR-05"))}
    assert loads_by_day(sessions)[date(2017, 6, 12)].share == "40%"


def test_a_day_without_places_has_no_percentage() -> None:
    assert summed_load([]).share == ""
