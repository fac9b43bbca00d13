"""Writes the small files of a person's own state, such as drafts: whole, and readable by their owner alone."""

import contextlib
import os


def replace_state_file(path: str, text: str) -> None:
    """Give the file at `path` a new content in one step; it has mode 0600, in a folder of 0700. Raises OSError."""
    fresh = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)
        opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise
