"""What becomes of a place, as the event's and the person's screen both do it: ask, show what follows, do it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from csc_tui.context import Context
from csc_tui.domain.charging import parse_list
from csc_tui.domain.transitions import Action
from csc_tui.screens import proposing
from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.columns import EVENT_COLUMNS, PERSON_COLUMNS
from csc_tui.screens.dialogs.form import Answers, Field, Form, whole_number
from csc_tui.screens.dialogs.listing import Listing
from csc_tui.screens.dialogs.pick import Pick, Picked
from csc_tui.screens.dialogs.reason import AskReason
from csc_tui.screens.finder import find_people
from csc_tui.screens.proposing import Proposal
from csc_tui.services import enrolling, lookup, makeups
from csc_tui.services.allowing import Refusals
from csc_tui.services.makeups import Chance
from csc_tui.text import count, label, show_date
from csc_tui.widgets.drawing import Pieces
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column
from db.errors import CscError
from db.records import EventLine, FoundPerson, Move, Role

ACTIONS = ("cancel_place", "transfer", "substitute", "agree", "decline", "reorder")
"""What the keys of a screen of places do to the one under the cursor."""


ONE_AT_A_TIME = ("substitute", "reorder")
"""Those of them that make no sense for several people at once."""
BINDINGS: tuple[BindingType, ...] = (
    Binding("x", "cancel_place", "Cancel", id="place.cancel", tooltip="Give up the place under the cursor"),
    Binding("t", "transfer", "Transfer", id="place.transfer", tooltip="Move the person to another event"),
    Binding("s", "substitute", "Substitute", id="place.substitute", tooltip="Give the place to somebody else"),
    Binding("a", "agree", "Approve", id="place.agree", tooltip="Approve the request, or accept the offered place"),
    Binding("d", "decline", "Decline", id="place.decline", tooltip="Decline the request or the offered place"),
)
"""The keys of every screen of places."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on an event, or their wish for one."""

    reference: str
    person: str
    name: str
    status: str

    @property
    def offered(self) -> bool:
        return self.status == "offered"

    def move(self, action: str) -> Action:
        """The move of the table that a key asks for: an offer is accepted and given up, a request approved or not."""
        return {
            "cancel_place": Action.CANCEL,
            "transfer": Action.TRANSFER,
            "substitute": Action.SUBSTITUTE,
            "agree": Action.ACCEPT if self.offered else Action.APPROVE,
            "decline": Action.CANCEL if self.offered else Action.DECLINE,
            "reorder": Action.REORDER,
        }[action]


class PlaceScreen(LiveScreen[Found]):
    """A screen with places on it; its keys are dim from the table of moves."""

    NEEDS: ClassVar = dict.fromkeys(("book", *ACTIONS), Role.BOOKER)

    def place(self) -> Place | None:
        """The one under the cursor."""
        raise NotImplementedError

    def selected(self) -> Sequence[Place]:
        """Those that are selected, where they can be."""
        return ()

    def done(self) -> None:
        """What was asked for those who are selected is done."""

    def refusals(self, place: Place) -> Refusals:
        raise NotImplementedError

    def nothing_pointed_at(self) -> str:
        """What is said where an action needs a place and there is none under the cursor."""
        raise NotImplementedError

    def why_not(self, action: str) -> str:
        sentence = super().why_not(action)
        if sentence or action not in ACTIONS:
            return sentence
        if selected := self.selected():
            if action in ONE_AT_A_TIME:
                return "This is for one person at a time. Escape takes the selection away. Nothing was changed."
            against = [self.why_not_for(action, each) for each in selected]
            return "" if "" in against else against[0]
        place = self.place()
        return self.why_not_for(action, place) if place else self.nothing_pointed_at()

    def why_not_for(self, action: str, place: Place) -> str:
        return self.refusals(place).get(place.move(action), "")

    @work(group="write")
    async def _act(self, action: str, do: Callable[[LiveScreen[Found], str, str, str], Awaitable[None]]) -> None:
        place, selected = self.place(), self.selected()
        if self.refused(action):
            return
        if selected:
            from csc_tui.screens import many_places

            await many_places.act(self, action, selected)
        elif place is not None:
            await do(self, place.reference, place.person, place.name)

    def action_cancel_place(self) -> None:
        self._act("cancel_place", cancel)

    def action_transfer(self) -> None:
        self._act("transfer", transfer)

    def action_substitute(self) -> None:
        self._act("substitute", substitute)

    def action_agree(self) -> None:
        place = self.place()
        self._act("agree", accept if place and place.offered else approve)

    def action_decline(self) -> None:
        self._act("decline", decline)

    def action_reorder(self) -> None:
        self._act("reorder", reorder)


async def copy_addresses(screen: LiveScreen[Found], people: Sequence[str], nobody: str) -> None:
    """Put their addresses into the terminal's clipboard; `nobody` is said where there are none."""
    try:
        found = await asyncio.to_thread(lookup.addresses, screen.ctx, people)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return
    if found:
        screen.app.copy_to_clipboard("; ".join(found))
        screen.say(f"{count(len(found), 'address', 'addresses')} copied, if this terminal lets a program copy.")
    else:
        screen.say(f"{nobody}: there is nothing to copy.", warning=True)


async def cancel(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask why, show who would move up, do it, say who did."""

    def propose(reason: str) -> Proposal[list[Move]]:
        return Proposal(
            f"Cancel {name} on {reference}?",
            lambda ctx, _: enrolling.cancel(ctx, reference, person, reason=reason),
            proposing.move_lines,
            lambda moves: f"{moves[0].name} is off {reference}. {proposing.moved_up(moves[1:])}",
            [reference],
            reason,
        )

    await proposing.ask_and_do(screen, ask_why(screen, f"Cancel {name} on {reference}"), propose)


def ask_why(screen: LiveScreen[Found], title: str) -> proposing.Ask[str]:
    """The reasons of the policy, or her own words."""
    offered = [each.capitalize() for each in parse_list(screen.ctx.policy["cancel_reasons"])]
    return lambda reason, problem: AskReason(title, offered, text=reason or "", problem=problem)


async def transfer(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Find another event, of the same course first, and move the person there."""
    course = (await asyncio.to_thread(lookup.event_card, screen.ctx, reference)).event.course

    def propose(picked: Picked[EventLine]) -> Proposal[list[Move]]:
        to = picked.row.event
        return Proposal(
            f"Transfer {name} from {reference} to {to}?",
            lambda ctx, override: enrolling.transfer(ctx, reference, person, to, override=override),
            lambda moves: [
                [(f"On {reference}", "strong")], proposing.move_line(moves[0]),
                [(f"On {to}", "strong")], *proposing.move_lines(moves[1:]),
            ],
            lambda moves: f"{name} is on {to} now, not on {reference}. {proposing.moved_up(moves[2:])}",
            [reference, to],
        )  # fmt: skip

    title = f"Transfer {name} from {reference} to which event?"
    await proposing.ask_and_do(screen, ask_where_to(screen, title, reference, course), propose)


def ask_where_to(
    screen: LiveScreen[Found], title: str, reference: str, course: str
) -> proposing.Ask[Picked[EventLine]]:
    """Other events with a place, those of the course first."""

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        found = [line for line in lookup.free(screen.ctx, text) if line.event != reference]
        if not found:
            return found, f"No event with a free place fits '{text.strip()}'."
        return sorted(found, key=lambda line: line.course != course), f"{count(len(found), 'event')} with a free place"

    def ask(before: Picked[EventLine] | None, problem: str) -> Pick[EventLine]:
        return Pick(
            title, EVENT_COLUMNS, lambda line: line.event, find,
            group=lambda line: "The same course" if line.course == course else "Other courses",
            text=before.text if before else "", placeholder="Parts of an event's name or reference", problem=problem,
        )  # fmt: skip

    return ask


async def substitute(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Find somebody else for the place."""

    def ask(before: Picked[FoundPerson] | None, problem: str) -> Pick[FoundPerson]:
        return Pick(
            f"Who takes the place of {name} on {reference}?", PERSON_COLUMNS, lambda found: found.person,
            partial(find_people, screen.ctx), text=before.text if before else "",
            placeholder="Parts of a name, e-mail, team, phone", problem=problem,
        )  # fmt: skip

    def propose(picked: Picked[FoundPerson]) -> Proposal[list[Move]]:
        coming = picked.row
        return Proposal(
            f"{coming.name} instead of {name} on {reference}?",
            lambda ctx, override: enrolling.substitute(ctx, reference, person, coming.person, override=override),
            _plain_moves,
            lambda _: f"{coming.name} has the place of {name} on {reference}.",
            [reference],
        )

    await proposing.ask_and_do(screen, ask, propose)


async def approve(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Say yes to a request."""
    title = f"Approve the request of {name} for {reference}?"
    await _settle(screen, title, enrolling.approve, reference, person, name)


async def accept(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Take a place that was offered."""
    title = f"{name} takes the place offered on {reference}?"
    await _settle(screen, title, enrolling.accept, reference, person, name)


async def _settle(
    screen: LiveScreen[Found],
    title: str,
    how: Callable[[Context, str, str], list[Move]],
    reference: str,
    person: str,
    name: str,
) -> None:
    proposal: Proposal[list[Move]] = Proposal(
        title,
        lambda ctx, _: how(ctx, reference, person),
        _plain_moves,
        lambda moves: f"{name} is {label(moves[0].after)} on {reference}.",
        [reference],
    )
    await proposing.put(screen, proposal)


async def decline(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Say no to a request, or turn down a place that was offered."""

    def propose(reason: str) -> Proposal[list[Move]]:
        return Proposal(
            f"Decline for {name} on {reference}?",
            lambda ctx, _: enrolling.decline(ctx, reference, person, reason=reason),
            proposing.move_lines,
            lambda moves: f"{name} is {label(moves[0].after)} on {reference}. {proposing.moved_up(moves[1:])}",
            [reference],
            reason,
        )

    await proposing.ask_and_do(screen, ask_why(screen, f"Decline for {name} on {reference}"), propose)


async def reorder(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask for another place in the queue, and why."""
    fields = (
        Field("place", "Place in the queue", hint="1 is the first"),
        Field("reason", "Why", hint="stands in the history"),
    )

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(f"{name} in the queue of {reference}", fields, answers=answers, problem=problem)

    def propose(answers: Answers) -> Proposal[list[Move]]:
        place, reason = whole_number(answers["place"], "The place"), answers["reason"]
        return Proposal(
            f"Change the place of {name} in the queue of {reference}?",
            lambda ctx, _: enrolling.reorder(ctx, reference, person, place, reason=reason),
            lambda moves: [[(name, "strong"), (f"  {each.before} {glyphs().arrow} {each.after}", "plain")]
                           for each in moves],
            lambda moves: f"{name} has {moves[0].after} in the queue of {reference}.",
            [reference],
            reason,
        )  # fmt: skip

    await proposing.ask_and_do(screen, ask, propose)


async def why_waiting(screen: LiveScreen[Found], reference: str, person: str) -> None:
    """Say why somebody on the waiting list was not promoted."""
    try:
        screen.say(await asyncio.to_thread(enrolling.why_not_promoted, screen.ctx, reference, person))
    except CscError as refusal:
        screen.say(str(refusal), warning=True)


CHANCES: tuple[Column[Chance], ...] = (
    Column("Module", lambda chance: f"{chance.course} {chance.module}", 16, share=2),
    Column("In", lambda chance: [(f"{chance.event} session {chance.session}", "accent")], 18, share=1),
    Column("When", lambda chance: f"{show_date(chance.date)} {chance.start}", 21),
    Column("Where", lambda chance: chance.venue, 14, share=1, from_width=84),
    Column("Free", lambda chance: str(chance.free), 4, right=True),
)


async def make_up(screen: LiveScreen[Found], person: str, name: str) -> None:
    """Choose where the person makes up a module they missed."""
    chances = await asyncio.to_thread(makeups.chances, screen.ctx, person)
    if not chances:
        screen.say(f"{name} has nothing to make up, or no session to come has a free place.", warning=True)
        return

    def ask(_: Chance | None, problem: str) -> Listing[Chance]:
        return Listing(
            f"Where does {name} make up what was missed?", CHANCES,
            lambda chance: f"{chance.event}/{chance.session}", chances, choosable=True, problem=problem,
        )  # fmt: skip

    def propose(chance: Chance) -> Proposal[Chance]:
        where = f"{chance.event} session {chance.session}"
        return Proposal(
            f"{name} makes up {chance.module} in {where}?",
            lambda ctx, override: makeups.join(ctx, person, chance.event, chance.session, override=override),
            lambda seat: [
                [(f"{name} ", "strong"), (f"has a seat in {where} only, on {show_date(seat.date)}.", "plain")],
                [(f"{count(seat.free, 'seat')} left in it after that.", "muted")],
            ],
            lambda _: f"{name} makes up {chance.module} in {where}.",
            [chance.event],
        )

    await proposing.ask_and_do(screen, ask, propose)


async def leave_make_up(screen: LiveScreen[Found], reference: str, session: int, person: str, name: str) -> None:
    """Give back the seat of somebody who was to make up a module."""
    where = f"{reference} session {session}"

    def propose(reason: str) -> Proposal[list[Move]]:
        return Proposal(
            f"{name} gives up the seat in {where}?",
            lambda ctx, _: makeups.leave(ctx, person, reference, session, reason=reason),
            lambda moves: proposing.move_lines(moves, own=0),
            lambda moves: f"{name} is off {where}. {proposing.moved_up(moves)}",
            [reference],
            reason,
        )

    await proposing.ask_and_do(screen, ask_why(screen, f"{name} gives up the seat in {where}"), propose)


def _plain_moves(moves: Sequence[Move]) -> list[Pieces]:
    return [proposing.move_line(each) for each in moves]
