"""Clashes: two sessions at one time that need the same room, facilitator or learner. Compared by session, never by
event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from db.records.calendar import Session


@dataclass(frozen=True, slots=True)
class Clash:
    """Two overlapping sessions that need the same room, facilitator or learner.

    `kind` is room, facilitator or learner; `what` names the room or the person.
    """

    kind: str
    date: str
    event: str
    session: int
    other_event: str
    other_session: int
    what: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One room, facilitator or learner that a session needs; `what` is the name of it."""

    session_id: int
    kind: str
    thing_id: int
    what: str


def sessions_overlap(one: Session, other: Session) -> bool:
    """Return whether two dated sessions overlap; one that ends when the other starts does not."""
    if not (one.starts and one.ends and other.starts and other.ends):
        return False
    return one.starts < other.ends and other.starts < one.ends


def overlapping_pairs(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    """Return every two sessions that overlap, ordered by date."""
    days: dict[date, list[Session]] = {}
    for each in sessions:
        if each.date:
            days.setdefault(each.date, []).append(each)
    return [
        (one, other)
        for day in sorted(days)
        for one, other in combinations(sorted(days[day], key=lambda each: (each.event, each.number)), 2)
        if sessions_overlap(one, other)
    ]


def clashes_among(met: Iterable[tuple[Session, Session]], wants: Iterable[Claim]) -> list[Clash]:
    """Return the clashes among pairs of overlapping sessions, in the order of the pairs."""
    wanted: dict[int, dict[tuple[str, int], str]] = {}
    for each in wants:
        wanted.setdefault(each.session_id, {})[each.kind, each.thing_id] = each.what
    found = []
    for one, other in met:
        mine, theirs = wanted.get(one.id, {}), wanted.get(other.id, {})
        found += [
            Clash(kind, str(one.date), one.event, one.number, other.event, other.number, mine[kind, thing])
            for kind, thing in sorted(mine.keys() & theirs.keys())
        ]
    return found


@dataclass(frozen=True, slots=True)
class LeadingLearner:
    """A person who leads one session at the time of another in which they have a place."""

    person_id: int
    name: str
    leads: Session
    learns: Session

    @property
    def sentence(self) -> str:
        """Return `Jo Smith leads BR-04 session 1 and has a place on SOS-02 session 3 at that time`."""
        return (
            f"{self.name} leads {self.leads.event} session {self.leads.number} and has a place on "
            f"{self.learns.event} session {self.learns.number} at that time"
        )

    @property
    def clash(self) -> Clash:
        """Return the clash of the two sessions; its kind is learner, because the place is what gives way."""
        return Clash(
            "learner", str(self.learns.date), self.learns.event, self.learns.number, self.leads.event,
            self.leads.number, f"{self.name}, who leads {self.leads.event}",
        )  # fmt: skip


def find_leading_learners(met: Iterable[tuple[Session, Session]], wants: Iterable[Claim]) -> list[LeadingLearner]:
    """Return the people who lead one of two overlapping sessions and learn in the other, in the order of the pairs."""
    people: dict[tuple[int, str], dict[int, str]] = {}
    for each in wants:
        people.setdefault((each.session_id, each.kind), {})[each.thing_id] = each.what
    found = []
    for pair in met:
        for leads, learns in (pair, pair[::-1]):
            leading = people.get((leads.id, "facilitator"), {})
            learning = people.get((learns.id, "learner"), {})
            found += [
                LeadingLearner(person_id, leading[person_id], leads, learns)
                for person_id in sorted(leading.keys() & learning.keys())
            ]
    return found


def find_overlaps(sessions: Iterable[Session], commitments: Iterable[Session]) -> list[tuple[Session, Session]]:
    """Return every session that overlaps one of the commitments, together with that commitment."""
    others = list(commitments)
    return [(one, other) for one in sessions for other in others if sessions_overlap(one, other)]
