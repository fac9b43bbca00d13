"""Wording both faces share."""

from datetime import date, datetime, timedelta

import pytest

from csc_tui.base import text as base_text

R = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""), ("", ""), (0, "0"), ("Zoë O'Brien", "Zoë O'Brien"), ("a\tb\nc\rd", "a b c d"),
        ("\x1b[2J", R + "[2J"), ("a\x00b\x07", f"a{R}b{R}"), ("\x7f\x80\x9b\x9f", R * 4), ("\xa0", "\xa0"),
        ("\u202eevil\u202c", f"{R}evil{R}"), ("\u2066x\u2069\u200e\u200f\u061c", f"{R}x{R * 4}"),
        ("one\u2028two\u2029", "one two "), ("[red]Bo[/]", "[red]Bo[/]"),
    ],
)  # fmt: skip
def test_clean_text_is_one_line_that_a_terminal_can_only_show(value: object, shown: str) -> None:
    assert base_text.clean_text(value) == shown


def test_nothing_that_steers_a_terminal_comes_through() -> None:
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000))))
    passed = set(base_text.clean_text(everything))
    assert not passed & {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))}
    assert not passed & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029")


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [(0, ("place",), "no places"), (1, ("person", "people"), "1 person"), (2, ("person", "people"), "2 people")],
)
def test_counts_are_said_as_people_say_them(number: int, words: tuple[str, ...], said: str) -> None:
    assert base_text.format_count(number, *words) == said


def test_the_weekday_is_that_of_the_calendar() -> None:
    day = date(1999, 12, 25)
    for _ in range(1600):
        assert base_text.weekday_number(day.year, day.month, day.day) == day.weekday(), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2017-06-12", "Mon 12 Jun 2017"), (date(2017, 6, 5), "Mon 5 Jun 2017"), ("", "to be confirmed"),
        (None, "to be confirmed"), (datetime(2017, 6, 12, 9, 30), "Mon 12 Jun 2017"),
    ],
)  # fmt: skip
def test_a_date_is_shown_as_people_read_it(value: object, shown: str) -> None:
    assert base_text.format_date(value) == shown


def test_times_are_shown_from_to_or_not_at_all() -> None:
    assert base_text.format_times("09:30:00", "12:30:00") == "09:30-12:30"
    assert base_text.format_times("", "") == base_text.format_times(None, None) == ""


def test_a_status_reads_without_its_underscore() -> None:
    assert base_text.status_label("fully_attended") == "fully attended"


@pytest.mark.parametrize(
    ("names", "between", "said"),
    [
        (["Ann"], ", ", "Ann"), (["Ann", "Bo"], ", ", "Ann, Bo"), (["A", "B", "C", "D"], ", ", "A, B and 2 more"),
        (["one is late", "two", "three"], "; ", "one is late; two; and 1 more"), ([], ", ", ""),
    ],
)  # fmt: skip
def test_a_long_list_names_the_first_and_counts_the_others(names: list[str], between: str, said: str) -> None:
    assert base_text.shorten_list(names, 2, between) == said
