"""What an answer that comes back means for the invitation it answers (RFC 5546, sections 2.1.4 and 3.2.3)."""

from enum import StrEnum

from db.records import AwaitedReply, Method, PartStat, Reply


class Verdict(StrEnum):
    """What becomes of one answer; only the first changes what is shown."""

    RECORDED = "recorded"
    KNOWN = "already known"
    OLDER = "older than what is known"
    UNKNOWN = "unknown invitation"
    NOT_INVITED = "address was not invited"
    STALE = "answers an earlier version"
    AHEAD = "answers a version that was never sent"
    CANCELLED = "the invitation was cancelled"
    COUNTER = "proposes another time"
    REFRESH = "asks for the invitation again"
    NOT_AN_ANSWER = "not an answer"
    UNREADABLE = "cannot be read"


ANSWERS = {each.value: each for each in (PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE)}
TOLD = {**{each.lower(): kind for each, kind in ANSWERS.items()}, "none": PartStat.NEEDS_ACTION}
"""What a coordinator was told, by telephone or across the desk; `none` takes a wrong answer back."""
_OTHER_METHODS = {"COUNTER": Verdict.COUNTER, "REFRESH": Verdict.REFRESH}


def judge(reply: Reply, awaited: AwaitedReply | None) -> Verdict:
    """What the answer does to the invitation with its UID, None where there is none.

    The answerer's own stamp orders answers, not their arrival. Where two bear the same one, the first stays.
    """
    if awaited is None:
        return Verdict.UNKNOWN
    if not any(same_address(reply.address, each) for each in awaited.addresses):
        return Verdict.NOT_INVITED
    if reply.method != "REPLY":
        return _OTHER_METHODS.get(reply.method, Verdict.NOT_AN_ANSWER)
    if reply.sequence > awaited.sequence:
        return Verdict.AHEAD
    if awaited.method is Method.CANCEL:
        return Verdict.CANCELLED
    if reply.sequence < awaited.sequence:
        return Verdict.STALE
    if reply.answer not in ANSWERS:
        return Verdict.NOT_AN_ANSWER
    if ANSWERS[reply.answer] is awaited.partstat:
        return Verdict.KNOWN
    return Verdict.RECORDED if is_newer(reply, awaited) else Verdict.OLDER


def is_newer(reply: Reply, awaited: AwaitedReply) -> bool:
    """Whether the answer, known or not, is the newest there is: an older one that comes later must not undo it."""
    return awaited.replied is None or reply.stamped > awaited.replied


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same, whatever their case."""
    return one.strip().casefold() == other.strip().casefold()
