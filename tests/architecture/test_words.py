"""The wording of docstrings: each says what the thing does, in a sentence that needs no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ROOT

ROOMS = ("csc_tui/base", "csc_tui/cli", "csc_tui/core", "csc_tui/window", "db", "exports")
"""Folders whose docstrings are checked, but for migrations, which never change, and the help texts of commands."""

RIDDLES = (
    "What ", "The same", "Whoever ", "Who ", "Whom ", "Whose ", "Those ", "So many", "So much", "So long", "That ",
    "To be ", "Raises ",
)  # fmt: skip
"""Openings that leave the reader to guess what the thing is."""
NO_VERBS = ("Whether ", "How ", "Where ", "When ", "Which ", "By ", "Every", "(", "`")
"""Openings of functions that have no verb; properties, classes and constants may have them."""


def find_riddles(path: Path) -> Iterator[str]:
    """Yield line and text of each docstring with a riddling opening, those of constants and fields included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        body = None if is_command(node) else getattr(node, "body", None)
        for place, each in enumerate(body if isinstance(body, list) else []):
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                text = each.value.value
                verb_wanted = place == 0 and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                if text.startswith(RIDDLES) or (verb_wanted and not is_property(node) and text.startswith(NO_VERBS)):
                    yield f"{each.lineno}: {text.splitlines()[0]}"


def is_property(node: ast.AST) -> bool:
    """Return whether a function is read like a field."""
    return any("property" in ast.unparse(each) for each in getattr(node, "decorator_list", ()))


def is_command(node: ast.AST) -> bool:
    """Return whether a function is a click command or group, whose docstring is its help text."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in getattr(node, "decorator_list", ())]
    return any(isinstance(each, ast.Attribute) and each.attr in ("command", "group") for each in decorators)


@pytest.mark.parametrize("room", ROOMS)
def test_a_docstring_opens_with_what_the_thing_does(room: str) -> None:
    files = [path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
    assert files
    assert [f"{path.relative_to(ROOT)}:{line}" for path in files for line in find_riddles(path)] == []


@pytest.mark.parametrize(
    ("source", "riddles"),
    [
        ('def kept():\n    """What is kept."""', 1),
        ('async def kept():\n    """`2017/18`."""', 1),
        ('def kept():\n    """Return the rows that are kept."""', 0),
        ('class Kept:\n    @property\n    def live(self):\n        """Whether it counts."""', 0),
        ('class Kept:\n    """How long it is kept."""', 0),
        ('class Kept:\n    """A row."""\n    def live(self):\n        """Whether it counts."""', 1),
        ('@click.command("roles")\ndef roles():\n    """Who may do what."""', 0),
        ('@admin.group()\ndef policy():\n    """What was decided."""', 0),
        ('KEPT = 4\n"""So many are kept."""', 1),
    ],
)
def test_the_check_finds_riddles_in_functions_classes_and_constants(source: str, riddles: int, tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(source, encoding="utf-8")
    assert len([*find_riddles(tmp_path / "sample.py")]) == riddles
