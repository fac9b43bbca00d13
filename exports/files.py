"""Writes files safely: whole or not at all, for their owner alone, never through a link or over a foreign file."""

import errno
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from db.errors import CscError, Duplicate, WrongUse
from db.records.os_faults import describe_os_fault
from db.records.remedies import Remark, Remedy, RemedyKind

MayReplace = Callable[[bytes], bool]
"""Takes the bytes of an existing file and returns whether it may be replaced."""
MANY = 50
"""The most files that are synced one by one; more are synced with everything else the disk has waiting."""
LARGEST_OF_OURS = 1 << 26
"""The most bytes of an existing file that are passed to `may_replace`."""
PART = ".part"
"""The ending of a file's name until it is whole."""
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
ABANDONED = 24 * 60 * 60
"""Age in seconds after which a temporary file must have been left behind by a program that was killed."""


_within = ""


def confine_files(folder: str) -> None:
    """Let this process read and write only files inside the folder. Raises WrongUse."""
    global _within
    if not os.path.isdir(folder):
        raise WrongUse(f"There is no folder {folder} to read and write files in.")
    _within = os.path.realpath(folder)


def check_path_allowed(path: str) -> None:
    """Raise WrongUse for a path outside the folder of confine_files(), wherever links lead."""
    if _within and os.path.commonpath([_within, os.path.realpath(path)]) != _within:
        name = os.path.basename(path.rstrip("/"))
        raise WrongUse(
            f"{path} is outside {_within}, the only folder this key can use. Nothing was read or written. Use "
            f"{os.path.join(_within, name)}or another file there."
        )


def never_replace(_: bytes) -> bool:
    """Return False: the `may_replace` that protects every file."""
    return False


def safe_file_name(text: str) -> str:
    """Make a file name of any text: plain letters, digits, dots and hyphens, at most 60 of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip(".-")[:60].strip(".-") or "unnamed"


def write_file(path: str, data: bytes, *, may_replace: MayReplace = never_replace) -> None:
    """Write one file.

    Raises Duplicate where a file is in the way that may not be replaced, and WrongUse where none can be written.
    """
    with _one(path) as (batch, name):
        batch.add(name, data, may_replace=may_replace)
        batch.settle()
        batch.place()


def replaces_file(path: str, *, may_replace: MayReplace = never_replace) -> bool:
    """Return whether write_file() would replace an existing file; writes nothing. Raises Duplicate and WrongUse as
    it does."""
    with _one(path) as (batch, name):
        return batch.replaces(name, may_replace)


@contextmanager
def file_writer(path: str, *, replace: bool = False) -> Iterator[BinaryIO]:
    """Open one file to write piece by piece; it appears when the block has succeeded, and not otherwise.

    Raises Duplicate where a file is in the way and `replace` is not set, and WrongUse where none can be written.
    """
    with _one(path) as (batch, name):
        batch.private = True
        if not replace:
            batch.refusal = Remark("already exists. Nothing was written.", Remedy(RemedyKind.REPLACE_FILE))
        with batch.open(name, may_replace=(lambda _: True) if replace else never_replace) as file:
            try:
                yield file
                file.flush()
            except OSError as fault:
                raise _sentence(fault, path) from None
        batch.settle()
        batch.place()


@contextmanager
def _one(path: str) -> Iterator[tuple["FileBatch", str]]:
    check_path_allowed(path)
    folder, name = os.path.split(path)
    if not name or os.path.isdir(path):
        raise WrongUse(f"{path} is a folder. Nothing was written. Give the name of a file.")
    with _opened(folder or ".") as handle, _cleaned(FileBatch(folder, handle)) as batch:
        yield batch, name


@contextmanager
def file_batch(folder: str) -> Iterator["FileBatch"]:
    """Open a batch of files in one folder that appear together, at `place()`; if anything fails, none does.

    The folder is made where there is none. Raises WrongUse where it cannot be used.
    """
    check_path_allowed(folder)
    bare = folder.rstrip("/") or folder  # a link followed by a slash would be followed
    if os.path.islink(bare):
        raise WrongUse(f"{folder} is a link. Nothing was written. Use the folder it leads to.")
    made = False
    try:
        os.mkdir(folder, 0o700)
        made = True
    except FileExistsError:
        pass
    except OSError as fault:
        raise _sentence(fault, folder) from None
    try:
        with _opened(bare, os.O_NOFOLLOW) as handle, _cleaned(FileBatch(folder, handle)) as batch:
            yield batch
    except BaseException:
        if made:
            with suppress(OSError):
                os.rmdir(folder)
        raise


class FileBatch:
    """Files under temporary names: added, settled, then placed all together.

    `private` files stay readable by their owner alone even where they replace a file that others may read; `refusal` is
    the text after the path of a file in the way.
    """

    def __init__(self, folder: str, handle: int) -> None:
        self._folder, self._handle = folder, handle
        self._waiting: dict[str, tuple[str, MayReplace]] = {}
        self._placed: list[str] = []
        self.private = False
        self.refusal = Remark(
            "already exists and is a different file. Nothing was written. Choose another place, or move it."
        )

    def add(self, name: str, data: bytes, *, may_replace: MayReplace = never_replace) -> None:
        """Write a file under a temporary name. Raises Duplicate and WrongUse."""
        try:
            with self.open(name, may_replace=may_replace) as file:
                file.write(data)
        except OSError as fault:
            raise _sentence(fault, self._path(name)) from None

    def open(self, name: str, *, may_replace: MayReplace = never_replace) -> BinaryIO:
        """Open a file to write, under a temporary name. Raises Duplicate and WrongUse."""
        self._mode_of_replaced(name, may_replace)
        temporary = f".{secrets.token_hex(8)}{PART}"
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(temporary, flags, 0o600, dir_fd=self._handle)
        except OSError as fault:
            raise _sentence(fault, self._path(name)) from None
        if not self._waiting:
            _clear_abandoned(self._handle, now=os.fstat(handle).st_mtime)
        self._waiting[name] = (temporary, may_replace)
        return open(handle, "w+b")

    def settle(self) -> None:
        """Make sure the files have reached the disk; for many files all at once, which is far faster than one by
        one."""
        if len(self._waiting) > MANY and _sync_all(self._handle):
            return
        try:
            for temporary, _ in self._waiting.values():
                handle = os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._handle)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        except OSError as fault:
            raise _sentence(fault, self._folder or ".") from None

    def place(self) -> None:
        """Give all files, settled before, their names. Raises Duplicate and WrongUse."""
        name = ""
        try:
            for name, (temporary, may_replace) in list(self._waiting.items()):
                mode = self._mode_of_replaced(name, may_replace)
                if mode is None:
                    self._place_new(temporary, name)
                else:
                    if not self.private:
                        os.chmod(temporary, mode, dir_fd=self._handle)
                    os.replace(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
                del self._waiting[name]
            os.fsync(self._handle)
        except FileExistsError:
            raise self._occupied(name) from None
        except OSError as fault:
            raise _sentence(fault, self._path(name)) from None

    def remove(self) -> None:
        """Delete all files written by the batch, except those that replaced another."""
        for name in (*(temporary for temporary, _ in self._waiting.values()), *self._placed):
            with suppress(OSError):
                os.unlink(name, dir_fd=self._handle)

    def replaces(self, name: str, may_replace: MayReplace) -> bool:
        """Return whether a file of this name exists and may be replaced. Raises Duplicate and WrongUse."""
        return self._mode_of_replaced(name, may_replace) is not None

    def _place_new(self, temporary: str, name: str) -> None:
        """Name a new file by a hard link, which fails where a rename would replace a file written meanwhile."""
        try:
            os.link(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False)
            self._placed.append(name)
            os.unlink(temporary, dir_fd=self._handle)
        except OSError as fault:
            if fault.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            # A USB stick or network drive without hard links: reserve the name with an empty file, then replace that.
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=self._handle))
            self._placed.append(name)
            os.replace(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def _mode_of_replaced(self, name: str, may_replace: MayReplace) -> int | None:
        """Return the permissions of the file to be replaced, None where there is none.

        A published feed stays readable by others: a new edition keeps its permissions.
        """
        try:
            about = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
            if stat.S_ISLNK(about.st_mode):
                raise WrongUse(f"{self._path(name)} is a link. Nothing was written. Use the file it leads to.")
            if not stat.S_ISREG(about.st_mode):
                raise self._occupied(name)
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with open(os.open(name, flags, dir_fd=self._handle), "rb") as file:
                if not may_replace(file.read(LARGEST_OF_OURS)):
                    raise self._occupied(name)
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise _sentence(fault, self._path(name)) from None
        return stat.S_IMODE(about.st_mode)

    def _occupied(self, name: str) -> CscError:
        return Duplicate(f"{self._path(name)} {self.refusal}", self.refusal.remedy)

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)


def _clear_abandoned(folder: int, *, now: float) -> None:
    """Delete temporary files that killed programs of this account left in an open folder.

    `now` comes from the disk's clock, which on a network share is not ours.
    """
    for name in os.listdir(folder):
        if not name.endswith(PART) or not _PART.fullmatch(name):
            continue
        with suppress(OSError):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if about.st_uid == os.geteuid() and now - about.st_mtime > ABANDONED:
                os.unlink(name, dir_fd=folder)


def _sync_all(handle: int) -> bool:
    """Write all data of an open folder's disk to it at once; return whether that was possible.

    Ten thousand files one by one take ten seconds and more; syncfs(2), on Linux only, takes a tenth of a second.
    """
    import ctypes

    try:
        return bool(ctypes.CDLL(None, use_errno=True).syncfs(handle) == 0)
    except (OSError, AttributeError):
        return False


@contextmanager
def _cleaned(batch: FileBatch) -> Iterator[FileBatch]:
    try:
        yield batch
    except BaseException:
        batch.remove()
        raise


@contextmanager
def _opened(folder: str, flag: int = 0) -> Iterator[int]:
    """Open the folder and keep it open, so that nobody can replace it halfway."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | flag)
    except OSError as fault:
        raise _sentence(fault, folder) from None
    try:
        yield handle
    finally:
        os.close(handle)


def _sentence(fault: OSError, path: str) -> CscError:
    return WrongUse(f"{path} cannot be written: {describe_os_fault(fault)}. Nothing was written. Name another place.")
