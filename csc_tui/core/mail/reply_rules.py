"""What an answer that comes back means for the invitation it answers (RFC 5546, sections 2.1.4 and 3.2.3)."""

from enum import StrEnum

from db.records.mail import AwaitedReply, InvitationMethod, PartStat, Reply


class ReplyVerdict(StrEnum):
    """What becomes of one answer; only the first changes what is shown, and some wait for a coordinator."""

    RECORDED = "recorded"
    KNOWN = "already known"
    OLDER = "older than what is known"
    UNKNOWN = "unknown invitation"
    NOT_INVITED = "address was not invited"
    STALE = "answers an earlier version"
    AHEAD = "answers a version that was never sent"
    CANCELLED = "the invitation was cancelled"
    ANOTHER_SENDER = "sent from another address"
    COUNTER = "proposes another time"
    DELEGATED = "passed on to somebody else"
    REFRESH = "asks for the invitation again"
    NOT_AN_ANSWER = "not an answer"
    UNREADABLE = "cannot be read"


KNOWN_REPLIES = {each.value: each for each in (PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE)}
SPOKEN_REPLIES = {**{each.lower(): kind for each, kind in KNOWN_REPLIES.items()}, "none": PartStat.NEEDS_ACTION}
"""What a coordinator was told, by telephone or across the desk; `none` takes a wrong answer back."""
VERDICTS_TO_DECIDE = (ReplyVerdict.ANOTHER_SENDER, ReplyVerdict.COUNTER, ReplyVerdict.DELEGATED)
"""What is neither kept nor let go: a coordinator decides."""


def judge_reply(reply: Reply, awaited: AwaitedReply | None) -> ReplyVerdict:
    """What the answer does to the invitation with its UID, None where there is none.

    The answerer's own stamp orders answers, not their arrival. Where two bear the same one, the first stays. Whoever
    knows a UID can answer, so a mail has to come from an address of the person who was invited; what a coordinator
    hands over as a file does not.
    """
    if awaited is None:
        return ReplyVerdict.UNKNOWN
    if not any(is_same_address(reply.address, each) for each in awaited.addresses):
        return ReplyVerdict.NOT_INVITED
    if reply.method not in ("REPLY", "COUNTER"):
        return ReplyVerdict.REFRESH if reply.method == "REFRESH" else ReplyVerdict.NOT_AN_ANSWER
    if reply.sequence > awaited.sequence:
        return ReplyVerdict.AHEAD
    if awaited.method is InvitationMethod.CANCEL:
        return ReplyVerdict.CANCELLED
    if reply.sequence < awaited.sequence:
        return ReplyVerdict.STALE
    to_decide = _to_decide(reply, awaited)
    if to_decide is None and reply.answer not in KNOWN_REPLIES:
        return ReplyVerdict.NOT_AN_ANSWER
    if to_decide is None and KNOWN_REPLIES[reply.answer] is awaited.partstat:
        return ReplyVerdict.KNOWN
    return (to_decide or ReplyVerdict.RECORDED) if is_newest_reply(reply, awaited) else ReplyVerdict.OLDER


def _to_decide(reply: Reply, awaited: AwaitedReply) -> ReplyVerdict | None:
    if reply.sender is not None and not any(is_same_address(reply.sender, each) for each in awaited.addresses):
        return ReplyVerdict.ANOTHER_SENDER
    if reply.method == "COUNTER":
        return ReplyVerdict.COUNTER
    return ReplyVerdict.DELEGATED if reply.answer == "DELEGATED" else None


def is_newest_reply(reply: Reply, awaited: AwaitedReply) -> bool:
    """Whether the answer, known or not, is the newest there is: an older one that comes later must not undo it."""
    return awaited.replied is None or reply.stamped > awaited.replied


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same, whatever their case."""
    return one.strip().casefold() == other.strip().casefold()
