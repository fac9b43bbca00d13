"""The dialog that records a reply to invitations given by telephone or in person."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.base.text import format_count, format_date, format_times
from csc_tui.core.mail import replies
from csc_tui.core.mail.replies import SpokenReply
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError
from db.records.calendar import Session


@dataclass(frozen=True, slots=True)
class ReplyChoice:
    key: str
    title: str
    meaning: str
    word: str
    why_not: str = ""


ANSWERS = (
    ReplyChoice("y", "Accepted", "will come", "accepted"),
    ReplyChoice("n", "Declined", "will not come; keeps the place", "declined"),
    ReplyChoice("t", "Tentative", "may come", "tentative"),
    ReplyChoice("-", "No answer", "takes back what was noted wrongly", "none"),
)


@dataclass(frozen=True, slots=True)
class ReplySessionChoice:
    key: str
    title: str
    meaning: str
    session: int | None
    why_not: str = ""


async def ask_reply(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask for the reply, and for the session where there are several; preview it and record it."""
    try:
        sessions = await asyncio.to_thread(replies.list_invited_sessions, screen.ctx, reference, person)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return
    if not sessions:
        screen.say(
            f"{name} has no invitation to a session of {reference} to come: none was sent, or it was cancelled.",
            warning=True,
        )
        return
    chosen = await screen.app.push_screen_wait(Menu(f"What did {name} answer for {reference}?", ANSWERS))
    if chosen is None:
        return
    session = None
    if len(sessions) > 1:
        which = await screen.app.push_screen_wait(Menu(f"{chosen.title}: which session?", _which(sessions)))
        if which is None:
            return
        session = which.session
    await proposal.act_on_proposal(
        screen,
        Proposal(
            f"{name} on {reference}: {chosen.title.lower()}?",
            lambda ctx, _: replies.record_spoken_reply(ctx, reference, person, chosen.word, session=session),
            _lines,
            lambda told: _said(told, chosen.word),
            undoable=False,
        ),
    )


def _which(sessions: Sequence[Session]) -> list[ReplySessionChoice]:
    each = [
        ReplySessionChoice(str(one.number) if one.number < 10 else "", f"Session {one.number}",
              f"{format_date(one.date)} {format_times(one.start, one.end)}", one.number)
        for one in sessions
    ]  # fmt: skip
    return [ReplySessionChoice("a", "All of them", format_count(len(sessions), "session"), None), *each]


def _lines(told: Sequence[SpokenReply]) -> list[Pieces]:
    lines: list[Pieces] = [
        [(f"Session {each.session}", "strong"), (f"  {each.before} {glyphs().arrow} {each.after}", "plain")]
        for each in told
    ]
    return [*lines, "", [("Nobody's place and nobody's calendar changes by it.", "muted")]]


def _said(told: Sequence[SpokenReply], word: str) -> str:
    first = told[0]
    numbers = ", ".join(str(each.session) for each in told)
    kept = f" {first.name} keeps the place: x gives it up." if word == "declined" else ""
    sessions = "session" if len(told) == 1 else "sessions"
    return f"{first.name} on {first.event}, {sessions} {numbers}: {first.after}.{kept}"
