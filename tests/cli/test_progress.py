"""A bar is drawn where somebody watches and there is enough to do."""

import io
import sys
from typing import Any

import pytest

from csc_tui.cli.progress import progress_bar


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("watched", "many", "drawn"), [(Watched(), 200, True), (Watched(), 199, False), (io.StringIO(), 200, False)]
)
def test_a_bar_is_drawn_where_somebody_watches(
    monkeypatch: pytest.MonkeyPatch, watched: Any, many: int, drawn: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", watched)
    with progress_bar("Writing", least=200) as progress:
        for done in range(1, many + 1):
            progress(done, many)
    assert ("Writing" in watched.getvalue() and "100%" in watched.getvalue()) is drawn
