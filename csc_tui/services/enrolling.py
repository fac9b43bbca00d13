"""Putting people on events and taking them off, with whoever moves up because of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from csc_tui.context import Context
from csc_tui.domain import clashes, seating
from csc_tui.domain.errors import AlreadyStarted, LearnerClash, NotBookable, NotOnEvent, ReasonNeeded
from csc_tui.text import label
from db import enrolments, events, history, people
from db.connection import database, writing
from db.errors import CscError, RuleBroken, Stale, WrongUse
from db.records import Enrolment, Event, Move, Outcome, Person, Role, Session, Status


@contextmanager
def deciding(dry_run: bool) -> Iterator[None]:
    """A write transaction; for a preview it runs to its end, and is then taken back."""
    with writing():
        yield
        if dry_run:
            database.rollback()


class Refused(RuleBroken):
    """Nobody was enrolled, because of those of the outcomes that say `refused`."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        reasons = dict.fromkeys(each.reason for each in outcomes if each.outcome == "refused")
        super().__init__("\n".join(["Nobody was enrolled.", *reasons]))
        self.outcomes = outcomes


def enrol(
    ctx: Context,
    reference: str,
    wanted: Sequence[str],
    *,
    waiting: bool = False,
    override: str = "",
    partial: bool = False,
    dry_run: bool = False,
    expected: Sequence[Outcome] | None = None,
) -> list[Outcome]:
    """Book the people meant by the references, or put them on the waiting list when the event is full.

    One outcome for each reference, in order. All or nothing unless `partial`: raises Refused with the outcomes if one
    cannot be enrolled. `waiting` puts them on the list although there are places; `override` is the reason for
    setting aside a clash or a start that has passed. `expected` is what a preview said: raises Stale if it is no
    longer so. Raises NoSuchEvent, NotBookable, AlreadyStarted.
    """
    ctx.require(Role.BOOKER)
    if not wanted:
        raise WrongUse("Nobody was named, so nobody was enrolled.")
    override = override.strip()
    with deciding(dry_run):
        event = events.lock(reference)
        _check_bookable(ctx, event, override)
        newcomers = _Newcomers(ctx, event, waiting=waiting, override=override)
        outcomes = [newcomers.take(each) for each in wanted]
        if not partial and any(each.outcome == "refused" for each in outcomes):
            raise Refused(outcomes)
        check_as_previewed(outcomes, expected)
        enrolments.recount(event.id)
    return outcomes


def cancel(
    ctx: Context,
    reference: str,
    person: str,
    *,
    reason: str,
    dry_run: bool = False,
    expected: Sequence[Move] | None = None,
) -> list[Move]:
    """Give up a place, a request or a place in the queue: first the person's own move, then whoever moves up.

    `expected` is what a preview said: raises Stale if it is no longer so. Raises ReasonNeeded, NoSuchEvent,
    NoSuchPerson, AmbiguousPerson, NotOnEvent.
    """
    ctx.require(Role.BOOKER)
    if not reason.strip():
        raise ReasonNeeded("Cancelling a place")
    with deciding(dry_run):
        event = events.lock(reference)
        leaving = live_enrolment(event, people.find(person))
        if leaving.status > Status.BOOKED:
            raise RuleBroken(
                f"{leaving.name} has the outcome '{label(leaving.status.word)}' on {event.reference}: "
                "what has taken place cannot be cancelled. Nothing was changed."
            )
        moves = [move(ctx, event, leaving, Status.CANCELLED, "cancelled", reason)]
        moves += fill_seats(ctx, event)
        check_as_previewed(moves, expected)
    return moves


def check_as_previewed(found: Sequence[object], expected: Sequence[object] | None) -> None:
    """Raise Stale when what would happen is no longer what the coordinator was shown."""
    if expected is not None and list(found) != list(expected):
        raise Stale(
            "Somebody else made a change a moment ago, so the outcome would be another. Nothing was done. Look again."
        )


def live_enrolment(event: Event, person: Person) -> Enrolment:
    """The one live enrolment of a person on an event. Raises NotOnEvent."""
    for each in enrolments.for_event(event.id):
        if each.person_id == person.id:
            return each
    raise NotOnEvent(person.name, event.reference)


def fill_seats(ctx: Context, event: Event) -> list[Move]:
    """Move up as many from the waiting list as there are seats free; to be called in the transaction that freed them.

    Nobody moves up once the event has begun or cannot be booked.
    """
    moves = []
    if event.state.bookable and not has_started(ctx, event):
        for each in seating.next_in_line(enrolments.for_event(event.id), event.capacity):
            moves.append(move(ctx, event, each, Status.BOOKED, "promoted", ""))
    enrolments.recount(event.id)
    return moves


def move(ctx: Context, event: Event, enrolment: Enrolment, to: Status, verb: str, reason: str) -> Move:
    """Give an enrolment another status and write it down."""
    enrolments.set_status(enrolment, to, ctx.stamp(), reason=reason)
    history.add(
        ctx.stamp(), ctx.actor, verb, f"{enrolment.name} on {event.reference}", event_id=event.id,
        person_id=enrolment.person_id, before=enrolment.status.word, after=to.word, reason=reason,
    )  # fmt: skip
    return Move(f"#{enrolment.person_id}", enrolment.name, enrolment.status.word, to.word)


def has_started(ctx: Context, event: Event) -> bool:
    """Whether the first dated session has begun."""
    starts = [each.starts for each in events.sessions(event.id) if each.starts]
    return bool(starts) and min(starts) <= ctx.now()


def _check_bookable(ctx: Context, event: Event, override: str) -> None:
    if not event.state.bookable:
        raise NotBookable(event.reference, event.state)
    if not override and has_started(ctx, event) and event.first_date:
        raise AlreadyStarted(event.reference, event.first_date)


class _Newcomers:
    """Takes people onto one event, one after the other, within one transaction."""

    def __init__(self, ctx: Context, event: Event, *, waiting: bool, override: str) -> None:
        self.ctx, self.event, self.waiting, self.override = ctx, event, waiting, override
        self.sessions = events.sessions(event.id)
        self.roster = enrolments.for_event(event.id)

    def take(self, reference: str) -> Outcome:
        try:
            person = people.find(reference)
        except CscError as problem:
            return Outcome(reference, "", "refused", str(problem))
        for each in self.roster:
            if each.person_id == person.id:
                return Outcome(person.key, person.name, "already", f"{label(each.status.word)} already")
        try:
            self._check_free(person)
        except RuleBroken as problem:
            return Outcome(person.key, person.name, "refused", str(problem))
        return self._place(person)

    def _check_free(self, person: Person) -> None:
        if self.override:
            return
        commitments: list[Session] = [
            session for _, session in enrolments.commitments([person.id], besides=self.event.id)
        ]
        met = clashes.first_overlap(self.sessions, commitments)
        if met:
            mine, other = met
            raise LearnerClash(
                person.name, f"{other.event} session {other.number} at the time of {mine.event} session {mine.number}"
                f" ({mine.date:%d/%m/%Y})"
            )  # fmt: skip

    def _place(self, person: Person) -> Outcome:
        status = Status.WAITLISTED if self.waiting else seating.place_for_newcomer(self.roster, self.event.capacity)
        queue = enrolments.next_in_queue(self.event.id) if status is Status.WAITLISTED else None
        since = self.ctx.stamp()
        enrolment_id = enrolments.add(self.event.id, person.id, status, since, queue=queue)
        self.roster.append(
            Enrolment(
                enrolment_id, self.event.id, person.id, person.name, person.email, person.organisation, status, queue,
                since, None, "", 1,
            )
        )  # fmt: skip
        history.add(
            since, self.ctx.actor, status.word, f"{person.name} on {self.event.reference}", event_id=self.event.id,
            person_id=person.id, after=status.word, reason=self.override,
        )  # fmt: skip
        return Outcome(person.key, person.name, status.word, "")
