"""One learner's calendar from the first invitation to the last: every mail goes over a real line to a small calendar
program, which reads with vobject and answers in text of its own, and what it holds is what the learner sees."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from itertools import permutations
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest
import vobject

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.catalogue import resources
from csc_tui.core.mail import delivery, outbox, replies
from csc_tui.core.mail.mail_server import MailServer
from csc_tui.core.mail.message_files import StopSignal
from csc_tui.core.mail.outbox import MessageChoice
from csc_tui.core.people import queries as people_queries
from csc_tui.core.today import decisions
from csc_tui.core.today.decisions import DecisionKind
from db.records.catalogue import ResourceKind
from db.records.mail import MessageKind
from db.records.startup import EventState
from exports.smtp import Security, SmtpServer
from tests import builders
from tests.core.mail.mailroom import Mailroom, mailroom

INVITATIONS = MessageChoice(kind=MessageKind.INVITATION)
OCTOBER = (datetime(2017, 10, 20, 8, 30, tzinfo=UTC), datetime(2017, 10, 20, 11, 30, tzinfo=UTC))
"""09:30-12:30 in London, before the clocks change."""
NOVEMBER = (datetime(2017, 11, 18, 9, 30, tzinfo=UTC), datetime(2017, 11, 18, 12, 30, tzinfo=UTC))
LATER = (datetime(2017, 11, 20, 9, 30, tzinfo=UTC), datetime(2017, 11, 20, 12, 30, tzinfo=UTC))


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar, its times in UTC; `gone` is what is remembered of one that was cancelled."""

    sequence: int
    stamped: datetime
    organizer: str
    times: tuple[datetime, datetime]
    place: str
    told: str
    gone: bool = False


@dataclass
class Calendar:
    """As RFC 5546, section 2.1.5, has it, and as Thunderbird does: a higher SEQUENCE counts, then a newer DTSTAMP; and
    times change with a higher SEQUENCE only."""

    address: str
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        return sorted(each.times for each in self.entries.values() if not each.gone)

    @property
    def live(self) -> set[str]:
        return {uid for uid, each in self.entries.items() if not each.gone}

    def at(self, times: tuple[datetime, datetime]) -> tuple[str, Entry]:
        (found,) = [(uid, each) for uid, each in self.entries.items() if each.times == times and not each.gone]
        return found

    def receive(self, mail: EmailMessage) -> None:
        (part,) = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        calendar = vobject.readOne(payload.decode())
        (new,) = calendar.vevent_list
        method = str(calendar.method.value)
        assert part.get_param("method") == method
        assert new.attendee.value.casefold() == f"mailto:{self.address}".casefold()
        old = self.entries.get(new.uid.value)
        entry = Entry(
            int(new.sequence.value), new.dtstamp.value, new.organizer.value,
            (new.dtstart.value.astimezone(UTC), new.dtend.value.astimezone(UTC)), new.getChildValue("location", ""),
            new.description.value, gone=method == "CANCEL",
        )  # fmt: skip
        if old is not None:
            if (entry.sequence, entry.stamped) <= (old.sequence, old.stamped) or entry.organizer != old.organizer:
                return
            if entry.sequence == old.sequence:
                entry = replace(entry, times=old.times, place=old.place)
        self.entries[new.uid.value] = entry

    def answer(self, uid: str, partstat: str, stamp: str) -> bytes:
        """The mail that goes back, as a calendar program writes it."""
        return "\r\n".join((
            f"From: {self.address}", "Subject: Re: invitation", "MIME-Version: 1.0",
            "Content-Type: text/calendar; method=REPLY; charset=UTF-8", "",
            "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}",
            f"SEQUENCE:{self.entries[uid].sequence}", f"ATTENDEE;PARTSTAT={partstat}:MAILTO:{self.address.upper()}",
            "END:VEVENT", "END:VCALENDAR", "",
        )).encode()  # fmt: skip


@dataclass
class Post:
    """The mail server and the calendars behind it."""

    room: Mailroom
    server: SmtpServer
    calendars: dict[str, Calendar] = field(default_factory=dict)
    delivered: int = 0

    def send(self, ctx: Context, **given: Any) -> list[str]:
        """The subjects of what was sent now, each delivered to its calendar as soon as all are in."""
        delivery.send_messages(
            ctx, MailServer(self.server, 0), delivery.MessagesToSend(INVITATIONS), pause=lambda _: None, **given
        )
        fresh = list(zip(self.room.arrived, self.room.recipients, strict=True))[self.delivered :]
        self.delivered += len(fresh)
        for mail, address in fresh:
            self.calendars.setdefault(address, Calendar(address)).receive(mail)
        return [str(mail["Subject"]) for mail, _ in fresh]


@pytest.fixture
def post() -> Iterator[Post]:
    with mailroom() as (room, port):
        yield Post(room, SmtpServer("127.0.0.1", port, Security.NONE))


@pytest.fixture
def read_mail(ctx: Context, tmp_path: Path) -> Callable[[bytes], list[str]]:
    """Puts a mail into a Maildir and reads it all: what became of each answer in it, oldest first."""
    box = Maildir(tmp_path / "answers")

    def read(mail: bytes) -> list[str]:
        key = box.add(mail)
        found = replies.import_replies(ctx, replies.list_reply_sources(ctx, [str(tmp_path / "answers")]))
        return [each.outcome for each in found.answered if key in each.source]

    return read


def reply(ctx: Context, name: str) -> str:
    return {each.name: each.reply for each in people_queries.get_event_card(ctx, "BR-90").roster}.get(name, "")


def test_a_calendar_follows_its_learner_from_booking_to_the_end(
    ctx: Context, post: Post, read_mail: Callable[[bytes], list[str]]
) -> None:
    builders.event(dates=("2017-10-20", "2017-11-18"), venue="Grimsby Town Hall", room="Annexe")
    ann, bo = builders.person("Ann Smith"), builders.person("Bo Young")
    resources.add_resource(
        ctx, resources.NewResource("Practice guide", ResourceKind.LINK, "https://example.org/guide", course="BR")
    )
    calendar_actions.set_joining_instructions(ctx, "BR-90", "Ring the bell twice.")

    booking_actions.enrol_people(ctx, "BR-90", [ann.key, bo.key])
    assert len(post.send(ctx)) == 4
    hers, his = post.calendars[ann.email], post.calendars[bo.email]
    assert hers.times == his.times == [OCTOBER, NOVEMBER]
    first, second = hers.at(OCTOBER)[0], hers.at(NOVEMBER)[0]
    assert {first, second}.isdisjoint(his.entries)
    told = hers.entries[second].told
    assert "- Practice guide: https://example.org/guide" in told
    assert "Joining instructions follow when the event is confirmed." in told
    assert "bell" not in told
    assert post.send(ctx) == []

    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    assert all(each.startswith("Update") for each in post.send(ctx))
    assert hers.times == his.times == [OCTOBER, LATER]
    assert hers.at(LATER) == (second, hers.entries[second])
    assert hers.entries[second].sequence == 1

    calendar_actions.set_event_state(ctx, "BR-90", EventState.CONFIRMED)
    assert len(post.send(ctx)) == 4
    assert "Ring the bell twice." in hers.entries[first].told
    assert [hers.entries[uid].sequence for uid in (first, second)] == [0, 1]

    assert read_mail(hers.answer(first, "ACCEPTED", "20170411T080000Z")) == ["recorded"]
    assert reply(ctx, "Ann Smith") == "no answer"
    assert read_mail(hers.answer(second, "DECLINED", "20170411T080100Z")) == ["recorded"]
    assert (reply(ctx, "Ann Smith"), reply(ctx, "Bo Young")) == ("declined", "no answer")
    (asked,) = [each for each in decisions.list_decisions(ctx) if each.kind is DecisionKind.DECLINED]
    assert (asked.name, asked.event, asked.session) == ("Ann Smith", "BR-90", 2)
    assert post.send(ctx) == []
    assert builders.standing("BR-90")["Ann Smith"] == "booked"

    booking_actions.cancel_place(ctx, "BR-90", ann.key, reason="declined")
    assert [each.partition(":")[0] for each in post.send(ctx)] == ["Cancelled", "Cancelled"]
    assert (hers.times, his.times) == ([], [OCTOBER, LATER])
    assert [each for each in decisions.list_decisions(ctx) if each.kind is DecisionKind.DECLINED] == []

    booking_actions.enrol_people(ctx, "BR-90", [ann.key])
    assert len(post.send(ctx)) == 2
    assert hers.times == [OCTOBER, LATER]
    assert hers.entries.keys() == {first, second}
    assert [hers.entries[uid].sequence for uid in (first, second)] == [2, 3]
    assert reply(ctx, "Ann Smith") == "no answer"
    _whatever_the_order(post, ann.email, hers)

    calendar_actions.cancel_event(ctx, "BR-90", reason="too few")
    assert len(post.send(ctx)) == 4
    assert hers.times == his.times == []
    assert post.room.twice() == []


def test_whoever_is_concerned_hears_of_it_and_nobody_else_and_no_uid_changes(ctx: Context, post: Post) -> None:
    """Substitute, transfer there and back, postpone, merge."""
    for reference, dates in (("BR-90", ("2017-10-20", "2017-11-18")), ("BR-91", ("2017-10-27", "2017-12-04"))):
        builders.event(reference, capacity=5, dates=dates, venue="Grimsby Town Hall")
    ann, bo, cy, di = (builders.person(name) for name in ("Ann Smith", "Bo Young", "Cy Jones", "Di Low"))
    booking_actions.enrol_people(ctx, "BR-90", [ann.key, bo.key])
    booking_actions.enrol_people(ctx, "BR-91", [cy.key])
    assert len(post.send(ctx)) == 6
    uids = post.calendars[ann.email].live

    def heard(count: int) -> dict[str, int]:
        """Who got how many mails now, as the first name."""
        before = len(post.room.recipients)
        assert len(post.send(ctx)) == count
        names = {each.email: each.forename for each in (ann, bo, cy, di)}
        return dict(Counter(names[each] for each in post.room.recipients[before:]))

    booking_actions.substitute_person(ctx, "BR-90", bo.key, di.key)
    assert heard(4) == {"Bo": 2, "Di": 2}
    assert (post.calendars[bo.email].times, len(post.calendars[di.email].times)) == ([], 2)

    booking_actions.transfer_person(ctx, "BR-90", ann.key, "BR-91")
    assert heard(4) == {"Ann": 4}
    hers = post.calendars[ann.email]
    assert len(hers.times) == 2
    assert uids.isdisjoint(hers.live)
    booking_actions.transfer_person(ctx, "BR-91", ann.key, "BR-90")
    assert heard(4) == {"Ann": 4}
    assert hers.live == uids
    assert {hers.entries[uid].sequence for uid in uids} == {2}

    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    assert heard(2) == {"Ann": 1, "Di": 1}
    assert hers.times == [OCTOBER, LATER]
    assert hers.live == uids
    assert sorted(each.sequence for uid, each in hers.entries.items() if uid in uids) == [2, 3]

    event_transfers.merge_events(ctx, "BR-90", "BR-91", reason="too few")
    assert heard(8) == {"Ann": 4, "Di": 4}
    assert hers.times == post.calendars[di.email].times == post.calendars[cy.email].times
    assert post.send(ctx) == []
    assert post.room.twice() == []


def _whatever_the_order(post: Post, address: str, ended: Calendar) -> None:
    """Mails overtake each other: the calendar ends the same."""
    mails = [mail for mail, to in zip(post.room.arrived, post.room.recipients, strict=True) if to == address]
    for number in (1, 2):
        of_session = [mail for mail in mails if f"Module {number}" in str(mail["Subject"])]
        assert len(of_session) >= 4
        (uid,) = {uid for uid, each in ended.entries.items() if each.times in ((OCTOBER,), (LATER,))[number - 1]}
        for order in permutations(of_session):
            calendar = Calendar(address)
            for mail in order:
                calendar.receive(mail)
            assert calendar.entries == {uid: ended.entries[uid]}


def test_a_late_answer_to_an_earlier_invitation_undoes_nothing(
    ctx: Context, post: Post, read_mail: Callable[[bytes], list[str]]
) -> None:
    builders.event(dates=("2017-10-20",))
    ann = builders.person("Ann Smith")
    booking_actions.enrol_people(ctx, "BR-90", [ann.key])
    post.send(ctx)
    hers = post.calendars[ann.email]
    uid, _ = hers.at(OCTOBER)
    late = hers.answer(uid, "DECLINED", "20170410T100000Z")
    booking_actions.cancel_place(ctx, "BR-90", ann.key, reason="ill")
    post.send(ctx)
    assert read_mail(late) == ["the invitation was cancelled"]
    booking_actions.enrol_people(ctx, "BR-90", [ann.key])
    post.send(ctx)
    assert read_mail(late) == ["replies to an earlier version"]
    replies.record_spoken_reply(ctx, "BR-90", ann.key, "accepted")
    assert reply(ctx, "Ann Smith") == "accepted"
    assert read_mail(hers.answer(uid, "DECLINED", "20170409T080000Z")) == ["older than the last reply"]
    assert read_mail(hers.answer(uid, "DECLINED", "20170411T080000Z")) == ["recorded"]
    assert reply(ctx, "Ann Smith") == "declined"


def test_a_run_that_is_stopped_between_two_sessions_leaves_no_calendar_behind(ctx: Context, post: Post) -> None:
    builders.event(dates=("2017-10-20", "2017-11-18"), capacity=3)
    people = [builders.person(name) for name in ("Ann Smith", "Bo Young", "Cy Jones")]
    booking_actions.enrol_people(ctx, "BR-90", [each.key for each in people])
    stop = StopSignal()

    def enough(number: int) -> str | None:
        if number == 2:
            stop.set()
        return None

    post.room.on_data = enough
    assert len(post.send(ctx, stop=stop)) == 3
    post.room.on_data = lambda number: None
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 11, 20)))
    post.send(ctx)
    assert post.room.twice() == []
    assert [post.calendars[each.email].times for each in people] == [[OCTOBER, LATER]] * 3
    assert [each.state for each in outbox.list_outbox(ctx, INVITATIONS) if each.state == "waiting"] == []
