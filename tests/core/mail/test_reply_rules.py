"""What an answer does to the invitation it answers; the numbers are those of exports/INVITATIONS.md."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from csc_tui.core.mail.reply_rules import ReplyVerdict, judge_reply
from db.records.mail import AwaitedReply, InvitationMethod, PartStat, Reply

STAMP = datetime(2017, 4, 11, 8)
AWAITED = AwaitedReply(
    invitation_id=1, session_id=2, event_id=3, event="BR-90", session=1, person_id=7, name="Ann Smith",
    addresses=("ann@example.org", "ann.smith@example.org"), sequence=2, method=InvitationMethod.REQUEST,
    partstat=PartStat.NEEDS_ACTION, replied=None,
)  # fmt: skip
YES = Reply("a.ics", "REPLY", "u-1", "ann@example.org", "ACCEPTED", 2, STAMP)
NO = replace(YES, answer="DECLINED")
SAID_YES = replace(AWAITED, partstat=PartStat.ACCEPTED, replied=STAMP)


def test_12_a_first_answer_is_recorded() -> None:
    assert judge_reply(YES, AWAITED) == judge_reply(NO, AWAITED) == ReplyVerdict.RECORDED


@pytest.mark.parametrize("address", ["ANN@Example.ORG", " ann@example.org ", "ann.smith@example.org"])
def test_12_the_address_may_be_in_any_case_and_be_that_of_the_invitation_or_todays(address: str) -> None:
    assert judge_reply(replace(YES, address=address), AWAITED) == ReplyVerdict.RECORDED


@pytest.mark.parametrize(
    ("reply", "awaited", "verdict"),
    [
        (YES, None, ReplyVerdict.UNKNOWN),
        (replace(YES, address="eve@example.org"), AWAITED, ReplyVerdict.NOT_INVITED),
        (replace(YES, address=""), AWAITED, ReplyVerdict.NOT_INVITED),
        (replace(YES, sequence=1), AWAITED, ReplyVerdict.STALE),
        (replace(YES, sequence=3), AWAITED, ReplyVerdict.AHEAD),
        (YES, replace(AWAITED, method=InvitationMethod.CANCEL), ReplyVerdict.CANCELLED),
        (replace(YES, sequence=1), replace(AWAITED, method=InvitationMethod.CANCEL), ReplyVerdict.CANCELLED),
        (replace(YES, method="COUNTER"), AWAITED, ReplyVerdict.COUNTER),
        (replace(YES, method="REFRESH"), AWAITED, ReplyVerdict.REFRESH),
        (replace(YES, method="REQUEST"), AWAITED, ReplyVerdict.NOT_AN_ANSWER),
        (replace(YES, method=""), AWAITED, ReplyVerdict.NOT_AN_ANSWER),
        (replace(YES, answer="NEEDS-ACTION"), AWAITED, ReplyVerdict.NOT_AN_ANSWER),
        (replace(YES, answer="DELEGATED"), AWAITED, ReplyVerdict.DELEGATED),
        (replace(YES, method="COUNTER", sequence=1), AWAITED, ReplyVerdict.STALE),
        (replace(YES, method="COUNTER"), replace(AWAITED, method=InvitationMethod.CANCEL), ReplyVerdict.CANCELLED),
        (replace(YES, method="COUNTER"), SAID_YES, ReplyVerdict.OLDER),
        (replace(YES, sender="ANN@example.org"), AWAITED, ReplyVerdict.RECORDED),
        (replace(YES, sender="ann.smith@example.org"), AWAITED, ReplyVerdict.RECORDED),
        (replace(YES, sender="eve@example.org"), AWAITED, ReplyVerdict.ANOTHER_SENDER),
        (replace(YES, sender=""), AWAITED, ReplyVerdict.ANOTHER_SENDER),
        (replace(YES, sender="eve@example.org", method="COUNTER"), AWAITED, ReplyVerdict.ANOTHER_SENDER),
        (replace(NO, sender="eve@example.org"), SAID_YES, ReplyVerdict.OLDER),
        (YES, SAID_YES, ReplyVerdict.KNOWN),
        (replace(YES, stamped=STAMP - timedelta(days=1)), SAID_YES, ReplyVerdict.KNOWN),
        (replace(NO, stamped=STAMP - timedelta(seconds=1)), SAID_YES, ReplyVerdict.OLDER),
        (NO, SAID_YES, ReplyVerdict.OLDER),
        (replace(NO, stamped=STAMP + timedelta(seconds=1)), SAID_YES, ReplyVerdict.RECORDED),
    ],
)  # fmt: skip
def test_12_what_does_not_fit_is_named(reply: Any, awaited: Any, verdict: ReplyVerdict) -> None:
    assert judge_reply(reply, awaited) == verdict
