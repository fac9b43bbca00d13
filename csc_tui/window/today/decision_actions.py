"""The actions for each line of Today: a menu, or the action itself where there is only one."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.groups import commitments
from csc_tui.core.people import queries as people_queries
from csc_tui.core.today.decisions import Decision, DecisionKind
from csc_tui.window.booking import place_dialogs
from csc_tui.window.calendar import edit_event
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.mail import reply_by_hand
from csc_tui.window.mail.invitations import ask_invitations_folder
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import (
    DataScreen,
    Found,
    MenuAction,
    OpenEvent,
    OpenRegister,
    load_or_tell,
    role_refusal,
)
from csc_tui.window.shared.proposal import Proposal
from db.errors import RuleBroken
from db.records.booking import StatusChange
from db.records.calendar import EventCard
from db.records.startup import Role

CHANGES = {
    DecisionKind.MINIMUM: "sxjn",
    DecisionKind.CLASH: "mv",
    DecisionKind.UNDATED: "m",
}
"""Kind of decision -> the changes of an event that are offered, by their letters in the event's menu."""


async def act_on_decision(screen: DataScreen[Found], about: Decision) -> None:
    """Do what the line asks for, each change previewed before it is made."""
    if about.kind is DecisionKind.COMMITMENT:
        await _open_commitment(screen, about)
        return
    card = await load_or_tell(screen, partial(people_queries.get_event_card, screen.ctx, about.event))
    if card is None:
        return
    offered = decision_menu(screen, about, card)
    action = offered[0] if len(offered) == 1 else await screen.app.push_screen_wait(Menu(_title(about), offered))
    if action is None:
        return
    if action.why_not:
        screen.say(action.why_not, warning=True)
    else:
        await action.do()


async def _open_commitment(screen: DataScreen[Found], about: Decision) -> None:
    """Ask what became of a commitment; its group has a screen of its own."""
    from csc_tui.window.groups import edit_group

    commitment = await load_or_tell(screen, partial(commitments.get_commitment, screen.ctx, about.number))
    if commitment is None:
        return
    await edit_group.open_commitment_menu(screen, commitment)


def _title(about: Decision) -> str:
    return f"{about.event}: {about.what}"


def decision_menu(screen: DataScreen[Found], about: Decision, card: EventCard) -> list[MenuAction]:
    """Return the actions for the decision, the likeliest first, each with the reason it is not allowed, if so."""
    ctx, event, person, name = screen.ctx, about.event, about.person, about.name

    def action(key: str, title: str, meaning: str, role: Role, do: Callable[[], Awaitable[None]]) -> MenuAction:
        return MenuAction(key, title, meaning, role_refusal(ctx, role), do)

    match about.kind:
        case DecisionKind.REGISTER:
            return [MenuAction("r", "Take the register", "", "", partial(_open_register, screen, about))]
        case DecisionKind.REQUEST:
            asking = [(each.person, each.name) for each in card.roster if each.status == "requested"]
            return [
                action(
                    "a",
                    "Approve",
                    f"{format_count(len(asking), 'request')}",
                    booking_actions.approve_request.role,
                    partial(_approve, screen, event, asking),
                ),
                _opening(screen, event),
            ]
        case DecisionKind.OFFER:
            return [
                action(
                    "a",
                    "Accept",
                    f"{name} takes the place",
                    booking_actions.accept_offer.role,
                    partial(place_dialogs.ask_acceptance, screen, event, person, name),
                ),
                action(
                    "d",
                    "Decline",
                    "The next person gets the place",
                    booking_actions.decline_place.role,
                    partial(place_dialogs.ask_decline, screen, event, person, name),
                ),
                _opening(screen, event),
            ]
        case DecisionKind.DECLINED:
            who = (screen, event, person, name)
            return [
                action(
                    "x",
                    "Cancel the place",
                    "The waiting list moves up",
                    booking_actions.cancel_place.role,
                    partial(place_dialogs.ask_place_cancellation, *who),
                ),
                action(
                    "s",
                    "Substitute",
                    "Someone else comes instead",
                    booking_actions.substitute_person.role,
                    partial(place_dialogs.ask_substitute, *who),
                ),
                _opening(screen, event),
            ]
        case DecisionKind.ANSWER:
            return [
                action(
                    "t",
                    "Record the reply",
                    "Ask them first",
                    Role.BOOKER,
                    partial(reply_by_hand.ask_reply, screen, event, person, name),
                ),
                *(each for each in edit_event.event_menu(screen, card) if each.key == "m"),
                _opening(screen, event),
            ]
        case DecisionKind.INVITATION:
            return [
                action(
                    "i",
                    "Write invitations",
                    "See why each is due, then write them to a folder",
                    Role.BOOKER,
                    partial(ask_invitations_folder, screen, event),
                ),
                _opening(screen, event),
            ]
        case _:
            found = {each.key: each for each in edit_event.event_menu(screen, card)}
            return [*(found[key] for key in CHANGES[about.kind]), _opening(screen, event)]


def _opening(screen: DataScreen[Found], event: str) -> MenuAction:
    return MenuAction(
        "o", "Open the event", "Its people, sessions and history", "", partial(_open_event, screen, event)
    )


async def _open_event(screen: DataScreen[Found], event: str) -> None:
    screen.post_message(OpenEvent(event))


async def _open_register(screen: DataScreen[Found], about: Decision) -> None:
    screen.post_message(OpenRegister(about.event, about.session))


async def _approve(screen: DataScreen[Found], event: str, asking: Sequence[tuple[str, str]]) -> None:
    """Approve everybody who requests a place, in one step."""

    def approve(ctx: Context, override: str) -> list[StatusChange]:
        if not asking:
            raise RuleBroken(f"There are no requests for {event} any more.")
        return [
            move
            for person, _ in asking
            for move in booking_actions.approve_request(ctx, event, person, override=override)
        ]

    await proposal.act_on_proposal(
        screen,
        Proposal(
            f"Approve {format_count(len(asking), 'request')} for {event}?",
            approve,
            lambda moves: [proposal.move_line(each) for each in moves],
            lambda moves: f"{event}: {format_count(len(moves), 'request')} approved.",
        ),
    )
