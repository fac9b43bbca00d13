"""The finder, which finds people, events, courses, venues and commands from anywhere."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from csc_tui.base.text import format_count
from csc_tui.core.calendar import agenda
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.finder_search import COURSE, EVENT, FREE, NEW, PERSON, VENUE, FinderHit, FinderSearch, ScreenCommand
from csc_tui.window.shared.columns import EVENT_COLUMNS, SESSION_COLUMNS, short_date
from csc_tui.window.shared.data_screen import DataScreen, Found, OpenEvent, OpenPerson, load_or_tell
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.startup import EventLine, SessionLine

YEAR_AHEAD = 366
"""The days ahead in which sessions at a venue are listed."""
COLUMNS: tuple[Column[FinderHit], ...] = (
    Column("", lambda hit: [(hit.name, "strong" if hit.kind in (PERSON, NEW) else "accent")], 18, share=2),
    Column("", lambda hit: hit.what, 18, share=3),
    Column("", lambda hit: [(hit.more, "muted")], 16, share=2),
)


def finder_dialog(
    screen: DataScreen[Any], text: str = "", commands: Sequence[ScreenCommand] = ()
) -> PickDialog[FinderHit]:
    """Return the dialog that finds by typing."""
    finding = FinderSearch(screen, commands)
    return PickDialog(
        "Find anything", COLUMNS, lambda hit: f"{hit.kind} {hit.key}", finding.find,
        group=lambda hit: hit.kind, text=text, placeholder="A name, team, event, venue, month or command",
    )  # fmt: skip


async def open_finder(screen: DataScreen[Found], commands: Sequence[ScreenCommand] = ()) -> None:
    """Find and open something; a new person who was not added after all comes back to what was typed."""
    text = ""
    while picked := await screen.app.push_screen_wait(finder_dialog(screen, text, commands)):
        text = picked.text
        if await open_hit(screen, picked.row):
            return


async def open_hit(screen: DataScreen[Found], hit: FinderHit) -> bool:
    """Open the hit or do the command; return False where that was left."""
    if hit.run:
        screen.app.call_later(hit.run)
    elif hit.kind in (EVENT, FREE):
        screen.post_message(OpenEvent(hit.key))
    elif hit.kind == PERSON:
        screen.post_message(OpenPerson(hit.key))
    elif hit.kind == COURSE:
        await _events_of(screen, hit)
    elif hit.kind == VENUE:
        await _sessions_at(screen, hit)
    else:
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
