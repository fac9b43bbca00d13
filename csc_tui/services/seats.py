"""One event under decision: its facts for the table of moves, the moves themselves, and filling what becomes free."""

from datetime import timedelta

from csc_tui.context import Context
from csc_tui.domain import seating, transitions, workdays
from csc_tui.domain.errors import NotOnEvent
from csc_tui.domain.transitions import Action, Facts
from db import courses, enrolments, events, history, people
from db.records import Enrolment, Event, Move, Person, Session, Status, WaitingRule


class Desk:
    """What is known of an event while a change to it is decided; inside deciding() or reading().

    Reads each thing once; `changed()` forgets the roster after it changed.
    """

    def __init__(self, ctx: Context, event: Event) -> None:
        self.ctx, self.event = ctx, event
        self.rules = courses.booking_rules(event.course_id)
        self.sessions: list[Session] = events.sessions(event.id)
        self.roster: list[Enrolment] = enrolments.for_event(event.id)

    def changed(self) -> None:
        """Read the roster again."""
        self.roster = enrolments.for_event(self.event.id)

    def of(self, person: Person) -> Enrolment | None:
        """The person's live enrolment, if there is one."""
        return next((each for each in self.roster if each.person_id == person.id), None)

    def enrolment(self, person: Person) -> Enrolment:
        """The person's live enrolment. Raises NotOnEvent."""
        found = self.of(person)
        if found is None:
            raise NotOnEvent(person.name, self.event.reference)
        return found

    def facts(
        self, name: str, enrolment: Enrolment | None, *, reason: str = "", override: str = "", manager: bool = False
    ) -> Facts:
        """What the table of moves asks about somebody on this event, or about a newcomer."""
        starts = [each.starts for each in self.sessions if each.starts]
        started = min(starts) if starts and min(starts) <= self.ctx.now() else None
        closed_on = None
        if self.event.first_date and self.rules.booking_cutoff_days:
            closed_on = workdays.working_days_before(self.event.first_date, self.rules.booking_cutoff_days)
        queue = seating.queue(self.roster)
        return Facts(
            name=name,
            event=self.event.reference,
            state=self.event.state,
            role=self.ctx.role,
            today=self.ctx.today(),
            status=enrolment.status if enrolment else None,
            started_on=started.date() if started else None,
            closed_on=closed_on,
            free=seating.free(self.roster, self.event.seats),
            ahead=queue.index(enrolment) if enrolment in queue else len(queue),
            reason=reason,
            override=override,
            manager=manager,
            held_for=", ".join(each.name for each in self.roster if each.status is Status.OFFERED),
        )

    def late(self) -> bool:
        """Whether a cancellation now is later than the course's working days before the first session."""
        first = self.event.first_date
        return first is not None and self.ctx.today() > workdays.working_days_before(first, self.rules.cutoff_days)

    def move(
        self,
        enrolment: Enrolment,
        to: Status,
        verb: str,
        reason: str = "",
        *,
        late: bool = False,
        moved_to: int | None = None,
    ) -> Move:
        """Give an enrolment another status and write it down."""
        ctx, event = self.ctx, self.event
        ends = ctx.stamp() + timedelta(hours=self.rules.offer_hours) if to is Status.OFFERED else None
        enrolments.set_status(enrolment, to, ctx.stamp(), reason=reason, late=late, offer_ends=ends, moved_to=moved_to)
        history.add(
            ctx.stamp(), ctx.actor, f"{verb} late" if late else verb, f"{enrolment.name} on {event.reference}",
            event_id=event.id, person_id=enrolment.person_id, before=enrolment.status.word, after=to.word,
            reason=reason,
        )  # fmt: skip
        return Move(f"#{enrolment.person_id}", enrolment.name, enrolment.status.word, to.word)

    def newcomer(
        self, person: Person, status: Status, verb: str, reason: str = "", *, approved_by: str | None = None
    ) -> int:
        """A new enrolment, written down; returns its id."""
        ctx, event = self.ctx, self.event
        queue = enrolments.next_in_queue(event.id) if status is Status.WAITLISTED else None
        enrolment_id = enrolments.add(
            event.id, person.id, status, ctx.stamp(), queue=queue, approved_by=approved_by, reason=reason
        )
        history.add(
            ctx.stamp(), ctx.actor, verb, f"{person.name} on {event.reference}", event_id=event.id,
            person_id=person.id, after=status.word, reason=reason,
        )  # fmt: skip
        self.changed()
        return enrolment_id

    def note(self, verb: str, enrolment: Enrolment, *, before: str, after: str, reason: str) -> None:
        """Write down something about an enrolment that leaves its status as it is."""
        ctx, event = self.ctx, self.event
        history.add(
            ctx.stamp(), ctx.actor, verb, f"{enrolment.name} on {event.reference}", event_id=event.id,
            person_id=enrolment.person_id, before=before, after=after, reason=reason,
        )  # fmt: skip

    def note_event(self, verb: str, *, before: str, after: str, reason: str) -> None:
        """Write down something about the event itself."""
        history.add(
            self.ctx.stamp(), self.ctx.actor, verb, self.event.reference, event_id=self.event.id, before=before,
            after=after, reason=reason,
        )  # fmt: skip

    def fill(self) -> list[Move]:
        """Move up, or offer a place to, as many from the waiting list as there are seats free, in their order; to be
        called in the transaction that freed them. Keeps the event's counts."""
        self.changed()
        offered = self.rules.waiting_rule is WaitingRule.OFFER
        action, verb = (Action.OFFER, "offered a place") if offered else (Action.PROMOTE, "promoted")
        moves = []
        for each in seating.next_in_line(self.roster, self.event.seats):
            if transitions.why_not(action, self.facts(each.name, each)):
                break
            moves.append(self.move(each, transitions.MOVES[action].target, verb))
            self.changed()
        enrolments.recount(self.event.id)
        return moves

    def why_waiting(self, enrolment: Enrolment) -> str:
        """Why somebody on the waiting list has not moved up, as a sentence."""
        return transitions.why_not(Action.PROMOTE, self.facts(enrolment.name, enrolment)) or (
            f"{enrolment.name} moves up with the next change, or when csc sweep runs."
        )


def open_desk(ctx: Context, reference: str) -> Desk:
    """The event to decide on, its row locked. Raises NoSuchEvent."""
    return Desk(ctx, events.lock(reference))


def is_manager_of(ctx: Context, person: Person) -> bool:
    """Whether the actor is the person's line manager: actors are known by name, and may be an e-mail address."""
    if person.manager_id is None:
        return False
    manager = people.get(person.manager_id)
    return ctx.actor.casefold() in (manager.email.casefold(), manager.name.casefold())
