"""What becomes of several places of one event at once: one question, one preview, one step that can be taken back."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from csc_tui.context import Context
from csc_tui.screens import places, proposing
from csc_tui.screens.base import Found
from csc_tui.screens.places import Place, PlaceScreen
from csc_tui.screens.proposing import Proposal
from csc_tui.services import enrolling, lookup
from csc_tui.text import count
from csc_tui.widgets.drawing import Pieces
from db.records import EventLine, Move

Moved = Callable[[Context, Place], list[Move]]
"""Does it for one of them: first their own move, then whoever moves up."""


async def act(screen: PlaceScreen[Found], action: str, selected: Sequence[Place]) -> None:
    """Do it for all of whom it is allowed, after a look that names the others."""
    allowed = [each for each in selected if not screen.why_not_for(action, each)]
    left_out = [(each.name, screen.why_not_for(action, each)) for each in selected if each not in allowed]
    reference, who = selected[0].reference, count(len(allowed), "person", "people")
    propose = partial(_proposal, screen, allowed, left_out)
    match action:
        case "cancel_place":
            title = f"Cancel {who} on {reference}"
            # Who only waits goes first, lest somebody moves up who is about to leave the list.
            allowed.sort(key=lambda each: each.status != "waitlisted")
            await proposing.ask_and_do(
                screen, places.ask_why(screen, title),
                lambda reason: propose(
                    f"{title}?", partial(_cancel, reason), f"{who} off {reference}", events=[reference], reason=reason
                ),
            )  # fmt: skip
        case "decline":
            title = f"Decline for {who} on {reference}"
            await proposing.ask_and_do(
                screen, places.ask_why(screen, title),
                lambda reason: propose(
                    f"{title}?", partial(_decline, reason), f"{who} declined", events=[reference], reason=reason
                ),
            )  # fmt: skip
        case "agree":
            await proposing.put(
                screen, propose(f"Approve or accept for {who} on {reference}?", _agree, f"{who} on {reference} settled",
                                events=[reference]),
            )  # fmt: skip
        case "transfer":
            course = (await asyncio.to_thread(lookup.event_card, screen.ctx, reference)).event.course
            title = f"Transfer {who} from {reference} to"
            await proposing.ask_and_do(
                screen, places.ask_where_to(screen, f"{title} which event?", reference, course),
                lambda picked: propose(
                    f"{title} {picked.row.event}?", partial(_transfer, picked.row),
                    f"{who} moved to {picked.row.event}", events=[reference, picked.row.event],
                ),
            )  # fmt: skip


def _proposal(
    screen: PlaceScreen[Found],
    allowed: Sequence[Place],
    left_out: Sequence[tuple[str, str]],
    title: str,
    do: Moved,
    said: str,
    *,
    events: Sequence[str],
    reason: str = "",
) -> Proposal[list[list[Move]]]:
    def lines(found: Sequence[Sequence[Move]]) -> list[Pieces]:
        own = [moves[0] for moves in found]
        others = [move for moves in found for move in moves[1:] if move.person not in {each.person for each in own}]
        told = proposing.move_lines([*own, *others], own=len(own))
        if left_out:
            told += ["", [(f"Left out, {count(len(left_out), 'person', 'people')}:", "warning")]]
            told += [[(f"   {name}  ", "plain"), (why, "muted")] for name, why in left_out]
        return told

    return Proposal(
        title,
        lambda ctx, _: [do(ctx, each) for each in allowed],
        lines,
        lambda found: f"{said}. {proposing.moved_up([move for moves in found for move in _risen(moves)])}",
        events,
        reason,
        after=screen.done,
    )


def _risen(moves: Sequence[Move]) -> Sequence[Move]:
    """Who moved up because of it; a transfer has a second move of the same person."""
    return [each for each in moves[1:] if each.person != moves[0].person]


def _cancel(reason: str, ctx: Context, place: Place) -> list[Move]:
    return enrolling.cancel(ctx, place.reference, place.person, reason=reason)


def _decline(reason: str, ctx: Context, place: Place) -> list[Move]:
    return enrolling.decline(ctx, place.reference, place.person, reason=reason)


def _agree(ctx: Context, place: Place) -> list[Move]:
    settle = enrolling.accept if place.offered else enrolling.approve
    return settle(ctx, place.reference, place.person)


def _transfer(to: EventLine, ctx: Context, place: Place) -> list[Move]:
    return enrolling.transfer(ctx, place.reference, place.person, to.event)
