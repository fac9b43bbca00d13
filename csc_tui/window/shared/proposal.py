"""Changes that are previewed and confirmed before they are made, and previewed again if their effects changed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from csc_tui.base import change_watch, transaction
from csc_tui.base import drafts as base_drafts
from csc_tui.base.context import Context, NameChoices
from csc_tui.base.errors import NameTooClose, Overridable
from csc_tui.base.text import clean_text, format_count, status_label
from csc_tui.core.mail import change_preview
from csc_tui.core.mail.invitation_rules import DueInvitation
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.dialog import Dialog, TextDialog, mark_unexpected
from csc_tui.window.dialogs.form import Answers, Form, FormField
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.merge_changes import FieldClash, MergeDialog
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import drafts, flow
from csc_tui.window.shared.columns import status_letter
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece, Pieces
from db.errors import CscError, NotFound, Stale
from db.records.booking import StatusChange
from db.records.mail import InvitationMethod

Result = TypeVar("Result")
Answer = TypeVar("Answer")
Thing = TypeVar("Thing")

Run = Callable[[Context, str], Result]
"""Makes the change; the text is the reason that overrides a rule, where one was needed."""
Ask = Callable[[Answer | None, str], Dialog[Answer]]
"""Builds the question from the earlier answer and from the sentence that refused it."""

OVERRIDE_REASONS = ("Agreed with the manager", "Will join late", "Will leave the other event")
NAMES_SHOWN = 6
"""The most people one line of consequences names."""


@dataclass(frozen=True)
class Proposal(Generic[Result]):
    """A change to preview, confirm and make.

    `lines` describes the result of `run` and may query the database; `sentence` says what was done. `reason` is shown
    with the lines; `do` names the key that confirms; `after` is called once it is done.
    """

    title: str
    run: Run[Result]
    lines: Callable[[Result], Sequence[Pieces]]
    sentence: Callable[[Result], str]
    reason: str = ""
    undoable: bool = True
    excuses: Sequence[str] = OVERRIDE_REASONS
    after: Callable[[], None] = lambda: None
    do: str = "Confirm"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of a proposal: whether it was carried out, or what refused it, and the form's field it is about.

    Neither means that the confirmation was left.
    """

    done: bool = False
    refusal: str = ""
    field: str = ""


def refused_attempt(refusal: CscError) -> Attempt:
    """Return the outcome of a change that was refused."""
    return Attempt(refusal=word_for_window(refusal), field=str(getattr(refusal, "field", "")))


async def carry_out_proposal(
    screen: DataScreen[Found], proposal: Proposal[Result], *, passing: tuple[type[CscError], ...] = ()
) -> str:
    """Preview, confirm and make the change; return the sentence of a refusal, or nothing.

    Raises errors of the types in `passing`, for callers that can do more about them than show them.
    """
    return (await attempt_proposal(screen, proposal, passing=passing)).refusal


async def attempt_proposal(
    screen: DataScreen[Found],
    proposal: Proposal[Result],
    *,
    passing: tuple[type[CscError], ...] = (),
    leave: str = "",
) -> Attempt:
    """Preview, confirm and make the change; `leave` names what escape does in the confirmation.

    Raises errors of the types in `passing`, for callers that can do more about them than show them.
    """
    override = problem = ""
    chosen: dict[str, str] = {}
    while True:
        run = partial(proposal.run, replace(screen.ctx, names=NameChoices(chosen)), override)
        try:
            found = await asyncio.to_thread(change_preview.preview_change, screen.ctx, run)
            told = await asyncio.to_thread(proposal.lines, found.result)
        except passing:
            raise
        except NameTooClose as refusal:
            name = await ask_which_name(screen, refusal)
            if not name:
                return refused_attempt(refusal)
            chosen = {**chosen, refusal.typed: name}
            continue
        except Overridable as refusal:
            if override:
                return refused_attempt(refusal)
            why = f"{proposal.title.rstrip('?')} anyway?"
            asked = ReasonDialog(why, proposal.excuses, explanation=word_for_window(refusal))
            given = await ask_text(screen, mark_unexpected(asked))
            if given is None:
                return Attempt()
            await asyncio.to_thread(base_drafts.discard_draft, screen.ctx, why)
            override = given
            continue
        except CscError as refusal:
            return refused_attempt(refusal)
        lines = [*told, *_reason_lines(override or proposal.reason)]
        if found.events:  # without events no calendar can depend on it
            lines += ["", *invitation_lines(found.invitations)]
        question = ConfirmDialog(
            proposal.title, lines, do=proposal.do, leave=leave, problem=problem, irrevocable=not proposal.undoable
        )
        if not await flow.ask_step(screen, question):
            return Attempt()
        try:
            done = await asyncio.to_thread(
                transaction.apply_previewed_change, screen.ctx, run, found.result, undoable=proposal.undoable
            )
        except Stale as changed:
            problem = word_for_window(changed)
        except CscError as refusal:
            return refused_attempt(refusal)
        else:
            screen.say(proposal.sentence(done))
            proposal.after()
            screen.state.changed.publish(None)
            return Attempt(done=True)


async def ask_which_name(screen: DataScreen[Found], refusal: NameTooClose) -> str:
    """Ask whether a new name is the known one it is close to; return the name to store, empty where that is left."""
    answers = [
        ValueChoice("k", f"Use {refusal.near}", f"the {refusal.kind} you have already", refusal.near),
        ValueChoice("n", f"Add {refusal.typed}", f"as a new {refusal.kind}", refusal.typed),
    ]
    menu = Menu(f"Is this a new {refusal.kind}?", answers, explanation=str(refusal))
    answer = await flow.ask_step(screen, menu)
    return answer.value if answer else ""


async def ask_until_done(
    screen: DataScreen[Found], ask: Ask[Answer], propose: Callable[[Answer], Proposal[Result]]
) -> bool:
    """Ask until the change is made or the question is left, and keep what is typed as a draft.

    `propose` may raise CscError for an answer that cannot be understood. Leaving the confirmation goes back to the
    question. Returns whether the change was made.
    """
    dialog = ask(None, "")
    if isinstance(dialog, Form | TextDialog):
        return await _fill_in(screen, dialog, ask, propose)
    while True:
        given = await flow.ask_step(screen, dialog)
        if given is None:
            return False
        try:
            outcome = await attempt_proposal(screen, propose(given), leave="Back")
        except CscError as refusal:
            outcome = refused_attempt(refusal)
        if outcome.done:
            return True
        dialog = ask(given, outcome.refusal)


async def ask_new_record(
    screen: DataScreen[Found],
    title: str,
    fields: Sequence[FormField],
    propose: Callable[[Answers], Proposal[Result]],
    explanation: str = "",
) -> bool:
    """Ask with a form for the fields of a new record until it is made or the form is left; return whether it is."""

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(title, fields, answers=answers, explanation=explanation, problem=problem)

    return await ask_until_done(screen, ask, propose)


async def ask_record_changes(
    screen: DataScreen[Found],
    title: str,
    read: Callable[[], Sequence[FormField]],
    propose: Callable[[Answers, Sequence[FormField]], Proposal[Result]],
    *,
    explanation: str = "",
) -> bool:
    """Ask with a form for changes of a stored record until they are made or the form is left.

    `read` gives the record's fields as they are now; `propose` gets them beside the answers. Fields that somebody else
    changed meanwhile are merged one by one before anything is proposed. Returns False only where the form was left.
    """
    stored = StoredFields(screen.ctx, read)
    try:
        await stored.load()
    except CscError as refusal:
        screen.say(word_for_window(refusal), warning=True)
        return True

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(title, stored.fields, answers=answers, explanation=explanation, problem=problem)

    return await _fill_in(screen, ask(None, ""), ask, lambda answers: propose(answers, stored.fields), stored)


class StoredFields:
    """The stored fields of a form, and what somebody else changed in them since they were `seen`."""

    def __init__(self, ctx: Context, read: Callable[[], Sequence[FormField]]) -> None:
        self._ctx, self._read = ctx, read
        self.fields: Sequence[FormField] = ()
        self.seen: Mapping[str, str] = {}
        self._upto = 0

    async def load(self) -> None:
        """Read the fields and note them as seen. Raises whatever reading raises."""
        self._upto = await asyncio.to_thread(change_watch.get_last_change_number, self._ctx)
        self.fields = await asyncio.to_thread(self._read)
        self.seen = _texts(self.fields)

    async def merged(self, screen: DataScreen[Found], answers: Answers) -> tuple[Answers, str] | None:
        """Ask which text to keep where somebody else changed a field; return the answers and a sentence to show.

        Returns None where nobody changed anything. A merge that is left is asked again the next time.
        """
        before, upto = self.seen, self._upto
        await self.load()
        clashes = [
            FieldClash(
                each.name, each.label, before[each.name], self.seen[each.name], yours, mine=yours != before[each.name]
            )
            for each in self.fields
            if before.get(each.name, self.seen[each.name]) != self.seen[each.name]
            and (yours := answers[each.name]) != self.seen[each.name]
        ]
        if not clashes:
            return None
        who = (await asyncio.to_thread(change_watch.report_changes_by_others, self._ctx, upto)).sentence
        said = f"{who or 'This was changed meanwhile.'} Nothing was saved; what you typed is kept."
        if chosen := await ask_which_texts(screen, clashes, said):
            return {**answers, **chosen}, ""
        self.seen, self._upto = before, upto
        return answers, said


def still_there(found: Iterator[Thing], what: str) -> Thing:
    """Return the first of `found`. Raises NotFound where somebody removed it."""
    for each in found:
        return each
    raise NotFound(f"{what} is no longer there: someone removed it. Nothing was changed.")


def _texts(fields: Sequence[FormField]) -> dict[str, str]:
    """Return the fields' texts as a form shows them."""
    return {field.name: clean_text(field.value).strip() for field in fields}


async def ask_which_texts(screen: DataScreen[Found], clashes: Sequence[FieldClash], said: str) -> Mapping[str, str]:
    """Ask which text of each field to keep; nothing where the question was left."""
    question = mark_unexpected(MergeDialog("Changed by someone else", clashes, explanation=said))
    return await screen.app.push_screen_wait(question) or {}


async def _fill_in(
    screen: DataScreen[Found],
    form: Any,
    ask: Callable[[Any, str], Any],
    propose: Callable[[Any], Proposal[Any]],
    stored: StoredFields | None = None,
) -> bool:
    """Run a form or text dialog until its change is made or it is left, keeping what is typed as a draft."""
    what = form.title
    try:
        draft = await (
            drafts.ask_about_draft(screen, what, what) if isinstance(form, Form) else drafts.text_draft(screen, what)
        )
    except drafts.DraftQuestionLeft:
        return False
    if draft and isinstance(form, TextDialog):
        form.begin(draft.answers["text"], draft.at)
    elif draft:
        form = ask({**form.begun, **draft.answers}, "")
        if stored and draft.seen.keys() == stored.seen.keys():
            stored.seen = draft.seen
    unsaved = draft is not None
    while True:
        form.draft(drafts.draft_keeper(screen, what, stored.seen if stored else {}), unsaved=unsaved)
        given = await flow.ask_step(screen, form)
        if given is None:
            if flow.is_later_step():
                screen.state.stepped_back.add(what)
            else:
                await asyncio.to_thread(base_drafts.discard_draft, screen.ctx, what)
            return False
        unsaved = True
        try:
            if stored and (merged := await stored.merged(screen, given)):
                form = ask(*merged)
                continue
            outcome = await attempt_proposal(screen, propose(given), leave="Back")
        except CscError as refusal:
            outcome = refused_attempt(refusal)
        if outcome.done:
            await asyncio.to_thread(base_drafts.discard_draft, screen.ctx, what)
            return True
        form = open_again(form, ask(given, outcome.refusal), outcome)


def open_again(left: Answer, form: Answer, outcome: Attempt) -> Answer:
    """Return the form that follows one whose change was not made, with the cursor where it belongs."""
    if isinstance(form, Form) and isinstance(left, Form):
        form.begin_in(left.left_in)
        form.refuse_field(outcome.field, outcome.refusal)
    return form


def remember_result(done: list[Result], sentence: Callable[[Result], str], result: Result) -> str:
    """Note the result as done and return its sentence."""
    done.append(result)
    return sentence(result)


async def ask_text(screen: DataScreen[Found], dialog: TextDialog) -> str | None:
    """Ask for one text, opening with its draft; the caller discards the draft once the answer is used."""
    what = str(dialog.title)
    if draft := await drafts.text_draft(screen, what):
        dialog.begin(draft.answers["text"], draft.at)
    dialog.draft(drafts.draft_keeper(screen, what, {}), unsaved=draft is not None)
    given = await flow.ask_step(screen, dialog)
    if given is None:
        await asyncio.to_thread(base_drafts.discard_draft, screen.ctx, what)
    return given


async def act_on_proposal(screen: DataScreen[Found], proposal: Proposal[Result]) -> bool:
    """Preview, confirm and make a change that has nothing to ask, or say what refused it; return False if left."""
    outcome = await attempt_proposal(screen, proposal)
    if outcome.refusal:
        screen.say(outcome.refusal, warning=True)
    return outcome.done or bool(outcome.refusal)


def move_lines(moves: Sequence[StatusChange], *, own: int = 1) -> list[Pieces]:
    """Return the lines of a change of places: the first `own` moves were asked for, the others follow from them."""
    lines: list[Pieces] = [move_line(each) for each in moves[:own]]
    if others := moves[own:]:
        lines += ["", [("As a result, moves up:", "strong")], *map(move_line, others)]
    else:
        lines += ["", [("No one moves up.", "muted")]]
    return lines


def move_line(move: StatusChange) -> list[Piece]:
    """Return `B  Bo Ek  waitlisted → booked`."""
    before = status_label(move.before) or "no place"
    return [*status_letter(move.after), (f"  {move.name}", "strong"),
            (f"  {before} {glyphs().arrow} {status_label(move.after)}", "plain")]  # fmt: skip


def moved_up_sentence(moves: Sequence[StatusChange]) -> str:
    """Return `Di Low is now booked.`"""
    return (
        "; ".join(f"{each.name} is now {status_label(each.after)}" for each in moves) + "."
        if moves
        else "No one moved up."
    )


def _reason_lines(reason: str) -> list[Pieces]:
    return ["", [("Reason: ", "muted"), (reason, "plain")]] if reason else []


def invitation_lines(due: Sequence[DueInvitation]) -> list[Pieces]:
    """Return one line for each kind of invitation that becomes due, with its reason and the people."""
    if not due:
        return [[("No invitations to send as a result.", "muted")]]
    lines: list[Pieces] = [[("Invitations to send as a result:", "strong")]]
    kinds = Counter((each.method, each.reason) for each in due)
    for (method, reason), number in kinds.items():
        kind = "cancellation" if method is InvitationMethod.CANCEL else "invitation"
        who = list(dict.fromkeys(each.attendee.name for each in due if (each.method, each.reason) == (method, reason)))
        lines.append([(f"{format_count(number, kind)} ({reason}): ", "plain"), (names_line(who), "muted")])
    return lines


def names_line(who: Sequence[str]) -> str:
    """Return `Bo Ek, Di Low and 4 more`."""
    more = f" and {len(who) - NAMES_SHOWN} more" if len(who) > NAMES_SHOWN else ""
    return ", ".join(who[:NAMES_SHOWN]) + more
