"""Reads messages and calendar files from a disk: single files, folders, Maildirs and mbox files."""

import os
import stat
import sys
from collections.abc import Iterator

from db.errors import WrongUse
from db.records.os_faults import describe_os_fault
from exports.files import check_path_allowed

LARGEST_FILE = 2_000_000_000
"""The most bytes of an mbox; its messages are read one by one."""
MOST_FILES = 200_000
_LARGEST_MESSAGE = 31_000_000
"""The most bytes read of one message: a little more than the limit, so that it is reported as too large."""
FoundMail = tuple[str, bytes]
"""The place where the mail was found, and its bytes."""


def read_mail_files(path: str) -> Iterator[FoundMail]:
    """Yield every message or calendar file at a path; `-` is stdin. Raises WrongUse."""
    if path == "-":
        yield "stdin", sys.stdin.buffer.read(_LARGEST_MESSAGE)
        return
    try:
        yield from _folder(path) if os.path.isdir(path) else _file(path)
    except OSError as fault:
        raise WrongUse(f"{path} could not be read to its end ({describe_os_fault(fault)}). Read it again.") from None


def is_mail_collection(path: str) -> bool:
    """Return whether the path holds mail of all kinds, where mails that are no replies need no report.

    Raises WrongUse where the path does not exist or cannot be read.
    """
    if path == "-":
        return False
    check_path_allowed(path)
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            os.listdir(path)
            return True
        if stat.S_ISREG(kind):
            return _is_mbox(path)
    except OSError as fault:
        raise WrongUse(f"{path} cannot be read ({describe_os_fault(fault)}). Nothing was changed.") from None
    raise WrongUse(f"{path} is not a file or a folder. Nothing was changed.")


def _folder(path: str) -> Iterator[FoundMail]:
    """Yield the new and current mails of a Maildir, or the .ics and .eml files of a plain folder."""
    parts = [os.path.join(path, name) for name in ("new", "cur")]
    is_maildir = all(map(os.path.isdir, parts))
    files = sorted(
        each.path
        for part in (parts if is_maildir else [path])
        for each in os.scandir(part)
        if each.is_file(follow_symlinks=False)
        and not each.name.startswith(".")
        and (is_maildir or each.name.lower().endswith((".ics", ".eml")))
    )
    if len(files) > MOST_FILES:
        raise WrongUse(f"{path} has more than {MOST_FILES:,} messages. Nothing was changed. Read it in parts.")
    for file in files:
        try:
            yield from _file(file)
        except FileNotFoundError:
            continue  # another program moved it from new to cur meanwhile; the next run finds it


def _file(path: str) -> Iterator[FoundMail]:
    if _is_mbox(path):
        yield from _mbox(path)
        return
    with open(path, "rb") as file:
        yield path, file.read(_LARGEST_MESSAGE)


def _is_mbox(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(5) == b"From "


def _mbox(path: str) -> Iterator[FoundMail]:
    """Yield each message of an mbox (RFC 4155), with `>From ` in its text unescaped."""
    if os.path.getsize(path) > LARGEST_FILE:
        raise WrongUse(f"{path} is larger than {LARGEST_FILE // 1_000_000:,} MB. Nothing was changed. Split it.")
    lines: list[bytes] = []
    number, size, blank = 0, 0, True
    with open(path, "rb") as file:
        while line := file.readline(1_000_000):
            if line.startswith(b"From ") and blank:
                if number:
                    yield f"{path} message {number}", b"".join(lines)
                number, size, lines = number + 1, 0, []
                continue
            blank = not line.strip()
            size += len(line)
            if size < _LARGEST_MESSAGE:
                lines.append(line[1:] if line.startswith(b">From ") else line)
    if number:
        yield f"{path} message {number}", b"".join(lines)
