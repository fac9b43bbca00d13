"""The outbox: every message and invitation that is due, worked out anew each time, and the ledger of what was made.

What waits is stored nowhere: a confirmation is due as long as the place is booked, and no longer due once it is not.
The ledger says what was written, sent or forgotten, so that each message is made once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from csc_tui.base.context import Context
from csc_tui.base.text import label, show_date
from csc_tui.core.attendance.completion import months_later
from csc_tui.core.mail import invitation_rules, message_rules, templates, wording
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import Due
from csc_tui.core.mail.message_rules import Facts, Rules, Wanted
from csc_tui.core.mail.wording import Letter
from db import calendar as calendar_store
from db import catalogue, invitations, people
from db import messages as store
from db.engine.connection import reading
from db.errors import NotFound, RuleBroken
from db.records.evaluation import Stage
from db.records.mail import Mailbox, Message, MessageKind, MessageState

DONE = (MessageState.WRITTEN, MessageState.SENT, MessageState.FORGOTTEN)
UNSETTLED = (MessageState.SENDING, MessageState.UNKNOWN)
LISTED = 1000
"""So many of what was made already are listed."""
EVERY = 10_000_000
"""For a list that is to be whole: more messages than there are."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which messages are meant: those named, those of a kind, of an event; all where nothing is said."""

    ids: frozenset[str] = frozenset()
    kind: MessageKind | None = None
    event: str = ""

    def means(self, item: "Item") -> bool:
        return (
            (not self.ids or item.code in self.ids)
            and self.kind in (None, item.kind)
            and self.event.strip().upper() in ("", item.event)
        )


ALL = Choice()


@dataclass(frozen=True, slots=True)
class Item:
    """One message as it stands; `source` is what it is made from, or its line of the ledger."""

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
    """A message as it is listed; `to` is `Ann Smith <ann@example.org>`, `when` that of the session it is about."""

    id: str
    to: str
    subject: str
    event: str
    kind: str
    state: str
    fault: str
    when: str = ""


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


class Plan:
    """Everything that is due at one moment, by code; `line` is the newest line of the history at that moment."""

    def __init__(self, items: dict[str, Item], worded: dict[MessageKind, Letter], line: int) -> None:
        self.items, self.worded, self.line = items, worded, line

    def to_do(self, choice: Choice) -> list[Item]:
        """What can be written or sent of it."""
        return [
            each for each in self.items.values() if each.state is MessageState.WAITING and choice.means(each)
        ]  # fmt: skip


class Box:
    """The outbox as it was opened: its lines, and each message with all it says, without reading anything more."""

    def __init__(self, ctx: Context, plan: Plan | None, items: list[Item], stored: list[Message]) -> None:
        self._ctx, self._plan = ctx, plan
        self._items = {each.code: each for each in items}
        self._stored = {each.code: each for each in stored if each.code not in self._items}
        worded = plan.worded if plan else {}
        self.lines = [listed(ctx, each, worded) for each in items] + list(map(line_of, self._stored.values()))

    def card(self, code: str) -> OutboxCard:
        """One message with all it says. Raises NotFound."""
        item, ctx = self._items.get(code), self._ctx
        if item and self._plan:
            letter = letter_of(ctx, item, self._plan.worded)
            return OutboxCard(
                item.code, item.kind.value, item.event, shown(sender(ctx)), shown(item.to), letter.subject,
                item.state.value, item.tries, item.fault, "", "", letter.body,
            )  # fmt: skip
        if code in self._stored:
            return _card_of(ctx, self._stored[code])
        raise NoSuchMessage(code)


def opened(ctx: Context, choice: Choice = ALL, *, made: bool = False, limit: int = LISTED) -> Box:
    """What is to be done, by event and person; with `made` the newest of what was made already, instead.

    Raises NoSuchEvent.
    """
    with reading():
        if choice.event:
            calendar_store.get(choice.event)
        stored = [
            each
            for each in store.made(DONE if made else UNSETTLED, limit=limit)
            if choice.kind in (None, each.kind) and choice.event.strip().upper() in ("", each.event)
        ]
        if made:
            return Box(ctx, None, [], stored)
        plan = take(ctx)
    due = [each for each in plan.items.values() if each.state not in DONE and choice.means(each)]
    return Box(ctx, plan, due, stored)


def everything(ctx: Context, choice: Choice = ALL, *, made: bool = False, limit: int = LISTED) -> list[OutboxLine]:
    """The lines of the outbox as opened() gives it. Raises NoSuchEvent."""
    return opened(ctx, choice, made=made, limit=limit).lines


def card(ctx: Context, code: str) -> OutboxCard:
    """One message with all it says: as it was made, or as it would be made now. Raises NotFound."""
    code = code.strip().lower()
    with reading():
        known = store.by_code(code)
        if known and (known.state.out or known.state is MessageState.FORGOTTEN):
            return _card_of(ctx, known)
        plan = take(ctx)
    item = plan.items.get(code)
    return Box(ctx, plan, [item] if item else [], [known] if known else []).card(code)


class NoSuchMessage(NotFound):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is no message {code}, or it is no longer due. csc outbox list shows what is, and --made what was "
            "written or sent."
        )


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
        code = message_rules.code(key)
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
    state, tries, fault = standing(known, key, to.address)
    if state is MessageState.WAITING and not invitation_rules.usable(to.address):
        state, fault = MessageState.FAILED, f"Mail cannot be sent to '{to.address}'. Correct the address."
    return Item(code, key, kind, event, event_id, session_id, person_id, to, state, tries, fault, source)


def standing(
    known: dict[str, tuple[MessageState, int, str, str]], key: str, address: str
) -> tuple[MessageState, int, str]:
    """(state, tries, fault) of a message to an address, by what the ledger knows of it."""
    state, tries, fault, tried = known.get(key, (MessageState.WAITING, 0, "", address))
    if state is MessageState.FAILED and tried != address:  # it was refused, and has been corrected since
        return MessageState.WAITING, tries, fault
    return state, tries, fault


def _wanted(ctx: Context) -> list[Wanted]:
    today = ctx.today()
    asking = timedelta(days=message_rules.ASKING_DAYS + 2)
    follow_up = months_later(today, -message_rules.FOLLOW_UP_MONTHS)
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
    said = _rules(ctx)
    missed = [each for each in store.missed(today - timedelta(days=said.days)) if each.event_id in occasions]
    since = ctx.stamp() - timedelta(days=said.days + 1)
    placings = store.placings(current, since)
    making_up = store.making_up(current)
    attended = store.attended(ended)
    running_out = store.running_out(today) if MessageKind.REFRESHER not in said.off else []
    running_out = [
        each
        for each in running_out
        if abs((months_later(each.on, each.months) - today).days) <= max(said.refresher_days, message_rules.ASKING_DAYS)
    ]
    concerned = current | ended | {each.event_id for each in missed}
    about = {each.person_id for each in placings} | {each.person_id for each in missed}
    about |= {each.person_id for each in running_out}
    about |= {person_id for _, person_id, _ in making_up} | {person_id for _, person_id in attended}
    facts = Facts(
        occasions={event_id: occasions[event_id] for event_id in concerned},
        appointments=invitations.appointments_of(concerned),
        placings=placings,
        recipients=store.recipients(about),
        making_up=making_up,
        missed=missed,
        attended=attended,
        asked=asked,
        answered=store.answered(ended),
        running_out=running_out,
        coming=store.coming({each.course_id for each in running_out}, today),
        told=store.told(current, message_rules.TELL_DATES),
        invited=store.invited(current),
        resources=catalogue.resources(),
    )
    return message_rules.plan(facts, said, now=ctx.now(), local=ctx.local)


def _rules(ctx: Context) -> Rules:
    off = frozenset(MessageKind(each.strip()) for each in ctx.policy["messages_off"].split(",") if each.strip())
    return Rules(
        days=int(ctx.policy["message_days"]), reminder_days=int(ctx.policy["reminder_days"]),
        refresher_days=int(ctx.policy["refresher_days"]), off=off,
        manager_copies=ctx.policy["manager_copies"] == "yes", organiser=ctx.policy["organiser_name"],
        how_to_cancel=ctx.policy["how_to_cancel"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as a real person would get it; `note` says where it was tried on somebody to whom it is not due."""

    to: str
    subject: str
    body: str
    note: str


def preview(
    ctx: Context, kind: MessageKind, *, person: str = "", event: str = "", letter: Letter | None = None
) -> Preview:
    """A kind of message, in the words that hold or those of `letter`, to a person or to whoever is next.

    Raises NoSuchPerson, AmbiguousPerson, NoSuchEvent, WrongUse for words that cannot be kept, NotFound where there is
    nobody or nothing to try it on.
    """
    checked = wording.check(kind, letter) if letter else None
    with reading():
        plan = take(ctx)
        if checked:
            plan.worded[kind] = checked
        who = people.find(person) if person else None
        about = calendar_store.get(event) if event else None
        for each in plan.items.values():
            if each.kind is kind and (not who or each.person_id == who.id) and (not about or each.event_id == about.id):
                found = letter_of(ctx, each, plan.worded)
                return Preview(shown(each.to), found.subject, found.body, "")
        occasions = store.occasions(ctx.today(), about.id if about else None) or store.occasions(date(1, 1, 1))
        occasion = occasions.get(about.id) if about else next(iter(occasions.values()), None)
        if occasion is None:
            raise NotFound(
                "There is no event yet to try it with. Bring a programme in first: csc import programme FILE."
            )
        on_it = store.recipients([who.id] if who else [each.person_id for each in store.placings([occasion.id], _EVER)])
        to = on_it.get(who.id) if who else next(iter(on_it.values()), None) or store.anybody()
        if to is None:
            raise NotFound("There is nobody yet to try it with. Bring people in first: csc import people FILE.")
        stage = Stage.THREE_MONTHS if kind is MessageKind.FOLLOW_UP else Stage.ON_THE_DAY
        values = message_rules.example(
            occasion, invitations.appointments_of([occasion.id]).get(occasion.id, []), to, _rules(ctx),
            catalogue.resources(), store.asked().get((occasion.course_id, stage), ["Was it useful?"]), ctx.today(),
        )  # fmt: skip
    if kind is MessageKind.REFRESHER:
        values["until"] = show_date(ctx.today() + timedelta(days=int(ctx.policy["refresher_days"])))
    found = wording.fill(plan.worded[kind], values)
    note = f"No such message is due to {to.name} at the moment: this is how it would look."
    return Preview(shown(Mailbox(to.name, to.address)), found.subject, found.body, note)


_EVER = datetime(1, 1, 1)


def _invitations(ctx: Context) -> list[tuple[str, str, int, Due]]:
    """(key, reference, event id, invitation) of every invitation that is due, learners' and facilitators'."""
    ids = dict(store.to_invite())
    all_due = mail_invitations.due_of(ctx, list(ids))
    found = [(reference, ids[reference], due) for reference, its in all_due.items() for due in its]
    sent = store.last_dispatches({due.invitation_id for _, _, due in found if due.invitation_id})
    return [(invitation_key(due, sent), reference, event_id, due) for reference, event_id, due in found]


def invitation_key(due: Due, sent: dict[int, int]) -> str:
    """The same while the same is due to the same after the same: not of the moment at which it is worked out."""
    line = invitation_rules.ledger_line(due)
    content = sha256(f"{line.place_and_time}\n{line.content}".encode()).hexdigest()[:16]
    after = sent.get(due.invitation_id or 0, 0)
    return f"{MessageKind.INVITATION}/{line.uid}/{line.sequence}/{line.method}/{after}/{content}"


def letter_of(ctx: Context, item: Item, worded: dict[MessageKind, Letter]) -> Letter:
    """What a message says."""
    match item.source:
        case Due():
            return mail_invitations.letter_of(ctx, item.source, worded[MessageKind.INVITATION])
        case Message():
            return Letter(item.source.subject, item.source.body)
        case Wanted():
            return _letter(item.source, worded)


def _letter(wanted: Wanted, worded: dict[MessageKind, Letter]) -> Letter:
    values = wanted.values
    if wanted.copy_of:
        original = _letter(wanted.copy_of, worded)
        values = {**values, "subject": original.subject, "message": original.body}
    return wording.fill(worded[wanted.kind], values)


def mail_of(ctx: Context, item: Item, worded: dict[MessageKind, Letter], *, calendar: bytes = b"") -> bytes:
    """The whole mail, of an invitation with its calendar file where that was made already.

    Raises RuleBroken for a name or title no mail can carry.
    """
    if isinstance(item.source, Due):
        return mail_invitations.mail_of(
            ctx, item.source, worded[MessageKind.INVITATION], key=item.key, calendar=calendar
        )  # fmt: skip
    from exports import mail

    letter = letter_of(ctx, item, worded)
    return mail.message(
        sender=sender(ctx), to=item.to, subject=letter.subject, body=letter.body, stamped=ctx.stamp(), key=item.key
    )


def sender(ctx: Context) -> Mailbox:
    """The service's mailbox."""
    return Mailbox(ctx.policy["organiser_name"], ctx.policy["organiser_email"])


def meant(plan: Plan, choice: Choice) -> list[Item]:
    """What can be made of what was asked for. Raises NoSuchMessage, RuleBroken for a named one that cannot be."""
    for code in sorted(choice.ids):
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


def listed(ctx: Context, item: Item, worded: dict[MessageKind, Letter]) -> OutboxLine:
    """A message as it is listed."""
    subject, when = letter_of(ctx, item, worded).subject, ""
    if isinstance(item.source, Due):
        when = invitation_rules.when(item.source.entry)
    elif isinstance(item.source, Wanted):
        when = item.source.values.get("when", "")
    return OutboxLine(
        item.code, shown(item.to), subject, item.event, item.kind.value, item.state.value, item.fault, when
    )  # fmt: skip


def line_of(each: Message) -> OutboxLine:
    """A message of the ledger as it is listed."""
    to = shown(Mailbox(each.name, each.address))
    return OutboxLine(each.code, to, each.subject, each.event, each.kind.value, each.state.value, each.fault)


def _card_of(ctx: Context, each: Message) -> OutboxCard:
    at = ctx.local(each.at)
    return OutboxCard(
        each.code, each.kind.value, each.event, shown(sender(ctx)), shown(Mailbox(each.name, each.address)),
        each.subject,
        each.state.value, each.tries, each.fault, f"{show_date(at)} {at:%H:%M}", each.actor, each.body,
    )  # fmt: skip


def shown(mailbox: Mailbox) -> str:
    """`Ann Smith <ann@example.org>`."""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
