"""What a look-up costs against starting Python with sqlite3, and whether it stays flat to a million people.

    python .bench/lookups.py [--large] [--cmd CSC] [--runs 15]

Without --cmd the wheel is built and installed into a throw-away environment, as a user has it. Every figure is a ratio
of medians of alternating runs, by the clock and in brackets of the processor's time, which other work on the machine
disturbs less. Goals (README.md here): at most 1.2 each.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from db.engine import search as engine_search  # noqa: E402

TODAY = "2017-04-10"
QUESTIONS = (("who", "smith"), ("next",), ("free",), ("event", "BENCH-01"), ("roster", "BENCH-01"))
FORENAMES = [
    "Ann",
    "Bo",
    "Cy",
    "Dee",
    "Eve",
    "Flo",
    "Gus",
    "Hal",
    "Ida",
    "Jo",
    "Kit",
    "Lee",
    "Max",
    "Ned",
    "Ola",
    "Pat",
    "Ray",
    "Sam",
    "Ted",
    "Una",
    "Val",
    "Wyn",
    "Zoe",
]
SURNAMES = [
    "Smith",
    "Jones",
    "Brown",
    "Patel",
    "Wilson",
    "Taylor",
    "Khan",
    "Davies",
    "Evans",
    "Thomas",
    "Roberts",
    "Walker",
    "Wright",
    "Green",
    "Hall",
]
EVENTS = 60
SEATS = 20


def main() -> None:
    """Print a line for each look-up; exit 1 where one takes more of the processor than its goal."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cmd", help="an installed csc; its Python is the one it is compared with")
    options.add_argument("--large", action="store_true", help="also compare 1,000,000 people with 2,400")
    options.add_argument("--runs", type=int, default=15)
    given = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is installed: modules are compiled once
    with tempfile.TemporaryDirectory(prefix="csc-bench-") as folder:
        csc = Path(given.cmd) if given.cmd else installed(Path(folder))
        small = filled(Path(folder) / "small.db", 2_400)
        beyond = False
        bare = [str(python_of(csc)), "-c", "import sqlite3"]
        for question in QUESTIONS:
            ours, base = medians([command(csc, small, question), bare], given.runs)
            beyond = beyond or ours[1] > 1.2 * base[1]
            times = f"{ours[0] * 1000:6.1f} ms : import sqlite3 {base[0] * 1000:6.1f} ms"
            print(f"{question[0]:<16} {times} = {ratio(ours, base)}")
        if given.large:
            large = filled(Path(folder) / "large.db", 1_000_000)
            for question in (*QUESTIONS, ("who", "jo", "smi"), ("who", "nobody")):
                commands = [command(csc, large, question), command(csc, small, question)]
                many, few = medians(commands, given.runs)
                print(f"{' '.join(question):<16} 1,000,000 people : 2,400 people = {ratio(many, few)}")
                beyond = beyond or many[1] > 1.2 * few[1]
    sys.exit(beyond)


def installed(folder: Path) -> Path:
    """`csc` from the wheel of this checkout, in an environment of its own."""
    venv.create(folder / "venv", with_pip=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([folder / "venv/bin/pip", "install", "-q", str(ROOT)], **quiet)
    return folder / "venv/bin/csc"


def python_of(csc: Path) -> Path:
    """The Python that the script names in its first line."""
    return Path(csc.read_text().splitlines()[0].removeprefix("#!").split()[0])


def command(csc: Path, database: Path, question: tuple[str, ...]) -> list[str]:
    return [str(csc), "--db", str(database), "--today", TODAY, "--format", "plain", *question]


def ratio(ours: tuple[float, float], base: tuple[float, float]) -> str:
    return f"{ours[0] / base[0]:.2f} ({ours[1] / base[1]:.2f})"


def medians(commands: list[list[str]], runs: int) -> list[tuple[float, float]]:
    """Seconds by the clock and of the processor for each; they take turns, so that a noisy moment falls on all."""
    taken: list[list[tuple[float, float]]] = [[] for _ in commands]
    for turn in range(runs + 2):
        for each, times in zip(commands, taken, strict=True):
            before, began = used(), time.perf_counter()
            done = subprocess.run(each, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False)
            times.append((time.perf_counter() - began, used() - before))
            if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
                sys.exit(f"{' '.join(each)} failed: {done.stderr.decode()}")
            if turn < 2:
                times.clear()  # the first runs read files from the disk and write .pyc
    return [
        (statistics.median(clock for clock, _ in times), statistics.median(cpu for _, cpu in times)) for times in taken
    ]


def used() -> float:
    """Seconds of the processor that the commands run so far have taken."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def filled(path: Path, people: int) -> Path:
    """A founded database with so many people and sixty events; the people by raw SQL, in one transaction."""
    import apsw

    from csc_tui.base import bootstrap
    from csc_tui.core.admin import new_database
    from db.engine import migrate

    migrate.create_empty_database(str(path))
    new_database.fill_new_database(bootstrap.create_context(str(path), actor="bench", today=TODAY))
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        connection.execute(
            "INSERT INTO organisation (id, name, kind) VALUES (1, 'North East Lincolnshire Council', 'council')"
        )
        connection.executemany(
            "INSERT INTO person (id, forename, surname, email, email_key, phone, organisation_id, job_title, kind,"
            " is_manager, is_facilitator, is_practice_lead, dietary, access_needs, active, search, sort, version)"
            " VALUES (?, ?, ?, ?, ?, '', 1, '', 'staff', 0, 0, 0, '', '', 1, ?, ?, 1)",
            (row for row, _ in rows(people)),
        )
        connection.executemany(
            "INSERT INTO person_word (word, sort, person_id) VALUES (?, ?, ?)",
            sorted((word, row[6], row[0]) for row, words in rows(people) for word in words),
        )
        plan(connection, people)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def rows(people: int):
    """(columns, words) of each made-up person; as many surnames as a big council has, one in a thousand a Smith."""
    for number in range(1, people + 1):
        forename = FORENAMES[number % len(FORENAMES)]
        surname = SURNAMES[number % len(SURNAMES)] + ("" if number % 70 == 0 else f"son{number % 4999}")
        email = f"{forename}.{surname}.{number}@example.org".lower()
        words = engine_search.person_words(
            forename, surname, email, None, "North East Lincolnshire Council", "", "", ""
        )
        sort = engine_search.sort_key(forename, surname)
        yield (number, forename, surname, email, email, engine_search.join_words(words), sort), words


def plan(connection, people: int) -> None:
    """Sixty events of three sessions over the coming year, most with free places, each with twenty people."""
    course = connection.execute("SELECT id FROM course WHERE code = 'BR'").fetchone()[0]
    for event in range(1, EVENTS + 1):
        month, day = (4 + event // 6) % 12 + 1, event % 27 + 1
        first = f"{2017 if month > 4 else 2018}-{month:02d}-{day:02d}"
        reference = f"BENCH-{event:02d}"
        connection.execute(
            "INSERT INTO event (id, reference, course_id, title, capacity, minimum, state, notes, booked, offered,"
            " joining, waiting, first_date, last_date, search, version)"
            " VALUES (?, ?, ?, 'Being Restorative', ?, 0, 'open', '', ?, 0, 0, 0, ?, ?, ?, 1)",
            (event, reference, course, SEATS + 5, SEATS, first, first, f" {reference.lower()} being restorative "),
        )
        for number in (1, 2, 3):
            connection.execute(
                'INSERT INTO session (event_id, number, title, date, start, "end", notes, version)'
                " VALUES (?, ?, '', ?, ?, ?, '', 1)",
                (event, number, first, f"{8 + number:02d}:00:00", f"{9 + number:02d}:00:00"),
            )
        connection.executemany(
            "INSERT INTO enrolment (event_id, person_id, status, since, reason, late, version)"
            " VALUES (?, ?, 70, '2017-04-03 08:00:00', '', 0, 1)",
            [(event, (event * 37 + seat * 101) % people + 1) for seat in range(SEATS)],
        )


if __name__ == "__main__":
    main()
