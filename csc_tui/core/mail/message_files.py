"""Messages written to files as whole mails, and messages that are not to be sent at all."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from time import monotonic, sleep

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count, status_label
from csc_tui.core.mail import invitation_rules, outbox
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from csc_tui.core.mail.outbox import (
    ALL_MESSAGES,
    DONE,
    MessageChoice,
    NoSuchMessage,
    OutboxItem,
    OutboxLine,
    OutboxPlan,
)
from db import calendar as calendar_store
from db import invitations
from db import messages as store
from db.engine.connection import read_transaction, write_transaction
from db.errors import RuleBroken, Stale
from db.records.mail import Message, MessageState
from db.records.startup import Role

AT_ONCE = 50
"""The number of messages in one transaction."""


class StopSignal:
    """A signal to end long work early.

    Unlike threading.Event it may be set by a signal handler, whatever the interrupted thread was doing.
    """

    def __init__(self) -> None:
        self._stopped = False

    def set(self) -> None:
        """Ask for the work to end."""
        self._stopped = True

    def is_set(self) -> bool:
        """Return whether the work is to end."""
        return self._stopped

    def wait(self, seconds: float) -> None:
        """Sleep for some seconds, or until the signal is set."""
        until = monotonic() + seconds
        while not self._stopped and (left := until - monotonic()) > 0:
            sleep(min(left, 0.1))


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """A message that was written to a file, or would be."""

    id: str
    to: str
    subject: str
    event: str
    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The result of writing messages.

    `left` counts those not begun when it was stopped; of those in `unreachable` no mail can be made.
    """

    lines: list[WrittenMessage]
    left: int
    unreachable: list[OutboxItem]


def write_messages(
    ctx: Context,
    folder: str,
    choice: MessageChoice = ALL_MESSAGES,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
    stop: StopSignal | None = None,
) -> WriteResult:
    """Write the messages that are due into a folder as mails, and mark them as made.

    Invitations also get a calendar file. AT_ONCE messages are written together: when the work stops or fails, what was
    written until then is marked and not due again. Raises Duplicate or WrongUse for the folder, RuleBroken for the
    sender, NoSuchEvent and Stale.
    """
    if not dry_run:
        ctx.require(Role.BOOKER)
        mail_invitations.check_organiser(ctx)
    with read_transaction():
        if choice.event:
            calendar_store.fetch_event(choice.event)
        plan = outbox.plan_outbox(ctx)
    chosen = outbox.choose_messages(plan, choice)
    todo = [each.code for each in chosen]
    lines: list[WrittenMessage] = []
    failed: list[OutboxItem] = []
    if dry_run:
        for each in chosen:
            lines.append(make_written_message(ctx, each, plan, os.path.join(folder, message_file_name(each))))
        return WriteResult(lines, 0, list_unreachable_messages(plan, choice))
    progress(0, len(todo))
    position = 0
    while position < len(todo) and not (stop and stop.is_set()):
        some = todo[position : position + AT_ONCE]
        for attempt in range(RETRIES):
            items = [plan.items[code] for code in some if code in plan.items]
            try:
                lines += _write_some(ctx, folder, [each for each in items if _waits(each)], plan, failed)
            except PlanOutdated:
                if attempt == RETRIES - 1:
                    raise Stale(
                        f"Other people kept making changes. {format_count(len(lines), 'message')} written so far. Try "
                        "again for the rest."
                    ) from None
                with read_transaction():
                    plan = outbox.plan_outbox(ctx)
            else:
                break
        position += len(some)
        progress(position, len(todo))
    return WriteResult(lines, len(todo) - min(position, len(todo)), [*list_unreachable_messages(plan, choice), *failed])


RETRIES = 5
"""The times that a plan is worked out again because somebody changed something meanwhile."""


class PlanOutdated(Exception):
    """Raised when something changed since the plan was worked out."""


def _waits(item: OutboxItem) -> bool:
    return item.state is MessageState.WAITING


def _write_some(
    ctx: Context, folder: str, items: Sequence[OutboxItem], plan: OutboxPlan, failed: list[OutboxItem]
) -> list[WrittenMessage]:
    """Write the files and the ledger together, or neither.

    Messages of which no mail can be made are added to `failed`.
    """
    from exports import files  # imported here because it is slow and only writing needs it

    mails = {}
    for each in items:
        try:
            calendar = (
                mail_invitations.make_invitation_calendar(ctx, each.source)
                if isinstance(each.source, DueInvitation)
                else b""
            )
            mails[each.code] = calendar, outbox.make_message_mail(ctx, each, plan.worded, calendar=calendar)
        except RuleBroken as problem:  # a name that no mail can carry must not hold up the other messages
            failed.append(replace(each, state=MessageState.FAILED, fault=str(problem)))
    items = [each for each in items if each.code in mails]
    if not items:
        return []
    paths = {each.code: os.path.join(folder, message_file_name(each)) for each in items}
    with files.file_batch(folder) as batch:
        for each in items:
            name, (calendar, data) = os.path.basename(paths[each.code]), mails[each.code]
            if isinstance(each.source, DueInvitation):
                mine = mail_invitations.may_replace_invitation(each.source, mail=False)
                batch.add(f"{name.removesuffix('.eml')}.ics", calendar, may_replace=mine)
            batch.add(name, data, may_replace=_may_replace_mail(each.key))
        batch.settle()
        with writing_if_unchanged(plan, items):
            invited = [
                (invitation_rules.ledger_line(each.source), paths[each.code])
                for each in items
                if isinstance(each.source, DueInvitation)
            ]
            invitations.store_invitations([line for line, _ in invited])
            dispatched = invitations.insert_dispatches(invited, ctx.actor)
            store.store_messages(
                [
                    make_ledger_message(
                        ctx,
                        each,
                        plan,
                        MessageState.WRITTEN,
                        dispatch_id=dispatched[each.source.entry.uid]
                        if isinstance(each.source, DueInvitation)
                        else None,
                    )
                    for each in items
                ]
            )
            record_message_history(ctx, items, "message written")
            batch.place()
            plan.line = store.fetch_last_history_id()
    return [make_written_message(ctx, each, plan, paths[each.code]) for each in items]


@contextmanager
def writing_if_unchanged(plan: OutboxPlan, items: Sequence[OutboxItem]) -> Iterator[None]:
    """Open a write transaction in which the plan still holds for these items. Raises PlanOutdated when it may not."""
    with write_transaction():
        if store.fetch_last_history_id() != plan.line:
            raise PlanOutdated
        known = store.fetch_message_states(each.key for each in items)
        if any(
            outbox.state_for_address(known, each.key, each.to.address)[0] is not MessageState.WAITING for each in items
        ):
            raise PlanOutdated
        yield


def make_ledger_message(
    ctx: Context,
    item: OutboxItem,
    plan: OutboxPlan,
    state: MessageState,
    *,
    tries: int = 0,
    dispatch_id: int | None = None,
) -> Message:
    """Return the line of the ledger for a message as it is made now."""
    letter = outbox.fill_message_letter(ctx, item, plan.worded)
    return Message(
        id=0, code=item.code, key=item.key, kind=item.kind, event_id=item.event_id, event=item.event,
        session_id=item.session_id, person_id=item.person_id, name=item.to.name, address=item.to.address,
        subject=letter.subject, body=letter.body, told=item.source.told, state=state, tries=item.tries + tries,
        fault="", at=ctx.stamp(), actor=ctx.actor, step=0, dispatch_id=dispatch_id,
    )  # fmt: skip


def record_message_history(ctx: Context, items: Iterable[OutboxItem], verb: str, reason: str = "") -> None:
    """Write a history entry for each message, for invitations by record_invitation_history().

    Inside a write transaction.
    """
    for each in items:
        if isinstance(each.source, DueInvitation) and each.event_id is not None and verb != FORGOTTEN:
            mail_invitations.record_invitation_history(ctx, each.event_id, each.event, [each.source])
            continue
        about = f" on {each.event}" if each.event else ""
        write_history(
            ctx, verb, f"{status_label(each.kind)} to {each.to.name}{about}", event_id=each.event_id,
            person_id=each.person_id, reason=reason,
        )  # fmt: skip


FORGOTTEN = "message not sent"
"""The verb in the history for a message that is not to be sent."""


def forget_messages(
    ctx: Context,
    choice: MessageChoice,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
    stop: StopSignal | None = None,
) -> list[OutboxLine]:
    """Mark messages as not to be sent, and return their lines.

    write_invitations() still writes an invitation that was forgotten here. Raises NoSuchMessage.
    """
    ctx.require(Role.BOOKER)
    with read_transaction():
        plan = outbox.plan_outbox(ctx)
        stranded = {each.code: each for each in store.fetch_messages((MessageState.UNKNOWN,))}
    open_ones = [each for each in plan.items.values() if each.state not in DONE and choice.includes(each)]
    named = {each.code for each in open_ones}
    lost = [each for code, each in stranded.items() if code in choice.ids and code not in named]
    for code in sorted(choice.ids):
        if code not in named and code not in stranded:
            raise NoSuchMessage(code)
    with read_transaction():
        lines = [outbox.make_outbox_line(ctx, each, plan.worded) for each in open_ones] + [
            outbox.make_made_line(each) for each in lost
        ]
    if dry_run:
        return lines
    progress(0, len(lines))
    rest = iter(open_ones)
    done = 0
    while some := list(islice(rest, AT_ONCE)):
        if stop and stop.is_set():
            return lines[:done]
        with write_transaction():
            known = store.fetch_message_states(each.key for each in some)
            kept = [each for each in some if known.get(each.key, (MessageState.WAITING,))[0] not in DONE]
            store.store_messages([make_ledger_message(ctx, each, plan, MessageState.FORGOTTEN) for each in kept])
            record_message_history(ctx, kept, FORGOTTEN)
        done += len(some)
        progress(done, len(lines))
    if lost:
        with write_transaction():
            for gone in lost:
                store.update_message_state(gone.code, MessageState.FORGOTTEN, ctx.stamp(), fault=gone.fault)
                write_history(
                    ctx,
                    FORGOTTEN,
                    f"{status_label(gone.kind)} to {gone.name}",
                    event_id=gone.event_id,
                    person_id=gone.person_id,
                )
    return lines


def message_file_name(item: OutboxItem) -> str:
    """Return the name of a message's file."""
    from exports.files import safe_file_name

    if isinstance(item.source, DueInvitation):
        return mail_invitations.invitation_file_name(item.event, item.source, mail=True)
    who = f"{safe_file_name(item.to.name)}-{item.person_id}".lower()
    event = f"{safe_file_name(item.event)}-" if item.event else ""
    return f"{event}{who}-{item.kind.value.replace('_', '-')}-{item.code}.eml"


def _may_replace_mail(key: str) -> Callable[[bytes], bool]:
    """Return a function that tells whether a file is a copy of this message and may be replaced.

    Such a copy is left by a run that stopped before the ledger knew of it.
    """
    from exports.mail import is_copy_of_mail

    return lambda data: is_copy_of_mail(data, key)


def list_unreachable_messages(plan: OutboxPlan, choice: MessageChoice) -> list[OutboxItem]:
    """Return the chosen messages whose e-mail address cannot be used."""
    return [
        each
        for each in plan.items.values()
        if each.state is MessageState.FAILED
        and not invitation_rules.is_usable_address(each.to.address)
        and choice.includes(each)
    ]


def make_written_message(ctx: Context, item: OutboxItem, plan: OutboxPlan, path: str) -> WrittenMessage:
    """Return a message as a line about the file written for it."""
    subject = outbox.fill_message_letter(ctx, item, plan.worded).subject
    return WrittenMessage(item.code, outbox.mailbox_in_words(item.to), subject, item.event, item.kind.value, path)
