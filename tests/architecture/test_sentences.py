"""The list of what people can see, and the phrases that must not be in it."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.builders import ROOT

SCRIPT = ROOT / ".words" / "list.py"


@pytest.fixture(scope="module")
def words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words_list", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["words_list"] = module
    spec.loader.exec_module(module)
    return module


SOURCE = '''
"""A module."""
import click

TITLE = "Message templates"
HIDDEN_CSS = "Label { width: 1fr; }"


@click.command()
@click.option("--to", help="The folder to write to.")
def send(call, to):
    """Send what is due."""
    rows = connection.execute("SELECT name FROM person")
    if re.search("no such thing here", to):
        raise WrongUse(f"There is no folder {to}. Nothing was sent.")
    call.key("plain_key")
    call.say(f"{len(rows):>10} messages sent.")


def count(what: "a type of words") -> int:
    """Return how many there are."""
'''


def test_the_list_has_what_a_person_sees_with_its_line_and_nothing_else(words: ModuleType) -> None:
    assert sorted(words.read_module(SOURCE)) == [
        (5, "Message templates"),
        (10, "The folder to write to."),
        (12, "Send what is due."),
        (15, "There is no folder {to}. Nothing was sent."),
        (17, "{len(rows)} messages sent."),
    ]


def test_the_script_prints_file_line_and_text(tmp_path: Path) -> None:
    given = [sys.executable, str(SCRIPT), str(ROOT / "csc_tui" / "base" / "glossary.py")]
    done = subprocess.run(given, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert all(line.startswith("csc_tui/base/glossary.py:") for line in lines)
    assert any(line.endswith(": Has a place.") for line in lines)


@pytest.mark.parametrize("text", ["Book all the same?", "ALL THE SAME", "all\n  the same, twice"])
def test_a_banned_phrase_is_found_whatever_its_capitals_and_line_breaks(words: ModuleType, text: str) -> None:
    found = [*words.find_banned_phrases([words.VisibleString("a.py", 1, text)])]
    assert [instead for _, _, instead in found] == ["anyway"]


def test_words_that_only_begin_like_a_banned_phrase_are_not_found(words: ModuleType) -> None:
    assert not [*words.find_banned_phrases([words.VisibleString("a.py", 1, "Recommend an amendment")])]


def test_no_visible_string_has_a_banned_phrase(words: ModuleType) -> None:
    strings = [*words.list_visible_strings(words.list_sources())]
    assert len(strings) > 3000
    assert [
        f"{each.path}:{each.line}: “{phrase}”: write {instead}"
        for each, phrase, instead in words.find_banned_phrases(strings)
    ] == []
