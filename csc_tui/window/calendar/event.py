"""The screen of one event: its sessions, its roster and waiting list, and everything that can be done to them."""

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

from csc_tui.base.clashes import Clash
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date, status_label
from csc_tui.core.booking import expiry
from csc_tui.core.booking import refusals as booking_refusals
from csc_tui.core.booking.refusals import NEWCOMER, Refusals
from csc_tui.core.booking.transitions import EnrolmentAction
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import course_rules as catalogue_course_rules
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import booking_dialogs, pasted_list, place_dialogs, place_screen
from csc_tui.window.booking.place_dialogs import Place
from csc_tui.window.booking.place_screen import PlaceScreen
from csc_tui.window.calendar import edit_event
from csc_tui.window.calendar.edit_event import SESSIONS
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.history.history import HISTORY_COLUMNS
from csc_tui.window.mail import invitations, reply_by_hand
from csc_tui.window.shared.columns import STATE_TONES, short_date, status_letter, status_word
from csc_tui.window.shared.data_screen import DataScreen, MenuAction, OpenEvent, OpenPerson, OpenRegister, WindowState
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.column_layout import natural_order
from csc_tui.window.widgets.filter_input import FilterInput
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content, places_bar
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError
from db.records.booking import FormerLine, MakeUpLine, RosterLine, WaitingLine
from db.records.calendar import Event, EventCard
from db.records.catalogue import BookingRules
from db.records.history import HistoryLine
from db.records.startup import EventState, Role, SessionLine

BOOKING = ("book", "book_group", "book_list")
ON_IT, OFFERED, ASKING, WAITING, MAKING_UP, CALLED_OFF, FORMER = range(7)
GROUPS = (
    "On the event", "Offered a place", "Asking for a place", "Waiting list, in order", "Making up a module",
    "On it when it was cancelled", "No longer on it",
)  # fmt: skip
"""The groups of people, in the order they are listed."""
NOBODY = "No one is on this event yet. b books a person."
NOBODY_WAS = "No one was on this event when it was cancelled."
REPLIES = {"accepted": ("Y", "good"), "declined": ("N", "error"), "tentative": ("T", "warning"),
           "no answer": ("?", "muted")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on the roster, in the queue or in one session.

    `place` is their number on the waiting list, `session` the one in which they make something up, `note` a remark and
    `was` the status before the event was cancelled.
    """

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
    reply: str = ""
    was: str = ""

    def matches(self, text: str) -> bool:
        """Return whether every word stands in what is listed of the person."""
        known = f"{self.name} {self.email} {self.organisation} {status_label(self.status)} {self.note} {self.reply}"
        return all(word in known.casefold() for word in text.casefold().split())

    @property
    def former(self) -> bool:
        return self.group in (CALLED_OFF, FORMER)

    @property
    def key(self) -> str:
        """The key of the row; a place given up has another, so neither cursor nor selection follows it down."""
        former = " former" if self.group in (CALLED_OFF, FORMER) else ""
        return f"{self.person} {self.session}{former}"

    @classmethod
    def from_roster(cls, line: RosterLine, until: Mapping[str, str]) -> "Attendee":
        group = {"offered": OFFERED, "requested": ASKING}.get(line.status, ON_IT)
        ends = until.get(line.person, "")
        note = f"until {format_date(ends)[4:-5]} {ends[11:]}" if ends else ""
        return cls(line.person, line.name, line.email, line.organisation, line.status, line.since, group, note=note,
                   reply=line.reply)  # fmt: skip

    @classmethod
    def from_queue(cls, line: WaitingLine, place: int, contact: tuple[str, str]) -> "Attendee":
        return cls(line.person, line.name, *contact, "waitlisted", line.since, WAITING, place)

    @classmethod
    def from_elsewhere(cls, line: MakeUpLine, contact: tuple[str, str]) -> "Attendee":
        return cls(
            line.person, line.name, *contact, "", "", MAKING_UP, session=line.session,
            note=f"session {line.session}: {line.module}",
        )  # fmt: skip

    @classmethod
    def from_former(cls, line: FormerLine) -> "Attendee":
        called_off = line.status == "event_cancelled"
        return cls(
            line.person, line.name, line.email, line.organisation, line.status, line.since,
            CALLED_OFF if called_off else FORMER, note=line.phone if called_off else line.reason,
            was=line.was if called_off else "",
        )  # fmt: skip


def attendee_lines(card: EventCard) -> list[Attendee]:
    """Return everybody in the order of GROUPS, and within a group in the order of the query."""
    until = {each.person: each.offered_until for each in card.waiting if each.offered_until}
    queue = [each for each in card.waiting if not each.offered_until]  # somebody with an offer no longer waits
    listed = [
        *(Attendee.from_roster(each, until) for each in card.roster),
        *(Attendee.from_queue(each, place, card.contacts[each.person]) for place, each in enumerate(queue, 1)),
        *(Attendee.from_elsewhere(each, card.contacts[each.person]) for each in card.make_ups),
        *(Attendee.from_former(each) for each in card.former),
    ]
    return sorted(listed, key=lambda who: who.group)


def reply_cell(said: str) -> Pieces:
    """Return `Y accepted`: a letter and the word for the reply to the invitations."""
    letter, tone = REPLIES.get(said, ("", "muted"))
    return [(f"{letter} ", tone), (said, tone)] if said else ""


def people_columns(*, notes: bool) -> tuple[Column[Attendee], ...]:
    """Return the columns; where nobody has a note, the addresses get its room."""
    return (
        Column("", lambda who: status_letter(who.status) if who.status else "", 2),
        Column("Name", lambda who: [(f"{who.place}  " if who.place else "", "muted"), (who.name, "plain")], 18, share=2,
               order=lambda who: natural_order(who.name.rpartition(" ")[2] + who.name)),
        Column("Organisation", lambda who: who.organisation, 11, share=2),
        Column("E-mail", lambda who: [(who.email, "muted")], 18 if notes else 24, share=3),
        Column("Reply", lambda who: [(who.note, "warning")] if who.note else reply_cell(who.reply),
               19 if notes else 12, share=1),
        Column("Status", lambda who: f"was {status_label(who.was)}" if who.was else status_word(who.status), 18,
               from_width=100),
        Column("Since", lambda who: format_date(who.since)[4:] if who.since else "", 11, from_width=114,
               order=lambda who: who.since),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventFound:
    """The content of the screen; `refusals` has the reasons why actions are refused, by the key of each person."""

    card: EventCard
    rules: BookingRules
    refusals: Mapping[str, Refusals]


def load_event_screen(ctx: Context, reference: str) -> EventFound:
    """Return what the screen shows. Raises NoSuchEvent."""
    card = people_queries.get_event_card(ctx, reference)
    return EventFound(
        card,
        catalogue_course_rules.get_booking_rules(ctx, card.event.course_id),
        booking_refusals.list_event_refusals(ctx, reference),
    )


@dataclass(frozen=True, slots=True)
class EventExtrasFound:
    """The content that takes longer to load: the number of invitations due, and the clashes."""

    due: int = 0
    clashes: Sequence[Clash] = ()


def load_event_extras(ctx: Context, reference: str) -> EventExtrasFound:
    """Return the invitations due and the clashes. Raises NoSuchEvent."""
    due = sum(map(len, mail_invitations.list_due_by_event(ctx, [reference]).values()))
    return EventExtrasFound(due, calendar_actions.list_event_clashes(ctx, reference))


CLASHES: tuple[Column[Clash], ...] = (
    Column("When", lambda clash: short_date(clash.date), 10),
    Column("Session", lambda clash: str(clash.session), 7, right=True),
    Column("What", lambda clash: f"{clash.kind}: {clash.what}", 16, share=2),
    Column(
        "Double-booked with",
        lambda clash: [(f"{clash.other_event} session {clash.other_session}", "accent")],
        20,
        share=1,
    ),
)


def _places_line(event: Event) -> list[Piece]:
    """Return `Places ━━━━── 8 of 12 taken (1 offered), 4 free places, 2 waiting`."""
    line: list[Piece] = [("Places ", "muted"), *places_bar(event.taken, event.capacity, 14)]
    line.append((f" {event.taken} of {event.capacity} taken", "warning" if event.taken >= event.capacity else "plain"))
    if event.offered:
        line.append((f" ({event.offered} offered)", "warning"))
    if event.joining:
        line.append((f" ({event.joining} to make up a module)", "plain"))
    line.append((f", {format_count(event.free, 'free place')}", "plain"))
    if event.waiting:
        line.append((f", {event.waiting} waiting", "warning"))
    return line


def _called_off_line(card: EventCard) -> list[Piece]:
    """Return when and why an event was cancelled, and how many people were on it."""
    lost = [each for each in card.former if each.status == "event_cancelled"]
    if not lost:
        return [("No one had a place on it or was waiting for one.", "muted")]
    people = format_count(len(lost), "person was", "people were")
    because = f" ({lost[0].reason})" if lost[0].reason else ""
    return [
        (f"Cancelled on {format_date(lost[0].since)}{because}: ", "muted"),
        (f"{people} on it. c copies their addresses.", "warning"),
    ]


class EventScreen(PlaceScreen[EventFound]):
    AUTO_FOCUS = "#attendees"
    HELP = (
        "B is booked, W waits, O has an offer, R has asked. b books a person, x cancels the place under the cursor and "
        "first shows who would move up. Press a dim key to see why it is not allowed there. e changes the event "
        "itself: its sessions, places and state. r takes its registers, i writes the invitations that are due. Reply "
        "is what came back: Y accepted, N declined, T tentative, ? no answer; R records what someone said by "
        "telephone. Space selects people, * all of them: x, t, A, d and c are then for all who are selected, after one "
        "look. Tab goes to the sessions, enter opens a person."
    )
    NEEDS: ClassVar = dict.fromkeys((*BOOKING, *place_screen.ACTIONS, "invite", "reply"), Role.BOOKER)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="event.book", tooltip="Book a person on this event"),
        Binding(
            "r", "register", "Register", id="event.register", tooltip="Who was there: mark them, session by session"
        ),
        Binding(
            "i", "invite", "Invite", id="event.invite", tooltip="The invitations that are due: why, and write them"
        ),
        Binding("e", "change", "Change", id="event.change", tooltip="Change the event: dates, venue, places, state"),
        *place_screen.BINDINGS,
        Binding(
            "R",
            "reply",
            "Reply",
            id="event.reply",
            tooltip="Record a reply to the invitations, such as one by telephone",
        ),
        Binding("U", "reorder", "Queue", id="event.reorder", tooltip="Move a person up or down the waiting list"),
        Binding("W", "why", "Why waiting", id="event.why", tooltip="Why a person on the waiting list has no place yet"),
        Binding("P", "book_list", "Paste a list", id="event.book_list", tooltip="Book everyone on a pasted list"),
        Binding("J", "book_group", "Group", id="event.book_group", tooltip="Book a whole group or team"),
        Binding(
            "exclamation_mark",
            "clashes",
            "Clashes",
            key_display="!",
            id="event.clashes",
            tooltip="Sessions at the same time that need the same room, facilitator or learner",
        ),
        Binding("slash", "filter", "Filter", key_display="/", id="event.filter", tooltip="Filter the people by typing"),
        Binding("h", "history", "History", id="event.history", tooltip="Who did what to this event"),
        Binding("c", "copy", "Copy e-mails", id="event.copy", tooltip="Copy the addresses of everyone with a place"),
    ]

    def __init__(self, state: WindowState, reference: str) -> None:
        super().__init__(state)
        self.add_class("-many-keys")
        self.reference = reference
        self.found: EventFound | None = None
        self.more = EventExtrasFound()
        self._notes = False
        self.attendees: RecordTable[Attendee] = RecordTable(
            people_columns(notes=False), lambda who: who.key, group=lambda who: GROUPS[who.group], id="attendees",
            empty=NOBODY, markable=True,
            opens=lambda who: OpenPerson(who.person), pointing=self.dim_keys,
        )  # fmt: skip
        self.filter = FilterInput(
            self.attendees, self._narrow, placeholder="Words of a name, e-mail, organisation, status", id="filter"
        )
        self.sessions: RecordTable[SessionLine] = RecordTable(
            SESSIONS, lambda line: str(line.session), titles=False, empty="No sessions.",
            always_point=False, pointing=self.dim_keys, id="sessions",
        )  # fmt: skip

    def place_key(self) -> str:
        return self.reference

    def open_again(self) -> "Callable[[], EventScreen]":
        return partial(EventScreen, self.state, self.reference)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        with Container(id="event"):
            yield self.sessions
            yield self.filter
            yield self.attendees

    def on_mount(self) -> None:
        if self.ctx.role >= Role.BOOKER:
            self._expire_places()

    @work(group="write")
    async def _expire_places(self) -> None:
        """Expire what has run out on this event before anybody decides on it, and say so."""
        try:
            moves = await asyncio.to_thread(expiry.sweep_if_due, self.ctx, self.reference)
        except CscError as problem:
            self.show_trouble(word_for_window(problem))
            return
        if moves:
            what = "; ".join(f"{each.name} is now {status_label(each.after)}" for each in moves)
            self.say(f"Time ran out: {what}.", warning=True)
            self.state.changed.publish(None)

    def reader(self) -> Callable[[], EventFound]:
        return partial(load_event_screen, self.ctx, self.reference)

    def show(self, found: EventFound) -> None:
        self.found = found
        self.query_one("#heading", Static).update(draw_content(self._heading(found), STYLES))
        self.sessions.show(found.card.sessions)
        self._fill()
        self.dim_keys()
        self._load_extras()

    def _fill(self, *, from_top: bool = False) -> None:
        """Show the people who match the filter."""
        if self.found is None:
            return
        card, text = self.found.card, self.filter.value.strip()
        listed = attendee_lines(card)
        notes = any(who.note for who in listed)
        if notes != self._notes:
            self._notes = notes
            self.attendees.set_columns(people_columns(notes=notes))
        people = [who for who in listed if who.matches(text)]
        nobody = NOBODY_WAS if card.event.state is EventState.CANCELLED else NOBODY
        empty = f"No match for '{text}' on this event. Escape shows everyone." if text else nobody
        self.attendees.show(people, empty=empty, from_top=from_top)

    def _narrow(self, text: str) -> None:
        self._fill(from_top=True)

    def action_filter(self) -> None:
        self.filter.display = True
        self.filter.focus()

    def can_step_back(self) -> bool:
        return self.filter.display

    def step_back(self) -> None:
        """Show everybody again."""
        self.filter.close()
        self.filter.display = False

    @work(exclusive=True, group="further")
    async def _load_extras(self) -> None:
        """Load in a thread what takes longer than a key may take."""
        try:
            more = await asyncio.to_thread(load_event_extras, self.ctx, self.reference)
        except CscError as problem:
            self.show_trouble(word_for_window(problem))
            return
        if more != self.more and self.found is not None:
            self.more = more
            self.query_one("#heading", Static).update(draw_content(self._heading(self.found), STYLES))

    def place(self) -> Place | None:
        who = self.attendees.pointed
        if who is None or who.session or who.former:
            return None
        return Place(self.reference, who.person, who.name, who.status)

    def selected(self) -> Sequence[Place]:
        return [
            Place(self.reference, who.person, who.name, who.status)
            for who in self.attendees.marked
            if not (who.session or who.former)
        ]

    def done(self) -> None:
        self.attendees.unmark()

    def point_at_person(self, person: str) -> bool:
        """Put the cursor on somebody's place; return whether they have one."""
        keys = [who.key for who in self.attendees.rows if who.person == person and not who.session]
        return bool(keys) and self.attendees.point_at(keys[0])

    def refusals(self, place: Place) -> Refusals:
        return self.found.refusals.get(place.person, {}) if self.found else {}

    def nothing_pointed_at(self) -> str:
        who = self.attendees.pointed
        if who is None:
            return f"No one is on {self.reference}. Nothing was changed."
        if who.former:
            return f"{who.name} is no longer on {self.reference}: {status_label(who.status)}. Nothing was changed."
        return f"{who.name} only makes up a module in session {who.session}; x gives that place up."

    def why_not(self, action: str) -> str:
        who = self.attendees.pointed
        if action == "cancel_place" and who is not None and who.session and not self.attendees.marked:
            return DataScreen.why_not(self, action)
        sentence = super().why_not(action)
        if not sentence and action in BOOKING and self.found:
            return self.found.refusals[NEWCOMER][EnrolmentAction.BOOK]
        return sentence

    def menu_actions(self) -> Sequence[MenuAction]:
        changes = edit_event.event_menu(self, self.found.card) if self.found else ()
        return [*changes, *super().menu_actions()]

    def _heading(self, found: EventFound) -> list[Pieces]:
        card, event = found.card, found.card.event
        state = status_label(event.state)
        first: list[Piece] = [(event.reference, "accent"), (f"  {event.title}  ", "strong"),
                              (state, STATE_TONES.get(event.state, "muted"))]  # fmt: skip
        if event.state == EventState.DRAFT:
            first.append((": cannot be booked before it is open", "muted"))
        second = _called_off_line(card) if event.state is EventState.CANCELLED else _places_line(event)
        parts: list[Piece] = []
        if event.enrolled < event.minimum:
            by = f", decide by {format_date(event.decide_by)}" if event.decide_by else ""
            parts.append((f"{event.minimum - event.enrolled} short of the minimum{by}", "warning"))
        if card.facilitators:
            parts.append((f"With {', '.join(card.facilitators)}", "muted"))
        third = [piece for part in parts for piece in ((glyphs().between, "muted"), part)][1:]
        rules: list[Piece] = [("Rules ", "muted"), (course_rules.booking_rules_line(found.rules), "muted")]
        notes: list[Pieces] = [[(event.notes, "muted")]] if event.notes else []
        due = self._due(card)
        return [first, second, *([third] if third else []), rules, *([due] if due else []), *notes]

    def _due(self, card: EventCard) -> list[Piece]:
        """Return what needs a look: invitations due, clashes, declined invitations."""
        declined = sum(each.reply == "declined" for each in card.roster) if card.event.state.bookable else 0
        due: list[Piece] = []
        for words, number in (
            (f"{format_count(self.more.due, 'invitation')} due (i)", self.more.due),
            (f"{format_count(len(self.more.clashes), 'clash', 'clashes')} (!)", len(self.more.clashes)),
            (f"{format_count(declined, 'invitation')} declined", declined),
        ):
            if number:
                due += [(glyphs().between, "muted"), (words, "warning")]
        return due[1:]

    @work(group="write")
    async def _book(self, action: str, how: Callable[[DataScreen[EventFound], str], Awaitable[None]]) -> None:
        if not self.refused(action):
            await how(self, self.reference)

    def action_book(self) -> None:
        self._book("book", booking_dialogs.ask_person_to_book)

    def action_book_list(self) -> None:
        self._book("book_list", pasted_list.ask_list_to_book)

    def action_book_group(self) -> None:
        self._book("book_group", booking_dialogs.ask_group_to_book)

    def action_cancel_place(self) -> None:
        who = self.attendees.pointed
        if who is not None and who.session and not self.attendees.marked:
            self._act_on_seat(who)
        else:
            super().action_cancel_place()

    @work(group="write")
    async def _act_on_seat(self, who: Attendee) -> None:
        if not self.refused("cancel_place"):
            await place_dialogs.ask_make_up_cancellation(self, self.reference, who.session, who.person, who.name)

    @work(group="look")
    async def action_why(self) -> None:
        if (who := self.attendees.pointed) is not None:
            await place_dialogs.tell_why_waiting(self, self.reference, who.person)

    @work(group="write")
    async def action_change(self) -> None:
        if self.found is not None:
            await edit_event.open_event_menu(self, self.found.card)

    def action_register(self) -> None:
        session = self.sessions.pointed if self.sessions.has_focus else None
        self.post_message(OpenRegister(self.reference, session.session if session else 0))

    @work(group="look")
    async def action_history(self) -> None:
        lines = self.found.card.history if self.found else []
        table: Listing[HistoryLine] = Listing(
            f"History of {self.reference}", HISTORY_COLUMNS, lambda line: str(line.id), lines,
            empty="No changes yet.",
        )  # fmt: skip
        await self.app.push_screen_wait(table)

    @work(group="write")
    async def action_invite(self) -> None:
        if not self.refused("invite"):
            await invitations.ask_invitations_folder(self, self.reference)

    @work(group="write")
    async def action_reply(self) -> None:
        who = self.attendees.pointed
        if who is None:
            self.say(f"No one is on {self.reference}. Nothing was changed.", warning=True)
        elif not self.refused("reply"):
            await reply_by_hand.ask_reply(self, self.reference, who.person, who.name)

    @work(group="look")
    async def action_clashes(self) -> None:
        if not self.more.clashes:
            self.say(f"No coming session of {self.reference} is double-booked.")
            return
        table: Listing[Clash] = Listing(
            f"Clashes of {self.reference}", CLASHES, lambda clash: f"{clash}", self.more.clashes, choosable=True,
            explanation="These are double-booked. Enter opens the other event.",
        )  # fmt: skip
        chosen = await self.app.push_screen_wait(table)
        if chosen is not None:
            self.post_message(OpenEvent(chosen.other_event))

    @work(group="look")
    async def action_copy(self) -> None:
        rows = self.attendees.rows
        people = self.attendees.marked or [who for who in rows if who.status == "booked" or who.group == CALLED_OFF]
        await place_dialogs.copy_addresses(self, [who.person for who in people], "No one is booked")
