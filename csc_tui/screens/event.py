"""One event: its sessions, who is on it, who waits, and booking."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Static

from csc_tui.screens import booking
from csc_tui.screens.base import Desk, LiveScreen, OpenPerson
from csc_tui.screens.columns import STATE_TONES, session_times, status_letter, status_word, venue
from csc_tui.screens.dialogs.listing import Listing
from csc_tui.screens.history import HISTORY_COLUMNS
from csc_tui.services import lookup
from csc_tui.text import count, label, show_date
from csc_tui.widgets.drawing import STYLES, Piece, Pieces, content, places_bar
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column, RecordTable
from db.records import EventCard, EventState, HistoryLine, Role, RosterLine, SessionLine, WaitingLine


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on the event's roster or in its queue; `place` is their number in the queue."""

    person: str
    name: str
    email: str
    organisation: str
    status: str
    since: str
    place: int = 0

    @classmethod
    def from_roster(cls, line: RosterLine) -> "Attendee":
        return cls(line.person, line.name, line.email, line.organisation, line.status, line.since)

    @classmethod
    def from_queue(cls, line: WaitingLine) -> "Attendee":
        status = "offered" if line.offered_until else "waitlisted"
        return cls(line.person, line.name, "", "", status, line.since, line.place)


PEOPLE: tuple[Column[Attendee], ...] = (
    Column("", lambda who: status_letter(who.status), 2),
    Column("Name", lambda who: [(f"{who.place}  " if who.place else "", "muted"), (who.name, "plain")], 16, share=2),
    Column("Organisation", lambda who: who.organisation, 14, share=2),
    Column("E-mail", lambda who: [(who.email, "muted")], 16, share=2, from_width=72),
    Column("Status", lambda who: status_word(who.status), 11),
    Column("Since", lambda who: show_date(who.since)[4:] if who.since else "", 11, from_width=84),
)
SESSIONS: tuple[Column[SessionLine], ...] = (
    Column("", lambda line: str(line.session), 2, right=True),
    Column("Date", lambda line: show_date(line.date), 15),
    Column("Time", session_times, 11),
    Column("Module", lambda line: line.module, 8, share=1),
    Column("Where", lambda line: venue(line) or "venue to be confirmed", 12, share=3),
)


class EventScreen(LiveScreen[EventCard]):
    AUTO_FOCUS = "#attendees"
    HELP = (
        "B is booked, W waits, O has an offer, R has asked. b books somebody, x gives up the place under the cursor "
        "and shows first who would move up. Tab goes to the sessions, enter opens a person, c copies the addresses."
    )
    NEEDS: ClassVar = {"book": Role.BOOKER, "cancel_place": Role.BOOKER}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="event.book", tooltip="Book somebody on this event"),
        Binding("x", "cancel_place", "Cancel place", id="event.cancel", tooltip="Give up the place under the cursor"),
        Binding("h", "history", "History", id="event.history", tooltip="Who did what to this event"),
        Binding("c", "copy", "Copy e-mails", id="event.copy", tooltip="Copy the addresses of everybody with a place"),
    ]

    def __init__(self, desk: Desk, reference: str) -> None:
        super().__init__(desk)
        self.reference = reference
        self.card: EventCard | None = None
        self.attendees: RecordTable[Attendee] = RecordTable(
            PEOPLE, lambda who: who.person, group=self._group, id="attendees",
            empty="Nobody is on this event yet. b books somebody.",
        )  # fmt: skip
        self.sessions: RecordTable[SessionLine] = RecordTable(
            SESSIONS, lambda line: str(line.session), titles=False, empty="No sessions.",
            always_point=False, id="sessions",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        with Container(id="event"):
            yield self.sessions
            yield self.attendees

    def reader(self) -> Callable[[], EventCard]:
        return partial(lookup.event_card, self.ctx, self.reference)

    def show(self, found: EventCard) -> None:
        self.card = found
        self.query_one("#heading", Static).update(content(self._heading(found), STYLES))
        self.sessions.show(found.sessions)
        organisations = {each.person: each for each in found.roster}
        queue = [Attendee.from_queue(each) for each in found.waiting if each.person not in organisations]
        self.attendees.show([*map(Attendee.from_roster, found.roster), *queue])

    def _heading(self, card: EventCard) -> list[Pieces]:
        event = card.event
        held = event.booked + event.offered
        state = label(event.state)
        first: list[Piece] = [(event.reference, "accent"), (f"  {event.title}  ", "strong"),
                              (state, STATE_TONES.get(event.state, "muted"))]  # fmt: skip
        if event.state == EventState.DRAFT:
            first.append((": cannot be booked before it is open", "muted"))
        second: list[Piece] = [("Places ", "muted"), *places_bar(held, event.capacity, 14)]
        second.append((f" {held} of {event.capacity} taken", "warning" if held >= event.capacity else "plain"))
        if event.offered:
            second.append((f" ({event.offered} offered)", "warning"))
        second.append((f", {count(event.free, 'free place')}", "plain"))
        if event.waiting:
            second.append((f", {event.waiting} waiting", "warning"))
        if held < event.minimum:
            second.append((f"{glyphs().between}{event.minimum - held} short of the minimum", "warning"))
        third: list[Piece] = []
        if card.facilitators:
            third.append((f"With {', '.join(card.facilitators)}", "muted"))
        if event.notes:
            third.append((f"{glyphs().between if third else ''}{event.notes}", "muted"))
        return [first, second, third] if third else [first, second]

    def _group(self, who: Attendee) -> str:
        if not who.place or self.card is None:
            return "On the event"
        return "Waiting list, in its order"

    def on_record_table_chosen(self, message: RecordTable.Chosen) -> None:
        who = self.attendees.pointed
        if message.table is self.attendees and who is not None:
            self.post_message(OpenPerson(who.person))

    @work(group="write")
    async def action_book(self) -> None:
        await booking.book_somebody(self, self.reference)

    @work(group="write")
    async def action_cancel_place(self) -> None:
        who = self.attendees.pointed
        if who is None:
            self.say("Nobody is on this event. Nothing was changed.", warning=True)
            return
        await booking.cancel(self, self.reference, who.person, who.name)

    @work(group="look")
    async def action_history(self) -> None:
        lines = self.card.history if self.card else []
        table: Listing[HistoryLine] = Listing(
            f"History of {self.reference}", HISTORY_COLUMNS, lambda line: str(line.id), lines,
            empty="Nothing has happened yet.",
        )  # fmt: skip
        await self.app.push_screen_wait(table)

    def action_copy(self) -> None:
        addresses = [each.email for each in self.card.roster if each.status == "booked"] if self.card else []
        if addresses:
            self.app.copy_to_clipboard("; ".join(addresses))
            self.say(f"{count(len(addresses), 'address', 'addresses')} copied, if this terminal lets a program copy.")
        else:
            self.say("Nobody is booked: there is nothing to copy.", warning=True)
