"""The outbox: every message and invitation that is due, worked out anew each time, and the ledger of what was made.

What waits is stored nowhere: a confirmation is due as long as the place is booked, and no longer due once it is not.
The ledger says what was written, sent or forgotten, so that each message is made once.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice

from csc_tui.context import Context
from csc_tui.domain import inviting as rules
from csc_tui.domain import letters, messages
from csc_tui.domain.completion import months_later
from csc_tui.domain.inviting import Due
from csc_tui.domain.letters import Letter
from csc_tui.domain.messages import Facts, Rules, Wanted
from csc_tui.services import inviting, templates
from csc_tui.text import count, label, show_date
from db import courses, events, history, invitations
from db import messages as store
from db.connection import reading, writing
from db.errors import NotFound, RuleBroken, Stale, WrongUse
from db.records import Mailbox, Message, MessageKind, MessageState, Role

Progress = Callable[[int, int], None]
AT_ONCE = 200
"""Messages to one transaction."""
DONE = (MessageState.WRITTEN, MessageState.SENT, MessageState.FORGOTTEN)
LISTED = 1000
"""So many of what was made already are listed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which messages are meant: those named, those of a kind, of an event; all where nothing is said."""

    ids: tuple[str, ...] = ()
    kind: MessageKind | None = None
    event: str = ""

    def means(self, item: "Item") -> bool:
        return (
            (not self.ids or item.code in self.ids)
            and self.kind in (None, item.kind)
            and self.event.strip().upper() in ("", item.event)
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One message as it stands; `source` is what it is made from: the ledger's line of one that is due no more."""

    code: str
    key: str
    kind: MessageKind
    event: str
    event_id: int | None
    session_id: int | None
    person_id: int
    to: Mailbox
    state: MessageState
    tries: int
    fault: str
    source: Wanted | Due | Message


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A message as it is listed; `to` is `Ann Smith <ann@example.org>`."""

    id: str
    to: str
    subject: str
    event: str
    kind: str
    state: str
    fault: str


@dataclass(frozen=True, slots=True)
class OutboxCard:
    """A message with all it says; `at` is when it was made or tried last, empty while it waits."""

    id: str
    kind: str
    event: str
    sender: str
    to: str
    subject: str
    state: str
    tries: int
    fault: str
    at: str
    by: str
    body: str


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
    """What was written; `left` is how many more were meant when it was stopped, `unreachable` whom no mail reaches."""

    lines: list[WrittenLine]
    left: int
    unreachable: list[Item]


class Plan:
    """Everything that is due at one moment, by code; `line` is the newest line of the history at that moment."""

    def __init__(self, items: dict[str, Item], worded: dict[MessageKind, Letter], line: int) -> None:
        self.items, self.worded, self.line = items, worded, line

    def to_do(self, choice: Choice) -> list[Item]:
        """What can be written or sent of it."""
        return [
            each for each in self.items.values() if each.state is MessageState.WAITING and choice.means(each)
        ]  # fmt: skip


def everything(ctx: Context, choice: Choice = Choice(), *, made: bool = False) -> list[OutboxLine]:
    """What is to be done, by event and person; with `made` the newest of what was made already, instead.

    Raises NoSuchEvent, WrongUse for an id that means nothing.
    """
    with reading():
        if choice.event:
            events.get(choice.event)
        if made:
            return [
                _line_of(each)
                for each in store.made(DONE, limit=LISTED)
                if choice.kind in (None, each.kind) and choice.event.strip().upper() in ("", each.event)
            ]
        plan = take(ctx)
        lines = [
            _listed(ctx, each, plan.worded)
            for each in plan.items.values()
            if each.state not in DONE and choice.means(each)
        ]
        told = {each.id for each in lines}
        for each in store.made((MessageState.SENDING, MessageState.UNKNOWN)):
            if (
                each.code not in told
                and choice.kind in (None, each.kind)
                and choice.event.strip().upper() in ("", each.event)
            ):
                lines.append(_line_of(each))
    return lines


def card(ctx: Context, code: str) -> OutboxCard:
    """One message with all it says: as it was made, or as it would be made now. Raises NotFound."""
    with reading():
        sender = Mailbox(ctx.policy["organiser_name"], ctx.policy["organiser_email"])
        known = store.by_code(code.strip().lower())
        if known and (known.state.out or known.state is MessageState.FORGOTTEN):
            return _card_of(ctx, known, sender)
        plan = take(ctx)
        item = plan.items.get(code.strip().lower())
        if item is None:
            if known:
                return _card_of(ctx, known, sender)
            raise NoSuchMessage(code)
        letter = letter_of(ctx, item, plan.worded)
    return OutboxCard(
        item.code, item.kind.value, item.event, shown(sender), shown(item.to), letter.subject, item.state.value,
        item.tries, item.fault, "", "", letter.body,
    )  # fmt: skip


class NoSuchMessage(NotFound):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is no message {code}, or it is no longer due. csc outbox list shows what is, and --made what was "
            "written or sent."
        )


def write(
    ctx: Context,
    folder: str,
    choice: Choice = Choice(),
    *,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
    stop: threading.Event | None = None,
) -> Written:
    """Write what is due into the folder, a mail each, and beside an invitation its calendar file; note it as made.

    Some hundreds at a time: when it is stopped or fails, what was written until then is noted, and is not due again.
    Raises Duplicate or WrongUse for the folder, RuleBroken for the sender, NoSuchEvent.
    """
    if not dry_run:
        ctx.require(Role.BOOKER)
        inviting.check_organiser(ctx)
    with reading():
        if choice.event:
            events.get(choice.event)
        plan = take(ctx)
    chosen = meant(plan, choice)
    todo = [each.code for each in chosen]
    lines: list[WrittenLine] = []
    if dry_run:
        for each in chosen:
            lines.append(_written(ctx, each, plan, os.path.join(folder, file_name(each))))
        return Written(lines, 0, _unreachable(plan, choice))
    progress(0, len(todo))
    position = 0
    while position < len(todo) and not (stop and stop.is_set()):
        some = todo[position : position + AT_ONCE]
        for attempt in range(RETRIES):
            items = [plan.items[code] for code in some if code in plan.items]
            try:
                lines += _write_some(ctx, folder, [each for each in items if _waits(each)], plan)
            except Moved:
                if attempt == RETRIES - 1:
                    raise Stale(
                        f"Others are changing things all the time. {count(len(lines), 'message')} were written and "
                        "noted. Run it again."
                    ) from None
                with reading():
                    plan = take(ctx)
            else:
                break
        position += len(some)
        progress(position, len(todo))
    return Written(lines, len(todo) - min(position, len(todo)), _unreachable(plan, choice))


RETRIES = 5
"""So often a plan is worked out anew because somebody changed something meanwhile."""


class Moved(Exception):
    """Somebody changed something since the plan was worked out."""


def _waits(item: Item) -> bool:
    return item.state is MessageState.WAITING


def _write_some(ctx: Context, folder: str, items: Sequence[Item], plan: Plan) -> list[WrittenLine]:
    """Files and ledger together, or neither."""
    from exports import files  # only who writes pays for it

    if not items:
        return []
    made = []
    with files.into(folder) as batch:
        for each in items:
            name = file_name(each)
            if isinstance(each.source, Due):
                calendar = f"{name.removesuffix('.eml')}.ics"
                batch.add(
                    calendar, inviting.calendar_of(ctx, each.source),
                    may_replace=inviting.unfinished(each.source, mail=False),
                )  # fmt: skip
            batch.add(name, mail_of(ctx, each, plan.worded), may_replace=_same_mail(each.key))
            made.append((each, os.path.join(folder, name)))
        batch.settle()
        with checked(plan, items):
            for each, path in made:
                _note(ctx, each, plan, MessageState.WRITTEN, path)
            note_history(ctx, items, "message written")
            batch.place()
            plan.line = store.last_line()
    return [_written(ctx, each, plan, path) for each, path in made]


@contextmanager
def checked(plan: Plan, items: Sequence[Item]) -> Iterator[None]:
    """A write transaction in which the plan still holds for these items; raises Moved where it may not."""
    with writing():
        if store.last_line() != plan.line:
            raise Moved
        known = store.known(each.key for each in items)
        if any(known[each.key][0] is not MessageState.WAITING for each in items if each.key in known):
            raise Moved
        yield


def _note(ctx: Context, item: Item, plan: Plan, state: MessageState, place: str) -> None:
    """Put a message that was made into the ledger; inside writing()."""
    dispatch_id = None
    if isinstance(item.source, Due):
        line = rules.ledger_line(item.source)
        invitations.keep([line])
        dispatch_id = invitations.dispatch([(line, place)], ctx.actor)[line.uid]
    store.put(message(ctx, item, plan, state, dispatch_id=dispatch_id))


def message(
    ctx: Context, item: Item, plan: Plan, state: MessageState, *, tries: int = 0, dispatch_id: int | None = None
) -> Message:
    """The ledger's line of a message as it is made now; inside reading() or writing()."""
    letter = letter_of(ctx, item, plan.worded)
    earlier = store.by_code(item.code)
    return Message(
        id=earlier.id if earlier else 0, code=item.code, key=item.key, kind=item.kind, event_id=item.event_id,
        event=item.event, session_id=item.session_id, person_id=item.person_id, name=item.to.name,
        address=item.to.address, subject=letter.subject, body=letter.body,
        told=item.source.told if isinstance(item.source, Wanted) else "", state=state,
        tries=(earlier.tries if earlier else 0) + tries, fault="", at=ctx.stamp(), actor=ctx.actor, step=0,
        dispatch_id=dispatch_id,
    )  # fmt: skip


def note_history(ctx: Context, items: Iterable[Item], verb: str, reason: str = "") -> None:
    """One line for each message, and for invitations what `csc invite` writes; inside writing()."""
    for each in items:
        if isinstance(each.source, Due) and each.event_id is not None and verb != FORGOTTEN:
            inviting.write_history(ctx, each.event_id, each.event, [each.source])
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
    stop: threading.Event | None = None,
) -> list[OutboxLine]:
    """Note that these messages are not to be made. `csc invite` still writes an invitation that was forgotten here.

    Raises NotFound for an id that means nothing.
    """
    ctx.require(Role.BOOKER)
    with reading():
        plan = take(ctx)
        stranded = {each.code: each for each in store.made((MessageState.UNKNOWN,))}
    open_ones = [each for each in plan.items.values() if each.state not in DONE and choice.means(each)]
    named = {each.code for each in open_ones}
    lost = [each for code, each in stranded.items() if code in choice.ids and code not in named]
    for code in choice.ids:
        if code not in named and code not in stranded:
            raise NoSuchMessage(code)
    with reading():
        lines = [_listed(ctx, each, plan.worded) for each in open_ones] + [_line_of(each) for each in lost]
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
            for each in kept:
                store.put(message(ctx, each, plan, MessageState.FORGOTTEN))
            note_history(ctx, kept, FORGOTTEN)
        done += len(some)
        progress(done, len(lines))
    if lost:
        with writing():
            for gone in lost:
                store.settle(gone.id, MessageState.FORGOTTEN, ctx.stamp(), fault=gone.fault)
                history.add(
                    ctx.stamp(), ctx.actor, FORGOTTEN, f"{label(gone.kind)} to {gone.name}", event_id=gone.event_id,
                    person_id=gone.person_id,
                )  # fmt: skip
    return lines


def take(ctx: Context) -> Plan:
    """Everything that is due now; inside reading() or writing()."""
    line = store.last_line()
    worded = templates.all_wanted()
    wanted = _wanted(ctx)
    due = _invitations(ctx)
    known = store.known([*(each.key for each in wanted), *(key for key, *_ in due)])
    items: dict[str, Item] = {}
    for each in wanted:
        items[each.code] = _item(
            known, key=each.key, code=each.code, kind=each.kind, event=each.reference,
            event_id=each.occasion.id if each.occasion else None, session_id=each.session_id,
            person_id=each.person_id, to=each.mailbox, source=each,
        )  # fmt: skip
    for key, reference, event_id, invitation in due:
        code = messages.code(key)
        items[code] = _item(
            known, key=key, code=code, kind=MessageKind.INVITATION, event=reference, event_id=event_id,
            session_id=invitation.session_id, person_id=invitation.person_id, to=invitation.attendee,
            source=invitation,
        )  # fmt: skip
    order = list(MessageKind)
    by_event = sorted(
        items.values(), key=lambda each: (each.event, each.to.name.casefold(), each.person_id, order.index(each.kind))
    )
    return Plan({each.code: each for each in by_event}, worded, line)


def _item(
    known: dict[str, tuple[MessageState, int, str, str]],
    *,
    key: str,
    code: str,
    kind: MessageKind,
    event: str,
    event_id: int | None,
    session_id: int | None,
    person_id: int,
    to: Mailbox,
    source: Wanted | Due,
) -> Item:
    state, tries, fault, address = known.get(key, (MessageState.WAITING, 0, "", to.address))
    if state is MessageState.FAILED and address != to.address:  # it was refused, and has been corrected since
        state = MessageState.WAITING
    if state is MessageState.WAITING and not rules.usable(to.address):
        state, fault = MessageState.FAILED, f"Mail cannot be sent to '{to.address}'. Correct the address."
    return Item(code, key, kind, event, event_id, session_id, person_id, to, state, tries, fault, source)


def _wanted(ctx: Context) -> list[Wanted]:
    today = ctx.today()
    asking = timedelta(days=messages.ASKING_DAYS + 2)
    follow_up = months_later(today, -messages.FOLLOW_UP_MONTHS)
    occasions = store.occasions(follow_up - asking)
    current = {each.id for each in occasions.values() if each.last_date is None or each.last_date >= today}
    asked = store.asked()
    stages = {course_id for course_id, _ in asked}
    ended = {
        each.id
        for each in occasions.values()
        if each.last_date
        and each.course_id in stages
        and any(day - asking <= each.last_date <= day for day in (today, follow_up + timedelta(days=2)))
    }
    off = frozenset(MessageKind(each.strip()) for each in ctx.policy["messages_off"].split(",") if each.strip())
    said = Rules(
        days=int(ctx.policy["message_days"]), reminder_days=int(ctx.policy["reminder_days"]),
        refresher_days=int(ctx.policy["refresher_days"]), off=off,
        manager_copies=ctx.policy["manager_copies"] == "yes", organiser=ctx.policy["organiser_name"],
        how_to_cancel=ctx.policy["how_to_cancel"],
    )  # fmt: skip
    missed = [each for each in store.missed(today - timedelta(days=said.days)) if each.event_id in occasions]
    since = ctx.stamp() - timedelta(days=said.days + 1)
    placings = store.placings(current, since)
    making_up = store.making_up(current)
    attended = store.attended(ended)
    running_out = store.running_out(today) if MessageKind.REFRESHER not in off else []
    running_out = [
        each
        for each in running_out
        if abs((months_later(each.on, each.months) - today).days) <= max(said.refresher_days, messages.ASKING_DAYS)
    ]
    concerned = current | ended | {each.event_id for each in missed}
    people = {each.person_id for each in placings} | {each.person_id for each in missed}
    people |= {each.person_id for each in running_out}
    people |= {person_id for _, person_id, _ in making_up} | {person_id for _, person_id in attended}
    facts = Facts(
        occasions={event_id: occasions[event_id] for event_id in concerned},
        appointments=invitations.appointments_of(concerned),
        placings=placings,
        recipients=store.recipients(people),
        making_up=making_up,
        missed=missed,
        attended=attended,
        asked=asked,
        answered=store.answered(ended),
        running_out=running_out,
        coming=store.coming({each.course_id for each in running_out}, today),
        told=store.told(current, messages.TELL_DATES),
        invited=store.invited(current),
        resources=courses.resources(),
    )
    return messages.plan(facts, said, now=ctx.now(), local=ctx.local)


def _invitations(ctx: Context) -> list[tuple[str, str, int, Due]]:
    """(key, reference, event id, invitation) of every invitation that is due, learners' and facilitators'."""
    found = [
        (reference, event_id, due)
        for reference, event_id in store.to_invite()
        for facilitators in (False, True)
        for due in inviting.due(ctx, reference, facilitators=facilitators)
    ]
    sent = store.last_dispatches({due.invitation_id for _, _, due in found if due.invitation_id})
    return [(invitation_key(due, sent), reference, event_id, due) for reference, event_id, due in found]


def invitation_key(due: Due, sent: dict[int, int]) -> str:
    """The same while the same is due to the same after the same: not of the moment at which it is worked out."""
    line = rules.ledger_line(due)
    content = sha256(f"{line.place_and_time}\n{line.content}".encode()).hexdigest()[:16]
    after = sent.get(due.invitation_id or 0, 0)
    return f"{MessageKind.INVITATION}/{line.uid}/{line.sequence}/{line.method}/{after}/{content}"


def letter_of(ctx: Context, item: Item, worded: dict[MessageKind, Letter]) -> Letter:
    """What a message says."""
    match item.source:
        case Due():
            return inviting.letter_of(ctx, item.source, worded[MessageKind.INVITATION])
        case Message():
            return Letter(item.source.subject, item.source.body)
        case Wanted():
            return _letter(item.source, worded)


def _letter(wanted: Wanted, worded: dict[MessageKind, Letter]) -> Letter:
    values = wanted.values
    if wanted.copy_of:
        original = _letter(wanted.copy_of, worded)
        values = {**values, "subject": original.subject, "message": original.body}
    return letters.fill(worded[wanted.kind], values)


def mail_of(ctx: Context, item: Item, worded: dict[MessageKind, Letter]) -> bytes:
    """The whole mail. Raises RuleBroken for a name or title no mail can carry."""
    if isinstance(item.source, Due):
        return inviting.mail_of(ctx, item.source, worded[MessageKind.INVITATION], key=item.key)
    from exports import mail

    letter = letter_of(ctx, item, worded)
    return mail.message(
        sender=sender(ctx), to=item.to, subject=letter.subject, body=letter.body, stamped=ctx.stamp(), key=item.key
    )


def sender(ctx: Context) -> Mailbox:
    """The service's mailbox."""
    return Mailbox(ctx.policy["organiser_name"], ctx.policy["organiser_email"])


def file_name(item: Item) -> str:
    """What the file of a message is called."""
    from exports.files import safe_name

    if isinstance(item.source, Due):
        return inviting.file_name(item.event, item.source, mail=True)
    who = f"{safe_name(item.to.name)}-{item.person_id}".lower()
    return (
        f"{safe_name(item.event) + '-' if item.event else ''}{who}-{item.kind.value.replace('_', '-')}-{item.code}.eml"
    )


def _same_mail(key: str) -> Callable[[bytes], bool]:
    """A file in the way may go if it is this message, written by a run that was cut off before the ledger knew."""
    from exports.mail import is_mail_of

    return lambda data: is_mail_of(data, key)


def meant(plan: Plan, choice: Choice) -> list[Item]:
    """What can be made of what was asked for. Raises NoSuchMessage, RuleBroken for a named one that cannot be."""
    for code in choice.ids:
        item = plan.items.get(code)
        if item is None:
            known = store_state(code)
            if known is None:
                raise NoSuchMessage(code)
            raise AlreadyMade(code, known)
        if item.state is not MessageState.WAITING:
            raise AlreadyMade(code, item.state, item.fault)
    return plan.to_do(choice)


class AlreadyMade(RuleBroken):
    def __init__(self, code: str, state: MessageState, fault: str = "") -> None:
        why = f" ({fault.rstrip('.')})" if fault else ""
        super().__init__(
            f"Message {code} is {label(state)}{why}. Nothing was done. To send it all the same: csc outbox send "
            f"--again {code}."
        )


def store_state(code: str) -> MessageState | None:
    """Where a message stands in the ledger."""
    with reading():
        known = store.by_code(code)
    return known.state if known else None


def _unreachable(plan: Plan, choice: Choice) -> list[Item]:
    return [
        each
        for each in plan.items.values()
        if each.state is MessageState.FAILED and not rules.usable(each.to.address) and choice.means(each)
    ]


def _written(ctx: Context, item: Item, plan: Plan, path: str) -> WrittenLine:
    subject = letter_of(ctx, item, plan.worded).subject
    return WrittenLine(item.code, shown(item.to), subject, item.event, item.kind.value, path)


def _listed(ctx: Context, item: Item, worded: dict[MessageKind, Letter]) -> OutboxLine:
    letter = letter_of(ctx, item, worded)
    return OutboxLine(
        item.code, shown(item.to), letter.subject, item.event, item.kind.value, item.state.value, item.fault
    )  # fmt: skip


def _line_of(each: Message) -> OutboxLine:
    to = shown(Mailbox(each.name, each.address))
    return OutboxLine(each.code, to, each.subject, each.event, each.kind.value, each.state.value, each.fault)


def _card_of(ctx: Context, each: Message, sender: Mailbox) -> OutboxCard:
    at = ctx.local(each.at)
    return OutboxCard(
        each.code, each.kind.value, each.event, shown(sender), shown(Mailbox(each.name, each.address)), each.subject,
        each.state.value, each.tries, each.fault, f"{show_date(at)} {at:%H:%M}", each.actor, each.body,
    )  # fmt: skip


def shown(mailbox: Mailbox) -> str:
    """`Ann Smith <ann@example.org>`."""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


def kind_named(text: str) -> MessageKind:
    """The kind of message called that. Raises WrongUse."""
    try:
        return MessageKind(text.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise WrongUse(f"There is no message of kind '{text}'. There are: {', '.join(MessageKind)}.") from None
