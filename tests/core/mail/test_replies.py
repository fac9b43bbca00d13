"""Answers to what was really written, back into the ledger; the numbers are those of exports/INVITATIONS.md."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import invitations, replies
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from csc_tui.core.today import decisions
from db import calendar, models
from db.engine.connection import read_transaction
from db.errors import RuleBroken, WrongUse
from db.records.people import InvitationLine
from db.records.startup import Role
from tests import builders
from tests.builders import at, booked, event


@pytest.fixture
def invited(ctx: Context, tmp_path: Path) -> dict[tuple[str, int], Path]:
    """Ann and Bo are invited to the two sessions of BR-90; (name, session) -> file."""
    booked(event(dates=("2017-06-12", "2017-07-18")), "Ann Smith", "Bo Young")
    return write(ctx, tmp_path / "out")


def write(ctx: Context, folder: Path) -> dict[tuple[str, int], Path]:
    done = invitations.write_invitations(ctx, "BR-90", str(folder))
    names = {f"#{row.id}": f"{row.forename} {row.surname}" for row in people()}
    return {(names[each.person], each.session): Path(each.file) for each in done.written}


def people() -> list[models.PersonRow]:
    with read_transaction():
        return list(models.PersonRow.select())


def answer(file: Path, partstat: str, stamp: str = "20170411T080000Z", *, method: str = "REPLY", **swap: str) -> bytes:
    """What a calendar program sends back for the file."""
    (entry,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    address = swap.get("address", str(entry["ATTENDEE"]))
    lines = (
        "BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{swap.get('uid', entry['UID'])}",
        f"SEQUENCE:{swap.get('sequence', entry['SEQUENCE'])}", f"DTSTAMP:{stamp}",
        f"ATTENDEE;PARTSTAT={partstat}:{address}", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\n".join(lines).encode()


def take(ctx: Context, *answers: bytes, **others: bool) -> list[str]:
    found = replies.import_replies(
        ctx, [(f"{number}.ics", data, False) for number, data in enumerate(answers)], **others
    )
    return [each.outcome for each in found.answered]


def partstats(ctx: Context, who: str = "Ann Smith") -> list[str]:
    return [line.partstat for line in lines(ctx, who)]


def lines(ctx: Context, who: str) -> list[InvitationLine]:
    return people_queries.get_person_card(ctx, who).invitations


def sequences() -> list[int]:
    with read_transaction():
        return [row.sequence for row in models.InvitationRow.select().order_by(models.InvitationRow.id)]


def test_12_an_answer_is_kept_and_raises_no_sequence(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    before = sequences()
    assert take(ctx, answer(invited["Ann Smith", 1], "ACCEPTED")) == ["recorded"]
    assert partstats(ctx) == ["ACCEPTED", "NEEDS-ACTION"]
    assert sequences() == before
    assert invitations.due_invitation_count(ctx, "BR-90") == 0


def test_12_the_line_says_who_answered_what(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    data = answer(invited["Bo Young", 2], "TENTATIVE")
    (line,) = replies.import_replies(ctx, [("a.eml", data, False)]).answered
    bo = people_queries.get_person_card(ctx, "Bo Young").person
    assert (line.person, line.event, line.session, line.partstat) == (bo.key, "BR-90", 2, "TENTATIVE")
    assert (line.answered_by, line.source) == (bo.email, "a.eml")


def test_12_it_stands_in_the_history_of_the_one_who_read_it_and_of_nobody_else(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    take(ctx, answer(invited["Ann Smith", 1], "DECLINED"))
    newest = people_queries.get_person_card(ctx, "Ann Smith").history[0]
    assert (newest.actor, newest.verb, newest.subject) == ("alice", "reply recorded", "Ann Smith to BR-90 session 1")
    assert (newest.before, newest.after) == ("needs action", "declined")


def test_12_the_same_file_twice_changes_nothing(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    data = answer(invited["Ann Smith", 1], "ACCEPTED")
    assert take(ctx, data, data) == ["recorded", "already known"]
    many = len(people_queries.get_person_card(ctx, "Ann Smith").history)
    assert take(at(ctx, "2017-05-01"), data) == ["already known"]
    assert len(people_queries.get_person_card(ctx, "Ann Smith").history) == many


@pytest.mark.parametrize("together", [True, False])
def test_12_the_answerers_stamp_counts_and_not_the_order_of_arrival(
    ctx: Context, invited: dict[tuple[str, int], Path], together: bool
) -> None:
    yes = answer(invited["Ann Smith", 1], "ACCEPTED", "20170411T080000Z")
    no = answer(invited["Ann Smith", 1], "DECLINED", "20170412T080000Z")
    outcomes = take(ctx, no, yes) if together else take(ctx, no) + take(ctx, yes)
    assert outcomes == ["recorded", "older than the last reply"]
    assert partstats(ctx)[0] == "DECLINED"


def test_12_an_answer_repeated_later_is_the_newest_there_is(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    file = invited["Ann Smith", 1]
    repeated = [answer(file, "ACCEPTED", f"201704{day}T080000Z") for day in (11, 13)]
    assert take(ctx, *repeated) == ["recorded", "already known"]
    assert take(ctx, answer(file, "DECLINED", "20170412T080000Z")) == ["older than the last reply"]


def test_12_an_answer_to_an_earlier_version_is_none_to_the_present_one(
    ctx: Context, invited: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    stale = answer(invited["Ann Smith", 2], "ACCEPTED")
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    later = write(ctx, tmp_path / "later")
    assert take(ctx, stale) == ["replies to an earlier version"]
    assert take(ctx, answer(later["Ann Smith", 2], "ACCEPTED")) == ["recorded"]
    assert partstats(ctx) == ["NEEDS-ACTION", "ACCEPTED"]


def test_12_what_is_moved_is_to_be_answered_again(
    ctx: Context, invited: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    take(ctx, answer(invited["Ann Smith", 2], "ACCEPTED"))
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    write(ctx, tmp_path / "later")
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]


def test_12_who_was_not_invited_and_what_was_never_sent_is_reported_and_changes_nothing(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    file = invited["Ann Smith", 1]
    assert take(
        ctx,
        answer(file, "DECLINED", address="mailto:eve@example.org"),
        answer(file, "DECLINED", uid="another"),
        answer(file, "DECLINED", sequence="9"),
        answer(file, "DECLINED", method="COUNTER"),
        b"hello",
    ) == [
        "this address was not invited", "unknown invitation", "replies to a version that was never sent",
        "proposes another time", "cannot be read: has no calendar",
    ]  # fmt: skip
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]


def test_12_an_answer_to_what_was_cancelled_changes_nothing(
    ctx: Context, invited: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    booking_actions.cancel_place(ctx, "BR-90", "Ann Smith", reason="Illness")
    write(ctx, tmp_path / "later")
    assert take(ctx, answer(invited["Ann Smith", 1], "ACCEPTED")) == ["the invitation was cancelled"]


def test_12_a_decline_is_suggested_as_a_cancellation_and_cancels_nothing(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    take(ctx, answer(invited["Ann Smith", 2], "DECLINED"))
    (suggested,) = replies.list_declined_invitations(ctx)
    assert (suggested.name, suggested.event, suggested.session, suggested.date) == (
        "Ann Smith", "BR-90", 2, date(2017, 7, 18),
    )  # fmt: skip
    assert suggested.since.isoformat() == "2017-04-11T09:00:00"  # summer time
    assert people_queries.get_event_card(ctx, "BR-90").event.booked == 2
    assert replies.list_declined_invitations(at(ctx, "2017-07-19")) == []
    booking_actions.cancel_place(ctx, "BR-90", "Ann Smith", reason="Declined")
    assert replies.list_declined_invitations(ctx) == []


def test_a_dry_run_says_what_would_be_and_keeps_nothing(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    assert take(ctx, answer(invited["Ann Smith", 1], "ACCEPTED"), dry_run=True) == ["recorded"]
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]


def test_of_a_mailbox_what_is_no_answer_is_only_counted(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    yes = answer(invited["Ann Smith", 1], "ACCEPTED")
    found = replies.import_replies(
        ctx, [("1", b"Subject: lunch?\n\n", True), ("2", yes, True), ("3", b"Subject: x\n\n", True)]
    )
    assert ([each.outcome for each in found.answered], found.others) == (["recorded"], 2)


def test_more_answers_than_one_transaction_takes(
    ctx: Context, invited: dict[tuple[str, int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "AT_ONCE", 2)
    answers = [answer(invited["Ann Smith", 1], "ACCEPTED", f"201704{day}T080000Z") for day in range(11, 16)]
    assert take(ctx, *answers) == ["recorded", *["already known"] * 4]


def test_a_viewer_may_not(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    with pytest.raises(NotAllowed):
        take(replace(ctx, role=Role.VIEWER), b"")


def said(ctx: Context, answer: str, **given: Any) -> list[tuple[int, str, str]]:
    told = replies.record_spoken_reply(ctx, "BR-90", "Ann Smith", answer, **given)
    return [(each.session, each.before, each.after) for each in told]


def test_what_was_said_on_the_telephone_is_kept_for_all_sessions_to_come(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    before = sequences()
    assert said(ctx, "declined") == [(1, "needs action", "declined"), (2, "needs action", "declined")]
    assert partstats(ctx) == ["DECLINED", "DECLINED"]
    assert [(each.name, each.session) for each in replies.list_declined_invitations(ctx)] == [
        ("Ann Smith", 1),
        ("Ann Smith", 2),
    ]
    newest = people_queries.get_person_card(ctx, "Ann Smith").history[0]
    assert (newest.actor, newest.after, newest.reason) == ("alice", "declined", "recorded by hand")
    assert (sequences(), invitations.due_invitation_count(ctx, "BR-90")) == (before, 0)
    assert people_queries.get_person_card(ctx, "Ann Smith").enrolments[0].status == "booked"
    assert partstats(ctx, "Bo Young") == ["NEEDS-ACTION", "NEEDS-ACTION"]


def test_only_sessions_that_are_not_over_can_be_answered(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    later = at(ctx, "2017-06-12T12:31")
    assert [each.number for each in replies.list_invited_sessions(later, "BR-90", "Ann Smith")] == [2]
    assert said(later, "accepted") == [(2, "needs action", "accepted")]
    with pytest.raises(RuleBroken, match="no invitation to session 1 of BR-90 to reply to"):
        said(later, "accepted", session=1)


def test_what_was_said_counts_against_an_older_mail_and_not_against_a_newer_one(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    later = at(ctx, "2017-04-12T09:00")
    said(later, "declined", session=1)
    file = invited["Ann Smith", 1]
    assert take(later, answer(file, "ACCEPTED", "20170411T080000Z")) == ["older than the last reply"]
    assert take(later, answer(file, "ACCEPTED", "20170412T120000Z")) == ["recorded"]
    assert partstats(ctx) == ["ACCEPTED", "NEEDS-ACTION"]
    assert said(later, "declined", session=1) == [(1, "accepted", "declined")]


def test_a_wrong_answer_is_taken_back_and_a_dry_run_keeps_none(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    preview_change(ctx, lambda: said(ctx, "declined"))
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]
    said(ctx, "declined")
    assert said(ctx, "none") == [(1, "declined", "needs action"), (2, "declined", "needs action")]
    assert replies.list_declined_invitations(ctx) == []


def test_who_was_not_invited_or_no_more_has_nothing_to_answer(
    ctx: Context, invited: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    booked(events_of("BR-90"), "Cy Late")
    with pytest.raises(RuleBroken, match="Cy Late has no invitation to BR-90 to reply to"):
        replies.record_spoken_reply(ctx, "BR-90", "Cy Late", "accepted")
    booking_actions.cancel_place(ctx, "BR-90", "Ann Smith", reason="ill")
    write(ctx, tmp_path / "gone")
    with pytest.raises(RuleBroken, match="it was cancelled"):
        said(ctx, "accepted")


def test_what_is_no_answer_and_who_may_not_are_refused(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    with pytest.raises(WrongUse, match=r"'maybe' is not a reply\. The replies are accepted, declined, tentative, none"):
        said(ctx, "maybe")
    with pytest.raises(NotAllowed):
        said(replace(ctx, role=Role.VIEWER), "accepted")
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]


def events_of(reference: str) -> Any:
    with read_transaction():
        return calendar.fetch_event(reference)


def mailed(sender: str, data: bytes) -> bytes:
    """The mail that brings an answer."""
    head = f"From: {sender}\nSubject: Declined\nContent-Type: text/calendar; method=REPLY\n\n"
    return head.encode() + data


def test_a_mail_from_the_person_who_was_invited_is_an_answer(
    ctx: Context, invited: dict[tuple[str, int], Path]
) -> None:
    ann = people_queries.get_person_card(ctx, "Ann Smith").person.email
    assert take(ctx, mailed(f"Ann <{ann.upper()}>", answer(invited["Ann Smith", 1], "DECLINED"))) == ["recorded"]
    assert take(ctx, mailed(ann, answer(invited["Ann Smith", 2], "ACCEPTED"))) == ["recorded"]


@pytest.mark.parametrize("sender", ["Eve <eve@example.org>", "{ann} <eve@example.org>", "", "{ann}, eve@example.org"])
def test_a_mail_from_anybody_else_records_nothing_and_is_to_be_decided(
    ctx: Context, invited: dict[tuple[str, int], Path], sender: str
) -> None:
    sender = sender.format(ann=people_queries.get_person_card(ctx, "Ann Smith").person.email)
    eve = mailed(sender, answer(invited["Ann Smith", 1], "DECLINED"))
    assert take(ctx, eve) == take(ctx, eve) == ["sent from another address"]
    assert partstats(ctx) == ["NEEDS-ACTION", "NEEDS-ACTION"]
    assert to_decide(ctx) == ["Ann Smith, session 1, Mon 12 Jun 2017: declined, sent from another address"]
    assert (
        len([each for each in builders.list_history_lines(ctx, event="BR-90") if each.verb == "reply to decide"]) == 1
    )


def to_decide(ctx: Context) -> list[str]:
    return [each.what for each in decisions.list_decisions(ctx) if each.kind is decisions.DecisionKind.ANSWER]


def test_who_proposes_another_time_or_sends_somebody_else_is_listed_until_that_is_decided(
    ctx: Context, invited: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    counter = answer(invited["Ann Smith", 2], "TENTATIVE", method="COUNTER")
    passed_on = answer(invited["Bo Young", 1], "DELEGATED")
    assert take(ctx, counter, passed_on) == ["proposes another time", "passed on to someone else"]
    assert to_decide(ctx) == [
        "Bo Young, session 1, Mon 12 Jun 2017: passed on to someone else",
        "Ann Smith, session 2, Tue 18 Jul 2017: proposes another time",
    ]
    later = at(ctx, "2017-05-02")
    replies.record_spoken_reply(later, "BR-90", "Bo Young", "accepted", session=1)
    assert to_decide(later) == ["Ann Smith, session 2, Tue 18 Jul 2017: proposes another time"]
    calendar_actions.move_session(later, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    write(at(ctx, "2017-05-03"), tmp_path / "moved")
    assert to_decide(later) == []
    assert take(later, counter) == ["replies to an earlier version"]


def test_a_later_answer_of_the_calendar_itself_settles_it(ctx: Context, invited: dict[tuple[str, int], Path]) -> None:
    ann = invited["Ann Smith", 1]
    yes = answer(ann, "ACCEPTED", "20170411T090000Z")
    assert take(ctx, answer(ann, "TENTATIVE", method="COUNTER"), yes) == ["proposes another time", "recorded"]
    assert to_decide(ctx) == []
    assert take(ctx, answer(ann, "TENTATIVE", method="COUNTER")) == ["older than the last reply"]
