"""The screen of the outbox: messages and invitations that are due, to read, write to files, send or forget."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from csc_tui.base.limits import NO_LIMIT
from csc_tui.base.progress import Progress
from csc_tui.base.text import MONTHS, format_count, status_label
from csc_tui.core.mail import delivery, mail_server, message_files, outbox
from csc_tui.core.mail.message_files import StopSignal
from csc_tui.core.mail.outbox import MessageChoice, Outbox, OutboxCard, OutboxLine
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import Form, FormField, filled_rule
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.dialogs.reading import ReadingDialog
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, MenuAction, WindowState
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.terminal.key_queue import working_in_view
from csc_tui.window.widgets.filter_input import FilterInput, FilterSummary
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError
from db.records.mail import MessageKind, MessageState
from db.records.startup import Role

Done = TypeVar("Done")

LETTERS = {"waiting": "w", "sending": ">", "unknown": "?", "failed": "!", "written": "f", "sent": "s", "forgotten": "x"}
"""One sign for each state, so that its meaning never rests on colour."""
TONES = {"waiting": "plain", "unknown": "error", "failed": "error", "sending": "warning", "sent": "good",
         "written": "good", "forgotten": "muted"}  # fmt: skip
NOT_ABOUT_AN_EVENT = "Not about an event"
SECONDS_BETWEEN = 0.2
"""The least seconds between two updates of the progress."""


def _name(line: OutboxLine) -> str:
    return line.to.rpartition(" <")[0] or line.to


def _session_order(line: OutboxLine) -> tuple[int, int, int, str] | None:
    """Return year, month, day and time of a session such as `Mon 12 Jun 2017 09:30`."""
    match line.when.split():
        case [_, day, month, year, *rest] if month in MONTHS:
            return int(year), MONTHS.index(month), int(day), " ".join(rest)
    return None


COLUMNS: tuple[Column[OutboxLine], ...] = (
    Column("", lambda line: [(LETTERS[line.state], TONES[line.state])], 1),
    Column("To", _name, 16, share=1),
    Column("Kind", lambda line: status_label(line.kind), 22),
    Column("Session", lambda line: [(" ".join(line.when.split()[1:4]), "muted")], 11, order=_session_order),
    Column("Subject", lambda line: line.subject, 20, share=3, from_width=100),
)


@dataclass(frozen=True, slots=True)
class MessagesChoice:
    """A choice of messages, as a line of the menu that asks for it; `again` sends one that was tried or sent before."""

    key: str
    title: str
    meaning: str
    choice: MessageChoice
    number: int
    why_not: str = ""
    again: bool = False


MESSAGE_VERBS = {"Forget": "Don't send"}
"""The name of a verb on the screen, where it is another."""


class OutboxScreen(DataScreen[Outbox]):
    PLACE = "outbox"
    HELP = (
        "Every message that is due: w is waiting, ! failed, ? may not have arrived. Nothing is sent automatically. M "
        "sends by the council's mail server, or sends one message again; i writes e-mails into a folder; x marks "
        "messages that should not be sent. Each is sent once. Space selects several. Enter shows one in full; v shows "
        "what has been sent; e changes the wording."
    )
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "send", "Send", id="outbox.send", tooltip="Send what is due, or one message again"),
        Binding("i", "write", "Write", id="outbox.write", tooltip="Write what is due to a folder, one e-mail each"),
        Binding("x", "forget", "Don't send", id="outbox.forget", tooltip="Mark messages that should not be sent"),
        Binding(
            "v", "made", "Due or sent", id="outbox.made", tooltip="Switch between what is due and what has been sent"
        ),
        Binding(
            "e", "templates", "Templates", id="outbox.templates", tooltip="Change the wording of each kind of message"
        ),
        Binding("slash", "filter", "Filter", key_display="/", id="outbox.filter", tooltip="Filter the list by typing"),
    ]
    NEEDS = {"send": Role.BOOKER, "write": Role.BOOKER, "forget": Role.BOOKER}

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._made = False
        self._box: Outbox | None = None
        self._from_top = False
        self._stop: StopSignal | None = None
        self._told_at = 0.0
        self._folder = "outbox"
        self.table: RecordTable[OutboxLine] = RecordTable(
            COLUMNS,
            lambda line: line.id,
            group=self._group,
            markable=True,
            ungrouped=[Column("", lambda line: line.event, 12)],
            pointing=self._cursor_moved,
            id="messages",
        )
        self.filter = FilterInput(self.table, self._narrow, placeholder="/ to filter", id="filter")
        self.summary = FilterSummary("Checking what is due ...")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_pointed)

    def _group(self, line: OutboxLine) -> str:
        """Return the heading of a message; messages already made have none and are listed newest first."""
        return "" if self._made else line.event or NOT_ABOUT_AN_EVENT

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield self.filter
            yield self.summary
        with Horizontal(id="outbox"):
            yield self.table
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="letter")
        yield PieceLines(id="detail")

    def read_now(self) -> None:
        # Not at once, as other screens read, because this looks at every event to come.
        self.reload()

    def _on_database_change(self, _: None) -> None:
        # while messages go out there are commits all the time, so it reads again when that is over
        if self._stop is not None:
            self.stale = True
        else:
            super()._on_database_change(_)

    def on_unmount(self) -> None:
        if self._stop:
            self._stop.set()

    def reader(self) -> Callable[[], Outbox]:
        # A sorted list needs them all: the first by name may be the oldest.
        limit = NO_LIMIT if self._made and self.table.order[0] else outbox.MOST_LISTED
        return partial(outbox.get_outbox, self.ctx, made=self._made, limit=limit)

    def on_record_table_arranged(self) -> None:
        if self._made:
            self.reload()

    def every_row(self, table: RecordTable[Any]) -> Callable[[], Sequence[OutboxLine]] | None:
        if not self._made:  # everything that is due is read anyway
            return None
        words = self.filter.value.casefold().split()

        def read() -> Sequence[OutboxLine]:
            lines = outbox.list_outbox(self.ctx, made=True, limit=NO_LIMIT)
            return [each for each in lines if _fits(each, words)]

        return read

    def show(self, found: Outbox) -> None:
        self._box = found
        self._narrow(self.filter.value)

    def _narrow(self, text: str) -> None:
        if self._box is None:
            return
        words = text.casefold().split()
        lines = [each for each in self._box.lines if _fits(each, words)]
        self.table.show(lines, empty=self._nothing(text.strip()), from_top=self._from_top)
        self._from_top = False
        self._summarise(lines)
        self._show_pointed()

    def _nothing(self, text: str) -> str:
        if text:
            return f"No match for '{text}'. Escape shows all messages."
        if self._made:
            return "Nothing has been written or sent yet. v goes back to what is due."
        return "Nothing is due: everyone has been told. v shows what was sent."

    def _summarise(self, lines: Sequence[OutboxLine]) -> None:
        if self._stop is not None:
            return
        states = Counter(each.state for each in lines)
        if self._made:
            cut = self._box is not None and len(self._box.lines) >= outbox.MOST_LISTED and not self.table.order[0]
            latest = "the latest " if cut else ""
            said = f"sent: {latest}{format_count(len(lines), 'message')}"
        else:
            said = f"due: {states['waiting']:,}"
        if others := [f"{states[state]} {state}" for state in ("failed", "unknown", "sending") if states[state]]:
            said += f", {', '.join(others)}"
        self.summary.set_text(said)

    def _cursor_moved(self) -> None:
        self._show_pointed()
        self.dim_keys()

    def _show_pointed(self) -> None:
        line = self.table.pointed
        detail: list[Pieces] = ["", ""]
        letter: list[Pieces] = []
        if line is not None and self._box is not None:
            about = filter(None, (status_label(line.kind), line.event))
            detail = [[(line.to, "strong"), (f"  {' '.join(about)}, {line.state}", "muted")]]
            detail.append([(line.fault, "error")] if line.fault else line.subject)
            letter = letter_lines(self._box.get_card(line.id))
        self.query_one("#detail", PieceLines).show(detail)
        preview = self.query_one("#preview", VerticalScroll)
        if preview.display:
            self.query_one("#letter", Static).update(draw_content(letter, STYLES))
            preview.scroll_home(animate=False)

    @work(exclusive=True, group="look")
    async def on_record_table_chosen(self) -> None:
        line = self.table.pointed
        if line is not None and self._box is not None:
            card = self._box.get_card(line.id)
            await self.app.push_screen_wait(ReadingDialog(status_label(card.kind).capitalize(), letter_lines(card)))

    def action_filter(self) -> None:
        self.set_focus(self.filter)  # at once: what is typed ahead is for the filter

    def action_made(self) -> None:
        self._made = not self._made
        self._from_top = True
        self.reload()

    def action_templates(self) -> None:
        from csc_tui.window.mail.templates import TemplatesScreen

        self.app.push_screen(TemplatesScreen(self.state))

    def menu_actions(self) -> Sequence[MenuAction]:
        trying = MenuAction("", "Test the mail server", "Log in without sending anything", "", self._try_server)
        return [trying, *super().menu_actions()]

    async def _try_server(self) -> None:
        try:
            server = (await asyncio.to_thread(mail_server.get_mail_server)).server
            self.say(f"Connecting to {server.shown} ...")
            await asyncio.to_thread(delivery.check_mail_server, server)
        except CscError as problem:
            await self.app.push_screen_wait(ReadingDialog("Nothing can be sent yet", [word_for_window(problem)]))
        else:
            self.say(f"The mail server ({server.shown}) accepts the user and password. Nothing was sent.")

    def why_not(self, action: str) -> str:
        if sentence := super().why_not(action):
            return sentence
        if action not in self.NEEDS:
            return ""
        if self._stop is not None:
            return "Wait until sending has finished, or stop it with escape."
        if self._made and action == "send":
            return "" if self.table.pointed else "There is no message to send again."
        if self._made:
            return "These were sent already. v goes back to what is due; M sends the one under the cursor again."
        return "" if any(each.state != "sending" for each in self.table.rows) else "Nothing is due."

    @work(group="write")
    async def action_send(self) -> None:
        if self.refused("send"):
            return
        if self._made:
            await self._send_again()
        else:
            await self._ask_which("Send", self._ask_to_send)

    async def _ask_which(self, verb: str, act: Callable[[MessagesChoice], Awaitable[bool]]) -> None:
        """Ask which messages are meant and act on them, asking again where that was left."""
        while (scope := await self._ask_messages(verb)) is not None:
            with flow.later_steps():
                if await act(scope):
                    return

    async def _ask_to_send(self, scope: MessagesChoice) -> bool:
        if scope.again:
            return await self._send_again()
        try:
            place = await asyncio.to_thread(mail_server.get_mail_server)
        except CscError as problem:
            await self.app.push_screen_wait(ReadingDialog("Nothing can be sent yet", [word_for_window(problem)]))
            return True
        minutes = scope.number // place.per_minute if place.per_minute else 0
        pace = f"At {place.per_minute} a minute that takes about {format_count(minutes, 'minute')}." if minutes else ""
        lines: list[Pieces] = [*self._kinds(scope), "", f"By {place.server.shown}. {pace}".strip()]
        lines.append([("A message that has been sent cannot be undone.", "warning")])
        do = f"Send {format_count(scope.number, 'message')}"
        if not await flow.ask_step(self, ConfirmDialog(f"{do}?", lines, do=do, irrevocable=True)):
            return False
        await self._send(partial(delivery.send_messages, self.ctx, place, delivery.MessagesToSend(scope.choice)))
        return True

    async def _send_again(self) -> bool:
        line = self.table.pointed
        if line is None:
            return True
        try:
            place = await asyncio.to_thread(mail_server.get_mail_server)
        except CscError as problem:
            await self.app.push_screen_wait(ReadingDialog("Nothing can be sent yet", [word_for_window(problem)]))
            return True
        state = MessageState(line.state)
        warnings = {
            MessageState.UNKNOWN: "It may have arrived. It keeps its number, so a mail program can recognise it.",
            MessageState.SENT: "It was sent before.",
            MessageState.WRITTEN: "It was written to a file before, and may have been sent from there.",
            MessageState.FORGOTTEN: "It was marked as not to be sent.",
        }
        lines: list[Pieces] = [[(line.to, "strong")], line.subject, "", [(warnings.get(state, ""), "warning")]]
        if not await flow.ask_step(
            self, ConfirmDialog("Send this message again?", lines, do="Send it again", irrevocable=True)
        ):
            return False
        await self._send(partial(delivery.send_messages, self.ctx, place, delivery.MessagesToSend(again=[line.id])))
        return True

    async def _send(self, run: Callable[..., delivery.SendResult]) -> None:
        done = await self._long("Sending", run)
        if done is None:
            return
        said = [word_for_window(each) for each in delivery.describe_send_result(done)]
        if len(said) > 1:
            await self.app.push_screen_wait(ReadingDialog("What happened to them", said))
        else:
            self.say(said[0])

    @work(group="write")
    async def action_write(self) -> None:
        if not self.refused("write"):
            await self._ask_which("Write", self._ask_folder)

    async def _ask_folder(self, scope: MessagesChoice) -> bool:
        do = f"Write {format_count(scope.number, 'message')}"
        field = FormField("folder", "Folder", self._folder, "created if it does not exist", filled_rule)
        problem = ""
        while True:
            form = Form(
                do, [field], answers={"folder": self._folder},
                explanation="One file for each message, and a calendar file beside an invitation.",
            )  # fmt: skip
            form.refuse_field("folder", problem)
            answers = await flow.ask_step(self, form)
            if answers is None:
                return False
            self._folder, problem = answers["folder"], ""
            folder = os.path.abspath(os.path.expanduser(self._folder))
            lines: list[Pieces] = [*self._kinds(scope), "", [("To ", "muted"), (folder, "plain")]]
            lines.append([("Messages that have been written are no longer due. This cannot be undone.", "warning")])
            if not await flow.ask_step(self, ConfirmDialog(f"{do}?", lines, do=do, leave="Back", irrevocable=True)):
                continue
            self._problem = ""
            done = await self._long(
                "Writing", partial(message_files.write_messages, self.ctx, folder, scope.choice), quiet=True
            )
            if done is None:
                problem = self._problem
                continue
            left = f" {format_count(done.left, 'message is', 'messages are')} still due." if done.left else ""
            written = f"{format_count(len(done.lines), 'message')} written to {folder}.{left}"
            if done.unreachable:
                why = dict.fromkeys(each.fault for each in done.unreachable)
                await self.app.push_screen_wait(ReadingDialog("Some could not be written", [written, "", *why]))
            else:
                self.say(written)
            return True

    @work(group="write")
    async def action_forget(self) -> None:
        if not self.refused("forget"):
            await self._ask_which("Forget", self._ask_to_forget)

    async def _ask_to_forget(self, scope: MessagesChoice) -> bool:
        lines: list[Pieces] = [
            *self._kinds(scope), "", "These messages will not be sent. You can still send one later with M.",
        ]  # fmt: skip
        number = format_count(scope.number, "message")
        if not await flow.ask_step(
            self, ConfirmDialog(f"Don't send {number}?", lines, do=f"Don't send {number}", irrevocable=True)
        ):
            return False
        done = await self._long("Marking", partial(message_files.forget_messages, self.ctx, scope.choice))
        if done is not None:
            self.say(f"{format_count(len(done), 'message')} will not be sent.")
        return True

    async def _ask_messages(self, verb: str) -> MessagesChoice | None:
        """Ask which of the messages in view are meant."""
        line, text = self.table.pointed, self.filter.value.strip()
        open_states = ("waiting", "failed", "unknown") if verb == "Don't send" else ("waiting",)
        lines = [each for each in self.table.rows if each.state in open_states]

        def scope(key: str, title: str, meaning: str, these: Sequence[OutboxLine]) -> MessagesChoice:
            why_not = "" if these else "None of these is waiting to be sent."
            return MessagesChoice(
                key, title, meaning, MessageChoice(frozenset(each.id for each in these)), len(these), why_not
            )

        scopes = []
        if marked := self.table.marked:
            these = [each for each in marked if each.state in open_states]
            scopes.append(scope("m", "Those selected", format_count(len(these), "message"), these))
        if line is not None:
            one = [each for each in lines if each.id == line.id]
            scopes.append(scope("o", "Only this one", f"{status_label(line.kind)} to {_name(line)}", one))
            of_event = [each for each in lines if each.event == line.event]
            scopes.append(
                scope("e", f"{line.event or NOT_ABOUT_AN_EVENT}", format_count(len(of_event), "message"), of_event)
            )
            of_kind = [each for each in lines if each.kind == line.kind]
            scopes.append(
                scope("k", f"Every {status_label(line.kind)}", format_count(len(of_kind), "message"), of_kind)
            )
        if verb == "Send" and line is not None and line.state in ("failed", "unknown"):
            choice = MessageChoice(frozenset([line.id]))
            scopes.append(MessagesChoice("g", "This one again", f"It {line.state}", choice, 1, again=True))
        shown = f"matching '{text}'" if text else "everything that is due"
        scopes.append(scope("a", "All of the list", f"{format_count(len(lines), 'message')}, {shown}", lines))
        return await flow.ask_step(self, Menu(f"{MESSAGE_VERBS.get(verb, verb)} which messages?", scopes))

    def _kinds(self, scope: MessagesChoice) -> list[Pieces]:
        kinds = Counter(each.kind for each in self.table.rows if each.id in scope.choice.ids)
        return [
            [(f"{kinds[kind]:>6,}  ", "strong"), (status_label(kind), "plain")] for kind in MessageKind if kinds[kind]
        ]  # fmt: skip

    async def _long(self, what: str, run: Callable[..., Done], *, quiet: bool = False) -> Done | None:
        """Work in a thread with its progress in view, stopped by escape; return None and say why where it failed."""
        stop = self._stop = StopSignal()
        loop = asyncio.get_running_loop()
        self._told_at = 0.0

        def progress(done: int, of: int) -> None:
            if done == of or monotonic() - self._told_at > SECONDS_BETWEEN:
                self._told_at = monotonic()
                loop.call_soon_threadsafe(self._show_progress, what, done, of)

        self.refresh_bindings()
        try:
            reporting: Progress = progress
            with working_in_view(self):
                return await asyncio.to_thread(partial(run, progress=reporting, stop=stop))
        except CscError as problem:
            self._problem = word_for_window(problem)
            if not quiet:
                await self.app.push_screen_wait(ReadingDialog("That did not work", [self._problem]))
            return None
        finally:
            self._stop = None
            self.table.unmark()
            self.refresh_bindings()
            self.reload()

    def _show_progress(self, what: str, done: int, of: int) -> None:
        if self._stop is not None and self.is_mounted:
            said = "stopping ..." if self._stop.is_set() else "escape stops"
            self.summary.set_text(f"{what} {done:,} of {of:,}, {said}")

    def can_step_back(self) -> bool:
        return self._stop is not None or super().can_step_back()

    def step_back(self) -> None:
        """Stop the work under way, or else close the filter."""
        if self._stop is not None:
            self._stop.set()
            self.summary.set_text("Stopping after the current message ...")
        else:
            super().step_back()


def _fits(line: OutboxLine, words: Sequence[str]) -> bool:
    text = f"{line.to} {line.subject} {line.event} {status_label(line.kind)} {line.state}".casefold()
    return all(word in text for word in words)


def letter_lines(card: OutboxCard) -> list[Pieces]:
    """Return the lines of a mail as it is read."""
    heads = [("From", card.sender), ("To", card.to), ("Subject", card.subject)]
    lines: list[Pieces] = [_head(name, said) for name, said in heads]
    if card.at:
        tries = f", {format_count(card.tries, 'try', 'tries')}" if card.tries > 1 else ""
        lines.append(_head(status_label(card.state).capitalize(), f"{card.at} by {card.by}{tries}"))
    if card.fault:
        lines.append([(card.fault, "error")])
    return [*lines, "", *card.body.rstrip("\n").split("\n")]


def _head(name: str, said: str) -> list[Piece]:
    return [(f"{name}: ", "muted"), (said, "strong" if name == "Subject" else "plain")]
