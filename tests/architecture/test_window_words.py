"""What the window says names keys, fields and places, never a command or an option of the command line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ROOT

COMMAND = re.compile(r"\bcsc [a-z]{3,}|\bcsc --|(?<!\S)--[a-z]{2,}")
"""A command, or an option that stands by itself; the names of styles have two dashes inside."""
PRINTED = ("csc --debug shows where the fault was", "--command-palette")
"""Texts that the window does not show: one is printed once it is closed, one is the name of a widget."""


def find_commands(source: str) -> Iterator[str]:
    """Yield line and text of each string that names a command, docstrings left out."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in told:
            continue
        text = node.value
        if isinstance(text, str) and COMMAND.search(text) and not any(printed in text for printed in PRINTED):
            yield f"{node.lineno}: {text}"


def test_no_sentence_of_the_window_names_a_command_or_an_option() -> None:
    files = sorted(Path(ROOT / "csc_tui/window").rglob("*.py"))
    assert files
    assert [f"{path.name}:{each}" for path in files for each in find_commands(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Import them with csc import people FILE.", True), ("Give a reason: --override.", True),
        ("csc --debug shows it.", True), ("days--titles", False), ("Press S to save the list.", False),
        ("CSC 1 Today", False),
    ],
)  # fmt: skip
def test_commands_and_options_are_found(sentence: str, found: bool) -> None:
    assert bool([*find_commands(f"said = {sentence!r}")]) is found
