"""The places of one event while a change is decided: its facts, the moves, and the filling of free places."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from csc_tui.base import workdays
from csc_tui.base.context import Context
from csc_tui.base.errors import NotOnEvent
from csc_tui.base.history import write_history
from csc_tui.core.booking import seating, second_places, transitions
from csc_tui.core.booking.transitions import EnrolmentAction, EnrolmentFacts
from db import booking, calendar, catalogue, makeups, people
from db.errors import RuleBroken
from db.records.booking import CoursePlace, Enrolment, Status, StatusChange
from db.records.calendar import Event, Session
from db.records.catalogue import Approval, WaitingElsewhere, WaitingRule
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role


class EventPlaces:
    """The places of an event while a change to it is decided.

    To be used inside a transaction. Each thing is read once; `reload_roster()` reads the roster again after a change.
    """

    def __init__(self, ctx: Context, event: Event) -> None:
        self.ctx, self.event = ctx, event
        self.rules = catalogue.fetch_booking_rules(event.course_id)
        self.sessions: list[Session] = calendar.fetch_sessions(event.id)
        self.roster: list[Enrolment] = booking.fetch_live_enrolments(event.id)
        self.waiting_elsewhere = self.rules.waiting_elsewhere
        self._alike: EnrolmentFacts | None = None
        self._elsewhere: dict[int, str] | None = None
        self._places_in_queue: dict[int, int] = {}

    @property
    def starts(self) -> datetime | None:
        """Return when the first session begins, as wall-clock time; None while there is no date."""
        return min((each.starts for each in self.sessions if each.starts), default=None)

    def reload_roster(self) -> None:
        """Read the roster again, because it has changed."""
        self.roster = booking.fetch_live_enrolments(self.event.id)
        self._alike = self._elsewhere = None

    def find_enrolment(self, person: Person) -> Enrolment | None:
        """Return the person's live enrolment, or None."""
        return next((each for each in self.roster if each.person_id == person.id), None)

    def get_enrolment(self, person: Person) -> Enrolment:
        """Return the person's live enrolment. Raises NotOnEvent."""
        found = self.find_enrolment(person)
        if found is None:
            raise NotOnEvent(person.name, self.event.reference)
        return found

    def facts(
        self, name: str, enrolment: Enrolment | None, *, reason: str = "", override: str = "", manager: bool = False
    ) -> EnrolmentFacts:
        """Return the facts that the table of moves asks for about a person on this event, or about a newcomer."""
        if self._alike is None:
            self._alike = self._facts_for_all()
        return replace(
            self._alike,
            name=name,
            status=enrolment.status if enrolment else None,
            ahead=self._places_in_queue.get(enrolment.id, self._alike.ahead) if enrolment else self._alike.ahead,
            elsewhere=self._place_elsewhere(enrolment) if enrolment else "",
            reason=reason,
            override=override,
            manager=manager,
        )

    def _place_elsewhere(self, enrolment: Enrolment) -> str:
        """Return where somebody who waits has a place on another event of the course, in words; empty without one."""
        if enrolment.status is not Status.WAITLISTED:
            return ""
        return self._places_elsewhere().get(enrolment.person_id, "")

    def _places_elsewhere(self) -> dict[int, str]:
        """Return the place on another event of the course, in words, of those who wait for this one and have one."""
        if self._elsewhere is None:
            waiting = [each.person_id for each in self.roster if each.status is Status.WAITLISTED]
            self._elsewhere = {
                each.person_id: second_places.describe_course_place(each)
                for each in (self.fetch_other_places(waiting) if waiting else ())
                if each.status.holds_seat
            }
        return self._elsewhere

    def fetch_other_places(self, person_ids: Sequence[int]) -> list[CoursePlace]:
        """Return the live places of people on other events of the course that are not over, by date."""
        return booking.fetch_course_places(
            self.event.course_id, self.ctx.today(), besides=self.event.id, person_ids=person_ids
        )

    def leave_other_lists(self, person: Person) -> list[str]:
        """Take a person who has a place now off the waiting lists of the course's other events, where that is its rule.

        Returns the references of those events. To be called once the person has the place.
        """
        if self.waiting_elsewhere is not WaitingElsewhere.REMOVE:
            return []
        left = [each for each in self.fetch_other_places([person.id]) if each.status is Status.WAITLISTED]
        for each in left:
            other = EventPlaces(self.ctx, calendar.fetch_event_by_id(each.event_id))
            why = f"has a place on {self.event.reference}"
            other.change_status(other.get_enrolment(person), Status.CANCELLED, "taken off the waiting list", why)
            booking.update_event_counts(each.event_id)
        return [each.event for each in left]

    def _facts_for_all(self) -> EnrolmentFacts:
        """Return the facts that everybody shares, worked out once because a roster may have a thousand people."""
        self._places_elsewhere()  # read now, because facts may be asked for after the transaction
        started = self.starts if self.starts and self.starts <= self.ctx.now() else None
        closed_on = None
        if self.event.first_date and self.rules.booking_cutoff_days:
            closed_on = workdays.working_days_before(self.event.first_date, self.rules.booking_cutoff_days)
        queue = seating.ordered_waiting_list(self.roster)
        self._places_in_queue = {each.id: place for place, each in enumerate(queue)}
        return EnrolmentFacts(
            name="",
            event=self.event.reference,
            state=self.event.state,
            role=self.ctx.role,
            today=self.ctx.today(),
            status=None,
            started_on=started.date() if started else None,
            closed_on=closed_on,
            free=seating.free_seats(self.roster, self.event.seats),
            ahead=len(queue),
            held_for=", ".join(each.name for each in self.roster if each.status is Status.OFFERED),
        )

    def is_late(self) -> bool:
        """Return whether a cancellation now comes after the course's cut-off, which counts in working days."""
        first = self.event.first_date
        return first is not None and self.ctx.today() > workdays.working_days_before(first, self.rules.cutoff_days)

    def change_status(
        self,
        enrolment: Enrolment,
        to: Status,
        verb: str,
        reason: str = "",
        *,
        late: bool = False,
        moved_to: int | None = None,
    ) -> StatusChange:
        """Give an enrolment another status, write it into the history and return the change."""
        ctx, event = self.ctx, self.event
        ends = self._offer_ends() if to is Status.OFFERED else None
        booking.update_enrolment_status(
            enrolment, to, ctx.stamp(), reason=reason, late=late, offer_ends=ends, moved_to=moved_to
        )
        write_history(
            ctx, f"{verb} late" if late else verb, f"{enrolment.name} on {event.reference}",
            event_id=event.id, person_id=enrolment.person_id, before=enrolment.status.word, after=to.word,
            reason=reason,
        )  # fmt: skip
        if to.holds_seat:
            self.end_make_ups("has a place on the event", enrolment.person_id)
        return StatusChange(f"#{enrolment.person_id}", enrolment.name, enrolment.status.word, to.word)

    def _offer_ends(self) -> datetime:
        """Return when an offer made now runs out: after the course's hours, but never later than the event begins."""
        ends = self.ctx.stamp() + timedelta(hours=self.rules.offer_hours)
        return min(ends, self.ctx.utc(self.starts)) if self.starts else ends

    def decides_as_manager(self, person: Person) -> bool:
        """Return whether the course leaves approval to line managers and the actor is the person's."""
        return self.rules.approval is Approval.MANAGER and is_manager_of(self.ctx, person)

    def approver_of(self, person: Person) -> str | None:
        """Return the actor's name when this change approves the person, or None where the course wants no approval.

        Raises RuleBroken when the course wants approval and the actor may not give it.
        """
        wanted = self.rules.approval
        if wanted is Approval.NONE:
            return None
        if self.ctx.role >= Role.COORDINATOR or self.decides_as_manager(person):
            return self.ctx.actor
        who = "the line manager" if wanted is Approval.MANAGER else "a coordinator"
        raise RuleBroken(
            f"{self.event.course} needs the approval of {who} for {person.name}. Nothing was changed.",
            Remedy(RemedyKind.REQUEST_PLACE, event=self.event.reference, person=person.key),
        )

    def add_enrolment(
        self, person: Person, status: Status, verb: str, reason: str = "", *, approved_by: str | None = None
    ) -> int:
        """Add an enrolment, write it into the history and return its id."""
        ctx, event = self.ctx, self.event
        queue = booking.next_queue_number(event.id) if status is Status.WAITLISTED else None
        ends = self._offer_ends() if status is Status.OFFERED else None
        enrolment_id = booking.insert_enrolment(
            event.id, person.id, status, ctx.stamp(), queue=queue, offer_ends=ends, approved_by=approved_by,
            reason=reason,
        )  # fmt: skip
        write_history(
            ctx, verb, f"{person.name} on {event.reference}", event_id=event.id,
            person_id=person.id, after=status.word, reason=reason,
        )  # fmt: skip
        if status.holds_seat:
            self.end_make_ups("has a place on the event", person.id)
        self.reload_roster()
        return enrolment_id

    def record_change(self, verb: str, enrolment: Enrolment, *, before: str, after: str, reason: str) -> None:
        """Write a history entry about an enrolment whose status stays the same."""
        ctx, event = self.ctx, self.event
        write_history(
            ctx, verb, f"{enrolment.name} on {event.reference}", event_id=event.id,
            person_id=enrolment.person_id, before=before, after=after, reason=reason,
        )  # fmt: skip

    def record_event_change(self, verb: str, *, before: str, after: str, reason: str) -> None:
        """Write a history entry about the event itself."""
        write_history(
            self.ctx, verb, self.event.reference, event_id=self.event.id, before=before,
            after=after, reason=reason,
        )  # fmt: skip

    def fill_free_places(self) -> list[StatusChange]:
        """Move people up from the waiting list, or offer them places, until no seat is free, and return the changes.

        People move in the order of the list. Somebody with a place on another event of the course is offered the seat,
        so that nobody has two places without having said so. To be called in the transaction that freed the seats; it
        updates the event's counts as well.
        """
        self.reload_roster()
        moves = []
        for each in seating.next_in_line(self.roster, self.event.seats):
            elsewhere = self._place_elsewhere(each)
            offered = elsewhere or self.rules.waiting_rule is WaitingRule.OFFER
            action = EnrolmentAction.OFFER if offered else EnrolmentAction.PROMOTE
            if transitions.why_not_allowed(action, self.facts(each.name, each)):
                break
            verb, why = "offered a place" if offered else "promoted", f"has a place on {elsewhere}" if elsewhere else ""
            moves.append(self.change_status(each, transitions.ENROLMENT_MOVES[action].target, verb, why))
            if not offered:
                self.leave_other_lists(people.fetch_person(each.person_id))
            self.reload_roster()
        booking.update_event_counts(self.event.id)
        return moves

    def end_make_ups(self, reason: str, person_id: int | None = None) -> None:
        """End make-ups on this event: one person's who now has a place on it, or everybody's."""
        for number, person, name in makeups.end_make_ups(self.event.id, person_id):
            what = f"{name} in {self.event.reference} session {number}"
            write_history(
                self.ctx, "make-up ended", what, event_id=self.event.id, person_id=person,
                reason=reason,
            )  # fmt: skip


def lock_event_places(ctx: Context, reference: str) -> EventPlaces:
    """Lock an event's row and return its places. Raises NoSuchEvent."""
    return EventPlaces(ctx, calendar.lock_event(reference))


def lock_two_events(ctx: Context, reference: str, other: str) -> tuple[EventPlaces, EventPlaces]:
    """Lock two events and return the places of both.

    They are locked in order of their references, so that two changes never wait for each other. Raises NoSuchEvent, and
    RuleBroken when both are the same.
    """
    names = reference.strip().upper(), other.strip().upper()
    if names[0] == names[1]:
        raise RuleBroken(f"{names[0]} and {names[1]} are the same event. Nothing was changed.")
    by_reference = {name: lock_event_places(ctx, name) for name in sorted(names)}
    return by_reference[names[0]], by_reference[names[1]]


def is_manager_of(ctx: Context, person: Person) -> bool:
    """Return whether the actor is the person's line manager.

    An actor is known by name or by e-mail address.
    """
    if person.manager_id is None:
        return False
    manager = people.fetch_person(person.manager_id)
    return ctx.actor.casefold() in (manager.email.casefold(), manager.name.casefold())
