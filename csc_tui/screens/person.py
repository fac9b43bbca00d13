"""A person's card: how to reach them, where they are booked, what they completed, what was sent, what was done."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.context import Context
from csc_tui.screens import booking, places
from csc_tui.screens.base import Desk, OpenEvent
from csc_tui.screens.columns import STATUS_TONES, status_letter
from csc_tui.screens.history import change
from csc_tui.screens.places import Place, PlaceScreen
from csc_tui.services import allowing, lookup
from csc_tui.services.allowing import Refusals
from csc_tui.text import count, label, show_date
from csc_tui.widgets.drawing import STYLES, Piece, Pieces, content
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column, RecordTable
from db.records import InvitationLine, Method, PartStat, PersonCard, PersonKind, Role


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card, whatever it is about; `event` is what enter opens, `status` that of a booking."""

    key: str
    group: str
    when: str
    what: str
    title: str
    detail: str
    event: str = ""
    status: str = ""


COLUMNS: tuple[Column[Line], ...] = (
    Column("", lambda line: status_letter(line.status) if line.status else "", 1),
    Column("When", lambda line: line.when, 15),
    Column("What", lambda line: [(line.what, "accent" if line.event else "plain")], 13),
    Column("", lambda line: line.title, 14, share=3),
    Column("", lambda line: [(line.detail, STATUS_TONES.get(line.status, "muted"))], 14, share=2),
)


@dataclass(frozen=True, slots=True)
class PersonFound:
    """`refusals` are why something is not allowed, for each event by its reference."""

    card: PersonCard
    refusals: Mapping[str, Refusals]


def read(ctx: Context, person: str) -> PersonFound:
    """Raises NoSuchPerson, AmbiguousPerson."""
    return PersonFound(lookup.person_card(ctx, person), allowing.of_person(ctx, person))


class PersonScreen(PlaceScreen[PersonFound]):
    HELP = (
        "Everything on one person: bookings, courses completed, invitations and history. b books them on an event, "
        "m makes up a module they missed. x, t and s cancel, transfer and substitute the booking under the cursor; "
        "a dim key is not allowed for it, and pressing it says why. Enter opens its event."
    )
    NEEDS: ClassVar = dict.fromkeys(("book", "make_up", *places.ACTIONS), Role.BOOKER)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="person.book", tooltip="Book this person on an event"),
        *places.BINDINGS,
        Binding("m", "make_up", "Make up", id="person.make_up", tooltip="Make up a missed module in another event"),
        Binding("c", "copy", "Copy e-mail", id="person.copy", tooltip="Copy the e-mail address"),
    ]

    def __init__(self, desk: Desk, person: str) -> None:
        super().__init__(desk)
        self.person = person
        self.found: PersonFound | None = None
        self.table: RecordTable[Line] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, id="card",
            empty="No bookings and no history yet. b books them on an event.",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table

    def reader(self) -> Callable[[], PersonFound]:
        return partial(read, self.ctx, self.person)

    def show(self, found: PersonFound) -> None:
        self.found = found
        self.query_one("#heading", Static).update(content(_heading(found.card), STYLES))
        self.table.show(_lines(found.card))
        self.dim_keys()

    def on_record_table_pointed(self) -> None:
        self.dim_keys()

    def place(self) -> Place | None:
        line = self.table.pointed
        if self.found is None or line is None or not line.status:
            return None
        person = self.found.card.person
        return Place(line.event, person.key, person.name, line.status)

    def refusals(self, place: Place) -> Refusals:
        return self.found.refusals.get(place.reference, {}) if self.found else {}

    def nothing_pointed_at(self) -> str:
        return "Put the cursor on the booking that is meant. Nothing was changed."

    def on_record_table_chosen(self) -> None:
        line = self.table.pointed
        if line is not None and line.event:
            self.post_message(OpenEvent(line.event))

    @work(group="write")
    async def action_book(self) -> None:
        if self.found is not None and not self.refused("book"):
            person = self.found.card.person
            await booking.book_somewhere(self, person.key, person.name)

    @work(group="write")
    async def action_make_up(self) -> None:
        if self.found is not None and not self.refused("make_up"):
            person = self.found.card.person
            await places.make_up(self, person.key, person.name)

    def action_copy(self) -> None:
        if self.found is not None:
            email = self.found.card.person.email
            self.app.copy_to_clipboard(email)
            self.say(f"{email} copied, if this terminal lets a program copy.")


def _heading(card: PersonCard) -> list[Pieces]:
    person = card.person
    first: list[Piece] = [(person.name, "accent"), (f"  {person.job_title}", "strong")]
    roles = [
        name
        for name, held in (
            ("manager", person.is_manager), ("facilitator", person.is_facilitator),
            ("practice lead", person.is_practice_lead), ("partner", person.kind == PersonKind.PARTNER),
        )
        if held
    ]  # fmt: skip
    if roles:
        first.append((f"{glyphs().between}{', '.join(roles)}", "plain"))
    if not person.active:
        first.append((f"{glyphs().between}no longer active", "warning"))
    where = glyphs().between.join(part for part in (person.organisation, person.team) if part)
    second: list[Piece] = [(person.email, "plain")]
    if person.phone:
        second.append((f"{glyphs().between}{person.phone}", "plain"))
    if person.employee_number:
        second.append((f"{glyphs().between}employee number {person.employee_number}", "muted"))
    third: list[Piece] = [(where or "No organisation given", "plain")]
    if card.manager:
        third.append((f"{glyphs().between}manager {card.manager}", "muted"))
    lines: list[Pieces] = [first, second, third]
    missed = [each.event for each in card.enrolments if each.status == "no_show"]
    if missed:
        lines.append([("Did not come  ", "muted"), (f"{count(len(missed), 'time')}: {', '.join(missed)}", "error")])
    needs = [part for part in (person.dietary, person.access_needs) if part]
    if needs:
        lines.append([("Needs  ", "muted"), (glyphs().between.join(needs), "warning")])
    return lines


def _lines(card: PersonCard) -> list[Line]:
    lines = []
    times: Counter[str] = Counter()  # who cancelled and came back has several bookings of one event
    for each in card.enrolments:
        times[each.event] += 1
        lines.append(
            Line(f"booking {each.event} {times[each.event]}", "Bookings", show_date(each.first_date), each.event,
                 each.title, label(each.status), event=each.event, status=each.status)
        )  # fmt: skip
    lines += [
        Line(f"course {each.course}", "Courses", show_date(each.on) if each.complete else "", each.course, each.title,
             "complete" if each.complete else f"{each.modules_done} of {count(each.modules_needed, 'module')}")
        for each in card.completions
    ]  # fmt: skip
    lines += [
        Line(f"invitation {each.event} {each.session}", "Invitations", show_date(each.date), each.event,
             f"session {each.session}", _sent(each),
             event=each.event)
        for each in card.invitations
    ]  # fmt: skip
    lines += [
        Line(f"history {each.id}", "History", show_date(each.at), each.actor, f"{label(each.verb)} {each.subject}",
             change(each))
        for each in card.history
    ]  # fmt: skip
    return lines


def _sent(line: InvitationLine) -> str:
    """What was sent last, and what came back: `update 2, accepted`."""
    if line.method == Method.CANCEL:
        return "cancellation"
    sent = f"update {line.sequence}" if line.sequence else "invitation"
    answer = "no answer yet" if line.partstat == PartStat.NEEDS_ACTION else line.partstat.lower()
    return f"{sent}, {answer}"
