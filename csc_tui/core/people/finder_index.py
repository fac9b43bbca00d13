"""The things the finder searches besides people: events, courses, venues, groups and teams, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from csc_tui.base.context import Context
from db import catalogue, groups, imports, lookups, people
from db.engine.connection import database, read_transaction
from db.engine.word_index import WordIndex
from db.records.catalogue import Course
from db.records.groups import Group
from db.records.startup import EventLine

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Workplace:
    """A team of an organisation, or with an empty `team` a whole organisation."""

    organisation: str
    team: str


@dataclass(frozen=True, slots=True)
class FoundThings:
    """The things a text finds besides people; `near` says that nothing fits it as it was typed."""

    events: Sequence[EventLine]
    courses: Sequence[Course]
    venues: Sequence[str]
    groups: Sequence[Group]
    workplaces: Sequence[Workplace]
    near: bool

    def __bool__(self) -> bool:
        return any((self.events, self.courses, self.venues, self.groups, self.workplaces))


@dataclass(frozen=True, slots=True)
class FinderIndex:
    """The things with the words they are found by."""

    events: WordIndex[EventLine]
    courses: WordIndex[Course]
    venues: WordIndex[str]
    groups: WordIndex[Group]
    workplaces: WordIndex[Workplace]

    def find(self, text: str, *, near: bool = False) -> FoundThings:
        """Return the things that fit the text, the nearest first; with `near`, misspelt words too."""

        def found(index: WordIndex[Thing]) -> Sequence[Thing]:
            return index.find_near(text) if near else index.find(text)

        return FoundThings(
            found(self.events), found(self.courses), found(self.venues), found(self.groups), found(self.workplaces),
            near,
        )  # fmt: skip


def get_finder_index(ctx: Context) -> FinderIndex:
    """Return every event, course, venue, group and team, for searching among them."""
    with read_transaction():
        courses = catalogue.fetch_active_courses()
        events = [EventLine(*row) for row in lookups.find_events(database.connection())]
        venues = sorted({name for name, _ in imports.fetch_venue_rooms()})
        known = groups.fetch_groups(ctx.today())
        workplaces = [Workplace(*each) for each in people.fetch_workplace_names()]
    strands = {course.code: course.strand for course in courses}
    return FinderIndex(
        WordIndex((each, (each.event, each.course, each.title, strands.get(each.course, ""))) for each in events),
        WordIndex((each, (each.code, each.title, each.strand)) for each in courses),
        WordIndex((name, (name,)) for name in venues),
        WordIndex((each, (each.name, each.course)) for each in known),
        WordIndex((each, (each.team or each.organisation,)) for each in workplaces),
    )
