"""Clashes of an imported programme: named from the file and the stored sessions before anything is stored."""

from collections.abc import Sequence

from csc_tui.base import clashes
from csc_tui.base.clashes import Claim
from csc_tui.core.imports.columns import ImportColumns, ImportProblem
from csc_tui.core.imports.programme import PlannedEvent, PlannedSession, venue_and_room
from db import calendar, people
from db import clashes as clashes_store
from db.engine.connection import read_transaction
from db.records.calendar import Session
from db.records.startup import EventState

COLUMNS = {"room": "room", "facilitator": "facilitators", "learner": "date"}
"""The column of a programme in which a clash of each kind is named."""
TAKEN = {"room": "is taken by", "facilitator": "leads", "learner": "has a place on"}
"""The words between what two sessions share and the other session."""


def find_planned_clashes(events: Sequence[PlannedEvent], columns: ImportColumns) -> list[ImportProblem]:
    """Return a problem for each room, facilitator or learner that a new or changed session of a programme shares.

    It may share them with a session of the same programme or with a stored one; cancelled events do not count.
    """
    with read_transaction():
        plan = _Plan([each for each in events if each.state is not EventState.CANCELLED])
        met, wants = plan.find_overlaps()
    problems = []
    for each in clashes.clashes_among(met, wants):
        here, there = (each.event, each.session), (each.other_event, each.other_session)
        if here not in plan.rows or (there in plan.rows and plan.rows[there] > plan.rows[here]):
            here, there = there, here
        said = f"{each.what} {TAKEN[each.kind]} {there[0]} session {there[1]} at that time"
        problems.append(ImportProblem(plan.rows[here], columns.heading(COLUMNS[each.kind]), said))
    for leading in clashes.find_leading_learners(met, wants):
        at = leading.leads if leading.leads.id < 0 else leading.learns
        row = plan.rows[at.event, at.number]
        problems.append(ImportProblem(row, columns.heading("facilitators"), leading.sentence))
    return sorted(problems, key=lambda problem: problem.row)


class _Plan:
    """The dated sessions of a programme that are new or changed, under negative ids, and what each of them needs.

    `rows` has the row of the file by (event reference, session number). To be used inside a transaction.
    """

    def __init__(self, events: Sequence[PlannedEvent]) -> None:
        dated = [(event, line) for event in events for line in event.sessions if line.date and line.start and line.end]
        self._stored = calendar.fetch_sessions_on(sorted({line.date for _, line in dated if line.date}))
        self._known = people.fetch_people_by_email(
            sorted({address.casefold() for _, line in dated for address in line.facilitators})
        )
        self._things: dict[str, int] = {}
        there = {(each.event, each.number): each for each in self._stored}
        leaders: dict[int, set[int]] = {}
        for session_id, person_id, _ in clashes_store.fetch_session_facilitators([each.id for each in self._stored]):
            leaders.setdefault(session_id, set()).add(person_id)
        changed = [
            (event, line)
            for event, line in dated
            if (before := there.get((event.reference, line.number))) is None
            or self._differs(line, before, leaders.get(before.id, set()))
        ]
        self.lines = {-number: pair for number, pair in enumerate(changed, 1)}
        self.rows = {(event.reference, line.number): line.row for event, line in changed}

    def _differs(self, line: PlannedSession, before: Session, leaders: set[int]) -> bool:
        """Return whether a line changes when or where a stored session is, or who leads it."""
        people_there = {person.id for address in line.facilitators if (person := self._known.get(address.casefold()))}
        moved = (line.date, line.start, line.end) != (before.date, before.start, before.end)
        where = venue_and_room(line.venue, line.room or before.room).casefold()
        elsewhere = bool(line.venue) and where != venue_and_room(before.venue, before.room).casefold()
        return moved or elsewhere or (bool(line.facilitators) and people_there != leaders)

    def find_overlaps(self) -> tuple[list[tuple[Session, Session]], list[Claim]]:
        """Return the pairs of overlapping sessions with a planned one among them, and what they need."""
        planned = [_as_session(number, *pair) for number, pair in self.lines.items()]
        stored = [each for each in self._stored if (each.event, each.number) not in self.rows]
        met = [pair for pair in clashes.overlapping_pairs([*planned, *stored]) if pair[0].id < 0 or pair[1].id < 0]
        ids = sorted({each.id for pair in met for each in pair})
        return met, [*self._stored_claims([each for each in ids if each > 0]), *self._planned_claims(ids)]

    def _stored_claims(self, ids: Sequence[int]) -> list[Claim]:
        rooms = [
            Claim(session, "room", self._number(room), room)
            for session, _, room in clashes_store.fetch_session_rooms(ids)
        ]
        leaders = [
            Claim(session, "facilitator", person_id, name)
            for session, person_id, name in clashes_store.fetch_session_facilitators(ids)
        ]
        learners = [
            Claim(session, "learner", person_id, name)
            for session, person_id, name in clashes_store.fetch_session_learners(ids)
        ]
        return [*rooms, *leaders, *learners]

    def _planned_claims(self, ids: Sequence[int]) -> list[Claim]:
        lines = {number: self.lines[number] for number in ids if number < 0}
        learners: dict[str, list[tuple[int, str]]] = {}
        references = sorted({event.reference for event, _ in lines.values()})
        for reference, person_id, name in clashes_store.fetch_event_learners(references):
            learners.setdefault(reference, []).append((person_id, name))
        claims = []
        for number, (event, line) in lines.items():
            if line.room:
                room = venue_and_room(line.venue, line.room)
                claims.append(Claim(number, "room", self._number(room), room))
            for address in line.facilitators:
                person = self._known.get(address.casefold())
                # Somebody unknown has no id yet; a negative one cannot be a stored person's.
                thing = person.id if person else -1 - self._number(address)
                claims.append(Claim(number, "facilitator", thing, person.name if person else address))
            claims += [Claim(number, "learner", *each) for each in learners.get(event.reference, ())]
        return claims

    def _number(self, name: str) -> int:
        """Return one number for each name, in any case."""
        return self._things.setdefault(name.casefold(), len(self._things))


def _as_session(number: int, event: PlannedEvent, line: PlannedSession) -> Session:
    return Session(
        id=number, event_id=0, event=event.reference, number=line.number, module=line.module_text, date=line.date,
        start=line.start, end=line.end, venue=line.venue, room=line.room, postcode="", room_id=None, venue_id=None,
        version=0,
    )  # fmt: skip
