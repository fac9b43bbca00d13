"""`reply`: the answers to invitations that come back."""

from collections import Counter
from collections.abc import Sequence

import click

from csc_tui.base import credentials
from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.mail import replies
from csc_tui.core.mail.reply_rules import SPOKEN_REPLIES, VERDICTS_TO_DECIDE, ReplyVerdict
from db.records.mail import DeclinedPlace

NAMED = 5
"""So many of the suggested cancellations are named; the others are counted."""


@click.command(epilog="Host, user, password_file or keyring, folder and security stand in [imap] of the settings file.")
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--imap", is_flag=True, help="Read the folder on the mail server that [imap] of the settings names.")
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=replies.DAYS_BACK,
    show_default=True,
    help="How far back, with --imap.",
)
@click.option("--declined", is_flag=True, help="List who declined a session to come and still holds a place.")
@options.dry_run
@click.pass_obj
def reply(call: Call, files: tuple[str, ...], imap: bool, days: int, declined: bool, dry_run: bool) -> int:
    """Read the answers to invitations out of .ics and .eml files, mbox files, Maildirs and folders; - is stdin.

    Each answer is held against what was sent last. What is older than what is known, from somebody who was not invited
    or about something else changes nothing and is listed. So does a mail that came from another address than the
    invited person's, and one that proposes another time: today asks you to decide. Nobody loses a place by declining:
    csc cancel does that.
    """
    ctx = call.context()
    if declined:
        stdout.print_records(call.form, DeclinedPlace, replies.list_declined_invitations(ctx))
        return stderr.DONE
    if not files and not imap:
        raise click.UsageError("Say which FILE to read, or --imap, or --declined")
    store = credentials.load_mailstore() if imap else None
    done = replies.import_replies(ctx, replies.list_reply_sources(ctx, files, store=store, days=days), dry_run=dry_run)
    if done.answered or call.form in ("csv", "json"):
        stdout.print_records(call.form, replies.ReplyResult, done.answered)
    stderr.remark(_summary(done))
    options.remark_dry_run(dry_run)
    _suggest(done.answered, replies.list_declined_invitations(ctx))
    _ask(done.answered)
    return stderr.DONE if done.answered else stderr.NOTHING_FOUND


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON")
@click.argument("answer", metavar="ANSWER", type=click.Choice(list(SPOKEN_REPLIES), case_sensitive=False))
@click.option("--session", "number", type=int, metavar="N", help="Only to this session; else to all that are to come.")
@options.dry_run
@click.pass_obj
def rsvp(call: Call, reference: str, person: str, answer: str, number: int | None, dry_run: bool) -> None:
    """Note what PERSON said they answer to their invitations to EVENT: on the telephone, or across the desk.

    ANSWER is accepted, tentative, declined, or none, which takes a wrong answer back. Their calendar's own answer
    counts again if it is given later. Nobody loses a place by declining: csc cancel does that.
    """
    ctx = call.context()
    done = cli_changes.make_or_preview(
        ctx, lambda ctx: replies.record_spoken_reply(ctx, reference, person, answer, session=number), dry_run=dry_run
    )
    stdout.print_records(call.form, replies.SpokenReply, done)
    options.remark_dry_run(dry_run)
    if answer == "declined" and not dry_run:
        stderr.remark(_to_give_up(done[0].name, done[0].event, done[0].person))


def _to_give_up(name: str, event: str, person: str) -> str:
    return f"{name} still holds the place. To give it up: csc cancel {event} '{person}' --reason TEXT."


def _summary(done: replies.RepliesReport) -> str:
    numbers = Counter(each.outcome.partition(":")[0] for each in done.answered)
    parts = [f"{number} {outcome}" for outcome, number in numbers.most_common()]
    said = f"{format_count(len(done.answered), 'answer')}{': ' + ', '.join(parts) if parts else ''}."
    return said + (f" {format_count(done.others, 'other message')} left alone." if done.others else "")


def _suggest(answered: Sequence[replies.ReplyResult], declined: Sequence[DeclinedPlace]) -> None:
    """Say whose place is to be given up, of those whose answer came now."""
    now = {(each.person, each.event, each.session) for each in answered if each.outcome == ReplyVerdict.RECORDED}
    fresh = [each for each in declined if (each.person, each.event, each.session) in now]
    for each in fresh[:NAMED]:
        stderr.remark(
            f"{each.name} declined session {each.session} of {each.event} and still holds the place. To give it up: "
            f"csc cancel {each.event} '{each.person}' --reason TEXT."
        )
    if len(fresh) > NAMED:
        stderr.remark(f"And {len(fresh) - NAMED} more: csc reply --declined lists them.")


def _ask(answered: Sequence[replies.ReplyResult]) -> None:
    """Say what is to be decided, and how."""
    asking = [each for each in answered if each.outcome in VERDICTS_TO_DECIDE]
    for each in asking[:NAMED]:
        sender = f" ({each.answered_by})" if each.outcome == ReplyVerdict.ANOTHER_SENDER else ""
        stderr.remark(
            f"{each.name} to session {each.session} of {each.event}: {each.partstat.lower()}, {each.outcome}{sender}. "
            f"Nothing was recorded. Ask, then note the answer: csc rsvp {each.event} '{each.person}' ANSWER "
            f"--session {each.session}."
        )
    if len(asking) > NAMED:
        stderr.remark(f"And {len(asking) - NAMED} more: csc today lists them.")
