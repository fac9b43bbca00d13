"""The operating system's error numbers in words, for every file that is read or written."""

from __future__ import annotations

import errno

OS_FAULTS: dict[int, str] = {
    errno.EACCES: "this account is not allowed to",
    errno.EBUSY: "another program is using it",
    errno.EDQUOT: "this account's share of the disk is used up",
    errno.EEXIST: "there is a file of that name already",
    errno.EFBIG: "it is larger than this disk allows a file to be",
    errno.EHOSTDOWN: "the server of the network share does not answer",
    errno.EHOSTUNREACH: "the server of the network share cannot be reached",
    errno.EINVAL: "this disk does not allow it",
    errno.EIO: "the disk reports a fault",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "it is a link, and links are not followed here",
    errno.EMFILE: "too many files are open",
    errno.EMLINK: "it has too many names",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENODEV: "the disk is no longer there",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOLCK: "the network share does not allow locks",
    errno.ENOMEM: "this machine has no memory left",
    errno.ENOSPC: "the disk is full",
    errno.ENOTCONN: "the network share is not connected",
    errno.ENOTDIR: "it is not a folder",
    errno.ENOTEMPTY: "the folder is not empty",
    errno.ENXIO: "the disk is no longer there",
    errno.EOPNOTSUPP: "this disk does not allow it",
    errno.EPERM: "this account is not allowed to",
    errno.EROFS: "the disk can only be read",
    errno.ESTALE: "the network share has lost it",
    errno.ETIMEDOUT: "the network share does not answer",
    errno.ETXTBSY: "it is a program that is running",
    errno.EXDEV: "it is on another disk",
}
"""Error number -> the end of a sentence such as "/srv/csc.db cannot be written: ..."."""


def describe_os_fault(fault: OSError) -> str:
    """Return what went wrong in the words of OS_FAULTS, or else in the operating system's own."""
    return OS_FAULTS.get(fault.errno or 0) or fault.strerror or str(fault) or type(fault).__name__
