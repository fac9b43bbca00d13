"""venue: the venues of sessions, with addresses, postcodes and rooms as invitations show them."""

from collections.abc import Iterable, Sequence

import click

from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.catalogue import venues
from csc_tui.core.mail import invitations
from db.errors import WrongUse
from db.records.calendar import FieldChange
from db.records.catalogue import Venue

COLUMNS = ("venue", "address", "postcode", "rooms", "sessions")
CHANGE_COLUMNS = ("venue", "field", "before", "after")
address = click.option("--address", default=None, help="Street and town, on one line.")
postcode = click.option("--postcode", default=None, help="Such as DN31 1HU.")
rooms = click.option(
    "--room",
    "rooms",
    multiple=True,
    metavar="ROOM=NUMBER",
    help="A room and its capacity, such as 'Main Hall=40'; can be repeated.",
)


@click.group()
def venue() -> None:
    """Venues, with their rooms, and the address and postcode shown in invitations."""


@venue.command("list")
@click.pass_obj
def list_venues(call: Call) -> None:
    """List the venues with their rooms and number of future sessions."""
    _print(call, venues.list_venues(call.context()))


@venue.command("add")
@click.argument("name")
@address
@postcode
@rooms
@options.new_names
@options.dry_run
@click.pass_obj
def add(call: Call, name: str, address: str | None, postcode: str | None, rooms: Sequence[str], dry_run: bool) -> None:
    """Add a venue called NAME."""
    made = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: venues.add_venue(ctx, name, address=address or "", postcode=postcode or "", rooms=_rooms(rooms)),
        dry_run=dry_run,
    )
    _print(call, [made])
    options.remark_dry_run(dry_run)


@venue.command("set")
@click.argument("venue")
@click.option("--name", default=None, help="The new name.")
@address
@postcode
@rooms
@options.new_names
@options.dry_run
@click.pass_obj
def change(
    call: Call,
    venue: str,
    name: str | None,
    address: str | None,
    postcode: str | None,
    rooms: Sequence[str],
    dry_run: bool,
) -> None:
    """Change the address, postcode, name or rooms of VENUE; '' empties one. Invitations to sessions there become due
    again.
    """
    if name is None and address is None and postcode is None and not rooms:
        raise WrongUse("Say what to change: --address, --postcode, --name or --room. Nothing was changed.")
    ctx = call.context()
    events = venues.list_events_at_venue(ctx, venue)
    changes: list[FieldChange] = cli_changes.make_or_preview(
        ctx,
        lambda ctx: venues.change_venue(ctx, venue, name=name, address=address, postcode=postcode, rooms=_rooms(rooms)),
        dry_run=dry_run,
    )
    stdout.print_rows(
        call.form, CHANGE_COLUMNS, [(each.event, each.field, each.before, each.after) for each in changes]
    )
    if dry_run:
        stderr.remark(options.NOTHING_CHANGED)
        return
    due = invitations.list_due_by_event(ctx, events, learners_only=True)
    if number := sum(map(len, due.values())):
        named = ", ".join(event for event, its in due.items() if its)
        stderr.remark(
            f"{format_count(number, 'invitation is', 'invitations are')} now due, for {named}: csc invite writes them"
        )


def _rooms(given: Sequence[str]) -> dict[str, int | None]:
    return {room: takes for each in given for room, takes in venues.parse_rooms(each).items()}


def _print(call: Call, found: Iterable[Venue]) -> None:
    rows = [(each.name, each.address, each.postcode, venues.format_rooms(each.rooms), each.coming) for each in found]
    stdout.print_rows(call.form, COLUMNS, rows, leaving=("postcode", "address"))
