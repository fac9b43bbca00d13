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


@click.command(epilog="Set url, user, and password_file or keyring in [caldav] of the settings file.")
@click.argument("url", default="")
@click.option("--year", default="", metavar="2017/18", help="Only one programme year.")
@click.option("--strand", default="", help="Only one strand, by code or name.")
@click.option("--course", default="", help="Only one course, by code.")
@click.option("--venue", default="", help="Only venues with this in their names.")
@click.option("--make", is_flag=True, help="Create the calendar on the server if it does not exist.")
@click.option("--force", is_flag=True, help="Overwrite what someone edited or deleted on the server.")
@options.dry_run
@click.pass_obj
def publish(
    call: Call, url: str, year: str, strand: str, course: str, venue: str, make: bool, force: bool, dry_run: bool
) -> None:
    """Update the calendar at URL, on a CalDAV server, with the programme. It contains no e-mail addresses.

    Only changes since the last time are sent, including cancelled and moved sessions. Entries that someone edited on
    the server are listed and not changed. If it is interrupted, run it again to continue.
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
    would = "would be updated" if dry_run else "updated"
    stderr.remark(
        f"{format_count(len(done.lines) - alone, 'session')} {would}, {done.unchanged} unchanged, at {done.url}."
    )
    if alone:
        stderr.remark(f"{format_count(alone, 'session')} not changed; --force overwrites what someone changed there.")
    options.remark_dry_run(dry_run)


@click.command()
@click.option("--year", default="", metavar="2017/18", help="The programme year, such as 2017/18 (default: this year).")
@click.option("--html", "path", required=True, metavar="FILE", help="The file to write: one complete page.")
@options.replace
@click.pass_obj
def programme(call: Call, year: str, path: str, replace: bool) -> None:
    """Write the public programme of a year as one page, for the council's website.

    It lists courses with their dates and venues, without drafts, cancelled events and people.
    A calendar to subscribe to: csc feed --year 2017/18 --to FILE.
    """
    found = web_page.write_programme_page(call.context(), path, year=year, replace=replace)
    events = len({each.event for each in found.sessions})
    stderr.remark(
        f"{format_count(events, 'event')} with {format_count(len(found.sessions), 'session')} of {found.year} "
        f"in {path}."
    )
