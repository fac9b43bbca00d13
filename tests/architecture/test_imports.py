"""The house of the design: who may import whom, and what a start may cost."""

import ast
import json
import os
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from csc_tui.base import bootstrap
from db.records.booking import Status
from tests import builders
from tests.builders import ROOT

PACKAGES = ("csc_tui", "db", "exports")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
HEAVY = {
    "textual",
    "rich",
    "icalendar",
    "peewee",
    "playhouse",
    "click",
    "dataclasses",
    "sqlite3",
    "csv",
    "tomllib",
    "rapidfuzz",
}


def python(code: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter that has no settings and an empty folder of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(cwd),
    }
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def modules_after(arguments: list[str], cwd: Path) -> tuple[int, set[str]]:
    """The exit code of the command line and the top-level modules it had imported by then."""
    code = (
        "import json, os, sys\n"
        "os._exit = sys.exit\n"  # a look-up leaves without a SystemExit
        "from csc_tui.cli.entry import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        "names = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "sys.stderr.write(chr(10) + json.dumps([code, names]))\n"
    )
    done = python(code, *arguments, cwd=cwd)
    found, names = json.loads(done.stderr.splitlines()[-1])
    return found, set(names)


def test_imports_keep_to_the_directions_of_the_design() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports inside functions and for type checkers count too."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    order = TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    order.prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize(
    "words",
    [
        ["who", "smith"],
        ["next", "--days", "60"],
        ["free"],
        ["event", "BR-90"],
        ["roster", "BR-90"],
        ["waiting", "BR-90"],
    ],
    ids=" ".join,
)
def test_a_look_up_imports_nothing_heavy(location: str, tmp_path: Path, words: list[str]) -> None:
    bootstrap.bind_database(location)
    on, first, second = builders.event(capacity=3), builders.person("Bo Smith"), builders.person("Cy Jones")
    builders.enrolment(on, first)
    builders.enrolment(on, second, Status.WAITLISTED)
    code, names = modules_after(["--db", location, "--today", "2017-06-01", *words], tmp_path)
    assert code == 0
    assert not names & HEAVY


def test_help_and_commands_that_change_something_import_neither_textual_nor_rich(location: str, tmp_path: Path) -> None:
    for words in (["--help"], ["--db", location, "enrol", "NOPE-1", "nobody@example.org"], ["admin", "--help"]):
        _, names = modules_after(words, tmp_path)
        assert "click" in names
        assert not names & {"textual", "rich"}, words


def test_nothing_happens_when_a_module_is_imported(tmp_path: Path) -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES if "migrations" not in path.parts
    ]
    code = (
        "import importlib, sys, threading\n"
        "for name in sys.argv[1:]: importlib.import_module(name.removesuffix('.__init__'))\n"
        "from db.engine import connection\n"
        "assert connection._bound is None and connection.database.obj is None\n"
        "assert threading.active_count() == 1\n"
    )
    done = python(code, *names, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_package_init_files_are_empty() -> None:
    assert [str(path) for path in SOURCES if path.name == "__init__.py" and path.stat().st_size] == []


def test_only_bootstrap_and_the_short_way_of_look_ups_ask_the_clock() -> None:
    asking = {
        (path.relative_to(ROOT).as_posix(), node.attr)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert asking == {("csc_tui/base/bootstrap.py", "now"), ("csc_tui/cli/lookups.py", "now")}


def test_only_output_and_failures_write_to_the_terminal() -> None:
    writing = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (
            isinstance(node, ast.Attribute)
            and node.attr in ("write", "writelines", "echo", "secho")
            and ast.unparse(node.value) in ("sys.stdout", "sys.stderr", "click")
        )
    }
    assert writing == {"csc_tui/cli/stdout.py", "csc_tui/cli/stderr.py"}
