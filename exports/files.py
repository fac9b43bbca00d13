"""Writes files safely: whole or not at all, for their owner alone, never through a link or over what is not ours."""

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

MayReplace = Callable[[bytes], bool]
"""Given what a file holds now, whether it may be replaced."""
MANY = 50
"""Files that are settled one by one; more of them all together, with whatever else the disk has waiting."""
LARGEST_OF_OURS = 1 << 26
"""Bytes of a file in the way that are looked at."""
PART = ".part"
"""How the name of a file ends until it is whole."""
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
ABANDONED = 24 * 60 * 60
"""Seconds after which such a file is what a program that was killed left behind."""


_within = ""


def confine_files(folder: str) -> None:
    """From now on this process reads and writes no file that is named to it but in this folder. Raises WrongUse."""
    global _within
    if not os.path.isdir(folder):
        raise WrongUse(f"There is no folder {folder}, to which --files would keep what is read and written.")
    _within = os.path.realpath(folder)


def check_path_allowed(path: str) -> None:
    """Raise WrongUse for a place outside the folder of confine_files(), whatever links lead there."""
    if _within and os.path.commonpath([_within, os.path.realpath(path)]) != _within:
        name = os.path.basename(path.rstrip("/"))
        raise WrongUse(
            f"{path} is outside {_within}, and through this key files are read and written in there alone. "
            f"Nothing was read or written. Name {os.path.join(_within, name)}, or another in there."
        )


def never_replace(_: bytes) -> bool:
    """The judge that lets nothing be replaced."""
    return False


def safe_file_name(text: str) -> str:
    """A file's name, or a part of it, out of any text: plain letters, digits, dots and hyphens, at most 60 of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip(".-")[:60].strip(".-") or "unnamed"


def write_file(path: str, data: bytes, *, may_replace: MayReplace = never_replace) -> None:
    """One file. Raises Duplicate if another is there that may not be replaced, WrongUse where none can be written."""
    with _one(path) as (batch, name):
        batch.add(name, data, may_replace=may_replace)
        batch.settle()
        batch.place()


def replaces_file(path: str, *, may_replace: MayReplace = never_replace) -> bool:
    """Whether write_file() would take the place of a file that is there; nothing is written. Raises what write_file()
    raises for the path."""
    with _one(path) as (batch, name):
        return batch.replaces(name, may_replace)


@contextmanager
def file_writer(path: str, *, replace: bool = False) -> Iterator[BinaryIO]:
    """One file to write to, piece by piece, that appears at the end; if anything fails it does not.

    Raises Duplicate if another is there and it was not said that it may be replaced, WrongUse.
    """
    with _one(path) as (batch, name):
        batch.private = True
        if not replace:
            batch.refusal = (
                "exists already. It was left untouched, nothing was written. Add --replace, or name another."
            )
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
        raise WrongUse(f"{path} is a folder. Nothing was written. Name a file.")
    with _opened(folder or ".") as handle, _cleaned(FileBatch(folder, handle)) as batch:
        yield batch, name


@contextmanager
def file_batch(folder: str) -> Iterator["FileBatch"]:
    """Files of one folder that appear together, at `place()`; if anything fails, none of them does.

    The folder is made when it is not there. Raises WrongUse where it cannot be used.
    """
    check_path_allowed(folder)
    bare = folder.rstrip("/") or folder  # a link with a slash behind it would be followed
    if os.path.islink(bare):
        raise WrongUse(f"{folder} is a link. Nothing was written. Name the folder it leads to.")
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

    `private` files are for their owner alone even where they replace one that was not; `refusal` is what is said of a
    file in the way.
    """

    def __init__(self, folder: str, handle: int) -> None:
        self._folder, self._handle = folder, handle
        self._waiting: dict[str, tuple[str, MayReplace]] = {}
        self._placed: list[str] = []
        self.private = False
        self.refusal = (
            "exists already and is something else. It was left untouched, nothing was written. "
            "Name another place, or move it away."
        )

    def add(self, name: str, data: bytes, *, may_replace: MayReplace = never_replace) -> None:
        """Write the file under a temporary name. Raises Duplicate, WrongUse."""
        try:
            with self.open(name, may_replace=may_replace) as file:
                file.write(data)
        except OSError as fault:
            raise _sentence(fault, self._path(name)) from None

    def open(self, name: str, *, may_replace: MayReplace = never_replace) -> BinaryIO:
        """The file to write to, under a temporary name. Raises Duplicate, WrongUse."""
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
        """See that the disk holds what was written: all together, which costs far less than file by file."""
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
        """Give all files, settled by now, their names. Raises Duplicate, WrongUse."""
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
        """Take back all that was written; a file that took another's place stays."""
        for name in (*(temporary for temporary, _ in self._waiting.values()), *self._placed):
            with suppress(OSError):
                os.unlink(name, dir_fd=self._handle)

    def replaces(self, name: str, may_replace: MayReplace) -> bool:
        """Whether a file of this name is there, and may be replaced. Raises Duplicate, WrongUse."""
        return self._mode_of_replaced(name, may_replace) is not None

    def _place_new(self, temporary: str, name: str) -> None:
        """A link fails where a rename would silently replace what somebody put there meanwhile."""
        try:
            os.link(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False)
            self._placed.append(name)
            os.unlink(temporary, dir_fd=self._handle)
        except OSError as fault:
            if fault.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            # A USB stick or a network drive without links: hold the name, then take it.
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=self._handle))
            self._placed.append(name)
            os.replace(temporary, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def _mode_of_replaced(self, name: str, may_replace: MayReplace) -> int | None:
        """The permissions of the file that will be replaced, None where there is none.

        Whoever published a feed for others to read let them read it; a new edition leaves that as it is.
        """
        try:
            about = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
            if stat.S_ISLNK(about.st_mode):
                raise WrongUse(f"{self._path(name)} is a link. Nothing was written. Name the file it leads to.")
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
        return Duplicate(f"{self._path(name)} {self.refusal}")

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)


def _clear_abandoned(folder: int, *, now: float) -> None:
    """Take what programs of this account that were killed left in an open folder; `now` is by the clock of its disk,
    which on a network share is another than ours."""
    for name in os.listdir(folder):
        if not name.endswith(PART) or not _PART.fullmatch(name):
            continue
        with suppress(OSError):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if about.st_uid == os.geteuid() and now - about.st_mtime > ABANDONED:
                os.unlink(name, dir_fd=folder)


def _sync_all(handle: int) -> bool:
    """See that the disk of an open folder holds all that was written to it, in one go; whether that could be done.

    Ten thousand files one after the other take ten seconds and more; syncfs(2), of Linux alone, takes a tenth of one.
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
    """A handle on the folder, so that nobody can put another in its place halfway."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | flag)
    except OSError as fault:
        raise _sentence(fault, folder) from None
    try:
        yield handle
    finally:
        os.close(handle)


def _sentence(fault: OSError, path: str) -> CscError:
    why = {
        errno.ENOENT: "there is no such folder",
        errno.ENOTDIR: "it is not a folder",
        errno.EACCES: "this account may not write there",
        errno.EPERM: "this account may not write there",
        errno.EROFS: "nothing can be changed there",
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "this account's share of the disk is used up",
        errno.ENAMETOOLONG: "the name is too long",
    }.get(fault.errno or 0, fault.strerror or "it did not work")
    return WrongUse(f"{path} cannot be written: {why}. Nothing was written. Name another place.")
