"""Times the import of a wide sheet of completions against the driver's own executemany of the same rows.

    python .bench/completions.py [--people 6000] [--courses 20] [--runs 3]

Prints the medians of the runs, in seconds of this process, and their ratio; the goal is at most 2. The raw side writes
the rows an import stores (what was learnt, and the completions that follow) in one transaction, with nothing read.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from csc_tui.base import bootstrap
from csc_tui.core.admin import new_database
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.imports import completions_import
from csc_tui.core.people import people_import
from db import catalogue
from db.engine import connection, migrate
from exports.table_search import Table

CELLS = ("12/05/2015", "10/2016", "2016", "03/03/2014", "Y")


def founded(folder: Path, name: str, people: int, courses: int) -> tuple[object, list[str]]:
    path = folder / name
    migrate.create_empty_database(str(path))
    ctx = bootstrap.create_context(str(path), actor="bench", today="2017-04-10")
    new_database.fill_new_database(ctx)
    with connection.read_transaction():
        strand = catalogue.fetch_strands()[0].code
    codes = [f"X-{number}" for number in range(courses)]
    for code in codes:
        catalogue_actions.add_course(
            ctx, catalogue_actions.CourseToAdd(strand, code, f"Course {code}", [("All of it", 180)])
        )
    rows = [
        (number + 2, [str(100_000 + number), f"Jo{number}", "Smith", f"jo{number}@example.org"])
        for number in range(people)
    ]
    people_import.import_people(
        ctx, Table("hr.csv", ("Employee No", "Forename", "Surname", "E-mail"), rows, ()), mapping={}
    )
    return ctx, codes


def sheet(people: int, codes: list[str]) -> Table:
    rows = [
        (number + 2, [str(100_000 + number), *(CELLS[(number + place) % len(CELLS)] for place in range(len(codes)))])
        for number in range(people)
    ]
    return Table("before.csv", ("Employee No", *codes), rows, ())


def raw(rows: list[tuple[object, ...]], completions: list[tuple[object, ...]]) -> float:
    begun = process_time()
    with connection.write_transaction():
        connection.execute_many(
            'INSERT INTO earlier_learning (file_id, person_id, course_id, module_id, "on", known_to, provider,'
            " evidence, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute_many(
            'INSERT INTO completion (person_id, course_id, "on", expires) VALUES (?, ?, ?, ?)', completions
        )
    return process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("people", 6_000), ("courses", 20), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(asked.runs):
        with tempfile.TemporaryDirectory() as room:
            ctx, codes = founded(Path(room), f"{number}.db", asked.people, asked.courses)
            table = sheet(asked.people, codes)
            begun = process_time()
            report = completions_import.import_completions(ctx, table, mapping={}, wide=True)
            ours.append(process_time() - begun)
            assert report.new == asked.people * asked.courses, report
            with connection.write_transaction():
                ask = connection.database.execute_sql
                rows = ask(
                    'SELECT null, person_id, course_id, module_id, "on", known_to, provider, evidence, expires'
                    " FROM earlier_learning"
                ).fetchall()
                completions = ask('SELECT person_id, course_id, "on", expires FROM completion').fetchall()
                ask("DELETE FROM earlier_learning")
                ask("DELETE FROM completion")
            theirs.append(raw(rows, completions))
    print(f"import {median(ours):.2f} s, executemany {median(theirs):.2f} s, ratio {median(ours) / median(theirs):.2f}")


if __name__ == "__main__":
    main()
