"""Scripts of keys for the ten common tasks, and what a window and its database come to."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import sleep

from tests import builders
from tests.terminal import Terminal, window

WAIT = ""
"""Stands in a script for waiting until the window is at rest, before a key that cannot be taken back."""
GAPS = (0.0, 0.005, 0.03, 0.08, 0.2)
"""Seconds between two keys."""
LEAVE = ("escape",) * 4 + ("1",)
MOMENT = "2017-06-13T12:00"
VOLATILE = frozenset({"uid", "code", "digest", "entered"})
"""Columns that are another at every run: made-up identities, and the real time."""

FORENAMES = ("Ada", "Bo", "Cleo", "Dai", "Eve", "Finn", "Gil", "Hal", "Ivo", "Jo", "Kit", "Lou", "Mia", "Ned", "Ola")
SURNAMES = ("Ashdown", "Birkett", "Coldwell", "Dunmore", "Eastgate", "Fairburn", "Goxhill", "Haxby", "Immingham")
EVENTS = ("BR-41", "BR-42", "BR-43", "BR-44")
REGISTERED = "BR-49"
DAYS = tuple(f"{day} {month}" for month in ("july", "september", "october") for day in range(3, 29))


def fill_database() -> None:
    """Put in events with room and people to book, so that none of the tasks is refused."""
    for number, reference in enumerate(EVENTS):
        event = builders.event(reference, capacity=60, dates=[f"2017-06-{19 + number}", f"2017-07-{17 + number}"])
        for place in range(4):
            who = builders.person(f"{FORENAMES[place]} Booked{number}{place}", organisation="Police", team="North")
            builders.enrolment(event, who)
    event = builders.event(REGISTERED, capacity=60, dates=["2017-06-13", "2017-06-30"])
    for place in range(4):
        builders.enrolment(event, builders.person(f"{FORENAMES[place]} Marked{place}", organisation="Police"))
    for name in NAMES:
        builders.person(name, organisation="Police", team="North")


NAMES = [f"{forename} {surname}" for surname in SURNAMES for forename in FORENAMES]


@dataclass
class Scripts:
    """Makes up scripts that follow one another in one window."""

    random: Random
    names: Iterator[str] = field(default_factory=lambda: iter(NAMES))
    days: Iterator[str] = field(default_factory=lambda: iter(DAYS))
    places: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EVENTS, 4))
    due: set[str] = field(default_factory=lambda: set(EVENTS))
    registered: bool = False
    folders: int = 0
    changes: int = 0
    """How many changes have been asked for that `u` takes back."""

    def script(self) -> list[str]:
        """Return the keys of one to three tasks."""
        keys: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            keys += [*LEAVE, *self._task()]
        return keys

    def _task(self) -> Iterable[str]:
        task = self.random.choice(
            (
                self._find, self._book, self._book, self._cancel, self._swap, self._free_place, self._move,
                self._register, self._write, self._year, self._progress,
            )
        )  # fmt: skip
        return task()

    def _open(self) -> tuple[str, list[str]]:
        event = self.random.choice(EVENTS)
        return event, ["f", *event.lower(), "enter"]

    def _find(self) -> Iterable[str]:
        return ["f", *self.random.choice(NAMES).lower().replace(" ", " "), "enter"]

    def _book(self) -> Iterable[str]:
        event, keys = self._open()
        self.places[event] += 1
        self.changes += 1
        self.due.add(event)
        return [*keys, "b", *next(self.names).lower(), "enter", "enter"]

    def _cancel(self) -> Iterable[str]:
        event, keys = self._open()
        if self.places[event] < 2:
            return keys
        self.changes += 1
        self.places[event] -= 1
        self.due.add(event)
        return [*keys, "x", "down", "enter", "enter"]

    def _swap(self) -> Iterable[str]:
        event, keys = self._open()
        self.changes += 1
        self.due.add(event)
        return [*keys, "s", *next(self.names).lower(), "enter", "enter"]

    def _free_place(self) -> Iterable[str]:
        return ["3", "/", *self.random.choice(EVENTS).lower()]

    def _move(self) -> Iterable[str]:
        event, keys = self._open()
        self.changes += 1
        self.due.add(event)
        return [*keys, "e", "m", "enter", "ctrl+u", *next(self.days), "enter", "enter", "enter", "enter"]

    def _register(self) -> Iterable[str]:
        keys = ["f", *REGISTERED.lower(), "enter", "r"]
        if self.registered:
            return keys
        self.registered = True
        self.changes += 2
        return [*keys, "x", "r", "enter"]

    def _write(self) -> Iterable[str]:
        event, keys = self._open()
        if event not in self.due:
            return keys
        self.due.remove(event)
        self.folders += 1
        return [*keys, "i", "enter", "ctrl+u", *f"~/out{self.folders}", "enter", WAIT, "enter"]

    def _year(self) -> Iterable[str]:
        return ["2", "y"]

    def _progress(self) -> Iterable[str]:
        return ["9", "/", *"north", "enter"]


class ScriptWindow:
    """A window in a process of its own, without the remarks that stand in a corner for some seconds."""

    def __init__(self, location: str, home: Path, *options: str) -> None:
        words = window(location, *options, today=MOMENT)
        words[2] = (
            "from csc_tui.window.app import CscApp; CscApp.notify = lambda *given, **named: None; "
            "CscApp.action_quit = lambda app: None; " + words[2]
        )
        home.mkdir()
        self.location = location
        self.home = str(home)
        self.terminal = Terminal(words, HOME=str(home))
        self.terminal.until("Today")
        self.rest()

    def send(self, keys: Iterable[str], gaps: Iterator[float]) -> None:
        """Type the keys with these gaps between them; those without a gap are written at once."""
        batch: list[str] = []
        for key in keys:
            if key != WAIT:
                batch.append(key)
                if not (gap := next(gaps)):
                    continue
            self._write(batch)
            if key == WAIT:
                self.rest()
            else:
                sleep(gap)
                self.terminal.read(0)
        self._write(batch)
        self.rest()

    def send_one_by_one(self, keys: Iterable[str]) -> None:
        """Type each key when the one before it has had its effect."""
        for key in keys:
            self._write([key] if key != WAIT else [])
            self.rest()

    def _write(self, batch: list[str]) -> None:
        if batch:
            os.write(self.terminal.terminal, "".join(TYPED.get(key, key) for key in batch).encode())
        batch.clear()

    def rest(self) -> None:
        """Wait until the program writes nothing, and has nothing to do."""
        quiet, spent = 0, -1
        while quiet < 6:
            fresh = self.terminal.read(0.02)
            asleep, now = self._work()
            quiet = quiet + 1 if asleep and not fresh and now == spent else 0
            spent = now

    def _work(self) -> tuple[bool, int]:
        """Return whether all threads sleep, and the time they have taken together, in hundredths of a second."""
        folder = f"/proc/{self.terminal.pid}/task"
        found = [Path(folder, each, "stat").read_text().rpartition(")")[2].split() for each in os.listdir(folder)]
        return all(each[0] == "S" for each in found), sum(int(each[11]) + int(each[12]) for each in found)

    def outcome(self) -> tuple[list[str], dict[str, list[tuple[object, ...]]]]:
        """Return what stands on the screen and in the tables."""
        return self.terminal.lines(), tables(self.location, self.home)


TYPED = {"enter": "\r", "escape": "\x1b", "down": "\x1b[B", "ctrl+u": "\x15"}


def tables(location: str, home: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table, without what is another at every run, such as where the home folder is."""
    raw = sqlite3.connect(f"file:{location}?mode=ro", uri=True)
    try:
        found = {}
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
            columns = [row[1] for row in raw.execute(f"PRAGMA table_info({name})") if row[1] not in VOLATILE]
            if columns:
                quoted = ", ".join(f'"{each}"' for each in columns)
                rows = raw.execute(f"SELECT {quoted} FROM {name}").fetchall()
                found[name] = sorted(
                    (tuple(each.replace(home, "~") if isinstance(each, str) else each for each in row) for row in rows),
                    key=repr,
                )
        return found
    finally:
        raw.close()


def gaps_of_a_hand(random: Random, number: int) -> tuple[str, Iterator[float]]:
    """Return the way in which a script is typed, and its gaps: steady ones, or bursts that a stalled line delivers."""
    if number % (len(GAPS) + 1) < len(GAPS):
        gap = GAPS[number % (len(GAPS) + 1)]
        return f"{gap * 1000:.0f} ms", iter(lambda: gap, None)
    return "bursts", iter(lambda: random.choice(GAPS) if random.random() < 0.15 else 0.0, None)
