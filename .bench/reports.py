"""What reports and lists cost at 100,000 people against 2,400, and what an export costs for each row.

    python .bench/reports.py [--people 100000] [--runs 5]

Two ways to grow: `same year`, more people on the books and as many events; `in step`, everybody was trained, so events,
marks, answers and history grow with the people. There are 48 teams whatever the people: a team grows, too. Prints
ratios of medians of whole commands, taking turns. Goals for the same year: at most 2, the headline at most 10.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import apsw  # noqa: E402

from csc_tui.base import bootstrap  # noqa: E402
from csc_tui.core.admin import new_database  # noqa: E402
from db.engine import migrate  # noqa: E402

TODAY = "2018-03-31"
FEW, SEATS, SESSIONS = 2_400, 20, 3
COMMANDS = [
    *(("report", name) for name in
      ("headline", "years", "attendance", "waiting", "organisations", "evaluation", "modules", "compliance",
       "invite-next", "hours", "facilitators", "venues")),
    ("report", "headline", "--year", "all"), ("report", "evaluation", "--by", "facilitator"),
    ("report", "attendance", "--course", "BR"), ("report", "invite-next", "--course", "BR"),
    ("report", "compliance", "--team", "Team 5"), ("report", "hours", "--team", "Team 5"),
    ("report", "invite-next", "--course", "BR", "--team", "Team 5"), ("evaluation", "BENCH-00001"),
    ("register", "BENCH-00001"), ("group", "list"), ("group", "show", "practice leads"), ("resource", "list"),
]  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    beyond = []
    with tempfile.TemporaryDirectory(prefix="csc-bench-") as folder:
        small = filled(Path(folder) / "small.db", FEW, FEW)
        same = filled(Path(folder) / "same.db", given.people, FEW)
        step = filled(Path(folder) / "step.db", given.people, given.people)
        for words in COMMANDS:
            few, many, all_trained = medians([(each, words) for each in (small, same, step)], given.runs)
            limit = 10 if words[:2] == ("report", "headline") else 2
            print(
                f"{' '.join(words):<52} {few * 1000:6.0f} ms   same year {many / few:5.2f}   in step"
                f" {all_trained / few:5.2f}"
            )
            if many / few > limit:
                beyond.append(" ".join(words))
        for kind, path in (("people", same), ("marks", step), ("evaluations", step)):
            for ending in ("csv", "xlsx", "json"):
                began = time.perf_counter()
                done = run(path, ("export", kind, "--to", str(Path(folder) / f"{kind}.{ending}")))
                took, rows = time.perf_counter() - began, int(done.stdout.split()[-1])
                print(f"export {kind} .{ending:<5} {rows:>8,} rows in {took:5.1f} s, {took / rows * 1e6:5.1f} us a row")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"largest command: {peak:.0f} MB of memory")
    sys.exit(f"beyond the goal: {', '.join(beyond)}" if beyond else 0)


def run(path: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, "-c", "from csc_tui.cli.entry import main; main()", "--db", str(path), "--today", TODAY, *words
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed: {done.stderr}")
    return done


def medians(commands: list[tuple[Path, tuple[str, ...]]], runs: int) -> list[float]:
    """Seconds for each command; they take turns, so that a noisy moment falls on all."""
    taken: list[list[float]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for each, times in zip(commands, taken, strict=True):
            began = time.perf_counter()
            run(*each)
            if turn:  # the first run reads files from the disk
                times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in taken]


def filled(path: Path, people: int, trained: int) -> Path:
    """So many people on the books, and so many trained over the year: three sessions, their marks, and most a form."""
    migrate.create_empty_database(str(path))
    new_database.fill_new_database(bootstrap.create_context(str(path), actor="bench", today=TODAY))
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        insert(connection, "organisation", ((n, f"Organisation {n}", "other") for n in range(1, 13)))
        insert(connection, "team", ((n, n % 12 + 1, f"Team {n}") for n in range(1, 49)))
        insert(connection, "venue", ((n, f"Venue {n}", "", "", 1) for n in range(1, 6)))
        connection.executemany(
            "INSERT INTO person (id, forename, surname, email, email_key, phone, organisation_id, team_id, job_title,"
            " kind, is_manager, is_facilitator, is_practice_lead, dietary, access_needs, active, search, sort, version)"
            " VALUES (?, 'Ann', ?, ?, ?, '', ?, ?, '', ?, ?, ?, 0, '', '', 1, '', ?, 1)",
            (
                (n, f"Smith{n}", f"a{n}@example.org", f"a{n}@example.org", n % 48 % 12 + 1, n % 48 or 48,
                 "staff" if n % 3 else "partner", n % 6 == 0, n <= 6, f"smith{n:07d}")
                for n in range(1, people + 1)
            ),
        )  # fmt: skip
        train(connection, people, trained // SEATS)
        connection.execute(
            "INSERT OR IGNORE INTO completion SELECT e.person_id, v.course_id, v.first_date FROM enrolment e"
            " JOIN event v ON v.id = e.event_id WHERE e.person_id % 3"
        )
        connection.execute("UPDATE course SET validity_months = 12 WHERE code IN ('BR', 'SOS-BRIEF')")
        members = [(1, n * 7 % people + 1, "member", "2017-04-01", None) for n in range(25)]
        connection.executemany(
            "INSERT INTO membership (group_id, person_id, role, joined, left_on) VALUES (?, ?, ?, ?, ?)", members
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def insert(connection: apsw.Connection, table: str, rows) -> None:
    for row in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def train(connection: apsw.Connection, people: int, events: int) -> None:
    courses = connection.execute("SELECT id FROM course ORDER BY id").fetchall()
    modules = {
        course: [
            each
            for (each,) in connection.execute("SELECT id FROM module WHERE course_id = ? ORDER BY position", (course,))
        ]
        for (course,) in courses
    }
    asked = {
        course: connection.execute(
            "SELECT id, kind FROM question WHERE course_id = ? AND stage = 'on_the_day'", (course,)
        ).fetchall()
        for (course,) in courses
    }
    for event in range(1, events + 1):
        course = courses[event % len(courses)][0]
        first = f"2017-{4 + event % 9:02d}-{event % 28 + 1:02d}"
        connection.execute(
            "INSERT INTO event (id, reference, course_id, title, capacity, minimum, state, notes, booked, offered,"
            " waiting, joining, first_date, last_date, search, version)"
            " VALUES (?, ?, ?, 'Title', 20, 0, 'closed', '', 20, 0, 2, 0, ?, ?, '', 1)",
            (event, f"BENCH-{event:05d}", course, first, first),
        )
        who = [(event * SEATS + seat) % people + 1 for seat in range(SEATS)]
        for number in range(1, SESSIONS + 1):
            session = event * SESSIONS + number
            module = modules[course][(number - 1) % len(modules[course])]
            connection.execute(
                'INSERT INTO session (id, event_id, number, module_id, title, date, start, "end", venue_id, notes,'
                " version) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, '', 1)",
                (session, event, number, module, first, f"{8 + number:02d}:00:00", f"{9 + number:02d}:00:00",
                 event % 5 + 1),
            )  # fmt: skip
            connection.execute("INSERT INTO facilitation VALUES (?, ?)", (session, event % 6 + 1))
            connection.executemany(
                "INSERT INTO mark VALUES (?, ?, ?, NULL, '2017-06-01 10:00:00', 'bench')",
                [(session, each, "present" if each % 9 else "absent") for each in who],
            )
        connection.executemany(
            "INSERT INTO enrolment (event_id, person_id, status, since, queue, reason, late, version)"
            " VALUES (?, ?, 100, '2017-04-03 08:00:00', ?, '', 0, 1)",
            [(event, each, 1 if seat == 0 else None) for seat, each in enumerate(who)],
        )
        connection.executemany(
            "INSERT INTO history (at, actor, verb, subject, event_id, person_id, before, after, reason)"
            " VALUES (?, 'bench', 'moved', 'x', ?, ?, ?, ?, '')",
            [
                (f"2017-04-{day:02d} 08:00:00", event, each, before, after)
                for each in who
                for day, before, after in ((1, "", "waitlisted"), (9, "waitlisted", "booked"))
            ],
        )
        for seat, each in enumerate(who[:12]):
            number = event * SEATS + seat
            connection.execute(
                "INSERT INTO evaluation VALUES (?, ?, ?, 'on_the_day', '2017-06-01 10:00:00', 'form')",
                (number, event, each),
            )
            connection.executemany(
                "INSERT INTO answer VALUES (?, ?, ?, ?)",
                [(number, question, None if kind == "text" else 1 if kind == "agree" else 4,
                  "Ask first" if kind == "text" else "") for question, kind in asked[course]],
            )  # fmt: skip


if __name__ == "__main__":
    main()
