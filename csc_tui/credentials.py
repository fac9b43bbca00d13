"""Who the program is to servers: user from the settings file, password from a file of its own or the keyring.

Never from the command line, where others see it, and never in a log.
"""

import os
import stat
from collections.abc import Mapping

from csc_tui import config
from db.errors import WrongUse
from db.records import Account

_COMMON: Mapping[str, type] = {"user": str, "password_file": str, "keyring": str}


def section(name: str, kinds: Mapping[str, type]) -> Mapping[str, object]:
    """The settings file's `[name]`, which may have these keys besides those of account(). Raises WrongUse."""
    found = config.load().get(name, {})
    if not isinstance(found, dict):
        return {}
    known = {**kinds, **_COMMON}
    for key, value in found.items():
        if key == "password":
            raise WrongUse(
                f"{_where(name)}: a password does not belong there. Put it into a file of its own that only you can "
                "read (chmod 600), and its path into password_file."
            )
        if key not in known:
            raise WrongUse(f"{_where(name)} has a key '{key}' that means nothing. Known: {', '.join(known)}.")
        if not isinstance(value, known[key]) or isinstance(value, bool):
            kind = "a whole number" if known[key] is int else "text in quotes"
            raise WrongUse(f"{_where(name)}: '{key}' should be {kind}, not {value!r}.")
    return found


def account(name: str, settings: Mapping[str, object]) -> Account:
    """User and password of a section; nobody where it names none. Raises WrongUse."""
    user = str(settings.get("user", ""))
    if path := settings.get("password_file"):
        return Account(user, _from_file(name, os.path.expanduser(str(path))))
    if user and (entry := settings.get("keyring")):
        return Account(user, _from_keyring(name, str(entry), user))
    return Account(user)


def _from_file(name: str, path: str) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise WrongUse(f"{_where(name)}: the password file {path} cannot be read ({fault.strerror}).") from None
    with open(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise WrongUse(f"{_where(name)}: {path} is no file with a password.")
        if about.st_mode & 0o077 or about.st_uid not in (0, os.geteuid()):
            raise WrongUse(
                f"{_where(name)}: others can read the password file {path}. It was not used. Make it yours alone: "
                f"chmod 600 {path}."
            )
        data = file.read(10_000)
    try:
        first = data.decode().splitlines()[0]
    except (UnicodeDecodeError, IndexError):
        first = ""
    if not first or not first.isprintable():
        raise WrongUse(f"{_where(name)}: the password file {path} has no password in its first line.")
    return first


def _from_keyring(name: str, entry: str, user: str) -> str:
    try:
        import keyring
    except ImportError:
        raise WrongUse(
            f"{_where(name)}: the keyring needs one more library. Whoever installed csc-tui can add it: "
            "pip install 'csc-tui[keyring]'. Or put the password into a file and name it in password_file."
        ) from None
    try:
        found: str | None = keyring.get_password(entry, user)
    except keyring.errors.KeyringError:
        found = None
    if not found:
        raise WrongUse(
            f"{_where(name)}: the keyring has no password of {user} for '{entry}', or cannot be opened here. "
            f"To put one in: keyring set '{entry}' {user}."
        )
    return found


def _where(name: str) -> str:
    return f"[{name}] of the settings file {config.settings_path()}"
