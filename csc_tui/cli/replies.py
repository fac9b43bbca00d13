"""`reply`: the answers to invitations that come back."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain

import click

from csc_tui import config, credentials
from csc_tui.cli import failures, options, output
from csc_tui.cli.call import Call
from csc_tui.domain.replying import Verdict
from csc_tui.services import replying
from csc_tui.text import count
from db.errors import WrongUse
from db.records import Declined, Mailstore

PORTS = {"tls": 993, "starttls": 143}
NAMED = 5
"""So many of the suggested cancellations are named; the others are counted."""


@click.command(epilog="Host, user, password_file or keyring, folder and security stand in [imap] of the settings file.")
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--imap", is_flag=True, help="Read the folder on the mail server that [imap] of the settings names.")
@click.option("--days", type=click.IntRange(1, 3660), default=60, show_default=True, help="How far back, with --imap.")
@click.option("--declined", is_flag=True, help="List who declined a session to come and still holds a place.")
@options.dry_run
@click.pass_obj
def reply(call: Call, files: tuple[str, ...], imap: bool, days: int, declined: bool, dry_run: bool) -> int:
    """Read the answers to invitations out of .ics and .eml files, mbox files, Maildirs and folders; - is stdin.

    Each answer is held against what was sent last. What is older than what is known, from somebody who was not invited
    or about something else changes nothing and is listed. Nobody loses a place by declining: csc cancel does that.
    """
    ctx = call.context()
    if declined:
        output.records(call.form, Declined, replying.declined(ctx))
        return failures.DONE
    if not files and not imap:
        raise click.UsageError("Say which FILE to read, or --imap, or --declined")
    sources = chain(_letters(files), _on_the_server(ctx.today() - timedelta(days=days)) if imap else ())
    done = replying.take(ctx, sources, dry_run=dry_run)
    if done.answered or call.form in ("csv", "json"):
        output.records(call.form, replying.Answered, done.answered)
    failures.remark(_summary(done))
    if dry_run:
        failures.remark(options.NOTHING_CHANGED)
    _suggest(done.answered, replying.declined(ctx))
    return failures.DONE if done.answered else failures.NOTHING_FOUND


def _letters(files: Sequence[str]) -> Iterator[tuple[str, bytes, bool]]:
    from exports import letters

    many = {path: letters.is_many(path) for path in files}  # all can be read before the first one changes anything
    for path in files:
        for source, data in letters.letters(path):
            yield source, data, many[path]


def _on_the_server(since: date) -> Iterator[tuple[str, bytes, bool]]:
    from exports import imap

    for each in imap.letters(_mailstore(), since):
        yield (*each, True) if each else ("", b"", True)


def _mailstore() -> Mailstore:
    """What [imap] of the settings file says. Raises WrongUse."""
    said = credentials.section(
        "imap", {"host": str, "port": int, "security": str, "folder": str, "authorities": str}
    )  # fmt: skip
    host, security = str(said.get("host", "")).strip(), str(said.get("security", "tls")).lower()
    if not host:
        raise WrongUse(
            f"No mail server is named: the settings file {config.settings_path()} wants a part [imap] with host = "
            '"imap.example.org", user = "..." and password_file = "...". Nothing was changed.'
        )
    if security not in PORTS:
        raise WrongUse(f"security in [imap] is {' or '.join(PORTS)}, not '{security}'. Nothing was changed.")
    return Mailstore(
        host, int(str(said.get("port", PORTS[security]))), security, str(said.get("folder", "INBOX")),
        os.path.expanduser(str(said.get("authorities", ""))), credentials.account("imap", said),
    )  # fmt: skip


def _summary(done: replying.Answers) -> str:
    numbers = Counter(each.outcome.partition(":")[0] for each in done.answered)
    parts = [f"{number} {outcome}" for outcome, number in numbers.most_common()]
    said = f"{count(len(done.answered), 'answer')}{': ' + ', '.join(parts) if parts else ''}."
    return said + (f" {count(done.others, 'other message')} left alone." if done.others else "")


def _suggest(answered: Sequence[replying.Answered], declined: Sequence[Declined]) -> None:
    """Say whose place is to be given up, of those whose answer came now."""
    now = {(each.person, each.event, each.session) for each in answered if each.outcome == Verdict.RECORDED}
    fresh = [each for each in declined if (each.person, each.event, each.session) in now]
    for each in fresh[:NAMED]:
        failures.remark(
            f"{each.name} declined session {each.session} of {each.event} and still holds the place. To give it up: "
            f"csc cancel {each.event} '{each.person}' --reason TEXT."
        )
    if len(fresh) > NAMED:
        failures.remark(f"And {len(fresh) - NAMED} more: csc reply --declined lists them.")
