"""Answers to invitations: read where they come in, held against what was sent, kept, shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from csc_tui.base.context import Context
from csc_tui.base.transaction import deciding
from csc_tui.core.mail import reply_rules
from csc_tui.core.mail.reply_rules import Verdict
from db import calendar, history, invitations, people, today
from db.engine.connection import reading
from db.errors import RuleBroken, WrongUse
from db.records.calendar import Event, Session
from db.records.first_picture import Role
from db.records.mail import AwaitedReply, Declined, Mailstore, Method, NoReply, PartStat, Reply
from db.records.people import Person

DAYS = 60
"""How far back a folder on a mail server is looked through."""
Source = tuple[str, bytes, bool]
"""Where it was found, what it holds, and whether it is one message of many."""
Message = tuple[Reply | NoReply, bool]
"""What was read of it, and whether it is one message of many."""
AT_ONCE = 500
"""Answers in one transaction, so that others need not wait for a mailbox of years."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer and what became of it. `person` is `#id`; with `name`, `event` and `session` it is empty, or None,
    where the answer belongs to no invitation of ours. `answered_by` is the address it says it is from, `source` where
    it was found."""

    person: str
    event: str
    session: int | None
    partstat: str
    outcome: str
    name: str
    answered_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of everything that was read; `others` counts messages that are no answers."""

    answered: list[Answered]
    others: int


def take(ctx: Context, found_in: Iterable[Source], *, dry_run: bool = False) -> Answers:
    """Read answers, as sources() gives them, and keep those that are new."""
    return keep(ctx, read(found_in), dry_run=dry_run)


def read(found_in: Iterable[Source]) -> Iterator[Message]:
    """The answers in what sources() gives, one after the other; a mailbox of any size takes no more memory for it."""
    from exports import replies as exports_replies  # icalendar: only who reads pays for it

    for source, data, one_of_many in found_in:
        for each in exports_replies.read(source, data):
            yield each, one_of_many


def keep(ctx: Context, messages: Iterable[Message], *, dry_run: bool = False) -> Answers:
    """Keep the answers that are new.

    What is no answer gets a line with the reason, unless it is one message of many. An answer changes what the person
    answered and nothing else: a declined session is a suggestion to the coordinator. The same answer twice changes
    nothing.
    """
    ctx.require(Role.BOOKER)
    found = Answers([], 0)
    others = 0
    rest = iter(messages)
    while batch := list(islice(rest, AT_ONCE)):
        replies = [each for each, _ in batch if isinstance(each, Reply)]
        with deciding(ctx, dry_run, undoable=False):
            awaited = invitations.awaited(each.uid for each in replies)
            for each, one_of_many in batch:
                if isinstance(each, Reply):
                    found.answered.append(_keep(ctx, each, awaited))
                elif one_of_many:
                    others += 1
                else:
                    said = f"{Verdict.UNREADABLE}: {each.why}"
                    found.answered.append(Answered("", "", None, "", said, "", "", each.source))
    return replace(found, others=others)


def sources(
    ctx: Context, files: Sequence[str], *, store: Mailstore | None = None, days: int = DAYS
) -> Iterator[Source]:
    """What stands in files and folders, `-` being stdin, and then in a folder on a mail server.

    Raises WrongUse before anything is read if one of the files cannot be; Unanswered.
    """
    from exports import imap, letters

    many = {path: letters.is_many(path) for path in files}
    for path in files:
        for source, data in letters.letters(path):
            yield source, data, many[path]
    if store is not None:
        for each in imap.letters(store, ctx.today() - timedelta(days=days)):
            yield (*each, True) if each else ("", b"", True)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that was told to a coordinator, and what was known before it."""

    person: str
    name: str
    event: str
    session: int
    before: str
    after: str


def open_to_answers(ctx: Context, reference: str, person: str) -> list[Session]:
    """The sessions that are not over and that the person stands invited to.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson.
    """
    with reading():
        event = calendar.get(reference)
        invited = {line.session for line in _open(ctx, event, people.find(person))}
        return [each for each in calendar.sessions(event.id) if each.number in invited]


def told(
    ctx: Context, reference: str, person: str, answer: str, *, session: int | None = None, dry_run: bool = False
) -> list[Told]:
    """Keep what somebody said they answer: to one session, or to all that are to come.

    It counts from now: a calendar's answer given before, that arrives later, does not undo it; a later one does. Like
    every answer it changes nobody's place. Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson, WrongUse;
    RuleBroken where no invitation is open to an answer.
    """
    ctx.require(Role.BOOKER)
    if answer not in reply_rules.TOLD:
        raise WrongUse(f"'{answer}' is no answer: {', '.join(reply_rules.TOLD)} are. Nothing was changed.")
    partstat = reply_rules.TOLD[answer]
    with deciding(ctx, dry_run, undoable=False):
        event, whom = calendar.lock(reference), people.find(person)
        lines = _open(ctx, event, whom)
        if session is not None:
            number = calendar.session(event, session).number
            lines = [line for line in lines if line.session == number]
        if not lines:
            to = f"session {session} of {event.reference}" if session is not None else event.reference
            raise RuleBroken(
                f"{whom.name} has no invitation to {to} that could be answered: none was sent, it was cancelled, or "
                "the session is over. Nothing was changed."
            )
        return [_note(ctx, line, partstat) for line in lines]


def _open(ctx: Context, event: Event, whom: Person) -> list[AwaitedReply]:
    ahead = {each.number for each in calendar.sessions(event.id) if each.ends and each.ends > ctx.now()}
    lines = invitations.awaited_of(event.id, whom.id)
    return [line for line in lines if line.session in ahead and line.method is Method.REQUEST]


def _note(ctx: Context, line: AwaitedReply, answer: PartStat) -> Told:
    # Never older than the answer it replaces, though clocks go backwards.
    when = max(ctx.stamp(), line.replied + timedelta(seconds=1)) if line.replied else ctx.stamp()
    invitations.answer(line.invitation_id, answer, when)
    before, after = in_words(line.partstat), in_words(answer)
    if before != after:
        history.add(
            ctx.stamp(), ctx.actor, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=before, after=after, reason="told by hand",
        )  # fmt: skip
    return Told(f"#{line.person_id}", line.name, line.event, line.session, before, after)


def declined(ctx: Context) -> list[Declined]:
    """Who declined a session to come and still holds a place: suggested cancellations, in order of time.

    `since` is by the council's clock.
    """
    with reading():
        found = today.declines(ctx.now())
    return [replace(each, since=ctx.local(each.since)) for each in found]


def _keep(ctx: Context, reply: Reply, awaited: dict[str, AwaitedReply]) -> Answered:
    line = awaited.get(reply.uid)
    verdict = reply_rules.judge(reply, line)
    if line is None:
        return Answered("", "", None, reply.answer, verdict, "", reply.address, reply.source)
    if verdict in reply_rules.TO_DECIDE:
        _hold(ctx, reply, line, verdict)
    if verdict in (Verdict.RECORDED, Verdict.KNOWN) and reply_rules.is_newer(reply, line):
        answer = reply_rules.ANSWERS[reply.answer]
        invitations.answer(line.invitation_id, answer, reply.stamped)
        awaited[reply.uid] = replace(line, partstat=answer, replied=reply.stamped)
    if verdict is Verdict.RECORDED:
        history.add(
            ctx.stamp(), ctx.actor, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=in_words(line.partstat),
            after=in_words(reply_rules.ANSWERS[reply.answer]),
        )  # fmt: skip
    answered_by = reply.sender if reply.sender and verdict is Verdict.ANOTHER_SENDER else reply.address
    return Answered(
        f"#{line.person_id}", line.event, line.session, reply.answer, verdict, line.name, answered_by, reply.source
    )


def _hold(ctx: Context, reply: Reply, line: AwaitedReply, verdict: Verdict) -> None:
    """Note once that a coordinator has to decide; today lists it until an answer is noted or an invitation goes out."""
    words = reply_rules.ANSWERS.get(reply.answer)
    said = f"{in_words(words)}, {verdict}" if words and verdict is Verdict.ANOTHER_SENDER else str(verdict)
    session, given = f"session {line.session}", reply.stamped.strftime(today.GIVEN)
    for each in history.lines(event_id=line.event_id, person_id=line.person_id):
        if (each.verb, each.before, each.after, each.reason) == (today.HELD, session, said, given):
            return
    history.add(
        ctx.stamp(), ctx.actor, today.HELD, f"{line.name} to {line.event}", event_id=line.event_id,
        person_id=line.person_id, before=session, after=said, reason=given,
    )  # fmt: skip


def in_words(answer: PartStat) -> str:
    """`needs action`, `declined`."""
    return answer.value.replace("-", " ").lower()
