"""Writes files that appear whole under their name, readable by their owner alone, and never through a link."""

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

from db.errors import Duplicate, NotWritable
from db.records.os_faults import describe_os_fault

FOLDER_PREFIX = ".csc-"
"""The beginning of the names of private folders."""
ABANDONED_SECONDS = 24 * 60 * 60
"""Age in seconds after which a private folder must have been left behind by a program that was killed."""


def create_private_file(path: str) -> None:
    """Create an empty file of mode 0600. Raises NotWritable, also where the name is taken."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as fault:
        raise NotWritable(f"{path} cannot be made ({describe_os_fault(fault)}). Nothing was changed.") from None


def copy_private_file(source: str, target: str) -> None:
    """Copy a file into a new one of mode 0600. Raises NotWritable."""
    create_private_file(target)
    try:
        shutil.copyfile(source, target)
    except OSError as fault:
        raise NotWritable(f"{target} cannot be written ({describe_os_fault(fault)}). Nothing was changed.") from None


@contextmanager
def make_private_folder(path: str) -> Iterator[str]:
    """Make a private folder next to `path` to build a file in, and delete it afterwards. Raises NotWritable.

    Also deletes folders that killed programs left there: each may hold a copy of the database.
    """
    folder = os.path.dirname(os.path.abspath(path))
    try:
        room = TemporaryDirectory(prefix=FOLDER_PREFIX, dir=folder, ignore_cleanup_errors=True)
    except OSError as fault:
        raise NotWritable(
            f"Nothing can be written in {folder} ({describe_os_fault(fault)}). Nothing was changed."
        ) from None
    with room as name:
        _clear_abandoned(folder, os.stat(name).st_mtime)
        yield name


def _clear_abandoned(folder: str, now: float) -> None:
    """Delete abandoned private folders; `now` comes from the disk's clock, which on a network share is not ours."""
    for path in glob.glob(os.path.join(glob.escape(folder), FOLDER_PREFIX + "[a-z0-9_]" * 8)):
        with suppress(OSError):
            about = os.lstat(path)
            if about.st_uid == os.geteuid() and now - about.st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)  # rmtree follows no link


def move_into_place(built: str, path: str, *, replace: bool = False) -> None:
    """Give a finished file in a folder of make_private_folder() its name `path`, in one step.

    Raises Duplicate where the name is taken and `replace` is not set, and NotWritable.
    """
    try:
        if replace:
            os.rename(built, path)
        else:
            _name_once(built, path)
        _sync(os.path.dirname(os.path.abspath(path)))
    except FileExistsError:
        raise Duplicate(f"{path} already exists. It was not changed.") from None
    except OSError as fault:
        raise NotWritable(f"{path} cannot be written ({describe_os_fault(fault)}). Nothing was changed.") from None


def _name_once(built: str, path: str) -> None:
    """Rename without ever replacing a file: a second hard link fails where rename() would replace."""
    try:
        os.link(built, path)
    except OSError as fault:
        if fault.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        if os.path.lexists(path):  # the file system has no hard links, as on some network shares
            raise FileExistsError(path) from None
        os.rename(built, path)


def _sync(folder: str) -> None:
    """Write the folder to disk, so that a new name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
