"""The checks that read the code instead of running it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import ROOT


@pytest.mark.parametrize(
    "words", [["ruff", "check", "--no-cache"], ["ruff", "format", "--check", "--no-cache"], ["mypy"]], ids=" ".join
)
def test_the_code_passes(words: list[str]) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
