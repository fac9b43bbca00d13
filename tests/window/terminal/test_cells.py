"""What is written is less than what Textual writes, and the terminal shows the same."""

import random

import pyte
import pytest

from csc_tui.window.terminal.cells import Cells
from tests.terminal import looks

WIDTH, HEIGHT = 40, 8
PENS = ("", "1", "2", "1;2", "4", "7", "31", "1;31", "38;5;120", "48;5;17", "38;5;120;48;5;17",
        "1;38;2;1;2;3;48;2;9;8;7")  # fmt: skip
PLAIN_WORDS = ("", "a", "Smith", "é ü ß", "─━▌…→", "   ", "O'Brien, Ann (deputy)", "12/20")
ODD_WORDS = ("日本語", "a日b", "e\u0301e", "漢", "x🙂y")


class Screen:
    """A terminal that is told what to show."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.screen.set_mode(pyte.modes.LNM)
        self.stream = pyte.Stream(self.screen)
        self.taken = 0

    def take(self, data: str) -> None:
        self.taken += len(data)
        self.stream.feed(data)

    def shown(self) -> list[list[tuple[object, ...]]]:
        return [[looks(self.screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]

    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.x, self.screen.cursor.y


def at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def painted(chance: random.Random, words: tuple[str, ...]) -> str:
    """A picture as Textual writes one: lines begun in their place, each piece in a pen of its own, then the cursor."""
    said = []
    for _ in range(chance.randint(1, 4)):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        said.append(at(x, y))
        room = WIDTH - x
        for _ in range(chance.randint(1, 5)):
            pen, text = chance.choice(PENS), chance.choice(words)
            width = sum(2 if ord(sign) > 0x2E80 else 0 if sign == "\u0301" else 1 for sign in text)
            if width > room:
                break
            room -= width
            said.append(f"\x1b[{pen}m{text}\x1b[0m" if pen else text)
    return "".join(said) + at(chance.randrange(WIDTH), chance.randrange(HEIGHT))


@pytest.mark.parametrize("seed", range(4))
def test_after_thousands_of_pictures_the_terminal_shows_what_it_would_have_shown(seed: int) -> None:
    chance = random.Random(seed)
    plain, less, cells = Screen(), Screen(), Cells()
    for number in range(1500):
        picture = painted(chance, PLAIN_WORDS)
        plain.take(picture)
        less.take(cells.write(picture))
        assert less.cursor() == plain.cursor()
        if number % 25 == 0:
            assert less.shown() == plain.shown()
        if number % 400 == 399:
            cells.forget()
    assert less.shown() == plain.shown()
    assert less.taken < plain.taken


@pytest.mark.parametrize("seed", range(4))
def test_whole_lines_with_wide_and_combined_signs_show_as_they_would_have(seed: int) -> None:
    chance = random.Random(seed)
    plain, less, cells = Screen(), Screen(), Cells()
    for _ in range(400):
        y, said, room = chance.randrange(HEIGHT), [], WIDTH
        while room:
            pen = chance.choice(PENS)
            text = chance.choice(PLAIN_WORDS + ODD_WORDS) or " "
            width = sum(2 if ord(sign) > 0x2E80 else 0 if sign == "\u0301" else 1 for sign in text)
            if width > room:
                text, width = " " * room, room
            room -= width
            said.append(f"\x1b[{pen}m{text}\x1b[0m" if pen else text)
        picture = at(0, y) + "".join(said) + at(3, 3)
        plain.take(picture)
        less.take(cells.write(picture))
        assert less.shown() == plain.shown()


def test_the_same_picture_again_is_not_written() -> None:
    cells = Cells()
    picture = f"{at(0, 0)}\x1b[1;31mAnn\x1b[0m{at(0, 0)}"
    assert "Ann" in cells.write(picture)
    assert cells.write(picture) == ""
    cells.forget()
    assert "Ann" in cells.write(picture)


def test_one_letter_typed_is_a_handful_of_bytes() -> None:
    cells = Cells()
    line = "\x1b[38;5;7;48;5;17m{}\x1b[0m"
    cells.write(at(0, 0) + line.format("smi".ljust(40)) + at(3, 0))
    assert cells.write(at(0, 0) + line.format("smit".ljust(40)) + at(4, 0)) == "t"


def test_what_draws_nothing_passes_in_its_place_with_a_plain_pen() -> None:
    cells = Cells()
    assert cells.write("\x1b[?1049h\x1b[?25l\x1b[>25u") == "\x1b[?1049h\x1b[?25l\x1b[>25u"
    written = cells.write(f"{at(0, 0)}\x1b[31mAnn\x1b[0m\x1b]52;c;QW5u\x07")
    assert written.endswith("\x1b[m\x1b]52;c;QW5u\x07")
    assert cells.write(at(0, 0) + "\x1b[31mAnn\x1b[0m" + at(3, 0)) == ""


@pytest.mark.parametrize("erasing", ["\x1b[2J", "\x1b[K", "\x1b[?1049l", "\x1bc", "\x1b[5S"])
def test_what_erases_makes_everything_be_written_again(erasing: str) -> None:
    cells = Cells()
    picture = f"{at(0, 0)}Ann{at(0, 0)}"
    cells.write(picture)
    assert cells.write(erasing).endswith(erasing)
    assert "Ann" in cells.write(picture)


def test_links_begin_and_end_where_they_did() -> None:
    cells = Cells()
    link = "\x1b]8;id=1;https://example.org\x1b\\\x1b[4mhere\x1b[0m\x1b]8;;\x1b\\"
    written = cells.write(f"{at(0, 0)}{link} and{at(0, 0)}")
    assert written.index("and") < written.index("https://example.org") < written.index("here")
    assert cells.write(f"{at(0, 0)}{link} and{at(0, 0)}") == ""
    assert "here" in cells.write(f"{at(0, 0)}here and{at(0, 0)}"), "the same words without the link are another picture"


def test_a_link_without_a_pen_ends_before_anything_that_passes() -> None:
    cells = Cells()
    cells.write(f"{at(0, 0)}\x1b]8;id=1;https://example.org\x1b\\here\x1b]8;;\x1b\\{at(0, 0)}")
    assert cells.write("\x1b[?25l") == "\x1b]8;;\x1b\\\x1b[?25l"


def test_what_is_drawn_next_has_the_nearest_pen() -> None:
    colours = {"cursor": "38;5;7;48;5;17", "muted": "38;5;8;48;5;16", "plain": "38;5;7;48;5;16"}
    picture = "".join(f"{at(0, y)}\x1b[{pen}m{name}\x1b[0m" for y, (name, pen) in enumerate(colours.items()))
    written = Cells().write(picture)
    assert written.index("cursor") < written.index("plain") < written.index("muted")
    assert written.count("48;5") == 2, "the ground is said again where it is another"


def test_a_name_in_wide_signs_never_shifts_what_stands_behind_it() -> None:
    cells = Cells()
    written = cells.write(f"{at(0, 2)}漢字 BR-04{at(0, 0)}")
    assert "\x1b[3;5H BR-04" in written, "the place is said again behind each sign that terminals disagree on"
