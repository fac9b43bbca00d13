"""The mail server to send by, from the part [mail] of the settings file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from csc_tui.base import credentials
from db.errors import WrongUse
from db.records.remedies import Remedy, RemedyKind
from exports.smtp import Security, SmtpServer

_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_HERE = ("localhost", "127.0.0.1", "::1")
_KINDS: Mapping[str, type] = {
    "host": str, "port": int, "security": str, "authorities": str, "per_minute": int,
}  # fmt: skip
PER_MINUTE = 60
"""The messages sent in a minute where the settings do not say; a setting of 0 means no limit."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server, and the number of messages it is given in a minute."""

    server: SmtpServer
    per_minute: int


def get_mail_server() -> MailServer:
    """Return the mail server from the settings.

    Raises WrongUse, naming the file and the key, when a setting is missing.
    """
    said, where = credentials.load_section("mail", _KINDS), credentials.name_settings_file()
    if not said:
        raise WrongUse(
            f"No mail server is set up, so nothing can be sent. {where} needs a section [mail] with host = "
            '"smtp.example.org", user = "..." and password_file = "...".',
            Remedy(RemedyKind.WRITE_MESSAGES),
        )
    host = str(said.get("host", "")).strip()
    if not host or any(sign.isspace() for sign in host):
        raise WrongUse(f"{where}: [mail] needs host, the name of the mail server.")
    security = _security(where, str(said.get("security", Security.STARTTLS)), host)
    port = int(str(said.get("port", _PORTS[security])))
    per_minute = int(str(said.get("per_minute", PER_MINUTE)))
    if not 0 < port < 65536 or per_minute < 0:
        raise WrongUse(f"{where}: in [mail], port is from 1 to 65535 and per_minute 0 or more.")
    account = credentials.load_account("mail", said)
    authorities = os.path.expanduser(str(said.get("authorities", "")))
    return MailServer(SmtpServer(host, port, security, account.user, account.password, authorities), per_minute)


def _security(where: str, said: str, host: str) -> Security:
    try:
        security = Security(said.lower())
    except ValueError:
        raise WrongUse(f"{where}: security in [mail] is one of {', '.join(Security)}, not '{said}'.") from None
    if security is Security.NONE and host not in _HERE:
        raise WrongUse(
            f'{where}: security = "none" in [mail] is only for a mail server on this machine: elsewhere, '
            f"names and addresses would be sent unencrypted. Use starttls or tls for {host}."
        )
    return security
