"""Bytes of a terminal become keys and pastes, whatever they are."""

import os
from pathlib import Path
from random import Random

import pytest
from textual.events import Key, Paste
from textual.message import Message

from csc_tui.base.context import Context
from csc_tui.window.app import CscApp
from csc_tui.window.terminal.terminal_input import JoinedKeys, OtherEncoding, TerminalInput
from tests.window.conftest import Window, press, seen, settled
from tests.window.terminal.random_bytes import random_bytes, random_reads

SEQUENCES = int(os.environ.get("CSC_SEQUENCES", "300"))
"""How many sequences go through a whole window; the reader alone is given 10,000."""


def read(*pieces: bytes, silence: float = 0) -> list[Message]:
    """What the pieces become, with so much silence after the last."""
    reader = TerminalInput()
    found: list[Message] = []
    for now, piece in enumerate(pieces):
        found += reader.feed(piece, now)
        found += reader.tick(now)
    return [*found, *reader.tick(len(pieces) - 1 + silence)]


def typed(found: list[Message]) -> str:
    return "".join(each.character or f"<{each.key}>" for each in found if isinstance(each, Key))


def pasted(found: list[Message]) -> list[str]:
    return [each.text for each in found if isinstance(each, Paste)]


def test_utf_8_is_read_however_it_is_cut() -> None:
    found = read(*(bytes([each]) for each in "é£’😀a".encode()))
    assert typed(found) == "é£’😀a"
    assert not any(isinstance(each, OtherEncoding) for each in found)


@pytest.mark.parametrize(("encoding", "text"), [("latin-1", "£5 café."), ("cp1252", "£5 for O’Hara – café €")])
def test_letters_in_another_encoding_are_read_as_windows_1252_and_told_once(encoding: str, text: str) -> None:
    found = read(text.encode(encoding), text.encode(encoding))
    assert typed(found) == text * 2
    assert sum(isinstance(each, OtherEncoding) for each in found) == 1


def test_a_last_letter_in_another_encoding_does_not_wait_for_the_next() -> None:
    assert typed(read(b"caf\xe9")) == "caf"
    assert typed(read(b"caf\xe9", silence=0.2)) == "café"


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"\x1b1", ["escape", "1"]),
        (b"\x1b\r", ["escape", "enter"]),
        (b"\x1b\x1b\x1b1", ["escape", "escape", "escape", "1"]),
        (b"\x1b\x1b[B", ["escape", "down"]),
        (b"\x1b[A\x1bOB\x1b[1;5C", ["up", "down", "ctrl+right"]),
        (b"\x1b[M !!a", ["a"]),
        (b"\x1b[[Aa", ["f1", "a"]),
        (b"\x1b[97;5ub", ["ctrl+a", "b"]),
        (b"\x1b[?62;22c\x1b[>0;276;0ca", ["a"]),
        (b"\x1b[12\x1b[A", ["up"]),
        (b"\x1b[12\ra", ["enter", "a"]),
    ],
)
def test_keys_behind_an_escape_are_told_apart_and_what_means_nothing_types_nothing(
    data: bytes, keys: list[str]
) -> None:
    assert [each.key for each in read(data) if isinstance(each, Key)] == keys


def test_a_sequence_may_come_in_pieces_over_a_slow_line() -> None:
    reader = TerminalInput()
    found: list[Message] = []
    for number, letter in enumerate(b"\x1b[1;5C"):
        found += reader.feed(bytes([letter]), number * 0.05)
        found += reader.tick(number * 0.05)
    assert [each.key for each in found if isinstance(each, Key)] == ["ctrl+right"]


def test_a_sequence_that_was_cut_types_nothing() -> None:
    assert typed(read(b"\x1b[1;5", silence=2)) == ""
    assert [each.key for each in read(b"\x1b", silence=0.2) if isinstance(each, Key)] == ["escape"]


def test_a_letter_behind_an_escape_may_move_by_a_word_in_a_field() -> None:
    (joined,) = read(b"\x1bf")
    assert isinstance(joined, JoinedKeys)
    assert joined.key == "ctrl+right"
    assert [each.key for each in joined.parts] == ["escape", "f"]


def test_a_byte_that_is_no_letter_anywhere_is_replaced() -> None:
    assert typed(read(b"a\x81b")) == "a\ufffdb"


def test_a_paste_is_one_however_it_is_cut() -> None:
    assert pasted(read(b"\x1b[200~Bo Ek\nDi Low\x1b[201~")) == ["Bo Ek\nDi Low"]
    assert pasted(read(*(bytes([each]) for each in b"x\x1b[200~Bo\x1b[201~y"))) == ["Bo"]
    assert typed(read(*(bytes([each]) for each in b"x\x1b[200~Bo\x1b[201~y"))) == "xy"


def test_what_is_pasted_is_text_and_no_key_even_if_it_looks_like_one() -> None:
    found = read(b"\x1b[200~\x1b[31mred\x1b[0m and a very long line that has an \x1b in it\x1b[201~")
    assert pasted(found) == ["\x1b[31mred\x1b[0m and a very long line that has an \x1b in it"]
    assert typed(found) == ""


@pytest.mark.parametrize("end", [b"", b"\x1b", b"\x1b[20"])
def test_a_paste_whose_end_never_comes_ends_in_silence(end: bytes) -> None:
    assert pasted(read(b"\x1b[200~Bo Ek" + end, silence=0.5)) == []
    assert pasted(read(b"\x1b[200~Bo Ek" + end, silence=1.5)) == ["Bo Ek"]


def test_keys_after_a_paste_that_ended_in_silence_are_keys_again() -> None:
    reader = TerminalInput()
    assert pasted([*reader.feed(b"\x1b[200~Bo", 0), *reader.tick(1.5)]) == ["Bo"]
    assert typed([*reader.feed(b"xyz", 2)]) == "xyz"


def test_whatever_comes_can_be_read_and_the_next_keys_too() -> None:
    random = Random(1)
    reader = TerminalInput()
    now = 0.0
    for _ in range(10_000):
        data = random_bytes(random)
        for piece in random_reads(random, data):
            now += random.choice((0, 0, 0.2))
            list(reader.feed(piece, now))
            list(reader.tick(now))
        now += 2
        list(reader.tick(now))
        list(reader.feed(b"\x1b[A" * 2, now))
        assert typed([*reader.feed(b"abc", now)])[-3:] == "abc", data


async def test_whatever_comes_leaves_a_live_window(
    window: Window, a_week_in_june: Context, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CscApp, "action_quit", lambda _: None)
    seed = int(os.environ.get("CSC_SEED", "2"))
    random = Random(seed)
    async with window() as pilot:
        reader, now = TerminalInput(), 0.0
        for number in range(SEQUENCES):
            data = random_bytes(random)
            for message in (*reader.feed(data, now), *reader.tick(now + 2)):
                message.set_sender(pilot.app)
                pilot.app.post_message(message)
            now += 3
            if number % 20 == 19:
                await settled(pilot)
                assert pilot.app.return_code is None, f"seed {seed}: {number} {data!r}"
        await press(pilot, *["escape"] * 8)
        assert "Today" in seen(pilot)
