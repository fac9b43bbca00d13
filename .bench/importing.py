"""Times an import of 100,000 people against the driver's own executemany of the same rows, in one process.

    python .bench/importing.py [--people 100000] [--runs 3]

Prints the medians of the runs, which take turns, and their ratio; the goal is at most 1.5. The raw side writes the
rows an import stores (people and the words they are found by) in the order of the file, in one transaction, with
nothing read, checked or folded.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))

from csc_tui.base import bootstrap
from csc_tui.core.admin import new_database
from csc_tui.core.people import people_import
from db.engine import connection, migrate
from exports.table_search import Table

FORENAMES = [
    "Aisha",
    "Beth",
    "Carol",
    "Dawn",
    "Emma",
    "Fatima",
    "Gareth",
    "Hannah",
    "Ian",
    "Jade",
    "Leah",
    "Mark",
    "Paul",
    "Zoë",
]
SURNAMES = [
    "Ahmed",
    "Burton",
    "Clarke",
    "Dixon",
    "Evans",
    "Fisher",
    "Gray",
    "Hunt",
    "Kelly",
    "Núñez",
    "O'Connor",
    "Smith-Jones",
]
TEAMS = ["Early Help", "Adult Services", "Families First", "Public Health", "Youth Offending Service"]
JOBS = ["Social Worker", "Team Manager", "School Nurse", "Head of Service", "Police Officer"]
HEADINGS = ("Employee No", "Forename", "Surname", "E-mail Address", "Telephone", "Organisation", "Team", "Job Title",
            "Manager?", "Staff/Partner", "Dietary", "Access needs")  # fmt: skip


def extract(people: int) -> Table:
    """An HR extract of that many people, the same each time."""
    chance = random.Random(2017)
    rows = []
    for number in range(people):
        forename, surname = chance.choice(FORENAMES), chance.choice(SURNAMES)
        plain = f"{forename}.{surname}".encode("ascii", "ignore").decode().lower().replace("'", "")
        rows.append((number + 2, [
            str(100_000 + number), forename, surname, f"{plain}{number}@example.org",
            f"01472 {chance.randrange(300_000, 400_000)}", f"Organisation {chance.randrange(40)}", chance.choice(TEAMS),
            chance.choice(JOBS), chance.choice(("Yes", "No")), chance.choice(("Staff", "Partner")), "", "",
        ]))  # fmt: skip
    return Table("extract.csv", HEADINGS, rows, ())


def imported(folder: Path, table: Table) -> tuple[float, Path]:
    path = folder / "ours.db"
    migrate.create_empty_database(str(path))
    new_database.fill_new_database(bootstrap.create_context(str(path), actor="bench", today="2017-04-10"))
    ctx = bootstrap.create_context(str(path), actor="bench", today="2017-04-10")
    began = perf_counter()
    report = people_import.import_people(ctx, table, mapping={})
    took = perf_counter() - began
    assert report.new == len(table.rows), report
    return took, path


def raw(folder: Path, source: Path) -> float:
    """The same rows, in the order of their ids, by executemany."""
    connection.bind_location(str(source))
    with connection.read_transaction():
        held = connection.database.connection()
        tables = ("organisation", "team", "person")
        columns = {table: [row[1] for row in held.execute(f"PRAGMA table_info({table})")] for table in tables}
        rows = {table: held.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        words = held.execute("SELECT word, sort, person_id FROM person_word").fetchall()
    number = columns["person"].index("employee_number")
    rows["person"].sort(key=lambda row: row[number])
    place = {row[0]: order for order, row in enumerate(rows["person"])}
    words.sort(key=lambda word: place[word[2]])
    path = folder / "raw.db"
    migrate.create_empty_database(str(path))
    with connection.write_transaction():
        for table in ("organisation", "team"):
            marks = ", ".join("?" * len(columns[table]))
            connection.execute_many(f"INSERT INTO {table} VALUES ({marks})", rows[table])
    began = perf_counter()
    with connection.write_transaction():
        marks = ", ".join("?" * len(columns["person"]))
        connection.execute_many(f"INSERT INTO person VALUES ({marks})", rows["person"])
        connection.execute_many("INSERT INTO person_word (word, sort, person_id) VALUES (?, ?, ?)", words)
    return perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    table = extract(given.people)
    times = []
    for _ in range(given.runs):
        with tempfile.TemporaryDirectory(prefix="csc-bench-") as folder:
            took, path = imported(Path(folder), table)
            times.append((took, raw(Path(folder), path)))
    ours, bare = (median(each) for each in zip(*times, strict=True))
    print(f"import of {given.people:,} people: {ours:.2f} s; executemany of the same rows: {bare:.2f} s")
    print(f"ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
