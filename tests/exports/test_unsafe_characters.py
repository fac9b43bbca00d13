"""One table of unsafe characters: every door asks the same one."""

import json

import pytest

from csc_tui.base.text import clean_text
from csc_tui.core.imports.columns import text_fault
from exports import disclosure, ical, pages, unsafe_characters
from exports.unsafe_characters import BLANKS, UNSAFE_CODES, find_unsafe_character

UNSAFE = sorted(map(chr, UNSAFE_CODES))


def test_no_unsafe_character_is_printable_so_that_most_texts_need_no_look_at_the_table() -> None:
    assert [code for code in UNSAFE_CODES if chr(code).isprintable()] == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x00, 0x1F), (0x7F, 0x9F), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069), (0x061C, 0x061C),
        (0x200B, 0x200B), (0x2060, 0x2064), (0xFEFF, 0xFEFF), (0xAD, 0xAD), (0xE0000, 0xE007F),
    ],
)  # fmt: skip
def test_controls_directions_what_has_no_width_and_tags_are_unsafe(first: int, last: int) -> None:
    assert set(range(first, last + 1)) <= set(UNSAFE_CODES)


def test_joiners_of_letters_and_ordinary_text_are_safe() -> None:
    for text in ("نامه\u200cای", "क्\u200dष", "Zoë Łukasik-O'Hara", "a\u00a0b", "日本", "\U0001f600"):
        assert find_unsafe_character(text) is None
        assert clean_text(text) == text


@pytest.mark.parametrize("letter", UNSAFE)
def test_no_door_lets_an_unsafe_character_through(letter: str) -> None:
    text = f"Bo{letter}Ek"
    assert letter not in clean_text(text)
    if letter not in "\t\n":
        assert letter not in pages.escape_html(text)
        assert letter not in ical.strip_control_characters(text)
    if letter != "\n":
        assert letter not in disclosure.render_disclosure_json({"name": text}).decode()
    if letter not in BLANKS:
        assert find_unsafe_character(text) == 2
        assert "at position 3" in text_fault(text)


def test_what_is_escaped_in_json_is_the_same_text_when_it_is_read() -> None:
    text = "".join(UNSAFE) + "\u2028\u2029"
    assert json.loads(disclosure.render_disclosure_json({"name": text})) == {"name": text}


def test_the_position_is_that_of_the_first_one_that_is_no_blank() -> None:
    assert find_unsafe_character("a\tb\nc\u200bd\x07") == 5
    assert find_unsafe_character("a\tb\n\u2028") is None
    assert unsafe_characters.JSON_ESCAPES.keys() >= {code for code in UNSAFE_CODES if code > 0x1F}
