"""publish and programme: the year as a calendar on a CalDAV server, and as a page for the council's website."""

import click

from csc_tui.base import credentials
from csc_tui.base.text import format_count
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.cli.progress import progress_bar
from csc_tui.core.mail.invitations import FeedScope
from csc_tui.core.publication import caldav, web_page
from csc_tui.core.publication.caldav_rules import SyncStep
from db.errors import WrongUse


@click.command(epilog="User, password_file or keyring, and url stand in [caldav] of the settings file.")
@click.argument("url", default="")
@click.option("--year", default="", metavar="2017/18", help="Only one programme year.")
@click.option("--strand", default="", help="Only one strand, by code or name.")
@click.option("--course", default="", help="Only one course, by code.")
@click.option("--venue", default="", help="Only venues with this in their names.")
@click.option("--make", is_flag=True, help="Make the calendar on the server if it is not there.")
@click.option("--force", is_flag=True, help="Overwrite what somebody edited or deleted on the server.")
@options.dry_run
@click.pass_obj
def publish(
    call: Call, url: str, year: str, strand: str, course: str, venue: str, make: bool, force: bool, dry_run: bool
) -> None:
    """Bring the calendar at URL, on a CalDAV server, up to date with the programme, without anybody's address.

    Only what changed since the last time is put there; sessions that are cancelled or moved to another time follow.
    What somebody edited on the server is left alone and listed. A run that is cut off is gone on with by the next.
    """
    usual, account = credentials.load_calendar_server()
    url = url or usual
    if not url:
        raise WrongUse("Say which calendar: csc publish URL, or url in [caldav] of the settings file.")
    with progress_bar("Publishing") as progress:
        done = caldav.publish_calendar(
            call.context(), caldav.ServerCalendar(url, account, make=make),
            FeedScope(year=year, strand=strand, course=course, venue=venue),
            force=force, dry_run=dry_run, progress=progress,
        )  # fmt: skip
    if done.lines or call.form in ("csv", "json"):
        stdout.print_records(call.form, caldav.PublishedSession, done.lines)
    alone = sum(each.outcome == SyncStep.CONFLICT for each in done.lines)
    would = "would be put right" if dry_run else "put right"
    stderr.remark(
        f"{format_count(len(done.lines) - alone, 'session')} {would}, {done.unchanged} unchanged, at {done.url}."
    )
    if alone:
        stderr.remark(f"{format_count(alone, 'session')} left alone; --force overwrites what somebody changed there.")
    options.remark_dry_run(dry_run)


@click.command()
@click.option("--year", default="", metavar="2017/18", help="The programme year; the present one without it.")
@click.option("--html", "path", required=True, metavar="FILE", help="The page to write: one file that needs no other.")
@options.replace
@click.pass_obj
def programme(call: Call, year: str, path: str, replace: bool) -> None:
    """Write the public programme of a year as one page, for the council's website.

    Courses with their dates and places. Drafts and cancelled events are left out, and so is everything about people.
    A calendar to subscribe to: csc feed --year 2017/18 --to FILE.
    """
    found = web_page.write_programme_page(call.context(), path, year=year, replace=replace)
    events = len({each.event for each in found.sessions})
    stderr.remark(
        f"{format_count(events, 'event')} with {format_count(len(found.sessions), 'session')} of {found.year} "
        f"in {path}."
    )
