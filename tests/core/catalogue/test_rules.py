"""How long modules are, and codes, as people type them."""

import pytest

from csc_tui.core.catalogue import rules as catalogue_rules
from db.errors import WrongUse


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("180", 180),
        ("3h", 180),
        ("3 h", 180),
        ("3:30", 210),
        ("3h30", 210),
        ("3 h 30 min", 210),
        ("7 hours", 420),
        ("5", 5),
        ("1440", 1440),
        ("24h", 1440),
        ("3:59", 239),
    ],
)
def test_a_length_is_typed_as_minutes_or_hours(typed: str, minutes: int) -> None:
    assert catalogue_rules.parse_module_length(typed) == minutes


@pytest.mark.parametrize("typed", ["", "0", "4", "1441", "3:60", "25h", "-5", "three", "3h30m20", "1e3", "٣h"])
def test_a_length_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(WrongUse, match="Nothing was changed"):
        catalogue_rules.parse_module_length(typed)


@pytest.mark.parametrize(("minutes", "said"), [(45, "45 min"), (180, "3 h"), (210, "3 h 30"), (65, "1 h 05")])
def test_what_is_said_of_a_length_can_be_typed_again(minutes: int, said: str) -> None:
    assert catalogue_rules.length_in_words(minutes) == said
    assert catalogue_rules.parse_module_length(said.removesuffix(" min")) == minutes


def test_modules_are_typed_in_a_row_each_with_its_length_last() -> None:
    assert catalogue_rules.parse_modules("Day 1 7h,  Day  2 7h; Review 90") == [
        ("Day 1", 420),
        ("Day 2", 420),
        ("Review", 90),
    ]
    assert catalogue_rules.parse_modules("") == []


@pytest.mark.parametrize(
    ("typed", "why"), [("7h", "title and length"), ("Day 1 7h, day 1 3h", "would be two modules called")]
)
def test_modules_without_a_title_or_with_the_same_one_are_refused(typed: str, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        catalogue_rules.parse_modules(typed)


@pytest.mark.parametrize("typed", ["", "-", "A--B", "BR 1", "BR_1", "Ä", "X" * 21, "a\nb"])
def test_a_code_is_what_a_reference_can_begin_with(typed: str) -> None:
    with pytest.raises(WrongUse):
        catalogue_rules.parse_code(typed, "course")
    assert catalogue_rules.parse_code(" sos-intro ", "course") == "SOS-INTRO"
    assert catalogue_rules.parse_code("X" * 20, "course") == "X" * 20
