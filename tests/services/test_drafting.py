"""Drafts: whose they are, where they lie, how long."""

import os
from dataclasses import replace
from pathlib import Path

from csc_tui.context import Context
from csc_tui.services import drafting


def test_a_draft_is_its_authors_and_its_forms_alone(ctx: Context) -> None:
    drafting.keep(ctx, "#1", {"phone": "1"}, {"phone": ""})
    found = drafting.find(ctx, "#1")
    assert found
    assert (found.at, found.answers, found.seen) == ("Mon 10 Apr 2017 09:00", {"phone": "1"}, {"phone": ""})
    assert drafting.find(ctx, "#2") is None
    assert drafting.find(replace(ctx, actor="bea"), "#1") is None
    drafting.drop(ctx, "#1")
    assert drafting.find(ctx, "#1") is None


def test_a_draft_nobody_came_back_for_goes_after_two_weeks(ctx: Context) -> None:
    drafting.keep(ctx, "#1", {"phone": "1"}, {})
    (old,) = Path(drafting.folder()).iterdir()
    drafting.keep(ctx, "#2", {"phone": "2"}, {})
    long_ago = old.stat().st_mtime - (drafting.KEPT_DAYS + 1) * 86_400
    os.utime(old, (long_ago, long_ago))
    assert drafting.find(ctx, "#2")
    assert not old.exists()


def test_a_link_in_the_way_of_a_draft_is_not_followed(ctx: Context, tmp_path: Path) -> None:
    drafting.keep(ctx, "#1", {}, {})
    (name,) = os.listdir(drafting.folder())
    file = Path(drafting.folder()) / name
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert drafting.keep(ctx, "#1", {"phone": "1"}, {}) == ""
    assert not (tmp_path / "elsewhere").exists()
    assert not file.is_symlink()
