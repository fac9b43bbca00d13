"""Through a key that is tied to the program nobody says who they are, which database, or which file."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from csc_tui.cli import gate
from db.errors import WrongUse
from tests import builders

KEY = ("--as", "alice", "--db", "/srv/csc.db")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    def asked(text: str, arguments: Sequence[str] = KEY) -> list[str]:
        monkeypatch.setattr(os, "environ", {**os.environ, gate.ORIGINAL: text})
        return gate.asked(arguments)

    return asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who smi jo", ["who", "smi", "jo"]),
        ("csc who 'Jo Smith'", ["who", "Jo Smith"]),
        ("/usr/bin/csc-tui --format json --today=2017-06-12 free", ["--format", "json", "--today=2017-06-12", "free"]),
        ("export people --to -", ["export", "people", "--to", "-"]),
        ("csc", []),
        ("", []),
    ],
)
def test_what_was_typed_is_split_as_a_shell_does_and_follows_the_words_of_the_key(typed, text, words) -> None:
    assert typed(text) == [*KEY, *words]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("admin roles", "'admin' cannot be asked through this key"),
        ("demo", "'demo' cannot"),
        ("bash -c id", "'bash' cannot"),
        ("--as root who smith", "'--as' cannot"),
        ("--db /tmp/mine.db who smith", "'--db' cannot"),
        ("--debug who", "'--debug' cannot"),
        ("import people /etc/passwd", "'import' cannot"),
        ("export people --to /tmp/all.csv", "--to - writes to the output"),
        ("export people --to=/tmp/all.csv", "--to - writes to the output"),
        ("report headline --html x.html", "--html"),
        ("who 'smith", "an open quotation mark"),
    ],
)
def test_what_may_not_be_asked_is_a_sentence(typed, text, sentence) -> None:
    with pytest.raises(WrongUse, match=sentence):
        typed(text)


def test_a_key_whose_own_line_says_what_is_done_does_that_alone(typed) -> None:
    assert typed("who smith", ["--as", "alice", "roster", "BR-02"]) == ["--as", "alice", "roster", "BR-02"]


def test_without_a_name_in_the_key_nothing_is_taken_from_outside(typed) -> None:
    assert typed("admin roles", ["who", "smith"]) == ["who", "smith"]


def test_settings_for_other_programs_are_forgotten(typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "evil:Driver")
    monkeypatch.setenv("PAGER", "sh -c id")
    typed("who smith")
    assert not {"TEXTUAL_DRIVER", "PAGER", gate.ORIGINAL} & os.environ.keys()


def test_the_program_itself_works_through_a_key_and_its_commands_are_real(database: str) -> None:
    from csc_tui.cli.main import COMMANDS

    assert COMMANDS.keys() >= gate.COMMANDS
    builders.person("Bo Ek", email="bo@example.org")
    start = [sys.executable, "-c", "from csc_tui.cli.entry import main; main()", "--as", "alice", "--db", database]

    def ask(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            start, env={**os.environ, gate.ORIGINAL: text}, capture_output=True, text=True, check=False
        )

    assert "Bo Ek" in ask("who ek").stdout
    refused = ask("admin check")
    assert (refused.returncode, "cannot be asked" in refused.stderr) == (2, True)
