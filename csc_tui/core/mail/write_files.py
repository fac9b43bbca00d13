"""Messages written to files, whole mails ready to be sent; and those that nobody is to be sent."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from time import monotonic, sleep

from csc_tui.base.context import Context
from csc_tui.base.text import count, label
from csc_tui.core.mail import invitation_rules, outbox
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import Due
from csc_tui.core.mail.outbox import ALL, DONE, Choice, Item, NoSuchMessage, OutboxLine, Plan
from db import calendar as calendar_store
from db import history, invitations
from db import messages as store
from db.engine.connection import reading, writing
from db.errors import RuleBroken, Stale
from db.records.first_picture import Role
from db.records.mail import Message, MessageState

Progress = Callable[[int, int], None]
AT_ONCE = 50
"""Messages to one transaction."""


class Stop:
    """Says when long work is to end early. Unlike threading.Event it may be set by a signal's handler, whatever the
    interrupted thread was doing."""

    def __init__(self) -> None:
        self._stopped = False

    def set(self) -> None:
        self._stopped = True

    def is_set(self) -> bool:
        return self._stopped

    def wait(self, seconds: float) -> None:
        """Sleep, but not past the moment it is set."""
        until = monotonic() + seconds
        while not self._stopped and (left := until - monotonic()) > 0:
            sleep(min(left, 0.1))


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One message that was written to a file, or would be."""

    id: str
    to: str
    subject: str
    event: str
    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `left` is how many more were meant when it was stopped, `unreachable` to whom no mail can be
    made."""

    lines: list[WrittenLine]
    left: int
    unreachable: list[Item]


def write(
    ctx: Context,
    folder: str,
    choice: Choice = ALL,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
    stop: Stop | None = None,
) -> Written:
    """Write what is due into the folder, a mail each, and beside an invitation its calendar file; note it as made.

    AT_ONCE at a time: when it is stopped or fails, what was written until then is noted, and is not due again.
    Raises Duplicate or WrongUse for the folder, RuleBroken for the sender, NoSuchEvent.
    """
    if not dry_run:
        ctx.require(Role.BOOKER)
        mail_invitations.check_organiser(ctx)
    with reading():
        if choice.event:
            calendar_store.get(choice.event)
        plan = outbox.take(ctx)
    chosen = outbox.meant(plan, choice)
    todo = [each.code for each in chosen]
    lines: list[WrittenLine] = []
    failed: list[Item] = []
    if dry_run:
        for each in chosen:
            lines.append(written_line(ctx, each, plan, os.path.join(folder, file_name(each))))
        return Written(lines, 0, unreachable(plan, choice))
    progress(0, len(todo))
    position = 0
    while position < len(todo) and not (stop and stop.is_set()):
        some = todo[position : position + AT_ONCE]
        for attempt in range(RETRIES):
            items = [plan.items[code] for code in some if code in plan.items]
            try:
                lines += _write_some(ctx, folder, [each for each in items if _waits(each)], plan, failed)
            except Moved:
                if attempt == RETRIES - 1:
                    raise Stale(
                        f"Others are changing things all the time. {count(len(lines), 'message')} written and noted so "
                        "far. Run it again for the rest."
                    ) from None
                with reading():
                    plan = outbox.take(ctx)
            else:
                break
        position += len(some)
        progress(position, len(todo))
    return Written(lines, len(todo) - min(position, len(todo)), [*unreachable(plan, choice), *failed])


RETRIES = 5
"""So often a plan is worked out anew because somebody changed something meanwhile."""


class Moved(Exception):
    """Somebody changed something since the plan was worked out."""


def _waits(item: Item) -> bool:
    return item.state is MessageState.WAITING


def _write_some(ctx: Context, folder: str, items: Sequence[Item], plan: Plan, failed: list[Item]) -> list[WrittenLine]:
    """Files and ledger together, or neither; those of which no mail can be made are added to `failed`."""
    from exports import files  # only who writes pays for it

    mails = {}
    for each in items:
        try:
            calendar = mail_invitations.calendar_of(ctx, each.source) if isinstance(each.source, Due) else b""
            mails[each.code] = calendar, outbox.mail_of(ctx, each, plan.worded, calendar=calendar)
        except RuleBroken as problem:  # one whose name makes no mail holds up nobody else
            failed.append(replace(each, state=MessageState.FAILED, fault=str(problem)))
    items = [each for each in items if each.code in mails]
    if not items:
        return []
    paths = {each.code: os.path.join(folder, file_name(each)) for each in items}
    with files.into(folder) as batch:
        for each in items:
            name, (calendar, data) = os.path.basename(paths[each.code]), mails[each.code]
            if isinstance(each.source, Due):
                mine = mail_invitations.unfinished(each.source, mail=False)
                batch.add(f"{name.removesuffix('.eml')}.ics", calendar, may_replace=mine)
            batch.add(name, data, may_replace=_same_mail(each.key))
        batch.settle()
        with checked(plan, items):
            invited = [
                (invitation_rules.ledger_line(each.source), paths[each.code])
                for each in items
                if isinstance(each.source, Due)
            ]
            invitations.keep([line for line, _ in invited])
            dispatched = invitations.dispatch(invited, ctx.actor)
            store.put(
                [
                    message(
                        ctx, each, plan, MessageState.WRITTEN,
                        dispatch_id=dispatched[each.source.entry.uid] if isinstance(each.source, Due) else None,
                    )
                    for each in items
                ]
            )  # fmt: skip
            note_history(ctx, items, "message written")
            batch.place()
            plan.line = store.last_line()
    return [written_line(ctx, each, plan, paths[each.code]) for each in items]


@contextmanager
def checked(plan: Plan, items: Sequence[Item]) -> Iterator[None]:
    """A write transaction in which the plan still holds for these items; raises Moved where it may not."""
    with writing():
        if store.last_line() != plan.line:
            raise Moved
        known = store.known(each.key for each in items)
        if any(outbox.standing(known, each.key, each.to.address)[0] is not MessageState.WAITING for each in items):
            raise Moved
        yield


def message(
    ctx: Context, item: Item, plan: Plan, state: MessageState, *, tries: int = 0, dispatch_id: int | None = None
) -> Message:
    """The ledger's line of a message as it is made now."""
    letter = outbox.letter_of(ctx, item, plan.worded)
    return Message(
        id=0, code=item.code, key=item.key, kind=item.kind, event_id=item.event_id, event=item.event,
        session_id=item.session_id, person_id=item.person_id, name=item.to.name, address=item.to.address,
        subject=letter.subject, body=letter.body, told=item.source.told, state=state, tries=item.tries + tries,
        fault="", at=ctx.stamp(), actor=ctx.actor, step=0, dispatch_id=dispatch_id,
    )  # fmt: skip


def note_history(ctx: Context, items: Iterable[Item], verb: str, reason: str = "") -> None:
    """One line for each message, and for invitations what `csc invite` writes; inside writing()."""
    for each in items:
        if isinstance(each.source, Due) and each.event_id is not None and verb != FORGOTTEN:
            mail_invitations.write_history(ctx, each.event_id, each.event, [each.source])
            continue
        about = f" on {each.event}" if each.event else ""
        history.add(
            ctx.stamp(), ctx.actor, verb, f"{label(each.kind)} to {each.to.name}{about}", event_id=each.event_id,
            person_id=each.person_id, reason=reason,
        )  # fmt: skip


FORGOTTEN = "message forgotten"


def forget(
    ctx: Context,
    choice: Choice,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
    stop: Stop | None = None,
) -> list[OutboxLine]:
    """Note that these messages are not to be made. `csc invite` still writes an invitation that was forgotten here.

    Raises NotFound for an id that means nothing.
    """
    ctx.require(Role.BOOKER)
    with reading():
        plan = outbox.take(ctx)
        stranded = {each.code: each for each in store.made((MessageState.UNKNOWN,))}
    open_ones = [each for each in plan.items.values() if each.state not in DONE and choice.means(each)]
    named = {each.code for each in open_ones}
    lost = [each for code, each in stranded.items() if code in choice.ids and code not in named]
    for code in sorted(choice.ids):
        if code not in named and code not in stranded:
            raise NoSuchMessage(code)
    with reading():
        lines = [outbox.listed(ctx, each, plan.worded) for each in open_ones] + [outbox.line_of(each) for each in lost]
    if dry_run:
        return lines
    progress(0, len(lines))
    rest = iter(open_ones)
    done = 0
    while some := list(islice(rest, AT_ONCE)):
        if stop and stop.is_set():
            return lines[:done]
        with writing():
            known = store.known(each.key for each in some)
            kept = [each for each in some if known.get(each.key, (MessageState.WAITING,))[0] not in DONE]
            store.put([message(ctx, each, plan, MessageState.FORGOTTEN) for each in kept])
            note_history(ctx, kept, FORGOTTEN)
        done += len(some)
        progress(done, len(lines))
    if lost:
        with writing():
            for gone in lost:
                store.settle(gone.code, MessageState.FORGOTTEN, ctx.stamp(), fault=gone.fault)
                history.add(
                    ctx.stamp(), ctx.actor, FORGOTTEN, f"{label(gone.kind)} to {gone.name}", event_id=gone.event_id,
                    person_id=gone.person_id,
                )  # fmt: skip
    return lines


def file_name(item: Item) -> str:
    """What the file of a message is called."""
    from exports.files import safe_name

    if isinstance(item.source, Due):
        return mail_invitations.file_name(item.event, item.source, mail=True)
    who = f"{safe_name(item.to.name)}-{item.person_id}".lower()
    return (
        f"{safe_name(item.event) + '-' if item.event else ''}{who}-{item.kind.value.replace('_', '-')}-{item.code}.eml"
    )


def _same_mail(key: str) -> Callable[[bytes], bool]:
    """A file in the way may go if it is this message, written by a run that was cut off before the ledger knew."""
    from exports.mail import is_mail_of

    return lambda data: is_mail_of(data, key)


def unreachable(plan: Plan, choice: Choice) -> list[Item]:
    return [
        each
        for each in plan.items.values()
        if each.state is MessageState.FAILED and not invitation_rules.usable(each.to.address) and choice.means(each)
    ]


def written_line(ctx: Context, item: Item, plan: Plan, path: str) -> WrittenLine:
    subject = outbox.letter_of(ctx, item, plan.worded).subject
    return WrittenLine(item.code, outbox.shown(item.to), subject, item.event, item.kind.value, path)
