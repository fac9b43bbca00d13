"""The finder, which finds people, events, courses, venues and commands from anywhere."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.calendar import agenda
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.shared.columns import (
    EVENT_COLUMNS,
    SESSION_COLUMNS,
    month_heading,
    short_date,
    shown_of_total,
    workplace_cell,
)
from csc_tui.window.shared.data_screen import DataScreen, Found, OpenEvent, OpenPerson, load_or_tell
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.startup import EventLine, FoundPerson, Role, SessionLine

PEOPLE, EVENTS, OTHERS = 40, 12, 6
"""The most of each kind that are listed before another letter narrows them."""
YEAR_AHEAD = 366
"""The days ahead in which sessions at a venue are listed."""
EVENT, COURSE, VENUE, PERSON, COMMAND, NEW = "Events", "Courses", "Venues", "People", "Commands", "Nobody of that name"
"""The kinds of hits, as headings."""


@dataclass(frozen=True, slots=True)
class FinderHit:
    """One hit; `key` opens it, or `run` does it where it is a command."""

    kind: str
    key: str
    name: str
    what: str
    more: str
    run: Callable[[], Any] | None = field(default=None, compare=False)


COLUMNS: tuple[Column[FinderHit], ...] = (
    Column("", lambda hit: [(hit.name, "strong" if hit.kind in (PERSON, NEW) else "accent")], 18, share=2),
    Column("", lambda hit: hit.what, 18, share=3),
    Column("", lambda hit: [(hit.more, "muted")], 16, share=2),
)


def finder_dialog(ctx: Context, text: str = "", commands: Sequence[FinderHit] = ()) -> PickDialog[FinderHit]:
    """Return the dialog that finds by typing."""
    finding = FinderSearch(ctx, commands)
    return PickDialog(
        "Find anything", COLUMNS, lambda hit: f"{hit.kind} {hit.key}", finding.find,
        group=lambda hit: hit.kind, text=text, placeholder="Parts of a name, e-mail, team, event, course, venue, key",
    )  # fmt: skip


def command_hit(title: str, meaning: str, run: Callable[[], Any]) -> FinderHit:
    """Return the hit of a command, found by its name or its meaning."""
    return FinderHit(COMMAND, title, title, meaning, "", run)


async def open_finder(screen: DataScreen[Found], commands: Sequence[FinderHit] = ()) -> None:
    """Find and open something; somebody who was not added after all comes back to what was typed."""
    text = ""
    while picked := await screen.app.push_screen_wait(finder_dialog(screen.ctx, text, commands)):
        text = picked.text
        if await open_hit(screen, picked.row):
            return


async def open_hit(screen: DataScreen[Found], hit: FinderHit) -> bool:
    """Open the hit or do the command; return False where that was left."""
    match hit.kind:
        case "Events":
            screen.post_message(OpenEvent(hit.key))
        case "People":
            screen.post_message(OpenPerson(hit.key))
        case "Courses":
            await _events_of(screen, hit)
        case "Venues":
            await _sessions_at(screen, hit)
        case "Commands" if hit.run:
            screen.app.call_later(hit.run)
        case _:
            from csc_tui.window.people import edit_person  # imported only to add somebody

            return await edit_person.ask_new_person(screen, hit.key)
    return True


async def _events_of(screen: DataScreen[Found], hit: FinderHit) -> None:
    def read() -> list[EventLine]:
        return [line for line in people_queries.list_events(screen.ctx, hit.key) if line.course == hit.key]

    lines = await load_or_tell(screen, read)
    if lines is None:
        return
    listing: Listing[EventLine] = Listing(
        f"{hit.key}  {hit.what}", EVENT_COLUMNS, lambda line: line.event, lines, choosable=True,
        explanation=f"{format_count(len(lines), 'event')} of this course. Enter opens one." if lines else "",
        empty="This course has no events yet.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


async def _sessions_at(screen: DataScreen[Found], hit: FinderHit) -> None:
    try:
        lines = await asyncio.to_thread(
            partial(agenda.list_coming_sessions, screen.ctx, days=YEAR_AHEAD, venue=hit.key)
        )
    except CscError as problem:
        screen.say(word_for_window(problem), warning=True)
        return
    here = [line for line in lines if line.venue == hit.key]
    listing: Listing[SessionLine] = Listing(
        hit.key, SESSION_COLUMNS, lambda line: f"{line.event} {line.session}", here, choosable=True,
        group=lambda line: short_date(line.date),
        explanation=f"{format_count(len(here), 'session')} in the year to come. Enter opens the event." if here else "",
        empty="Nothing is planned here in the year to come.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


def people_to_pick(ctx: Context, text: str) -> tuple[Sequence[FoundPerson], str]:
    """Return the first people found, and a remark on how many there are."""
    found, total = people_queries.search_people(ctx, text, limit=IN_A_LIST)
    if not found:
        return found, f"Nobody is found for '{text.strip()}'. Try fewer or shorter parts of the name."
    return found, shown_of_total(len(found), total, people_queries.MANY, "person", "people")


IN_A_LIST = 50
"""The most people anybody looks through before typing another letter."""


class FinderSearch:
    """Searches with every key and reads what seldom changes once."""

    def __init__(self, ctx: Context, commands: Sequence[FinderHit] = ()) -> None:
        self._ctx, self._commands = ctx, commands
        self._shelf: people_queries.FinderIndex | None = None

    def find(self, text: str) -> tuple[Sequence[FinderHit], str]:
        """Return the hits, the few events first, and a remark on how many there are; with nobody found, one adds a
        person.
        """
        ctx = self._ctx
        if not text.strip():
            return [], "Type any parts, in any order."
        events = people_queries.list_events(ctx, text)
        if self._shelf is None:
            self._shelf = people_queries.get_finder_index(ctx)
        courses, venues = self._shelf.find(text)
        people, total = people_queries.search_people(ctx, text, limit=PEOPLE)
        hits = [
            FinderHit(
                EVENT,
                each.event,
                each.event,
                each.title,
                f"{short_date(each.first_date)} "
                f"{month_heading(each.first_date)[4:] if each.first_date else ''}".strip(),
            )
            for each in events[:EVENTS]
        ]
        hits += [FinderHit(COURSE, each.code, each.code, each.title, each.strand) for each in courses[:OTHERS]]
        hits += [FinderHit(VENUE, name, name, "venue", "") for name in venues[:OTHERS]]
        hits += [
            FinderHit(
                PERSON,
                each.person,
                each.name,
                f"{'has left ' if each.left else ''}{workplace_cell(each) or each.kind}",
                each.email,
            )
            for each in people
        ]
        hits += _fitting(self._commands, text)[:OTHERS]
        found = bool(hits)
        if not people and ctx.role >= Role.BOOKER:
            hits.append(FinderHit(NEW, text.strip(), f"Add {text.strip()}", "as somebody new", ""))
        if not found:
            return hits, f"Nothing is found for '{text.strip()}'. Try fewer or shorter parts."
        counted = [format_count(len(events), "event")]
        counted += [format_count(len(courses), "course")] if courses else []
        counted += [format_count(len(venues), "venue")] if venues else []
        return (
            hits,
            f"{', '.join(counted)}, {shown_of_total(len(people), total, people_queries.MANY, 'person', 'people')}",
        )


def _fitting(commands: Sequence[FinderHit], text: str) -> list[FinderHit]:
    """Return the commands in whose name, or else in whose meaning, every part begins a word."""
    parts = [f" {part}" for part in text.casefold().split()]
    by_name = [each for each in commands if all(part in f" {each.name}".casefold() for part in parts)]
    return by_name or [each for each in commands if all(part in f" {each.what}".casefold() for part in parts)]
