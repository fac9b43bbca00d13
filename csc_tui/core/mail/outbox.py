"""The outbox: every message and invitation that is due, and the ledger of those that were made.

Messages that wait are stored nowhere but worked out each time: a confirmation is due while the place is booked and no
longer. The ledger says what was written, sent or forgotten, so that each message is made once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from csc_tui.base.context import Context
from csc_tui.base.programme_years import months_later
from csc_tui.base.text import format_date, status_label
from csc_tui.core.attendance.completion import valid_until
from csc_tui.core.mail import invitation_rules, message_rules, templates, wording
from csc_tui.core.mail import invitations as mail_invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from csc_tui.core.mail.message_rules import DueMessage, MessageFacts, MessageRules
from csc_tui.core.mail.wording import Letter
from db import calendar as calendar_store
from db import catalogue, invitations, people
from db import messages as store
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.evaluation import Stage
from db.records.mail import MailAddress, Message, MessageKind, MessageState
from db.records.remedies import Remedy, RemedyKind

DONE = (MessageState.WRITTEN, MessageState.SENT, MessageState.FORGOTTEN)
"""The states of messages that need nothing more."""
UNSETTLED = (MessageState.SENDING, MessageState.UNKNOWN)
"""The states of messages of which nobody knows yet whether they arrived."""
MOST_LISTED = 1000
"""The most messages already made that are listed."""


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """A choice of messages by id, kind and event; an empty field chooses all."""

    ids: frozenset[str] = frozenset()
    kind: MessageKind | None = None
    event: str = ""

    def includes(self, item: "OutboxItem") -> bool:
        """Return whether an item is among the chosen messages."""
        return (
            (not self.ids or item.code in self.ids)
            and self.kind in (None, item.kind)
            and self.event.strip().upper() in ("", item.event)
        )


ALL_MESSAGES = MessageChoice()


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message as it stands; `source` is what it is made from, or its line of the ledger."""

    code: str
    key: str
    kind: MessageKind
    event: str
    event_id: int | None
    session_id: int | None
    person_id: int
    to: MailAddress
    state: MessageState
    tries: int
    fault: str
    source: DueMessage | DueInvitation | Message


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A message as it is listed.

    `to` is `Ann Smith <ann@example.org>`, `when` the time of the session it is about.
    """

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
    """A message with its text; `at` says when it was made or tried last, empty while it waits."""

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


class OutboxPlan:
    """All that is due at one moment, by code; `line` is the id of the newest history entry then."""

    def __init__(self, items: dict[str, OutboxItem], worded: dict[MessageKind, Letter], line: int) -> None:
        self.items, self.worded, self.line = items, worded, line

    def list_sendable(self, choice: MessageChoice) -> list[OutboxItem]:
        """Return the chosen messages that can be written or sent."""
        return [
            each for each in self.items.values() if each.state is MessageState.WAITING and choice.includes(each)
        ]  # fmt: skip


class Outbox:
    """The outbox as it was opened: its lines, and the text of each message, without further reading."""

    def __init__(self, ctx: Context, plan: OutboxPlan | None, items: list[OutboxItem], stored: list[Message]) -> None:
        self._ctx, self._plan = ctx, plan
        self._items = {each.code: each for each in items}
        self._stored = {each.code: each for each in stored if each.code not in self._items}
        worded = plan.worded if plan else {}
        self.lines = [make_outbox_line(ctx, each, worded) for each in items] + list(
            map(make_made_line, self._stored.values())
        )

    def get_card(self, code: str) -> OutboxCard:
        """Return one message with its text. Raises NoSuchMessage."""
        item, ctx = self._items.get(code), self._ctx
        if item and self._plan:
            letter = fill_message_letter(ctx, item, self._plan.worded)
            return OutboxCard(
                item.code,
                item.kind.value,
                item.event,
                mailbox_in_words(service_mailbox(ctx)),
                mailbox_in_words(item.to),
                letter.subject,
                item.state.value,
                item.tries,
                item.fault,
                "",
                "",
                letter.body,
            )
        if code in self._stored:
            return _card_of(ctx, self._stored[code])
        raise NoSuchMessage(code)


def get_outbox(
    ctx: Context, choice: MessageChoice = ALL_MESSAGES, *, made: bool = False, limit: int = MOST_LISTED
) -> Outbox:
    """Return the messages that are due, by event and person; with `made` instead the newest of those already made.

    Raises NoSuchEvent.
    """
    with read_transaction():
        if choice.event:
            calendar_store.fetch_event(choice.event)
        stored = [
            each
            for each in store.fetch_messages(DONE if made else UNSETTLED, limit=limit)
            if choice.kind in (None, each.kind) and choice.event.strip().upper() in ("", each.event)
        ]
        if made:
            return Outbox(ctx, None, [], stored)
        plan = plan_outbox(ctx)
    due = [each for each in plan.items.values() if each.state not in DONE and choice.includes(each)]
    return Outbox(ctx, plan, due, stored)


def list_outbox(
    ctx: Context, choice: MessageChoice = ALL_MESSAGES, *, made: bool = False, limit: int = MOST_LISTED
) -> list[OutboxLine]:
    """Return the lines of the outbox, chosen as get_outbox() does. Raises NoSuchEvent."""
    return get_outbox(ctx, choice, made=made, limit=limit).lines


def get_message_card(ctx: Context, code: str) -> OutboxCard:
    """Return a message with its text, as it was made or would be made now. Raises NoSuchMessage."""
    code = code.strip().lower()
    with read_transaction():
        known = store.fetch_message(code)
        if known and (known.state.out or known.state is MessageState.FORGOTTEN):
            return _card_of(ctx, known)
        plan = plan_outbox(ctx)
    item = plan.items.get(code)
    return Outbox(ctx, plan, [item] if item else [], [known] if known else []).get_card(code)


class NoSuchMessage(NotFound):
    """Raised for the code of a message that does not exist or is no longer due."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no message {code}, or it is no longer due.", Remedy(RemedyKind.LIST_MESSAGES))


def plan_outbox(ctx: Context) -> OutboxPlan:
    """Return everything that is due now; to be called inside a transaction."""
    line = store.fetch_last_history_id()
    worded = templates.get_all_wordings()
    wanted = _wanted(ctx)
    due = _invitations(ctx)
    known = store.fetch_message_states([*(each.key for each in wanted), *(key for key, *_ in due)])
    items: dict[str, OutboxItem] = {}
    for each in wanted:
        items[each.code] = _item(
            known, key=each.key, code=each.code, kind=each.kind, event=each.reference,
            event_id=each.occasion.id if each.occasion else None, session_id=each.session_id,
            person_id=each.person_id, to=each.mailbox, source=each,
        )  # fmt: skip
    for key, reference, event_id, invitation in due:
        code = message_rules.message_code(key)
        items[code] = _item(
            known, key=key, code=code, kind=MessageKind.INVITATION, event=reference, event_id=event_id,
            session_id=invitation.session_id, person_id=invitation.person_id, to=invitation.attendee,
            source=invitation,
        )  # fmt: skip
    order = list(MessageKind)
    by_event = sorted(
        items.values(), key=lambda each: (each.event, each.to.name.casefold(), each.person_id, order.index(each.kind))
    )
    return OutboxPlan({each.code: each for each in by_event}, worded, line)


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
    to: MailAddress,
    source: DueMessage | DueInvitation,
) -> OutboxItem:
    state, tries, fault = state_for_address(known, key, to.address)
    if state is MessageState.WAITING and not invitation_rules.is_usable_address(to.address):
        state, fault = (
            MessageState.FAILED,
            f"'{to.address}' is not an address that e-mail can be sent to. Correct the address.",
        )
    return OutboxItem(code, key, kind, event, event_id, session_id, person_id, to, state, tries, fault, source)


def state_for_address(
    known: dict[str, tuple[MessageState, int, str, str]], key: str, address: str
) -> tuple[MessageState, int, str]:
    """Return (state, tries, fault) of a message to an address, from what the ledger knows."""
    state, tries, fault, tried = known.get(key, (MessageState.WAITING, 0, "", address))
    if state is MessageState.FAILED and tried != address:  # the address was corrected since the server refused it
        return MessageState.WAITING, tries, fault
    return state, tries, fault


def _wanted(ctx: Context) -> list[DueMessage]:
    today = ctx.today()
    asking = timedelta(days=message_rules.EVALUATION_REQUEST_DAYS + 2)
    follow_up = months_later(today, -message_rules.FOLLOW_UP_MONTHS)
    occasions = store.fetch_event_summaries(follow_up - asking)
    current = {each.id for each in occasions.values() if each.last_date is None or each.last_date >= today}
    asked = store.fetch_question_texts()
    stages = {course_id for course_id, _ in asked}
    ended = {
        each.id
        for each in occasions.values()
        if each.last_date
        and each.course_id in stages
        and any(day - asking <= each.last_date <= day for day in (today, follow_up + timedelta(days=2)))
    }
    said = _rules(ctx)
    missed = [
        each for each in store.fetch_missed_sessions(today - timedelta(days=said.days)) if each.event_id in occasions
    ]
    since = ctx.stamp() - timedelta(days=said.days + 1)
    placings = store.fetch_latest_enrolments(current, since)
    making_up = store.fetch_make_up_places(current)
    attended = store.fetch_event_attendance(ended)
    running_out = store.fetch_expiring_completions(today) if MessageKind.REFRESHER not in said.off else []
    running_out = [
        each
        for each in running_out
        if (ends := valid_until(each.on, each.months, each.expires))
        and abs((ends - today).days) <= max(said.refresher_days, message_rules.EVALUATION_REQUEST_DAYS)
    ]
    concerned = current | ended | {each.event_id for each in missed}
    about = {each.person_id for each in placings} | {each.person_id for each in missed}
    about |= {each.person_id for each in running_out}
    about |= {person_id for _, person_id, _ in making_up} | {person_id for _, person_id in attended}
    facts = MessageFacts(
        occasions={event_id: occasions[event_id] for event_id in concerned},
        appointments=invitations.fetch_appointments_by_event(concerned),
        placings=placings,
        recipients=store.fetch_recipients(about),
        making_up=making_up,
        missed=missed,
        attended=attended,
        asked=asked,
        answered=store.fetch_answered_forms(ended),
        running_out=running_out,
        coming=store.fetch_coming_learners({each.course_id for each in running_out}, today),
        told=store.fetch_sent_details(current, message_rules.KINDS_WITH_DATES),
        invited=store.fetch_ever_invited(current),
        resources=catalogue.fetch_resources(),
    )
    return message_rules.plan_messages(facts, said, now=ctx.now(), local=ctx.local)


def _rules(ctx: Context) -> MessageRules:
    off = frozenset(MessageKind(each.strip()) for each in ctx.policy["messages_off"].split(",") if each.strip())
    return MessageRules(
        days=int(ctx.policy["message_days"]), reminder_days=int(ctx.policy["reminder_days"]),
        refresher_days=ctx.refresher_days, off=off,
        manager_copies=ctx.policy["manager_copies"] == "yes", organiser=ctx.policy["organiser_name"],
        how_to_cancel=ctx.policy["how_to_cancel"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """A letter as a person would get it; `note` says when it is not due to that person."""

    to: str
    subject: str
    body: str
    note: str


def preview_letter(
    ctx: Context, kind: MessageKind, *, person: str = "", event: str = "", letter: Letter | None = None
) -> LetterPreview:
    """Return a kind of message as a person would get it, in the current words or those of `letter`.

    Without `person` it is the next one that is due. Raises NoSuchPerson, AmbiguousPerson, NoSuchEvent, WrongUse for
    words that cannot be stored, and NotFound when there is nobody or nothing to try it on.
    """
    checked = wording.check_letter(kind, letter) if letter else None
    with read_transaction():
        plan = plan_outbox(ctx)
        if checked:
            plan.worded[kind] = checked
        who = people.find_person(person) if person else None
        about = calendar_store.fetch_event(event) if event else None
        for each in plan.items.values():
            if each.kind is kind and (not who or each.person_id == who.id) and (not about or each.event_id == about.id):
                found = fill_message_letter(ctx, each, plan.worded)
                return LetterPreview(mailbox_in_words(each.to), found.subject, found.body, "")
        occasions = store.fetch_event_summaries(
            ctx.today(), about.id if about else None
        ) or store.fetch_event_summaries(date(1, 1, 1))
        occasion = occasions.get(about.id) if about else next(iter(occasions.values()), None)
        if occasion is None:
            raise NotFound("A preview needs an event, and there are none yet.", Remedy(RemedyKind.IMPORT_PROGRAMME))
        on_it = store.fetch_recipients(
            [who.id] if who else [each.person_id for each in store.fetch_latest_enrolments([occasion.id], _EVER)]
        )
        to = on_it.get(who.id) if who else next(iter(on_it.values()), None) or store.fetch_sample_recipient()
        if to is None:
            raise NotFound("A preview needs a person, and there are none yet.", Remedy(RemedyKind.IMPORT_PEOPLE))
        stage = Stage.THREE_MONTHS if kind is MessageKind.FOLLOW_UP else Stage.ON_THE_DAY
        values = message_rules.example_letter_values(
            occasion,
            invitations.fetch_appointments_by_event([occasion.id]).get(occasion.id, []),
            to,
            _rules(ctx),
            catalogue.fetch_resources(),
            store.fetch_question_texts().get((occasion.course_id, stage), ["Was it useful?"]),
            ctx.today(),
        )
    if kind is MessageKind.REFRESHER:
        values["until"] = format_date(ctx.today() + timedelta(days=ctx.refresher_days))
    found = wording.fill_letter(plan.worded[kind], values)
    note = f"This is an example: no such message is due to {to.name} at the moment."
    return LetterPreview(mailbox_in_words(MailAddress(to.name, to.address)), found.subject, found.body, note)


_EVER = datetime(1, 1, 1)


def _invitations(ctx: Context) -> list[tuple[str, str, int, DueInvitation]]:
    """Return (key, reference, event id, invitation) of every invitation that is due."""
    ids = dict(store.fetch_events_to_invite())
    all_due = mail_invitations.list_due_by_event(ctx, list(ids))
    found = [(reference, ids[reference], due) for reference, its in all_due.items() for due in its]
    sent = store.fetch_last_dispatches({due.invitation_id for _, _, due in found if due.invitation_id})
    return [(invitation_message_key(due, sent), reference, event_id, due) for reference, event_id, due in found]


def invitation_message_key(due: DueInvitation, sent: dict[int, int]) -> str:
    """Return a key that stays equal while the same invitation is due to the same person after the same one sent."""
    line = invitation_rules.ledger_line(due)
    content = sha256(f"{line.place_and_time}\n{line.content}".encode()).hexdigest()[:16]
    after = sent.get(due.invitation_id or 0, 0)
    return f"{MessageKind.INVITATION}/{line.uid}/{line.sequence}/{line.method}/{after}/{content}"


def fill_message_letter(ctx: Context, item: OutboxItem, worded: dict[MessageKind, Letter]) -> Letter:
    """Return the subject and text of a message."""
    match item.source:
        case DueInvitation():
            return mail_invitations.fill_invitation_letter(ctx, item.source, worded[MessageKind.INVITATION])
        case Message():
            return Letter(item.source.subject, item.source.body)
        case DueMessage():
            return _letter(item.source, worded)


def _letter(wanted: DueMessage, worded: dict[MessageKind, Letter]) -> Letter:
    values = wanted.values
    if wanted.copy_of:
        original = _letter(wanted.copy_of, worded)
        values = {**values, "subject": original.subject, "message": original.body}
    return wording.fill_letter(worded[wanted.kind], values)


def make_message_mail(
    ctx: Context, item: OutboxItem, worded: dict[MessageKind, Letter], *, calendar: bytes = b""
) -> bytes:
    """Return a message as a mail; an invitation takes `calendar` as its calendar file if that was made already.

    Raises RuleBroken for a name or title that no mail can carry.
    """
    if isinstance(item.source, DueInvitation):
        return mail_invitations.make_invitation_mail(
            ctx, item.source, worded[MessageKind.INVITATION], key=item.key, calendar=calendar
        )  # fmt: skip
    from exports import mail

    letter = fill_message_letter(ctx, item, worded)
    return mail.render_text_mail(
        sender=service_mailbox(ctx),
        to=item.to,
        subject=letter.subject,
        body=letter.body,
        stamped=ctx.stamp(),
        key=item.key,
    )


def service_mailbox(ctx: Context) -> MailAddress:
    """Return the mailbox that the service sends from."""
    return MailAddress(ctx.policy["organiser_name"], ctx.policy["organiser_email"])


def choose_messages(plan: OutboxPlan, choice: MessageChoice) -> list[OutboxItem]:
    """Return the chosen messages that can be made.

    Raises NoSuchMessage, and MessageAlreadyMade for one that cannot be.
    """
    for code in sorted(choice.ids):
        item = plan.items.get(code)
        if item is None:
            known = get_stored_state(code)
            if known is None:
                raise NoSuchMessage(code)
            raise MessageAlreadyMade(code, known)
        if item.state is not MessageState.WAITING:
            raise MessageAlreadyMade(code, item.state, item.fault)
    return plan.list_sendable(choice)


class MessageAlreadyMade(RuleBroken):
    """Raised for a named message that was made already or cannot be made."""

    def __init__(self, code: str, state: MessageState, fault: str = "") -> None:
        why = f" ({fault.rstrip('.')})" if fault else ""
        super().__init__(
            f"Message {code} is {status_label(state)}{why}. Nothing was done.",
            Remedy(RemedyKind.SEND_AGAIN, message=code),
        )


def get_stored_state(code: str) -> MessageState | None:
    """Return the state of a message in the ledger, or None when it is not there."""
    with read_transaction():
        known = store.fetch_message(code)
    return known.state if known else None


def make_outbox_line(ctx: Context, item: OutboxItem, worded: dict[MessageKind, Letter]) -> OutboxLine:
    """Return a message as it is listed."""
    subject, when = fill_message_letter(ctx, item, worded).subject, ""
    if isinstance(item.source, DueInvitation):
        when = invitation_rules.entry_date_and_time(item.source.entry)
    elif isinstance(item.source, DueMessage):
        when = item.source.values.get("when", "")
    return OutboxLine(
        item.code, mailbox_in_words(item.to), subject, item.event, item.kind.value, item.state.value, item.fault, when
    )  # fmt: skip


def make_made_line(each: Message) -> OutboxLine:
    """Return a message of the ledger as it is listed."""
    to = mailbox_in_words(MailAddress(each.name, each.address))
    return OutboxLine(each.code, to, each.subject, each.event, each.kind.value, each.state.value, each.fault)


def _card_of(ctx: Context, each: Message) -> OutboxCard:
    at = ctx.local(each.at)
    return OutboxCard(
        each.code,
        each.kind.value,
        each.event,
        mailbox_in_words(service_mailbox(ctx)),
        mailbox_in_words(MailAddress(each.name, each.address)),
        each.subject,
        each.state.value,
        each.tries,
        each.fault,
        f"{format_date(at)} {at:%H:%M}",
        each.actor,
        each.body,
    )


def mailbox_in_words(mailbox: MailAddress) -> str:
    """Return a name and address as `Ann Smith <ann@example.org>`."""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
