"""Through a key that is tied to the program nobody says who they are, which database, or which file."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.cli import ssh_gate
from csc_tui.core.admin import upkeep
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.mail import invitations, message_files, replies
from csc_tui.core.mail.outbox import MessageChoice
from csc_tui.core.people import privacy
from csc_tui.core.reports import list_files
from db.errors import WrongUse
from exports import files
from tests import builders

KEY = ("--as", "alice", "--db", "/srv/csc.db")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    def asked(text: str, arguments: Sequence[str] = KEY) -> list[str]:
        monkeypatch.setattr(os, "environ", {**os.environ, ssh_gate.ORIGINAL: text})
        return ssh_gate.allowed_arguments(arguments)

    return asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who smi jo", ["who", "smi", "jo"]),
        ("csc who 'Jo Smith'", ["who", "Jo Smith"]),
        ("/usr/bin/csc-tui --format json free", ["--format", "json", "free"]),
        ("export people --to -", ["export", "people", "--to", "-"]),
        ("csc", []),
        ("", []),
    ],
)
def test_what_was_typed_is_split_as_a_shell_does_and_follows_the_words_of_the_key(
    typed: Callable[..., list[str]], text: str, words: Any
) -> None:
    assert typed(text) == [*KEY, *words]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("admin roles", "'admin' cannot be used with this key"),
        ("--today 2017-06-12 who smith", "cannot use --today"),
        ("--today=2017-06-12 sweep", "cannot use --today"),
        ("demo", "'demo' cannot"),
        ("bash -c id", "'bash' cannot"),
        ("--as root who smith", "'--as' cannot"),
        ("--db /tmp/mine.db who smith", "'--db' cannot"),
        ("--debug who", "'--debug' cannot"),
        ("import people /etc/passwd", "'import' cannot"),
        ("export people --to /tmp/all.csv", "so --to cannot be used"),
        ("export people --to=/tmp/all.csv", "so --to cannot be used"),
        ("export people --to - --to /tmp/all.csv", "so --to cannot be used"),
        ("who -- --to /tmp/all.csv", "so --to cannot be used"),
        ("report headline --pdf -", "so --pdf cannot be used"),
        ("report headline --html x.html", "--html"),
        ("who 'smith", "a quotation mark that is not closed"),
    ],
)
def test_what_may_not_be_asked_is_a_sentence(typed: Callable[..., list[str]], text: str, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        typed(text)


def test_a_key_whose_line_allows_it_may_say_another_date(
    typed: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSC_TODAY", "2017-06-12")
    assert typed("--today 2017-06-13 free", [*KEY, "--allow-today"]) == [*KEY, "--today", "2017-06-13", "free"]
    assert "CSC_TODAY" in os.environ
    assert typed("free") == [*KEY, "free"]
    assert "CSC_TODAY" not in os.environ


def test_a_key_whose_own_line_says_what_is_done_does_that_alone(typed: Callable[..., list[str]]) -> None:
    assert typed("who smith", ["--as", "alice", "roster", "BR-02"]) == ["--as", "alice", "roster", "BR-02"]


def test_without_a_name_in_the_key_nothing_is_taken_from_outside(typed: Callable[..., list[str]]) -> None:
    assert typed("admin roles", ["who", "smith"]) == ["who", "smith"]


def test_settings_for_other_programs_are_forgotten(
    typed: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "evil:Driver")
    monkeypatch.setenv("PAGER", "sh -c id")
    typed("who smith")
    assert not {"TEXTUAL_DRIVER", "PAGER", ssh_gate.ORIGINAL} & os.environ.keys()


def test_the_program_itself_works_through_a_key_and_its_commands_are_real(database: str) -> None:
    from csc_tui.cli.main import COMMANDS

    assert COMMANDS.keys() >= ssh_gate.COMMANDS
    builders.person("Bo Ek", email="bo@example.org")
    start = [sys.executable, "-c", "from csc_tui.cli.entry import main; main()", "--as", "alice", "--db", database]

    def ask(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            start, env={**os.environ, ssh_gate.ORIGINAL: text}, capture_output=True, text=True, check=False
        )

    assert "Bo Ek" in ask("who ek").stdout
    refused = ask("admin check")
    assert (refused.returncode, "cannot be used with" in refused.stderr) == (2, True)


def named(ctx: Context, place: Path) -> dict[str, Callable[[], object]]:
    """Each way to name a file to the program."""
    return {
        "list": lambda: list_files.write_table(str(place / "list.csv"), ["a"], [["b"]]),
        "export": lambda: list_files.export_list(ctx, "people", str(place / "people.csv")),
        "disclosure": lambda: privacy.write_disclosure(ctx, "#1", str(place / "held.json")),
        "invitations": lambda: invitations.write_invitations(ctx, "BR-90", str(place)),
        "messages": lambda: message_files.write_messages(ctx, str(place), MessageChoice()),
        "backup": lambda: upkeep.make_backup(ctx, str(place / "copy.db")),
        "import": lambda: imports_actions.load_table(str(place / "secret.csv")),
        "answers": lambda: list(replies.list_reply_sources(ctx, [str(place / "secret.eml")])),
    }


WAYS = ("list", "export", "disclosure", "invitations", "messages", "backup", "import", "answers")


@pytest.mark.of_files
@pytest.mark.parametrize("way", WAYS)
def test_outside_the_folder_of_a_key_no_file_is_read_or_written(ctx: Context, tmp_path: Path, way: str) -> None:
    builders.booked(builders.event("BR-90"), "Bo Ek")
    inside, outside = tmp_path / "alice", tmp_path / "others"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "secret.csv").write_text("password,of the mail server\n1,2\n")
        (folder / "secret.eml").write_text("password of the mail server\n")
    (inside / "link").symlink_to(outside)
    files.confine_files(str(inside))
    before = sorted(outside.iterdir())
    for place in (outside, inside / ".." / "others", inside / "link"):
        with pytest.raises(
            WrongUse, match=re.escape(f"the only folder this key can use. Nothing was read or written. Use {inside}/")
        ):
            named(ctx, place)[way]()
    assert sorted(outside.iterdir()) == before
    named(ctx, inside)[way]()


def test_the_folder_is_said_on_the_line_of_the_key_and_holds_for_what_it_says(database: str, tmp_path: Path) -> None:
    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        start = "from csc_tui.cli.entry import main; main()"
        command = [sys.executable, "-c", start, "--as", "alice", "--db", database, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    refused = ask("--files", str(tmp_path / "none"), "venue", "list")
    assert (refused.returncode, "There is no folder" in refused.stderr) == (2, True)
    (tmp_path / "alice").mkdir()
    refused = ask("--files", str(tmp_path / "alice"), "export", "people", "--to", str(tmp_path / "people.csv"))
    assert (refused.returncode, "can use" in refused.stderr) == (2, True)
    assert ask("--files", str(tmp_path / "alice"), "who", "nobody").returncode == 1


def test_the_caller_cannot_say_another_folder(typed: Callable[..., list[str]]) -> None:
    with pytest.raises(WrongUse, match="'--files' cannot"):
        typed("--files / who smith", [*KEY, "--files", "/srv/alice"])
    assert typed("who smith", [*KEY, "--files", "/srv/alice"])[-2:] == ["who", "smith"]
