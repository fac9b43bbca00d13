"""Files that appear under their name whole, readable by their owner alone, and never through a link."""

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

from db.errors import Duplicate, NotWritable

FOLDER_PREFIX = ".csc-"
"""How the names of private folders begin."""
ABANDONED_SECONDS = 24 * 60 * 60
"""Seconds after which a private folder is what a program that was killed left behind."""


def create_private_file(path: str) -> None:
    """An empty file of mode 0600 that was not there before. Raises NotWritable."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as fault:
        raise NotWritable(f"{path} cannot be made ({fault.strerror}). Nothing was changed.") from None


def copy_private_file(source: str, target: str) -> None:
    """The same bytes in a new file of mode 0600. Raises NotWritable."""
    create_private_file(target)
    try:
        shutil.copyfile(source, target)
    except OSError as fault:
        raise NotWritable(f"{target} cannot be written ({fault.strerror}). Nothing was changed.") from None


@contextmanager
def make_private_folder(path: str) -> Iterator[str]:
    """A private folder next to `path` to build its content in, gone afterwards. Raises NotWritable.

    Those that programs which were killed left there, with a copy of the database in them, go with it.
    """
    folder = os.path.dirname(os.path.abspath(path))
    try:
        room = TemporaryDirectory(prefix=FOLDER_PREFIX, dir=folder, ignore_cleanup_errors=True)
    except OSError as fault:
        raise NotWritable(f"Nothing can be written in {folder} ({fault.strerror}). Nothing was changed.") from None
    with room as name:
        _clear_abandoned(folder, os.stat(name).st_mtime)
        yield name


def _clear_abandoned(folder: str, now: float) -> None:
    """`now` is by the clock of the disk, which on a network share is another than ours."""
    for path in glob.glob(os.path.join(glob.escape(folder), FOLDER_PREFIX + "[a-z0-9_]" * 8)):
        with suppress(OSError):
            about = os.lstat(path)
            if about.st_uid == os.geteuid() and now - about.st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)  # which goes through no link


def move_into_place(built: str, path: str, *, replace: bool = False) -> None:
    """Give a finished file in a folder make_private_folder() `path` its name, in one step. Raises Duplicate and
    NotWritable."""
    try:
        if replace:
            os.rename(built, path)
        else:
            _name_once(built, path)
        _sync(os.path.dirname(os.path.abspath(path)))
    except FileExistsError:
        raise Duplicate(f"{path} exists already. It was left untouched.") from None
    except OSError as fault:
        raise NotWritable(f"{path} cannot be written ({fault.strerror}). Nothing was changed.") from None


def _name_once(built: str, path: str) -> None:
    """Rename, but never over something: only a second hard link says no where rename() would replace."""
    try:
        os.link(built, path)
    except OSError as fault:
        if fault.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        if os.path.lexists(path):  # a file system without hard links, such as a network share
            raise FileExistsError(path) from None
        os.rename(built, path)


def _sync(folder: str) -> None:
    """The new name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
