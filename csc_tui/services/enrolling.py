"""Putting people on events and taking them off, with whoever moves up because of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from csc_tui.context import Context
from csc_tui.domain import audience, clashes, seating, transitions
from csc_tui.domain.errors import AlreadyStarted, LearnerClash, NotBookable, ReasonNeeded
from csc_tui.domain.transitions import Action
from csc_tui.services.deciding import check_as_previewed, deciding
from csc_tui.services.seats import Desk, is_manager_of, open_desk
from csc_tui.text import label
from db import attendance, enrolments, events, groups, people
from db.connection import reading
from db.errors import CscError, RuleBroken, WrongUse
from db.records import Approval, Enrolment, Move, Outcome, Person, Role, Session, Status


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
    beyond_capacity: bool = False,
    override: str = "",
    partial: bool = False,
    dry_run: bool = False,
    expected: Sequence[Outcome] | None = None,
) -> list[Outcome]:
    """Book the people meant by the references, or put them on the waiting list when the event is full.

    One outcome for each reference, in order; where the course wants approval it is `requested`. All or nothing unless
    `partial`: raises Refused with the outcomes if one cannot be enrolled. `waiting` puts them on the list although
    there are places; `override` is the reason for setting aside a clash, a rule of the course or a start that has
    passed, and with `beyond_capacity` for a seat that is not there. `expected` is what a preview said: raises Stale
    if it is no longer so. Raises NoSuchEvent, NotBookable, AlreadyStarted.
    """
    ctx.require(Role.BOOKER)
    if not wanted:
        raise WrongUse("Nobody was named, so nobody was enrolled.")
    override = override.strip()
    if beyond_capacity and not override:
        raise ReasonNeeded("Booking beyond the capacity")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        _check_bookable(desk, override)
        newcomers = _Newcomers(desk, waiting=waiting, beyond_capacity=beyond_capacity, override=override)
        outcomes = [newcomers.take(each) for each in wanted]
        if not partial and any(each.outcome == "refused" for each in outcomes):
            raise Refused(outcomes)
        check_as_previewed(outcomes, expected)
        enrolments.recount(desk.event.id)
    return outcomes


def belonging(ctx: Context, *, group: str = "", team: str = "") -> list[str]:
    """The PERSON references of a group's members of today, or of a team, for booking them in one step.

    Raises NotFound, RuleBroken (a team's name that several organisations have).
    """
    with reading():
        ids = groups.members(group, ctx.today()) if group else groups.team(team)
    return [f"#{person_id}" for person_id in ids]


def why_not_promoted(ctx: Context, reference: str, person: str) -> str:
    """Why somebody on the waiting list has not moved up, as a sentence. Raises NotOnEvent, RuleBroken."""
    with reading():
        desk = Desk(ctx, events.get(reference))
        waiting = desk.enrolment(people.find(person))
        if waiting.status is not Status.WAITLISTED:
            raise RuleBroken(f"{waiting.name} is not waiting: {label(waiting.status.word)} on {desk.event.reference}.")
        return desk.why_waiting(waiting)


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

    After the course's cut-off a booked place is given up late, and the history says so. `expected` is what a preview
    said: raises Stale if it is no longer so. Raises ReasonNeeded, NoSuchEvent, NoSuchPerson, AmbiguousPerson,
    NotOnEvent.
    """
    ctx.require(Role.BOOKER)
    if not reason.strip():
        raise ReasonNeeded("Cancelling a place")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        leaving = desk.enrolment(people.find(person))
        to = transitions.check(Action.CANCEL, desk.facts(leaving.name, leaving, reason=reason))
        late = leaving.status is Status.BOOKED and desk.late()
        moves = [desk.move(leaving, to, "cancelled", reason, late=late), *desk.fill()]
        check_as_previewed(moves, expected)
    return moves


def approve(ctx: Context, reference: str, person: str, *, dry_run: bool = False) -> list[Move]:
    """Say yes to a request: a place, or the waiting list when the event is full. Approval survives promotion.

    Raises NotOnEvent, RuleBroken (no request, or not the actor's to decide).
    """
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        asking = desk.enrolment(whom)
        facts = desk.facts(asking.name, asking, manager=is_manager_of(ctx, whom))
        transitions.check(Action.APPROVE, facts)
        to = seating.place_for_newcomer(desk.roster, desk.event.seats)
        queue = enrolments.next_in_queue(desk.event.id) if to is Status.WAITLISTED else None
        enrolments.change(asking, approved_by=ctx.actor, queue=queue)
        moves = [desk.move(replace(asking, version=asking.version + 1), to, "approved")]
        enrolments.recount(desk.event.id)
    return moves


def decline(ctx: Context, reference: str, person: str, *, reason: str, dry_run: bool = False) -> list[Move]:
    """Say no to a request, or turn down a place that was offered; a freed place moves the next person up.

    Raises ReasonNeeded, NotOnEvent, RuleBroken.
    """
    if not reason.strip():
        raise ReasonNeeded("Declining")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        asking = desk.enrolment(whom)
        facts = desk.facts(asking.name, asking, reason=reason, manager=is_manager_of(ctx, whom))
        if asking.status is Status.OFFERED:
            to = transitions.check(Action.CANCEL, facts)
            return [desk.move(asking, to, "offer declined", reason), *desk.fill()]
        to = transitions.check(Action.DECLINE, facts)
        moves = [desk.move(asking, to, "declined", reason)]
        enrolments.recount(desk.event.id)
    return moves


def accept(ctx: Context, reference: str, person: str, *, dry_run: bool = False) -> list[Move]:
    """Take a place that was offered. Raises NotOnEvent, RuleBroken (no offer, or it ran out)."""
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        taking = desk.enrolment(people.find(person))
        to = transitions.check(Action.ACCEPT, desk.facts(taking.name, taking))
        if taking.offer_ends and taking.offer_ends <= ctx.stamp():
            raise RuleBroken(
                f"The offer to {taking.name} ran out at {ctx.local(taking.offer_ends):%H:%M on %d/%m/%Y}. Nothing was "
                "changed. csc sweep gives the place to the next person; enrol books again."
            )
        moves = [desk.move(taking, to, "accepted")]
        enrolments.recount(desk.event.id)
    return moves


def transfer(
    ctx: Context,
    reference: str,
    person: str,
    to_reference: str,
    *,
    reason: str = "",
    override: str = "",
    dry_run: bool = False,
    expected: Sequence[Move] | None = None,
) -> list[Move]:
    """Move a booked person to another event in one step: first both of their own moves, then whoever moves up.

    The other event must have a place; nobody gives up a place for a place in a queue. Raises NotOnEvent, RuleBroken.
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        first, second = sorted((reference.strip().upper(), to_reference.strip().upper()))
        if first == second:
            raise RuleBroken(f"{first} is the event they are on. Nothing was changed.")
        desks = {each.event.reference: each for each in (open_desk(ctx, first), open_desk(ctx, second))}
        desk, target = desks[reference.strip().upper()], desks[to_reference.strip().upper()]
        whom = people.find(person)
        leaving = desk.enrolment(whom)
        to = transitions.check(Action.TRANSFER, desk.facts(leaving.name, leaving, reason=reason))
        enrolment_id = _seat_elsewhere(target, whom, leaving, override, besides=desk.event.id)
        moves = [
            desk.move(leaving, to, "transferred", reason or f"to {target.event.reference}", moved_to=enrolment_id),
            Move(whom.key, whom.name, "", Status.BOOKED.word),
            *desk.fill(),
        ]
        enrolments.recount(target.event.id)
        check_as_previewed(moves, expected)
    return moves


def substitute(
    ctx: Context,
    reference: str,
    person: str,
    new_person: str,
    *,
    reason: str = "",
    override: str = "",
    dry_run: bool = False,
    expected: Sequence[Move] | None = None,
) -> list[Move]:
    """Give a person's place to another, until the event starts: the seat never becomes free, so nobody moves up.

    Raises NotOnEvent, RuleBroken (the other is on the event already, or elsewhere at that time).
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        leaving, coming = desk.enrolment(people.find(person)), people.find(new_person)
        to = transitions.check(Action.SUBSTITUTE, desk.facts(leaving.name, leaving, reason=reason, override=override))
        standing = desk.of(coming)
        if standing and standing.status is not Status.WAITLISTED:
            raise RuleBroken(
                f"{coming.name} is {label(standing.status.word)} on {desk.event.reference} already. "
                "Nothing was changed."
            )
        check_free(desk, coming, override)
        moves = []
        if standing:
            moves.append(desk.move(standing, Status.BOOKED, "took the place of " + leaving.name, reason))
            enrolment_id = standing.id
        else:
            enrolment_id = desk.newcomer(coming, Status.BOOKED, "took the place of " + leaving.name, reason)
            moves.append(Move(coming.key, coming.name, "", Status.BOOKED.word))
        moves.insert(0, desk.move(leaving, to, "substituted", reason or f"by {coming.name}", moved_to=enrolment_id))
        enrolments.recount(desk.event.id)
        check_as_previewed(moves, expected)
    return moves


def reorder(ctx: Context, reference: str, person: str, place: int, *, reason: str, dry_run: bool = False) -> list[Move]:
    """Put somebody at another place of the waiting list; the history says why. Raises NotOnEvent, RuleBroken."""
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        moving = desk.enrolment(people.find(person))
        transitions.check(Action.REORDER, desk.facts(moving.name, moving, reason=reason))
        line = seating.queue(desk.roster)
        before = line.index(moving)
        if not 1 <= place <= len(line):
            raise RuleBroken(f"The waiting list has places 1 to {len(line)}, not {place}. Nothing was changed.")
        numbers = sorted(each.queue or 0 for each in line)
        line.insert(place - 1, line.pop(before))
        for each, number in zip(line, numbers, strict=True):
            if each.queue != number:
                enrolments.change(each, queue=number)
        desk.note("reordered", moving, before=f"place {before + 1}", after=f"place {place}", reason=reason)
    return [Move(f"#{moving.person_id}", moving.name, f"place {before + 1}", f"place {place}")]


def check_free(desk: Desk, person: Person, override: str, *, besides: int | None = None) -> None:
    """Raise LearnerClash when the person is booked elsewhere at the time of a session, unless set aside."""
    if override:
        return
    commitments: list[Session] = [
        session
        for _, session in enrolments.commitments([person.id], besides=desk.event.id)
        if session.event_id != besides
    ]
    met = clashes.first_overlap(desk.sessions, commitments)
    if met:
        mine, other = met
        raise LearnerClash(
            person.name, f"{other.event} session {other.number} at the time of {mine.event} session {mine.number}"
            f" ({mine.date:%d/%m/%Y})"
        )  # fmt: skip


def _seat_elsewhere(target: Desk, person: Person, leaving: Enrolment, override: str, *, besides: int) -> int:
    """A seat on another event for somebody who has one already; a request is not made again."""
    standing = target.of(person)
    if standing:
        raise RuleBroken(
            f"{person.name} is {label(standing.status.word)} on {target.event.reference} already. Nothing was changed."
        )
    transitions.check(Action.BOOK, target.facts(person.name, None, override=override))
    if seating.place_for_newcomer(target.roster, target.event.seats) is not Status.BOOKED:
        raise RuleBroken(
            f"{target.event.reference} has no free place, so {person.name} keeps the one on {leaving_event(leaving)}. "
            "Nothing was changed."
        )
    check_free(target, person, override, besides=besides)
    return target.newcomer(person, Status.BOOKED, "booked by transfer", override, approved_by=leaving.approved_by)


def leaving_event(leaving: Enrolment) -> str:
    """The reference of the event an enrolment is on."""
    return events.by_id(leaving.event_id).reference


def _check_bookable(desk: Desk, override: str) -> None:
    if not desk.event.state.bookable:
        raise NotBookable(desk.event.reference, desk.event.state)
    started: date | None = desk.facts("", None).started_on
    if started and not override:
        raise AlreadyStarted(desk.event.reference, started)


class _Newcomers:
    """Takes people onto one event, one after the other, within one transaction."""

    def __init__(self, desk: Desk, *, waiting: bool, beyond_capacity: bool, override: str) -> None:
        self.desk, self.waiting, self.beyond_capacity, self.override = desk, waiting, beyond_capacity, override

    def take(self, reference: str) -> Outcome:
        try:
            person = people.find(reference)
        except CscError as problem:
            return Outcome(reference, "", "refused", str(problem))
        standing = self.desk.of(person)
        if standing:
            return Outcome(person.key, person.name, "already", f"{label(standing.status.word)} already")
        try:
            check_free(self.desk, person, self.override)
            notes = self._notes(person)
        except RuleBroken as problem:
            return Outcome(person.key, person.name, "refused", str(problem))
        status = self._place()
        beyond = status is Status.BOOKED and seating.free(self.desk.roster, self.desk.event.seats) == 0
        verb = f"{status.word} beyond capacity" if beyond else status.word
        self.desk.newcomer(person, status, verb, self.override)
        return Outcome(person.key, person.name, status.word, " ".join(notes))

    def _place(self) -> Status:
        if self.desk.rules.approval is not Approval.NONE:
            return Status.REQUESTED
        if self.waiting:
            return Status.WAITLISTED
        if self.beyond_capacity:
            return Status.BOOKED
        return seating.place_for_newcomer(self.desk.roster, self.desk.event.seats)

    def _notes(self, person: Person) -> list[str]:
        """What the coordinator should know before she books; raises RuleBroken for what the course does not allow."""
        completed = attendance.completed_courses(person.id)
        broken, warned = audience.judge(person, self.desk.rules, completed)
        if broken and not self.override:
            raise RuleBroken(f"{' '.join(broken)} To book all the same, give a reason: --override.")
        missed = enrolments.no_shows(person.id)
        if len(missed) > 1:
            warned.append(f"{person.name} did not come {len(missed)} times before ({', '.join(missed)}).")
        return broken + warned
