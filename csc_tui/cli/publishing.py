"""programme: the year for the council's website."""

import click

from csc_tui.cli import failures
from csc_tui.cli.call import Call
from csc_tui.cli.exports import replace
from csc_tui.services import publishing
from csc_tui.text import count


@click.command()
@click.option("--year", default="", metavar="2017/18", help="The programme year; the present one without it.")
@click.option("--html", "path", required=True, metavar="FILE", help="The page to write: one file that needs no other.")
@replace
@click.pass_obj
def programme(call: Call, year: str, path: str, replace: bool) -> None:
    """Write the public programme of a year as one page, for the council's website.

    Courses with their dates and places. Drafts and cancelled events are left out, and so is everything about people.
    A calendar to subscribe to: csc feed --year 2017/18 --to FILE.
    """
    found = publishing.write_page(call.context(), path, year=year, replace=replace)
    events = len({each.event for each in found.sessions})
    failures.remark(f"{count(events, 'event')} with {count(len(found.sessions), 'session')} of {found.year} in {path}.")
