"""Rules for replies: what one means for the invitation it answers (RFC 5546, sections 2.1.4 and 3.2.3)."""

from enum import StrEnum

from db.records.mail import AwaitedReply, InvitationMethod, PartStat, Reply


class ReplyVerdict(StrEnum):
    """The verdict on a reply; only the first changes what is shown, and some wait for a coordinator."""

    RECORDED = "recorded"
    KNOWN = "already known"
    OLDER = "older than the last reply"
    UNKNOWN = "unknown invitation"
    NOT_INVITED = "this address was not invited"
    STALE = "replies to an earlier version"
    AHEAD = "replies to a version that was never sent"
    CANCELLED = "the invitation was cancelled"
    ANOTHER_SENDER = "sent from another address"
    COUNTER = "proposes another time"
    DELEGATED = "passed on to someone else"
    REFRESH = "asks for the invitation again"
    NOT_AN_ANSWER = "not a reply"
    UNREADABLE = "cannot be read"


KNOWN_REPLIES = {each.value: each for each in (PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE)}
"""The replies that can be stored, by the word for them in iCalendar."""
SPOKEN_REPLIES = {**{each.lower(): kind for each, kind in KNOWN_REPLIES.items()}, "none": PartStat.NEEDS_ACTION}
"""The words for a reply given by word of mouth; `none` takes a wrong one back."""
VERDICTS_TO_DECIDE = (ReplyVerdict.ANOTHER_SENDER, ReplyVerdict.COUNTER, ReplyVerdict.DELEGATED)
"""The verdicts about which a coordinator has to decide."""


def judge_reply(reply: Reply, awaited: AwaitedReply | None) -> ReplyVerdict:
    """Return what happens to a reply, given the invitation with its UID, or None where there is none.

    Replies are ordered by their own stamps and not by their arrival; of two with equal stamps the first stays. Anybody
    who knows a UID can reply, so a mail has to come from an address of the invited person; a file that a coordinator
    hands over does not.
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
    """Return whether a reply is the newest for its invitation; an older one that arrives later must not undo it."""
    return awaited.replied is None or reply.stamped > awaited.replied


def is_same_address(one: str, other: str) -> bool:
    """Return whether two addresses are equal, whatever their case."""
    return one.strip().casefold() == other.strip().casefold()
