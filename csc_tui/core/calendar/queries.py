"""The calendar and the list of events, narrowed by typed words.

The words may be of a strand, course, event, venue, facilitator or state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from csc_tui.base.context import Context
from csc_tui.base.text import status_label
from csc_tui.core.people import queries as people_queries
from db import calendar, catalogue
from db.engine import search as engine_search
from db.engine.connection import read_transaction
from db.errors import WrongUse
from db.records.startup import EventLine, SessionLine

FIELDS = ("strand", "course", "event", "venue", "with", "state")
"""The fields that may stand before a colon, as in `venue:town with:ty`; a word without one may be of any field."""

PARTS = ("strand", "course", "venue", "with")
"""The fields that choose a part of the programme, as reports do."""

Words = Mapping[str, str]
"""Field -> its folded words, each with a blank before it."""


@dataclass(frozen=True)  # without slots, because cached properties need a __dict__
class CalendarPeriod:
    """The sessions and events of a period, and the search among them.

    `facilitators` maps (event, session number) to names; `about` maps a course to its strand's code and name, and its
    title.
    """

    sessions: list[SessionLine]
    events: list[EventLine]
    facilitators: Mapping[tuple[str, int], tuple[str, ...]]
    about: Mapping[str, tuple[str, str, str]]

    def sessions_of(self, text: str) -> list[SessionLine]:
        """Return the sessions that match the typed text. Raises WrongUse for an unknown field."""
        if not text.strip():
            return self.sessions
        fits = parse_word_filter(text)
        return [each for each in self.sessions if fits(self._session_words[each.event, each.session])]

    def events_of(self, text: str) -> list[EventLine]:
        """Return the events of which the event itself or a session matches the typed text.

        Raises WrongUse for an unknown field.
        """
        if not text.strip():
            return self.events
        fits = parse_word_filter(text)
        return [each for each in self.events if fits(self._event_words[each.event])]

    @cached_property
    def _session_words(self) -> Mapping[tuple[str, int], Words]:
        return {(each.event, each.session): _of_session(each, self.about, self.facilitators) for each in self.sessions}

    @cached_property
    def _event_words(self) -> Mapping[str, Words]:
        found = {each.event: dict(_of_event(each, self.about)) for each in self.events}
        for (reference, _), words in self._session_words.items():
            if reference in found:
                for field in ("venue", "with"):
                    found[reference][field] += words[field]
        return found

    def parts_of(self, text: str) -> tuple[dict[str, str], list[str]]:
        """Return the typed text as strand, course, venue and facilitator, by PARTS, and the words that are none.

        A word stands for the value that all the sessions it leaves have in common. Raises WrongUse for an unknown
        field.
        """
        sessions = self.sessions_of(text)
        parts: dict[str, str] = {}
        others = []
        # After a colon the word is still to be typed.
        for typed in [each for each in text.split() if not each.endswith(":")]:
            field, colon, rest = typed.partition(":")
            for part in [each for each in PARTS if not colon or each == field.casefold()]:
                fits = parse_word_filter(typed)
                found = [
                    {value for value, words in self._values(part, line) if fits({part: words})} for line in sessions
                ]
                values = set().union(*found)
                if part == "venue" and colon and values and all(rest.casefold() in each.casefold() for each in values):
                    # For several venues the typed text stands, because their names share it.
                    values = {rest} if len(values) > 1 else values
                if len(values) == 1 and all(found) and parts.get(part, *values) in values:
                    parts[part] = values.pop()
                    break
            else:
                others.append(typed)
        return parts, others

    def scope_of(self, text: str) -> dict[str, str]:
        """Return the typed text as a scope of reports, with the words that fit none as `others`.

        Empty for an unknown field.
        """
        try:
            parts, others = self.parts_of(text)
        except WrongUse:
            return {}
        scope = {"facilitator" if part == "with" else part: value for part, value in parts.items()}
        return scope | ({"others": " ".join(others)} if others else {})

    def _values(self, part: str, line: SessionLine) -> Iterable[tuple[str, str]]:
        """Yield the values that a session has for a part, each with its words."""
        strand, strand_name, title = self.about[line.course]
        match part:
            case "strand":
                yield strand, _folded(strand, strand_name)
            case "course":
                yield line.course, _folded(line.course, title)
            case "venue":
                yield line.venue, _folded(line.venue)
            case "with":
                for name in self.facilitators.get((line.event, line.session), ()):
                    yield name, _folded(name)


def get_calendar_period(ctx: Context, first: date, last: date) -> CalendarPeriod:
    """Return every session and every event of a period; sessions to be confirmed come last."""
    sessions = people_queries.list_sessions_between(ctx, first, last, undated=True)
    events = people_queries.list_events(ctx, first=first, last=last)
    with read_transaction():
        return CalendarPeriod(
            sessions, events, calendar.fetch_facilitator_names(first, last), catalogue.fetch_course_names()
        )


def parse_word_filter(text: str) -> Callable[[Words], bool]:
    """Return a function that tells whether every typed word begins a word of a thing.

    Raises WrongUse for an unknown field.
    """
    wanted: list[tuple[str, str]] = []
    for typed in text.split():
        field, colon, rest = typed.partition(":")
        if colon and field.casefold() not in FIELDS:
            raise WrongUse(
                f"You cannot filter by '{field}:'. You can filter by {', '.join(each + ':' for each in FIELDS)}."
            )
        wanted += [
            (field.casefold() if colon else "", piece)
            for piece in engine_search.split_fragments(rest if colon else typed)
        ]
    if not wanted:
        begun = all(typed.endswith(":") for typed in text.split())  # after a colon the word is still to be typed
        return lambda _: begun

    def fits(words: Words) -> bool:
        return all(
            f" {piece}" in words[field] if field else any(f" {piece}" in each for each in words.values())
            for field, piece in wanted
        )

    return fits


def _of_session(
    line: SessionLine,
    about: Mapping[str, tuple[str, str, str]],
    led: Mapping[tuple[str, int], tuple[str, ...]],
) -> Words:
    strand, strand_name, title = about[line.course]
    return {
        "strand": _folded(strand, strand_name),
        "course": _folded(line.course, title),
        "event": _folded(line.event, line.title, line.module),
        "venue": _folded(line.venue, line.room),
        "with": _folded(*led.get((line.event, line.session), ())),
        "state": _folded(status_label(line.state)),
    }


def _of_event(line: EventLine, about: Mapping[str, tuple[str, str, str]]) -> Iterable[tuple[str, str]]:
    strand, strand_name, title = about[line.course]
    yield "strand", _folded(strand, strand_name)
    yield "course", _folded(line.course, title)
    yield "event", _folded(line.event, line.title)
    yield "venue", ""
    yield "with", ""
    yield "state", _folded(status_label(line.state))


@lru_cache(maxsize=4096)
def _folded(*texts: str) -> str:
    """Return the words of some texts without accents and case, each with a blank before it."""
    return "".join(f" {word}" for word in engine_search.searchable_words(texts))
