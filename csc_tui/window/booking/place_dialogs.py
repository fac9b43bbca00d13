"""Dialogs that change one person's place, from the event and from the person: ask, preview, confirm."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date, status_label
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.booking.charges import parse_comma_list
from csc_tui.core.booking.makeups import MakeUpSession
from csc_tui.core.booking.transitions import EnrolmentAction
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.form import Answers, Form, FormField, typed_whole_number
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.columns import EVENT_COLUMNS, PERSON_COLUMNS
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.people_search import people_to_pick
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.booking import StatusChange
from db.records.startup import EventLine, FoundPerson


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on an event, or their request for one."""

    reference: str
    person: str
    name: str
    status: str

    @property
    def offered(self) -> bool:
        return self.status == "offered"

    def move(self, action: str) -> EnrolmentAction:
        """Return the move that a key asks for: offers are accepted or given up, requests approved or declined."""
        return {
            "cancel_place": EnrolmentAction.CANCEL,
            "transfer": EnrolmentAction.TRANSFER,
            "substitute": EnrolmentAction.SUBSTITUTE,
            "agree": EnrolmentAction.ACCEPT if self.offered else EnrolmentAction.APPROVE,
            "decline": EnrolmentAction.CANCEL if self.offered else EnrolmentAction.DECLINE,
            "reorder": EnrolmentAction.REORDER,
        }[action]


async def copy_addresses(screen: DataScreen[Found], people: Sequence[str], nobody: str) -> None:
    """Copy the people's addresses to the terminal's clipboard; `nobody` is said where there are none."""
    found = await load_or_tell(screen, partial(people_queries.list_addresses, screen.ctx, people))
    if found is None:
        return
    if found:
        screen.app.copy_to_clipboard("; ".join(found))
        screen.say(f"{format_count(len(found), 'address', 'addresses')} copied, if this terminal lets a program copy.")
    else:
        screen.say(f"{nobody}: there is nothing to copy.", warning=True)


async def ask_place_cancellation(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask why, preview who would move up, cancel the place and say who moved up."""

    def propose(reason: str) -> Proposal[list[StatusChange]]:
        return Proposal(
            f"Cancel {name} on {reference}?",
            lambda ctx, _: booking_actions.cancel_place(ctx, reference, person, reason=reason),
            shared_proposal.move_lines,
            lambda moves: (
                f"{moves[0].name} is no longer on {reference}. {shared_proposal.moved_up_sentence(moves[1:])}"
            ),
            reason=reason,
        )

    await shared_proposal.ask_until_done(screen, reason_question(screen, f"Cancel {name} on {reference}"), propose)


def reason_question(screen: DataScreen[Found], title: str) -> shared_proposal.Ask[str]:
    """Return the question for a reason, with those of the policy offered."""
    offered = [each.capitalize() for each in parse_comma_list(screen.ctx.policy["cancel_reasons"])]
    return lambda reason, problem: ReasonDialog(title, offered, text=reason or "", problem=problem)


async def ask_transfer(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask for another event, of the same course first, and move the person there."""
    course = (await asyncio.to_thread(people_queries.get_event_card, screen.ctx, reference)).event.course

    def propose(picked: PickedRow[EventLine]) -> Proposal[list[StatusChange]]:
        to = picked.row.event
        return Proposal(
            f"Transfer {name} from {reference} to {to}?",
            lambda ctx, override: booking_actions.transfer_person(ctx, reference, person, to, override=override),
            lambda moves: [
                [(f"On {reference}", "strong")], shared_proposal.move_line(moves[0]),
                [(f"On {to}", "strong")], *shared_proposal.move_lines(moves[1:]),
            ],
            lambda moves: (
                f"{name} is now on {to}, no longer on {reference}. {shared_proposal.moved_up_sentence(moves[2:])}"
            ),
        )  # fmt: skip

    title = f"Transfer {name} from {reference} to which event?"
    await shared_proposal.ask_until_done(screen, target_event_question(screen, title, reference, course), propose)


def target_event_question(
    screen: DataScreen[Found], title: str, reference: str, course: str
) -> shared_proposal.Ask[PickedRow[EventLine]]:
    """Return the question for another event with a free place, those of the course first."""

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        found = [line for line in people_queries.list_bookable_events(screen.ctx, text) if line.event != reference]
        if not found:
            return found, f"No event with a free place matches '{text.strip()}'."
        return sorted(
            found, key=lambda line: line.course != course
        ), f"{format_count(len(found), 'event')} with a free place"

    def ask(before: PickedRow[EventLine] | None, problem: str) -> PickDialog[EventLine]:
        return PickDialog(
            title, EVENT_COLUMNS, lambda line: line.event, find,
            group=lambda line: "The same course" if line.course == course else "Other courses",
            text=before.text if before else "", placeholder="Parts of an event's name or reference", problem=problem,
        )  # fmt: skip

    return ask


async def ask_substitute(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask who takes over the place, and give it to them."""

    def ask(before: PickedRow[FoundPerson] | None, problem: str) -> PickDialog[FoundPerson]:
        return PickDialog(
            f"Who takes the place of {name} on {reference}?", PERSON_COLUMNS, lambda found: found.person,
            partial(people_to_pick, screen.ctx), text=before.text if before else "",
            placeholder="Parts of a name, e-mail, team, phone", problem=problem,
        )  # fmt: skip

    def propose(picked: PickedRow[FoundPerson]) -> Proposal[list[StatusChange]]:
        coming = picked.row
        return Proposal(
            f"{coming.name} instead of {name} on {reference}?",
            lambda ctx, override: booking_actions.substitute_person(
                ctx, reference, person, coming.person, override=override
            ),
            partial(_moves_and_other_places, screen.ctx, reference, coming.person),
            lambda _: f"{coming.name} has the place of {name} on {reference}.",
        )

    await shared_proposal.ask_until_done(screen, ask, propose)


async def ask_approval(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Preview and approve a request."""
    title = f"Approve the request of {name} for {reference}?"

    def approve(ctx: Context, override: str) -> list[StatusChange]:
        return booking_actions.approve_request(ctx, reference, person, override=override)

    await _ask_yes_to_place(screen, title, approve, reference, person, name)


async def ask_acceptance(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Preview and accept an offered place."""
    title = f"Accept the place offered to {name} on {reference}?"

    def accept(ctx: Context, _: str) -> list[StatusChange]:
        return booking_actions.accept_offer(ctx, reference, person)

    await _ask_yes_to_place(screen, title, accept, reference, person, name)


async def _ask_yes_to_place(
    screen: DataScreen[Found],
    title: str,
    how: shared_proposal.Run[list[StatusChange]],
    reference: str,
    person: str,
    name: str,
) -> None:
    proposal: Proposal[list[StatusChange]] = Proposal(
        title,
        how,
        partial(_moves_and_other_places, screen.ctx, reference, person),
        lambda moves: f"{name} is {status_label(moves[0].after)} on {reference}.",
    )
    await shared_proposal.act_on_proposal(screen, proposal)


async def ask_decline(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask why, and decline a request or turn down an offered place."""

    def propose(reason: str) -> Proposal[list[StatusChange]]:
        return Proposal(
            f"Decline {name} on {reference}?",
            lambda ctx, _: booking_actions.decline_place(ctx, reference, person, reason=reason),
            shared_proposal.move_lines,
            lambda moves: (
                f"{name} is {status_label(moves[0].after)} on {reference}. "
                f"{shared_proposal.moved_up_sentence(moves[1:])}"
            ),
            reason=reason,
        )

    await shared_proposal.ask_until_done(screen, reason_question(screen, f"Decline {name} on {reference}"), propose)


async def ask_queue_place(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Ask for another place in the queue and why, and move the person there."""
    fields = (
        FormField("place", "Place on the list", hint="1 is the first"),
        FormField("reason", "Why", hint="kept in the history"),
    )

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(f"{name} on the waiting list of {reference}", fields, answers=answers, problem=problem)

    def propose(answers: Answers) -> Proposal[list[StatusChange]]:
        place, reason = typed_whole_number(answers["place"], "The place"), answers["reason"]
        return Proposal(
            f"Move {name} on the waiting list of {reference}?",
            lambda ctx, given: booking_actions.reorder_waiting_list(
                ctx, reference, person, place, reason=reason or given
            ),
            lambda moves: [[(name, "strong"), (f"  {each.before} {glyphs().arrow} {each.after}", "plain")]
                           for each in moves],
            lambda moves: f"{name} has {moves[0].after} on the waiting list of {reference}.",
            reason=reason,
        )  # fmt: skip

    await shared_proposal.ask_until_done(screen, ask, propose)


async def tell_why_waiting(screen: DataScreen[Found], reference: str, person: str) -> None:
    """Say why somebody on the waiting list was not promoted."""
    try:
        told = await asyncio.to_thread(booking_actions.why_not_promoted, screen.ctx, reference, person)
        screen.say(word_for_window(told))
    except CscError as refusal:
        screen.say(word_for_window(refusal), warning=True)


CHANCES: tuple[Column[MakeUpSession], ...] = (
    Column("Module", lambda chance: f"{chance.course} {chance.module}", 16, share=2),
    Column("In", lambda chance: [(f"{chance.event} session {chance.session}", "accent")], 18, share=1),
    Column("When", lambda chance: f"{format_date(chance.date)} {chance.start}", 21),
    Column("Where", lambda chance: chance.venue, 14, share=1, from_width=84),
    Column("Free", lambda chance: str(chance.free), 4, right=True),
)


async def ask_make_up(screen: DataScreen[Found], person: str, name: str) -> None:
    """Ask in which session the person makes up a missed module, and book a seat there."""
    chances = await asyncio.to_thread(makeups.list_make_up_sessions, screen.ctx, person)
    if not chances:
        screen.say(f"{name} has nothing to make up, or no coming session has a free place.", warning=True)
        return

    def ask(_: MakeUpSession | None, problem: str) -> Listing[MakeUpSession]:
        return Listing(
            f"In which session does {name} make up the module?", CHANCES,
            lambda chance: f"{chance.event}/{chance.session}", chances, choosable=True, problem=problem,
        )  # fmt: skip

    def propose(chance: MakeUpSession) -> Proposal[MakeUpSession]:
        where = f"{chance.event} session {chance.session}"
        return Proposal(
            f"{name} makes up {chance.module} in {where}?",
            lambda ctx, override: makeups.book_make_up(ctx, person, chance.event, chance.session, override=override),
            lambda seat: [
                [(f"{name} ", "strong"), (f"has a place in {where} only, on {format_date(seat.date)}.", "plain")],
                [(f"{format_count(seat.free, 'place')} left after that.", "muted")],
            ],
            lambda _: f"{name} makes up {chance.module} in {where}.",
        )

    await shared_proposal.ask_until_done(screen, ask, propose)


async def ask_make_up_cancellation(
    screen: DataScreen[Found], reference: str, session: int, person: str, name: str
) -> None:
    """Ask why, and give back the seat of somebody who was to make up a module."""
    where = f"{reference} session {session}"

    def propose(reason: str) -> Proposal[list[StatusChange]]:
        return Proposal(
            f"{name} gives up the place in {where}?",
            lambda ctx, _: makeups.cancel_make_up(ctx, person, reference, session, reason=reason),
            lambda moves: shared_proposal.move_lines(moves, own=0),
            lambda moves: f"{name} is no longer in {where}. {shared_proposal.moved_up_sentence(moves)}",
            reason=reason,
        )

    await shared_proposal.ask_until_done(
        screen, reason_question(screen, f"{name} gives up the place in {where}"), propose
    )


def _moves_and_other_places(ctx: Context, reference: str, person: str, moves: Sequence[StatusChange]) -> list[Pieces]:
    """Return a line for each move, and what is known of the person's other places on the course."""
    other = booking_queries.list_other_places(ctx, reference, person)
    return [*(shared_proposal.move_line(each) for each in moves), *([(said, "warning")] for said in other)]
