"""The screen of one person: contact details, bookings, courses, invitations and history."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date, format_times, status_label
from csc_tui.core.booking import refusals as booking_refusals
from csc_tui.core.booking.refusals import Refusals
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import booking_dialogs, place_dialogs, place_screen
from csc_tui.window.booking.place_dialogs import Place
from csc_tui.window.booking.place_screen import PlaceScreen
from csc_tui.window.history.history import history_change_line
from csc_tui.window.mail import reply_by_hand
from csc_tui.window.people import edit_person
from csc_tui.window.shared.columns import STATUS_TONES, status_letter
from csc_tui.window.shared.data_screen import MenuAction, OpenEvent, OpenPerson, WindowState, role_refusal
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.mail import InvitationMethod, PartStat
from db.records.people import CourseProgress, InvitationLine, LedSession, PersonCard, PersonKind
from db.records.startup import Role

MOST_MODULES = 5
"""The most modules of a course that are shown by number."""
GROUPS = "Manager and groups"


@dataclass(frozen=True, slots=True)
class PersonScreenLine:
    """One line of the card; enter opens its `event` or `person`, and `status` is that of a booking."""

    key: str
    group: str
    when: str | tuple[Piece, ...]
    what: str
    title: str
    detail: str
    event: str = ""
    status: str = ""
    person: str = ""
    tone: str = "muted"


def _open_line(line: PersonScreenLine) -> OpenEvent | OpenPerson | None:
    if line.event:
        return OpenEvent(line.event)
    return OpenPerson(line.person) if line.person else None


COLUMNS: tuple[Column[PersonScreenLine], ...] = (
    Column("", lambda line: status_letter(line.status) if line.status else "", 1),
    Column("When", lambda line: line.when, 15),
    Column("What", lambda line: [(line.what, "accent" if line.event or line.person else "plain")], 13),
    Column("", lambda line: line.title, 16, share=2),
    Column("", lambda line: [(line.detail, STATUS_TONES.get(line.status, line.tone))], 21, share=1),
)


@dataclass(frozen=True, slots=True)
class PersonFound:
    """The content of the screen; `refusals` has the reasons why actions are refused, by event."""

    card: PersonCard
    refusals: Mapping[str, Refusals]


def load_person_screen(ctx: Context, person: str) -> PersonFound:
    """Return what the screen shows. Raises NoSuchPerson, AmbiguousPerson."""
    return PersonFound(people_queries.get_person_card(ctx, person), booking_refusals.list_person_refusals(ctx, person))


class PersonScreen(PlaceScreen[PersonFound], FilteredListScreen[PersonFound]):
    HELP = (
        "Everything about one person: sessions they lead, bookings, courses, groups, invitations and history. [1] is a "
        "module done, (2) one that is booked, 3 one that is missing. b books them on an event, m makes up a module "
        "they missed. x, t and s cancel, transfer and substitute the booking under the cursor; a dim key is not "
        "allowed for it, and pressing it says why. R records their reply to its invitations, C writes their "
        "certificate for its course. Enter opens the event of a line, or the line manager. e changes what is known of "
        "them, l records that they left. F writes their own calendar, as a feed."
    )
    NEEDS: ClassVar = dict.fromkeys(
        ("book", "make_up", "reply", "change", "leave", "certificate", *place_screen.ACTIONS), Role.BOOKER
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Book", id="person.book", tooltip="Book this person on an event"),
        *place_screen.BINDINGS,
        Binding(
            "R",
            "reply",
            "Reply",
            id="person.reply",
            tooltip="Record a reply to the invitations, such as one by telephone",
        ),
        Binding("m", "make_up", "Make up", id="person.make_up", tooltip="Make up a missed module in another event"),
        Binding("e", "change", "Change", id="person.change", tooltip="Change name, e-mail, team and the rest"),
        Binding("l", "leave", "Left", id="person.leave", tooltip="The person has left, or has come back"),
        Binding(
            "C",
            "certificate",
            "Certificate",
            show=False,
            id="person.certificate",
            tooltip="Write their certificate for the course under the cursor",
        ),
        Binding("c", "copy", "Copy e-mail", id="person.copy", tooltip="Copy the e-mail address"),
        Binding("F", "feed", "Feed", show=False, id="person.feed", tooltip="Write their own calendar, to subscribe to"),
    ]

    def __init__(self, state: WindowState, person: str) -> None:
        super().__init__(state)
        self.add_class("-many-keys")
        self.person = person
        self.found: PersonFound | None = None
        self.table: RecordTable[PersonScreenLine] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, opens=_open_line, id="card",
            pointing=self._cursor_moved,
        )  # fmt: skip

    def place_key(self) -> str:
        return self.person

    def open_again(self) -> "Callable[[], PersonScreen]":
        return partial(PersonScreen, self.state, self.person)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], PersonFound]:
        return partial(load_person_screen, self.ctx, self.person)

    def show(self, found: PersonFound) -> None:
        self.found = found
        self.query_one("#heading", Static).update(draw_content(_heading(found.card), STYLES))
        self.show_rows(_lines(found.card), empty="No bookings and no history yet. b books them on an event.")
        self._show_detail()
        self.dim_keys()

    def _cursor_moved(self) -> None:
        self._show_detail()
        self.dim_keys()

    def _show_detail(self) -> None:
        """Show the line under the cursor in full but for its date, because a narrow list cuts titles and reasons."""
        line = self.table.pointed
        lines: list[Pieces] = []
        if line is not None:
            lines = [
                [(line.what, "accent" if line.event or line.person else "plain"), (f"  {line.title}", "strong")],
                [(line.detail, STATUS_TONES.get(line.status, line.tone))],
            ]
        self.query_one("#detail", PieceLines).show(lines)

    def place(self) -> Place | None:
        line = self.table.pointed
        if self.found is None or line is None or not line.status:
            return None
        person = self.found.card.person
        return Place(line.event, person.key, person.name, line.status)

    @property
    def name_shown(self) -> str:
        return self.found.card.person.name if self.found else self.person

    def places_for(self, action: str) -> list[PersonScreenLine]:
        """Return the bookings that an action is allowed for."""
        lines = [line for line in self.table.rows if line.status]
        if action not in place_screen.ACTIONS:
            return lines
        places = [Place(line.event, self.person, self.name_shown, line.status) for line in lines]
        return [line for line, place in zip(lines, places, strict=True) if not self.why_not_for(action, place)]

    def refusals(self, place: Place) -> Refusals:
        return self.found.refusals.get(place.reference, {}) if self.found else {}

    def nothing_pointed_at(self) -> str:
        return "Put the cursor on a booking first. Nothing was changed."

    @work(group="write")
    async def action_certificate(self) -> None:
        place = self.place()
        if place is None:
            self.say("Put the cursor on an event of the completed course first. Nothing was written.", warning=True)
        elif not self.refused("certificate"):
            from csc_tui.window.attendance import certificates

            await certificates.ask_certificate_folder(self, place.reference, place.person, place.name)

    @work(group="write")
    async def action_book(self) -> None:
        if self.found is not None and not self.refused("book"):
            person = self.found.card.person
            await booking_dialogs.ask_event_to_book(self, person.key, person.name)

    @work(group="write")
    async def action_reply(self) -> None:
        line = self.table.pointed
        if self.found is None or self.refused("reply"):
            return
        if line is None or not line.event:
            self.say("Put the cursor on a booking or invitation first. Nothing was changed.", warning=True)
            return
        person = self.found.card.person
        await reply_by_hand.ask_reply(self, line.event, person.key, person.name)

    @work(group="write")
    async def action_make_up(self) -> None:
        if self.found is not None and not self.refused("make_up"):
            person = self.found.card.person
            await place_dialogs.ask_make_up(self, person.key, person.name)

    @work(group="write")
    async def action_change(self) -> None:
        if self.found is not None and not self.refused("change"):
            await edit_person.ask_person_changes(self, self.found.card.person.key)

    @work(group="write")
    async def action_leave(self) -> None:
        if self.found is not None and not self.refused("leave"):
            await edit_person.ask_person_leaving(self, self.found.card.person.key)

    def scope(self) -> Mapping[str, str]:
        """Return the person's own sessions: those they lead, or else those they have a place on."""
        if self.found is None:
            return {}
        person = self.found.card.person
        return {"facilitator" if person.is_facilitator else "person": person.email or person.key}

    @work(group="write")
    async def action_feed(self) -> None:
        from csc_tui.window.publication import feeds

        await feeds.ask_feed_file(self)

    def menu_actions(self) -> Sequence[MenuAction]:
        return [*self._record_actions(), *super().menu_actions()]

    def _record_actions(self) -> list[MenuAction]:
        if self.found is None:
            return []
        person = self.found.card.person
        why_not = role_refusal(self.ctx, Role.ADMINISTRATOR)
        no_merge = role_refusal(self.ctx, Role.COORDINATOR)
        erased = "" if person.email else f"{person.name} has already been erased."
        return [
            MenuAction(
                "",
                "Add earlier learning",
                f"What {person.name} learnt before or elsewhere",
                no_merge or erased,
                self._add_earlier_learning,
            ),
            MenuAction(
                "",
                "Merge with another record",
                f"Two records of {person.name}: keep this one, with all of the other",
                no_merge or erased,
                self._merge,
            ),
            MenuAction("", "Disclose", f"Everything held about {person.name}, in one file", why_not, self._disclose),
            MenuAction("", "Erase", f"{person.name} permanently; figures are kept", why_not or erased, self._erase),
        ]

    async def _add_earlier_learning(self) -> None:
        from csc_tui.window.people import earlier_learning

        if self.found is not None:
            person = self.found.card.person
            await earlier_learning.ask_earlier_learning(self, person.key, person.name)

    async def _merge(self) -> None:
        from csc_tui.window.people import merge_people

        if self.found is not None:
            person = self.found.card.person
            await merge_people.ask_merge(self, person.key, person.name)

    async def _disclose(self) -> None:
        from csc_tui.window.people import privacy

        if self.found is not None:
            await privacy.ask_disclosure_file(self, self.found.card.person)

    async def _erase(self) -> None:
        from csc_tui.window.people import privacy

        if self.found is not None:
            await privacy.ask_erasure(self, self.found.card.person)

    def action_copy(self) -> None:
        if self.found is not None:
            email = self.found.card.person.email
            if not email:
                self.say("This person has no e-mail address. Nothing was copied.", warning=True)
                return
            self.app.copy_to_clipboard(email)
            self.say(f"{email} copied, if your terminal allows it.")


def _heading(card: PersonCard) -> list[Pieces]:
    person = card.person
    first: list[Piece] = [(person.name, "accent"), (f"  {person.job_title}" if person.job_title else "", "strong")]
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
    second: list[Piece] = [(person.email or "erased: only figures are kept", "plain" if person.email else "warning")]
    if person.phone:
        second.append((f"{glyphs().between}{person.phone}", "plain"))
    if person.employee_number:
        second.append((f"{glyphs().between}employee number {person.employee_number}", "muted"))
    third: list[Piece] = [(where or "No organisation recorded", "plain")]
    if card.manager:
        third.append((f"{glyphs().between}manager {card.manager}", "muted"))
    lines: list[Pieces] = [first, second, third]
    learned: list[Piece] = []
    if card.hours:
        latest, whole = card.hours[0], sum(each.hours for each in card.hours)
        in_all = f", {whole:g} in all" if len(card.hours) > 1 else ""
        learned = [("CPD hours  ", "muted"), (f"{latest.hours:g} hours in {latest.year}{in_all}", "plain")]
    if missed := card.no_shows:
        learned += [(glyphs().between if learned else "", "muted"), ("Did not come  ", "muted"),
                    (f"{format_count(len(missed), 'time')}: {', '.join(missed)}", "error")]  # fmt: skip
    if learned:
        lines.append(learned)
    needs = [part for part in (person.dietary, person.access_needs) if part]
    if needs:
        lines.append([("Needs  ", "muted"), (glyphs().between.join(needs), "warning")])
    return lines


def _lines(card: PersonCard) -> list[PersonScreenLine]:
    lines = _led("Leads", card.leads)
    times: Counter[str] = Counter()  # somebody who cancelled and came back has several bookings of one event
    for each in card.enrolments:
        times[each.event] += 1
        lines.append(
            PersonScreenLine(
                f"booking {each.event} {times[each.event]}",
                "Bookings",
                format_date(each.first_date),
                each.event,
                each.title,
                status_label(each.status),
                event=each.event,
                status=each.status,
            )
        )
    for progress in card.completions:
        lines += _course(progress)
    if card.manager:
        lines.append(PersonScreenLine("manager", GROUPS, "Line manager", f"#{card.person.manager_id}", card.manager, "",
                          person=f"#{card.person.manager_id}"))  # fmt: skip
    lines += [
        PersonScreenLine(
            f"group {each.group}", GROUPS, format_date(each.since), each.role, each.group, status_label(each.kind)
        )
        for each in card.groups
    ]
    lines += [
        PersonScreenLine(f"invitation {each.event} {each.session}", "Invitations", format_date(each.date), each.event,
             f"session {each.session}", _sent(each),
             event=each.event)
        for each in card.invitations
    ]  # fmt: skip
    lines += _led("Led", card.led)
    lines += [
        PersonScreenLine(
            f"history {each.id}",
            "History",
            format_date(each.at),
            each.actor,
            f"{status_label(each.verb)} {each.subject}",
            history_change_line(each),
        )
        for each in card.history
    ]
    return lines


def _led(group: str, sessions: Sequence[LedSession]) -> list[PersonScreenLine]:
    return [
        PersonScreenLine(f"leads {each.event} {each.session}", group, format_date(each.date), each.event, each.title,
             f"session {each.session} {format_times(each.start, each.end)}".rstrip(), event=each.event)
        for each in sessions
    ]  # fmt: skip


def _course(progress: CourseProgress) -> list[PersonScreenLine]:
    """Return how far somebody is with a course, and where to get what is missing."""
    heading = f"Courses{glyphs().between}[1] done  (2) booked  3 missing"
    if progress.complete:
        day = format_date(progress.on) if progress.on else "on a day not known"
        detail, tone = f"complete {day}", "good"
        if progress.valid_until:
            until = format_date(progress.valid_until)
            detail = {"due": f"refresh by {until}", "out": f"ran out on {until}"}.get(
                progress.standing, f"complete until {until}"
            )
            tone = "good" if progress.standing == "in date" else "warning"
    else:
        detail, tone = f"needs {progress.needs}", "warning"
    lines = [
        PersonScreenLine(
            f"course {progress.course}", heading, _modules(progress), progress.course, progress.title, detail, tone=tone
        )
    ]
    if progress.earlier:
        lines.append(
            PersonScreenLine(
                f"earlier {progress.course}", heading, "", "", "learnt before or elsewhere", progress.earlier
            )
        )
    if progress.next_chance:
        where, _, on = progress.next_chance.rpartition(", ")
        event, _, session = where.partition(" ")
        lines.append(
            PersonScreenLine(
                f"chance {progress.course}", heading, format_date(on), event, "the next chance", session, event=event
            )
        )
    return lines


def _modules(progress: CourseProgress) -> tuple[Piece, ...]:
    """Return `[1](2) 3 `, done, booked and missing; of many modules only how many are done."""
    said = progress.modules.split()
    if len(said) > MOST_MODULES:
        return ((f"{said.count('done')} of {len(said)} done", "plain"),)
    signs = {"done": ("[", "]", "good"), "booked": ("(", ")", "warning")}
    pieces = []
    for number, each in enumerate(said, 1):
        before, after, tone = signs.get(each, (" ", " ", "muted"))
        pieces.append((f"{before}{number}{after}", tone))
    return tuple(pieces)


def _sent(line: InvitationLine) -> str:
    """Return the last message sent and the reply to it, such as `update 2, accepted`."""
    if line.method == InvitationMethod.CANCEL:
        return "cancellation"
    sent = f"update {line.sequence}" if line.sequence else "invitation"
    answer = "no reply yet" if line.partstat == PartStat.NEEDS_ACTION else line.partstat.lower()
    return f"{sent}, {answer}"
