"""Actions that put people on events, take them off again and move up those who wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csc_tui.base.context import Context
from csc_tui.base.errors import LearnerClash, NotOnEvent, Overridable, ReasonNeeded
from csc_tui.base.text import format_date, status_label
from csc_tui.base.transaction import action, change_transaction
from csc_tui.core.booking import audience, learner_clashes, pasted_lists, seating, second_places, transitions
from csc_tui.core.booking.event_places import EventPlaces, lock_event_places, lock_two_events
from csc_tui.core.booking.pasted_lists import PastedLine, PastedLineStanding
from csc_tui.core.booking.pasted_names import PastedEntry
from csc_tui.core.booking.second_places import CourseRecord
from csc_tui.core.booking.transitions import EnrolmentAction
from db import attendance, booking, calendar, groups, people
from db.engine.connection import read_transaction
from db.errors import AmbiguousPerson, CscError, NotFound, RuleBroken, WrongUse
from db.records.booking import Enrolment, Outcome, Status, StatusChange
from db.records.catalogue import Approval, WaitingElsewhere
from db.records.people import Person
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role


class EnrolmentRefused(RuleBroken):
    """Raised when nobody was enrolled because at least one person was refused.

    `outcomes` holds one outcome for each reference; those that say `refused` carry the reasons.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        reasons = dict.fromkeys(each.remark for each in outcomes if each.outcome == "refused")
        self._remarks = (Remark("No one was booked."), *reasons)
        super().__init__("\n".join(map(str, self._remarks)))
        self.outcomes = outcomes

    @property
    def remarks(self) -> Sequence[Remark]:
        """Return that nobody was enrolled, then why, each reason once."""
        return self._remarks


class EnrolmentNeedsReason(EnrolmentRefused, Overridable):
    """Nobody was enrolled, and a reason sets aside all that stands against it."""


def refuse_enrolment(outcomes: Sequence[Outcome]) -> EnrolmentRefused:
    """Return the refusal for these outcomes: one that a reason sets aside where that helps everybody refused."""
    refused = [each for each in outcomes if each.outcome == "refused"]
    kind = EnrolmentNeedsReason if all(each.overridable for each in refused) else EnrolmentRefused
    return kind(outcomes)


@dataclass(frozen=True, slots=True)
class BookingOptions:
    """How people are put on an event.

    `waiting` puts them on the waiting list although there are places, `beyond_capacity` gives them seats above the
    capacity, `partial` enrols those who can be enrolled although others cannot, and `walk_in` gives a free place to
    somebody who is at the event, although it has begun or people wait for it. `waiting_elsewhere` decides what becomes
    of their places on other waiting lists of the course; None leaves that to the course.
    """

    waiting: bool = False
    beyond_capacity: bool = False
    partial: bool = False
    walk_in: bool = False
    waiting_elsewhere: WaitingElsewhere | None = None


ORDINARY_BOOKING = BookingOptions()
PARTIAL_BOOKING = BookingOptions(partial=True)
WALK_IN_BOOKING = BookingOptions(walk_in=True)


@action(role=Role.BOOKER)
def enrol_people(
    ctx: Context,
    reference: str,
    wanted: Sequence[str],
    options: BookingOptions = ORDINARY_BOOKING,
    *,
    override: str = "",
) -> list[Outcome]:
    """Book the named people on an event, or put them on its waiting list when it is full.

    Returns one outcome for each reference, in order; where the course wants approval it is `requested`. Without the
    option `partial` either everybody is enrolled or nobody: raises EnrolmentRefused when one person cannot be.
    `override` is the reason for setting aside a clash, a rule of the course or a start that has passed, and for a seat
    above the capacity. Raises WrongUse, ReasonNeeded, NoSuchEvent, NotBookable and
    AlreadyStarted.
    """
    if not wanted:
        raise WrongUse("No one was named, so no one was booked.")
    override = override.strip()
    if options.beyond_capacity and not override:
        raise _beyond_capacity_refusal()
    places = lock_event_places(ctx, reference)
    _check_bookable(places, override or WALK_IN if options.walk_in else override)
    newcomers = _Newcomers(places, options, override)
    outcomes = [newcomers.enrol_reference(each) for each in wanted]
    if not options.partial and any(each.outcome == "refused" for each in outcomes):
        raise refuse_enrolment(outcomes)
    booking.update_event_counts(places.event.id)
    return outcomes


def preview_pasted_list(ctx: Context, reference: str, text: str, *, override: str = "") -> list[PastedLine]:
    """Return what would happen to each line of a pasted list on an event, without changing anything.

    It asks the same rules as enrol_people(). The chosen people then go to enrol_people() as `person` keys, in one
    transaction. Raises NoSuchEvent, NotBookable and AlreadyStarted.
    """
    ctx.require(Role.BOOKER)
    with change_transaction(ctx, dry_run=True):
        places = lock_event_places(ctx, reference)
        _check_bookable(places, override)
        newcomers = _Newcomers(places, ORDINARY_BOOKING, override)
        found: list[PastedLine] = []
        for each in pasted_lists.match_pasted_entries(text):
            line = _preview_line(newcomers, each)
            if line.standing is PastedLineStanding.ALREADY and line.person in {other.person for other in found}:
                line = replace(line, detail="in this list already")
            found.append(line)
    return found


def list_people_to_book(ctx: Context, *, group: str = "", team: str = "") -> list[str]:
    """Return the PERSON references of a group's members today, or of a team, to book them in one step.

    Raises NotFound, and RuleBroken when several organisations have a team of that name.
    """
    with read_transaction():
        ids = groups.find_group_members(group, ctx.today()) if group else groups.find_team_members(team)
    return [f"#{person_id}" for person_id in ids]


def why_not_promoted(ctx: Context, reference: str, person: str) -> Remark:
    """Return a remark that says why a person has not moved up from the waiting list, or what became of them instead.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson, and NotOnEvent for a person who never was on the event.
    """
    with read_transaction():
        places = EventPlaces(ctx, calendar.fetch_event(reference))
        whom = people.find_person(person)
        found = booking.fetch_last_enrolment(places.event.id, whom.id)
        if found is None:
            raise NotOnEvent(whom.name, places.event.reference)
        return _why(places, found)


def _why(places: EventPlaces, found: Enrolment) -> Remark:
    name, event, since = found.name, places.event.reference, f"since {format_date(places.ctx.local(found.since))}"
    match found.status:
        case Status.WAITLISTED:
            if sentence := transitions.why_not_allowed(EnrolmentAction.PROMOTE, places.facts(name, found)):
                return Remark(sentence)
            return Remark(
                f"A place on {event} is free, but {name} was put on the waiting list by hand. {name} moves up when "
                "its places next change.",
                Remedy(RemedyKind.FILL_PLACES, event=event, capacity=places.event.capacity),
            )
        case Status.OFFERED if found.offer_ends:
            until = places.ctx.local(found.offer_ends)
            return Remark(
                f"A place on {event} is held for {name} until {until:%H:%M} on {format_date(until)}.",
                Remedy(RemedyKind.ACCEPT_OFFER, event=event, person=f"#{found.person_id}"),
            )
        case Status.REQUESTED:
            return Remark(
                f"{name} is not on the waiting list of {event} yet: the request is waiting for approval, {since}."
            )
        case status if status.holds_seat:
            return Remark(f"{name} has a place on {event}: {status_label(status.word)} {since}.")
        case status:
            because = f" ({found.reason})" if found.reason else ""
            return Remark(f"{name} no longer waits for {event}: {status_label(status.word)} {since}{because}.")


@action(role=Role.BOOKER)
def cancel_place(
    ctx: Context,
    reference: str,
    person: str,
    *,
    reason: str,
) -> list[StatusChange]:
    """Cancel a person's place, request or place in the queue, and move up the people who wait for it.

    Returns the person's own change first, then those of the people who move up. After the course's cut-off a booked
    place is given up late, and the history says so. Raises ReasonNeeded, NoSuchEvent, NoSuchPerson, AmbiguousPerson and
    NotOnEvent.
    """
    if not reason.strip():
        raise ReasonNeeded("Cancelling a place")
    places = lock_event_places(ctx, reference)
    leaving = places.get_enrolment(people.find_person(person))
    to = transitions.check_allowed(EnrolmentAction.CANCEL, places.facts(leaving.name, leaving, reason=reason))
    late = leaving.status is Status.BOOKED and places.is_late()
    return [places.change_status(leaving, to, "cancelled", reason, late=late), *places.fill_free_places()]


@action(role=Role.BOOKER)
def approve_request(ctx: Context, reference: str, person: str, *, override: str = "") -> list[StatusChange]:
    """Approve a request: the person gets a place, or joins the waiting list when the event is full.

    The approval is kept when the person moves up later. Raises NotOnEvent, LearnerClash, and RuleBroken when there is
    no request or the actor may not decide on it.
    """
    places = lock_event_places(ctx, reference)
    whom = people.find_person(person)
    asking = places.get_enrolment(whom)
    transitions.check_allowed(
        EnrolmentAction.APPROVE,
        places.facts(asking.name, asking, override=override, manager=places.decides_as_manager(whom)),
    )
    check_learner_free(places, whom, override)
    to = seating.status_for_newcomer(places.roster, places.event.seats)
    queue = booking.next_queue_number(places.event.id) if to is Status.WAITLISTED else None
    booking.update_enrolment(asking, approved_by=ctx.actor, queue=queue)
    moves = [places.change_status(replace(asking, version=asking.version + 1), to, "approved", override)]
    if to is Status.BOOKED:
        places.leave_other_lists(whom)
    booking.update_event_counts(places.event.id)
    return moves


@action(role=Role.BOOKER)
def decline_place(ctx: Context, reference: str, person: str, *, reason: str) -> list[StatusChange]:
    """Decline a request or an offered place; an offer declined moves the next person up.

    Raises ReasonNeeded, NotOnEvent and RuleBroken.
    """
    if not reason.strip():
        raise ReasonNeeded("Declining")
    places = lock_event_places(ctx, reference)
    whom = people.find_person(person)
    asking = places.get_enrolment(whom)
    facts = places.facts(asking.name, asking, reason=reason, manager=places.decides_as_manager(whom))
    if asking.status is Status.OFFERED:
        to = transitions.check_allowed(EnrolmentAction.CANCEL, facts)
        return [places.change_status(asking, to, "offer declined", reason), *places.fill_free_places()]
    to = transitions.check_allowed(EnrolmentAction.DECLINE, facts)
    moves = [places.change_status(asking, to, "declined", reason)]
    booking.update_event_counts(places.event.id)
    return moves


@action(role=Role.BOOKER)
def accept_offer(ctx: Context, reference: str, person: str) -> list[StatusChange]:
    """Book a person on the place they were offered.

    Raises NotOnEvent, and RuleBroken when there is no offer or it ran out.
    """
    places = lock_event_places(ctx, reference)
    whom = people.find_person(person)
    taking = places.get_enrolment(whom)
    to = transitions.check_allowed(EnrolmentAction.ACCEPT, places.facts(taking.name, taking))
    if taking.offer_ends and taking.offer_ends <= ctx.stamp():
        ends = ctx.local(taking.offer_ends)
        raise RuleBroken(
            f"The offer to {taking.name} ran out at {ends:%H:%M} on {format_date(ends)}. Nothing was changed.",
            Remedy(RemedyKind.PROCESS_OFFERS),
        )
    moves = [places.change_status(taking, to, "accepted")]
    places.leave_other_lists(whom)
    booking.update_event_counts(places.event.id)
    return moves


@action(role=Role.BOOKER)
def transfer_person(
    ctx: Context,
    reference: str,
    person: str,
    to_reference: str,
    *,
    reason: str = "",
    override: str = "",
) -> list[StatusChange]:
    """Move a person to another event in one step, and move up the people who wait for the place they leave.

    Returns both of the person's own changes first, then those of the people who move up. The other event must have a
    free place: nobody gives up a place for a place in a queue or for a request. Within a course the approval goes
    along; for another course that wants approval, the actor must be allowed to give it and gives it by transferring.
    Raises NotOnEvent and RuleBroken.
    """
    places, target = lock_two_events(ctx, reference, to_reference)
    whom = people.find_person(person)
    leaving = places.get_enrolment(whom)
    to = transitions.check_allowed(EnrolmentAction.TRANSFER, places.facts(leaving.name, leaving, reason=reason))
    enrolment_id = _seat_elsewhere(target, whom, leaving, override, source=places)
    moves = [
        places.change_status(
            leaving, to, "transferred", reason or f"to {target.event.reference}", moved_to=enrolment_id
        ),
        StatusChange(whom.key, whom.name, "", Status.BOOKED.word),
        *places.fill_free_places(),
    ]
    target.leave_other_lists(whom)
    booking.update_event_counts(target.event.id)
    return moves


@action(role=Role.BOOKER)
def substitute_person(
    ctx: Context,
    reference: str,
    person: str,
    new_person: str,
    *,
    reason: str = "",
    override: str = "",
) -> list[StatusChange]:
    """Give a person's place to another person before the event starts.

    The seat never becomes free, so nobody moves up. A substitute from the waiting list has been approved already; for
    anybody else the actor must be allowed to approve, where the course wants it. Raises NotOnEvent, LearnerClash, and
    RuleBroken when the other person is on the event already or the course is not for them.
    """
    places = lock_event_places(ctx, reference)
    leaving, coming = places.get_enrolment(people.find_person(person)), people.find_person(new_person)
    to = transitions.check_allowed(
        EnrolmentAction.SUBSTITUTE, places.facts(leaving.name, leaving, reason=reason, override=override)
    )
    standing = places.find_enrolment(coming)
    if standing and standing.status is not Status.WAITLISTED:
        raise RuleBroken(
            f"{coming.name} is already {status_label(standing.status.word)} on {places.event.reference}. Nothing was "
            "changed."
        )
    check_learner_free(places, coming, override)
    check_booking_rules(places, coming, override)
    verb = f"took the place of {leaving.name}"
    if standing:
        enrolment_id, came = standing.id, places.change_status(standing, Status.BOOKED, verb, reason)
    else:
        approved = places.approver_of(coming)
        enrolment_id = places.add_enrolment(coming, Status.BOOKED, verb, reason, approved_by=approved)
        came = StatusChange(coming.key, coming.name, "", Status.BOOKED.word)
    moves = [
        places.change_status(leaving, to, "substituted", reason or f"by {coming.name}", moved_to=enrolment_id),
        came,
    ]
    places.leave_other_lists(coming)
    booking.update_event_counts(places.event.id)
    return moves


@action(role=Role.COORDINATOR)
def reorder_waiting_list(ctx: Context, reference: str, person: str, place: int, *, reason: str) -> list[StatusChange]:
    """Move a person to another place of the waiting list.

    `place` counts as the list shows it: people with an offer come first, and nobody overtakes them. The reason goes
    into the history. Raises NotOnEvent and RuleBroken.
    """
    places = lock_event_places(ctx, reference)
    moving = places.get_enrolment(people.find_person(person))
    transitions.check_allowed(EnrolmentAction.REORDER, places.facts(moving.name, moving, reason=reason))
    line = seating.ordered_waiting_list(places.roster)
    offered = sum(each.status is Status.OFFERED for each in places.roster)
    before, last = line.index(moving) + 1 + offered, len(line) + offered
    if not offered < place <= last:
        raise RuleBroken(
            f"The people waiting for {places.event.reference} have places {offered + 1} to {last} on the list; {place} "
            "is not one of them. Nothing was changed."
        )
    numbers = sorted(each.queue or 0 for each in line)
    line.insert(place - 1 - offered, line.pop(before - 1 - offered))
    for each, number in zip(line, numbers, strict=True):
        if each.queue != number:
            booking.update_enrolment(each, queue=number)
    places.record_change("reordered", moving, before=f"place {before}", after=f"place {place}", reason=reason)
    return [StatusChange(f"#{moving.person_id}", moving.name, f"place {before}", f"place {place}")]


def check_learner_free(places: EventPlaces, person: Person, override: str, *, besides: int | None = None) -> None:
    """Raise LearnerClash, with every clash, for a person who is booked elsewhere at the time of a session or leads one.

    An override sets it aside. `besides` is the id of another event to leave out, because the person is leaving it.
    """
    if not override:
        learner_clashes.check_sessions_free(person, places.sessions, besides=(places.event.id, besides))


def check_booking_rules(places: EventPlaces, person: Person, override: str) -> list[str]:
    """Return the warnings to show before a person is booked.

    Raises Overridable for a person who has left and for what the course forbids, unless there is an override; with one,
    the broken rules come first in the list.
    """
    if not person.active and not override:
        raise Overridable(f"{person.name} has left.", Remedy(RemedyKind.OVERRIDE_LEAVING, person=person.key))
    broken, warned = audience.audience_problems(person, places.rules, attendance.fetch_completed_courses(person.id))
    if broken and not override:
        raise Overridable(" ".join(broken))
    missed = booking.fetch_no_shows(person.id)
    if len(missed) > 1:
        warned.append(f"{person.name} did not attend {len(missed)} earlier events ({', '.join(missed)}).")
    return broken + warned


def describe_other_places(places: EventPlaces, person: Person, *, booked: bool) -> list[str]:
    """Return a sentence on a person's other places on the course and its completion; nothing where there are none.

    `booked` says that the person is about to get a place, which may end their waiting for other events.
    """
    record = CourseRecord(
        places.fetch_other_places([person.id]), attendance.fetch_completion_date(person.id, places.event.course_id)
    )
    taken_off = booked and places.waiting_elsewhere is WaitingElsewhere.REMOVE
    sentence = second_places.describe_course_record(person.name, record, taken_off=taken_off)
    return [sentence] if sentence else []


def list_waiting_to_decide(places: EventPlaces, person: Person) -> list[str]:
    """Return the other events of the course for which a person waits, where the course asks what is to become of that.

    To be called inside a transaction.
    """
    if places.waiting_elsewhere is not WaitingElsewhere.ASK:
        return []
    return [each.event for each in places.fetch_other_places([person.id]) if each.status is Status.WAITLISTED]


def _seat_elsewhere(
    target: EventPlaces, person: Person, leaving: Enrolment, override: str, *, source: EventPlaces
) -> int:
    """Seat a person on another event and return the id of the new enrolment.

    Within a course, the audience and the approval are not asked about again.
    """
    standing = target.find_enrolment(person)
    if standing:
        raise RuleBroken(
            f"{person.name} is already {status_label(standing.status.word)} on {target.event.reference}. Nothing was "
            "changed."
        )
    transitions.check_allowed(EnrolmentAction.BOOK, target.facts(person.name, None, override=override))
    if seating.status_for_newcomer(target.roster, target.event.seats) is not Status.BOOKED:
        raise RuleBroken(
            f"{target.event.reference} has no free place, so {person.name} stays on {source.event.reference}. "
            "Nothing was changed."
        )
    check_learner_free(target, person, override, besides=source.event.id)
    approved = leaving.approved_by
    if target.event.course_id != source.event.course_id:
        check_booking_rules(target, person, override)
        approved = target.approver_of(person)
    return target.add_enrolment(person, Status.BOOKED, "booked by transfer", override, approved_by=approved)


def _check_bookable(places: EventPlaces, override: str) -> None:
    started_on = places.facts("", None).started_on
    transitions.check_bookable(places.event.reference, places.event.state, started_on=started_on, override=override)


_BY_STATUS = {
    Status.BOOKED: EnrolmentAction.BOOK,
    Status.REQUESTED: EnrolmentAction.REQUEST,
    Status.WAITLISTED: EnrolmentAction.JOIN_LIST,
}


WALK_IN = "walk-in"
"""The word in the history for somebody who came to an event without a place."""


def _beyond_capacity_refusal() -> ReasonNeeded:
    return ReasonNeeded("Booking beyond the capacity", Remedy(RemedyKind.GIVE_OVERRIDE))


class _Newcomers:
    """Enrols people on one event, one after the other, within one transaction."""

    def __init__(self, places: EventPlaces, options: BookingOptions, override: str) -> None:
        self.places, self.options, self.override = places, options, override
        places.waiting_elsewhere = options.waiting_elsewhere or places.waiting_elsewhere

    def enrol_reference(self, reference: str) -> Outcome:
        """Enrol the person meant by a reference and return the outcome; a refusal is an outcome, too."""
        try:
            person = people.find_person(reference)
        except CscError as problem:
            return Outcome(reference, "", "refused", str(problem), problem.remedy)
        standing = self.places.find_enrolment(person)
        waits = standing is not None and standing.status < Status.BOOKED
        if standing and not (waits and self.options.walk_in):
            return Outcome(person.key, person.name, "already", f"already {status_label(standing.status.word)}")
        try:
            return self.seat_walk_in(person, standing) if standing else self.enrol_person(person)
        except RuleBroken as problem:
            return Outcome(person.key, person.name, "refused", str(problem), problem.remedy)

    def enrol_person(self, person: Person) -> Outcome:
        """Enrol a person and return the outcome. Raises LearnerClash and RuleBroken."""
        check_learner_free(self.places, person, self.override)
        said = check_booking_rules(self.places, person, self.override)
        status = self._status_for_next()
        said += describe_other_places(self.places, person, booked=status is Status.BOOKED)
        walks_in = self.options.walk_in
        started = self.override or WALK_IN if walks_in else self.override
        transitions.check_allowed(_BY_STATUS[status], self.places.facts(person.name, None, override=started))
        beyond = status is Status.BOOKED and seating.free_seats(self.places.roster, self.places.event.seats) == 0
        if walks_in and beyond and not self.override:
            raise _beyond_capacity_refusal()
        verb = f"{status.word} beyond capacity" if beyond else f"{status.word}, {WALK_IN}" if walks_in else status.word
        approved = self.places.approver_of(person) if walks_in else None
        self.places.add_enrolment(person, status, verb, self.override, approved_by=approved)
        undecided = status is Status.BOOKED and bool(list_waiting_to_decide(self.places, person))
        if status is Status.BOOKED:
            self.places.leave_other_lists(person)
        remedy = Remedy(RemedyKind.END_OTHER_WAITING) if undecided else None
        return Outcome(person.key, person.name, status.word, " ".join(said), remedy)

    def seat_walk_in(self, person: Person, waiting: Enrolment) -> Outcome:
        """Book somebody who came to the event while waiting for a place on it. Raises what enrol_person() raises."""
        check_learner_free(self.places, person, self.override)
        beyond = not waiting.status.holds_seat and not seating.free_seats(self.places.roster, self.places.event.seats)
        if beyond and not self.override:
            raise _beyond_capacity_refusal()
        approved = waiting.approved_by or self.places.approver_of(person)
        booking.update_enrolment(waiting, approved_by=approved)
        said = describe_other_places(self.places, person, booked=True)
        verb = "booked beyond capacity" if beyond else f"booked, {WALK_IN}"
        self.places.change_status(replace(waiting, version=waiting.version + 1), Status.BOOKED, verb, self.override)
        self.places.reload_roster()
        self.places.leave_other_lists(person)
        return Outcome(person.key, person.name, Status.BOOKED.word, " ".join(said))

    def _status_for_next(self) -> Status:
        """Return the status with which the next person comes on the event."""
        if self.options.walk_in:
            return Status.BOOKED
        if self.places.rules.approval is not Approval.NONE:
            return Status.REQUESTED
        if self.options.waiting:
            return Status.WAITLISTED
        if self.options.beyond_capacity:
            return Status.BOOKED
        return seating.status_for_newcomer(self.places.roster, self.places.event.seats)


def _preview_line(newcomers: _Newcomers, entry: PastedEntry) -> PastedLine:
    """Enrol the person of one pasted entry within the preview's transaction and return how the line stands."""
    return replace(_line_of_entry(newcomers, entry), typed=entry.typed)


def _line_of_entry(newcomers: _Newcomers, entry: PastedEntry) -> PastedLine:
    if entry.polite:
        return PastedLine(entry.text, PastedLineStanding.NO_NAME)
    try:
        person = people.find_person(entry.reference)
        other = people.find_person(entry.shown) if entry.shown else person
    except AmbiguousPerson as problem:
        return PastedLine(
            entry.text, PastedLineStanding.AMBIGUOUS, detail=str(problem), candidates=tuple(problem.candidates)
        )
    except NotFound as problem:
        maybe = pasted_lists.list_candidates(entry.shown) if entry.shown else ()
        return PastedLine(entry.text, PastedLineStanding.UNKNOWN, detail=str(problem), candidates=maybe)
    if other != person:
        said = f"The address is {person.name}'s, but the name is another person's."
        return PastedLine(
            entry.text,
            PastedLineStanding.AMBIGUOUS,
            detail=said,
            candidates=(pasted_lists.candidate_of(person), pasted_lists.candidate_of(other)),
        )
    standing = newcomers.places.find_enrolment(person)
    if standing:
        said = f"already {status_label(standing.status.word)}"
        return PastedLine(entry.text, PastedLineStanding.ALREADY, person.key, person.name, said)
    try:
        outcome = newcomers.enrol_person(person)
    except LearnerClash as clash:
        return PastedLine(entry.text, PastedLineStanding.CLASHING, person.key, person.name, str(clash))
    except RuleBroken as problem:
        return PastedLine(entry.text, PastedLineStanding.NOT_ALLOWED, person.key, person.name, str(problem))
    waits = outcome.outcome == Status.WAITLISTED.word
    asks = "A request that needs approval." if outcome.outcome == Status.REQUESTED.word else ""
    detail = " ".join(filter(None, (asks, outcome.reason)))
    return PastedLine(
        entry.text, PastedLineStanding.WAITS if waits else PastedLineStanding.MATCHED, person.key, person.name, detail
    )
