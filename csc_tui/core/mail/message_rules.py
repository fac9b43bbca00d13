"""Rules for messages: which are due, to whom and why.

They are worked out from the present state each time, so that none can be out of date. Nothing that happened more than
`MessageRules.days` ago is written about, so that a council which starts to send messages does not start with last
year's.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from csc_tui.base.programme_years import months_later
from csc_tui.base.text import format_date, format_times
from csc_tui.core.attendance.completion import valid_until
from csc_tui.core.mail import invitation_rules
from csc_tui.core.mail.wording import numbered_questions
from db.records.attendance import MarkKind
from db.records.booking import SAME_PERSON, UNDONE, LatestEnrolment, MissedSession, Status
from db.records.catalogue import Resource
from db.records.evaluation import Stage
from db.records.mail import (
    Appointment,
    EventSummary,
    ExpiringCompletion,
    InvitationRole,
    MailAddress,
    MessageKind,
    Recipient,
)
from db.records.startup import EventState

KINDS_WITH_DATES = (MessageKind.CONFIRMATION, MessageKind.PROMOTION, MessageKind.JOINING, MessageKind.CHANGE)
"""The kinds of message that name dates and places; their readers are told when these change."""
KINDS_COPIED_TO_MANAGER = (
    MessageKind.CONFIRMATION,
    MessageKind.PROMOTION,
    MessageKind.CHANGE,
    MessageKind.CANCELLATION,
)
"""The kinds of message that are copied to the line manager, where the policy says so, because they tell of absences."""
EVALUATION_REQUEST_DAYS = 30
"""The days after an event, or after three months, in which a person is asked who has not been asked before."""
FOLLOW_UP_MONTHS = 3
"""The months after an event at which the second evaluation is asked for."""


@dataclass(frozen=True, slots=True)
class MessageRules:
    """The policy's settings for messages."""

    days: int
    reminder_days: int
    refresher_days: int
    off: Collection[MessageKind]
    manager_copies: bool
    organiser: str
    how_to_cancel: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All the facts that decide which messages are due.

    `making_up` holds (session id, person id, event id); `told` maps (event id, person id) to the id of the last message
    with dates and those dates and places; `asked` maps (course id, stage) to the questions, and `answered` holds the
    (event id, person id, stage) that have been answered.
    """

    occasions: Mapping[int, EventSummary]
    appointments: Mapping[int, Sequence[Appointment]]
    placings: Sequence[LatestEnrolment]
    recipients: Mapping[int, Recipient]
    making_up: Collection[tuple[int, int, int]] = ()
    missed: Sequence[MissedSession] = ()
    attended: Collection[tuple[int, int]] = ()
    asked: Mapping[tuple[int, Stage], Sequence[str]] = field(default_factory=dict)
    answered: Collection[tuple[int, int, Stage]] = ()
    running_out: Sequence[ExpiringCompletion] = ()
    coming: Collection[tuple[int, int]] = ()
    told: Mapping[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    invited: Collection[tuple[int, int]] = ()
    resources: Sequence[Resource] = ()


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message to make; `person_id` is the person it is about, `to` its recipient, and `values` fill in the letter."""

    key: str
    kind: MessageKind
    occasion: EventSummary | None
    session_id: int | None
    person_id: int
    to: Recipient
    values: Mapping[str, str]
    until: datetime | None
    """The wall-clock time from which it is of no use any more."""
    copy_of: "DueMessage | None" = None

    @property
    def code(self) -> str:
        """Return the code by which people name the message."""
        return message_code(self.key)

    @property
    def reference(self) -> str:
        """Return the event's reference; empty for a message about no event."""
        return self.occasion.reference if self.occasion else ""

    @property
    def mailbox(self) -> MailAddress:
        """Return the recipient's mailbox."""
        return MailAddress(self.to.name, self.to.address)

    @property
    def told(self) -> str:
        """Return the dates and places that the message names; empty for a kind that names none."""
        return self.values.get("dates", "") if self.kind in KINDS_WITH_DATES else ""


def message_code(key: str) -> str:
    """Return the code by which people name a message; it depends on the key alone."""
    return "m" + sha256(key.encode()).hexdigest()[:11]


def plan_messages(
    facts: MessageFacts, rules: MessageRules, *, now: datetime, local: Callable[[datetime], datetime]
) -> list[DueMessage]:
    """Return every message that the facts ask for, made before or not, by event, person and kind.

    `now` is wall-clock time; `local` turns a UTC stamp into it.
    """
    found = _MessagePlanner(facts, rules, now, local)
    wanted = [each for each in found.list_messages() if each.kind not in rules.off and each.to.active]
    order = list(MessageKind)
    return sorted(
        wanted, key=lambda each: (each.reference, each.to.name.casefold(), each.person_id, order.index(each.kind))
    )


def example_letter_values(
    occasion: EventSummary,
    appointments: Sequence[Appointment],
    to: Recipient,
    rules: MessageRules,
    resources: Sequence[Resource],
    questions: Sequence[str],
    today: date,
) -> dict[str, str]:
    """Return example values for any letter to a person about an event, to try its words."""
    event = _EventTexts(occasion, appointments, rules, resources)
    session = next((each for each in event.appointments if each.date), None)
    letterhead = invitation_rules.Letterhead(MailAddress(rules.organiser, ""), rules.how_to_cancel, resources)
    return {
        **event.values,
        **(_of_session(session) if session else {"session": event.values["title"]}),
        "forename": to.forename or to.name,
        "name": to.name,
        "organiser": rules.organiser,
        "what": "Invitation",
        "details": invitation_rules.calendar_description(session, letterhead, InvitationRole.LEARNER)
        if session
        else "",
        "instructions": event.instructions,
        "links": event.links,
        "until": f"12:00 on {format_date(today + timedelta(days=2))}",
        "reason": _sentence("illness"),
        "before": event.dates,
        "learner": to.name,
        "questions": numbered_questions(questions),
        "course": event.values["title"],
        "completed": format_date(today - timedelta(days=365)),
        "subject": f"You have a place: {event.values['title']}",
        "message": "(the message itself)",
    }


class _MessagePlanner:
    """Works out the messages that the facts ask for."""

    def __init__(
        self, facts: MessageFacts, rules: MessageRules, now: datetime, local: Callable[[datetime], datetime]
    ) -> None:  # fmt: skip
        self.facts, self.rules, self.now, self.local = facts, rules, now, local
        self.fresh = now - timedelta(days=rules.days)
        self.placed: dict[int, list[LatestEnrolment]] = defaultdict(list)
        for each in facts.placings:
            self.placed[each.event_id].append(each)

    def list_messages(self) -> Iterator[DueMessage]:
        """Yield every message that the facts ask for, those that the policy turns off among them."""
        for event_id, occasion in self.facts.occasions.items():
            # The texts that all messages of an event share are worked out once.
            event = _EventTexts(occasion, self.facts.appointments.get(event_id, ()), self.rules, self.facts.resources)
            yield from self._of_event(event)
        yield from self._refreshers()

    def _of_event(self, event: "_EventTexts") -> Iterator[DueMessage]:
        for placing in self.placed[event.occasion.id]:
            for each in self._of_placing(event, placing):
                yield each
                yield from self._copies(each)
        yield from self._reminders(event)
        yield from self._missed(event)
        yield from self._evaluations(event)

    def _of_placing(self, event: "_EventTexts", placing: LatestEnrolment) -> Iterator[DueMessage]:
        state, booked = event.occasion.state, placing.status is Status.BOOKED
        begins, ends = event.begins, event.ends
        fresh = self.local(placing.since) >= self.fresh
        key = f"{placing.enrolment_id}/{placing.since:%Y-%m-%dT%H:%M:%S}"
        if state.bookable and (begins is None or begins > self.now):
            if booked and fresh:
                moved_up = placing.listed and not placing.accepted
                kind = MessageKind.PROMOTION if moved_up else MessageKind.CONFIRMATION
                yield from self._to(event, kind, placing.person_id, key, begins)
            elif placing.status is Status.WAITLISTED and fresh:
                yield from self._to(event, MessageKind.WAITING_LIST, placing.person_id, key, begins)
            elif placing.status is Status.OFFERED and placing.offer_ends:
                until = self.local(placing.offer_ends)
                if until > self.now:
                    yield from self._to(
                        event, MessageKind.OFFER, placing.person_id, key, until,
                        until=f"{until:%H:%M} on {format_date(until)}",
                    )  # fmt: skip
            elif placing.status is Status.DECLINED and fresh:
                yield from self._to(
                    event, MessageKind.DECLINED, placing.person_id, key, begins, reason=_sentence(placing.reason)
                )
            if booked and state is EventState.CONFIRMED and begins:
                yield from self._to(
                    event, MessageKind.JOINING, placing.person_id, str(placing.enrolment_id), begins,
                    instructions=event.instructions, links=event.links,
                )  # fmt: skip
        gone = placing.status in (Status.CANCELLED, Status.EVENT_CANCELLED, Status.SUBSTITUTED)
        if gone and fresh and placing.reason not in (UNDONE, SAME_PERSON) and (ends is None or ends > self.now):
            why = _sentence(placing.reason)
            if placing.status is Status.EVENT_CANCELLED:
                why = f"We are sorry: the event has been cancelled. {why}".strip()
            yield from self._to(event, MessageKind.CANCELLATION, placing.person_id, key, ends, reason=why)
        if booked and state.bookable and (ends is None or ends > self.now):
            yield from self._change(event, placing)

    def _change(self, event: "_EventTexts", placing: LatestEnrolment) -> Iterator[DueMessage]:
        """Yield a message about changed dates, unless the person was invited and is told by an update."""
        about = (event.occasion.id, placing.person_id)
        if about in self.facts.invited or about not in self.facts.told:
            return
        message_id, before = self.facts.told[about]
        if before != event.dates:
            yield from self._to(
                event, MessageKind.CHANGE, placing.person_id, f"{placing.enrolment_id}/{message_id}", event.ends,
                before=before,
            )  # fmt: skip

    def _reminders(self, event: "_EventTexts") -> Iterator[DueMessage]:
        if not (event.occasion.state.bookable and self.rules.reminder_days):
            return
        held = {each.person_id: each.since for each in self.placed[event.occasion.id] if each.status is Status.BOOKED}
        joining = {(session, person) for session, person, its in self.facts.making_up if its == event.occasion.id}
        for session in event.appointments:
            if not session.starts or session.starts <= self.now:
                continue
            from_day = session.starts.date() - timedelta(days=self.rules.reminder_days)
            if self.now.date() < from_day:
                continue
            # A person booked after the reminder fell due has only just been told.
            told = {who for who, since in held.items() if self.local(since).date() >= from_day}
            here = {person for its, person in joining if its == session.session_id}
            for person_id in sorted((held.keys() - told) | here):
                yield from self._to(
                    event, MessageKind.REMINDER, person_id, f"{session.session_id}/{person_id}/{session.date}",
                    session.starts, session=session, instructions=_joining(session),
                )  # fmt: skip

    def _missed(self, event: "_EventTexts") -> Iterator[DueMessage]:
        sessions = {each.session_id: each for each in event.appointments}
        for each in self.facts.missed:
            session = sessions.get(each.session_id)
            if session is None or session.ends is None or event.occasion.state is EventState.CANCELLED:
                continue
            until = session.ends + timedelta(days=self.rules.days)
            if not session.ends <= self.now < until:  # during the session a person may still arrive late
                continue
            key = f"{each.session_id}/{each.person_id}"
            yield from self._to(event, MessageKind.MISSED, each.person_id, key, until, session=session)
            manager = self._manager(each.person_id)
            # A person who sent apologies has told us; telling the manager is left to them.
            if manager and each.mark is MarkKind.ABSENT:
                learner = self.facts.recipients[each.person_id].name
                yield from self._to(
                    event, MessageKind.MISSED_MANAGER, each.person_id, key, until, to=manager, session=session,
                    learner=learner,
                )  # fmt: skip

    def _evaluations(self, event: "_EventTexts") -> Iterator[DueMessage]:
        occasion = event.occasion
        if occasion.state is EventState.CANCELLED or event.ends is None or not event.all_dated:
            return
        for kind, stage, months in (
            (MessageKind.EVALUATION, Stage.ON_THE_DAY, 0),
            (MessageKind.FOLLOW_UP, Stage.THREE_MONTHS, FOLLOW_UP_MONTHS),
        ):
            questions = self.facts.asked.get((occasion.course_id, stage))
            begins = datetime.combine(months_later(event.ends.date(), months), event.ends.time())
            until = begins + timedelta(days=EVALUATION_REQUEST_DAYS)
            if not questions or not begins <= self.now < until:
                continue
            for person_id in sorted(person for its, person in self.facts.attended if its == occasion.id):
                if (occasion.id, person_id, stage) not in self.facts.answered:
                    yield from self._to(
                        event,
                        kind,
                        person_id,
                        f"{occasion.id}/{person_id}",
                        until,
                        questions=numbered_questions(questions),
                    )

    def _refreshers(self) -> Iterator[DueMessage]:
        for each in self.facts.running_out:
            ends = valid_until(each.on, each.months, each.expires)
            if ends is None:
                continue
            opens, closes = (
                ends + timedelta(days=days) for days in (-self.rules.refresher_days, EVALUATION_REQUEST_DAYS)
            )
            if not opens <= self.now.date() <= closes or (each.course_id, each.person_id) in self.facts.coming:
                continue
            to = self.facts.recipients[each.person_id]
            values = {
                **self._names(to), "course": each.title, "completed": format_date(each.on), "until": format_date(ends),
            }  # fmt: skip
            key = f"{MessageKind.REFRESHER}/{each.course_id}/{each.person_id}/{each.on}"
            yield DueMessage(
                key, MessageKind.REFRESHER, None, None, each.person_id, to, values, datetime.combine(closes, time.max)
            )

    def _copies(self, wanted: DueMessage) -> Iterator[DueMessage]:
        manager = self._manager(wanted.person_id) if self.rules.manager_copies else None
        if manager and wanted.kind in KINDS_COPIED_TO_MANAGER and wanted.kind not in self.rules.off:
            kept = {name: wanted.values.get(name, "") for name in ("event", "title")}
            yield DueMessage(
                f"{MessageKind.MANAGER_COPY}/{wanted.key}", MessageKind.MANAGER_COPY, wanted.occasion, None,
                wanted.person_id, manager, {**kept, **self._names(manager), "learner": wanted.to.name}, wanted.until,
                wanted,
            )  # fmt: skip

    def _to(
        self,
        event: "_EventTexts",
        kind: MessageKind,
        person_id: int,
        key: str,
        until_moment: datetime | None,
        *,
        to: Recipient | None = None,
        session: Appointment | None = None,
        **values: str,
    ) -> Iterator[DueMessage]:
        to = to or self.facts.recipients[person_id]
        said = {**event.values, **self._names(to), **(_of_session(session) if session else {}), **values}
        yield DueMessage(
            f"{kind}/{key}", kind, event.occasion, session.session_id if session else None, person_id, to, said,
            until_moment,
        )  # fmt: skip

    def _names(self, to: Recipient) -> dict[str, str]:
        return {"forename": to.forename or to.name, "name": to.name, "organiser": self.rules.organiser}

    def _manager(self, person_id: int) -> Recipient | None:
        manager_id = self.facts.recipients[person_id].manager_id
        return self.facts.recipients.get(manager_id) if manager_id else None


class _EventTexts:
    """An event and the texts about it in its messages."""

    def __init__(
        self,
        occasion: EventSummary,
        appointments: Sequence[Appointment],
        rules: MessageRules,
        resources: Sequence[Resource],
    ) -> None:
        self.occasion = occasion
        self.appointments = sorted(appointments, key=lambda each: each.number)
        self.begins = min((each.starts for each in appointments if each.starts), default=None)
        self.ends = max((each.ends for each in appointments if each.ends), default=None)
        self.all_dated = all(each.date for each in appointments)
        self.dates = "\n".join(map(_line, self.appointments)) or "The dates are still to be confirmed."
        self.instructions = _apart(_joining(each) for each in self.appointments)
        about = [
            f"- {each.title}: {each.address}"
            for each in resources
            if each.address and (each.course == occasion.course or (not each.course and each.strand == occasion.strand))
        ]
        self.links = "\n".join(("Links and documents:", *about)) if about else ""
        self.values = {
            "event": occasion.reference,
            "title": " ".join(occasion.title.split()),
            "first_day": format_date(self.begins) if self.begins else "date to be confirmed",
            "dates": self.dates,
            "how_to_cancel": rules.how_to_cancel,
        }


def _line(session: Appointment) -> str:
    """Return a line such as `Session 2 (Module 2): Thu 20 Jul 2017 10:00-13:00, Grimsby Town Hall`."""
    named = ""
    if session.of > 1:
        named = f"Session {session.number}{f' ({_flat(session.module)})' if session.module else ''}: "
    when = f"{format_date(session.date)} {format_times(session.start, session.end)}".strip()
    place = _place(session) or ("a place to be confirmed" if session.date else "")
    return named + ", ".join(filter(None, (when, place)))


def _of_session(session: Appointment) -> dict[str, str]:
    return {
        "session": invitation_rules.calendar_title(session, InvitationRole.LEARNER),
        "when": f"{format_date(session.date)} {format_times(session.start, session.end)}".strip(),
        "where": _place(session) or "Place to be confirmed",
    }


def _place(session: Appointment) -> str:
    return _flat(", ".join(filter(None, (session.venue, session.room, session.postcode))))


def _joining(session: Appointment) -> str:
    return "\n".join(filter(None, (session.address, session.notes)))


def _apart(paragraphs: Iterable[str]) -> str:
    """Return the paragraphs, each once and in their order, with a blank line between them."""
    return "\n\n".join(dict.fromkeys(filter(None, paragraphs)))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sentence(reason: str) -> str:
    return f"Reason given: {reason.strip().rstrip('.')}." if reason.strip() else ""
