"""The program itself: which way a command goes, help, pipes, wrong use, moments."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.cli import lookups, main
from tests import builders
from tests.builders import ROOT
from tests.cli.conftest import Csc

CSC = [sys.executable, "-c", "from csc_tui.cli.entry import main; main()"]


@pytest.fixture
def filled(ctx: Context) -> Context:
    """An event, and Bo Green."""
    builders.event("BR-90", dates=["2017-04-20"])
    builders.person("Bo Green")
    return ctx


def shell(command: str, location: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command line in a shell, where `csc` is the program on this test's database."""
    program = (
        f'csc() {{ "{sys.executable}" -c "from csc_tui.cli.entry import main; main()" --db "{location}" "$@"; }}; '
    )
    return subprocess.run(
        ["bash", "-c", "set -o pipefail; " + program + command],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CSC_TODAY": "2017-04-10", **environment},
        cwd=Path(location).parent,
    )  # fmt: skip


@pytest.mark.parametrize("words", [(name,) for name in main.COMMANDS])
def test_every_command_explains_itself(csc: Csc, words: tuple[str, ...]) -> None:
    for asked in ("--help", "-h"):
        done = csc(*words, asked)
        assert (done.code, done.err) == (0, "")
        assert len(done.out) > 80
        assert "\x1b" not in done.out


@pytest.mark.parametrize("name", ["add", "clone", "move", "venue", "capacity", "state", "cancel", "clashes"])
def test_every_schedule_command_explains_itself(csc: Csc, name: str) -> None:
    done = csc("schedule", name, "--help")
    assert done.code == 0
    assert len(done.out) > 80


def test_help_lists_every_command_on_lines_that_fit(csc: Csc) -> None:
    done = csc("--help")
    assert done.code == 0
    assert all(f"  {name} " in done.out for name in main.COMMANDS)
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ("who", "--frob", "x"), ("who", "-h"), ("who",), ("who", "--", "-x"), ("next", "extra"), ("next", "--wek", "1"),
        ("free", "-x"), ("event",), ("event", "BR-90", "BR-91"), ("roster", "--help"), ("person", "x"), ("enrol",),
        ("--debug", "who", "x"), ("--format", "xml", "who", "x"), ("--today", "2017-06-12T9", "who", "x"),
        ("--today", "2017-02-30", "who", "x"), ("--today", "2017-06-12T09:00:99", "who", "x"), (), ("--version",),
    ],
)  # fmt: skip
def test_what_the_quick_way_does_not_know_falls_to_the_real_parser(words: tuple[str, ...]) -> None:
    assert lookups.run_lookup(list(words)) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("who", "--frob", "x"), "No such option '--frob'. csc who --help shows how to use it."),
        (("who", "--format", "json", "x"), "--format goes before the command: csc --format ... who."),
        (("cancel", "--db", "x"), "--db goes before the command: csc --db ... cancel."),
        (("who",), "Missing argument 'TEXT...'. csc who --help"),
        (("next", "tomorrow"), "unexpected extra argument"),
        (("frobnicate",), "No such command 'frobnicate'. csc --help"),
        (("persom",), "No such command 'persom'. Did you mean 'person'? csc --help shows how to use it."),
        (("next", "--day", "3"), "No such option '--day'. Did you mean '--days'? csc next --help shows how to use it."),
        (("report",), "Choose from: headline, years,"),
        (("schedule", "state", "BR-90", "ready"), "Invalid value for 'STATE': 'ready' is not one of 'draft',"),
        (("event", "BR-90", "BR-91"), "unexpected extra argument"),
    ],
)
def test_wrong_use_is_one_sentence_with_exit_2(
    filled: Context, csc: Csc, words: tuple[str, ...], sentence: str
) -> None:
    done = csc(*words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("typed", ["-x", "-green", "- green"])
def test_who_looks_for_words_that_begin_with_a_hyphen_both_ways(filled: Context, csc: Csc, typed: str) -> None:
    assert csc("who", typed, way="quick") == csc("who", typed, way="parser")


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2017-04-10", 0), ("2017-04-10T14:30", 0), ("2017-04-10 14:30", 0), ("2017-04-10T14:30:59", 0),
        ("10/04/2017", 0), ("1/4/2017", 0), ("2017-04-10T14:30+01:00", 0), ("2017-02-30", 2), ("30/02/2017", 2),
        ("2017-04-10T25:00", 2), ("2017-04-10T14:60", 2), ("today", 2), ("2017-04-10T14:30:61", 2),
    ],
)  # fmt: skip
def test_today_is_a_date_or_a_moment_for_every_command(filled: Context, csc: Csc, moment: str, code: int) -> None:
    for words in (("next",), ("free",), ("calendar",), ("schedule", "capacity", "BR-90", "5", "--dry-run")):
        done = csc(*words, today=moment)
        assert done.code == code, (words, done.err)
        assert len(done.err.splitlines()) <= 1


def test_a_date_alone_is_nine_in_the_morning_and_a_moment_is_what_it_says(ctx: Context, csc: Csc) -> None:
    builders.event("BR-90", dates=["2017-04-10"], start="09:30", end="12:30")
    for way in ("quick", "parser"):
        assert csc("free", today="2017-04-10", way=way).code == 0
        assert csc("free", today="2017-04-10T10:00", way=way).code == 1
    assert csc("free", today="2017-04-10T08:00+00:00").code == 0  # nine in Grimsby
    assert csc("free", today="2017-04-10T09:00+00:00").code == 1


def test_the_environment_gives_the_database_and_the_moment(filled: Context, location: str) -> None:
    done = shell("unset -f csc; " + " ".join(f"'{word}'" for word in CSC) + " next", location, CSC_DB=location)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("BR-90\t")
    assert shell("csc next", location, CSC_TODAY="2018-01-01").returncode == 1
    assert shell("csc --today 2017-04-10 next", location, CSC_TODAY="2018-01-01").returncode == 0


def test_without_a_moment_it_is_the_councils_now(ctx: Context, location: str) -> None:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    now = datetime.now(ZoneInfo("Europe/London"))
    date, time = lookups.council_now("Europe/London")
    assert abs(datetime.fromisoformat(f"{date} {time}") - now.replace(tzinfo=None)) < timedelta(minutes=2)
    assert lookups.council_now("Pacific/Kiritimati")[0] != lookups.council_now("Pacific/Pago_Pago")[0]
    assert lookups.council_now("Europe/London")[0] == date  # the process's own zone is as it was
    builders.event("BR-90", dates=[f"{now + timedelta(days=3):%Y-%m-%d}"])
    assert shell("csc next", location, CSC_TODAY="").stdout.startswith("BR-90\t")


@pytest.mark.parametrize(
    "command", ["who green", "--format json who green", "--format csv history", "--help", "event BR-90"]
)
def test_a_reader_that_goes_away_is_no_fault(filled: Context, location: str, command: str) -> None:
    for number in range(60):
        builders.person(f"Pat Green{number} {'x' * 2000}")
    for reader in ("head -1", "true"):
        done = shell(f"csc {command} | {reader}", location)
        assert (done.returncode, done.stderr) == (0, ""), reader


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a Linux device")
def test_a_change_whose_answer_could_not_be_written_is_said_to_be_made(filled: Context, location: str) -> None:
    done = shell("csc enrol BR-90 'Bo Green' > /dev/full", location)
    assert (done.returncode, len(done.stderr.splitlines())) == (5, 1)
    assert "could not be written (the disk is full). If this was a change, it was made" in done.stderr
    assert "Bo Green" in shell("csc roster BR-90", location).stdout


@pytest.mark.parametrize("words", ["who green", "history", "who nobody"])
def test_a_closed_output_is_no_fault(filled: Context, location: str, words: str) -> None:
    done = shell(f"csc {words} >&- 2>&-", location)
    assert (done.returncode, done.stderr) == (1 if "nobody" in words else 0, "")


def test_output_into_a_file_is_plain_and_has_no_colours(filled: Context, location: str) -> None:
    done = shell(
        "csc who green; csc event BR-90; csc --help; csc calendar", location, FORCE_COLOR="1", CLICOLOR_FORCE="1"
    )
    assert done.stdout.split("\n")[0].count("\t") == 11
    assert "\x1b" not in done.stdout


def test_without_a_command_and_a_terminal_there_is_the_usage_and_exit_2(filled: Context, location: str) -> None:
    done = shell("csc < /dev/null", location)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: csc" in done.stderr


@pytest.mark.parametrize("words", ["who green", "calendar", "enrol BR-90 x"])
def test_a_mistyped_path_is_said_and_makes_nothing(location: str, words: str) -> None:
    done = shell(f"csc --db typo.db {words}", location)
    assert done.returncode == 4
    assert "There is no database at" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (Path(location).parent / "typo.db").exists()


def test_a_fault_of_ours_is_a_sentence_and_with_debug_a_traceback(
    filled: Context, csc: Csc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from csc_tui.base import lookups as base_lookups
    from csc_tui.core.history import queries as history_queries

    def broken(*_: object, **__: Any) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(base_lookups, "look_up_people", broken)
    monkeypatch.setattr(history_queries, "list_history", broken)
    for words in (("who", "x"), ("history",)):
        done = csc(*words)
        assert (done.code, done.out) == (4, "")
        assert "an unexpected fault (ZeroDivisionError: oh)" in done.err
        assert "Traceback" not in done.err
    with pytest.raises(ZeroDivisionError):
        csc("--debug", "history")


def test_the_version_is_told(csc: Csc) -> None:
    assert csc("--version").code == 0
