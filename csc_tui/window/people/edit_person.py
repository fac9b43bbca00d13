"""Forms that add a person, change one, or record that one left, from any screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from csc_tui.base import drafts as base_drafts
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.actions import Departure, PersonChange, PersonFormData
from csc_tui.core.people.rules import DEFAULT_TEXTS, FIELDS, FIELDS_BY_NAME, FieldFault, PersonConflict
from csc_tui.window.dialogs.form import LONG, SHORT, Answers, Form, FormField, suggest_one
from csc_tui.window.dialogs.merge_changes import FieldClash
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import drafts, flow
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, OpenPerson, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces

SHORT_FIELDS = ("phone", "employee_number", "kind", "is_manager", "is_facilitator", "is_practice_lead")
"""The fields of a person whose text is short."""
Result = TypeVar("Result")
WHY_LEFT = ("Left the organisation", "Retired", "Moved to another council", "Left a partner organisation")


async def ask_new_person(screen: DataScreen[Found], text: str = "") -> bool:
    """Ask for a new person, add them and open their card; return False where the form was left.

    `text` is what was typed to find them.
    """
    places = await _places(screen)
    if places is None:
        return False

    def propose(answers: Answers, _: Mapping[str, str]) -> Proposal[PersonChange]:
        return Proposal(
            f"Add {new_person_name(answers)}?",
            lambda ctx, _: people_actions.add_person(ctx, {each: typed for each, typed in answers.items() if typed}),
            person_change_lines,
            lambda kept: f"{kept.name} was added.",
            do="Add",
        )

    begun = dict.fromkeys(FIELDS_BY_NAME, "") | DEFAULT_TEXTS | people_rules.parse_new_person(text)
    made = await _fill_in(screen, "New person", "new person", _fields(DEFAULT_TEXTS, places), propose, {}, begun)
    if made:
        screen.post_message(OpenPerson(made.person))
    return made is not None


CALLER_FIELDS = ("forename", "surname", "email", "phone", "organisation", "team", "job_title")
"""The fields asked for while somebody is on the telephone or at the door; their card has the others."""


async def ask_caller_fields(
    screen: DataScreen[Found], title: str, text: str, propose: Callable[[Mapping[str, str]], Proposal[Result]]
) -> Result | None:
    """Ask for the few fields of a person who is not in the database, until the proposal is made or the form is left.

    `text` is what was typed or pasted of them; `propose` gets the fields that are filled in. Returns the result, or
    None where the form was left.
    """
    places = await _places(screen)
    if places is None:
        return None
    fields = [each for each in _fields({}, places) if each.name in CALLER_FIELDS]
    begun = dict.fromkeys(CALLER_FIELDS, "") | people_rules.parse_new_person(text)

    def propose_filled(answers: Answers, _: Mapping[str, str]) -> Proposal[Result]:
        return propose({name: typed for name, typed in answers.items() if typed})

    return await _fill_in(screen, title, title, fields, propose_filled, {}, begun)


async def ask_pasted_person(screen: DataScreen[Found], text: str) -> PersonChange | None:
    """Ask for the fields of a person named in a pasted line, and add them; None where the form was left."""

    def propose(wanted: Mapping[str, str]) -> Proposal[PersonChange]:
        return Proposal(
            f"Add {new_person_name(wanted)}?",
            lambda ctx, _: people_actions.add_person(ctx, wanted),
            person_change_lines,
            lambda kept: f"{kept.name} was added.",
            do="Add",
        )

    return await ask_caller_fields(screen, f"New person for '{text}'", text, propose)


def new_person_name(wanted: Mapping[str, str]) -> str:
    """Return the name in the fields of a new person."""
    return f"{wanted.get('forename', '')} {wanted.get('surname', '')}".strip()


async def ask_person_changes(screen: DataScreen[Found], person: str) -> None:
    """Ask for changes with a form that has every field kept of the person."""
    known = await _known(screen, person)
    places = await _places(screen)
    if known is None or places is None:
        return

    def propose(answers: Answers, seen: Mapping[str, str]) -> Proposal[PersonChange]:
        return Proposal(
            f"Change {known.person.name}?",
            lambda ctx, _: people_actions.change_person(ctx, known.person.key, answers, seen=seen),
            person_change_lines,
            lambda kept: f"{kept.name} was changed.",
            do="Save",
        )

    await _fill_in(
        screen, f"Details of {known.person.name}", known.person.key, _fields(known.texts, places), propose,
        known.texts, known.texts,
    )  # fmt: skip


async def ask_person_leaving(screen: DataScreen[Found], person: str) -> bool:
    """Record that somebody left, or that they are back."""
    known = await _known(screen, person)
    if known is None:
        return False
    name = known.person.name
    if not known.person.active:
        back = Proposal(
            f"Is {name} back?",
            lambda ctx, _: people_actions.record_return(ctx, known.person.key),
            person_change_lines,
            lambda kept: f"{kept.name} is back and can be booked.",
        )
        await shared_proposal.act_on_proposal(screen, back)
        return False

    def ask(reason: str | None, problem: str) -> ReasonDialog:
        return ReasonDialog(
            f"Why did {name} leave?", WHY_LEFT, text=reason or "", problem=problem,
            explanation="Their places on events that have not started are cancelled. Nothing is deleted.",
        )  # fmt: skip

    def propose(reason: str) -> Proposal[Departure]:
        return Proposal(
            f"Has {name} left?",
            lambda ctx, _: people_actions.record_departure(ctx, known.person.key, reason=reason),
            _left_lines,
            lambda left: (
                f"{name} has left. "
                f"{shared_proposal.moved_up_sentence([each for each in left.moves if each.name != name])}"
            ),
            reason=reason,
            do="Save",
        )

    return await shared_proposal.ask_until_done(screen, ask, propose)


async def _fill_in(
    screen: DataScreen[Found],
    title: str,
    what: str,
    fields: Sequence[FormField],
    propose: Callable[[Answers, Mapping[str, str]], Proposal[Result]],
    seen: Mapping[str, str],
    answers: Mapping[str, str],
) -> Result | None:
    """Run a form until it is saved or left and return what was saved; what is typed is kept as a draft."""
    ctx = screen.ctx
    try:
        draft = await drafts.ask_about_draft(screen, title, what)
    except drafts.DraftQuestionLeft:
        return None
    unsaved = draft is not None
    if draft:
        answers, seen = {**answers, **draft.answers}, draft.seen
    problem = at = ""
    wrong = False
    while True:
        form = Form(
            title, fields, answers=answers, problem=problem,
            keep=drafts.draft_keeper(screen, what, seen),
            unsaved=unsaved,
        )  # fmt: skip
        form.begin_in(at)
        form.refuse_field(at if wrong else "", problem)
        given = await flow.ask_step(screen, form)
        if given is None:
            base_drafts.discard_draft(ctx, what)
            return None
        answers, unsaved = given, True
        base_drafts.save_draft(ctx, what, answers, seen)
        at, wrong = form.left_in, False
        done: list[Result] = []
        proposal = propose(given, seen)
        told = replace(proposal, sentence=partial(shared_proposal.remember_result, done, proposal.sentence))
        try:
            outcome = await shared_proposal.attempt_proposal(
                screen, told, passing=(FieldFault, PersonConflict), leave="Back"
            )
            problem = outcome.refusal
        except FieldFault as fault:
            problem, at, wrong = word_for_window(fault), fault.field, True
        except PersonConflict as met:
            clashes = [
                FieldClash(each.field, each.label, each.was, each.theirs, each.yours, mine=each.yours != each.was)
                for each in met.differences
            ]
            chosen = await shared_proposal.ask_which_texts(screen, clashes, str(met))
            answers = {**given, **chosen}
            seen, problem = (met.now, "") if chosen else (seen, str(met))
        if done:
            base_drafts.discard_draft(ctx, what)
            return done[0]


def _fields(stored: Mapping[str, str], places: Sequence[tuple[str, str]]) -> list[FormField]:
    organisations = list(dict.fromkeys(organisation for organisation, _ in places))
    teams = list(dict.fromkeys(team for _, team in places if team))
    suggest = {
        "organisation": suggest_one(organisations),
        "team": suggest_one(teams),
        "kind": suggest_one(("staff", "partner")),
        **dict.fromkeys(("is_manager", "is_facilitator", "is_practice_lead"), suggest_one(("yes", "no"))),
    }
    return [
        FormField(
            each.name,
            each.label,
            stored.get(each.name, ""),
            each.rule,
            each.fault,
            suggest.get(each.name),
            room=SHORT if each.name in SHORT_FIELDS else LONG,
        )
        for each in FIELDS
    ]


async def _known(screen: DataScreen[Found], person: str) -> PersonFormData | None:
    return await load_or_tell(screen, partial(people_actions.get_person_form_data, screen.ctx, person))


async def _places(screen: DataScreen[Found]) -> list[tuple[str, str]] | None:
    return await load_or_tell(screen, partial(people_actions.list_workplaces, screen.ctx))


def person_change_lines(kept: PersonChange) -> list[Pieces]:
    """Return a line for each field that is stored, and the remarks."""
    lines: list[Pieces] = []
    for name, before, after in kept.changes:
        label = FIELDS_BY_NAME[name].label if name in FIELDS_BY_NAME else name.capitalize()
        step = f"{before or 'nothing'} {glyphs().arrow} " if before else ""
        lines.append([(f"{label}: ", "muted"), (step, "plain"), (after or "nothing", "strong")])
    if kept.remarks:
        lines += ["", *([(remark, "warning")] for remark in kept.remarks)]
    return lines


def _left_lines(left: Departure) -> list[Pieces]:
    own = sum(each.name == left.name for each in left.moves)
    lines: list[Pieces] = [[(f"{left.name} can no longer be booked. Nothing is deleted.", "plain")], ""]
    lines += shared_proposal.move_lines(left.moves, own=own)
    if left.remarks:
        lines += ["", *([(remark, "warning")] for remark in left.remarks)]
    return lines
