"""programme: the year for the council's website."""

import click

from csc_tui.base.text import format_count
from csc_tui.cli import stderr
from csc_tui.cli.export import replace
from csc_tui.cli.invocation import Call
from csc_tui.core.publication import web_page


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
    found = web_page.write_programme_page(call.context(), path, year=year, replace=replace)
    events = len({each.event for each in found.sessions})
    stderr.remark(
        f"{format_count(events, 'event')} with {format_count(len(found.sessions), 'session')} of {found.year} "
        f"in {path}."
    )
