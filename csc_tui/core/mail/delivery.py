"""Sending messages by the council's mail server, one at a time, at its pace, and never the same message twice.

Before a message is handed over, the ledger says `sending` in a transaction of its own; afterwards it says what the
server answered. If the program stops in between, nobody knows whether the message arrived: the next run marks it
`unknown` and leaves it to a person to send it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count, status_label
from csc_tui.core.mail import invitation_rules, message_files, outbox
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from csc_tui.core.mail.mail_server import MailServer
from csc_tui.core.mail.message_files import StopSignal, WrittenMessage
from csc_tui.core.mail.outbox import ALL_MESSAGES, MessageChoice, NoSuchMessage, OutboxItem, OutboxPlan
from db import calendar, invitations
from db import messages as store
from db.engine.connection import read_transaction, write_transaction
from db.errors import RuleBroken, ServiceUnreachable
from db.records.mail import Invitation, MailAddress, Message, MessageKind, MessageState
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from exports import smtp
from exports.smtp import DeliveryUnknown, MailDeferred, MailRefused, ServerSettingsWrong, SmtpConnection, SmtpServer

PAUSES = (5.0, 20.0)
"""Seconds to wait before the second and the third attempt to reach the server or hand over a message."""
STRANDED = "Sending was interrupted, so it is not known whether this message arrived."
"""The fault in the ledger of a message that was being sent when the program stopped."""
SENT_BY_MAIL = "sent by mail"
"""The entry in the ledger of invitations that stands in place of a file."""

Pause = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class SendResult:
    """The result of a run: the messages by outcome.

    `later` were not taken for now, of `unknown` nobody knows whether they arrived, `left` were not begun, and
    `stranded` were found as `sending` from an earlier run.
    """

    sent: list[WrittenMessage]
    refused: list[tuple[WrittenMessage, str]]
    later: list[tuple[WrittenMessage, str]]
    unknown: list[WrittenMessage]
    left: int
    stranded: int
    trouble: str
    """Why the server could not be reached any more; empty when it could."""


class AlreadySending(RuleBroken):
    """Raised when another run is sending at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "Someone else is sending messages at the moment. You sent nothing, and nothing is sent twice. Check the "
            "outbox again in a minute."
        )


def list_messages_to_send(ctx: Context, choice: MessageChoice) -> list[WrittenMessage]:
    """Return the messages that send_messages() would send now.

    Raises NoSuchMessage, MessageAlreadyMade and NoSuchEvent.
    """
    with read_transaction():
        if choice.event:
            calendar.fetch_event(choice.event)
        plan = outbox.plan_outbox(ctx)
        return [
            message_files.make_written_message(ctx, each, plan, "") for each in outbox.choose_messages(plan, choice)
        ]


def check_mail_server(server: SmtpServer) -> None:
    """Connect to the mail server, log in and leave. Raises ServiceUnreachable and ServerSettingsWrong."""
    with smtp.smtp_connection(server):
        pass


@dataclass(frozen=True, slots=True)
class MessagesToSend:
    """The messages that a run is to send: those of a choice that are due, at most `at_once` of them.

    With `again` the messages named by their ids are sent instead, whatever happened to them before; with `refused`
    those of the choice that the server refused earlier, in case that was its mistake.
    """

    choice: MessageChoice = ALL_MESSAGES
    again: Sequence[str] = ()
    refused: bool = False
    at_once: int | None = None


ALL_THAT_IS_DUE = MessagesToSend()


def send_messages(
    ctx: Context,
    mail_server: MailServer,
    wanted: MessagesToSend = ALL_THAT_IS_DUE,
    *,
    progress: Progress = lambda done, of: None,
    stop: StopSignal | None = None,
    pause: Pause | None = None,
) -> SendResult:
    """Send the wanted messages by the mail server, at its pace, and return the result.

    Raises AlreadySending, NoSuchMessage, MessageAlreadyMade, NoSuchEvent, RuleBroken when there is no sender or an
    invitation of `again` is to something over, and ServiceUnreachable when the server cannot be reached at all.
    """
    ctx.require(Role.BOOKER)
    mail_invitations.check_organiser(ctx)
    stopping = stop or StopSignal()
    with store.lock_sending() as ours:
        if not ours:
            raise AlreadySending
        stranded = _mark_stranded(ctx)
        with read_transaction():
            if wanted.choice.event:
                calendar.fetch_event(wanted.choice.event)
            plan = outbox.plan_outbox(ctx)
        if wanted.again:
            todo = _messages_to_send_again(ctx, plan, wanted.again)
        elif wanted.refused:
            todo = [replace(each, state=MessageState.WAITING) for each in _refused(plan, wanted.choice)]
        else:
            todo = outbox.choose_messages(plan, wanted.choice)
        run = _Run(ctx, mail_server, plan, stopping, stopping.wait if pause is None else pause, progress)
        return run.send_all(todo[: wanted.at_once], forced=bool(wanted.again) or wanted.refused, stranded=stranded)


class _Run:
    """A run of send_messages()."""

    def __init__(
        self,
        ctx: Context,
        mail_server: MailServer,
        plan: OutboxPlan,
        stop: StopSignal,
        pause: Pause,
        progress: Progress,
    ) -> None:
        self.ctx, self.server, self.plan, self.stop, self.pause = ctx, mail_server.server, plan, stop, pause
        self.seconds_each = 60 / mail_server.per_minute if mail_server.per_minute else 0.0
        self.progress = progress
        self.post: SmtpConnection | None = None
        self.sent: list[WrittenMessage] = []
        self.refused: list[tuple[WrittenMessage, str]] = []
        self.later: list[tuple[WrittenMessage, str]] = []
        self.unknown: list[WrittenMessage] = []
        self.left = 0
        self.began = -1.0

    def send_all(self, todo: Sequence[OutboxItem], *, forced: bool, stranded: int) -> SendResult:
        """Send each item once, and after a pause again those that the server did not take at first."""
        trouble, waiting, of = "", list(todo), len(todo)
        self.progress(0, of)
        try:
            for turn in range(len(PAUSES) + 1):
                if turn and waiting and not self.stop.is_set():
                    self.pause(PAUSES[turn - 1])
                waiting = self._send_round(waiting, of, forced)
                if not waiting or self.stop.is_set():
                    break
        except ServiceUnreachable as problem:
            if not (self.sent or self.refused or self.unknown):
                raise
            trouble = str(problem)
        finally:
            self._hang_up()
        return SendResult(self.sent, self.refused, self.later, self.unknown, self.left, stranded, trouble)

    def _send_round(self, todo: list[OutboxItem], of: int, forced: bool) -> list[OutboxItem]:
        """Send each item and return those that the server may take later."""
        self.later, again = [], []
        self.left = len(todo)
        for each in todo:
            if self.stop.is_set():
                break
            self._keep_pace()
            if self.stop.is_set():
                break
            if self.post is None:
                self.post = self._connect()
            if self._send_one(self.post, each, forced):
                again.append(each)
            self.left -= 1
            self.progress(of - self.left - len(again), of)
        return again

    def _keep_pace(self) -> None:
        """Wait so that no more messages are sent in a minute than allowed; a run of one message never waits."""
        if not self.seconds_each:
            return
        if self.began >= 0:
            spent = monotonic() - self.began
            if spent < self.seconds_each:
                self.pause(self.seconds_each - spent)
        self.began = monotonic()

    def _connect(self) -> SmtpConnection:
        """Return a connection to the server, after up to three attempts."""
        for seconds in PAUSES:
            try:
                return smtp.connect_smtp(self.server)
            except ServerSettingsWrong:  # a second attempt with a wrong password may lock the account
                raise
            except ServiceUnreachable:
                self.pause(seconds)
                if self.stop.is_set():
                    raise
        return smtp.connect_smtp(self.server)

    def _hang_up(self) -> None:
        if self.post is not None:
            self.post.close()
            self.post = None

    def _send_one(self, post: SmtpConnection, item: OutboxItem, forced: bool) -> bool:
        """Send one message and return whether the server may take it later."""
        claimed = self._claim(item, forced)
        if claimed is None:
            return False
        if claimed.fault:
            self.refused.append((claimed.line, claimed.fault))
            return False
        try:
            post.deliver(self.ctx.policy["organiser_email"], claimed.item.to.address, claimed.data)
        except MailRefused as fault:
            self._settle(claimed, MessageState.FAILED, str(fault))
            self.refused.append((claimed.line, str(fault)))
        except MailDeferred as fault:
            self._settle(claimed, MessageState.WAITING, str(fault))
            self.later.append((claimed.line, str(fault)))
            if fault.line_lost:
                self._hang_up()
            return True
        except ServiceUnreachable as fault:  # not this message's fault: the server takes no mail from us at all
            self._settle(claimed, MessageState.WAITING, str(fault))
            raise
        except DeliveryUnknown as fault:
            self._settle(claimed, MessageState.UNKNOWN, str(fault))
            self.unknown.append(claimed.line)
            self._hang_up()
        else:
            self._settle(claimed, MessageState.SENT)
            self.sent.append(claimed.line)
        return False

    def _claim(self, item: OutboxItem, forced: bool) -> "_Claimed | None":
        """Mark a message as being sent, unless it is no longer due or somebody else made it meanwhile."""
        for _ in range(message_files.RETRIES):
            if not forced:
                found = self.plan.items.get(item.code)
                if found is None or found.state is not MessageState.WAITING:
                    return None
                item = found
            try:
                with message_files.writing_if_unchanged(self.plan, [] if forced else [item]):
                    return self._claimed(item)
            except message_files.PlanOutdated:
                with read_transaction():
                    self.plan = outbox.plan_outbox(self.ctx)
        raise RuleBroken(
            "Other people kept making changes, so not everything was sent. What was sent is recorded. "
            "Send the rest again."
        )

    def _claimed(self, item: OutboxItem) -> "_Claimed":
        line = message_files.make_written_message(self.ctx, item, self.plan, "")
        try:
            data = outbox.make_message_mail(self.ctx, item, self.plan.worded)
        except RuleBroken as problem:  # a name that no mail can carry must not hold up the other messages
            store.store_messages(
                [
                    replace(
                        message_files.make_ledger_message(self.ctx, item, self.plan, MessageState.FAILED),
                        fault=str(problem),
                    )
                ]
            )
            return _Claimed(item, line, b"", None, None, str(problem))
        kept = before = None
        if isinstance(item.source, DueInvitation):
            # From here on the calendar counts as told: if everything stops, a later change must build on this.
            kept = invitation_rules.ledger_line(item.source)
            before = invitations.fetch_invitation_row(kept.uid)
            invitations.store_invitations([kept])
        known = message_files.make_ledger_message(self.ctx, item, self.plan, MessageState.SENDING, tries=1)
        store.store_messages([known])
        return _Claimed(item, line, data, kept, before)

    def _settle(self, claimed: "_Claimed", state: MessageState, fault: str = "") -> None:
        """Store the outcome of a message, and for an invitation whether the calendar was told."""
        ctx, item, kept = self.ctx, claimed.item, claimed.kept
        with write_transaction():
            # If nothing else has entered the history since, the plan still holds after the lines written here.
            unmoved = store.fetch_last_history_id() == self.plan.line
            dispatch_id = None
            if kept is not None and state.out:
                dispatch_id = invitations.insert_dispatches([(kept, SENT_BY_MAIL)], ctx.actor)[kept.uid]
            elif kept is not None:
                invitations.restore_invitation(kept.uid, claimed.before)
            store.update_message_state(item.code, state, ctx.stamp(), fault=fault, dispatch_id=dispatch_id)
            if state is MessageState.WAITING and item.code in self.plan.items:
                self.plan.items[item.code] = replace(item, tries=item.tries + 1, fault=fault)
            if state is MessageState.SENT:
                message_files.record_message_history(ctx, [item], "message sent")
            elif state is not MessageState.WAITING:
                verb = "message refused" if state is MessageState.FAILED else FATE_UNKNOWN
                write_history(
                    ctx,
                    verb,
                    f"{status_label(item.kind)} to {item.to.name}",
                    event_id=item.event_id,
                    person_id=item.person_id,
                    reason=fault,
                )
            if unmoved:
                self.plan.line = store.fetch_last_history_id()


FATE_UNKNOWN = "message sent, delivery unknown"


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message marked as being sent; for an invitation, what its calendar is told now and was told before."""

    item: OutboxItem
    line: WrittenMessage
    data: bytes
    kept: Invitation | None
    before: dict[str, Any] | None
    fault: str = ""
    """Why no mail can be made of it; empty when one can."""


def _refused(plan: OutboxPlan, choice: MessageChoice) -> list[OutboxItem]:
    return [
        each
        for each in plan.items.values()
        if each.state is MessageState.FAILED
        and invitation_rules.is_usable_address(each.to.address)
        and choice.includes(each)
    ]


def _messages_to_send_again(ctx: Context, plan: OutboxPlan, codes: Sequence[str]) -> list[OutboxItem]:
    """Return the messages named, as they would be made now, or else as they were made."""
    found = []
    for code in dict.fromkeys(each.strip().lower() for each in codes):
        with read_transaction():
            known = store.fetch_message(code)
        item = plan.items.get(code)
        if item is not None and not (known and known.kind is MessageKind.INVITATION and known.dispatch_id):
            if not invitation_rules.is_usable_address(item.to.address):
                raise RuleBroken(f"{item.fault} Nothing was sent.")
            found.append(replace(item, state=MessageState.WAITING))
        elif known is None:
            raise NoSuchMessage(code)
        elif known.kind is MessageKind.INVITATION:
            found.append(_invitation_again(ctx, known))
        else:
            found.append(
                OutboxItem(
                    known.code, known.key, known.kind, known.event, known.event_id, known.session_id, known.person_id,
                    MailAddress(known.name, known.address), MessageState.WAITING, known.tries, known.fault,
                    known,
                )
            )  # fmt: skip
    return found


def _invitation_again(ctx: Context, known: Message) -> OutboxItem:
    """Return an invitation as it stands now. Raises RuleBroken when nothing is due to the calendar any more."""
    for facilitators in (False, True):
        for due in mail_invitations.list_due_invitations(
            ctx, known.event, person=f"#{known.person_id}", facilitators=facilitators, again=True
        ):
            if due.session_id == known.session_id:
                return OutboxItem(
                    known.code, known.key, known.kind, known.event, known.event_id, known.session_id, known.person_id,
                    due.attendee, MessageState.WAITING, known.tries, known.fault, due,
                )  # fmt: skip
    raise RuleBroken(f"Message {known.code} is an invitation to a session that is over or cancelled. Nothing was sent.")


def _mark_stranded(ctx: Context) -> int:
    """Mark as `unknown` what an earlier run was sending when it stopped, and return how many there are.

    Only one run sends at a time, so no other run is about to settle them.
    """
    with read_transaction():
        lost = store.fetch_messages((MessageState.SENDING,))
    if not lost:
        return 0
    with write_transaction():
        for each in lost:
            dispatch_id = None
            if each.kind is MessageKind.INVITATION and each.session_id:
                kept = invitations.fetch_invitation(each.session_id, each.person_id)
                dispatch_id = invitations.insert_dispatches([(kept, SENT_BY_MAIL)], each.actor)[kept.uid]
            store.update_message_state(
                each.code, MessageState.UNKNOWN, each.at, fault=STRANDED, dispatch_id=dispatch_id
            )
            write_history(
                ctx, FATE_UNKNOWN, f"{status_label(each.kind)} to {each.name}",
                event_id=each.event_id, person_id=each.person_id, reason=STRANDED,
            )  # fmt: skip
    return len(lost)


def describe_send_result(done: SendResult) -> list[Remark]:
    """Return the remarks about a run, to show beside the list of what was sent."""
    said = [Remark(f"{format_count(len(done.sent), 'message')} sent.")]
    said += [Remark(f"Refused: {line.to}: {why}") for line, why in done.refused]
    if done.refused:
        said.append(
            Remark("Correct the address, and the message will be sent next time.", Remedy(RemedyKind.SEND_REFUSED))
        )
    if done.later:
        line, why = done.later[0]
        many = format_count(len(done.later), "message")
        said.append(Remark(f"{many} not accepted for now, first {line.to}: {why}", Remedy(RemedyKind.SEND_LATER)))
    if lost := len(done.unknown) + done.stranded:
        those = "arrived. It is" if lost == 1 else "arrived. They are"
        said.append(
            Remark(
                f"It is not known whether {format_count(lost, 'message')} {those} not sent again automatically.",
                Remedy(RemedyKind.SEND_UNKNOWN),
            )
        )
    if done.trouble:
        said.append(
            Remark(f"{done.trouble} What was sent is recorded. Still to be sent: {format_count(done.left, 'message')}.")
        )
    elif done.left:
        said.append(Remark(f"Stopped. Still to be sent: {format_count(done.left, 'message')}."))
    return said
