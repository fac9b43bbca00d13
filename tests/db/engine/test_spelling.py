"""Which known names are near to what was typed."""

import pytest

from db.engine import spelling

REFERENCES = ["BR-03", "BR-13", "SOS-INTRO-03", "SOS-INTRO-13", "SOS-SAT-01", "MHFA-02"]
PLACES = ["Grimsby Town Hall", "Cleethorpes Town Hall", "Annexe A", "Room 1", "East Marsh Team", "Knoll Street"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("br3", ["BR-03"]),
        ("BR 3", ["BR-03"]),
        ("br-003", ["BR-03"]),
        ("bre3", ["BR-03"]),
        ("intro-03", ["SOS-INTRO-03"]),
        ("sos intro3", ["SOS-INTRO-03"]),
        ("sos-itnro-3", ["SOS-INTRO-03"]),
        ("sossat1", ["SOS-SAT-01"]),
        ("mhaf 2", ["MHFA-02"]),
    ],
)
def test_a_reference_is_recognised_however_it_is_written(typed: str, meant: list[str]) -> None:
    assert spelling.suggest_names(typed, REFERENCES) == meant


@pytest.mark.parametrize("typed", ["BR-99", "NOPE-1", "x", "", "-", "2017"])
def test_another_number_or_another_word_is_no_misspelling(typed: str) -> None:
    assert spelling.suggest_names(typed, REFERENCES) == []


@pytest.mark.parametrize(
    "typed",
    ["Grimbsy Town Hall", "grimsby townhall", "grimbsy townhall", "Town Hall, Grimsby", "Grimsby Town Hal",
     "The Grimsby Town Hall", "GRIMSBY TOWN  HALL"],
)  # fmt: skip
def test_a_new_name_with_a_slip_is_taken_for_a_known_one(typed: str) -> None:
    assert spelling.find_namesake(typed, PLACES) == "Grimsby Town Hall"


@pytest.mark.parametrize(
    "typed",
    ["Annexe B", "Room 2", "Room 11", "West Marsh Team", "Town Hall", "Grimsby Town Hall Annexe", "Hull City Hall", ""],
)
def test_a_name_that_differs_by_a_word_a_letter_alone_or_a_number_is_another(typed: str) -> None:
    assert spelling.find_namesake(typed, PLACES) == ""


def test_the_nearest_name_comes_first() -> None:
    assert spelling.suggest_names("people", ["import people", "people add", "people"])[0] == "people"
    assert spelling.suggest_names("peple", ["import people", "people add", "people"])[0] == "people"
