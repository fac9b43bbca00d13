"""demo: the window or a short tour in text, on made-up people and the programme of 2017/18."""

import os
import shlex
import sys
import tempfile
from functools import partial

import click

from csc_tui.base import bootstrap, config
from csc_tui.base.text import clean_text
from csc_tui.cli import manual, open_window, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.demo import database
from csc_tui.core.people import queries as people_queries
from db.errors import name_location


@click.command()
@click.option(
    "--keep",
    metavar="PATH_OR_URL",
    help="Write the demo to this new file (or empty server database) and keep it, without opening it.",
)
@click.option("--tour", is_flag=True, help="Start or continue the five-minute tour.")
@click.pass_obj
def demo(call: Call, keep: str | None, tour: bool) -> int:
    """Explore a programme year with fictional people. Your own database is not changed.

    Opens the window on a temporary database, which is deleted when you close it. Without a terminal, it prints a short
    tour instead. The date is 12 June 2017, unless you give another with --today before the command.
    """
    stderr.remark(f"Filling a database with the 2017/18 programme and {database.PEOPLE:,} fictional people ...")
    today = database.demo_moment(call.today)
    if keep is not None:
        return _keep(keep, today)
    with database.temporary_demo(today=today) as location:
        if config.is_terminal() and sys.stdin.isatty():
            actor = call.actor or database.ACTOR
            program = click.get_current_context().find_root().command
            return open_window.open_window_on(
                location,
                actor,
                today,
                manual=partial(manual.manual_pages, program),
                plain=call.plain,
                debug=call.debug,
                practice=True,
                tour=tour,
            )
        return _Tour(call, location, today).go()


def _keep(path: str, today: str) -> int:
    location = path if "://" in path else os.path.abspath(os.path.expanduser(path))
    database.create_demo(location, today=today)
    place = name_location(location)
    stderr.remark(f"The demo is in {place}. To open it on its own date: csc --db {shlex.quote(place)} --today {today}")
    return stderr.DONE


class _Tour:
    """Types a coordinator's commands and lets the program itself answer."""

    def __init__(self, call: Call, location: str, today: str) -> None:
        self.today = today
        self.actor = call.actor or database.ACTOR
        self.options = ["--db", location, "--today", today, "--as", self.actor, "--format", "table"]
        if call.debug:
            self.options.append("--debug")
        self.location = location

    def go(self) -> int:
        ctx = bootstrap.create_context(self.location, actor=self.actor, today=self.today)
        stdout.print_lines(f"A tour of a fictional programme year, on {ctx.now():%A %d %B %Y at %H:%M}.")
        self._type("What is coming in the next two weeks?", "next", "--days", "14")
        self._type("Someone called Siobhán is on the phone. You do not need to type accents.", "who", "siobhan")
        full = max(
            people_queries.list_bookable_events(ctx, everything=True),
            key=lambda event: (not event.free, event.waiting),
            default=None,
        )
        callers = [each for each in people_queries.search_people(ctx, "siobhan")[0] if not each.booked + each.waiting]
        if full is None or not full.waiting or not callers:
            stdout.print_lines(
                f"\nOn this date no future event is full. One is with csc --today {database.DEMO_DAY} demo."
            )
            return stderr.DONE
        leaving = next(
            each for each in people_queries.get_event_card(ctx, full.event).roster if each.status == "booked"
        )
        folder = tempfile.mkdtemp(prefix="csc-demo-invitations-")
        steps = (
            (f"She wants to come to {full.title}, which is full.", "enrol", full.event, callers[0].email),
            ("So she joins the waiting list, after those who asked first.", "waiting", full.event),
            (
                f"{clean_text(leaving.name)} cannot come. Who moves up?",
                "cancel", full.event, leaving.email, "--reason", "Court hearing on that day",
            ),
            ("Calendar invitations: only those that are due, and nothing twice.", "invite", full.event, "--to", folder),
        )  # fmt: skip
        for said, *words in steps:
            code = self._type(said, *words)
            if code != stderr.DONE:
                return code
        stdout.print_lines(
            f"\nThe invitations are in {folder}: open one in a calendar. The database has been deleted.\n"
            "On a terminal, csc demo opens the window; csc demo --keep PATH keeps the database."
        )
        return stderr.DONE

    def _type(self, said: str, *words: str) -> int:
        from csc_tui.cli.main import run_command_line

        stdout.print_lines(f"\n{said}\n$ csc {shlex.join(words)}")
        return run_command_line([*self.options, *words])
