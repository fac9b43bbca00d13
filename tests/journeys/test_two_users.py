"""Two coordinators at the same database, each with the real program on a terminal of her own."""

from collections.abc import Callable, Iterator

import pytest

from tests import builders
from tests.terminal import Terminal, window

Sat = Callable[[str], Terminal]


@pytest.fixture
def sits_down(database: str) -> Iterator[Sat]:
    sitting: list[Terminal] = []

    def open_window(actor: str) -> Terminal:
        sitting.append(Terminal(window(database, actor=actor)))
        return sitting[-1]

    yield open_window
    for each in sitting:
        each.kill()


def book(terminal: Terminal, event: str, typed: str, name: str) -> None:
    """From Today, where the cursor is on the event, to the preview of the booking."""
    terminal.press("enter")
    terminal.until("Rules ")
    terminal.press("b")
    terminal.until(f"Book a person on {event}")
    terminal.press(*typed)
    terminal.until(f"▌ {name}")
    terminal.press("enter")
    terminal.until("enter Confirm")


def cursor_line(terminal: Terminal) -> int:
    return next(number for number, line in enumerate(terminal.lines()) if line.startswith("▌"))


def test_one_books_and_the_other_sees_it_where_she_stands(sits_down: Sat) -> None:
    builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    for number in range(10, 50):
        builders.event(f"BR-{number}", capacity=3, dates=["2017-06-20"])
    builders.event("BR-99", dates=[None])  # there is something to decide before and after
    builders.person("Bo Ek")
    alice, bea = sits_down("alice"), sits_down("bea")
    bea.until("1 session without a date")
    bea.press("down", "down", "down")
    bea.until("▌ 09:30-12:30  BR-12")
    before = cursor_line(bea)
    alice.until("BR-04")
    book(alice, "BR-04", "ek", "Bo Ek")
    alice.press("enter")
    alice.until("Bo Ek is booked on BR-04.")
    bea.until("1/3")
    bea.until("alice: booked Bo Ek on BR-04.")
    assert "BR-04" in bea.line("1/3")
    assert "BR-12" in bea.lines()[before]
    assert cursor_line(bea) == before
    bea.press("q")
    assert bea.ended() == 0


def test_both_take_the_last_place_and_one_of_them_is_told_that_it_is_gone(database: str, sits_down: Sat) -> None:
    builders.event("BR-04", capacity=1, dates=["2017-06-13"])
    builders.person("Bo Ek")
    builders.person("Cy Orr")
    alice, bea = sits_down("alice"), sits_down("bea")
    alice.until("BR-04")
    bea.until("BR-04")
    book(alice, "BR-04", "ek", "Bo Ek")
    book(bea, "BR-04", "orr", "Cy Orr")
    alice.press("enter")
    alice.until("Bo Ek is booked on BR-04.")
    bea.press("enter")
    bea.until("Someone else made")
    assert builders.standing("BR-04") == {"Bo Ek": "booked"}, "nothing is done that was not shown"
    bea.press("enter")
    alice.until("Cy Orr")
    assert builders.standing("BR-04") == {"Bo Ek": "booked", "Cy Orr": "waitlisted"}


def test_what_one_types_stays_while_the_other_books(sits_down: Sat) -> None:
    builders.event("BR-04", capacity=3, dates=["2017-06-13"])
    builders.person("Bo Ek")
    builders.person("Cy Orr")
    alice, bea = sits_down("alice"), sits_down("bea")
    alice.until("BR-04")
    bea.until("BR-04")
    bea.press("enter")
    bea.until("Rules ")
    bea.press("b")
    bea.until("Book a person on BR-04")
    bea.press(*"cy o")
    bea.until("▌ Cy Orr")
    book(alice, "BR-04", "ek", "Bo Ek")
    alice.press("enter")
    alice.until("Bo Ek is booked on BR-04.")
    bea.press("r")
    bea.until(" cy or ")
    bea.press("escape")
    bea.until("alice: booked Bo Ek on BR-04.")
    bea.until("1 of 3 taken")
