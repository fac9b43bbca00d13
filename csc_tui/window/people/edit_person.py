"""Somebody new, a change to what is known of somebody, somebody who left: asked for, shown, done, from any screen."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from csc_tui.base import drafts as base_drafts
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.actions import Kept, Known, Left
from csc_tui.core.people.rules import BLANK, BY_NAME, FIELDS, FieldFault, Overtaken
from csc_tui.window.dialogs.form import Answers, Field, Form, one_of
from csc_tui.window.dialogs.merge_changes import Clash
from csc_tui.window.dialogs.reason import AskReason
from csc_tui.window.shared import drafts
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Found, LiveScreen, OpenPerson
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.glyphs import glyphs
from db.errors import CscError

WHY_LEFT = ("Left the organisation", "Retired", "Moved to another council", "Left a partner organisation")


async def add(screen: LiveScreen[Found], text: str = "") -> bool:
    """Somebody new; `text` is what was typed to find them. Ends on their card; False where it was left."""
    places = await _places(screen)
    if places is None:
        return False

    def propose(answers: Answers, _: Mapping[str, str]) -> Proposal[Kept]:
        name = f"{answers['forename']} {answers['surname']}".strip()
        return Proposal(
            f"Add {name}?",
            lambda ctx, _: people_actions.add(ctx, {each: typed for each, typed in answers.items() if typed}),
            _kept_lines,
            lambda kept: f"{kept.name} is added.",
        )

    begun = dict.fromkeys(BY_NAME, "") | BLANK | people_rules.suggested(text)
    made = await _fill_in(screen, "Somebody new", "new person", _fields(BLANK, places), propose, {}, begun)
    if made:
        screen.post_message(OpenPerson(made.person))
    return made is not None


async def change(screen: LiveScreen[Found], person: str) -> None:
    """Every field kept of the person; what is typed otherwise is put to the coordinator."""
    known = await _known(screen, person)
    places = await _places(screen)
    if known is None or places is None:
        return

    def propose(answers: Answers, seen: Mapping[str, str]) -> Proposal[Kept]:
        return Proposal(
            f"Change {known.person.name}?",
            lambda ctx, _: people_actions.change(ctx, known.person.key, answers, seen=seen),
            _kept_lines,
            lambda kept: f"{kept.name} is changed.",
            known.events,
        )

    await _fill_in(
        screen, f"What is known of {known.person.name}", known.person.key, _fields(known.texts, places), propose,
        known.texts, known.texts,
    )  # fmt: skip


async def leave(screen: LiveScreen[Found], person: str) -> None:
    """Somebody left, or is back where they had left."""
    known = await _known(screen, person)
    if known is None:
        return
    name = known.person.name
    if not known.person.active:
        back = Proposal(
            f"Is {name} here again?",
            lambda ctx, _: people_actions.back(ctx, known.person.key),
            _kept_lines,
            lambda kept: f"{kept.name} is here again.",
        )
        await shared_proposal.put(screen, back)
        return

    def ask(reason: str | None, problem: str) -> AskReason:
        return AskReason(
            f"{name} left", WHY_LEFT, text=reason or "", problem=problem,
            explanation="Places on events that have not begun are given up. Nothing of them is deleted.",
        )  # fmt: skip

    def propose(reason: str) -> Proposal[Left]:
        return Proposal(
            f"Has {name} left?",
            lambda ctx, _: people_actions.leave(ctx, known.person.key, reason=reason),
            _left_lines,
            lambda left: (
                f"{name} has left. {shared_proposal.moved_up([each for each in left.moves if each.name != name])}"
            ),
            known.events,
            reason,
        )

    await shared_proposal.ask_and_do(screen, ask, propose)


async def _fill_in(
    screen: LiveScreen[Found],
    title: str,
    what: str,
    fields: Sequence[Field],
    propose: Callable[[Answers, Mapping[str, str]], Proposal[Kept]],
    seen: Mapping[str, str],
    answers: Mapping[str, str],
) -> Kept | None:
    """Ask until it is saved or left; returns what was saved. What is typed is a draft all the while, offered again."""
    ctx = screen.ctx
    try:
        draft = await drafts.offered(screen, title, what)
    except drafts.Left:
        return None
    unsaved = draft is not None
    if draft:
        answers, seen = {**answers, **draft.answers}, draft.seen
    problem = at = ""
    while True:
        form = Form(
            title, fields, answers=answers, problem=problem, at=at,
            keep=drafts.keeper(screen, what, seen),
            unsaved=unsaved,
        )  # fmt: skip
        given = await screen.app.push_screen_wait(form)
        if given is None:
            base_drafts.drop(ctx, what)
            return None
        answers, at, unsaved = given, "", True
        base_drafts.keep(ctx, what, answers, seen)
        done: list[Kept] = []
        proposal = propose(given, seen)
        told = replace(proposal, said=partial(shared_proposal.noted, done, proposal.said))
        try:
            problem = await shared_proposal.carry_out(screen, told, passing=(FieldFault, Overtaken))
        except FieldFault as fault:
            problem, at = str(fault), fault.field
        except Overtaken as met:
            clashes = [
                Clash(each.field, each.label, each.was, each.theirs, each.yours, mine=each.yours != each.was)
                for each in met.differences
            ]
            chosen = await shared_proposal.settle(screen, clashes, str(met))
            answers = {**given, **chosen}
            seen, problem = (met.now, "") if chosen else (seen, str(met))
        if done:
            base_drafts.drop(ctx, what)
            return done[0]


def _fields(stored: Mapping[str, str], places: Sequence[tuple[str, str]]) -> list[Field]:
    organisations = list(dict.fromkeys(organisation for organisation, _ in places))
    teams = list(dict.fromkeys(team for _, team in places if team))
    suggest = {
        "organisation": one_of(organisations), "team": one_of(teams), "kind": one_of(("staff", "partner")),
        **dict.fromkeys(("is_manager", "is_facilitator", "is_practice_lead"), one_of(("yes", "no"))),
    }  # fmt: skip
    return [
        Field(each.name, each.label, stored.get(each.name, ""), each.rule, each.fault, suggest.get(each.name))
        for each in FIELDS
    ]


async def _known(screen: LiveScreen[Found], person: str) -> Known | None:
    return await _asked(screen, partial(people_actions.known, screen.ctx, person))


async def _places(screen: LiveScreen[Found]) -> list[tuple[str, str]] | None:
    return await _asked(screen, partial(people_actions.places_of_work, screen.ctx))


Answer = TypeVar("Answer")


async def _asked(screen: LiveScreen[Found], read: Callable[[], Answer]) -> Answer | None:
    """What is read, or None where it cannot be and that was said."""
    try:
        return await asyncio.to_thread(read)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return None


def _kept_lines(kept: Kept) -> list[Pieces]:
    lines: list[Pieces] = []
    for name, before, after in kept.changes:
        label = BY_NAME[name].label if name in BY_NAME else name.capitalize()
        step = f"{before or 'nothing'} {glyphs().arrow} " if before else ""
        lines.append([(f"{label}: ", "muted"), (step, "plain"), (after or "nothing", "strong")])
    if kept.remarks:
        lines += ["", *([(remark, "warning")] for remark in kept.remarks)]
    return lines


def _left_lines(left: Left) -> list[Pieces]:
    own = sum(each.name == left.name for each in left.moves)
    lines: list[Pieces] = [[(f"{left.name} is no longer to be booked; nothing of them is deleted.", "plain")], ""]
    lines += shared_proposal.move_lines(left.moves, own=own)
    if left.remarks:
        lines += ["", *([(remark, "warning")] for remark in left.remarks)]
    return lines
