"""invite, feed, reply and rsvp: calendar files for people and subscribers, and the replies that come back."""

from collections import Counter
from collections.abc import Sequence

import click

from csc_tui.base import credentials
from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.progress import progress_bar
from csc_tui.core.mail import invitations, replies
from csc_tui.core.mail.reply_rules import SPOKEN_REPLIES, VERDICTS_TO_DECIDE, ReplyVerdict
from db.records.mail import DeclinedPlace

MANY = 200
"""The invitations from which a progress bar is shown."""


@click.command()
@click.argument("event")
@click.option("--session", "number", type=int, metavar="N", help="Only for this session of the event.")
@click.option("--person", default="", help="Only for this person.")
@click.option("--facilitators", is_flag=True, help="Invite the facilitators instead of the learners.")
@click.option(
    "--to", "folder", required=True, metavar="DIR", help="The folder to write to; created if it does not exist."
)
@click.option("--eml", "mail", is_flag=True, help="Complete e-mails, ready to send, instead of calendar files.")
@click.option("--again", is_flag=True, help="Also write unchanged invitations again, exactly as before.")
@click.option("--dry-run", is_flag=True, help="Only list what is due.")
@click.pass_obj
def invite(
    call: Call,
    event: str,
    number: int | None,
    person: str,
    facilitators: bool,
    folder: str,
    mail: bool,
    again: bool,
    dry_run: bool,
) -> None:
    """Write the calendar invitations of EVENT that are due: new, changed and cancelled ones, each only once."""
    with progress_bar("Writing", least=MANY) as progress:
        done = invitations.write_invitations(
            call.context(),
            event,
            folder,
            invitations.InvitationOptions(number, person, facilitators=facilitators, again=again, mail=mail),
            dry_run=dry_run,
            progress=progress,
        )
    if done.written or call.form in ("csv", "json"):
        stdout.print_records(call.form, invitations.WrittenInvitation, done.written)
    for who in done.unreachable:
        stderr.remark(
            f"{who.name} was not invited: '{who.address}' is not an address that e-mail can be sent to. Correct it and "
            "invite again."
        )
    for sentence in dict.fromkeys(done.unwritten):
        stderr.remark(f"{sentence} Then invite again.")
    if not done.written:
        stderr.remark("No invitation is due.")
        return
    why = "; ".join(f"{reason} ({times})" for reason, times in done.reasons.most_common())
    would = "would be" if dry_run else "are"
    stderr.remark(f"{format_count(len(done.written), 'invitation')} {would} in {folder}: {why}.")


@click.command()
@click.option("--year", default="", metavar="2017/18", help="Only one programme year.")
@click.option("--strand", default="", help="Only one strand, by code or name.")
@click.option("--course", default="", help="Only one course, by code.")
@click.option("--person", default="", help="Only the sessions this person is booked on.")
@click.option("--venue", default="", help="Only venues with this in their names.")
@click.option("--facilitator", default="", metavar="PERSON", help="Only the sessions this person leads.")
@click.option("--to", "path", required=True, metavar="FILE", help="The file to write; an earlier feed is replaced.")
@click.pass_obj
def feed(call: Call, year: str, strand: str, course: str, person: str, venue: str, facilitator: str, path: str) -> None:
    """Write a calendar of sessions that people can subscribe to. It contains no e-mail addresses."""
    number = invitations.write_feed(
        call.context(),
        path,
        invitations.FeedScope(
            year=year, strand=strand, course=course, person=person, venue=venue, facilitator=facilitator
        ),
    )
    stderr.remark(f"{format_count(number, 'session')} in {path}.")


MOST_NAMED = 5
"""The most suggested cancellations that are named."""


@click.command(epilog="Set host, user, password_file or keyring, folder and security in [imap] of the settings file.")
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--imap", is_flag=True, help="Read the mail server folder set in [imap] of the settings file.")
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=replies.DAYS_BACK,
    show_default=True,
    help="How many days back to read, with --imap.",
)
@click.option("--declined", is_flag=True, help="List people who declined a future session and still have a place.")
@options.dry_run
@click.pass_obj
def reply(call: Call, files: tuple[str, ...], imap: bool, days: int, declined: bool, dry_run: bool) -> int:
    """Read replies to invitations from .ics and .eml files, mbox files, Maildirs and folders; - is stdin.

    Each reply is compared with what was sent last. Replies that are out of date, from someone who was not invited or
    about something else are listed and change nothing. So are replies from a different address than the invited one,
    and those that propose another time: csc today lists them for you to decide. A decline does not cancel the place:
    csc cancel does that.
    """
    ctx = call.context()
    if declined:
        stdout.print_records(call.form, DeclinedPlace, replies.list_declined_invitations(ctx))
        return stderr.DONE
    if not files and not imap:
        raise click.UsageError("Give a FILE to read, or --imap, or --declined")
    store = credentials.load_mailstore() if imap else None
    done = replies.import_replies(ctx, replies.list_reply_sources(ctx, files, store=store, days=days), dry_run=dry_run)
    if done.answered or call.form in ("csv", "json"):
        stdout.print_records(call.form, replies.ReplyResult, done.answered)
    stderr.remark(_summarise_replies(done))
    options.remark_dry_run(dry_run)
    _suggest_cancellations(done.answered, replies.list_declined_invitations(ctx))
    _name_replies_to_decide(done.answered)
    return stderr.DONE if done.answered else stderr.NOTHING_FOUND


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON")
@click.argument("answer", metavar="ANSWER", type=OneOf(list(SPOKEN_REPLIES), case_sensitive=False))
@click.option(
    "--session", "number", type=int, metavar="N", help="Only for this session (default: all future sessions)."
)
@options.dry_run
@click.pass_obj
def rsvp(call: Call, reference: str, person: str, answer: str, number: int | None, dry_run: bool) -> None:
    """Record a reply that PERSON gave to their invitations to EVENT in person or by telephone.

    ANSWER is accepted, tentative, declined, or none, which removes a wrong reply. A later reply from their calendar
    replaces it. A decline does not cancel the place: csc cancel does that.
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
    return f"{name} still has the place. To cancel it: csc cancel {event} '{person}' --reason TEXT."


def _summarise_replies(done: replies.RepliesReport) -> str:
    numbers = Counter(each.outcome.partition(":")[0] for each in done.answered)
    parts = [f"{number} {outcome}" for outcome, number in numbers.most_common()]
    said = f"{format_count(len(done.answered), 'reply', 'replies')}{': ' + ', '.join(parts) if parts else ''}."
    return said + (f" {format_count(done.others, 'other message')} ignored." if done.others else "")


def _suggest_cancellations(answered: Sequence[replies.ReplyResult], declined: Sequence[DeclinedPlace]) -> None:
    """Say whose place to cancel, of those whose reply came now."""
    now = {(each.person, each.event, each.session) for each in answered if each.outcome == ReplyVerdict.RECORDED}
    fresh = [each for each in declined if (each.person, each.event, each.session) in now]
    for each in fresh[:MOST_NAMED]:
        stderr.remark(
            f"{each.name} declined session {each.session} of {each.event} and still has the place. To cancel it: "
            f"csc cancel {each.event} '{each.person}' --reason TEXT."
        )
    if len(fresh) > MOST_NAMED:
        stderr.remark(f"And {len(fresh) - MOST_NAMED} more: csc reply --declined lists them.")


def _name_replies_to_decide(answered: Sequence[replies.ReplyResult]) -> None:
    """Say which replies need a decision, and how to make it."""
    asking = [each for each in answered if each.outcome in VERDICTS_TO_DECIDE]
    for each in asking[:MOST_NAMED]:
        sender = f" ({each.answered_by})" if each.outcome == ReplyVerdict.ANOTHER_SENDER else ""
        stderr.remark(
            f"{each.name} to session {each.session} of {each.event}: {each.partstat.lower()}, {each.outcome}{sender}. "
            f"Nothing was recorded. Ask the person, then record the reply: csc rsvp {each.event} '{each.person}' "
            f"ANSWER --session {each.session}."
        )
    if len(asking) > MOST_NAMED:
        stderr.remark(f"And {len(asking) - MOST_NAMED} more: csc today lists them.")
