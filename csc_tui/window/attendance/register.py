"""The screen of an event's registers: one key for each mark, and all sessions side by side."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.errors import ReasonNeeded
from csc_tui.base.text import MARK_LETTERS, format_count, format_date, format_times, status_label
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import certificates, sign_in_sheets
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.attendance.actions import EventRegisters, PersonMark, SessionRegister
from csc_tui.window.attendance import register_lines
from csc_tui.window.attendance.register_lines import TONES, RegisterPersonLine
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.dialogs.dialog import mark_unexpected
from csc_tui.window.dialogs.form import (
    SHORT,
    Answers,
    Form,
    FormField,
    filled_rule,
    optional_rule,
    required_rule,
    typed_whole_number,
    typed_yes_or_no,
)
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import proposal, save_file
from csc_tui.window.shared.data_screen import OpenPerson, WindowState, role_refusal
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError, RuleBroken
from db.records.attendance import MarkKind, RegisterEntry
from db.records.calendar import Session
from db.records.startup import Role

MARKING = tuple(kind.value for kind in MarkKind)
SIDE_BY_SIDE = 12
"""The most sessions shown at once."""
WHY_CORRECTED = ("The sign-in sheet says otherwise", "Marked the wrong person", "Told us afterwards")


class MarkTable(RecordTable[RegisterPersonLine]):
    """Lists the people with a column for each session; left and right move from session to session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.earlier", "Session before", show=False, id="register.earlier",
                tooltip="The register of the session before"),
        Binding("right", "screen.later", "Session after", show=False, id="register.later",
                tooltip="The register of the session after"),
    ]  # fmt: skip
    HELP = (
        "Up and down move between people, left and right between sessions. Space selects people, * selects everyone; "
        "a mark then applies to all who are selected."
    )


class RegisterScreen(FilteredListScreen[EventRegisters]):
    HELP = (
        "P is present, L late, E left early, A apologies, X absent; a dot means no mark yet. Press p, l, e, a or x to "
        "mark the person under the cursor in the session in brackets; the cursor then moves to the next. L and E also "
        "ask how many minutes late or early; m changes the minutes of a mark. r marks everyone else present. s signs "
        "the register off: after that only a coordinator can change it, giving a reason. b books a walk-in and marks "
        "them present. u undoes the last change."
    )
    NEEDS: ClassVar = {
        **dict.fromkeys((*MARKING, "late_timed", "left_early_timed", "minutes"), attendance_actions.mark_person.role),
        "clear": attendance_actions.clear_mark.role,
        "rest": attendance_actions.mark_rest.role,
        "sign_off": attendance_actions.sign_off_register.role,
        "walk_in": Role.BOOKER,
        "certificates": Role.BOOKER,
    }  # fmt: skip
    REPEATABLE = frozenset({*MARKING, "late_timed", "left_early_timed", "minutes", "clear"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "rest", "Rest", id="register.rest", tooltip="Mark everyone who has no mark yet as present"),
        Binding("s", "sign_off", "Sign off", id="register.sign_off", tooltip="Confirm that it is complete"),
        Binding("b", "walk_in", "Walk-in", id="register.walk_in", tooltip="Book someone who came without a place"),
        Binding("p", "present", "Present", id="register.present", tooltip="Was there for the whole session"),
        Binding("l", "late", "Late", id="register.late", tooltip="Arrived late"),
        Binding("e", "left_early", "Early", id="register.left_early", tooltip="Left early"),
        Binding("a", "apologies", "Apologies", id="register.apologies", tooltip="Sent apologies"),
        Binding("x", "absent", "Absent", id="register.absent", tooltip="Did not come and sent no apologies"),
        Binding("m", "minutes", "Minutes", id="register.minutes", tooltip="Change the minutes of a mark"),
        Binding("L", "late_timed", "Late, with minutes", id="register.late_timed", tooltip="Late, with minutes"),
        Binding("E", "left_early_timed", "Left early, with minutes", id="register.left_early_timed",
                tooltip="Left early, with minutes or the time"),
        Binding("backspace,delete", "clear", "No mark", id="register.clear", tooltip="Remove the mark"),
        Binding("S", "sheet", "Sign-in sheet", id="register.sheet", tooltip="Save the sheet to print or fill in"),
        Binding("C", "certificates", "Certificates", id="register.certificates",
                tooltip="Write certificates for everyone who completed the course"),
    ]  # fmt: skip

    def __init__(self, state: WindowState, reference: str, session: int = 0) -> None:
        super().__init__(state)
        self.reference = reference
        self.session = session
        self.found: EventRegisters | None = None
        self._opened = False
        self._turn = asyncio.Lock()
        self._on_its_way: Counter[str] = Counter()
        self._reason = ""
        self._came = ""
        self.table = MarkTable(
            (), lambda line: line.key, group=lambda line: "Making up a module" if line.only_making_up else "",
            markable=True, id="marks",
            opens=lambda line: OpenPerson(line.key), pointing=self._cursor_moved,
        )  # fmt: skip

    def place_key(self) -> str:
        return self.reference

    def open_again(self) -> "Callable[[], RegisterScreen]":
        return partial(RegisterScreen, self.state, self.reference, self.session)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], EventRegisters]:
        return partial(attendance_actions.get_event_registers, self.ctx, self.reference)

    def show(self, found: EventRegisters) -> None:
        self.found = found
        numbers = self._numbers
        if self.session not in numbers:
            self.session = register_lines.likely_session(found.sessions, self.ctx)
        lines = register_lines.lines_of_registers(found)
        self.table.set_columns(self._columns(numbers))
        self.show_rows(lines, empty="No people on this register yet. Press b to book a walk-in.")
        if not self._opened and lines:
            self._opened = True
            self._point_at(next((line for line in lines if self._unmarked(line)), lines[0]))
        if self._came and self.table.point_at(self._came):
            self._came = ""
        self._draw()

    @property
    def register(self) -> SessionRegister | None:
        """Return the register of the session in brackets, or None."""
        sessions = self.found.sessions if self.found else []
        return next((each for each in sessions if each.session.number == self.session), None)

    def _draw(self) -> None:
        self.query_one("#heading", Static).update(draw_content(self._heading(), STYLES))
        self._draw_detail()
        self.dim_keys()

    def _columns(self, numbers: Sequence[int]) -> list[Column[RegisterPersonLine]]:
        here = numbers.index(self.session) if self.session in numbers else 0
        first = max(min(here - SIDE_BY_SIDE // 2, len(numbers) - SIDE_BY_SIDE), 0)
        shown = numbers[first : first + SIDE_BY_SIDE]
        size = max((len(str(number)) for number in shown), default=1)
        title = "".join(f"[{number:>{size}}]" if number == self.session else f" {number:>{size}} " for number in shown)
        return [
            Column("Name", lambda line: line.name, 18, share=2),
            Column("Organisation", lambda line: [(line.organisation, "muted")], 14, share=2, from_width=96),
            Column(title, lambda line: self._cells(line, shown, size), (size + 2) * len(shown)),
            Column(f"Session {self.session}" if numbers else "", self._word, 20, share=1),
        ]

    def _cells(self, line: RegisterPersonLine, shown: Sequence[int], size: int) -> list[Piece]:
        cells: list[Piece] = []
        for number in shown:
            here = number == self.session
            letter, tone = " ", "plain"
            if number in line.entries:
                mark = line.mark(number)
                letter, tone = (MARK_LETTERS[mark], TONES[mark]) if mark else (glyphs().dot, "muted")
            cells += [("[" if here else " ", "muted"), (f"{letter:>{size}}", tone), ("]" if here else " ", "muted")]
        return cells

    def _word(self, line: RegisterPersonLine) -> Pieces:
        entry = line.entries.get(self.session)
        if entry is None:
            return [("not in this session", "muted")]
        if entry.mark is None:
            return ""
        register = self.register
        whole = attendance_rules.session_minutes(register.session) if register else 0
        said = attendance_rules.describe_attendance(entry.mark, entry.minutes, whole)
        return [(status_label(entry.mark), TONES[entry.mark]), (said.removeprefix(status_label(entry.mark)), "plain")]

    def _heading(self) -> list[Pieces]:
        register, found = self.register, self.found
        if found is None:
            return []
        event = found.event
        first: list[Piece] = [(event.reference, "accent"), (f"  {event.title}", "strong")]
        if register is None:
            return [first, [("This event has no sessions, so it has no register.", "warning")]]
        session = register.session
        module = f": {session.module}" if session.module else ""
        first.append((f"{glyphs().between}session {session.number} of {len(found.sessions)}{module}", "plain"))
        where = ", ".join(part for part in (session.venue, session.room) if part) or "venue to be confirmed"
        times = f"{format_date(session.date)} {format_times(session.start, session.end)}".rstrip()
        return [
            first,
            [(f"{times}{glyphs().between}{where}", "plain")],
            self._progress(register),
            register_lines.register_state_line(register),
        ]

    def _progress(self, register: SessionRegister) -> list[Piece]:
        """Return `Marked ━━━━━━──── 18 of 24 · 15 P  1 L  2 X`."""
        everybody, marked = len(register.entries), len(register.entries) - len(register.unmarked)
        width = 14
        done = width * marked // everybody if everybody else 0
        line: list[Piece] = [
            ("Marked ", "muted"),
            (glyphs().taken * (max(done, 1) if marked else 0), "good"),
            (glyphs().left * (width - (max(done, 1) if marked else 0)), "muted"),
            (f" {marked} of {everybody} marked", "good" if marked == everybody else "plain"),
        ]
        kinds = Counter(entry.mark for entry in register.entries if entry.mark)
        for place, kind in enumerate(kind for kind in MarkKind if kinds[kind]):
            line += [
                ("  " if place else glyphs().between, "muted"),
                (f"{kinds[kind]} {MARK_LETTERS[kind]}", TONES[kind]),
            ]
        return line

    def _draw_detail(self) -> None:
        line = self.table.pointed
        legend: list[Piece] = []
        for kind in MarkKind:
            legend += [(MARK_LETTERS[kind], TONES[kind]), (f" {status_label(kind)}   ", "muted")]
        legend += [(glyphs().dot, "muted"), (" not marked", "muted")]
        who: list[Piece] = []
        if line is not None:
            who = [(line.name, "strong")]
            entry = line.entries.get(self.session)
            facts = [(line.organisation, "plain"), (line.needs, "warning"),
                     (f"marked by {entry.by}" if entry and entry.by else "", "muted")]  # fmt: skip
            for words, tone in facts:
                if words:
                    who += [(glyphs().between, "muted"), (words, tone)]
        self.query_one("#detail", PieceLines).show_folded([legend, who])

    def _cursor_moved(self) -> None:
        self._draw_detail()
        self.dim_keys()

    def why_not(self, action: str) -> str:
        sentence = super().why_not(action)
        register = self.register
        if sentence or register is None or action not in self.NEEDS or action == "certificates":
            return sentence
        if register.why_not and action != "walk_in":
            return register.why_not
        if action == "sign_off":
            by = register.state.signed_off_by if register.state else ""
            return f"The register of {self._what} has already been signed off by {by}." if by else ""
        if action == "walk_in":
            return ""
        if register.state and register.state.signed_off_by and self.ctx.role < Role.COORDINATOR:
            return role_refusal(self.ctx, Role.COORDINATOR)
        if action == "rest":
            return "" if register.unmarked else f"Everyone in {self._what} already has a mark."
        return self._why_nobody()

    def _why_nobody(self) -> str:
        """Return why nobody meant has a line in this session, or nothing where somebody has one."""
        meant = self.table.targets
        if not meant:
            return f"No people on the register of {self._what} yet."
        if any(self.session in line.entries for line in meant):
            return ""
        return f"{meant[0].name} is not in session {self.session}, only in {_listed(meant[0].entries)}."

    @property
    def _what(self) -> str:
        return f"{self.reference} session {self.session}"

    def _unmarked(self, line: RegisterPersonLine) -> bool:
        return self.session in line.entries and line.mark(self.session) is None

    def _point_at(self, line: RegisterPersonLine) -> None:
        self.table.point_at(line.key)

    def _go_on(self) -> None:
        """Move to the next person of this session.

        After a first mark that is the next one without a mark, or the rhythm of the keys would overwrite marks that
        somebody else made meanwhile; after a correction it is the next line.
        """
        here = self.table.pointed
        below = [line for line in self.table.rows[self.table.cursor + 1 :] if self.session in line.entries]
        if here is not None and self._unmarked(here):
            below = [line for line in below if self._unmarked(line) and not self._on_its_way[line.key]] or below
        if below:
            self._point_at(below[0])

    def action_earlier(self) -> None:
        self._go_to_session(-1)

    def action_later(self) -> None:
        self._go_to_session(1)

    def _go_to_session(self, step: int) -> None:
        numbers = self._numbers
        if self.session in numbers and 0 <= (place := numbers.index(self.session) + step) < len(numbers):
            self.turn_to(numbers[place])

    def turn_to(self, session: int) -> None:
        """Show the register of another session; a session that does not exist is ignored."""
        if session in self._numbers and session != self.session:
            self.session = session
            self.table.set_columns(self._columns(self._numbers))
            self._draw()

    @property
    def _numbers(self) -> list[int]:
        return [each.session.number for each in self.found.sessions] if self.found else []

    def action_present(self) -> None:
        self._mark(MarkKind.PRESENT)

    def action_late(self) -> None:
        self._mark(MarkKind.LATE)

    def action_left_early(self) -> None:
        self._mark(MarkKind.LEFT_EARLY)

    def action_apologies(self) -> None:
        self._mark(MarkKind.APOLOGIES)

    def action_absent(self) -> None:
        self._mark(MarkKind.ABSENT)

    def _mark(self, kind: MarkKind) -> None:
        """Mark whoever is meant: one person at once, several after a preview."""
        if self.refused(kind.value):
            return
        if self.table.marked:
            self._mark_many(kind)
        elif (line := self.table.pointed) is not None:
            self._go_on()
            # An unchanged mark keeps its minutes; but the mark shown does not count while another one is being stored.
            if line.mark(self.session) is not kind or self._on_its_way[line.key]:
                self._put(line, self.session, kind)

    @work(group="write")
    async def _put(self, line: RegisterPersonLine, session: int, kind: MarkKind | None) -> None:
        """Store marks in the order of the keys, however fast they come."""
        self._on_its_way[line.key] += 1
        try:
            async with self._turn:
                await self._store(line, session, kind)
        finally:
            self._on_its_way[line.key] -= 1
        self.state.changed.publish(None)

    async def _store(self, line: RegisterPersonLine, session: int, kind: MarkKind | None) -> None:
        """Store a mark, asking for a reason where the register is signed off, and say a refusal."""
        reason = ""
        while True:
            try:
                await asyncio.to_thread(_store, self.ctx, self.reference, session, line.key, kind, reason)
            except ReasonNeeded as refusal:
                given = await self._ask_reason(word_for_window(refusal))
                if given is None:
                    return
                reason = self._reason = given
            except CscError as refusal:
                self.say(f"{line.name} was not marked. {word_for_window(refusal)}", warning=True)
                return
            else:
                return

    async def _ask_reason(self, refusal: str) -> str | None:
        question = ReasonDialog(
            f"Change the register of {self._what}?", WHY_CORRECTED, explanation=refusal, text=self._reason
        )
        return await self.app.push_screen_wait(mark_unexpected(question))

    @work(group="write")
    async def _mark_many(self, kind: MarkKind) -> None:
        reference, session = self.reference, self.session
        meant = [line for line in self.table.marked if session in line.entries]

        def mark(ctx: Context, reason: str) -> list[PersonMark]:
            return [
                each
                for line in meant
                for each in attendance_actions.mark_person(
                    ctx, reference, session, line.key, attendance_actions.NewMark(kind), reason=reason
                )
            ]

        changes = [line for line in meant if line.mark(session) is not kind]
        left = len(self.table.marked) - len(meant)
        lines: list[Pieces] = [
            [(MARK_LETTERS[kind], TONES[kind]),
             (f"  {line.name}", "strong"),
             (f"  {_was(line.mark(session))} {glyphs().arrow} {status_label(kind)}", "plain")]
            for line in changes
        ]  # fmt: skip
        if len(meant) > len(changes):
            already = format_count(len(meant) - len(changes), "person is", "people are")
            lines.append([(f"{already} already marked {status_label(kind)}.", "muted")])
        if left:
            lines.append([(f"{format_count(left, 'person is', 'people are')} not in this session.", "muted")])
        outcome = await proposal.attempt_proposal(
            self,
            Proposal(
                f"Mark {format_count(len(meant), 'person', 'people')} {status_label(kind)} in {self._what}?",
                mark,
                lambda _: lines,
                lambda found: f"{format_count(len(found), 'person is', 'people are')} marked {status_label(kind)}.",
                excuses=WHY_CORRECTED,
                do=f"Mark {format_count(len(meant), 'person', 'people')}",
            ),
        )
        if outcome.refusal:
            self.say(outcome.refusal, warning=True)
        elif outcome.done:
            self.table.unmark()

    def action_clear(self) -> None:
        line = self.table.pointed
        if self.refused("clear") or line is None:
            return
        if line.mark(self.session) is None:
            self.say(f"{line.name} has no mark in {self._what}. Nothing was changed.", warning=True)
        else:
            self._put(line, self.session, None)

    def action_late_timed(self) -> None:
        self._timed("late_timed", MarkKind.LATE)

    def action_left_early_timed(self) -> None:
        self._timed("left_early_timed", MarkKind.LEFT_EARLY)

    def action_minutes(self) -> None:
        line = self.table.pointed
        if self.refused("minutes") or line is None:
            return
        mark = line.mark(self.session)
        if mark is None or not mark.attended:
            stands = f"is marked {status_label(mark)}" if mark else "has no mark yet"
            self.say(
                f"{line.name} {stands}, so there are no minutes to change. Press L for late or E for left early.",
                warning=True,
            )
        else:
            self._timed("minutes", mark)

    @work(group="write")
    async def _timed(self, action: str, kind: MarkKind) -> None:
        line, register = self.table.pointed, self.register
        if self.refused(action) or line is None or register is None:
            return
        session = register.session
        field = _minutes_field(kind, session, line.entries[session.number].minutes)
        times = format_times(session.start, session.end)
        whole = attendance_rules.session_minutes(session)
        answers: Answers | None = None
        problem = reason = ""
        while True:
            form = Form(
                f"{line.name}: {status_label(kind)} in {self._what}", [field], do="Save", answers=answers,
                explanation=f"The session was {times}, {whole} minutes. Leave this empty to save no minutes.",
            )  # fmt: skip
            form.refuse_field("minutes", problem)
            answers = await self.app.push_screen_wait(form)
            if answers is None:
                return
            try:
                store = partial(
                    attendance_actions.mark_person,
                    self.ctx,
                    self.reference,
                    session.number,
                    line.key,
                    _timed_mark(kind, session, answers["minutes"]),
                    reason=reason,
                )
                async with self._turn:
                    await asyncio.to_thread(store)
            except ReasonNeeded as refusal:
                given = await self._ask_reason(word_for_window(refusal))
                if given is None:
                    return
                problem, reason = "", given
                self._reason = given
            except CscError as refusal:
                problem = word_for_window(refusal)
            else:
                break
        if action != "minutes":
            self._go_on()
        self.state.changed.publish(None)

    @work(group="write")
    async def action_rest(self) -> None:
        if self.refused("rest"):
            return
        reference, session = self.reference, self.session

        def mark(ctx: Context, reason: str) -> list[PersonMark]:
            found = attendance_actions.mark_rest(ctx, reference, session, MarkKind.PRESENT, reason=reason)
            if not found:
                raise RuleBroken("Everyone is marked by now. Nothing was changed.")
            return found

        await proposal.act_on_proposal(
            self,
            Proposal(
                f"Mark the rest present in {self._what}?", mark,
                lambda found: [
                    [(f"{format_count(len(found), 'person', 'people')} without a mark", "strong"),
                     (" will be marked present. Marks already given stay as they are.", "plain")],
                    "", *_in_lines([each.name for each in found]),
                ],
                lambda found: f"{format_count(len(found), 'person is', 'people are')} marked present.",
                excuses=WHY_CORRECTED, do="Mark present",
            ),
        )  # fmt: skip

    @work(group="write")
    async def action_sign_off(self) -> None:
        if self.refused("sign_off"):
            return
        reference, session = self.reference, self.session

        def sign(ctx: Context, _: str) -> list[tuple[MarkKind | None, int]]:
            found = attendance_actions.sign_off_register(ctx, reference, session)
            kinds = Counter(entry.mark for entry in found.entries)
            return [(kind, kinds[kind]) for kind in MarkKind if kinds[kind]]

        def lines(kinds: Sequence[tuple[MarkKind | None, int]]) -> list[Pieces]:
            told: list[Pieces] = [
                [(MARK_LETTERS[kind], TONES[kind]), (f"  {number} {status_label(kind)}", "plain")]
                for kind, number in kinds
                if kind
            ]
            locked = "After that only a coordinator can change it, giving a reason."
            return [*told, "", [(locked, "warning")]]

        await proposal.act_on_proposal(
            self,
            Proposal(
                f"Sign off the register of {self._what}?",
                sign,
                lines,
                lambda _: f"{self._what} is signed off.",
                do="Sign off",
            ),
        )

    @work(group="write")
    async def action_walk_in(self) -> None:
        register = self.register
        if self.refused("walk_in") or register is None:
            return
        if register.why_not:  # before the session begins nobody can be marked
            await booking_dialogs.ask_person_to_book(self, self.reference)
        elif came := await booking_dialogs.ask_walk_in(self, self.reference, register.session.number):
            self._came = came
            self.reload()

    @work(group="write")
    async def action_sheet(self) -> None:
        reference, session = self.reference, self.session

        def write(path: str, answers: Answers) -> str:
            needs = typed_yes_or_no(answers["needs"], "Include needs")
            many = sign_in_sheets.save_sign_in_sheet(self.ctx, reference, session, path, with_needs=needs)
            said = ", with dietary and access needs: for the trainer, not for display" if needs else ""
            return f"{format_count(many, 'person', 'people')} on the sheet in {path}{said}."

        await save_file.ask_form_and_write(
            self, f"Sign-in sheet of {self._what}",
            [
                FormField("file", "File", save_file.home_path(f"{reference}-session-{session}.pdf"), ".pdf or .xlsx",
                      filled_rule),
                FormField("needs", "Include needs", "no", "yes or no: dietary and access needs, for the trainer",
                          required_rule(partial(typed_yes_or_no, what="Include needs")), room=SHORT),
            ],
            write,
            do="Write the sheet",
            explanation="A .pdf to print and sign, or an .xlsx to fill in. Only you can read the file.",
        )  # fmt: skip

    @work(group="write")
    async def action_certificates(self) -> None:
        if self.refused("certificates"):
            return
        reference = self.reference
        try:
            earned, others = await asyncio.to_thread(certificates.list_earned_certificates, self.ctx, reference)
        except CscError as refusal:
            self.say(word_for_window(refusal), warning=True)
            return
        if not earned:
            why = f": {others[0].name} {others[0].needs}" if others else ""
            self.say(f"No one on {reference} has completed the course yet{why}. Nothing was written.", warning=True)
            return
        without = f" {format_count(len(others), 'other has', 'others have')} not completed it." if others else ""

        def write(folder: str) -> str:
            written, _ = certificates.issue_certificates(self.ctx, reference, folder)
            return f"{format_count(len(written), 'certificate')} in {folder}."

        def preview(folder: str) -> Sequence[Pieces]:
            return [
                *_in_lines([each.name for each in earned]),
                "",
                [("To ", "muted"), (folder, "plain")],
                [("Copies of these certificates that are already there are replaced.", "warning")],
            ]

        await save_file.ask_file_and_write(
            self, f"Certificates of {reference}",
            FormField("folder", "Folder", save_file.home_path(f"{reference}-certificates"),
                      "created if it does not exist", filled_rule),
            write, do=f"Write {format_count(len(earned), 'certificate')}", preview=preview,
            explanation=f"{format_count(len(earned), 'person has', 'people have')} completed the course.{without}",
        )  # fmt: skip


def _store(ctx: Context, reference: str, session: int, person: str, kind: MarkKind | None, reason: str) -> None:
    if kind is None:
        attendance_actions.clear_mark(ctx, reference, session, person, reason=reason)
    else:
        attendance_actions.mark_person(ctx, reference, session, person, attendance_actions.NewMark(kind), reason=reason)


MINUTES_ASKED = {
    MarkKind.LATE: ("Minutes late", "or when they arrived"),
    MarkKind.LEFT_EARLY: ("Minutes early", "before the end, or when they left"),
}
"""The label and the hint of the field for the minutes of a mark."""


def _minutes_field(kind: MarkKind, session: Session, noted: int | None) -> FormField:
    """Return the field that asks how late or early somebody was, or else how long they attended."""
    whole = attendance_rules.session_minutes(session)

    def outcome(text: str) -> str:
        try:
            mark = _timed_mark(kind, session, text)
        except CscError:
            return ""
        minutes = mark.minutes if mark.missed is None else whole - mark.missed
        return attendance_rules.describe_attendance(kind, minutes, whole) if text else ""

    rule = optional_rule(partial(_timed_mark, kind, session))
    if kind not in MINUTES_ASKED:
        stored = "" if noted is None else str(noted)
        return FormField("minutes", "Minutes attended", stored, f"1 to {whole}", rule, outcome=outcome, room=SHORT)
    label, hint = MINUTES_ASKED[kind]
    stored = "" if noted is None or noted == whole else str(whole - noted)
    ten = timedelta(minutes=10)
    starts, ends = attendance_rules.times_of_session(session)
    example = starts + ten if kind is MarkKind.LATE else ends - ten
    hint = f"such as 10, {hint}, {example:%H:%M}"
    return FormField("minutes", label, stored, hint, rule, outcome=outcome, room=SHORT)


def _timed_mark(kind: MarkKind, session: Session, typed: str) -> attendance_actions.NewMark:
    """Return the mark with the minutes that were typed, if any. Raises CscError."""
    if not typed:
        return attendance_actions.NewMark(kind)
    if kind in MINUTES_ASKED:
        return attendance_actions.NewMark(kind, missed=attendance_rules.parse_missed_minutes(typed, session, kind))
    minutes = typed_whole_number(typed.removesuffix("min").strip(), "The number of minutes")
    return attendance_actions.NewMark(
        kind, minutes=attendance_rules.minutes_to_record(session, kind, minutes, None, None)
    )


def _was(mark: MarkKind | None) -> str:
    return status_label(mark) if mark else "no mark"


def _listed(numbers: Sequence[int] | dict[int, RegisterEntry]) -> str:
    """Return `session 2` or `sessions 2, 3`."""
    listed = [str(number) for number in numbers]
    return f"session{'s' if len(listed) > 1 else ''} {', '.join(listed)}"


def _in_lines(who: Sequence[str]) -> list[Pieces]:
    """Return the names, three to a line."""
    return [", ".join(who[at : at + 3]) + ("," if at + 3 < len(who) else "") for at in range(0, len(who), 3)]
