"""The dialog that records a reply to invitations given by telephone or in person."""

from collections.abc import Sequence
from functools import partial

from csc_tui.base.text import format_count, format_date, format_times
from csc_tui.core.mail import replies
from csc_tui.core.mail.replies import SpokenReply
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.records.calendar import Session

ANSWERS = (
    ValueChoice("y", "Accepted", "will come", "accepted"),
    ValueChoice("n", "Declined", "will not come, but keeps the place", "declined"),
    ValueChoice("t", "Tentative", "may come", "tentative"),
    ValueChoice("-", "No reply", "removes a reply recorded by mistake", "none"),
)


async def ask_reply(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask for the reply, and for the session where there are several; preview it and record it."""
    sessions = await load_or_tell(screen, partial(replies.list_invited_sessions, screen.ctx, reference, person))
    if sessions is None:
        return
    if not sessions:
        screen.say(
            f"{name} has no invitation to a future session of {reference}: none was sent, or it was cancelled.",
            warning=True,
        )
        return
    chosen = await screen.app.push_screen_wait(Menu(f"What did {name} reply for {reference}?", ANSWERS))
    if chosen is None:
        return
    session = None
    if len(sessions) > 1:
        which = await screen.app.push_screen_wait(Menu(f"{chosen.title}: which session?", _session_choices(sessions)))
        if which is None:
            return
        session = which.value
    await proposal.act_on_proposal(
        screen,
        Proposal(
            f"{name} on {reference}: {chosen.title.lower()}?",
            lambda ctx, _: replies.record_spoken_reply(ctx, reference, person, chosen.value, session=session),
            _lines,
            lambda told: _reply_sentence(told, chosen.value),
            undoable=False,
        ),
    )


def _session_choices(sessions: Sequence[Session]) -> list[ValueChoice[int | None]]:
    each = [
        ValueChoice[int | None](str(one.number) if one.number < 10 else "", f"Session {one.number}",
              f"{format_date(one.date)} {format_times(one.start, one.end)}", one.number)
        for one in sessions
    ]  # fmt: skip
    return [ValueChoice[int | None]("a", "All of them", format_count(len(sessions), "session"), None), *each]


def _lines(told: Sequence[SpokenReply]) -> list[Pieces]:
    lines: list[Pieces] = [
        [(f"Session {each.session}", "strong"), (f"  {each.before} {glyphs().arrow} {each.after}", "plain")]
        for each in told
    ]
    return [*lines, "", [("This does not change places or calendars.", "muted")]]


def _reply_sentence(told: Sequence[SpokenReply], word: str) -> str:
    first = told[0]
    numbers = ", ".join(str(each.session) for each in told)
    kept = f" {first.name} keeps the place: x cancels it." if word == "declined" else ""
    sessions = "session" if len(told) == 1 else "sessions"
    return f"{first.name} on {first.event}, {sessions} {numbers}: {first.after}.{kept}"
