"""Finding anything from anywhere: people, events, courses, venues, and what can be done."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.text import count
from csc_tui.core.calendar import agenda
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.pick import Pick
from csc_tui.window.shared.columns import EVENT_COLUMNS, SESSION_COLUMNS, how_many, month_of, short_date, works_in
from csc_tui.window.shared.screen import Found, LiveScreen, OpenEvent, OpenPerson
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.first_picture import EventLine, FoundPerson, Role, SessionLine

PEOPLE, EVENTS, OTHERS = 40, 12, 6
"""How many of each are listed before another letter narrows them."""
YEAR_AHEAD = 366
"""Days of what is on at a venue."""
EVENT, COURSE, VENUE, PERSON, COMMAND, NEW = "Events", "Courses", "Venues", "People", "Commands", "Nobody of that name"
"""The kinds of what is found, as headings."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found; `key` is what opens it, and `run` does it where it is a command."""

    kind: str
    key: str
    name: str
    what: str
    more: str
    run: Callable[[], Any] | None = field(default=None, compare=False)


COLUMNS: tuple[Column[Hit], ...] = (
    Column("", lambda hit: [(hit.name, "strong" if hit.kind in (PERSON, NEW) else "accent")], 18, share=2),
    Column("", lambda hit: hit.what, 18, share=3),
    Column("", lambda hit: [(hit.more, "muted")], 16, share=2),
)


def finder(ctx: Context, text: str = "", commands: Sequence[Hit] = ()) -> Pick[Hit]:
    """The dialog that finds by typing."""
    finding = Finding(ctx, commands)
    return Pick(
        "Find anything", COLUMNS, lambda hit: f"{hit.kind} {hit.key}", finding.find,
        group=lambda hit: hit.kind, text=text, placeholder="Parts of a name, e-mail, team, event, course, venue, key",
    )  # fmt: skip


def command(title: str, meaning: str, run: Callable[[], Any]) -> Hit:
    """Something to be done, to be found by its name or what it does."""
    return Hit(COMMAND, title, title, meaning, "", run)


async def look(screen: LiveScreen[Found], commands: Sequence[Hit] = ()) -> None:
    """Find and open it; who was to be added and was not comes back to what was typed."""
    text = ""
    while picked := await screen.app.push_screen_wait(finder(screen.ctx, text, commands)):
        text = picked.text
        if await follow(screen, picked.row):
            return


async def follow(screen: LiveScreen[Found], hit: Hit) -> bool:
    """Open what was found, or do it; False where that was left."""
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
            from csc_tui.window.people import edit_person  # only who adds somebody pays for it

            return await edit_person.add(screen, hit.key)
    return True


async def _events_of(screen: LiveScreen[Found], hit: Hit) -> None:
    def read() -> list[EventLine]:
        return [line for line in people_queries.events(screen.ctx, hit.key) if line.course == hit.key]

    try:
        lines = await asyncio.to_thread(read)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return
    listing: Listing[EventLine] = Listing(
        f"{hit.key}  {hit.what}", EVENT_COLUMNS, lambda line: line.event, lines, choosable=True,
        explanation=f"{count(len(lines), 'event')} of this course. Enter opens one." if lines else "",
        empty="This course has no events yet.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


async def _sessions_at(screen: LiveScreen[Found], hit: Hit) -> None:
    try:
        lines = await asyncio.to_thread(partial(agenda.coming, screen.ctx, days=YEAR_AHEAD, venue=hit.key))
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return
    here = [line for line in lines if line.venue == hit.key]
    listing: Listing[SessionLine] = Listing(
        hit.key, SESSION_COLUMNS, lambda line: f"{line.event} {line.session}", here, choosable=True,
        group=lambda line: short_date(line.date),
        explanation=f"{count(len(here), 'session')} in the year to come. Enter opens the event." if here else "",
        empty="Nothing is planned here in the year to come.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


def find_people(ctx: Context, text: str) -> tuple[Sequence[FoundPerson], str]:
    """The first people found, and how many there are."""
    found, total = people_queries.people(ctx, text, limit=IN_A_LIST)
    if not found:
        return found, f"Nobody is found for '{text.strip()}'. Try fewer or shorter parts of the name."
    return found, how_many(len(found), total, people_queries.MANY, "person", "people")


IN_A_LIST = 50
"""As many as anybody looks through before typing another letter."""


class Finding:
    """One search, key by key: what seldom changes is read once."""

    def __init__(self, ctx: Context, commands: Sequence[Hit] = ()) -> None:
        self._ctx, self._commands = ctx, commands
        self._shelf: people_queries.Shelf | None = None

    def find(self, text: str) -> tuple[Sequence[Hit], str]:
        """Events first, for they are few; and a remark on how many there are. Where nobody is found, adding them is."""
        ctx = self._ctx
        if not text.strip():
            return [], "Type any parts, in any order."
        events = people_queries.events(ctx, text)
        if self._shelf is None:
            self._shelf = people_queries.shelf(ctx)
        courses, venues = self._shelf.find(text)
        people, total = people_queries.people(ctx, text, limit=PEOPLE)
        hits = [
            Hit(EVENT, each.event, each.event, each.title,
                f"{short_date(each.first_date)} {month_of(each.first_date)[4:] if each.first_date else ''}".strip())
            for each in events[:EVENTS]
        ]  # fmt: skip
        hits += [Hit(COURSE, each.code, each.code, each.title, each.strand) for each in courses[:OTHERS]]
        hits += [Hit(VENUE, name, name, "venue", "") for name in venues[:OTHERS]]
        hits += [
            Hit(
                PERSON,
                each.person,
                each.name,
                f"{'has left ' if each.left else ''}{works_in(each) or each.kind}",
                each.email,
            )
            for each in people
        ]
        hits += _fitting(self._commands, text)[:OTHERS]
        found = bool(hits)
        if not people and ctx.role >= Role.BOOKER:
            hits.append(Hit(NEW, text.strip(), f"Add {text.strip()}", "as somebody new", ""))
        if not found:
            return hits, f"Nothing is found for '{text.strip()}'. Try fewer or shorter parts."
        counted = [count(len(events), "event")]
        counted += [count(len(courses), "course")] if courses else []
        counted += [count(len(venues), "venue")] if venues else []
        return hits, f"{', '.join(counted)}, {how_many(len(people), total, people_queries.MANY, 'person', 'people')}"


def _fitting(commands: Sequence[Hit], text: str) -> list[Hit]:
    """The commands in whose name, or else in whose meaning, every part begins a word."""
    parts = [f" {part}" for part in text.casefold().split()]
    by_name = [each for each in commands if all(part in f" {each.name}".casefold() for part in parts)]
    return by_name or [each for each in commands if all(part in f" {each.what}".casefold() for part in parts)]
