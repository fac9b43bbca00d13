"""A person's card: how to reach them, where they are booked, what they completed, what was sent, what was done."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.screens import booking
from csc_tui.screens.base import Desk, LiveScreen, OpenEvent
from csc_tui.screens.columns import STATUS_TONES, status_letter
from csc_tui.screens.history import change
from csc_tui.services import lookup
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


class PersonScreen(LiveScreen[PersonCard]):
    HELP = (
        "Everything on one person: bookings, courses completed, invitations and history. b books them on an event, "
        "x cancels the booking under the cursor, enter opens its event, c copies the e-mail address."
    )
    NEEDS: ClassVar = {"book": Role.BOOKER, "cancel_place": Role.BOOKER}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="person.book", tooltip="Book this person on an event"),
        Binding(
            "x", "cancel_place", "Cancel place", id="person.cancel", tooltip="Give up the booking under the cursor"
        ),
        Binding("c", "copy", "Copy e-mail", id="person.copy", tooltip="Copy the e-mail address"),
    ]

    def __init__(self, desk: Desk, person: str) -> None:
        super().__init__(desk)
        self.person = person
        self.card: PersonCard | None = None
        self.table: RecordTable[Line] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, id="card",
            empty="No bookings and no history yet. b books them on an event.",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table

    def reader(self) -> Callable[[], PersonCard]:
        return partial(lookup.person_card, self.ctx, self.person)

    def show(self, found: PersonCard) -> None:
        self.card = found
        self.query_one("#heading", Static).update(content(_heading(found), STYLES))
        self.table.show(_lines(found))

    def on_record_table_chosen(self) -> None:
        line = self.table.pointed
        if line is not None and line.event:
            self.post_message(OpenEvent(line.event))

    @work(group="write")
    async def action_book(self) -> None:
        if self.card is not None:
            await booking.book_somewhere(self, self.card.person.key, self.card.person.name)

    @work(group="write")
    async def action_cancel_place(self) -> None:
        line = self.table.pointed
        if self.card is None or line is None or not line.status:
            self.say("Put the cursor on the booking that is to be cancelled. Nothing was changed.", warning=True)
            return
        await booking.cancel(self, line.event, self.card.person.key, self.card.person.name)

    def action_copy(self) -> None:
        if self.card is not None:
            self.app.copy_to_clipboard(self.card.person.email)
            self.say(f"{self.card.person.email} copied, if this terminal lets a program copy.")


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
