"""Credentials for servers: the user from the settings file, the password from a file of its own or the keyring.

A password never comes from the command line, where others see it, and never gets into a log.
"""

import os
import stat
from collections.abc import Mapping

from csc_tui.base import config
from db.errors import WrongUse
from db.records.calendar import Credentials
from db.records.mail import ImapFolder
from db.records.os_faults import describe_os_fault

IMAP: Mapping[str, type] = {"host": str, "port": int, "security": str, "folder": str, "authorities": str}
"""Keys that [imap] of the settings file may hold, besides those of the account."""
LONGEST = 1024
"""The most bytes a password file may hold."""
PORTS = {"tls": 993, "starttls": 143}
_COMMON: Mapping[str, type] = {"user": str, "password_file": str, "keyring": str}


def load_section(name: str, kinds: Mapping[str, type]) -> Mapping[str, object]:
    """Read the section `[name]` of the settings file, which may hold the keys of `kinds` and those of the account.

    Raises WrongUse for any other key, a value of another type, or a password.
    """
    found = config.load_settings().get(name, {})
    if not isinstance(found, dict):
        return {}
    known = {**kinds, **_COMMON}
    for key, value in found.items():
        if key == "password":
            raise WrongUse(
                f"{name_settings_file()}: a password must not be written in [{name}]. Put it in a file that only "
                "you can read "
                "(chmod 600) and name that as password_file."
            )
        if key not in known:
            raise WrongUse(
                f"{name_settings_file()}: [{name}] has an unknown key '{key}'. The keys are: {', '.join(known)}."
            )
        if not isinstance(value, known[key]) or isinstance(value, bool):
            kind = "a whole number" if known[key] is int else "text in quotes"
            raise WrongUse(f"{name_settings_file()}: '{key}' in [{name}] should be {kind}, not {value!r}.")
    return found


def load_account(name: str, section: Mapping[str, object]) -> Credentials:
    """Return the user and password of a section; empty credentials where it names no user. Raises WrongUse."""
    user = str(section.get("user", ""))
    if not user:
        return Credentials()
    if path := section.get("password_file"):
        return Credentials(user, _from_file(os.path.expanduser(str(path))))
    if entry := section.get("keyring"):
        return Credentials(user, _from_keyring(name, str(entry), user))
    raise WrongUse(
        f"{name_settings_file()}: [{name}] has a user but no password_file. Put the password in a file that "
        "only you can read "
        "(chmod 600) and name that file there, or use the keyring."
    )


def name_settings_file() -> str:
    """Return the beginning of a sentence about the settings: `The settings file ~/.config/csc-tui/settings.toml`."""
    return f"The settings file {config.settings_path()}"


def load_mailstore() -> ImapFolder:
    """Return the mail folder that replies arrive in, from [imap]. Raises WrongUse."""
    section = load_section("imap", IMAP)
    host, security = str(section.get("host", "")).strip(), str(section.get("security", "tls")).lower()
    if not host:
        raise WrongUse(
            f"No mail server is set up: the settings file {config.settings_path()} needs a section [imap] with host = "
            '"imap.example.org", user = "..." and password_file = "...". Nothing was changed.'
        )
    if security not in PORTS:
        raise WrongUse(f"{name_settings_file()}: security in [imap] is {' or '.join(PORTS)}, not '{security}'.")
    port, authorities = (
        int(str(section.get("port", PORTS[security]))),
        os.path.expanduser(str(section.get("authorities", ""))),
    )
    folder = str(section.get("folder", "INBOX"))
    if not 0 < port < 65536:
        raise WrongUse(f"{name_settings_file()}: in [imap], port is from 1 to 65535.")
    if not (host + folder).isprintable():
        raise WrongUse(f"{name_settings_file()}: in [imap], host and folder are visible text.")
    return ImapFolder(host, port, security, folder, authorities, load_account("imap", section))


def load_calendar_server() -> tuple[str, Credentials]:
    """Return the address of the calendar to publish to, and the credentials for it, from [caldav].

    The address is empty where none is set. Raises WrongUse.
    """
    section = load_section("caldav", {"url": str})
    return str(section.get("url", "")), load_account("caldav", section)


def _from_file(path: str) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise WrongUse(
            f"{name_settings_file()}: password_file {path} cannot be read ({describe_os_fault(fault)})."
        ) from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise WrongUse(f"{name_settings_file()}: password_file {path} is not a file.")
    with open(handle, "rb") as file:
        if about.st_mode & 0o077 or about.st_uid not in (0, os.geteuid()):
            raise WrongUse(
                f"{name_settings_file()}: other users can read password_file {path}. Make it private: chmod 600 {path}."
            )
        data = file.read(LONGEST + 1)
    try:
        password = data.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        password = ""
    if not password or len(data) > LONGEST or any(sign in password for sign in "\r\n\0"):
        raise WrongUse(f"{name_settings_file()}: password_file {path} should hold one line, the password.")
    return password


def _from_keyring(name: str, service: str, user: str) -> str:
    try:
        import keyring
    except ImportError:
        raise WrongUse(
            f"{name_settings_file()}: [{name}] uses the keyring, but its library is not installed: pip install "
            "'csc-tui[keyring]'. Or name a password_file."
        ) from None
    try:
        password = keyring.get_password(service, user)
    except Exception as fault:  # every system's keyring raises errors of its own
        raise WrongUse(
            f"{name_settings_file()}: the keyring did not answer ({type(fault).__name__}). Name a password_file."
        ) from None
    if not password:
        raise WrongUse(
            f"{name_settings_file()}: the keyring has no password for '{user}' at '{service}'. Store it with keyring "
            "set."
        )
    return str(password)
