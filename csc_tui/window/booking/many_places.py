"""Changes of several places of one event: one question, one preview, one step to undo."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import place_dialogs
from csc_tui.window.booking.place_dialogs import Place
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces
from db.records.booking import StatusChange
from db.records.startup import EventLine

Moved = Callable[[Context, Place, str], list[StatusChange]]
"""Changes one place and returns the moves: its own first, then those of people who move up."""


async def act_on_places(
    screen: DataScreen[Found], action: str, refused: Mapping[Place, str], done: Callable[[], None]
) -> None:
    """Preview and make a change of every place that allows it, naming the others.

    `refused` has each selected place and why it is refused, or nothing; `done` is called once the change is made.
    """
    allowed = [place for place, why_not in refused.items() if not why_not]
    left_out = [(place.name, why_not) for place, why_not in refused.items() if why_not]
    reference, who = next(iter(refused)).reference, format_count(len(allowed), "person", "people")
    propose = partial(_proposal, done, allowed, left_out)
    match action:
        case "cancel_place":
            title = f"Cancel {who} on {reference}"
            # People who only wait are cancelled first, or one of them might move up before leaving the list.
            allowed.sort(key=lambda each: each.status != "waitlisted")
            await proposal.ask_until_done(
                screen, place_dialogs.reason_question(screen, title),
                lambda reason: propose(
                    f"{title}?", partial(_cancel, reason), f"{who} cancelled on {reference}", reason=reason
                ),
            )  # fmt: skip
        case "decline":
            title = f"Decline {who} on {reference}"
            await proposal.ask_until_done(
                screen, place_dialogs.reason_question(screen, title),
                lambda reason: propose(
                    f"{title}?", partial(_decline, reason), f"{who} declined", reason=reason
                ),
            )  # fmt: skip
        case "agree":
            await proposal.act_on_proposal(
                screen,
                propose(
                    f"Approve or accept {who} on {reference}?", _agree, f"{who} approved or accepted on {reference}"
                ),
            )
        case "transfer":
            course = (await asyncio.to_thread(people_queries.get_event_card, screen.ctx, reference)).event.course
            title = f"Transfer {who} from {reference} to"
            await proposal.ask_until_done(
                screen, place_dialogs.target_event_question(screen, f"{title} which event?", reference, course),
                lambda picked: propose(
                    f"{title} {picked.row.event}?", partial(_transfer, picked.row),
                    f"{who} moved to {picked.row.event}",
                ),
            )  # fmt: skip


def _proposal(
    done: Callable[[], None],
    allowed: Sequence[Place],
    left_out: Sequence[tuple[str, str]],
    title: str,
    do: Moved,
    said: str,
    *,
    reason: str = "",
) -> Proposal[list[list[StatusChange]]]:
    def lines(found: Sequence[Sequence[StatusChange]]) -> list[Pieces]:
        own = [moves[0] for moves in found]
        others = [move for moves in found for move in moves[1:] if move.person not in {each.person for each in own}]
        told = proposal.move_lines([*own, *others], own=len(own))
        if left_out:
            told += ["", [(f"Not changed, {format_count(len(left_out), 'person', 'people')}:", "warning")]]
            told += [[(f"   {name}  ", "plain"), (why, "muted")] for name, why in left_out]
        return told

    return Proposal(
        title,
        lambda ctx, override: [do(ctx, each, override) for each in allowed],
        lines,
        lambda found: f"{said}. {proposal.moved_up_sentence([move for moves in found for move in _risen(moves)])}",
        reason=reason,
        after=done,
    )


def _risen(moves: Sequence[StatusChange]) -> Sequence[StatusChange]:
    """Return the moves of other people, because a transfer has a second move of the same person."""
    return [each for each in moves[1:] if each.person != moves[0].person]


def _cancel(reason: str, ctx: Context, place: Place, _: str) -> list[StatusChange]:
    return booking_actions.cancel_place(ctx, place.reference, place.person, reason=reason)


def _decline(reason: str, ctx: Context, place: Place, _: str) -> list[StatusChange]:
    return booking_actions.decline_place(ctx, place.reference, place.person, reason=reason)


def _agree(ctx: Context, place: Place, override: str) -> list[StatusChange]:
    if place.offered:
        return booking_actions.accept_offer(ctx, place.reference, place.person)
    return booking_actions.approve_request(ctx, place.reference, place.person, override=override)


def _transfer(to: EventLine, ctx: Context, place: Place, override: str) -> list[StatusChange]:
    return booking_actions.transfer_person(ctx, place.reference, place.person, to.event, override=override)
