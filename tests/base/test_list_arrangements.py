"""How each person arranged each list is remembered for them alone."""

from pathlib import Path

import pytest

from csc_tui.base import list_arrangements
from csc_tui.base.context import Context
from csc_tui.base.list_arrangements import ListArrangement
from tests import builders

CHOSEN = ListArrangement(("E-mail", "Name"), ("Team",), "E-mail", True)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "csc-tui" / "lists"


def test_what_is_kept_comes_back_to_the_same_person_only(ctx: Context) -> None:
    assert list_arrangements.load_list_arrangements(ctx) == {}
    assert list_arrangements.save_list_arrangements(ctx, {"people": CHOSEN, "events": ListArrangement()}) == ""
    assert list_arrangements.load_list_arrangements(ctx) == {"people": CHOSEN}
    assert list_arrangements.load_list_arrangements(builders.at(ctx, "2017-06-12", actor="tom")) == {}


def test_only_its_owner_may_read_the_file(ctx: Context, state: Path) -> None:
    list_arrangements.save_list_arrangements(ctx, {"people": CHOSEN})
    (file,) = state.iterdir()
    assert (file.stat().st_mode & 0o777, state.stat().st_mode & 0o777) == (0o600, 0o700)
    assert ctx.actor not in file.name


@pytest.mark.parametrize("text", ["", "{", "[]", '{"people": {}}', '{"people": {"shown": 1, "left_out": []}}', "\x00"])
def test_a_file_that_cannot_be_read_arranges_nothing(ctx: Context, state: Path, text: str) -> None:
    list_arrangements.save_list_arrangements(ctx, {"people": CHOSEN})
    next(state.iterdir()).write_text(text)
    assert list_arrangements.load_list_arrangements(ctx) == {}


def test_a_folder_that_cannot_be_written_is_said(ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert "cannot be remembered" in list_arrangements.save_list_arrangements(ctx, {"people": CHOSEN})
