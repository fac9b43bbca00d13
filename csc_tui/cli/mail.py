"""`invite` and `feed`: calendar files for people to open and for calendars to subscribe to."""

import click

from csc_tui.base.text import format_count
from csc_tui.cli import stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.cli.progress import progress_bar
from csc_tui.core.mail import invitations

MANY = 200
"""Invitations that are worth a bar."""


@click.command()
@click.argument("event")
@click.option("--session", "number", type=int, metavar="N", help="Only for this session of the event.")
@click.option("--person", default="", help="Only for this person.")
@click.option("--facilitators", is_flag=True, help="For those who lead the sessions instead of the learners.")
@click.option("--to", "folder", required=True, metavar="DIR", help="The folder to write to; made if it is not there.")
@click.option("--eml", "mail", is_flag=True, help="Whole mails, ready to send, instead of calendar files.")
@click.option("--again", is_flag=True, help="Also what was written before and still holds, just as it was.")
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
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
            call.context(), event, folder, session=number, person=person, facilitators=facilitators, again=again,
            mail=mail, dry_run=dry_run, progress=progress,
        )  # fmt: skip
    if done.written or call.form in ("csv", "json"):
        stdout.print_records(call.form, invitations.WrittenInvitation, done.written)
    for who in done.unreachable:
        stderr.remark(
            f"{who.name} was not invited: mail cannot be sent to '{who.address}'. Correct the address and invite again."
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
@click.option("--person", default="", help="Only the sessions this person has a place on.")
@click.option("--venue", default="", help="Only venues with this in their names.")
@click.option("--facilitator", default="", metavar="PERSON", help="Only the sessions this person leads.")
@click.option("--to", "path", required=True, metavar="FILE", help="The file to write; an earlier feed is replaced.")
@click.pass_obj
def feed(call: Call, year: str, strand: str, course: str, person: str, venue: str, facilitator: str, path: str) -> None:
    """Write one calendar of sessions that others can subscribe to, without anybody's address."""
    number = invitations.write_feed(
        call.context(), path, year=year, strand=strand, course=course, person=person, venue=venue,
        facilitator=facilitator,
    )  # fmt: skip
    stderr.remark(f"{format_count(number, 'session')} in {path}.")
