"""Booking and cancelling, as the event's and the person's screen both do it: ask, preview, do, say what happened."""

import asyncio
from collections.abc import Sequence

from csc_tui.domain.errors import AlreadyStarted
from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.columns import EVENT_COLUMNS, PERSON_COLUMNS, how_many, status_letter
from csc_tui.screens.dialogs.confirm import Confirm
from csc_tui.screens.dialogs.pick import Pick, Picked
from csc_tui.screens.dialogs.reason import AskReason
from csc_tui.services import enrolling, lookup
from csc_tui.text import count, label
from csc_tui.widgets.drawing import Piece, Pieces
from csc_tui.widgets.glyphs import glyphs
from db.errors import CscError, Stale
from db.records import EventLine, FoundPerson, Move, Outcome

WHY_CANCELLED = ("Illness", "Cannot be released from work", "Moved to another date", "Left the organisation")
WHY_ALL_THE_SAME = ("Agreed with the manager", "Will join late", "Will leave the other event")

IN_A_LIST = 50
"""As many as anybody looks through before typing another letter."""


async def book_somebody(screen: LiveScreen[Found], reference: str) -> None:
    """Find a person and book them on the event."""
    text = problem = ""
    while True:
        picked: Picked[FoundPerson] | None = await screen.app.push_screen_wait(
            Pick(
                f"Book somebody on {reference}", PERSON_COLUMNS, lambda person: person.person,
                lambda typed: _people(screen, typed), text=text, placeholder="Parts of a name, e-mail, team, phone",
                problem=problem,
            )
        )  # fmt: skip
        if picked is None:
            return
        text, problem = picked.text, await book(screen, reference, picked.row.person, picked.row.name)
        if not problem:
            return


async def book_somewhere(screen: LiveScreen[Found], person: str, name: str) -> None:
    """Find an event and book the person on it."""
    text = problem = ""
    while True:
        picked: Picked[EventLine] | None = await screen.app.push_screen_wait(
            Pick(
                f"Book {name} on which event?", EVENT_COLUMNS, lambda line: line.event,
                lambda typed: _events(screen, typed), text=text, placeholder="Parts of an event's name or reference",
                problem=problem,
            )
        )  # fmt: skip
        if picked is None:
            return
        text, problem = picked.text, await book(screen, picked.row.event, person, name)
        if not problem:
            return


def _people(screen: LiveScreen[Found], text: str) -> tuple[Sequence[FoundPerson], str]:
    found, total = lookup.people(screen.ctx, text, limit=IN_A_LIST)
    if not found:
        return found, f"Nobody is found for '{text.strip()}'. Try fewer or shorter parts of the name."
    return found, how_many(len(found), total, lookup.MANY, "person", "people")


def _events(screen: LiveScreen[Found], text: str) -> tuple[Sequence[EventLine], str]:
    found = lookup.free(screen.ctx, text, everything=True)
    if not found:
        return found, f"No event that can be booked fits '{text.strip()}'."
    return found, f"{count(len(found), 'event')} to come; a full one takes a name for its waiting list"


async def book(screen: LiveScreen[Found], reference: str, person: str, name: str) -> str:
    """Preview, confirm and do it; returns the sentence of what stood in the way, if something did."""
    override = problem = ""
    while True:
        try:
            outcomes = await asyncio.to_thread(
                enrolling.enrol, screen.ctx, reference, [person], override=override, dry_run=True
            )
        except (AlreadyStarted, enrolling.Refused) as refusal:
            if override:
                return str(refusal)
            given = await screen.app.push_screen_wait(
                AskReason(f"Book {name} on {reference} all the same?", WHY_ALL_THE_SAME, explanation=str(refusal))
            )
            if given is None:
                return ""
            override = given
            continue
        except CscError as refusal:
            return str(refusal)
        if outcomes[0].outcome == "already":
            return f"{name} is {outcomes[0].reason} on {reference}. Nothing was changed."
        lines = await asyncio.to_thread(_booking_lines, screen, reference, outcomes[0], override)
        if not await screen.app.push_screen_wait(Confirm(f"Book {name} on {reference}?", lines, problem=problem)):
            return ""
        try:
            done = await asyncio.to_thread(
                enrolling.enrol, screen.ctx, reference, [person], override=override, expected=outcomes
            )
        except Stale as changed:
            problem = str(changed)
        except CscError as refusal:
            return str(refusal)
        else:
            screen.say(_booked(done[0], reference))
            screen.desk.changed.publish(None)
            return ""


def _booking_lines(screen: LiveScreen[Found], reference: str, outcome: Outcome, override: str) -> list[Pieces]:
    event = lookup.event_card(screen.ctx, reference).event
    lines: list[Pieces] = [[(event.title, "strong")], ""]
    letter = status_letter(outcome.outcome)
    if outcome.outcome == "booked":
        left = event.free - 1
        after = f"{event.booked + event.offered + 1} of {event.capacity} places taken, {left or 'none'} left"
        lines.append([*letter, (f"  {outcome.name} gets a place", "good"), (f"{glyphs().between}{after}", "plain")])
    elif outcome.outcome == "waitlisted":
        lines.append([*letter, (f"  {outcome.name} joins the waiting list", "warning"),
                      (f" as number {event.waiting + 1}", "plain")])  # fmt: skip
        why = "is full" if not event.free else "has people waiting for its free places"
        lines.append([(f"   {reference} {why}: {event.booked + event.offered} of {event.capacity} taken", "muted")])
    else:
        lines.append([*letter, (f"  {outcome.name}: {label(outcome.outcome)}", "plain")])
    if override:
        lines += ["", [("   Reason: ", "muted"), (override, "plain")]]
    return lines


def _booked(outcome: Outcome, reference: str) -> str:
    if outcome.outcome == "booked":
        return f"{outcome.name} is booked on {reference}."
    if outcome.outcome == "waitlisted":
        return f"{outcome.name} is on the waiting list of {reference}."
    return f"{outcome.name} on {reference}: {label(outcome.outcome)}."


async def cancel(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask why, show who would move up, do it, say who did."""
    reason = problem = ""
    try:  # what cannot be cancelled is said before anybody types a reason
        await asyncio.to_thread(enrolling.cancel, screen.ctx, reference, person, reason="to be asked", dry_run=True)
    except CscError as refusal:
        screen.say(str(refusal), warning=True)
        return
    while True:
        given = await screen.app.push_screen_wait(
            AskReason(f"Cancel {name} on {reference}", WHY_CANCELLED, text=reason, problem=problem)
        )
        if given is None:
            return
        reason = given
        try:
            moves = await asyncio.to_thread(
                enrolling.cancel, screen.ctx, reference, person, reason=reason, dry_run=True
            )
        except CscError as refusal:
            problem = str(refusal)
            continue
        if not await screen.app.push_screen_wait(Confirm(f"Cancel {name} on {reference}?", _move_lines(moves, reason))):
            return
        try:
            done = await asyncio.to_thread(
                enrolling.cancel, screen.ctx, reference, person, reason=reason, expected=moves
            )
        except CscError as refusal:
            problem = str(refusal)
        else:
            screen.say(_cancelled(done, reference))
            screen.desk.changed.publish(None)
            return


def _move_lines(moves: Sequence[Move], reason: str) -> list[Pieces]:
    first, others = moves[0], moves[1:]
    lines: list[Pieces] = [_move_line(first), [("   Reason: ", "muted"), (reason, "plain")], ""]
    if others:
        lines.append([("Moves up because of it:", "strong")])
        lines += [_move_line(each) for each in others]
    else:
        lines.append([("Nobody moves up.", "muted")])
    return lines


def _move_line(move: Move) -> list[Piece]:
    return [*status_letter(move.after), (f"  {move.name}", "strong"),
            (f"  {label(move.before)} {glyphs().arrow} {label(move.after)}", "plain")]  # fmt: skip


def _cancelled(moves: Sequence[Move], reference: str) -> str:
    up = ", ".join(f"{each.name} is now {label(each.after)}" for each in moves[1:])
    return f"{moves[0].name} is off {reference}. {up or 'Nobody moved up'}."
