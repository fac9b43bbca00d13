"""What the README shows is what the program does."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from csc_tui.cli import main
from tests.builders import ROOT


def test_the_picture_is_of_the_window_as_it_is(tmp_path: Path) -> None:
    """`python .readme/picture.py` makes it anew, after a change that somebody meant."""
    made = tmp_path / "window.svg"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, ROOT / ".readme" / "picture.py", made], env=environment, cwd=tmp_path, check=True)
    assert made.read_text(encoding="utf-8") == (ROOT / ".readme" / "window.svg").read_text(encoding="utf-8")


def quoted_commands() -> list[str]:
    """Every `csc ...` of the README: in backticks, or at the beginning of a line of a block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return sorted({*re.findall(r"`(csc [^`]+)`", text), *re.findall(r"^(csc .+?)\s*(?:#.*)?$", text, re.MULTILINE)})


@pytest.mark.parametrize("typed", quoted_commands())
def test_a_command_of_the_readme_is_one_of_the_program(typed: str) -> None:
    """Its words and its options; of a list such as `csc people add, leave`, each sub-command."""
    command: click.Command = main.cli
    options = {*names_of_options(command)}
    before = ""
    for word in shlex.split(typed.partition("|")[0])[1:]:
        if word.startswith("--"):
            assert word in options
        elif isinstance(command, click.Group) and not before.startswith("--"):
            found = command.get_command(click.Context(command), word.removesuffix(","))
            assert found is not None, f"{command.name} has no {word}"
            if not word.endswith(","):
                command = found
                options |= {*names_of_options(command)}
        before = word


def names_of_options(command: click.Command) -> list[str]:
    return [name for each in command.params for name in (*each.opts, *each.secondary_opts)]
