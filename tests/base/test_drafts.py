"""Drafts: whose they are, where they lie, how long."""

import os
from dataclasses import replace
from pathlib import Path

from csc_tui.base import drafts
from csc_tui.base.context import Context


def test_a_draft_is_its_authors_and_its_forms_alone(ctx: Context) -> None:
    drafts.save_draft(ctx, "#1", {"phone": "1"}, {"phone": ""})
    found = drafts.load_draft(ctx, "#1")
    assert found
    assert (found.at, found.answers, found.seen) == ("Mon 10 Apr 2017 09:00", {"phone": "1"}, {"phone": ""})
    assert drafts.load_draft(ctx, "#2") is None
    assert drafts.load_draft(replace(ctx, actor="bea"), "#1") is None
    drafts.discard_draft(ctx, "#1")
    assert drafts.load_draft(ctx, "#1") is None


def test_a_draft_nobody_came_back_for_goes_after_two_weeks(ctx: Context) -> None:
    drafts.save_draft(ctx, "#1", {"phone": "1"}, {})
    (old,) = Path(drafts.drafts_folder()).iterdir()
    drafts.save_draft(ctx, "#2", {"phone": "2"}, {})
    long_ago = old.stat().st_mtime - (drafts.KEPT_DAYS + 1) * 86_400
    os.utime(old, (long_ago, long_ago))
    assert drafts.load_draft(ctx, "#2")
    assert not old.exists()


def test_a_link_in_the_way_of_a_draft_is_not_followed(ctx: Context, tmp_path: Path) -> None:
    drafts.save_draft(ctx, "#1", {}, {})
    (name,) = os.listdir(drafts.drafts_folder())
    file = Path(drafts.drafts_folder()) / name
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert drafts.save_draft(ctx, "#1", {"phone": "1"}, {}) == ""
    assert not (tmp_path / "elsewhere").exists()
    assert not file.is_symlink()
