"""A change put to the coordinator: shown with its consequences before it is done, and shown again if they changed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from csc_tui.context import Context
from csc_tui.domain.errors import Overridable
from csc_tui.domain.inviting import Due
from csc_tui.screens import drafts
from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.columns import status_letter
from csc_tui.screens.dialogs.base import Dialog
from csc_tui.screens.dialogs.confirm import Confirm
from csc_tui.screens.dialogs.form import Form
from csc_tui.screens.dialogs.reason import AskReason
from csc_tui.services import deciding, drafting
from csc_tui.text import count, label
from csc_tui.widgets.drawing import Piece, Pieces
from csc_tui.widgets.glyphs import glyphs
from db.errors import CscError, Stale
from db.records import Method, Move

Result = TypeVar("Result")
Answer = TypeVar("Answer")

Run = Callable[[Context, str], Result]
"""Does it; the text is the reason that sets a rule aside, where one was needed."""
Ask = Callable[[Answer | None, str], Dialog[Answer]]
"""The question, with what was answered before and what spoke against it."""

WHY_ALL_THE_SAME = ("Agreed with the manager", "Will join late", "Will leave the other event")
NAMED = 6
"""So many people are named in one line of consequences."""


@dataclass(frozen=True)
class Proposal(Generic[Result]):
    """`lines` tells what `run` would do, and may read; `said` what it did. `events` are those whose invitations may
    change; `reason` is shown with the lines; `after` is called when it was done."""

    title: str
    run: Run[Result]
    lines: Callable[[Result], Sequence[Pieces]]
    said: Callable[[Result], str]
    events: Sequence[str] = ()
    reason: str = ""
    undoable: bool = True
    excuses: Sequence[str] = WHY_ALL_THE_SAME
    after: Callable[[], None] = lambda: None


async def carry_out(
    screen: LiveScreen[Found], proposal: Proposal[Result], *, passing: tuple[type[CscError], ...] = ()
) -> str:
    """Preview, confirm and do it; returns the sentence of what stood in the way, if something did.

    Raises what is `passing`, for those who can do more about it than say it.
    """
    override = problem = ""
    while True:
        run = partial(proposal.run, screen.ctx, override)
        try:
            found = await asyncio.to_thread(deciding.preview, screen.ctx, run, proposal.events)
            told = await asyncio.to_thread(proposal.lines, found.result)
        except passing:
            raise
        except Overridable as refusal:
            if override:
                return str(refusal)
            given = await screen.app.push_screen_wait(
                AskReason(f"{proposal.title.rstrip('?')} all the same?", proposal.excuses, explanation=str(refusal))
            )
            if given is None:
                return ""
            override = given
            continue
        except CscError as refusal:
            return str(refusal)
        lines = [*told, *_reason_lines(override or proposal.reason)]
        if proposal.events:  # else nobody's calendar can depend on it
            lines += ["", *invitation_lines(found.invitations)]
        if not await screen.app.push_screen_wait(Confirm(proposal.title, lines, problem=problem)):
            return ""
        try:
            done = await asyncio.to_thread(
                deciding.as_previewed, screen.ctx, run, found.result, undoable=proposal.undoable
            )
        except Stale as changed:
            problem = str(changed)
        except CscError as refusal:
            return str(refusal)
        else:
            screen.say(proposal.said(done))
            proposal.after()
            screen.desk.changed.publish(None)
            return ""


async def ask_and_do(
    screen: LiveScreen[Found], ask: Ask[Answer], propose: Callable[[Answer], Proposal[Result]]
) -> None:
    """Ask until what is answered can be done, or the question is left. What is typed into a form is kept as a draft.

    `propose` may raise CscError for an answer that cannot be understood.
    """
    dialog = ask(None, "")
    if isinstance(dialog, Form):
        await _fill_in(screen, dialog, ask, propose)
        return
    while True:
        given = await screen.app.push_screen_wait(dialog)
        if given is None:
            return
        try:
            problem = await carry_out(screen, propose(given))
        except CscError as refusal:
            problem = str(refusal)
        if not problem:
            return
        dialog = ask(given, problem)


async def _fill_in(
    screen: LiveScreen[Found], form: Any, ask: Callable[[Any, str], Any], propose: Callable[[Any], Proposal[Any]]
) -> None:
    """The same with a form: what was typed is kept as a draft until it is done, and comes back after the preview."""
    what = form.title
    try:
        draft = await drafts.offered(screen, what, what)
    except drafts.Left:
        return
    if draft:
        form = ask({**form.begun, **draft.answers}, "")
    unsaved = draft is not None
    while True:
        form.draft(drafts.keeper(screen, what, {}), unsaved=unsaved)
        given = await screen.app.push_screen_wait(form)
        if given is None:
            break
        unsaved = True
        done: list[Any] = []
        try:
            proposal = propose(given)
            problem = await carry_out(screen, replace(proposal, said=partial(noted, done, proposal.said)))
        except CscError as refusal:
            problem = str(refusal)
        if done:
            break
        form = ask(given, problem)
    await asyncio.to_thread(drafting.drop, screen.ctx, what)


def noted(done: list[Result], said: Callable[[Result], str], result: Result) -> str:
    """What is said of the result, which is noted as done."""
    done.append(result)
    return said(result)


async def put(screen: LiveScreen[Found], proposal: Proposal[Result]) -> None:
    """The same where there is nothing to ask: what stands in the way is said."""
    if sentence := await carry_out(screen, proposal):
        screen.say(sentence, warning=True)


def move_lines(moves: Sequence[Move], *, own: int = 1) -> list[Pieces]:
    """The first `own` moves are what was asked for, the others follow from it."""
    lines: list[Pieces] = [move_line(each) for each in moves[:own]]
    if others := moves[own:]:
        lines += ["", [("Moves up because of it:", "strong")], *map(move_line, others)]
    else:
        lines += ["", [("Nobody moves up.", "muted")]]
    return lines


def move_line(move: Move) -> list[Piece]:
    """`B  Bo Ek  waitlisted → booked`."""
    before = label(move.before) or "not on it"
    return [*status_letter(move.after), (f"  {move.name}", "strong"),
            (f"  {before} {glyphs().arrow} {label(move.after)}", "plain")]  # fmt: skip


def moved_up(moves: Sequence[Move]) -> str:
    """`Di Low is now booked.`"""
    return "; ".join(f"{each.name} is now {label(each.after)}" for each in moves) + "." if moves else "Nobody moved up."


def _reason_lines(reason: str) -> list[Pieces]:
    return ["", [("Reason: ", "muted"), (reason, "plain")]] if reason else []


def invitation_lines(due: Sequence[Due]) -> list[Pieces]:
    """Who is to be told: one line for each kind of invitation that becomes due and its reason."""
    if not due:
        return [[("No invitation becomes due.", "muted")]]
    lines: list[Pieces] = [[("Invitations due because of it:", "strong")]]
    kinds = Counter((each.method, each.reason) for each in due)
    for (method, reason), number in kinds.items():
        kind = "cancellation" if method is Method.CANCEL else "invitation"
        who = list(dict.fromkeys(each.attendee.name for each in due if (each.method, each.reason) == (method, reason)))
        lines.append([(f"{count(number, kind)} ({reason}): ", "plain"), (names(who), "muted")])
    return lines


def names(who: Sequence[str]) -> str:
    """`Bo Ek, Di Low and 4 more`."""
    more = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
    return ", ".join(who[:NAMED]) + more
