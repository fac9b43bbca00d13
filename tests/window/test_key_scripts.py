"""Scripts of keys end in the same place however fast they are typed, through a real terminal.

`CSC_SCRIPTS=500 pytest tests/window/test_key_scripts.py` tries as many; `CSC_SEED` says which.
"""

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from csc_tui.base import bootstrap
from tests.window.key_scripts import Scripts, ScriptWindow, fill_database, gaps_of_a_hand

SEED = int(os.environ.get("CSC_SEED", "1"))
SCRIPTS = int(os.environ.get("CSC_SCRIPTS", "12"))
IN_A_WINDOW = 6
"""How many scripts follow one another in one window: each way of typing once."""


@pytest.mark.of_files
@pytest.mark.parametrize("number", range(SCRIPTS // IN_A_WINDOW))
def test_a_script_ends_in_the_same_place_however_it_is_typed(location: str, tmp_path: Path, number: int) -> None:
    bootstrap.bind_database(location)
    fill_database()
    slow, fast = (str(shutil.copy(location, tmp_path / f"{name}.db")) for name in ("slow", "fast"))
    random = Random(f"{SEED} {number}")
    scripts = Scripts(random)
    one, other = ScriptWindow(slow, tmp_path / "slow"), ScriptWindow(fast, tmp_path / "fast")
    try:
        for way in range(IN_A_WINDOW):
            keys = scripts.script()
            how, gaps = gaps_of_a_hand(random, way)
            one.send_one_by_one(keys)
            other.send(keys, gaps)
            told = f"seed {SEED} {number}, {how}: {' '.join(keys)}"
            (seen, rows), (seen_fast, rows_fast) = one.outcome(), other.outcome()
            assert seen_fast == seen, told
            for name in rows:
                assert set(rows_fast[name]) ^ set(rows[name]) == set(), f"{name}, {told}"
            assert len(rows["step"]) >= scripts.changes, f"a task was not done, {told}\n{one.terminal.shown()}"
    finally:
        one.terminal.kill()
        other.terminal.kill()
