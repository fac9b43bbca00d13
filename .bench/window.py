"""The window in a pseudo-terminal against a bare Textual app and a DataTable: time and bytes, as ratios.

    python .bench/window.py [--runs 9] [--large] [--size 80x24] [--keep FOLDER] [--beside COMMAND WORDS]

Every figure is a ratio of medians of alternating runs, by the clock and in brackets of the processor's time, which
other work on the machine disturbs less. `first rows` is when the rows of Today are on the screen, `first key` when a
key pressed then has had its effect. `--keep` makes the databases once for many runs; `--runs 3` with it takes a minute.
`--beside` starts another program, such as posting, until the words are on its screen. The goals are those of README.md
here.
"""

import argparse
import glob
import os
import shlex
import sqlite3
import statistics
import sys
import tempfile
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from db.engine.driver import SCHEMA_VERSION  # noqa: E402
from tests.terminal import (  # noqa: E402
    Terminal,
    window,
)

COMPILED = os.path.join(tempfile.gettempdir(), "csc-tui-compiled")
"""Where the programs' compiled modules are kept from run to run; the first, which makes them, is not counted."""

QUIET = 0.06
"""Seconds of silence after which a picture is taken to be complete."""

FIRST_ROW = "BR-02"
"""What the first session of Today is called."""
SECOND_DETAIL = "session 1, Set meeting"
"""What is said of the second alone, once the cursor is on it."""

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("x", "change", "Change")]
    def compose(self):
        yield Static("READY", id="said")
    def action_change(self):
        self.query_one("#said").update("CHANGED")

Bare().run()
"""

TABLE = """
import sqlite3, sys
from textual.app import App
from textual.widgets import DataTable, Footer, Header, Input

class Table(App):
    def compose(self):
        yield Header()
        yield Input(placeholder="READY")
        yield DataTable(cursor_type="row")
        yield Footer()
    def on_mount(self):
        self.table = self.query_one(DataTable)
        self.table.add_columns("Name", "E-mail", "Organisation", "Team")
        self.rows = sqlite3.connect(sys.argv[1]).execute(
            "SELECT p.forename || ' ' || p.surname, p.email, coalesce(o.name, ''), coalesce(t.name, '') FROM person p "
            "LEFT JOIN organisation o ON o.id = p.organisation_id LEFT JOIN team t ON t.id = p.team_id "
            "ORDER BY p.surname, p.forename LIMIT 2400").fetchall()
        self.fill("")
        self.table.focus() if sys.argv[2] == "list" else self.query_one(Input).focus()
    def fill(self, text):
        self.table.add_rows(row for row in self.rows if text in " ".join(row).lower())
    def on_input_changed(self, message):
        self.table.clear()
        self.fill(message.value.lower())

Table().run()
"""


class Program:
    """Something to be measured, started afresh for each run."""

    def __init__(self, words: list[str], ready: str, key: str = "", effect: str = "") -> None:
        """`effect` is what stands on the screen once the `key` was answered."""
        self.words, self.ready, self.key, self.effect = words, ready, key, effect

    def start(self, size: tuple[int, int]) -> Terminal:
        # As it is installed: whatever the environment of the benchmark says, modules are compiled once.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": COMPILED}
        return Terminal(self.words, size, COLORTERM="truecolor", **compiled)


def until(terminal: Terminal, words: str) -> float:
    """Seconds from the start until the words were on the screen."""
    while words not in terminal.text and words not in terminal.shown():
        assert terminal.read(0) or monotonic() - terminal.begun < 60, terminal.shown()
    return terminal.last - terminal.begun


def start(program: Program, size: tuple[int, int]) -> tuple[float, float, int]:
    """Seconds to the first rows and to the first key's effect, and the bytes of the start."""
    terminal = program.start(size)
    try:
        ready = until(terminal, program.ready)
        terminal.read(0.25)
        wrote = terminal.bytes
    finally:
        terminal.kill()
    if not program.key:
        return ready, 0, wrote
    terminal = program.start(size)
    try:
        until(terminal, program.ready)
        terminal.press(program.key)
        return ready, until(terminal, program.effect), wrote
    finally:
        terminal.kill()


def processor_seconds(terminal: Terminal) -> float:
    """The processor's time of the program so far."""
    spent = 0
    for path in glob.glob(f"/proc/{terminal.pid}/task/*/schedstat"):
        with open(path) as file:
            spent += int(file.read().split()[0])
    return spent / 1e9


def paints(terminal: Terminal, keys: list[str]) -> list[tuple[float, int, float]]:
    """Seconds from each key to the end of its picture, the bytes of it, and the seconds of the processor."""
    found = []
    for key in keys:
        terminal.read(0.1)
        spent = processor_seconds(terminal)
        before, begun = terminal.bytes, monotonic()
        terminal.press(key)
        while terminal.bytes == before and monotonic() - begun < 5:
            terminal.read(0.001)
        terminal.read(QUIET)
        found.append((terminal.last - begun, terminal.bytes - before, processor_seconds(terminal) - spent))
    return found


def median(figures: list[tuple[float, int, float]], place: int) -> float:
    return statistics.median(figure[place] for figure in figures)


def people(location: str, number: int) -> None:
    """So many people, straight into the tables, each found by the words of the one they are a copy of."""
    from csc_tui.base import bootstrap
    from db.engine.connection import database, write_transaction

    bootstrap.bind_database(location)
    with write_transaction():
        raw = database.connection()
        first = raw.execute("SELECT coalesce(max(id), 0) + 1 FROM person").fetchone()[0]
        have = raw.execute("SELECT count(*) FROM person").fetchone()[0]
        columns = [row[1] for row in raw.execute("PRAGMA table_info(person)")]
        keep = ", ".join(columns[1:])
        values = ", ".join(
            {"email": "'p' || n.n || '.' || email", "email_key": "'p' || n.n || '.' || email_key",
             "employee_number": "NULL"}.get(name, name)
            for name in columns[1:]
        )  # fmt: skip
        raw.execute(
            f"INSERT INTO person ({keep}) WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) "
            f"SELECT {values} FROM n, (SELECT * FROM person) LIMIT ?",
            (number // max(have, 1) + 1, max(number - have, 0)),
        )
        raw.execute(
            "INSERT INTO person_word (word, sort, person_id) SELECT w.word, w.sort, p.id FROM person p"
            " JOIN person t ON t.email_key = substr(p.email_key, instr(p.email_key, '.') + 1)"
            " JOIN person_word w ON w.person_id = t.id WHERE p.id >= ?",
            (first,),
        )


def made(folder: str, number: int) -> str:
    from csc_tui.core.demo import database as demo_database

    location = os.path.join(folder, f"{SCHEMA_VERSION}-{number}.db")
    if os.path.exists(location):
        return location
    demo_database.create_demo(location, today=demo_database.demo_moment(None))
    people(location, number)
    sqlite3.connect(location).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return location


class Report:
    def __init__(self) -> None:
        self.missed = 0

    def line(self, what: str, ratio: float, goal: float, more: str = "") -> None:
        kept = ratio <= goal
        self.missed += not kept
        print(f"{what:48}{ratio:7.2f}  at most {goal:<5} {'ok' if kept else 'MISSED':7}{more}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--large", action="store_true", help="also 500,000 people, which takes a minute to make")
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--keep", metavar="FOLDER", help="where the databases stay for the next time")
    parser.add_argument("--beside", nargs=2, action="append", default=[], metavar=("COMMAND", "WORDS"),
                        help="another program, and what is on its screen when it is ready")  # fmt: skip
    given = parser.parse_args()
    columns, _, lines = given.size.partition("x")
    size = (int(columns), int(lines))
    others = {command: Program(shlex.split(command), ready) for command, ready in given.beside}
    with tempfile.TemporaryDirectory() as folder:
        if given.keep:
            os.makedirs(given.keep, exist_ok=True)
        measure(given.keep or folder, size, given.runs, large=given.large, others=others)


def measure(folder: str, size: tuple[int, int], runs: int, *, large: bool, others: dict[str, Program]) -> None:
    bare = Path(folder) / "bare.py"
    bare.write_text(BARE)
    table = Path(folder) / "table.py"
    table.write_text(TABLE)
    report = Report()
    small, big = made(folder, 2_500), made(folder, 50_000)
    ours = Program(window(big), FIRST_ROW, "down", SECOND_DETAIL)
    programs = {
        "bare": Program([sys.executable, str(bare)], "READY", "x", "CHANGED"),
        "table": Program([sys.executable, str(table), small, "list"], "@"),
        "ours": ours,
        "small": Program(window(small), FIRST_ROW),
    }
    programs |= others
    if large:
        programs["large"] = Program(window(made(folder, 500_000)), FIRST_ROW)
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in programs}
    for run in range(runs + 1):
        for name, program in programs.items():
            got = start(program, size)
            if run:  # the first warms the disk up
                found[name].append(got)
    first = {name: statistics.median(each[0] for each in got) for name, got in found.items()}
    key = {name: statistics.median(each[1] for each in got) for name, got in found.items()}
    wrote = {name: statistics.median(each[2] for each in got) for name, got in found.items()}
    print(f"{size[0]}x{size[1]}, {runs} runs; bare {first['bare'] * 1000:.0f} ms, ours {first['ours'] * 1000:.0f} ms")
    report.line("first rows, 50,000 people : bare app ready", first["ours"] / first["bare"], 1.15)
    report.line("first key's effect : bare app's", key["ours"] / key["bare"], 1.15,
                f"{key['ours'] * 1000:.0f} : {key['bare'] * 1000:.0f} ms")  # fmt: skip
    report.line("first rows, 50,000 : 2,500 people", first["ours"] / first["small"], 1.25)
    if large:
        report.line("first rows, 500,000 : 2,500 people", first["large"] / first["small"], 1.25)
    for name in others:
        report.line(f"ours : {os.path.basename(name.split()[0])}, start", first["ours"] / first[name], 1 / 3.5,
                    f"{first[name] * 1000:.0f} ms, {wrote[name]:.0f} bytes")  # fmt: skip
    report.line("bytes of the start : DataTable's", wrote["ours"] / wrote["table"], 0.2,
                f"{wrote['ours']:.0f} : {wrote['table']:.0f}")  # fmt: skip

    lists = {"ours": pressed(ours, size, "4", []), "table": pressed(programs["table"], size, "", [])}
    for what, press, time_goal in (("cursor down", "down", 0.6), ("page down", "pagedown", 0.25)):
        got = {name: paints(terminal, [press] * 12)[2:] for name, terminal in lists.items()}
        both(report, what, got, time_goal, 0.2 if press == "pagedown" else None)
    for terminal in lists.values():
        terminal.kill()

    typing = {
        "ours": pressed(Program(window(small), FIRST_ROW), size, "4/", []),
        "table": pressed(Program([sys.executable, str(table), small, "typing"], "READY"), size, "", []),
    }
    letters = [letter for word in ("smi", "jo", "an") for letter in (*word, *["backspace"] * len(word))]
    got = {name: paints(terminal, letters)[1:] for name, terminal in typing.items()}
    both(report, "a typed key that filters 2,400", got, 0.15, 0.2)
    idle = typing["ours"]
    idle.read(1)
    before = idle.bytes
    end = monotonic() + 5
    while monotonic() < end:
        idle.read(0.5)
    report.line("bytes in 5 s of nothing, a field focused", idle.bytes - before, 0)
    for terminal in typing.values():
        terminal.kill()
    sys.exit(1 if report.missed else 0)


def pressed(program: Program, size: tuple[int, int], mode: str, keys: list[str]) -> Terminal:
    """The program with its list of people in front."""
    terminal = program.start(size)
    until(terminal, program.ready)
    terminal.read(0.5)
    for key in (*mode, *keys):
        terminal.press(key)
        terminal.read(0.5)
    return terminal


def both(
    report: Report, what: str, got: dict[str, list[tuple[float, int, float]]], time_goal: float, byte_goal: float | None
) -> None:
    times = {name: median(figures, 0) * 1000 for name, figures in got.items()}
    spent = {name: median(figures, 2) for name, figures in got.items()}
    sizes = {name: median(figures, 1) for name, figures in got.items()}
    report.line(f"{what}, ms : DataTable's", times["ours"] / times["table"], time_goal,
                f"{times['ours']:.1f} : {times['table']:.1f} ms ({spent['ours'] / spent['table']:.2f})")  # fmt: skip
    if byte_goal is not None:
        report.line(f"{what}, bytes : DataTable's", sizes["ours"] / sizes["table"], byte_goal,
                    f"{sizes['ours']:.0f} : {sizes['table']:.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
