"""Which mail server to send by, as [mail] of the settings file says; the password is never in it."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass

from csc_tui import config
from db.errors import WrongUse
from exports.smtp import Security, Server

_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_HERE = ("localhost", "127.0.0.1", "::1")
_KINDS: Mapping[str, type] = {
    "host": str, "port": int, "security": str, "user": str, "password_file": str, "keyring": str, "authorities": str,
    "per_minute": int,
}  # fmt: skip
PER_MINUTE = 60
"""How many messages a minute, where the settings do not say; 0 there is as many as the server takes."""
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server, and how many messages a minute it is given."""

    server: Server
    per_minute: int


def configured() -> MailServer:
    """Raises WrongUse, with the file and the key, where it is not all said."""
    said = config.load().get("mail")
    where = f"The settings file {config.settings_path()}"
    if not isinstance(said, dict) or not said:
        raise WrongUse(
            f"No mail server is named, so nothing can be sent. {where} wants a part [mail] with host = "
            '"smtp.example.org", user = "..." and password_file = "...". Without one: csc outbox write --to DIR.'
        )
    for key, value in said.items():
        if key == "password":
            raise WrongUse(
                f"{where}: a password does not belong in [mail]. Put it into a file that only you can read (chmod 600) "
                "and name that as password_file."
            )
        if key not in _KINDS:
            raise WrongUse(f"{where}: [mail] has a key '{key}' that means nothing. Known: {', '.join(_KINDS)}.")
        if not isinstance(value, _KINDS[key]) or isinstance(value, bool):
            kind = "a whole number" if _KINDS[key] is int else "text in quotes"
            raise WrongUse(f"{where}: '{key}' in [mail] should be {kind}, not {value!r}.")
    host = str(said.get("host", "")).strip()
    if not host or any(sign.isspace() for sign in host):
        raise WrongUse(f"{where}: [mail] wants host, the name of the mail server.")
    security = _security(where, str(said.get("security", Security.STARTTLS)), host)
    port = int(said.get("port", _PORTS[security]))
    per_minute = int(said.get("per_minute", PER_MINUTE))
    if not 0 < port < 65536 or per_minute < 0:
        raise WrongUse(f"{where}: in [mail], port is from 1 to 65535 and per_minute 0 or more.")
    user = str(said.get("user", ""))
    authorities = os.path.expanduser(str(said.get("authorities", "")))
    return MailServer(
        Server(host, port, security, user, _password(where, said, user) if user else "", authorities), per_minute
    )


def _security(where: str, said: str, host: str) -> Security:
    try:
        security = Security(said.lower())
    except ValueError:
        raise WrongUse(f"{where}: security in [mail] is one of {', '.join(Security)}, not '{said}'.") from None
    if security is Security.NONE and host not in _HERE:
        raise WrongUse(
            f'{where}: security = "none" in [mail] is only for a mail server on this machine, for names and '
            f"addresses would cross the network in the open. {host} wants starttls or tls."
        )
    return security


def _password(where: str, said: Mapping[str, object], user: str) -> str:
    if said.get("password_file"):
        return _from_file(where, os.path.expanduser(str(said["password_file"])))
    if said.get("keyring"):
        return _from_keyring(where, str(said["keyring"]), user)
    raise WrongUse(
        f"{where}: [mail] has a user and no password_file. Put the password into a file that only you can read "
        "(chmod 600) and name it there, or name the keyring's entry as keyring."
    )


def _from_file(where: str, path: str) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise WrongUse(f"{where}: password_file {path} cannot be read ({fault.strerror}).") from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise WrongUse(f"{where}: password_file {path} is not a file.")
    with open(handle, "rb") as file:
        if about.st_mode & 0o077:
            raise WrongUse(f"{where}: others can read password_file {path}. Keep it to yourself: chmod 600 {path}.")
        data = file.read(LONGEST + 1)
    try:
        password = data.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        password = ""
    if not password or len(data) > LONGEST or any(sign in password for sign in "\r\n\0"):
        raise WrongUse(f"{where}: password_file {path} should hold one line, the password.")
    return password


def _from_keyring(where: str, service: str, user: str) -> str:
    try:
        import keyring
    except ImportError:
        raise WrongUse(
            f"{where}: [mail] asks the keyring, and the library for it is not installed: pip install "
            "'csc-tui[keyring]'. Or name a password_file."
        ) from None
    try:
        password = keyring.get_password(service, user)
    except Exception as fault:  # each system's keyring has faults of its own
        raise WrongUse(f"{where}: the keyring did not answer ({type(fault).__name__}). Name a password_file.") from None
    if not password:
        raise WrongUse(f"{where}: the keyring has no password of '{user}' for '{service}'. keyring set keeps one.")
    return str(password)
