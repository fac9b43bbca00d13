"""Files are written whole or not at all, for their owner alone, never through a link or over somebody else's."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from db.errors import Duplicate, WrongUse
from exports import files


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    files.write_file(str(tmp_path / "feed.ics"), b"data")
    assert (tmp_path / "feed.ics").read_bytes() == b"data"
    assert mode(tmp_path / "feed.ics") == 0o600
    assert names(tmp_path) == ["feed.ics"]


def test_an_existing_file_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "feed.ics").write_bytes(b"mine")
    with pytest.raises(Duplicate, match="already exists"):
        files.write_file(str(tmp_path / "feed.ics"), b"data")
    assert (tmp_path / "feed.ics").read_bytes() == b"mine"
    assert names(tmp_path) == ["feed.ics"]


def test_a_file_that_may_be_replaced_keeps_who_may_read_it(tmp_path: Path) -> None:
    published = tmp_path / "feed.ics"
    published.write_bytes(b"old")
    published.chmod(0o644)
    files.write_file(str(published), b"new", may_replace=lambda held: held == b"old")
    assert published.read_bytes() == b"new"
    assert mode(published) == 0o644


def test_whether_a_file_would_be_replaced_is_known_without_writing(tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    assert files.replaces_file(str(path), may_replace=lambda data: data == b"old") is False
    path.write_bytes(b"old")
    assert files.replaces_file(str(path), may_replace=lambda data: data == b"old") is True
    with pytest.raises(Duplicate, match="already exists"):
        files.replaces_file(str(path), may_replace=lambda data: data == b"other")
    with pytest.raises(WrongUse, match="no such file or folder"):
        files.replaces_file(str(tmp_path / "nowhere" / "feed.ics"))
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["feed.ics"])


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "feed.ics").symlink_to(tmp_path / "target")
    with pytest.raises(WrongUse, match="is a link"):
        files.write_file(str(tmp_path / "feed.ics"), b"data", may_replace=lambda _: True)
    assert (tmp_path / "target").read_bytes() == b"mine"


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for typed in ("link", "link/"):
        with pytest.raises(WrongUse, match="is a link"), files.file_batch(f"{tmp_path}/{typed}"):
            pass
    assert names(tmp_path / "real") == []


def test_a_pipe_or_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Duplicate):
        files.write_file(str(tmp_path / "pipe"), b"data", may_replace=lambda _: True)
    with pytest.raises(WrongUse, match="is a folder"):
        files.write_file(str(tmp_path / "folder"), b"data")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no such file or folder"):
        files.write_file(str(tmp_path / "nowhere" / "feed.ics"), b"data")
    with pytest.raises(WrongUse, match="no such file or folder"), files.file_batch(str(tmp_path / "nowhere" / "out")):
        pass


def test_files_of_a_batch_appear_together(tmp_path: Path) -> None:
    with files.file_batch(str(tmp_path / "out")) as batch:
        batch.add("a.ics", b"a")
        batch.add("b.ics", b"b")
        batch.settle()
        assert not {"a.ics", "b.ics"} & {*names(tmp_path / "out")}
        batch.place()
    assert names(tmp_path / "out") == ["a.ics", "b.ics"]
    assert mode(tmp_path / "out") == 0o700


def test_a_batch_that_fails_leaves_nothing_not_even_the_folder(tmp_path: Path) -> None:
    def interrupted() -> None:
        with files.file_batch(str(tmp_path / "out")) as batch:
            batch.add("a.ics", b"a")
            batch.place()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(tmp_path) == []


def test_a_batch_that_fails_leaves_what_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_bytes(b"mine")
    (tmp_path / "b.ics").write_bytes(b"mine")
    with files.file_batch(str(tmp_path)) as batch:
        batch.add("a.ics", b"a")
        with pytest.raises(Duplicate):
            batch.add("b.ics", b"b")
        batch.remove()
    assert names(tmp_path) == ["b.ics", "other.txt"]


def test_what_appears_while_a_batch_is_written_is_not_replaced(tmp_path: Path) -> None:
    def overtaken() -> None:
        with files.file_batch(str(tmp_path)) as batch:
            batch.add("a.ics", b"a")
            batch.add("b.ics", b"b")
            (tmp_path / "b.ics").write_bytes(b"somebody was faster")
            batch.place()

    with pytest.raises(Duplicate):
        overtaken()
    assert names(tmp_path) == ["b.ics"]
    assert (tmp_path / "b.ics").read_bytes() == b"somebody was faster"


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WrongUse, match="the disk is full"):
        files.write_file(str(tmp_path / "feed.ics"), b"data")
    assert names(tmp_path) == []


def test_a_disk_without_links_is_written_to_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    files.write_file(str(tmp_path / "feed.ics"), b"data")
    assert (tmp_path / "feed.ics").read_bytes() == b"data"
    assert names(tmp_path) == ["feed.ics"]
    with pytest.raises(Duplicate):
        files.write_file(str(tmp_path / "feed.ics"), b"other")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zoë O'Neil", "Zoe-O-Neil"),
        ("../../etc/passwd", "etc-passwd"),
        ("BR/03", "BR-03"),
        (".hidden", "hidden"),
        ("", "unnamed"),
        ("\x00\n", "unnamed"),
        ("x" * 300, "x" * 60),
    ],
)
def test_names_from_data_are_made_safe(text: str, name: str) -> None:
    assert files.safe_file_name(text) == name


@pytest.mark.parametrize(("number", "one_by_one"), [(files.MANY, files.MANY), (files.MANY + 1, 0)])
def test_many_files_are_settled_in_one_go_and_a_few_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: Any, one_by_one: Any
) -> None:
    settled: list[int] = []
    together: list[int] = []
    real = files._sync_all
    monkeypatch.setattr(os, "fsync", settled.append)
    monkeypatch.setattr(files, "_sync_all", lambda handle: together.append(handle) or real(handle))
    with files.file_batch(str(tmp_path / "out")) as batch:
        for each in range(number):
            batch.add(str(each), b"x")
        batch.settle()
        assert (len(settled), len(together)) == (one_by_one, int(not one_by_one))
        batch.place()
    assert len(list((tmp_path / "out").iterdir())) == number


def test_where_the_disk_cannot_be_told_to_settle_all_each_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[int] = []
    monkeypatch.setattr(os, "fsync", settled.append)
    monkeypatch.setattr(files, "_sync_all", lambda handle: False)
    with files.file_batch(str(tmp_path / "out")) as batch:
        for each in range(files.MANY + 1):
            batch.add(str(each), b"x")
        batch.settle()
    assert len(settled) == files.MANY + 1


def test_what_a_killed_program_left_a_day_ago_goes_with_the_next_file_and_nothing_else_does(tmp_path: Path) -> None:
    long_ago = (tmp_path.stat().st_mtime - 2 * files.ABANDONED,) * 2
    for name in (".0123456789abcdef.part", ".mine.part", "0123456789abcdef.part", ".fedcba9876543210.part"):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, long_ago)
    (tmp_path / ".00000000000000ff.part").write_bytes(b"being written by somebody else")
    (tmp_path / ".00000000000000aa.part").mkdir()
    os.utime(tmp_path / ".00000000000000aa.part", long_ago)
    files.write_file(str(tmp_path / "feed.ics"), b"data")
    left = {".mine.part", "0123456789abcdef.part", ".00000000000000ff.part", ".00000000000000aa.part", "feed.ics"}
    assert set(names(tmp_path)) == left
