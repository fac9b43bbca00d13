"""The demonstration's programme year, played in memory up to a moment by the same rules as in real work."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from csc_tui.base import clashes
from csc_tui.core.booking import seating
from db.records.booking import Enrolment, Status
from db.records.calendar import Event, Session
from db.records.people import Person, PersonKind
from db.records.startup import EventState

ADMINISTRATOR, COORDINATOR, BOOKER = "helen", "priya", "tom"
WHO_BOOKS = (ADMINISTRATOR, COORDINATOR, BOOKER, BOOKER)
"""The actors who book, by how often they do."""

Row = tuple[object, ...]
"""The values of one row, as `db.demo.insert_demo_rows` takes them."""

DEMAND: Mapping[str, Sequence[tuple[int, int]]] = {
    "SOS-INTRO": ((24, 7), (23, 0), (12, 0), (6, 0), (3, 0)),
    "SOS-BRIEF": ((8, 0), (22, 0), (10, 0), (3, 0)),
    "SOS-SAT": ((16, 4), (15, 0), (5, 0), (2, 0)),
    "SOS-PL": ((25, 0), (22, 0), (17, 0)),
    "SOS-ALS": ((8, 0), (8, 2), (4, 0)),
    "RL": ((16, 3), (7, 0)),
    "BR": ((20, 5), (18, 0), (12, 0), (7, 0), (2, 0)),
}
"""(places taken, people waiting) on a course's coming events, the soonest first; later ones are still empty."""
CANCELLED_EVENT = ("SOS-BRIEF", 2)
"""The course, and which of its coming events was cancelled."""
OFFERING_COURSE = "SOS-SAT"
"""The course on which a free place is offered for a time instead of moving somebody up."""

OPENED, DECIDED, LAST_BOOKED = 60, 14, 3
"""Days before the first session on which a draft opens, the event is confirmed or found too thin, and bookings end."""
REASONS = ("Off sick", "Court hearing on that day", "Annual leave", "Covering the duty desk", "Moved to another team")
"""The reasons for giving up a place."""
OVERRIDES = ("Agreed with her manager: she leaves early", "The trainer knows and sends the notes")
"""The reasons for booking somebody in spite of a clash."""


class DemoYear:
    """The places that people ask for, give up and move up to, until each event begins.

    `now`, `published` and `until` are wall-clock, as sessions are; rows hold UTC, as stamps do. Everything happens from
    `published`, when the first booking was taken, to `until`.
    """

    def __init__(
        self,
        people: Sequence[Person],
        events: Sequence[Event],
        sessions: Mapping[int, Sequence[Session]],
        *,
        published: datetime,
        until: datetime,
        now: datetime,
        zone: ZoneInfo,
        chance: Random,
    ) -> None:
        self.events = sorted(events, key=lambda event: (event.first_date or date.max, event.reference))
        self.people = {person.id: person for person in people}
        self.sessions, self.published, self.until, self.now, self.zone = sessions, published, until, now, zone
        self.chance = chance
        self.rosters: dict[int, list[Enrolment]] = {event.id: [] for event in events}
        self.states = {event.id: event.state for event in events}
        self.booked_at: dict[tuple[int, int], datetime] = {}
        self.busy: dict[int, set[int]] = {}
        self.offers: list[Row] = []
        self.history: list[Row] = []
        self._pools = _pools(people, chance)
        self._numbers = count(1)
        self._courses: dict[int, set[int]] = {}
        self._returning: dict[int, list[tuple[datetime, Person]]] = {}
        self._ranks: dict[str, int] = {}

    def book(self, event: Event) -> None:
        """Fill one event with bookings and a waiting list.

        Events come in the order of their first days, drafts stay empty.
        """
        if not self._is_open(event):
            return
        rank = self._rank(event)
        taken, waiting = self._demand(event, rank)
        self._fill(event, taken, waiting)
        if rank == 0 and event.course == OFFERING_COURSE:
            self._somebody_leaves(event, self.until - timedelta(minutes=50), offering=True)
        if (event.course, rank) == CANCELLED_EVENT:
            self._call_off(event)
            return
        decided = self.decided(event)
        if decided and decided <= self.until:
            enough = seating.held_seats(self.live(event)) >= event.minimum
            self.change_state(event, EventState.CONFIRMED if enough else EventState.TENTATIVE, decided)

    def set_clashes_aside(self) -> None:
        """Book two people on two events at the same time, each with a reason."""
        coming = {event.id: event for event in self.events if self.states[event.id].bookable and self.is_to_come(event)}
        reasons = list(OVERRIDES)
        at = _weekday(self.until - timedelta(days=1))
        for one, other in clashes.overlapping_pairs(
            session for event_id in coming for session in self.sessions[event_id]
        ):
            first, second = coming[one.event_id], coming[other.event_id]
            on_second = {each.person_id for each in self.live(second)}
            booked = [each.person_id for each in self.live(first) if each.status is Status.BOOKED]
            learners = [person_id for person_id in booked if person_id not in on_second]
            if reasons and learners and 0 < len(on_second) < second.capacity:
                self._join(second, self.people[self.chance.choice(learners)], at, COORDINATOR, reasons.pop())

    def live(self, event: Event) -> list[Enrolment]:
        """Return the live enrolments of an event."""
        return [each for each in self.rosters[event.id] if each.status.live]

    def utc(self, local: datetime) -> datetime:
        """Return a local time as UTC."""
        return local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def decided(self, event: Event) -> datetime | None:
        """Return when an event is confirmed or found too thin, and its invitations go out; None without a date."""
        at = self._days_before(event, DECIDED)
        return max(at, self.published) if at else None

    def is_to_come(self, event: Event) -> bool:
        """Return whether an event has dates and has not begun."""
        starts = [each.starts for each in self.sessions[event.id] if each.starts]
        return bool(starts) and min(starts) > self.now

    def change_state(self, event: Event, to: EventState, at: datetime, reason: str = "") -> None:
        """Change the state of an event and keep a line for the history."""
        before, self.states[event.id] = self.states[event.id], to
        self.write(at, ADMINISTRATOR, f"event {to}", f"{event.reference}: state", event, before, to, reason)

    def write(
        self,
        at: datetime,
        actor: str,
        verb: str,
        subject: str,
        event: Event,
        before: str = "",
        after: str = "",
        reason: str = "",
        person_id: int | None = None,
    ) -> None:
        """Keep a line for the history."""
        moment = self.utc(max(at, self.published))
        self.history.append((moment, actor, verb, subject, event.id, person_id, before, after, reason))

    def write_invited(self, event: Event, person_id: int, sessions: Sequence[int], at: datetime) -> None:
        """Keep a line for the history about invitations sent to a person."""
        said = f"session{'s' if len(sessions) > 1 else ''} {', '.join(map(str, sessions))}"
        subject = f"{self.people[person_id].name} to {event.reference}"
        self.write(at, COORDINATOR, "invited", subject, event, after=said, reason="new booking", person_id=person_id)

    def replace(self, changed: Enrolment) -> None:
        """Replace an enrolment by its changed form."""
        roster = self.rosters[changed.event_id]
        roster[next(place for place, each in enumerate(roster) if each.id == changed.id)] = changed

    def comes_back(self, event: Event, person_id: int, since: datetime) -> None:
        """Note that a person wants another date of this course."""
        self._returning.setdefault(event.course_id, []).append((since, self.people[person_id]))

    def _is_open(self, event: Event) -> bool:
        if event.state is not EventState.DRAFT:
            return True
        opened = self._days_before(event, OPENED)
        if opened is None or opened > self.until:
            return False
        self.change_state(event, EventState.OPEN, opened)
        return True

    def _rank(self, event: Event) -> int:
        """Return the place among the course's coming events, from 0; -1 for one that has begun."""
        if not self.is_to_come(event):
            return -1
        self._ranks[event.course] = self._ranks.get(event.course, -1) + 1
        return self._ranks[event.course]

    def _demand(self, event: Event, rank: int) -> tuple[int, int]:
        if rank < 0:
            return self.chance.randint(event.capacity * 3 // 4, event.capacity - 1), 0
        known = DEMAND.get(event.course, ())
        return known[rank] if rank < len(known) else (0, 0)

    def _fill(self, event: Event, taken: int, waiting: int) -> None:
        """Let people ask for places one after the other; some who have a place give it up."""
        leaving = taken // 8
        moments = self._moments(event, taken + waiting + leaving)
        leaves = set(self.chance.sample(range(len(moments) // 2, len(moments)), leaving))
        for number, at in enumerate(moments):
            person = self._somebody(event, at)
            if person:
                self._join(event, person, at, self.chance.choice(WHO_BOOKS))
            if number in leaves:
                later = moments[number + 1] if number + 1 < len(moments) else at + timedelta(minutes=40)
                self._somebody_leaves(event, at + min((later - at) / 2, timedelta(minutes=20)))

    def _join(self, event: Event, person: Person, at: datetime, actor: str, override: str = "") -> None:
        status = seating.status_for_newcomer(self.live(event), event.capacity)
        queue = None
        if status is Status.WAITLISTED:
            queue = max((each.queue or 0 for each in self.rosters[event.id]), default=0) + 1
        else:
            self.booked_at[event.id, person.id] = at
        enrolment = Enrolment(
            next(self._numbers), event.id, person.id, person.name, person.email, person.organisation, status, queue,
            self.utc(at), None, None, "", 1,
        )  # fmt: skip
        self.rosters[event.id].append(enrolment)
        self.busy.setdefault(person.id, set()).add(event.id)
        self._courses.setdefault(person.id, set()).add(event.course_id)
        self._write_move(event, enrolment, at, actor, status.word, "", override)

    def _somebody_leaves(self, event: Event, at: datetime, *, offering: bool = False) -> None:
        booked = [each for each in self.live(event) if each.status is Status.BOOKED]
        if not booked:
            return
        leaving, actor = self.chance.choice(booked), self.chance.choice(WHO_BOOKS)
        self._move(event, leaving, Status.CANCELLED, at, actor, "cancelled", self.chance.choice(REASONS))
        self.busy[leaving.person_id].discard(event.id)
        self.comes_back(event, leaving.person_id, at)
        for each in seating.next_in_line(self.live(event), event.capacity):
            if offering:
                ends = self.utc(datetime.combine(self.now.date() + timedelta(days=2), time(12)))
                self._move(event, replace(each, offer_ends=ends), Status.OFFERED, at, actor, "offered")
                self.offers.append((each.id, self.utc(at), ends))
            else:
                self._move(event, each, Status.BOOKED, at, actor, "promoted")
                self.booked_at[event.id, each.person_id] = at

    def _call_off(self, event: Event) -> None:
        at, reason = _weekday(self.until - timedelta(days=2)), "The hall is closed for repairs"
        self.change_state(event, EventState.CANCELLED, at, reason)
        for each in self.live(event):
            self._move(event, each, Status.EVENT_CANCELLED, at, ADMINISTRATOR, "event cancelled", reason)
            self.busy[each.person_id].discard(event.id)

    def _move(
        self, event: Event, enrolment: Enrolment, to: Status, at: datetime, actor: str, verb: str, reason: str = ""
    ) -> None:
        moved = replace(enrolment, status=to, since=self.utc(at), reason=reason)
        self.replace(moved)
        self._write_move(event, moved, at, actor, verb, enrolment.status.word, reason)

    def _write_move(
        self, event: Event, moved: Enrolment, at: datetime, actor: str, verb: str, before: str, reason: str
    ) -> None:
        subject = f"{moved.name} on {event.reference}"
        self.write(at, actor, verb, subject, event, before, moved.status.word, reason, moved.person_id)

    def _somebody(self, event: Event, at: datetime) -> Person | None:
        """Return a person who comes back for another date, or else anybody the course is for who is free then."""
        returning = self._returning.get(event.course_id, [])
        for since, person in returning:
            if since < at and self._is_free(event, person) and self.chance.random() < 0.6:
                returning.remove((since, person))
                return person
        regulars, everybody = self._pools[event.course]
        for _ in range(60):
            person = self.chance.choice(regulars if self.chance.random() < 0.6 else everybody)
            # The Practice Leads are the same people at each meeting; others take a course once.
            again = event.course == "SOS-PL" or event.course_id not in self._courses.get(person.id, ())
            if again and self._is_free(event, person):
                return person
        return None

    def _is_free(self, event: Event, person: Person) -> bool:
        busy = self.busy.get(person.id, set())
        others = (session for event_id in busy for session in self.sessions[event_id])
        return event.id not in busy and not clashes.find_overlaps(self.sessions[event.id], others)

    def _moments(self, event: Event, number: int) -> list[datetime]:
        """Return the times at which people ask for places, in office hours on weekdays."""
        opened = self._days_before(event, OPENED) if event.state is EventState.DRAFT else self.published
        first = max(opened or self.published, self.published).date()
        last = min(self.until - timedelta(days=1), self._days_before(event, LAST_BOOKED) or self.until).date()
        days = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
        days = [day for day in days if day.weekday() < 5] or [first]
        return sorted(
            datetime.combine(self.chance.choice(days), time(8, 30)) + timedelta(seconds=self.chance.randrange(30_000))
            for _ in range(number)
        )

    def _days_before(self, event: Event, days: int) -> datetime | None:
        """Return 09:30 on the last weekday that is this many days before the first day; None without a date."""
        if event.first_date is None:
            return None
        return _weekday(datetime.combine(event.first_date - timedelta(days=days), time(9, 30)))


def _weekday(moment: datetime) -> datetime:
    """Return the moment itself or, at a weekend, the same time on the Friday before."""
    return moment - timedelta(days=max(moment.weekday() - 4, 0))


def _pools(people: Sequence[Person], chance: Random) -> dict[str, tuple[list[Person], list[Person]]]:
    """Return the people for each course, by its code: those who come to much, and everybody it is for."""
    others = [person for person in people if not person.is_facilitator]
    staff = [person for person in others if person.kind is PersonKind.STAFF]
    children = ("Children's Social Care", "Early Help", "Families First")
    pools = {
        "SOS-INTRO": others,
        "SOS-BRIEF": [person for person in others if person.kind is PersonKind.PARTNER],
        "SOS-SAT": others,
        "SOS-PL": [person for person in others if person.is_practice_lead],
        "SOS-ALS": [person for person in staff if person.team in children],
        "RL": [person for person in staff if person.is_manager],
        "BR": staff,
    }
    keen = set(chance.sample([person.id for person in others], len(others) // 8))
    return {
        course: ([person for person in pool if person.id in keen or person.is_practice_lead] or pool, pool)
        for course, pool in pools.items()
    }
