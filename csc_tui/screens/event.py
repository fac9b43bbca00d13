"""One event: its sessions, who is on it, who waits, and everything that can be done to them and to it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Static

from csc_tui.context import Context
from csc_tui.domain.transitions import Action
from csc_tui.screens import booking, course_rules, event_changes, pasted, places
from csc_tui.screens.base import Deed, Desk, LiveScreen, OpenPerson, OpenRegister
from csc_tui.screens.columns import STATE_TONES, status_letter, status_word
from csc_tui.screens.dialogs.listing import Listing
from csc_tui.screens.event_changes import SESSIONS
from csc_tui.screens.history import HISTORY_COLUMNS
from csc_tui.screens.places import Place, PlaceScreen
from csc_tui.services import allowing, catalogue, lookup, sweeping
from csc_tui.services.allowing import NEWCOMER, Refusals
from csc_tui.text import count, label, show_date
from csc_tui.widgets.drawing import STYLES, Piece, Pieces, content, places_bar
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column, RecordTable
from db.errors import CscError
from db.records import (
    BookingRules,
    EventCard,
    EventState,
    HistoryLine,
    MakeUpLine,
    Role,
    RosterLine,
    SessionLine,
    WaitingLine,
)

BOOKING = ("book", "book_group", "book_list")
ON_IT, OFFERED, ASKING, WAITING, MAKING_UP = range(5)
GROUPS = ("On the event", "Offered a place", "Asking for a place", "Waiting list, in its order", "Making up a module")
"""The order in which people are listed."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on the event's roster, in its queue, or in one of its sessions; `place` is their number in the queue,
    `session` the one they make something up in, `note` what else there is to say."""

    person: str
    name: str
    email: str
    organisation: str
    status: str
    since: str
    group: int
    place: int = 0
    session: int = 0
    note: str = ""

    @classmethod
    def from_roster(cls, line: RosterLine, until: Mapping[str, str]) -> "Attendee":
        group = {"offered": OFFERED, "requested": ASKING}.get(line.status, ON_IT)
        ends = until.get(line.person, "")
        note = f"until {show_date(ends)[4:-5]} {ends[11:]}" if ends else ""
        return cls(line.person, line.name, line.email, line.organisation, line.status, line.since, group, note=note)

    @classmethod
    def from_queue(cls, line: WaitingLine, place: int) -> "Attendee":
        return cls(line.person, line.name, "", "", "waitlisted", line.since, WAITING, place)

    @classmethod
    def from_elsewhere(cls, line: MakeUpLine) -> "Attendee":
        return cls(
            line.person, line.name, "", "", "", "", MAKING_UP, session=line.session,
            note=f"session {line.session}: {line.module}",
        )  # fmt: skip


def attendees(card: EventCard) -> list[Attendee]:
    """Everybody, in the order of GROUPS and there as the store gives them."""
    until = {each.person: each.offered_until for each in card.waiting if each.offered_until}
    queue = [each for each in card.waiting if not each.offered_until]  # who has an offer does not wait any more
    listed = [
        *(Attendee.from_roster(each, until) for each in card.roster),
        *(Attendee.from_queue(each, place) for place, each in enumerate(queue, 1)),
        *(Attendee.from_elsewhere(each) for each in card.make_ups),
    ]
    return sorted(listed, key=lambda who: who.group)


PEOPLE: tuple[Column[Attendee], ...] = (
    Column("", lambda who: status_letter(who.status) if who.status else "", 2),
    Column("Name", lambda who: [(f"{who.place}  " if who.place else "", "muted"), (who.name, "plain")], 16, share=2),
    Column("Organisation", lambda who: who.organisation, 14, share=2),
    Column("E-mail", lambda who: [(who.note, "warning") if who.note else (who.email, "muted")], 16, share=2,
           from_width=72),
    Column("Status", lambda who: status_word(who.status), 11),
    Column("Since", lambda who: show_date(who.since)[4:] if who.since else "", 11, from_width=84),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventFound:
    """`refusals` are why something is not allowed, for everybody by their key."""

    card: EventCard
    rules: BookingRules
    refusals: Mapping[str, Refusals]


def read(ctx: Context, reference: str) -> EventFound:
    """Raises NoSuchEvent."""
    card = lookup.event_card(ctx, reference)
    return EventFound(
        card,
        catalogue.rules_of(ctx, card.event.course_id),
        allowing.on_event(ctx, reference),
    )


class EventScreen(PlaceScreen[EventFound]):
    AUTO_FOCUS = "#attendees"
    HELP = (
        "B is booked, W waits, O has an offer, R has asked. b books somebody, x gives up the place under the cursor "
        "and shows first who would move up. A dim key is not allowed for whom the cursor is on; pressing it says why. "
        "e changes the event itself: its sessions, places and state. Tab goes to the sessions, enter opens a person."
    )
    NEEDS: ClassVar = dict.fromkeys((*BOOKING, *places.ACTIONS), Role.BOOKER)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="event.book", tooltip="Book somebody on this event"),
        Binding("x", "cancel_place", "Cancel", id="event.cancel", tooltip="Give up the place under the cursor"),
        Binding("e", "change", "Event", id="event.change", tooltip="Change the event: dates, place, places, state"),
        Binding("t", "transfer", "Transfer", id="event.transfer", tooltip="Move the person to another event"),
        Binding("s", "substitute", "Substitute", id="event.substitute", tooltip="Give the place to somebody else"),
        Binding("a", "agree", "Approve", id="event.agree", tooltip="Approve the request, or accept the offered place"),
        Binding("d", "decline", "Decline", id="event.decline", tooltip="Decline the request or the offered place"),
        Binding("o", "reorder", "Order", id="event.reorder", tooltip="Change the place in the queue"),
        Binding("w", "why", "Why waiting", id="event.why", tooltip="Why somebody on the waiting list has no place yet"),
        Binding("P", "book_list", "Paste a list", id="event.book_list", tooltip="Book everybody of a pasted list"),
        Binding("g", "book_group", "Group", id="event.book_group", tooltip="Book a whole group or team"),
        Binding(
            "r", "register", "Register", id="event.register", tooltip="Who was there: mark them, session by session"
        ),
        Binding("h", "history", "History", id="event.history", tooltip="Who did what to this event"),
        Binding("c", "copy", "Copy e-mails", id="event.copy", tooltip="Copy the addresses of everybody with a place"),
    ]

    def __init__(self, desk: Desk, reference: str) -> None:
        super().__init__(desk)
        self.reference = reference
        self.found: EventFound | None = None
        self.attendees: RecordTable[Attendee] = RecordTable(
            PEOPLE, lambda who: f"{who.person} {who.session}", group=lambda who: GROUPS[who.group], id="attendees",
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

    def on_mount(self) -> None:
        if self.ctx.role >= Role.BOOKER:
            self._tidy()

    @work(group="write")
    async def _tidy(self) -> None:
        """What time has brought to this event is done before anybody decides on it."""
        try:
            moves = await asyncio.to_thread(sweeping.tidy, self.ctx, self.reference)
        except CscError as problem:
            self.show_trouble(str(problem))
            return
        if moves:
            what = "; ".join(f"{each.name} is now {label(each.after)}" for each in moves)
            self.say(f"Time ran out: {what}.", warning=True)
            self.desk.changed.publish(None)

    def reader(self) -> Callable[[], EventFound]:
        return partial(read, self.ctx, self.reference)

    def show(self, found: EventFound) -> None:
        self.found = found
        self.query_one("#heading", Static).update(content(self._heading(found), STYLES))
        self.sessions.show(found.card.sessions)
        self.attendees.show(attendees(found.card))
        self.dim_keys()

    def on_record_table_pointed(self) -> None:
        self.dim_keys()

    def place(self) -> Place | None:
        who = self.attendees.pointed
        return None if who is None or who.session else Place(self.reference, who.person, who.name, who.status)

    def refusals(self, place: Place) -> Refusals:
        return self.found.refusals.get(place.person, {}) if self.found else {}

    def nothing_pointed_at(self) -> str:
        who = self.attendees.pointed
        if who is None:
            return f"Nobody is on {self.reference}. Nothing was changed."
        return f"{who.name} only makes up a module in session {who.session}; x gives that seat up."

    def why_not(self, action: str) -> str:
        who = self.attendees.pointed
        if action == "cancel_place" and who is not None and who.session:
            return LiveScreen.why_not(self, action)
        sentence = super().why_not(action)
        if not sentence and action in BOOKING and self.found:
            return self.found.refusals[NEWCOMER][Action.BOOK]
        return sentence

    def deeds(self) -> Sequence[Deed]:
        changes = event_changes.deeds(self, self.found.card) if self.found else ()
        return [*changes, *super().deeds()]

    def _heading(self, found: EventFound) -> list[Pieces]:
        card, event = found.card, found.card.event
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
        if event.joining:
            second.append((f", {event.joining} kept for modules made up", "plain"))
        if event.waiting:
            second.append((f", {event.waiting} waiting", "warning"))
        parts: list[Piece] = []
        if held < event.minimum:
            by = f", decide by {show_date(event.decide_by)}" if event.decide_by else ""
            parts.append((f"{event.minimum - held} short of the minimum{by}", "warning"))
        if card.facilitators:
            parts.append((f"With {', '.join(card.facilitators)}", "muted"))
        if event.notes:
            parts.append((event.notes, "muted"))
        third = [piece for part in parts for piece in ((glyphs().between, "muted"), part)][1:]
        rules: list[Piece] = [("Rules ", "muted"), (course_rules.in_words(found.rules), "muted")]
        return [first, second, *([third] if third else []), rules]

    def on_record_table_chosen(self, message: RecordTable.Chosen) -> None:
        who = self.attendees.pointed
        if message.table is self.attendees and who is not None:
            self.post_message(OpenPerson(who.person))

    @work(group="write")
    async def _book(self, action: str, how: Callable[[LiveScreen[EventFound], str], Awaitable[None]]) -> None:
        if not self.refused(action):
            await how(self, self.reference)

    def action_book(self) -> None:
        self._book("book", booking.book_somebody)

    def action_book_list(self) -> None:
        self._book("book_list", pasted.book_list)

    def action_book_group(self) -> None:
        self._book("book_group", booking.book_group)

    def action_cancel_place(self) -> None:
        who = self.attendees.pointed
        if who is not None and who.session:
            self._act_on_seat(who)
        else:
            super().action_cancel_place()

    @work(group="write")
    async def _act_on_seat(self, who: Attendee) -> None:
        if not self.refused("cancel_place"):
            await places.leave_make_up(self, self.reference, who.session, who.person, who.name)

    @work(group="look")
    async def action_why(self) -> None:
        if (who := self.attendees.pointed) is not None:
            await places.why_waiting(self, self.reference, who.person)

    @work(group="write")
    async def action_change(self) -> None:
        if self.found is not None:
            await event_changes.choose(self, self.found.card)

    def action_register(self) -> None:
        session = self.sessions.pointed if self.sessions.has_focus else None
        self.post_message(OpenRegister(self.reference, session.session if session else 0))

    @work(group="look")
    async def action_history(self) -> None:
        lines = self.found.card.history if self.found else []
        table: Listing[HistoryLine] = Listing(
            f"History of {self.reference}", HISTORY_COLUMNS, lambda line: str(line.id), lines,
            empty="Nothing has happened yet.",
        )  # fmt: skip
        await self.app.push_screen_wait(table)

    def action_copy(self) -> None:
        booked = [each.email for each in self.found.card.roster if each.status == "booked"] if self.found else []
        if booked:
            self.app.copy_to_clipboard("; ".join(booked))
            self.say(f"{count(len(booked), 'address', 'addresses')} copied, if this terminal lets a program copy.")
        else:
            self.say("Nobody is booked: there is nothing to copy.", warning=True)
