"""Putting people on events and taking them off, with whoever moves up because of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from csc_tui.base import clashes
from csc_tui.base.context import Context
from csc_tui.base.errors import AlreadyStarted, LearnerClash, NotBookable, NotOnEvent, Overridable, ReasonNeeded
from csc_tui.base.text import label
from csc_tui.base.transaction import deciding
from csc_tui.core.booking import audience, pasted_lists, seating, transitions
from csc_tui.core.booking.event_places import Desk, open_desk, open_desks
from csc_tui.core.booking.pasted_lists import Line, Standing
from csc_tui.core.booking.pasted_names import Entry
from csc_tui.core.booking.transitions import Action
from db import attendance, booking, calendar, groups, people
from db.engine.connection import reading
from db.errors import AmbiguousPerson, CscError, NotFound, RuleBroken, WrongUse
from db.records.booking import Enrolment, Move, Outcome, Status
from db.records.catalogue import Approval
from db.records.first_picture import Role
from db.records.people import Person


class Refused(Overridable):
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
) -> list[Outcome]:
    """Book the people meant by the references, or put them on the waiting list when the event is full.

    One outcome for each reference, in order; where the course wants approval it is `requested`. All or nothing unless
    `partial`: raises Refused with the outcomes if one cannot be enrolled. `waiting` puts them on the list although
    there are places; `override` is the reason for setting aside a clash, a rule of the course or a start that has
    passed, and with `beyond_capacity` for a seat that is not there. Raises NoSuchEvent, NotBookable, AlreadyStarted.
    """
    ctx.require(Role.BOOKER)
    if not wanted:
        raise WrongUse("Nobody was named, so nobody was enrolled.")
    override = override.strip()
    if beyond_capacity and not override:
        raise ReasonNeeded("Booking beyond the capacity", "--override")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        _check_bookable(desk, override)
        newcomers = _Newcomers(desk, waiting=waiting, beyond_capacity=beyond_capacity, override=override)
        outcomes = [newcomers.take(each) for each in wanted]
        if not partial and any(each.outcome == "refused" for each in outcomes):
            raise Refused(outcomes)
        booking.recount(desk.event.id)
    return outcomes


def resolve(ctx: Context, reference: str, text: str, *, override: str = "") -> list[Line]:
    """What a pasted list comes to on an event, by the rule that enrol() goes by; nothing is changed.

    What is chosen goes to enrol() as `person` keys, in one transaction. Raises NoSuchEvent, NotBookable,
    AlreadyStarted.
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run=True):
        desk = open_desk(ctx, reference)
        _check_bookable(desk, override)
        newcomers = _Newcomers(desk, waiting=False, beyond_capacity=False, override=override)
        found: list[Line] = []
        for each in pasted_lists.meant(text):
            line = _resolve(newcomers, each)
            if line.standing is Standing.ALREADY and line.person in {other.person for other in found}:
                line = replace(line, detail="in this list already")
            found.append(line)
    return found


def belonging(ctx: Context, *, group: str = "", team: str = "") -> list[str]:
    """The PERSON references of a group's members of today, or of a team, for booking them in one step.

    Raises NotFound, RuleBroken (a team's name that several organisations have).
    """
    with reading():
        ids = groups.members(group, ctx.today()) if group else groups.team(team)
    return [f"#{person_id}" for person_id in ids]


def why_not_promoted(ctx: Context, reference: str, person: str) -> str:
    """Why somebody has not moved up from the waiting list, or what became of them instead, as a sentence.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson, NotOnEvent (who never was on the event).
    """
    with reading():
        desk = Desk(ctx, calendar.get(reference))
        whom = people.find(person)
        found = booking.latest(desk.event.id, whom.id)
        if found is None:
            raise NotOnEvent(whom.name, desk.event.reference)
        return _why(desk, found)


def _why(desk: Desk, found: Enrolment) -> str:
    name, event, since = found.name, desk.event.reference, f"since {desk.ctx.local(found.since):%d/%m/%Y}"
    match found.status:
        case Status.WAITLISTED:
            return transitions.why_not(Action.PROMOTE, desk.facts(name, found)) or (
                f"A place on {event} is free, and {name} was put on the list all the same. {name} moves up with the "
                f"next change to its places, or now: csc schedule capacity {event} {desk.event.capacity}."
            )
        case Status.OFFERED if found.offer_ends:
            until = desk.ctx.local(found.offer_ends)
            return f"A place on {event} is held for {name} until {until:%H:%M on %d/%m/%Y}: csc accept books it."
        case Status.REQUESTED:
            return f"{name} is not on the waiting list of {event} yet: the request wants approval, {since}."
        case status if status.holds_seat:
            return f"{name} has a place on {event}: {label(status.word)} {since}."
        case status:
            because = f" ({found.reason})" if found.reason else ""
            return f"{name} does not wait for {event} any more: {label(status.word)} {since}{because}."


def cancel(
    ctx: Context,
    reference: str,
    person: str,
    *,
    reason: str,
    dry_run: bool = False,
) -> list[Move]:
    """Give up a place, a request or a place in the queue: first the person's own move, then whoever moves up.

    After the course's cut-off a booked place is given up late, and the history says so. Raises ReasonNeeded,
    NoSuchEvent, NoSuchPerson, AmbiguousPerson, NotOnEvent.
    """
    ctx.require(Role.BOOKER)
    if not reason.strip():
        raise ReasonNeeded("Cancelling a place")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        leaving = desk.enrolment(people.find(person))
        to = transitions.check(Action.CANCEL, desk.facts(leaving.name, leaving, reason=reason))
        late = leaving.status is Status.BOOKED and desk.late()
        return [desk.move(leaving, to, "cancelled", reason, late=late), *desk.fill()]


def approve(ctx: Context, reference: str, person: str, *, override: str = "", dry_run: bool = False) -> list[Move]:
    """Say yes to a request: a place, or the waiting list when the event is full. Approval survives promotion.

    Raises NotOnEvent, LearnerClash, RuleBroken (no request, or not the actor's to decide).
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        asking = desk.enrolment(whom)
        transitions.check(
            Action.APPROVE, desk.facts(asking.name, asking, override=override, manager=desk.managed(whom))
        )
        check_free(desk, whom, override)
        to = seating.place_for_newcomer(desk.roster, desk.event.seats)
        queue = booking.next_in_queue(desk.event.id) if to is Status.WAITLISTED else None
        booking.change(asking, approved_by=ctx.actor, queue=queue)
        moves = [desk.move(replace(asking, version=asking.version + 1), to, "approved", override)]
        booking.recount(desk.event.id)
    return moves


def decline(ctx: Context, reference: str, person: str, *, reason: str, dry_run: bool = False) -> list[Move]:
    """Say no to a request, or turn down a place that was offered; a freed place moves the next person up.

    Raises ReasonNeeded, NotOnEvent, RuleBroken.
    """
    ctx.require(Role.BOOKER)
    if not reason.strip():
        raise ReasonNeeded("Declining")
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        whom = people.find(person)
        asking = desk.enrolment(whom)
        facts = desk.facts(asking.name, asking, reason=reason, manager=desk.managed(whom))
        if asking.status is Status.OFFERED:
            to = transitions.check(Action.CANCEL, facts)
            return [desk.move(asking, to, "offer declined", reason), *desk.fill()]
        to = transitions.check(Action.DECLINE, facts)
        moves = [desk.move(asking, to, "declined", reason)]
        booking.recount(desk.event.id)
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
        booking.recount(desk.event.id)
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
) -> list[Move]:
    """Move a booked person to another event in one step: first both of their own moves, then whoever moves up.

    The other event must have a place: nobody gives up a place for a place in a queue, nor for a request. So approval
    goes along to another event of the course; to a course that wants its own, only whoever may approve can transfer,
    and has approved by it. Raises NotOnEvent, RuleBroken.
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        desk, target = open_desks(ctx, reference, to_reference)
        whom = people.find(person)
        leaving = desk.enrolment(whom)
        to = transitions.check(Action.TRANSFER, desk.facts(leaving.name, leaving, reason=reason))
        enrolment_id = _seat_elsewhere(target, whom, leaving, override, source=desk)
        moves = [
            desk.move(leaving, to, "transferred", reason or f"to {target.event.reference}", moved_to=enrolment_id),
            Move(whom.key, whom.name, "", Status.BOOKED.word),
            *desk.fill(),
        ]
        booking.recount(target.event.id)
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
) -> list[Move]:
    """Give a person's place to another, until the event starts: the seat never becomes free, so nobody moves up.

    One who waited had approval, if the course wants it; anybody else needs it of the actor. Raises NotOnEvent,
    RuleBroken (the other is on the event already, elsewhere at that time, or not whom the course is for).
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
        notes(desk, coming, override)
        verb = f"took the place of {leaving.name}"
        if standing:
            enrolment_id, came = standing.id, desk.move(standing, Status.BOOKED, verb, reason)
        else:
            approved = desk.approval(coming)
            enrolment_id = desk.newcomer(coming, Status.BOOKED, verb, reason, approved_by=approved)
            came = Move(coming.key, coming.name, "", Status.BOOKED.word)
        moves = [desk.move(leaving, to, "substituted", reason or f"by {coming.name}", moved_to=enrolment_id), came]
        booking.recount(desk.event.id)
    return moves


def reorder(ctx: Context, reference: str, person: str, place: int, *, reason: str, dry_run: bool = False) -> list[Move]:
    """Put somebody at another place of the waiting list; the history says why.

    Places count as the list shows them: those with an offer come first, and nobody overtakes them. Raises NotOnEvent,
    RuleBroken.
    """
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        desk = open_desk(ctx, reference)
        moving = desk.enrolment(people.find(person))
        transitions.check(Action.REORDER, desk.facts(moving.name, moving, reason=reason))
        line = seating.queue(desk.roster)
        offered = sum(each.status is Status.OFFERED for each in desk.roster)
        before, last = line.index(moving) + 1 + offered, len(line) + offered
        if not offered < place <= last:
            raise RuleBroken(
                f"Those who wait for {desk.event.reference} have the places {offered + 1} to {last} of the list, not "
                f"{place}. Nothing was changed."
            )
        numbers = sorted(each.queue or 0 for each in line)
        line.insert(place - 1 - offered, line.pop(before - 1 - offered))
        for each, number in zip(line, numbers, strict=True):
            if each.queue != number:
                booking.change(each, queue=number)
        desk.note("reordered", moving, before=f"place {before}", after=f"place {place}", reason=reason)
    return [Move(f"#{moving.person_id}", moving.name, f"place {before}", f"place {place}")]


def check_free(desk: Desk, person: Person, override: str, *, besides: int | None = None) -> None:
    """Raise LearnerClash when the person is booked elsewhere at the time of a session, unless set aside."""
    if override:
        return
    commitments = booking.commitments(person.id, besides=desk.event.id)
    met = clashes.first_overlap(desk.sessions, [each for each in commitments if each.event_id != besides])
    if met:
        mine, other = met
        raise LearnerClash(
            person.name, f"{other.event} session {other.number} at the time of {mine.event} session {mine.number}"
            f" ({mine.date:%d/%m/%Y})"
        )  # fmt: skip


def notes(desk: Desk, person: Person, override: str) -> list[str]:
    """What a coordinator should know before she books somebody; raises RuleBroken for what the course forbids, and for
    somebody who has left."""
    if not person.active and not override:
        raise Overridable(
            f"{person.name} has left. csc people back {person.key} brings them back; to book all the same, give a "
            "reason (on the command line: --override)."
        )
    broken, warned = audience.judge(person, desk.rules, attendance.completed_courses(person.id))
    if broken and not override:
        raise Overridable(f"{' '.join(broken)} To book all the same, give a reason (on the command line: --override).")
    missed = booking.no_shows(person.id)
    if len(missed) > 1:
        warned.append(f"{person.name} did not come {len(missed)} times before ({', '.join(missed)}).")
    return broken + warned


def _seat_elsewhere(target: Desk, person: Person, leaving: Enrolment, override: str, *, source: Desk) -> int:
    """A seat on another event for somebody who has one already; within a course, what was settled stays settled."""
    standing = target.of(person)
    if standing:
        raise RuleBroken(
            f"{person.name} is {label(standing.status.word)} on {target.event.reference} already. Nothing was changed."
        )
    transitions.check(Action.BOOK, target.facts(person.name, None, override=override))
    if seating.place_for_newcomer(target.roster, target.event.seats) is not Status.BOOKED:
        raise RuleBroken(
            f"{target.event.reference} has no free place, so {person.name} keeps the one on {source.event.reference}. "
            "Nothing was changed."
        )
    check_free(target, person, override, besides=source.event.id)
    approved = leaving.approved_by
    if target.event.course_id != source.event.course_id:
        notes(target, person, override)
        approved = target.approval(person)
    return target.newcomer(person, Status.BOOKED, "booked by transfer", override, approved_by=approved)


def _check_bookable(desk: Desk, override: str) -> None:
    if not desk.event.state.bookable:
        raise NotBookable(desk.event.reference, desk.event.state)
    started: date | None = desk.facts("", None).started_on
    if started and not override:
        raise AlreadyStarted(desk.event.reference, started)


_BY_STATUS = {Status.BOOKED: Action.BOOK, Status.REQUESTED: Action.REQUEST, Status.WAITLISTED: Action.JOIN_LIST}


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
            return self.seat(person)
        except RuleBroken as problem:
            return Outcome(person.key, person.name, "refused", str(problem))

    def seat(self, person: Person) -> Outcome:
        """Raises LearnerClash, RuleBroken."""
        check_free(self.desk, person, self.override)
        said = notes(self.desk, person, self.override)
        status = self._place()
        transitions.check(_BY_STATUS[status], self.desk.facts(person.name, None, override=self.override))
        beyond = status is Status.BOOKED and seating.free(self.desk.roster, self.desk.event.seats) == 0
        verb = f"{status.word} beyond capacity" if beyond else status.word
        self.desk.newcomer(person, status, verb, self.override)
        return Outcome(person.key, person.name, status.word, " ".join(said))

    def _place(self) -> Status:
        if self.desk.rules.approval is not Approval.NONE:
            return Status.REQUESTED
        if self.waiting:
            return Status.WAITLISTED
        if self.beyond_capacity:
            return Status.BOOKED
        return seating.place_for_newcomer(self.desk.roster, self.desk.event.seats)


def _resolve(newcomers: _Newcomers, entry: Entry) -> Line:
    if entry.polite:
        return Line(entry.text, Standing.NO_NAME)
    try:
        person = people.find(entry.reference)
        other = people.find(entry.shown) if entry.shown else person
    except AmbiguousPerson as problem:
        return Line(entry.text, Standing.AMBIGUOUS, detail=str(problem), candidates=tuple(problem.candidates))
    except NotFound as problem:
        maybe = pasted_lists.candidates(entry.shown) if entry.shown else ()
        return Line(entry.text, Standing.UNKNOWN, detail=str(problem), candidates=maybe)
    if other != person:
        said = f"The address is {person.name}'s, and the name is another's."
        return Line(
            entry.text,
            Standing.AMBIGUOUS,
            detail=said,
            candidates=(pasted_lists.candidate(person), pasted_lists.candidate(other)),
        )
    standing = newcomers.desk.of(person)
    if standing:
        said = f"{label(standing.status.word)} already"
        return Line(entry.text, Standing.ALREADY, person.key, person.name, said)
    try:
        outcome = newcomers.seat(person)
    except LearnerClash as clash:
        return Line(entry.text, Standing.CLASHING, person.key, person.name, str(clash))
    except RuleBroken as problem:
        return Line(entry.text, Standing.NOT_ALLOWED, person.key, person.name, str(problem))
    waits = outcome.outcome == Status.WAITLISTED.word
    asks = "A request, that somebody approves." if outcome.outcome == Status.REQUESTED.word else ""
    detail = " ".join(filter(None, (asks, outcome.reason)))
    return Line(entry.text, Standing.WAITS if waits else Standing.MATCHED, person.key, person.name, detail)
