"""What the window draws with."""

import io
import sys

import pytest

from csc_tui.window.widgets import glyphs


@pytest.mark.parametrize(("encoding", "plain"), [("utf-8", False), ("iso-8859-1", True), ("ascii", True)])
def test_a_terminal_without_utf_8_gets_plain_signs(encoding: str, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stdout__", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    glyphs._terminal_glyphs.cache_clear()
    try:
        drawn = glyphs.glyphs()
        signs = "".join(getattr(drawn, name) for name in drawn.__slots__)
    finally:
        glyphs._terminal_glyphs.cache_clear()
    assert signs.isascii() is plain
