"""What the papers and comments of the repository name is in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ROOT

KINDS = {".py", ".md", ".toml", ".tcss", ".sh"}
FOLDERS = ("csc_tui", "db", "exports", "tests", "scripts", ".bench", ".ci", ".github", ".readme")
OUTSIDE = re.compile(r"(?<![\w/])(?:\.\./)*shared/\w|/work/\w")
"""A folder beside the repository, or of one machine; `window/shared/` is our own."""
PAPER = re.compile(r"(?<![\w*./-])[\w./-]*\w\.md\b")


def texts() -> Iterator[Path]:
    """Every file a person wrote: code, papers, settings and scripts."""
    for path in [*ROOT.iterdir(), *(each for folder in FOLDERS for each in (ROOT / folder).rglob("*"))]:
        if path.is_file() and (path.suffix in KINDS or not path.suffix) and path.name != ".git":
            yield path


def named(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    for path in texts():
        if path != Path(__file__):
            for found in pattern.finditer(path.read_text(encoding="utf-8")):
                yield path, found[0]


def test_nothing_refers_to_a_place_outside_the_repository() -> None:
    assert [(path.relative_to(ROOT).as_posix(), found) for path, found in named(OUTSIDE)] == []


def test_every_paper_that_is_named_is_there() -> None:
    missing = [
        (path.relative_to(ROOT).as_posix(), found)
        for path, found in named(PAPER)
        if not any((folder / found).is_file() for folder in (ROOT, path.parent))
    ]
    assert missing == []


@pytest.mark.parametrize("text", ["see shared/speed.md", "../shared/seed", "/work/shared"])
def test_a_reference_to_the_outside_is_found(text: str) -> None:
    assert OUTSIDE.search(text)


@pytest.mark.parametrize("text", ["csc_tui/window/shared/save.py", "shared/ dialogs/", "tests/window/shared"])
def test_our_own_shared_folder_is_none(text: str) -> None:
    assert not OUTSIDE.search(text)


def test_every_file_the_guide_for_contributors_names_is_there() -> None:
    quoted = re.findall(r"`([\w.-]*[\w./-]*/[\w./-]*)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(quoted) > 50
    assert [name for name in quoted if not any((base / name).exists() for base in (ROOT, ROOT / "csc_tui"))] == []


@pytest.mark.parametrize("line", range(1, 21))
def test_each_of_the_twenty_ordinary_changes_names_a_file(line: int) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {line}\. .*$", guide, flags=re.MULTILINE)
    assert re.search(r"`[\w/]+/[\w.]*`", row)
