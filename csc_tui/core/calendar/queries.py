"""Narrowing the calendar and the list of events by what is typed: words of strand, course, event, venue, facilitator
and state, in any order."""

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
"""What can stand before a colon: `venue:town with:ty`; without one a word may be of any of them."""

PARTS = ("strand", "course", "venue", "with")
"""Those of them that are a part of the programme, which others may want to have alone."""

Words = Mapping[str, str]
"""Field -> its folded words, each with a blank before it."""


@dataclass(frozen=True)  # without slots: the words are kept once somebody has typed
class CalendarPeriod:
    """The sessions and events of a stretch of time, and what finds them.

    `facilitators` are by (event, session number), `about` is by course: its strand's code and name, and its title.
    """

    sessions: list[SessionLine]
    events: list[EventLine]
    facilitators: Mapping[tuple[str, int], tuple[str, ...]]
    about: Mapping[str, tuple[str, str, str]]

    def sessions_of(self, text: str) -> list[SessionLine]:
        """The sessions that fit what was typed. Raises WrongUse for a field there is not."""
        if not text.strip():
            return self.sessions
        fits = parse_word_filter(text)
        return [each for each in self.sessions if fits(self._session_words[each.event, each.session])]

    def events_of(self, text: str) -> list[EventLine]:
        """The events that fit, by any of their sessions. Raises WrongUse for a field there is not."""
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
        """What was typed as a strand, course, venue and facilitator, by PARTS, and the words that stand for none.

        A word stands for what all that it leaves has in common. Raises WrongUse for a field there is not.
        """
        sessions = self.sessions_of(text)
        parts: dict[str, str] = {}
        others = []
        for typed in [each for each in text.split() if not each.endswith(":")]:  # whose word is still to be typed
            field, colon, rest = typed.partition(":")
            for part in [each for each in PARTS if not colon or each == field.casefold()]:
                fits = parse_word_filter(typed)
                found = [
                    {value for value, words in self._values(part, line) if fits({part: words})} for line in sessions
                ]
                values = set().union(*found)
                if part == "venue" and colon and values and all(rest.casefold() in each.casefold() for each in values):
                    values = {rest} if len(values) > 1 else values  # several venues go by what their names share
                if len(values) == 1 and all(found) and parts.get(part, *values) in values:
                    parts[part] = values.pop()
                    break
            else:
                others.append(typed)
        return parts, others

    def scope_of(self, text: str) -> dict[str, str]:
        """The same as a part of the programme is asked for, with the words that stand for none as `others`; nothing
        where a field is not known."""
        try:
            parts, others = self.parts_of(text)
        except WrongUse:
            return {}
        scope = {"facilitator" if part == "with" else part: value for part, value in parts.items()}
        return scope | ({"others": " ".join(others)} if others else {})

    def _values(self, part: str, line: SessionLine) -> Iterable[tuple[str, str]]:
        """What the session has of this part, each with its words."""
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
    """Every session from first to last, those to be confirmed last, and every event that begins in that time."""
    sessions = people_queries.list_sessions_between(ctx, first, last, undated=True)
    events = people_queries.list_events(ctx, first=first, last=last)
    with read_transaction():
        return CalendarPeriod(
            sessions, events, calendar.fetch_facilitator_names(first, last), catalogue.fetch_course_names()
        )


def parse_word_filter(text: str) -> Callable[[Words], bool]:
    """Whether every word typed begins a word of the thing. Raises WrongUse for a field there is not."""
    wanted: list[tuple[str, str]] = []
    for typed in text.split():
        field, colon, rest = typed.partition(":")
        if colon and field.casefold() not in FIELDS:
            raise WrongUse(
                f"There is no '{field}:' to narrow by; there are {', '.join(each + ':' for each in FIELDS)}."
            )
        wanted += [
            (field.casefold() if colon else "", piece)
            for piece in engine_search.split_fragments(rest if colon else typed)
        ]
    if not wanted:
        begun = all(typed.endswith(":") for typed in text.split())  # its word is still to be typed
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
    return "".join(f" {word}" for word in engine_search.searchable_words(texts))
