"""What the README shows is what the program does."""

import os
import subprocess
import sys
from pathlib import Path

from tests.builders import ROOT


def test_the_picture_is_of_the_window_as_it_is(tmp_path: Path) -> None:
    """`python .readme/picture.py` makes it anew, after a change that somebody meant."""
    made = tmp_path / "window.svg"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, ROOT / ".readme" / "picture.py", made], env=environment, cwd=tmp_path, check=True)
    assert made.read_text(encoding="utf-8") == (ROOT / ".readme" / "window.svg").read_text(encoding="utf-8")
