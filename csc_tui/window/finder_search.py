"""The search of the finder: everything that fits a text, the most probable first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from csc_tui.base import dates
from csc_tui.base.command_words import EXPLAINED, CommandWords, split_command, telling_pieces
from csc_tui.base.text import MONTH_NAMES, format_count, format_date
from csc_tui.core.people import queries as people_queries
from csc_tui.core.people.finder_index import FinderIndex, FoundThings, get_finder_index
from csc_tui.window import command_runs
from csc_tui.window.command_catalogue import COMMANDS, CatalogueCommand, CommandScope
from csc_tui.window.command_runs import CommandTarget
from csc_tui.window.shared.columns import month_heading, short_date, shown_of_total, workplace_cell
from csc_tui.window.shared.data_screen import DataScreen
from db.errors import CscError
from db.records.startup import EventLine, FoundPerson, Role

PEOPLE, EVENTS, OTHERS = 40, 12, 6
"""The most of each kind that are listed before another letter narrows them."""
ACTION = "What you typed"
FREE, EVENT, COURSE, VENUE, TEAM = "Free places", "Events", "Courses", "Venues", "Groups and teams"
CALENDAR, PERSON, COMMAND, NEW = "Calendar", "People", "Commands", "New person"
"""The kinds of hits, as headings."""
_FREE = frozenset({"free", "available", "availability", "vacancy", "vacancies", "spaces", "bookable"})
_FREE_TOO = frozenset({"next", "place", "places", "space", "event", "events", "on", "for", "with", "any", "what", "is"})
"""Words that ask for free places, and those that may stand beside them."""


@dataclass(frozen=True, slots=True)
class FinderHit:
    """One hit; `key` opens it, or `run` does it where it is a command or leads somewhere else."""

    kind: str
    key: str
    name: str
    what: str
    more: str
    run: Callable[[], Any] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ScreenCommand:
    """A command of the screen in front; `key` is the id of its key, or empty."""

    key: str
    title: str
    meaning: str
    run: Callable[[], Any]


class FinderSearch:
    """Searches with every key and reads what seldom changes once."""

    def __init__(self, screen: DataScreen[Any], commands: Sequence[ScreenCommand] = ()) -> None:
        self._screen, self._ctx = screen, screen.ctx
        self._index: FinderIndex | None = None
        here = {each.key for each in commands if each.key}
        self._here = [(each, CommandWords(each.title, each.meaning)) for each in commands]
        self._elsewhere = [(each, words) for each, words in catalogue_words() if each.key not in here]

    def find(self, text: str) -> tuple[Sequence[FinderHit], str]:
        """Return the hits, what was most probably meant first, and a remark on how many there are.

        Where nothing fits as it was typed, the nearest names are listed. A text that looks like the name of somebody
        who is not known can be added as a new person.
        """
        typed = text.strip()
        if not typed:
            return [], "Type any part, in any order: 'smi jo', 'br 3', 'june', 'register br-04', 'free sos'."
        if self._index is None:
            self._index = get_finder_index(self._ctx)
        people, total = people_queries.search_people(self._ctx, typed, limit=PEOPLE)
        things = self._index.find(typed)
        pieces = telling_pieces(typed)
        named = self._is_command(pieces)
        commands, cost = self._commands(pieces)
        actions = [] if named or things or people else self._actions(typed)
        days = self._days(typed)
        free, free_total = self._free_places(typed)
        exact = bool(people or things or actions or days or free or (commands and cost < EXPLAINED))
        if not exact:
            things = self._index.find(typed, near=True)
            people = people_queries.search_near_people(self._ctx, typed, limit=PEOPLE)
            if not (things or people or commands):
                commands, _ = self._commands(pieces, near=True)
        is_name = _is_named(people, pieces)
        listed = [
            actions,
            free,
            commands if named and not is_name else [],
            [] if is_name else days,
            [_event_hit(each) for each in things.events[:EVENTS]],
            [FinderHit(COURSE, each.code, each.code, each.title, each.strand) for each in things.courses[:OTHERS]],
            [FinderHit(VENUE, name, name, "venue", "") for name in things.venues[:OTHERS]],
            self._groups_and_teams(things),
            [_person_hit(each) for each in people],
            days if is_name else [],
            [] if named and not is_name else commands,
        ]
        hits = [hit for kind in listed for hit in kind]
        counted = _count_hits(things, len(people), total, free_total) or format_count(len(hits), "command")
        remark = counted if exact else f"No match for '{typed}'. These are the nearest."
        if not hits:
            remark = f"No match for '{typed}'. Try fewer letters, or another word for it."
        if not exact and self._ctx.role >= Role.BOOKER and looks_like_a_new_person(typed):
            hits.append(FinderHit(NEW, typed, f"Add {typed}", "as a new person", ""))
        return hits, remark

    def _commands(self, pieces: Sequence[str], *, near: bool = False) -> tuple[list[FinderHit], int]:
        """Return the commands that fit, those of the screen in front first among equals, and the cost of the first."""
        fitting: list[tuple[int, int, FinderHit]] = []
        known: Sequence[tuple[ScreenCommand | CatalogueCommand, CommandWords]] = (*self._here, *self._elsewhere)
        for order, (command, words) in enumerate(known):
            cost = words.near_cost(pieces) if near else words.cost(pieces)
            if cost is None:
                continue
            run = (
                command.run if isinstance(command, ScreenCommand) else command_runs.start_command(self._screen, command)
            )
            hit = FinderHit(COMMAND, command.key or command.title, command.title, command.meaning, "", run)
            fitting.append((cost, order, hit))
        fitting.sort(key=lambda each: each[:2])
        best = fitting[0][0] if fitting else 0
        return [hit for cost, _, hit in fitting if cost < best + EXPLAINED][:COMMANDS_LISTED], best

    def _is_command(self, pieces: Sequence[str]) -> bool:
        return any(words.is_named_by(pieces) for _, words in (*self._here, *self._elsewhere))

    def _actions(self, typed: str) -> list[FinderHit]:
        """Return what a text such as `register br-04` or `cancel jo smith` asks for."""
        hits: dict[tuple[str, str], FinderHit] = {}
        for pieces, rest in split_command(typed):
            fitting = [
                (words.cost(pieces) or 0, place, command)
                for place, (command, words) in enumerate(catalogue_words())
                if command.scope in ABOUT_SOMETHING and words.is_named_by(pieces)
            ]
            for _, _, command in sorted(fitting)[:ACTIONS_LISTED]:
                for hit in self._on_what(command, rest):
                    hits.setdefault((command.key, hit.key), hit)
            if hits:
                break
        return list(hits.values())[: OTHERS + OTHERS]

    def _on_what(self, command: CatalogueCommand, rest: str) -> Iterator[FinderHit]:
        """Yield a command on each event or person that the rest of the text can mean."""
        assert self._index is not None  # noqa: S101 - find() has read it
        on_people = command.scope in (CommandScope.PERSON, CommandScope.BOOKING)
        if command.scope is CommandScope.BOOKING or command.key == "event.book":
            event, who = self._split_off_event(rest)
            if event and who and (people := self._people_meant(who)):
                for person in people:
                    target = CommandTarget(event.event, person.person, person.name)
                    yield self._action_hit(command, target, event.title)
                return
        if on_people:
            for person in self._people_meant(rest):
                yield self._action_hit(command, CommandTarget("", person.person, person.name), workplace_cell(person))
            return
        events = self._index.events.find(rest) or self._index.events.find_near(rest)
        for each in events[:ACTIONS_LISTED]:
            yield self._action_hit(command, CommandTarget(each.event), each.title)

    def _people_meant(self, text: str) -> Sequence[FoundPerson]:
        found, _ = people_queries.search_people(self._ctx, text, limit=ACTIONS_LISTED)
        return found or people_queries.search_near_people(self._ctx, text, limit=ACTIONS_LISTED)

    def _split_off_event(self, text: str) -> tuple[EventLine | None, str]:
        """Return the event whose reference is among the words, and the other words."""
        assert self._index is not None  # noqa: S101 - find() has read it
        words = text.split()
        for place, word in enumerate(words):
            if any(letter.isdigit() for letter in word) and "@" not in word:
                found = self._index.events.find(word)
                if found:
                    rest = [
                        each for each in (*words[:place], *words[place + 1 :]) if each.casefold() not in ("on", "from")
                    ]
                    return found[0], " ".join(rest)
        return None, text

    def _action_hit(self, command: CatalogueCommand, target: CommandTarget, what: str) -> FinderHit:
        about = ", ".join(filter(None, (target.name, target.event)))
        run = command_runs.start_command(self._screen, command, target)
        return FinderHit(
            ACTION, f"{command.key} {target.event} {target.person}", f"{command.title}: {about}", what, "", run
        )

    def _days(self, typed: str) -> list[FinderHit]:
        """Return the month or day of the calendar that was typed."""
        month = dates.parse_typed_month(self._ctx, typed)
        if month is not None:
            name, day = f"{MONTH_NAMES[month.month - 1]} {month.year}", month
        else:
            try:
                day = dates.parse_typed_day(self._ctx, typed)
            except CscError:
                return []
            name = format_date(day)
        run = command_runs.begin_later(self._screen, command_runs.show_calendar_day, day.isoformat())
        return [FinderHit(CALENDAR, day.isoformat(), name, "in the calendar", "", run)]

    def _free_places(self, typed: str) -> tuple[list[FinderHit], int]:
        """Return the events with free places that are asked for by a word such as `free`, and how many there are."""
        words = typed.casefold().split()
        if not _FREE & set(words):
            return [], 0
        rest = " ".join(word for word in words if word not in _FREE | _FREE_TOO)
        found = people_queries.list_bookable_events(self._ctx, rest)
        hits = [
            FinderHit(FREE, each.event, each.event, each.title,
                      f"{format_count(each.free, 'place')}, {short_date(each.first_date)}")
            for each in found[:PEOPLE]
        ]  # fmt: skip
        return hits, len(found)

    def _groups_and_teams(self, things: FoundThings) -> list[FinderHit]:
        hits = [
            FinderHit(TEAM, f"group {each.id}", each.name, "group", format_count(each.members, "member"),
                      command_runs.begin_later(self._screen, command_runs.open_group, each.id))
            for each in things.groups[:OTHERS]
        ]  # fmt: skip
        for each in things.workplaces[:OTHERS]:
            name = each.team or each.organisation
            what = f"team of {each.organisation}" if each.team else "organisation"
            run = command_runs.begin_later(
                self._screen, command_runs.show_people_of, " ".join(filter(None, (each.team, each.organisation)))
            )
            hits.append(FinderHit(TEAM, f"{each.organisation} {each.team}", name, what, "", run))
        return hits


COMMANDS_LISTED, ACTIONS_LISTED = 8, 4
ABOUT_SOMETHING = frozenset({
    CommandScope.EVENT, CommandScope.REGISTER, CommandScope.EVALUATION, CommandScope.PERSON, CommandScope.BOOKING,
})  # fmt: skip
"""The scopes of commands that can be typed together with an event or a person."""


@cache
def catalogue_words() -> tuple[tuple[CatalogueCommand, CommandWords], ...]:
    """Return the commands of the catalogue with the words they are found by."""
    return tuple((each, CommandWords(each.title, each.meaning)) for each in COMMANDS)


def looks_like_a_new_person(text: str) -> bool:
    """Return whether a text is a forename with a surname, or holds an e-mail address."""
    words = [word.strip(",;") for word in text.split()]
    if any("@" in word for word in words):
        return True
    return 2 <= len(words) <= 5 and all(
        word and word[0].isalpha() and all(letter.isalpha() or letter in "-'’." for letter in word) for word in words
    )


def _is_named(people: Sequence[FoundPerson], pieces: Sequence[str]) -> bool:
    """Return whether somebody's name has every piece as a whole word."""
    return any(set(pieces) <= set(each.name.casefold().split()) for each in people)


def _event_hit(line: EventLine) -> FinderHit:
    when = f"{short_date(line.first_date)} {month_heading(line.first_date)[4:] if line.first_date else ''}".strip()
    return FinderHit(EVENT, line.event, line.event, line.title, when)


def _person_hit(person: FoundPerson) -> FinderHit:
    where = f"{'has left ' if person.left else ''}{workplace_cell(person) or person.kind}"
    return FinderHit(PERSON, person.person, person.name, where, person.email)


def _count_hits(things: FoundThings, shown: int, people: int, free: int) -> str:
    """Return `1 event, 1 course, 12 people`; empty where only commands were found."""
    teams = len(things.groups) + len(things.workplaces)
    counted = [
        f"{format_count(free, 'event')} with free places" if free else "",
        format_count(len(things.events), "event") if things.events else "",
        format_count(len(things.courses), "course") if things.courses else "",
        format_count(len(things.venues), "venue") if things.venues else "",
        format_count(teams, "group or team", "groups and teams") if teams else "",
        shown_of_total(shown, people, people_queries.MANY, "person", "people") if people else "",
    ]
    return ", ".join(filter(None, counted))
