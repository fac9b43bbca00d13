"""Reads the settings: an option comes before the environment, that before the settings file, that before the default.

An error names the file and the key.
"""

from __future__ import annotations

import os
import sys

from db.errors import WrongUse

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would slow every look-up, see db.lookups
    from collections.abc import Mapping

SETTING_KINDS = {"db": str, "theme": str, "plain": bool, "keys": dict, "mail": dict, "caldav": dict, "imap": dict}
SERVER_SCHEMES = ("postgresql://", "postgres://")
_KINDS = {str: "text in quotes", bool: "true or false", dict: "a table"}


def settings_path() -> str:
    """Return the path of the settings file, whether or not it exists."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(base, "csc-tui", "settings.toml")


def default_database() -> str:
    """Return the path of the database that is used when nothing else names one."""
    base = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(base, "csc-tui", "csc.db")


def state_folder() -> str:
    """Return the folder for what the program remembers on this machine, such as drafts."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(base, "csc-tui")


def load_settings() -> Mapping[str, object]:
    """Read the settings file; empty where there is none. Raises WrongUse."""
    path = settings_path()
    try:
        with open(path, "rb") as file:
            import tomllib  # imported here because most people have no settings file

            settings = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise WrongUse(f"The settings file {path} cannot be read: {fault}.") from None
    for key, value in settings.items():
        if key not in SETTING_KINDS:
            raise WrongUse(
                f"The settings file {path} has an unknown key '{key}'. The keys are: {', '.join(SETTING_KINDS)}."
            )
        if not isinstance(value, SETTING_KINDS[key]):
            raise WrongUse(f"The settings file {path}: '{key}' should be {_KINDS[SETTING_KINDS[key]]}, not {value!r}.")
    return settings


def database_location(flag: str | None) -> str:
    """Return the database to work on: from --db, CSC_DB, the settings file's `db`, or the default. Raises WrongUse."""
    chosen = flag or os.environ.get("CSC_DB") or str(load_settings().get("db", "")) or default_database()
    if "://" not in chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    if not chosen.startswith(SERVER_SCHEMES):
        raise WrongUse(
            f"The address of the database begins with '{chosen.partition('://')[0]}://', which is not supported. "
            "Nothing was created. Use postgresql://USER@HOST/NAME for a server, or the path of a file."
        )
    return chosen


def current_actor(flag: str | None) -> str:
    """Return the name of the person acting: from --as, or the account the program runs under.

    The environment is never asked, because a caller can forge it.
    """
    if flag:
        return flag
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"


def is_terminal() -> bool:
    """Return whether the output goes to a terminal rather than to a file or a pipe."""
    return sys.stdout.isatty()
