"""Settings: flag before environment before file before default. An error names the file and the key."""

from __future__ import annotations

import os
import sys

from db.errors import WrongUse

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Mapping

SETTING_KINDS = {"db": str, "theme": str, "plain": bool, "keys": dict, "mail": dict, "caldav": dict, "imap": dict}
_KINDS = {str: "text in quotes", bool: "true or false", dict: "a table"}


def settings_path() -> str:
    """Where the settings file is looked for."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(base, "csc-tui", "settings.toml")


def default_database() -> str:
    """Where the database is when nothing says otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(base, "csc-tui", "csc.db")


def load_settings() -> Mapping[str, object]:
    """What the settings file says; nothing where there is none. Raises WrongUse."""
    path = settings_path()
    try:
        with open(path, "rb") as file:
            import tomllib  # only who has a file pays for the parser

            settings = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise WrongUse(f"The settings file {path} cannot be read: {fault}.") from None
    for key, value in settings.items():
        if key not in SETTING_KINDS:
            raise WrongUse(
                f"The settings file {path} has a key '{key}' that means nothing. Known: {', '.join(SETTING_KINDS)}."
            )
        if not isinstance(value, SETTING_KINDS[key]):
            raise WrongUse(f"The settings file {path}: '{key}' should be {_KINDS[SETTING_KINDS[key]]}, not {value!r}.")
    return settings


def database_location(flag: str | None) -> str:
    """The database to work on: --db, CSC_DB, the settings file's `db`, the default."""
    chosen = flag or os.environ.get("CSC_DB") or str(load_settings().get("db", "")) or default_database()
    return chosen if "://" in chosen else os.path.abspath(os.path.expanduser(chosen))


def current_actor(flag: str | None) -> str:
    """Who acts: --as, or the account this runs under. Never the environment, which a caller can forge."""
    if flag:
        return flag
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"


def is_terminal() -> bool:
    """Whether a person looks at the output."""
    return sys.stdout.isatty()
