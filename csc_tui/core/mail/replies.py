"""Answers to invitations: read where they come in, held against what was sent, kept, shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.transaction import action, change_transaction
from csc_tui.core.mail import reply_rules
from csc_tui.core.mail.reply_rules import ReplyVerdict
from db import calendar, history, invitations, people, today
from db.engine.connection import read_transaction
from db.errors import RuleBroken, WrongUse
from db.records.calendar import Event, Session
from db.records.mail import AwaitedReply, DeclinedPlace, ImapFolder, InvitationMethod, PartStat, Reply, UnreadableReply
from db.records.people import Person
from db.records.startup import Role

DAYS_BACK = 60
"""How far back a folder on a mail server is looked through."""
ReplySource = tuple[str, bytes, bool]
"""Where it was found, what it holds, and whether it is one message of many."""
ExtractedReply = tuple[Reply | UnreadableReply, bool]
"""What was read of it, and whether it is one message of many."""
AT_ONCE = 500
"""Answers in one transaction, so that others need not wait for a mailbox of years."""


@dataclass(frozen=True, slots=True)
class ReplyResult:
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
class RepliesReport:
    """What came of everything that was read; `others` counts messages that are no answers."""

    answered: list[ReplyResult]
    others: int


def import_replies(ctx: Context, found_in: Iterable[ReplySource], *, dry_run: bool = False) -> RepliesReport:
    """Read answers, as list_reply_sources() gives them, and keep those that are new."""
    return record_replies(ctx, extract_replies(found_in), dry_run=dry_run)


def extract_replies(found_in: Iterable[ReplySource]) -> Iterator[ExtractedReply]:
    """The answers in what list_reply_sources() gives, one after the other; a mailbox of any size takes no more memory
    for it."""
    from exports import replies as exports_replies  # icalendar: only who reads pays for it

    for source, data, one_of_many in found_in:
        for each in exports_replies.parse_replies(source, data):
            yield each, one_of_many


def record_replies(ctx: Context, messages: Iterable[ExtractedReply], *, dry_run: bool = False) -> RepliesReport:
    """Keep the answers that are new.

    What is no answer gets a line with the reason, unless it is one message of many. An answer changes what the person
    answered and nothing else: a declined session is a suggestion to the coordinator. The same answer twice changes
    nothing.
    """
    ctx.require(Role.BOOKER)
    found = RepliesReport([], 0)
    others = 0
    rest = iter(messages)
    while batch := list(islice(rest, AT_ONCE)):
        replies = [each for each, _ in batch if isinstance(each, Reply)]
        with change_transaction(ctx, undoable=False, dry_run=dry_run):
            awaited = invitations.fetch_awaited_replies(each.uid for each in replies)
            for each, one_of_many in batch:
                if isinstance(each, Reply):
                    found.answered.append(_record(ctx, each, awaited))
                elif one_of_many:
                    others += 1
                else:
                    said = f"{ReplyVerdict.UNREADABLE}: {each.why}"
                    found.answered.append(ReplyResult("", "", None, "", said, "", "", each.source))
    return replace(found, others=others)


def list_reply_sources(
    ctx: Context, files: Sequence[str], *, store: ImapFolder | None = None, days: int = DAYS_BACK
) -> Iterator[ReplySource]:
    """What stands in files and folders, `-` being stdin, and then in a folder on a mail server.

    Raises WrongUse before anything is read if one of the files cannot be; Unanswered.
    """
    from exports import imap, mail_files

    many = {path: mail_files.is_mail_collection(path) for path in files}
    for path in files:
        for source, data in mail_files.read_mail_files(path):
            yield source, data, many[path]
    if store is not None:
        for each in imap.read_imap_mail(store, ctx.today() - timedelta(days=days)):
            yield (*each, True) if each else ("", b"", True)


@dataclass(frozen=True, slots=True)
class SpokenReply:
    """One answer that was told to a coordinator, and what was known before it."""

    person: str
    name: str
    event: str
    session: int
    before: str
    after: str


def list_invited_sessions(ctx: Context, reference: str, person: str) -> list[Session]:
    """The sessions that are not over and that the person stands invited to.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson.
    """
    with read_transaction():
        event = calendar.fetch_event(reference)
        invited = {line.session for line in _open_invitations(ctx, event, people.find_person(person))}
        return [each for each in calendar.fetch_sessions(event.id) if each.number in invited]


@action(role=Role.BOOKER, undoable=False)
def record_spoken_reply(
    ctx: Context, reference: str, person: str, answer: str, *, session: int | None = None
) -> list[SpokenReply]:
    """Keep what somebody said they answer: to one session, or to all that are to come.

    It counts from now: a calendar's answer given before, that arrives later, does not undo it; a later one does. Like
    every answer it changes nobody's place. Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson, WrongUse;
    RuleBroken where no invitation is open to an answer.
    """
    if answer not in reply_rules.SPOKEN_REPLIES:
        raise WrongUse(f"'{answer}' is no answer: {', '.join(reply_rules.SPOKEN_REPLIES)} are. Nothing was changed.")
    partstat = reply_rules.SPOKEN_REPLIES[answer]
    event, whom = calendar.lock_event(reference), people.find_person(person)
    lines = _open_invitations(ctx, event, whom)
    if session is not None:
        number = calendar.fetch_session(event, session).number
        lines = [line for line in lines if line.session == number]
    if not lines:
        to = f"session {session} of {event.reference}" if session is not None else event.reference
        raise RuleBroken(
            f"{whom.name} has no invitation to {to} that could be answered: none was sent, it was cancelled, or "
            "the session is over. Nothing was changed."
        )
    return [_record_spoken(ctx, line, partstat) for line in lines]


def _open_invitations(ctx: Context, event: Event, whom: Person) -> list[AwaitedReply]:
    ahead = {each.number for each in calendar.fetch_sessions(event.id) if each.ends and each.ends > ctx.now()}
    lines = invitations.fetch_person_replies(event.id, whom.id)
    return [line for line in lines if line.session in ahead and line.method is InvitationMethod.REQUEST]


def _record_spoken(ctx: Context, line: AwaitedReply, answer: PartStat) -> SpokenReply:
    # Never older than the answer it replaces, though clocks go backwards.
    when = max(ctx.stamp(), line.replied + timedelta(seconds=1)) if line.replied else ctx.stamp()
    invitations.update_reply(line.invitation_id, answer, when)
    before, after = reply_in_words(line.partstat), reply_in_words(answer)
    if before != after:
        write_history(
            ctx, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=before, after=after, reason="told by hand",
        )  # fmt: skip
    return SpokenReply(f"#{line.person_id}", line.name, line.event, line.session, before, after)


def list_declined_invitations(ctx: Context) -> list[DeclinedPlace]:
    """Who declined a session to come and still holds a place: suggested cancellations, in order of time.

    `since` is by the council's clock.
    """
    with read_transaction():
        found = today.fetch_declined_places(ctx.now())
    return [replace(each, since=ctx.local(each.since)) for each in found]


def _record(ctx: Context, reply: Reply, awaited: dict[str, AwaitedReply]) -> ReplyResult:
    line = awaited.get(reply.uid)
    verdict = reply_rules.judge_reply(reply, line)
    if line is None:
        return ReplyResult("", "", None, reply.answer, verdict, "", reply.address, reply.source)
    if verdict in reply_rules.VERDICTS_TO_DECIDE:
        _hold_for_decision(ctx, reply, line, verdict)
    if verdict in (ReplyVerdict.RECORDED, ReplyVerdict.KNOWN) and reply_rules.is_newest_reply(reply, line):
        answer = reply_rules.KNOWN_REPLIES[reply.answer]
        invitations.update_reply(line.invitation_id, answer, reply.stamped)
        awaited[reply.uid] = replace(line, partstat=answer, replied=reply.stamped)
    if verdict is ReplyVerdict.RECORDED:
        write_history(
            ctx, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=reply_in_words(line.partstat),
            after=reply_in_words(reply_rules.KNOWN_REPLIES[reply.answer]),
        )  # fmt: skip
    answered_by = reply.sender if reply.sender and verdict is ReplyVerdict.ANOTHER_SENDER else reply.address
    return ReplyResult(
        f"#{line.person_id}", line.event, line.session, reply.answer, verdict, line.name, answered_by, reply.source
    )


def _hold_for_decision(ctx: Context, reply: Reply, line: AwaitedReply, verdict: ReplyVerdict) -> None:
    """Note once that a coordinator has to decide; today lists it until an answer is noted or an invitation goes out."""
    words = reply_rules.KNOWN_REPLIES.get(reply.answer)
    said = f"{reply_in_words(words)}, {verdict}" if words and verdict is ReplyVerdict.ANOTHER_SENDER else str(verdict)
    session, given = f"session {line.session}", reply.stamped.strftime(today.REPLY_STAMP_FORMAT)
    for each in history.fetch_history_lines(event_id=line.event_id, person_id=line.person_id):
        if (each.verb, each.before, each.after, each.reason) == (today.UNDECIDED_REPLY_VERB, session, said, given):
            return
    write_history(
        ctx, today.UNDECIDED_REPLY_VERB, f"{line.name} to {line.event}", event_id=line.event_id,
        person_id=line.person_id, before=session, after=said, reason=given,
    )  # fmt: skip


def reply_in_words(answer: PartStat) -> str:
    """`needs action`, `declined`."""
    return answer.value.replace("-", " ").lower()
