"""Eight processes write to one database for five seconds; prints commits of the slowest : the mean (goal: 0.5)."""

import multiprocessing
import sys
import tempfile
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parent.parent))

from db import policy
from db.engine import connection, migrate

WRITERS, SECONDS = 8, 5.0


def write(number: int, location: str, results: "multiprocessing.Queue[tuple[int, float]]") -> None:
    connection.bind_location(location)
    commits, worst, ends = 0, 0.0, monotonic() + SECONDS
    while monotonic() < ends:
        began = monotonic()
        with connection.write_transaction():
            policy.store_policy_value(f"writer {number}", str(commits))
        worst = max(worst, monotonic() - began)
        commits += 1
    results.put((commits, worst))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        location = str(Path(folder) / "csc.db")
        migrate.create_empty_database(location)
        results: multiprocessing.Queue[tuple[int, float]] = multiprocessing.Queue()
        writers = [multiprocessing.Process(target=write, args=(i, location, results)) for i in range(WRITERS)]
        for each in writers:
            each.start()
        counts = [results.get() for _ in writers]
        for each in writers:
            each.join()
    mean = sum(commits for commits, _ in counts) / WRITERS
    worst = max(each for _, each in counts)
    print(f"commits {mean * WRITERS:.0f}, slowest : mean {min(counts)[0] / mean:.2f}, worst wait {worst:.3f} s")


if __name__ == "__main__":
    main()
