"""Replies to invitations: read where they come in, compared with what was sent, and stored."""

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
"""The days back for which a folder on a mail server is read."""
ReplySource = tuple[str, bytes, bool]
"""(where a message was found, its bytes, whether it is one message of many)."""
ExtractedReply = tuple[Reply | UnreadableReply, bool]
"""(a reply, or the reason why it cannot be read; whether it is one message of many)."""
AT_ONCE = 500
"""The number of replies in one transaction, so that others need not wait while years of mail are read."""


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """A reply and its outcome.

    `person` is `#id`. Without an invitation of ours to which the reply belongs, `person`, `name` and `event` are empty
    and `session` is None. `answered_by` is the address that the reply gives, `source` where it was found.
    """

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
    """The outcome of all messages that were read; `others` counts messages that are no replies."""

    answered: list[ReplyResult]
    others: int


def import_replies(ctx: Context, found_in: Iterable[ReplySource], *, dry_run: bool = False) -> RepliesReport:
    """Read replies from the sources of list_reply_sources() and store those that are new."""
    return record_replies(ctx, extract_replies(found_in), dry_run=dry_run)


def extract_replies(found_in: Iterable[ReplySource]) -> Iterator[ExtractedReply]:
    """Yield the replies in the sources of list_reply_sources(), one at a time, which bounds the use of memory."""
    from exports import replies as exports_replies  # imported here because icalendar is slow and only reading needs it

    for source, data, one_of_many in found_in:
        for each in exports_replies.parse_replies(source, data):
            yield each, one_of_many


def record_replies(ctx: Context, messages: Iterable[ExtractedReply], *, dry_run: bool = False) -> RepliesReport:
    """Store the replies that are new and return the outcome of each.

    A message that is no reply gets a line with the reason, unless it is one message of many. A reply changes what the
    person answered and nothing else: a declined session is a suggestion to the coordinator. An equal reply changes
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
    """Yield the messages in files and folders (`-` is stdin), and then in a folder on a mail server.

    Raises WrongUse before anything is read if a file cannot be read, and ServiceUnreachable.
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
    """A reply that a coordinator was told, and the reply known before."""

    person: str
    name: str
    event: str
    session: int
    before: str
    after: str


def list_invited_sessions(ctx: Context, reference: str, person: str) -> list[Session]:
    """Return the coming sessions to which a person is invited. Raises NoSuchEvent, NoSuchPerson and AmbiguousPerson."""
    with read_transaction():
        event = calendar.fetch_event(reference)
        invited = {line.session for line in _open_invitations(ctx, event, people.find_person(person))}
        return [each for each in calendar.fetch_sessions(event.id) if each.number in invited]


@action(role=Role.BOOKER, undoable=False)
def record_spoken_reply(
    ctx: Context, reference: str, person: str, answer: str, *, session: int | None = None
) -> list[SpokenReply]:
    """Store a reply that a person gave by word of mouth, to one session or to all that are to come.

    It counts from now: an earlier reply of a calendar that arrives later does not undo it, a later one does. Like every
    reply it changes nobody's place. Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson, WrongUse, and
    RuleBroken when no invitation is open to a reply.
    """
    if answer not in reply_rules.SPOKEN_REPLIES:
        raise WrongUse(
            f"'{answer}' is not a reply. The replies are {', '.join(reply_rules.SPOKEN_REPLIES)}. Nothing was changed."
        )
    partstat = reply_rules.SPOKEN_REPLIES[answer]
    event, whom = calendar.lock_event(reference), people.find_person(person)
    lines = _open_invitations(ctx, event, whom)
    if session is not None:
        number = calendar.fetch_session(event, session).number
        lines = [line for line in lines if line.session == number]
    if not lines:
        to = f"session {session} of {event.reference}" if session is not None else event.reference
        raise RuleBroken(
            f"{whom.name} has no invitation to {to} to reply to: none was sent, it was cancelled, or the session is "
            "over. Nothing was changed."
        )
    return [_record_spoken(ctx, line, partstat) for line in lines]


def _open_invitations(ctx: Context, event: Event, whom: Person) -> list[AwaitedReply]:
    ahead = {each.number for each in calendar.fetch_sessions(event.id) if each.ends and each.ends > ctx.now()}
    lines = invitations.fetch_person_replies(event.id, whom.id)
    return [line for line in lines if line.session in ahead and line.method is InvitationMethod.REQUEST]


def _record_spoken(ctx: Context, line: AwaitedReply, answer: PartStat) -> SpokenReply:
    # The stamp is never older than that of the reply it replaces, even if the clock went back.
    when = max(ctx.stamp(), line.replied + timedelta(seconds=1)) if line.replied else ctx.stamp()
    invitations.update_reply(line.invitation_id, answer, when)
    before, after = reply_in_words(line.partstat), reply_in_words(answer)
    if before != after:
        write_history(
            ctx, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=before, after=after, reason="recorded by hand",
        )  # fmt: skip
    return SpokenReply(f"#{line.person_id}", line.name, line.event, line.session, before, after)


def list_declined_invitations(ctx: Context) -> list[DeclinedPlace]:
    """Return the people who declined a coming session and still hold a place, in order of time.

    These are suggested cancellations; `since` is in local time.
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
    """Note once in the history that a coordinator has to decide about a reply.

    Today lists it until a reply is stored or an invitation goes out.
    """
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
    """Return a reply in words: `needs action`, `declined`."""
    return answer.value.replace("-", " ").lower()
