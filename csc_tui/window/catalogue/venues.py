"""The screen of venues: their addresses, postcodes and rooms, and the forms that change them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.catalogue import venues
from csc_tui.window.dialogs.form import Answers, FormField
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.calendar import FieldChange
from db.records.catalogue import Venue
from db.records.startup import Role


def _rooms(venue: Venue) -> Pieces:
    """Return `Assembly Room 120, Room 2`."""
    return [(", ".join(f"{name} {takes or ''}".strip() for name, takes in venue.rooms), "muted")]


def _where(venue: Venue) -> Pieces:
    if venue.address or venue.postcode:
        return ", ".join(filter(None, (venue.address, venue.postcode)))
    return [("no address yet", "warning")]


COLUMNS: tuple[Column[Venue], ...] = (
    Column("Venue", lambda venue: [(venue.name, "strong")], 20, share=2),
    Column("Where", _where, 22, share=3),
    Column("Rooms", _rooms, 18, share=3, from_width=96),
    Column("Sessions to come", lambda venue: str(venue.coming or ""), 7, right=True),
)


class VenuesScreen(FilteredListScreen[list[Venue]]):
    HELP = (
        "Where sessions are held. Every invitation shows the address and postcode: when they change, new invitations "
        "for the sessions to come there are due. Enter changes the venue under the cursor; a adds one."
    )
    NEEDS: ClassVar[Mapping[str, Role]] = {"change": venues.change_venue.role, "add": venues.add_venue.role}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "Change", id="venues.change", tooltip="Address, postcode and rooms of this venue"),
        Binding("a", "add", "Add", id="venues.add", tooltip="Add a venue"),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self.table: RecordTable[Venue] = RecordTable(COLUMNS, lambda venue: str(venue.id), id="venues")

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield Static(id="summary", markup=False)
        yield self.table

    def reader(self) -> Callable[[], list[Venue]]:
        return partial(venues.list_venues, self.ctx)

    def scope(self) -> Mapping[str, str]:
        return {"venue": self.table.pointed.name} if self.table.pointed else {}

    def show(self, found: list[Venue]) -> None:
        self.show_rows(found, empty="No venues yet. Press a to add one. Planning a session at a new venue adds it too.")
        rooms = sum(len(each.rooms) for each in found)
        self.query_one("#summary", Static).update(
            f"{format_count(len(found), 'venue')} with {format_count(rooms, 'room')}"
        )

    def on_record_table_chosen(self) -> None:
        self.action_change()

    @work(group="write")
    async def action_change(self) -> None:
        venue = self.table.pointed
        if venue is not None and not self.refused("change"):
            await ask_venue_changes(self, venue)

    @work(group="write")
    async def action_add(self) -> None:
        if not self.refused("add"):
            await ask_new_venue(self)


def _fields(name: str = "", address: str = "", postcode: str = "", rooms: str = "") -> list[FormField]:
    return [
        FormField("venue-name", "Name", name, fault=partial(venues.venue_field_fault, "name")),
        FormField("address", "Address", address, "street and town", partial(venues.venue_field_fault, "address")),
        FormField("postcode", "Postcode", postcode, "such as DN31 1HU", partial(venues.venue_field_fault, "postcode")),
        FormField(
            "rooms",
            "Rooms",
            rooms,
            "with how many people fit in, such as Main Hall=40",
            partial(venues.venue_field_fault, "rooms"),
        ),
    ]


async def ask_venue_changes(screen: VenuesScreen, venue: Venue) -> None:
    """Ask for changes of a venue's fields, previewed with the invitations they make due."""
    called = venue.name

    def fields() -> list[FormField]:
        nonlocal called
        now = proposal.still_there((each for each in venues.list_venues(screen.ctx) if each.id == venue.id), venue.name)
        called = now.name
        return _fields(now.name, now.address, now.postcode, venues.format_rooms(now.rooms))

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        rooms = venues.parse_rooms(answers["rooms"])

        def run(ctx: Context, _: str) -> list[FieldChange]:
            return venues.change_venue(
                ctx, called, name=answers["venue-name"], address=answers["address"], postcode=answers["postcode"],
                rooms=rooms,
            )  # fmt: skip

        return Proposal(
            f"Change {venue.name}?", run, _lines, lambda _: f"{venue.name} was changed.", undoable=False, do="Save"
        )

    await proposal.ask_record_changes(
        screen, venue.name, fields, propose, explanation="A room that you leave out stays."
    )


async def ask_new_venue(screen: VenuesScreen) -> None:
    """Ask for the fields of a new venue, and add it."""

    def propose(answers: Answers) -> Proposal[Venue]:
        rooms = venues.parse_rooms(answers["rooms"])

        def run(ctx: Context, _: str) -> Venue:
            return venues.add_venue(
                ctx, answers["venue-name"], address=answers["address"], postcode=answers["postcode"], rooms=rooms
            )

        return Proposal(
            "Add this venue?", run, _card, lambda made: f"{made.name} was added.", undoable=False, do="Add the venue"
        )

    await proposal.ask_new_record(screen, "New venue", _fields(), propose)


def _lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    return [
        [
            (f"{each.field.capitalize()}: ", "muted"),
            (f"{each.before} {glyphs().arrow} " if each.before else "", "plain"),
            (each.after or "nothing", "strong"),
        ]
        for each in changes
    ]


def _card(venue: Venue) -> list[Pieces]:
    return [[(venue.name, "strong")], [(venues.venue_in_words(venue) or "no address yet", "plain")]]
