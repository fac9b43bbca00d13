"""Answers to invitations: read where they come in, held against what was sent, kept, shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from csc_tui.context import Context
from csc_tui.domain import replying
from csc_tui.domain.replying import Verdict
from csc_tui.services.deciding import deciding
from db import history, invitations
from db.connection import reading
from db.records import AwaitedReply, Declined, NoReply, PartStat, Reply, Role

AT_ONCE = 500
"""Answers in one transaction, so that others need not wait for a mailbox of years."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer and what became of it. `person` is `#id`; with `event` and `session` it is empty, or None, where the
    answer belongs to no invitation of ours. `answered_by` is the address it says it is from, `source` where it was
    found."""

    person: str
    event: str
    session: int | None
    partstat: str
    outcome: str
    answered_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of everything that was read; `others` counts messages that are no answers."""

    answered: list[Answered]
    others: int


def take(ctx: Context, sources: Iterable[tuple[str, bytes, bool]], *, dry_run: bool = False) -> Answers:
    """Read answers and keep those that are new. `sources` are (where found, bytes, whether it is one of many).

    What is no answer gets a line with the reason, unless it is one message of many. An answer changes what the person
    answered and nothing else: a declined session is a suggestion to the coordinator. The same answer twice changes
    nothing.
    """
    ctx.require(Role.BOOKER)
    found = Answers([], 0)
    others = 0
    rest = _read(sources)
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
                    found.answered.append(
                        Answered("", "", None, "", f"{Verdict.UNREADABLE}: {each.why}", "", each.source)
                    )
    return replace(found, others=others)


def declined(ctx: Context) -> list[Declined]:
    """Who declined a session to come and still holds a place: suggested cancellations, in order of time.

    `since` is by the council's clock.
    """
    with reading():
        found = invitations.declined(ctx.today())
    return [replace(each, since=ctx.local(each.since)) for each in found]


def _read(sources: Iterable[tuple[str, bytes, bool]]) -> Iterator[tuple[Reply | NoReply, bool]]:
    from exports import replies  # icalendar: only who reads pays for it

    for source, data, one_of_many in sources:
        for each in replies.read(source, data):
            yield each, one_of_many


def _keep(ctx: Context, reply: Reply, awaited: dict[str, AwaitedReply]) -> Answered:
    line = awaited.get(reply.uid)
    verdict = replying.judge(reply, line)
    if line is None:
        return Answered("", "", None, reply.answer, verdict, reply.address, reply.source)
    if verdict in (Verdict.RECORDED, Verdict.KNOWN) and replying.is_newer(reply, line):
        answer = replying.ANSWERS[reply.answer]
        invitations.answer(line.invitation_id, answer, reply.stamped)
        awaited[reply.uid] = replace(line, partstat=answer, replied=reply.stamped)
    if verdict is Verdict.RECORDED:
        history.add(
            ctx.stamp(), ctx.actor, "reply recorded", f"{line.name} to {line.event} session {line.session}",
            event_id=line.event_id, person_id=line.person_id, before=in_words(line.partstat),
            after=in_words(replying.ANSWERS[reply.answer]),
        )  # fmt: skip
    return Answered(f"#{line.person_id}", line.event, line.session, reply.answer, verdict, reply.address, reply.source)


def in_words(answer: PartStat) -> str:
    """`needs action`, `declined`."""
    return answer.value.replace("-", " ").lower()
